//! The address space against a slow, obvious model that keeps sets of addresses.
#![expect(
    clippy::as_conversions,
    reason = "a model over small numbers, and a test stops where it fails"
)]

use std::{collections::BTreeSet, net::Ipv4Addr};

use eksnet::network::{
    AddressSpace, BlockState, Cidr, Full, Random, ReservationKind, SpaceError, SubnetAddresses,
};
use proptest::prelude::*;

/// A subnet as sets: nothing clever, so nothing to be wrong.
struct Model {
    all: Vec<u32>,
    kept: BTreeSet<u32>,
    used: BTreeSet<u32>,
    prefixes: BTreeSet<u32>,
    reservations: Vec<(BTreeSet<u32>, ReservationKind)>,
}

impl Model {
    fn new(cidr: Cidr) -> Self {
        let all: Vec<u32> = (u32::from(cidr.first())..=u32::from(cidr.last())).collect();
        let kept = all.iter().take(4).chain(all.last()).copied().collect();
        Self {
            all,
            kept,
            used: BTreeSet::new(),
            prefixes: BTreeSet::new(),
            reservations: Vec::new(),
        }
    }

    fn reserved(&self, kind: Option<ReservationKind>) -> BTreeSet<u32> {
        self.reservations
            .iter()
            .filter(|(_, its)| kind.is_none_or(|kind| kind == *its))
            .flat_map(|(set, _)| set.iter().copied())
            .collect()
    }

    fn free(&self) -> BTreeSet<u32> {
        self.all
            .iter()
            .copied()
            .filter(|a| !self.used.contains(a) && !self.kept.contains(a))
            .collect()
    }

    fn states(&self) -> Vec<BlockState> {
        self.all
            .chunks(16)
            .map(|block| {
                let used = block.iter().filter(|a| self.used.contains(a)).count();
                if block.iter().any(|a| self.kept.contains(a)) {
                    BlockState::Reserved
                } else if self.prefixes.contains(&block[0]) {
                    BlockState::Prefix
                } else if used == 0 {
                    BlockState::Free
                } else if used == 16 {
                    BlockState::Full
                } else {
                    BlockState::Fragmented
                }
            })
            .collect()
    }

    fn assignable(&self) -> Vec<Vec<u32>> {
        let explicit = self.reserved(Some(ReservationKind::Explicit));
        self.all
            .chunks(16)
            .zip(self.states())
            .filter(|(block, state)| {
                *state == BlockState::Free && !block.iter().any(|a| explicit.contains(a))
            })
            .map(|(block, _)| block.to_vec())
            .collect()
    }

    fn assignable_in_reservation(&self) -> usize {
        self.assignable()
            .iter()
            .filter(|block| {
                self.reservations.iter().any(|(set, kind)| {
                    *kind == ReservationKind::Prefix && block.iter().all(|a| set.contains(a))
                })
            })
            .count()
    }
}

#[derive(Debug, Clone)]
enum Step {
    Take(u32),
    TakePrefix(u32),
    Reserve(u32, u8, bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => any::<u32>().prop_map(Step::Take),
        3 => any::<u32>().prop_map(Step::TakePrefix),
        1 => (any::<u32>(), 0u8..=12, any::<bool>()).prop_map(|(at, len, explicit)| Step::Reserve(at, len, explicit)),
    ]
}

fn count(value: usize) -> u32 {
    u32::try_from(value).unwrap()
}

