//! Whether the pages of an answer are all there.
//!
//! People save a page a file, and every page but the last carries a NextToken. A token is
//! therefore settled when a last page of the same listing is there too. Which files belong to one
//! listing is not written anywhere; pages that share a VPC do.

use std::collections::BTreeSet;

/// The pages of one kind of answer.
#[derive(Debug, Default)]
pub(super) struct Pages {
    pages: Vec<Page>,
}

#[derive(Debug)]
struct Page {
    vpcs: BTreeSet<String>,
    token: bool,
}

impl Pages {
    /// Adds a page with the VPCs its rows name.
    pub(super) fn add(&mut self, vpcs: BTreeSet<String>, token: bool) {
        self.pages.push(Page { vpcs, token });
    }

    /// Whether any page was read.
    pub(super) fn any(&self) -> bool {
        !self.pages.is_empty()
    }

    /// Whether a listing was left before its end.
    pub(super) fn unfinished(&self) -> bool {
        // Listings: groups of pages that are linked by shared VPCs. An empty last page ends any.
        let mut groups: Vec<(BTreeSet<&str>, bool)> = Vec::new();
        let empty_end = self.pages.iter().any(|page| page.vpcs.is_empty() && !page.token);
        for page in &self.pages {
            let mut vpcs: BTreeSet<&str> = page.vpcs.iter().map(String::as_str).collect();
            let mut ended = !page.token;
            let mut apart = Vec::new();
            for (its, end) in groups {
                if its.is_disjoint(&vpcs) {
                    apart.push((its, end));
                } else {
                    vpcs.extend(its);
                    ended |= end;
                }
            }
            apart.push((vpcs, ended));
            groups = apart;
        }
        !empty_end && groups.iter().any(|(_, ended)| !ended)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unfinished(pages: &[(&[&str], bool)]) -> bool {
        let mut all = Pages::default();
        for (vpcs, token) in pages {
            all.add(vpcs.iter().map(ToString::to_string).collect(), *token);
        }
        all.unfinished()
    }

    #[test]
    fn a_token_is_settled_by_the_last_page_of_its_listing() {
        assert!(!unfinished(&[]));
        assert!(!unfinished(&[(&["a"], false)]));
        assert!(unfinished(&[(&["a"], true)]));
        assert!(!unfinished(&[(&["a"], true), (&["a"], false)]));
        assert!(!unfinished(&[(&["a"], true), (&["a", "b"], true), (&["b"], false)]));
        assert!(!unfinished(&[(&["b"], false), (&["a"], true), (&["a", "b"], true)]));
        assert!(unfinished(&[(&["a"], true), (&["b"], false)]));
        assert!(!unfinished(&[(&["a"], true), (&[], false)]));
        assert!(unfinished(&[(&[], true)]));
    }
}
