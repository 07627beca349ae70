//! `eksnet.simulate/v1`.

mod remedy;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use self::remedy::RemedyJson;
use super::finding::{FindingJson, WithheldJson};
use crate::{
    render::simulate::SimulateAnswer,
    simulate::{
        Figure, LayoutFailure, PlayedGroup, PlayedStep, PlayedSubnet, PlayedSubnetStep, Reason,
        Remedy, Runs, Shortage, Simulated, TightKind, TightReason, Verdict,
    },
};

/// The output of `eksnet simulate`. With `--runs` a figure is `{worst, median, best}`, else a number.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SimulateJson<'a> {
    /// `eksnet.simulate/v1`.
    schema: &'static str,
    /// `fits` or `fails`; of several runs `fails` if any does.
    verdict: Verdict,
    /// With `--runs`: how many, and how many of them fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    runs: Option<RunsJson>,
    /// What did not fit first: the first of `failures`.
    first_failure: Option<FailureJson<'a>>,
    /// Everything that did not fit: what AWS refuses of the VPC, then in the order of the steps what found
    /// no place in the first run that fails. What lasts is listed in the step in which it began, and again
    /// when it became more.
    failures: Vec<FailureJson<'a>>,
    /// Whether there is nothing to spare in a layout that fits, and why.
    tight: TightJson<'a>,
    /// Changes that were tried and with which every run fits, the smallest first.
    remedies: Vec<RemedyJson<'a>>,
    /// Whether the search for them came to its end: `false` when it became too much work, `null` when
    /// none was made.
    remedies_complete: Option<bool>,
    /// Step by step; step 0 is the start.
    steps: Vec<StepJson<'a>>,
    /// Subnets over all steps, as the scenario orders them.
    subnets: Vec<SubnetJson<'a>>,
    /// The most EC2 calls of the nodes in one minute of simulated time.
    peak_calls_per_minute: FigureJson,
    /// The most network address units at the end of a step or of a roll-out's batch, of the worst run; a
    /// delegated prefix is one.
    most_address_units: u64,
    /// Findings, worst first.
    findings: Vec<FindingJson<'a>>,
    /// What was taken for granted, of the start and of EC2.
    notes: &'a [String],
    /// What is not available.
    withheld: Vec<WithheldJson<'a>>,
}

/// A number, or with `--runs` its spread.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
enum FigureJson {
    /// Of the one run.
    One(u64),
    /// Of several.
    Spread {
        /// The worst for whoever has to live with it.
        worst: u64,
        /// The middle one; of an even number the worse of the two.
        median: u64,
        /// The best.
        best: u64,
    },
}

/// Several runs.
#[derive(Debug, Serialize, JsonSchema)]
struct RunsJson {
    /// How many.
    runs: u32,
    /// Those that do not fit.
    failed: u32,
    /// The first seed; each further run has the next one.
    seed: u64,
}

/// Something that did not fit.
#[derive(Debug, Serialize, JsonSchema)]
struct FailureJson<'a> {
    /// With `--runs`: the seed of the first run that fails; left out of what AWS refuses of the VPC.
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    /// The step's index.
    step: u32,
    /// The subnet that was short, if one was.
    subnet: Option<&'a str>,
    /// The group it happened to; `null` for the control plane, other holders and the VPC.
    group: Option<&'a str>,
    /// What was short.
    what: Shortage,
    /// How many were wanted.
    wanted: u64,
    /// How many were placed.
    placed: u64,
    /// Why.
    reason: Reason,
    /// The same in words.
    reason_text: &'static str,
    /// Of the first that found no place: the smallest change that makes all of the layout fit, in words.
    remedy: Option<String>,
}

/// Whether there is nothing to spare.
#[derive(Debug, Serialize, JsonSchema)]
struct TightJson<'a> {
    /// Whether there is a reason; never in a layout that does not fit.
    is: bool,
    /// Where and why, by kind; of all steps and runs the worst.
    reasons: Vec<TightReasonJson<'a>>,
}

/// Where there is nothing to spare.
#[derive(Debug, Serialize, JsonSchema)]
struct TightReasonJson<'a> {
    /// What is tight.
    kind: TightKind,
    /// The subnet, where one is known.
    subnet: Option<&'a str>,
    /// The group, if it is about one.
    group: Option<&'a str>,
    /// Nodes, addresses, blocks or percent, as the kind says.
    value: u64,
    /// The step's index.
    step: u32,
    /// The same in words.
    text: &'a str,
}