fn play(cidr: Cidr, steps: &[Step]) -> (AddressSpace, Model) {
    let mut space = AddressSpace::new(cidr).unwrap();
    let mut model = Model::new(cidr);
    for step in steps {
        match step {
            Step::Take(at) => {
                let address = model.all[(*at as usize) % model.all.len()];
                let taken = space.take(Ipv4Addr::from(address));
                if model.kept.contains(&address) {
                    assert!(matches!(taken, Err(SpaceError::Kept { .. })));
                } else {
                    assert_eq!(taken, Ok(model.used.insert(address)));
                }
            }
            Step::TakePrefix(at) => {
                let blocks = model.all.len() / 16;
                let block = (*at as usize) % blocks;
                let prefix = Cidr::containing(Ipv4Addr::from(model.all[block * 16]), 28).unwrap();
                let taken = space.take_prefix(prefix);
                if block == 0 || block == blocks - 1 {
                    assert!(matches!(taken, Err(SpaceError::Prefix { .. })));
                } else {
                    let range = block * 16..block * 16 + 16;
                    let new = range.clone().filter(|i| model.used.insert(model.all[*i])).count();
                    model.prefixes.insert(model.all[block * 16]);
                    assert_eq!(taken, Ok(count(new)));
                }
            }
            Step::Reserve(at, longer, explicit) => {
                let len = (cidr.prefix_len() + longer).min(32);
                let address = model.all[(*at as usize) % model.all.len()];
                let reservation = Cidr::containing(Ipv4Addr::from(address), len).unwrap();
                let kind =
                    if *explicit { ReservationKind::Explicit } else { ReservationKind::Prefix };
                space.reserve(reservation, kind).unwrap();
                let set =
                    (u32::from(reservation.first())..=u32::from(reservation.last())).collect();
                model.reservations.push((set, kind));
            }
        }
    }
    (space, model)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn agrees_with_sets(base in any::<u32>(), len in 20u8..=28, steps in prop::collection::vec(step(), 0..200)) {
        let cidr = Cidr::containing(Ipv4Addr::from(base), len).unwrap();
        let (space, model) = play(cidr, &steps);
        prop_assert_eq!(space.total(), count(model.all.len()));
        prop_assert_eq!(space.usable(), count(model.all.len()) - 5);
        prop_assert_eq!(space.used(), count(model.used.len()));
        prop_assert_eq!(space.free(), count(model.free().len()));
        prop_assert_eq!(space.used() + space.free(), space.usable());
        let reserved = model.reserved(None);
        prop_assert_eq!(space.reserved_free(), count(model.free().intersection(&reserved).count()));
        let explicit = model.reserved(Some(ReservationKind::Explicit));
        prop_assert_eq!(space.explicit_free(), count(model.free().intersection(&explicit).count()));
        prop_assert_eq!(space.block_states().collect::<Vec<_>>(), model.states());
        let counts = space.block_counts();
        prop_assert_eq!(counts.total, counts.free + counts.fragmented + counts.full + counts.reserved + counts.prefix);
        prop_assert_eq!(space.assignable_prefixes(), count(model.assignable().len()));
        prop_assert_eq!(space.assignable_prefixes_in_reservation(), count(model.assignable_in_reservation()));
    }

    #[test]
    fn an_address_outside_is_refused(base in any::<u32>(), len in 16u8..=28, address in any::<u32>()) {
        let cidr = Cidr::containing(Ipv4Addr::from(base), len).unwrap();
        let address = Ipv4Addr::from(address);
        prop_assume!(!cidr.contains(address));
        let mut space = AddressSpace::new(cidr).unwrap();
        prop_assert_eq!(space.take(address), Err(SpaceError::Outside { address, cidr }));
        prop_assert_eq!(space.used(), 0);
    }
}

#[test]
fn an_empty_subnet_gives_two_blocks_less_than_it_has() {
    for (len, prefixes) in [(28, 0), (27, 0), (26, 2), (24, 14), (22, 62), (20, 254), (16, 4094)] {
        let cidr = Cidr::containing(Ipv4Addr::new(10, 0, 0, 0), len).unwrap();
        let space = AddressSpace::new(cidr).unwrap();
        assert_eq!(space.assignable_prefixes(), prefixes, "/{len}");
        assert_eq!(space.usable(), (1 << (32 - u32::from(len))) - 5);
    }
}

#[test]
fn sizes_outside_of_what_a_subnet_can_be_are_refused() {
    for text in ["10.0.0.0/15", "10.0.0.0/29", "0.0.0.0/0", "10.0.0.1/32"] {
        let cidr: Cidr = text.parse().unwrap();
        assert!(matches!(AddressSpace::new(cidr), Err(SpaceError::Size { .. })), "{text}");
    }
    assert!(AddressSpace::new_large("10.0.0.0/13".parse().unwrap()).is_ok());
    assert!(AddressSpace::new_large("0.0.0.0/0".parse().unwrap()).is_err());
}

