//! Remedies.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::simulate::{FurtherSubnet, Purpose, Remedy};

/// A change that was tried and makes the layout fit, with the same in words.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum RemedyJson<'a> {
    /// Another pace of the roll-out, in nodes.
    Pace { text: String, step: u32, max_surge: u32, max_unavailable: u32 },
    /// Other warm targets from the start on, as the scenario's `cni` section spells them.
    WarmTargets { text: String, settings: BTreeMap<&'static str, u32> },
    /// Prefix delegation from the start on.
    PrefixDelegation { text: String },
    /// Subnet CIDR reservations for prefixes.
    PrefixReservations { text: String, reservations: Vec<PrefixReservationJson<'a>> },
    /// Further subnets, with the blocks that the VPC needs for them first.
    FurtherSubnets { text: String, vpc_blocks: Vec<String>, subnets: Vec<FurtherSubnetJson<'a>> },
}

/// A reservation to make.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PrefixReservationJson<'a> {
    /// The subnet's name.
    subnet: &'a str,
    /// What is reserved of it.
    cidr: String,
}

/// A subnet to create.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct FurtherSubnetJson<'a> {
    /// A name that no other subnet has.
    name: &'a str,
    /// Its zone.
    zone: &'a str,
    /// Its block, in the VPC's free space.
    cidr: String,
    /// The tags it needs.
    tags: BTreeMap<String, String>,
    /// The node groups to give it to.
    node_groups: &'a [String],
    /// The subnet in whose place they get it, if they do not keep it.
    node_subnet_in_place_of: Option<&'a str>,
    /// The subnet in whose place the zone's ENIConfig names it, if it does.
    eni_config_in_place_of: Option<&'a str>,
    /// The subnet in whose place `podSubnetSelectorTerms` of the NodeClass selects it, if it does.
    pod_subnet_in_place_of: Option<&'a str>,
    /// The cluster subnet in whose place it is one, if it is.
    cluster_subnet_in_place_of: Option<&'a str>,
}

impl<'a> RemedyJson<'a> {
    pub(super) fn new(remedy: &'a Remedy) -> Self {
        let text = remedy.text();
        match remedy {
            Remedy::Pace { step, max_surge, max_unavailable, is_budget: _ } => Self::Pace {
                text,
                step: *step,
                max_surge: *max_surge,
                max_unavailable: *max_unavailable,
            },
            Remedy::WarmTargets { settings } => {
                Self::WarmTargets { text, settings: settings.iter().copied().collect() }
            }
            Remedy::PrefixDelegation => Self::PrefixDelegation { text },
            Remedy::PrefixReservations { reservations } => {
                let each = reservations.iter();
                let each = each
                    .map(|(subnet, cidr)| PrefixReservationJson { subnet, cidr: cidr.to_string() });
                Self::PrefixReservations { text, reservations: each.collect() }
            }
            Remedy::FurtherSubnets { vpc_blocks, subnets } => Self::FurtherSubnets {
                text,
                vpc_blocks: vpc_blocks.iter().map(ToString::to_string).collect(),
                subnets: subnets.iter().map(further).collect(),
            },
        }
    }
}

fn further(subnet: &FurtherSubnet) -> FurtherSubnetJson<'_> {
    let beside = |purpose| (subnet.purpose == purpose).then_some(subnet.beside.as_str());
    FurtherSubnetJson {
        name: &subnet.name,
        zone: &subnet.zone,
        cidr: subnet.cidr.to_string(),
        tags: subnet.purpose.tags(),
        node_groups: &subnet.node_groups,
        node_subnet_in_place_of: beside(Purpose::NodesInPlace),
        eni_config_in_place_of: beside(Purpose::EniConfig),
        pod_subnet_in_place_of: beside(Purpose::PodSubnet),
        cluster_subnet_in_place_of: beside(Purpose::ControlPlane),
    }
}
