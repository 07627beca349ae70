//! EC2 as one node meets it: the pool's requests, answered by the subnets.

use super::{
    result::Reason,
    world::{Holdings, World},
};
use crate::{
    ipam::{Addresses, EniId, LaunchedEni, PoolMode, Slots, SubnetSide},
    simulate::layout::PodSide,
};

/// One node's view of EC2.
pub(super) struct Seat<'a> {
    pub(super) world: &'a mut World,
    pub(super) holdings: &'a mut Holdings,
}

impl Seat<'_> {
    fn candidates(&self, side: SubnetSide, eni: EniId, slots: Slots) -> Vec<usize> {
        let own = self.holdings.subnet;
        // The instance itself, and a trunk, never go by discovery.
        let placed = eni == EniId::PRIMARY || slots.count == 0;
        match (side, self.holdings.pod_side) {
            (SubnetSide::Node, _) | (SubnetSide::Pod, PodSide::Discovered) if placed => vec![own],
            (_, PodSide::Own) => vec![own],
            (SubnetSide::Node, _) | (SubnetSide::Pod, PodSide::Discovered) => {
                self.world.discovered(own)
            }
            (SubnetSide::Pod, PodSide::EniConfig(subnet)) => vec![subnet],
            (SubnetSide::Pod, PodSide::Missing | PodSide::NoPodSubnet) => Vec::new(),
        }
    }
}

impl Addresses for Seat<'_> {
    fn assign(&mut self, _: SubnetSide, eni: EniId, slots: Slots) -> bool {
        let Some(held) = self.holdings.enis.iter_mut().find(|held| held.id == eni) else {
            return false;
        };
        let pile = if slots.mode == held.mode { &mut held.slots } else { &mut held.leftover };
        match self.world.take_slots(held.subnet, slots, pile) {
            Ok(()) => {
                self.holdings.refused = None;
                true
            }
            Err(reason) => {
                self.holdings.refused = Some((Some(held.subnet), reason));
                false
            }
        }
    }

    fn create(&mut self, side: SubnetSide, eni: EniId, slots: Slots) -> bool {
        let mut refused = Some(match self.holdings.pod_side {
            PodSide::Missing => (None, Reason::NoEniConfig),
            PodSide::NoPodSubnet => (None, Reason::NoAutoModePodSubnet),
            PodSide::Discovered | PodSide::EniConfig(_) | PodSide::Own => {
                (None, Reason::NoPodSubnet)
            }
        });
        let is_trunk = slots.count == 0 && eni != EniId::PRIMARY;
        let candidates = self.candidates(side, eni, slots);
        // ipamd gives up before it calls: it finds no ENIConfig, or no subnet that it may use
        // (amazon-vpc-cni-k8s `tryAllocateENI`, `createENI`). Trunks a node does not count.
        self.world.unasked_creates += u64::from(candidates.is_empty() && !is_trunk);
        for (tried, subnet) in candidates.into_iter().enumerate() {
            self.world.further_creates += u64::from(tried > 0);
            match self.world.take_eni(subnet, eni, slots) {
                Ok(held) => {
                    self.holdings.enis.push(held);
                    refused = None;
                    break;
                }
                Err(reason) => refused = Some((Some(subnet), reason)),
            }
        }
        if is_trunk {
            self.holdings.branch_refused = refused;
        } else {
            self.holdings.refused = refused;
        }
        refused.is_none()
    }

    fn launch(&mut self, mode: PoolMode, enis: impl Iterator<Item = LaunchedEni>) -> bool {
        let own = self.holdings.subnet;
        let enis: Vec<LaunchedEni> = enis.collect();
        match self.world.take_launch(own, mode, &enis) {
            Ok(held) => {
                self.holdings.enis.extend(held);
                self.holdings.refused = None;
                true
            }
            Err(reason) => {
                self.holdings.refused = Some((Some(own), reason));
                false
            }
        }
    }

    fn unassign(&mut self, _: SubnetSide, eni: EniId, slots: Slots) {
        let Some(held) = self.holdings.enis.iter_mut().find(|held| held.id == eni) else { return };
        self.world.returned += 1;
        let pile = if slots.mode == held.mode { &mut held.slots } else { &mut held.leftover };
        for _ in 0..slots.count {
            // ipamd walks its slots in random order, so any of them goes.
            let at = self.world.random.below(u32::try_from(pile.len()).unwrap_or(u32::MAX));
            let Ok(at) = usize::try_from(at) else { return };
            if at < pile.len() {
                let first = pile.swap_remove(at);
                self.world.give_slot(held.subnet, slots.mode, first);
            }
        }
    }

    fn delete(&mut self, _: SubnetSide, eni: EniId, _: Slots) {
        if let Some(at) = self.holdings.enis.iter().position(|held| held.id == eni) {
            let held = self.holdings.enis.remove(at);
            self.world.returned += 1;
            self.world.give_eni(&held);
        }
    }
}
