//! Changes that can make a layout fit: each can be made to a VPC and a cluster that exist.

use std::collections::BTreeMap;

use crate::{cni::ROLE_TAG, network::Cidr};

/// A change that was tried and makes the layout fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// Another pace of the roll-out that failed.
    Pace {
        /// The step's index.
        step: u32,
        /// `max_surge` in nodes.
        max_surge: u32,
        /// `max_unavailable` in nodes.
        max_unavailable: u32,
        /// Whether the surge is Karpenter's disruption budget.
        is_budget: bool,
    },
    /// Other warm targets from the start on, as the scenario's `cni` section spells them.
    WarmTargets {
        /// Each key with its value.
        settings: Vec<(&'static str, u32)>,
    },
    /// Prefix delegation from the start on, with max pods to match.
    PrefixDelegation,
    /// Subnet CIDR reservations for prefixes.
    PrefixReservations {
        /// Each subnet's name with what is reserved of it.
        reservations: Vec<(String, Cidr)>,
    },
    /// Further subnets beside those that are short.
    FurtherSubnets {
        /// Blocks to add to the VPC first, where its own have no space left.
        vpc_blocks: Vec<Cidr>,
        /// The subnets.
        subnets: Vec<FurtherSubnet>,
    },
}

/// A subnet to create, and what to use it for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FurtherSubnet {
    /// A name that no other subnet has.
    pub name: String,
    /// Its zone.
    pub zone: String,
    /// Its block, in the VPC's free space.
    pub cidr: Cidr,
    /// What it is for.
    pub purpose: Purpose,
    /// The groups that get it, if it is for nodes.
    pub node_groups: Vec<String>,
    /// The subnet that is short.
    pub beside: String,
}

/// What a further subnet is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Nodes start in it.
    Nodes,
    /// Subnet discovery finds it for pods.
    Pods,
    /// Both.
    NodesAndPods,
    /// Nodes start in it, and no more in the subnet that is short.
    NodesInPlace,
    /// The zone's ENIConfig names it in place of the subnet that is short.
    EniConfig,
    /// `podSubnetSelectorTerms` of the NodeClass (EKS Auto Mode) selects it in place of the subnet that is
    /// short.
    PodSubnet,
    /// The same for a zone that has no pod subnet; the subnet beside it is the nodes'.
    ZonePodSubnet,
    /// It is a cluster subnet in place of the one that is short.
    ControlPlane,
}

impl Purpose {
    /// Whether nodes start in it.
    pub(super) fn takes_nodes(self) -> bool {
        match self {
            Self::Nodes | Self::NodesAndPods | Self::NodesInPlace => true,
            Self::Pods
            | Self::EniConfig
            | Self::PodSubnet
            | Self::ZonePodSubnet
            | Self::ControlPlane => false,
        }
    }

    /// The tags it needs.
    #[must_use]
    pub fn tags(self) -> BTreeMap<String, String> {
        match self {
            Self::Pods | Self::NodesAndPods => {
                BTreeMap::from([(ROLE_TAG.to_owned(), "1".to_owned())])
            }
            Self::Nodes
            | Self::NodesInPlace
            | Self::EniConfig
            | Self::PodSubnet
            | Self::ZonePodSubnet
            | Self::ControlPlane => BTreeMap::new(),
        }
    }
}

impl FurtherSubnet {
    fn text(&self) -> String {
        let Self { name, zone, cidr, beside, .. } = self;
        let groups = match self.node_groups.as_slice() {
            [group] => format!("node group {group}"),
            groups => format!("node groups {}", groups.join(", ")),
        };
        let tag = format!("the tag {ROLE_TAG}=1");
        let how = match self.purpose {
            Purpose::Nodes => format!("and add it to {groups}"),
            Purpose::Pods => format!("with {tag}"),
            Purpose::NodesAndPods => format!("with {tag}, and add it to {groups}"),
            Purpose::NodesInPlace => format!("and use it for {groups} instead of {beside}"),
            Purpose::EniConfig => {
                format!("and name it in the ENIConfig of {zone} instead of {beside}")
            }
            Purpose::PodSubnet => {
                format!(
                    "and select it in podSubnetSelectorTerms of the NodeClass instead of {beside}"
                )
            }
            Purpose::ZonePodSubnet => {
                "and select it in podSubnetSelectorTerms of the NodeClass".to_owned()
            }
            Purpose::ControlPlane => format!("and make it a cluster subnet instead of {beside}"),
        };
        format!("create subnet {name} ({cidr} in {zone}) {how}")
    }
}

impl Remedy {
    /// What to do, in one line.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Pace { step, max_surge, is_budget: true, .. } => {
                format!(
                    "set the disruption budget to {max_surge} (budget: {max_surge} in step {step})"
                )
            }
            Self::Pace { step, max_surge, max_unavailable, is_budget: false } => format!(
                "set max_surge: {max_surge} and max_unavailable: {max_unavailable} in step {step}"
            ),
            Self::WarmTargets { settings } => {
                let settings = settings
                    .iter()
                    .map(|(key, value)| format!("{}={value}", key.to_ascii_uppercase()));
                format!("set {} on aws-node", settings.collect::<Vec<_>>().join(" and "))
            }
            Self::PrefixDelegation => {
                "set ENABLE_PREFIX_DELEGATION=true on aws-node, and set max pods to its value in \
                 prefix mode"
                    .to_owned()
            }
            Self::PrefixReservations { reservations } => {
                let each = reservations.iter().map(|(subnet, cidr)| {
                    format!("add a prefix reservation of {cidr} to {subnet}")
                });
                each.collect::<Vec<_>>().join("; ")
            }
            Self::FurtherSubnets { vpc_blocks, subnets } => {
                let blocks =
                    vpc_blocks.iter().map(|cidr| format!("add the block {cidr} to the VPC"));
                let subnets = subnets.iter().map(FurtherSubnet::text);
                blocks.chain(subnets).collect::<Vec<_>>().join("; ")
            }
        }
    }
}
