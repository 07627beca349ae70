//! Values of the requirement file that can be written in more than one way.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A lever that a plan may use.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Allowed {
    /// Other warm targets.
    WarmTargets,
    /// Prefix delegation.
    Prefixes,
    /// Pod subnets found by their tags.
    SubnetDiscovery,
    /// Custom networking: pod subnets named by ENIConfigs.
    CustomNetworking,
    /// Subnet CIDR reservations for prefixes.
    Reservations,
    /// Further CIDR blocks of the VPC.
    AddCidrBlock,
    /// Other instance types of the same family.
    OtherTypes,
    /// IPv6 pods.
    Ipv6,
    /// Nodes in subnets that are not routable.
    UnroutableNodes,
    /// Public address space for subnets.
    PublicSpace,
}

impl Allowed {
    /// All of them, in the order in which a candidate's id names them.
    pub const ALL: [Self; 10] = [
        Self::WarmTargets,
        Self::Prefixes,
        Self::SubnetDiscovery,
        Self::CustomNetworking,
        Self::Reservations,
        Self::AddCidrBlock,
        Self::OtherTypes,
        Self::Ipv6,
        Self::UnroutableNodes,
        Self::PublicSpace,
    ];
    /// Those that a requirement allows that names none.
    pub const USUAL: [Self; 6] = [
        Self::WarmTargets,
        Self::Prefixes,
        Self::SubnetDiscovery,
        Self::CustomNetworking,
        Self::Reservations,
        Self::AddCidrBlock,
    ];

    /// Its name in files and output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::WarmTargets => "warm-targets",
            Self::Prefixes => "prefixes",
            Self::SubnetDiscovery => "subnet-discovery",
            Self::CustomNetworking => "custom-networking",
            Self::Reservations => "reservations",
            Self::AddCidrBlock => "add-cidr-block",
            Self::OtherTypes => "other-types",
            Self::Ipv6 => "ipv6",
            Self::UnroutableNodes => "unroutable-nodes",
            Self::PublicSpace => "public-space",
        }
    }
}

/// How many zones may be lost at one time: `true`, `false` or a number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ZoneLoss(pub u32);

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected true, false or a number of zones")]
enum BoolOrNumber {
    Bool(bool),
    Number(u32),
}

impl<'de> Deserialize<'de> for ZoneLoss {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match BoolOrNumber::deserialize(deserializer)? {
            BoolOrNumber::Bool(is_lost) => u32::from(is_lost),
            BoolOrNumber::Number(zones) => zones,
        }))
    }
}

impl Serialize for ZoneLoss {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.0)
    }
}

impl JsonSchema for ZoneLoss {
    fn schema_name() -> Cow<'static, str> {
        "ZoneLoss".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"anyOf": [
            {"type": "boolean"},
            {"type": "integer", "minimum": 0, "maximum": u32::MAX}
        ]})
    }
}

/// Values that are written as one text.
macro_rules! written_as_text {
    ($of:ty, $name:literal, $pattern:literal, $numbers:expr) => {
        impl<'de> Deserialize<'de> for $of {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = match TextOrNumber::deserialize(deserializer)? {
                    TextOrNumber::Number(number) => number.to_string(),
                    TextOrNumber::Decimal(number) => number.to_string(),
                    TextOrNumber::Text(text) => text,
                };
                text.parse().map_err(D::Error::custom)
            }
        }

        impl Serialize for $of {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl JsonSchema for $of {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": $numbers, "pattern": $pattern})
            }
        }
    };
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a text or a number")]
enum TextOrNumber {
    Number(u64),
    Decimal(f64),
    Text(String),
}

/// An inclusive range of numbers, such as `4..16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The lowest.
    pub least: u32,
    /// The highest.
    pub most: u32,
}

impl FromStr for Range {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("`{text}` is neither a number nor a range such as 4..16");
        let (least, most) = text.split_once("..").unwrap_or((text, text));
        let number = |text: &str| text.trim().parse::<u32>().map_err(|_| refused());
        let range = Self { least: number(least)?, most: number(most)? };
        if range.least > range.most {
            return Err(format!("`{text}` begins above its end"));
        }
        Ok(range)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.least, self.most)
    }
}

written_as_text!(Range, "Range", "^[0-9]+(\\.\\.[0-9]+)?$", ["string", "integer"]);

/// CPU in thousandths of a core, written as Kubernetes does: `500m`, `2`, `1.5`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CpuAmount {
    /// Thousandths of a core.
    pub millicores: u64,
}

impl FromStr for CpuAmount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("`{text}` is no amount of CPU such as 500m or 2");
        let millicores = match text.strip_suffix('m') {
            Some(thousandths) => thousandths.parse().map_err(|_| refused())?,
            None => decimal(text, 3).ok_or_else(refused)?,
        };
        if millicores > 1_000_000_000 {
            return Err(refused());
        }
        Ok(Self { millicores })
    }
}

/// A decimal number in units of its last of so many decimals.
fn decimal(text: &str, decimals: usize) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > decimals || whole.is_empty() {
        return None;
    }
    format!("{whole}{part:0<decimals$}").parse().ok()
}

impl fmt::Display for CpuAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.millicores.is_multiple_of(1000) {
            write!(f, "{}", self.millicores / 1000)
        } else {
            write!(f, "{}m", self.millicores)
        }
    }
}

written_as_text!(CpuAmount, "CpuAmount", "^[0-9]+(\\.[0-9]{1,3}|m)?$", ["string", "number"]);

