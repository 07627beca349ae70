//! What CI systems are given, read back by others: SARIF by its schema and another crate's types, JUnit
//! by an XML parser, workflow commands by the rules that GitHub's runner unescapes them with.

mod laws;
mod sarif;

use std::{collections::BTreeSet, fs};

use crate::folder::{Folder, eksnet};
use serde_json::Value;

/// A subnet of the example with a critical finding.
const STARVED: &str = "subnet-0d0246ccae9901243";
/// A name with everything in it that some format takes for its own.
const HOSTILE: &str =
    "=x\u{1b}[31m\n::error::a,b:c%0Ad\r<b a=\"'&]]>\u{fffe}\u{202e}[l](http://e) {0}";

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The findings as `-o json` has them.
fn findings(folder: &Folder) -> Vec<Value> {
    let (_, text, _) = folder.audit(&["-o", "json"]);
    json(&text)["findings"].as_array().unwrap().clone()
}

/// Gives the subnet the name.
fn rename(folder: &Folder) {
    let path = folder.path("answers/subnets.json");
    let mut answer = json(&fs::read_to_string(&path).unwrap());
    let rows = answer["Subnets"].as_array_mut().unwrap();
    let row = rows.iter_mut().find(|row| row["SubnetId"] == STARVED).unwrap();
    row["Tags"] = serde_json::json!([{"Key": "Name", "Value": HOSTILE}]);
    fs::write(&path, answer.to_string()).unwrap();
}

#[test]
fn junit_has_a_case_a_subnet_and_check() {
    let folder = Folder::example("junit");
    let (code, text, _) = folder.audit(&["-o", "junit"]);
    assert_eq!(code, 1);
    let document = roxmltree::Document::parse(&text).unwrap();
    let cases: Vec<_> = elements(&document, "testcase").collect();
    let (_, audit, _) = folder.audit(&["-o", "json"]);
    let subnets = json(&audit)["subnets"].as_array().unwrap().len();
    // Findings of whole VPCs and clusters have cases of their own.
    let others = findings(&folder)
        .iter()
        .filter(|finding| !text_of(&finding["resource"]).starts_with("subnet-"))
        .count();
    assert_eq!(cases.len(), subnets * eksnet::audit::checks::REGISTRY.len() + others);
    let failed: Vec<_> = elements(&document, "failure").collect();
    assert_eq!(failed.len(), 1);
    let case = failed[0].parent().unwrap();
    assert_eq!(case.attribute("classname"), Some("vpc-091b7584a2265b1f5.subnet-0d0246ccae9901243"));
    assert!(failed[0].text().unwrap().contains("hint: drain nodes"));
    counts_are_true(&document);

    let (_, text, _) = folder.audit(&["-o", "junit", "--fail-on", "info"]);
    let document = roxmltree::Document::parse(&text).unwrap();
    assert_eq!(elements(&document, "failure").count(), findings(&folder).len());
    counts_are_true(&document);
    let (code, text, _) = folder.audit(&["-o", "junit", "--fail-on", "never"]);
    let document = roxmltree::Document::parse(&text).unwrap();
    assert_eq!((code, elements(&document, "failure").count()), (0, 0));
    assert_eq!(elements(&document, "system-out").count(), findings(&folder).len());
}

#[test]
fn junit_passes_nothing_when_something_could_not_be_seen() {
    let folder = Folder::example("junit-withheld");
    folder.remove("network-interfaces.json");
    let (code, text, _) = folder.audit(&["-o", "junit"]);
    assert_eq!(code, 4);
    let document = roxmltree::Document::parse(&text).unwrap();
    let errors: Vec<_> = elements(&document, "error").collect();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].parent().unwrap().attribute("name"), Some("DescribeNetworkInterfaces"));
    let passed = elements(&document, "testcase").filter(|case| !case.has_children());
    assert_eq!(passed.count(), 0);
    counts_are_true(&document);
}

