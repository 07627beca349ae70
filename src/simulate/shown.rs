//! How a group's nodes are seen to give pods their addresses, which its new nodes go on with where the
//! settings do not state it.

use super::{Layout, layout::Group, settings::InForce};

/// How many nodes show a setting to be on, and off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Votes {
    on: u32,
    off: u32,
}

impl Votes {
    pub(super) fn add(&mut self, on: bool) {
        if on {
            self.on += 1;
        } else {
            self.off += 1;
        }
    }

    /// What all nodes show; `None` where they differ, or none shows anything.
    fn all(self) -> Option<bool> {
        match (self.on, self.off) {
            (0, 0) => None,
            (_, 0) => Some(true),
            (0, _) => Some(false),
            (_, _) => None,
        }
    }
}

/// What a group's nodes show.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Shown {
    pub(super) prefix_delegation: Votes,
    pub(super) custom_networking: Votes,
    /// The pods' subnet of each zone, where the nodes' pods live in other subnets.
    pub(super) by_zone: Vec<Option<usize>>,
    /// The fewest ENIs that a node of its has and that the CNI leaves alone; new ones keep the places.
    pub(super) unmanaged: Option<u32>,
}

/// Which settings somebody stated, so that no node's example counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stated {
    pub(super) prefix_delegation: bool,
    pub(super) custom_networking: bool,
}

impl InForce {
    /// The settings of a group's new nodes: what is not stated is as all its own nodes show it.
    pub(super) fn of_group(&self, group: &Group<'_>) -> Self {
        let mut own = self.clone();
        let shown = &group.shown;
        if let Some(on) = shown.prefix_delegation.all().filter(|_| !self.stated.prefix_delegation) {
            own.cni.prefix_delegation = on;
        }
        if let Some(on) = shown.custom_networking.all().filter(|_| !self.stated.custom_networking) {
            own.set_pod_subnets(on.then(|| self.pod_subnets_of(&shown.by_zone)));
        }
        own
    }

    /// A group's pods' subnets, and those of all where its nodes show none for a zone.
    fn pod_subnets_of(&self, own: &[Option<usize>]) -> Vec<Option<usize>> {
        let all = self.pod_subnets().into_iter().flatten().copied();
        let all = all.chain(std::iter::repeat(None));
        own.iter().zip(all).map(|(own, all)| own.or(all)).collect()
    }
}

impl Layout<'_> {
    /// Groups whose new nodes are not as those of most, and groups whose nodes differ.
    pub(super) fn shown_notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let on = |is: bool| if is { "on" } else { "off" };
        for group in &self.groups {
            let own = self.cni.of_group(group);
            let (shown, stated) = (&group.shown, self.cni.stated);
            let rows = [
                (
                    "prefix delegation",
                    shown.prefix_delegation,
                    stated.prefix_delegation,
                    own.cni.prefix_delegation,
                    self.cni.cni.prefix_delegation,
                ),
                (
                    "custom networking",
                    shown.custom_networking,
                    stated.custom_networking,
                    own.cni.custom_networking,
                    self.cni.cni.custom_networking,
                ),
            ];
            for (what, votes, stated, own, most) in rows {
                let (name, state) = (&group.name, on(own));
                if stated {
                    continue;
                }
                if votes.on > 0 && votes.off > 0 {
                    notes.push(format!(
                        "{name}: its nodes differ in {what} ({} on, {} off); new ones have it {state}, as \
                         most of all nodes do, and cni states another setting",
                        votes.on, votes.off
                    ));
                } else if own != most {
                    notes.push(format!(
                        "{name}: new nodes have {what} {state}, as all its nodes show"
                    ));
                }
            }
        }
        notes
    }
}
