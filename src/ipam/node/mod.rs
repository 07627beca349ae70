//! One node, pass by pass. ENIs and slots are walked in the order they came, where the original
//! walks its maps in any order; EC2 answers at once, but for the 2 s that freeing an ENI takes.

mod adopt;
mod auto_mode;
mod growth;
mod pods;
mod release;
mod windows;

use std::collections::VecDeque;

pub use adopt::{SeenEni, SeenKind};

use super::{
    Addresses, Calls, EniId, Launched, PoolCounts, PoolRules, PoolSettings, PoolTargets, Slots,
    SubnetSide,
    eni::{Eni, EniKind},
};

/// How long a pass takes, in milliseconds.
pub(super) const PASS_MS: u64 = 5_000;
/// When in a pass the pool is looked at.
const POOL_UPDATE_MS: u64 = 2_500;
/// How much longer a pass takes that frees an ENI: the wait between detaching and deleting it.
const FREE_ENI_MS: u64 = 2_000;
/// When the VPC resource controller has a trunk ready to attach.
const TRUNK_MS: u64 = 10_000;
/// How long nothing grows after a subnet had no room for a new ENI, in milliseconds.
const FULL_SUBNET_PAUSE_MS: u64 = 120_000;
/// The longest that any of ipamd's timers runs but the cool-down: the pause after a subnet had no room.
const LONGEST_TIMER_MS: u64 = FULL_SUBNET_PAUSE_MS;

/// Why a node never becomes Ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// The instance itself does not fit into its subnet.
    #[error("the node subnet has no free address for the node's primary ENI")]
    NoAddressForNode,
    /// Nor does what its launch template asks for beside its primary ENI's address.
    #[error(
        "the node subnet has too few free addresses or /28 prefixes for what the instance is \
         launched with"
    )]
    NoRoomForLaunch,
    /// Under custom networking ipamd does not start with an empty pool.
    #[error("custom networking is on and no ENI carries a pod address")]
    EmptyPool,
}

/// Where a pod has its address.
#[derive(Debug, Clone, Copy)]
struct PodSlot {
    eni: EniId,
    slot: u32,
    /// Whether it is one of the single addresses beside an ENI's prefixes.
    is_single: bool,
}

/// One node. Time is in milliseconds since its start.
#[derive(Debug, Clone)]
pub struct Node {
    settings: PoolSettings,
    targets: PoolTargets,
    most_enis: u32,
    enis: Vec<Eni>,
    /// Single addresses of ENIs that have prefixes, where EKS Auto Mode fell back to them.
    singles: Vec<Eni>,
    next_eni: u32,
    trunk: bool,
    /// Pods with an address, oldest first.
    pods: VecDeque<PodSlot>,
    /// Kept as things change, so that a pass in which nothing does costs next to nothing.
    counts: PoolCounts,
    now_ms: u64,
    last_change_ms: u64,
    last_call_ms: u64,
    last_give_back_ms: Option<u64>,
    last_no_room_ms: Option<u64>,
    paused_steps: u32,
    failed_attempts: u32,
    calls: Calls,
    ready: bool,
}

impl Node {
    /// Boots a node: the primary ENI takes its address, then one growth step.
    ///
    /// # Errors
    /// The second part says why the node never becomes Ready; its passes then only take time.
    pub fn start<A: Addresses>(
        settings: PoolSettings,
        addresses: &mut A,
    ) -> (Self, Result<(), StartError>) {
        let mut node = Self {
            targets: settings.targets(),
            most_enis: settings.most_enis(),
            enis: Vec::new(),
            singles: Vec::new(),
            next_eni: 0,
            trunk: false,
            pods: VecDeque::new(),
            counts: PoolCounts::default(),
            now_ms: 0,
            last_change_ms: 0,
            last_call_ms: 0,
            last_give_back_ms: None,
            last_no_room_ms: None,
            paused_steps: 0,
            failed_attempts: 0,
            calls: Calls::default(),
            ready: false,
            settings,
        };
        let result = node.boot(addresses);
        node.ready = result.is_ok();
        (node, result)
    }

