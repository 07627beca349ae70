//! JUnit XML as Jenkins and GitLab read it: a suite a VPC, a case a subnet and check.
//!
//! The elements are those of the Jenkins xUnit plugin's schema
//! (`junit-10.xsd`) that GitLab reads too (<https://docs.gitlab.com/ci/testing/unit_test_reports/>).

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

use super::{CiReport, known};
use crate::{audit::checks::REGISTRY, finding::Finding, render::escape};

/// The suite of what is not available.
const WITHHELD: &str = "not available";
/// The suite of findings about something else than a subnet.
const OTHER: &str = "other resources";

struct Case {
    class: String,
    name: String,
    outcome: Outcome,
}

enum Outcome {
    Passed,
    /// Passed, with findings that fail no run.
    Noted(String),
    Failed {
        message: String,
        text: String,
    },
    Skipped(String),
    Error(String),
}

/// Writes the report. A case fails for findings at or above the threshold that no baseline knows; when
/// something is not available, cases without a finding are skipped, since nothing may be
/// only what was available, and the suite "not available" has an error for each such thing.
///
/// # Errors
/// When the writer fails.
pub fn write_junit(ci: &CiReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let suites = suites(ci);
    let mut writer = Writer::new_with_indent(out, b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let every = || suites.iter().flat_map(|(_, cases)| cases);
    writer.write_event(Event::Start(counted("testsuites", "eksnet audit", every)))?;
    for (name, cases) in &suites {
        writer.write_event(Event::Start(counted("testsuite", name, || cases.iter())))?;
        for case in cases {
            write_case(case, &mut writer)?;
        }
        writer.write_event(Event::End(BytesEnd::new("testsuite")))?;
    }
    writer.write_event(Event::End(BytesEnd::new("testsuites")))?;
    writeln!(writer.get_mut())
}

/// The suites in the order of their VPCs' ids.
fn suites(ci: &CiReport<'_>) -> Vec<(String, Vec<Case>)> {
    let report = ci.report;
    let mut findings: BTreeMap<(&str, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        findings.entry((&finding.resource, finding.id)).or_default().push(finding);
    }
    let ids: BTreeSet<&str> = REGISTRY
        .iter()
        .map(|check| check.id)
        .chain(report.findings.iter().map(|finding| finding.id))
        .collect();
    let mut vpcs: BTreeMap<&str, Vec<Case>> = BTreeMap::new();
    for subnet in &report.subnets {
        let cases = vpcs.entry(&subnet.vpc_id).or_default();
        cases.extend(ids.iter().map(|id| {
            let these = findings.remove(&(subnet.subnet_id.as_str(), *id)).unwrap_or_default();
            Case {
                class: format!("{}.{}", subnet.vpc_id, subnet.subnet_id),
                name: format!("{id}: {}", subnet.label()),
                outcome: if these.is_empty() && subnet.is_ipv6_only() {
                    Outcome::Skipped("IPv6 is not audited".to_owned())
                } else {
                    outcome(ci, &these)
                },
            }
        }));
    }
    let mut suites: Vec<(String, Vec<Case>)> =
        vpcs.into_iter().map(|(vpc, cases)| (vpc.to_owned(), cases)).collect();
    let others: Vec<Case> = findings
        .into_iter()
        .map(|((resource, id), these)| Case {
            class: resource.to_owned(),
            name: format!("{id}: {resource}"),
            outcome: outcome(ci, &these),
        })
        .collect();
    let withheld: Vec<Case> = report
        .withheld
        .iter()
        .map(|row| Case {
            class: WITHHELD.to_owned(),
            name: row.operation.clone(),
            outcome: Outcome::Error(row.reason.clone()),
        })
        .collect();
    for (name, cases) in [(OTHER, others), (WITHHELD, withheld)] {
        if !cases.is_empty() {
            suites.push((name.to_owned(), cases));
        }
    }
    suites
}

/// What a case's findings make of it.
fn outcome(ci: &CiReport<'_>, findings: &[&Finding]) -> Outcome {
    let report = ci.report;
    if findings.is_empty() {
        return match report.withheld.first() {
            None => Outcome::Passed,
            Some(row) => {
                Outcome::Skipped(format!("no findings, but {} is not available", row.operation))
            }
        };
    }
    let line = |finding: &Finding| {
        let (mark, severity) = (known(report, finding), finding.severity.name());
        format!("{mark}{severity}: {}", finding.message)
    };
    // A line break here is ours: those of the texts are made visible before.
    let text: Vec<String> = findings
        .iter()
        .map(|one| format!("{}\nhint: {}", escape::xml(&line(one)), escape::xml(&one.plain_hint())))
        .collect();
    let text = text.join("\n");
    let fails = |finding: &&&Finding| ci.fail_on.is_met_by(finding) && !report.is_known(finding);
    match findings.iter().find(fails) {
        Some(finding) => Outcome::Failed { message: line(finding), text },
        None => Outcome::Noted(text),
    }
}

/// A suite's element with its counts, as both readers want them.
fn counted<'a, I: Iterator<Item = &'a Case>>(
    element: &'static str,
    name: &str,
    cases: impl Fn() -> I,
) -> BytesStart<'static> {
    let count = |is: fn(&Outcome) -> bool| cases().filter(|case| is(&case.outcome)).count();
    let mut start = BytesStart::new(element);
    start.push_attribute(("name", escape::xml(name).as_str()));
    for (attribute, count) in [
        ("tests", cases().count()),
        ("failures", count(|outcome| matches!(outcome, Outcome::Failed { .. }))),
        ("errors", count(|outcome| matches!(outcome, Outcome::Error(_)))),
        ("skipped", count(|outcome| matches!(outcome, Outcome::Skipped(_)))),
    ] {
        start.push_attribute((attribute, count.to_string().as_str()));
    }
    start
}

fn write_case<W: Write>(case: &Case, writer: &mut Writer<W>) -> io::Result<()> {
    let mut start = BytesStart::new("testcase");
    start.push_attribute(("classname", escape::xml(&case.class).as_str()));
    start.push_attribute(("name", escape::xml(&case.name).as_str()));
    let (element, message, text) = match &case.outcome {
        Outcome::Passed => return writer.write_event(Event::Empty(start)),
        Outcome::Noted(text) => ("system-out", None, Some(text)),
        Outcome::Failed { message, text } => ("failure", Some(message), Some(text)),
        Outcome::Skipped(message) => ("skipped", Some(message), None),
        Outcome::Error(message) => ("error", Some(message), None),
    };
    writer.write_event(Event::Start(start))?;
    let mut inner = BytesStart::new(element);
    if let Some(message) = message {
        inner.push_attribute(("message", escape::xml(message).as_str()));
    }
    match text {
        None => writer.write_event(Event::Empty(inner))?,
        Some(text) => {
            writer.write_event(Event::Start(inner))?;
            writer.write_event(Event::Text(BytesText::new(text)))?;
            writer.write_event(Event::End(BytesEnd::new(element)))?;
        }
    }
    writer.write_event(Event::End(BytesEnd::new("testcase")))
}
