//! What an audit's report comes to: the verdict, the groups, the order, the ending.

use eksnet::{
    audit::{
        AuditReport, FailOn, Status,
        answer::{About, Answer, Ending, Facts, Group, SortKey, View, folded},
    },
    finding::Severity,
    inventory::{Operation, Withheld},
};

use crate::checks::world::World;

/// A /24 without a block for the node with a prefix that it has: critical at 30 % used. And a /28 beside it
/// with 10 of 11 addresses in use.
fn world() -> World {
    let mut world = World::new();
    world.subnet("subnet-a", "eu-1a", "10.0.0.0/24").tags.insert("Name".into(), "nodes-a".into());
    world.node(("i-1", 0), "subnet-a", ("10.0.0.4", 0), &["10.0.0.16/28"]);
    for block in 2..15 {
        world.hold("subnet-a", &format!("10.0.0.{}", block * 16), 1);
    }
    world.subnet("subnet-b", "eu-1b", "10.0.1.0/28");
    world.hold("subnet-b", "10.0.1.4", 10);
    world.subnet("subnet-c", "eu-1b", "10.0.2.0/24");
    world
}

fn names(answer: &Answer<'_>) -> Vec<String> {
    let of = |about: &About<'_>| match about {
        About::Subnet(subnet) => subnet.subnet_id.clone(),
        About::Alike(subnets) => format!("{} alike", subnets.len()),
        About::Other(name) => (*name).to_owned(),
    };
    answer.groups.iter().map(|group| of(&group.about)).collect()
}

fn sorted(report: &AuditReport, sort: SortKey) -> Vec<&str> {
    let view = View { sort, ..View::default() };
    let subnets = Answer::of(report, &view).subnets;
    subnets.into_iter().map(|subnet| subnet.subnet_id.as_str()).collect()
}

#[test]
fn the_sentence_names_what_decides_and_counts_the_rest() {
    let report = world().report();
    let answer = Answer::of(&report, &View::default());
    assert_eq!(answer.verdict.status, Status::Critical);
    assert_eq!(
        answer.verdict.sentence,
        "1 subnet can assign no more prefixes: nodes-a. 1 subnet is at or above the critical \
         threshold: \
         subnet-b."
    );
    assert_eq!(answer.verdict.numbers(), "2 critical, 2 warnings in 2 subnets");
    assert_eq!(names(&answer), ["subnet-a", "subnet-b"]);
    assert_eq!(answer.calm.len(), 1);
    assert_eq!(answer.hidden, 0);
}

#[test]
fn a_third_critical_check_is_counted_as_critical() {
    let mut report = world().report();
    let mut more = report.findings[0].clone();
    more.id = "vpc-cidr-conflict";
    more.severity = Severity::Critical;
    more.resource = "vpc-1".to_owned();
    report.findings.push(more);
    let sentence = Answer::of(&report, &View::default()).verdict.sentence;
    assert!(sentence.ends_with(" 1 more is critical (vpc-cidr-conflict)."), "{sentence}");
}

/// A subnet with a critical finding is never shown as anything else, whatever its use is.
#[test]
fn a_finding_makes_a_subnet_as_bad_as_it_is() {
    let report = world().report();
    let answer = Answer::of(&report, &View::default());
    let status: Vec<_> =
        report.subnets.iter().map(|s| (report.status(s), answer.status(s))).collect();
    assert_eq!(
        status,
        [
            (Status::Ok, Status::Critical),
            (Status::Critical, Status::Critical),
            (Status::Ok, Status::Ok)
        ]
    );
}

#[test]
fn a_filter_hides_findings_and_changes_no_verdict() {
    let report = world().report();
    let all = Answer::of(&report, &View::default());
    let mut view = View { severity: Some(Severity::Critical), ..View::default() };
    let critical = Answer::of(&report, &view);
    assert_eq!(critical.verdict, all.verdict);
    assert_eq!(critical.hidden, 2);
    assert!(critical.groups.iter().all(|group| group.severity == Severity::Critical));
    view = View { checks: ["fragmentation"].into(), ..View::default() };
    let one = Answer::of(&report, &view);
    assert_eq!(names(&one), ["subnet-a"]);
    assert_eq!(one.status(&report.subnets[0]), Status::Critical);
    assert_eq!(one.hidden, report.findings.len() - 1);
}

#[test]
fn subnets_are_sorted_as_asked() {
    let report = world().report();
    for (sort, order) in [
        (SortKey::Severity, ["subnet-a", "subnet-b", "subnet-c"]),
        (SortKey::Utilization, ["subnet-b", "subnet-a", "subnet-c"]),
        (SortKey::Free, ["subnet-b", "subnet-a", "subnet-c"]),
        (SortKey::Prefixes, ["subnet-a", "subnet-b", "subnet-c"]),
        (SortKey::Name, ["subnet-a", "subnet-b", "subnet-c"]),
        (SortKey::Zone, ["subnet-a", "subnet-b", "subnet-c"]),
        (SortKey::Cidr, ["subnet-a", "subnet-b", "subnet-c"]),
    ] {
        assert_eq!(sorted(&report, sort), order, "{sort:?}");
    }
}

