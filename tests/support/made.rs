//! A made VPC, `vpc-1`, told as the AWS CLI and kubectl tell it: from one description an inventory, or a folder
//! of answers.

use std::{fs, path::Path};

use eksnet::inventory::{Inventory, Subnet, answers::Answers};
use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";

/// What is there so far.
#[derive(Default)]
pub(crate) struct MadeVpc {
    subnets: Vec<Value>,
    interfaces: Vec<Value>,
    instances: Vec<Value>,
    reservations: Vec<Value>,
    nodes: Vec<Value>,
    pods: Vec<Value>,
    eni_configs: Vec<Value>,
    variables: Vec<Value>,
}

/// An ENI with what it holds.
#[derive(Default)]
pub(crate) struct Eni<'a> {
    pub(crate) subnet: &'a str,
    /// The instance and the device that it is of it.
    pub(crate) of: Option<(&'a str, usize)>,
    /// The primary one first.
    pub(crate) addresses: Vec<String>,
    pub(crate) prefixes: Vec<String>,
}

/// A running pod.
pub(crate) struct Pod<'a> {
    pub(crate) name: String,
    pub(crate) node: &'a str,
    pub(crate) ip: &'a str,
    pub(crate) host: &'a str,
}

impl MadeVpc {
    pub(crate) fn subnet(&mut self, id: &str, cidr: &str, zone: &str) -> &mut Self {
        self.subnets.push(json!({"SubnetId": id, "VpcId": "vpc-1", "CidrBlock": cidr,
            "OwnerId": ACCOUNT, "AvailabilityZone": zone}));
        self
    }

    pub(crate) fn reserve(&mut self, subnet: &str, cidr: &str, kind: &str) {
        self.reservations.push(json!({"SubnetId": subnet, "ReservationType": kind, "Cidr": cidr}));
    }

    /// An m5.large node (3 ENIs of 10 addresses) of the cluster `prod`.
    pub(crate) fn instance(&mut self, id: &str) {
        self.instances.push(json!({"InstanceId": id, "InstanceType": "m5.large", "VpcId": "vpc-1",
            "State": {"Name": "running"}, "Placement": {"AvailabilityZone": "eu-west-1a"},
            "Tags": [{"Key": "eks:cluster-name", "Value": "prod"}]}));
    }

    pub(crate) fn eni(&mut self, eni: &Eni<'_>) {
        let entries: Vec<Value> = eni
            .addresses
            .iter()
            .enumerate()
            .map(|(at, ip)| json!({"Primary": at == 0, "PrivateIpAddress": ip}))
            .collect();
        let prefixes: Vec<Value> =
            eni.prefixes.iter().map(|prefix| json!({"Ipv4Prefix": prefix})).collect();
        let attachment =
            eni.of.map(|(instance, device)| json!({"InstanceId": instance, "DeviceIndex": device}));
        self.interfaces.push(json!({
            "NetworkInterfaceId": format!("eni-{:04}", self.interfaces.len()),
            "SubnetId": eni.subnet, "VpcId": "vpc-1", "OwnerId": ACCOUNT, "Status": "in-use",
            "RequesterManaged": eni.of.is_none(),
            "PrivateIpAddress": eni.addresses.first(), "PrivateIpAddresses": entries,
            "Ipv4Prefixes": prefixes, "Attachment": attachment}));
    }

    /// The node that an instance is to Kubernetes, and the pods that it may have.
    pub(crate) fn node(&mut self, name: &str, instance: &str, allocatable: &str) {
        self.nodes.push(json!({"kind": "Node",
            "metadata": {"name": name, "labels": {"topology.kubernetes.io/zone": "eu-west-1a"}},
            "spec": {"providerID": format!("aws:///eu-west-1a/{instance}")},
            "status": {"allocatable": {"pods": allocatable}}}));
    }

    /// A pod; one with its host's address is on the host network.
    pub(crate) fn pod(&mut self, pod: &Pod<'_>) {
        let host_network = pod.ip == pod.host;
        let namespace = if host_network { "kube-system" } else { "shop" };
        self.pods.push(json!({"kind": "Pod",
            "metadata": {"namespace": namespace, "name": pod.name},
            "spec": {"nodeName": pod.node, "hostNetwork": host_network},
            "status": {"phase": "Running", "podIP": pod.ip, "hostIP": pod.host}}));
    }

