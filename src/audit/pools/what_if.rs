//! What other settings of the CNI would save: each node under them, replaced by a fresh one with as many
//! pods, against what it holds now.

use std::collections::{BTreeMap, HashMap};

use super::{
    model::{FreshNode, Model, TakenAddresses, Unmodelled},
    node::NodeReport,
    short::{SubnetChange, WhatIfSubnet, left},
    used::{UsedNodes, pool},
};
use crate::{
    audit::count::{Counted, PlaceCount, SubnetCount},
    cni::{CniChange, CniSettings, Decides, EniConfigMisfit, eni_config_of, eni_config_subnet},
    instance::Catalogue,
    inventory::{AwsNode, EniConfig, Inventory, KubernetesNode, Withheld},
    ipam::{PoolSettings, SeenKind},
};

/// What other settings would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WhatIf {
    /// The settings as they were asked for.
    pub settings: String,
    /// Nodes of which it can be told, in the audited subnets.
    pub nodes: u32,
    /// Those of them that would hold another number of addresses.
    pub nodes_affected: u32,
    /// Nodes of which no number can be given, for whatever reason.
    pub nodes_left_out: u32,
    /// The reasons, with the nodes of each.
    pub left_out: BTreeMap<LeftOut, u32>,
    /// The audited subnets in which such nodes hold addresses, or would, sorted by id.
    pub subnets: Vec<WhatIfSubnet>,
    /// Addresses saved in them; `None` when nothing could be told.
    pub saved: Option<i64>,
    /// Pods of today that would be left without an address.
    pub pods_without_address: u32,
    /// EC2 calls when as many pods as a node has now come at once on each node, empty and settled:
    /// under today's settings and under the other ones.
    pub ec2_calls: Option<(u64, u64)>,
}

impl WhatIf {
    /// Of what is saved, the part that fresh nodes give back under today's settings; `None` when that
    /// could not be modelled.
    #[must_use]
    pub fn saved_by_fresh_nodes(&self) -> Option<i64> {
        self.saved?;
        self.subnets.iter().map(WhatIfSubnet::saved_by_fresh_nodes).sum()
    }

    /// Of what is saved, the rest: what the settings themselves give back.
    #[must_use]
    pub fn saved_by_settings(&self) -> Option<i64> {
        Some(self.saved? - self.saved_by_fresh_nodes()?)
    }

    /// Whether anything is known: of some node, or that they all keep what they hold.
    fn is_told(&self) -> bool {
        self.nodes > 0 || self.left_out.keys().all(|why| *why == LeftOut::Frozen)
    }
}

/// Why a node has no number under other settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// ipamd neither takes nor returns addresses there, whatever the targets.
    Frozen,
    /// A fresh node under the other settings never becomes Ready.
    NeverReady,
    /// A fresh node under the other settings never stops to take addresses and give them back.
    NeverSettles,
    /// By the rules of ipamd there is no such node under today's settings.
    NotToday,
    /// Its pool is none that the model speaks of: another CNI, pods on a second network card, an unknown type.
    NoPool,
    /// Its pods are not available.
    NoPods,
    /// Which subnet its ENIs would lie in is not known: no ENIConfig, or several, of its zone.
    NoSubnet,
}

impl LeftOut {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Frozen => "frozen",
            Self::NeverReady => "never-ready",
            Self::NeverSettles => "never-settles",
            Self::NotToday => "not-today",
            Self::NoPool => "no-pool",
            Self::NoPods => "no-pods",
            Self::NoSubnet => "no-subnet",
        }
    }

    /// What it says of nodes.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Frozen => {
                "keep their addresses: DISABLE_NETWORK_RESOURCE_PROVISIONING or \
                 ENABLE_IMDS_ONLY_MODE is on, so targets have no effect"
            }
            Self::NeverReady => "would never become Ready",
            Self::NeverSettles => "would never settle",
            Self::NotToday => {
                "could not be modelled: with today's settings such a node does not become Ready \
                 and settle"
            }
            Self::NoPool => {
                "could not be modelled: ipamd does not manage their addresses, or their limits are \
                 unknown (another CNI, a second network card, an unknown instance type)"
            }
            Self::NoPods => "could not be modelled: their pods are not available",
            Self::NoSubnet => {
                "could not be modelled: no ENIConfig identifies the subnet of their ENIs"
            }
        }
    }
}

impl From<Unmodelled> for LeftOut {
    fn from(why: Unmodelled) -> Self {
        match why {
            Unmodelled::NeverReady => Self::NeverReady,
            Unmodelled::NeverSettles => Self::NeverSettles,
        }
    }
}

/// Settings that are asked about, as they were typed.
pub type Asked = (String, Vec<CniChange>);

