//! Remedies are what was tried and fits, and nothing smaller of their kind does.

use eksnet::{
    instance::BUILTIN,
    simulate::{
        Layout, Remedies, Remedy, Scenario, Sought, Verdict, check, parse, remedies, run, trial,
    },
};

fn read(text: &str) -> Scenario {
    parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn layout_of(scenario: &Scenario) -> Layout<'_> {
    check(scenario, &BUILTIN, false).unwrap_or_else(|error| panic!("{error}"))
}

/// What is found for a layout that is played with the seeds from 1 on, and tried on the first that fails.
fn with_seeds(text: &str, runs: u64) -> Remedies {
    let scenario = read(text);
    let layout = layout_of(&scenario);
    let seeds: Vec<u64> = (1..=runs).collect();
    let failed =
        seeds.iter().find_map(|seed| Some((*seed, run(&layout, *seed).first_failure().cloned()?)));
    let Some((seed, failure)) = failed else {
        return Remedies { list: Vec::new(), complete: true };
    };
    let sought = Sought { failure: &failure, failing: vec![seed], seeds };
    remedies(&layout, &sought, &|layout, seeds, most_work| {
        seeds.iter().map(|seed| trial(layout, *seed, most_work)).collect()
    })
}

fn of(text: &str) -> Vec<Remedy> {
    let found = with_seeds(text, 1);
    assert!(found.complete);
    found.list
}

fn fits(text: &str) -> bool {
    fits_with(text, 1)
}

fn fits_with(text: &str, seed: u64) -> bool {
    run(&layout_of(&read(text)), seed).verdict == Verdict::Fits
}

fn texts(remedies: &[Remedy]) -> Vec<String> {
    remedies.iter().map(Remedy::text).collect()
}

fn layout(cidr: &str, nodes: u32, pods: u32, rest: &str) -> String {
    format!(
        "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets: [{{name: a, zone: z, cidr: {cidr}}}]\n\
         node_groups: [{{name: g, instance_type: m5.large, subnets: [a], nodes: {nodes}, \
         pods_per_node: {pods}}}]\n{rest}\n"
    )
}

/// 30 idle nodes want 10 addresses each and find 251: 29 have them all, and the last is Ready with its
/// primary address alone, 291.
#[test]
fn as_few_addresses_as_do() {
    let text = layout("10.0.0.0/24", 30, 0, "");
    assert_eq!(texts(&of(&text)), ["warm_ip_target: 5", "40 more addresses in a", "a /23 for a"]);
    assert!(fits(&layout("10.0.0.0/23", 30, 0, "")));
    assert!(fits(&layout("10.0.0.0/24", 30, 0, "cni: {warm_ip_target: 5}")));
    assert!(!fits(&layout("10.0.0.0/24", 30, 0, "cni: {warm_ip_target: 10}")));
}

/// Eight nodes of three ENIs hold 240 of 251: one more at a time has no room.
#[test]
fn a_rollout_that_waits_needs_no_room() {
    let text = |bound: &str| {
        layout("10.0.0.0/24", 8, 12, &format!("steps: [{{rollout: {{group: g, {bound}}}}}]"))
    };
    let found = of(&text("max_surge: 33%"));
    assert_eq!(
        found.first(),
        Some(&Remedy::Pace { step: 1, max_surge: 0, max_unavailable: 1 }),
        "{found:?}"
    );
    assert!(fits(&text("max_surge: 0, max_unavailable: 1")));
    assert!(!fits(&text("max_surge: 1")));
}

/// Two subnets that are both short are both named.
#[test]
fn every_short_subnet_gets_room() {
    let text = "version: 1\nvpc: {cidrs: [10.0.0.0/16]}\nsubnets:\n\
        - {name: a, zone: z, cidr: 10.0.0.0/25}\n- {name: b, zone: y, cidr: 10.0.1.0/26}\n\
        cni: {prefix_delegation: true}\n\
        node_groups: [{name: g, instance_type: m5.large, subnets: [a, b], nodes: 6, pods_per_node: 20}]\n";
    let found = of(text);
    let larger = Remedy::LargerSubnet { subnets: vec![("a".into(), 24), ("b".into(), 24)] };
    assert!(found.contains(&larger), "{found:?}");
    let more = found.iter().find_map(|remedy| match remedy {
        Remedy::Addresses { subnets } => Some(subnets.clone()),
        Remedy::LargerSubnet { .. } | Remedy::Pace { .. } | Remedy::WarmTargets { .. } => None,
    });
    // Three nodes with three prefixes each: 9 blocks, of which a /25 has 6 and a /26 has 2.
    let names: Vec<String> = more.iter().flatten().map(|(name, _)| name.clone()).collect();
    assert_eq!(names, ["a", "b"], "{found:?}");
}

