//! What other settings would save, and what a drain would free.

use clap::Args;

/// Questions about savings.
#[derive(Debug, Clone, Args)]
pub struct UsageArgs {
    /// Addresses that other VPC CNI settings would save; repeatable
    ///
    /// Settings such as 'warm-ip-target=2,minimum-ip-target=12' or 'prefix'. Shows the addresses that each
    /// subnet would save, and the EC2 calls. Requires nodes.json, pods.json and aws-node.json of kubectl.
    #[arg(long, value_name = "SETTINGS", help_heading = "Savings")]
    pub what_if: Vec<String>,
    /// The fewest nodes to drain for K more free /28 blocks in each subnet
    ///
    /// The blocks that come back are beside those that are free now. Of several subnets, those that have K free
    /// blocks now, or no node to drain, are named in a line; '--subnet' shows the plan of one.
    #[arg(long, value_name = "K", help_heading = "Savings", value_parser = clap::value_parser!(u32).range(1..))]
    pub want_prefixes: Option<u32>,
}
