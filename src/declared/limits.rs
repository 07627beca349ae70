//! What a NodePool may start at most (`spec.limits`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    place::{DeclaredError, Place},
    quantity::Quantity,
};

/// The most of a NodePool; `None` is no limit. Karpenter stops before the node that would pass one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Limits {
    /// Thousandths of a vCPU.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_thousandths: Option<u64>,
    /// Bytes of memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
    /// Nodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nodes: Option<u64>,
}

impl Limits {
    /// Whether nothing is limited.
    #[must_use]
    pub fn is_unlimited(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn read(spec: &Place<'_>) -> Result<Self, DeclaredError> {
        let Some(limits) = spec.key("limits")? else { return Ok(Self::default()) };
        limits.no_slips(&["cpu", "memory", "nodes", "ephemeral-storage", "pods"])?;
        let amount = |key: &str| {
            let read = |place: Place<'_>| {
                Quantity::parse(&place.scalar()?).map_err(|error| place.error(&error.to_string()))
            };
            limits.key(key)?.map(read).transpose()
        };
        Ok(Self {
            cpu_thousandths: amount("cpu")?.map(Quantity::thousandths),
            memory_bytes: amount("memory")?.map(Quantity::units),
            nodes: amount("nodes")?.map(Quantity::units),
        })
    }
}