/// What no address helps has no remedy of addresses.
#[test]
fn no_address_helps_where_none_is_short() {
    let text = layout("10.0.0.0/20", 2, 40, "");
    assert_eq!(texts(&of(&text)), Vec::<String>::new());
    let stranded = layout("10.0.0.0/20", 2, 25, "cni: {minimum_ip_target: 9}");
    assert_eq!(texts(&of(&stranded)), ["warm_ip_target: 10, minimum_ip_target: 35"]);
}

/// Two nodes in prefix mode beside addresses that lie elsewhere with each seed: what the first failing
/// seed needs is not enough for all.
fn chance(len: u8, cni: &str) -> String {
    format!(
        "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\n\
         subnets: [{{name: a, zone: z, cidr: 10.0.0.0/{len}, used: 10}}]\n\
         cni: {{prefix_delegation: true{cni}}}\n\
         node_groups: [{{name: g, instance_type: m5.large, subnets: [a], nodes: 2, pods_per_node: 9}}]\n"
    )
}

/// A change is told only when every run fits with it, whatever seed it was found on.
#[test]
fn a_change_fits_with_every_seed() {
    const RUNS: u64 = 60;
    let found = with_seeds(&chance(25, ""), RUNS);
    assert!(found.complete);
    assert!(!found.list.is_empty());
    let mut verified = 0;
    for remedy in &found.list {
        let text = match remedy {
            Remedy::LargerSubnet { subnets } => chance(subnets[0].1, ""),
            Remedy::WarmTargets { settings } => {
                let stated = settings.iter().map(|(key, value)| format!(", {key}: {value}"));
                chance(25, &stated.collect::<String>())
            }
            Remedy::Addresses { .. } | Remedy::Pace { .. } => continue,
        };
        verified += 1;
        let failing: Vec<u64> = (1..=RUNS).filter(|seed| !fits_with(&text, *seed)).collect();
        assert_eq!(failing, [0; 0], "{remedy:?}");
    }
    assert!(verified > 0, "{found:?}");
    // What the first failing seed alone needs is less.
    let scenario = read(&chance(25, ""));
    let layout = layout_of(&scenario);
    let (seed, failure) = (1..=RUNS)
        .find_map(|seed| Some((seed, run(&layout, seed).first_failure().cloned()?)))
        .unwrap_or_else(|| panic!("no seed fails"));
    let sought = Sought { failure: &failure, failing: vec![seed], seeds: vec![seed] };
    let alone = remedies(&layout, &sought, &|layout, seeds, most_work| {
        seeds.iter().map(|seed| trial(layout, *seed, most_work)).collect()
    });
    assert_ne!(alone.list, found.list);
}

/// The search ends when it becomes too much work, and says so; what it cost does not hang on the clock.
#[test]
fn a_search_that_is_cut_short_says_so() {
    let text = layout("10.0.0.0/24", 30, 0, "");
    let scenario = read(&text);
    let layout = layout_of(&scenario);
    let failure = run(&layout, 1).first_failure().cloned().unwrap_or_else(|| panic!("fits"));
    let sought = Sought { failure: &failure, failing: vec![1], seeds: vec![1] };
    let found = remedies(&layout, &sought, &|layout, seeds, most_work| {
        // As if each pass were as much work as a thousand.
        let scaled = |seed: &u64| trial(layout, *seed, most_work / 1_000_000);
        seeds.iter().map(scaled).collect()
    });
    assert_eq!(found, Remedies { list: Vec::new(), complete: false });
    let whole = trial(&layout, 1, u64::MAX);
    assert_eq!(whole.failure, Some(failure));
    assert_eq!(trial(&layout, 1, whole.work), whole);
    let cut = trial(&layout, 1, whole.work - 1);
    assert!(cut.cut && cut.failure.is_none() && !cut.fits());
}