    /// How the CNI is set: ENIConfigs, and variables of aws-node.
    pub(crate) fn cni(&mut self, eni_configs: &Value, variables: &[(&str, &str)]) {
        self.eni_configs.clone_from(eni_configs.as_array().unwrap());
        let variable = |(name, value): &(&str, &str)| json!({"name": name, "value": value});
        self.variables = variables.iter().map(variable).collect();
    }

    /// The subnets with EC2's count of what the ENIs and reservations leave.
    fn counted_subnets(&self) -> Vec<Value> {
        let uncounted = read(&self.answers_with(&self.subnets));
        let interfaces = uncounted.interfaces.as_deref().unwrap();
        let count = |subnet: &Value| {
            let its = |own: &&Subnet| subnet["SubnetId"] == *own.subnet_id;
            let own = uncounted.subnets.iter().find(its).unwrap();
            let (mut space, _) = own.space(own.cidr.unwrap(), false).unwrap();
            for eni in interfaces.iter().filter(|eni| *eni.subnet_id == *own.subnet_id) {
                eni.take_from(&mut space, |_, _| {});
            }
            let mut subnet = subnet.clone();
            subnet["AvailableIpAddressCount"] = (space.free() - space.reserved_free()).into();
            subnet
        };
        self.subnets.iter().map(count).collect()
    }

    /// What the AWS CLI says, by the names of its files.
    fn answers(&self) -> [(&'static str, Value); 4] {
        self.answers_with(&self.counted_subnets())
    }

    /// The instances, each with its ENIs.
    fn whole_instances(&self) -> Vec<Value> {
        let whole = |instance: &Value| {
            let mut instance = instance.clone();
            let id = &instance["InstanceId"];
            let own = self.interfaces.iter().filter(|eni| eni["Attachment"]["InstanceId"] == *id);
            instance["NetworkInterfaces"] = own.cloned().collect();
            instance
        };
        self.instances.iter().map(whole).collect()
    }

    fn answers_with(&self, subnets: &[Value]) -> [(&'static str, Value); 4] {
        [
            ("subnets", json!({"Subnets": subnets})),
            ("network-interfaces", json!({"NetworkInterfaces": self.interfaces})),
            (
                "instances",
                json!({"Reservations": [{"OwnerId": ACCOUNT, "Instances": self.whole_instances()}]}),
            ),
            ("subnet-cidr-reservations", json!({"SubnetIpv4CidrReservations": self.reservations})),
        ]
    }

    /// What kubectl says.
    fn objects(&self) -> [(&'static str, Value); 4] {
        [
            ("nodes", json!({"kind": "List", "items": self.nodes})),
            ("pods", json!({"kind": "List", "items": self.pods})),
            ("eniconfigs", json!({"kind": "List", "items": self.eni_configs})),
            (
                "aws-node",
                json!({"kind": "DaemonSet", "spec": {"template": {"spec": {"containers": [
                    {"name": "aws-node", "image": "cni:v1.23.1", "env": self.variables}]}}}}),
            ),
        ]
    }

    /// The inventory of what the AWS CLI says.
    pub(crate) fn inventory(&self) -> Inventory {
        read(&self.answers())
    }

    /// The inventory of what both say.
    pub(crate) fn whole(&self) -> Inventory {
        let mut answers = Answers::default();
        for (name, answer) in self.answers().into_iter().chain(self.objects()) {
            answers.read(name, answer.to_string().as_bytes()).unwrap();
        }
        answers.into_inventory().unwrap()
    }

    /// A folder of what both say, with some files left out.
    pub(crate) fn write(&self, folder: &Path, without: &[&str]) {
        for (name, file) in self.answers().into_iter().chain(self.objects()) {
            if !without.contains(&name) {
                fs::write(folder.join(format!("{name}.json")), file.to_string()).unwrap();
            }
        }
    }
}

fn read(files: &[(&'static str, Value)]) -> Inventory {
    let mut answers = Answers::default();
    for (_, answer) in files {
        answers.read("saved.json", answer.to_string().as_bytes()).unwrap();
    }
    answers.into_inventory().unwrap()
}
