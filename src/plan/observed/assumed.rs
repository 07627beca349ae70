//! What was assumed where the data says nothing, and what a person must know of how it was read.

use std::collections::BTreeMap;

use super::groups::{is_there, nothing_runs, pods_per_node};
use crate::{
    finding::{counted, thousands},
    simulate::{Standing, StandingGroup},
};

pub(super) fn texts(standing: &Standing) -> Vec<String> {
    let mut texts: Vec<String> =
        standing.groups.iter().filter(|group| is_there(group)).map(group).collect();
    texts.extend(standing.groups.iter().filter(|group| is_there(group)).flat_map(left_out));
    if !nothing_runs(standing) {
        texts.push(
            "today's nodes of these groups and the control plane are placed again by the plan: their \
             addresses do not count as in use"
                .to_owned(),
        );
    }
    texts.extend(others(standing));
    if !standing.cni_told && !nothing_runs(standing) {
        texts.push(
            "VPC CNI settings are as the nodes show them, warm targets as in the shipped manifest: \
             aws-node was not given (`cni` sets them)"
                .to_owned(),
        );
    }
    if standing.service_cidrs.len() > 1 {
        let all: Vec<String> = standing.service_cidrs.iter().map(ToString::to_string).collect();
        texts.push(format!(
            "the clusters of this VPC have different Service CIDRs ({}): --service-cidr sets the one to \
             plan with",
            all.join(", ")
        ));
    }
    texts
}

fn group(group: &StandingGroup) -> String {
    let nodes = counted(u64::from(group.nodes), "node", "nodes");
    let source = match (group.pods_told, group.counted_nodes) {
        (false, _) => {
            "the most that the addresses of the nodes allow, because kubectl's pods are not available"
        }
        (true, 0) => "as kubectl shows them",
        (true, counted) if counted == group.nodes => "as aws-node counts them",
        (true, _) => "as aws-node counts them, and kubectl shows those of the other nodes",
    };
    let pool = match group.warm_pool {
        0 => String::new(),
        pool => {
            let stopped = counted(u64::from(pool), "stopped instance", "stopped instances");
            format!("; {stopped} in its warm pool as today")
        }
    };
    let now = match group.nodes {
        0 => "no node runs".to_owned(),
        _ => format!("{} on {nodes}, {source}", counted(u64::from(group.pods), "pod", "pods")),
    };
    let planned = match group.pods {
        0 => "planned with 1 pod, so that it has a node".to_owned(),
        _ => format!("{} on each node as today", thousands(u64::from(pods_per_node(group)))),
    };
    format!("group {}: {now}; {planned} (pods_per_node sets another number){pool}", group.name)
}

/// What a group has today and the plan does not reckon with.
fn left_out(group: &StandingGroup) -> impl Iterator<Item = String> {
    let name = &group.name;
    let pool = group.node_pool.as_ref().map(|(limits, budgets)| {
        let limits = limits.as_ref().map_or_else(String::new, |limits| format!("limits ({limits}) and "));
        format!(
            "group {name}: the saved NodePool's {limits}disruption budgets ({budgets}) are not planned with: \
             the plan states its own, and a roll-out goes by survive.rollout.budget, or 10% without it"
        )
    });
    let interfaces = group.further_interfaces.as_ref().map(|interfaces| {
        format!(
            "group {name}: its nodes have further interfaces today ({interfaces}), and the plan's nodes have \
             none: their addresses are not planned"
        )
    });
    [pool, interfaces].into_iter().flatten()
}

/// What others hold and keep, by their kind.
fn others(standing: &Standing) -> Option<String> {
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for subnet in &standing.subnets {
        for (kind, addresses) in &subnet.others {
            *kinds.entry(kind).or_default() += u64::from(*addresses);
        }
    }
    let listed: Vec<String> = kinds
        .into_iter()
        .filter(|(_, addresses)| *addresses > 0)
        .map(|(kind, addresses)| format!("{} {kind}", thousands(addresses)))
        .collect();
    (!listed.is_empty()).then(|| format!("addresses of others stay in use: {}", listed.join(", ")))
}
