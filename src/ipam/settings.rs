//! ipamd's settings on one node, and the limits that follow from them.

use super::{EniSlots, Launched, PoolMode, PoolTargets, windows::WindowsTargets};

/// Far above any instance's counts, and small enough that ENIs · slots · 16 stays exact: the bound
/// that `instance` sets as well.
const MOST: u32 = 10_000;

/// By whose rules a node's pods get their addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PoolRules {
    /// ipamd's, for IPv4.
    #[default]
    Ipamd,
    /// Those of the VPC resource controller, for a node with Windows: its primary ENI and these targets.
    Windows(WindowsTargets),
    /// Those of EKS Auto Mode. Its mode is what it asks for first; custom networking stands for subnets that
    /// the pods have for themselves.
    AutoMode,
    /// A prefix of IPv6 addresses: the ENIs carry no IPv4 address for pods.
    Ipv6,
}

/// ipamd's settings on one node. A target that is `None` is an environment variable that is not
/// set, which is not the same as the default of the shipped manifest (WARM_ENI_TARGET and
/// WARM_PREFIX_TARGET 1).
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PoolSettings {
    /// ENIs the default network card can hold; counted as at most 10,000.
    pub enis: u32,
    /// IPv4 addresses an ENI can hold, its primary address included; counted as at most 10,000.
    pub ipv4_per_eni: u32,
    /// What one slot is, after any fallback.
    pub mode: PoolMode,
    /// Custom networking (ENIConfig): the primary ENI carries no pod.
    pub custom_networking: bool,
    /// The primary ENI's subnet is tagged `kubernetes.io/role/cni=0` (since v1.22): it carries no pod, as
    /// under custom networking, and the daemon starts without a pool all the same.
    pub primary_excluded: bool,
    /// A trunk ENI is wanted: ENABLE_POD_ENI on a type that can trunk, or that no source speaks of.
    pub pod_eni: bool,
    /// WARM_ENI_TARGET, in ENIs.
    pub warm_eni_target: Option<i64>,
    /// WARM_IP_TARGET, in addresses.
    pub warm_ip_target: Option<i64>,
    /// MINIMUM_IP_TARGET, in addresses.
    pub minimum_ip_target: Option<i64>,
    /// WARM_PREFIX_TARGET, in prefixes.
    pub warm_prefix_target: Option<i64>,
    /// MAX_ENI, in ENIs, the primary one included.
    pub max_eni: Option<i64>,
    /// The node's pod capacity as the kubelet states it, host-network pods included.
    pub max_pods: u32,
    /// ENIs that take a place and that the CNI leaves alone (tag `no_manage`, MANAGE_UNTAGGED_ENI=false,
    /// EFA without addresses).
    pub unmanaged: u32,
    /// What its instance has from its launch on.
    pub launched: Launched,
    /// Nothing grows or shrinks: DISABLE_NETWORK_RESOURCE_PROVISIONING, ENABLE_IMDS_ONLY_MODE.
    pub frozen: bool,
    /// How long an address rests after its pod is gone (IP_COOLDOWN_PERIOD).
    pub cool_down_seconds: u32,
    /// ENABLE_SUBNET_DISCOVERY: where one ENI's subnet has no room, the next ENI is tried.
    pub subnet_discovery: bool,
    /// Whose rules hold; targets and limits of ENIs above are for ipamd's alone.
    pub rules: PoolRules,
}

/// IP_COOLDOWN_PERIOD's default.
const COOL_DOWN_SECONDS: u32 = 30;

/// A node without any ENI, so that what is named stands out; no variable is set.
impl Default for PoolSettings {
    fn default() -> Self {
        Self {
            enis: 0,
            ipv4_per_eni: 0,
            mode: PoolMode::SecondaryIp,
            custom_networking: false,
            primary_excluded: false,
            pod_eni: false,
            warm_eni_target: None,
            warm_ip_target: None,
            minimum_ip_target: None,
            warm_prefix_target: None,
            max_eni: None,
            max_pods: 0,
            unmanaged: 0,
            launched: Launched::default(),
            frozen: false,
            cool_down_seconds: COOL_DOWN_SECONDS,
            subnet_discovery: true,
            rules: PoolRules::Ipamd,
        }
    }
}

