//! The pool of a Windows node, which the VPC resource controller keeps and not ipamd
//! (amazon-vpc-resource-controller-k8s, `pkg/pool`, `pkg/provider`, `docs/windows`): the primary
//! ENI only, and targets from the ConfigMap `amazon-vpc-cni`.

use super::{ADDRESSES_PER_PREFIX, PoolMode};

/// WARM_IP and MINIMUM_IP in secondary-IP mode where nothing is set, and in place of a negative.
const SECONDARY_DEFAULT: i64 = 3;
/// Warm addresses in prefix mode where nothing, or only a minimum, is set.
const PREFIX_WARM_DEFAULT: i64 = 1;
/// Minimum addresses in prefix mode where nothing, or only a warm target, is set.
const PREFIX_MINIMUM_DEFAULT: i64 = 3;

/// The ConfigMap's targets as written; `None` is not there, or no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WindowsSettings {
    /// `warm-ip-target`, in addresses.
    pub warm_ip_target: Option<i64>,
    /// `minimum-ip-target`, in addresses.
    pub minimum_ip_target: Option<i64>,
    /// `warm-prefix-target`, in prefixes.
    pub warm_prefix_target: Option<i64>,
}

/// The targets that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WindowsTargets {
    /// Single addresses.
    SecondaryIp {
        /// Addresses ready for pods.
        warm: u32,
        /// Addresses in all.
        minimum: u32,
    },
    /// Prefixes, by the addresses they are to hold.
    Prefix {
        /// Addresses ready for pods.
        warm: u32,
        /// Addresses in all.
        minimum: u32,
    },
    /// Prefixes without a pod.
    WarmPrefix(u32),
}

impl WindowsSettings {
    /// The targets that count in a mode, with the controller's defaults.
    #[must_use]
    pub fn targets(&self, mode: PoolMode) -> WindowsTargets {
        match mode {
            PoolMode::SecondaryIp => self.secondary(),
            PoolMode::Prefix => self.prefix(),
        }
    }

    fn secondary(&self) -> WindowsTargets {
        let number = |target: i64| count(if target < 0 { SECONDARY_DEFAULT } else { target });
        let (warm, minimum) = match (self.warm_ip_target, self.minimum_ip_target) {
            (None, None) => (SECONDARY_DEFAULT, SECONDARY_DEFAULT),
            // The controller refuses a pool with nothing warm, but only where that was written.
            (Some(0), minimum) => (1, minimum.unwrap_or(0)),
            (warm, minimum) => (warm.unwrap_or(0), minimum.unwrap_or(0)),
        };
        WindowsTargets::SecondaryIp { warm: number(warm), minimum: number(minimum) }
    }

    fn prefix(&self) -> WindowsTargets {
        let set = |target: Option<i64>| target.filter(|target| *target > 0);
        let prefix = |warm: i64, minimum: i64| WindowsTargets::Prefix {
            warm: count(warm),
            minimum: count(minimum),
        };
        match (set(self.warm_ip_target), set(self.minimum_ip_target), set(self.warm_prefix_target))
        {
            (None, None, Some(prefixes)) => WindowsTargets::WarmPrefix(count(prefixes)),
            (warm, minimum, _) => prefix(
                warm.unwrap_or(PREFIX_WARM_DEFAULT),
                minimum.unwrap_or(PREFIX_MINIMUM_DEFAULT),
            ),
        }
    }
}

/// What a pool holds at one moment, in addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WindowsPool {
    /// Held by pods.
    pub used: u32,
    /// Ready for pods.
    pub warm: u32,
    /// On their way from EC2.
    pub pending: u32,
    /// Resting after a pod; unlike on Linux they do not count as ready.
    pub cooling: u32,
    /// Prefixes of which every address is ready; prefix mode only.
    pub free_prefixes: u32,
}

/// Addresses to ask for (above 0) or to give back (below 0).
#[must_use]
pub fn deviation(targets: WindowsTargets, pool: WindowsPool) -> i64 {
    let unit = i64::from(ADDRESSES_PER_PREFIX);
    let ready = i64::from(pool.warm) + i64::from(pool.pending);
    let all = ready + i64::from(pool.used) + i64::from(pool.cooling);
    match targets {
        WindowsTargets::SecondaryIp { warm, minimum } => {
            let (warm, minimum) = (i64::from(warm), i64::from(minimum));
            let short = (warm - ready).max(minimum - all);
            let over = (ready - warm).min(all - minimum);
            if short > 0 { short } else { -over.max(0) }
        }
        WindowsTargets::Prefix { .. } => {
            let held = prefixes(all);
            let more = i64::from(wanted_prefixes(targets, pool.used)) - held;
            more.max(-i64::from(pool.free_prefixes)) * unit
        }
        WindowsTargets::WarmPrefix(warm) => {
            let free = i64::from(pool.free_prefixes) + prefixes(i64::from(pool.pending));
            let more = i64::from(warm) - free;
            more.max(-i64::from(pool.free_prefixes)) * unit
        }
    }
}

