//! What could be saved, and what a drain would give back.

use clap::Args;

/// Questions beyond what is there.
#[derive(Debug, Clone, Args)]
pub struct UsageArgs {
    /// Other settings of the VPC CNI than the daemonset's, such as
    /// 'warm-ip-target=2,minimum-ip-target=12' or 'prefix': the addresses that each subnet would save,
    /// and the EC2 calls; may be repeated. Wants nodes.json, pods.json and aws-node.json of kubectl
    #[arg(long, value_name = "SETTINGS", help_heading = "What could be saved")]
    pub what_if: Vec<String>,
    /// The smallest sets of nodes whose drain gives back so many /28 blocks, a subnet each
    #[arg(long, value_name = "K", help_heading = "What could be saved", value_parser = clap::value_parser!(u32).range(1..))]
    pub want_prefixes: Option<u32>,
}
