//! How far a collection is: a line on a terminal's stderr that ticks while AWS is waited for.

use std::{
    collections::BTreeMap,
    io::{IsTerminal as _, stderr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    aws::{Activity, Bounds, Progress},
    cli::{AwsArgs, CommonArgs},
    finding::thousands,
};

/// How often the line is drawn while nothing else changes: a call that hangs still shows its seconds.
const TICK: Duration = Duration::from_millis(120);

/// What the line shows.
#[derive(Debug, Default)]
struct Shown {
    activity: Activity,
    rows: BTreeMap<&'static str, usize>,
}

/// How far collection is, on a terminal's stderr.
pub(super) struct Meter {
    bar: ProgressBar,
    shown: Arc<Mutex<Shown>>,
}

impl Meter {
    pub(super) fn new(common: &CommonArgs) -> Self {
        let is_shown = !common.quiet && stderr().is_terminal();
        let bar = if is_shown { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        // The message is cut at the terminal's width, so that a tick rewrites one line.
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}") {
            bar.set_style(style);
        }
        if is_shown {
            bar.enable_steady_tick(TICK);
        }
        Self { bar, shown: Arc::default() }
    }

    /// How long the run may take, and that this is told how far it is.
    pub(super) fn bounds(&self, aws: &AwsArgs) -> Bounds<'_> {
        let (bar, shown) = (self.bar.clone(), Arc::clone(&self.shown));
        let watcher = move |activity: &Activity| {
            change(&bar, &shown, |shown| shown.activity.clone_from(activity));
        };
        Bounds { timeout: aws.timeout.0, progress: self, watcher: Arc::new(watcher) }
    }
}

impl Progress for Meter {
    fn read(&self, what: &'static str, items: usize) {
        change(&self.bar, &self.shown, |shown| {
            shown.rows.insert(what, items);
        });
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn change(bar: &ProgressBar, shown: &Mutex<Shown>, change: impl FnOnce(&mut Shown)) {
    let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
    change(&mut shown);
    if !bar.is_hidden() {
        bar.set_message(line(&shown));
    }
}

/// The line: the call with its region and account, pages and retries, and what was read.
fn line(shown: &Shown) -> String {
    let Activity { call, region, accounts, pages, retries } = &shown.activity;
    let mut place: Vec<String> = region.iter().cloned().collect();
    match (accounts.len(), accounts.first()) {
        (1, Some(account)) => place.push(account.clone()),
        (0, _) | (_, None) => {}
        (several, Some(_)) => place.push(format!("{several} accounts")),
    }
    let mut parts = vec![if place.is_empty() {
        call.clone()
    } else {
        format!("{call} in {}", place.join(", "))
    }];
    let noun = |n: usize, one: &str, many: &str| {
        format!("{} {}", thousands(n), if n == 1 { one } else { many })
    };
    parts.push(noun(*pages, "page", "pages"));
    if *retries > 0 {
        parts.push(noun(*retries, "retry", "retries"));
    }
    parts.extend(shown.rows.iter().map(|(what, n)| format!("{} {what}", thousands(*n))));
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_names_the_call_its_place_and_what_was_read() {
        let accounts = ["111122223333".to_owned()].into();
        let activity = Activity {
            call: "DescribeNetworkInterfaces".to_owned(),
            region: Some("eu-central-1".to_owned()),
            accounts,
            pages: 14,
            retries: 2,
        };
        let rows = [("interfaces", 12_345), ("subnets", 6)].into();
        let mut shown = Shown { activity, rows };
        assert_eq!(
            line(&shown),
            "DescribeNetworkInterfaces in eu-central-1, 111122223333 · 14 pages · 2 retries · 12,345 \
             interfaces · 6 subnets"
        );
        shown.activity = Activity { pages: 1, retries: 1, ..Activity::default() };
        shown.rows.clear();
        assert_eq!(line(&shown), "1 page · 1 retry");
    }

    /// A second account that answers at the same time makes neither the account of the call.
    #[test]
    fn several_accounts_are_counted() {
        let accounts = ["1".to_owned(), "2".to_owned()].into();
        let call = "DescribeVpcs".to_owned();
        let shown = Shown {
            activity: Activity { call, accounts, ..Activity::default() },
            rows: BTreeMap::new(),
        };
        assert_eq!(line(&shown), "DescribeVpcs in 2 accounts · 0 pages");
    }
}
