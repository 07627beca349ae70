//! Reading and auditing 100,000 interfaces with a million addresses, held against a bare serde_json
//! pass over the same text.
#![expect(clippy::unwrap_used, reason = "a benchmark stops where it fails")]

use std::{fmt::Write as _, hint::black_box, net::Ipv4Addr};

use criterion::{Criterion, criterion_group, criterion_main};
use eksnet::{
    audit::{Counted, Policy, Questions, Settings, judge},
    instance::BUILTIN,
    inventory::{Inventory, Places, Selection, answers::Answers, select},
};
use serde::Deserialize;

const SUBNETS: u32 = 64;
const INTERFACES: u32 = 100_000;
const SECONDARY: u32 = 9;

/// Subnets of /18, and interfaces of ten addresses each in them, as the AWS CLI prints them.
fn answers() -> [String; 4] {
    let mut subnets = "{\"Subnets\": [".to_owned();
    for n in 0..SUBNETS {
        let cidr = Ipv4Addr::from(0x0a00_0000 + (n << 14));
        let comma = if n == 0 { "" } else { "," };
        write!(subnets, "{comma}{{\"SubnetId\": \"subnet-{n}\", \"VpcId\": \"vpc-1\", \"AvailabilityZone\": \"eu-west-1a\", \"CidrBlock\": \"{cidr}/18\", \"AvailableIpAddressCount\": 100}}").unwrap();
    }
    subnets.push_str("]}");
    let mut interfaces = "{\n    \"NetworkInterfaces\": [".to_owned();
    for n in 0..INTERFACES {
        let (subnet, at) = (n % SUBNETS, n / SUBNETS);
        let base = 0x0a00_0000 + (subnet << 14) + 4 + at * (SECONDARY + 1);
        let comma = if n == 0 { "" } else { "," };
        write!(interfaces, "{comma}\n        {{\n            \"NetworkInterfaceId\": \"eni-{n:017x}\",\n            \"SubnetId\": \"subnet-{subnet}\",\n            \"VpcId\": \"vpc-1\",\n            \"OwnerId\": \"111122223333\",\n            \"Status\": \"in-use\",\n            \"InterfaceType\": \"interface\",\n            \"Description\": \"aws-K8S-i-{at:017x}\",\n            \"Attachment\": {{\"InstanceId\": \"i-{at:017x}\", \"DeviceIndex\": 1}},\n            \"PrivateIpAddresses\": [").unwrap();
        for address in 0..=SECONDARY {
            let text = Ipv4Addr::from(base + address);
            let (comma, primary) = if address == 0 { ("", true) } else { (",", false) };
            write!(interfaces, "{comma}\n                {{\n                    \"Primary\": {primary},\n                    \"PrivateDnsName\": \"ip-10-0-0-1.eu-west-1.compute.internal\",\n                    \"PrivateIpAddress\": \"{text}\"\n                }}").unwrap();
        }
        interfaces.push_str("\n            ],\n            \"TagSet\": [{\"Key\": \"cluster.k8s.amazonaws.com/name\", \"Value\": \"prod\"}]\n        }");
    }
    interfaces.push_str("\n    ]\n}\n");
    [
        subnets,
        interfaces,
        "{\"Reservations\": []}".to_owned(),
        "{\"SubnetIpv4CidrReservations\": []}".to_owned(),
    ]
}

/// The least that counting addresses by subnet needs.
#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow, rename = "NetworkInterfaces")]
    _interfaces: Vec<InterfaceRow<'a>>,
}

#[derive(Deserialize)]
struct InterfaceRow<'a> {
    #[serde(rename = "SubnetId")]
    _subnet_id: &'a str,
    #[serde(rename = "PrivateIpAddresses")]
    _addresses: Vec<AddressRow>,
}

#[derive(Deserialize)]
struct AddressRow {
    #[serde(rename = "PrivateIpAddress")]
    _address: Ipv4Addr,
}

fn read(files: &[String]) -> Inventory {
    let mut answers = Answers::default();
    for file in files {
        answers.read("saved.json", file.as_bytes()).unwrap();
    }
    answers.into_inventory().unwrap()
}

fn large_world(c: &mut Criterion) {
    let files = answers();
    let mut group = c.benchmark_group("100,000 interfaces");
    group.sample_size(10);
    group.bench_function("serde_json passes over the text", |b| {
        b.iter(|| {
            for file in &files {
                black_box(serde_json::from_str::<serde::de::IgnoredAny>(file).unwrap());
            }
        });
    });
    let [_, interfaces, ..] = &files;
    group.bench_function("serde_json reads subnet ids and addresses", |b| {
        b.iter(|| black_box(serde_json::from_str::<Answer<'_>>(interfaces).unwrap()));
    });
    group.bench_function("read", |b| b.iter(|| black_box(read(&files))));
    let inventory = read(&files);
    let selected = select(&inventory, &Selection::default()).unwrap();
    let policy = Policy::default();
    let settings = Settings::usual(&BUILTIN, &policy);
    let places = Places::one_of(inventory, selected);
    group.bench_function("audit", |b| {
        b.iter(|| {
            let counted = Counted::of(&places, false).unwrap();
            black_box(judge(counted, &settings, Questions::default()))
        });
    });
    group.finish();
}

criterion_group!(benches, large_world);
criterion_main!(benches);
