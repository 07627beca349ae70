//! What tells findings apart, the same in every run.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::audit::Finding;

/// Fingerprints of a report's findings. A finding's numbers and severity do not enter: it stays the
/// same finding when they change.
#[derive(Debug, Default)]
pub(super) struct Fingerprints<'a> {
    seen: BTreeMap<(&'a str, &'a str), u32>,
}

impl<'a> Fingerprints<'a> {
    /// The next finding's: the SHA-256, in hexadecimal, of its check and resource. Several of one
    /// check and resource are numbered in their order.
    pub(super) fn of(&mut self, finding: &'a Finding) -> String {
        let count = self.seen.entry((finding.id, &finding.resource)).or_insert(0);
        let number = count.to_string();
        *count += 1;
        digest(&[finding.id, &finding.resource, &number])
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
