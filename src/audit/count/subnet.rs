//! One subnet, counted.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    inventory::{Because, OwnerKind},
    ipam::ADDRESSES_PER_PREFIX,
    network::{BlockCounts, BlockState, Cidr},
};

/// What an owner kind holds in a subnet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OwnerCount {
    /// Distinct ENIs that give the kind at least one address.
    pub interfaces: u32,
    /// Addresses.
    pub addresses: u32,
}

/// Addresses of a subnet that EC2 can assign by itself now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// In whatever way: free ones outside explicit reservations. EC2 takes delegated prefixes from
    /// prefix reservations too.
    pub addresses: u32,
    /// One by one: free ones outside reservations of either kind. Every new ENI needs one for itself.
    pub singles: u32,
}

/// One subnet. A number that is not available is `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct SubnetCount {
    /// Its id.
    pub subnet_id: String,
    /// Its Name tag.
    pub name: Option<String>,
    /// Its VPC.
    pub vpc_id: String,
    /// Its availability zone.
    pub availability_zone: Option<String>,
    /// Its network; `None` for an IPv6-only subnet, and where it is unknown.
    pub cidr: Option<Cidr>,
    /// Whether it has a network or not is unknown: what was listed of it is withheld.
    pub lacks_cidr: bool,
    /// All its addresses.
    pub total: Option<u32>,
    /// All but the five AWS keeps.
    pub usable: Option<u32>,
    /// Addresses held by ENIs.
    pub used: Option<u32>,
    /// Usable addresses nobody holds.
    pub free: Option<u32>,
    /// Free addresses inside reservations.
    pub reserved_free: Option<u32>,
    /// Those of them inside explicit reservations, from which EC2 assigns nothing on its own.
    pub explicit_free: Option<u32>,
    /// AvailableIpAddressCount as EC2 reports it.
    pub available_reported: Option<u32>,
    /// Addresses that the ENIs leave free and EC2 does not report available (negative: the other
    /// way round). It cannot see inside reservations, which EC2 leaves out of its count: an address held
    /// there leaves the count as it is.
    pub unexplained: Option<i64>,
    /// Addresses in use by whoever it is, which the status and the room go by: in a shared subnet, where
    /// ENIs of other accounts are invisible, the most that either the ENIs or EC2's count shows.
    pub held: Option<u32>,
    /// The states of its /28 blocks.
    pub blocks28: Option<BlockCounts>,
    /// The state of each /28 block in address order.
    pub map: Vec<BlockState>,
    /// /28 prefixes that can be delegated now.
    pub assignable_prefixes: Option<u32>,
    /// Those inside prefix reservations.
    pub assignable_prefixes_in_reservation: Option<u32>,
    /// 0 (healthy) to 100 (exhausted).
    pub fragmentation_score: Option<u32>,
    /// Who holds its addresses.
    pub owners: Option<BTreeMap<OwnerKind, OwnerCount>>,
    /// Descriptions of the ENIs under `other`, with their addresses.
    pub other_descriptions: BTreeMap<String, u32>,
    /// ENIs that nodes left behind, with the addresses each holds; what instances would tell is missing
    /// when they are not available.
    pub leaked: BTreeMap<String, u32>,
    /// The owning account when it is another one than the ENIs'.
    pub shared_by: Option<String>,
    /// Why a cluster's selection has it.
    pub selected_by: BTreeSet<Because>,
}

impl SubnetCount {
    /// Used part of the usable addresses in ten-thousandths, rounded half up.
    #[must_use]
    pub fn utilization_e4(&self) -> Option<u64> {
        let (used, usable) = (u64::from(self.used?), u64::from(self.usable?));
        Some((used * 20_000 + usable) / (usable * 2))
    }

    /// Its network in words.
    #[must_use]
    pub fn network(&self) -> String {
        match self.cidr {
            Some(cidr) => cidr.to_string(),
            None if self.lacks_cidr => "CIDR unknown".to_owned(),
            None => "IPv6 only".to_owned(),
        }
    }

