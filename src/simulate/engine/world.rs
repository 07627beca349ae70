//! The subnets as real address spaces, and who holds what in them.

use std::{collections::BTreeMap, net::Ipv4Addr};

use super::result::Reason;
use crate::{
    cni::{Discovery, Standing},
    ipam::{ADDRESSES_PER_PREFIX, EniId, PoolMode, Slots},
    network::{
        AddressSpace, BLOCK_LENGTH, Cidr, Full, Random, SubnetAddresses, network_address_units,
    },
    simulate::{
        Layout,
        layout::{PlacedSubnet, PodSide},
        observed::ObservedEni,
    },
};

/// What hung on a reading.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Decided {
    /// A prefix.
    pub(super) prefixes: bool,
    /// A single address.
    pub(super) addresses: bool,
}

/// One subnet.
#[derive(Debug)]
pub(super) struct LiveSubnet {
    addresses: SubnetAddresses,
    zone: usize,
    tags: BTreeMap<String, String>,
    prefix_reserved: bool,
    /// What hung on how EC2 is read where a prefix reservation, or the rest, is full.
    pub(super) decided: Decided,
    standing: Standing,
    /// Addresses that no node and no control plane holds.
    pub(super) fixed: u32,
    /// The most used in this step, and in all with the first step that reached it.
    pub(super) step_peak: u32,
    pub(super) peak: u32,
    pub(super) peak_step: u32,
    /// The fewest single addresses and prefixes that EC2 could assign in this step.
    pub(super) step_room: u32,
    pub(super) step_prefixes: u32,
    /// The fewest prefixes of all steps.
    pub(super) least_prefixes: u32,
}

impl LiveSubnet {
    pub(super) fn space(&self) -> &AddressSpace {
        self.addresses.space()
    }

    /// Single addresses that EC2 can assign now.
    pub(super) fn room(&self) -> u32 {
        self.addresses.room()
    }

    /// Prefixes that EC2 can delegate now: from a prefix reservation where there is one.
    pub(super) fn open_prefixes(&self) -> u32 {
        self.addresses.open_prefixes()
    }

    /// Keeps that an ask for so many slots hangs on how EC2 is read: by one reading they are there, by the
    /// other not.
    pub(super) fn note_reading(&mut self, mode: PoolMode, count: u32) {
        let (strictly, beside) = match mode {
            PoolMode::SecondaryIp => (self.addresses.available(), self.addresses.held_back()),
            PoolMode::Prefix => {
                let elsewhere = self.addresses.prefixes_elsewhere();
                (self.addresses.prefixes_inside(), elsewhere)
            }
        };
        let hangs = strictly < count && strictly + beside >= count;
        match mode {
            PoolMode::SecondaryIp => self.decided.addresses |= hangs,
            PoolMode::Prefix => self.decided.prefixes |= hangs,
        }
    }

    /// Why there is no prefix.
    fn prefixless(&self) -> Reason {
        match (self.prefix_reserved, self.addresses.full()) {
            (true, Full::Stop) => Reason::PrefixReservationFull,
            (true, Full::GoOn) | (false, _) => Reason::InsufficientCidrBlocks,
        }
    }

    /// What is used now is what there is at the start.
    fn begin(&mut self) {
        self.begin_step();
        self.peak = self.step_peak;
        self.least_prefixes = self.step_prefixes;
    }

    fn begin_step(&mut self) {
        self.step_peak = self.space().used();
        self.step_room = self.room();
        self.step_prefixes = self.open_prefixes();
    }

    /// Keeps what is used now, if it is the most so far.
    fn note_peak(&mut self, step: u32) {
        let used = self.space().used();
        self.step_peak = self.step_peak.max(used);
        if used > self.peak {
            self.peak = used;
            self.peak_step = step;
        }
        self.step_room = self.step_room.min(self.room());
        self.step_prefixes = self.step_prefixes.min(self.open_prefixes());
        self.least_prefixes = self.least_prefixes.min(self.step_prefixes);
    }
}

/// All subnets.
#[derive(Debug)]
pub(super) struct World {
    pub(super) subnets: Vec<LiveSubnet>,
    pub(super) discovery: Discovery,
    pub(super) step: u32,
    /// CreateNetworkInterface calls on further subnets, which a node does not count itself.
    pub(super) further_creates: u64,
    /// New ENIs that a node counts and that no subnet was asked for.
    pub(super) unasked_creates: u64,
    /// How often a node gave something back by itself.
    pub(super) returned: u64,
    pub(super) random: Random,
}

