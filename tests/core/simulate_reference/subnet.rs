//! A subnet as a set of used addresses and a set of delegated /28s. Whatever is asked is counted anew.

use std::{collections::BTreeSet, net::Ipv4Addr};

use eksnet::{
    ipam::PoolMode,
    network::{Cidr, Random},
    simulate::{ReservationType, Subnet as Written},
};

/// EC2's choice as src/network/assign.rs documents it: so many random tries, then on from a word.
const TRIES: usize = 32;
const WORD: usize = 64;
/// Addresses of a delegated prefix.
const BLOCK: usize = 16;

pub(crate) struct Subnet {
    pub(crate) written: Written,
    all: Vec<Ipv4Addr>,
    /// All but the first four and the last, which AWS keeps.
    pub(crate) usable: BTreeSet<Ipv4Addr>,
    pub(crate) used: BTreeSet<Ipv4Addr>,
    /// By their first addresses.
    pub(crate) prefixes: BTreeSet<Ipv4Addr>,
    pub(crate) step_peak: usize,
    pub(crate) peak: usize,
    pub(crate) peak_step: u32,
    pub(crate) least_prefixes: usize,
    /// Whether EC2 goes on where a prefix reservation, or the rest, is full.
    goes_on: bool,
    /// What hung on that: prefixes (`false`), single addresses (`true`).
    pub(crate) decided: BTreeSet<bool>,
}

/// The addresses that one slot starting here has.
pub(crate) fn addresses(first: Ipv4Addr, mode: PoolMode) -> Vec<Ipv4Addr> {
    let first = u32::from(first);
    (first..first + mode.addresses_per_slot()).map(Ipv4Addr::from).collect()
}

impl Subnet {
    pub(crate) fn new(written: &Written, goes_on: bool) -> Self {
        let (first, last) = (u32::from(written.cidr.first()), u32::from(written.cidr.last()));
        Self {
            written: written.clone(),
            all: (first..=last).map(Ipv4Addr::from).collect(),
            usable: (first + 4..last).map(Ipv4Addr::from).collect(),
            used: BTreeSet::new(),
            prefixes: BTreeSet::new(),
            step_peak: 0,
            peak: 0,
            peak_step: 0,
            least_prefixes: usize::MAX,
            goes_on,
            decided: BTreeSet::new(),
        }
    }

    pub(crate) fn free(&self) -> BTreeSet<Ipv4Addr> {
        self.usable.difference(&self.used).copied().collect()
    }

    fn is_reserved(&self, address: Ipv4Addr, kind: ReservationType) -> bool {
        self.written.reservations.iter().any(|r| r.kind == kind && r.cidr.contains(address))
    }

    pub(crate) fn stops_when_full(&self) -> bool {
        let mut reservations = self.written.reservations.iter();
        !self.goes_on && reservations.any(|r| r.kind == ReservationType::Prefix)
    }

    /// What AvailableIpAddressCount counts: free and outside of every reservation.
    pub(crate) fn available(&self) -> BTreeSet<Ipv4Addr> {
        let mut available = self.free();
        available.retain(|address| {
            !self.is_reserved(*address, ReservationType::Prefix)
                && !self.is_reserved(*address, ReservationType::Explicit)
        });
        available
    }

    /// Aligned blocks that are wholly free and touch no explicit reservation.
    fn assignable(&self) -> BTreeSet<Ipv4Addr> {
        let free = self.free();
        let open = |address: &Ipv4Addr| {
            free.contains(address) && !self.is_reserved(*address, ReservationType::Explicit)
        };
        let blocks = self.all.chunks(BLOCK).filter(|block| block.iter().all(open));
        blocks.map(|block| block[0]).collect()
    }

    /// Free addresses that prefix reservations alone keep back.
    fn held_back(&self) -> BTreeSet<Ipv4Addr> {
        let mut free = self.free();
        free.retain(|address| {
            self.is_reserved(*address, ReservationType::Prefix)
                && !self.is_reserved(*address, ReservationType::Explicit)
        });
        free
    }

    /// What EC2 assigns by itself by the strict reading.
    fn strictly(&self, mode: PoolMode) -> BTreeSet<Ipv4Addr> {
        if mode == PoolMode::SecondaryIp { self.available() } else { self.inside() }
    }

    /// What it assigns beside that by the other reading.
    fn beside(&self, mode: PoolMode) -> BTreeSet<Ipv4Addr> {
        if mode == PoolMode::SecondaryIp {
            return self.held_back();
        }
        self.assignable().difference(&self.inside()).copied().collect()
    }

    /// What EC2 assigns by itself.
    pub(crate) fn open(&self, mode: PoolMode) -> BTreeSet<Ipv4Addr> {
        let mut open = self.strictly(mode);
        if self.goes_on {
            open.extend(self.beside(mode));
        }
        open
    }

    /// Keeps that an ask for so many hangs on the reading.
    pub(crate) fn note_reading(&mut self, mode: PoolMode, count: usize) {
        let strictly = self.strictly(mode).len();
        if strictly < count && strictly + self.beside(mode).len() >= count {
            self.decided.insert(mode == PoolMode::SecondaryIp);
        }
    }

    /// Blocks for prefixes: where there are prefix reservations, they are in one.
    fn inside(&self) -> BTreeSet<Ipv4Addr> {
        let mode = PoolMode::Prefix;
        let inside: Vec<Cidr> = self
            .written
            .reservations
            .iter()
            .filter(|r| r.kind == ReservationType::Prefix)
            .map(|r| r.cidr)
            .collect();
        let mut open = self.assignable();
        open.retain(|first| {
            let holds_all = |cidr: &Cidr| addresses(*first, mode).iter().all(|a| cidr.contains(*a));
            inside.is_empty() || inside.iter().any(holds_all)
        });
        open
    }

    pub(crate) fn choose(&self, mode: PoolMode, random: &mut Random) -> Option<Ipv4Addr> {
        let mut open = self.strictly(mode);
        if open.is_empty() && self.goes_on {
            open = self.beside(mode);
            if mode == PoolMode::SecondaryIp && !open.is_empty() {
                let at = random.below(u32::try_from(open.len()).unwrap());
                return open.into_iter().nth(usize::try_from(at).unwrap());
            }
        }
        if open.is_empty() {
            return None;
        }
        let step = usize::try_from(mode.addresses_per_slot()).unwrap();
        let places: Vec<Ipv4Addr> = self.all.iter().copied().step_by(step).collect();
        let mut draw = || {
            let bound = u32::try_from(places.len()).unwrap();
            usize::try_from(random.below(bound)).unwrap()
        };
        for _ in 0..TRIES {
            let place = places[draw()];
            if open.contains(&place) {
                return Some(place);
            }
        }
        let start = draw() / WORD * WORD;
        let mut onwards = places.iter().cycle().skip(start).take(places.len());
        onwards.find(|place| open.contains(place)).copied()
    }
}
