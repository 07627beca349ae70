//! What is taken for granted where the requirement says nothing.

use std::collections::BTreeSet;

use crate::{
    cni::CniVersion,
    finding::listed,
    network::is_public_space,
    plan::requirement::{Allowed, Requirement},
    simulate::{Scaler, Used},
};

/// The sentences, in the order of the requirement's keys.
pub(super) fn assumptions(
    requirement: &Requirement,
    allow: &BTreeSet<Allowed>,
    assumed: &mut Vec<String>,
) {
    of_vpc(requirement, allow, assumed);
    if requirement.allow.is_none() {
        let names: Vec<&str> = Allowed::USUAL.iter().map(|lever| lever.name()).collect();
        assumed.push(format!("allow is {}", names.join(", ")));
    }
    if requirement.cni.version.is_none() {
        let newest = CniVersion::NEWEST;
        assumed.push(format!(
            "cni.version is not set: {newest}; before 1.22 a subnet's tag does not keep pods out"
        ));
    }
    let is_new = requirement.groups.iter().all(|group| group.nodes_now.is_none());
    if is_new {
        assumed.push(
            "groups[].nodes_now is not set: no node runs today, and none has to be replaced".into(),
        );
    }
    assumed.push(
        "groups, where not set: scaler managed_node_group, 2 host-network pods, as many usual pods as at \
         the peak; with pod, daemonsets of 250m and 512Mi a node"
            .into(),
    );
    of_events(requirement, assumed);
}

fn of_vpc(requirement: &Requirement, allow: &BTreeSet<Allowed>, assumed: &mut Vec<String>) {
    let vpc = &requirement.vpc;
    if vpc.cidrs.is_empty() {
        assumed.push(
            "vpc.cidrs is not set: the plan makes a VPC in the first private range that vpc.avoid leaves; \
             name there what your company uses"
                .into(),
        );
    }
    for cidr in vpc.cidrs.iter().filter(|cidr| is_public_space(**cidr)) {
        let then = if allow.contains(&Allowed::PublicSpace) {
            "what is behind those addresses on the internet cannot be reached from the VPC"
        } else {
            "no subnet is planned in it, unless allow has public-space"
        };
        assumed.push(format!("{cidr} is public address space: {then}"));
    }
    let in_use = vpc.subnets.iter().filter(|subnet| subnet.used != Used::default());
    let in_use: Vec<&str> = in_use.map(|subnet| subnet.name.as_str()).collect();
    if !in_use.is_empty() {
        assumed.push(format!(
            "addresses in use stay in use beside the nodes of the plan: in {}",
            listed(in_use)
        ));
    }
}

fn of_events(requirement: &Requirement, assumed: &mut Vec<String>) {
    let survive = &requirement.survive;
    let zones = requirement.zones.len();
    if zones == 1 && requirement.cluster.control_plane {
        assumed.push(
            "EKS asks for cluster subnets in two zones: the one of the other zone is not planned"
                .into(),
        );
    }
    if survive.zone_loss.0 == 0 && zones > 1 {
        assumed.push("survive.zone_loss is not set: the loss of a zone is not planned for".into());
    }
    if let Some(pods) = survive.burst {
        assumed.push(format!("the burst of {pods} pods comes in the group with the most pods"));
    }
    let has = |scaler: Scaler| requirement.groups.iter().any(|group| group.scaler == scaler);
    if survive.rollout.is_some() && has(Scaler::Karpenter) {
        assumed.push(
            "Karpenter replaces as many nodes of a group at a time as its disruption budget allows: \
             survive.rollout.budget, or 10% without it"
                .into(),
        );
    }
    if survive.rollout.is_some() && has(Scaler::ManagedNodeGroup) {
        assumed.push(
            "a managed node group surges by itself by twice its zones: a roll-out surges at least so far"
                .into(),
        );
    }
    if survive.rollout.is_none() {
        assumed.push("survive.rollout is not set: room for a roll-out is not planned for".into());
    }
    if !survive.upgrade && requirement.cluster.control_plane {
        assumed.push(
            "survive.upgrade is not set: an upgrade of the control plane is not planned for".into(),
        );
    }
    assumed.push(
        "each event (zone loss, roll-out, upgrade) comes at the peak after the growth, one at a time"
            .into(),
    );
    let several = requirement.groups.len() > 1 || requirement.clusters > 1;
    if several && survive.zone_loss.0 > 0 && zones > 2 {
        assumed.push(
            "where zones have as many nodes of a group, the next node goes to the first of them as zones \
             lists them: EC2 Auto Scaling may choose another"
                .into(),
        );
    }
    if requirement.growth.is_none() {
        assumed.push("growth is not set: months until the pods no longer fit are not known".into());
    }
}
