//! ENIs that came or went while the calls were made, and those that a listing has lost.

use serde_json::{Value, json};

use crate::{
    program::command,
    support::fake_ec2::{Behavior, Call, FakeEc2, Options, Planned, When, World},
};

/// Nodes of one ENI with two addresses each, attached at a time.
fn world(nodes: usize, attached: &str) -> World {
    let eni = |node: usize| {
        let address = |at: usize| format!("10.0.{}.{}", node / 100 + 1, 2 * (node % 100) + at);
        json!({"NetworkInterfaceId": format!("eni-{node:03}"), "SubnetId": "subnet-1",
            "VpcId": "vpc-1", "OwnerId": "111122223333", "Status": "in-use",
            "InterfaceType": "interface", "Description": "", "PrivateIpAddress": address(0),
            "PrivateIpAddresses": [{"Primary": true, "PrivateIpAddress": address(0)},
                {"Primary": false, "PrivateIpAddress": address(1)}],
            "Attachment": {"InstanceId": format!("i-{node:03}"), "DeviceIndex": 0,
                "InstanceOwnerId": "111122223333", "AttachTime": attached, "Status": "attached"}})
    };
    let launched = |node: usize| {
        json!({"OwnerId": "111122223333", "Instances": [{"InstanceId": format!("i-{node:03}"),
            "InstanceType": "m5.large", "State": {"Name": "running"}, "VpcId": "vpc-1",
            "SubnetId": "subnet-1", "Placement": {"AvailabilityZone": "eu-west-1a"},
            "NetworkInterfaces": [eni(node)]}]})
    };
    World {
        regions: json!({"Regions": [{"RegionName": "eu-west-1"}]}),
        vpcs: json!({"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]}),
        subnets: json!({"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "State": "available",
            "CidrBlock": "10.0.0.0/20", "AvailabilityZone": "eu-west-1a", "OwnerId": "111122223333",
            "AvailableIpAddressCount": 4091 - 2 * nodes}]}),
        network_interfaces: json!({"NetworkInterfaces": (0..nodes).map(eni).collect::<Vec<_>>()}),
        instances: json!({"Reservations": (0..nodes).map(launched).collect::<Vec<_>>()}),
        ..World::default()
    }
}

const ENIS: &str = "DescribeNetworkInterfaces";
const INSTANCES: &str = "DescribeInstances";
const LONG_AGO: &str = "2024-03-01T08:00:00.000Z";
/// As what was attached while the calls were made, whatever day it is.
const NOW: &str = "2999-01-01T00:00:00.000Z";

/// No ENI in the listing, and no further page.
fn none(body: &str) -> String {
    let (before, rest) = body.split_once("<networkInterfaceSet>").unwrap();
    let (_, after) = rest.rsplit_once("</networkInterfaceSet>").unwrap();
    let after = after.split_once("</nextToken>").map_or(after, |(_, after)| after);
    format!("{before}<networkInterfaceSet></networkInterfaceSet>{after}")
}

/// The first instance names one more, which no answer has.
fn one_more(body: &str) -> String {
    let more = "<item><networkInterfaceId>eni-gone</networkInterfaceId>\
                <subnetId>subnet-1</subnetId></item>";
    body.replacen("<networkInterfaceSet>", &format!("<networkInterfaceSet>{more}"), 1)
}

fn planned(action: &'static str, when: When, behavior: Behavior) -> Planned {
    Planned { action, when, behavior }
}

/// The exit code, the used addresses of the subnet, the reasons of what is withheld, and the calls.
fn said(world: World, faults: Vec<Planned>) -> (Option<i32>, Value, Vec<String>, Vec<Call>) {
    let server = FakeEc2::from_world(world, Options { faults, ..Options::default() });
    let output = command(&["audit", "--vpc", "vpc-1", "--all", "--fail-on", "never", "-o", "json"])
        .env("AWS_ENDPOINT_URL", server.endpoint())
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_REGION", "eu-west-1")
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let rows = report["withheld"].as_array().unwrap().iter();
    let reasons = rows.map(|row| {
        format!("{}: {}", row["operation"].as_str().unwrap(), row["reason"].as_str().unwrap())
    });
    (output.status.code(), report["subnets"][0]["used"].clone(), reasons.collect(), server.calls())
}

fn of<'c>(calls: &'c [Call], action: &str) -> Vec<&'c Call> {
    calls.iter().filter(|call| call.action == action).collect()
}

