//! Every example in the documents is run, and does what stands below it.

use std::{env, error::Error, fs, path::Path};

use clap::CommandFactory as _;
use eksnet::cli::Cli;

use crate::{Outcome, root};

/// The example VPC, scenarios, requirements and manifests, by their paths in the repository.
const EXAMPLES: &[&str] = &[
    "examples/vpc-prod",
    "examples/auto-mode",
    "examples/scenarios",
    "examples/plans",
    "examples/expressions",
];
/// Single files that examples take.
const FILES: &[&str] =
    &["examples/instance-types.json", "examples/move-pods.yaml", "examples/policy.yaml"];

/// A directory with everything in it.
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

/// A directory that looks to the examples like a clone, and that they may write to.
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
    cases.case(root().join("README.md")).case(root().join("docs/**/*.md"));
    cases.run();
    env::set_current_dir(root())?;
    Ok(())
}

#[test]
fn every_command_has_a_page_with_an_example() -> Outcome {
    let readme = fs::read_to_string(root().join("README.md"))?;
    let mut commands = Vec::new();
    leaves(&Cli::command(), "eksnet", &mut commands);
    for command in commands {
        let name = command.split(' ').nth(1).ok_or("a command has a name")?;
        let path = format!("docs/commands/{name}.md");
        assert!(readme.contains(&format!("[`{name}`]({path})")), "README.md does not list {name}");
        let page =
            fs::read_to_string(root().join(&path)).map_err(|error| format!("{path}: {error}"))?;
        let shown = page.lines().any(|line| {
            let line = line.strip_prefix("$ ").unwrap_or(line);
            line == command || line.starts_with(&format!("{command} "))
        });
        assert!(shown, "{path} has no example of `{command}`");
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
