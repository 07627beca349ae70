//! Nodes that are there before the start join the engine.

use super::{
    machine::{Line, Pooled, Want},
    run::{AGE_MS, Engine},
    world::Holdings,
};
use crate::{
    ipam::{EniId, Node, SeenEni, SeenKind, SubnetSide},
    simulate::{layout::LiveNode, observed::ObservedEni},
};

/// Where ids of ENIs begin that the pool knows nothing of: those of further network cards.
const FIRST_UNKNOWN: u32 = 1 << 16;

impl Engine<'_> {
    /// The observed nodes and control plane interfaces, with the addresses they hold.
    pub(super) fn adopt(&mut self) {
        let layout = self.layout;
        for (subnet, address) in &layout.control_plane_held {
            if self.world.hold(*subnet, *address) {
                self.control_plane.push((*subnet, *address));
            }
        }
        for live in &layout.live {
            let (holdings, seen) = self.hold(live);
            let want = Want { base: live.pods, extra: 0, branches: holdings.branches() };
            let line = Line { group: live.group, is_pooled: live.is_pooled };
            let id = self.join((line, live.kind, Some(live.subnet)), want);
            let machine = &mut self.machines[id];
            machine.holdings = holdings;
            machine.born_ms = 0;
            machine.set_room(&live.settings, &layout.groups[live.group]);
            let pods = machine.scheduled();
            machine.node = Some(Node::adopt(live.settings.clone(), &seen, pods, AGE_MS));
            if live.is_pooled {
                machine.pooled = Some(Pooled::Stopped);
                self.pooled[live.group].push(id);
            } else {
                self.members[live.group].push(id);
            }
            self.runs(id);
            self.touch(id);
        }
    }

    /// What a node holds, and how its pool sees it.
    fn hold(&mut self, live: &LiveNode) -> (Holdings, Vec<SeenEni>) {
        let mut holdings = Holdings::new(live.subnet, live.pod_side);
        let mut seen = Vec::new();
        let mut unknown = (FIRST_UNKNOWN..).map(EniId);
        let count = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        for eni in &live.enis {
            let id = if eni.on_card { Some(EniId(count(seen.len()))) } else { unknown.next() };
            let Some(id) = id else { continue };
            let held = self.world.hold_eni(id, eni, live.settings.mode);
            if eni.on_card {
                seen.push(SeenEni {
                    kind: eni.kind,
                    side: side(live, eni),
                    slots: count(held.slots.len()),
                    leftover: count(held.leftover.len()),
                });
            }
            holdings.enis.push(held);
        }
        for (subnet, address) in &live.branches {
            if self.world.hold(*subnet, *address) {
                holdings.branches.push((*subnet, *address));
            }
        }
        (holdings, seen)
    }
}

fn side(live: &LiveNode, eni: &ObservedEni) -> SubnetSide {
    match eni.kind {
        SeenKind::Primary => SubnetSide::Node,
        SeenKind::Secondary | SeenKind::Trunk | SeenKind::Unmanaged => {
            if live.settings.custom_networking { SubnetSide::Pod } else { SubnetSide::Node }
        }
    }
}
