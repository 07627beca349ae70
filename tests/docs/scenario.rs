//! The keys of a scenario and of a requirement, as their JSON Schemas describe them.

use std::{error::Error, fs, process::Command};

use serde_json::{Map, Value};

use crate::{Outcome, generated, root};

#[test]
fn generated_keys_are_current() -> Outcome {
    for (name, path) in [("scenario", "docs/scenario.md"), ("requirement", "docs/plan.md")] {
        let output = Command::new(env!("CARGO_BIN_EXE_eksnet"))
            .args(["generate", "schema", name])
            .output()?;
        let schema: Value = serde_json::from_slice(&output.stdout)?;
        let path = root().join(path);
        let text = fs::read_to_string(&path)?;
        let title = "\n## Keys\n\n";
        let (before, _) = text.split_once(title).ok_or("the keys come last")?;
        generated::hold(&path, &format!("{before}{title}{}", keys(&schema)?))?;
    }
    Ok(())
}

/// A section for the file, and one for each kind of object in it.
fn keys(schema: &Value) -> Result<String, Box<dyn Error>> {
    let mut sections = vec![section("the file", schema, schema)];
    for (name, kind) in schema["$defs"].as_object().ok_or("a schema has kinds")? {
        if kind["properties"].is_object() {
            sections.push(section(name, kind, schema));
        } else if name == "Step" {
            sections.push(steps(kind, schema));
        } else if let Some(values) = values(kind) {
            sections.push(format!("### {name}\n\n{}\n\n{values}", sentence(kind)));
        }
    }
    Ok(sections.join("\n"))
}

/// An object's keys, a row each.
fn section(name: &str, object: &Value, schema: &Value) -> String {
    let rows: Vec<String> = properties(object)
        .map(|(key, of)| {
            let required =
                object["required"].as_array().is_some_and(|all| all.iter().any(|one| one == key));
            let default = match of.get("default") {
                Some(Value::Null) | None => String::new(),
                Some(Value::String(word)) if !word.is_empty() => format!("`{word}`"),
                Some(value) => format!("`{value}`"),
            };
            let default = if required { "required".into() } else { default };
            format!("| `{key}` | {} | {default} | {} |\n", type_of(of, schema), sentence(of))
        })
        .collect();
    format!(
        "### {name}\n\n{}\n\n| key | type | default | meaning |\n|---|---|---|---|\n{}",
        sentence(object),
        rows.concat()
    )
}

/// The steps, a row each with the keys that it takes.
fn steps(step: &Value, schema: &Value) -> String {
    let rows: Vec<String> = variants(step)
        .filter_map(|variant| properties(variant).next().map(|(name, of)| (name, of, variant)))
        .map(|(name, of, variant)| {
            let keys: Vec<String> = properties(of)
                .map(|(key, of)| format!("`{key}` ({}): {}", type_of(of, schema), sentence(of)))
                .collect();
            let takes = if keys.is_empty() { type_of(of, schema) } else { keys.join("<br>") };
            format!("| `{name}` | {takes} | {} |\n", sentence(variant))
        })
        .collect();
    format!(
        "### Step\n\n{}\n\n| step | takes | what happens |\n|---|---|---|\n{}",
        sentence(step),
        rows.concat()
    )
}

/// The words that a text can be, a row each; `None` for anything else.
fn values(kind: &Value) -> Option<String> {
    let rows: Option<Vec<String>> = variants(kind)
        .map(|value| Some(format!("| `{}` | {} |\n", value["const"].as_str()?, sentence(value))))
        .collect();
    rows.filter(|rows| !rows.is_empty())
        .map(|rows| format!("| value | meaning |\n|---|---|\n{}", rows.concat()))
}

/// What a value can be, in a few words, with a link to its section.
fn type_of(value: &Value, schema: &Value) -> String {
    if let Some(name) = value["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        let kind = &schema["$defs"][name];
        let own = kind["properties"].is_object() || name == "Step" || values(kind).is_some();
        return if own {
            format!("[{name}](#{})", name.to_lowercase())
        } else {
            type_of(kind, schema)
        };
    }
    if let Some(word) = value.get("const") {
        return format!("`{}`", word.as_str().map_or_else(|| word.to_string(), str::to_owned));
    }
    if variants(value).next().is_some() {
        let all: Vec<String> = variants(value).map(|one| type_of(one, schema)).collect();
        return all.join(" or ");
    }
    let name = value["type"].as_str().or_else(|| value["type"][0].as_str()).unwrap_or_default();
    match name {
        "array" => format!("list of {}", type_of(&value["items"], schema)),
        "object" if value["additionalProperties"].is_object() => {
            format!("map of {}", type_of(&value["additionalProperties"], schema))
        }
        "object" => "nothing (`{}`)".into(),
        "string" => "text".into(),
        "boolean" => "true or false".into(),
        other => other.into(),
    }
}

fn variants(value: &Value) -> impl Iterator<Item = &Value> {
    ["oneOf", "anyOf"].into_iter().filter_map(|key| value[key].as_array()).flatten()
}

fn properties(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object["properties"].as_object().into_iter().flat_map(Map::iter)
}

/// A description on one line.
fn sentence(value: &Value) -> String {
    value["description"]
        .as_str()
        .unwrap_or_default()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
