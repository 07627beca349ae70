//! The world in which faults are played: small, with several pages of everything at five rows a page, and
//! EC2's own counts in accord with what it lists.

use eksnet::inventory::{Inventory, answers::Answers};
use serde_json::{Value, json};

use crate::support::fake_ec2::World;

pub(super) const VPC: &str = "vpc-0aaaaaaaaaaaaaaa1";
pub(super) const CLUSTER: &str = "demo";
pub(super) const ACCOUNT: &str = "111122223333";
pub(super) const REGION: &str = "eu-central-1";
pub(super) const OTHER_REGION: &str = "eu-west-1";

fn id(kind: &str, number: usize) -> String {
    format!("{kind}-0{number:016x}")
}

pub(super) fn subnet_id(number: usize) -> String {
    id("subnet", number)
}

/// Six subnets of 256 addresses over three zones: nodes in the first three, pods in the rest.
fn subnets() -> Vec<Value> {
    (0..6)
        .map(|number| {
            let zone = ["a", "b", "c"][number % 3];
            json!({"SubnetId": subnet_id(number), "VpcId": VPC, "OwnerId": ACCOUNT,
                "CidrBlock": format!("10.0.{number}.0/24"), "State": "available",
                "AvailabilityZone": format!("{REGION}{zone}"), "MapPublicIpOnLaunch": false,
                "AvailableIpAddressCount": 0,
                "Tags": [{"Key": "Name", "Value": format!("subnet {number} & more")},
                    {"Key": format!("kubernetes.io/cluster/{CLUSTER}"), "Value": "shared"}]})
        })
        .collect()
}

