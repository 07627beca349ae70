//! Interfaces and instances; the interfaces in several listings side by side where there are many.
//!
//! One listing is a chain: each page's token is in the page before, and 100,000 interfaces are 100 pages.
//! EC2 takes subnets as a filter, so that a large VPC is read in a few chains of some subnets each. The
//! first page is asked for as ever; only where it is not the last one, and the addresses that are in use
//! speak for many more, is the listing split. Instances are about a tenth as many, and stay one listing.
//!
//! What lies in a subnet that the listing of subnets did not name would be lost: one that was made in the
//! meantime, or one that is shared no longer while there are instances in it. So the subnets are listed
//! once more afterwards, and those that the first page and the instances' own interfaces name are looked
//! at; what is new is asked for too. In the end every interface of the first page has to be there.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types::Filter;
use jiff::Timestamp;

use super::{
    access::Clients,
    again,
    ec2::{self, FILTER_VALUES, InstanceSubnets, ListingScope, PAGE, RowQuery},
    error::AwsError,
    listing::Answer,
    run::Progress,
};
use crate::{
    inventory::{Instance, Interface, Subnet},
    network::Cidr,
};

/// Listings that one is split into.
const PARTS: usize = 8;
/// The fewest pages that are split: less would cost more calls than it saves time.
const SPLIT_FROM: u64 = 5;

/// What a large listing is about.
#[derive(Clone, Copy)]
pub(super) struct InterfaceQuery<'a> {
    pub(super) clients: &'a Clients,
    /// What was asked about.
    pub(super) scope: &'a ListingScope,
    /// The subnets that are known to lie there.
    pub(super) subnets: &'a [Subnet],
    /// When the run began.
    pub(super) began: Option<Timestamp>,
    pub(super) progress: &'a dyn Progress,
}

/// What was read.
pub(super) struct Both {
    pub(super) interfaces: Result<Vec<Interface>, AwsError>,
    pub(super) instances: Result<Vec<Instance>, AwsError>,
    /// Subnets that were listed only afterwards.
    pub(super) further: Vec<Subnet>,
    /// Why it is not known whether there are any.
    pub(super) unsure: Option<AwsError>,
}

/// All interfaces and instances.
pub(super) async fn both(wanted: InterfaceQuery<'_>) -> Both {
    let shown = InstanceSubnets::default();
    let kind = ec2::interfaces(wanted.clients, wanted.progress);
    let filters = wanted.scope.filters();
    let (read, instances) = tokio::join!(read(&kind, wanted, &filters), async {
        ec2::instances(wanted.clients, &shown, wanted.progress).all(&filters).await
    });
    let mut both =
        Both { interfaces: Ok(Vec::new()), instances, further: Vec::new(), unsure: None };
    both.interfaces = match read {
        Ok(ReadInterfaces { rows, first: Some(first) }) => {
            both.find_further(wanted).await;
            let mut named = shown.subnets.take();
            named.extend(first.values().cloned());
            named.extend(both.further.iter().map(|subnet| subnet.subnet_id.clone()));
            whole(&kind, wanted, (rows, &first), named).await
        }
        Ok(ReadInterfaces { rows, first: None }) => Ok(rows),
        Err(error) => Err(error),
    };
    both
}

impl Both {
    /// Lists the subnets once more, and keeps those that are new.
    async fn find_further(&mut self, wanted: InterfaceQuery<'_>) {
        match ec2::subnets(wanted.clients, wanted.scope, wanted.progress).await {
            Ok(now) => self.further = now,
            Err(error) => self.unsure = Some(error),
        }
        let known = wanted.known();
        self.further.retain(|subnet| !known.contains(subnet.subnet_id.as_str()));
    }
}

impl InterfaceQuery<'_> {
    fn known(&self) -> BTreeSet<&str> {
        self.subnets.iter().map(|subnet| subnet.subnet_id.as_str()).collect()
    }

    /// Whether an interface lies where was asked: one in a subnet that an instance names may lie in
    /// another VPC than the instance.
    fn has(&self, eni: &Interface) -> bool {
        let ListingScope::Vpcs(vpcs) = self.scope else { return true };
        eni.vpc_id.as_ref().is_none_or(|vpc| vpcs.iter().any(|one| **vpc == **one))
    }
}

/// The first page of a listing that came in parts: the subnet of each interface by its id.
type First = BTreeMap<String, String>;

/// What was read of interfaces.
struct ReadInterfaces {
    rows: Vec<Interface>,
    /// There if they came in parts.
    first: Option<First>,
}

/// Reads interfaces in one listing, or in parts where there are many.
async fn read<P>(
    kind: &RowQuery<'_, P>,
    wanted: InterfaceQuery<'_>,
    filters: &[Option<Filter>],
) -> Result<ReadInterfaces, AwsError>
where
    P: AsyncFn(Option<Filter>, Option<String>) -> Answer<Interface>,
{
    let [filter] = filters else {
        return Ok(ReadInterfaces { rows: kind.all(filters).await?, first: None });
    };
    let mut listing = kind.listing();
    if !kind.next(&mut listing, filter.as_ref()).await? {
        return Ok(ReadInterfaces { rows: listing.rows, first: None });
    }
    let pages = pages(size(listing.rows.len()), taken(&listing.rows), wanted.subnets);
    let parts = parts(wanted.subnets);
    if pages < SPLIT_FROM || parts.len() < 2 {
        let rows = kind.rest(listing, filter.as_ref()).await?;
        return Ok(ReadInterfaces { rows, first: None });
    }
    tracing::info!("about {pages} pages expected: requested in {} parts, by subnet", parts.len());
    let first =
        listing.rows.into_iter().map(|eni| (eni.interface_id, eni.subnet_id.to_string())).collect();
    kind.anew();
    let filters: Vec<_> =
        parts.into_iter().flat_map(|ids| ListingScope::Subnets(ids).filters()).collect();
    Ok(ReadInterfaces { rows: kind.all(&filters).await?, first: Some(first) })
}

