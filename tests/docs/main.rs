//! The documents are true: their examples are run as they stand there, every command and every
//! check is in them, and their links lead somewhere.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use clap::CommandFactory as _;
use eksnet::{audit::checks, cli::Cli};

type Outcome = Result<(), Box<dyn Error>>;

/// The example VPC and the example scenarios, by their paths in the repository.
const EXAMPLES: &[&str] = &["examples/vpc-prod", "examples/scenarios"];
/// Single files that examples take.
const FILES: &[&str] =
    &["examples/instance-types.json", "examples/move-pods.yaml", "examples/policy.yaml"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The documents at the top and in docs/, sorted.
fn documents() -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for folder in [root().to_owned(), root().join("docs")] {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A folder with everything in it.
fn copy(from: &Path, to: &Path) -> Outcome {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// A folder that looks to the examples like a clone, and that they may write to.
fn scratch() -> Result<tempfile::TempDir, Box<dyn Error>> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    for name in EXAMPLES {
        copy(&root().join(name), &folder.path().join(name))?;
    }
    for name in FILES {
        fs::copy(root().join(name), folder.path().join(name))?;
    }
    Ok(folder)
}

#[test]
fn examples_do_what_the_documents_say() -> Outcome {
    let folder = scratch()?;
    // trycmd runs commands where it runs itself; the other tests here use whole paths.
    env::set_current_dir(folder.path())?;
    let cases = trycmd::TestCases::new();
    cases.register_bin("eksnet", Path::new(env!("CARGO_BIN_EXE_eksnet")));
    // The examples are offline: whatever the machine has of AWS is out of reach.
    for (name, _) in env::vars_os() {
        if let Some(name) = name.to_str().filter(|name| name.starts_with("AWS_")) {
            cases.env(name, "");
        }
    }
    for (name, value) in [
        ("AWS_CONFIG_FILE", "/dev/null"),
        ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
        ("NO_COLOR", "1"),
        // A step that runs these tests keeps its summary.
        ("GITHUB_STEP_SUMMARY", ""),
    ] {
        cases.env(name, value);
    }
    cases.case(root().join("README.md")).case(root().join("docs/*.md"));
    cases.run();
    env::set_current_dir(root())?;
    Ok(())
}

#[test]
fn every_command_has_an_example() -> Outcome {
    let readme = fs::read_to_string(root().join("README.md"))?;
    let mut commands = Vec::new();
    leaves(&Cli::command(), "eksnet", &mut commands);
    for command in commands {
        let shown = readme.lines().any(|line| {
            let line = line.strip_prefix("$ ").unwrap_or(line);
            line == command || line.starts_with(&format!("{command} "))
        });
        assert!(shown, "README.md has no example of `{command}`");
    }
    Ok(())
}

/// The commands that have no subcommands, as they are typed.
fn leaves(command: &clap::Command, typed: &str, found: &mut Vec<String>) {
    if !command.has_subcommands() {
        found.push(typed.to_owned());
    }
    for next in command.get_subcommands() {
        leaves(next, &format!("{typed} {}", next.get_name()), found);
    }
}

#[test]
fn every_check_is_described() -> Outcome {
    let readme = fs::read_to_string(root().join("README.md"))?;
    let described = fs::read_to_string(root().join("docs/checks.md"))?;
    for check in checks::REGISTRY {
        let id = check.id;
        assert!(
            described.lines().any(|line| line == format!("## {id}")),
            "docs/checks.md has no heading `{id}`"
        );
        assert!(
            readme.contains(&format!("[`{id}`](docs/checks.md#{id})")),
            "README.md does not list `{id}`"
        );
    }
    Ok(())
}

#[test]
fn links_lead_somewhere() -> Outcome {
    for document in documents()? {
        let text = fs::read_to_string(&document)?;
        let folder = document.parent().ok_or("a document lies in a folder")?;
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.contains("://") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { document.clone() } else { folder.join(file) };
            assert!(target.exists(), "{}: `{link}` is not there", document.display());
            if !anchor.is_empty() {
                let there = headings(&fs::read_to_string(&target)?);
                assert!(
                    there.iter().any(|heading| heading == anchor),
                    "{}: `{link}` has no such heading",
                    document.display()
                );
            }
        }
    }
    Ok(())
}

/// The anchors of a document's headings, as GitHub makes them.
fn headings(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.strip_prefix('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .to_lowercase()
                .chars()
                .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'))
                .map(|letter| if letter == ' ' { '-' } else { letter })
                .collect()
        })
        .collect()
}
