//! Formats say the same: YAML reads back as the JSON document, a line of titles can be left out, and what
//! goes to a file is told on stderr.

use std::fs;

use eksnet::render::json::write_yaml;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::{
    program::{command, ended},
    run::scratch,
};

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let root = env!("CARGO_MANIFEST_DIR");
    ended(command(arguments).current_dir(root).output().unwrap())
}

/// Every command that answers in JSON, with exit code 0, 1 or 4.
const DOCUMENTS: &[&[&str]] = &[
    &["maxpods", "m5.large", "t3.*", "--explain"],
    &["maxpods", "--all", "-q"],
    &["node", "m5.large", "--pods", "12", "--compare", "prefix"],
    &["node", "m5.large", "--sweep", "0..40", "--subnet-free", "30"],
    &["simulate", "examples/scenarios/surge.yaml"],
    &["simulate", "examples/scenarios/churn.yaml", "--runs", "3"],
    &["audit", "--from", "examples/vpc-prod", "-q", "--all", "--nodes"],
    &["diff", "examples/vpc-prod", "examples/vpc-prod"],
    &["limits", "show", "m5.large"],
    &["limits", "list", "--vcpus", "2"],
    &["limits", "verify", "--from", "examples/instance-types.json"],
    &["version"],
];

#[test]
fn yaml_is_the_json_document() {
    for arguments in DOCUMENTS {
        let (code, json, _) = run(&[arguments, &["-o", "json"][..]].concat());
        let (same, yaml, _) = run(&[arguments, &["-o", "yaml"][..]].concat());
        assert_eq!(code, same, "{arguments:?}");
        let json: Value = serde_json::from_str(&json).unwrap();
        let yaml: Value = serde_saphyr::from_str(&yaml).unwrap_or_else(|error| {
            panic!("{arguments:?}: {error}");
        });
        assert_eq!(yaml, json, "{arguments:?}");
    }
}

#[test]
fn a_line_of_titles_can_be_left_out() {
    for arguments in &DOCUMENTS[..DOCUMENTS.len() - 1] {
        let csv = |more: &[&str]| run(&[arguments, &["-o", "csv"][..], more].concat()).1;
        let (with, without) = (csv(&[]), csv(&["--no-headers"]));
        assert_eq!(with.split_once('\n').unwrap().1, without, "{arguments:?}");
        let table = |more: &[&str]| run(&[arguments, &["-o", "wide"][..], more].concat()).1;
        let (with, without) = (table(&[]), table(&["--no-headers"]));
        assert!(with.lines().count() > without.lines().count(), "{arguments:?}");
    }
    let (_, table, _) = run(&["maxpods", "m5.large", "m5.xlarge", "--no-headers"]);
    assert!(!table.contains("VCPU"), "{table}");
}

#[test]
fn what_goes_to_a_file_is_told_unless_quiet() {
    let folder = scratch("written");
    let path = folder.join("report.out");
    let path = path.to_str().unwrap();
    for (arguments, found) in [
        (
            &["audit", "--from", "examples/vpc-prod", "-o", "html", "--fail-on", "never"][..],
            " info\n",
        ),
        (&["maxpods", "m5.*"][..], "9 instance types\n"),
        (&["snapshot", "--from", "examples/vpc-prod"][..], "16 subnets\n"),
        (&["iam-policy"][..], " actions\n"),
        (&["limits", "show", "m5.large", "-o", "yaml"][..], "m5.large\n"),
    ] {
        let (_, stdout, stderr) = run(&[arguments, &["--output-file", path][..]].concat());
        assert_eq!(stdout, "", "{arguments:?}");
        let last = stderr.lines().last().unwrap_or_default().to_owned() + "\n";
        let start = format!("wrote {path}: ");
        assert!(last.starts_with(&start) && last.ends_with(found), "{arguments:?}: {stderr}");
        let (_, _, stderr) = run(&[arguments, &["-q", "--output-file", path][..]].concat());
        assert!(!stderr.contains("wrote"), "{arguments:?}: {stderr}");
        fs::remove_file(path).unwrap();
    }
    // What is written as it comes is no file that somebody looks for.
    let (_, _, stderr) = run(&["iam-policy", "--output-file", "/dev/stdout"]);
    assert_eq!(stderr, "");
}

/// Texts that YAML takes for something else, or that break a line, or that show as nothing.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "no",
            "Yes",
            "on",
            "y",
            "1e3",
            "0x1",
            "0o7",
            "010",
            "1_000",
            "~",
            "null",
            "",
            " ",
            "-",
            "- a",
            "-1",
            "--- a",
            "...",
            "a: b",
            "a #b",
            "# a",
            "'",
            "\"",
            "\\",
            "a\nb",
            "\n",
            "a\n\n",
            "\ta",
            "|",
            "> a",
            "&a",
            "*a",
            "!a",
            "%a",
            "@a",
            "`a",
            "{",
            "[",
            "?",
            "? a",
            ": a",
            "<<",
            "=",
            ".inf",
            "2026-11-25",
            "12:30:45",
            "0.5",
            "+1",
            "a\r\nb",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "\u{202e}ab",
            "\u{e0041}",
            "\u{1b}[31m",
            "\u{7f}",
            "é",
            "🚀",
            "true",
            "NULL",
        ])
        .prop_map(ToOwned::to_owned),
        "\\PC{0,20}",
        "(?s).{0,20}",
        "[a-z: #,\\n'\"-]{0,100}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e15_f64..1e15).prop_map(Value::from),
        (-1.0_f64..1.0).prop_map(Value::from),
        text().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((text(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn yaml(value: &Value) -> String {
    let mut out = Vec::new();
    write_yaml(value, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

proptest! {
    #[test]
    fn any_json_reads_back_from_yaml(value in value()) {
        let text = yaml(&value);
        let read: Value = serde_saphyr::from_str(&text)
            .map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        prop_assert_eq!(read, value, "{}", text);
    }

    #[test]
    fn nothing_in_yaml_hides(value in value()) {
        let text = yaml(&value);
        let hidden = text.chars().find(|c| *c != '\n' && eksnet::finding::is_invisible(*c));
        prop_assert_eq!(hidden, None, "{}", text);
    }
}

#[test]
fn texts_that_yaml_takes_for_something_else_are_quoted() {
    let document = json!({
        "schema": "eksnet.audit/v1", "no": "no", "number": "1e3", "hex": "0x1", "null": "~",
        "lines": "a\nb", "dash": "- a", "name": "nodes-a", "count": 12, "share": 0.8471, "none": null,
        "empty": [], "map": {},
    });
    insta::assert_snapshot!(yaml(&document), @r#"
    count: 12
    dash: "- a"
    empty: []
    hex: "0x1"
    lines: "a\nb"
    map: {}
    name: nodes-a
    "no": "no"
    none: null
    "null": "~"
    number: "1e3"
    schema: eksnet.audit/v1
    share: 0.8471
    "#);
}
