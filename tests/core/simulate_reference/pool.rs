//! A node's pool in plain rows: each address stands there with its pod and with when it was freed, and
//! every number is counted anew whenever it is needed. Nothing of `eksnet::ipam` decides here.
//!
//! ENIs and slots are walked in the order they came; EC2 answers at once.

mod alike;
mod numbers;
mod refused;
mod steps;
mod traces;

use eksnet::ipam::{
    Addresses, Calls, EniId, PoolCounts, PoolSettings, Slots, StartError, SubnetSide,
};

/// A pass, and when in it the pool is looked at.
const PASS_MS: u64 = 5_000;
const UPDATE_MS: u64 = 2_500;
/// Between detaching and deleting an ENI.
const FREE_MS: u64 = 2_000;

#[derive(Debug, Clone, Default)]
struct Address {
    /// Pods are numbered as they come.
    pod: Option<u64>,
    freed_ms: Option<u64>,
}

impl Address {
    /// Whether it was freed, and so long before has not passed yet.
    fn rests(&self, now_ms: u64, cool_down_ms: u64) -> bool {
        self.pod.is_none() && self.freed_ms.is_some_and(|freed| now_ms - freed <= cool_down_ms)
    }

    fn is_never_used(&self) -> bool {
        self.pod.is_none() && self.freed_ms.is_none()
    }
}

/// The addresses of one slot: one, or the 16 of a prefix.
type Slot = Vec<Address>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Primary,
    Secondary,
    Trunk,
}

#[derive(Debug, Clone)]
struct Eni {
    id: EniId,
    kind: Kind,
    side: SubnetSide,
    attached_ms: u64,
    slots: Vec<Slot>,
}

impl Eni {
    fn addresses(&self) -> impl Iterator<Item = &Address> {
        self.slots.iter().flatten()
    }

    fn pods(&self) -> usize {
        self.addresses().filter(|address| address.pod.is_some()).count()
    }
}

/// One node. Time is in milliseconds since its start.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    settings: PoolSettings,
    enis: Vec<Eni>,
    /// ENIs and pods that ever came.
    enis_came: u32,
    pods_came: u64,
    now_ms: u64,
    last_call_ms: u64,
    last_give_back_ms: Option<u64>,
    last_no_room_ms: Option<u64>,
    paused_steps: u32,
    calls: Calls,
    ready: bool,
}

impl Node {
    /// Boots a node; one that is not Ready stays so in its passes.
    pub(crate) fn start<A: Addresses>(
        settings: PoolSettings,
        ec2: &mut A,
    ) -> (Self, Result<(), StartError>) {
        let mut node = Self {
            settings,
            enis: Vec::new(),
            enis_came: 0,
            pods_came: 0,
            now_ms: 0,
            last_call_ms: 0,
            last_give_back_ms: None,
            last_no_room_ms: None,
            paused_steps: 0,
            calls: Calls::default(),
            ready: false,
        };
        let started = node.boot(ec2);
        (node, started)
    }

    fn boot<A: Addresses>(&mut self, ec2: &mut A) -> Result<(), StartError> {
        if !ec2.create(SubnetSide::Node, EniId(0), self.some(0)) {
            return Err(StartError::NoAddressForNode);
        }
        self.attach(Kind::Primary, SubnetSide::Node, 0);
        self.calls.ec2.describe_network_interfaces += 1;
        self.calls.ec2.create_tags += 1;
        self.calls.ec2.describe_subnets += 1;
        if !self.settings.custom_networking {
            self.calls.ec2.modify_network_interface_attribute += 1;
        }
        self.first_step(ec2);
        if self.ready { Ok(()) } else { Err(StartError::EmptyPool) }
    }

    /// A start ends with one growth step, and is vain when custom networking then has no address.
    fn first_step<A: Addresses>(&mut self, ec2: &mut A) {
        if self.is_too_low() {
            self.grow(self.now_ms, ec2);
        }
        self.ready = !self.settings.custom_networking || self.total() > 0;
    }

    /// The daemon of a node that is not Ready is restarted.
    pub(crate) fn start_again<A: Addresses>(&mut self, ec2: &mut A) -> bool {
        if !self.ready && !self.enis.is_empty() {
            // As at the first start, but for the tags, which stand.
            self.calls.ec2.describe_network_interfaces += 1;
            self.calls.ec2.describe_subnets += u32::try_from(self.enis.len()).unwrap();
            self.last_call_ms = self.now_ms;
            self.last_no_room_ms = None;
            self.first_step(ec2);
        }
        self.ready
    }

    /// One pass; whether an ENI or a slot came or went. A frozen pool only meets its trunk.
    pub(crate) fn pass<A: Addresses>(&mut self, ec2: &mut A) -> bool {
        let update_ms = self.now_ms + UPDATE_MS;
        self.now_ms += PASS_MS;
        if !self.ready {
            return false;
        }
        if self.settings.frozen {
            return self.attach_trunk(ec2);
        }
        let may_free = self.may_free_eni();
        let mut changed = if self.is_too_low() {
            self.grow(update_ms, ec2)
        } else {
            self.give_back(update_ms, ec2)
        };
        if may_free && self.free_eni(update_ms, ec2) {
            self.now_ms += FREE_MS;
            changed = true;
        }
        self.attach_trunk(ec2) || changed
    }

