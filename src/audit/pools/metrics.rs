//! What aws-node's own metrics say a node's pods use.

use std::{borrow::Cow, collections::BTreeSet, net::Ipv4Addr};

use super::node::{GivenAddress, NodeUsage};
use crate::{
    inventory::{AwsNodeMetrics, Interface, PoolEni, PoolUse},
    ipam::{ADDRESSES_PER_PREFIX, PoolMode, auto_mode::target},
};

/// Counts what a node's pods use of what its ENIs hold by aws-node's own count beside that of kubectl's pods,
/// of which these are the addresses.
///
/// # Errors
/// Why the count is not that of these ENIs.
pub(super) fn count(
    told: &AwsNodeMetrics,
    held: &[Cow<'_, Interface>],
    listed: &BTreeSet<Ipv4Addr>,
    usage: &mut NodeUsage,
) -> Result<(), String> {
    let enis: Vec<PoolEni<'_>> =
        usage.enis.list.iter().zip(held).map(|(eni, held)| eni.in_pool(held)).collect();
    let PoolUse { assigned, listed, on_enis, freeable } = PoolUse::new(told, &enis, listed)?;
    for ((eni, held), used) in usage.enis.list.iter_mut().zip(held).zip(&on_enis) {
        eni.used = *used;
        if let Some(own) = held.primary
            && told.names(own)
        {
            let now = told.on(&[own], &[]) > 0;
            // The address of a further ENI may be one that the node gave back before it was made.
            let is_evident = now || eni.is_primary();
            if is_evident && !usage.given.iter().any(|given| given.address == own) {
                usage.given.push(GivenAddress { now, ..GivenAddress::new(own, eni, None) });
            }
        }
    }
    usage.listed_pods = usage.pods;
    usage.pods = Some(on_enis.iter().sum());
    usage.assigned_addresses = Some(assigned);
    // Where kubectl's pods are the greater use, they are the reading, with what it lacks.
    usage.pods_elsewhere = usage.pods_elsewhere.filter(|_| listed > assigned).or(Some(0));
    usage.freeable_prefixes = (usage.pods_elsewhere == Some(0)).then_some(freeable);
    Ok(())
}

/// How many of the prefixes without a pod the warm targets keep, or EKS Auto Mode keeps as far as is known of
/// it; `None` where no pool's settings say.
pub(super) fn kept(usage: &NodeUsage) -> Option<u32> {
    let freeable = usage.freeable_prefixes.as_ref()?;
    if usage.is_auto_mode() {
        let free_prefixes = u32::try_from(freeable.len()).ok()?;
        let goal = target(usage.pods?, usage.allocatable_pods.unwrap_or(u32::MAX));
        let over = usage.held_for_pods.saturating_sub(goal) / ADDRESSES_PER_PREFIX;
        return Some(free_prefixes.saturating_sub(over));
    }
    let pool = usage.pool.as_ref()?;
    if pool.mode != PoolMode::Prefix || pool.frozen {
        return None;
    }
    let free_prefixes = u32::try_from(freeable.len()).ok()?;
    let over = pool.targets().over(&usage.enis.pool_counts(usage.pods?, free_prefixes));
    Some(free_prefixes.saturating_sub(over))
}
