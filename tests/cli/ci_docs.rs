//! docs/ci.md: its workflows are run, step by step, with the example VPC for the account and made
//! programs for `aws` and `gh`.
#![cfg(unix)]

use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt as _};

use serde_json::Value;

use crate::ci_scripts::{BINARY, Job, action, root};

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn page() -> String {
    fs::read_to_string(root().join("docs/ci.md")).unwrap()
}

/// The blocks of a language on the page.
fn blocks(language: &str) -> Vec<String> {
    let opening = format!("\n```{language}\n");
    let page = page();
    let parts = page.split(&opening).skip(1);
    parts.map(|part| part.split_once("\n```\n").unwrap().0.to_owned()).collect()
}

fn workflows() -> Vec<Value> {
    let parsed = blocks("yaml").into_iter().map(|text| serde_saphyr::from_str(&text).unwrap());
    parsed.filter(|value: &Value| value.get("jobs").is_some()).collect()
}

/// The program of a job's tools that stands for `aws` or `gh`.
fn tool(job: &Job, name: &str, text: &str) {
    let path = job.path("tools").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, format!("#!/bin/sh\nset -eu\n{text}")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A repository with the page's baseline; `aws s3 sync` copies between directories, and `gh` keeps one
/// comment and says how it was asked.
fn repository(name: &str) -> Job {
    let job = Job::new(name);
    let aws = "[ \"$1 $2\" = 's3 sync' ]\n\
        plain() { case $1 in s3://*) echo \"$HOME/s3/${1#s3://}\" ;; *) echo \"$1\" ;; esac; }\n\
        from=$(plain \"$3\") to=$(plain \"$4\")\nmkdir -p \"$to\"\n\
        if [ -d \"$from\" ]; then cp -R \"$from/.\" \"$to/\"; fi\n";
    tool(&job, "aws", aws);
    let gh = "echo \"$@\" >>\"$HOME/asked\"\n\
        case $* in\n\
        *--paginate*) if [ -e \"$HOME/comment\" ]; then echo 77; fi ;;\n\
        *POST*|*PATCH*) cp comment.md \"$HOME/comment\" ;;\n\
        esac\n";
    tool(&job, "gh", gh);
    fs::create_dir_all(job.path("network")).unwrap();
    let write =
        "\"$EKSNET_BINARY\" audit --from examples/vpc-prod --write-baseline network/known.json -q";
    assert_eq!(job.run(write, &[("EKSNET_BINARY", BINARY)]).code, 1);
    // The example with the time at which it was read, as an account would be.
    let save =
        "\"$EKSNET_BINARY\" audit --from examples/vpc-prod --save account.json --fail-on never -q";
    assert_eq!(job.run(save, &[("EKSNET_BINARY", BINARY)]).code, 0);
    let known = "\"captured_at\":\"2026-11-25T10:00:00Z\"";
    let text = job.text("account.json").replace("\"captured_at\":null", known);
    fs::write(job.path("account.json"), text).unwrap();
    job
}

/// Runs the one job of a workflow: what eksnet exited with, and its outputs.
fn run(job: &Job, workflow: &Value) -> (i32, BTreeMap<String, String>) {
    let there = workflow["jobs"].as_object().unwrap().values().next().unwrap();
    let mut code = None;
    let mut outputs = BTreeMap::new();
    let path = format!("{}:{}", job.path("tools").display(), std::env::var("PATH").unwrap());
    for step in there["steps"].as_array().unwrap() {
        if let Some(condition) = step["if"].as_str() {
            let name = condition.strip_prefix("always() && steps.eksnet.outputs.").unwrap();
            if outputs.get(name).is_none_or(String::is_empty) {
                continue;
            }
        }
        let fill = |value: &Value| {
            let value = value.as_str().unwrap();
            match value.strip_prefix("${{ ").and_then(|value| value.strip_suffix(" }}")) {
                Some("github.token") => "token".to_owned(),
                Some("github.event.pull_request.number") => "12".to_owned(),
                Some(name) => outputs[name.strip_prefix("steps.eksnet.outputs.").unwrap()].clone(),
                None => value.to_owned(),
            }
        };
        if let Some(line) = step["run"].as_str() {
            let mut set = vec![
                ("PATH".to_owned(), path.clone()),
                ("GITHUB_REPOSITORY".to_owned(), "example/network".to_owned()),
            ];
            for environment in [&there["env"], &step["env"]] {
                let pairs = environment.as_object().into_iter().flatten();
                set.extend(pairs.map(|(name, value)| (name.clone(), fill(value))));
            }
            let set: Vec<(&str, &str)> =
                set.iter().map(|(name, value)| (&**name, &**value)).collect();
            let ended = job.run(line, &set);
            assert_eq!(ended.code, 0, "{line}: {}", ended.stderr);
            continue;
        }
        let uses = step["uses"].as_str().unwrap();
        let with = step["with"].as_object().into_iter().flatten();
        let with: Vec<_> = with.map(|(name, value)| (name.as_str(), fill(value))).collect();
        if uses == format!("eksnet/eksnet@v{VERSION}") {
            // The account cannot be asked here: what was read of it stands in its place.
            let mut given = vec![("binary", BINARY), ("from", "account.json")];
            given.extend(
                with.iter()
                    .filter(|(name, _)| *name != "cluster")
                    .map(|(name, value)| (*name, &**value)),
            );
            let (exit, set) = action(job, &given, &[]);
            (code, outputs) = (Some(exit), set);
            continue;
        }
        let known = [
            "actions/checkout",
            "actions/upload-artifact",
            "aws-actions/configure-aws-credentials",
            "github/codeql-action/upload-sarif",
        ];
        let (name, tag) = uses.split_once('@').unwrap();
        assert!(known.contains(&name) && tag.starts_with('v'), "{uses}");
        for (key, value) in with {
            let is_path = ["sarif_file", "path"].contains(&key);
            assert!(!is_path || job.path(&value).exists(), "{uses}: {value} is not there");
        }
    }
    (code.unwrap(), outputs)
}

fn named<'a>(workflows: &'a [Value], trigger: &str) -> &'a Value {
    workflows.iter().find(|workflow| workflow["on"].get(trigger).is_some()).unwrap()
}

