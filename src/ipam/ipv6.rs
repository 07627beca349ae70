//! A node of an IPv6 cluster: one prefix at start and no pool, so WARM_* and MAX_ENI have no effect
//! (amazon-vpc-cni-k8s v1.23.1, `pkg/ipamd`).

/// Length of the prefix a node's pods take their addresses from: far more than it can run.
pub const PREFIX_LENGTH: u8 = 80;

/// What an IPv6 node takes of its subnet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ipv6Node {
    /// IPv4 addresses, of ENIs only.
    pub ipv4_addresses: u32,
    /// IPv6 addresses of ENIs; those of a trunk and its branches only where the subnet assigns them.
    pub ipv6_addresses: u32,
    /// /80 prefixes.
    pub prefixes: u32,
}

/// What a node takes for any number of ordinary pods, with a trunk ENI or without, and with so many
/// branch ENIs for pods with security groups of their own.
#[must_use]
pub fn node(trunk: bool, branch_enis: u32) -> Ipv6Node {
    let enis = 1 + u32::from(trunk);
    Ipv6Node {
        ipv4_addresses: branch_enis.saturating_add(enis),
        ipv6_addresses: branch_enis.saturating_add(enis),
        prefixes: 1,
    }
}
