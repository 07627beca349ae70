//! What an instance is launched with, as typed.

use clap::Args;

/// ENIs beside the primary one that are there from the launch on.
#[derive(Debug, Clone, Copy, Args)]
pub struct ExtraEniArgs {
    /// EFA interfaces (type efa); the first is the primary ENI
    #[arg(
        help_heading = "Launch",
        long,
        value_name = "N",
        default_value_t = 0,
        hide_default_value = true,
        hide_short_help = true
    )]
    pub efa: u32,
    /// EFA-only interfaces (type efa-only), which have no address
    #[arg(
        help_heading = "Launch",
        long,
        value_name = "N",
        default_value_t = 0,
        hide_default_value = true,
        hide_short_help = true
    )]
    pub efa_only: u32,
    /// ENIs that the VPC CNI does not manage (tag no_manage, MANAGE_UNTAGGED_ENI=false)
    #[arg(
        help_heading = "Launch",
        long,
        value_name = "N",
        default_value_t = 0,
        hide_default_value = true,
        hide_short_help = true
    )]
    pub unmanaged_enis: u32,
}

/// Addresses that an instance holds from its launch on.
#[derive(Debug, Clone, Copy, Args)]
pub struct LaunchArgs {
    /// ENIs beside the primary one.
    #[command(flatten)]
    pub enis: ExtraEniArgs,
    /// Addresses of each ENI that the VPC CNI does not manage [default: 1]
    #[arg(
        help_heading = "Launch",
        long,
        value_name = "N",
        requires = "unmanaged_enis",
        hide_short_help = true,
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    pub unmanaged_addresses: Option<u32>,
    /// Prefixes of the primary ENI: ipv4_prefix_count of a launch template
    #[arg(
        help_heading = "Launch",
        long,
        value_name = "N",
        default_value_t = 0,
        hide_default_value = true,
        hide_short_help = true
    )]
    pub ipv4_prefix_count: u32,
    /// Prefixes of the primary ENI and each EFA interface: Karpenter's ipPrefixCount
    #[arg(
        help_heading = "Launch",
        long,
        value_name = "N",
        default_value_t = 0,
        hide_default_value = true,
        hide_short_help = true,
        conflicts_with_all = ["ipv4_prefix_count", "ipv6"]
    )]
    pub ip_prefix_count: u32,
    /// Secondary addresses of the primary ENI: ipv4_address_count
    #[arg(
        help_heading = "Launch",
        long,
        value_name = "N",
        default_value_t = 0,
        hide_default_value = true,
        hide_short_help = true
    )]
    pub ipv4_address_count: u32,
}
