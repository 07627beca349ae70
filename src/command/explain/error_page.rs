//! The errors of AWS, the VPC CNI and Kubernetes, by the text that is searched for: the sections of
//! docs/errors.md, which name the checks that show the cause.

use crate::audit::checks::REGISTRY;

/// The page; each of its sections is headed by the text of one error.
const PAGE: &str = include_str!("../../../docs/errors.md");
/// The fewest letters of a text that is taken for a part of an error.
const FEWEST: usize = 5;

/// The section of one error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ErrorSection {
    /// The error's text.
    pub(super) title: &'static str,
    /// What the page says about it, without the heading.
    pub(super) text: &'static str,
}

/// All of them, as the page has them.
pub(super) fn sections() -> impl Iterator<Item = ErrorSection> {
    PAGE.split("\n## ").skip(1).filter_map(|section| {
        let (title, text) = section.split_once('\n')?;
        Some(ErrorSection { title, text: text.trim() })
    })
}

/// The error that a text is, contains, or is a part of.
pub(super) fn find(text: &str) -> Option<ErrorSection> {
    let text = text.trim().to_lowercase();
    let all = || sections().map(|section| (section.title.to_lowercase(), section));
    // A pasted line of a log holds more than the error: the longest one in it is meant.
    let inside = all().filter(|(title, _)| text.contains(title.as_str()));
    let inside = inside.max_by_key(|(title, _)| title.len());
    let around = || {
        let long = text.chars().count() >= FEWEST;
        // The shortest that holds it is the most alike.
        all()
            .filter(|(title, _)| long && title.contains(text.as_str()))
            .min_by_key(|(title, _)| title.len())
    };
    inside.or_else(around).map(|(_, section)| section)
}

impl ErrorSection {
    /// Its place on the page, as GitHub and the book name it.
    pub(super) fn anchor(self) -> String {
        let kept = self.title.to_lowercase();
        kept.chars()
            .filter_map(|letter| match letter {
                ' ' => Some('-'),
                letter if letter.is_alphanumeric() || "-_".contains(letter) => Some(letter),
                _ => None,
            })
            .collect()
    }

    /// The checks that show its cause: those it links to, or where it links to none those of the errors that it
    /// is the same as.
    pub(super) fn checks(self) -> Vec<&'static str> {
        let own = self.own_checks();
        if !own.is_empty() {
            return own;
        }
        let same = sections().filter(|other| {
            *other != self && self.text.contains(&format!("(#{})", other.anchor()))
        });
        let mut found: Vec<&str> = same.flat_map(Self::own_checks).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn own_checks(self) -> Vec<&'static str> {
        let is_linked = |id: &&str| self.text.contains(&format!("(checks/{id}.md)"));
        REGISTRY.iter().map(|check| check.id).filter(is_linked).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(text: &str) -> Option<&'static str> {
        find(text).map(|section| section.title)
    }

    #[test]
    fn an_error_is_found_by_its_text_a_part_of_it_or_a_line_of_a_log() {
        for (text, found) in [
            ("InsufficientCidrBlocks", Some("InsufficientCidrBlocks")),
            ("insufficientcidrblocks", Some("InsufficientCidrBlocks")),
            ("InsufficientFreeAddresses", Some("InsufficientFreeAddresses")),
            (
                "operation error EC2: AssignPrivateIpAddresses, api error \
                 InsufficientFreeAddressesInSubnet: The specified subnet does not",
                Some("InsufficientFreeAddressesInSubnet"),
            ),
            ("0/5 nodes are available: 5 Too many pods.", Some("Too many pods")),
            ("too many", Some("Too many pods")),
            ("pod", None),
            ("xyzzy", None),
        ] {
            assert_eq!(title(text), found, "{text}");
        }
    }

    /// The page's own table links to each section: the anchors are those that GitHub gives.
    #[test]
    fn the_table_of_the_page_and_its_sections_are_the_same() {
        let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| [`"));
        let rows: Vec<(&str, &str)> = rows
            .filter_map(|row| row.split_once("`](#"))
            .filter_map(|(name, rest)| Some((name, rest.split_once(')')?.0)))
            .collect();
        let known: Vec<(&str, String)> =
            sections().map(|section| (section.title, section.anchor())).collect();
        let known: Vec<(&str, &str)> = known.iter().map(|(a, b)| (*a, b.as_str())).collect();
        assert!(rows.len() > 10, "{rows:?}");
        assert_eq!(rows, known);
    }

    #[test]
    fn an_error_that_is_the_same_as_another_has_its_checks() {
        let checks = |text| find(text).map(ErrorSection::checks).unwrap_or_default();
        assert_eq!(checks("InsufficientCidrBlocks"), ["fragmentation", "prefix-starved"]);
        assert_eq!(
            checks("Recently we had InsufficientCidr error"),
            checks("InsufficientCidrBlocks")
        );
    }
}
