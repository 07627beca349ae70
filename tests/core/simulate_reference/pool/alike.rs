//! The pool against `eksnet::ipam`'s, pass by pass, on random nodes whose ENIs lie in several subnets
//! that are short of addresses.

use std::collections::BTreeMap;

use eksnet::ipam::{self, Addresses, EniId, PoolMode, PoolSettings, Slots, SubnetSide};
use proptest::{option, prelude::*, sample::select};

use super::Node;

/// Addresses that subnets have left, and where an ENI is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ec2 {
    pub(super) left: Vec<u32>,
    subnets: BTreeMap<EniId, usize>,
}

impl Ec2 {
    pub(super) fn new(left: Vec<u32>) -> Self {
        Self { left, subnets: BTreeMap::new() }
    }

    fn take(&mut self, at: usize, addresses: u32) -> bool {
        let fits = addresses <= self.left[at];
        self.left[at] -= if fits { addresses } else { 0 };
        fits
    }
}

impl Addresses for Ec2 {
    fn assign(&mut self, _: SubnetSide, eni: EniId, slots: Slots) -> bool {
        self.take(self.subnets[&eni], slots.addresses())
    }

    /// In the subnet that has the most left.
    fn create(&mut self, _: SubnetSide, eni: EniId, slots: Slots) -> bool {
        let emptiest = (0..self.left.len()).rev().max_by_key(|at| self.left[*at]);
        let at = if eni == EniId::PRIMARY { 0 } else { emptiest.unwrap() };
        self.subnets.insert(eni, at);
        self.take(at, slots.addresses() + 1)
    }

    fn unassign(&mut self, _: SubnetSide, eni: EniId, slots: Slots) {
        self.left[self.subnets[&eni]] += slots.addresses();
    }

    fn delete(&mut self, _: SubnetSide, eni: EniId, slots: Slots) {
        self.left[self.subnets[&eni]] += slots.addresses() + 1;
    }
}

fn targets() -> impl Strategy<Value = [Option<i64>; 5]> {
    let one = |most: i64| option::weighted(0.4, -1..most);
    (one(3), one(20), one(40), one(4), one(6)).prop_map(|all| [all.0, all.1, all.2, all.3, all.4])
}

fn with(settings: &PoolSettings, targets: [Option<i64>; 5]) -> PoolSettings {
    PoolSettings {
        warm_eni_target: targets[0],
        warm_ip_target: targets[1],
        minimum_ip_target: targets[2],
        warm_prefix_target: targets[3],
        max_eni: targets[4],
        ..settings.clone()
    }
}

fn settings() -> impl Strategy<Value = PoolSettings> {
    let node = (1u32..5, 1u32..8, any::<bool>(), 0u32..60);
    let modes = (
        prop::bool::weighted(0.3),
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.3),
        any::<bool>(),
    );
    let rest = (0u32..2, prop::bool::weighted(0.1), select(vec![0u32, 30, 47, 60]));
    (node, modes, rest, targets()).prop_map(|(node, modes, rest, targets)| {
        let (enis, ipv4_per_eni, prefix, max_pods) = node;
        let settings = PoolSettings {
            enis,
            ipv4_per_eni,
            mode: if prefix { PoolMode::Prefix } else { PoolMode::SecondaryIp },
            custom_networking: modes.0,
            primary_excluded: modes.1,
            pod_eni: modes.2,
            max_pods,
            unmanaged: rest.0,
            frozen: rest.1,
            cool_down_seconds: rest.2,
            subnet_discovery: modes.3,
            ..PoolSettings::default()
        };
        with(&settings, targets)
    })
}

#[derive(Debug, Clone)]
enum Event {
    Add(u32),
    Newest(u32),
    Oldest(u32),
    Passes(u32),
    Retarget([Option<i64>; 5]),
    StartAgain,
    /// Others leave a subnet so much.
    Leave(usize, u32),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => (1u32..40).prop_map(Event::Add),
        2 => (1u32..40).prop_map(Event::Newest),
        2 => (1u32..20).prop_map(Event::Oldest),
        4 => (1u32..40).prop_map(Event::Passes),
        1 => targets().prop_map(Event::Retarget),
        1 => Just(Event::StartAgain),
        1 => (0usize..3, 0u32..60).prop_map(|(at, left)| Event::Leave(at, left)),
    ]
}

/// A node of each, which have to be alike.
struct Both {
    rows: (Node, Ec2),
    other: (ipam::Node, Ec2),
}

impl Both {
    fn act(&mut self, event: &Event) {
        let ((rows, ec2), (other, other_ec2)) = (&mut self.rows, &mut self.other);
        match event {
            Event::Add(pods) => {
                (0..*pods).for_each(|_| assert_eq!(rows.add_pod(), other.add_pod()));
            }
            Event::Newest(pods) => {
                (0..*pods).for_each(|_| assert_eq!(rows.delete_newest(), other.delete_newest()));
            }
            Event::Oldest(pods) => {
                (0..*pods).for_each(|_| assert_eq!(rows.delete_oldest(), other.delete_oldest()));
            }
            Event::Passes(_) => {
                rows.pass(ec2);
                other.pass(other_ec2);
            }
            Event::Retarget(targets) => {
                let settings = with(rows.settings(), *targets);
                rows.retarget(&settings);
                other.retarget(&settings);
            }
            Event::StartAgain => assert_eq!(rows.start_again(ec2), other.start_again(other_ec2)),
            Event::Leave(at, left) => (ec2.left[*at], other_ec2.left[*at]) = (*left, *left),
        }
    }

    fn check(&self) {
        let ((rows, ec2), (other, other_ec2)) = (&self.rows, &self.other);
        assert_eq!(rows.counts(), other.counts());
        assert!(rows.slots_by_eni().eq(other.slots_by_eni()));
        assert!(rows.pods_by_eni().eq(other.pods_by_eni()));
        assert_eq!(rows.trunk_index(), other.trunk_index());
        assert_eq!(rows.calls(), other.calls());
        assert_eq!(rows.is_ready(), other.is_ready());
        assert_eq!(rows.last_no_room_ms(), other.last_no_room_ms());
        assert_eq!(rows.paused_steps(), other.paused_steps());
        assert_eq!((rows.now_ms(), rows.last_call_ms()), (other.now_ms(), other.last_call_ms()));
        assert_eq!(ec2, other_ec2);
    }
}

proptest! {
    // Some rules decide in one of a thousand nodes.
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases.max(4_000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_two_pools_are_alike(
        settings in settings(),
        left in prop::collection::vec(prop_oneof![0u32..90, 90u32..400], 3),
        events in prop::collection::vec(event(), 0..16),
    ) {
        let ec2 = Ec2::new(left);
        let (mut mine, mut its) = (ec2.clone(), ec2);
        let (rows, started) = Node::start(settings.clone(), &mut mine);
        let (other, other_started) = ipam::Node::start(settings, &mut its);
        prop_assert_eq!(started, other_started);
        let mut both = Both { rows: (rows, mine), other: (other, its) };
        both.check();
        for event in events {
            let times = if let Event::Passes(passes) = event { passes } else { 1 };
            for _ in 0..times {
                both.act(&event);
                both.check();
            }
        }
    }
}