impl PoolSettings {
    /// How long an address rests after its pod is gone, in milliseconds.
    pub(super) fn cool_down_ms(&self) -> u64 {
        u64::from(self.cool_down_seconds) * 1_000
    }

    /// ENIs that the node's default network card can hold.
    #[must_use]
    pub(super) fn card_enis(&self) -> u32 {
        self.enis.min(MOST)
    }

    /// What decides which ENIs carry pods.
    #[must_use]
    pub fn slots(&self) -> EniSlots {
        EniSlots {
            enis: self.card_enis(),
            max_eni: self.max_eni,
            unmanaged: self.unmanaged,
            primary_carries: self.primary_carries(),
            trunk: self.pod_eni,
        }
    }

    /// ENIs that ipamd attaches at most, the primary one and a trunk included.
    #[must_use]
    pub fn most_enis(&self) -> u32 {
        self.slots().most()
    }

    /// ENIs that can carry pod addresses.
    #[must_use]
    pub fn carriers(&self) -> u32 {
        self.slots().carriers()
    }

    /// Whether the primary ENI carries pods.
    #[must_use]
    pub fn primary_carries(&self) -> bool {
        !self.custom_networking && !self.primary_excluded
    }

    /// Slots of an ENI: all its addresses but its own primary one.
    #[must_use]
    pub fn slots_per_eni(&self) -> u32 {
        self.ipv4_per_eni.min(MOST).saturating_sub(1)
    }

    /// Addresses that one slot gives to pods: 1 or 16.
    #[must_use]
    pub fn addresses_per_slot(&self) -> u32 {
        self.mode.addresses_per_slot()
    }

    /// Slots of the primary ENI that were launched in the other mode and give pods nothing.
    #[must_use]
    pub fn lost_slots(&self) -> u32 {
        let (_, lost) = self.launched.on_primary(self.mode);
        if self.primary_carries() { lost.min(self.slots_per_eni()) } else { 0 }
    }

    /// Addresses that all carriers together give to pods.
    #[must_use]
    pub fn most_addresses(&self) -> u32 {
        let slots = self.carriers() * self.slots_per_eni();
        slots.saturating_sub(self.lost_slots()) * self.addresses_per_slot()
    }

    /// WARM_IP_TARGET and MINIMUM_IP_TARGET as ipamd takes them (negative is 0), if either is above
    /// 0; then WARM_ENI_TARGET and WARM_PREFIX_TARGET do not count.
    #[must_use]
    pub fn ip_targets(&self) -> Option<(u32, u32)> {
        let targets = (at_least_0(self.warm_ip_target), at_least_0(self.minimum_ip_target));
        (targets != (0, 0)).then_some(targets)
    }

    /// The warm target that counts without IP targets, as ipamd takes it: in secondary-IP mode
    /// WARM_ENI_TARGET (unset or negative is 1), in prefix mode WARM_PREFIX_TARGET (unset or
    /// negative is 0).
    #[must_use]
    pub fn warm(&self) -> u32 {
        match self.mode {
            PoolMode::SecondaryIp => self
                .warm_eni_target
                .filter(|target| *target >= 0)
                .map_or(1, |w| at_least_0(Some(w))),
            PoolMode::Prefix => at_least_0(self.warm_prefix_target),
        }
    }

    /// The targets in the form the pool is held against.
    #[must_use]
    pub fn targets(&self) -> PoolTargets {
        let (warm_ip, minimum_ip) = self.ip_targets().unwrap_or((0, 0));
        PoolTargets {
            mode: self.mode,
            slots_per_eni: self.slots_per_eni(),
            warm_ip,
            minimum_ip,
            warm: self.warm(),
            max_pods: self.max_pods,
        }
    }
}

/// A target as ipamd takes it: negative is 0. What no node can hold is as good as the most.
fn at_least_0(target: Option<i64>) -> u32 {
    u32::try_from(target.unwrap_or(0).max(0)).unwrap_or(u32::MAX)
}
