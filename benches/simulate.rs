//! A full roll-out of clusters of three sizes: time grows with the nodes and not faster.
#![expect(clippy::unwrap_used, reason = "a benchmark stops where it fails")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use eksnet::{
    instance::BUILTIN,
    simulate::{check, parse, run},
};

fn roll_out(c: &mut Criterion) {
    let mut group = c.benchmark_group("roll-out");
    group.sample_size(10);
    for nodes in [500_u64, 5_000, 50_000] {
        let text = format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/8]}}\n\
             subnets: [{{name: a, zone: z, cidr: 10.0.0.0/11}}, {{name: b, zone: y, cidr: 10.32.0.0/11}}]\n\
             node_groups: [{{name: g, instance_type: m5.large, subnets: [a, b], nodes: {nodes}, \
             pods_per_node: 20}}]\nsteps: [{{rollout: {{group: g, max_surge: 10%}}}}]\n"
        );
        let scenario = parse(&text).unwrap();
        let layout = check(&scenario, &BUILTIN, true).unwrap();
        group.throughput(Throughput::Elements(nodes));
        group.bench_with_input(BenchmarkId::from_parameter(nodes), &layout, |b, layout| {
            b.iter(|| black_box(run(layout, 1)));
        });
    }
    group.finish();
}

criterion_group!(benches, roll_out);
criterion_main!(benches);