    /// Passes go by in which nothing happens.
    pub(crate) fn skip(&mut self, passes: u64) {
        self.now_ms += passes * PASS_MS;
    }

    /// The daemon is restarted with other targets.
    pub(crate) fn retarget(&mut self, new: &PoolSettings) {
        self.settings = PoolSettings {
            warm_eni_target: new.warm_eni_target,
            warm_ip_target: new.warm_ip_target,
            minimum_ip_target: new.minimum_ip_target,
            warm_prefix_target: new.warm_prefix_target,
            max_eni: new.max_eni,
            frozen: new.frozen,
            cool_down_seconds: new.cool_down_seconds,
            subnet_discovery: new.subnet_discovery,
            ..self.settings.clone()
        };
    }

    fn attach(&mut self, kind: Kind, side: SubnetSide, attached_ms: u64) {
        let id = EniId(self.enis_came);
        self.enis_came += 1;
        self.enis.push(Eni { id, kind, side, attached_ms, slots: Vec::new() });
    }

    fn gain(&mut self, at: usize, slots: Slots) {
        let slot = vec![Address::default(); usize::try_from(self.unit()).unwrap()];
        let slots = usize::try_from(slots.count).unwrap();
        self.enis[at].slots.extend(std::iter::repeat_n(slot, slots));
    }

    fn side_of_new(&self) -> SubnetSide {
        if self.settings.custom_networking { SubnetSide::Pod } else { SubnetSide::Node }
    }

    fn some(&self, slots: i64) -> Slots {
        Slots { mode: self.settings.mode, count: u32::try_from(slots).unwrap() }
    }

    /// A pod goes to the first slot that has an address for it: one that has rested, or else one never
    /// used.
    pub(crate) fn add_pod(&mut self) -> bool {
        let (now_ms, cool_down_ms) = (self.now_ms, self.cool_down_ms());
        if !self.ready {
            return false;
        }
        for slot in self.enis.iter_mut().flat_map(|eni| &mut eni.slots) {
            let rested = slot.iter().position(|address| {
                let was_used = address.pod.is_none() && address.freed_ms.is_some();
                was_used && !address.rests(now_ms, cool_down_ms)
            });
            if let Some(at) = rested.or_else(|| slot.iter().position(Address::is_never_used)) {
                slot[at] = Address { pod: Some(self.pods_came), freed_ms: None };
                self.pods_came += 1;
                return true;
            }
        }
        false
    }

    pub(crate) fn delete_newest(&mut self) -> bool {
        let newest = self.addresses().filter_map(|address| address.pod).max();
        self.delete(newest)
    }

    pub(crate) fn delete_oldest(&mut self) -> bool {
        let oldest = self.addresses().filter_map(|address| address.pod).min();
        self.delete(oldest)
    }

    fn delete(&mut self, pod: Option<u64>) -> bool {
        let now_ms = self.now_ms;
        let slots = self.enis.iter_mut().flat_map(|eni| &mut eni.slots);
        let its = slots.flatten().find(|address| pod.is_some() && address.pod == pod);
        let Some(address) = its else { return false };
        *address = Address { pod: None, freed_ms: Some(now_ms) };
        true
    }

    pub(crate) fn now_ms(&self) -> u64 {
        self.now_ms
    }

    /// When EC2 was last called.
    pub(crate) fn last_call_ms(&self) -> u64 {
        self.last_call_ms
    }

    /// When a subnet last had no room.
    pub(crate) fn last_no_room_ms(&self) -> Option<u64> {
        self.last_no_room_ms
    }

    /// Growth steps not taken because of that.
    pub(crate) fn paused_steps(&self) -> u32 {
        self.paused_steps
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.ready
    }

    pub(crate) fn settings(&self) -> &PoolSettings {
        &self.settings
    }

    pub(crate) fn calls(&self) -> &Calls {
        &self.calls
    }

    pub(crate) fn counts(&self) -> PoolCounts {
        let number = |number: i64| u32::try_from(number).unwrap();
        PoolCounts {
            enis: number(numbers::of(self.enis.len())),
            addresses: number(self.total()),
            assigned: number(self.assigned()),
            prefixes: number(self.slots()),
            free_prefixes: number(self.free_slots()),
        }
    }

    pub(crate) fn slots_by_eni(&self) -> impl Iterator<Item = u32> {
        self.enis.iter().map(|eni| u32::try_from(eni.slots.len()).unwrap())
    }

    pub(crate) fn pods_by_eni(&self) -> impl Iterator<Item = u32> {
        self.enis.iter().map(|eni| u32::try_from(eni.pods()).unwrap())
    }

    pub(crate) fn trunk_index(&self) -> Option<usize> {
        self.enis.iter().position(|eni| eni.kind == Kind::Trunk)
    }
}