/// One step.
#[derive(Debug, Serialize, JsonSchema)]
struct StepJson<'a> {
    /// 0 is the start.
    index: u32,
    /// `start`, or the step's key in the scenario.
    name: &'a str,
    /// Simulated seconds until the last change.
    seconds: FigureJson,
    /// Whether in every run nothing changed any more at the end.
    settled: bool,
    /// Groups at the end of the step, as the scenario orders them.
    groups: Vec<GroupJson<'a>>,
    /// Subnets at the end of the step, as the scenario orders them.
    subnets: Vec<SubnetStepJson<'a>>,
    /// EC2 calls by operation, failed ones included.
    ec2_calls: BTreeMap<&'static str, FigureJson>,
    /// The same where EC2 answers in a full subnet with a code after which the nodes do not pause, such as
    /// InvalidParameterValue.
    ec2_calls_at_most: BTreeMap<&'static str, FigureJson>,
    /// How long pods waited for an address, where they were replaced or came all at once; `null` in other
    /// steps.
    waits: Option<WaitsJson>,
    /// The most EC2 calls of the nodes in one minute of simulated time that begins in this step.
    peak_calls_per_minute: FigureJson,
}

/// How long pods waited for an address.
#[derive(Debug, Serialize, JsonSchema)]
struct WaitsJson {
    /// Pods that came in place of others, or all at once and for which a node had room.
    started: FigureJson,
    /// Those that found no address at once.
    waited: FigureJson,
    /// The longest that one waited that found one, in seconds.
    longest_s: FigureJson,
    /// Those that found none.
    never: FigureJson,
}

/// A group at the end of a step.
#[derive(Debug, Serialize, JsonSchema)]
struct GroupJson<'a> {
    /// Its name.
    name: &'a str,
    /// Nodes it is to have.
    nodes_wanted: FigureJson,
    /// Nodes that are Ready.
    nodes_placed: FigureJson,
    /// Pods it is to have that need an address, branch pods included.
    pods_wanted: FigureJson,
    /// Those with an address.
    pods_placed: FigureJson,
}

/// A subnet at the end of a step, in addresses.
#[derive(Debug, Serialize, JsonSchema)]
struct SubnetStepJson<'a> {
    /// Its name.
    name: &'a str,
    /// Addresses in use.
    used: FigureJson,
    /// The most in use at one time of the step.
    peak_used: FigureJson,
    /// Usable addresses not in use.
    free: FigureJson,
    /// Prefixes that EC2 can delegate: free /28 blocks outside of explicit reservations, and inside the
    /// prefix reservation where there is one.
    assignable_prefixes: FigureJson,
}

/// A subnet over all steps, in addresses.
#[derive(Debug, Serialize, JsonSchema)]
struct SubnetJson<'a> {
    /// Its name.
    name: &'a str,
    /// Its zone.
    zone: &'a str,
    /// Its IPv4 network.
    cidr: String,
    /// All but the five reserved by AWS.
    usable: u32,
    /// The most in use at one time.
    peak_used: FigureJson,
    /// The first step that reached it, in the first run with the worst peak.
    peak_step: u32,
    /// The fewest free.
    min_free: FigureJson,
    /// The fewest prefixes that EC2 could delegate.
    min_assignable_prefixes: FigureJson,
    /// When it first left a node, a pod, an interface or an address without a place, in the first run that
    /// fails; `null` where it did not. A failure names one subnet, and others may have been as short.
    short: Option<ShortJson>,
}

/// When a subnet first left something without a place.
#[derive(Debug, Serialize, JsonSchema)]
struct ShortJson {
    /// The step's index.
    step: u32,
    /// Why.
    reason: Reason,
    /// The same in words.
    reason_text: &'static str,
}

