//! The verdict: how bad it is, and the sentence with the number that decides.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    kinds::{Kind, SUBNETS, by_kind, kind},
    rank::rank,
};
use crate::{
    audit::{
        AuditReport, Status, SubnetCount,
        checks::{Claim, REGISTRY},
    },
    finding::{Severity, counted, listed},
};

/// Checks that the sentence names; what else there is it counts.
const NAMED: usize = 2;
/// Characters of a name in the sentence.
const LONGEST: usize = 40;

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Critical findings.
    pub critical: usize,
    /// Warnings.
    pub warning: usize,
    /// Findings that are only worth knowing.
    pub info: usize,
    /// Subnets with a critical finding or a warning.
    pub subnets: usize,
    /// Things that are not available.
    pub missing: usize,
}

/// What an audit comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The worst finding; `Unknown` if there is none above info and something is not available.
    pub status: Status,
    /// The sentence with the number that decides.
    pub sentence: String,
    /// How many there are.
    pub counts: Counts,
    /// What has a critical finding or a warning: `7 subnets, 1 cluster`.
    about: String,
}

impl Verdict {
    pub(super) fn of(report: &AuditReport, subnets: &HashMap<&str, &SubnetCount>) -> Self {
        let mut counts = Counts { missing: report.withheld.len(), ..Counts::default() };
        let mut concerned: BTreeMap<&str, Kind> = BTreeMap::new();
        for finding in &report.findings {
            match finding.severity {
                Severity::Critical => counts.critical += 1,
                Severity::Warning => counts.warning += 1,
                Severity::Info => counts.info += 1,
            }
            let id = finding.resource.as_str();
            if finding.severity > Severity::Info {
                concerned.insert(id, kind(finding, subnets.contains_key(id)));
            }
        }
        counts.subnets = concerned.values().filter(|kind| **kind == SUBNETS).count();
        let status = match counts {
            Counts { critical: 1.., .. } => Status::Critical,
            Counts { warning: 1.., .. } => Status::Warning,
            Counts { missing: 1.., .. } => Status::Unknown,
            Counts { .. } => Status::Ok,
        };
        let sentence = match status {
            Status::Critical => sentence(report, subnets, Severity::Critical),
            Status::Warning => sentence(report, subnets, Severity::Warning),
            Status::Unknown => format!(
                "No problem in what was read, but {} not available.",
                match counts.missing {
                    1 => "1 thing is".to_owned(),
                    _ => counted(counts.missing, "thing is", "things are"),
                }
            ),
            Status::Ok => well(report.subnets.len()),
        };
        Self { status, sentence, counts, about: by_kind(concerned.into_values()) }
    }

    /// The numbers in words: `3 critical, 21 warnings in 7 subnets, 1 cluster; 4 info`.
    #[must_use]
    pub fn numbers(&self) -> String {
        let Counts { critical, warning, info, subnets: _, missing } = self.counts;
        let mut texts = Vec::new();
        if critical > 0 {
            texts.push(counted(critical, "critical", "critical"));
        }
        if warning > 0 {
            texts.push(counted(warning, "warning", "warnings"));
        }
        let urgent = (!texts.is_empty()).then(|| format!("{} in {}", texts.join(", "), self.about));
        let info = (info > 0).then(|| counted(info, "info", "info"));
        let all: Vec<String> = urgent.into_iter().chain(info).collect();
        let all = if all.is_empty() { "no findings".to_owned() } else { all.join("; ") };
        let rest = match missing {
            0 => String::new(),
            _ => format!("; {} not available", counted(missing, "thing", "things")),
        };
        format!("{all}{rest}")
    }
}

fn well(subnets: usize) -> String {
    match subnets {
        0 => "There is no subnet to look at.".to_owned(),
        1 => "The subnet needs no action.".to_owned(),
        many => format!("None of the {} needs action.", counted(many, "subnet", "subnets")),
    }
}

/// What is the matter with how many, and how many more need attention.
fn sentence(
    report: &AuditReport,
    subnets: &HashMap<&str, &SubnetCount>,
    severity: Severity,
) -> String {
    let mut by_check: BTreeMap<(usize, &str), BTreeSet<&str>> = BTreeMap::new();
    let mut others: BTreeMap<&str, Kind> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.severity > Severity::Info) {
        let is_subnet = subnets.contains_key(finding.resource.as_str());
        others.insert(&finding.resource, kind(finding, is_subnet));
        if finding.severity == severity {
            by_check.entry(rank(finding)).or_default().insert(&finding.resource);
        }
    }
    let mut sentences = Vec::new();
    for ((_, id), about) in by_check.iter().take(NAMED) {
        others.retain(|resource, _| !about.contains(resource));
        sentences.push(claim(id, severity, about, subnets));
    }
    // A critical one is never only something that needs attention.
    let unnamed = by_check.iter().skip(NAMED).filter(|_| severity == Severity::Critical);
    let mut worst: BTreeSet<&str> = BTreeSet::new();
    let mut checks: Vec<&str> = Vec::new();
    for ((_, id), about) in unnamed {
        let new: Vec<&str> =
            about.iter().copied().filter(|it| others.remove(it).is_some()).collect();
        if !new.is_empty() {
            checks.push(id);
            worst.extend(new);
        }
    }
    if !worst.is_empty() {
        let more = counted(worst.len(), "more is", "more are");
        sentences.push(format!("{more} critical ({}).", checks.join(", ")));
    }
    let about = by_kind(others.values().copied());
    match others.len() {
        0 => {}
        1 => sentences.push(format!("1 more needs attention: {about}.")),
        many => {
            sentences.push(format!("{} need attention: {about}.", counted(many, "more", "more")));
        }
    }
    sentences.join(" ")
}

/// `1 subnet can assign no more prefixes: harbour-nodes-1b.`
fn claim(
    id: &str,
    severity: Severity,
    about: &BTreeSet<&str>,
    subnets: &HashMap<&str, &SubnetCount>,
) -> String {
    let check = REGISTRY.iter().find(|check| check.id == id);
    let Claim { one, many, noun } = check
        .map_or(Claim { one: "has", many: "have", noun: None }, |check| (check.claim)(severity));
    let are_subnets = about.iter().all(|resource| subnets.contains_key(resource));
    let (noun, nouns) = match noun {
        Some(names) if !are_subnets => names,
        Some(_) | None => ("subnet", "subnets"),
    };
    let names = about.iter().map(|resource| {
        let name = subnets.get(resource).and_then(|subnet| subnet.name.as_deref());
        shortened(name.unwrap_or(resource))
    });
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    let says = if about.len() == 1 { one } else { many };
    format!("{} {says}: {}.", counted(about.len(), noun, nouns), listed(names))
}

/// A name for a sentence: the first and the last part of a long one.
fn shortened(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() <= LONGEST {
        return name.to_owned();
    }
    let half = LONGEST / 2;
    let (head, tail) = (letters.iter().take(half), letters.iter().skip(letters.len() - half + 1));
    head.chain([&'…']).chain(tail).collect()
}
