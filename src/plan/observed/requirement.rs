//! What stands is read as a requirement.

use std::collections::BTreeSet;

use super::{
    assumed,
    groups::{groups, nothing_runs},
};
use crate::{
    plan::requirement::{ExistingSubnet, RequiredCluster, RequiredVpc, Requirement, Role},
    simulate::{Standing, StandingSubnet},
};

/// A requirement that was observed.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservedRequirement {
    /// The requirement. Its VPC has no blocks where they are not available.
    pub requirement: Requirement,
    /// What was assumed, for a person to know.
    pub assumed: Vec<String>,
}

/// What stands as a requirement: the subnets with what stays in them, and the groups with the pods that run.
/// The addresses of the groups' nodes and of the control plane are not in it, since the plan places them.
#[must_use]
pub fn observed_requirement(standing: &Standing) -> ObservedRequirement {
    let service_cidr = match standing.service_cidrs.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let requirement = Requirement {
        version: 1,
        vpc: RequiredVpc {
            cidrs: standing.cidrs.clone().unwrap_or_default(),
            used: standing.other_subnets.clone(),
            subnets: standing.subnets.iter().map(subnet).collect(),
            ..RequiredVpc::default()
        },
        zones: zones(standing),
        cluster: RequiredCluster {
            service_cidr,
            control_plane: standing.control_plane,
            ..RequiredCluster::default()
        },
        groups: groups(standing),
        clusters: 1,
        cni: standing.cni.clone(),
        ..Requirement::default()
    };
    ObservedRequirement { requirement, assumed: assumed::texts(standing) }
}

/// The zones that nodes start in; without nodes all of them.
fn zones(standing: &Standing) -> Vec<String> {
    let with_nodes: BTreeSet<&String> = standing
        .subnets
        .iter()
        .filter(|subnet| subnet.has_nodes)
        .map(|subnet| &subnet.subnet.zone)
        .collect();
    let is_used = |zone: &&String| nothing_runs(standing) || with_nodes.contains(zone);
    let mut zones: Vec<String> = standing.zones.iter().filter(is_used).cloned().collect();
    zones.sort();
    zones
}

fn subnet(standing: &StandingSubnet) -> ExistingSubnet {
    let of = &standing.subnet;
    ExistingSubnet {
        name: of.name.clone(),
        zone: of.zone.clone(),
        cidr: of.cidr,
        used: of.used.clone(),
        role: role(standing),
        reservations: of.reservations.clone(),
        tags: of.tags.clone(),
    }
}

fn role(subnet: &StandingSubnet) -> Role {
    match (subnet.has_nodes, subnet.has_pods, subnet.has_control_plane) {
        (true, true, _) => Role::NodeAndPod,
        (true, false, _) => Role::Node,
        (false, true, _) => Role::Pod,
        (false, false, true) => Role::ControlPlane,
        (false, false, false) => Role::Other,
    }
}
