//! EC2's listings, page by page.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
};

use aws_sdk_ec2::{
    Client,
    types::{self, Filter},
};
use futures_util::future::try_join_all;

use super::{
    access::Clients,
    convert,
    error::AwsError,
    listing::{Answer, Attached, ListedRow, Listing},
    run::Progress,
};
use crate::inventory::{Instance, Interface, Operation, Reservation, Subnet, Vpc};

/// The largest page of the listings used here.
pub(super) const PAGE: i32 = 1000;
/// Most values a filter takes (EC2 API reference, "Filtering").
pub(super) const FILTER_VALUES: usize = 200;

/// What a listing is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ListingScope {
    /// All of the region.
    All,
    /// These VPCs.
    Vpcs(Vec<String>),
    /// These subnets.
    Subnets(Vec<String>),
    /// These instances.
    Instances(Vec<String>),
    /// These interfaces.
    Interfaces(Vec<String>),
}

impl ListingScope {
    /// The filters to list with, one listing for each.
    pub(super) fn filters(&self) -> Vec<Option<Filter>> {
        let (name, ids) = match self {
            Self::All => return vec![None],
            Self::Vpcs(ids) => ("vpc-id", ids),
            Self::Subnets(ids) => ("subnet-id", ids),
            Self::Instances(ids) => ("instance-id", ids),
            Self::Interfaces(ids) => ("network-interface-id", ids),
        };
        let filter = |ids: &[String]| {
            Some(Filter::builder().name(name).set_values(Some(ids.to_vec())).build())
        };
        ids.chunks(FILTER_VALUES).map(filter).collect()
    }
}

/// One kind of rows: how a page of them is asked for, and how many have been read, over all listings.
pub(super) struct RowQuery<'a, P> {
    clients: &'a Clients,
    operation: Operation,
    page: P,
    told: (&'static str, &'a dyn Progress),
    read: Cell<usize>,
}

impl<'a, P> RowQuery<'a, P> {
    pub(super) fn new(
        clients: &'a Clients,
        operation: Operation,
        told: (&'static str, &'a dyn Progress),
        page: P,
    ) -> Self {
        Self { clients, operation, page, told, read: Cell::new(0) }
    }

    /// Counts anew: what was read is read again.
    pub(super) fn anew(&self) {
        self.read.set(0);
    }

    fn told(&self, more: usize) {
        self.read.set(self.read.get() + more);
        self.told.1.read(self.told.0, self.read.get());
    }
}

impl<'a, T, P> RowQuery<'a, P>
where
    T: ListedRow,
    P: AsyncFn(Option<Filter>, Option<String>) -> Answer<T>,
{
    /// A listing of which nothing has been read.
    pub(super) fn listing(&self) -> Listing<'a, T> {
        Listing::new(self.clients, self.operation)
    }

    /// The next page; whether there are more.
    pub(super) async fn next(
        &self,
        listing: &mut Listing<'a, T>,
        filter: Option<&Filter>,
    ) -> Result<bool, AwsError> {
        let before = listing.rows.len();
        let page = (self.page)(filter.cloned(), listing.token.clone());
        let more = listing.page(Box::pin(page)).await?;
        self.told(listing.rows.len() - before);
        Ok(more)
    }

    /// What is left of a listing, and with it all rows.
    pub(super) async fn rest(
        &self,
        mut listing: Listing<'a, T>,
        filter: Option<&Filter>,
    ) -> Result<Vec<T>, AwsError> {
        while self.next(&mut listing, filter).await? {}
        Ok(listing.rows)
    }

    /// All rows, with as many listings side by side as there are filters.
    pub(super) async fn all(&self, filters: &[Option<Filter>]) -> Result<Vec<T>, AwsError> {
        let each = filters.iter().map(|filter| self.rest(self.listing(), filter.as_ref()));
        Ok(try_join_all(each).await?.into_iter().flatten().collect())
    }
}

