//! Changes that can make a layout fit.

/// A change that was tried and makes the layout fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// So many more addresses in these subnets, beyond what they have; in prefix mode whole aligned
    /// /28 blocks of them.
    Addresses {
        /// Each subnet's name with how many.
        subnets: Vec<(String, u32)>,
    },
    /// Larger subnets in place of these.
    LargerSubnet {
        /// Each subnet's name with the prefix length it would need.
        subnets: Vec<(String, u8)>,
    },
    /// Another pace of the roll-out that failed.
    Pace {
        /// The step's index.
        step: u32,
        /// `max_surge` in nodes.
        max_surge: u32,
        /// `max_unavailable` in nodes.
        max_unavailable: u32,
    },
    /// Other warm targets from the start on, as the scenario's `cni` section spells them.
    WarmTargets {
        /// Each key with its value.
        settings: Vec<(&'static str, u32)>,
    },
}

impl Remedy {
    /// What to do, in one line.
    #[must_use]
    pub fn text(&self) -> String {
        let list = |items: Vec<String>| items.join(", ");
        match self {
            Self::Addresses { subnets } => list(
                subnets
                    .iter()
                    .map(|(name, more)| format!("{more} more addresses in {name}"))
                    .collect(),
            ),
            Self::LargerSubnet { subnets } => {
                list(subnets.iter().map(|(name, len)| format!("a /{len} for {name}")).collect())
            }
            Self::Pace { step, max_surge, max_unavailable } => {
                format!("max_surge: {max_surge}, max_unavailable: {max_unavailable} in step {step}")
            }
            Self::WarmTargets { settings } => {
                list(settings.iter().map(|(key, value)| format!("{key}: {value}")).collect())
            }
        }
    }
}
