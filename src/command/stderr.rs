//! What is said beside the answer: notes, and what rows have no place for.

use std::io::{self, Write as _};

use crate::{cli::CommonArgs, finding::Finding, inventory::Withheld, render::escape};

/// A line to stderr. One that cannot be written is lost: there is nowhere left to say so.
pub(super) fn say(line: &str) {
    let _lost = writeln!(io::stderr().lock(), "{line}");
}

/// A note on stderr, unless quiet.
pub(super) fn note(common: &CommonArgs, text: &str) {
    if !common.quiet {
        say(&format!("note: {}", escape::terminal(text)));
    }
}

/// What rows of CSV have no place for, on stderr. What is not available is said even when quiet.
pub(super) fn aside(findings: &[Finding], withheld: &[Withheld], common: &CommonArgs) {
    for finding in findings.iter().filter(|_| !common.quiet) {
        let text = format!("{} {}: {}", finding.severity.name(), finding.id, finding.message);
        say(&escape::terminal(&text));
    }
    for row in withheld {
        let text = format!("not available: {}: {}", row.operation, row.reason);
        say(&escape::terminal(&text));
    }
}
