//! Values of the scenario file that can be written in more than one way.

use std::{fmt, net::Ipv4Addr};

use schemars::JsonSchema;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{
        Error as _, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};

use crate::network::Cidr;

/// Addresses of a subnet that others hold at the start.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Used {
    /// A number of single addresses, placed by the seed of the run.
    Count(u32),
    /// A list of addresses and /28 prefixes.
    List(Vec<HeldRange>),
    /// A number of single addresses, placed by this seed.
    Fragments(Fragments),
}

impl<'de> Deserialize<'de> for Used {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UsedVisitor)
    }
}

impl Used {
    /// How many addresses are in use.
    #[must_use]
    pub fn addresses(&self) -> u64 {
        match self {
            Self::Count(count) => u64::from(*count),
            Self::List(list) => list.iter().map(|held| held.size()).sum(),
            Self::Fragments(fragments) => u64::from(fragments.count),
        }
    }
}

/// Reads each form by what it begins with, so that a slip is told where it is.
struct UsedVisitor;

impl<'de> Visitor<'de> for UsedVisitor {
    type Value = Used;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a count, a list of addresses and /28 prefixes, or {count, seed}")
    }

    fn visit_u64<E: serde::de::Error>(self, count: u64) -> Result<Used, E> {
        let count = u32::try_from(count).map_err(|_| E::custom(format!("{count} is too large")))?;
        Ok(Used::Count(count))
    }

    fn visit_i64<E: serde::de::Error>(self, count: i64) -> Result<Used, E> {
        number(count).map(Used::Count)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Used, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Used::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Used, A::Error> {
        Fragments::deserialize(MapAccessDeserializer::new(map)).map(Used::Fragments)
    }
}

impl Default for Used {
    fn default() -> Self {
        Self::Count(0)
    }
}

/// Addresses scattered at random over a subnet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fragments {
    /// The number of addresses.
    pub count: u32,
    /// The seed of the random positions.
    pub seed: u64,
}

/// One address, or one delegated /28.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[schemars(with = "String")]
pub enum HeldRange {
    /// An address.
    Address(Ipv4Addr),
    /// A prefix.
    Prefix(Cidr),
}

impl HeldRange {
    /// Its addresses.
    #[must_use]
    pub fn size(self) -> u64 {
        match self {
            Self::Address(_) => 1,
            Self::Prefix(prefix) => prefix.size(),
        }
    }
}

impl fmt::Display for HeldRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Prefix(prefix) => prefix.fmt(f),
        }
    }
}

impl Serialize for HeldRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HeldRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if let Ok(address) = text.parse() {
            return Ok(Self::Address(address));
        }
        text.parse().map(Self::Prefix).map_err(D::Error::custom)
    }
}

/// A number, or a word that stands for one.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a whole number or a word")]
enum NumberOrWord {
    Number(i64),
    Word(String),
}

fn number<E: serde::de::Error>(number: i64) -> Result<u32, E> {
    u32::try_from(number)
        .map_err(|_| E::custom(format!("{number} is not a count from 0 to {}", u32::MAX)))
}

/// The name of a zone, the whole value of its step. It is read as text: a zone may be called `y` or `1`, which
/// YAML would take for something else.
pub(super) fn zone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    const FORM: &str = "expected the name of a zone, such as `lose_zone: eu-central-1a`";
    String::deserialize(deserializer).map_err(|_| D::Error::custom(FORM))
}

/// A count of nodes; how many can be simulated is checked later.
pub(super) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let written = i64::deserialize(deserializer)?;
    u64::try_from(written).map_err(|_| D::Error::custom(format!("{written} is below 0")))
}

/// Whether a value is written by leaving its key out.
pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What may be left out, and is no `null` where it is not: that could mean the default or none.
pub(super) fn stated<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

pub(super) fn stated_count<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<u64>, D::Error> {
    count(deserializer).map(Some)
}

/// The kubelet's max pods.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MaxPods {
    /// As `eksnet maxpods` says for the settings; the lowest of a group's types.
    #[default]
    Auto,
    /// This many.
    Pods(u32),
}

