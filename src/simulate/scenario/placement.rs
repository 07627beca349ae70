//! Where nodes and their pods go.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the nodes that start at step 0 or by `scale`, `grow` and `burst` take their addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// One node after another, each with its pods and warm pool before the next, as in a cluster
    /// that grew over time.
    #[default]
    Grown,
    /// All at once: every primary ENI and every pod gets its address before any node takes warm
    /// addresses.
    AtOnce,
}

/// What starts the nodes of a group. It decides the subnet of each node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scaler {
    /// A managed node group, which uses an Auto Scaling group.
    #[default]
    ManagedNodeGroup,
    /// An Auto Scaling group: the zone with the fewest nodes of the group. If its subnet is full,
    /// another subnet of the zone, then another zone.
    Asg,
    /// Karpenter: the subnet of the zone with the most available addresses by EC2's count, minus
    /// those of nodes that were just started. A subnet that refused is skipped for a while.
    Karpenter,
    /// Nothing: each node stays in the subnet that was next in turn, and waits there.
    None,
}

/// What the addresses of pods come in, for nodes of EKS Auto Mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
pub enum PrefixSize {
    /// /28 prefixes, and single addresses where no /28 is left.
    #[default]
    #[serde(rename = "auto", alias = "Auto")]
    Auto,
    /// Single addresses.
    #[serde(rename = "32")]
    Single,
}

/// How the pods of a burst are spread over the nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Topology {
    /// The nodes with the fewest pods first.
    #[default]
    Spread,
    /// One node after another, each as full as possible.
    Pack,
}
