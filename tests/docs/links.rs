//! Every link leads somewhere, and every page is in the book.

use std::{
    collections::BTreeSet,
    fs,
    path::{Component, Path, PathBuf},
};

use crate::{Outcome, documents, prose, root};

/// Where the book links to files of the repository that are not in the book.
const REPOSITORY: [&str; 2] =
    ["https://github.com/eksnet/eksnet/blob/main/", "https://github.com/eksnet/eksnet/tree/main/"];

#[test]
fn links_lead_somewhere() -> Outcome {
    for document in documents()? {
        let text = fs::read_to_string(&document)?;
        for link in links(&text) {
            let Some((target, anchor)) = target(&document, link) else { continue };
            let place = document.display();
            assert!(target.exists(), "{place}: `{link}` is not there");
            if !anchor.is_empty() {
                let there = headings(&fs::read_to_string(&target)?);
                assert!(there.contains(anchor), "{place}: `{link}` has no such heading");
            }
        }
    }
    Ok(())
}

#[test]
fn the_book_has_every_page_once() -> Outcome {
    let book = root().join("docs");
    let summary = book.join("SUMMARY.md");
    let text = fs::read_to_string(&summary)?;
    let listed: Vec<PathBuf> = links(&text).map(|link| lexically(&book.join(link))).collect();
    let once: BTreeSet<&PathBuf> = listed.iter().collect();
    assert_eq!(once.len(), listed.len(), "docs/SUMMARY.md lists a page twice");
    for page in documents()?.iter().filter(|page| page.starts_with(&book) && **page != summary) {
        assert!(once.contains(page), "docs/SUMMARY.md lacks {}", page.display());
    }
    for page in once {
        assert!(page.exists(), "docs/SUMMARY.md lists {}, which is not there", page.display());
    }
    Ok(())
}

#[test]
fn pages_of_the_book_link_to_no_file_outside_it() -> Outcome {
    let book = root().join("docs");
    for document in documents()?.iter().filter(|document| document.starts_with(&book)) {
        let text = fs::read_to_string(document)?;
        for link in links(&text).filter(|link| !link.contains("://")) {
            let (target, _) = target(document, link).ok_or("a link to a file")?;
            assert!(
                target.starts_with(&book),
                "{}: `{link}` is outside docs/, so the book lacks it: use {}",
                document.display(),
                REPOSITORY[0]
            );
        }
    }
    Ok(())
}

/// The targets of a text's links and images. Fenced blocks are no text.
fn links(text: &str) -> impl Iterator<Item = &str> {
    prose(text).flat_map(|line| line.split("](").skip(1).filter_map(|rest| rest.split(')').next()))
}

/// The file and the heading that a link leads to; `None` for a place on the web.
fn target<'a>(document: &Path, link: &'a str) -> Option<(PathBuf, &'a str)> {
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    if let Some(path) = REPOSITORY.iter().find_map(|address| file.strip_prefix(address)) {
        return Some((root().join(path), anchor));
    }
    if link.contains("://") {
        return None;
    }
    let path = if file.is_empty() { document.to_owned() } else { document.parent()?.join(file) };
    Some((lexically(&path), anchor))
}

/// A path without `.` and `..`.
fn lexically(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => plain.push(part),
        }
    }
    plain
}

/// The anchors of a document's headings, as GitHub and mdBook make them.
fn headings(text: &str) -> BTreeSet<String> {
    prose(text)
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
