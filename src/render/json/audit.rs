//! `eksnet.audit/v1`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    baseline::BaselineJson,
    finding::{FindingJson, PlaceJson, WithheldJson},
    forecast::ForecastJson,
    ignored::IgnoredJson,
    notes,
    usage::{DrainJson, NodeUsageJson, WhatIfJson},
};
use crate::{
    audit::{AuditReport, NodeReport, OwnerCount, SubnetCount, answer::Answer},
    finding::Severity,
    inventory::{Because, OwnerKind},
    network::BlockState,
    render::audit::{AuditSections, Presented},
};

/// The output of `eksnet audit`. `null` is "not available".
#[expect(clippy::option_option, reason = "not asked for and not seen are not the same")]
#[derive(Debug, Serialize, JsonSchema)]
pub struct AuditJson<'a> {
    /// `eksnet.audit/v1`.
    schema: &'static str,
    /// Where the numbers come from.
    source: SourceJson<'a>,
    /// Subnets by VPC, zone and network; IPv6-only ones last.
    subnets: Vec<SubnetJson<'a>>,
    /// With `--nodes`: the Kubernetes nodes that hold addresses in them, by instance id.
    #[serde(skip_serializing_if = "Option::is_none")]
    nodes: Option<Option<Vec<NodeJson<'a>>>>,
    /// With `--history`: where each subnet goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    forecast: Option<Vec<ForecastJson<'a>>>,
    /// With `--what-if`: what each of the settings would save.
    what_if: Option<Vec<WhatIfJson<'a>>>,
    /// With `--want-prefixes`: which nodes to drain, a row a subnet.
    drains: Option<Vec<DrainJson<'a>>>,
    /// Findings, worst first: those that `--severity` and `--check` let through.
    findings: Vec<FindingJson<'a>>,
    /// With `--severity` or `--check`: what `findings` leaves out. `summary` counts all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<FilterJson>,
    /// Findings that the policy does not want.
    ignored: Vec<IgnoredJson<'a>>,
    /// What is not available.
    withheld: Vec<WithheldJson<'a>>,
    /// What was passed over, such as files that hold nothing that is needed, and what is dated by its name;
    /// absent if nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<Vec<&'a str>>,
    /// The audit in a few numbers.
    summary: SummaryJson,
    /// With `--baseline`: how the findings stand to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<BaselineJson>,
}

/// Where the numbers come from.
#[derive(Debug, Serialize, JsonSchema)]
struct SourceJson<'a> {
    /// `live`, `snapshot` or `aws-cli`.
    kind: &'static str,
    /// The region; `null` if there are several.
    region: Option<&'a str>,
    /// The account of the interfaces; `null` if there are several.
    account: Option<&'a str>,
    /// When collection began.
    captured_at: Option<&'a str>,
}

/// One subnet.
#[expect(clippy::option_option, reason = "not asked for and not seen are not the same")]
#[derive(Debug, Serialize, JsonSchema)]
struct SubnetJson<'a> {
    /// Its id.
    subnet_id: &'a str,
    /// Its Name tag.
    name: Option<&'a str>,
    /// Its VPC.
    vpc_id: &'a str,
    /// Its zone.
    availability_zone: Option<&'a str>,
    /// Its IPv4 network; `null` for an IPv6-only subnet.
    cidr: Option<String>,
    /// All addresses.
    total: Option<u32>,
    /// All but the five reserved by AWS.
    usable: Option<u32>,
    /// Addresses held by visible ENIs, 16 for each delegated prefix.
    used: Option<u32>,
    /// Addresses in use, which `status` goes by: in a shared subnet, where ENIs of other accounts are
    /// invisible, the most that either the ENIs or EC2's count shows; elsewhere `used`.
    held: Option<u32>,
    /// usable − used.
    free: Option<u32>,
    /// Addresses that EC2 can assign by itself: usable − held, less free addresses inside explicit
    /// reservations.
    room: Option<u32>,
    /// Those that it can assign one by one, as every new ENI needs one: less free addresses inside
    /// prefix reservations too.
    room_single: Option<u32>,
    /// Free addresses inside reservations.
    reserved_free: Option<u32>,
    /// AvailableIpAddressCount.
    available_reported: Option<u32>,
    /// free − reserved_free − available_reported. EC2 leaves what is inside reservations out of its count,
    /// so an ENI there that was not listed does not show.
    unexplained: Option<i64>,
    /// used / usable, to four decimals.
    utilization: Option<f64>,
    /// /28 blocks by state.
    blocks28: Option<BlocksJson>,
    /// /28 prefixes that can be delegated now.
    assignable_prefixes: Option<u32>,
    /// Those inside prefix reservations.
    assignable_prefixes_in_reservation: Option<u32>,
    /// 0 (healthy) to 100 (exhausted); `null` without a block that could carry a prefix.
    fragmentation_score: Option<u32>,
    /// Who holds addresses, in a fixed order of kinds.
    owners: Option<Vec<OwnerJson<'a>>>,
    /// Its use against the thresholds: `ok`, `warning`, `critical` or `unknown`.
    status: &'static str,
    /// The worst of the findings whose `resource` it is: `critical`, `warning` or `info`; `null` if there is
    /// none. While something is withheld, one may be missing.
    worst_finding: Option<&'static str>,
    /// Why a cluster's selection has it.
    selected_by: Vec<String>,
    /// In a run over several regions or accounts: where it is.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    place: Option<PlaceJson>,
    /// With `--map`: a character a /28 block: `A` reserved by AWS, `P` prefix, `.` free, `#` full,
    /// `+` fragmented.
    #[serde(skip_serializing_if = "Option::is_none")]
    map: Option<Option<String>>,
}