#[test]
fn junit_passes_nothing_of_a_subnet_without_ipv4() {
    let folder = Folder::example("junit-ipv6");
    let path = folder.path("answers/subnets.json");
    let mut answer = json(&fs::read_to_string(&path).unwrap());
    // An empty one, so that no interface has an address in it.
    let rows = answer["Subnets"].as_array_mut().unwrap();
    let row = rows.iter_mut().find(|row| row["SubnetId"] == "subnet-0e63a78f03a60c12c").unwrap();
    row.as_object_mut().unwrap().remove("CidrBlock");
    row["Ipv6Native"] = true.into();
    row["AvailableIpAddressCount"] = 0.into();
    fs::write(&path, answer.to_string()).unwrap();
    let (code, text, _) = folder.audit(&["-o", "junit", "--subnet", "subnet-0e63a78f03a60c12c"]);
    assert_eq!(code, 0);
    let document = roxmltree::Document::parse(&text).unwrap();
    let skipped = elements(&document, "skipped").count();
    assert_eq!(skipped, elements(&document, "testcase").count());
    counts_are_true(&document);
}

#[test]
fn hostile_names_stay_text() {
    let folder = Folder::example("hostile");
    rename(&folder);
    let (_, text, _) = folder.audit(&["-o", "junit"]);
    let document = roxmltree::Document::parse(&text).unwrap();
    let failed = elements(&document, "failure").next().unwrap();
    let shown = failed.attribute("message").unwrap();
    assert!(shown.contains("<b a=\"'&]]>\\u{fffe}\\u{202e}[l](http://e) {0}"), "{shown}");
    assert!(shown.contains("\\u{1b}[31m\\u{a}::error::"), "{shown}");

    let (_, text, _) = folder.audit(&["-o", "github"]);
    let starved = text.lines().find(|line| line.contains("prefix-starved")).unwrap();
    let (_, message) = command(starved);
    assert!(message.contains("::error::a,b:c%0Ad\\u{d}<b"), "{message}");
    assert_eq!(text.lines().count(), findings(&folder).len() + 1, "{text}");

    let (_, text, _) = folder.audit(&["-o", "csv", "--csv", "owners"]);
    assert!(text.lines().all(|line| !line.contains(",=x")), "{text}");
    assert!(text.contains("'=x"), "{text}");
    let (_, text, _) = folder.audit(&["-o", "gitlab"]);
    let description = json(&text)[0]["description"].as_str().unwrap().to_owned();
    assert!(!description.contains(char::is_control), "{description}");
}

#[test]
fn workflow_commands_are_a_line_a_finding() {
    let folder = Folder::example("github");
    let (code, text, _) = folder.audit(&["-o", "github", "--location", "net/a b,c.yaml"]);
    assert_eq!(code, 1);
    let lines: Vec<&str> = text.lines().collect();
    let found = findings(&folder);
    assert_eq!(lines.len(), found.len() + 1);
    for (line, finding) in lines.iter().zip(&found) {
        let (properties, message) = command(line);
        let kind = match text_of(&finding["severity"]) {
            "critical" => "error",
            "warning" => "warning",
            _ => "notice",
        };
        assert!(line.starts_with(&format!("::{kind} ")), "{line}");
        let title = format!("{}: {}", text_of(&finding["id"]), text_of(&finding["resource"]));
        let expected = ["file=net/a b,c.yaml", "line=1", &format!("title={title}")];
        assert_eq!(properties, expected, "{line}");
        let expected = format!("{}\n{}", text_of(&finding["message"]), text_of(&finding["hint"]));
        assert_eq!(message, expected);
    }
    folder.remove("network-interfaces.json");
    let (code, text, _) = folder.audit(&["-o", "github"]);
    assert_eq!(code, 4);
    assert!(text.contains("title=not available%3A DescribeNetworkInterfaces::"), "{text}");
}

