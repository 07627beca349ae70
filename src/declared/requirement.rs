//! Requirements of a NodePool, each a question about a label of an instance type.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::place::{DeclaredError, Place};

/// What is asked of a label's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Operator {
    /// It is one of some.
    In,
    /// It is none of some, or absent.
    NotIn,
    /// It is there.
    Exists,
    /// It is absent.
    DoesNotExist,
    /// It is a number above one.
    Gt,
    /// It is a number below one.
    Lt,
    /// It is a number at or above one.
    Gte,
    /// It is a number at or below one.
    Lte,
}

impl Operator {
    const ALL: [(&'static str, Self); 8] = [
        ("In", Self::In),
        ("NotIn", Self::NotIn),
        ("Exists", Self::Exists),
        ("DoesNotExist", Self::DoesNotExist),
        ("Gt", Self::Gt),
        ("Lt", Self::Lt),
        ("Gte", Self::Gte),
        ("Lte", Self::Lte),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, operator)| *operator)
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL.iter().find(|(_, operator)| operator == self);
        f.write_str(name.map_or("", |(name, _)| name))
    }
}

/// One requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Requirement {
    /// The label's key, an old name replaced by the one that holds today.
    pub key: String,
    /// What is asked.
    pub operator: Operator,
    /// The values to compare with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// Different values that must be left at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_values: Option<u32>,
}

/// Old names with those of today (karpenter `pkg/apis/v1/labels.go`, NormalizedLabels).
const OLD_KEYS: &[(&str, &str)] = &[
    ("beta.kubernetes.io/arch", "kubernetes.io/arch"),
    ("beta.kubernetes.io/os", "kubernetes.io/os"),
    ("beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type"),
    ("failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"),
    ("failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"),
];

/// A key as it is named today.
fn today(key: &str) -> String {
    let known = OLD_KEYS.iter().find(|(old, _)| *old == key);
    known.map_or(key, |(_, new)| new).to_owned()
}

impl Requirement {
    /// A label that the NodePool puts on its nodes, which binds its types as a requirement does
    /// (karpenter `pkg/controllers/provisioning/scheduling/nodeclaimtemplate.go`).
    pub(super) fn of_label((key, value): (String, String)) -> Self {
        let (operator, key) = (Operator::In, today(&key));
        Self { key, operator, values: vec![value], min_values: None }
    }

    pub(super) fn read(place: &Place<'_>) -> Result<Self, DeclaredError> {
        place.no_slips(&["key", "operator", "values", "minValues"])?;
        let Some(key) = place.text("key")? else {
            return Err(place.error("a requirement needs `key`"));
        };
        let Some(operator) = place.key("operator")? else {
            return Err(place.error("a requirement needs `operator`"));
        };
        let name = operator.scalar()?;
        let Some(kind) = Operator::named(&name) else {
            let names: Vec<_> = Operator::ALL.iter().map(|(name, _)| *name).collect();
            let message = format!("`{name}` is not one of {}", names.join(", "));
            return Err(operator.error(&message));
        };
        let values =
            place.list("values")?.iter().map(Place::scalar).collect::<Result<Vec<_>, _>>()?;
        let count = match kind {
            Operator::In if values.is_empty() => Some("at least one value"),
            Operator::Gt | Operator::Lt | Operator::Gte | Operator::Lte
                if bound(&values).is_none() =>
            {
                Some("one value, a whole number from 0")
            }
            Operator::Exists | Operator::DoesNotExist if !values.is_empty() => Some("no value"),
            Operator::In
            | Operator::NotIn
            | Operator::Exists
            | Operator::DoesNotExist
            | Operator::Gt
            | Operator::Lt
            | Operator::Gte
            | Operator::Lte => None,
        };
        if let Some(wanted) = count {
            let there = if values.is_empty() { "none".to_owned() } else { values.join(", ") };
            let message = format!("operator {kind} takes {wanted}, and `values` has {there}");
            return Err(place.error(&message));
        }
        let min_values = place.count("minValues")?;
        Ok(Self { key: today(&key), operator: kind, values, min_values })
    }

    /// Whether a label of this value answers it; `None` is a label that is absent (karpenter
    /// `pkg/scheduling/requirement.go`).
    #[must_use]
    pub fn admits(&self, value: Option<&str>) -> bool {
        let Some(value) = value else {
            return matches!(self.operator, Operator::NotIn | Operator::DoesNotExist);
        };
        let compare = |holds: fn(u64, u64) -> bool| {
            let numbers = value.parse().ok().zip(bound(&self.values));
            numbers.is_some_and(|(number, bound)| holds(number, bound))
        };
        match self.operator {
            Operator::In => self.values.iter().any(|wanted| wanted == value),
            Operator::NotIn => !self.values.iter().any(|wanted| wanted == value),
            Operator::Exists => true,
            Operator::DoesNotExist => false,
            Operator::Gt => compare(|number, bound| number > bound),
            Operator::Lt => compare(|number, bound| number < bound),
            Operator::Gte => compare(|number, bound| number >= bound),
            Operator::Lte => compare(|number, bound| number <= bound),
        }
    }
}

/// The number that a comparison is with.
fn bound(values: &[String]) -> Option<u64> {
    match values {
        [value] => value.parse().ok(),
        _ => None,
    }
}
