//! What is said of a VPC that stands.

use std::collections::BTreeMap;

use crate::{
    network::Cidr,
    simulate::{Cni, Scaler, Subnet},
};

/// What stands in a VPC.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The VPC's blocks; `None` when they are not available.
    pub cidrs: Option<Vec<Cidr>>,
    /// Subnets of the VPC that were not selected.
    pub other_subnets: Vec<Cidr>,
    /// The zones, in the order of the subnets.
    pub zones: Vec<String>,
    /// The subnets.
    pub subnets: Vec<StandingSubnet>,
    /// The groups.
    pub groups: Vec<StandingGroup>,
    /// The CNI's settings in force.
    pub cni: Cni,
    /// Whether kubectl told them.
    pub cni_told: bool,
    /// Whether control plane interfaces are in the subnets, or a cluster names subnets for them.
    pub control_plane: bool,
    /// The ranges of Service addresses of the clusters.
    pub service_cidrs: Vec<Cidr>,
}

/// A subnet that stands.
#[derive(Debug, Clone, PartialEq)]
pub struct StandingSubnet {
    /// The subnet by its id, with what others than nodes and control planes hold of it.
    pub subnet: Subnet,
    /// The addresses held by others, by the name of their kind.
    pub others: BTreeMap<&'static str, u32>,
    /// Addresses that EC2 counts as in use and no visible interface holds; `used` has them scattered.
    pub invisible: u32,
    /// Whether nodes start in it.
    pub has_nodes: bool,
    /// Whether pods have its addresses.
    pub has_pods: bool,
    /// Whether it is a cluster subnet.
    pub has_control_plane: bool,
}

/// A group that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingGroup {
    /// Its name.
    pub name: String,
    /// What starts its nodes.
    pub scaler: Scaler,
    /// The types of its nodes, the most common first.
    pub instance_types: Vec<String>,
    /// Its nodes.
    pub nodes: u32,
    /// Stopped instances of its warm pool.
    pub warm_pool: u32,
    /// Pods with an address of the nodes' pools.
    pub pods: u32,
    /// Whether the pods of every node were told; else the most that their addresses allow.
    pub pods_told: bool,
    /// Nodes whose pods are aws-node's own count, where kubectl did not list more.
    pub counted_nodes: u32,
    /// Branch ENIs on each node, rounded up.
    pub branch_pods_per_node: u32,
    /// The kubelet's max pods, the lowest of its nodes; `None` unless kubectl told it of every node.
    pub max_pods: Option<u32>,
    /// What its NodePool states where that was saved, its limits and disruption budgets, in words.
    pub node_pool: Option<(Option<String>, String)>,
    /// Interfaces that its nodes have beside those of the VPC CNI, in words.
    pub further_interfaces: Option<String>,
}
