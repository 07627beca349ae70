//! Values of the add-on's configuration, apart from what they are written in.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// A part of the configuration: ids of subnets are written in another way in each file.
pub(super) enum ConfigValue {
    Text(String),
    Truth(bool),
    Number(u32),
    /// The id of the subnet of this name.
    SubnetId(String),
    Fields(BTreeMap<String, Self>),
}

impl ConfigValue {
    /// As JSON, with what a subnet's id is there.
    pub(super) fn json(&self, id: &impl Fn(&str) -> String) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Truth(truth) => json!(truth),
            Self::Number(number) => json!(number),
            Self::SubnetId(subnet) => json!(id(subnet)),
            Self::Fields(fields) => {
                fields.iter().map(|(key, value)| (key.clone(), value.json(id))).collect()
            }
        }
    }
}