/// What other settings would do, in all places.
#[derive(Debug, Default)]
pub(in crate::audit) struct WhatIfAnswer {
    /// A row for each of the settings asked for.
    pub(in crate::audit) rows: Vec<WhatIf>,
    /// What is missing for them in each place.
    pub(in crate::audit) missing: Vec<Vec<Withheld>>,
    /// Settings of which nothing can be told.
    pub(in crate::audit) untold: Vec<Withheld>,
}

/// What the settings asked for would do to the nodes of every place.
pub(in crate::audit) fn what_if(
    counted: &Counted<'_>,
    used: &[UsedNodes],
    catalogue: &Catalogue,
    asked: &[Asked],
) -> WhatIfAnswer {
    let missing: Vec<_> = counted.places.iter().map(|place| missing(place.inventory)).collect();
    let complete = || counted.places.iter().zip(used).zip(&missing).filter(|(_, m)| m.is_empty());
    let mut model = Model::default();
    let mut row = |(settings, changes): &Asked| {
        let mut row = WhatIf { settings: settings.clone(), ..WhatIf::default() };
        for ((place, used), _) in complete() {
            if let Some(world) = PlaceFacts::new((place, used), catalogue, changes) {
                world.play(&mut model, &mut row);
            }
        }
        row.subnets.sort_by(|a, b| a.subnet_id.cmp(&b.subnet_id));
        if !row.is_told() {
            (row.saved, row.ec2_calls) = (None, None);
        }
        row
    };
    let rows: Vec<WhatIf> = asked.iter().map(&mut row).collect();
    WhatIfAnswer { untold: rows.iter().filter_map(untold).collect(), rows, missing }
}

/// That nothing is known of any node.
fn untold(row: &WhatIf) -> Option<Withheld> {
    if row.is_told() {
        return None;
    }
    let reasons: Vec<String> =
        row.left_out.iter().map(|(why, nodes)| format!("{nodes} {}", why.about())).collect();
    let reason = format!("no node could be modelled: {}", reasons.join("; "));
    Some(Withheld::of_command(&format!("--what-if {}", row.settings), reason))
}

/// The files without which nothing can be told.
fn missing(inventory: &Inventory) -> Vec<Withheld> {
    let kubernetes = inventory.kubernetes.as_ref();
    let absent = [
        (
            "kubectl get nodes",
            "nodes.json",
            kubernetes.is_some_and(|kubernetes| kubernetes.nodes.is_some()),
        ),
        (
            "kubectl get pods",
            "pods.json, or aws-node's metrics of each node",
            // Either counts the pods; a node that neither counts is left out.
            kubernetes.is_some_and(|told| told.pods.is_some() || told.metrics.is_some()),
        ),
        (
            AwsNode::COMMAND,
            "aws-node.json",
            kubernetes.is_some_and(|kubernetes| kubernetes.aws_node.is_some()),
        ),
    ];
    absent
        .into_iter()
        .filter(|(_, _, is_there)| !is_there)
        .map(|(command, file, _)| {
            Withheld::of_command(command, format!("--what-if requires its output, as {file}"))
        })
        .collect()
}

/// What the nodes of a place live in.
struct PlaceFacts<'a> {
    place: &'a PlaceCount<'a>,
    nodes: &'a [NodeReport],
    catalogue: &'a Catalogue,
    configs: &'a [EniConfig],
    /// What kubectl told of nodes, by instance.
    listed: HashMap<&'a str, &'a KubernetesNode>,
    cni: CniSettings,
    then: CniSettings,
    /// The kubelet's max pods, where a change says so; else each node's own.
    max_pods: Option<u32>,
}