/// Memory in bytes, written as Kubernetes does: `512Mi`, `1Gi`, `500M`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MemoryAmount {
    /// Bytes.
    pub bytes: u64,
}

/// Suffixes of memory, the largest first.
const MEMORY: [(&str, u64); 8] = [
    ("Ti", 1 << 40),
    ("Gi", 1 << 30),
    ("Mi", 1 << 20),
    ("Ki", 1 << 10),
    ("T", 1_000_000_000_000),
    ("G", 1_000_000_000),
    ("M", 1_000_000),
    ("k", 1_000),
];

impl FromStr for MemoryAmount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("`{text}` is no amount of memory such as 512Mi or 1Gi");
        let suffix =
            MEMORY.iter().find_map(|(suffix, unit)| Some((text.strip_suffix(suffix)?, *unit)));
        let (number, unit) = suffix.unwrap_or((text, 1));
        let thousandths = decimal(number, 3).ok_or_else(refused)?;
        let bytes = thousandths.checked_mul(unit).ok_or_else(refused)? / 1000;
        Ok(Self { bytes })
    }
}

impl fmt::Display for MemoryAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let binary = MEMORY
            .iter()
            .take(4)
            .find(|(_, unit)| self.bytes >= *unit && self.bytes.is_multiple_of(*unit));
        match binary {
            Some((suffix, unit)) => write!(f, "{}{suffix}", self.bytes / unit),
            None => write!(f, "{}", self.bytes),
        }
    }
}

written_as_text!(
    MemoryAmount,
    "MemoryAmount",
    "^[0-9]+(\\.[0-9]{1,3})?(Ki|Mi|Gi|Ti|k|M|G|T)?$",
    ["string", "number"]
);

/// A length of time in days, such as `18mo`, `2y`, `26w` or `90d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration {
    /// The number.
    pub number: u32,
    /// Its unit.
    pub unit: DurationUnit,
}

/// The unit of a length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DurationUnit {
    /// Days.
    Days,
    /// Weeks.
    Weeks,
    /// Months.
    Months,
    /// Years.
    Years,
}

impl DurationUnit {
    const ALL: [(&'static str, Self); 4] =
        [("mo", Self::Months), ("y", Self::Years), ("w", Self::Weeks), ("d", Self::Days)];

    fn suffix(self) -> &'static str {
        match self {
            Self::Days => "d",
            Self::Weeks => "w",
            Self::Months => "mo",
            Self::Years => "y",
        }
    }
}

impl Duration {
    /// In months of 365.25 / 12 days.
    #[must_use]
    pub fn months(self) -> f64 {
        const DAYS_PER_MONTH: f64 = 365.25 / 12.0;
        let number = f64::from(self.number);
        match self.unit {
            DurationUnit::Days => number / DAYS_PER_MONTH,
            DurationUnit::Weeks => number * 7.0 / DAYS_PER_MONTH,
            DurationUnit::Months => number,
            DurationUnit::Years => number * 12.0,
        }
    }
}

impl Default for Duration {
    fn default() -> Self {
        Self { number: 12, unit: DurationUnit::Months }
    }
}

impl FromStr for Duration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("`{text}` is no length of time such as 18mo, 2y, 26w or 90d");
        let unit = DurationUnit::ALL
            .into_iter()
            .find_map(|(suffix, unit)| Some((text.strip_suffix(suffix)?, unit)));
        let (number, unit) = unit.ok_or_else(refused)?;
        let number = number.trim().parse().map_err(|_| refused())?;
        if !(1..=10_000).contains(&number) {
            return Err(refused());
        }
        Ok(Self { number, unit })
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.number, self.unit.suffix())
    }
}

written_as_text!(Duration, "Duration", "^[0-9]+(d|w|mo|y)$", ["string"]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_written_as_kubernetes_does() {
        let cpu = |text: &str| text.parse::<CpuAmount>().map(|cpu| cpu.millicores);
        assert_eq!(cpu("500m"), Ok(500));
        assert_eq!(cpu("2"), Ok(2000));
        assert_eq!(cpu("1.5"), Ok(1500));
        assert!(cpu("1.5m").is_err() && cpu("").is_err() && cpu("-1").is_err());
        let memory = |text: &str| text.parse::<MemoryAmount>().map(|memory| memory.bytes);
        assert_eq!(memory("1Gi"), Ok(1 << 30));
        assert_eq!(memory("1.5Gi"), Ok(3 << 29));
        assert_eq!(memory("500M"), Ok(500_000_000));
        assert!(memory("1Pi").is_err() && memory("Gi").is_err());
        assert_eq!("1536Mi".parse::<MemoryAmount>().unwrap().to_string(), "1536Mi");
        assert_eq!("1500m".parse::<CpuAmount>().unwrap().to_string(), "1500m");
    }

    #[test]
    fn times_and_ranges_say_what_is_wrong() {
        assert_eq!("18mo".parse::<Duration>().unwrap().to_string(), "18mo");
        assert!((("2y".parse::<Duration>().unwrap().months()) - 24.0).abs() < 1e-9);
        assert!("18".parse::<Duration>().unwrap_err().contains("`18`"));
        assert_eq!("4..16".parse(), Ok(Range { least: 4, most: 16 }));
        assert_eq!("8".parse(), Ok(Range { least: 8, most: 8 }));
        assert!("16..4".parse::<Range>().is_err());
    }
}