/// The subnet that was asked, if one was, and why it gave nothing.
pub(super) type Refusal = (Option<usize>, Reason);

/// What one node holds.
#[derive(Debug)]
pub(super) struct Holdings {
    pub(super) subnet: usize,
    pub(super) pod_side: PodSide,
    pub(super) enis: Vec<HeldEni>,
    pub(super) branches: Vec<(usize, Ipv4Addr)>,
    /// What its pool was last refused, where a subnet was asked.
    pub(super) refused: Option<Refusal>,
    /// What its trunk or a branch ENI was last refused.
    pub(super) branch_refused: Option<Refusal>,
}

#[derive(Debug)]
pub(super) struct HeldEni {
    pub(super) id: EniId,
    pub(super) subnet: usize,
    /// Its own address, which `efa-only` interfaces do not have.
    pub(super) primary: Option<Ipv4Addr>,
    pub(super) mode: PoolMode,
    /// Addresses, or the first ones of prefixes.
    pub(super) slots: Vec<Ipv4Addr>,
    /// Slots of the other mode: from before it was changed, or beside it where a node holds both.
    pub(super) leftover: Vec<Ipv4Addr>,
}

impl HeldEni {
    /// Single addresses beside its own.
    pub(super) fn single_addresses(&self) -> usize {
        match self.mode {
            PoolMode::SecondaryIp => self.slots.len(),
            PoolMode::Prefix => self.leftover.len(),
        }
    }
}

impl Holdings {
    pub(super) fn new(subnet: usize, pod_side: PodSide) -> Self {
        Self {
            subnet,
            pod_side,
            enis: Vec::new(),
            branches: Vec::new(),
            refused: None,
            branch_refused: None,
        }
    }

    /// Addresses held, added to a count by subnet.
    pub(super) fn add_to(&self, held: &mut [u32]) {
        for eni in &self.enis {
            let count = u32::try_from(eni.slots.len()).unwrap_or(u32::MAX);
            let leftover = u32::try_from(eni.leftover.len()).unwrap_or(u32::MAX);
            held[eni.subnet] += u32::from(eni.primary.is_some())
                + Slots { mode: eni.mode, count }.addresses()
                + Slots { mode: eni.mode.other(), count: leftover }.addresses();
        }
        for (subnet, _) in &self.branches {
            held[*subnet] += 1;
        }
    }

    pub(super) fn branches(&self) -> u32 {
        u32::try_from(self.branches.len()).unwrap_or(u32::MAX)
    }
}

impl World {
    pub(super) fn new(layout: &Layout<'_>, discovery: Discovery, seed: u64) -> Self {
        let live = |subnet| live(subnet, layout.full, &discovery);
        let subnets = layout.subnets.iter().map(live).collect();
        Self {
            subnets,
            discovery,
            step: 0,
            further_creates: 0,
            unasked_creates: 0,
            returned: 0,
            random: Random::new(seed),
        }
    }

    /// Puts what is only counted at random among the free addresses.
    pub(super) fn strew(&mut self, subnets: &[PlacedSubnet]) {
        for (live, placed) in self.subnets.iter_mut().zip(subnets) {
            let mut own = placed.scattered.1.map(Random::new);
            for _ in 0..placed.scattered.0 {
                // There is room: the count was checked against the free addresses.
                let _ = live.addresses.assign(own.as_mut().unwrap_or(&mut self.random));
            }
            live.begin();
        }
    }

    /// An address that is held before the start; whether it was free.
    pub(super) fn hold(&mut self, subnet: usize, address: Ipv4Addr) -> bool {
        self.subnets.get_mut(subnet).is_some_and(|live| live.addresses.take(address) == Ok(true))
    }

    /// Slots that are held before the start: the first address of each that was free.
    fn hold_slots(&mut self, eni: &ObservedEni, mode: PoolMode) -> Vec<Ipv4Addr> {
        match mode {
            PoolMode::SecondaryIp => {
                let held = eni.secondary.iter().filter(|address| self.hold(eni.subnet, **address));
                held.copied().collect()
            }
            PoolMode::Prefix => {
                let Some(live) = self.subnets.get_mut(eni.subnet) else { return Vec::new() };
                let whole = |prefix: &&Cidr| {
                    live.addresses.take_prefix(**prefix) == Ok(ADDRESSES_PER_PREFIX)
                };
                eni.prefixes.iter().filter(whole).map(|prefix| prefix.first()).collect()
            }
        }
    }

