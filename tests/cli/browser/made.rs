//! The pages that are opened: each command's, of worlds that are well, that are not, that are hostile, and of
//! one with thousands of interfaces.

use std::{fs, net::Ipv4Addr, path::Path};

use serde_json::{Value, json};

use super::Page;
use crate::{
    folder::Folder,
    history::two_months,
    run::{command, ended, example, root, scratch},
};

pub(super) fn pages() -> Vec<Page> {
    let page = |name, html| Page { name, html, is_shown: false };
    let shown = |name, html| Page { name, html, is_shown: true };
    let (history, last) = two_months("browser");
    let history = history.as_path();
    // Pages repeat the paths of their run, and pictures of them are the same wherever they are drawn.
    let beside = history.parent().unwrap();
    let below = |path: &Path| path.strip_prefix(beside).unwrap().to_str().unwrap().to_owned();
    let (readings, last) = (below(history), below(&last));
    let scenario = |name: &str| root().join("examples/scenarios").join(name).display().to_string();
    let requirement = |name: &str| root().join("examples/plans").join(name).display().to_string();
    vec![
        shown("audit", html_in(root(), &["audit", "--from", "examples/vpc-prod"])),
        shown(
            "audit-history",
            html_in(
                beside,
                &["audit", "--from", &last, "--history", &readings, "--want-prefixes", "4"],
            ),
        ),
        shown("simulate", html(&["simulate", &scenario("zone-loss.yaml")])),
        page(
            "simulate-fits",
            html(&["simulate", &scenario("custom-networking.yaml"), "--runs", "3"]),
        ),
        page("plan", html(&["plan", &requirement("07-small-vpc.yaml")])),
        page("plan-impossible", html(&["plan", &requirement("06-too-few-nodes.yaml")])),
        page("plan-today", html(&["plan", "--from", "examples/vpc-prod", "--pods-times", "2"])),
        shown("diff", diff(history)),
        page("audit-hostile", hostile()),
        page("audit-kubernetes", kubernetes()),
        page("audit-empty", empty()),
        page("audit-withheld", withheld()),
        page("audit-large", large()),
        page("audit-many-subnets", many_subnets()),
    ]
}

/// What a command prints as HTML.
fn html(arguments: &[&str]) -> String {
    html_in(root(), arguments)
}

fn html_in(folder: &Path, arguments: &[&str]) -> String {
    let mut run = command(&[arguments, &["-o", "html"]].concat());
    let (code, stdout, stderr) = ended(run.current_dir(folder).output().unwrap());
    assert!(matches!(code, Some(0 | 1 | 4)), "{arguments:?}: {code:?} {stderr}");
    stdout
}

fn audit(from: &[&str], more: &[&str]) -> String {
    let from: Vec<&str> = from.iter().flat_map(|path| ["--from", path]).collect();
    html(&[&["audit"], from.as_slice(), more].concat())
}

/// The first and the last of a history's snapshots.
fn diff(history: &Path) -> String {
    let mut files: Vec<(String, String)> = fs::read_dir(history)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let snapshot: Value = serde_json::from_str(&text).unwrap();
            let at = snapshot["inventory"]["source"]["captured_at"].as_str().unwrap().to_owned();
            (at, path.display().to_string())
        })
        .collect();
    files.sort();
    html(&["diff", &files.first().unwrap().1, &files.last().unwrap().1])
}

/// Names that are markup, that turn the reading direction, and that have no end.
fn hostile() -> String {
    let folder = Folder::example("browser-hostile");
    let path = folder.path("answers/subnets.json");
    let mut answer: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let names = [
        "<script>document.title='owned'</script>\"'&".to_owned(),
        "\u{202e}gnp.tfel\u{2066}<img src=//evil.example/x>".to_owned(),
        "x".repeat(200),
        "</style></title><b>".to_owned(),
    ];
    for (subnet, name) in
        answer["Subnets"].as_array_mut().unwrap().iter_mut().zip(names.iter().cycle())
    {
        subnet["Tags"] = json!([{"Key": "Name", "Value": name}]);
    }
    fs::write(&path, answer.to_string()).unwrap();
    audit(&[folder.from()], &[])
}

/// The example with what kubectl says of it: nodes have pods.
fn kubernetes() -> String {
    let (aws, kubectl) = (example(), example().join("kubernetes"));
    audit(&[aws.to_str().unwrap(), kubectl.to_str().unwrap()], &["--what-if", "prefix"])
}

fn empty() -> String {
    let folder = scratch("browser-empty");
    for (name, key) in [
        ("subnets", "Subnets"),
        ("network-interfaces", "NetworkInterfaces"),
        ("instances", "Reservations"),
        ("vpcs", "Vpcs"),
        ("subnet-cidr-reservations", "SubnetIpv4CidrReservations"),
    ] {
        let text = json!({ key: [] }).to_string();
        fs::write(folder.join(name).with_extension("json"), text).unwrap();
    }
    audit(&[folder.to_str().unwrap()], &[])
}

fn withheld() -> String {
    let folder = Folder::example("browser-withheld");
    folder.remove("network-interfaces.json");
    audit(&[folder.from()], &[])
}

