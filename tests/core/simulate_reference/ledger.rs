//! Who holds which addresses of which subnet, checked as a whole after every event.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

use eksnet::{
    ipam::{EniId, PoolMode, Slots},
    network::Random,
    simulate::{HeldRange, Reason, Scenario, Used},
};

use super::subnet::{Subnet, addresses};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Holder {
    /// What is there before anything starts.
    Before,
    Other,
    ControlPlane,
    /// Interfaces of an upgrade under way.
    NewControlPlane,
    /// A node's ENI: its own address, then its slots.
    Eni(usize, EniId),
    /// All branch ENIs of a node.
    Branches(usize),
}

/// An address or a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) subnet: usize,
    pub(crate) first: Ipv4Addr,
    pub(crate) mode: PoolMode,
}

/// Whether slots come with an ENI's own address.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Own {
    Yes,
    No,
}

pub(crate) const ONE: Slots = Slots { mode: PoolMode::SecondaryIp, count: 1 };

pub(crate) struct Ledger {
    pub(crate) subnets: Vec<Subnet>,
    pub(crate) holders: BTreeMap<Holder, Vec<Piece>>,
    pub(crate) random: Random,
    pub(crate) step: u32,
    /// How often a node gave something back by itself.
    pub(crate) returned: u64,
}

impl Ledger {
    pub(crate) fn new(scenario: &Scenario, seed: u64) -> Self {
        let subnets = scenario.subnets.iter();
        let goes_on = scenario.prefix_reservation_fallback;
        let subnets = subnets.map(|subnet| Subnet::new(subnet, goes_on)).collect();
        let random = Random::new(seed);
        let mut ledger = Self { subnets, holders: BTreeMap::new(), random, step: 0, returned: 0 };
        for (at, subnet) in scenario.subnets.iter().enumerate() {
            ledger.strew(at, &subnet.used);
        }
        ledger
    }

    fn strew(&mut self, subnet: usize, used: &Used) {
        match used {
            Used::Count(count) => {
                let mut random = self.random.clone();
                self.strew_by(subnet, *count, &mut random);
                self.random = random;
            }
            Used::Fragments(fragments) => {
                self.strew_by(subnet, fragments.count, &mut Random::new(fragments.seed));
            }
            Used::List(list) => {
                for held in list {
                    let (first, mode) = match held {
                        HeldRange::Address(address) => (*address, PoolMode::SecondaryIp),
                        HeldRange::Prefix(prefix) => (prefix.first(), PoolMode::Prefix),
                    };
                    self.hold(Holder::Before, Piece { subnet, first, mode });
                }
            }
        }
        self.after_event();
    }

    fn strew_by(&mut self, subnet: usize, count: u32, random: &mut Random) {
        for _ in 0..count {
            let mode = PoolMode::SecondaryIp;
            let first = self.subnets[subnet].choose(mode, random).unwrap();
            self.hold(Holder::Before, Piece { subnet, first, mode });
        }
    }

    fn hold(&mut self, holder: Holder, piece: Piece) {
        let subnet = &mut self.subnets[piece.subnet];
        for address in addresses(piece.first, piece.mode) {
            assert!(subnet.used.insert(address), "{address} is given twice");
        }
        if piece.mode == PoolMode::Prefix {
            assert!(subnet.prefixes.insert(piece.first), "{} is delegated twice", piece.first);
        }
        self.holders.entry(holder).or_default().push(piece);
    }

    fn put_back(&mut self, piece: Piece) {
        let subnet = &mut self.subnets[piece.subnet];
        for address in addresses(piece.first, piece.mode) {
            assert!(subnet.used.remove(&address), "{address} comes back and was not used");
        }
        if piece.mode == PoolMode::Prefix {
            assert!(subnet.prefixes.remove(&piece.first), "{} was not delegated", piece.first);
        }
    }

