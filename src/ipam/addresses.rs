//! EC2 as one node meets it: subnets that give addresses, or have none left.

use super::PoolMode;

/// Which subnet an ENI lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubnetSide {
    /// The instance's own subnet.
    Node,
    /// The ENIConfig's subnet under custom networking, or the pod subnet of EKS Auto Mode.
    Pod,
}

/// An ENI of one node, by the order of attachment. Numbers are not used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EniId(pub u32);

impl EniId {
    /// The primary ENI.
    pub const PRIMARY: Self = Self(0);
}

/// Some slots of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slots {
    /// What one slot is.
    pub mode: PoolMode,
    /// How many.
    pub count: u32,
}

impl Slots {
    /// /28 blocks they take.
    fn blocks(self) -> u32 {
        match self.mode {
            PoolMode::SecondaryIp => 0,
            PoolMode::Prefix => self.count,
        }
    }

    /// Subnet addresses they take.
    #[must_use]
    pub fn addresses(self) -> u32 {
        self.count.saturating_mul(self.mode.addresses_per_slot())
    }
}

/// One ENI of a launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaunchedEni {
    /// Its id.
    pub id: EniId,
    /// Secondary addresses.
    pub addresses: u32,
    /// Prefixes.
    pub prefixes: u32,
}

impl LaunchedEni {
    /// Its slots of a mode.
    #[must_use]
    pub fn slots(&self, mode: PoolMode) -> Slots {
        let count = match mode {
            PoolMode::SecondaryIp => self.addresses,
            PoolMode::Prefix => self.prefixes,
        };
        Slots { mode, count }
    }
}

/// EC2 as the node meets it. A failure (`false`) always is that the subnet has no room, and takes
/// nothing.
pub trait Addresses {
    /// More slots for an ENI that is there.
    fn assign(&mut self, side: SubnetSide, eni: EniId, slots: Slots) -> bool;
    /// A new ENI with its primary address and these slots (the primary ENI and a trunk: none).
    fn create(&mut self, side: SubnetSide, eni: EniId, slots: Slots) -> bool;
    /// Slots of an ENI go back.
    fn unassign(&mut self, side: SubnetSide, eni: EniId, slots: Slots);
    /// An ENI goes, with its primary address and the slots it still has.
    fn delete(&mut self, side: SubnetSide, eni: EniId, slots: Slots);

    /// An instance is launched into its subnet with these ENIs, the primary one first: all of them, or
    /// none. `mode` is what the node's slots are.
    fn launch(&mut self, mode: PoolMode, enis: impl Iterator<Item = LaunchedEni>) -> bool {
        let mut made: Vec<(EniId, u32)> = Vec::new();
        for eni in enis {
            let (own, other) = (eni.slots(mode), eni.slots(mode.other()));
            let is_there = self.create(SubnetSide::Node, eni.id, own);
            if is_there {
                made.push((eni.id, own.addresses()));
            }
            if is_there && (other.count == 0 || self.assign(SubnetSide::Node, eni.id, other)) {
                if let Some((_, addresses)) = made.last_mut() {
                    *addresses = addresses.saturating_add(other.addresses());
                }
                continue;
            }
            for (id, count) in made {
                let slots = Slots { mode: PoolMode::SecondaryIp, count };
                self.delete(SubnetSide::Node, id, slots);
            }
            return false;
        }
        true
    }
}

/// Subnets as plain counters, with or without a capacity: no blocks, no fragmentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedSubnets {
    node: SubnetCounter,
    pod: SubnetCounter,
    /// Free /28 blocks of the subnet that prefixes come from.
    free_blocks: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct SubnetCounter {
    used: u32,
    capacity: u32,
}

impl CountedSubnets {
    /// Empty subnets that can give this node so many addresses; `None` is without limit.
    #[must_use]
    pub fn new(node_capacity: Option<u32>, pod_capacity: Option<u32>) -> Self {
        let subnet = |capacity: Option<u32>| SubnetCounter {
            used: 0,
            capacity: capacity.unwrap_or(u32::MAX),
        };
        Self { node: subnet(node_capacity), pod: subnet(pod_capacity), free_blocks: u32::MAX }
    }

    /// The same with so many free /28 blocks; `None` is as many as the addresses make.
    #[must_use]
    pub fn with_blocks(self, free_blocks: Option<u32>) -> Self {
        Self { free_blocks: free_blocks.unwrap_or(u32::MAX), ..self }
    }

    /// Addresses in use on one side, every ENI's own primary address included.
    #[must_use]
    pub fn used(&self, side: SubnetSide) -> u32 {
        match side {
            SubnetSide::Node => self.node.used,
            SubnetSide::Pod => self.pod.used,
        }
    }

    fn subnet(&mut self, side: SubnetSide) -> &mut SubnetCounter {
        match side {
            SubnetSide::Node => &mut self.node,
            SubnetSide::Pod => &mut self.pod,
        }
    }

    /// Slots with so many single addresses beside.
    fn take(&mut self, side: SubnetSide, slots: Slots, beside: u32) -> bool {
        let blocks = slots.blocks();
        if blocks > self.free_blocks {
            return false;
        }
        let subnet = self.subnet(side);
        match subnet.used.checked_add(slots.addresses().saturating_add(beside)) {
            Some(used) if used <= subnet.capacity => subnet.used = used,
            _ => return false,
        }
        self.free_blocks -= blocks;
        true
    }

    fn give(&mut self, side: SubnetSide, slots: Slots, beside: u32) {
        let subnet = self.subnet(side);
        let addresses = slots.addresses().saturating_add(beside);
        subnet.used = subnet.used.saturating_sub(addresses);
        self.free_blocks = self.free_blocks.saturating_add(slots.blocks());
    }
}

impl Addresses for CountedSubnets {
    fn assign(&mut self, side: SubnetSide, _: EniId, slots: Slots) -> bool {
        self.take(side, slots, 0)
    }

    fn create(&mut self, side: SubnetSide, _: EniId, slots: Slots) -> bool {
        self.take(side, slots, 1)
    }

    fn unassign(&mut self, side: SubnetSide, _: EniId, slots: Slots) {
        self.give(side, slots, 0);
    }

    fn delete(&mut self, side: SubnetSide, _: EniId, slots: Slots) {
        self.give(side, slots, 1);
    }
}