    /// Whether it has no IPv4 addresses.
    #[must_use]
    pub fn is_ipv6_only(&self) -> bool {
        self.cidr.is_none() && !self.lacks_cidr
    }

    /// Whether ENIs that are not visible hold addresses of it, or may.
    #[must_use]
    pub fn may_hide(&self) -> bool {
        self.shared_by.is_some() && (self.held.is_none() || self.held > self.used)
    }

    /// What EC2 can assign by itself now. `None` when it is not known: the ENIs, the reservations or, in
    /// a shared subnet, EC2's count is not available.
    #[must_use]
    pub fn room(&self) -> Option<Room> {
        self.held?;
        self.room_less(self.explicit_free?, self.reserved_free?)
    }

    /// The most that the room can be: what is not known of reservations and of invisible ENIs counts as
    /// none. For verdicts that hold if even this is too little.
    #[must_use]
    pub fn room_at_most(&self) -> Option<Room> {
        self.room_less(self.explicit_free.unwrap_or(0), self.reserved_free.unwrap_or(0))
    }

    /// What stands before a number of [`Self::room_at_most`]: it may be less where the room is not known.
    #[must_use]
    pub fn at_most(&self) -> &'static str {
        if self.room().is_some() { "" } else { "at most " }
    }

    /// The most /28 prefixes that EC2 can assign: blocks that invisible ENIs may have taken count as
    /// free, and so do those that may be reserved, but never more of them than there is room for.
    #[must_use]
    pub fn prefixes_at_most(&self) -> Option<u32> {
        let fit = self.room_at_most()?.addresses / ADDRESSES_PER_PREFIX;
        let free = self.blocks28.map(|blocks| blocks.free);
        Some(self.assignable_prefixes.or(free).map_or(fit, |open| open.min(fit)))
    }

    /// The owners, where whose each address is could be told: not where the instances that hold some
    /// were not seen.
    #[must_use]
    pub fn all_owners(&self) -> Option<&BTreeMap<OwnerKind, OwnerCount>> {
        self.owners.as_ref().filter(|owners| !owners.contains_key(&OwnerKind::Unknown))
    }

    /// Addresses in use at which there is no room left; at most so many where the reservations are not
    /// known.
    #[must_use]
    pub fn full_at(&self) -> Option<u32> {
        Some(self.usable?.saturating_sub(self.explicit_free.unwrap_or(0)))
    }

    /// Whether EC2 can assign neither a single address nor a prefix by itself, although some addresses may
    /// be free.
    #[must_use]
    pub fn has_no_room(&self) -> bool {
        self.room_at_most().is_some_and(|room| room.singles == 0)
            && self.prefixes_at_most() == Some(0)
    }

    /// Whether a new node gets no addresses for pods here: its new ENI takes a single address for itself, and a
    /// further address or a prefix for pods. A prefix reservation gives an ENI none of its own.
    #[must_use]
    pub fn takes_no_new_node(&self) -> bool {
        self.room_at_most().is_some_and(|room| {
            room.singles == 0 || (room.singles == 1 && self.prefixes_at_most() == Some(0))
        })
    }

    fn room_less(&self, explicit_free: u32, reserved_free: u32) -> Option<Room> {
        let left = self.usable?.saturating_sub(self.held.or(self.used)?);
        Some(Room {
            addresses: left.saturating_sub(explicit_free),
            singles: left.saturating_sub(reserved_free),
        })
    }

    /// The order of subnets: by VPC, zone and network, IPv6-only ones last.
    #[must_use]
    pub fn order(&self) -> impl Ord + use<'_> {
        let zone = self.availability_zone.as_deref();
        (self.cidr.is_none(), self.vpc_id.as_str(), zone, self.cidr, self.subnet_id.as_str())
    }

    /// How the subnet is called in messages: id and name.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.name {
            Some(name) => format!("{} ({name})", self.subnet_id),
            None => self.subnet_id.clone(),
        }
    }
}
