//! The state of a node's pool against its targets: whether it is low, by how much, and what it has
//! too much of (amazon-vpc-cni-k8s `pkg/ipamd/ipamd.go`: `datastoreTargetState`,
//! `isDatastorePoolTooLow`, `isDatastorePoolTooHigh`).

/// Addresses in one delegated /28 prefix.
pub const ADDRESSES_PER_PREFIX: u32 = 16;

/// What one slot of an ENI is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PoolMode {
    /// One secondary IPv4 address.
    SecondaryIp,
    /// One delegated /28 prefix.
    Prefix,
}

impl PoolMode {
    /// The mode that is not this one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::SecondaryIp => Self::Prefix,
            Self::Prefix => Self::SecondaryIp,
        }
    }

    /// Addresses that one slot gives to pods.
    #[must_use]
    pub fn addresses_per_slot(self) -> u32 {
        match self {
            Self::SecondaryIp => 1,
            Self::Prefix => ADDRESSES_PER_PREFIX,
        }
    }
}

/// What a node's pool holds. Addresses in their 30 s cool-down count as available, though no pod can
/// have them yet; ipamd counts them so as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PoolCounts {
    /// Attached ENIs, the primary one and a trunk included.
    pub enis: u32,
    /// Addresses for pods.
    pub addresses: u32,
    /// Addresses that pods hold.
    pub assigned: u32,
    /// Slots in use: prefixes in prefix mode, single addresses otherwise.
    pub prefixes: u32,
    /// Slots without a pod.
    pub free_prefixes: u32,
}

impl PoolCounts {
    /// Addresses that no pod holds.
    #[must_use]
    pub fn available(&self) -> u32 {
        self.addresses.saturating_sub(self.assigned)
    }
}

/// The targets as ipamd takes them, with what they are measured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolTargets {
    /// What one slot is.
    pub mode: PoolMode,
    /// Slots an ENI has.
    pub slots_per_eni: u32,
    /// WARM_IP_TARGET in addresses; 0 is none.
    pub warm_ip: u32,
    /// MINIMUM_IP_TARGET in addresses; 0 is none.
    pub minimum_ip: u32,
    /// WARM_ENI_TARGET in ENIs, or in prefix mode WARM_PREFIX_TARGET in prefixes.
    pub warm: u32,
    /// The node's pod capacity.
    pub max_pods: u32,
}

impl PoolTargets {
    /// Whether IP targets are set, so that `warm` does not count.
    #[must_use]
    pub fn ip_targets_defined(&self) -> bool {
        self.warm_ip != 0 || self.minimum_ip != 0
    }

    /// Addresses for pods of a full ENI.
    #[must_use]
    pub fn addresses_per_eni(&self) -> u32 {
        self.slots_per_eni.saturating_mul(self.mode.addresses_per_slot())
    }

    /// Addresses that the IP targets ask for beyond what is there.
    #[must_use]
    pub fn short(&self, counts: &PoolCounts) -> u32 {
        let warm = self.warm_ip.saturating_sub(counts.available());
        warm.max(self.minimum_ip.saturating_sub(counts.addresses))
    }

    /// Slots beyond what the targets ask for. Under WARM_ENI_TARGET always 0: there only whole ENIs
    /// go back.
    #[must_use]
    pub fn over(&self, counts: &PoolCounts) -> u32 {
        match (self.mode, self.ip_targets_defined()) {
            (PoolMode::SecondaryIp, false) => 0,
            (PoolMode::SecondaryIp, true) => {
                let warm = counts.available().saturating_sub(self.warm_ip);
                warm.min(counts.addresses.saturating_sub(self.minimum_ip))
            }
            (PoolMode::Prefix, false) => counts.free_prefixes.saturating_sub(self.warm),
            (PoolMode::Prefix, true) => {
                let needed = prefixes(counts.assigned.saturating_add(self.warm_ip));
                let needed = needed.max(prefixes(self.minimum_ip));
                counts.free_prefixes.min(counts.prefixes.saturating_sub(needed))
            }
        }
    }

    /// Whether the pool is to grow. Max pods stops growth before any target is looked at (since
    /// v1.16.3).
    #[must_use]
    pub fn too_low(&self, counts: &PoolCounts) -> bool {
        if counts.addresses >= self.max_pods {
            return false;
        }
        if self.ip_targets_defined() {
            return self.short(counts) > 0;
        }
        let available = counts.available();
        // Prefix mode compares addresses too: 16 loose ones pass for a free prefix.
        let unit = match self.mode {
            PoolMode::SecondaryIp => self.slots_per_eni,
            PoolMode::Prefix => ADDRESSES_PER_PREFIX,
        };
        available < self.warm.saturating_mul(unit) || (self.warm == 0 && available == 0)
    }

    /// Slots that one growth step asks for, before an ENI's room bounds them.
    #[must_use]
    pub fn want(&self, counts: &PoolCounts) -> u32 {
        match (self.mode, self.ip_targets_defined()) {
            (PoolMode::SecondaryIp, false) => self.slots_per_eni,
            (PoolMode::SecondaryIp, true) => self.short(counts),
            (PoolMode::Prefix, false) => self.warm.saturating_sub(counts.free_prefixes).max(1),
            (PoolMode::Prefix, true) => prefixes(self.short(counts)).max(1),
        }
    }

    /// Whether a pass looks for an ENI to free. `idle_eni` is whether an ENI that could go at all
    /// has no pod.
    #[must_use]
    pub fn may_free_eni(&self, counts: &PoolCounts, idle_eni: impl FnOnce() -> bool) -> bool {
        let spare = self.warm.saturating_add(1).saturating_mul(self.addresses_per_eni());
        self.ip_targets_defined()
            || counts.available() >= spare
            || (self.mode == PoolMode::Prefix && idle_eni())
    }

    /// Whether the targets still hold when the pool has shrunk to this.
    #[must_use]
    pub fn hold_without(&self, rest: &PoolCounts) -> bool {
        let whole = |addresses| match self.mode {
            PoolMode::SecondaryIp => addresses,
            PoolMode::Prefix => prefixes(addresses).saturating_mul(ADDRESSES_PER_PREFIX),
        };
        let warm_prefix = match self.mode {
            PoolMode::SecondaryIp => 0,
            PoolMode::Prefix => self.warm,
        };
        rest.available() >= whole(self.warm_ip)
            && rest.addresses >= whole(self.minimum_ip)
            && rest.free_prefixes >= warm_prefix
    }
}

/// Prefixes that hold this many addresses.
fn prefixes(addresses: u32) -> u32 {
    addresses.div_ceil(ADDRESSES_PER_PREFIX)
}
