//! Which subnets a NodeClass selects, and which interfaces its instances start with.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::place::{DeclaredError, Place};

/// A term of `subnetSelectorTerms`: what it names must all fit; of several terms one is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubnetTerm {
    /// The subnet's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The subnet's CIDR.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cidr: Option<String>,
    /// Tags with their values; `*` is any text, `?` one character or none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

impl SubnetTerm {
    pub(super) fn read_all(spec: &Place<'_>, key: &str) -> Result<Vec<Self>, DeclaredError> {
        spec.list(key)?.iter().map(Self::read).collect()
    }

    fn read(place: &Place<'_>) -> Result<Self, DeclaredError> {
        place.no_slips(&["id", "tags", "cidr", "name"])?;
        let term =
            Self { id: place.text("id")?, cidr: place.text("cidr")?, tags: place.texts("tags")? };
        // Karpenter refuses a term that says nothing.
        if term == Self::default() {
            return Err(place.error("the term selects by nothing: set `id` or `tags`"));
        }
        Ok(term)
    }

    /// Whether it selects a subnet of this id, CIDR and these tags (karpenter-provider-aws
    /// `pkg/providers/subnet`: filters of DescribeSubnets).
    #[must_use]
    pub fn selects(&self, id: &str, cidr: Option<&str>, tags: &BTreeMap<String, String>) -> bool {
        self.id.as_deref().is_none_or(|wanted| wanted == id)
            && self.cidr.as_deref().is_none_or(|wanted| Some(wanted) == cidr)
            && self
                .tags
                .iter()
                .all(|(key, wanted)| tags.get(key).is_some_and(|value| fits(wanted, value)))
    }
}

/// Whether a value is what an EC2 filter asks for: `*` is any text, `?` one character or none, and a backslash
/// takes such a meaning from what follows it (EC2 user guide, "List and filter using the CLI and API").
fn fits(wanted: &str, value: &str) -> bool {
    // Which beginnings of the value fit what was looked at, by their length.
    let value: Vec<char> = value.chars().collect();
    let mut fitting: Vec<bool> = (0..=value.len()).map(|len| len == 0).collect();
    let mut wanted = wanted.chars();
    while let Some(next) = wanted.next() {
        let literal = match next {
            '*' => {
                let first = fitting.iter().position(|fits| *fits).unwrap_or(fitting.len());
                fitting.iter_mut().skip(first).for_each(|fits| *fits = true);
                continue;
            }
            '?' => None,
            '\\' => Some(wanted.next().unwrap_or('\\')),
            other => Some(other),
        };
        let mut before = false;
        for (len, fits) in fitting.iter_mut().enumerate() {
            let last = len.checked_sub(1).and_then(|at| value.get(at));
            let one_more = before && literal.is_none_or(|wanted| last == Some(&wanted));
            before = *fits;
            *fits = one_more || (literal.is_none() && before);
        }
    }
    fitting.last() == Some(&true)
}

/// What an interface is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LaunchInterfaceKind {
    /// An ordinary one, with an address.
    Interface,
    /// EFA with an address.
    Efa,
    /// EFA without an address.
    EfaOnly,
}

/// An interface that an instance starts with (`networkInterfaces`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LaunchInterface {
    /// The network card it is on.
    pub card: u32,
    /// Its index on the card.
    pub device: u32,
    /// What it is.
    pub kind: LaunchInterfaceKind,
    /// Addresses besides its own, where it starts with some (EKS Auto Mode).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addresses: Option<u32>,
    /// Prefixes that it starts with (EKS Auto Mode).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefixes: Option<u32>,
}

impl LaunchInterface {
    pub(super) fn read_all(spec: &Place<'_>) -> Result<Vec<Self>, DeclaredError> {
        spec.list("networkInterfaces")?.iter().map(Self::read).collect()
    }

    fn read(place: &Place<'_>) -> Result<Self, DeclaredError> {
        place.no_slips(&[
            "networkCardIndex",
            "deviceIndex",
            "interfaceType",
            "secondaryIPv4Count",
            "secondaryIPv4PrefixCount",
        ])?;
        let kind = match place.key("interfaceType")? {
            None => LaunchInterfaceKind::Interface,
            Some(kind) => match kind.scalar()?.as_str() {
                "interface" => LaunchInterfaceKind::Interface,
                "efa" => LaunchInterfaceKind::Efa,
                "efa-only" => LaunchInterfaceKind::EfaOnly,
                other => {
                    let message = format!("`{other}` is not one of interface, efa, efa-only");
                    return Err(kind.error(&message));
                }
            },
        };
        Ok(Self {
            card: place.count("networkCardIndex")?.unwrap_or(0),
            device: place.count("deviceIndex")?.unwrap_or(0),
            kind,
            addresses: place.count("secondaryIPv4Count")?,
            prefixes: place.count("secondaryIPv4PrefixCount")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The user guide's example: `prod*` finds prod, prods and production, `prod?` the first two.
    #[test]
    fn values_fit_as_filters_of_ec2_do() {
        for (wanted, yes, no) in [
            ("*", &["", "a"][..], &[][..]),
            ("prod", &["prod"], &["Prod", "prods", ""]),
            ("prod*", &["prod", "prods", "production"], &["prd", "a-prod"]),
            ("prod?", &["prod", "prods"], &["production", "pro"]),
            ("*-a*c", &["x-abc", "-ac", "-a-ac"], &["x-ab", "ac"]),
            (r"a\*", &["a*"], &["ab", "a"]),
            ("[a]", &["[a]"], &["a"]),
            ("", &[""], &["a"]),
        ] {
            let fitting =
                |values: &[&str]| values.iter().filter(|value| fits(wanted, value)).count();
            assert_eq!((fitting(yes), fitting(no)), (yes.len(), 0), "{wanted}");
        }
        assert!(!fits(&"*a".repeat(500), &"b".repeat(5000)));
    }
}
