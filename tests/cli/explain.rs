//! The pages of checks on the terminal.

use eksnet::audit::checks::REGISTRY;

use crate::run::{command, eksnet, ended};

/// The documents of this version: those of another one may say something else.
const PAGES: &str =
    concat!("https://github.com/eksnet/eksnet/blob/v", env!("CARGO_PKG_VERSION"), "/docs");

#[test]
fn every_check_explains_itself() {
    for check in REGISTRY {
        let (code, out, err) = eksnet(&["explain", check.id]);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{}", check.id);
        assert_eq!(out.lines().next(), Some(check.id));
        for section in ["What it means", "Why it matters", "How to fix"] {
            assert!(out.lines().any(|line| line == section), "{}: {section}\n{out}", check.id);
        }
        assert!(!out.contains("```") && !out.contains("](") && !out.contains("\n## "), "{out}");
        let prose = out.lines().filter(|line| !line.starts_with(' ') && !line.contains("://"));
        for line in prose {
            assert!(line.chars().count() <= 100, "{}: {line}", check.id);
        }
        let page = format!("{PAGES}/checks/{}.md", check.id);
        assert_eq!(out.lines().last(), Some(page.as_str()));
    }
}

#[test]
fn headings_are_bold_where_colour_is_wanted() {
    let (_, plain, _) = eksnet(&["explain", "no-room"]);
    assert!(!plain.contains('\x1b'));
    let (_, bold, _) = eksnet(&["explain", "no-room", "--color", "always"]);
    assert!(bold.starts_with("\x1b[1mno-room\x1b[0m\n"), "{bold:?}");
    let forced = command(&["explain", "no-room"]).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert_eq!(ended(forced).1, bold);
}

#[test]
fn without_an_id_it_lists_the_checks() {
    let (code, out, _) = eksnet(&["explain"]);
    assert_eq!(code, Some(0));
    let ids: Vec<&str> = out.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let known: Vec<&str> = REGISTRY.iter().map(|check| check.id).collect();
    assert_eq!(ids, known);
}

#[test]
fn an_unknown_check_names_the_nearest() {
    for (typed, near) in [
        ("prefix-starvd", "did you mean prefix-starved? "),
        ("leaked", "did you mean leaked-interfaces? "),
        ("NO-ROOM", "did you mean no-room? "),
        ("README", ""),
        ("xyzzy", ""),
    ] {
        let (code, out, err) = eksnet(&["explain", typed]);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{typed}");
        let says = format!(
            "error: no check `{typed}`\nhint: {near}`eksnet explain` lists the checks; errors of AWS and Kubernetes: docs/errors.md\n"
        );
        assert_eq!(err, says);
    }
}

#[test]
fn an_error_by_its_text_gets_its_meaning_its_checks_and_its_page() {
    let (code, out, err) = eksnet(&["explain", "InsufficientCidrBlocks"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(out.lines().next(), Some("InsufficientCidrBlocks"));
    let prose = out.replace('\n', " ");
    assert!(prose.contains("has no free aligned /28 block left"), "{out}");
    let commands =
        "Checks.\n\n    eksnet explain fragmentation\n    eksnet explain prefix-starved\n";
    assert!(out.contains(commands), "{out}");
    let page = format!("{PAGES}/errors.md#insufficientcidrblocks");
    let page = page.as_str();
    assert_eq!(out.lines().last(), Some(page));
    // As it stands in an event.
    let line = "add cmd: failed to assign an IP address to container";
    let (_, out, _) = eksnet(&["explain", line]);
    assert_eq!(out.lines().next(), Some("failed to assign an IP address to container"));
    assert!(out.contains("eksnet explain no-room\n"), "{out}");
}
