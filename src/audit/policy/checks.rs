//! The table `checks` of a policy file: a row a check of the registry, and no others.

use std::{borrow::Cow, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, MapAccess, Visitor},
};
use serde_json::{Map, Value, json};

use super::numbers;
use crate::{
    audit::{
        checks::{Check, REGISTRY},
        standards::{Changes, Field, Override, Percent, Thresholds},
    },
    finding::Severity,
    nearest::nearest,
};

impl<'de> Deserialize<'de> for Changes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TableVisitor)
    }
}

/// A check by its id.
pub(super) struct CheckName(pub(super) &'static Check);

impl<'de> Deserialize<'de> for CheckName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        REGISTRY.iter().find(|check| check.id == id).map(Self).ok_or_else(|| {
            let ids = || REGISTRY.iter().map(|check| check.id);
            let text = nearest(&id, ids()).map_or_else(
                || format!("the checks are {}", ids().collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            D::Error::custom(format!("no check `{id}`: {text}"))
        })
    }
}

struct TableVisitor;

impl<'de> Visitor<'de> for TableVisitor {
    type Value = Changes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("checks by id, such as {utilization: {warn: 70}}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Changes, A::Error> {
        let mut changes = Changes::default();
        while let Some(CheckName(check)) = map.next_key()? {
            let row = map.next_value_seed(CheckRow { check, bars: &mut changes.bars })?;
            if changes.checks.insert(check.id, row).is_some() {
                return Err(A::Error::custom(format!("`{}` is listed twice", check.id)));
            }
        }
        Ok(changes)
    }
}

/// One check's row, while it is read.
struct CheckRow<'a> {
    check: &'static Check,
    bars: &'a mut Thresholds,
}

impl<'de> DeserializeSeed<'de> for CheckRow<'_> {
    type Value = Override;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Override, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for CheckRow<'_> {
    type Value = Override;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the settings of `{}`: {}", self.check.id, keys(self.check).join(", "))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Override, A::Error> {
        let mut row = Override::default();
        while let Some(key) = map.next_key_seed(CheckKey(self.check))? {
            match key {
                KeyOf::Enabled => row.enabled = map.next_value()?,
                KeyOf::Severity => row.severity = Some(map.next_value()?),
                KeyOf::Number(field) => map.next_value_seed(Number { field, bars: self.bars })?,
            }
        }
        in_order(self.bars).map_err(A::Error::custom)?;
        Ok(row)
    }
}

/// Bars that come in pairs, the lower one first.
fn in_order(bars: &Thresholds) -> Result<(), String> {
    let pairs: [(&str, Percent, &str, Percent); 3] = [
        ("warn", bars.warn_at, "critical", bars.critical_at),
        ("info", bars.fragmentation_info, "warning", bars.fragmentation_warn),
        ("empty", bars.zone_empty, "full", bars.zone_full),
    ];
    match pairs.into_iter().find(|(_, lower, _, upper)| lower > upper) {
        Some((low, lower, up, upper)) => Err(format!("{low} {lower} is above {up} {upper}")),
        None => Ok(()),
    }
}

/// A key of a check's row.
enum KeyOf {
    Enabled,
    Severity,
    Number(Field),
}

struct CheckKey(&'static Check);

impl<'de> DeserializeSeed<'de> for CheckKey {
    type Value = KeyOf;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<KeyOf, D::Error> {
        let key = String::deserialize(deserializer)?;
        match key.as_str() {
            "enabled" => return Ok(KeyOf::Enabled),
            "severity" => return Ok(KeyOf::Severity),
            _ => {}
        }
        let number = self.0.tunables.iter().find(|tunable| tunable.name == key);
        number.map(|tunable| KeyOf::Number(tunable.field)).ok_or_else(|| {
            let keys = keys(self.0);
            let text = nearest(&key, keys.iter().copied()).map_or_else(
                || format!("it has {}", keys.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            D::Error::custom(format!("`{}` has no `{key}`: {text}", self.0.id))
        })
    }
}

fn keys(check: &Check) -> Vec<&'static str> {
    let own = check.tunables.iter().map(|tunable| tunable.name);
    ["enabled", "severity"].into_iter().chain(own).collect()
}

/// A number, read into its place.
struct Number<'a> {
    field: Field,
    bars: &'a mut Thresholds,
}

impl<'de> DeserializeSeed<'de> for Number<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.field {
            Field::Percent(of) => *of(self.bars) = numbers::percent(deserializer)?,
            Field::Count(of) => *of(self.bars) = numbers::count(deserializer)?,
            Field::Option(of) => *of(self.bars) = Some(numbers::count(deserializer)?),
        }
        Ok(())
    }
}

impl JsonSchema for Changes {
    fn schema_name() -> Cow<'static, str> {
        "Checks".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let severity = generator.subschema_for::<Severity>();
        let rows: Map<String, Value> = REGISTRY
            .iter()
            .map(|check| (check.id.to_owned(), row_schema(check, &severity)))
            .collect();
        json_schema!({
            "description": "Settings of checks, by check id.",
            "type": "object",
            "properties": rows,
            "additionalProperties": false,
        })
    }
}

fn row_schema(check: &Check, severity: &Schema) -> Value {
    let mut properties = Map::new();
    let enabled =
        json!({"description": "Whether the check runs.", "type": "boolean", "default": true});
    properties.insert("enabled".to_owned(), enabled);
    properties.insert("severity".to_owned(), severity.clone().to_value());
    for tunable in check.tunables {
        let mut number = match tunable.field {
            Field::Percent(_) => {
                json!({"type": ["number", "string"], "minimum": 0, "maximum": 100})
            }
            Field::Count(_) | Field::Option(_) => {
                json!({"type": "integer", "minimum": 0, "maximum": u32::MAX})
            }
        };
        if let Value::Object(number) = &mut number {
            let default = tunable.default_text();
            let about = default.map_or_else(
                || format!("{}.", tunable.about),
                |default| format!("{}. Default: {default}.", tunable.about),
            );
            number.insert("description".to_owned(), about.into());
        }
        properties.insert(tunable.name.to_owned(), number);
    }
    json!({
        "description": format!("{}.", check.about),
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

impl JsonSchema for CheckName {
    fn schema_name() -> Cow<'static, str> {
        "Check".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let ids: Vec<&str> = REGISTRY.iter().map(|check| check.id).collect();
        json_schema!({ "description": "A check's id.", "type": "string", "enum": ids })
    }
}
