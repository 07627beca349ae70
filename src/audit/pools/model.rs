//! What a fresh node holds by the rules of ipamd, each question asked once.

use std::collections::HashMap;

use crate::ipam::{
    ADDRESSES_PER_PREFIX, DeleteOrder, NodeInput, NodeState, Op, PodEvent, PoolMode, PoolSettings,
    replay, steady_state,
};

/// Answers so far.
#[derive(Default)]
pub(super) struct Model {
    played: HashMap<(PoolSettings, u32), Result<FreshNode, Unmodelled>>,
}

/// What is taken of a subnet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct TakenAddresses {
    /// Single addresses, those of ENIs themselves included.
    pub(super) singles: u32,
    /// Delegated /28 prefixes.
    pub(super) prefixes: u32,
}

impl TakenAddresses {
    pub(super) fn addresses(self) -> u32 {
        self.prefixes.saturating_mul(ADDRESSES_PER_PREFIX).saturating_add(self.singles)
    }

    pub(super) fn add(&mut self, other: Self) {
        self.singles = self.singles.saturating_add(other.singles);
        self.prefixes = self.prefixes.saturating_add(other.prefixes);
    }
}

/// Why a fresh node comes to no rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unmodelled {
    /// ipamd does not start, so that the node never becomes Ready.
    NeverReady,
    /// It never stops to take addresses and give them back.
    NeverSettles,
}

/// A fresh node on which so many pods came at once, after it settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FreshNode {
    /// Addresses for pods.
    pub(super) addresses: u32,
    /// What each ENI takes, in the order of attachment.
    pub(super) per_eni: Vec<TakenAddresses>,
    /// Where the trunk is among them.
    pub(super) trunk: Option<usize>,
    /// Pods that never got an address.
    pub(super) without_address: u32,
    /// EC2 calls from the pods' coming until it settled again.
    pub(super) calls: u32,
}

impl Model {
    /// Addresses for pods that a fresh node holds for so many pods; `None` if it never settles or
    /// cannot give each of them an address, and where nothing grows or shrinks.
    pub(super) fn expected(&mut self, settings: &PoolSettings, pods: u32) -> Option<u32> {
        if settings.frozen {
            return None;
        }
        if let Some(steady) = steady_state(settings, pods).filter(|steady| steady.addresses >= pods)
        {
            return Some(steady.addresses);
        }
        let played = self.played(settings, pods).ok()?;
        (played.without_address == 0).then_some(played.addresses)
    }

    /// A fresh node with so many pods, or why there is none.
    pub(super) fn played(
        &mut self,
        settings: &PoolSettings,
        pods: u32,
    ) -> Result<&FreshNode, Unmodelled> {
        let entry = self.played.entry((settings.clone(), pods));
        entry.or_insert_with(|| play(settings, pods)).as_ref().map_err(|why| *why)
    }
}

fn play(settings: &PoolSettings, pods: u32) -> Result<FreshNode, Unmodelled> {
    let event = PodEvent {
        op: Op::Add,
        n: pods,
        retry: true,
        del_order: DeleteOrder::Newest,
        wait: None,
        t: None,
    };
    let run = replay(&NodeInput {
        settings: settings.clone(),
        subnet_capacity: None,
        pod_subnet_capacity: None,
        free_blocks: None,
        events: vec![event],
    });
    if run.init_error.is_some() {
        return Err(Unmodelled::NeverReady);
    }
    // As it starts, settled, and with its pods.
    let [_, empty, full] = run.states.as_slice() else { return Err(Unmodelled::NeverSettles) };
    if !empty.settled || !full.settled {
        return Err(Unmodelled::NeverSettles);
    }
    Ok(FreshNode {
        addresses: full.addresses,
        per_eni: per_eni(settings, full),
        trunk: full.trunk_index,
        without_address: full.failed_adds,
        calls: full.ec2_total.saturating_sub(empty.ec2_total),
    })
}

fn per_eni(settings: &PoolSettings, state: &NodeState) -> Vec<TakenAddresses> {
    let taken = |slots: &u32| match settings.mode {
        PoolMode::SecondaryIp => TakenAddresses { singles: slots.saturating_add(1), prefixes: 0 },
        PoolMode::Prefix => TakenAddresses { singles: 1, prefixes: *slots },
    };
    state.per_eni.iter().map(taken).collect()
}
