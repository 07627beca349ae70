//! SARIF 2.1.0, as GitHub code scanning and others read it.
//!
//! The form is OASIS's (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>); what
//! GitHub needs of it is at
//! <https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning>.

mod form;
mod rules;

use std::{
    collections::HashMap,
    io::{self, Write},
};

use super::{CiReport, LINE, fingerprint::Fingerprints};
use crate::{
    audit::{Standing, SubnetCount},
    finding::Finding,
    inventory::Withheld,
    render::json::write_json,
};
use form::{
    ArtifactLocation, Driver, Fingerprint, Invocation, Location, Log, LogicalLocation, Message,
    Notification, PhysicalLocation, Region, Results, Run, SarifResult, Tool, level,
};

/// Characters of a path that a URI holds as they are: those RFC 3986 leaves unreserved, and the slash.
const KEPT: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// Writes a log of one run.
///
/// # Errors
/// When the writer fails.
pub fn write_sarif(ci: &CiReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = ci.report;
    let rules = rules::rules(&report.findings);
    let subnets = report.subnets_by_id();
    let mut fingerprints = Fingerprints::default();
    let results: Results<'_> = report
        .findings
        .iter()
        .map(|finding| SarifResult {
            rule_id: finding.id,
            rule_index: rules.iter().position(|rule| rule.id == finding.id),
            level: level(finding.severity),
            message: Message::new(&[&finding.message, &finding.plain_hint()]),
            locations: [location(ci.location, finding, &subnets)],
            partial_fingerprints: Fingerprint::new(fingerprints.of(finding)),
            baseline_state: report.standing(finding).map(state),
            properties: &finding.evidence,
        })
        .collect();
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "eksnet",
                    version: env!("CARGO_PKG_VERSION"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules,
                },
            },
            invocations: [Invocation {
                execution_successful: report.withheld.is_empty(),
                tool_execution_notifications: report.withheld.iter().map(notification).collect(),
            }],
            results,
        }],
    };
    write_json(&log, out)
}

/// The audited subnets by id.
type Subnets<'a> = HashMap<&'a str, &'a SubnetCount>;

/// SARIF's name of how a finding stands to a baseline.
fn state(standing: Standing) -> &'static str {
    match standing {
        Standing::New => "new",
        Standing::Worse(_) => "updated",
        Standing::Known => "unchanged",
    }
}

fn location<'a>(file: &str, finding: &'a Finding, subnets: &Subnets<'_>) -> Location<'a> {
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation {
                uri: percent_encoding::utf8_percent_encode(file, KEPT).to_string(),
                uri_base_id: "%SRCROOT%",
            },
            region: Region { start_line: LINE },
        },
        logical_locations: [LogicalLocation {
            name: &finding.resource,
            fully_qualified_name: qualified(finding, subnets),
            kind: "resource",
        }],
    }
}

/// A resource with its VPC before it, if it is a subnet.
fn qualified(finding: &Finding, subnets: &Subnets<'_>) -> String {
    match subnets.get(finding.resource.as_str()) {
        Some(subnet) => format!("{}/{}", subnet.vpc_id, subnet.subnet_id),
        None => finding.resource.clone(),
    }
}

fn notification(row: &Withheld) -> Notification {
    let text = format!("not available: {}: {}", row.operation, row.reason);
    Notification { level: "error", message: Message::new(&[&text]) }
}
