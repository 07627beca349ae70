//! The JSON Schema of the scenario file, for editors and for programs that write scenarios. What the
//! derived parts do not tell stands here: the version, and the values that are a number or a word.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::{
    text::Scenario,
    values::{MaxPods, PodsPerNode, Share, Target},
};

/// The schema of a scenario of version 1.
#[must_use]
pub fn scenario_schema() -> Schema {
    strict_schema(schemars::schema_for!(Scenario), "eksnet scenario")
}

/// The schema of a file of version 1 that is read as strictly as a scenario: its title, its version,
/// and no `null` where a value may be left out.
#[must_use]
pub fn strict_schema(mut schema: Schema, title: &str) -> Schema {
    schema.insert("title".to_owned(), title.into());
    if let Some(version) = schema.pointer_mut("/properties/version") {
        *version =
            serde_json::json!({"description": "The version of the file format: 1.", "const": 1});
    }
    if let Some(root) = schema.as_object_mut() {
        root.values_mut().for_each(without_null);
    }
    schema
}

/// Takes `null` out of what may be left out: the reader takes none.
fn without_null(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, value| key != "default" || !value.is_null());
            if let Some(Value::Array(types)) = map.get_mut("type") {
                types.retain(|name| name != "null");
            }
            if let Some(Value::Array(any)) = map.get_mut("anyOf") {
                any.retain(|schema| schema.get("type").is_none_or(|name| name != "null"));
            }
            map.values_mut().for_each(without_null);
        }
        Value::Array(list) => list.iter_mut().for_each(without_null),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

macro_rules! number_or_word {
    ($of:ty, $name:literal, $number:tt, $word:tt) => {
        impl JsonSchema for $of {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"anyOf": [$number, $word]})
            }
        }
    };
}

number_or_word!(MaxPods, "MaxPods", {"type": "integer", "minimum": 0, "maximum": u32::MAX}, {
    "description": "The value that `eksnet maxpods` computes.", "const": "auto"
});
number_or_word!(PodsPerNode, "PodsPerNode", {"type": "integer", "minimum": 0, "maximum": u32::MAX}, {
    "description": "As many as max pods allows.", "const": "fill"
});
number_or_word!(Target, "Target", {"type": "integer"}, {
    "description": "The variable is not set, which differs from the manifest's default.", "const": "unset"
});
number_or_word!(Share, "Share", {"type": "integer", "minimum": 0, "maximum": u32::MAX}, {
    "description": "A percentage of the group's nodes, or a count in quotes.", "type": "string", "pattern": "^[0-9]+( *%)?$"
});
