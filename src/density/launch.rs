//! What instances are launched with beside one plain primary ENI, as a launch template or a NodeClass
//! states it, and what of it takes an ENI from the CNI.
//!
//! An EFA interface has a network card of its own (EC2 user guide, "Elastic Fabric Adapter": one EFA a
//! card). The first `efa` interface is the instance's primary ENI, as Karpenter (`generateNetworkInterfaces`),
//! eksctl and AWS's launch templates make it: ipamd gives pods its addresses as those of any primary ENI.
//! Those of other cards have an address each, and ipamd leaves these cards alone without ENABLE_MULTI_NIC.
//! An `efa-only` interface has no address. Without an `efa` interface the first `efa-only` one lies on
//! the default card, where it takes an ENI (amazon-vpc-cni-k8s `filterUnmanagedENIs`, `hasRoomForEni`).

use crate::{
    finding::counted,
    instance::InstanceLimits,
    ipam::{Launched, PoolSettings},
};

/// What an instance is launched with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaunchSettings {
    /// `efa` interfaces.
    pub efa: u32,
    /// `efa-only` interfaces.
    pub efa_only: u32,
    /// `efa-only` interfaces that an EC2NodeClass lists on the default network card, on whatever type.
    pub card_efa_only: u32,
    /// ENIs of the default card that the CNI does not manage: the tag
    /// `node.k8s.amazonaws.com/no_manage`, or MANAGE_UNTAGGED_ENI=false.
    pub unmanaged_enis: u32,
    /// Addresses that each of those holds, its own included.
    pub unmanaged_addresses: u32,
    /// Prefixes of the primary ENI: `ipv4_prefix_count` of a launch template, `ipPrefixCount` of an
    /// EC2NodeClass.
    pub ipv4_prefix_count: u32,
    /// Prefixes of each further `efa` interface. Karpenter gives them the `ipPrefixCount` of the primary ENI
    /// (`generateNetworkInterfaces`).
    pub efa_prefix_count: u32,
    /// `ipv4_address_count` of a launch template: secondary addresses.
    pub ipv4_address_count: u32,
    /// Whether slots of the primary ENI that are taken so, and that pods do not get, are off what its ENIs carry. A
    /// number that is judged is held against what is left; a number that is given is what the kubelet is told.
    pub lowers_max_pods: bool,
}

impl Default for LaunchSettings {
    /// One plain primary ENI.
    fn default() -> Self {
        Self {
            efa: 0,
            efa_only: 0,
            card_efa_only: 0,
            unmanaged_enis: 0,
            unmanaged_addresses: 1,
            ipv4_prefix_count: 0,
            efa_prefix_count: 0,
            ipv4_address_count: 0,
            lowers_max_pods: false,
        }
    }
}

/// Why EC2 launches no such instance.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotLaunch {
    /// The type has no EFA.
    #[error("`{instance_type}` has no EFA interface")]
    NoEfa {
        /// The type.
        instance_type: String,
    },
    /// More EFA interfaces than the type takes.
    #[error("`{instance_type}` takes at most {}, not {asked}", counted(*most, "EFA interface", "EFA interfaces"))]
    TooManyEfa {
        /// The type.
        instance_type: String,
        /// How many it takes.
        most: u32,
        /// How many were asked for.
        asked: u32,
    },
    /// More ENIs than the default card holds.
    #[error(
        "`{instance_type}` has {enis} ENIs on its default network card: {others} beside the primary \
         ENI do not fit"
    )]
    TooManyEnis {
        /// The type.
        instance_type: String,
        /// ENIs of the card.
        enis: u32,
        /// ENIs beside the primary one.
        others: u32,
    },
    /// More slots than an ENI has.
    #[error(
        "an ENI of `{instance_type}` holds {slots} addresses or prefixes beside its own address, not \
         {asked}"
    )]
    TooManySlots {
        /// The type.
        instance_type: String,
        /// Slots of an ENI.
        slots: u32,
        /// How many were asked for.
        asked: u32,
    },
    /// Prefixes on a type that cannot hold any.
    #[error("`{instance_type}` cannot hold prefixes: it is neither Nitro nor bare metal")]
    NoPrefixes {
        /// The type.
        instance_type: String,
    },
}

impl CannotLaunch {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoEfa { .. } => "`eksnet limits list -o wide` shows which types have EFA",
            Self::TooManyEfa { .. } => "count efa and efa-only interfaces together",
            Self::TooManyEnis { .. } => "the primary ENI requires one of them",
            Self::TooManySlots { .. } => "lower the number, or use a larger type",
            Self::NoPrefixes { .. } => "use a Nitro type, such as m5.large",
        }
    }
}

impl LaunchSettings {
    /// `efa` interfaces of a type that has so many beside its primary ENI.
    #[must_use]
    pub fn efa_with(limits: &InstanceLimits, beside: u32) -> u32 {
        match beside {
            0 => 0,
            beside => beside.saturating_add(u32::from(Self::card_takes_efa(limits))),
        }
    }