impl<'a> SimulateJson<'a> {
    /// The document of an answer.
    #[must_use]
    pub fn new(answer: &'a SimulateAnswer) -> Self {
        let simulated = &answer.simulated;
        Self {
            schema: "eksnet.simulate/v1",
            verdict: simulated.verdict,
            runs: simulated.runs.map(|Runs { runs, failed, seed }| RunsJson { runs, failed, seed }),
            first_failure: simulated.first_failure().map(|failure| failed(failure, simulated)),
            failures: simulated.failures.iter().map(|failure| failed(failure, simulated)).collect(),
            tight: tight(&simulated.tight),
            remedies: simulated.remedies.iter().map(RemedyJson::new).collect(),
            remedies_complete: simulated.remedies_complete,
            steps: simulated.steps.iter().map(step).collect(),
            subnets: simulated.subnets.iter().map(subnet).collect(),
            peak_calls_per_minute: figure(simulated.peak_calls_per_minute),
            most_address_units: simulated.most_address_units,
            findings: answer.findings.iter().map(FindingJson::new).collect(),
            notes: &answer.notes,
            withheld: answer.withheld.iter().map(WithheldJson::new).collect(),
        }
    }
}

fn figure(figure: Figure) -> FigureJson {
    match figure {
        Figure::One(value) => FigureJson::One(value),
        Figure::Spread { worst, median, best } => FigureJson::Spread { worst, median, best },
    }
}

fn tight(reasons: &[TightReason]) -> TightJson<'_> {
    TightJson { is: !reasons.is_empty(), reasons: reasons.iter().map(tight_reason).collect() }
}

fn tight_reason(reason: &TightReason) -> TightReasonJson<'_> {
    TightReasonJson {
        kind: reason.kind,
        subnet: reason.subnet.as_deref(),
        group: reason.group.as_deref(),
        value: reason.value,
        step: reason.step,
        text: &reason.text,
    }
}

fn failed<'a>(failure: &'a LayoutFailure, simulated: &Simulated) -> FailureJson<'a> {
    let is_first = simulated.first_unplaced() == Some(failure);
    FailureJson {
        seed: simulated.failed_seed.filter(|_| !failure.is_refusal()),
        step: failure.step,
        subnet: failure.subnet.as_deref(),
        group: failure.group.as_deref(),
        what: failure.what,
        wanted: failure.wanted,
        placed: failure.placed,
        reason: failure.reason,
        reason_text: failure.reason.text(),
        remedy: simulated.remedies.first().filter(|_| is_first).map(Remedy::text),
    }
}

fn step(step: &PlayedStep) -> StepJson<'_> {
    StepJson {
        index: step.index,
        name: &step.name,
        seconds: figure(step.seconds),
        settled: step.settled,
        groups: step.groups.iter().map(group).collect(),
        subnets: step.subnets.iter().map(subnet_step).collect(),
        ec2_calls: calls(&step.ec2_calls),
        ec2_calls_at_most: calls(&step.ec2_calls_at_most),
        waits: step.waits.map(|waits| WaitsJson {
            started: figure(waits.started),
            waited: figure(waits.waited),
            longest_s: figure(waits.longest_s),
            never: figure(waits.never),
        }),
        peak_calls_per_minute: figure(step.peak_calls_per_minute),
    }
}

fn calls(calls: &BTreeMap<&'static str, Figure>) -> BTreeMap<&'static str, FigureJson> {
    calls.iter().map(|(name, calls)| (*name, figure(*calls))).collect()
}

fn group(group: &PlayedGroup) -> GroupJson<'_> {
    GroupJson {
        name: &group.name,
        nodes_wanted: figure(group.nodes_wanted),
        nodes_placed: figure(group.nodes_placed),
        pods_wanted: figure(group.pods_wanted),
        pods_placed: figure(group.pods_placed),
    }
}

fn subnet_step(subnet: &PlayedSubnetStep) -> SubnetStepJson<'_> {
    SubnetStepJson {
        name: &subnet.name,
        used: figure(subnet.used),
        peak_used: figure(subnet.peak_used),
        free: figure(subnet.free),
        assignable_prefixes: figure(subnet.assignable_prefixes),
    }
}

fn subnet(subnet: &PlayedSubnet) -> SubnetJson<'_> {
    SubnetJson {
        name: &subnet.name,
        zone: &subnet.zone,
        cidr: subnet.cidr.to_string(),
        usable: subnet.usable,
        peak_used: figure(subnet.peak_used),
        peak_step: subnet.peak_step,
        min_free: figure(subnet.min_free),
        min_assignable_prefixes: figure(subnet.min_assignable_prefixes),
        short: subnet.short.map(|short| ShortJson {
            step: short.step,
            reason: short.reason,
            reason_text: short.reason.text(),
        }),
    }
}
