//! What was looked at, in pieces that a heading is made of.

use crate::{
    audit::{AuditReport, whole_percent},
    finding::{counted, thousands},
    inventory::Place,
};

/// What was looked at, for people. What is not known is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// The cluster, the VPC, or how many VPCs.
    pub title: String,
    /// The region, or how many.
    pub region: Option<String>,
    /// The account, or how many.
    pub account: Option<String>,
    /// When, to the minute.
    pub captured_at: Option<String>,
    /// How many subnets.
    pub subnets: String,
    /// `21% of 15,968 addresses used`.
    pub used: Option<String>,
}

impl Facts {
    /// Of a report.
    #[must_use]
    pub fn of(report: &AuditReport) -> Self {
        let source = &report.source;
        let summary = report.summary();
        let used = summary.used.zip(summary.usable).filter(|(_, usable)| *usable > 0);
        Self {
            title: report.scope.title(),
            region: source
                .region
                .clone()
                .or_else(|| several(report, |place| place.region.as_ref(), "regions")),
            account: source
                .account
                .clone()
                .or_else(|| several(report, |place| place.account.as_ref(), "accounts")),
            captured_at: source.captured_at.as_deref().map(minute),
            subnets: counted(report.subnets.len(), "subnet", "subnets"),
            used: used.map(|(used, usable)| {
                let share = whole_percent(used, usable, &[]);
                format!("{share} of {} addresses used", thousands(usable))
            }),
        }
    }

    /// The pieces that are known, in order.
    #[must_use]
    pub fn pieces(&self) -> Vec<&str> {
        let Self { title, region, account, captured_at, subnets, used } = self;
        let known = [region, account, captured_at].into_iter().flatten().map(String::as_str);
        let used = used.as_deref();
        [title.as_str()].into_iter().chain(known).chain([subnets.as_str()]).chain(used).collect()
    }
}

/// How many different ones there are, if there are several.
fn several(
    report: &AuditReport,
    of: impl Fn(&Place) -> Option<&String>,
    noun: &str,
) -> Option<String> {
    let places = report.places.iter().flat_map(|places| places.values());
    let mut all: Vec<&String> = places.filter_map(of).collect();
    all.sort_unstable();
    all.dedup();
    (all.len() > 1).then(|| format!("{} {noun}", all.len()))
}

/// A moment to the minute: `2026-11-27 10:00 UTC`; what is none stays as it is.
fn minute(text: &str) -> String {
    let moment: Result<jiff::Timestamp, _> = text.parse();
    moment.map_or_else(|_| text.to_owned(), |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string())
}
