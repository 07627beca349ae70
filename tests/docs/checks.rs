//! The pages of the checks. What the registry decides (what a check looks for, its severities, its numbers)
//! is written into them by this test when `EKSNET_WRITE_GENERATED` is set, and held by it otherwise.

use std::{collections::BTreeSet, fs, path::Path};

use eksnet::audit::checks::{Check, REGISTRY};

use crate::{Outcome, generated, root};

/// What every page says, in this order.
const SECTIONS: &[&str] =
    &["## What it means", "## Why it matters", "## Severity", "## How to fix"];

#[test]
fn generated_heads_are_current() -> Outcome {
    let directory = root().join("docs/checks");
    for check in REGISTRY {
        let path = directory.join(format!("{}.md", check.id));
        let text = fs::read_to_string(&path)?;
        let body = text.find("\n## ").map_or("", |at| &text[at..]);
        generated::hold(&path, &format!("{}{body}", head(check)))?;
    }
    let path = directory.join("README.md");
    let text = fs::read_to_string(&path)?;
    let title = "## All checks\n\n";
    let (before, _) = text.split_once(title).ok_or("the list of checks is there")?;
    generated::hold(&path, &format!("{before}{title}{}", index()))
}

#[test]
fn every_check_has_its_page_and_every_page_its_check() -> Outcome {
    let ids: BTreeSet<String> = REGISTRY.iter().map(|check| check.id.to_owned()).collect();
    let mut pages = BTreeSet::new();
    for entry in fs::read_dir(root().join("docs/checks"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        pages.extend(name.strip_suffix(".md").filter(|name| *name != "README").map(str::to_owned));
    }
    assert_eq!(pages, ids);
    for id in &ids {
        let text =
            fs::read_to_string(root().join(Path::new("docs/checks").join(format!("{id}.md"))))?;
        let mut rest = text.as_str();
        for section in SECTIONS {
            let (_, after) = rest.split_once(&format!("\n{section}\n")).ok_or_else(|| {
                format!("docs/checks/{id}.md lacks `{section}`, or has it too early")
            })?;
            rest = after;
        }
    }
    Ok(())
}

/// A page up to its first section.
fn head(check: &Check) -> String {
    let mut letters = check.about.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    let about = format!("{}{}", first.unwrap_or_default(), letters.as_str());
    let numbers = check.tunables.iter().map(|tunable| {
        let default =
            tunable.default_text().map_or("no default".into(), |text| format!("default {text}"));
        format!("- Policy key `{}` ({default}): {}\n", tunable.name, tunable.about)
    });
    let numbers: String = numbers.collect();
    format!("# {}\n\n{about}.\n\n- Severity: {}\n{numbers}", check.id, severities(check))
}

/// A row a check.
fn index() -> String {
    let row = |check: &Check| {
        let keys: Vec<String> = check.tunables.iter().map(|t| format!("`{}`", t.name)).collect();
        let (severity, keys) = (severities(check), keys.join(", "));
        format!("| [{id}]({id}.md) | {severity} | {} | {keys} |\n", check.about, id = check.id)
    };
    let rows: String = REGISTRY.iter().map(row).collect();
    format!("| check | severity | finding | policy keys |\n|---|---|---|---|\n{rows}")
}

fn severities(check: &Check) -> String {
    let names: Vec<&str> = check.severities.iter().map(|severity| severity.name()).collect();
    names.join(", ")
}