    /// The most EFA interfaces of a type: where no source says how many, one for each network card.
    fn most_efa(limits: &InstanceLimits) -> Option<u32> {
        let cards = u32::try_from(limits.enis_per_card.len()).ok().filter(|cards| *cards > 0);
        limits.efa_interfaces.or(cards)
    }

    /// Whether the default card of a type can have an EFA interface; where no source says, it can.
    fn card_takes_efa(limits: &InstanceLimits) -> bool {
        limits.efa_on_default_card != Some(false)
    }

    /// `efa-only` interfaces on the default network card: what a class lists there, else at most one. Both speak
    /// of one and the same interface.
    #[must_use]
    pub fn efa_only_on_card(&self, limits: &InstanceLimits) -> u32 {
        let first = self.efa_only > 0 && self.efa == 0 && Self::card_takes_efa(limits);
        self.card_efa_only.max(u32::from(first))
    }

    /// ENIs of the default card that the CNI leaves alone.
    #[must_use]
    pub fn unmanaged(&self, limits: &InstanceLimits) -> u32 {
        self.unmanaged_enis.saturating_add(self.efa_only_on_card(limits))
    }

    /// What takes addresses of it.
    #[must_use]
    pub fn launched(&self, limits: &InstanceLimits) -> Launched {
        let primary = u32::from(Self::card_takes_efa(limits));
        let efa = self.efa.min(limits.efa_interfaces.unwrap_or(u32::MAX));
        Launched {
            prefixes: self.ipv4_prefix_count,
            addresses: self.ipv4_address_count,
            efa: efa.saturating_sub(primary),
            efa_prefixes: self.efa_prefix_count,
            unmanaged: self.unmanaged_enis,
            unmanaged_addresses: if self.unmanaged_enis > 0 { self.unmanaged_addresses } else { 0 },
        }
    }

    /// A node's pool with what it is launched with.
    #[must_use]
    pub fn applied(&self, limits: &InstanceLimits, mut pool: PoolSettings) -> PoolSettings {
        pool.unmanaged = self.unmanaged(limits);
        pool.launched = self.launched(limits);
        pool
    }

    /// Whether a type can be launched so.
    ///
    /// # Errors
    /// With the limit that is passed.
    pub fn check(&self, limits: &InstanceLimits) -> Result<(), CannotLaunch> {
        let instance_type = limits.instance_type.to_string();
        let asked = self.efa.saturating_add(self.efa_only);
        match Self::most_efa(limits) {
            Some(0) if asked > 0 => return Err(CannotLaunch::NoEfa { instance_type }),
            Some(most) if asked > most => {
                return Err(CannotLaunch::TooManyEfa { instance_type, most, asked });
            }
            Some(_) | None => {}
        }
        let (enis, others) = (limits.enis(), self.unmanaged(limits));
        if others >= enis {
            return Err(CannotLaunch::TooManyEnis { instance_type, enis, others });
        }
        if self.ipv4_prefix_count.max(self.efa_prefix_count) > 0 && !limits.supports_prefixes() {
            return Err(CannotLaunch::NoPrefixes { instance_type });
        }
        let slots = limits.slots_per_eni();
        let primary = self.ipv4_prefix_count.saturating_add(self.ipv4_address_count);
        let beside = self.efa_prefix_count.max(self.unmanaged_addresses.saturating_sub(1));
        let asked = primary.max(beside);
        if asked > slots {
            return Err(CannotLaunch::TooManySlots { instance_type, slots, asked });
        }
        Ok(())
    }

    /// What a person should know of it.
    #[must_use]
    pub fn notes(&self, limits: &InstanceLimits) -> Vec<String> {
        let mut notes = Vec::new();
        let on_card = Self::card_takes_efa(limits);
        if self.efa > 0 {
            let first = if on_card { "the first EFA interface is the primary ENI; " } else { "" };
            let launched = self.launched(limits);
            let others = match (launched.efa, launched.efa_addresses()) {
                (0, _) => "no other takes an address".to_owned(),
                (1, 1) => {
                    "1 on another network card takes 1 address of the node subnet, and no pod \
                           gets it"
                        .to_owned()
                }
                (1, taken) => format!(
                    "1 on another network card takes {taken} addresses of the node subnet, and no \
                     pod gets them"
                ),
                (others, taken) => format!(
                    "{others} on other network cards take {taken} addresses of the node subnet, \
                     and no pod gets them"
                ),
            };
            notes.push(format!("{first}{others}"));
        }
        if self.efa_only > 0 || self.card_efa_only > 0 {
            let taken = match self.efa_only_on_card(limits) {
                0 => "",
                _ => "; the first takes an ENI of the default network card from the VPC CNI",
            };
            notes.push(format!("efa-only interfaces have no address{taken}"));
        }
        if self.efa.saturating_add(self.efa_only) > 0 && limits.efa_interfaces.is_none() {
            let name = &limits.instance_type;
            notes.push(format!("no source states how many EFA interfaces {name} takes"));
        }
        notes
    }
}