    /// Slots, and an ENI's own address after them, which could spoil the last free block: all or
    /// nothing.
    pub(crate) fn take(
        &mut self,
        holder: Holder,
        subnet: usize,
        slots: Slots,
        own: Own,
    ) -> Result<(), Reason> {
        let wanted = usize::try_from(slots.count).unwrap();
        self.subnets[subnet].note_reading(slots.mode, wanted);
        if self.subnets[subnet].open(slots.mode).len() < wanted {
            return Err(match slots.mode {
                PoolMode::SecondaryIp => Reason::InsufficientFreeAddresses,
                PoolMode::Prefix if self.subnets[subnet].stops_when_full() => {
                    Reason::PrefixReservationFull
                }
                PoolMode::Prefix => Reason::InsufficientCidrBlocks,
            });
        }
        let before = self.holders.get(&holder).cloned().unwrap_or_default();
        let own = (own == Own::Yes).then_some(PoolMode::SecondaryIp);
        let mut short = false;
        for (at, mode) in std::iter::repeat_n(slots.mode, wanted).chain(own).enumerate() {
            if at == wanted {
                self.subnets[subnet].note_reading(mode, 1);
            }
            match self.subnets[subnet].choose(mode, &mut self.random) {
                Some(first) => self.hold(holder, Piece { subnet, first, mode }),
                None => short = true,
            }
        }
        if short {
            let taken = self.holders.insert(holder, before.clone()).unwrap_or_default();
            for piece in &taken[before.len()..] {
                self.put_back(*piece);
            }
        } else if own.is_some() {
            self.pieces(holder).rotate_right(1);
        }
        self.holders.retain(|_, pieces| !pieces.is_empty());
        self.after_event();
        if short { Err(Reason::InsufficientFreeAddresses) } else { Ok(()) }
    }

    fn pieces(&mut self, holder: Holder) -> &mut Vec<Piece> {
        self.holders.entry(holder).or_default()
    }

    /// Any of an ENI's slots goes, since ipamd walks them in random order.
    pub(crate) fn give_slot(&mut self, holder: Holder) {
        let slots = u32::try_from(self.pieces(holder).len() - 1).unwrap();
        let at = usize::try_from(self.random.below(slots)).unwrap();
        let piece = self.pieces(holder).swap_remove(1 + at);
        self.put_back(piece);
        self.after_event();
    }

    pub(crate) fn give(&mut self, holder: Holder) {
        for piece in self.holders.remove(&holder).unwrap_or_default() {
            self.put_back(piece);
        }
        self.after_event();
    }

    pub(crate) fn give_piece(&mut self, holder: Holder, piece: Piece) {
        self.pieces(holder).retain(|held| *held != piece);
        self.put_back(piece);
        self.after_event();
    }

    pub(crate) fn hand_over(&mut self, from: Holder, to: Holder) {
        let pieces = self.holders.remove(&from).unwrap_or_default();
        self.pieces(to).extend(pieces);
        self.after_event();
    }

    /// What a node holds.
    pub(crate) fn of_node(&self, id: usize) -> BTreeMap<Holder, Vec<Piece>> {
        let enis = Holder::Eni(id, EniId(0))..=Holder::Eni(id, EniId(u32::MAX));
        let branches = Holder::Branches(id)..=Holder::Branches(id);
        let holders = self.holders.range(enis).chain(self.holders.range(branches));
        holders.map(|(holder, pieces)| (*holder, pieces.clone())).collect()
    }

    /// What has to hold after every event; then the peaks.
    fn after_event(&mut self) {
        for (at, subnet) in self.subnets.iter_mut().enumerate() {
            let pieces = || self.holders.values().flatten().filter(|piece| piece.subnet == at);
            let held: Vec<Ipv4Addr> =
                pieces().flat_map(|piece| addresses(piece.first, piece.mode)).collect();
            let once: BTreeSet<Ipv4Addr> = held.iter().copied().collect();
            assert_eq!(held.len(), once.len(), "an address has two holders");
            assert_eq!(once, subnet.used, "what holders hold is not what is used");
            assert!(once.is_subset(&subnet.usable), "a holder is outside, or on what AWS keeps");
            assert_eq!(subnet.used.len() + subnet.free().len(), subnet.usable.len());
            let delegated = pieces().filter(|piece| piece.mode == PoolMode::Prefix);
            let prefixes: BTreeSet<Ipv4Addr> = delegated.map(|piece| piece.first).collect();
            assert_eq!(prefixes, subnet.prefixes);
            assert!(prefixes.iter().all(|first| u32::from(*first) % 16 == 0), "not aligned");
            subnet.step_peak = subnet.step_peak.max(subnet.used.len());
            subnet.least_prefixes = subnet.least_prefixes.min(subnet.open(PoolMode::Prefix).len());
            if subnet.used.len() > subnet.peak {
                (subnet.peak, subnet.peak_step) = (subnet.used.len(), self.step);
            }
        }
    }

    /// A step's peak starts at what is used now.
    pub(crate) fn begin_step(&mut self, step: u32) {
        self.step = step;
        for subnet in &mut self.subnets {
            subnet.step_peak = subnet.used.len();
        }
    }
}
