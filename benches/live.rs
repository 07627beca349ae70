//! Collecting 100,000 interfaces over HTTP: pages of 1,000 in the real XML, from a stand-in on
//! loopback in the same process.
#![expect(clippy::unwrap_used, reason = "a benchmark stops where it fails")]

#[path = "../tests/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the tests use more of it")]
mod support;

use std::process::Command;

use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::{Value, json};
use support::fake_ec2::{FakeEc2, Options, World};

const INTERFACES: u32 = 100_000;

fn interface(n: u32) -> Value {
    let address = |k: u32| std::net::Ipv4Addr::from(0x0a00_0000 + n * 10 + k).to_string();
    let addresses: Vec<Value> = (0..10)
        .map(|k| json!({"Primary": k == 0, "PrivateIpAddress": address(k), "PrivateDnsName": "ip-10-0-0-1.eu-west-1.compute.internal"}))
        .collect();
    json!({
        "NetworkInterfaceId": format!("eni-{n:017x}"), "SubnetId": "subnet-1", "VpcId": "vpc-1",
        "OwnerId": "111122223333", "Status": "in-use", "InterfaceType": "interface",
        "Description": format!("aws-K8S-i-{n:017x}"), "PrivateIpAddress": address(0),
        "PrivateIpAddresses": addresses,
        "TagSet": [{"Key": "cluster.k8s.amazonaws.com/name", "Value": "prod"}],
    })
}

fn collection(c: &mut Criterion) {
    let mut world =
        World::load(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/vpc-prod"));
    world.subnets = json!({"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1",
        "CidrBlock": "10.0.0.0/16", "AvailabilityZone": "eu-west-1a"}]});
    world.vpcs = json!({"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]});
    world.instances = json!({"Reservations": []});
    let interfaces: Vec<Value> = (0..INTERFACES).map(interface).collect();
    let mut answer = serde_json::Map::new();
    answer.insert("NetworkInterfaces".to_owned(), Value::Array(interfaces));
    world.network_interfaces = Value::Object(answer);
    let server = FakeEc2::from_world(world, Options::default());
    let endpoint = server.endpoint();
    let mut group = c.benchmark_group("live");
    group.sample_size(10);
    group.bench_function("snapshot of 100,000 interfaces", |b| {
        b.iter(|| {
            let status = Command::new(env!("CARGO_BIN_EXE_eksnet"))
                .args(["snapshot", "--vpc", "vpc-1", "--output-file", "/dev/null"])
                .env_clear()
                .env("AWS_ENDPOINT_URL", &endpoint)
                .env("AWS_ACCESS_KEY_ID", "test")
                .env("AWS_SECRET_ACCESS_KEY", "test")
                .env("AWS_REGION", "eu-west-1")
                .env("AWS_EC2_METADATA_DISABLED", "true")
                .status();
            assert!(status.unwrap().success());
        });
    });
    group.finish();
}

criterion_group!(benches, collection);
criterion_main!(benches);
