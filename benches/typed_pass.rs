//! What reading a file of interfaces is held against: serde_json over the whole text in memory, into
//! nothing but subnet ids and addresses, counted by subnet. A process of its own, so that its time and
//! memory are seen from outside; `scripts/measure-reader` runs it.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement stops where it fails, and prints"
)]

use std::{collections::BTreeMap, net::Ipv4Addr, time::Instant};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    #[serde(borrow)]
    network_interfaces: Vec<Interface<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Interface<'a> {
    subnet_id: &'a str,
    private_ip_addresses: Vec<Address>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Address {
    private_ip_address: Ipv4Addr,
}

fn main() {
    // Cargo runs benchmarks with a flag of its own, and in tests without a file.
    let Some(path) = std::env::args().skip(1).find(|argument| !argument.starts_with('-')) else {
        return;
    };
    let text = std::fs::read(path).unwrap();
    let begun = Instant::now();
    let answer: Answer = serde_json::from_slice(&text).unwrap();
    let mut subnets: BTreeMap<&str, usize> = BTreeMap::new();
    let mut sum = 0_u64;
    for interface in &answer.network_interfaces {
        *subnets.entry(interface.subnet_id).or_default() += interface.private_ip_addresses.len();
        for address in &interface.private_ip_addresses {
            sum = sum.wrapping_add(u32::from(address.private_ip_address).into());
        }
    }
    let addresses: usize = subnets.values().sum();
    println!(
        "{addresses} addresses in {} subnets (sum {sum}) in {:?}",
        subnets.len(),
        begun.elapsed()
    );
}
