//! The limits of a NodePool as a scenario writes them, in the words of Karpenter's `spec.limits`.

use std::{borrow::Cow, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Visitor},
};

use super::values::{is_default, stated};
use crate::declared::{Limits, Quantity};

/// The most that a NodePool starts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PoolLimits {
    /// vCPUs of all nodes together, such as 1000.
    #[serde(deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub cpu: Option<Amount>,
    /// Memory of all nodes together, such as 1000Gi.
    #[serde(deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub memory: Option<Amount>,
    /// Nodes.
    #[serde(deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub nodes: Option<Amount>,
}

impl PoolLimits {
    /// The same as numbers.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits {
            cpu_thousandths: self.cpu.as_ref().map(|amount| amount.quantity.thousandths()),
            memory_bytes: self.memory.as_ref().map(|amount| amount.quantity.units()),
            nodes: self.nodes.as_ref().map(|amount| amount.quantity.units()),
        }
    }
}

/// An amount as Kubernetes writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    written: String,
    quantity: Quantity,
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.written.parse::<u64>() {
            Ok(number) => serializer.serialize_u64(number),
            Err(_) => serializer.serialize_str(&self.written),
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AmountVisitor)
    }
}

struct AmountVisitor;

impl Visitor<'_> for AmountVisitor {
    type Value = Amount;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount, such as 1000 or 64Gi")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Amount, E> {
        let quantity = Quantity::parse(text).map_err(E::custom)?;
        Ok(Amount { written: text.to_owned(), quantity })
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Amount, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Amount, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Amount, E> {
        self.visit_str(&number.to_string())
    }
}

impl JsonSchema for Amount {
    fn schema_name() -> Cow<'static, str> {
        "Amount".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An amount as Kubernetes writes it: `1000`, `500m`, `64Gi`.",
            "anyOf": [
                {"type": "number", "minimum": 0},
                {"type": "string", "pattern": "^[0-9]*\\.?[0-9]*([EPTGMk]i?|m|[eE][0-9]+)?$"}
            ]
        })
    }
}
