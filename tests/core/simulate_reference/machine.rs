//! One node: what it is to run, what it has, and why it lacks something.

use eksnet::{
    ipam::{Calls, PoolSettings},
    simulate::{NodeGroup, PodsPerNode, Reason},
};

use super::{
    ledger::Holder,
    pool::Node,
    reference::{Reference, count},
    seat::{Refusal, Site},
    settings,
};

#[derive(Clone)]
pub(crate) struct Machine {
    pub(crate) group: usize,
    /// Which of the group's types.
    pub(crate) kind: usize,
    /// `None` when no zone is left.
    pub(crate) subnet: Option<usize>,
    pub(crate) base: PodsPerNode,
    /// Pods of bursts on top.
    pub(crate) extra: u32,
    /// Pods that need an address for which max pods leaves room.
    pub(crate) room: u32,
    /// Pods with a branch ENI that the type and max pods allow, and what bounds them.
    pub(crate) most_branches: u32,
    branch_bound: Reason,
    /// Host-network pods for which max pods leaves no room.
    pub(crate) host_short: u32,
    pub(crate) node: Option<Node>,
    pub(crate) site: Site,
    pub(crate) born_ms: u64,
    pub(crate) retry_ms: u64,
    pub(crate) touched_ms: u64,
    /// The calls that were counted already.
    pub(crate) counted: Calls,
    /// Pods without an address from before a churn.
    pub(crate) lacking: u32,
    /// What failed in the pass after which it pauses, and when that was.
    pub(crate) in_vain: Vec<(&'static str, u64)>,
    pub(crate) no_room_ms: Option<u64>,
    pub(crate) paused_steps: u32,
    pub(crate) gone: bool,
    /// Whether it came while the node ran whose place it takes.
    pub(crate) replaces_running: bool,
    /// Whether one that has just come was not at rest when the next one came.
    pub(crate) waits: Option<bool>,
}

impl Machine {
    /// One that is not running yet.
    pub(crate) fn new(
        (group, kind, subnet): (usize, usize, Option<usize>),
        (base, extra): (PodsPerNode, u32),
        now_ms: u64,
    ) -> Self {
        Self {
            group,
            kind,
            subnet,
            base,
            extra,
            room: 0,
            most_branches: 0,
            branch_bound: Reason::BranchLimit,
            host_short: 0,
            node: None,
            site: Site::default(),
            born_ms: now_ms,
            retry_ms: now_ms,
            touched_ms: now_ms,
            counted: Calls::default(),
            lacking: 0,
            in_vain: Vec::new(),
            no_room_ms: None,
            paused_steps: 0,
            gone: false,
            replaces_running: false,
            waits: None,
        }
    }

    /// Host-network pods come first, then those with a branch ENI, then the pool's.
    pub(crate) fn set_room(&mut self, pool: &PoolSettings, group: &NodeGroup) {
        let host = group.host_network_pods.unwrap_or(2);
        let branches = group.branch_pods_per_node.unwrap_or(0);
        let left = pool.max_pods.saturating_sub(host);
        let enis = settings::types(group)[self.kind].0.branch_enis.unwrap_or(0);
        self.host_short = host - host.min(pool.max_pods);
        self.branch_bound = if left < enis { Reason::MaxPods } else { Reason::BranchLimit };
        self.most_branches = branches.min(left).min(enis);
        self.room = left - self.most_branches;
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.node.as_ref().is_some_and(Node::is_ready)
    }

    pub(crate) fn assigned(&self) -> u32 {
        self.node.as_ref().map_or(0, |node| node.counts().assigned)
    }

    /// Pods that need an address of its pool.
    pub(crate) fn pods(&self) -> u32 {
        let base = match self.base {
            PodsPerNode::Pods(pods) => pods,
            PodsPerNode::Fill => self.room,
        };
        base + self.extra
    }
}

impl Reference<'_> {
    /// Each pod has an address of an ENI that the ledger knows with as many.
    pub(crate) fn check_pods(&self, id: usize) {
        let Some(node) = &self.machines[id].node else { return };
        let mut held = self.ledger.of_node(id);
        held.remove(&Holder::Branches(id));
        assert_eq!(node.slots_by_eni().count(), held.len());
        assert_eq!(node.pods_by_eni().sum::<u32>(), node.counts().assigned);
        for ((slots, pods), pieces) in
            node.slots_by_eni().zip(node.pods_by_eni()).zip(held.values())
        {
            assert_eq!(count(pieces.len()), u64::from(slots) + 1);
            let addresses: u32 = pieces[1..].iter().map(|p| p.mode.addresses_per_slot()).sum();
            assert!(pods <= addresses, "{pods} pods on {addresses} addresses");
        }
    }

    fn branches(&self, id: usize) -> u32 {
        let held = self.ledger.holders.get(&Holder::Branches(id)).map_or(0, Vec::len);
        u32::try_from(held).unwrap()
    }

    /// Whether a branch ENI may still come.
    pub(crate) fn lacks_branch(&self, id: usize) -> bool {
        let machine = &self.machines[id];
        let has_trunk = machine.node.as_ref().is_some_and(|node| node.trunk_index().is_some());
        has_trunk && self.branches(id) < machine.most_branches
    }

    /// Whether a trunk may still come.
    pub(crate) fn lacks_trunk(&self, id: usize) -> bool {
        self.machines[id].node.as_ref().is_some_and(|node| {
            let settings = node.settings();
            settings.pod_eni && node.trunk_index().is_none() && node.counts().enis < settings.enis
        })
    }

    /// Pods it is to have, branch pods included.
    pub(crate) fn wanted(&self, id: usize) -> u64 {
        let machine = &self.machines[id];
        let branch = self.scenario.node_groups[machine.group].branch_pods_per_node;
        u64::from(machine.pods()) + u64::from(branch.unwrap_or(0))
    }

    pub(crate) fn placed(&self, id: usize) -> u64 {
        u64::from(self.machines[id].assigned()) + u64::from(self.branches(id))
    }

    /// Why it is not Ready, or not all its pods have an address.
    pub(crate) fn shortage(&self, id: usize) -> Refusal {
        let machine = &self.machines[id];
        let pods = machine.pods();
        if machine.node.is_none() {
            machine.site.refused.unwrap_or((None, Reason::NoSubnet))
        } else if !machine.is_ready() {
            machine.site.refused.unwrap_or((None, Reason::NoCarrier))
        } else if machine.assigned() < pods.min(machine.room) {
            machine.site.refused.unwrap_or((None, Reason::PoolLimit))
        } else if machine.assigned() < pods {
            (None, Reason::MaxPods)
        } else if self.branches(id) < machine.most_branches {
            machine.site.branch_refused.unwrap_or((None, Reason::BranchLimit))
        } else {
            (None, machine.branch_bound)
        }
    }
}
