//! What Karpenter knows of subnets when it starts a node (karpenter-provider-aws
//! `pkg/providers/subnet`): EC2's count of available addresses as it last saw it, less what nodes that it
//! has just started will take, and which subnets refused.

use super::{result::Reason, world::World};

/// For how long a subnet that had no address is left out, in milliseconds.
const REFUSED_MS: u64 = 180_000;

/// One subnet as Karpenter knows it.
#[derive(Debug, Clone, Default)]
struct KnownSubnet {
    /// Available addresses when nodes were started there at this moment.
    seen: Option<u32>,
    /// Addresses of nodes started since.
    in_flight: u64,
    refused_until_ms: u64,
    /// Why it refused last.
    why: Option<Reason>,
}

/// All subnets as Karpenter knows them.
#[derive(Debug)]
pub(super) struct Karpenter {
    subnets: Vec<KnownSubnet>,
}

impl Karpenter {
    pub(super) fn new(subnets: usize) -> Self {
        Self { subnets: vec![KnownSubnet::default(); subnets] }
    }

    /// Addresses that it counts on in a subnet; `None` where it starts nothing now.
    pub(super) fn room(&self, world: &World, subnet: usize, now_ms: u64) -> Option<i64> {
        let known = self.subnets.get(subnet).filter(|known| known.refused_until_ms <= now_ms)?;
        let seen = known.seen.unwrap_or_else(|| world.available(subnet));
        Some(i64::from(seen).saturating_sub_unsigned(known.in_flight))
    }

    /// A node is started in a subnet and is taken to need so many addresses.
    pub(super) fn starts(&mut self, world: &World, subnet: usize, addresses: u32) {
        if let Some(known) = self.subnets.get_mut(subnet) {
            known.seen.get_or_insert_with(|| world.available(subnet));
            known.in_flight += u64::from(addresses);
        }
    }

    /// A subnet had no address for a node.
    pub(super) fn refused(&mut self, subnet: usize, why: Reason, now_ms: u64) {
        if let Some(known) = self.subnets.get_mut(subnet) {
            known.refused_until_ms = now_ms + REFUSED_MS;
            known.why = Some(why);
        }
    }

    /// Why a subnet last refused a node.
    pub(super) fn why_refused(&self, subnet: usize) -> Option<Reason> {
        self.subnets.get(subnet)?.why
    }

    /// It looks at EC2's counts again, in which the nodes started are.
    pub(super) fn looks_again(&mut self) {
        for known in &mut self.subnets {
            (known.seen, known.in_flight) = (None, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subnet_that_refused_is_left_out_for_three_minutes() {
        let mut karpenter = Karpenter::new(2);
        karpenter.refused(1, Reason::InsufficientCidrBlocks, 10_000);
        let until = karpenter.subnets.iter().map(|known| known.refused_until_ms);
        assert_eq!(until.collect::<Vec<_>>(), [0, 190_000]);
        assert_eq!(karpenter.why_refused(0), None);
        assert_eq!(karpenter.why_refused(1), Some(Reason::InsufficientCidrBlocks));
    }
}
