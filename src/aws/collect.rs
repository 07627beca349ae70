//! Collecting an inventory: few calls, some at a time, and what is refused is withheld.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt as _, stream};
use jiff::Timestamp;

use super::{
    access::{AwsAccess, Clients},
    again,
    ec2::{self, ListingScope},
    eks::{self, Members},
    error::{AwsError, Trouble},
    large::{self, Both, InterfaceQuery},
    run::{AwsRun, Bounds, Progress},
};
use crate::inventory::{
    Cluster, ClusterName, Inventory, Reservation, Selection, SelectionError, Source, SourceKind,
    Subnet, Withheld, account_of, select,
};

/// Reservation calls that are under way or wait at once, so that pages of listings need not wait behind
/// all of them.
const AT_ONCE: usize = 8;

/// Why nothing was collected.
#[derive(Debug)]
pub enum CollectError {
    /// AWS did not give what nothing can be said without.
    Aws(AwsError),
    /// A named VPC or subnet is not in the region.
    Selection(SelectionError),
}

impl From<AwsError> for CollectError {
    fn from(error: AwsError) -> Self {
        Self::Aws(error)
    }
}

/// Collects what an audit of the selection needs: its subnets, and of their VPCs every interface
/// and instance, since a node's ENIs may lie in several subnets.
///
/// # Errors
/// When subnets cannot be listed, or a VPC, subnet or cluster that was named is not there.
pub fn collect(
    access: &AwsAccess,
    selection: &Selection,
    captured_at: String,
    bounds: &Bounds<'_>,
) -> Result<Inventory, CollectError> {
    super::types::block_on(async {
        let run = AwsRun::new(bounds);
        let clients = access.session(None, &run).await?.clients(None)?;
        Box::pin(collect_with(&clients, selection, captured_at, bounds.progress)).await
    })?
}

/// The same, in a runtime that is there.
pub(super) async fn collect_with(
    clients: &Clients,
    selection: &Selection,
    captured_at: String,
    progress: &dyn Progress,
) -> Result<Inventory, CollectError> {
    let asked = selection.cluster.as_ref();
    if let Some(asked) = asked
        && asked.region().is_some_and(|region| region != clients.region)
    {
        return Err(CollectError::Selection(SelectionError {
            kind: "cluster",
            name: asked.arn.clone().unwrap_or_else(|| asked.name.clone()),
            known: Vec::new(),
        }));
    }
    // What EKS and EC2 say is asked for side by side; without subnets nothing else is waited for.
    let members = async {
        match asked {
            Some(asked) => Ok(Some(Box::pin(eks::members(clients, &asked.name)).await)),
            None => Ok(None),
        }
    };
    let caller = async { Ok(clients.caller().await) };
    let began = captured_at.parse().ok();
    let (members, (caller, unidentified), read) =
        tokio::try_join!(members, caller, read(clients, selection, began, progress))?;
    let ReadAccount { mut inventory, mut reservations, undescribed } = read;
    inventory.source = Source {
        kind: SourceKind::Live,
        region: Some(clients.region.clone()),
        // In a shared VPC the ENIs are of other accounts than the one that looks.
        account: caller.clone().or_else(|| inventory.interfaces.as_deref().and_then(account_of)),
        captured_at: Some(captured_at),
        caller,
    };
    inventory.withheld.extend(unidentified);
    if let (Some(cluster), Some(members)) = (inventory.clusters.first_mut(), members) {
        Members::join(members, cluster);
    }
    let selected = select(&inventory, selection).map_err(|error| match undescribed {
        // Whether there is such a cluster is what was not told.
        Some(untold) if error.kind == "cluster" => CollectError::Aws(untold),
        Some(_) | None => CollectError::Selection(error),
    })?;
    inventory.keep_subnets(|id| selected.subnets.contains_key(id));
    let late = inventory.unlisted_instances(&selected);
    let (late, ()) = tokio::join!(
        again::instances(clients, late, progress),
        reservations.read(clients, &inventory.subnets, progress),
    );
    reservations.put(&mut inventory);
    let late = seen(late, &mut inventory.withheld);
    inventory.instances.iter_mut().for_each(|all| all.extend(late.iter().flatten().cloned()));
    // Each row is there once, to be counted.
    let mut inventory = inventory.in_order();
    again::interfaces(clients, &mut inventory, &selected).await;
    let (account, kept) = (inventory.source.account.as_deref(), inventory.subnets.len());
    tracing::info!("{}: account {}, {kept} subnets", clients.region, account.unwrap_or("unknown"));
    for row in &inventory.withheld {
        tracing::info!("withheld in {}: {}: {}", clients.region, row.operation, row.reason);
    }
    Ok(inventory.in_order())
}

