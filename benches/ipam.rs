//! One node: passes in which nothing changes, and a whole replay.
#![expect(clippy::panic, reason = "a benchmark stops where it fails")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use eksnet::ipam::{
    CountedSubnets, DeleteOrder, Node, NodeInput, Op, PodEvent, PoolMode, PoolSettings, replay,
};

/// Passes in one measurement.
const PASSES: u64 = 1_000;

fn settings(enis: u32, ipv4_per_eni: u32, mode: PoolMode) -> PoolSettings {
    PoolSettings {
        enis,
        ipv4_per_eni,
        mode,
        custom_networking: false,
        primary_excluded: false,
        pod_eni: false,
        warm_eni_target: Some(1),
        warm_ip_target: None,
        minimum_ip_target: None,
        warm_prefix_target: Some(1),
        max_eni: None,
        max_pods: 737,
        ..PoolSettings::default()
    }
}

/// A node with pods that has settled.
fn settled(settings: PoolSettings, pods: u32) -> (Node, CountedSubnets) {
    let mut subnets = CountedSubnets::new(None, None);
    let (mut node, started) = Node::start(settings, &mut subnets);
    if let Err(error) = started {
        panic!("{error}");
    }
    let mut left = pods;
    for _ in 0..200 {
        left -= node.add_pods(left);
        node.pass(&mut subnets);
    }
    assert_eq!(node.counts().assigned, pods);
    (node, subnets)
}

fn passes(c: &mut Criterion) {
    let low_targets = PoolSettings {
        warm_ip_target: Some(5),
        minimum_ip_target: Some(10),
        ..settings(15, 50, PoolMode::SecondaryIp)
    };
    let rows = [
        ("m5.large, 20 pods", settings(3, 10, PoolMode::SecondaryIp), 20),
        ("m5.large, prefixes, 100 pods", settings(3, 10, PoolMode::Prefix), 100),
        ("p3dn.24xlarge, 600 pods", settings(15, 50, PoolMode::SecondaryIp), 600),
        ("p3dn.24xlarge, IP targets, 600 pods", low_targets, 600),
    ];
    let mut group = c.benchmark_group("settled pass");
    group.throughput(Throughput::Elements(PASSES));
    for (name, settings, pods) in rows {
        let (mut node, mut subnets) = settled(settings, pods);
        group.bench_function(name, |b| {
            b.iter(|| {
                for _ in 0..PASSES {
                    black_box(&mut node).pass(&mut subnets);
                }
            });
        });
    }
    group.finish();
}

fn whole_replay(c: &mut Criterion) {
    let event = |op, n| PodEvent {
        op,
        n,
        retry: true,
        del_order: DeleteOrder::Oldest,
        wait: None,
        t: None,
    };
    let input = NodeInput {
        settings: settings(15, 50, PoolMode::SecondaryIp),
        subnet_capacity: None,
        pod_subnet_capacity: None,
        free_blocks: None,
        events: vec![event(Op::Add, 700), event(Op::Delete, 650), event(Op::Add, 300)],
    };
    c.bench_function("replay of 1,650 pods coming and going", |b| {
        b.iter(|| replay(black_box(&input)));
    });
}

criterion_group!(benches, passes, whole_replay);
criterion_main!(benches);
