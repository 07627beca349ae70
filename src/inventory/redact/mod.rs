//! An inventory to share: accounts, resource ids, ARNs and names replaced by placeholders of the same
//! shape, the same one for the same original everywhere, and in the same order, so that an audit of it
//! gives the same numbers. Addresses and networks stay: they are the point.

mod declared;
mod node_class;
mod placeholders;
mod reasons;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use placeholders::Placeholders;

use super::{
    Attachment, AwsNode, AwsNodeMetrics, Because, Cluster, EniConfig, EniTags, HealthIssue,
    Instance, Interface, Inventory, Kubernetes, KubernetesNode, KubernetesPod, NodeSubnets,
    OtherNetwork, Places, Selected, Source, Subnet, Tags, Vpc,
};

/// What was observed and what is selected of it without names or ids of anybody's.
#[must_use]
pub fn redact(places: Places, named: &[&str]) -> Places {
    let zones = places.list.iter().flat_map(|(inventory, _)| zones(inventory)).collect();
    let subnets: Vec<Subnet> =
        places.list.iter().flat_map(|(inventory, _)| inventory.subnets.iter().cloned()).collect();
    let (placeholders, subnets) = (Placeholders::new(), subnets.as_slice());
    let mut redactor = Redactor { placeholders, zones: &zones, subnets };
    for name in named {
        let _same = words::value(&mut redactor.placeholders, name);
    }
    let places = redactor.places(places);
    let placeholders = redactor.placeholders.numbered();
    Redactor { placeholders, zones: &zones, subnets }.places(places)
}

/// Texts beside what was observed, such as a message and its hint, by the same rules. `named` are names
/// in them.
#[must_use]
pub fn redact_texts<const N: usize>(texts: [&str; N], named: &[String]) -> [String; N] {
    let mut placeholders = Placeholders::new();
    for name in named {
        let _same = words::value(&mut placeholders, name);
    }
    let _same = texts.map(|text| words::sentence(&mut placeholders, text));
    let mut placeholders = placeholders.numbered();
    texts.map(|text| words::sentence(&mut placeholders, text))
}

/// The zones that subnets and instances are in.
fn zones(inventory: &Inventory) -> BTreeSet<String> {
    let subnets = inventory.subnets.iter().filter_map(|subnet| subnet.availability_zone.clone());
    let instances = inventory.instances.iter().flatten();
    let instances = instances.filter_map(|instance| instance.availability_zone.as_deref());
    subnets.chain(instances.map(ToOwned::to_owned)).collect()
}

/// Takes everything apart, and every field by name: a new one does not compile until it is said what
/// becomes of it.
struct Redactor<'a> {
    placeholders: Placeholders,
    /// An ENIConfig is usually named as a zone is, and chosen by it: such a name says nothing, in
    /// whatever label it stands.
    zones: &'a BTreeSet<String>,
    /// The subnets as they are, for what selects them by a part of a tag.
    subnets: &'a [Subnet],
}