/// What an ENI is attached to.
enum Of {
    Instance(usize, u32),
    Service(&'static str),
    Nothing,
}

fn interface(
    number: usize,
    (subnet, of, description): (usize, Of, &str),
    hosts: &[usize],
) -> Value {
    let address = |host: &usize| format!("10.0.{subnet}.{host}");
    let entries: Vec<Value> = hosts
        .iter()
        .enumerate()
        .map(|(at, host)| json!({"Primary": at == 0, "PrivateIpAddress": address(host)}))
        .collect();
    let attachment = match of {
        Of::Instance(instance, device) => json!({"AttachmentId": id("eni-attach", number),
            "InstanceId": id("i", instance), "InstanceOwnerId": ACCOUNT, "DeviceIndex": device,
            "NetworkCardIndex": 0, "Status": "attached", "DeleteOnTermination": true,
            "AttachTime": "2024-03-01T08:00:00.000Z"}),
        Of::Service(owner) => json!({"AttachmentId": id("eni-attach", number),
            "InstanceOwnerId": owner, "DeviceIndex": 1, "Status": "attached"}),
        Of::Nothing => Value::Null,
    };
    let status = if attachment.is_null() { "available" } else { "in-use" };
    json!({"NetworkInterfaceId": id("eni", number), "SubnetId": subnet_id(subnet), "VpcId": VPC,
        "OwnerId": ACCOUNT, "RequesterId": "AROAEXAMPLE", "RequesterManaged": false,
        "InterfaceType": "interface", "Description": description, "Status": status,
        "AvailabilityZone": format!("{REGION}{}", ["a", "b", "c"][subnet % 3]),
        "PrivateIpAddress": address(&hosts[0]), "PrivateIpAddresses": entries,
        "Ipv4Prefixes": [], "Attachment": attachment,
        "TagSet": [{"Key": "cluster.k8s.amazonaws.com/name", "Value": CLUSTER}]})
}

/// Two ENIs of each of six nodes, one of them with a prefix; the control plane's, a load balancer's and one
/// that was left behind.
fn interfaces() -> Vec<Value> {
    let mut list = Vec::new();
    for node in 0..6 {
        let (subnet, first) = (node % 3, 10 + 20 * (node / 3));
        let hosts: Vec<usize> = (first..first + 6).collect();
        let own = (subnet, Of::Instance(node, 0), "");
        list.push(interface(list.len(), own, &hosts));
        let pods = (subnet + 3, Of::Instance(node, 1), "aws-K8S-second");
        list.push(interface(list.len(), pods, &hosts[..3]));
    }
    list[1]["Ipv4Prefixes"] = json!([{"Ipv4Prefix": "10.0.3.64/28"}]);
    for subnet in 0..2 {
        let control = (subnet, Of::Service("amazon-eks"), "Amazon EKS demo");
        list.push(interface(list.len(), control, &[200]));
    }
    let balancer = (2, Of::Service("amazon-elb"), "ELB net/shop/0123456789abcdef");
    list.push(interface(list.len(), balancer, &[201]));
    let left = (2, Of::Nothing, "aws-K8S-i-0dddddddddddddddd");
    list.push(interface(list.len(), left, &[202, 203]));
    list
}

fn instances() -> Vec<Value> {
    let all = interfaces();
    (0..6)
        .map(|number| {
            let is_its = |eni: &&Value| eni["Attachment"]["InstanceId"] == id("i", number);
            let own: Vec<&Value> = all.iter().filter(is_its).collect();
            json!({"ReservationId": id("r", number), "OwnerId": ACCOUNT, "Instances": [{
                "InstanceId": id("i", number), "InstanceType": "m5.large", "VpcId": VPC,
                "SubnetId": subnet_id(number % 3), "State": {"Code": 16, "Name": "running"},
                "Placement": {"AvailabilityZone":
                    format!("{REGION}{}", ["a", "b", "c"][number % 3])},
                "NetworkInterfaces": own,
                "Tags": [{"Key": "eks:cluster-name", "Value": CLUSTER}]}]})
        })
        .collect()
}

/// Six reservations of the last subnet, and none elsewhere.
fn reservations() -> Value {
    let rows: Vec<Value> = (0..6)
        .map(|number| {
            json!({"SubnetCidrReservationId": id("scr", number), "SubnetId": subnet_id(5),
                "Cidr": format!("10.0.5.{}/28", 128 + 16 * number), "OwnerId": ACCOUNT,
                "ReservationType": if number % 2 == 0 { "prefix" } else { "explicit" }})
        })
        .collect();
    json!({subnet_id(5): {"SubnetIpv4CidrReservations": rows, "SubnetIpv6CidrReservations": []}})
}

fn clusters() -> Value {
    let group = |number: usize| {
        let name = format!("group-{number}");
        (
            name.clone(),
            json!({"nodegroupName": name, "clusterName": CLUSTER, "status": "ACTIVE",
            "subnets": [subnet_id(number % 3)], "health": {"issues": []}}),
        )
    };
    let profile = |number: usize| {
        let name = format!("profile-{number}");
        (
            name.clone(),
            json!({"fargateProfileName": name, "clusterName": CLUSTER,
            "status": "ACTIVE", "subnets": [subnet_id(number % 3 + 3)]}),
        )
    };
    let groups: serde_json::Map<String, Value> = (0..6).map(group).collect();
    let profiles: serde_json::Map<String, Value> = (0..6).map(profile).collect();
    json!({CLUSTER: {
        "cluster": {"name": CLUSTER, "version": "1.33", "status": "ACTIVE",
            "arn": format!("arn:aws:eks:{REGION}:{ACCOUNT}:cluster/{CLUSTER}"),
            "resourcesVpcConfig": {"subnetIds": [subnet_id(0), subnet_id(1)], "vpcId": VPC},
            "kubernetesNetworkConfig": {"serviceIpv4Cidr": "172.20.0.0/16"}},
        "nodegroups": groups, "fargate_profiles": profiles}})
}

/// Seven types, of which the first are as the built-in table has them.
fn instance_types() -> Value {
    let of = |name: &str, enis: u32, ipv4: u32, cpus: u32, memory: u32| {
        json!({"InstanceType": name, "Hypervisor": "nitro", "BareMetal": false,
            "CurrentGeneration": true, "VCpuInfo": {"DefaultVCpus": cpus},
            "MemoryInfo": {"SizeInMiB": memory},
            "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]},
            "NetworkInfo": {"MaximumNetworkInterfaces": enis, "DefaultNetworkCardIndex": 0,
                "NetworkCards": [{"NetworkCardIndex": 0, "MaximumNetworkInterfaces": enis}],
                "Ipv4AddressesPerInterface": ipv4, "Ipv6AddressesPerInterface": ipv4}})
    };
    let mut types = vec![of("m5.large", 3, 10, 2, 8192), of("m5.xlarge", 4, 15, 4, 16384)];
    let new = |number: u32| of(&format!("z9.{number}xlarge"), number, 10 + number, 4, 8192);
    types.extend((2..7).map(new));
    json!({"InstanceTypes": types})
}

/// The world, whole and in accord.
pub(super) fn world() -> World {
    let mut world = World {
        regions: json!({"Regions": [{"RegionName": REGION, "OptInStatus": "opt-in-not-required"},
            {"RegionName": OTHER_REGION, "OptInStatus": "opt-in-not-required"}]}),
        vpcs: json!({"Vpcs": [{"VpcId": VPC, "CidrBlock": "10.0.0.0/16", "OwnerId": ACCOUNT,
            "State": "available", "IsDefault": false,
            "CidrBlockAssociationSet": [{"AssociationId": "vpc-cidr-assoc-1",
                "CidrBlock": "10.0.0.0/16", "CidrBlockState": {"State": "associated"}}]}]}),
        subnets: json!({"Subnets": subnets()}),
        network_interfaces: json!({"NetworkInterfaces": interfaces()}),
        instances: json!({"Reservations": instances()}),
        instance_types: instance_types(),
        subnet_cidr_reservations: reservations(),
        clusters: clusters(),
    };
    count(&mut world);
    world
}

/// The same in the other region, with resources of its own: those that are not told are missed.
pub(super) fn world_of_other_region() -> World {
    let mut world = world();
    for answer in [
        &mut world.vpcs,
        &mut world.subnets,
        &mut world.network_interfaces,
        &mut world.instances,
        &mut world.subnet_cidr_reservations,
        &mut world.clusters,
    ] {
        let mut text = answer.to_string().replace(REGION, OTHER_REGION);
        for kind in ["subnet", "eni", "i", "r", "scr"] {
            text = text.replace(&format!("\"{kind}-00"), &format!("\"{kind}-01"));
        }
        *answer = serde_json::from_str(&text).unwrap();
    }
    world
}

/// Fills in EC2's count of what is available: what neither ENIs nor reservations hold.
fn count(world: &mut World) {
    let inventory = read(world);
    let interfaces = inventory.interfaces.as_deref().unwrap();
    for row in world.subnets["Subnets"].as_array_mut().unwrap() {
        let own = inventory.subnets.iter().find(|own| row["SubnetId"] == *own.subnet_id).unwrap();
        let (mut space, _) = own.space(own.cidr.unwrap(), false).unwrap();
        for eni in interfaces.iter().filter(|eni| *eni.subnet_id == *own.subnet_id) {
            eni.take_from(&mut space, |_, _| {});
        }
        row["AvailableIpAddressCount"] = (space.free() - space.reserved_free()).into();
    }
}

fn read(world: &World) -> Inventory {
    let mut answers = Answers::default();
    let reserved = &world.subnet_cidr_reservations[subnet_id(5)];
    for answer in [&world.subnets, &world.network_interfaces, &world.instances, reserved] {
        answers.read("saved.json", answer.to_string().as_bytes()).unwrap();
    }
    answers.into_inventory().unwrap()
}
