//! Which instances are nodes that the VPC CNI serves, and what each holds.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    net::Ipv4Addr,
};

use super::{
    eni_configs::{EniConfigSubnet, EniConfigs},
    start::ObservedEni,
};
use crate::{
    cni::{CniSettings, Decides, PoolKeeper},
    finding::{counted, thousands},
    inventory::{
        Holder, Instance, Interface, Inventory, Known, KubernetesNode, NodeMetrics, NodePods,
        Operation, OwnerKind, PoolEni, PoolUse, Withheld, keys::TRUNK_TAG,
    },
    ipam::{PoolMode, SeenKind},
    network::Cidr,
};

/// A node with what it holds, before it has a group.
pub(super) struct SeenNode {
    pub(super) instance_id: String,
    pub(super) instance_type: String,
    /// Whether it is stopped and in the warm pool of its group.
    pub(super) is_pooled: bool,
    pub(super) subnet: usize,
    pub(super) mode: Option<PoolMode>,
    pub(super) enis: Vec<ObservedEni>,
    pub(super) branches: Vec<(usize, Ipv4Addr)>,
    pub(super) pods: Option<u32>,
    /// Whether aws-node's own count told them.
    pub(super) is_counted: bool,
    pub(super) max_pods: Option<u32>,
    pub(super) eni_config: EniConfigSubnet,
}

/// An inventory while it is read.
pub(super) struct InventoryReader<'a> {
    interfaces: &'a [Interface],
    instances: BTreeMap<&'a str, &'a Instance>,
    known: Known<'a>,
    /// The CNI's settings, as far as they say which ENIs are its.
    cni: CniSettings,
    /// The pods, where kubectl told them.
    pods: Option<NodePods<'a>>,
    /// What aws-node itself counts, which goes before them.
    metrics: NodeMetrics<'a>,
    /// What kubectl told of nodes, by instance.
    listed: HashMap<&'a str, &'a KubernetesNode>,
    /// The ENIConfigs, where custom networking is on and kubectl told them.
    pub(super) eni_configs: Option<EniConfigs<'a>>,
    /// Nodes whose ENIConfig does not fit, by what is wrong.
    misfits: BTreeMap<String, u32>,
    /// The simulated subnets, by id.
    subnets: HashMap<&'a str, usize>,
    blocks: HashMap<&'a str, Cidr>,
    /// ENIs whose addresses belong to nodes and control planes.
    pub(super) simulated: HashSet<&'a str>,
    pub(super) notes: Vec<String>,
    /// Of those, which nodes are not simulated.
    pub(super) left_out: Vec<String>,
    pub(super) withheld: BTreeSet<Withheld>,
}

impl<'a> InventoryReader<'a> {
    pub(super) fn new(
        inventory: &'a Inventory,
        interfaces: &'a [Interface],
        instances: &'a [Instance],
    ) -> Self {
        let mut withheld = BTreeSet::new();
        let pods = NodePods::new(inventory).unwrap_or_else(|missing| {
            withheld.insert(missing);
            None
        });
        let mut metrics = NodeMetrics::new(inventory);
        withheld.extend(std::mem::take(&mut metrics.withheld));
        let aws_node =
            inventory.kubernetes.as_ref().and_then(|kubernetes| kubernetes.aws_node.as_ref());
        let kubernetes =
            inventory.kubernetes.iter().filter_map(|kubernetes| kubernetes.nodes.as_ref());
        let listed = kubernetes
            .flatten()
            .filter_map(|node| Some((node.instance_id.as_deref()?, node)))
            .collect();
        let ipv4 = inventory.subnets.iter().filter(|subnet| subnet.cidr.is_some());
        Self {
            interfaces,
            instances: instances.iter().map(|i| (i.instance_id.as_str(), i)).collect(),
            known: Known::new(inventory),
            cni: aws_node
                .and_then(|aws_node| CniSettings::read(aws_node, &[Decides::Pool]).ok())
                .unwrap_or_else(CniSettings::shipped),
            pods,
            metrics,
            listed,
            eni_configs: EniConfigs::new(inventory),
            misfits: BTreeMap::new(),
            subnets: ipv4.enumerate().map(|(at, s)| (s.subnet_id.as_str(), at)).collect(),
            blocks: inventory.blocks(),
            simulated: HashSet::new(),
            notes: Vec::new(),
            left_out: Vec::new(),
            withheld,
        }
    }

    pub(super) fn index(&self, subnet_id: &str) -> Option<usize> {
        self.subnets.get(subnet_id).copied()
    }