impl Serialize for MaxPods {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Auto => serializer.serialize_str("auto"),
            Self::Pods(pods) => pods.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for MaxPods {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match NumberOrWord::deserialize(deserializer)? {
            NumberOrWord::Number(n) => number(n).map(Self::Pods),
            NumberOrWord::Word(word) if word == "auto" => Ok(Self::Auto),
            NumberOrWord::Word(word) => {
                Err(D::Error::custom(format!("`{word}` is neither auto nor a number")))
            }
        }
    }
}

/// Pods that need an address, on each node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PodsPerNode {
    /// This many.
    Pods(u32),
    /// As many as max pods leaves.
    Fill,
}

impl Default for PodsPerNode {
    fn default() -> Self {
        Self::Pods(0)
    }
}

impl Serialize for PodsPerNode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Pods(pods) => pods.serialize(serializer),
            Self::Fill => serializer.serialize_str("fill"),
        }
    }
}

impl<'de> Deserialize<'de> for PodsPerNode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match NumberOrWord::deserialize(deserializer)? {
            NumberOrWord::Number(n) => number(n).map(Self::Pods),
            NumberOrWord::Word(word) if word == "fill" => Ok(Self::Fill),
            NumberOrWord::Word(word) => {
                Err(D::Error::custom(format!("`{word}` is neither fill nor a number")))
            }
        }
    }
}

/// A target of the CNI: a number, or `unset` for a variable that is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The variable is absent, which is not the manifest's default.
    Unset,
    /// Its value.
    Value(i64),
}

impl Target {
    /// The variable's value, if it is there.
    #[must_use]
    pub fn value(self) -> Option<i64> {
        match self {
            Self::Unset => None,
            Self::Value(value) => Some(value),
        }
    }
}

impl Serialize for Target {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unset => serializer.serialize_str("unset"),
            Self::Value(value) => value.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match NumberOrWord::deserialize(deserializer)? {
            NumberOrWord::Number(n) => Ok(Self::Value(n)),
            NumberOrWord::Word(word) if word == "unset" => Ok(Self::Unset),
            NumberOrWord::Word(word) => {
                Err(D::Error::custom(format!("`{word}` is neither unset nor a number")))
            }
        }
    }
}

/// A part of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// So many nodes.
    Count(u32),
    /// So many of a hundred.
    Percent(u32),
}

impl Share {
    /// Nodes of a group of `nodes`, rounded up, at least 1 unless it is written as 0.
    #[must_use]
    pub fn of(self, nodes: u32) -> u32 {
        match self {
            Self::Count(count) => count,
            Self::Percent(percent) => {
                let part = u64::from(nodes) * u64::from(percent);
                u32::try_from(part.div_ceil(100)).unwrap_or(u32::MAX)
            }
        }
    }
}

impl Share {
    /// Why it is no disruption budget of Karpenter's.
    #[must_use]
    pub fn budget_fault(self) -> Option<String> {
        match self {
            Self::Percent(percent @ 101..) => {
                Some(format!("a budget is at most 100%, not {percent}%"))
            }
            Self::Count(_) | Self::Percent(_) => None,
        }
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Count(count) => count.serialize(serializer),
            Self::Percent(percent) => serializer.collect_str(&format_args!("{percent}%")),
        }
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match NumberOrWord::deserialize(deserializer)? {
            NumberOrWord::Number(n) => number(n).map(Self::Count),
            // A NodePool writes a count in quotes, as `nodes: "5"`.
            NumberOrWord::Word(word) => {
                let (digits, is_percent) =
                    word.strip_suffix('%').map_or((word.as_str(), false), |part| (part, true));
                let of = if is_percent { Self::Percent } else { Self::Count };
                digits.trim().parse().ok().map(of).ok_or_else(|| {
                    D::Error::custom(format!(
                        "`{word}` is neither a count nor a percentage such as 33%"
                    ))
                })
            }
        }
    }
}
