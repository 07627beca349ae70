//! Drain advice against brute force: small random subnets in which every set of nodes is tried, its
//! addresses taken out of the address space and the assignable prefixes counted again.

use std::{collections::BTreeSet, net::Ipv4Addr};

use eksnet::{
    audit::{Counted, drains},
    inventory::{Inventory, Places, Selection, select},
    network::{AddressSpace, ReservationKind},
};
use proptest::prelude::*;

use crate::made::{Eni, MadeVpc};

const CIDR: &str = "10.0.0.0/25";
const NODES: usize = 5;

/// Who holds an offset of the subnet: one of the nodes, or somebody else.
#[derive(Debug, Clone)]
struct World {
    singles: Vec<(u32, Option<usize>)>,
    prefixes: Vec<(u32, Option<usize>)>,
    explicit: Option<u32>,
}

fn worlds() -> impl Strategy<Value = World> {
    let holder = prop_oneof![8 => (0..NODES).prop_map(Some), 1 => Just(None)];
    let singles = proptest::collection::vec((4..127_u32, holder.clone()), 0..24);
    let prefixes = proptest::collection::vec((1..7_u32, holder), 0..3);
    (singles, prefixes, proptest::option::of(0..16_u32)).prop_map(
        |(mut singles, mut prefixes, explicit)| {
            prefixes.sort();
            prefixes.dedup_by_key(|(block, _)| *block);
            let taken: BTreeSet<u32> = prefixes.iter().map(|(block, _)| *block).collect();
            singles.retain(|(offset, _)| !taken.contains(&(offset / 16)));
            singles.sort();
            singles.dedup_by_key(|(offset, _)| *offset);
            World { singles, prefixes, explicit }
        },
    )
}

fn address(offset: u32) -> Ipv4Addr {
    Ipv4Addr::from(0x0a00_0000 + offset)
}

fn node_id(node: usize) -> String {
    format!("i-{node}")
}

impl World {
    fn inventory(&self) -> Inventory {
        let mut made = MadeVpc::default();
        made.subnet("subnet-1", CIDR, "eu-west-1a");
        let nodes: Vec<String> = (0..NODES).map(node_id).collect();
        let of = |holder: Option<usize>, device| Some((nodes[holder?].as_str(), device));
        for (device, (offset, holder)) in self.singles.iter().enumerate() {
            let addresses = vec![address(*offset).to_string()];
            let of = of(*holder, device);
            made.eni(&Eni { subnet: "subnet-1", of, addresses, ..Eni::default() });
        }
        for (at, (block, holder)) in self.prefixes.iter().enumerate() {
            let prefixes = vec![format!("{}/28", address(block * 16))];
            let of = of(*holder, self.singles.len() + at);
            made.eni(&Eni { subnet: "subnet-1", of, prefixes, ..Eni::default() });
        }
        for node in &nodes {
            made.instance(node);
        }
        if let Some(part) = self.explicit {
            made.reserve("subnet-1", &format!("{}/29", address(part * 8)), "explicit");
        }
        made.inventory()
    }

    /// Prefixes that can be delegated when a set of nodes is gone.
    fn assignable_without(&self, gone: u32) -> u32 {
        let mut space = AddressSpace::new(CIDR.parse().unwrap()).unwrap();
        if let Some(part) = self.explicit {
            let reserved = format!("{}/29", address(part * 8)).parse().unwrap();
            space.reserve(reserved, ReservationKind::Explicit).unwrap();
        }
        let stays = |holder: &Option<usize>| holder.is_none_or(|node| gone >> node & 1 == 0);
        for (offset, _) in self.singles.iter().filter(|(_, holder)| stays(holder)) {
            space.take(address(*offset)).unwrap();
        }
        for (block, _) in self.prefixes.iter().filter(|(_, holder)| stays(holder)) {
            let prefix = format!("{}/28", address(block * 16)).parse().unwrap();
            space.take_prefix(prefix).unwrap();
        }
        space.assignable_prefixes()
    }
}

fn bits(nodes: &[String]) -> u32 {
    (0..NODES).filter(|node| nodes.contains(&node_id(*node))).map(|node| 1 << node).sum()
}

proptest! {
    #[test]
    fn the_smallest_sets_give_back_what_they_say(world in worlds(), wanted in 1..6_u32) {
        let inventory = world.inventory();
        let selected = select(&inventory, &Selection::default()).unwrap();
        let places = Places::one_of(inventory, selected);
        let drains = drains(&Counted::of(&places, false).unwrap(), wanted);
        let drain = &drains[0];
        let now = world.assignable_without(0);
        let gives = |gone: u32| world.assignable_without(gone) - now;
        prop_assert_eq!(drain.assignable_now, Some(now));
        prop_assert_eq!(drain.recoverable, Some(gives((1 << NODES) - 1)));
        let smallest =
            (0..1_u32 << NODES).filter(|gone| gives(*gone) >= wanted).map(u32::count_ones).min();
        prop_assert_eq!(drain.lower_bound, smallest);
        prop_assert_eq!(drain.sets.is_empty(), smallest.is_none());
        for set in &drain.sets {
            prop_assert_eq!(drain.exact, Some(true));
            prop_assert_eq!(set.nodes.len(), usize::try_from(smallest.unwrap()).unwrap());
            prop_assert_eq!(gives(bits(&set.nodes)), set.blocks);
            prop_assert!(set.blocks >= wanted);
        }
        for node in 0..NODES {
            let alone = drain.single.iter().find(|one| one.node == node_id(node));
            prop_assert_eq!(alone.map_or(0, |one| one.blocks), gives(1 << node));
        }
    }
}
