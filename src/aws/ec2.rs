//! EC2's listings, page by page.

use std::collections::BTreeSet;

use aws_sdk_ec2::{Client, types::Filter};

use super::{access::Progress, convert, error::AwsError, tokens::Tokens};
use crate::inventory::{Instance, Interface, Operation, Reservation, Subnet, Vpc};

/// The largest page of the listings used here.
const PAGE: i32 = 1000;
/// Most values a filter takes (EC2 API reference, "Filtering").
const FILTER_VALUES: usize = 200;

/// Which VPCs a listing is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Vpcs {
    /// All of the region.
    All,
    /// These.
    Named(Vec<String>),
}

impl Vpcs {
    /// The filters to list with, one call for each.
    fn filters(&self) -> Vec<Option<Filter>> {
        match self {
            Self::All => vec![None],
            Self::Named(ids) => ids
                .chunks(FILTER_VALUES)
                .map(|ids| {
                    let values = Some(ids.to_vec());
                    Some(Filter::builder().name("vpc-id").set_values(values).build())
                })
                .collect(),
        }
    }
}

macro_rules! listing {
    ($(#[$doc:meta])* $name:ident, $call:ident, $operation:ident, $what:literal,
     |$page:ident| $rows:expr => $convert:path as $row:ty) => {
        $(#[$doc])*
        pub(super) async fn $name(
            client: &Client,
            vpcs: &Vpcs,
            progress: &dyn Progress,
        ) -> Result<Vec<$row>, AwsError> {
            let mut found = Vec::new();
            for filter in vpcs.filters() {
                let call = client.$call().max_results(PAGE).set_filters(filter.map(|f| vec![f]));
                let mut pages = call.into_paginator().stop_on_duplicate_token(false).send();
                let mut tokens = Tokens::new(Operation::$operation);
                while let Some($page) = pages.next().await {
                    let $page =
                        $page.map_err(|error| AwsError::of(Operation::$operation, &error))?;
                    tokens.check($page.next_token.as_deref())?;
                    for row in $rows {
                        found.push($convert(row)?);
                    }
                    progress.read($what, found.len());
                }
            }
            Ok(found)
        }
    };
}

listing!(
    /// VPCs.
    vpcs, describe_vpcs, DescribeVpcs, "VPCs",
    |page| page.vpcs.unwrap_or_default() => convert::vpc as Vpc
);
listing!(
    /// Subnets.
    subnets, describe_subnets, DescribeSubnets, "subnets",
    |page| page.subnets.unwrap_or_default() => convert::subnet as Subnet
);
listing!(
    /// Interfaces, in pages of 1,000.
    interfaces, describe_network_interfaces, DescribeNetworkInterfaces, "interfaces",
    |page| page.network_interfaces.unwrap_or_default() => convert::interface as Interface
);
listing!(
    /// Instances.
    instances, describe_instances, DescribeInstances, "instances",
    |page| page.reservations.unwrap_or_default().into_iter()
        .flat_map(|reservation| {
            let owner = reservation.owner_id;
            let instances = reservation.instances.unwrap_or_default().into_iter();
            instances.map(move |instance| (owner.clone(), instance))
        })
        => convert::instance as Instance
);

/// The regions that are enabled for the account, which is what the call tells unless asked for all.
pub(super) async fn regions(client: &Client) -> Result<BTreeSet<String>, AwsError> {
    let operation = Operation::DescribeRegions;
    let answer = client.describe_regions().send().await;
    let answer = answer.map_err(|error| AwsError::of(operation, &error))?;
    let named = answer.regions.unwrap_or_default().into_iter().filter_map(|row| row.region_name);
    let regions: BTreeSet<String> = named.collect();
    if regions.is_empty() {
        return Err(AwsError::answer(operation, "the answer has no region"));
    }
    Ok(regions)
}

/// The subnets of some ids, by filter: an id that is not there is just missing.
pub(super) async fn subnets_by_id(
    client: &Client,
    ids: &[String],
) -> Result<Vec<Subnet>, AwsError> {
    let mut found = Vec::new();
    for ids in ids.chunks(FILTER_VALUES) {
        let filter = Filter::builder().name("subnet-id").set_values(Some(ids.to_vec())).build();
        let call = client.describe_subnets().max_results(PAGE).filters(filter);
        let mut pages = call.into_paginator().stop_on_duplicate_token(false).send();
        let mut tokens = Tokens::new(Operation::DescribeSubnets);
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| AwsError::of(Operation::DescribeSubnets, &error))?;
            tokens.check(page.next_token.as_deref())?;
            for row in page.subnets.unwrap_or_default() {
                found.push(convert::subnet(row)?);
            }
        }
    }
    Ok(found)
}

/// The reservations of one subnet. The SDK has no paginator for this call.
pub(super) async fn reservations(
    client: Client,
    subnet_id: String,
) -> Result<Vec<Reservation>, AwsError> {
    let operation = Operation::GetSubnetCidrReservations;
    let mut found = Vec::new();
    let mut tokens = Tokens::new(operation);
    let mut token: Option<String> = None;
    loop {
        let call = client
            .get_subnet_cidr_reservations()
            .subnet_id(&subnet_id)
            .max_results(PAGE)
            .set_next_token(token);
        let page = call.send().await.map_err(|error| AwsError::of(operation, &error))?;
        tokens.check(page.next_token.as_deref())?;
        for row in page.subnet_ipv4_cidr_reservations.unwrap_or_default() {
            found.push(convert::reservation(row)?);
        }
        token = page.next_token.filter(|next| !next.is_empty());
        if token.is_none() {
            return Ok(found);
        }
    }
}
