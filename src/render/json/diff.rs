//! `eksnet.diff/v1`.

use schemars::JsonSchema;
use serde::Serialize;

use super::{finding::WithheldJson, notes, rounded};
use crate::audit::{
    Status,
    diff::{Change, Diff, Rate, Side, SubnetDiff, ZoneDiff},
};

/// The output of `eksnet diff`. `null` is "not available", or not there on that side.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DiffJson<'a> {
    /// `eksnet.diff/v1`.
    schema: &'static str,
    /// The earlier side.
    old: SideJson<'a>,
    /// The later side.
    new: SideJson<'a>,
    /// Days between them, to four decimals; `null` when a side does not say when it was captured.
    days: Option<f64>,
    /// Subnets of either side, by VPC, zone and network; IPv6-only ones last.
    subnets: Vec<SubnetJson<'a>>,
    /// The IPv4 subnets of each zone together, by zone.
    zones: Vec<ZoneJson<'a>>,
    /// Who holds addresses in all subnets, in a fixed order of kinds.
    owners: Vec<OwnerJson>,
    /// Kubernetes nodes; `null` when those of a side are not available.
    nodes: Option<NodesJson<'a>>,
    /// What is not available on either side.
    withheld: Vec<WithheldJson<'a>>,
    /// What was passed over, such as files that hold nothing that is needed, and what is dated by its name;
    /// absent if nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<Vec<&'a str>>,
}

/// Where a side's numbers come from.
#[derive(Debug, Serialize, JsonSchema)]
struct SideJson<'a> {
    /// `snapshot` or `aws-cli`.
    kind: &'static str,
    /// The region.
    region: Option<&'a str>,
    /// The account of the interfaces.
    account: Option<&'a str>,
    /// When it was captured, as it says itself or as it was given.
    captured_at: Option<String>,
}

/// A number on both sides.
#[derive(Debug, Serialize, JsonSchema)]
struct ChangeJson {
    /// What it was.
    old: Option<u64>,
    /// What it is.
    new: Option<u64>,
    /// new − old.
    growth: Option<i64>,
}

/// A status on both sides: `ok`, `warning`, `critical` or `unknown`, by the usual bars of 80 and 90 %.
#[derive(Debug, Serialize, JsonSchema)]
struct StatusJson {
    /// What it was.
    old: Option<&'static str>,
    /// What it is.
    new: Option<&'static str>,
}

/// The straight line between the two sides.
#[derive(Debug, Serialize, JsonSchema)]
struct RateJson {
    /// Growth of used addresses a day, to four decimals.
    used_per_day: Option<f64>,
    /// Days after the later side until no address is left, to one decimal.
    days_to_exhaustion: Option<f64>,
    /// Why there are none: `not growing`, `no time between`, `time between unknown`, `subnets came or
    /// went` or `not available`.
    reason: Option<&'static str>,
}

/// A subnet.
#[derive(Debug, Serialize, JsonSchema)]
struct SubnetJson<'a> {
    /// Its id.
    subnet_id: &'a str,
    /// Its Name tag, the later one.
    name: Option<&'a str>,
    /// Its VPC.
    vpc_id: &'a str,
    /// Its zone.
    availability_zone: Option<&'a str>,
    /// Its IPv4 network; `null` for an IPv6-only subnet.
    cidr: Option<String>,
    /// `stayed`, `came` or `went`.
    presence: &'static str,
    /// Addresses held by ENIs.
    used: ChangeJson,
    /// Usable addresses nobody holds.
    free: ChangeJson,
    /// /28 prefixes that can be delegated.
    assignable_prefixes: ChangeJson,
    /// How it stood and stands.
    status: StatusJson,
    #[serde(flatten)]
    rate: RateJson,
}

/// A zone's IPv4 subnets.
#[derive(Debug, Serialize, JsonSchema)]
struct ZoneJson<'a> {
    /// The zone; `null` for subnets that do not say.
    availability_zone: Option<&'a str>,
    /// How many.
    subnets: ChangeJson,
    /// Addresses held by ENIs.
    used: ChangeJson,
    /// Usable addresses nobody holds.
    free: ChangeJson,
    /// /28 prefixes that can be delegated.
    assignable_prefixes: ChangeJson,
    #[serde(flatten)]
    rate: RateJson,
}

/// What an owner kind holds.
#[derive(Debug, Serialize, JsonSchema)]
struct OwnerJson {
    /// The kind.
    kind: &'static str,
    /// Its addresses.
    addresses: ChangeJson,
}

/// Nodes by instance id.
#[derive(Debug, Serialize, JsonSchema)]
struct NodesJson<'a> {
    /// On the later side alone.
    came: &'a [String],
    /// On the earlier side alone.
    went: &'a [String],
    /// How many are on both.
    stayed: usize,
}

impl<'a> DiffJson<'a> {
    /// The document of a comparison.
    #[must_use]
    pub fn new(diff: &'a Diff) -> Self {
        Self {
            schema: "eksnet.diff/v1",
            old: side(&diff.old),
            new: side(&diff.new),
            days: diff.elapsed.days().map(|days| rounded(days, 10_000.0)),
            subnets: diff.subnets.iter().map(subnet).collect(),
            zones: diff.zones.iter().map(zone).collect(),
            owners: diff
                .owners
                .iter()
                .map(|owner| OwnerJson {
                    kind: owner.kind.name(),
                    addresses: change(owner.addresses),
                })
                .collect(),
            nodes: diff.nodes.as_ref().map(|nodes| NodesJson {
                came: &nodes.came,
                went: &nodes.went,
                stayed: nodes.stayed,
            }),
            withheld: diff.withheld.iter().map(WithheldJson::new).collect(),
            notes: notes(&diff.notes, diff.dated.as_deref()),
        }
    }
}

fn side(side: &Side) -> SideJson<'_> {
    SideJson {
        kind: side.source.kind.name(),
        region: side.source.region.as_deref(),
        account: side.source.account.as_deref(),
        captured_at: side.at.map(|at| at.to_string()),
    }
}

fn change(change: Change) -> ChangeJson {
    ChangeJson { old: change.old, new: change.new, growth: change.growth() }
}

fn rate(rate: Rate) -> RateJson {
    RateJson {
        used_per_day: rate.per_day.map(|per_day| rounded(per_day, 10_000.0)),
        days_to_exhaustion: rate.exhaustion.days().map(|days| rounded(days, 10.0)),
        reason: rate.exhaustion.reason(),
    }
}

fn subnet(row: &SubnetDiff) -> SubnetJson<'_> {
    SubnetJson {
        subnet_id: &row.subnet_id,
        name: row.name.as_deref(),
        vpc_id: &row.vpc_id,
        availability_zone: row.availability_zone.as_deref(),
        cidr: row.cidr.map(|cidr| cidr.to_string()),
        presence: row.presence.name(),
        used: change(row.used),
        free: change(row.free),
        assignable_prefixes: change(row.assignable_prefixes),
        status: StatusJson {
            old: row.old_status.map(Status::name),
            new: row.new_status.map(Status::name),
        },
        rate: rate(row.rate),
    }
}

fn zone(row: &ZoneDiff) -> ZoneJson<'_> {
    ZoneJson {
        availability_zone: row.availability_zone.as_deref(),
        subnets: change(row.subnets),
        used: change(row.used),
        free: change(row.free),
        assignable_prefixes: change(row.assignable_prefixes),
        rate: rate(row.rate),
    }
}
