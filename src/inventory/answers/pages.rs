//! Whether the pages of an answer are all there.
//!
//! People save a page a file, and every page but the last carries a NextToken. A token is settled by
//! a last page of the same listing. Which files belong to one listing is not written anywhere, so
//! the rule errs on the side of "not all there": a last page settles a token if it names the same VPC
//! (or one that further pages link to it) and repeats none of its rows, since pages of one listing
//! never do. A page without rows settles nothing: it may be the answer of another region.

use std::{
    collections::{BTreeSet, HashSet, hash_map::DefaultHasher},
    hash::{Hash as _, Hasher as _},
};

/// The pages of one kind of answer.
#[derive(Debug, Default)]
pub(super) struct Pages {
    pages: Vec<Page>,
}

/// A page while it is read: which listings it may belong to, and its rows by a hash of their ids.
#[derive(Debug, Default)]
pub(super) struct Page {
    keys: BTreeSet<String>,
    rows: Vec<u64>,
    token: bool,
}

impl Page {
    /// Whether it has no row.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Notes a row by its id and by what links it to a listing, such as its VPC.
    pub(super) fn note(&mut self, id: &str, key: Option<&str>) {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        self.rows.push(hasher.finish());
        if let Some(key) = key.filter(|key| !self.keys.contains(*key)) {
            self.keys.insert(key.to_owned());
        }
    }
}

impl Pages {
    /// Adds a page, with whether it was left at a token.
    pub(super) fn add(&mut self, mut page: Page, token: bool) {
        page.token = token;
        self.pages.push(page);
    }

    /// How many pages were read.
    pub(super) fn len(&self) -> usize {
        self.pages.len()
    }

    /// Whether any page was read.
    pub(super) fn any(&self) -> bool {
        !self.pages.is_empty()
    }

    /// Whether a listing was left before its end.
    pub(super) fn unfinished(&self) -> bool {
        self.unfinished_keys().is_some()
    }

    /// The keys of the listings that were left before their end; `None` if all are whole.
    pub(super) fn unfinished_keys(&self) -> Option<BTreeSet<String>> {
        let mut listings: Vec<(BTreeSet<&str>, Vec<&Page>)> = Vec::new();
        for page in &self.pages {
            let mut keys: BTreeSet<&str> = page.keys.iter().map(String::as_str).collect();
            let mut pages = vec![page];
            let mut apart = Vec::new();
            for (its, of) in listings {
                if its.is_disjoint(&keys) {
                    apart.push((its, of));
                } else {
                    keys.extend(its);
                    pages.extend(of);
                }
            }
            apart.push((keys, pages));
            listings = apart;
        }
        let mut left = None;
        for (keys, pages) in listings {
            let (tokens, ends): (Vec<&Page>, Vec<&Page>) = pages.iter().partition(|p| p.token);
            // Most listings are whole, so that the rows are looked up by few.
            let earlier: HashSet<u64> =
                tokens.iter().flat_map(|page| page.rows.iter().copied()).collect();
            let goes_on = |end: &&Page| !end.rows.iter().any(|row| earlier.contains(row));
            if !tokens.is_empty() && !ends.iter().any(goes_on) {
                let keys = keys.into_iter().map(ToOwned::to_owned);
                left.get_or_insert_with(BTreeSet::new).extend(keys);
            }
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pages as rows of (id, VPC), each with whether a token is left.
    fn unfinished(pages: &[(&[(&str, &str)], bool)]) -> bool {
        let mut all = Pages::default();
        for (rows, token) in pages {
            let mut page = Page::default();
            for (id, vpc) in *rows {
                page.note(id, Some(vpc));
            }
            all.add(page, *token);
        }
        all.unfinished()
    }

    #[test]
    fn a_token_is_settled_by_the_last_page_of_its_listing() {
        assert!(!unfinished(&[]));
        assert!(!unfinished(&[(&[("1", "a")], false)]));
        assert!(unfinished(&[(&[("1", "a")], true)]));
        assert!(!unfinished(&[(&[("1", "a")], true), (&[("2", "a")], false)]));
        let linked: &[(&[(&str, &str)], bool)] =
            &[(&[("1", "a")], true), (&[("2", "a"), ("3", "b")], true), (&[("4", "b")], false)];
        assert!(!unfinished(linked));
    }

    #[test]
    fn what_may_be_another_listing_settles_nothing() {
        // of another VPC
        assert!(unfinished(&[(&[("1", "a")], true), (&[("2", "b")], false)]));
        // of another region, empty
        assert!(unfinished(&[(&[("1", "a")], true), (&[], false)]));
        assert!(unfinished(&[(&[], true)]));
        // of one VPC that the cut listing names too, with a row of it again
        assert!(unfinished(&[
            (&[("1", "a"), ("2", "b")], true),
            (&[("2", "b"), ("3", "b")], false),
        ]));
    }
}
