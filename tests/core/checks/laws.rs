//! Laws of any policy: it loses no finding, and what it ignores is what it names.

use eksnet::finding::Finding;
use proptest::prelude::*;

use super::world::World;

/// Subnets with findings of many kinds.
fn troubled() -> World {
    let mut world = World::new();
    for (at, zone) in ["a", "b", "c"].into_iter().enumerate() {
        let id = format!("subnet-{zone}");
        let subnet = world.subnet(&id, &format!("eu-1{zone}"), &format!("10.0.{at}.0/26"));
        subnet.tags.insert("Name".into(), format!("nodes-{zone}"));
        subnet.tags.insert("kubernetes.io/role/elb".into(), "1".into());
        let node = format!("i-{zone}");
        let address = |last: u32| format!("10.0.{at}.{last}");
        world.node((&node, 0), &id, (&address(4), 2), &[&format!("10.0.{at}.32/28")]);
        if zone == "a" {
            world.node(("i-old", 0), &id, (&address(16), 10), &[]);
            world.hold(&id, &address(48), 14);
            world.hold(&id, &address(7), 9);
        }
        let leaked = world.hold(&id, &address(28), 2);
        leaked.status = Some("available".into());
        leaked.description = "aws-K8S-i-gone".into();
    }
    world.cluster("c", &["subnet-a", "subnet-b"]);
    world
}

/// A row of a policy: which finding of all it means, and whether it has run out.
fn rows() -> impl Strategy<Value = Vec<(prop::sample::Index, bool)>> {
    prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..8)
}

fn keys<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<(String, String, String)> {
    let key = |f: &Finding| (f.id.to_owned(), f.resource.clone(), f.message.clone());
    let mut keys: Vec<_> = findings.filter(|f| f.id != "expired-ignore").map(key).collect();
    keys.sort();
    keys
}

proptest! {
    #[test]
    fn no_finding_is_lost(rows in rows()) {
        let mut world = troubled();
        let all = world.report().findings;
        prop_assert!(all.len() > 5);
        let mut policy = String::from("version: 1\nignore:\n");
        let (mut meant, mut expired) = (Vec::new(), 0);
        for (index, is_expired) in &rows {
            let finding = index.get(&all);
            let until = if *is_expired { "2026-11-24" } else { "2026-11-25" };
            policy += "  - {check: ";
            policy += &[finding.id, ", id: ", &finding.resource].concat();
            policy += &[", reason: x, until: ", until, "}\n"].concat();
            if *is_expired {
                expired += 1;
            } else {
                meant.push((finding.id, finding.resource.clone()));
            }
        }
        world.policy(&policy);
        let report = world.report();
        let ignored = report.ignored.iter().map(|row| &row.finding);
        prop_assert_eq!(keys(report.findings.iter().chain(ignored)), keys(all.iter()));
        for finding in &report.findings {
            prop_assert!(!meant.contains(&(finding.id, finding.resource.clone())));
        }
        for row in &report.ignored {
            prop_assert!(meant.contains(&(row.finding.id, row.finding.resource.clone())));
        }
        prop_assert_eq!(world.of("expired-ignore").len(), expired);
    }

    #[test]
    fn a_severity_that_is_set_holds_for_every_finding(at in any::<prop::sample::Index>(), severity in 0_usize..3) {
        let mut world = troubled();
        let all = world.report().findings;
        let check = at.get(&all).id;
        let name = ["info", "warning", "critical"][severity];
        world.policy(&format!("version: 1\nchecks: {{{check}: {{severity: {name}}}}}"));
        let report = world.report();
        prop_assert_eq!(keys(report.findings.iter()), keys(all.iter()));
        for finding in &report.findings {
            if finding.id == check {
                prop_assert_eq!(finding.severity.name(), name);
            }
        }
    }
}