macro_rules! pages {
    ($(#[$doc:meta])* $name:ident, $call:ident, $operation:ident, $set:ident, $convert:path as $row:ty) => {
        $(#[$doc])*
        async fn $name(
            client: &Client,
            filter: Option<Filter>,
            token: Option<String>,
        ) -> Answer<$row> {
            let call = client.$call().max_results(PAGE).set_next_token(token);
            let page = call.set_filters(filter.map(|filter| vec![filter])).send().await;
            let page = page.map_err(|error| AwsError::of(Operation::$operation, &error))?;
            let rows = page.$set.unwrap_or_default().into_iter().map($convert);
            Ok((rows.collect::<Result<_, _>>()?, page.next_token))
        }
    };
}

pages!(
    /// VPCs.
    vpc_page, describe_vpcs, DescribeVpcs, vpcs, convert::vpc as Vpc
);
pages!(
    /// Subnets.
    subnet_page, describe_subnets, DescribeSubnets, subnets, convert::subnet as Subnet
);
pages!(
    /// Interfaces.
    interface_page, describe_network_interfaces, DescribeNetworkInterfaces, network_interfaces,
    convert::interface as Interface
);

pages!(
    /// Interfaces, each with when it was attached.
    attached_page, describe_network_interfaces, DescribeNetworkInterfaces, network_interfaces,
    convert::attached as Attached
);

/// VPCs.
pub(super) async fn vpcs(
    clients: &Clients,
    scope: &ListingScope,
    progress: &dyn Progress,
) -> Result<Vec<Vpc>, AwsError> {
    let page = async |filter, token| vpc_page(&clients.ec2, filter, token).await;
    let kind = RowQuery::new(clients, Operation::DescribeVpcs, ("VPCs", progress), page);
    kind.all(&scope.filters()).await
}

/// Subnets; an id that is not there is just missing.
pub(super) async fn subnets(
    clients: &Clients,
    scope: &ListingScope,
    progress: &dyn Progress,
) -> Result<Vec<Subnet>, AwsError> {
    let page = async |filter, token| subnet_page(&clients.ec2, filter, token).await;
    let kind = RowQuery::new(clients, Operation::DescribeSubnets, ("subnets", progress), page);
    kind.all(&scope.filters()).await
}

/// Interfaces by their ids; one that is not there is just missing.
pub(super) async fn attached(
    clients: &Clients,
    ids: Vec<String>,
) -> Result<Vec<Attached>, AwsError> {
    let page = async |filter, token| attached_page(&clients.ec2, filter, token).await;
    let operation = Operation::DescribeNetworkInterfaces;
    let kind = RowQuery::new(clients, operation, ("interfaces", &Silent), page);
    kind.all(&ListingScope::Interfaces(ids).filters()).await
}

/// How interfaces are listed.
pub(super) fn interfaces<'a>(
    clients: &'a Clients,
    progress: &'a dyn Progress,
) -> RowQuery<'a, impl AsyncFn(Option<Filter>, Option<String>) -> Answer<Interface>> {
    let page = async |filter, token| interface_page(&clients.ec2, filter, token).await;
    RowQuery::new(clients, Operation::DescribeNetworkInterfaces, ("interfaces", progress), page)
}

/// What the instances that were read show beside themselves.
#[derive(Debug, Default)]
pub(super) struct InstanceSubnets {
    /// The subnets that their interfaces lie in.
    pub(super) subnets: RefCell<BTreeSet<String>>,
}

impl InstanceSubnets {
    fn note(&self, instance: &types::Instance) {
        let mut subnets = self.subnets.borrow_mut();
        for subnet in instance.network_interfaces().iter().filter_map(|eni| eni.subnet_id()) {
            if !subnets.contains(subnet) {
                subnets.insert(subnet.to_owned());
            }
        }
    }
}

/// How instances are listed.
pub(super) fn instances<'a>(
    clients: &'a Clients,
    shown: &'a InstanceSubnets,
    progress: &'a dyn Progress,
) -> RowQuery<'a, impl AsyncFn(Option<Filter>, Option<String>) -> Answer<Instance>> {
    let operation = Operation::DescribeInstances;
    let page = async move |filter: Option<Filter>, token| {
        let call = clients.ec2.describe_instances().max_results(PAGE).set_next_token(token);
        let page = call.set_filters(filter.map(|filter| vec![filter])).send().await;
        let page = page.map_err(|error| AwsError::of(operation, &error))?;
        let mut rows = Vec::new();
        for reservation in page.reservations.unwrap_or_default() {
            for instance in convert::launched(reservation.instances)? {
                shown.note(&instance);
                rows.push(convert::instance((reservation.owner_id.clone(), instance))?);
            }
        }
        Ok((rows, page.next_token))
    };
    RowQuery::new(clients, operation, ("instances", progress), page)
}

/// The regions that are enabled for the account, which is what the call tells unless asked for all.
pub(super) async fn regions(clients: &Clients) -> Result<BTreeSet<String>, AwsError> {
    let operation = Operation::DescribeRegions;
    let regions = clients.one(
        operation,
        "",
        Box::pin(async {
            let answer = clients.ec2.describe_regions().send().await;
            let answer = answer.map_err(|error| AwsError::of(operation, &error))?;
            answer.regions.unwrap_or_default().into_iter().map(convert::region).collect()
        }),
    );
    let regions: BTreeSet<String> = regions.await?;
    if !regions.contains(&clients.region) {
        let message =
            format!("the response does not list {}, the region that sent it", clients.region);
        return Err(AwsError::answer(operation, message));
    }
    Ok(regions)
}

/// The reservations of one subnet. They have no filters.
pub(super) async fn reservations(
    clients: &Clients,
    subnet_id: &str,
) -> Result<Vec<Reservation>, AwsError> {
    let operation = Operation::GetSubnetCidrReservations;
    let page = async |_: Option<Filter>, token| {
        let call = clients.ec2.get_subnet_cidr_reservations().subnet_id(subnet_id);
        let page = call.max_results(PAGE).set_next_token(token).send().await;
        let page = page.map_err(|error| AwsError::of(operation, &error))?;
        let rows = page.subnet_ipv4_cidr_reservations.unwrap_or_default().into_iter();
        let rows =
            rows.map(|row| convert::reservation(subnet_id, row)).collect::<Result<_, _>>()?;
        Ok((rows, page.next_token))
    };
    let kind = RowQuery::new(clients, operation, ("reservations", &Silent), page);
    kind.rest(kind.listing().about(subnet_id), None).await
}

/// Nobody is told.
pub(super) struct Silent;

impl Progress for Silent {
    fn read(&self, _: &'static str, _: usize) {}
}
