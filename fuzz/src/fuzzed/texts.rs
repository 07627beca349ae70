//! Short texts: settings, blocks, addresses, ranges, percentages.

use std::{fmt::Display, net::Ipv4Addr, str::FromStr};

use eksnet::{
    audit::{FailOn, Percent},
    cli::{IntRange, TargetArg},
    cni::{CniSettings, parse_changes},
    instance::BUILTIN,
    ipam::{DeleteOrder, NodeInput, Op, PodEvent, replay},
    network::{AddressSpace, Cidr, read_ipv4},
};

use super::world::{self, Beside};

/// Each line is read as each of them.
pub(super) fn settings(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    for line in text.lines().take(8) {
        one(line);
    }
}

fn one(text: &str) {
    assert_eq!(read_ipv4(text.as_bytes()), text.parse::<Ipv4Addr>().ok(), "{text}");
    if let Some(cidr) = written_and_read::<Cidr>(text) {
        assert_eq!(u32::from(cidr.last()) - u32::from(cidr.first()), {
            u32::try_from(cidr.size() - 1).unwrap()
        });
        if let Ok(space) = AddressSpace::new(cidr) {
            assert_eq!(u64::from(space.total()), cidr.size());
        }
    }
    let _words = (text.parse::<FailOn>(), text.parse::<TargetArg>(), text.parse::<Percent>());
    if let Ok(range) = text.parse::<IntRange>() {
        assert!(range.least.is_none_or(|least| range.contains(least)), "{text}");
        assert!(range.most.is_none_or(|most| range.contains(most)), "{text}");
    }
    if let Ok(changes) = parse_changes(text) {
        assert_eq!(parse_changes(text).as_ref(), Ok(&changes), "read twice");
        let asked = [(text.to_owned(), changes.clone())];
        world::audited(world::small(), Beside { what_if: &asked, ..Beside::default() });
        let limits = BUILTIN.get("m5.large").unwrap();
        node(CniSettings::shipped().changed(&changes).pool(limits, 29, false));
    }
}

/// A node with such settings keeps within its limits.
fn node(settings: eksnet::ipam::PoolSettings) {
    let event = PodEvent {
        op: Op::Add,
        n: 12,
        retry: true,
        del_order: DeleteOrder::Newest,
        wait: None,
        t: None,
    };
    let input = NodeInput {
        settings,
        subnet_capacity: Some(1_000),
        pod_subnet_capacity: Some(1_000),
        free_blocks: None,
        events: vec![event],
    };
    let run = replay(&input);
    assert_eq!(run, replay(&input), "replayed twice");
    for state in &run.states {
        assert!(state.pods <= 12 && state.pods <= state.addresses, "{state:?}");
    }
}

/// What is read is written so that it is read again as the same.
fn written_and_read<T: FromStr + Display + PartialEq>(text: &str) -> Option<T> {
    let read: T = text.parse().ok()?;
    let written = read.to_string();
    assert!(written.parse().is_ok_and(|again: T| again == read), "{text}: {written}");
    Some(read)
}
