//! What one listing names and another one has not: it came or went while the calls were made, or a row was
//! lost. It is asked for by its ids, once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{
    access::Clients,
    ec2::{self, InstanceSubnets, ListingScope, Silent},
    error::AwsError,
    run::Progress,
};
use crate::inventory::{Instance, Interface, Inventory, NamedEnis, Operation, Selected, many};

/// How far this machine's clock may be from AWS's, in seconds: signatures of other times are refused
/// (IAM user guide, "Elements of an AWS API request signature").
const CLOCKS: i64 = 5 * 60;

/// The most ENIs that are asked for again: a whole page of a listing (its rows are [`ec2::PAGE`]).
const MOST: usize = 1000;

/// Instances that started while the calls were made, and so have ENIs and no row.
pub(super) async fn instances(
    clients: &Clients,
    ids: BTreeSet<String>,
    progress: &dyn Progress,
) -> Result<Vec<Instance>, AwsError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    tracing::info!("{} instances have ENIs but were not listed: requested again", ids.len());
    let filters = ListingScope::Instances(ids.into_iter().collect()).filters();
    ec2::instances(clients, &InstanceSubnets::default(), progress).all(&filters).await
}

/// ENIs that instances name and that were not listed. Those that came while the calls were made are added,
/// and those that went are no longer named. More than a page has are left as they are.
pub(super) async fn interfaces(clients: &Clients, inventory: &mut Inventory, selected: &Selected) {
    let named = inventory.unlisted_interfaces(selected);
    if named.is_empty() || named.len() > MOST {
        return;
    }
    tracing::info!("{} ENIs of instances were not listed: requested again", named.len());
    let ids: BTreeSet<String> = named.keys().cloned().collect();
    let began = inventory.source.captured_at.as_ref().and_then(|at| at.parse().ok());
    let found = match there(clients, &ids, |since| since.is_some_and(|at| is_old(at, began))).await
    {
        Ok(found) => found,
        Err(error) => {
            if error.trouble == super::Trouble::Answer {
                inventory.interfaces = None;
            }
            return inventory.withheld.push(error.withheld());
        }
    };
    let left: BTreeSet<String> = {
        let found: BTreeSet<&str> = found.iter().map(|eni| eni.interface_id.as_str()).collect();
        ids.into_iter().filter(|id| !found.contains(id.as_str())).collect()
    };
    inventory.interfaces.iter_mut().for_each(|all| all.extend(found.iter().cloned()));
    if left.is_empty() {
        return;
    }
    let naming = named.into_iter().filter(|(eni, _)| left.contains(eni));
    let naming = naming.flat_map(|(_, instances)| instances).collect();
    match instances(clients, naming, &Silent).await {
        Ok(now) => {
            inventory.forget_interfaces(&gone(left, &now));
            ended(inventory, now);
        }
        Err(error) => inventory.withheld.push(error.withheld()),
    }
}

/// Whether an ENI that was attached in a second was there before the run began.
pub(super) fn is_old(since: i64, began: Option<Timestamp>) -> bool {
    began.is_some_and(|began| since < began.as_second() - CLOCKS)
}

/// The ENIs that are there. One that was there before the listing began ought to have been listed, and
/// others may be missing that nothing names. `is_old` tells it by the second of the attachment.
pub(super) async fn there(
    clients: &Clients,
    ids: &BTreeSet<String>,
    is_old: impl Fn(Option<i64>) -> bool,
) -> Result<Vec<Interface>, AwsError> {
    let found = ec2::attached(clients, ids.iter().cloned().collect()).await?;
    let old = found.iter().filter(|eni| is_old(eni.since));
    let old: Vec<&str> = old.map(|eni| eni.eni.interface_id.as_str()).collect();
    if old.is_empty() {
        return Ok(found.into_iter().map(|eni| eni.eni).collect());
    }
    let message = format!("the list lacks ENIs that existed before the call: {}", many(old));
    Err(AwsError::answer(Operation::DescribeNetworkInterfaces, message))
}

/// Takes over what is known now of instances that ended while the calls were made: their ENIs went with
/// them.
fn ended(inventory: &mut Inventory, now: Vec<Instance>) {
    let ended: BTreeMap<String, Instance> = now
        .into_iter()
        .filter(|instance| !instance.is_there())
        .map(|instance| (instance.instance_id.clone(), instance))
        .collect();
    for row in inventory.instances.iter_mut().flatten() {
        if let Some(instance) = ended.get(&row.instance_id) {
            row.clone_from(instance);
        }
    }
}

/// Those that no instance names any more.
fn gone(mut enis: BTreeSet<String>, now: &[Instance]) -> BTreeSet<String> {
    let there = now.iter().filter(|instance| instance.is_there());
    for (_, eni) in there.filter_map(|it| it.interfaces.as_ref()).flat_map(NamedEnis::iter) {
        enis.remove(eni);
    }
    enis
}