#[test]
fn a_step_gets_its_summary_behind_what_was_there() {
    let folder = Folder::example("summary");
    let summary = folder.path("summary.md");
    fs::write(&summary, "before\n").unwrap();
    let run = |file: &str| {
        eksnet(
            &["audit", "--from", folder.from(), "-o", "github"],
            &[("GITHUB_STEP_SUMMARY", file)],
        )
    };
    assert_eq!(run(summary.to_str().unwrap()).0, 1);
    let (_, markdown, _) = folder.audit(&["-o", "markdown"]);
    assert_eq!(fs::read_to_string(&summary).unwrap(), format!("before\n{markdown}"));
    // No other format writes there.
    let table = ["audit", "--from", folder.from()];
    eksnet(&table, &[("GITHUB_STEP_SUMMARY", summary.to_str().unwrap())]);
    assert_eq!(fs::read_to_string(&summary).unwrap(), format!("before\n{markdown}"));

    let long = "x".repeat(1024 * 1024 - 10);
    fs::write(&summary, &long).unwrap();
    let (code, _, stderr) = run(summary.to_str().unwrap());
    assert_eq!(code, 1);
    assert!(stderr.starts_with("note: the step summary would exceed"), "{stderr}");
    assert!(fs::read_to_string(&summary).unwrap() == long, "the summary was touched");

    let (code, _, stderr) = run("/nonexistent/summary.md");
    assert_eq!(code, 3);
    assert!(stderr.starts_with("error: cannot write /nonexistent/summary.md"), "{stderr}");
    assert_eq!(run("").0, 1);
    // Nobody reads from the pipe.
    let pipe = folder.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let (code, _, stderr) = run(pipe.to_str().unwrap());
    assert_eq!(code, 1);
    assert!(stderr.starts_with("note: GITHUB_STEP_SUMMARY is a pipe or a device"), "{stderr}");
}

#[test]
fn gitlab_gets_an_array_of_issues() {
    let folder = Folder::example("gitlab");
    let (code, text, _) = folder.audit(&["-o", "gitlab"]);
    assert_eq!(code, 1);
    let issues = json(&text);
    let issues = issues.as_array().unwrap();
    assert_eq!(issues.len(), findings(&folder).len());
    for issue in issues {
        let severity = text_of(&issue["severity"]);
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity));
        assert_eq!(issue["location"]["path"], ".eksnet.yaml");
        assert_eq!(issue["location"]["lines"]["begin"], 1);
    }
    assert_eq!(issues[0]["check_name"], "prefix-starved");
    assert_eq!(issues[0]["severity"], "critical");
    let prints: BTreeSet<&str> =
        issues.iter().map(|issue| text_of(&issue["fingerprint"])).collect();
    assert_eq!(prints.len(), issues.len(), "two issues look like one");

    // Other numbers and another severity, and still the same findings.
    let (_, worse, _) = folder.audit(&["-o", "gitlab", "--critical-at", "84"]);
    let worse = json(&worse);
    let again = worse.as_array().unwrap().iter().map(|issue| text_of(&issue["fingerprint"]));
    assert_eq!(again.collect::<BTreeSet<&str>>(), prints);

    folder.remove("instances.json");
    let (code, text, _) = folder.audit(&["-o", "gitlab"]);
    let issues = json(&text);
    let last = issues.as_array().unwrap().last().unwrap();
    assert_eq!((code, text_of(&last["check_name"])), (4, "not-available"));
    assert!(text_of(&last["description"]).contains("DescribeInstances"));
}