/// Adds what lies in subnets that are named and were not asked about, and holds all against the first page.
async fn whole<P>(
    kind: &RowQuery<'_, P>,
    wanted: InterfaceQuery<'_>,
    (mut rows, first): (Vec<Interface>, &First),
    mut further: BTreeSet<String>,
) -> Result<Vec<Interface>, AwsError>
where
    P: AsyncFn(Option<Filter>, Option<String>) -> Answer<Interface>,
{
    let known = wanted.known();
    further.retain(|id| !known.contains(id.as_str()));
    if !further.is_empty() {
        tracing::info!("further subnets were found and are requested: {further:?}");
        let found =
            kind.all(&ListingScope::Subnets(further.into_iter().collect()).filters()).await?;
        rows.extend(found.into_iter().filter(|eni| wanted.has(eni)));
    }
    let there: BTreeSet<&str> = rows.iter().map(|eni| eni.interface_id.as_str()).collect();
    let missing = first.keys().filter(|id| !there.contains(id.as_str()));
    let missing: BTreeSet<String> = missing.cloned().collect();
    if !missing.is_empty() {
        // Those that were deleted meanwhile are missing rightly, and the newest ones may be.
        let is_old = |since: Option<i64>| since.is_none_or(|at| again::is_old(at, wanted.began));
        rows.extend(again::there(wanted.clients, &missing, is_old).await?);
    }
    Ok(rows)
}

/// The addresses of some interfaces.
fn taken(rows: &[Interface]) -> u64 {
    let of = |eni: &Interface| {
        let single = u64::from(eni.primary.is_some()) + size(eni.secondary.len());
        single + eni.prefixes.iter().map(|prefix| prefix.size()).sum::<u64>()
    };
    rows.iter().map(of).sum()
}

/// About how many pages a listing has, by a first page of so many rows with so many addresses.
fn pages(rows: u64, addresses: u64, subnets: &[Subnet]) -> u64 {
    let used: u64 = subnets.iter().map(used).sum();
    let expected = (used * rows).checked_div(addresses).unwrap_or(rows);
    let page = u64::from(PAGE.unsigned_abs());
    expected.div_ceil(page.min(rows.max(1)))
}

/// About how many addresses of a subnet are in use.
fn used(subnet: &Subnet) -> u64 {
    let size = subnet.cidr.map_or(0, Cidr::size);
    size.saturating_sub(subnet.available.map_or(size, u64::from))
}

/// The subnets in parts that have about as many addresses in use each, the fullest first.
fn parts(subnets: &[Subnet]) -> Vec<Vec<String>> {
    let mut fullest: Vec<(u64, &String)> =
        subnets.iter().map(|subnet| (used(subnet), &subnet.subnet_id)).collect();
    fullest.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let count = PARTS.max(fullest.len().div_ceil(FILTER_VALUES)).min(fullest.len());
    let mut parts: Vec<(u64, Vec<String>)> = vec![(0, Vec::new()); count];
    for (used, id) in fullest {
        let open = parts.iter_mut().filter(|part| part.1.len() < FILTER_VALUES);
        if let Some(part) = open.min_by_key(|part| part.0) {
            // An empty subnet may hold interfaces without addresses, and is asked about like the others.
            part.0 += used.max(1);
            part.1.push(id.clone());
        }
    }
    parts.into_iter().map(|part| part.1).collect()
}

fn size(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn subnet(number: usize, used: u32) -> Subnet {
        let row = json!({
            "subnet_id": format!("subnet-{number:04}"), "vpc_id": "vpc-1",
            "availability_zone": "eu-west-1a", "cidr": "10.0.0.0/16", "available": 65_536 - used,
            "owner_id": null, "reservations": null,
        });
        serde_json::from_value(row).unwrap()
    }

    /// Whatever the subnets hold, each is in one part, and no part has more than a filter takes.
    #[test]
    fn every_subnet_is_in_one_part() {
        for count in [1, 2, 7, 8, 9, 200, 1599, 1600, 1601, 5000] {
            let subnets: Vec<Subnet> =
                (0..count).map(|n| subnet(n, u32::try_from(n * 13 % 9000).unwrap())).collect();
            let parts = parts(&subnets);
            assert!(parts.iter().all(|part| (1..=FILTER_VALUES).contains(&part.len())), "{count}");
            let mut ids: Vec<&String> = parts.iter().flatten().collect();
            ids.sort();
            let all: Vec<&String> = subnets.iter().map(|subnet| &subnet.subnet_id).collect();
            assert_eq!(ids, all);
        }
    }

    #[test]
    fn the_parts_are_alike() {
        let subnets: Vec<Subnet> =
            (0..24).map(|n| subnet(n, if n < 16 { 4000 } else { 0 })).collect();
        let parts = parts(&subnets);
        assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [3; 8]);
    }

    /// 40,000 addresses in use and ten to an interface are 4,000 interfaces.
    #[test]
    fn pages_are_told_by_the_first() {
        let subnets: Vec<Subnet> = (0..4).map(|n| subnet(n, 10_000)).collect();
        assert_eq!(pages(1000, 10_000, &subnets), 4);
        assert_eq!(pages(1000, 0, &subnets), 1);
        assert_eq!(pages(5, 50, &subnets), 800);
    }
}
