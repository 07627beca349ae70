//! SARIF, by the schema that OASIS publishes (as the crate serde-sarif ships it) and by that crate's
//! types.

use std::{collections::BTreeSet, env, fs, path::PathBuf, process::Command};

use jsonschema::Validator;
use serde_json::Value;
use serde_sarif::sarif::{ResultLevel, Sarif};

use super::{findings, json, rename, text_of};
use crate::folder::Folder;

/// Where Cargo has the sources of a crate that the tests depend on.
fn sources_of(package: &str) -> PathBuf {
    let output = |program: String, arguments: &[&str]| -> String {
        let output = Command::new(program).args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    };
    let rustc = output(env::var("RUSTC").unwrap_or("rustc".to_owned()), &["-vV"]);
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    // Only what this build has fetched already: no index, and no other platform's crates.
    let mut arguments = vec!["metadata", "--format-version", "1", "--locked", "--offline"];
    arguments.extend(["--filter-platform", host, "--manifest-path", manifest]);
    if cfg!(not(feature = "aws")) {
        arguments.push("--no-default-features");
    }
    let metadata = json(&output(env!("CARGO").to_owned(), &arguments));
    let packages = metadata["packages"].as_array().unwrap();
    let there = packages.iter().find(|row| row["name"] == package).unwrap();
    PathBuf::from(text_of(&there["manifest_path"])).parent().unwrap().to_owned()
}

fn schema() -> Validator {
    let text = fs::read_to_string(sources_of("serde-sarif").join("src/schema.json")).unwrap();
    let mut schema = json(&text);
    assert_eq!(
        text_of(&schema["title"]).split(" JSON").next(),
        Some("Static Analysis Results Format (SARIF) Version 2.1.0")
    );
    // Patterns of languages' names with a bracket too many, which not every engine takes. No log of
    // ours names a language.
    for place in ["/definitions/run", "/definitions/toolComponent"] {
        let property = schema.pointer_mut(&format!("{place}/properties/language")).unwrap();
        assert!(property.as_object_mut().unwrap().remove("pattern").is_some(), "{place}");
    }
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

#[track_caller]
fn holds(schema: &Validator, log: &Value) {
    let errors: Vec<String> = schema
        .iter_errors(log)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn sarif_is_what_its_schema_says() {
    let schema = schema();
    let folder = Folder::example("sarif-schema");
    let (code, text, _) = folder.audit(&["-o", "sarif"]);
    assert_eq!(code, 1);
    let mut log = json(&text);
    holds(&schema, &log);
    holds(&schema, &json(&folder.audit(&["-o", "sarif", "--location", "a/ü ber.yaml"]).1));
    rename(&folder);
    holds(&schema, &json(&folder.audit(&["-o", "sarif"]).1));
    folder.remove("network-interfaces.json");
    let (code, text, _) = folder.audit(&["-o", "sarif"]);
    assert_eq!(code, 4);
    holds(&schema, &json(&text));
    // The schema can say no.
    log["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(!schema.is_valid(&log));
}

#[test]
fn sarif_says_what_the_audit_found() {
    let folder = Folder::example("sarif");
    let (_, text, _) = folder.audit(&["-o", "sarif", "--location", "net/a b.yaml"]);
    let log: Sarif = serde_json::from_str(&text).unwrap();
    let run = &log.runs[0];
    assert!(run.invocations.as_ref().unwrap()[0].execution_successful);
    let rules = run.tool.driver.rules.as_ref().unwrap();
    let ids: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
    let registry: Vec<&str> = ::eksnet::audit::checks::REGISTRY.iter().map(|row| row.id).collect();
    assert_eq!(ids, registry);
    assert!(rules.iter().all(|rule| rule.short_description.is_some()));

    let results = run.results.as_ref().unwrap();
    let found = findings(&folder);
    assert_eq!(results.len(), found.len());
    let mut prints = BTreeSet::new();
    for (result, finding) in results.iter().zip(&found) {
        let rule = usize::try_from(result.rule_index.unwrap()).unwrap();
        assert_eq!(result.rule_id.as_deref(), finding["id"].as_str());
        assert_eq!(Some(rules[rule].id.as_str()), finding["id"].as_str());
        let level = match text_of(&finding["severity"]) {
            "critical" => ResultLevel::Error,
            "warning" => ResultLevel::Warning,
            _ => ResultLevel::Note,
        };
        assert_eq!(result.level, Some(level));
        let message = result.message.text.as_deref().unwrap();
        assert!(message.starts_with(text_of(&finding["message"])), "{message}");
        let location = &result.locations.as_ref().unwrap()[0];
        let place = location.physical_location.as_ref().unwrap();
        let artifact = place.artifact_location.as_ref().unwrap();
        assert_eq!(artifact.uri.as_deref(), Some("net/a%20b.yaml"));
        let logical = &location.logical_locations.as_ref().unwrap()[0];
        let resource = text_of(&finding["resource"]);
        assert_eq!(logical.name.as_deref(), Some(resource));
        let qualified = if resource.starts_with("subnet-") {
            format!("vpc-091b7584a2265b1f5/{resource}")
        } else {
            resource.to_owned()
        };
        assert_eq!(logical.fully_qualified_name.as_deref(), Some(qualified.as_str()));
        let print = result.partial_fingerprints.as_ref().unwrap();
        assert_eq!(print["eksnet/v1"], print["primaryLocationLineHash"]);
        assert!(prints.insert(print["eksnet/v1"].clone()), "two results look like one");
        let properties = serde_json::to_value(&result.properties).unwrap();
        assert_eq!(properties, finding["evidence"]);
    }
    // The same findings with other numbers.
    let (_, text, _) = folder.audit(&["-o", "sarif", "--critical-at", "84"]);
    let again: Sarif = serde_json::from_str(&text).unwrap();
    let again = again.runs[0].results.as_ref().unwrap().iter();
    let again = again.map(|one| one.partial_fingerprints.as_ref().unwrap()["eksnet/v1"].clone());
    assert_eq!(again.collect::<BTreeSet<String>>(), prints);
}

#[test]
fn sarif_says_what_could_not_be_seen() {
    let folder = Folder::example("sarif-withheld");
    folder.remove("network-interfaces.json");
    let (code, text, _) = folder.audit(&["-o", "sarif"]);
    assert_eq!(code, 4);
    let invocation = &json(&text)["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let rows = invocation["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["level"], "error");
    assert!(text_of(&rows[0]["message"]["text"]).contains("DescribeNetworkInterfaces"));
}

#[test]
fn sarif_holds_no_link_or_placeholder_from_outside() {
    let folder = Folder::example("sarif-hostile");
    rename(&folder);
    let (_, text, _) = folder.audit(&["-o", "sarif"]);
    let log = json(&text);
    let message = text_of(&log["runs"][0]["results"][0]["message"]["text"]);
    assert!(message.contains(r"\[l\](http://e) {{0}}"), "{message}");
    assert_eq!(message.lines().count(), 2, "{message}");
}
