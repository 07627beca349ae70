//! Collecting an inventory: few calls, some at a time, and what is refused is withheld.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use tokio::{sync::Semaphore, task::JoinSet};

use super::{
    access::{AwsAccess, Clients, Progress},
    ec2::{self, Vpcs},
    eks,
    error::{AwsError, Trouble},
};
use crate::inventory::{
    Cluster, Inventory, Operation, Reservation, Selection, SelectionError, Source, SourceKind,
    Subnet, Withheld, account_of, select,
};

/// Reservation calls that are under way at once.
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
    progress: &dyn Progress,
) -> Result<Inventory, CollectError> {
    let runtime = super::types::runtime()?;
    runtime.block_on(async {
        let clients = access.session(None).await?.clients(None)?;
        run(&clients, selection, captured_at, progress).await
    })
}

/// The same, in a runtime that is there.
pub(super) async fn run(
    clients: &Clients,
    selection: &Selection,
    captured_at: String,
    progress: &dyn Progress,
) -> Result<Inventory, CollectError> {
    let mut withheld = Vec::new();
    let mut clusters = Vec::new();
    if let Some(asked) = &selection.cluster {
        if asked.region().is_some_and(|region| region != clients.region) {
            return Err(CollectError::Selection(SelectionError {
                kind: "cluster",
                name: asked.arn.clone().unwrap_or_else(|| asked.name.clone()),
                known: Vec::new(),
            }));
        }
        match eks::cluster(&clients.eks, &asked.name).await {
            Ok(cluster) => clusters.push(cluster),
            Err(error) if error.trouble == Trouble::Refused => withheld.push(error.withheld()),
            Err(error) => return Err(error.into()),
        }
    }
    let (subnets, vpcs) = subnets(clients, selection, clusters.first(), progress).await?;
    check_vpcs(clients, selection, &subnets, progress).await?;
    let (caller, vpc_rows, interfaces, instances) = tokio::join!(
        clients.caller(),
        ec2::vpcs(&clients.ec2, &vpcs, progress),
        ec2::interfaces(&clients.ec2, &vpcs, progress),
        ec2::instances(&clients.ec2, &vpcs, progress),
    );
    let interfaces = seen(interfaces, &mut withheld);
    let mut inventory = Inventory {
        source: Source {
            kind: SourceKind::Live,
            region: Some(clients.region.clone()),
            account: interfaces.as_deref().and_then(account_of).or_else(|| caller.clone()),
            captured_at: Some(captured_at),
            caller,
        },
        vpcs: seen(vpc_rows, &mut withheld),
        subnets,
        other_subnets: BTreeSet::new(),
        interfaces,
        instances: seen(instances, &mut withheld),
        clusters,
        kubernetes: None,
        withheld,
    };
    let selected = select(&inventory, selection).map_err(CollectError::Selection)?;
    inventory.keep_subnets(|id| selected.subnets.contains_key(id));
    reservations(clients, &mut inventory, progress).await;
    Ok(inventory.in_order())
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
        vpcs: ec2::vpcs(&clients.ec2, &Vpcs::Named(empty), progress).await.ok(),
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
) -> Result<(Vec<Subnet>, Vpcs), CollectError> {
    let mut vpcs = selection.vpcs.clone();
    if !selection.subnets.is_empty() {
        let ids: Vec<String> = selection.subnets.iter().cloned().collect();
        let named = ec2::subnets_by_id(&clients.ec2, &ids).await?;
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
            let its = ec2::subnets_by_id(&clients.ec2, &ids).await?;
            vpcs.extend(its.into_iter().map(|subnet| subnet.vpc_id));
        }
    }
    // A cluster that could not be described is found by its tags alone, wherever they are.
    let by_tags = selection.cluster.is_some() && cluster.is_none();
    if selection.is_everything() || by_tags {
        let subnets = ec2::subnets(&clients.ec2, &Vpcs::All, progress).await?;
        if !by_tags {
            return Ok((subnets, Vpcs::All));
        }
        let named = only_cluster(selection, &subnets);
        vpcs.extend(named);
        let listed = Vpcs::Named(vpcs.into_iter().collect());
        return Ok((subnets, listed));
    }
    let listed = Vpcs::Named(vpcs.into_iter().collect());
    let subnets = ec2::subnets(&clients.ec2, &listed, progress).await?;
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

/// Fills in the reservations of every subnet, some at a time.
async fn reservations(clients: &Clients, inventory: &mut Inventory, progress: &dyn Progress) {
    let bound = Arc::new(Semaphore::new(AT_ONCE));
    let mut calls = JoinSet::new();
    for subnet in inventory.subnets.iter().filter(|subnet| subnet.cidr.is_some()) {
        let (client, bound) = (clients.ec2.clone(), Arc::clone(&bound));
        let id = subnet.subnet_id.clone();
        calls.spawn(async move {
            // The semaphore is never closed, so a permit always comes.
            let _permit = bound.acquire().await;
            (id.clone(), ec2::reservations(client, id).await)
        });
    }
    let mut read: BTreeMap<String, Vec<Reservation>> = BTreeMap::new();
    while let Some(call) = calls.join_next().await {
        match call {
            Ok((id, Ok(rows))) => {
                read.insert(id, rows);
                progress.read("reservations", read.len());
            }
            Ok((id, Err(error))) => {
                let row = error.withheld();
                inventory.withheld.push(Withheld { subnet_id: Some(id), ..row });
            }
            Err(error) => {
                let operation = Operation::GetSubnetCidrReservations;
                inventory.withheld.push(AwsError::answer(operation, error.to_string()).withheld());
            }
        }
    }
    for subnet in &mut inventory.subnets {
        subnet.reservations = match subnet.cidr {
            Some(_) => read.remove(&subnet.subnet_id),
            None => Some(Vec::new()),
        };
    }
}