    /// An ENI that is there before the start.
    pub(super) fn hold_eni(&mut self, id: EniId, eni: &ObservedEni, mode: PoolMode) -> HeldEni {
        HeldEni {
            id,
            subnet: eni.subnet,
            primary: eni.primary.filter(|address| self.hold(eni.subnet, *address)),
            mode,
            slots: self.hold_slots(eni, mode),
            leftover: self.hold_slots(eni, mode.other()),
        }
    }

    /// Addresses as EC2 counts them: free and outside of all reservations.
    pub(super) fn available(&self, subnet: usize) -> u32 {
        self.subnets.get(subnet).map_or(0, |live| live.addresses.available())
    }

    pub(super) fn zone(&self, subnet: usize) -> Option<usize> {
        self.subnets.get(subnet).map(|subnet| subnet.zone)
    }

    /// Whether the CNI keeps pods off the primary ENI of nodes in a subnet.
    pub(super) fn excludes_primary(&self, subnet: usize) -> bool {
        self.subnets
            .get(subnet)
            .is_some_and(|subnet| self.discovery.excludes_primary(subnet.standing) == Some(true))
    }

    /// Other settings of discovery.
    pub(super) fn rediscover(&mut self, discovery: Discovery) {
        for subnet in &mut self.subnets {
            subnet.standing = discovery.standing(&subnet.tags);
        }
        self.discovery = discovery;
    }

    /// Network address units in use (`network_address_units`).
    pub(super) fn address_units(&self) -> u64 {
        let spaces = || self.subnets.iter().map(LiveSubnet::space);
        let prefixes: u64 = spaces().map(|space| u64::from(space.prefixes())).sum();
        let used: u64 = spaces().map(|space| u64::from(space.used())).sum();
        let in_prefixes = prefixes * u64::from(ADDRESSES_PER_PREFIX);
        network_address_units(used.saturating_sub(in_prefixes), prefixes)
    }

    /// The next step begins: its peak starts at what is used now.
    pub(super) fn begin_step(&mut self, step: u32) {
        self.step = step;
        for subnet in &mut self.subnets {
            subnet.begin_step();
        }
    }

    /// One address of a subnet.
    pub(super) fn take_one(&mut self, subnet: usize) -> Result<Ipv4Addr, Reason> {
        let full = Reason::InsufficientFreeAddresses;
        let live = self.subnets.get_mut(subnet).ok_or(full)?;
        live.note_reading(PoolMode::SecondaryIp, 1);
        let address = live.addresses.assign(&mut self.random).ok_or(full)?;
        live.note_peak(self.step);
        Ok(address)
    }

    pub(super) fn give_one(&mut self, subnet: usize, address: Ipv4Addr) {
        if let Some(live) = self.subnets.get_mut(subnet) {
            live.addresses.release(address);
        }
    }

    /// Slots of one subnet, all or none.
    pub(super) fn take_slots(
        &mut self,
        subnet: usize,
        slots: Slots,
        held: &mut Vec<Ipv4Addr>,
    ) -> Result<(), Reason> {
        self.find_slots(subnet, slots, held)?;
        if let Some(live) = self.subnets.get_mut(subnet) {
            live.note_peak(self.step);
        }
        Ok(())
    }

    /// Slots that may have to go back at once, so that no peak counts them yet.
    pub(super) fn find_slots(
        &mut self,
        subnet: usize,
        slots: Slots,
        held: &mut Vec<Ipv4Addr>,
    ) -> Result<(), Reason> {
        let full = Reason::InsufficientFreeAddresses;
        let live = self.subnets.get_mut(subnet).ok_or(full)?;
        live.note_reading(slots.mode, slots.count);
        let (room, full) = match slots.mode {
            PoolMode::SecondaryIp => (live.room(), full),
            PoolMode::Prefix => (live.open_prefixes(), live.prefixless()),
        };
        if room < slots.count {
            return Err(full);
        }
        for _ in 0..slots.count {
            let first = match slots.mode {
                PoolMode::SecondaryIp => live.addresses.assign(&mut self.random),
                PoolMode::Prefix => live.addresses.assign_prefix(&mut self.random).map(Cidr::first),
            };
            held.extend(first);
        }
        Ok(())
    }