impl<'a> PlaceFacts<'a> {
    /// `None` where the nodes or the settings of today are not available.
    fn new(
        (place, used): (&'a PlaceCount<'_>, &'a UsedNodes),
        catalogue: &'a Catalogue,
        changes: &[CniChange],
    ) -> Option<Self> {
        let kubernetes = place.inventory.kubernetes.as_ref()?;
        let cni = CniSettings::read(kubernetes.aws_node.as_ref()?, &[Decides::Pool]).ok()?;
        let listed = kubernetes.nodes.iter().flatten();
        Some(Self {
            place,
            listed: listed.filter_map(|node| Some((node.instance_id.as_deref()?, node))).collect(),
            nodes: used.nodes.as_deref()?,
            catalogue,
            configs: kubernetes.eni_configs.as_deref().unwrap_or_default(),
            then: cni.clone().changed(changes),
            max_pods: CniChange::max_pods(changes),
            cni,
        })
    }

    /// Adds what the other settings would do to the row.
    fn play(&self, model: &mut Model, row: &mut WhatIf) {
        let mut subnets: BTreeMap<&str, SubnetChange<'_>> = BTreeMap::new();
        let audited: BTreeMap<&str, &SubnetCount> =
            self.place.subnets.iter().map(|s| (s.subnet_id.as_str(), s)).collect();
        let (mut now_calls, mut then_calls) = row.ec2_calls.unwrap_or_default();
        for node in self.nodes {
            let told = match self.node(node, model) {
                Ok(told) => told,
                Err(why) => {
                    row.nodes_left_out += 1;
                    *row.left_out.entry(why).or_default() += 1;
                    continue;
                }
            };
            row.nodes += 1;
            let mut held: BTreeMap<&str, NodeShare> = BTreeMap::new();
            for eni in &node.usage.enis.list {
                let share = held.entry(&eni.subnet_id).or_default();
                share.now.add(eni.taken());
                // What the CNI leaves alone stays.
                if eni.is_unmanaged() {
                    share.then.add(eni.taken());
                    share.fresh.add(eni.taken());
                }
            }
            for (subnet, taken) in &told.would_hold {
                held.entry(subnet).or_default().then.add(*taken);
            }
            for (subnet, taken) in told.fresh.iter().flatten() {
                held.entry(subnet).or_default().fresh.add(*taken);
            }
            held.retain(|subnet, _| audited.contains_key(subnet));
            let differs = |share: &NodeShare| share.now.addresses() != share.then.addresses();
            row.nodes_affected += u32::from(held.values().any(differs));
            for (subnet, share) in held {
                let Some((id, _)) = audited.get_key_value(subnet) else { continue };
                let entry = subnets.entry(*id).or_default();
                entry.nodes.insert(node.instance_id.as_str());
                entry.now.add(share.now);
                entry.then.add(share.then);
                entry.fresh.add(share.fresh);
                entry.is_fresh_unknown |= told.fresh.is_none();
            }
            row.pods_without_address += told.without_address;
            now_calls += u64::from(told.calls.0);
            then_calls += u64::from(told.calls.1);
        }
        let left = left(self.place.inventory, &subnets);
        let row_of = |(id, change): (&&str, &SubnetChange<'_>)| {
            Some(change.row(audited.get(id)?, left.get(id)))
        };
        let rows: Vec<WhatIfSubnet> = subnets.iter().filter_map(row_of).collect();
        let saved: i64 = rows.iter().map(WhatIfSubnet::saved).sum();
        row.saved = Some(row.saved.unwrap_or(0) + saved);
        row.ec2_calls = Some((now_calls, then_calls));
        row.subnets.extend(rows);
    }

    /// One node under the other settings, or why it has no number.
    fn node(&self, node: &NodeReport, model: &mut Model) -> Result<NodeForecast, LeftOut> {
        let usage = &node.usage;
        // A node that kubectl did not tell of, such as another cluster's, lacks its max pods too.
        let untold = usage.pods.is_none() && usage.allocatable_pods.is_none();
        let no_pool = if untold { LeftOut::NoPods } else { LeftOut::NoPool };
        let (now, then) = self.pools(node).ok_or(no_pool)?;
        if then.frozen {
            return Err(LeftOut::Frozen);
        }
        let pods = usage.pods.ok_or(LeftOut::NoPods)?;
        let subnets = self.subnets(node, &self.then)?;
        // What never works is said, whatever today's settings do.
        model.played(&then, pods)?;
        let today = model.played(now, pods).map_err(|_| LeftOut::NotToday)?;
        let now_calls = today.calls;
        // An ENIConfig that does not fit, or none, under today's settings: there are no such nodes.
        let fresh = self.subnets(node, &self.cni).ok().map(|subnets| spread(today, &subnets));
        let played = model.played(&then, pods)?;
        Ok(NodeForecast {
            would_hold: spread(played, &subnets),
            fresh,
            without_address: played.without_address,
            calls: (now_calls, played.calls),
        })
    }

    /// A node's pool under today's settings and under the other ones.
    fn pools<'b>(&self, node: &'b NodeReport) -> Option<(&'b PoolSettings, PoolSettings)> {
        let usage = &node.usage;
        let limits = self.catalogue.get(node.instance_type.as_deref()?)?;
        let max_pods = self.max_pods.or(usage.allocatable_pods)?;
        let then = pool(&self.then, Some(limits), max_pods, &usage.enis)?;
        Some((usage.pool.as_ref()?, then))
    }

