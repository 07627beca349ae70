//! From what was counted to what is said of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{
    places::ByPlace,
    report::AuditReport,
    scope::Scope,
    sorting::{Ignored, Sorted, sorted},
};
use crate::{
    audit::{
        checks::Facts,
        count::{Counted, PlaceCount, SubnetCount},
        drain::{Drain, drains},
        forecast::{Forecast, History, forecasts},
        known::{Baseline, Beside, Grounds},
        pools::{Asked, NodeReport, UsedNodes, WhatIfAnswer, used, what_if},
        standards::{Ignore, Settings},
    },
    finding::{Again, Finding, counted},
    inventory::{OwnerKind, Withheld, inferred_pooled},
};

/// What is asked beyond the audit itself.
#[derive(Debug, Default)]
pub struct Questions<'a> {
    /// Earlier readings to forecast from.
    pub history: Option<&'a History>,
    /// Settings of the CNI, as they were typed.
    pub what_if: &'a [Asked],
    /// /28 blocks that drained nodes are to give back.
    pub want_prefixes: Option<u32>,
    /// What is known already.
    pub baseline: Option<Baseline>,
    /// How the run is repeated, for the commands of findings.
    pub again: Again,
}

/// Judges what was counted, place by place, and makes one report of it.
#[must_use]
pub fn judge(counted: Counted<'_>, settings: &Settings<'_>, asked: Questions<'_>) -> AuditReport {
    let used: Vec<UsedNodes> =
        counted.places.iter().map(|place| used(place, settings.catalogue)).collect();
    let forecasts = asked.history.map(|history| of_places(history, &counted, settings));
    let mut said = Said::default();
    let mut by_place = ByPlace::default();
    for (at, (place, used)) in counted.places.iter().zip(&used).enumerate() {
        let forecast = forecasts.as_ref().and_then(|all| all.get(at)).map(Vec::as_slice);
        let facts = Facts {
            subnets: &place.subnets,
            nodes: used.nodes.as_deref(),
            node_subnets: place.node_subnets.as_ref(),
            known: &place.known,
            inventory: place.inventory,
            forecast: forecast.unwrap_or_default(),
            horizon_days: asked.history.map(|history| history.horizon_days),
            settings,
        };
        let sorted = sorted(&facts);
        if counted.is_several {
            by_place.add(place, &sorted);
        }
        said.add(sorted, Beside::of(place));
    }
    let answer = (!asked.what_if.is_empty())
        .then(|| what_if(&counted, &used, settings.catalogue, asked.what_if));
    let mut drains = asked.want_prefixes.map(|wanted| drains(&counted, wanted));
    let is_complete = unseen(&counted, (&used, None), asked.history).is_empty();
    let withheld = unseen(&counted, (&used, answer.as_ref()), asked.history);
    let rank = ranks(&counted);
    let mut forecast: Option<Vec<Forecast>> =
        forecasts.map(|all| all.into_iter().flatten().collect());
    if let Some(rows) = &mut forecast {
        rows.sort_by_key(|row| rank.get(row.subnet_id.as_str()).copied());
    }
    if let Some(rows) = &mut drains {
        rows.sort_by_key(|row: &Drain| rank.get(row.subnet_id.as_str()).copied());
    }
    drop(rank);
    let nodes = together(used);
    let scope = Scope::of(&counted);
    let inferred = inferred_note(&counted);
    let Counted { source, places, unseen: _, is_several, mut notes } = counted;
    notes.extend(asked.history.iter().flat_map(|history| history.notes.iter().cloned()));
    let dated = asked.history.and_then(History::dated);
    let mut subnets: Vec<SubnetCount> =
        places.into_iter().flat_map(|place| place.subnets).collect();
    subnets.sort_by(|a, b| a.order().cmp(&b.order()));
    if pooled_addresses(&subnets) > 0 {
        notes.extend(inferred);
    }
    if !asked.what_if.is_empty() {
        notes.extend(pooled_note(&subnets));
    }
    let Said { findings, ignored, unused, beside } = said.in_order(is_several);
    let grounds = Grounds {
        findings: &findings,
        subnets: &subnets,
        nodes: nodes.as_deref(),
        beside: &beside,
        is_complete: withheld.is_empty(),
    };
    let baseline = asked.baseline.map(|known| known.compare(&grounds));
    AuditReport {
        source,
        scope,
        again: asked.again,
        bars: settings.bars.clone(),
        subnets,
        nodes,
        forecast,
        what_if: answer.map(|answer| answer.rows),
        drains,
        findings,
        ignored,
        withheld,
        notes,
        dated,
        unused_ignores: if is_complete { unused.unwrap_or_default() } else { Vec::new() },
        beside,
        baseline,
        places: is_several.then_some(by_place.ids),
    }
}