#[test]
fn one_address_spoils_a_block() {
    let mut space = AddressSpace::new("10.0.0.0/24".parse().unwrap()).unwrap();
    space.take(Ipv4Addr::new(10, 0, 0, 40)).unwrap();
    assert_eq!(space.assignable_prefixes(), 13);
    let counts = space.block_counts();
    assert_eq!((counts.free, counts.fragmented, counts.reserved), (13, 1, 2));
    assert_eq!(counts.fragmentation_score(13), Some(8));
}

#[test]
fn an_explicit_reservation_keeps_prefixes_out_and_a_prefix_reservation_does_not() {
    let mut space = AddressSpace::new("10.0.0.0/24".parse().unwrap()).unwrap();
    space.reserve("10.0.0.64/26".parse().unwrap(), ReservationKind::Explicit).unwrap();
    space.reserve("10.0.0.128/26".parse().unwrap(), ReservationKind::Prefix).unwrap();
    assert_eq!((space.assignable_prefixes(), space.assignable_prefixes_in_reservation()), (10, 4));
    assert_eq!((space.reserved_free(), space.block_counts().free), (128, 14));
    let outside: Cidr = "10.0.1.0/28".parse().unwrap();
    assert!(space.reserve(outside, ReservationKind::Prefix).is_err());
}

/// What EC2 may choose from, by sets: single addresses outside every reservation, and free blocks
/// outside explicit ones, inside a prefix reservation if there is one.
fn open(model: &Model) -> (BTreeSet<u32>, BTreeSet<u32>) {
    let singles = model.free().difference(&model.reserved(None)).copied().collect();
    let prefix = model.reserved(Some(ReservationKind::Prefix));
    let inside = |block: &Vec<u32>| {
        let mut ranges = model.reservations.iter();
        ranges.any(|(set, kind)| {
            *kind == ReservationKind::Prefix && block.iter().all(|a| set.contains(a))
        })
    };
    let blocks = model.assignable().into_iter();
    let blocks = blocks.filter(|block| prefix.is_empty() || inside(block)).map(|block| block[0]);
    (singles, blocks.collect())
}

