//! A small inventory, made by hand, for one audit at a time.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

use eksnet::{
    audit::{AuditReport, Counted, NodeReport, Policy, Questions, Settings, judge, parse_policy},
    finding::Finding,
    instance::BUILTIN,
    inventory::{
        Attachment, AwsNode, Cluster, EniTags, Instance, Interface, Inventory, Kubernetes, Places,
        Reservation, Selection, Source, SourceKind, Subnet, Tags, Vpc, redact, select,
    },
    network::ReservationKind,
};
use jiff::civil::{Date, date};

pub(crate) struct World {
    pub(crate) inventory: Inventory,
    pub(crate) policy: Policy,
    pub(crate) today: Date,
}

pub(crate) fn tags(pairs: &[(&str, &str)]) -> Tags {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// What an audit comes to, without names: its findings, what is not available, and what nodes use.
fn outcome(report: &AuditReport) -> impl PartialEq + std::fmt::Debug + use<> {
    let mut findings: Vec<_> =
        report.findings.iter().map(|found| (found.id.to_string(), found.severity)).collect();
    findings.sort_unstable();
    let mut withheld: Vec<_> =
        report.withheld.iter().map(|row| format!("{:?}", row.operation)).collect();
    withheld.sort_unstable();
    let usage = |node: &NodeReport| {
        let usage = &node.usage;
        let pods = (usage.pods, usage.pods_waiting, usage.host_network_pods);
        (usage.keeper, usage.held_for_pods, pods, usage.expected_addresses)
    };
    let mut nodes: Vec<_> = report.nodes.iter().flatten().map(usage).collect();
    nodes.sort_unstable_by_key(|node| format!("{node:?}"));
    (findings, withheld, nodes)
}

impl World {
    /// A VPC without a subnet.
    pub(crate) fn new() -> Self {
        let vpc = Vpc {
            vpc_id: "vpc-1".into(),
            cidrs: vec!["10.0.0.0/16".parse().unwrap()],
            owner_id: None,
            tags: Tags::new(),
        };
        let source = Source {
            kind: SourceKind::AwsCli,
            region: None,
            account: None,
            captured_at: None,
            caller: None,
        };
        Self {
            inventory: Inventory {
                source,
                vpcs: Some(vec![vpc]),
                subnets: Vec::new(),
                other_subnets: BTreeSet::new(),
                other_networks: BTreeMap::new(),
                interfaces: Some(Vec::new()),
                instances: Some(Vec::new()),
                clusters: Vec::new(),
                kubernetes: None,
                withheld: Vec::new(),
            },
            policy: Policy::default(),
            today: date(2026, 11, 25),
        }
    }

    pub(crate) fn subnet(&mut self, id: &str, zone: &str, cidr: &str) -> &mut Subnet {
        self.inventory.subnets.push(Subnet {
            subnet_id: id.into(),
            vpc_id: "vpc-1".into(),
            availability_zone: Some(zone.into()),
            cidr: Some(cidr.parse().unwrap()),
            ipv6_native: None,
            available: None,
            owner_id: None,
            tags: Tags::new(),
            reservations: Some(Vec::new()),
        });
        self.inventory.subnets.last_mut().unwrap()
    }

    /// Reserves a part of the subnet that came last.
    pub(crate) fn reserve(&mut self, cidr: &str, kind: ReservationKind) {
        let subnet = self.inventory.subnets.last_mut().unwrap();
        let row = Reservation { cidr: cidr.parse().unwrap(), kind };
        subnet.reservations.as_mut().unwrap().push(row);
    }

    /// An ENI of no node with `count` addresses from one on.
    pub(crate) fn hold(&mut self, subnet: &str, from: &str, count: u32) -> &mut Interface {
        let from: Ipv4Addr = from.parse().unwrap();
        let others = (1..count).map(|next| Ipv4Addr::from_bits(from.to_bits() + next)).collect();
        let interfaces = self.inventory.interfaces.as_mut().unwrap();
        interfaces.push(Interface {
            interface_id: format!("eni-{}", interfaces.len()),
            subnet_id: subnet.into(),
            vpc_id: Some("vpc-1".into()),
            owner_id: None,
            requester_id: None,
            requester_managed: false,
            interface_type: Some("interface".into()),
            description: String::new(),
            status: Some("in-use".into()),
            attachment: None,
            primary: Some(from),
            secondary: others,
            prefixes: Vec::new(),
            ipv6: Vec::new(),
            ipv6_prefixes: Vec::new(),
            tags: EniTags::default(),
        });
        interfaces.last_mut().unwrap()
    }

    /// A node's ENI: device 0 makes the node.
    pub(crate) fn node(
        &mut self,
        (node, device): (&str, u32),
        subnet: &str,
        (from, singles): (&str, u32),
        prefixes: &[&str],
    ) {
        if device == 0 {
            self.inventory.instances.as_mut().unwrap().push(Instance {
                instance_id: node.into(),
                owner_id: None,
                instance_type: Some("m5.large".into()),
                state: Some("running".into()),
                lifecycle: None,
                vpc_id: Some("vpc-1".into()),
                subnet_id: Some(subnet.into()),
                availability_zone: None,
                interfaces: None,
                tags: tags(&[("eks:cluster-name", "c")]).into(),
            });
        }
        let eni = self.hold(subnet, from, singles + 1);
        eni.prefixes = prefixes.iter().map(|prefix| prefix.parse().unwrap()).collect();
        eni.attachment = Some(Attachment {
            instance_id: Some(node.into()),
            instance_owner_id: None,
            device_index: Some(device),
            network_card_index: Some(0),
        });
    }

    pub(crate) fn cluster(&mut self, name: &str, subnets: &[&str]) {
        self.inventory.clusters.push(Cluster {
            name: name.into(),
            arn: None,
            version: None,
            vpc_id: Some("vpc-1".into()),
            service_cidr: None,
            subnet_ids: subnets.iter().map(ToString::to_string).collect(),
            node_groups: None,
            fargate_profiles: Vec::new(),
            health: Vec::new(),
            withheld: BTreeSet::new(),
        });
    }

    pub(crate) fn cni(&mut self, version: &str, environment: &[(&str, &str)]) {
        let node = AwsNode {
            version: Some(version.into()),
            environment: tags(environment),
            ..AwsNode::default()
        };
        let told = Kubernetes { aws_node: Some(node), ..Kubernetes::default() };
        self.inventory.kubernetes = Some(told);
    }

    pub(crate) fn policy(&mut self, text: &str) {
        self.policy = parse_policy(text).unwrap();
    }

    /// What an audit says. Every world is also one to redact: whatever a rule goes by has to stay, so that the
    /// findings and what is not available are the same. (A policy names resources, which go.)
    pub(crate) fn report(&self) -> AuditReport {
        let report = self.judged(Questions::default());
        if self.policy == Policy::default() {
            let redacted = self.of_places(&redact(self.places(), &[]), Questions::default());
            assert_eq!(outcome(&redacted), outcome(&report), "redacted: {:?}", report.withheld);
        }
        report
    }

    pub(crate) fn judged(&self, asked: Questions<'_>) -> AuditReport {
        self.of_places(&self.places(), asked)
    }

    fn places(&self) -> Places {
        let inventory = self.inventory.clone().in_order();
        let selected = select(&inventory, &Selection::default()).unwrap();
        Places::one_of(inventory, selected)
    }

    fn of_places(&self, places: &Places, asked: Questions<'_>) -> AuditReport {
        let settings = Settings { today: self.today, ..Settings::usual(&BUILTIN, &self.policy) };
        judge(Counted::of(places, false).unwrap(), &settings, asked)
    }

    /// What one check finds.
    pub(crate) fn of(&self, check: &str) -> Vec<Finding> {
        self.report().findings.into_iter().filter(|finding| finding.id == check).collect()
    }

    /// The same as lines.
    pub(crate) fn lines(&self, check: &str) -> Vec<String> {
        let line = |f: &Finding| format!("{} {}: {}", f.severity.name(), f.resource, f.message);
        self.of(check).iter().map(line).collect()
    }
}