/// What EC2 told, and EKS of the cluster by itself.
struct ReadAccount {
    inventory: Inventory,
    /// Those of the subnets that are selected whatever their interfaces show.
    reservations: Reservations,
    /// Why the cluster that was named is not described.
    undescribed: Option<AwsError>,
}

async fn read(
    clients: &Clients,
    selection: &Selection,
    began: Option<Timestamp>,
    progress: &dyn Progress,
) -> Result<ReadAccount, CollectError> {
    let mut withheld = Vec::new();
    let (cluster, undescribed) = described(clients, selection.cluster.as_ref()).await?;
    withheld.extend(undescribed.as_ref().map(AwsError::withheld));
    let (subnets, scope) = subnets(clients, selection, cluster.as_ref(), progress).await?;
    check_vpcs(clients, selection, &subnets, progress).await?;
    let mut inventory = Inventory { clusters: Vec::from_iter(cluster), ..bare(subnets) };
    let sure = select(&inventory, selection).unwrap_or_default().subnets;
    let is_sure = |subnet: &&Subnet| sure.contains_key(&subnet.subnet_id);
    let sure: Vec<Subnet> = inventory.subnets.iter().filter(is_sure).cloned().collect();
    let there: Vec<Subnet> = match &scope {
        ListingScope::All
        | ListingScope::Subnets(_)
        | ListingScope::Instances(_)
        | ListingScope::Interfaces(_) => inventory.subnets.clone(),
        ListingScope::Vpcs(ids) => {
            let is_there = |subnet: &&Subnet| ids.contains(&subnet.vpc_id);
            inventory.subnets.iter().filter(is_there).cloned().collect()
        }
    };
    let mut reservations = Reservations::default();
    let wanted = InterfaceQuery { clients, scope: &scope, subnets: &there, began, progress };
    let (vpcs, both, ()) = tokio::join!(
        ec2::vpcs(clients, &scope, progress),
        large::both(wanted),
        reservations.read(clients, &sure, progress),
    );
    let Both { interfaces, instances, further, unsure } = both;
    inventory.subnets.extend(further);
    withheld.extend(unsure.as_ref().map(AwsError::withheld));
    inventory.interfaces = seen(interfaces, &mut withheld);
    inventory.vpcs = seen(vpcs, &mut withheld);
    inventory.instances = seen(instances, &mut withheld);
    inventory.withheld = withheld;
    Ok(ReadAccount { inventory, reservations, undescribed })
}

/// The cluster that is asked about, or why it cannot be described: then its tags tell its subnets.
async fn described(
    clients: &Clients,
    asked: Option<&ClusterName>,
) -> Result<(Option<Cluster>, Option<AwsError>), AwsError> {
    let Some(asked) = asked else { return Ok((None, None)) };
    match eks::describe(clients, &asked.name).await {
        Ok(cluster) => Ok((Some(cluster), None)),
        Err(error) => match error.trouble {
            Trouble::NotFound | Trouble::NoRegion | Trouble::Setting | Trouble::Credentials => {
                Err(error)
            }
            Trouble::Refused
            | Trouble::Throttled
            | Trouble::Time
            | Trouble::Connection
            | Trouble::Service
            | Trouble::Answer
            | Trouble::Other => Ok((None, Some(error))),
        },
    }
}

/// Looks before anything large is read whether the named VPCs are there: one that has no subnet may
/// still be, and is asked about.
async fn check_vpcs(
    clients: &Clients,
    selection: &Selection,
    subnets: &[Subnet],
    progress: &dyn Progress,
) -> Result<(), CollectError> {
    let has_subnet = |vpc: &&String| subnets.iter().any(|subnet| subnet.vpc_id == **vpc);
    let empty: Vec<String> =
        selection.vpcs.iter().filter(|vpc| !has_subnet(vpc)).cloned().collect();
    if empty.is_empty() {
        return Ok(());
    }
    let inventory = Inventory {
        vpcs: ec2::vpcs(clients, &ListingScope::Vpcs(empty), progress).await.ok(),
        ..bare(subnets.to_vec())
    };
    let by_vpc = Selection { vpcs: selection.vpcs.clone(), ..Selection::default() };
    select(&inventory, &by_vpc).map_err(CollectError::Selection)?;
    Ok(())
}

/// An inventory of subnets alone.
fn bare(subnets: Vec<Subnet>) -> Inventory {
    Inventory {
        source: Source {
            kind: SourceKind::Live,
            region: None,
            account: None,
            captured_at: None,
            caller: None,
        },
        vpcs: None,
        subnets,
        other_subnets: BTreeSet::new(),
        other_networks: BTreeMap::new(),
        interfaces: None,
        instances: None,
        clusters: Vec::new(),
        kubernetes: None,
        withheld: Vec::new(),
    }
}