#[test]
fn enis_that_came_are_asked_for_once_more() {
    let late = planned(ENIS, When::First(1), Behavior::Edit(none));
    let (code, used, reasons, calls) = said(world(3, NOW), vec![late]);
    assert_eq!((code, used, reasons), (Some(0), json!(6), vec![]));
    let asked = of(&calls, ENIS);
    assert_eq!((asked.len(), of(&calls, INSTANCES).len()), (2, 1));
    assert_eq!(asked[1].parameter("Filter.1.Name"), Some("network-interface-id"));
    assert_eq!(asked[1].parameter("Filter.1.Value.3"), Some("eni-002"));
}

#[test]
fn enis_that_went_are_no_longer_named() {
    let went = planned(INSTANCES, When::First(1), Behavior::Edit(one_more));
    let (code, used, reasons, calls) = said(world(3, NOW), vec![went]);
    assert_eq!((code, used, reasons), (Some(0), json!(6), vec![]));
    let asked = of(&calls, INSTANCES);
    assert_eq!((of(&calls, ENIS).len(), asked.len()), (2, 2));
    assert_eq!(asked[1].parameter("Filter.1.Value.1"), Some("i-000"));
}

/// The instance still names it.
#[test]
fn an_eni_that_no_answer_has_is_withheld() {
    let named = planned(INSTANCES, When::Always, Behavior::Edit(one_more));
    let (code, used, reasons, _) = said(world(3, NOW), vec![named]);
    assert_eq!((code, used, reasons.len()), (Some(4), Value::Null, 1), "{reasons:?}");
    let reason = "DescribeNetworkInterfaces: subnet-1: instances reference ENIs that are not listed: \
                  eni-gone (instances i-000);";
    assert!(reasons[0].starts_with(reason), "{reasons:?}");
}

/// A listing without ENIs that were there long before may lack others too, which no instance names.
#[test]
fn a_listing_that_lacks_older_enis_is_withheld() {
    let lost = planned(ENIS, When::First(1), Behavior::Edit(none));
    let (code, used, reasons, _) = said(world(3, LONG_AGO), vec![lost]);
    assert_eq!((code, used), (Some(4), Value::Null));
    let reason = "DescribeNetworkInterfaces: the list lacks ENIs that existed before the call: \
                  eni-000, eni-001, eni-002";
    assert_eq!(reasons, [reason]);
}

/// More than a page has are a page that was lost.
#[test]
fn a_lost_page_is_not_asked_for_once_more() {
    for (nodes, calls_made) in [(1000, 1 + 5), (1001, 1)] {
        let lost = planned(ENIS, When::First(1), Behavior::Edit(none));
        let (code, used, reasons, calls) = said(world(nodes, NOW), vec![lost]);
        assert_eq!(of(&calls, ENIS).len(), calls_made);
        if nodes == 1000 {
            assert_eq!((code, used, reasons), (Some(0), json!(2 * nodes), vec![]));
        } else {
            assert_eq!((code, used), (Some(4), Value::Null), "{reasons:?}");
        }
    }
}

#[test]
fn what_is_not_told_then_is_withheld() {
    let late = planned(ENIS, When::First(1), Behavior::Edit(none));
    let refused = planned(ENIS, When::From(2), Behavior::Refused);
    let (code, used, reasons, _) = said(world(3, NOW), vec![late, refused]);
    assert_eq!((code, used), (Some(4), Value::Null));
    assert!(reasons.iter().any(|row| row.contains("UnauthorizedOperation")), "{reasons:?}");
    let went = planned(INSTANCES, When::First(1), Behavior::Edit(one_more));
    let refused = planned(INSTANCES, When::From(2), Behavior::Refused);
    let (code, used, reasons, _) = said(world(3, NOW), vec![went, refused]);
    assert_eq!((code, used), (Some(4), Value::Null));
    assert!(reasons.iter().any(|row| row.contains("eni-gone")), "{reasons:?}");
}

/// Instances that ended while the calls were made took their ENIs with them.
#[test]
fn instances_that_ended_meanwhile_are_no_hole() {
    let mut world = world(3, LONG_AGO);
    world.network_interfaces["NetworkInterfaces"] = json!([]);
    world.subnets["Subnets"][0]["AvailableIpAddressCount"] = json!(4091);
    let terminated = |body: &str| body.replace("<name>running</name>", "<name>terminated</name>");
    let ended = planned(INSTANCES, When::From(2), Behavior::Edit(terminated));
    let (code, used, reasons, _) = said(world, vec![ended]);
    assert_eq!((code, used, reasons), (Some(0), json!(0), vec![]));
}
