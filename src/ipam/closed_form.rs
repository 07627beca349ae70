//! What a fresh node settles at, without stepping it.

use super::{
    ADDRESSES_PER_PREFIX, PoolMode, PoolRules, PoolSettings, auto_mode, windows::WindowsTargets,
};

/// What a node holds when its pods came one at a time and it has settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steady {
    /// ENIs with slots.
    pub carriers_used: u32,
    /// Slots in use on them: addresses or prefixes.
    pub slots: u32,
    /// Addresses for pods.
    pub addresses: u32,
}

/// What a fresh node holds for so many pods with addresses of their own that come one at a time,
/// its subnets having room.
///
/// `None` outside the limits within which the form equals the passes: IP targets without
/// WARM_IP_TARGET (the pool never grows past the minimum), no IP targets and a warm target of 0 (the
/// node never settles), an ENI without slots, no carrier, more pods than max pods, a primary ENI that is
/// launched with slots.
#[must_use]
pub fn steady_state(settings: &PoolSettings, pods: u32) -> Option<Steady> {
    match settings.rules {
        PoolRules::Ipamd => {}
        PoolRules::Windows(targets) => return windows(settings, targets, pods),
        PoolRules::AutoMode => return Some(auto_mode_node(settings, pods)),
        PoolRules::Ipv6 => return Some(Steady { carriers_used: 0, slots: 0, addresses: 0 }),
    }
    let (slots_per_eni, unit) = (settings.slots_per_eni(), settings.addresses_per_slot());
    let carriers = settings.carriers();
    let launched = settings.launched.on_primary(settings.mode) != (0, 0);
    if slots_per_eni == 0 || carriers == 0 || pods > settings.max_pods || launched {
        return None;
    }
    let slots = if let Some((warm, minimum)) = settings.ip_targets() {
        if warm == 0 {
            return None;
        }
        let target =
            |pods: u32| pods.saturating_add(warm).div_ceil(unit).max(minimum.div_ceil(unit));
        from_targets(settings, target(0), target(pods))
    } else {
        let warm = settings.warm();
        if warm == 0 {
            return None;
        }
        match settings.mode {
            PoolMode::SecondaryIp => {
                // Whole ENIs: as many as hold the pods, and the warm ones. A slot is an address.
                let enis = pods.div_ceil(slots_per_eni).saturating_add(warm);
                let enis = enis.min(settings.max_pods.div_ceil(slots_per_eni)).min(carriers);
                enis * slots_per_eni
            }
            PoolMode::Prefix => {
                let held = pods.div_ceil(ADDRESSES_PER_PREFIX);
                from_targets(settings, warm, held.saturating_add(warm))
            }
        }
    };
    Some(Steady { carriers_used: slots.div_ceil(slots_per_eni), slots, addresses: slots * unit })
}

/// The same under the VPC resource controller. Where nothing is to be warm, its pool grows for no pod
/// beyond the minimum.
fn windows(settings: &PoolSettings, targets: WindowsTargets, pods: u32) -> Option<Steady> {
    if matches!(targets, WindowsTargets::SecondaryIp { warm: 0, minimum } if pods > minimum) {
        return None;
    }
    let slots = targets.slots(pods).min(settings.slots_per_eni());
    let addresses = slots * settings.addresses_per_slot();
    Some(Steady { carriers_used: u32::from(slots > 0), slots, addresses })
}

/// The same in EKS Auto Mode, where blocks are free.
fn auto_mode_node(settings: &PoolSettings, pods: u32) -> Steady {
    let (slots_per_eni, unit) = (settings.slots_per_eni(), settings.addresses_per_slot());
    let target = auto_mode::target(pods, settings.max_pods);
    let slots = target.div_ceil(unit).min(settings.carriers() * slots_per_eni);
    Steady {
        carriers_used: if slots == 0 { 0 } else { slots.div_ceil(slots_per_eni) },
        slots,
        addresses: slots * unit,
    }
}

/// Slots from what the targets ask for at first and in the end. The first fill goes ENI by ENI and
/// only then notices max pods, so it can pass max pods by up to an ENI.
fn from_targets(settings: &PoolSettings, first: u32, last: u32) -> u32 {
    let (slots_per_eni, unit) = (settings.slots_per_eni(), settings.addresses_per_slot());
    let enis = settings.max_pods.div_ceil(slots_per_eni * unit);
    let first = first.min(slots_per_eni.saturating_mul(enis));
    let last = last.min(settings.max_pods.div_ceil(unit));
    first.max(last).min(settings.carriers() * slots_per_eni)
}