    fn boot<A: Addresses>(&mut self, addresses: &mut A) -> Result<(), StartError> {
        self.launch(addresses)?;
        match self.settings.rules {
            PoolRules::Ipamd => self.calls.start(self.settings.custom_networking),
            PoolRules::Windows(targets) => {
                self.keep_windows(targets, 0, addresses);
                return Ok(());
            }
            PoolRules::AutoMode => {
                self.keep_auto_mode(0, addresses);
                return Ok(());
            }
            PoolRules::Ipv6 => {
                self.calls.start(false);
                self.calls.ipv6_prefix();
                return Ok(());
            }
        }
        if self.targets.too_low(&self.counts) {
            self.grow(0, addresses);
        }
        if self.settings.custom_networking && self.counts.addresses == 0 {
            return Err(StartError::EmptyPool);
        }
        Ok(())
    }

    /// EC2 launches the instance; what its primary ENI has beside its own address the pool takes over.
    fn launch<A: Addresses>(&mut self, addresses: &mut A) -> Result<(), StartError> {
        let launched = self.settings.launched;
        if !addresses.launch(self.targets.mode, launched.enis()) {
            let plain = launched == Launched::default();
            return Err(if plain {
                StartError::NoAddressForNode
            } else {
                StartError::NoRoomForLaunch
            });
        }
        self.attach(EniKind::Primary, SubnetSide::Node, 0);
        let (slots, other) = launched.on_primary(self.targets.mode);
        let carries = self.settings.primary_carries() && self.settings.rules != PoolRules::Ipv6;
        let slots = if carries { slots } else { 0 };
        self.enis[0].leftover = other;
        self.gain(0, slots);
        Ok(())
    }

    /// One pass of ipamd's loop: 5 s, or 7 s when an ENI is freed. A pool that others keep is looked at as
    /// often.
    pub fn pass<A: Addresses>(&mut self, addresses: &mut A) {
        if !self.ready {
            self.now_ms += PASS_MS;
            return;
        }
        match self.settings.rules {
            PoolRules::Ipamd if !self.settings.frozen => self.keep(addresses),
            PoolRules::Ipamd | PoolRules::Ipv6 => {
                self.now_ms += PASS_MS;
                if self.attach_trunk(addresses) {
                    self.last_change_ms = self.now_ms;
                }
            }
            PoolRules::Windows(targets) => {
                let changed = self.keep_windows(targets, self.now_ms + POOL_UPDATE_MS, addresses);
                self.end_pass(changed);
            }
            PoolRules::AutoMode => {
                let changed = self.keep_auto_mode(self.now_ms + POOL_UPDATE_MS, addresses);
                self.end_pass(changed);
            }
        }
    }

    fn end_pass(&mut self, changed: bool) {
        self.now_ms += PASS_MS;
        if changed {
            self.last_change_ms = self.now_ms;
        }
    }

    fn keep<A: Addresses>(&mut self, addresses: &mut A) {
        // What is freed is decided by what was there before this pass grew or gave back.
        let before = self.counts;
        let now_ms = self.now_ms + POOL_UPDATE_MS;
        let mut changed = if self.targets.too_low(&before) {
            self.grow(now_ms, addresses)
        } else {
            self.give_back(now_ms, addresses)
        };
        if self.targets.may_free_eni(&before, || self.has_idle_eni())
            && self.free_eni(now_ms, addresses)
        {
            self.now_ms += FREE_ENI_MS;
            changed = true;
        }
        self.now_ms += PASS_MS;
        changed |= self.attach_trunk(addresses);
        if changed {
            self.last_change_ms = self.now_ms;
        }
    }

    /// Starts again when the first start ended with [`StartError::EmptyPool`]: the daemon is
    /// restarted by its supervisor and tries one growth step; whether the node is Ready now.
    pub fn start_again<A: Addresses>(&mut self, addresses: &mut A) -> bool {
        if !self.ready && !self.enis.is_empty() {
            self.calls.start_again(self.counts.enis);
            self.last_call_ms = self.now_ms;
            self.last_no_room_ms = None;
            if self.targets.too_low(&self.counts) {
                self.grow(self.now_ms, addresses);
            }
            self.ready = self.counts.addresses > 0;
        }
        self.ready
    }

