//! One node of the layout: its instance, what it holds and what it is to run.

use std::collections::VecDeque;

use super::{
    result::Reason,
    world::{Holdings, Refusal},
};
use crate::{
    ipam::{Calls, Node, PoolSettings},
    simulate::{
        PodsPerNode,
        layout::{Group, PodSide},
    },
};

/// One pass of ipamd's loop, in milliseconds.
pub(super) const ROUND_MS: u64 = 5_000;

/// Pods a node is to run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Want {
    pub(super) base: PodsPerNode,
    /// Pods of bursts on top.
    pub(super) extra: u32,
    /// Pods with a branch ENI of their own.
    pub(super) branches: u32,
}

/// Which of a group's instances: its nodes, or those of its warm pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) group: usize,
    pub(super) is_pooled: bool,
}

/// An instance of a warm pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pooled {
    /// It takes its addresses, as a node does.
    ComingUp,
    /// It holds them, and takes and gives none.
    Stopped,
}

impl Line {
    pub(super) fn of_nodes(group: usize) -> Self {
        Self { group, is_pooled: false }
    }
}

/// One node.
#[derive(Debug)]
pub(super) struct Machine {
    pub(super) group: usize,
    /// Which of the group's types.
    pub(super) kind: usize,
    /// `None` when every zone of its group is lost.
    pub(super) subnet: Option<usize>,
    pub(super) want: Want,
    /// How many of the pods with a branch ENI it can have, and what keeps the others off.
    pub(super) most_branches: u32,
    branch_bound: Reason,
    /// Pods that need an address for which max pods leaves room.
    pub(super) room: u32,
    /// Host-network pods for which max pods leaves no room.
    pub(super) host_short: u32,
    pub(super) holdings: Holdings,
    /// `None` while the instance waits for an address, and when it is gone.
    pub(super) node: Option<Node>,
    pub(super) born_ms: u64,
    /// When a start that failed is tried again.
    pub(super) retry_ms: u64,
    /// When something last happened to it from outside.
    pub(super) touched_ms: u64,
    /// The calls that were counted already.
    pub(super) counted: Calls,
    /// What it asks in vain when its subnets have no room, and when it last did.
    pub(super) in_vain: Vec<(&'static str, u64)>,
    pub(super) no_room_ms: Option<u64>,
    /// Steps that it did not take because of that, as far as they were counted.
    pub(super) paused_steps: u32,
    /// Since when its pods without an address wait that this step brought; `None` for other pods.
    pub(super) waiting: VecDeque<Option<u64>>,
    pub(super) active: bool,
    pub(super) gone: bool,
    /// Whether it comes while the node runs whose place it takes.
    pub(super) is_beside: bool,
    /// What becomes of it as an instance of a warm pool; `None` for a node.
    pub(super) pooled: Option<Pooled>,
}

impl Machine {
    /// One that is not running yet: `place` is whose it is, its type among the group's, and its subnet.
    pub(super) fn new(
        (line, kind, subnet): (Line, usize, Option<usize>),
        want: Want,
        now_ms: u64,
    ) -> Self {
        Self {
            group: line.group,
            kind,
            subnet,
            want,
            most_branches: 0,
            branch_bound: Reason::BranchLimit,
            room: 0,
            host_short: 0,
            holdings: Holdings::new(subnet.unwrap_or_default(), PodSide::Missing),
            node: None,
            born_ms: now_ms,
            retry_ms: now_ms,
            touched_ms: now_ms,
            counted: Calls::default(),
            in_vain: Vec::new(),
            no_room_ms: None,
            paused_steps: 0,
            waiting: VecDeque::new(),
            active: false,
            gone: false,
            is_beside: false,
            pooled: line.is_pooled.then_some(Pooled::ComingUp),
        }
    }

    pub(super) fn line(&self) -> Line {
        Line { group: self.group, is_pooled: self.pooled.is_some() }
    }

    /// Finds the pods that max pods leaves room for: host-network pods first, then those with a branch
    /// ENI as far as the type has any, then those with an address of the pool.
    pub(super) fn set_room(&mut self, settings: &PoolSettings, group: &Group<'_>) {
        let branch_enis =
            group.types.get(self.kind).and_then(|(limits, _)| limits.branch_enis).unwrap_or(0);
        let left = settings.max_pods.saturating_sub(group.host_network_pods);
        self.host_short = group.host_network_pods.saturating_sub(settings.max_pods);
        self.most_branches = self.want.branches.min(branch_enis).min(left);
        self.branch_bound = if left < branch_enis { Reason::MaxPods } else { Reason::BranchLimit };
        self.room = left - self.most_branches;
    }

    /// Passes that it has not made while nobody looked at it.
    fn missed(&self, now_ms: u64) -> u64 {
        let node = self.node.as_ref();
        let lag_ms = node.map_or(0, |node| now_ms.saturating_sub(self.born_ms + node.now_ms()));
        lag_ms / ROUND_MS
    }

    /// Time that went by while nobody looked at it, in whole passes.
    pub(super) fn catch_up(&mut self, now_ms: u64) {
        let missed = self.missed(now_ms);
        if let Some(node) = &mut self.node {
            node.skip(missed);
        }
    }

    /// Its pods did not wait while it made no passes.
    pub(super) fn waits_on(&mut self, now_ms: u64) {
        let stood_ms = self.missed(now_ms) * ROUND_MS;
        for since_ms in self.waiting.iter_mut().flatten() {
            *since_ms += stood_ms;
        }
    }

    pub(super) fn is_ready(&self) -> bool {
        self.node.as_ref().is_some_and(Node::is_ready)
    }

    /// Pods it is to run that need an address of its pool.
    pub(super) fn wanted(&self) -> u32 {
        let base = match self.want.base {
            PodsPerNode::Pods(pods) => pods,
            PodsPerNode::Fill => self.room,
        };
        base.saturating_add(self.want.extra)
    }

    /// Pods it is to run that need an address of any kind.
    pub(super) fn all_wanted(&self) -> u64 {
        u64::from(self.wanted()) + u64::from(self.want.branches)
    }

    /// Those that are scheduled on it.
    pub(super) fn scheduled(&self) -> u32 {
        self.wanted().min(self.room)
    }

    /// Those with an address.
    pub(super) fn assigned(&self) -> u32 {
        self.node.as_ref().map_or(0, |node| node.counts().assigned)
    }

    /// Pods with an address, branch pods included.
    pub(super) fn placed(&self) -> u64 {
        u64::from(self.assigned()) + u64::from(self.holdings.branches())
    }

    /// Why it is not Ready, or not all its pods have an address.
    pub(super) fn shortage(&self) -> Refusal {
        if self.node.is_none() {
            return self.holdings.refused.unwrap_or((None, Reason::NoSubnet));
        }
        if !self.is_ready() {
            return self.holdings.refused.unwrap_or((None, Reason::NoCarrier));
        }
        if self.assigned() < self.scheduled() {
            return self.holdings.refused.unwrap_or((None, Reason::PoolLimit));
        }
        if self.assigned() < self.wanted() {
            return (None, Reason::MaxPods);
        }
        if self.holdings.branches() < self.most_branches {
            return self.holdings.branch_refused.unwrap_or((None, Reason::BranchLimit));
        }
        (None, self.branch_bound)
    }
}
