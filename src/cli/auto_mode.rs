//! EKS Auto Mode's settings as typed.

use clap::{Args, ValueEnum};

/// What pods' addresses come in: `advancedNetworking.ipv4PrefixSize` of a NodeClass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PrefixSizeArg {
    /// /28 prefixes, and single addresses where no /28 is left
    Auto,
    /// Single addresses
    #[value(name = "32")]
    Single,
}

/// A node of EKS Auto Mode, and its NodeClass.
#[derive(Debug, Clone, Args)]
pub struct AutoModeArgs {
    /// Node of EKS Auto Mode, which has its own CNI
    #[arg(help_heading = "EKS Auto Mode", long)]
    pub auto_mode: bool,
    /// `ipv4PrefixSize` of the NodeClass [default: auto]
    #[arg(
        help_heading = "EKS Auto Mode",
        long,
        value_enum,
        value_name = "SIZE",
        hide_short_help = true,
        requires = "auto_mode"
    )]
    pub ipv4_prefix_size: Option<PrefixSizeArg>,
    /// Pods have their own subnets (`podSubnetSelectorTerms`): no pods on the primary ENI
    #[arg(help_heading = "EKS Auto Mode", long, hide_short_help = true, requires = "auto_mode")]
    pub pod_subnets: bool,
}
