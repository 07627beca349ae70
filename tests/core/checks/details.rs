//! Several findings of one check at one resource are told apart, and a baseline's rows are judged by what
//! their check looked at.

use std::collections::BTreeMap;

use eksnet::{
    audit::{AuditReport, Comparison, Standing, read_baseline, write_baseline},
    inventory::{EniConfig, KubernetesNode, Operation, Withheld},
    network::ReservationKind,
};

use super::world::World;

fn details(world: &World, check: &str) -> Vec<Option<String>> {
    world.of(check).into_iter().map(|finding| finding.detail).collect()
}

/// A report held against a baseline of one row.
fn against(report: &AuditReport, row: &str) -> Comparison {
    let file = format!(r#"{{"schema": "eksnet.baseline/v1", "findings": [{row}]}}"#);
    read_baseline(&file).unwrap().compare(&report.grounds())
}

/// Whether a row that is not found counts as fixed.
fn is_fixed(report: &AuditReport, id: &str, resource: &str) -> bool {
    let row = format!(r#"{{"id": "{id}", "resource": "{resource}", "severity": "info"}}"#);
    let comparison = against(report, &row);
    assert_eq!(comparison.fixed.map(|fixed| fixed + comparison.not_judged), Some(1), "{row}");
    comparison.fixed == Some(1)
}

/// Three zones of which two fill up in turn.
fn zones(full: &[u8]) -> World {
    let mut world = World::new();
    for at in 0..3_u8 {
        let subnet = format!("subnet-{at}");
        world.subnet(&subnet, &format!("eu-1{at}"), &format!("10.0.{at}.0/26"));
        world.node((&format!("i-{at}"), 0), &subnet, (&format!("10.0.{at}.4"), 4), &[]);
        if full.contains(&at) {
            world.hold(&subnet, &format!("10.0.{at}.9"), 45);
        }
    }
    world
}

#[test]
fn a_further_zone_is_new() {
    let known = zones(&[0]).report().known();
    let world = zones(&[0, 1]);
    let there = details(&world, "zone-imbalance");
    assert_eq!(there, [Some("node@eu-10".to_owned()), Some("node@eu-11".to_owned())]);
    let report = world.report();
    let comparison = known.clone().compare(&report.grounds());
    let new: Vec<_> = report
        .findings
        .iter()
        .filter(|finding| comparison.standing(finding) == Standing::New)
        .filter(|finding| finding.id == "zone-imbalance")
        .map(|finding| finding.detail.as_deref())
        .collect();
    assert_eq!(new, [Some("node@eu-11")]);

    // Written and read again it says the same.
    let mut text = Vec::new();
    write_baseline(&known, &mut text).unwrap();
    assert_eq!(read_baseline(std::str::from_utf8(&text).unwrap()).unwrap(), known);

    // A row of an older file knows both.
    let row = r#"{"id": "zone-imbalance", "resource": "vpc-1", "severity": "warning"}"#;
    let comparison = against(&report, row);
    assert_eq!((comparison.known, comparison.fixed, comparison.not_judged), (2, Some(0), 0));
    // And one zone of two is fixed.
    let both = report.known();
    let left = both.compare(&zones(&[0]).report().grounds());
    assert!(left.fixed.is_some_and(|fixed| fixed > 0));
}

#[test]
fn a_further_reservation_is_new() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    world.reserve("10.0.0.64/28", ReservationKind::Prefix);
    world.reserve("10.0.0.128/28", ReservationKind::Prefix);
    world.node(("i-1", 0), "subnet-1", ("10.0.0.4", 0), &["10.0.0.64/28"]);
    let known = world.report().known();
    world.hold("subnet-1", "10.0.0.128", 1);
    let there = details(&world, "reservation-exhausted");
    assert_eq!(there, [Some("10.0.0.64/28".to_owned()), Some("10.0.0.128/28".to_owned())]);
    assert_eq!(known.compare(&world.report().grounds()).new, 1);
}

#[test]
fn ignore_rows_of_two_checks_are_apart() {
    let mut world = zones(&[]);
    world.policy(
        "version: 1\nignore:\n  - {check: min-free, id: x, reason: r, until: 2020-01-01}\n  \
         - {check: utilization, id: x, reason: r, until: 2020-01-01}",
    );
    let there = details(&world, "expired-ignore");
    assert_eq!(there, [Some("min-free".to_owned()), Some("utilization".to_owned())]);
}

#[test]
fn what_is_no_subnet_can_be_fixed() {
    let mut world = zones(&[]);
    world.cluster("whole", &["subnet-0", "subnet-1"]);
    world.cluster("part", &["subnet-0", "subnet-elsewhere"]);
    let report = world.report();
    for (id, resource, fixed) in [
        ("control-plane-headroom", "whole", true),
        ("control-plane-headroom", "part", false),
        ("control-plane-headroom", "other", false),
        ("unknown-instance-type", "m5.large", true),
        ("unknown-instance-type", "m5.xlarge", false),
        // What the nodes take could not be seen without kubectl.
        ("max-pods-mismatch", "m5.large", false),
        ("custom-networking-mismatch", "config", false),
        ("custom-networking-mismatch", "subnet-0", true),
        ("expired-ignore", "subnet-long-gone", true),
        ("min-free", "subnet-0", true),
        ("min-free", "whole", false),
    ] {
        assert_eq!(is_fixed(&report, id, resource), fixed, "{id} {resource}");
    }

    world.cni("v1.23.1", &[]);
    let kubernetes = world.inventory.kubernetes.as_mut().unwrap();
    let config = EniConfig {
        name: "config".into(),
        subnet_id: Some("subnet-0".into()),
        availability_zone: Some("eu-10".into()),
        vpc_id: Some("vpc-1".into()),
    };
    kubernetes.eni_configs = Some(vec![config]);
    // Which node has which could not be seen.
    assert!(!is_fixed(&world.report(), "custom-networking-mismatch", "config"));
    let kubernetes = world.inventory.kubernetes.as_mut().unwrap();
    let node = |at: u8| KubernetesNode {
        name: format!("node-{at}"),
        instance_id: Some(format!("i-{at}")),
        allocatable_pods: Some(29),
        labels: BTreeMap::new(),
        annotations: BTreeMap::new(),
        unschedulable: false,
    };
    kubernetes.nodes = Some((0..3).map(node).collect());
    let report = world.report();
    assert!(is_fixed(&report, "custom-networking-mismatch", "config"));
    assert!(!is_fixed(&report, "custom-networking-mismatch", "another"));
    assert!(is_fixed(&report, "max-pods-mismatch", "m5.large"));
}

#[test]
fn rows_that_mean_nothing_are_told() {
    let mut world = zones(&[0]);
    world.policy(
        "version: 1\nignore:\n  - {check: zone-imbalance, id: vpc-1, reason: first}\n  \
         - {check: zone-imbalance, id: vpc-1, reason: second}\n  \
         - {check: zone-imbalance, id: vpc-l, reason: typo}\n  \
         - {check: min-free, id: vpc-1, reason: another check}\n  \
         - {check: min-free, id: y, reason: expired, until: 2020-01-01}\n  \
         - {check: zone-imbalance, tag: {Team: x}, reason: tag}",
    );
    let report = world.report();
    let unused: Vec<&str> = report.unused_ignores.iter().map(|row| row.reason.as_str()).collect();
    assert_eq!(unused, ["typo", "another check", "tag"]);
    assert_eq!(report.ignored[0].reason, "first");
    // What could not be seen may be what they mean.
    let row = Withheld::new(Operation::DescribeInstances, "AccessDenied".into());
    world.inventory.withheld.push(row);
    assert!(world.report().unused_ignores.is_empty());
}

#[test]
fn the_first_row_gives_the_reason_be_it_by_tag_or_by_id() {
    let rows = [
        "{check: zone-imbalance, tag: {Team: x}, reason: tag}",
        "{check: zone-imbalance, id: vpc-1, reason: id}",
    ];
    for (order, reason) in [([0, 1], "tag"), ([1, 0], "id")] {
        let mut world = zones(&[0]);
        let vpc = &mut world.inventory.vpcs.as_mut().unwrap()[0];
        vpc.tags = super::world::tags(&[("Team", "x")]);
        let rows = order.map(|at| format!("  - {}\n", rows[at])).concat();
        world.policy(&format!("version: 1\nignore:\n{rows}"));
        let report = world.report();
        assert_eq!(report.ignored[0].reason, reason);
        assert!(report.unused_ignores.is_empty());
    }
}
