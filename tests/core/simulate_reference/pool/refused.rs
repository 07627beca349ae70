//! What a pool does when a subnet refuses, counted by hand.

use eksnet::ipam::PoolSettings;

use super::{Node, alike::Ec2};

/// Two pods on the two addresses of a primary ENI whose subnet is then full; another subnet is not.
fn full(discovers: bool) -> (Node, Ec2) {
    let settings = PoolSettings {
        enis: 3,
        ipv4_per_eni: 4,
        warm_ip_target: Some(2),
        max_pods: 110,
        subnet_discovery: discovers,
        ..PoolSettings::default()
    };
    let mut ec2 = Ec2::new(vec![3, 100]);
    let (mut node, started) = Node::start(settings, &mut ec2);
    assert_eq!((started, ec2.left[0]), (Ok(()), 0));
    assert!(node.add_pod() && node.add_pod() && !node.add_pod());
    node.pass(&mut ec2);
    (node, ec2)
}

/// One address is asked for, as the ENI has room for no more, and asked for again.
#[test]
fn with_discovery_an_eni_comes_from_another_subnet() {
    let (node, ec2) = full(true);
    assert_eq!(node.calls().ec2_errors.assign_private_ip_addresses, 2);
    assert!(node.slots_by_eni().eq([2, 2]));
    assert_eq!((ec2.left[1], node.last_no_room_ms()), (97, None));
}

/// The first ENI is asked in vain, twice; the one in the other subnet has room for one of two.
#[test]
fn with_discovery_the_next_eni_is_asked() {
    let (mut node, mut ec2) = full(true);
    assert!(node.add_pod() && node.add_pod() && !node.add_pod());
    node.pass(&mut ec2);
    assert_eq!(node.calls().ec2_errors.assign_private_ip_addresses, 2 + 2);
    assert!(node.slots_by_eni().eq([2, 3]));
    assert_eq!((node.calls().api.alloc_eni, node.last_no_room_ms()), (1, None));
}

/// The step at 2.5 s is the last until 122.5 s: 23 between them are not taken.
#[test]
fn without_discovery_the_refusal_starts_the_pause() {
    let (mut node, mut ec2) = full(false);
    assert_eq!(node.last_no_room_ms(), Some(2_500));
    for passes in 1..=23 {
        node.pass(&mut ec2);
        assert_eq!((node.paused_steps(), node.calls().api.alloc_ip_addresses), (passes, 3));
    }
    node.pass(&mut ec2);
    assert_eq!((node.last_no_room_ms(), node.last_call_ms()), (Some(122_500), 122_500));
    assert_eq!(node.calls().ec2_errors.assign_private_ip_addresses, 4);
    assert_eq!((node.calls().api.alloc_eni, ec2.left), (0, vec![0, 100]));
}
