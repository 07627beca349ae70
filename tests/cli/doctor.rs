//! `eksnet doctor` as far as it calls nothing.

use std::fs;

use serde_json::Value;

use crate::run::{command, eksnet, ended, scratch};

fn row(report: &Value, subject: &str) -> Value {
    let rows = report["rows"].as_array().unwrap();
    rows.iter().find(|row| row["subject"] == subject).unwrap_or_else(|| panic!("{report}")).clone()
}

/// No credentials and no region are set: an environment in which nothing can be called.
#[test]
fn it_says_what_is_missing() {
    let (code, out, err) = eksnet(&["doctor", "-o", "json"]);
    assert_eq!(err, "");
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["schema"], "eksnet.doctor/v1");
    let (_, schema, _) = eksnet(&["generate", "schema", "doctor"]);
    let schema: Value = serde_json::from_str(&schema).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&report), "{report}");
    if cfg!(feature = "aws") {
        assert_eq!(code, Some(3));
        assert_eq!(row(&report, "credentials")["status"], "failed");
        assert_eq!(row(&report, "region")["status"], "failed");
        assert_eq!(row(&report, "ec2:DescribeVpcs")["status"], "not-tried");
    } else {
        assert_eq!(code, Some(0));
        assert_eq!(row(&report, "AWS")["status"], "not-tried");
    }
    let table = row(&report, "instance table");
    assert!(table["value"].as_str().unwrap().starts_with(eksnet::instance::BUILTIN.as_of()));
    let (_, table, _) = eksnet(&["doctor"]);
    assert!(table.lines().any(|line| line.starts_with("ok         instance table ")), "{table}");
}

#[test]
fn it_names_the_context_of_kubectl_and_nothing_else_of_the_file() {
    let folder = scratch("kube");
    let file = folder.join("config");
    let context = |text: &str| {
        fs::write(&file, text).unwrap();
        let run = command(&["doctor", "-o", "json"]).env("KUBECONFIG", &file).output().unwrap();
        let (_, out, _) = ended(run);
        assert!(!out.contains("SECRET"), "{out}");
        row(&serde_json::from_str(&out).unwrap(), "kubectl context")
    };
    let there = context(
        "apiVersion: v1\ncurrent-context: prod\nusers:\n- name: a\n  user: {token: SECRET}\n",
    );
    assert_eq!(there["status"], "ok");
    assert_eq!(there["value"], format!("prod ({})", file.display()));
    assert_eq!(context("apiVersion: v1\n")["status"], "not-tried");
    assert_eq!(context("current-context: [\n")["status"], "failed");
}
