//! The audit's answer as text, at several widths, folded and whole.

use eksnet::{
    audit::{
        AuditReport, FailOn, Questions,
        answer::{Answer, Ending, View},
    },
    finding::{Again, Severity},
    render::{
        Letters, Screen, Styling,
        audit::{AuditSections, Folding, Presented, write_audit_markdown, write_audit_table},
    },
};
use unicode_width::UnicodeWidthStr as _;

use crate::checks::world::World;

/// A /24 whose nodes take prefixes and that has none left, `many` /28 subnets nearly full, and one that is
/// well.
fn world(name: &str, many: u32) -> World {
    let mut world = World::new();
    world.subnet("subnet-a", "eu-1a", "10.0.0.0/24").tags.insert("Name".into(), name.into());
    world.node(("i-1", 0), "subnet-a", ("10.0.0.4", 0), &["10.0.0.16/28"]);
    for block in 2..15 {
        world.hold("subnet-a", &format!("10.0.0.{}", block * 16), 1);
    }
    for at in 0..many {
        let id = format!("subnet-z{at:04}");
        let network = format!("10.{}.{}", 1 + at / 200, at % 200);
        world.subnet(&id, "eu-1c", &format!("{network}.0/28"));
        world.hold(&id, &format!("{network}.4"), 9);
    }
    world.subnet("subnet-c", "eu-1b", "10.0.255.0/24");
    world
}

fn report(world: &World) -> AuditReport {
    let again = Again { places: "--from 'my world'".to_owned(), ..Again::default() };
    world.judged(Questions { again, ..Questions::default() })
}