/// As people count, and not letter by letter.
#[test]
fn names_are_sorted_by_their_numbers() {
    let mut world = World::new();
    for (at, name) in ["app-10", "app-2-b", "app-1", "app-02-a", "app"].into_iter().enumerate() {
        let subnet = world.subnet(&format!("subnet-{at}"), "eu-1a", &format!("10.0.{at}.0/24"));
        subnet.tags.insert("Name".into(), name.into());
    }
    let order = ["subnet-4", "subnet-2", "subnet-3", "subnet-1", "subnet-0"];
    assert_eq!(sorted(&world.report(), SortKey::Name), order);
}

#[test]
fn what_is_hidden_is_said() {
    let report = world().report();
    let all = Answer::of(&report, &View::default());
    assert_eq!((all.filtered(), all.cut()), (None, None));
    let view = View {
        severity: Some(Severity::Warning),
        checks: ["utilization"].into(),
        top: Some(0),
        ..View::default()
    };
    let one = Answer::of(&report, &view);
    let text = "3 findings hidden by --severity warning and --check utilization";
    assert_eq!(one.filtered().as_deref(), Some(text));
    assert_eq!(one.cut().as_deref(), Some("1 more subnet with findings hidden by --top 0"));
}

/// The same of many subnets is one group, at the place of the worst, with all of them in it.
#[test]
fn the_same_of_400_subnets_is_one_group() {
    let mut world = world();
    for at in 0..400 {
        let cidr = format!("10.{}.{}.0/28", 1 + at / 200, at % 200);
        world.subnet(&format!("subnet-z{at:03}"), "eu-1c", &cidr);
        world.hold(&format!("subnet-z{at:03}"), &format!("10.{}.{}.4", 1 + at / 200, at % 200), 9);
    }
    let report = world.report();
    let answer = Answer::of(&report, &View::default());
    assert_eq!(answer.groups.len(), 402);
    let groups = folded(&answer.groups);
    assert_eq!(groups.iter().map(Group::size).collect::<Vec<_>>(), [1, 1, 400]);
    assert_eq!(groups.iter().map(Group::size).sum::<usize>(), answer.groups.len());
}

/// A cluster and a VPC are no subnets: each number says what it counts, and they add up.
#[test]
fn what_needs_attention_is_counted_by_kind() {
    let mut world = world();
    world.subnet("subnet-d", "eu-1a", "10.0.3.0/28");
    world.hold("subnet-d", "10.0.3.4", 3);
    world.cluster("prod", &["subnet-d", "subnet-c"]);
    let report = world.report();
    let answer = Answer::of(&report, &View::default());
    // Named are subnet-a and subnet-b; the cluster has 8 addresses in subnet-d.
    assert!(answer.verdict.sentence.ends_with(" 1 more needs attention: 1 cluster."), "{answer:?}");
    assert!(answer.verdict.numbers().contains(" in 2 subnets, 1 cluster"), "{answer:?}");
    assert_eq!(answer.verdict.counts.subnets, 2);
}

#[test]
fn the_ending_says_why() {
    let mut world = world();
    let ending =
        |world: &World, words: &str| Ending::of(&world.report(), &words.parse::<FailOn>().unwrap());
    assert_eq!(
        ending(&world, "critical"),
        Ending::Findings("2 findings at or above critical".to_owned())
    );
    assert_eq!(
        ending(&world, "fragmentation"),
        Ending::Findings("1 finding of fragmentation".to_owned())
    );
    assert_eq!(
        ending(&world, "never"),
        Ending::Done("no finding fails the run (--fail-on never)".to_owned())
    );
    assert_eq!(
        ending(&world, "no-discovery-tag"),
        Ending::Done("no finding of no-discovery-tag".to_owned())
    );
    let refused = Withheld::new(Operation::DescribeInstances, "AccessDenied".into());
    world.inventory.withheld.push(refused);
    assert_eq!(
        ending(&world, "critical"),
        Ending::Incomplete(
            "1 thing is not available, and 2 findings are at or above critical".to_owned()
        )
    );
}

#[test]
fn the_heading_says_what_was_looked_at() {
    let mut world = world();
    world.inventory.source.region = Some("eu-central-1".into());
    world.inventory.source.captured_at = Some("2026-11-27T10:00:31Z".into());
    let report = world.report();
    assert_eq!(
        Facts::of(&report).pieces(),
        ["vpc-1", "eu-central-1", "2026-11-27 10:00 UTC", "3 subnets", "8% of 513 addresses used"]
    );
    world.cluster("prod", &["subnet-a"]);
    assert_eq!(Facts::of(&world.report()).title, "prod");
}
