//! Every link leads somewhere.

use std::fs;

use crate::{Outcome, documents};

#[test]
fn links_lead_somewhere() -> Outcome {
    for document in documents()? {
        let text = fs::read_to_string(&document)?;
        let directory = document.parent().ok_or("a document lies in a directory")?;
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.contains("://") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { document.clone() } else { directory.join(file) };
            assert!(target.exists(), "{}: `{link}` is not there", document.display());
            if !anchor.is_empty() {
                let there = headings(&fs::read_to_string(&target)?);
                assert!(
                    there.iter().any(|heading| heading == anchor),
                    "{}: `{link}` has no such heading",
                    document.display()
                );
            }
        }
    }
    Ok(())
}

/// The anchors of a document's headings, as GitHub makes them.
fn headings(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.strip_prefix('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .to_lowercase()
                .chars()
                .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'))
                .map(|letter| if letter == ' ' { '-' } else { letter })
                .collect()
        })
        .collect()
}