/// What EC2 turns to where a part is full, if it goes on: single addresses of a prefix reservation, and
/// blocks outside of it.
fn kept_back(model: &Model, open_blocks: &BTreeSet<u32>) -> (BTreeSet<u32>, BTreeSet<u32>) {
    let explicit = model.reserved(Some(ReservationKind::Explicit));
    let prefix = model.reserved(Some(ReservationKind::Prefix));
    let free = model.free();
    let singles = free.intersection(&prefix).filter(|a| !explicit.contains(a)).copied().collect();
    let blocks = model.assignable().into_iter().map(|block| block[0]);
    (singles, blocks.filter(|first| !open_blocks.contains(first)).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn assigning_and_releasing_agrees_with_sets(
        base in any::<u32>(), len in 24u8..=28, steps in prop::collection::vec(step(), 0..30),
        acts in prop::collection::vec((0u8..4, any::<u32>()), 0..100), seed in any::<u64>(),
        goes_on in any::<bool>(),
    ) {
        let cidr = Cidr::containing(Ipv4Addr::from(base), len).unwrap();
        let (space, mut model) = play(cidr, &steps);
        let full = if goes_on { Full::GoOn } else { Full::Stop };
        let mut subnet = SubnetAddresses::new(space).read_as(full);
        let mut random = Random::new(seed);
        let (mut singles, mut prefixes) = (Vec::new(), Vec::new());
        for (act, at) in acts {
            let (mut open_singles, mut open_blocks) = open(&model);
            let (back_singles, back_blocks) = kept_back(&model, &open_blocks);
            prop_assert_eq!(subnet.available(), count(open_singles.len()));
            prop_assert_eq!(subnet.held_back(), count(back_singles.len()));
            prop_assert_eq!(subnet.prefixes_inside(), count(open_blocks.len()));
            prop_assert_eq!(subnet.prefixes_elsewhere(), count(back_blocks.len()));
            let room = open_singles.len() + if goes_on { back_singles.len() } else { 0 };
            let blocks = open_blocks.len() + if goes_on { back_blocks.len() } else { 0 };
            prop_assert_eq!(subnet.room(), count(room));
            prop_assert_eq!(subnet.open_prefixes(), count(blocks));
            if goes_on && open_singles.is_empty() {
                open_singles = back_singles;
            }
            if goes_on && open_blocks.is_empty() {
                open_blocks = back_blocks;
            }
            match act {
                0 => match subnet.assign(&mut random).map(u32::from) {
                    Some(address) => {
                        prop_assert!(open_singles.contains(&address));
                        model.used.insert(address);
                        singles.push(address);
                    }
                    None => prop_assert!(open_singles.is_empty()),
                },
                1 => match subnet.assign_prefix(&mut random) {
                    Some(prefix) => {
                        let first = u32::from(prefix.first());
                        prop_assert!(open_blocks.contains(&first));
                        model.prefixes.insert(first);
                        model.used.extend(first..=u32::from(prefix.last()));
                        prefixes.push(prefix);
                    }
                    None => prop_assert!(open_blocks.is_empty()),
                },
                2 if !singles.is_empty() => {
                    let address = singles.swap_remove(at as usize % singles.len());
                    prop_assert!(subnet.release(Ipv4Addr::from(address)));
                    prop_assert!(!subnet.release(Ipv4Addr::from(address)));
                    model.used.remove(&address);
                }
                3 if !prefixes.is_empty() => {
                    let prefix: Cidr = prefixes.swap_remove(at as usize % prefixes.len());
                    prop_assert!(!subnet.release(prefix.first()));
                    prop_assert!(subnet.release_prefix(prefix));
                    prop_assert!(!subnet.release_prefix(prefix));
                    model.prefixes.remove(&u32::from(prefix.first()));
                    for address in u32::from(prefix.first())..=u32::from(prefix.last()) {
                        model.used.remove(&address);
                    }
                }
                _ => {}
            }
            prop_assert_eq!(subnet.space().used(), count(model.used.len()));
            prop_assert_eq!(subnet.space().assignable_prefixes(), count(model.assignable().len()));
        }
    }
}

/// The last address of a subnet is in it, and the next one is not.
#[test]
fn a_subnet_ends_where_its_network_does() {
    let cidr: Cidr = "10.0.0.0/24".parse().unwrap();
    let mut space = AddressSpace::new(cidr).unwrap();
    assert_eq!(space.take(Ipv4Addr::new(10, 0, 0, 254)), Ok(true));
    for address in [Ipv4Addr::new(10, 0, 1, 0), Ipv4Addr::new(9, 255, 255, 255)] {
        assert_eq!(space.take(address), Err(SpaceError::Outside { address, cidr }));
    }
    assert_eq!(space.used(), 1);
}

/// What a space was told stays to be seen: its reservations in the order in which they came, and how EC2 is
/// read.
#[test]
fn what_a_subnet_was_told_is_kept() {
    let cidr = |text: &str| text.parse::<Cidr>().unwrap();
    let mut space = AddressSpace::new(cidr("10.0.0.0/24")).unwrap();
    let told = [
        (cidr("10.0.0.128/26"), ReservationKind::Prefix),
        (cidr("10.0.0.64/28"), ReservationKind::Explicit),
    ];
    for (part, kind) in told {
        space.reserve(part, kind).unwrap();
    }
    assert_eq!(space.reservations(), told);
    let subnet = SubnetAddresses::new(space);
    assert_eq!(subnet.full(), Full::Stop);
    assert_eq!(subnet.read_as(Full::GoOn).full(), Full::GoOn);
}

/// A network consists of parts of longer prefixes alone, and not of itself.
#[test]
fn parts_are_smaller() {
    let cidr: Cidr = "10.0.0.0/24".parse().unwrap();
    let parts = |len| cidr.parts(len).map(|part| part.to_string()).collect::<Vec<_>>();
    assert_eq!(parts(25), ["10.0.0.0/25", "10.0.0.128/25"]);
    assert_eq!(parts(32).len(), 256);
    for len in [0, 23, 24, 33] {
        assert_eq!(parts(len), [""; 0], "{len}");
    }
}
