//! Settings that never settle, or that leave pods without an address.

use super::{PoolMode, PoolSettings};

/// How long a pass of ipamd takes, in seconds.
const PASS_SECONDS: u32 = 5;
/// With fewer addresses a pass, a burst of 30 pods waits for more than half a minute.
const SMALL_WARM_IP: u32 = 5;
/// The burst that the message of a small WARM_IP_TARGET speaks of, in pods.
const BURST: u32 = 30;

/// A setting that does harm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lint {
    /// Stable name, in kebab case.
    pub id: &'static str,
    /// What happens, and why.
    pub message: String,
}

/// What is wrong with settings, in a fixed order. `host_network_pods` are those of the node's pods
/// that need no address.
#[must_use]
pub fn lints(settings: &PoolSettings, host_network_pods: u32) -> Vec<Lint> {
    [
        ("no-carriers", no_carriers(settings)),
        ("minimum-without-warm", minimum_without_warm(settings)),
        ("small-warm-ip", small_warm_ip(settings)),
        ("warm-eni-zero", warm_eni_zero(settings)),
        ("warm-prefix-zero", warm_prefix_zero(settings)),
        ("max-pods-above-addresses", max_pods_above_addresses(settings, host_network_pods)),
    ]
    .into_iter()
    .filter_map(|(id, message)| message.map(|message| Lint { id, message }))
    .collect()
}

fn no_carriers(settings: &PoolSettings) -> Option<String> {
    (settings.most_addresses() == 0).then(|| {
        let outcome = if settings.custom_networking {
            "with custom networking the node never becomes Ready"
        } else {
            "pods that need an address stay in ContainerCreating"
        };
        format!(
            "none of the {} ENIs ({} slots each) can carry pods: {outcome}",
            settings.most_enis(),
            settings.slots_per_eni()
        )
    })
}

fn minimum_without_warm(settings: &PoolSettings) -> Option<String> {
    let (0, minimum) = settings.ip_targets()? else { return None };
    let unit = settings.addresses_per_slot();
    let most = minimum.div_ceil(unit).saturating_mul(unit).min(settings.most_addresses());
    Some(format!(
        "MINIMUM_IP_TARGET is {minimum} and WARM_IP_TARGET is not set: the pool never grows past \
         {most} addresses, and further pods wait forever"
    ))
}

fn small_warm_ip(settings: &PoolSettings) -> Option<String> {
    let (warm, 0) = settings.ip_targets()? else { return None };
    // In prefix mode each step brings 16 addresses.
    (settings.mode == PoolMode::SecondaryIp && warm < SMALL_WARM_IP).then(|| {
        let seconds = BURST.div_ceil(warm) * PASS_SECONDS;
        format!(
            "WARM_IP_TARGET is {warm} and MINIMUM_IP_TARGET is not set: ipamd adds {warm} every \
             {PASS_SECONDS} s, so {BURST} new pods at once wait about {seconds} s, with an EC2 \
             call each time"
        )
    })
}

fn warm_eni_zero(settings: &PoolSettings) -> Option<String> {
    let counts = settings.mode == PoolMode::SecondaryIp
        && settings.ip_targets().is_none()
        && settings.warm() == 0;
    counts.then(|| {
        "WARM_ENI_TARGET is 0: whenever the pool is empty, ipamd attaches an ENI, frees it after \
         60 s and attaches it again: about 7 EC2 calls per minute"
            .to_owned()
    })
}

fn warm_prefix_zero(settings: &PoolSettings) -> Option<String> {
    let counts = settings.mode == PoolMode::Prefix
        && settings.ip_targets().is_none()
        && settings.warm() == 0;
    counts.then(|| {
        let why = match settings.warm_prefix_target {
            None => "not set, which ipamd treats as 0",
            Some(0) => "0",
            Some(_) => "negative, which ipamd treats as 0",
        };
        format!(
            "WARM_PREFIX_TARGET is {why}, and no IP target is set: whenever the pool is empty, \
             ipamd assigns a prefix, returns it after 30 s and assigns it again: about 3.5 EC2 \
             calls per minute"
        )
    })
}

fn max_pods_above_addresses(settings: &PoolSettings, host_network_pods: u32) -> Option<String> {
    let (addresses, need) =
        (settings.most_addresses(), settings.max_pods.saturating_sub(host_network_pods));
    (need > addresses).then(|| {
        format!(
            "max pods is {}, of which {host_network_pods} use the host network: up to {need} \
             scheduled pods can need an address, but {} ENIs × {} slots × {} have only {addresses}",
            settings.max_pods,
            settings.carriers(),
            settings.slots_per_eni(),
            settings.addresses_per_slot()
        ) + &lost_slots(settings)
    })
}

fn lost_slots(settings: &PoolSettings) -> String {
    match settings.lost_slots() {
        0 => String::new(),
        lost => {
            format!(" ({lost} of the primary ENI's slots are taken by what it is launched with)")
        }
    }
}
