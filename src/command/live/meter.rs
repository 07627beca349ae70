//! How far a collection is.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    io::{IsTerminal as _, stderr},
};

use indicatif::ProgressBar;

use crate::{
    aws::{Bounds, Progress},
    cli::{AwsArgs, CommonArgs},
};

/// How far collection is, on a terminal's stderr.
pub(super) struct Meter {
    bar: ProgressBar,
    read: RefCell<BTreeMap<&'static str, usize>>,
}

impl Meter {
    pub(super) fn new(common: &CommonArgs) -> Self {
        let shown = !common.quiet && stderr().is_terminal();
        let bar = if shown { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        Self { bar, read: RefCell::new(BTreeMap::new()) }
    }

    /// How long the run may take, and that this is told how far it is.
    pub(super) fn bounds(&self, aws: &AwsArgs) -> Bounds<'_> {
        Bounds { timeout: aws.timeout.0, progress: self }
    }
}

impl Progress for Meter {
    fn read(&self, what: &'static str, items: usize) {
        let mut read = self.read.borrow_mut();
        read.insert(what, items);
        let parts: Vec<String> = read.iter().map(|(what, n)| format!("{n} {what}")).collect();
        self.bar.set_message(format!("reading: {}", parts.join(", ")));
        self.bar.tick();
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