/// That stopped instances of warm pools are in no answer about other settings.
fn pooled_note(subnets: &[SubnetCount]) -> Option<String> {
    let addresses = pooled_addresses(subnets);
    (addresses > 0).then(|| {
        format!(
            "{} of stopped instances in warm pools: other settings change nothing of them before \
             the instances start",
            counted(addresses, "address is", "addresses are")
        )
    })
}

fn pooled_addresses(subnets: &[SubnetCount]) -> u32 {
    let owners = subnets.iter().filter_map(|subnet| subnet.owners.as_ref());
    let pooled = owners.filter_map(|owners| owners.get(&OwnerKind::WarmPool));
    pooled.map(|owner| owner.addresses).sum()
}

/// That an owner `warm-pool` is inferred of some instances.
fn inferred_note(all: &Counted<'_>) -> Option<String> {
    let instances = all.places.iter().filter_map(|place| place.inventory.instances.as_deref());
    let inferred: usize = instances.map(inferred_pooled).sum();
    (inferred > 0).then(|| {
        format!(
            "{} to be in a warm pool by state and tag alone (inferred; the output of `aws autoscaling \
             describe-auto-scaling-instances` says it)",
            counted(inferred, "stopped instance is taken", "stopped instances are taken")
        )
    })
}

/// What the checks say of all places so far.
#[derive(Default)]
struct Said {
    findings: Vec<Finding>,
    ignored: Vec<Ignored>,
    /// Rows of the policy that mean no finding in any place; `None` before the first.
    unused: Option<Vec<Ignore>>,
    beside: Beside,
}

impl Said {
    fn add(&mut self, sorted: Sorted, beside: Beside) {
        let Sorted { wanted, ignored, unused } = sorted;
        self.findings.extend(wanted);
        self.ignored.extend(ignored);
        // A row that means a finding in one place is of use.
        self.unused = Some(match self.unused.take() {
            None => unused,
            Some(idle) => idle.into_iter().filter(|row| unused.contains(row)).collect(),
        });
        self.beside.clusters.extend(beside.clusters);
        self.beside.eni_configs.extend(beside.eni_configs);
    }

    /// Worst first; what two places show alike is one finding.
    fn in_order(mut self, is_several: bool) -> Self {
        self.findings.sort_by(|a, b| a.order().cmp(&b.order()));
        self.ignored.sort_by(|a, b| a.finding.order().cmp(&b.finding.order()));
        if is_several {
            self.findings.dedup();
            self.ignored.dedup();
        }
        self
    }
}

/// The forecasts of each place's subnets.
fn of_places(
    history: &History,
    counted: &Counted<'_>,
    settings: &Settings<'_>,
) -> Vec<Vec<Forecast>> {
    let captured_at = counted.source.captured_at.as_deref();
    let now: Option<Timestamp> = captured_at.and_then(|text| text.parse().ok());
    let of_place = |place: &PlaceCount<'_>| forecasts(history, &place.subnets, &settings.bars, now);
    counted.places.iter().map(of_place).collect()
}

/// What is not available, sorted: in each place, of whole places, and for what was asked besides.
fn unseen(
    counted: &Counted<'_>,
    (used, answer): (&[UsedNodes], Option<&WhatIfAnswer>),
    history: Option<&History>,
) -> Vec<Withheld> {
    let mut all = counted.unseen.clone();
    all.extend(history.iter().flat_map(|history| history.withheld.iter().cloned()));
    all.extend(answer.iter().flat_map(|answer| answer.untold.iter().cloned()));
    for (at, (place, used)) in counted.places.iter().zip(used).enumerate() {
        let mut rows: BTreeSet<Withheld> = place.withheld.clone();
        rows.extend(used.withheld.iter().cloned());
        let missing = answer.and_then(|answer| answer.missing.get(at));
        rows.extend(missing.into_iter().flatten().cloned());
        all.extend(counted.shown(place, rows));
    }
    all.sort();
    all.dedup();
    all
}

/// Where each subnet comes in the report.
fn ranks<'a>(counted: &'a Counted<'_>) -> BTreeMap<&'a str, usize> {
    let mut subnets: Vec<&SubnetCount> = counted.subnets().collect();
    subnets.sort_by(|a, b| a.order().cmp(&b.order()));
    subnets.into_iter().zip(0..).map(|(subnet, at)| (subnet.subnet_id.as_str(), at)).collect()
}

/// The nodes of all places, sorted by id, each once; `None` if those of one place are not
/// available.
fn together(used: Vec<UsedNodes>) -> Option<Vec<NodeReport>> {
    let is_one = used.len() == 1;
    let mut used = used.into_iter();
    // Nodes are many, and mostly of one place, whose are sorted.
    let mut all = used.next().map_or_else(|| Some(Vec::new()), |first| first.nodes)?;
    if is_one {
        return Some(all);
    }
    for used in used {
        all.extend(used.nodes?);
    }
    all.sort_by(|a, b| a.instance_id.cmp(&b.instance_id));
    all.dedup_by(|a, b| a.instance_id == b.instance_id);
    Some(all)
}