/// What was read, or nothing with the reason withheld.
fn seen<T>(rows: Result<Vec<T>, AwsError>, withheld: &mut Vec<Withheld>) -> Option<Vec<T>> {
    match rows {
        Ok(rows) => Some(rows),
        Err(error) => {
            withheld.push(error.withheld());
            None
        }
    }
}

/// The subnets to choose from, and the VPCs they lie in.
async fn subnets(
    clients: &Clients,
    selection: &Selection,
    cluster: Option<&Cluster>,
    progress: &dyn Progress,
) -> Result<(Vec<Subnet>, ListingScope), CollectError> {
    let mut vpcs = selection.vpcs.clone();
    if !selection.subnets.is_empty() {
        let ids: Vec<String> = selection.subnets.iter().cloned().collect();
        let named = by_id(clients, &ids).await?;
        if let Some(missing) = ids.iter().find(|id| !named.iter().any(|s| s.subnet_id == **id)) {
            return Err(CollectError::Selection(SelectionError {
                kind: "subnet",
                name: missing.clone(),
                known: Vec::new(),
            }));
        }
        vpcs.extend(named.into_iter().map(|subnet| subnet.vpc_id));
    }
    if let Some(cluster) = cluster {
        vpcs.extend(cluster.vpc_id.clone());
        if cluster.vpc_id.is_none() {
            // Its VPC is that of its subnets.
            let ids: Vec<String> = cluster.subnet_ids.iter().cloned().collect();
            let its = by_id(clients, &ids).await?;
            vpcs.extend(its.into_iter().map(|subnet| subnet.vpc_id));
        }
    }
    // A cluster that could not be described is found by its tags alone, wherever they are.
    let by_tags = selection.cluster.is_some() && cluster.is_none();
    if selection.is_everything() || by_tags {
        let subnets = ec2::subnets(clients, &ListingScope::All, progress).await?;
        if !by_tags {
            return Ok((subnets, ListingScope::All));
        }
        let named = only_cluster(selection, &subnets);
        vpcs.extend(named);
        let listed = ListingScope::Vpcs(vpcs.into_iter().collect());
        return Ok((subnets, listed));
    }
    let listed = ListingScope::Vpcs(vpcs.into_iter().collect());
    let subnets = ec2::subnets(clients, &listed, progress).await?;
    Ok((subnets, listed))
}

/// The VPCs of the subnets that are tagged for the selection's cluster.
fn only_cluster(selection: &Selection, subnets: &[Subnet]) -> Vec<String> {
    let inventory = bare(subnets.to_vec());
    let by_cluster = Selection { cluster: selection.cluster.clone(), ..Selection::default() };
    let selected = select(&inventory, &by_cluster).unwrap_or_default();
    let chosen = subnets.iter().filter(|s| selected.subnets.contains_key(&s.subnet_id));
    chosen.map(|subnet| subnet.vpc_id.clone()).collect()
}

/// The subnets of some ids.
async fn by_id(clients: &Clients, ids: &[String]) -> Result<Vec<Subnet>, AwsError> {
    ec2::subnets(clients, &ListingScope::Subnets(ids.to_vec()), &ec2::Silent).await
}

/// The reservations of subnets, or why they were not told.
#[derive(Default)]
struct Reservations(BTreeMap<String, Result<Vec<Reservation>, AwsError>>);

impl Reservations {
    /// Asks for those of the subnets that nothing is known of yet, some at a time.
    async fn read(&mut self, clients: &Clients, subnets: &[Subnet], progress: &dyn Progress) {
        // A subnet without IPv4 has none.
        let asked = subnets.iter().filter(|subnet| subnet.cidr.is_some());
        let ids: Vec<&String> =
            asked.map(|subnet| &subnet.subnet_id).filter(|id| !self.0.contains_key(*id)).collect();
        let calls = ids.into_iter().map(async |id| (id, ec2::reservations(clients, id).await));
        let mut calls = stream::iter(calls).buffer_unordered(AT_ONCE);
        while let Some((id, answer)) = calls.next().await {
            self.0.insert(id.clone(), answer);
            progress.read("reservations", self.0.values().filter(|it| it.is_ok()).count());
        }
    }

    /// Fills them in.
    fn put(mut self, inventory: &mut Inventory) {
        for subnet in &mut inventory.subnets {
            subnet.reservations = match self.0.remove(&subnet.subnet_id) {
                Some(Ok(rows)) => Some(rows),
                Some(Err(error)) => {
                    let subnet_id = Some(subnet.subnet_id.clone());
                    inventory.withheld.push(Withheld { subnet_id, ..error.withheld() });
                    None
                }
                None => subnet.cidr.is_none().then(Vec::new),
            };
        }
    }
}
