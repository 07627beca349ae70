//! Findings about a whole VPC: the rules of AWS that it breaks, be it planned or observed.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Finding, Severity};
use crate::network::{BrokenVpcRule, Cidr};

/// A block that AWS refuses.
const CIDR: &str = "vpc-cidr";
/// More blocks than the quota.
const CIDR_QUOTA: &str = "vpc-cidr-quota";
/// Network address units near the quota or over it.
const UNITS: &str = "network-address-units";

/// A finding for each broken rule, in the order findings are shown in. `resource` is whose rules they
/// are: a VPC's id, or what it is called in a plan.
#[must_use]
pub fn vpc_findings(resource: &str, broken: &[BrokenVpcRule]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = broken.iter().map(|rule| finding(resource, rule)).collect();
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    findings
}

fn finding(resource: &str, rule: &BrokenVpcRule) -> Finding {
    let severity = if rule.is_refused() { Severity::Critical } else { Severity::Warning };
    let finding = Finding::new(id(rule), severity, resource)
        .message(format!("{resource}: {}", rule.message()))
        .hint(rule.hint());
    Finding { detail: detail(rule), evidence: evidence(rule), ..finding }
}

fn id(rule: &BrokenVpcRule) -> &'static str {
    match rule {
        BrokenVpcRule::Size { .. }
        | BrokenVpcRule::Impossible { .. }
        | BrokenVpcRule::Overlap { .. }
        | BrokenVpcRule::Restricted { .. }
        | BrokenVpcRule::TooLate { .. } => CIDR,
        BrokenVpcRule::ManyCidrs { .. } | BrokenVpcRule::TooManyCidrs { .. } => CIDR_QUOTA,
        BrokenVpcRule::NearUnits { .. }
        | BrokenVpcRule::ManyUnits { .. }
        | BrokenVpcRule::TooManyUnits { .. } => UNITS,
    }
}

/// The blocks that a rule of blocks is about: a VPC can have several.
fn detail(rule: &BrokenVpcRule) -> Option<String> {
    match *rule {
        BrokenVpcRule::Size { cidr, .. } => Some(cidr.to_string()),
        BrokenVpcRule::Impossible { cidr, range }
        | BrokenVpcRule::Restricted { cidr, range, .. }
        | BrokenVpcRule::TooLate { cidr, range, .. } => Some(format!("{cidr} in {range}")),
        BrokenVpcRule::Overlap { cidr, other } => Some(format!("{cidr} and {other}")),
        BrokenVpcRule::ManyCidrs { .. }
        | BrokenVpcRule::TooManyCidrs { .. }
        | BrokenVpcRule::NearUnits { .. }
        | BrokenVpcRule::ManyUnits { .. }
        | BrokenVpcRule::TooManyUnits { .. } => None,
    }
}

fn evidence(rule: &BrokenVpcRule) -> BTreeMap<&'static str, Value> {
    let text = |cidr: Cidr| Value::from(cidr.to_string());
    match *rule {
        BrokenVpcRule::Size { cidr, shortest, longest } => BTreeMap::from([
            ("cidr", text(cidr)),
            ("prefix_length", cidr.prefix_len().into()),
            ("shortest_prefix_length", shortest.into()),
            ("longest_prefix_length", longest.into()),
        ]),
        BrokenVpcRule::Impossible { cidr, range } => {
            BTreeMap::from([("cidr", text(cidr)), ("range", text(range))])
        }
        BrokenVpcRule::Overlap { cidr, other } => {
            BTreeMap::from([("cidr", text(cidr)), ("overlaps", text(other))])
        }
        BrokenVpcRule::Restricted { cidr, range, primary } => BTreeMap::from([
            ("cidr", text(cidr)),
            ("range", text(range)),
            ("primary", text(primary)),
        ]),
        BrokenVpcRule::TooLate { cidr, range, within, earlier } => BTreeMap::from([
            ("cidr", text(cidr)),
            ("range", text(range)),
            ("within", text(within)),
            ("earlier", text(earlier)),
        ]),
        BrokenVpcRule::ManyCidrs { count, quota, most } => BTreeMap::from([
            ("cidrs", count.into()),
            ("quota", quota.into()),
            ("most", most.into()),
        ]),
        BrokenVpcRule::TooManyCidrs { count, most } => {
            BTreeMap::from([("cidrs", count.into()), ("most", most.into())])
        }
        BrokenVpcRule::NearUnits { units, quota, most }
        | BrokenVpcRule::ManyUnits { units, quota, most } => BTreeMap::from([
            ("units", units.into()),
            ("quota", quota.into()),
            ("most", most.into()),
        ]),
        BrokenVpcRule::TooManyUnits { units, most } => {
            BTreeMap::from([("units", units.into()), ("most", most.into())])
        }
    }
}
