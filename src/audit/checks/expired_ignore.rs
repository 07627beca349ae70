//! Rows of the policy that have run out: what they ignored counts again.

use super::{Check, Claim, Facts};
use crate::{
    audit::standards::Ignore,
    finding::{Finding, Severity},
};

pub(super) const CHECK: Check = Check {
    id: "expired-ignore",
    about: "an ignore row of the policy has run out",
    claim: |_| {
        Claim::of("of the policy has expired", "of the policy have expired")
            .about("ignore row", "ignore rows")
    },
    severities: &[Severity::Info],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let today = facts.settings.today;
    let rows = facts.settings.policy.ignore.iter();
    rows.filter(|row| row.is_expired(today)).map(finding).collect()
}

fn finding(row: &Ignore) -> Finding {
    let until = row.until.map(|until| until.to_string()).unwrap_or_default();
    let target = row.target.text();
    CHECK
        .finding(Severity::Info, &target)
        .message(format!(
            "the policy's ignore row of {} for {target} ran out on {until} and ignores \
             nothing: {}",
            row.check, row.reason
        ))
        .hint("take the row out of the policy file, or give it a later date in until")
        .detail(row.check)
        .with("check", row.check)
        .with("reason", row.reason.as_str())
        .with("until", until)
}