    /// Where a fresh node's ENIs would lie under settings: the primary one where it is. The others in the ENIConfig's
    /// subnet under custom networking; else where they are now, in their order, the last subnet again for
    /// more of them.
    fn subnets(&self, node: &NodeReport, cni: &CniSettings) -> Result<EniSubnets, LeftOut> {
        let enis = &node.usage.enis.list;
        let primary = enis.iter().find(|eni| eni.is_primary()).ok_or(LeftOut::NoSubnet)?;
        let primary = primary.subnet_id.to_string();
        let others = enis.iter().filter(|eni| eni.kind == SeenKind::Secondary);
        let others: Vec<String> = others.map(|eni| eni.subnet_id.to_string()).collect();
        let is_beside = cni.custom_networking;
        if is_beside && let Some(subnet) = self.eni_config(node, &primary)? {
            return Ok(EniSubnets { primary, others: vec![subnet.to_owned()], trunk: None });
        }
        let as_now = is_beside == self.cni.custom_networking;
        let others = match (as_now && !others.is_empty(), is_beside) {
            (true, _) => others,
            (false, false) => vec![primary.clone()],
            (false, true) => return Err(LeftOut::NoSubnet),
        };
        let trunk = enis.iter().find(|eni| eni.kind == SeenKind::Trunk);
        Ok(EniSubnets { primary, others, trunk: trunk.map(|eni| eni.subnet_id.to_string()) })
    }

    /// The subnet of the ENIConfig that a node uses; `None` where that was not seen. Custom networking that
    /// is yet to be turned on takes the only one for the zone.
    ///
    /// # Errors
    /// When it does not fit the node: then a fresh one gets no addresses for pods.
    fn eni_config(&self, node: &NodeReport, primary: &str) -> Result<Option<&str>, LeftOut> {
        let Some(zone) = node.availability_zone.as_deref() else { return Ok(None) };
        if !self.cni.custom_networking {
            let of_zone = |config: &&EniConfig| config.availability_zone.as_deref() == Some(zone);
            let mut configs = self.configs.iter().filter(of_zone);
            let only = configs.next().filter(|_| configs.next().is_none());
            return Ok(only.and_then(|config| config.subnet_id.as_deref()));
        }
        let Some(name) = self.eni_config_name(node) else { return Ok(None) };
        let mut subnets = self.place.inventory.subnets.iter();
        let own = subnets.find(|subnet| subnet.subnet_id == primary);
        let config = self.configs.iter().find(|config| config.name == name);
        match eni_config_subnet(config, zone, own.map(|subnet| subnet.vpc_id.as_str())) {
            Ok(subnet) => Ok(Some(subnet)),
            Err(EniConfigMisfit::Unread(_)) => Ok(None),
            Err(
                EniConfigMisfit::Absent
                | EniConfigMisfit::NoSubnet
                | EniConfigMisfit::OtherZone { .. }
                | EniConfigMisfit::OtherVpc { .. },
            ) => Err(LeftOut::NeverReady),
        }
    }

    /// The name of the ENIConfig that a node uses; `None` where that, or what there is of them, was not
    /// seen.
    fn eni_config_name(&self, node: &NodeReport) -> Option<&str> {
        let kubernetes = self.place.inventory.kubernetes.as_ref()?;
        kubernetes.eni_configs.as_ref()?;
        eni_config_of(kubernetes.aws_node.as_ref()?, self.listed.get(node.instance_id.as_str())?)
    }
}

/// What a node takes of a subnet.
#[derive(Default)]
struct NodeShare {
    now: TakenAddresses,
    then: TakenAddresses,
    /// A fresh one under today's settings.
    fresh: TakenAddresses,
}

/// Where a node's ENIs lie.
struct EniSubnets {
    primary: String,
    /// In the order of attachment, at least one.
    others: Vec<String>,
    trunk: Option<String>,
}

/// What a node would do.
struct NodeForecast {
    would_hold: BTreeMap<String, TakenAddresses>,
    /// Under today's settings, where such a node could be modelled.
    fresh: Option<BTreeMap<String, TakenAddresses>>,
    without_address: u32,
    calls: (u32, u32),
}

/// What is taken, by subnet.
fn spread(played: &FreshNode, subnets: &EniSubnets) -> BTreeMap<String, TakenAddresses> {
    let mut held: BTreeMap<String, TakenAddresses> = BTreeMap::new();
    let mut others = subnets.others.iter();
    let mut other = others.next();
    for (at, taken) in played.per_eni.iter().enumerate() {
        let subnet = if at == 0 {
            &subnets.primary
        } else if played.trunk == Some(at) && subnets.trunk.is_some() {
            subnets.trunk.as_ref().unwrap_or(&subnets.primary)
        } else {
            let here = other.unwrap_or(&subnets.primary);
            other = others.next().or(other);
            here
        };
        held.entry(subnet.clone()).or_default().add(*taken);
    }
    held
}