#[test]
fn the_daily_workflow_keeps_its_history() {
    let job = repository("docs-daily");
    let workflows = workflows();
    let daily = named(&workflows, "schedule");
    for runs in 1..=2 {
        // A runner starts empty, but for what S3 has.
        for directory in ["history", "eksnet-reports"] {
            let path = job.path(directory);
            if path.exists() {
                fs::remove_dir_all(path).unwrap();
            }
        }
        // All that is found is known; 16 prefixes are asked for besides, and one subnet has fewer.
        let (code, outputs) = run(&job, daily);
        assert_eq!((code, outputs["exit-code"].as_str()), (1, "1"));
        let kept = fs::read_dir(job.path("s3/example-network-history/prod")).unwrap().count();
        assert_eq!(kept, runs);
        for file in ["eksnet.sarif", "eksnet.html", "eksnet.prom"] {
            assert!(job.path("eksnet-reports").join(file).exists(), "{file}");
        }
    }
    // What fails before the audit uploads nothing: credentials, say.
    let mut broken = daily.clone();
    let steps = broken["jobs"]["audit"]["steps"].as_array_mut().unwrap();
    let audit = steps.iter_mut().find(|step| step["id"] == "eksnet").unwrap();
    audit["with"]["policy"] = "nowhere.yaml".into();
    let (code, outputs) = run(&job, &broken);
    assert_eq!((code, outputs["sarif"].as_str()), (2, ""));
}

#[test]
fn the_comment_is_posted_once_and_then_updated() {
    let job = repository("docs-comment");
    let workflows = workflows();
    let comment = named(&workflows, "pull_request");
    for _ in 0..2 {
        assert_eq!(run(&job, comment).0, 1);
        let text = job.text("comment");
        assert!(text.starts_with("<!-- eksnet -->\n"), "{text}");
        assert!(text.contains("subnet-0d0246ccae9901243"), "{text}");
    }
    let asked = job.text("asked");
    let writes: Vec<&str> = asked.lines().filter(|line| line.contains("--method")).collect();
    let [first, second] = writes[..] else { panic!("{asked}") };
    assert!(first.contains("POST repos/example/network/issues/12/comments "), "{first}");
    assert!(second.contains("PATCH repos/example/network/issues/comments/77 "), "{second}");
}

#[test]
fn workflows_of_the_page_are_granted_what_they_need() {
    let workflows = workflows();
    assert_eq!(workflows.len(), 2);
    for workflow in &workflows {
        assert_eq!(workflow["permissions"], serde_json::json!({}));
        for job in workflow["jobs"].as_object().unwrap().values() {
            let granted = job["permissions"].as_object().unwrap();
            assert_eq!(granted["id-token"], "write");
            assert_eq!(granted["contents"], "read");
            let steps = job["steps"].as_array().unwrap();
            let uploads = steps.iter().any(|step| {
                step["uses"].as_str().is_some_and(|uses| uses.contains("upload-sarif"))
            });
            assert_eq!(granted.contains_key("security-events"), uploads);
            let comments = steps
                .iter()
                .any(|step| step["run"].as_str().is_some_and(|run| run.contains("gh api")));
            assert_eq!(granted.contains_key("pull-requests"), comments);
        }
    }
    // The version in the examples is this one.
    let page = page();
    let install = fs::read_to_string(root().join("docs/install.md")).unwrap();
    let gitlab = fs::read_to_string(root().join("examples/gitlab-ci.yml")).unwrap();
    for (page, prefix) in [
        (&gitlab, "EKSNET_VERSION: "),
        (&page, "eksnet/eksnet@v"),
        (&page, "EKSNET_VERSION="),
        (&page, "verify eksnet-"),
        (&install, "\nversion="),
        (&install, "/eksnet_"),
    ] {
        let after: Vec<&str> = page.split(prefix).skip(1).collect();
        assert!(!after.is_empty(), "{prefix}");
        assert!(after.iter().all(|text| text.starts_with(VERSION)), "{prefix}");
    }
    for text in blocks("json") {
        let policy: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(policy["Version"], "2012-10-17");
        for statement in policy["Statement"].as_array().unwrap() {
            assert_eq!(statement["Effect"], "Allow");
        }
    }
    // Every input of the action is on the page.
    let action = crate::ci_scripts::yaml("action.yml");
    for name in action["inputs"]
        .as_object()
        .unwrap()
        .keys()
        .chain(action["outputs"].as_object().unwrap().keys())
    {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
    // The variables of the GitLab job are those that the scripts read.
    let scripts = ["audit.sh", "install.sh"]
        .map(|file| fs::read_to_string(root().join("scripts/ci").join(file)).unwrap());
    let examples = blocks("yaml").join("\n")
        + &fs::read_to_string(root().join("examples/gitlab-ci.yml")).unwrap();
    for name in examples
        .split(|letter: char| !letter.is_ascii_uppercase() && letter != '_')
        .filter(|word| word.starts_with("EKSNET_"))
    {
        let read = format!("${{{name}");
        assert!(scripts.iter().any(|script| script.contains(&read)), "{name}");
    }
}
