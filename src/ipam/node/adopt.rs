//! A node that runs already, taken over as it was seen.

use std::collections::VecDeque;

use super::{Calls, EniKind, Node, PoolCounts, PoolSettings, SubnetSide};
use crate::ipam::{EniId, eni::Eni};

/// What an ENI of a running node is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeenKind {
    /// The instance's own.
    Primary,
    /// One that the CNI attached.
    Secondary,
    /// The trunk of security groups for pods.
    Trunk,
    /// One that takes a place and that the CNI leaves alone (tag `no_manage`, EFA without addresses).
    Unmanaged,
}

/// An ENI of a running node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenEni {
    /// What it is for.
    pub kind: SeenKind,
    /// Where it lies.
    pub side: SubnetSide,
    /// Slots of the node's mode.
    pub slots: u32,
    /// Slots of the other mode, which take room and give no addresses.
    pub leftover: u32,
}

impl Node {
    /// A running node as it was seen, with so many pods on it as far as it has addresses. Under custom
    /// networking one without any address for pods has not started. Its ENIs are numbered as they are given, the primary one first, and are as old as the node, which is
    /// `now_ms` old.
    #[must_use]
    pub fn adopt(settings: PoolSettings, enis: &[SeenEni], pods: u32, now_ms: u64) -> Self {
        let mut node = Self {
            targets: settings.targets(),
            most_enis: settings.most_enis(),
            enis: Vec::new(),
            singles: Vec::new(),
            next_eni: 0,
            trunk: false,
            pods: VecDeque::new(),
            counts: PoolCounts::default(),
            now_ms,
            last_change_ms: now_ms,
            last_call_ms: 0,
            last_give_back_ms: None,
            last_no_room_ms: None,
            paused_steps: 0,
            failed_attempts: 0,
            calls: Calls::default(),
            ready: true,
            settings,
        };
        for seen in enis {
            let kind = match seen.kind {
                SeenKind::Primary => EniKind::Primary,
                SeenKind::Secondary => EniKind::Secondary,
                SeenKind::Trunk => EniKind::Trunk,
                SeenKind::Unmanaged => EniKind::Unmanaged,
            };
            node.trunk |= kind == EniKind::Trunk;
            // The settings count those that are left alone, and nothing on them is the pool's.
            let is_managed = kind != EniKind::Unmanaged;
            node.counts.enis += u32::from(is_managed);
            let slots = if is_managed { seen.slots } else { 0 };
            node.counts.prefixes += slots;
            node.counts.free_prefixes += slots;
            node.counts.addresses += node.slots(slots).addresses();
            let mut eni = Eni::new(EniId(node.next_eni), kind, seen.side, 0);
            (eni.slots, eni.leftover) = (slots, seen.leftover);
            node.enis.push(eni);
            node.next_eni += 1;
        }
        node.ready = !(node.settings.custom_networking && node.counts.addresses == 0);
        node.add_pods(pods);
        node.failed_attempts = 0;
        node
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipam::CountedSubnets;

    /// ENIs are told apart, and a trunk comes once.
    #[test]
    fn a_node_has_the_enis_that_were_seen() {
        let settings = PoolSettings {
            enis: 4,
            ipv4_per_eni: 10,
            pod_eni: true,
            max_pods: 29,
            frozen: true,
            ..PoolSettings::default()
        };
        let eni = |kind, slots| SeenEni { kind, side: SubnetSide::Node, slots, leftover: 0 };
        let plain = [eni(SeenKind::Primary, 9), eni(SeenKind::Secondary, 9)];
        let trunked =
            [eni(SeenKind::Primary, 9), eni(SeenKind::Trunk, 0), eni(SeenKind::Secondary, 9)];
        for (seen, trunk) in [(&plain[..], 2), (&trunked[..], 1)] {
            let mut node = Node::adopt(settings.clone(), seen, 12, 60_000);
            let ids: Vec<u32> = node.enis.iter().map(|eni| eni.id.0).collect();
            assert_eq!(ids, (0..).take(seen.len()).collect::<Vec<_>>());
            assert_eq!((node.counts.addresses, node.counts.assigned), (18, 12));
            for _ in 0..4 {
                node.pass(&mut CountedSubnets::new(None, None));
            }
            assert_eq!((node.trunk_index(), node.counts.enis), (Some(trunk), 3));
        }
    }
}
