//! A large VPC is read in several listings side by side, and nothing of it is lost.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};

use crate::{
    program::command,
    slow::{Answer::After, Slow},
    support::fake_ec2::{Behavior, FakeEc2, Options, Planned, When, World},
};

const SUBNETS: u32 = 6;
const NODES: u32 = 600;
/// Interfaces of a node.
const ENIS: u32 = 3;
const PAGE: usize = 50;

/// A VPC of so many nodes over its subnets: each node's ENIs have ten addresses, the third one lies in the
/// next subnet.
fn world() -> World {
    let subnets = (0..SUBNETS).map(|s| {
        let used = NODES * ENIS * 10 / SUBNETS;
        json!({"SubnetId": format!("subnet-{s}"), "VpcId": "vpc-1", "State": "available",
            "CidrBlock": format!("10.{s}.0.0/16"), "AvailabilityZone": "eu-west-1a",
            "OwnerId": "111122223333", "AvailableIpAddressCount": 65_531 - used})
    });
    let mut interfaces = Vec::new();
    let mut instances = Vec::new();
    let mut next = [10_u32; 6];
    for node in 0..NODES {
        let (id, home) = (format!("i-{node:08}"), node % SUBNETS);
        let mut own = Vec::new();
        for n in 0..ENIS {
            let subnet = if n == 2 { (home + 1) % SUBNETS } else { home };
            let first = &mut next[usize::try_from(subnet).unwrap()];
            let address =
                |k: u32| format!("10.{subnet}.{}.{}", (*first + k) / 256, (*first + k) % 256);
            let addresses: Vec<Value> = (0..10)
                .map(|k| json!({"Primary": k == 0, "PrivateIpAddress": address(k)}))
                .collect();
            let eni = json!({
                "NetworkInterfaceId": format!("eni-{node:05}-{n}"), "SubnetId": format!("subnet-{subnet}"),
                "VpcId": "vpc-1", "OwnerId": "111122223333", "Status": "in-use",
                "InterfaceType": "interface", "Description": format!("aws-K8S-{id}"),
                "PrivateIpAddress": address(0), "PrivateIpAddresses": addresses,
                "Attachment": {"InstanceId": id, "DeviceIndex": n, "Status": "attached"},
            });
            *first += 10;
            own.push(eni.clone());
            interfaces.push(eni);
        }
        instances.push(json!({"OwnerId": "111122223333", "Instances": [{
            "InstanceId": id, "InstanceType": "m5.large", "State": {"Name": "running"},
            "VpcId": "vpc-1", "SubnetId": format!("subnet-{home}"),
            "Placement": {"AvailabilityZone": "eu-west-1a"}, "NetworkInterfaces": own,
        }]}));
    }
    World {
        regions: json!({"Regions": [{"RegionName": "eu-west-1"}]}),
        vpcs: json!({"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]}),
        subnets: json!({"Subnets": subnets.collect::<Vec<_>>()}),
        network_interfaces: json!({"NetworkInterfaces": interfaces}),
        instances: json!({"Reservations": instances}),
        ..World::default()
    }
}

/// What a snapshot of the VPC holds.
fn snapshot(endpoint: &str) -> Value {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let file = folder.path().join("snapshot.json");
    let arguments = ["snapshot", "--vpc", "vpc-1", "--output-file", file.to_str().unwrap()];
    let output = command(&arguments)
        .env("AWS_ENDPOINT_URL", endpoint)
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_REGION", "eu-west-1")
        .output()
        .unwrap();
    assert!(matches!(output.status.code(), Some(0 | 4)), "{output:?}");
    let mut snapshot: Value = serde_json::from_slice(&fs::read(Path::new(&file)).unwrap()).unwrap();
    snapshot["inventory"]["source"]["captured_at"].take();
    snapshot
}

/// The longest listing of an operation, in pages, and how many listings there were.
fn longest(server: &FakeEc2, action: &str) -> (usize, usize) {
    let calls = server.calls();
    let calls = calls.iter().filter(|call| call.action == action);
    let of = |call: &crate::support::fake_ec2::Call| {
        let filter = call.parameters.iter().filter(|(name, _)| name.starts_with("Filter."));
        filter.map(|(_, value)| value.clone()).collect::<Vec<_>>()
    };
    let mut listings = std::collections::BTreeMap::new();
    for call in calls {
        *listings.entry(of(call)).or_insert(0) += 1;
    }
    (listings.values().copied().max().unwrap_or(0), listings.len())
}

#[test]
fn a_large_vpc_is_no_long_chain() {
    let whole = FakeEc2::from_world(world(), Options::default());
    let expected = snapshot(&whole.endpoint());
    assert_eq!(longest(&whole, "DescribeNetworkInterfaces"), (2, 1));
    let enis = expected["inventory"]["interfaces"].as_array().unwrap().len();
    assert_eq!(enis, usize::try_from(NODES * ENIS).unwrap());
    let options = Options { page_size: Some(PAGE), ..Options::default() };
    let server = FakeEc2::from_world(world(), options);
    let link = Slow::link(&server.endpoint(), &[("", After(5))]);
    assert_eq!(snapshot(&link.endpoint()), expected);
    // 1,800 interfaces on pages of 50, in six parts; 600 instances in one listing.
    assert_eq!(longest(&server, "DescribeNetworkInterfaces"), (6, 1 + 6));
    assert_eq!(longest(&server, "DescribeInstances"), (12, 1));
    assert!(link.most_at_once() <= 10, "{}", link.most_at_once());
    assert!(link.most_at_once() >= 6, "{}", link.most_at_once());
}

/// Throttled or not, whatever comes first: the same.
#[test]
fn throttling_changes_nothing() {
    let expected = snapshot(&FakeEc2::from_world(world(), Options::default()).endpoint());
    let options = Options { page_size: Some(PAGE), throttle: 6, seed: 3, ..Options::default() };
    let server = FakeEc2::from_world(world(), options);
    assert_eq!(snapshot(&server.endpoint()), expected);
}

/// A subnet that was not listed, such as one that was made in the meantime, is asked about once an
/// instance's interface shows it.
#[test]
fn a_subnet_that_was_not_listed_is_asked_about() {
    let mut world = world();
    world.subnets["Subnets"].as_array_mut().unwrap().remove(5);
    let options = Options { page_size: Some(PAGE), ..Options::default() };
    let server = FakeEc2::from_world(world, options);
    let found = snapshot(&server.endpoint());
    let subnets: BTreeSet<&str> = found["inventory"]["interfaces"]
        .as_array()
        .unwrap()
        .iter()
        .map(|eni| eni["subnet_id"].as_str().unwrap())
        .collect();
    assert!(subnets.contains("subnet-5"), "{subnets:?}");
    assert_eq!(found["inventory"]["instances"].as_array().unwrap().len(), 600);
}

/// An interface of no instance in a subnet that is never listed: the first page shows it.
#[test]
fn an_interface_in_an_unlisted_subnet_is_kept() {
    let mut world = world();
    let mut eni = world.network_interfaces["NetworkInterfaces"][0].clone();
    eni["NetworkInterfaceId"] = json!("eni-lambda");
    eni["SubnetId"] = json!("subnet-unlisted");
    eni["InterfaceType"] = json!("lambda");
    eni["Attachment"].take();
    world.network_interfaces["NetworkInterfaces"].as_array_mut().unwrap().insert(0, eni);
    let options = Options { page_size: Some(PAGE), ..Options::default() };
    let server = FakeEc2::from_world(world, options);
    let found = snapshot(&server.endpoint());
    let enis = found["inventory"]["interfaces"].as_array().unwrap();
    assert!(enis.iter().any(|eni| eni["subnet_id"] == "subnet-unlisted"));
    assert_eq!(enis.len(), usize::try_from(NODES * ENIS).unwrap() + 1);
}

/// An interface of another VPC is not taken in for the sake of an instance that has one there: a listing
/// in one piece has none of them either.
#[test]
fn interfaces_of_another_vpc_stay_out() {
    let mut world = world();
    for own in [
        &mut world.network_interfaces["NetworkInterfaces"][2],
        &mut world.instances["Reservations"][0]["Instances"][0]["NetworkInterfaces"][2],
    ] {
        own["SubnetId"] = json!("subnet-other");
        own["VpcId"] = json!("vpc-2");
    }
    let whole = FakeEc2::from_world(world.clone(), Options::default());
    let expected = snapshot(&whole.endpoint());
    let options = Options { page_size: Some(PAGE), ..Options::default() };
    let server = FakeEc2::from_world(world, options);
    assert_eq!(snapshot(&server.endpoint()), expected);
}

/// An interface of the first page that is in no part, and still there, is a hole.
#[test]
fn an_interface_that_the_parts_lack_is_missed() {
    // In its place comes another one, but where it is asked for by its id and so is alone.
    let lose = |body: &str| {
        if body.matches("<networkInterfaceId>").count() == 1 {
            body.to_owned()
        } else {
            body.replace("eni-00000-0", "eni-99999-9")
        }
    };
    let fault = Planned {
        action: "DescribeNetworkInterfaces",
        when: When::From(2),
        behavior: Behavior::Edit(lose),
    };
    let options = Options { page_size: Some(PAGE), faults: vec![fault], ..Options::default() };
    let server = FakeEc2::from_world(world(), options);
    let found = snapshot(&server.endpoint());
    assert_eq!(found["inventory"]["interfaces"], Value::Null);
    let withheld = found["inventory"]["withheld"].to_string();
    assert!(
        withheld.contains("lacks ENIs that existed before the call: eni-00000-0\""),
        "{withheld}"
    );
}
