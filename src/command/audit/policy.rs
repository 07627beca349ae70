//! What an audit is held against: the policy file, and the flags, which win over it.

use std::{
    env,
    path::{Path, PathBuf},
};

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{
    audit::{
        AuditReport, FailOn, FailOnError, Percent, Policy, Thresholds, checks::REGISTRY,
        parse_policy,
    },
    cli::{BarArgs, CommonArgs, PolicyArgs},
    command::{Failure, note, text},
    finding::Severity,
    nearest::nearest,
};

/// The name of a policy file that is found by itself.
const NAME: &str = ".eksnet.yaml";
/// What the root of a repository holds.
const REPOSITORY: &str = ".git";

/// What an audit is held against, flags and file together.
#[derive(Debug)]
pub(super) struct AuditSettings {
    pub(super) policy: Policy,
    pub(super) bars: Thresholds,
    pub(super) fail_on: FailOn,
    pub(super) today: Date,
}

/// Reads the policy, if there is one, and lets the flags win over it.
pub(super) fn held(
    bars: &BarArgs,
    policy: &PolicyArgs,
    common: &CommonArgs,
) -> Result<AuditSettings, Failure> {
    let policy = read(policy.policy.as_deref(), common)?;
    let fail_on = fail_on(&bars.fail_on)?
        .or_else(|| policy.fail_on.clone())
        .unwrap_or_else(|| FailOn::from_severity(Severity::Critical));
    Ok(AuditSettings {
        bars: with_flags(bars, &policy.changes.bars)?,
        policy,
        fail_on,
        today: today(),
    })
}

/// The day in UTC, so that a row runs out everywhere at once.
fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// What the flag says; `None` without it.
fn fail_on(words: &[String]) -> Result<Option<FailOn>, Failure> {
    if words.is_empty() {
        return Ok(None);
    }
    FailOn::from_words(words.iter().map(String::as_str)).map(Some).map_err(|error| {
        let list = "use severities and check ids, such as --fail-on critical,no-room; `eksnet explain` \
                    lists the ids";
        let near = match &error {
            FailOnError::Unknown(word) => nearest(word, REGISTRY.iter().map(|check| check.id)),
            FailOnError::NeverBeside(_) => None,
        };
        let hint =
            near.map_or_else(|| list.to_owned(), |near| format!("did you mean {near}? {list}"));
        Failure::usage(format!("--fail-on: {error}"), hint)
    })
}

fn read(named: Option<&Path>, common: &CommonArgs) -> Result<Policy, Failure> {
    let found = if named.is_none() { found() } else { None };
    let Some(path) = named.or(found.as_deref()) else { return Ok(Policy::default()) };
    if named.is_none() {
        note(common, &format!("policy {}", path.display()));
    }
    let text = text::read(path, &text::POLICY)?;
    let policy = parse_policy(&text).map_err(|error| {
        Failure::usage(
            format!("{}: {error}", path.display()),
            "see docs/policy.md or `eksnet generate schema policy` for the policy format",
        )
    })?;
    for row in policy.ignore.iter().filter(|row| row.until.is_none()) {
        let target = row.target.text();
        let text = format!("the policy ignores {} for {target} forever: add `until`", row.check);
        note(common, &text);
    }
    Ok(policy)
}

/// Rows that one note names.
const NAMED: usize = 5;

/// Says which rows of the policy mean no finding: a typo in an id looks like that, and so does what was
/// fixed.
pub(super) fn note_unused(report: &AuditReport, common: &CommonArgs) {
    let unused = &report.unused_ignores;
    let first: Vec<String> = unused
        .iter()
        .take(NAMED)
        .map(|row| format!("{} for {}", row.check, row.target.text()))
        .collect();
    let more = match unused.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    if !unused.is_empty() {
        let text = format!(
            "ignore entries of the policy that match no finding: {}{more}",
            first.join(", ")
        );
        note(common, &text);
    }
}

/// The nearest policy file from the working directory upwards, as far as the root of the repository.
pub(in crate::command) fn found() -> Option<PathBuf> {
    let start = env::current_dir().ok()?;
    for folder in start.ancestors() {
        let file = folder.join(NAME);
        if file.is_file() {
            return Some(file);
        }
        if folder.join(REPOSITORY).exists() {
            return None;
        }
    }
    None
}

fn with_flags(arguments: &BarArgs, policy: &Thresholds) -> Result<Thresholds, Failure> {
    let percent = |flag: &str, text: Option<&String>, otherwise: Percent| {
        text.map_or(Ok(otherwise), |text| {
            text.parse::<Percent>().map_err(|error| {
                Failure::usage(format!("{flag}: {error}"), "use a number such as 80 or 87.5")
            })
        })
    };
    let warn_at = percent("--warn-at", arguments.warn_at.as_ref(), policy.warn_at)?;
    let critical_at = percent("--critical-at", arguments.critical_at.as_ref(), policy.critical_at)?;
    if warn_at > critical_at {
        return Err(Failure::usage(
            format!("--warn-at {warn_at} is above --critical-at {critical_at}"),
            "lower --warn-at or raise --critical-at",
        ));
    }
    Ok(Thresholds {
        warn_at,
        critical_at,
        min_free: arguments.min_free.or(policy.min_free),
        min_prefixes: arguments.min_prefixes.or(policy.min_prefixes),
        ..policy.clone()
    })
}