fn text(report: &AuditReport, view: &View, folding: Folding, width: Option<usize>) -> String {
    let ending = Ending::of(report, &FailOn::from_severity(Severity::Critical));
    let presented = Presented {
        report,
        answer: &Answer::of(report, view),
        view,
        sections: AuditSections::default(),
        ending: &ending,
    };
    let screen =
        Screen { styling: Styling::Plain, width, letters: Letters::Unicode, headers: true };
    let mut out = Vec::new();
    write_audit_table(&presented, folding, screen, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_folded_answer_fits_any_width_and_keeps_its_words() {
    let report = report(&world("nodes-a", 3));
    for width in [60, 80, 100, 120, 200] {
        for folding in [Folding::Folded, Folding::Whole] {
            let text = text(&report, &View::default(), folding, Some(width));
            for line in text.lines() {
                assert!(line.width() <= width, "{width} {folding:?}: {line}\n{text}");
            }
            let joined: Vec<&str> = text.split_whitespace().filter(|word| *word != "\\").collect();
            let joined = joined.join(" ");
            assert!(joined.contains("✖ 1 subnet can assign no more prefixes: nodes-a."), "{text}");
            let command = "→ eksnet audit --from 'my world' --subnet subnet-a --want-prefixes 1";
            assert!(joined.contains(command), "{width}: {text}");
            assert!(joined.ends_with("exit 1: 1 finding at or above critical"), "{text}");
        }
    }
}

/// Without a terminal nothing is folded, and the order is the same: the answer comes first.
#[test]
fn the_whole_answer_has_everything_in_the_same_order() {
    let report = report(&world("nodes-a", 30));
    let folded = text(&report, &View::default(), Folding::Folded, Some(100));
    let whole = text(&report, &View::default(), Folding::Whole, None);
    assert!(folded.lines().count() < 24, "{folded}");
    assert!(folded.contains("30 subnets: "), "{folded}");
    assert_eq!(folded.lines().nth(1), whole.lines().nth(1));
    for at in 0..30 {
        assert!(whole.matches(&format!("subnet-z{at:04}")).count() >= 2, "{whole}");
    }
    assert!(whole.contains("\nSubnets\n"), "{whole}");
    assert!(folded.contains("1 subnet ok (--all)"), "{folded}");
    assert!(!whole.contains("--all"), "{whole}");
    assert_eq!(folded.lines().last(), whole.lines().last());
}

#[test]
fn what_a_flag_hides_is_counted() {
    let report = report(&world("nodes-a", 2));
    let all = report.findings.len();
    let view = View { severity: Some(Severity::Critical), ..View::default() };
    let text_of = |view: &View| text(&report, view, Folding::Whole, None);
    let critical = text_of(&view);
    let hidden = format!("{} findings hidden by --severity critical", all - 1);
    assert!(critical.contains(&hidden), "{critical}");
    assert!(!critical.contains("fragmentation  "), "{critical}");
    let view = View { top: Some(1), ..View::default() };
    let top = text_of(&view);
    assert!(top.contains("2 more subnets with findings hidden by --top 1"), "{top}");
    assert!(top.contains("3 subnets hidden by --top 1"), "{top}");
    // The verdict and the ending are those of everything.
    for text in [&critical, &top] {
        assert_eq!(text.lines().nth(1), text_of(&View::default()).lines().nth(1));
        assert!(text.ends_with("exit 1: 1 finding at or above critical\n"), "{text}");
    }
}

/// Names come from outside: no control character gets out, no line becomes too long, and none is two.
#[test]
fn hostile_names_break_no_line() {
    let long = "n".repeat(255);
    for name in
        ["evil\u{1b}[2Jname", "a\nb", "\u{202e}txt", long.as_str(), "名前名前名前", "", "  "]
    {
        let report = report(&world(name, 1));
        for width in [60, 100] {
            let text = text(&report, &View::default(), Folding::Folded, Some(width));
            let is_bad = |letter: char| letter != '\n' && letter.is_control();
            assert!(!text.contains(is_bad) && !text.contains('\u{202e}'), "{text:?}");
            for line in text.lines() {
                assert!(line.width() <= width, "{name:?} {width}: {line}");
            }
        }
    }
}

/// 1,200 subnets are no more lines than a few, and no more time than they are.
#[test]
fn many_subnets_are_folded() {
    let report = report(&world("nodes-a", 1200));
    let start = std::time::Instant::now();
    let folded = text(&report, &View::default(), Folding::Folded, Some(100));
    let whole = text(&report, &View::default(), Folding::Whole, None);
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    assert!(folded.lines().count() < 24, "{folded}");
    assert!(folded.contains("1,200 subnets: "), "{folded}");
    assert!(whole.lines().count() > 2400);
}

#[test]
fn markdown_says_the_answer_first_and_folds_the_rest() {
    let report = report(&world("nodes|<b>", 2));
    let view = View::default();
    let ending = Ending::of(&report, &FailOn::from_severity(Severity::Critical));
    let presented = Presented {
        report: &report,
        answer: &Answer::of(&report, &view),
        view: &view,
        sections: AuditSections::default(),
        ending: &ending,
    };
    let mut out = Vec::new();
    write_audit_markdown(&presented, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.starts_with("**✖ 1 subnet can assign no more prefixes: "), "{text}");
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what}: {text}"));
    let order =
        [at("1 critical, "), at("| ✖ | "), at("<details><summary>Findings"), at("\nexit 1: ")];
    assert!(order.is_sorted(), "{text}");
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    assert!(!text.contains("<b>"), "{text}");
}

/// With a baseline the answer is what is new or worse, in full; what is known is a count.
#[test]
fn what_is_new_stands_before_what_is_known() {
    let mut world = world("nodes-a", 3);
    let known = report(&world).known();
    world.subnet("subnet-new", "eu-1c", "10.9.0.0/28");
    world.hold("subnet-new", "10.9.0.4", 8);
    let report = world.judged(Questions { baseline: Some(known), ..Questions::default() });
    let all = report.findings.len();
    let fresh = report.findings.iter().filter(|finding| !report.is_known(finding)).count();
    assert!(fresh > 0 && fresh < all, "{fresh} {all}");
    let folded = text(&report, &View::default(), Folding::Folded, None);
    assert!(folded.contains("new: "), "{folded}");
    assert!(!folded.contains("prefix-starved") && !folded.contains("known: "), "{folded}");
    assert!(folded.contains(&format!("{} known findings", all - fresh)), "{folded}");
    let whole = text(&report, &View::default(), Folding::Whole, None);
    assert!(whole.find("new: ").unwrap() < whole.find("known: ").unwrap(), "{whole}");
    assert!(whole.contains("prefix-starved"), "{whole}");
}
