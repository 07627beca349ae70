//! Remedies.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::simulate::Remedy;

/// A change that was tried and makes the layout fit, with the same in words.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum RemedyJson<'a> {
    /// More addresses in these subnets.
    Addresses { text: String, subnets: Vec<MoreAddressesJson<'a>> },
    /// Larger subnets in place of these.
    LargerSubnet { text: String, subnets: Vec<LargerSubnetJson<'a>> },
    /// Another pace of the roll-out, in nodes.
    Pace { text: String, step: u32, max_surge: u32, max_unavailable: u32 },
    /// Other warm targets from the start on, as the scenario's `cni` section spells them.
    WarmTargets { text: String, settings: BTreeMap<&'static str, u32> },
}

/// A subnet with more addresses.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MoreAddressesJson<'a> {
    /// Its name.
    name: &'a str,
    /// How many more.
    addresses: u32,
}

/// A subnet of another size.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct LargerSubnetJson<'a> {
    /// Its name.
    name: &'a str,
    /// The prefix length it would need.
    prefix_length: u8,
}

impl<'a> RemedyJson<'a> {
    pub(super) fn new(remedy: &'a Remedy) -> Self {
        let text = remedy.text();
        match remedy {
            Remedy::Addresses { subnets } => {
                let more = subnets.iter();
                let more = more.map(|(name, more)| MoreAddressesJson { name, addresses: *more });
                Self::Addresses { text, subnets: more.collect() }
            }
            Remedy::LargerSubnet { subnets } => {
                let larger = subnets.iter();
                let larger =
                    larger.map(|(name, len)| LargerSubnetJson { name, prefix_length: *len });
                Self::LargerSubnet { text, subnets: larger.collect() }
            }
            Remedy::Pace { step, max_surge, max_unavailable } => Self::Pace {
                text,
                step: *step,
                max_surge: *max_surge,
                max_unavailable: *max_unavailable,
            },
            Remedy::WarmTargets { settings } => {
                Self::WarmTargets { text, settings: settings.iter().copied().collect() }
            }
        }
    }
}
