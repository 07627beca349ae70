//! Plans of new VPCs in three zones that survive the loss of one: from the requirement to the ranked answer, on
//! as many threads as there are cores.
#![expect(clippy::unwrap_used, reason = "a benchmark stops where it fails")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use eksnet::{
    instance::BUILTIN,
    plan::{parse_requirement, plan},
};

fn survive_zone_loss(c: &mut Criterion) {
    let mut group = c.benchmark_group("plan");
    group.sample_size(10);
    for pods in [1_000_u64, 15_000] {
        let text = format!(
            "version: 1\nzones: [a, b, c]\n\
             groups: [{{name: g, pods: {{peak: {pods}}}, instance_types: [m6i.2xlarge], pods_per_node: 40}}]\n\
             survive: {{zone_loss: 1, rollout: {{max_surge: 33%}}, upgrade: true}}\n"
        );
        let requirement = parse_requirement(&text).unwrap();
        group.throughput(Throughput::Elements(pods));
        group.bench_with_input(
            BenchmarkId::from_parameter(pods),
            &requirement,
            |b, requirement| {
                b.iter(|| black_box(plan(requirement, &BUILTIN).unwrap()));
            },
        );
    }
    group.finish();
}

criterion_group!(benches, survive_zone_loss);
criterion_main!(benches);