    /// Takes over the warm targets, MAX_ENI and what else only bounds the pool of other settings, as a restart of the daemon with
    /// another environment does. What pods get addresses from stays as it was at the start.
    pub fn retarget(&mut self, settings: &PoolSettings) {
        self.settings.warm_eni_target = settings.warm_eni_target;
        self.settings.warm_ip_target = settings.warm_ip_target;
        self.settings.minimum_ip_target = settings.minimum_ip_target;
        self.settings.warm_prefix_target = settings.warm_prefix_target;
        self.settings.max_eni = settings.max_eni;
        self.settings.frozen = settings.frozen;
        self.settings.cool_down_seconds = settings.cool_down_seconds;
        self.settings.subnet_discovery = settings.subnet_discovery;
        if let (PoolRules::Windows(own), PoolRules::Windows(new)) =
            (self.settings.rules, settings.rules)
            && own.mode() == new.mode()
        {
            self.settings.rules = settings.rules;
        }
        self.targets = self.settings.targets();
        self.most_enis = self.settings.most_enis();
    }

    /// Lets time go by in whole passes in which nothing would happen.
    pub fn skip(&mut self, passes: u64) {
        self.now_ms = self.now_ms.saturating_add(passes.saturating_mul(PASS_MS));
    }

    /// The VPC resource controller attaches the trunk, whatever MAX_ENI says, and tries again when
    /// its subnet is full. Whether it came in this pass.
    fn attach_trunk<A: Addresses>(&mut self, addresses: &mut A) -> bool {
        if !self.settings.pod_eni || self.trunk || self.now_ms <= TRUNK_MS {
            return false;
        }
        let side = self.side_of_new_eni();
        let room = self.attached() < self.settings.card_enis();
        if !room || !addresses.create(side, EniId(self.next_eni), self.slots(0)) {
            return false;
        }
        self.attach(EniKind::Trunk, side, TRUNK_MS);
        self.trunk = true;
        self.calls.trunk_seen();
        self.last_call_ms = self.now_ms;
        true
    }

    /// Time since start, in milliseconds.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        self.now_ms
    }

    /// When ENIs or slots last changed: the end of that pass, in milliseconds since start.
    #[must_use]
    pub fn last_change_ms(&self) -> u64 {
        self.last_change_ms
    }

    /// When EC2 was last called, in milliseconds since start.
    #[must_use]
    pub fn last_call_ms(&self) -> u64 {
        self.last_call_ms
    }

    /// When a growth step last found that a subnet had no room, after which none is taken for a while.
    #[must_use]
    pub fn last_no_room_ms(&self) -> Option<u64> {
        self.last_no_room_ms
    }

    /// Growth steps that were wanted and not taken because a subnet had no room shortly before.
    #[must_use]
    pub fn paused_steps(&self) -> u32 {
        self.paused_steps
    }

    /// Whether the node became Ready.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.ready
    }

    /// Its settings.
    #[must_use]
    pub fn settings(&self) -> &PoolSettings {
        &self.settings
    }

    /// What the pool holds now.
    #[must_use]
    pub fn counts(&self) -> PoolCounts {
        self.counts
    }

    /// What was asked of EC2 since the start.
    #[must_use]
    pub fn calls(&self) -> &Calls {
        &self.calls
    }

    /// Attempts to give a pod an address that failed.
    #[must_use]
    pub fn failed_attempts(&self) -> u32 {
        self.failed_attempts
    }

    /// How long any of its timers runs at most, in milliseconds.
    #[must_use]
    pub fn longest_timer_ms(&self) -> u64 {
        LONGEST_TIMER_MS.max(self.settings.cool_down_ms())
    }

    /// ENIs on the default card, those that the CNI leaves alone included.
    #[must_use]
    pub fn attached(&self) -> u32 {
        self.counts.enis.saturating_add(self.settings.unmanaged)
    }

    /// Addresses freed before then have rested enough. Time is too short for any to have rested early on.
    fn rested_ms(&self, now_ms: u64) -> u64 {
        now_ms.saturating_sub(self.settings.cool_down_ms())
    }

    fn slots(&self, count: u32) -> Slots {
        Slots { mode: self.targets.mode, count }
    }

    fn side_of_new_eni(&self) -> SubnetSide {
        if self.settings.custom_networking { SubnetSide::Pod } else { SubnetSide::Node }
    }

    fn attach(&mut self, kind: EniKind, side: SubnetSide, attached_ms: u64) {
        self.enis.push(Eni::new(EniId(self.next_eni), kind, side, attached_ms));
        self.next_eni += 1;
        self.counts.enis += 1;
    }

    fn is_carrier(&self, eni: &Eni) -> bool {
        match eni.kind {
            EniKind::Primary => self.settings.primary_carries(),
            EniKind::Secondary => true,
            EniKind::Trunk | EniKind::Unmanaged => false,
        }
    }
}
