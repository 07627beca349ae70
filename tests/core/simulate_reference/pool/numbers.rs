//! What a pool's rows come to, and what follows from that by its targets.

use eksnet::ipam::PoolMode;

use super::{Address, Eni, Kind, Node, Slot};

/// The youngest that an ENI goes.
const AGE_MS: u64 = 60_000;

/// A target that no node can reach; more is the same.
const FAR: i64 = 1_000_000;

pub(super) fn of(len: usize) -> i64 {
    i64::try_from(len).unwrap()
}

pub(super) fn is_free(slot: &Slot) -> bool {
    slot.iter().all(|address| address.pod.is_none())
}

/// Prefixes for so many addresses.
fn prefixes(addresses: i64) -> i64 {
    (addresses + 15).div_euclid(16)
}

impl Node {
    pub(super) fn addresses(&self) -> impl Iterator<Item = &Address> {
        self.enis.iter().flat_map(Eni::addresses)
    }

    pub(super) fn total(&self) -> i64 {
        of(self.addresses().count())
    }

    pub(super) fn assigned(&self) -> i64 {
        of(self.addresses().filter(|address| address.pod.is_some()).count())
    }

    /// Resting ones too.
    fn available(&self) -> i64 {
        self.total() - self.assigned()
    }

    pub(super) fn slots(&self) -> i64 {
        of(self.enis.iter().flat_map(|eni| &eni.slots).count())
    }

    pub(super) fn free_slots(&self) -> i64 {
        of(self.enis.iter().flat_map(|eni| &eni.slots).filter(|slot| is_free(slot)).count())
    }

    pub(super) fn cool_down_ms(&self) -> u64 {
        u64::from(self.settings.cool_down_seconds) * 1000
    }

    fn is_prefix(&self) -> bool {
        self.settings.mode == PoolMode::Prefix
    }

    /// Addresses of a slot.
    pub(super) fn unit(&self) -> i64 {
        if self.is_prefix() { 16 } else { 1 }
    }

    /// All addresses of an ENI but its own.
    pub(super) fn slots_per_eni(&self) -> i64 {
        i64::from(self.settings.ipv4_per_eni) - 1
    }

    /// MAX_ENI counts from 1 to below what the type can have.
    pub(super) fn most_enis(&self) -> i64 {
        let can = i64::from(self.settings.enis);
        self.settings.max_eni.filter(|most| (1..can).contains(most)).unwrap_or(can)
    }

    /// Those too that are left alone and take a place.
    pub(super) fn attached(&self) -> i64 {
        of(self.enis.len()) + i64::from(self.settings.unmanaged)
    }

    pub(super) fn lacks_trunk(&self) -> bool {
        self.settings.pod_eni && self.trunk_index().is_none()
    }

    pub(super) fn carries_pods(&self, eni: &Eni) -> bool {
        match eni.kind {
            Kind::Primary => !self.settings.custom_networking && !self.settings.primary_excluded,
            Kind::Secondary => true,
            Kind::Trunk => false,
        }
    }

    fn warm_ip(&self) -> i64 {
        self.settings.warm_ip_target.unwrap_or(0).clamp(0, FAR)
    }

    fn minimum_ip(&self) -> i64 {
        self.settings.minimum_ip_target.unwrap_or(0).clamp(0, FAR)
    }

    fn has_ip_targets(&self) -> bool {
        self.warm_ip() != 0 || self.minimum_ip() != 0
    }

    /// WARM_ENI_TARGET or, for prefixes, WARM_PREFIX_TARGET.
    fn warm(&self) -> i64 {
        let (target, otherwise) = if self.is_prefix() {
            (self.settings.warm_prefix_target, 0)
        } else {
            (self.settings.warm_eni_target, 1)
        };
        target.filter(|target| *target >= 0).map_or(otherwise, |target| target.min(FAR))
    }

    /// Addresses that IP targets lack.
    fn short(&self) -> i64 {
        (self.warm_ip() - self.available()).max(self.minimum_ip() - self.total()).max(0)
    }

    pub(super) fn is_too_low(&self) -> bool {
        if self.total() >= i64::from(self.settings.max_pods) {
            return false;
        }
        if self.has_ip_targets() {
            return self.short() > 0;
        }
        // Loose addresses stand for a prefix.
        let unit = if self.is_prefix() { 16 } else { self.slots_per_eni() };
        self.available() < self.warm() * unit || (self.warm() == 0 && self.available() == 0)
    }

    /// Slots that a growth step is to bring.
    pub(super) fn want(&self) -> i64 {
        match (self.is_prefix(), self.has_ip_targets()) {
            (false, false) => self.slots_per_eni(),
            (false, true) => self.short(),
            (true, false) => (self.warm() - self.free_slots()).max(1),
            (true, true) => prefixes(self.short()).max(1),
        }
    }

    /// Slots to give back.
    pub(super) fn over(&self) -> i64 {
        match (self.is_prefix(), self.has_ip_targets()) {
            (false, false) => 0,
            (false, true) => {
                let warm = (self.available() - self.warm_ip()).max(0);
                warm.min(self.total() - self.minimum_ip()).max(0)
            }
            (true, false) => self.free_slots() - self.warm(),
            (true, true) => {
                let warm = self.slots() - prefixes(self.assigned() + self.warm_ip());
                let minimum = self.slots() - prefixes(self.minimum_ip());
                self.free_slots().min(warm).min(minimum)
            }
        }
    }

    /// Whether an ENI is looked for that can go.
    pub(super) fn may_free_eni(&self) -> bool {
        let of_eni = self.slots_per_eni() * self.unit();
        let idle = |eni: &Eni| eni.kind == Kind::Secondary && eni.pods() == 0;
        self.has_ip_targets()
            || self.available() >= (self.warm() + 1) * of_eni
            || (self.is_prefix() && self.enis.iter().any(idle))
    }

    /// Whether the targets do without this ENI, and it without them.
    pub(super) fn can_go(&self, at: usize, now_ms: u64) -> bool {
        let eni = &self.enis[at];
        if eni.kind != Kind::Secondary
            || eni.pods() > 0
            || now_ms - eni.attached_ms < AGE_MS
            || eni.addresses().any(|address| address.rests(now_ms, self.cool_down_ms()))
        {
            return false;
        }
        let mut rest = self.clone();
        rest.enis.remove(at);
        let whole = |target| if self.is_prefix() { prefixes(target) * 16 } else { target };
        rest.available() >= whole(self.warm_ip())
            && rest.total() >= whole(self.minimum_ip())
            && (!self.is_prefix() || rest.free_slots() >= self.warm())
    }
}
