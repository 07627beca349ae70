//! What tells findings apart, the same in every run.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::finding::Finding;

/// Fingerprints of a report's findings. A finding's numbers and severity do not enter: it stays the
/// same finding when they change.
#[derive(Debug, Default)]
pub(super) struct Fingerprints<'a> {
    seen: BTreeMap<(&'a str, &'a str, Option<&'a str>), u32>,
}

impl<'a> Fingerprints<'a> {
    /// The next finding's: the SHA-256, in hexadecimal, of its check, resource and detail. Only those
    /// that are alike in all three are numbered, in their order.
    pub(super) fn of(&mut self, finding: &'a Finding) -> String {
        let detail = finding.detail.as_deref();
        let count = self.seen.entry((finding.id, &finding.resource, detail)).or_insert(0);
        let number = count.to_string();
        *count += 1;
        match detail {
            None => digest(&[finding.id, &finding.resource, &number]),
            Some(detail) => digest(&[finding.id, &finding.resource, detail, &number]),
        }
    }
}

/// The SHA-256 of texts, in hexadecimal. A zero byte, which none of them has, ends each.
pub(super) fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let mut text = String::new();
    for byte in hash.finalize() {
        // Writing to a String cannot fail.
        let _written = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;

    fn finding(detail: Option<&str>) -> Finding {
        Finding {
            id: "zone-imbalance",
            resource: "vpc-1".to_owned(),
            detail: detail.map(ToOwned::to_owned),
            severity: Severity::Warning,
            message: String::new(),
            hint: String::new(),
            command: None,
            evidence: BTreeMap::new(),
        }
    }

    #[test]
    fn a_detail_is_no_ordinal() {
        let [a, b] = [Some("node@a"), Some("node@b")].map(finding);
        let mut both = Fingerprints::default();
        let prints = [both.of(&a), both.of(&b)];
        assert_ne!(prints[0], prints[1]);
        // Alone, and as the second of those that are there then, it is the same.
        assert_eq!(Fingerprints::default().of(&b), prints[1]);
        let mut other = Fingerprints::default();
        assert_eq!([other.of(&b), other.of(&a)], [prints[1].clone(), prints[0].clone()]);
    }

    #[test]
    fn alike_ones_are_numbered_and_without_a_detail_as_ever() {
        let (plain, detailed) = (finding(None), finding(Some("0")));
        let mut prints = Fingerprints::default();
        let first = prints.of(&plain);
        assert_eq!(first, digest(&["zone-imbalance", "vpc-1", "0"]));
        let all = [first, prints.of(&plain), prints.of(&detailed), prints.of(&detailed)];
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 4);
    }
}
