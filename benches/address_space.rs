//! The address space: a /16 with 60,000 addresses, from empty to every count.
#![expect(clippy::unwrap_used, reason = "a benchmark stops where it fails")]

use std::{hint::black_box, net::Ipv4Addr};

use criterion::{Criterion, criterion_group, criterion_main};
use eksnet::network::{AddressSpace, Cidr, ReservationKind};

/// 60,000 addresses all over the subnet, in an order that jumps about.
fn addresses(cidr: Cidr) -> Vec<Ipv4Addr> {
    let first = u32::from(cidr.first());
    (0..60_000u32).map(|n| Ipv4Addr::from(first + 4 + (n * 40_503) % 65_531)).collect()
}

fn full_space(c: &mut Criterion) {
    let cidr: Cidr = "10.0.0.0/16".parse().unwrap();
    let addresses = addresses(cidr);
    let fill = || {
        let mut space = AddressSpace::new(cidr).unwrap();
        for address in &addresses {
            space.take(*address).unwrap();
        }
        space
    };
    c.bench_function("take 60,000 addresses of a /16", |b| b.iter(|| black_box(fill())));
    let mut space = fill();
    space.reserve("10.0.128.0/17".parse().unwrap(), ReservationKind::Prefix).unwrap();
    space.reserve("10.0.0.0/20".parse().unwrap(), ReservationKind::Explicit).unwrap();
    c.bench_function("every count of a /16", |b| {
        b.iter(|| {
            let counts = black_box(&space).block_counts();
            black_box((
                counts,
                space.free(),
                space.reserved_free(),
                space.assignable_prefixes(),
                space.assignable_prefixes_in_reservation(),
            ))
        });
    });
}

criterion_group!(benches, full_space);
criterion_main!(benches);
