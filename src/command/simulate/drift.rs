//! What a simulation does to what was observed before anything happens.

use std::cmp::Ordering;

use crate::{
    finding::{counted, thousands},
    simulate::{Figure, Layout, Simulated},
};

/// What the nodes did at once, though nothing happened: their real settings are not those simulated.
pub(super) fn drift(layout: &Layout<'_>, simulated: &Simulated) -> Option<String> {
    let before: u64 = layout.used_before().into_iter().map(u64::from).sum();
    let used = |figure: Figure| match figure {
        Figure::One(used) | Figure::Spread { worst: used, .. } => used,
    };
    let after: u64 = simulated.steps.first()?.subnets.iter().map(|subnet| used(subnet.used)).sum();
    let warm = match before.cmp(&after) {
        Ordering::Equal => return None,
        Ordering::Less => {
            "step 0 added what the scenario starts, and nodes were allowed to take warm addresses"
        }
        Ordering::Greater => "nodes were allowed to return warm addresses",
    };
    let pods = if layout.estimates_pods() { "pods were estimated, and " } else { "" };
    Some(format!(
        "the snapshot holds {}, the model starts with {}: {pods}{warm}",
        counted(before, "address", "addresses"),
        thousands(after)
    ))
}