impl WindowsTargets {
    /// What one slot is under them.
    #[must_use]
    pub fn mode(self) -> PoolMode {
        match self {
            Self::SecondaryIp { .. } => PoolMode::SecondaryIp,
            Self::Prefix { .. } | Self::WarmPrefix(_) => PoolMode::Prefix,
        }
    }

    /// Slots that they ask for when pods hold so many addresses, lying close.
    pub(super) fn slots(self, pods: u32) -> u32 {
        match self {
            Self::SecondaryIp { warm, minimum } => pods.saturating_add(warm).max(minimum),
            Self::Prefix { .. } | Self::WarmPrefix(_) => wanted_prefixes(self, pods),
        }
    }
}

/// What a Windows node's primary ENI holds once it has settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowsSteady {
    /// Slots in use: addresses, or prefixes in prefix mode.
    pub slots: u32,
    /// Slots without a pod.
    pub free_slots: u32,
    /// Addresses for pods.
    pub addresses: u32,
    /// Addresses without a pod.
    pub free_addresses: u32,
    /// Pods with an address: fewer than asked for when the ENI is full.
    pub pods: u32,
}

/// What a Windows node holds for so many pods, its subnet having room. The controller fills the
/// prefix with the fewest addresses left first, so pods lie close.
#[must_use]
pub fn steady_state(
    ipv4_per_eni: u32,
    mode: PoolMode,
    settings: &WindowsSettings,
    pods: u32,
) -> WindowsSteady {
    let unit = mode.addresses_per_slot();
    let most = (ipv4_per_eni.saturating_sub(1)).min(u32::MAX / ADDRESSES_PER_PREFIX);
    let pods = pods.min(most * unit);
    let slots = settings.targets(mode).slots(pods).min(most);
    WindowsSteady {
        slots,
        free_slots: slots - pods.div_ceil(unit),
        addresses: slots * unit,
        free_addresses: slots * unit - pods,
        pods,
    }
}

/// Prefixes that the targets ask for when pods hold so many addresses, lying close.
fn wanted_prefixes(targets: WindowsTargets, used: u32) -> u32 {
    match targets {
        WindowsTargets::Prefix { warm, minimum }
        | WindowsTargets::SecondaryIp { warm, minimum } => {
            used.saturating_add(warm).max(minimum).div_ceil(ADDRESSES_PER_PREFIX)
        }
        WindowsTargets::WarmPrefix(warm) => {
            used.div_ceil(ADDRESSES_PER_PREFIX).saturating_add(warm)
        }
    }
}

fn prefixes(addresses: i64) -> i64 {
    let unit = i64::from(ADDRESSES_PER_PREFIX);
    (addresses + unit - 1) / unit
}

fn count(target: i64) -> u32 {
    u32::try_from(target.max(0)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three free prefixes where one is wanted: two go back, whichever way it is asked for.
    #[test]
    fn free_windows_prefixes_beyond_the_target_go_back() {
        let pool = WindowsPool { warm: 48, free_prefixes: 3, ..WindowsPool::default() };
        for targets in
            [WindowsTargets::Prefix { warm: 1, minimum: 3 }, WindowsTargets::WarmPrefix(1)]
        {
            assert_eq!(deviation(targets, pool), -32, "{targets:?}");
        }
    }

    /// Two prefixes are wanted warm: one is ready, and 16 addresses that are on their way are the other.
    #[test]
    fn windows_prefixes_on_their_way_count() {
        for (pending, expected) in [(0, 16), (1, 0), (16, 0), (17, -16)] {
            let pool =
                WindowsPool { warm: 16, free_prefixes: 1, pending, ..WindowsPool::default() };
            let found = deviation(WindowsTargets::WarmPrefix(2), pool);
            assert_eq!(found, expected, "{pending}");
        }
    }

    /// Of three that are wanted warm one is ready; each that is on its way is one less to ask for.
    #[test]
    fn windows_addresses_on_their_way_count() {
        let targets = WindowsTargets::SecondaryIp { warm: 3, minimum: 3 };
        for (pending, expected) in [(0, 2), (1, 1), (2, 0), (3, -1)] {
            let pool = WindowsPool { warm: 1, pending, ..WindowsPool::default() };
            assert_eq!(deviation(targets, pool), expected, "{pending}");
        }
    }
}
