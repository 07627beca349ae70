//! A set of warm targets, and the settings of a node under it.

use std::cmp::Reverse;

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    ipam::{Lint, PoolMode, PoolRules, PoolSettings, lints},
    simulate::Target,
};

/// Lints that are about ENIs and max pods: no target causes or cures them.
const NOT_OF_TARGETS: [&str; 2] = ["no-carriers", "max-pods-above-addresses"];
/// The lint of targets that serve every pod in the end.
const SLOW: &str = "small-warm-ip";

/// The variables of the daemonset aws-node that say what a node keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WarmTargets {
    /// `WARM_ENI_TARGET`: a number, or `unset`.
    pub warm_eni_target: Target,
    /// `WARM_IP_TARGET`: a number, or `unset`.
    pub warm_ip_target: Target,
    /// `MINIMUM_IP_TARGET`: a number, or `unset`.
    pub minimum_ip_target: Target,
    /// `WARM_PREFIX_TARGET`: a number, or `unset`.
    pub warm_prefix_target: Target,
}

impl WarmTargets {
    /// Those of a node's settings.
    #[must_use]
    pub fn of(settings: &PoolSettings) -> Self {
        let target = |value: Option<i64>| value.map_or(Target::Unset, Target::Value);
        Self {
            warm_eni_target: target(settings.warm_eni_target),
            warm_ip_target: target(settings.warm_ip_target),
            minimum_ip_target: target(settings.minimum_ip_target),
            warm_prefix_target: target(settings.warm_prefix_target),
        }
    }

    /// A node's settings with these targets.
    #[must_use]
    pub fn applied(&self, settings: &PoolSettings) -> PoolSettings {
        PoolSettings {
            warm_eni_target: self.warm_eni_target.value(),
            warm_ip_target: self.warm_ip_target.value(),
            minimum_ip_target: self.minimum_ip_target.value(),
            warm_prefix_target: self.warm_prefix_target.value(),
            ..settings.clone()
        }
    }

    /// The variables with their values, in the order of the documents.
    #[must_use]
    pub fn variables(&self) -> [(&'static str, Target); 4] {
        [
            ("WARM_ENI_TARGET", self.warm_eni_target),
            ("WARM_IP_TARGET", self.warm_ip_target),
            ("MINIMUM_IP_TARGET", self.minimum_ip_target),
            ("WARM_PREFIX_TARGET", self.warm_prefix_target),
        ]
    }

    /// The variables that another set gives other values, with those values.
    #[must_use]
    pub fn changed_to(&self, other: &Self) -> Vec<(&'static str, Target)> {
        let both = self.variables().into_iter().zip(other.variables());
        both.filter(|(before, after)| before != after).map(|(_, after)| after).collect()
    }

    /// Which comes first where nothing else tells them apart: the larger MINIMUM_IP_TARGET, with which a
    /// pool is full sooner.
    pub(super) fn order(&self) -> ([Option<i64>; 3], Reverse<Option<i64>>) {
        (self.beside_minimum(), Reverse(self.minimum_ip_target.value()))
    }

    /// All but MINIMUM_IP_TARGET.
    pub(super) fn beside_minimum(&self) -> [Option<i64>; 3] {
        [self.warm_eni_target, self.warm_ip_target, self.warm_prefix_target].map(Target::value)
    }

    /// WARM_IP_TARGET as ipamd takes it.
    pub(super) fn warm_ip(&self) -> i64 {
        self.warm_ip_target.value().unwrap_or(0).max(0)
    }
}

/// Whether a node's targets never settle, leave pods without an address, or serve a burst drop by drop:
/// none of these is proposed.
pub(super) fn are_harmful(settings: &PoolSettings) -> bool {
    about_targets(settings).next().is_some()
}

/// Whether a node's targets never settle, or leave pods without an address.
pub(super) fn strand_or_never_settle(settings: &PoolSettings) -> bool {
    harm(settings).is_some()
}

/// Why a node's targets never settle, or leave pods without an address.
pub(super) fn harm(settings: &PoolSettings) -> Option<String> {
    about_targets(settings).find(|lint| lint.id != SLOW).map(|lint| lint.message)
}

fn about_targets(settings: &PoolSettings) -> impl Iterator<Item = Lint> {
    lints(settings, 0).into_iter().filter(|lint| !NOT_OF_TARGETS.contains(&lint.id))
}

/// Whether targets change anything on a node: ipamd keeps its pool, and pods can have addresses of it.
pub(super) fn have_effect(settings: &PoolSettings) -> bool {
    let is_ipamds = match settings.rules {
        PoolRules::Ipamd => !settings.frozen,
        PoolRules::Windows(_) | PoolRules::AutoMode | PoolRules::Ipv6 => false,
    };
    is_ipamds && most_served(settings) > 0
}

/// Pods that a node can serve: as many as have an address and as max pods allows.
pub(super) fn most_served(settings: &PoolSettings) -> u32 {
    settings.most_addresses().min(settings.max_pods)
}

/// Whether its slots are prefixes.
pub(super) fn is_prefix(settings: &PoolSettings) -> bool {
    match settings.mode {
        PoolMode::Prefix => true,
        PoolMode::SecondaryIp => false,
    }
}
