//! How a group's nodes are seen to give pods their addresses, which its new nodes go on with where the
//! settings do not state it.

use std::collections::BTreeMap;

use crate::instance::InstanceLimits;

/// How many nodes show a setting to be on, and off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Votes {
    pub(super) on: u32,
    pub(super) off: u32,
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
    pub(super) fn all(self) -> Option<bool> {
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
pub(super) struct ObservedSettings {
    pub(super) prefix_delegation: Votes,
    pub(super) custom_networking: Votes,
    /// The pods' subnet of each zone, where the nodes' pods live in other subnets.
    pub(super) by_zone: Vec<Option<usize>>,
    /// The fewest ENIs that a node of its has and that the CNI leaves alone; new ones keep the places.
    pub(super) unmanaged: Option<u32>,
    /// Max pods by the type's name, where kubectl told of its nodes; `None` where they differ.
    pub(super) max_pods: BTreeMap<String, Option<u32>>,
}

impl ObservedSettings {
    /// The max pods of all its nodes of a type.
    pub(super) fn max_pods(&self, limits: &InstanceLimits) -> Option<u32> {
        self.max_pods.get(limits.instance_type.as_ref()).copied().flatten()
    }
}

/// Which settings somebody stated, so that no node's example counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stated {
    pub(super) prefix_delegation: bool,
    pub(super) custom_networking: bool,
}
