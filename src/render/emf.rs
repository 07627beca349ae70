//! `eksnet audit` in CloudWatch's embedded metric format: one JSON object a line and subnet, which
//! CloudWatch Logs turns into metrics ("Specification: Embedded metric format", Amazon CloudWatch
//! user guide). A number that is not available is neither a metric nor a member.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde::Serialize;
use serde_json::{Map, Value};

use super::json::write_json_line;
use crate::{
    audit::{AuditReport, SubnetCount},
    inventory::{Measure, Place},
};

/// The namespace of the metrics.
const NAMESPACE: &str = "eksnet";
/// The one dimension: a subnet is one series whatever else changes.
const DIMENSION: &str = "SubnetId";

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata {
    /// Milliseconds since 1970.
    timestamp: i64,
    cloud_watch_metrics: [Directive; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Directive {
    namespace: &'static str,
    dimensions: [[&'static str; 1]; 1],
    metrics: Vec<Definition>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Definition {
    name: &'static str,
    unit: &'static str,
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(rename = "_aws")]
    aws: Metadata,
    #[serde(flatten)]
    properties: Properties<'a>,
    /// The target members, in the order of their definitions.
    #[serde(flatten)]
    metrics: Map<String, Value>,
}

/// Members that are no metrics: what the logs can be searched by.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Properties<'a> {
    subnet_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    vpc_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    availability_zone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cidr: Option<String>,
    /// In a run over several regions or accounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    owners: Option<BTreeMap<&'static str, u32>>,
}

/// Writes the report; `timestamp` is the moment of the metrics, in milliseconds since 1970.
///
/// # Errors
/// When the writer fails.
pub fn write_emf(report: &AuditReport, timestamp: i64, out: &mut dyn Write) -> io::Result<()> {
    for subnet in &report.subnets {
        write_json_line(&line(report, subnet, timestamp), out)?;
    }
    Ok(())
}

fn line<'a>(report: &AuditReport, subnet: &'a SubnetCount, timestamp: i64) -> Line<'a> {
    let mut definitions = Vec::new();
    let mut metrics = Map::new();
    for (name, unit, value) in values(report, subnet) {
        definitions.push(Definition { name, unit });
        metrics.insert(name.to_owned(), value);
    }
    let owners = subnet
        .owners
        .as_ref()
        .map(|owners| owners.iter().map(|(kind, count)| (kind.name(), count.addresses)).collect());
    let several = report.places.is_some();
    let place = if several { report.place(&subnet.subnet_id) } else { None };
    let Place { region, account } = place.unwrap_or_default();
    Line {
        aws: Metadata {
            timestamp,
            cloud_watch_metrics: [Directive {
                namespace: NAMESPACE,
                dimensions: [[DIMENSION]],
                metrics: definitions,
            }],
        },
        properties: Properties {
            subnet_id: &subnet.subnet_id,
            name: subnet.name.as_deref(),
            vpc_id: &subnet.vpc_id,
            availability_zone: subnet.availability_zone.as_deref(),
            cidr: subnet.cidr.map(|cidr| cidr.to_string()),
            region,
            account,
            status: report.status(subnet).name(),
            owners,
        },
        metrics,
    }
}

/// The metrics that are available, under the words of the JSON document. A dozen, where the format allows
/// a hundred.
fn values(report: &AuditReport, subnet: &SubnetCount) -> Vec<(&'static str, &'static str, Value)> {
    let room = subnet.room();
    let counts = [
        ("UsableAddresses", subnet.usable),
        (Measure::UsedAddresses.metric_name(), subnet.used),
        (Measure::HELD_NAME, subnet.held),
        ("FreeAddresses", subnet.free),
        ("RoomAddresses", room.map(|room| room.addresses)),
        ("RoomSingleAddresses", room.map(|room| room.singles)),
        ("ReservedFreeAddresses", subnet.reserved_free),
        ("AvailableAddresses", subnet.available_reported),
        (Measure::AssignablePrefixes.metric_name(), subnet.assignable_prefixes),
    ];
    let mut values: Vec<_> = counts
        .into_iter()
        .filter_map(|(name, value)| Some((name, "Count", Value::from(value?))))
        .collect();
    let hundredths = subnet.utilization_e4().and_then(|e4| u32::try_from(e4).ok());
    if let Some(hundredths) = hundredths {
        values.push(("Utilization", "Percent", Value::from(f64::from(hundredths) / 100.0)));
    }
    let incomplete = u8::from(!report.withheld.is_empty());
    values.push(("AuditIncomplete", "Count", Value::from(incomplete)));
    values
}
