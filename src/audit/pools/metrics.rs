//! What aws-node's own metrics say a node's pods use.

use std::borrow::Cow;

use super::node::{GivenAddress, NodeUsage};
use crate::{
    inventory::{AwsNodeMetrics, Interface},
    ipam::{ADDRESSES_PER_PREFIX, PoolMode, auto_mode::target},
};

/// Counts what a node's pods use of what its ENIs hold by aws-node's own count, which goes before that of
/// kubectl's pods: it knows the pods that are about to start and those that are not gone yet.
///
/// # Errors
/// Why the count is not that of these ENIs.
pub(super) fn count(
    told: &AwsNodeMetrics,
    held: &[Cow<'_, Interface>],
    usage: &mut NodeUsage,
) -> Result<(), String> {
    if !usage.enis.is_beyond_model {
        told.knows(usage.held_for_pods)?;
    }
    let mut freeable = Vec::new();
    let mut given = 0;
    for (eni, held) in usage.enis.list.iter_mut().zip(held) {
        if let Some(own) = held.primary
            && told.names(own)
        {
            let pods = told.on(&[own], &[]);
            given += pods;
            // The address of a further ENI may be one that the node gave back before it was made.
            let is_evident = pods > 0 || eni.is_primary();
            if is_evident && !usage.given.iter().any(|given| given.address == own) {
                let now = pods > 0;
                usage.given.push(GivenAddress { now, ..GivenAddress::new(own, eni, None) });
            }
        }
        if eni.is_unmanaged() {
            continue;
        }
        eni.used = told.on(&held.secondary, &held.prefixes);
        freeable.extend(held.prefixes.iter().filter(|prefix| told.on(&[], &[**prefix]) == 0));
    }
    let used: u32 = usage.enis.list.iter().map(|eni| eni.used).sum();
    usage.listed_pods = usage.pods;
    usage.pods = Some(used);
    usage.assigned_addresses = Some(used);
    let elsewhere = told.sum().saturating_sub(used).saturating_sub(given);
    usage.pods_elsewhere = Some(elsewhere);
    freeable.sort_unstable();
    // A pod that is elsewhere: metrics and ENIs were read at different times.
    usage.freeable_prefixes = (elsewhere == 0).then_some(freeable);
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
