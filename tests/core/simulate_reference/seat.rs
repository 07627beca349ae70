//! EC2 as one node meets it, out of the ledger.

use eksnet::{
    ipam::{Addresses, EniId, Slots, SubnetSide},
    simulate::{Cni, Reason},
};

use super::{
    ledger::{Holder, Ledger, Own},
    settings,
};

/// A refusal with the subnet that was asked, if one was.
pub(crate) type Refusal = (Option<usize>, Reason);

/// Where ENIs for pods go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum PodSide {
    /// The ENIConfig's subnet.
    EniConfig(usize),
    /// Custom networking without an ENIConfig for the zone.
    #[default]
    Missing,
    Discovered,
}

/// Where a node lies, and what it was last refused.
#[derive(Debug, Clone, Default)]
pub(crate) struct Site {
    pub(crate) own: usize,
    pub(crate) pods: PodSide,
    /// Of the pool.
    pub(crate) refused: Option<Refusal>,
    /// Of the trunk and its branches.
    pub(crate) branch_refused: Option<Refusal>,
    /// CreateNetworkInterface calls on second and further subnets, which a node does not count.
    pub(crate) further_creates: u64,
    /// Those that a node counts and that found no subnet to ask.
    pub(crate) unasked_creates: u32,
}

impl Site {
    /// Where a trunk and branch ENIs go: tags are nothing to the VPC resource controller.
    pub(crate) fn trunk_subnet(&self) -> Option<usize> {
        match self.pods {
            PodSide::EniConfig(subnet) => Some(subnet),
            PodSide::Missing => None,
            PodSide::Discovered => Some(self.own),
        }
    }
}

pub(crate) struct Seat<'a> {
    pub(crate) ledger: &'a mut Ledger,
    pub(crate) cni: &'a Cni,
    pub(crate) id: usize,
    pub(crate) site: &'a mut Site,
}

impl Seat<'_> {
    /// Subnets of the node's zone that take its ENIs, most available addresses first.
    fn discovered(&self) -> Vec<usize> {
        let (subnets, own) = (&self.ledger.subnets, self.site.own);
        let takes = |at: &usize| {
            let (there, here) = (&subnets[*at].written, &subnets[own].written);
            there.zone == here.zone && settings::takes_enis(self.cni, &there.tags, *at == own)
        };
        let mut found: Vec<usize> = (0..subnets.len()).filter(takes).collect();
        found.sort_by_key(|at| std::cmp::Reverse(subnets[*at].available().len()));
        found
    }

    fn candidates(&self, eni: EniId, is_trunk: bool) -> Vec<usize> {
        match self.site.pods {
            _ if eni == EniId::PRIMARY => vec![self.site.own],
            PodSide::Discovered if !is_trunk => self.discovered(),
            PodSide::Discovered | PodSide::EniConfig(_) | PodSide::Missing => {
                self.site.trunk_subnet().into_iter().collect()
            }
        }
    }
}

impl Addresses for Seat<'_> {
    fn assign(&mut self, _: SubnetSide, eni: EniId, slots: Slots) -> bool {
        let holder = Holder::Eni(self.id, eni);
        let subnet = self.ledger.holders[&holder][0].subnet;
        let taken = self.ledger.take(holder, subnet, slots, Own::No);
        self.site.refused = taken.err().map(|reason| (Some(subnet), reason));
        taken.is_ok()
    }

    fn create(&mut self, _: SubnetSide, eni: EniId, slots: Slots) -> bool {
        let is_trunk = slots.count == 0 && eni != EniId::PRIMARY;
        let mut refused = match self.site.pods {
            PodSide::Missing => Some((None, Reason::NoEniConfig)),
            PodSide::EniConfig(_) | PodSide::Discovered => Some((None, Reason::NoPodSubnet)),
        };
        let candidates = self.candidates(eni, is_trunk);
        self.site.unasked_creates += u32::from(candidates.is_empty() && !is_trunk);
        for (tried, subnet) in candidates.into_iter().enumerate() {
            self.site.further_creates += u64::from(tried > 0);
            let taken = self.ledger.take(Holder::Eni(self.id, eni), subnet, slots, Own::Yes);
            refused = taken.err().map(|reason| (Some(subnet), reason));
            if taken.is_ok() {
                break;
            }
        }
        if is_trunk {
            self.site.branch_refused = refused;
        } else {
            self.site.refused = refused;
        }
        refused.is_none()
    }

    fn unassign(&mut self, _: SubnetSide, eni: EniId, slots: Slots) {
        self.ledger.returned += 1;
        for _ in 0..slots.count {
            self.ledger.give_slot(Holder::Eni(self.id, eni));
        }
    }

    fn delete(&mut self, _: SubnetSide, eni: EniId, _: Slots) {
        self.ledger.returned += 1;
        self.ledger.give(Holder::Eni(self.id, eni));
    }
}
