//! Where nodes and their pods go.

use schemars::JsonSchema;
use serde::Deserialize;

/// How the nodes that a group gets at the start, or by `scale`, `grow` and `burst`, take their
/// addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// One node after another, each with its pods and its warm pool before the next, as a cluster has
    /// them that grew.
    #[default]
    Grown,
    /// All at the same moment: every primary ENI and every pod is served before anyone asks for warm
    /// addresses.
    AtOnce,
}

/// What starts a group's nodes, and so decides which subnet a node goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scaler {
    /// A managed node group, which is an Auto Scaling group.
    #[default]
    ManagedNodeGroup,
    /// An Auto Scaling group: the zone with the fewest of its nodes, and where that is full another
    /// subnet of the zone, or else another zone.
    Asg,
    /// Karpenter: of the zone's subnets the one with the most available addresses as EC2 counts them,
    /// less those of nodes that it has just started; a subnet that refused is left out for a while.
    Karpenter,
    /// Nobody: a node stays in the subnet whose turn it was, and waits there.
    None,
}

/// Which nodes the pods of a burst go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Topology {
    /// The ones with the fewest pods.
    #[default]
    Spread,
    /// One after the other, each as full as it gets.
    Pack,
}