impl Redactor<'_> {
    fn id(&mut self, text: &str) -> String {
        words::id(&mut self.placeholders, text)
    }

    fn name(&mut self, text: &str) -> String {
        if self.zones.contains(text) {
            return text.to_owned();
        }
        words::value(&mut self.placeholders, text)
    }

    fn account(&mut self, text: &str) -> String {
        words::account(&mut self.placeholders, text)
    }

    fn maybe_id(&mut self, text: Option<String>) -> Option<String> {
        text.map(|text| self.id(&text))
    }

    fn maybe_account(&mut self, text: Option<String>) -> Option<String> {
        text.map(|text| self.account(&text))
    }

    fn pair(&mut self, (key, value): (&str, &str)) -> (String, String) {
        let value = if self.zones.contains(value) {
            value.to_owned()
        } else {
            words::value_of(&mut self.placeholders, key, value)
        };
        (words::key(&mut self.placeholders, key), value)
    }

    fn tags(&mut self, tags: &Tags) -> Tags {
        tags.iter().map(|(key, value)| self.pair((key.as_str(), value.as_str()))).collect()
    }

    fn eni_tags(&mut self, tags: &EniTags) -> EniTags {
        tags.iter().map(|tag| self.pair(tag)).collect()
    }

    fn ids(&mut self, ids: &BTreeSet<String>) -> BTreeSet<String> {
        ids.iter().map(|id| self.id(id)).collect()
    }

    fn places(&mut self, places: Places) -> Places {
        let Places { source, list, unseen, is_several, notes } = places;
        let place =
            |(inventory, selected)| (self.inventory(inventory).in_order(), self.selected(selected));
        Places {
            list: list.into_iter().map(place).collect(),
            source: self.source(source),
            unseen: unseen.into_iter().map(|row| self.withheld(row)).collect(),
            is_several,
            notes: notes.iter().map(|note| words::sentence(&mut self.placeholders, note)).collect(),
        }
    }

    fn source(&mut self, source: Source) -> Source {
        let Source { kind, region, account, captured_at, caller } = source;
        Source {
            kind,
            region,
            account: self.maybe_account(account),
            captured_at,
            caller: self.maybe_account(caller),
        }
    }

    fn inventory(&mut self, inventory: Inventory) -> Inventory {
        let Inventory {
            source,
            vpcs,
            subnets,
            other_subnets,
            other_networks,
            interfaces,
            instances,
            clusters,
            kubernetes,
            withheld,
        } = inventory;
        Inventory {
            source: self.source(source),
            vpcs: vpcs.map(|rows| rows.into_iter().map(|row| self.vpc(row)).collect()),
            subnets: subnets.into_iter().map(|row| self.subnet(row)).collect(),
            other_subnets: self.ids(&other_subnets),
            other_networks: self.other_networks(other_networks),
            interfaces: interfaces
                .map(|rows| rows.into_iter().map(|r| self.interface(r)).collect()),
            instances: instances.map(|rows| rows.into_iter().map(|r| self.instance(r)).collect()),
            clusters: clusters.into_iter().map(|row| self.cluster(row)).collect(),
            kubernetes: kubernetes.map(|seen| self.kubernetes(seen)),
            withheld: withheld.into_iter().map(|row| self.withheld(row)).collect(),
        }
    }

    fn other_networks(
        &mut self,
        networks: BTreeMap<String, OtherNetwork>,
    ) -> BTreeMap<String, OtherNetwork> {
        let one = |(id, OtherNetwork { vpc_id, cidr }): (String, OtherNetwork)| {
            (self.id(&id), OtherNetwork { vpc_id: self.id(&vpc_id), cidr })
        };
        networks.into_iter().map(one).collect()
    }

    fn vpc(&mut self, vpc: Vpc) -> Vpc {
        let Vpc { vpc_id, cidrs, owner_id, tags } = vpc;
        Vpc {
            vpc_id: self.id(&vpc_id),
            cidrs,
            owner_id: self.maybe_account(owner_id),
            tags: self.tags(&tags),
        }
    }

    fn subnet(&mut self, subnet: Subnet) -> Subnet {
        let Subnet {
            subnet_id,
            vpc_id,
            availability_zone,
            cidr,
            ipv6_native,
            available,
            owner_id,
            tags,
            reservations,
        } = subnet;
        Subnet {
            subnet_id: self.id(&subnet_id),
            vpc_id: self.id(&vpc_id),
            availability_zone,
            cidr,
            ipv6_native,
            available,
            owner_id: self.maybe_account(owner_id),
            tags: self.tags(&tags),
            reservations,
        }
    }

    fn interface(&mut self, interface: Interface) -> Interface {
        let Interface {
            interface_id,
            subnet_id,
            vpc_id,
            owner_id,
            requester_id,
            requester_managed,
            interface_type,
            description,
            status,
            attachment,
            primary,
            secondary,
            prefixes,
            ipv6,
            ipv6_prefixes,
            tags,
        } = interface;
        Interface {
            interface_id: self.id(&interface_id),
            subnet_id: self.id(&subnet_id).into(),
            vpc_id: vpc_id.map(|id| self.id(&id).into()),
            owner_id: owner_id.map(|id| self.account(&id).into()),
            requester_id: requester_id.map(|id| self.account(&id).into()),
            requester_managed,
            interface_type,
            description: words::description(&mut self.placeholders, &description),
            status,
            attachment: attachment.map(|attachment| self.attachment(attachment)),
            primary,
            secondary,
            prefixes,
            ipv6,
            ipv6_prefixes,
            tags: self.eni_tags(&tags),
        }
    }

    fn attachment(&mut self, attachment: Attachment) -> Attachment {
        let Attachment { instance_id, instance_owner_id, device_index, network_card_index } =
            attachment;
        Attachment {
            instance_id: instance_id.map(|id| self.id(&id).into()),
            instance_owner_id: instance_owner_id.map(|id| self.account(&id).into()),
            device_index,
            network_card_index,
        }
    }

    fn instance(&mut self, instance: Instance) -> Instance {
        let Instance {
            instance_id,
            owner_id,
            instance_type,
            state,
            lifecycle,
            vpc_id,
            subnet_id,
            availability_zone,
            interfaces,
            tags,
        } = instance;
        Instance {
            instance_id: self.id(&instance_id),
            owner_id: owner_id.map(|id| self.account(&id).into()),
            instance_type,
            state,
            lifecycle,
            vpc_id: vpc_id.map(|id| self.id(&id).into()),
            subnet_id: subnet_id.map(|id| self.id(&id).into()),
            availability_zone,
            interfaces: interfaces.map(|enis| {
                enis.iter().map(|(subnet, eni)| (self.id(subnet).into(), self.id(eni))).collect()
            }),
            tags: self.eni_tags(&tags),
        }
    }

    fn cluster(&mut self, cluster: Cluster) -> Cluster {
        let Cluster {
            name,
            arn,
            version,
            vpc_id,
            service_cidr,
            subnet_ids,
            node_groups,
            fargate_profiles,
            health,
            withheld,
        } = cluster;
        Cluster {
            name: self.name(&name),
            arn: arn.map(|arn| words::arn(&mut self.placeholders, &arn)),
            version,
            vpc_id: self.maybe_id(vpc_id),
            service_cidr,
            subnet_ids: self.ids(&subnet_ids),
            node_groups: node_groups.map(|groups| self.members(groups)),
            fargate_profiles: self.members(fargate_profiles),
            health: self.health(health),
            withheld: withheld.into_iter().map(|row| self.withheld(row)).collect(),
        }
    }

    fn members(&mut self, members: Vec<NodeSubnets>) -> Vec<NodeSubnets> {
        let member = |NodeSubnets { name, subnet_ids, health }| NodeSubnets {
            name: self.name(&name),
            subnet_ids: self.ids(&subnet_ids),
            health: self.health(health),
        };
        members.into_iter().map(member).collect()
    }

    fn health(&mut self, issues: Vec<HealthIssue>) -> Vec<HealthIssue> {
        let issue = |HealthIssue { code, message, resource_ids }| HealthIssue {
            code,
            message: words::sentence(&mut self.placeholders, &message),
            resource_ids: self.ids(&resource_ids),
        };
        issues.into_iter().map(issue).collect()
    }

    fn kubernetes(&mut self, kubernetes: Kubernetes) -> Kubernetes {
        let Kubernetes {
            nodes,
            pods,
            eni_configs,
            node_classes,
            aws_node,
            node_pools,
            ec2_node_classes,
            all_namespaces,
            metrics,
        } = kubernetes;
        Kubernetes {
            node_pools: node_pools
                .map(|rows| rows.into_iter().map(|row| self.node_pool(row)).collect()),
            ec2_node_classes: ec2_node_classes
                .map(|rows| rows.into_iter().map(|row| self.ec2_node_class(row)).collect()),
            nodes: nodes.map(|rows| rows.into_iter().map(|row| self.node(row)).collect()),
            pods: pods.map(|rows| rows.into_iter().map(|row| self.pod(row)).collect()),
            eni_configs: eni_configs
                .map(|rows| rows.into_iter().map(|row| self.eni_config(row)).collect()),
            node_classes: node_classes
                .map(|rows| rows.into_iter().map(|row| self.node_class(row)).collect()),
            aws_node: aws_node.map(|node| self.aws_node(node)),
            all_namespaces,
            metrics: metrics.map(|rows| rows.into_iter().map(|row| self.metrics(row)).collect()),
        }
    }

    fn metrics(&mut self, metrics: AwsNodeMetrics) -> AwsNodeMetrics {
        let AwsNodeMetrics { file, cidrs, enis, assigned, total, has_ipv6 } = metrics;
        // Named after an instance it is that instance's.
        let is_id = file.starts_with("i-");
        AwsNodeMetrics {
            file: if is_id { self.id(&file) } else { self.name(&file) },
            cidrs,
            enis: enis.into_iter().map(|(id, count)| (self.id(&id), count)).collect(),
            assigned,
            total,
            has_ipv6,
        }
    }

    fn node(&mut self, node: KubernetesNode) -> KubernetesNode {
        let KubernetesNode {
            name,
            instance_id,
            allocatable_pods,
            labels,
            annotations,
            unschedulable,
        } = node;
        KubernetesNode {
            name: self.name(&name),
            instance_id: self.maybe_id(instance_id),
            allocatable_pods,
            labels: self.tags(&labels),
            annotations: self.tags(&annotations),
            unschedulable,
        }
    }

    fn pod(&mut self, pod: KubernetesPod) -> KubernetesPod {
        let KubernetesPod {
            namespace,
            name,
            node_name,
            host_ip,
            ip,
            has_ipv6,
            host_network,
            branch_eni,
            owner_kind,
        } = pod;
        KubernetesPod {
            namespace: self.name(&namespace),
            name: self.name(&name),
            node_name: node_name.map(|name| self.name(&name)),
            host_ip,
            ip,
            has_ipv6,
            host_network,
            branch_eni,
            owner_kind: owner_kind.map(|kind| words::kind(&mut self.placeholders, &kind)),
        }
    }

    fn eni_config(&mut self, config: EniConfig) -> EniConfig {
        let EniConfig { name, subnet_id, availability_zone, vpc_id } = config;
        EniConfig {
            name: self.name(&name),
            subnet_id: self.maybe_id(subnet_id),
            availability_zone,
            vpc_id: self.maybe_id(vpc_id),
        }
    }

    fn aws_node(&mut self, node: AwsNode) -> AwsNode {
        let AwsNode { version, environment, hidden, hidden_more } = node;
        AwsNode {
            version: version.map(|version| words::version(&mut self.placeholders, &version)),
            environment: self.environment(&environment),
            hidden: hidden
                .iter()
                .map(|name| words::variable(&mut self.placeholders, name))
                .collect(),
            hidden_more,
        }
    }

    /// The CNI's variables: a value that is a key of a label is one here too.
    fn environment(&mut self, values: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let variable = |(variable, value): (&String, &String)| {
            let value = if variable.starts_with("ENI_CONFIG_") {
                words::key(&mut self.placeholders, value)
            } else if words::is_setting(value) {
                value.clone()
            } else {
                self.name(value)
            };
            (words::variable(&mut self.placeholders, variable), value)
        };
        values.iter().map(variable).collect()
    }

    fn selected(&mut self, selected: Selected) -> Selected {
        let Selected { subnets, whole_vpcs, withheld } = selected;
        Selected {
            subnets: subnets
                .into_iter()
                .map(|(id, reasons)| {
                    (self.id(&id), reasons.into_iter().map(|why| self.because(why)).collect())
                })
                .collect(),
            whole_vpcs: whole_vpcs.map(|ids| self.ids(&ids)),
            withheld: withheld.into_iter().map(|row| self.withheld(row)).collect(),
        }
    }

    fn because(&mut self, because: Because) -> Because {
        match because {
            Because::Cluster => Because::Cluster,
            Because::NodeInterface => Because::NodeInterface,
            Because::NodeGroup(name) => Because::NodeGroup(self.name(&name)),
            Because::FargateProfile(name) => Because::FargateProfile(self.name(&name)),
            Because::Tag(tag) => {
                let (key, value) = tag.split_once('=').unwrap_or((&tag, ""));
                let (key, value) = self.pair((key, value));
                Because::Tag(format!("{key}={value}"))
            }
        }
    }
}