    pub(super) fn instance(&self, id: &str) -> Option<&'a Instance> {
        self.instances.get(id).copied()
    }

    pub(super) fn interfaces(&self) -> &'a [Interface] {
        self.interfaces
    }

    /// The name of what kind of holder an interface has.
    pub(super) fn kind(&self, interface: &Interface) -> &'static str {
        match self.known.holder(interface) {
            Holder::Node => OwnerKind::Node.name(),
            Holder::Kind(kind) => kind.name(),
        }
    }

    /// Whom an ENI of a node belongs to; in a warm pool it is what it is on a node.
    fn holder(&self, interface: &Interface) -> Holder {
        let is_trunk = interface.interface_type.as_deref() == Some("trunk");
        match self.known.holder(interface) {
            Holder::Kind(OwnerKind::WarmPool) if is_trunk => Holder::Kind(OwnerKind::Trunk),
            holder @ (Holder::Node | Holder::Kind(_)) => holder,
        }
    }

    fn note(&mut self, count: u32, what: &str) {
        if count > 0 {
            let nodes = counted(count, "node", "nodes");
            let note = format!("{nodes} {what}: not simulated, held addresses stay in use");
            self.left_out.push(note.clone());
            self.notes.push(note);
        }
    }

    /// The nodes that are simulated, by instance id.
    pub(super) fn nodes(&mut self) -> Vec<SeenNode> {
        let mut of_node: BTreeMap<&'a str, Vec<&'a Interface>> = BTreeMap::new();
        for interface in self.interfaces {
            let is_its = |id: &&str| self.known.is_node(id) || self.known.is_pooled_node(id);
            if let Some(id) = interface.instance_id().filter(is_its) {
                of_node.entry(id).or_default().push(interface);
            }
        }
        let (mut auto, mut windows, mut ipv6, mut outside, mut gone) = (0, 0, 0, 0, 0);
        let mut untyped = 0;
        let mut nodes = Vec::new();
        for (id, mut interfaces) in of_node {
            let Some(instance) = self.instance(id) else {
                let reason = format!("{id} has ENIs but is not in the list of instances");
                self.withheld.insert(Withheld::new(Operation::DescribeInstances, reason));
                continue;
            };
            interfaces.sort_by_key(|eni| (eni.place(), &eni.interface_id));
            let (Some(instance_type), Some(first)) =
                (&instance.instance_type, interfaces.first().copied())
            else {
                untyped += 1;
                continue;
            };
            let is_ipv6 = interfaces.iter().any(|eni| !eni.ipv6_prefixes.is_empty());
            let lacks = |eni: &Interface| self.index(&eni.subnet_id).is_none();
            let keeper = PoolKeeper::of(Some(instance), self.listed.get(id).copied());
            if keeper == PoolKeeper::AutoMode {
                auto += 1;
            } else if keeper == PoolKeeper::Windows {
                windows += 1;
            } else if is_ipv6 {
                ipv6 += 1;
            } else if !instance.is_stopped()
                && !matches!(instance.state.as_deref(), None | Some("running" | "pending"))
            {
                gone += 1;
            } else if !first.is_primary()
                || first.primary.is_none()
                || interfaces.iter().any(|eni| lacks(eni))
            {
                outside += 1;
            } else {
                nodes.extend(self.node(id, instance_type, &interfaces));
            }
        }
        self.note(auto, "of EKS Auto Mode (another CNI)");
        self.note(windows, "with Windows (VPC resource controller)");
        self.note(ipv6, "of an IPv6 cluster (no IPv4 pool)");
        self.note(outside, "with ENIs outside the selection or without IPv4");
        self.note(gone, "not running");
        self.note(untyped, "without an instance type");
        for (what, nodes) in &self.misfits {
            let nodes = counted(*nodes, "node", "nodes");
            self.notes.push(format!("{nodes} {what}"));
        }
        let pooled: u32 = nodes.iter().map(|node| u32::from(node.is_pooled)).sum();
        match pooled {
            0 => {}
            1 => self.notes.push(
                "1 instance of an Auto Scaling group is simulated as its warm pool: it keeps \
                 what it holds"
                    .to_owned(),
            ),
            pooled => self.notes.push(format!(
                "{} instances of Auto Scaling groups are simulated as their warm pools: each \
                 keeps what it holds",
                thousands(pooled)
            )),
        }
        self.branches(&mut nodes);
        nodes
    }

    fn node(
        &mut self,
        id: &str,
        instance_type: &str,
        interfaces: &[&'a Interface],
    ) -> Option<SeenNode> {
        let mut enis = Vec::new();
        for interface in interfaces {
            let subnet = self.index(&interface.subnet_id)?;
            let fitting = interface.fitting(self.blocks.get(interface.subnet_id.as_str()).copied());
            let kind = match interface.primary {
                Some(_) => self.cni.eni_kind(interface, self.holder(interface)),
                // Without an address, as `efa-only` interfaces are, it takes a place and gives none.
                None => SeenKind::Unmanaged,
            };
            enis.push(ObservedEni {
                kind,
                on_card: interface.place().0 == 0,
                subnet,
                primary: interface.primary,
                secondary: fitting.secondary.clone(),
                prefixes: fitting.prefixes.clone(),
            });
        }
        self.simulated.extend(interfaces.iter().map(|eni| eni.interface_id.as_str()));
        // ipamd leaves the other network cards alone.
        let pool = || enis.iter().filter(|eni| eni.on_card && eni.is_pool());
        let prefixes: usize = pool().map(|eni| eni.prefixes.len()).sum();
        let secondary: usize = pool().map(|eni| eni.secondary.len()).sum();
        let is_pooled = self.known.is_pooled(id);
        let told = if is_pooled { Some((0, false)) } else { self.pods_on(id, &enis) };
        Some(SeenNode {
            is_pooled,
            is_counted: told.is_some_and(|(_, is_counted)| is_counted),
            instance_id: id.to_owned(),
            instance_type: instance_type.to_owned(),
            subnet: enis.first()?.subnet,
            mode: match (prefixes, secondary) {
                (0, 0) => None,
                (0, _) => Some(PoolMode::SecondaryIp),
                (_, _) => Some(PoolMode::Prefix),
            },
            pods: told.map(|(pods, _)| pods),
            max_pods: self.listed.get(id).and_then(|node| node.allocatable_pods),
            eni_config: self.eni_config(id, interfaces.first().copied()),
            enis,
            branches: Vec::new(),
        })
    }

    fn eni_config(&mut self, id: &str, primary: Option<&Interface>) -> EniConfigSubnet {
        let subnet = primary.map_or("", |eni| eni.subnet_id.as_str());
        let found = self.eni_configs.as_ref().and_then(|all| all.of_node(id, subnet));
        let found = found.map(|found| found.map(|subnet| self.index(subnet)));
        if let Some(Err(what)) = &found {
            *self.misfits.entry(what.clone()).or_default() += 1;
        }
        EniConfigSubnet::of(found.as_ref())
    }

    /// Pods with an address that the ENIs hold for pods, and those that are on the node and wait for
    /// one, and whether that is aws-node's own count; `None` where pods were not told.
    fn pods_on(&mut self, id: &str, enis: &[ObservedEni]) -> Option<(u32, bool)> {
        let pods = self.pods.as_ref().and_then(|pods| pods.of(id));
        let waiting = pods.iter().flat_map(|pods| pods.iter()).filter(|pod| pod.waits()).count();
        let waiting = u32::try_from(waiting).ok()?;
        let own = pods.iter().flat_map(|pods| pods.iter()).filter(|pod| pod.is_pooled());
        let addresses: BTreeSet<Ipv4Addr> = own.filter_map(|pod| pod.ip).collect();
        if let Some(told) = self.metrics.of(id) {
            let in_pool: Vec<PoolEni<'_>> = enis.iter().map(ObservedEni::in_pool).collect();
            match PoolUse::new(told, &in_pool, &addresses) {
                Ok(its) => {
                    let is_counted = its.assigned >= its.listed;
                    return Some((its.pods().checked_add(waiting)?, is_counted));
                }
                Err(why) => {
                    self.withheld.insert(NodeMetrics::unused(told, id, &why));
                }
            }
        }
        pods?;
        let is_held = |address: &&Ipv4Addr| {
            enis.iter().map(ObservedEni::in_pool).any(|eni| eni.is_pool && eni.holds(**address))
        };
        let held = u32::try_from(addresses.iter().filter(is_held).count()).ok()?;
        Some((held.checked_add(waiting)?, false))
    }

    /// Gives branch ENIs to the nodes whose trunk they name.
    fn branches(&mut self, nodes: &mut [SeenNode]) {
        let at: HashMap<String, usize> =
            nodes.iter().enumerate().map(|(at, node)| (node.instance_id.clone(), at)).collect();
        let of_trunk: HashMap<&str, &str> = self
            .interfaces
            .iter()
            .filter_map(|eni| Some((eni.interface_id.as_str(), eni.instance_id()?)))
            .collect();
        for interface in self.interfaces {
            let node = interface
                .tags
                .get(TRUNK_TAG)
                .and_then(|trunk| at.get(*of_trunk.get(trunk)?))
                .and_then(|at| nodes.get_mut(*at));
            if let (Some(node), Some(subnet), Some(address)) =
                (node, self.index(&interface.subnet_id), interface.primary)
            {
                node.branches.push((subnet, address));
                self.simulated.insert(&interface.interface_id);
            }
        }
    }

    /// The control planes' interfaces.
    pub(super) fn control_plane(&mut self) -> Vec<(usize, Ipv4Addr)> {
        let mut found = Vec::new();
        for interface in self.interfaces {
            let plain = interface.secondary.is_empty() && interface.prefixes.is_empty();
            if plain
                && self.known.holder(interface) == Holder::Kind(OwnerKind::ControlPlane)
                && let (Some(subnet), Some(address)) =
                    (self.index(&interface.subnet_id), interface.primary)
            {
                found.push((subnet, address));
                self.simulated.insert(&interface.interface_id);
            }
        }
        found
    }
}