/// Twelve /19 with 5,000 ENIs of nodes, whose addresses lie all over them.
fn large() -> String {
    const SUBNETS: u32 = 12;
    const ENIS: u32 = 5000;
    const ADDRESSES: u32 = 12;
    let folder = scratch("browser-large");
    let subnet = |at: u32| {
        json!({"SubnetId": format!("subnet-{at:017x}"), "VpcId": VPC, "AvailabilityZone": "eu-west-1a",
            "CidrBlock": format!("10.{}.{}.0/19", at / 8, at % 8 * 32),
            "AvailableIpAddressCount": 0, "OwnerId": ACCOUNT,
            "Tags": [{"Key": "Name", "Value": format!("prod-pods-{at}")}]})
    };
    let interface = |number: u32| {
        let (subnet, at) = (number % SUBNETS, number / SUBNETS);
        let start = u32::from(Ipv4Addr::new(10, u8::from(subnet >= 8), 0, 0)) + subnet % 8 * 8192;
        // 7919 is prime to 8000: each address once, in no order.
        let address =
            |n: u32| Ipv4Addr::from(start + 16 + (at * ADDRESSES + n) * 7919 % 8000).to_string();
        let addresses: Vec<Value> = (0..ADDRESSES)
            .map(|n| json!({"Primary": n == 0, "PrivateIpAddress": address(n)}))
            .collect();
        let node = format!("i-{:017x}", number / (SUBNETS * 2) * SUBNETS + subnet);
        json!({"NetworkInterfaceId": format!("eni-{number:017x}"), "SubnetId": format!("subnet-{subnet:017x}"),
            "VpcId": VPC, "OwnerId": ACCOUNT, "RequesterManaged": false, "InterfaceType": "interface",
            "Status": "in-use", "Description": format!("aws-K8S-{node}"), "PrivateIpAddress": address(0),
            "PrivateIpAddresses": addresses, "Ipv4Prefixes": [], "TagSet": [],
            "Attachment": {"InstanceId": node, "DeviceIndex": at % 2, "NetworkCardIndex": 0,
                "Status": "attached"}})
    };
    let instance = |number: u32| {
        json!({"OwnerId": ACCOUNT, "Instances": [{"InstanceId": format!("i-{number:017x}"),
            "InstanceType": "m5.2xlarge", "State": {"Code": 16, "Name": "running"}, "VpcId": VPC,
            "SubnetId": format!("subnet-{:017x}", number % SUBNETS),
            "PrivateDnsName": format!("ip-10-0-0-{number}.eu-west-1.compute.internal"),
            "Tags": [{"Key": "kubernetes.io/cluster/prod", "Value": "owned"},
                {"Key": "Name", "Value": format!("prod-general-{number}")}]}]})
    };
    write(&folder, "subnets", "Subnets", &(0..SUBNETS).map(subnet).collect::<Vec<_>>());
    write(
        &folder,
        "network-interfaces",
        "NetworkInterfaces",
        &(0..ENIS).map(interface).collect::<Vec<_>>(),
    );
    write(&folder, "instances", "Reservations", &(0..ENIS / 2).map(instance).collect::<Vec<_>>());
    write(&folder, "vpcs", "Vpcs", &[vpc(2)]);
    write(&folder, "subnet-cidr-reservations", "SubnetIpv4CidrReservations", &[]);
    let page = audit(&[folder.to_str().unwrap()], &[]);
    assert!(page.len() < 1_500_000, "{} bytes", page.len());
    page
}

const VPC: &str = "vpc-00000000000000001";
const ACCOUNT: &str = "111122223333";

/// A VPC with so many blocks.
fn vpc(blocks: u32) -> Value {
    let block = |n: u32| json!({"CidrBlock": format!("10.{n}.0.0/16"), "CidrBlockState": {"State": "associated"}});
    json!({"VpcId": VPC, "CidrBlock": "10.0.0.0/16", "OwnerId": ACCOUNT,
        "CidrBlockAssociationSet": (0..blocks).map(block).collect::<Vec<Value>>()})
}

fn write(folder: &Path, name: &str, key: &str, rows: &[Value]) {
    fs::write(folder.join(name).with_extension("json"), json!({ key: rows }).to_string()).unwrap();
}

/// 1,200 subnets, a third of which are full.
fn many_subnets() -> String {
    let folder = scratch("browser-many");
    let subnet = |at: u32| {
        let cidr = format!("10.{}.{}.0/24", at / 256, at % 256);
        let available = if at.is_multiple_of(3) { 1 } else { 200 };
        json!({"SubnetId": format!("subnet-{at:017x}"), "VpcId": VPC,
            "AvailabilityZone": "eu-west-1a", "CidrBlock": cidr, "AvailableIpAddressCount": available,
            "OwnerId": ACCOUNT, "Tags": [{"Key": "Name", "Value": format!("team-{at}-pods")}]})
    };
    let interface = |at: u32| {
        let used = if at.is_multiple_of(3) { 250_u32 } else { 51 };
        let address = |n: u32| format!("10.{}.{}.{}", at / 256, at % 256, n + 4);
        let addresses: Vec<Value> =
            (0..used).map(|n| json!({"Primary": n == 0, "PrivateIpAddress": address(n)})).collect();
        json!({"NetworkInterfaceId": format!("eni-{at:017x}"), "SubnetId": format!("subnet-{at:017x}"),
            "VpcId": VPC, "OwnerId": ACCOUNT, "RequesterManaged": true,
            "InterfaceType": "lambda", "Status": "in-use", "Description": "AWS Lambda VPC ENI-x",
            "PrivateIpAddress": address(0), "PrivateIpAddresses": addresses, "Ipv4Prefixes": [],
            "TagSet": []})
    };
    write(&folder, "subnets", "Subnets", &(0..1200).map(subnet).collect::<Vec<_>>());
    write(
        &folder,
        "network-interfaces",
        "NetworkInterfaces",
        &(0..1200).map(interface).collect::<Vec<_>>(),
    );
    write(&folder, "instances", "Reservations", &[]);
    write(&folder, "vpcs", "Vpcs", &[vpc(5)]);
    write(&folder, "subnet-cidr-reservations", "SubnetIpv4CidrReservations", &[]);
    let page = audit(&[folder.to_str().unwrap()], &[]);
    assert!(page.len() < 4_000_000, "{} bytes", page.len());
    page
}
