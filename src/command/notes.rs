//! Notes of a run: on stderr as they come, and kept for what is written of it.

use std::cell::RefCell;

use super::{Exit, note};
use crate::cli::CommonArgs;

/// What has been noted.
pub(super) struct Notes<'a> {
    common: &'a CommonArgs,
    all: RefCell<Vec<Said>>,
}

struct Said {
    text: String,
    /// How a run ends because of it; `None` for what is only said.
    ends: Option<Exit>,
}

impl<'a> Notes<'a> {
    pub(super) fn new(common: &'a CommonArgs) -> Self {
        Self { common, all: RefCell::default() }
    }

    /// Notes something beside the answer.
    pub(super) fn add(&self, text: impl Into<String>) {
        let text = text.into();
        note(self.common, &text);
        self.keep(text, None);
    }

    /// Notes what is wrong, whatever the rows say.
    pub(super) fn wrong(&self, text: String) {
        self.keep(text, Some(Exit::Findings));
    }

    /// Notes what the answer lacks.
    pub(super) fn lacks(&self, text: String) {
        self.keep(text, Some(Exit::Incomplete));
    }

    /// Once, however often it is found.
    fn keep(&self, text: String, ends: Option<Exit>) {
        let mut all = self.all.borrow_mut();
        if !all.iter().any(|said| said.text == text) {
            all.push(Said { text, ends });
        }
    }

    /// All of them, for documents of programs.
    pub(super) fn all(&self) -> Vec<String> {
        self.all.borrow().iter().map(|said| said.text.clone()).collect()
    }

    /// Those that end the run, which a document for people has in its answer.
    pub(super) fn decisive(&self) -> Vec<String> {
        let all = self.all.borrow();
        all.iter().filter(|said| said.ends.is_some()).map(|said| said.text.clone()).collect()
    }

    /// Says those on stderr, where no document has them.
    pub(super) fn say_decisive(&self) {
        for text in self.decisive() {
            note(self.common, &text);
        }
    }

    /// How a run ends that would end so by its rows.
    pub(super) fn ending(&self, by_rows: Exit) -> Exit {
        let all = self.all.borrow();
        let has = |exit| by_rows == exit || all.iter().any(|said| said.ends == Some(exit));
        if has(Exit::Incomplete) {
            Exit::Incomplete
        } else if has(Exit::Findings) {
            Exit::Findings
        } else {
            by_rows
        }
    }
}