/// /28 blocks by state.
#[derive(Debug, Serialize, JsonSchema)]
struct BlocksJson {
    total: u32,
    free: u32,
    fragmented: u32,
    full: u32,
    reserved: u32,
    prefix: u32,
}

/// What an owner kind holds.
#[derive(Debug, Serialize, JsonSchema)]
struct OwnerJson<'a> {
    /// The kind.
    kind: &'static str,
    /// Distinct ENIs that give the kind at least one address.
    interfaces: u32,
    /// Addresses.
    addresses: u32,
    /// For `other`: the ENIs' descriptions with their addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    descriptions: Option<&'a BTreeMap<String, u32>>,
}

/// What a node holds in the subnets.
#[derive(Debug, Serialize, JsonSchema)]
struct NodeJson<'a> {
    instance_id: &'a str,
    name: Option<&'a str>,
    instance_type: Option<&'a str>,
    availability_zone: Option<&'a str>,
    enis: u32,
    secondary_addresses: u32,
    prefixes: u32,
    addresses: u32,
    #[serde(flatten)]
    usage: NodeUsageJson<'a>,
}

/// Which findings are shown.
#[derive(Debug, Serialize, JsonSchema)]
struct FilterJson {
    /// From which severity on; `null`: all.
    severity: Option<&'static str>,
    /// Of which checks; empty: all.
    checks: Vec<&'static str>,
    /// How many findings are left out.
    hidden: usize,
}

/// The audit in a few numbers.
#[derive(Debug, Serialize, JsonSchema)]
struct SummaryJson {
    subnets: u32,
    usable: Option<u64>,
    used: Option<u64>,
    free: Option<u64>,
    ok: u32,
    warning: u32,
    critical: u32,
    unknown: u32,
    findings: FindingCountsJson,
    ignored: u32,
    withheld: usize,
}

/// Findings by severity.
#[derive(Debug, Serialize, JsonSchema)]
struct FindingCountsJson {
    critical: u32,
    warning: u32,
    info: u32,
}