    pub(super) fn give_slot(&mut self, subnet: usize, mode: PoolMode, first: Ipv4Addr) {
        let Some(live) = self.subnets.get_mut(subnet) else { return };
        match mode {
            PoolMode::SecondaryIp => {
                live.addresses.release(first);
            }
            PoolMode::Prefix => {
                if let Some(prefix) = Cidr::containing(first, BLOCK_LENGTH) {
                    live.addresses.release_prefix(prefix);
                }
            }
        }
    }

    /// An ENI with its slots, all or nothing. The slots are found first: the ENI's own address could
    /// fragment the last block.
    pub(super) fn take_eni(
        &mut self,
        subnet: usize,
        id: EniId,
        slots: Slots,
    ) -> Result<HeldEni, Reason> {
        let mut held = Vec::new();
        self.find_slots(subnet, slots, &mut held)?;
        match self.take_one(subnet) {
            Ok(primary) => Ok(HeldEni {
                id,
                subnet,
                primary: Some(primary),
                mode: slots.mode,
                slots: held,
                leftover: Vec::new(),
            }),
            Err(reason) => {
                for first in held {
                    self.give_slot(subnet, slots.mode, first);
                }
                Err(reason)
            }
        }
    }

    pub(super) fn give_eni(&mut self, eni: &HeldEni) {
        for first in &eni.slots {
            self.give_slot(eni.subnet, eni.mode, *first);
        }
        for first in &eni.leftover {
            self.give_slot(eni.subnet, eni.mode.other(), *first);
        }
        if let Some(primary) = eni.primary {
            self.give_one(eni.subnet, primary);
        }
    }

    /// Everything a node holds goes back, as when its instance is terminated.
    pub(super) fn give_all(&mut self, holdings: &mut Holdings) {
        for eni in std::mem::take(&mut holdings.enis) {
            self.give_eni(&eni);
        }
        for (subnet, address) in std::mem::take(&mut holdings.branches) {
            self.give_one(subnet, address);
        }
    }

    /// A branch ENI: in the instance's subnet, or the ENIConfig's under custom networking.
    pub(super) fn take_branch(&mut self, holdings: &mut Holdings) -> bool {
        let subnet = match holdings.pod_side {
            PodSide::EniConfig(subnet) => subnet,
            PodSide::Discovered | PodSide::Missing | PodSide::Own | PodSide::NoPodSubnet => {
                holdings.subnet
            }
        };
        match self.take_one(subnet) {
            Ok(address) => {
                holdings.branches.push((subnet, address));
                holdings.branch_refused = None;
                true
            }
            Err(reason) => {
                holdings.branch_refused = Some((Some(subnet), reason));
                false
            }
        }
    }

    /// Subnets that discovery tries in turn for a node's further ENI: most available addresses
    /// first, ties as the scenario orders them.
    pub(super) fn discovered(&self, own: usize) -> Vec<usize> {
        let zone = self.zone(own);
        let mut found: Vec<(usize, u32)> = self
            .subnets
            .iter()
            .enumerate()
            .filter(|(_, subnet)| Some(subnet.zone) == zone)
            .filter(|(at, subnet)| self.discovery.takes(subnet.standing, *at == own))
            .map(|(at, subnet)| (at, subnet.addresses.available()))
            .collect();
        found.sort_by_key(|(_, available)| std::cmp::Reverse(*available));
        found.into_iter().map(|(at, _)| at).collect()
    }
}

fn live(subnet: &PlacedSubnet, full: Full, discovery: &Discovery) -> LiveSubnet {
    let addresses = SubnetAddresses::clone(&subnet.start).read_as(full);
    let used = addresses.space().used();
    let (room, prefixes) = (addresses.room(), addresses.open_prefixes());
    LiveSubnet {
        addresses,
        zone: subnet.zone,
        standing: discovery.standing(&subnet.tags),
        tags: subnet.tags.clone(),
        prefix_reserved: subnet.prefix_reserved,
        decided: Decided::default(),
        fixed: used,
        step_peak: used,
        peak: used,
        peak_step: 0,
        step_room: room,
        step_prefixes: prefixes,
        least_prefixes: prefixes,
    }
}
