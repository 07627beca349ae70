//! The scripts for pipelines, run as the action and GitLab run them, on the example VPC.
#![cfg(unix)]

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_eksnet");

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A job's directory: a checkout with the scripts and the example in it.
pub(crate) struct Job {
    pub(crate) folder: PathBuf,
}

/// How a script ended.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Job {
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ci-scripts").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        for part in ["scripts/ci", "examples/vpc-prod"] {
            let target = folder.join(part);
            fs::create_dir_all(&target).unwrap();
            for entry in fs::read_dir(root().join(part)).unwrap() {
                let entry = entry.unwrap();
                if entry.file_type().unwrap().is_file() {
                    fs::copy(entry.path(), target.join(entry.file_name())).unwrap();
                }
            }
        }
        Self { folder }
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    pub(crate) fn text(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    /// Runs a line as a step does: `bash -e`, with what is set and a path to find programs on.
    pub(crate) fn run(&self, line: &str, set: &[(&str, &str)]) -> Ended {
        let output = Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", line])
            .current_dir(&self.folder)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", &self.folder)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .envs(set.iter().copied())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ended {
            code: output.status.code().unwrap(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// `audit.sh` on the example, with the outputs it set.
    pub(crate) fn audit(&self, set: &[(&str, &str)]) -> (Ended, BTreeMap<String, String>) {
        let outputs = self.path("outputs");
        fs::write(&outputs, "").unwrap();
        let always = [
            ("EKSNET_BINARY", BINARY),
            ("EKSNET_FROM", "examples/vpc-prod"),
            ("GITHUB_OUTPUT", outputs.to_str().unwrap()),
        ];
        let ended = self.run("bash scripts/ci/audit.sh", &[&always, set].concat());
        (ended, self.outputs())
    }

    pub(crate) fn outputs(&self) -> BTreeMap<String, String> {
        let text = self.text("outputs");
        let pair = |line: &str| {
            let (name, value) = line.split_once('=').unwrap();
            (name.to_owned(), value.to_owned())
        };
        text.lines().map(pair).collect()
    }
}

pub(crate) fn yaml(file: &str) -> Value {
    serde_saphyr::from_str(&fs::read_to_string(root().join(file)).unwrap()).unwrap()
}

/// What is set, the exit code and what is said.
type Case<'a> = (&'a [(&'a str, &'a str)], i32, &'a str);

#[test]
fn exit_codes_pass_and_outputs_say_them() {
    let job = Job::new("codes");
    let cases: &[Case<'_>] = &[
        (&[], 1, "findings at or above the threshold"),
        (&[("EKSNET_FAIL_ON", "never")], 0, "no findings at or above"),
        (&[("EKSNET_ARGS", "--subnet subnet-0e63a78f03a60c12c")], 0, "no findings at or above"),
        (&[("EKSNET_ARGS", " --subnet\nsubnet-0e63a78f03a60c12c --min-free 999")], 1, "findings"),
        (&[("EKSNET_VPC", "vpc-091b7584a2265b1f5"), ("EKSNET_FAIL_ON", "never")], 0, "no findings"),
        (&[("EKSNET_CLUSTER", "harbour-prod")], 1, "findings"),
        (&[("EKSNET_ARGS", "--nonsense")], 2, "no result (exit code 2)"),
        (&[("EKSNET_ARGS", "--fail-on *")], 2, "`*` is neither a severity"),
        (&[("EKSNET_VPC", "vpc-0 vpc-1")], 2, "no result (exit code 2)"),
        (&[("EKSNET_FROM", "examples/vpc-prod/subnets.json")], 4, "incomplete"),
        (&[("EKSNET_FROM", "nowhere")], 2, "error: cannot read nowhere"),
        (&[("EKSNET_BASELINE", "nowhere.json")], 2, "error: cannot read nowhere.json"),
        (&[("EKSNET_BASELINE", "nowhere.json")], 2, "eksnet: no result (exit code 2)"),
    ];
    for (set, code, says) in cases {
        let (ended, outputs) = job.audit(set);
        assert_eq!(ended.code, *code, "{set:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(says), "{set:?}: {}", ended.stderr);
        assert_eq!(outputs["exit-code"], code.to_string(), "{set:?}");
        assert_eq!(outputs["incomplete"], (*code == 4).to_string(), "{set:?}");
        // A report of this run, or none: never one of the run before.
        let sarif = job.path("eksnet-reports/eksnet.sarif");
        let answered = [0, 1].contains(code) || ended.stderr.contains("incomplete: some data");
        let answered = answered && !ended.stderr.contains("error: ");
        assert_eq!(sarif.exists(), answered, "{set:?}: {}", ended.stderr);
        assert_eq!(outputs.contains_key("sarif"), answered, "{set:?}");
    }
}

#[test]
fn no_format_is_no_clean_run() {
    let job = Job::new("no-format");
    for formats in [" ", "\n\t"] {
        let (ended, _) = job.audit(&[("EKSNET_FORMATS", formats)]);
        assert_eq!(ended.code, 2, "{}", ended.stderr);
        assert!(ended.stderr.starts_with("error: EKSNET_FORMATS names no report\nhint: "));
        assert!(!job.path("eksnet-reports").exists());
    }
}

/// A job may be green only with a report: not for flags that make the program print something else, and
/// not for a program that does nothing.
#[test]
fn no_report_is_no_clean_run() {
    let job = Job::new("no-report");
    fs::write(job.path("incomplete"), "#!/bin/sh\nexit 4\n").unwrap();
    fs::set_permissions(job.path("incomplete"), fs::Permissions::from_mode(0o755)).unwrap();
    let cases: &[&[(&str, &str)]] = &[
        &[("EKSNET_ARGS", "--help")],
        &[("EKSNET_BINARY", "true")],
        &[("EKSNET_BINARY", "./incomplete")],
        &[("EKSNET_BINARY", "true"), ("EKSNET_FORMATS", "github")],
    ];
    for set in cases {
        let (ended, outputs) = job.audit(set);
        assert_eq!(ended.code, 3, "{set:?}: {}", ended.stderr);
        assert_eq!((&*outputs["exit-code"], &*outputs["incomplete"]), ("3", "false"), "{set:?}");
        assert!(ended.stderr.ends_with("eksnet: no result (exit code 3)\n"), "{}", ended.stderr);
    }
}

/// What a person set for a terminal neither turns a job green nor takes its reports away.
#[test]
fn a_job_has_no_defaults() {
    let job = Job::new("defaults");
    let lost = job.path("lost.txt");
    let defaults = format!(
        "version: 1\ndefaults: {{audit: {{output-file: {lost:?}, fail-on: [never], top: 1, \
         severity: critical}}}}\n"
    );
    fs::write(job.path(".eksnet.yaml"), defaults).unwrap();
    let set = [
        ("EKSNET_FORMATS", "github json"),
        ("EKSNET_OUTPUT_FILE", lost.to_str().unwrap()),
        ("EKSNET_TOP", "1"),
    ];
    let (ended, _) = job.audit(&set);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(ended.stdout.starts_with("::"), "{}", ended.stdout);
    assert!(!lost.exists());
    let report: Value = serde_json::from_str(&job.text("eksnet-reports/eksnet.json")).unwrap();
    assert!(report["findings"].as_array().unwrap().len() > 10);
    assert!(report.get("filter").is_none_or(Value::is_null));
}

#[test]
fn a_history_grows_by_every_run() {
    let job = Job::new("history");
    let audit =
        "\"$EKSNET_BINARY\" audit --from examples/vpc-prod --fail-on never --save now.json -q";
    assert_eq!(job.run(audit, &[("EKSNET_BINARY", BINARY)]).code, 0);
    let (unknown, known) = ("\"captured_at\":null", "\"captured_at\":\"2026-11-25T10:00:00Z\"");
    let now = job.text("now.json");
    assert!(now.contains(unknown));
    fs::write(job.path("now.json"), now.replace(unknown, known)).unwrap();
    let set = [
        ("EKSNET_FROM", "now.json"),
        ("EKSNET_HISTORY", "history"),
        ("EKSNET_FAIL_ON", "never"),
        ("EKSNET_FORMATS", "json sarif"),
    ];
    for runs in 1..=2 {
        // The first run has its own snapshot as the history, and is complete.
        let (ended, _) = job.audit(&set);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        let audit: Value = serde_json::from_str(&job.text("eksnet-reports/eksnet.json")).unwrap();
        assert!(!audit["forecast"].as_array().unwrap().is_empty());
        let mut kept: Vec<_> =
            fs::read_dir(job.path("history")).unwrap().map(|entry| entry.unwrap().path()).collect();
        kept.sort();
        assert_eq!(kept.len(), runs);
        for path in kept {
            let name = path.file_stem().unwrap().to_str().unwrap();
            assert_eq!(name.len(), "2026-11-25T100000Z".len(), "{name}");
            assert!(fs::read_to_string(&path).unwrap().contains(known));
        }
    }
    // A run without a result adds nothing.
    let (ended, _) = job.audit(&[&set[..], &[("EKSNET_FROM", "nowhere.json")]].concat());
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert_eq!(fs::read_dir(job.path("history")).unwrap().count(), 2);
}

#[test]
fn every_report_is_of_one_reading() {
    let job = Job::new("reports");
    let all =
        [("EKSNET_FORMATS", "table sarif junit\n gitlab json markdown html openmetrics github")];
    let (ended, outputs) = job.audit(&all);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(ended.stdout.contains("subnet-0d0246ccae9901243"), "{}", ended.stdout);
    assert!(ended.stdout.contains("\n::error file="), "{}", ended.stdout);
    let json = |file: &str| -> Value { serde_json::from_str(&job.text(file)).unwrap() };
    let audit = json("eksnet-reports/eksnet.json");
    let found = audit["findings"].as_array().unwrap().len();
    let sarif = json(&outputs["sarif"]);
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), found);
    let issues = json("eksnet-reports/gl-code-quality-report.json");
    assert_eq!(issues.as_array().unwrap().len(), found);
    let junit = job.text("eksnet-reports/eksnet-junit.xml");
    let junit = roxmltree::Document::parse(&junit).unwrap();
    assert_eq!(junit.root_element().attribute("failures"), Some("1"));
    assert!(job.text("eksnet-reports/eksnet.md").contains("subnet-0d0246ccae9901243"));
    assert!(job.text("eksnet-reports/eksnet.html").to_lowercase().starts_with("<!doctype html>"));
    assert!(job.text("eksnet-reports/eksnet.prom").ends_with("# EOF\n"));
    // What was saved on the way is gone.
    let left: Vec<_> = fs::read_dir(job.path("eksnet-reports")).unwrap().collect();
    assert_eq!(left.len(), 7);

    let (ended, _) = job.audit(&[("EKSNET_FORMATS", "sarif pdf")]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.starts_with("error: EKSNET_FORMATS: there is no report `pdf`\nhint: "));
}

#[test]
fn a_baseline_lets_known_findings_pass() {
    let job = Job::new("baseline");
    let write = "\"$EKSNET_BINARY\" audit --from examples/vpc-prod --write-baseline known.json";
    assert_eq!(job.run(write, &[("EKSNET_BINARY", BINARY)]).code, 1);
    let known = ("EKSNET_BASELINE", "known.json");
    assert_eq!(job.audit(&[known, ("EKSNET_FORMATS", "sarif github")]).0.code, 0);
    let worse = ("EKSNET_ARGS", "--critical-at 84");
    assert_eq!(job.audit(&[known, worse]).0.code, 1);
}

/// Runs the action's steps as a runner does: inputs with their defaults, outputs of earlier steps, and
/// of each step its own environment.
pub(crate) fn action(
    job: &Job,
    given: &[(&str, &str)],
    also: &[(&str, &str)],
) -> (i32, BTreeMap<String, String>) {
    let action = yaml("action.yml");
    let mut values = BTreeMap::new();
    for (name, input) in action["inputs"].as_object().unwrap() {
        let given = given.iter().find(|(there, _)| there == name).map(|(_, value)| *value);
        let value = given.unwrap_or_else(|| input["default"].as_str().unwrap());
        values.insert(format!("${{{{ inputs.{name} }}}}"), value.to_owned());
    }
    for (name, _) in given {
        assert!(action["inputs"].get(name).is_some(), "no input {name}");
    }
    let mut code = 0;
    for step in action["runs"]["steps"].as_array().unwrap() {
        assert_eq!(step["shell"], "bash");
        fs::write(job.path("outputs"), "").unwrap();
        let outputs = job.path("outputs");
        let line = step["run"].as_str().unwrap();
        assert!(!line.contains("${{"), "an input in a script's text is a script of its own");
        let mut set: Vec<(&str, &str)> = vec![
            ("GITHUB_ACTION_PATH", root().to_str().unwrap()),
            ("GITHUB_OUTPUT", outputs.to_str().unwrap()),
        ];
        set.extend(also);
        for (name, value) in step["env"].as_object().unwrap() {
            let value = value.as_str().unwrap();
            // A step that set no output gives an empty text.
            let value = if value.starts_with("${{") {
                values.get(value).map_or("", String::as_str)
            } else {
                value
            };
            set.push((name, value));
        }
        let ended = job.run(line, &set);
        code = ended.code;
        let id = step["id"].as_str().unwrap();
        for (name, value) in job.outputs() {
            values.insert(format!("${{{{ steps.{id}.outputs.{name} }}}}"), value);
        }
        if code != 0 {
            break;
        }
    }
    let outputs = action["outputs"].as_object().unwrap().iter().map(|(name, output)| {
        let value = values.get(output["value"].as_str().unwrap());
        (name.clone(), value.cloned().unwrap_or_default())
    });
    (code, outputs.collect())
}

#[test]
fn the_action_audits_with_a_given_program() {
    let job = Job::new("action");
    let summary = job.path("summary.md");
    let also = [("GITHUB_STEP_SUMMARY", summary.to_str().unwrap())];
    let (code, outputs) = action(&job, &[("binary", BINARY), ("from", "examples/vpc-prod")], &also);
    assert_eq!(code, 1);
    assert_eq!((outputs["exit-code"].as_str(), outputs["incomplete"].as_str()), ("1", "false"));
    assert_eq!(outputs["sarif"], "eksnet-reports/eksnet.sarif");
    assert!(job.path(&outputs["sarif"]).exists());
    assert!(job.text("summary.md").contains("prefix-starved"));

    let given = [
        ("binary", BINARY),
        ("from", "examples/vpc-prod"),
        ("fail-on", "never"),
        ("reports", "out"),
    ];
    let (code, outputs) = action(&job, &given, &[]);
    assert_eq!((code, outputs["sarif"].as_str()), (0, "out/eksnet.sarif"));

    let given = [("binary", BINARY), ("from", "examples/vpc-prod/subnets.json")];
    let (code, outputs) = action(&job, &given, &[]);
    assert_eq!((code, outputs["incomplete"].as_str()), (4, "true"));

    let (code, outputs) = action(&job, &[("binary", "/nonexistent/eksnet")], &[]);
    assert_eq!((code, outputs["exit-code"].as_str()), (3, ""));
}

#[test]
fn the_example_for_gitlab_leaves_its_reports() {
    let job = Job::new("gitlab");
    let example = yaml("examples/gitlab-ci.yml");
    let example = &example["eksnet"];
    let variables = example["variables"].as_object().unwrap();
    let mut set: Vec<(&str, &str)> =
        variables.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
    set.push(("EKSNET_BINARY", BINARY));
    let lines: Vec<&str> = [&example["before_script"], &example["script"]]
        .iter()
        .flat_map(|part| part.as_array().unwrap())
        .map(|line| line.as_str().unwrap())
        .collect();
    let ended = job.run(&lines.join("\n"), &set);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    for (_, file) in example["artifacts"]["reports"].as_object().unwrap() {
        assert!(job.path(file.as_str().unwrap()).exists(), "{file}");
    }
    // An incomplete run is told apart from findings.
    let allowed = example["allow_failure"]["exit_codes"].as_array().unwrap();
    set.push(("EKSNET_FROM", "examples/vpc-prod/subnets.json"));
    let ended = job.run(&lines.join("\n"), &set);
    assert_eq!(ended.code, 4, "{}", ended.stderr);
    assert!(allowed.contains(&4.into()) && !allowed.contains(&1.into()));
}