#[test]
fn csv_has_the_rows_that_are_asked_for() {
    let folder = Folder::example("csv");
    let (_, audit, _) = folder.audit(&["--all", "-o", "json"]);
    let audit = json(&audit);
    let subnets = audit["subnets"].as_array().unwrap();
    let owners: usize = subnets.iter().map(|row| row["owners"].as_array().unwrap().len()).sum();
    let rows: &[(&str, &str, usize)] = &[
        ("subnets", "subnet_id,name,vpc_id,availability_zone,cidr,total,", subnets.len()),
        (
            "owners",
            "subnet_id,name,vpc_id,availability_zone,kind,interfaces,addresses,descriptions",
            owners,
        ),
        (
            "nodes",
            "instance_id,name,instance_type,availability_zone,enis,secondary_addresses,prefixes,\
             addresses",
            audit["nodes"].as_array().unwrap().len(),
        ),
        (
            "findings",
            "id,severity,resource,name,vpc_id,message,hint,evidence,known,known_severity",
            audit["findings"].as_array().unwrap().len(),
        ),
    ];
    for (what, header, count) in rows {
        let (code, text, stderr) = folder.audit(&["-o", "csv", "--csv", what]);
        assert_eq!(code, 1, "{what}");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let there = reader.headers().unwrap().iter().collect::<Vec<_>>().join(",");
        assert!(there.starts_with(header), "{what}: {there}");
        assert_eq!(reader.records().map(Result::unwrap).count(), *count, "{what}");
        assert_eq!(stderr.is_empty(), *what == "findings", "{what}: {stderr}");
    }
    assert_eq!(folder.audit(&["-o", "csv"]).1, folder.audit(&["-o", "csv", "--csv", "subnets"]).1);

    let (_, text, _) = folder.audit(&["-o", "csv", "--csv", "findings"]);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    for (row, finding) in reader.records().map(Result::unwrap).zip(findings(&folder)) {
        assert_eq!(&row[0], text_of(&finding["id"]));
        assert_eq!(json(&row[7]), finding["evidence"]);
    }
    // What could not be seen is no row and is said.
    folder.remove("network-interfaces.json");
    for what in ["owners", "nodes", "findings"] {
        let (code, _, stderr) = folder.audit(&["-o", "csv", "--csv", what, "-q"]);
        assert_eq!(code, 4, "{what}");
        assert!(stderr.contains("not available: DescribeNetworkInterfaces"), "{what}: {stderr}");
    }
    let (_, text, _) = folder.audit(&["-o", "csv", "--csv", "owners", "--subnet", STARVED]);
    let blank =
        format!("{STARVED},harbour-nodes-eu-central-1b,vpc-091b7584a2265b1f5,eu-central-1b,,,,");
    assert_eq!(text.lines().nth(1), Some(blank.as_str()));
}

#[test]
fn what_does_not_go_together_is_refused() {
    let folder = Folder::example("refused");
    let rows: &[(&[&str], &str)] = &[
        (&["--csv", "owners"], "--csv requires -o csv"),
        (&["-o", "json", "--csv", "subnets"], "--csv requires -o csv"),
        (&["-o", "csv", "--csv", "pods"], "invalid value 'pods'"),
        (&["-o", "sarif", "--location", "/etc/passwd"], "`/etc/passwd` is not a path"),
        (&["-o", "sarif", "--location", "../a"], "`../a` is not a path"),
        (&["-o", "gitlab", "--location", ""], "`` is not a path"),
        (&["-o", "gitlab", "--location", "https://a/b"], "`https://a/b` is not a path"),
        (&["-o", "github", "--location", "a\\b"], "`a\\b` is not a path"),
        (&["--save", "x.json", "--output-file", "x.json"], "name the same file"),
        (&["--save", "x.json", "--write-baseline", "x.json"], "name the same file"),
        (&["--output-file", "x.json", "--write-baseline", "x.json"], "name the same file"),
    ];
    for (arguments, says) in rows {
        let (code, stdout, stderr) = folder.audit(arguments);
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}: {stderr}");
        assert!(stderr.starts_with("error: ") && stderr.contains(says), "{arguments:?}: {stderr}");
        assert!(stderr.lines().nth(1).unwrap().starts_with("hint: "), "{arguments:?}: {stderr}");
    }
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn elements<'a>(
    document: &'a roxmltree::Document<'a>,
    name: &'a str,
) -> impl Iterator<Item = roxmltree::Node<'a, 'a>> {
    document.descendants().filter(move |node| node.has_tag_name(name))
}

/// Every suite, and all of them, count what is in them.
fn counts_are_true(document: &roxmltree::Document<'_>) {
    let suites =
        document.descendants().filter(|node| node.tag_name().name().starts_with("testsuite"));
    for suite in suites {
        for (attribute, element) in [
            ("tests", "testcase"),
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        ] {
            let count = suite.descendants().filter(|node| node.has_tag_name(element)).count();
            let said = suite.attribute(attribute).unwrap();
            assert_eq!(said, count.to_string(), "{attribute} of {:?}", suite.attribute("name"));
        }
    }
}

/// A workflow command as GitHub's runner reads it: properties up to the second `::`, then the message.
fn command(line: &str) -> (Vec<String>, String) {
    let rest = line.strip_prefix("::").unwrap();
    let (head, message) = rest.split_once("::").unwrap();
    let (_, properties) = head.split_once(' ').unwrap();
    let data = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    let property = |text: &str| data(&text.replace("%3A", ":").replace("%2C", ","));
    (properties.split(',').map(property).collect(), data(message))
}
