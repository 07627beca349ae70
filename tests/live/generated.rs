//! What the program says of itself (help, man pages, schemas, completions) is kept in docs/generated, what it
//! says of the bundled example beside the example. Both change only on purpose: `scripts/generate` writes them.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::program::command;

const HELP: &[&[&str]] = &[
    &[],
    &["maxpods"],
    &["node"],
    &["simulate"],
    &["plan"],
    &["audit"],
    &["snapshot"],
    &["diff"],
    &["limits"],
    &["limits", "show"],
    &["limits", "list"],
    &["limits", "update"],
    &["limits", "verify"],
    &["iam-policy"],
    &["generate"],
    &["version"],
    &["explain"],
    &["doctor"],
];
const SCHEMAS: &[&str] = &[
    "audit",
    "baseline",
    "doctor",
    "instance-limits",
    "limits",
    "limits-verify",
    "maxpods",
    "node",
    "plan",
    "plan-warm-targets",
    "policy",
    "requirement",
    "scenario",
    "simulate",
    "snapshot",
    "version",
];
const SHELLS: &[&str] = &["bash", "elvish", "fish", "powershell", "zsh"];

/// Each file's path under docs/generated with the arguments that print it.
fn files() -> Vec<(PathBuf, Vec<String>)> {
    let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
    let mut files = Vec::new();
    for command in HELP {
        let name = std::iter::once("eksnet").chain(command.iter().copied());
        let name = name.collect::<Vec<_>>().join("-");
        let page = Path::new("man").join(format!("{name}.1"));
        files.push((page, words(&[&["generate", "man"], *command].concat())));
        let arguments = words(&[*command, &["--help"]].concat());
        files.push((Path::new("help").join(format!("{name}.txt")), arguments));
    }
    for name in SCHEMAS {
        let path = Path::new("schemas").join(format!("{name}.json"));
        files.push((path, words(&["generate", "schema", name])));
    }
    for shell in SHELLS {
        let path = Path::new("completions").join(format!("eksnet.{shell}"));
        files.push((path, words(&["generate", "completions", shell])));
    }
    let example = "examples/vpc-prod";
    for (name, format) in [("audit.txt", "table"), ("audit.json", "json"), ("audit.csv", "csv")] {
        let path = Path::new("../..").join(example).join("expected").join(name);
        files.push((
            path,
            words(&["audit", "--from", example, "--all", "--fail-on", "never", "-o", format]),
        ));
    }
    files
}

#[test]
fn generated_files_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/generated");
    let write = env::var_os("EKSNET_WRITE_GENERATED").is_some();
    for (path, arguments) in files() {
        let output = command(&arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("COLUMNS", "100")
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}");
        let path = folder.join(path);
        if write {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &output.stdout).unwrap();
        }
        let there = fs::read(&path).unwrap_or_default();
        let current = there == output.stdout;
        assert!(current, "{} is out of date: run scripts/generate", path.display());
    }
}