impl<'a> AuditJson<'a> {
    /// The document of a report.
    #[must_use]
    pub fn new(shown: &Presented<'a>) -> Self {
        let Presented { report, answer, view, sections, .. } = *shown;
        let source = &report.source;
        let summary = report.summary();
        let [critical, warning, info] = summary.findings;
        Self {
            schema: "eksnet.audit/v1",
            source: SourceJson {
                kind: source.kind.name(),
                region: source.region.as_deref(),
                account: source.account.as_deref(),
                captured_at: source.captured_at.as_deref(),
            },
            subnets: report
                .subnets
                .iter()
                .map(|one| subnet_json((report, answer), one, sections))
                .collect(),
            nodes: sections
                .nodes
                .then(|| report.nodes.as_ref().map(|nodes| nodes.iter().map(node_json).collect())),
            what_if: report.what_if.as_ref().map(|rows| rows.iter().map(WhatIfJson::new).collect()),
            drains: report.drains.as_ref().map(|rows| rows.iter().map(DrainJson::new).collect()),
            forecast: report
                .forecast
                .as_ref()
                .map(|rows| rows.iter().map(ForecastJson::new).collect()),
            findings: report
                .findings
                .iter()
                .filter(|one| view.shows(one))
                .map(|one| FindingJson::of(report, one))
                .collect(),
            filter: view.is_filter().then(|| FilterJson {
                severity: view.severity.map(Severity::name),
                checks: view.checks.iter().copied().collect(),
                hidden: answer.hidden,
            }),
            ignored: report.ignored.iter().map(|one| IgnoredJson::new(report, one)).collect(),
            withheld: report.withheld.iter().map(WithheldJson::new).collect(),
            notes: notes(&report.notes, report.dated.as_deref()),
            summary: SummaryJson {
                subnets: summary.subnets,
                usable: summary.usable,
                used: summary.used,
                free: summary.free,
                ok: summary.ok,
                warning: summary.warning,
                critical: summary.critical,
                unknown: summary.unknown,
                findings: FindingCountsJson { critical, warning, info },
                ignored: summary.ignored,
                withheld: report.withheld.len(),
            },
            baseline: report.baseline.as_ref().map(BaselineJson::new),
        }
    }
}

fn subnet_json<'a>(
    (report, answer): (&AuditReport, &Answer<'_>),
    subnet: &'a SubnetCount,
    sections: AuditSections,
) -> SubnetJson<'a> {
    let owner = |(kind, count): (&OwnerKind, &OwnerCount)| OwnerJson {
        kind: kind.name(),
        interfaces: count.interfaces,
        addresses: count.addresses,
        descriptions: (*kind == OwnerKind::Other).then_some(&subnet.other_descriptions),
    };
    let room = subnet.room();
    SubnetJson {
        subnet_id: &subnet.subnet_id,
        name: subnet.name.as_deref(),
        vpc_id: &subnet.vpc_id,
        availability_zone: subnet.availability_zone.as_deref(),
        cidr: subnet.cidr.map(|cidr| cidr.to_string()),
        total: subnet.total,
        usable: subnet.usable,
        used: subnet.used,
        held: subnet.held,
        free: subnet.free,
        room: room.map(|room| room.addresses),
        room_single: room.map(|room| room.singles),
        reserved_free: subnet.reserved_free,
        available_reported: subnet.available_reported,
        unexplained: subnet.unexplained,
        utilization: subnet
            .utilization_e4()
            .and_then(|e4| u32::try_from(e4).ok())
            .map(|e4| f64::from(e4) / 10_000.0),
        blocks28: subnet.blocks28.map(|blocks| BlocksJson {
            total: blocks.total,
            free: blocks.free,
            fragmented: blocks.fragmented,
            full: blocks.full,
            reserved: blocks.reserved,
            prefix: blocks.prefix,
        }),
        assignable_prefixes: subnet.assignable_prefixes,
        assignable_prefixes_in_reservation: subnet.assignable_prefixes_in_reservation,
        fragmentation_score: subnet.fragmentation_score,
        owners: subnet.owners.as_ref().map(|owners| owners.iter().map(owner).collect()),
        status: report.status(subnet).name(),
        worst_finding: answer.worst(subnet).map(Severity::name),
        selected_by: subnet.selected_by.iter().map(Because::text).collect(),
        place: report.place(&subnet.subnet_id).map(PlaceJson::from),
        map: sections.map.then(|| {
            subnet.blocks28.map(|_| subnet.map.iter().copied().map(BlockState::symbol).collect())
        }),
    }
}

fn node_json(node: &NodeReport) -> NodeJson<'_> {
    NodeJson {
        instance_id: &node.instance_id,
        name: node.name.as_deref(),
        instance_type: node.instance_type.as_deref(),
        availability_zone: node.availability_zone.as_deref(),
        enis: node.enis,
        secondary_addresses: node.secondary_addresses,
        prefixes: node.prefixes,
        addresses: node.addresses,
        usage: NodeUsageJson::new(&node.usage),
    }
}
