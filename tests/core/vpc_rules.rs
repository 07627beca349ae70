//! What AWS asks of a VPC's blocks: rows of the VPC user guide's table, and laws.

use std::net::Ipv4Addr;

use eksnet::{
    finding::{Finding, vpc_findings},
    network::{BrokenVpcRule, Cidr, broken_unit_rule, broken_vpc_rules, network_address_units},
};
use proptest::prelude::*;

fn cidrs(text: &str) -> Vec<Cidr> {
    text.split_whitespace().map(|cidr| cidr.parse().unwrap()).collect()
}

fn messages(text: &str, allow_large: bool) -> Vec<String> {
    broken_vpc_rules(&cidrs(text), allow_large).iter().map(BrokenVpcRule::message).collect()
}

/// Whether a VPC with the first block can add the others, by the table "IPv4 CIDR block association
/// restrictions" (VPC user guide, "VPC CIDR blocks"). `None`, or the range that stands against it.
#[test]
fn the_table_row_by_row() {
    let rows: &[(&str, &str, Option<&str>)] = &[
        // 10.0.0.0/8
        ("ten and ten", "10.2.0.0/16 10.3.0.0/16", None),
        ("ten and 172.16", "10.2.0.0/16 172.16.0.0/16", Some("172.16.0.0/12")),
        ("ten and the end of 172.16/12", "10.2.0.0/16 172.31.255.0/24", Some("172.16.0.0/12")),
        ("ten and what follows 172.16/12", "10.2.0.0/16 172.32.0.0/16", None),
        ("ten and 192.168", "10.2.0.0/16 192.168.5.0/24", Some("192.168.0.0/16")),
        ("ten and 198.19", "10.2.0.0/16 198.19.0.0/16", Some("198.19.0.0/16")),
        ("ten and 198.18", "10.2.0.0/16 198.18.0.0/16", None),
        ("ten and shared", "10.2.0.0/16 100.64.0.0/16", None),
        ("ten and public", "10.2.0.0/16 8.8.8.0/24", None),
        ("ten, shared, ten", "10.2.0.0/16 100.64.0.0/16 10.3.0.0/16", None),
        // 10.0.0.0/16 and 10.0.0.0/15
        ("10.0 as the primary block", "10.0.0.0/16", None),
        ("10.0 and 10.1", "10.0.0.0/16 10.1.0.0/16", None),
        ("10.1 and 10.0", "10.1.0.0/16 10.0.0.0/16", Some("10.0.0.0/16")),
        ("10.0 and 10.0", "10.0.0.0/24 10.0.1.0/24", Some("10.0.0.0/16")),
        ("10.0 to a VPC of 10.2", "10.2.0.0/16 10.0.0.0/16", None),
        ("10.0 before 10.1", "10.2.0.0/16 10.0.0.0/16 10.1.0.0/16", None),
        ("10.0 after 10.1", "10.2.0.0/16 10.1.0.0/16 10.0.0.0/16", Some("10.0.0.0/16")),
        ("10.0 twice", "10.2.0.0/16 10.0.0.0/24 10.0.1.0/24", Some("10.0.0.0/16")),
        // 172.16.0.0/12
        ("172.16 and 172.17", "172.16.0.0/16 172.17.0.0/16", None),
        ("172.16 and 172.31", "172.16.0.0/16 172.31.0.0/20", Some("172.31.0.0/16")),
        ("a default VPC", "172.31.0.0/16 172.30.0.0/16", None),
        ("172.31 and 172.31", "172.31.0.0/20 172.31.16.0/20", Some("172.31.0.0/16")),
        ("172.16 and ten", "172.16.0.0/16 10.2.0.0/16", Some("10.0.0.0/8")),
        ("172.16 and 192.168", "172.16.0.0/16 192.168.0.0/16", Some("192.168.0.0/16")),
        ("172.16 and 198.19", "172.16.0.0/16 198.19.1.0/24", Some("198.19.0.0/16")),
        ("172.16 and shared", "172.16.0.0/16 100.127.0.0/16", None),
        // 192.168.0.0/16
        ("192.168 and 192.168", "192.168.0.0/24 192.168.1.0/24", None),
        ("192.168 and ten", "192.168.0.0/24 10.0.0.0/16", Some("10.0.0.0/8")),
        ("192.168 and 172.31", "192.168.0.0/24 172.31.0.0/16", Some("172.16.0.0/12")),
        ("192.168 and 198.19", "192.168.0.0/24 198.19.0.0/16", Some("198.19.0.0/16")),
        ("192.168 and public", "192.168.0.0/24 54.0.0.0/16", None),
        // 198.19.0.0/16
        ("198.19 and ten", "198.19.0.0/16 10.2.0.0/16", Some("10.0.0.0/8")),
        ("198.19 and 172.16", "198.19.0.0/16 172.16.0.0/16", Some("172.16.0.0/12")),
        ("198.19 and shared", "198.19.0.0/16 100.64.0.0/16", None),
        ("198.19 and public", "198.19.0.0/16 8.8.8.0/24", None),
        ("198.19 and 198.19, of which nothing is said", "198.19.0.0/17 198.19.128.0/17", None),
        // 100.64.0.0/10, and public
        ("shared and shared", "100.64.0.0/16 100.65.0.0/16", None),
        ("shared and public", "100.64.0.0/16 8.8.8.0/24", None),
        ("shared and ten", "100.64.0.0/16 10.2.0.0/16", Some("10.0.0.0/8")),
        ("shared and 198.19", "100.64.0.0/16 198.19.0.0/16", Some("198.19.0.0/16")),
        ("public and 192.168", "8.8.8.0/24 192.168.0.0/16", Some("192.168.0.0/16")),
        ("public and shared", "8.8.8.0/24 100.64.0.0/10", None),
    ];
    for (name, blocks, expected) in rows {
        let found: Vec<String> = broken_vpc_rules(&cidrs(blocks), true)
            .into_iter()
            .map(|rule| {
                if let BrokenVpcRule::Restricted { range, .. }
                | BrokenVpcRule::TooLate { range, .. } = rule
                {
                    range.to_string()
                } else {
                    format!("{rule:?}")
                }
            })
            .collect();
        let expected: Vec<&str> = expected.iter().copied().collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn sizes() {
    let refused = |cidr: &str, sizes: &str| {
        vec![format!("{cidr} cannot be a VPC CIDR block: a block must be a {sizes}")]
    };
    let rows = [
        ("10.2.0.0/16", false, vec![]),
        ("10.2.0.0/28", false, vec![]),
        ("10.2.0.0/15", false, refused("10.2.0.0/15", "/16 to /28")),
        ("10.2.0.0/29", false, refused("10.2.0.0/29", "/16 to /28")),
        ("10.2.0.0/32", true, refused("10.2.0.0/32", "/8 to /28")),
        ("10.0.0.0/8", true, vec![]),
        ("16.0.0.0/7", true, refused("16.0.0.0/7", "/8 to /28")),
    ];
    for (cidr, allow_large, expected) in rows {
        assert_eq!(messages(cidr, allow_large), expected, "{cidr}");
    }
}

#[test]
fn ranges_that_no_vpc_can_have() {
    let rows = [
        ("0.1.0.0/16", "0.0.0.0/8"),
        ("127.0.0.0/24", "127.0.0.0/8"),
        ("169.254.0.0/16", "169.254.0.0/16"),
        ("224.0.0.0/16", "224.0.0.0/4"),
        ("239.255.0.0/16", "224.0.0.0/4"),
        // A large block that has the range inside.
        ("169.0.0.0/8", "169.254.0.0/16"),
    ];
    for (cidr, range) in rows {
        let expected =
            vec![format!("{cidr} cannot be a VPC CIDR block: no VPC can use addresses of {range}")];
        assert_eq!(messages(cidr, true), expected, "alone");
        assert_eq!(messages(&format!("10.2.0.0/16 {cidr}"), true), expected, "added");
    }
    assert_eq!(messages("1.0.0.0/16 126.0.0.0/16 240.0.0.0/16", false), Vec::<String>::new());
}

/// Rules in their order, and the blocks within a rule in theirs.
#[test]
fn all_that_is_broken_is_told_in_a_fixed_order() {
    let blocks = "10.1.0.0/16 192.168.0.0/16 10.0.4.0/22 10.1.128.0/17 169.254.0.0/16 10.0.0.0/12";
    let shown = messages(blocks, false).join("\n");
    insta::assert_snapshot!(shown, @"
    10.0.0.0/12 cannot be a VPC CIDR block: a block must be a /16 to /28
    169.254.0.0/16 cannot be a VPC CIDR block: no VPC can use addresses of 169.254.0.0/16
    10.1.128.0/17 overlaps 10.1.0.0/16
    10.0.0.0/12 overlaps 10.1.0.0/16
    192.168.0.0/16 cannot be added to a VPC whose primary block is 10.1.0.0/16: AWS accepts no block of 192.168.0.0/16 there
    10.0.4.0/22 cannot be added after 10.1.0.0/16: AWS accepts no block of 10.0.0.0/16 once the VPC has a block of 10.0.0.0/15
    10.0.0.0/12 cannot be added after 10.1.0.0/16: AWS accepts no block of 10.0.0.0/16 once the VPC has a block of 10.0.0.0/15
    6 IPv4 blocks exceed the default quota of 5 per VPC
    ");
    assert_eq!(broken_vpc_rules(&[], false), []);
}

#[test]
fn the_number_of_blocks() {
    let many = |count: u8| {
        let blocks: Vec<String> = (2..count + 2).map(|at| format!("10.{at}.0.0/16")).collect();
        blocks.join(" ")
    };
    assert_eq!(messages(&many(5), false), Vec::<String>::new());
    let over = "exceed the default quota of 5 per VPC";
    assert_eq!(messages(&many(6), false), [format!("6 IPv4 blocks {over}")]);
    assert_eq!(messages(&many(50), false), [format!("50 IPv4 blocks {over}")]);
    let most = "51 IPv4 blocks exceed the maximum of 50 per VPC";
    assert_eq!(messages(&many(51), false), [most]);
}

#[test]
fn network_address_units_against_the_quota() {
    let quota = 64_000;
    let most = 256_000;
    let rows = [
        (0, None),
        (51_199, None),
        (51_200, Some(BrokenVpcRule::NearUnits { units: 51_200, quota, most })),
        (64_000, Some(BrokenVpcRule::NearUnits { units: 64_000, quota, most })),
        (64_001, Some(BrokenVpcRule::ManyUnits { units: 64_001, quota, most })),
        (256_000, Some(BrokenVpcRule::ManyUnits { units: 256_000, quota, most })),
        (256_001, Some(BrokenVpcRule::TooManyUnits { units: 256_001, most })),
        (u64::MAX, Some(BrokenVpcRule::TooManyUnits { units: u64::MAX, most })),
    ];
    for (units, expected) in rows {
        assert_eq!(broken_unit_rule(units), expected, "{units}");
        // What can still be asked for is a quota; the last bar is what it can be raised to.
        let bar = if units > most { most } else { quota };
        let figures = broken_unit_rule(units).map(|rule| rule.units());
        assert_eq!(figures, expected.map(|_| Some((units, bar))), "{units}");
    }
    assert_eq!(network_address_units(1_000, 200), 1_200);
    assert_eq!(network_address_units(u64::MAX, 1), u64::MAX);
}

/// What to do, for each rule.
#[test]
fn hints() {
    let of =
        |blocks: &str| broken_vpc_rules(&cidrs(blocks), false).first().map(BrokenVpcRule::hint);
    let shown: Vec<String> = [
        "10.0.0.0/12",
        "10.0.0.0/30",
        "127.0.0.0/16",
        "10.2.0.0/16 10.2.0.0/24",
        "10.2.0.0/16 192.168.0.0/16",
        "100.64.0.0/16 10.2.0.0/16",
        "10.1.0.0/16 10.0.0.0/16",
        "10.2.0.0/16 10.3.0.0/16 10.4.0.0/16 10.5.0.0/16 10.6.0.0/16 10.7.0.0/16",
    ]
    .into_iter()
    .filter_map(of)
    .chain([60_000, 70_000, 300_000].into_iter().filter_map(broken_unit_rule).map(|r| r.hint()))
    .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    use /16 blocks inside it, as many as needed
    use a block of /28 or larger
    use a block of RFC 1918 (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16) or of 100.64.0.0/10
    remove or move one of the two blocks
    use a block of 100.64.0.0/10, which can be added to any VPC
    create the VPC with 10.2.0.0/16 as its primary block and add 100.64.0.0/16 to it
    use a block of 10.0.0.0/8 outside 10.0.0.0/16: a block inside it must be added before any other block of 10.0.0.0/15
    ask AWS to raise the quota "IPv4 CIDR blocks per VPC" (maximum 50), or use fewer and larger blocks
    ask AWS to raise the quota (maximum 256000) before the VPC grows; the CloudWatch metric NetworkAddressUsage shows AWS's own count
    ask AWS to raise the quota (maximum 256000), or spread the workload over more VPCs
    spread the workload over more VPCs
    "#);
}

/// Id, severity and evidence of the finding that each rule makes.
#[test]
fn findings_say_what_the_rules_say() {
    let of_many_kinds =
        "192.168.0.0/16 192.168.0.0/24 10.0.0.0/12 127.0.0.0/16 1.0.0.0/16 2.0.0.0/16";
    let mut broken = broken_vpc_rules(&cidrs(of_many_kinds), false);
    broken.extend(broken_vpc_rules(&cidrs("10.1.0.0/16 10.0.0.0/16"), false));
    let too_many = (0..51).map(|at| format!("10.{}.0.0/16", at + 2)).collect::<Vec<_>>();
    broken.extend(broken_vpc_rules(&cidrs(&too_many.join(" ")), false));
    broken.extend([60_000, 70_000, 300_000].into_iter().filter_map(broken_unit_rule));
    let findings = vpc_findings("vpc-1", &broken);
    let shown: Vec<String> = findings
        .iter()
        .map(|finding| {
            let evidence = serde_json::to_string(&finding.evidence).unwrap();
            format!("{} {} {evidence}", finding.severity.name(), finding.id)
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    critical network-address-units {"most":256000,"quota":64000,"units":70000}
    critical network-address-units {"most":256000,"units":300000}
    critical vpc-cidr {"cidr":"10.0.0.0/12","longest_prefix_length":28,"prefix_length":12,"shortest_prefix_length":16}
    critical vpc-cidr {"cidr":"127.0.0.0/16","range":"127.0.0.0/8"}
    critical vpc-cidr {"cidr":"192.168.0.0/24","overlaps":"192.168.0.0/16"}
    critical vpc-cidr {"cidr":"10.0.0.0/12","primary":"192.168.0.0/16","range":"10.0.0.0/8"}
    critical vpc-cidr {"cidr":"10.0.0.0/16","earlier":"10.1.0.0/16","range":"10.0.0.0/16","within":"10.0.0.0/15"}
    critical vpc-cidr-quota {"cidrs":51,"most":50}
    warning network-address-units {"most":256000,"quota":64000,"units":60000}
    warning vpc-cidr-quota {"cidrs":6,"most":50,"quota":5}
    "#);
    for rule in &broken {
        let message = format!("vpc-1: {}", rule.message());
        let of_rule = |f: &&Finding| f.message == message && f.hint == rule.hint();
        let finding = findings.iter().find(of_rule).unwrap();
        assert_eq!(finding.resource, "vpc-1");
    }
    assert_eq!(findings.len(), broken.len());
    assert_eq!(vpc_findings("vpc-1", &[]), []);
}

/// Any block of a legal size, often in the ranges that are treated apart.
fn block() -> impl Strategy<Value = Cidr> {
    let start = prop_oneof![
        2 => any::<u32>(),
        3 => prop::sample::select(vec![
            [10, 0, 0, 0], [10, 1, 0, 0], [10, 7, 0, 0], [172, 16, 0, 0], [172, 31, 0, 0],
            [192, 168, 0, 0], [198, 18, 0, 0], [198, 19, 0, 0], [100, 64, 0, 0], [169, 254, 0, 0],
        ])
        .prop_flat_map(|at| (0u32..0x1_0000).prop_map(move |rest| u32::from_be_bytes(at) + rest)),
    ];
    (start, 16u8..=28).prop_map(|(at, len)| Cidr::containing(Ipv4Addr::from(at), len).unwrap())
}

fn blocks() -> impl Strategy<Value = Vec<Cidr>> {
    prop::collection::vec(block(), 0..9)
}

fn is_impossible(cidr: Cidr) -> bool {
    let [a, b, ..] = cidr.first().octets();
    a == 0 || a == 127 || (224..240).contains(&a) || (a, b) == (169, 254)
}

/// The table as one would tell it of octets, for blocks of /16 and smaller: nothing of ranges in it.
fn can_add(primary: Cidr, earlier: &[Cidr], cidr: Cidr) -> bool {
    let private = |cidr: Cidr| match cidr.first().octets() {
        [10, ..] => Some(10),
        [172, 16..=31, ..] => Some(172),
        [192, 168, ..] => Some(192),
        _ => None,
    };
    let start = |cidr: Cidr| (cidr.first().octets()[0], cidr.first().octets()[1]);
    let benchmark = (198, 19);
    match private(cidr) {
        Some(_) if private(primary) != private(cidr) => false,
        Some(10) if start(cidr) == (10, 0) => {
            earlier.iter().all(|other| !matches!(start(*other), (10, 0 | 1)))
        }
        Some(172) => start(cidr) != (172, 31),
        Some(_) => true,
        None => start(cidr) != benchmark || start(primary) == benchmark,
    }
}

/// Whether a block is said to be one that cannot be added.
fn is_refused(blocks: &[Cidr], block: Cidr) -> bool {
    broken_vpc_rules(blocks, false).iter().any(|rule| {
        matches!(rule, BrokenVpcRule::Restricted { cidr, .. } | BrokenVpcRule::TooLate { cidr, .. } if *cidr == block)
    })
}

fn is_count(rule: &BrokenVpcRule) -> bool {
    matches!(rule, BrokenVpcRule::ManyCidrs { .. } | BrokenVpcRule::TooManyCidrs { .. })
}

proptest! {
    #[test]
    fn one_legal_block_breaks_nothing(cidr in block()) {
        let broken = broken_vpc_rules(&[cidr], false);
        prop_assert_eq!(broken.is_empty(), !is_impossible(cidr), "{:?}", broken);
    }

    #[test]
    fn a_block_can_be_added_when_the_octets_say_so(blocks in blocks()) {
        let broken = broken_vpc_rules(&blocks, false);
        for (at, cidr) in blocks.iter().enumerate().skip(1) {
            let told = is_refused(&blocks[..=at], *cidr);
            let can = (1..=at)
                .filter(|place| blocks[*place] == *cidr)
                .all(|place| can_add(blocks[0], &blocks[..place], *cidr));
            prop_assert_eq!(told, !can, "{} after {:?}", cidr, &blocks[..at]);
        }
        prop_assert_eq!(broken, broken_vpc_rules(&blocks, false));
    }

    #[test]
    fn overlap_is_symmetric(a in block(), b in block(), inside in any::<bool>(), len in 16u8..=28) {
        let b = if inside { Cidr::containing(a.last(), len).unwrap() } else { b };
        let overlaps = |blocks: &[Cidr]| {
            broken_vpc_rules(blocks, false)
                .iter()
                .any(|rule| matches!(rule, BrokenVpcRule::Overlap { .. }))
        };
        prop_assert_eq!(overlaps(&[a, b]), overlaps(&[b, a]));
        prop_assert_eq!(overlaps(&[a, b]), a.first() <= b.last() && b.first() <= a.last());
    }

    /// The number of blocks apart, a further block adds to what is broken and takes nothing away,
    /// nor does it change the order.
    #[test]
    fn a_further_block_repairs_nothing(blocks in blocks(), further in block()) {
        let of = |blocks: &[Cidr]| {
            let broken = broken_vpc_rules(blocks, false).into_iter();
            broken.filter(|rule| !is_count(rule)).collect::<Vec<_>>()
        };
        let before = of(&blocks);
        let mut blocks = blocks;
        blocks.push(further);
        let after = of(&blocks);
        let mut rest = after.iter();
        prop_assert!(before.iter().all(|rule| rest.any(|other| other == rule)));
    }

    /// "100.64.0.0/10 can be added to any VPC", as a hint says.
    #[test]
    fn shared_space_can_always_be_added(blocks in blocks(), at in 0u32..0x40_0000, len in 16u8..=28) {
        let start = u32::from(Ipv4Addr::new(100, 64, 0, 0)) + at;
        let shared = Cidr::containing(Ipv4Addr::from(start), len).unwrap();
        prop_assert!(!is_refused(&[blocks, vec![shared]].concat(), shared));
    }

    /// Nothing panics, and allowing large blocks forgives sizes alone.
    #[test]
    fn allowing_large_blocks_forgives_sizes_alone(
        any_blocks in prop::collection::vec((any::<u32>(), 0u8..=32), 0..9),
    ) {
        let blocks: Vec<Cidr> = any_blocks
            .into_iter()
            .map(|(at, len)| Cidr::containing(Ipv4Addr::from(at), len).unwrap())
            .collect();
        let but_sizes = |allow_large| {
            let broken = broken_vpc_rules(&blocks, allow_large).into_iter();
            broken.filter(|rule| !matches!(rule, BrokenVpcRule::Size { .. })).collect::<Vec<_>>()
        };
        prop_assert_eq!(but_sizes(false), but_sizes(true));
        for cidr in &blocks {
            let size = |allow_large| {
                broken_vpc_rules(&[*cidr], allow_large)
                    .iter()
                    .any(|rule| matches!(rule, BrokenVpcRule::Size { .. }))
            };
            prop_assert_eq!(size(false), !(16..=28).contains(&cidr.prefix_len()));
            prop_assert_eq!(size(true), !(8..=28).contains(&cidr.prefix_len()));
        }
    }
}
