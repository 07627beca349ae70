//! The thresholds that subnets are held against.

use super::percent::Percent;

/// The thresholds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thresholds {
    /// Part of a subnet's usable addresses in use from which it is a warning.
    pub warn_at: Percent,
    /// The part from which it is critical.
    pub critical_at: Percent,
    /// Fewer free addresses than this are critical.
    pub min_free: Option<u32>,
    /// Fewer assignable prefixes than this are critical.
    pub min_prefixes: Option<u32>,
    /// Single addresses that EC2 can assign below which it is a warning.
    pub single_addresses: u32,
    /// Fragmentation score from which it is worth knowing, where prefixes are in use.
    pub fragmentation_info: Percent,
    /// The score from which it is a warning.
    pub fragmentation_warn: Percent,
    /// Prefixes each node may ask for at once; `None`: its warm prefix target, or 1.
    pub warm_prefixes: Option<u32>,
    /// Nodes that come at once, for which prefixes are kept.
    pub surge_nodes: u32,
    /// Available addresses, by EC2's count, up to which a prefix reservation hides a subnet's space.
    pub hidden_at: u32,
    /// Free addresses that a cluster's upgrade needs in each of its subnets.
    pub upgrade_addresses: u32,
    /// Free addresses that are recommended in each subnet of a cluster.
    pub cluster_addresses: u32,
    /// Free addresses that a load balancer needs in each of its subnets.
    pub load_balancer_addresses: u32,
    /// Part of a zone's addresses in use from which it is nearly full.
    pub zone_full: Percent,
    /// The part up to which another zone has space.
    pub zone_empty: Percent,
    /// Part of a subnet's usable addresses that nodes hold warm beyond their targets from which it is a
    /// warning.
    pub warm_waste: Percent,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            warn_at: Percent::whole(80),
            critical_at: Percent::whole(90),
            min_free: None,
            min_prefixes: None,
            // What a load balancer, the hungriest of the usual ones, asks for at once.
            single_addresses: 8,
            // The bands of AWS's own script (awslabs/aws-support-tools, subnet_frag.py): medium from
            // 50, high from 75.
            fragmentation_info: Percent::whole(50),
            fragmentation_warn: Percent::whole(75),
            warm_prefixes: None,
            surge_nodes: 1,
            hidden_at: 15,
            // "need at least 5 IPs in each subnet" is what EKS answers otherwise (aws/containers-roadmap
            // #1693).
            upgrade_addresses: 5,
            // EKS user guide, "Amazon EKS networking requirements for VPC and subnets".
            cluster_addresses: 16,
            // Elastic Load Balancing user guide, "Subnets for your Application Load Balancer".
            load_balancer_addresses: 8,
            zone_full: Percent::whole(80),
            zone_empty: Percent::whole(50),
            warm_waste: Percent::whole(10),
        }
    }
}
