//! What other settings of the CNI would save: each node under them, replaced by a fresh one with as many
//! pods, against what it holds now.

use std::collections::BTreeMap;

use super::{
    AWS_NODE_COMMAND, NodeUsage,
    model::{Model, Played, Unplayed},
    pool,
};
use crate::{
    audit::{AuditReport, NodeReport, SubnetReport},
    cni::{CniChange, CniSettings, Decides},
    instance::Catalogue,
    inventory::{EniConfig, Inventory, Withheld},
    ipam::PoolSettings,
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

/// Why a node has no number under other settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// A fresh node under the other settings never becomes Ready.
    NeverReady,
    /// A fresh node under the other settings never stops to take addresses and give them back.
    NeverSettles,
    /// By the rules of ipamd there is no such node under today's settings.
    NotToday,
    /// Its pool is none that the model speaks of: another CNI, a second network card, an unknown type.
    NoPool,
    /// Its pods could not be seen.
    NoPods,
    /// Which subnet its ENIs would lie in is not known: no ENIConfig, or several, of its zone.
    NoSubnet,
}

impl LeftOut {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
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
            Self::NeverReady => "would never become Ready",
            Self::NeverSettles => "would never settle",
            Self::NotToday => {
                "cannot be told, as today's settings allow no such node to become Ready and settle"
            }
            Self::NoPool => {
                "cannot be told, as their pool is none of ipamd's that is known (another CNI, a second \
                 network card, an unknown type)"
            }
            Self::NoPods => "cannot be told, as their pods could not be seen",
            Self::NoSubnet => {
                "cannot be told, as no single ENIConfig of their zone says where ENIs would lie"
            }
        }
    }
}

impl From<Unplayed> for LeftOut {
    fn from(why: Unplayed) -> Self {
        match why {
            Unplayed::NeverReady => Self::NeverReady,
            Unplayed::NeverSettles => Self::NeverSettles,
        }
    }
}

/// One subnet under other settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WhatIfSubnet {
    /// The subnet.
    pub subnet_id: String,
    /// Addresses that the nodes' ENIs hold in it.
    pub held: u32,
    /// Addresses that they would hold.
    pub would_hold: u32,
    /// Addresses that the subnet has too few for that, all others in it staying; 0: none, as far as
    /// single addresses go. `None` when what it holds could not be seen.
    pub short: Option<u32>,
}

impl WhatIfSubnet {
    /// Addresses saved; negative: more are held.
    #[must_use]
    pub fn saved(&self) -> i64 {
        i64::from(self.held) - i64::from(self.would_hold)
    }
}

/// A row for each of the settings asked for, and what is missing for them.
#[must_use]
pub fn what_if(
    report: &AuditReport,
    inventory: &Inventory,
    catalogue: &Catalogue,
    asked: &[(String, Vec<CniChange>)],
) -> (Vec<WhatIf>, Vec<Withheld>) {
    let mut withheld = missing(inventory);
    let kubernetes = inventory.kubernetes.as_ref();
    let cni = kubernetes
        .and_then(|kubernetes| {
            CniSettings::read(kubernetes.aws_node.as_ref()?, &[Decides::Pool]).ok()
        })
        .filter(|_| withheld.is_empty());
    let configs = kubernetes.and_then(|kubernetes| kubernetes.eni_configs.as_deref());
    let mut model = Model::default();
    let rows: Vec<WhatIf> = asked
        .iter()
        .map(|(settings, changes)| {
            let mut row = WhatIf { settings: settings.clone(), ..WhatIf::default() };
            if let Some(cni) = &cni {
                let then = cni.clone().changed(changes);
                let world = World {
                    catalogue,
                    configs: configs.unwrap_or_default(),
                    cni,
                    then: &then,
                    max_pods: CniChange::max_pods(changes),
                };
                world.play(report, &mut model, &mut row);
            }
            row
        })
        .collect();
    withheld.extend(rows.iter().filter_map(untold));
    (rows, withheld)
}

/// That nothing is known of any node.
fn untold(row: &WhatIf) -> Option<Withheld> {
    if row.nodes > 0 || row.nodes_left_out == 0 {
        return None;
    }
    let reasons: Vec<String> =
        row.left_out.iter().map(|(why, nodes)| format!("{nodes} {}", why.about())).collect();
    let reason = format!("every node is left out: {}", reasons.join("; "));
    Some(Withheld::of_command(&format!("--what-if {}", row.settings), reason))
}

/// What a subnet has too few, when its nodes hold `would_hold` in place of `held`. A fresh node may come
/// before the old one goes, so this is the least.
fn short(subnet: &SubnetReport, row: &WhatIfSubnet) -> Option<u32> {
    let others = i64::from(subnet.held.or(subnet.used)?) - i64::from(row.held);
    let wanted = others + i64::from(row.would_hold);
    let short = wanted - i64::from(subnet.usable?);
    Some(u32::try_from(short.max(0)).unwrap_or(u32::MAX))
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
            "pods.json",
            kubernetes.is_some_and(|kubernetes| kubernetes.pods.is_some()),
        ),
        (
            AWS_NODE_COMMAND,
            "aws-node.json",
            kubernetes.is_some_and(|kubernetes| kubernetes.aws_node.is_some()),
        ),
    ];
    absent
        .into_iter()
        .filter(|(_, _, is_there)| !is_there)
        .map(|(command, file, _)| {
            Withheld::of_command(command, format!("--what-if wants its answer, as {file}"))
        })
        .collect()
}

/// What the nodes live in.
struct World<'a> {
    catalogue: &'a Catalogue,
    configs: &'a [EniConfig],
    cni: &'a CniSettings,
    then: &'a CniSettings,
    /// The kubelet's max pods, where a change says so; else each node's own.
    max_pods: Option<u32>,
}

impl World<'_> {
    fn play(&self, report: &AuditReport, model: &mut Model, row: &mut WhatIf) {
        let Some(nodes) = &report.nodes else { return };
        let mut subnets: BTreeMap<String, WhatIfSubnet> = BTreeMap::new();
        let audited: BTreeMap<&str, &SubnetReport> =
            report.subnets.iter().map(|subnet| (subnet.subnet_id.as_str(), subnet)).collect();
        let (mut now_calls, mut then_calls) = (0_u64, 0_u64);
        for node in nodes {
            let told = match self.node(node, model) {
                Ok(told) => told,
                Err(why) => {
                    row.nodes_left_out += 1;
                    *row.left_out.entry(why).or_default() += 1;
                    continue;
                }
            };
            row.nodes += 1;
            let mut held: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
            for eni in &node.usage.enis.list {
                held.entry(&eni.subnet_id).or_default().0 += eni.addresses();
            }
            for (subnet, addresses) in &told.would_hold {
                held.entry(subnet).or_default().1 += addresses;
            }
            held.retain(|subnet, _| audited.contains_key(subnet));
            row.nodes_affected += u32::from(held.values().any(|(now, then)| now != then));
            for (subnet, (now, then)) in held {
                let entry = subnets.entry(subnet.to_owned()).or_default();
                subnet.clone_into(&mut entry.subnet_id);
                entry.held += now;
                entry.would_hold += then;
            }
            row.pods_without_address += told.without_address;
            now_calls += u64::from(told.calls.0);
            then_calls += u64::from(told.calls.1);
        }
        for (subnet, entry) in &mut subnets {
            entry.short = audited.get(subnet.as_str()).and_then(|subnet| short(subnet, entry));
        }
        row.subnets = subnets.into_values().collect();
        if row.nodes > 0 || row.nodes_left_out == 0 {
            row.saved = Some(row.subnets.iter().map(WhatIfSubnet::saved).sum());
            row.ec2_calls = Some((now_calls, then_calls));
        }
    }

    /// One node under the other settings, or why it has no number.
    fn node(&self, node: &NodeReport, model: &mut Model) -> Result<Told, LeftOut> {
        let usage = &node.usage;
        let (now, then) = self.pools(node).ok_or(LeftOut::NoPool)?;
        let pods = usage.pods.ok_or(LeftOut::NoPods)?;
        let zone = node.availability_zone.as_deref();
        let subnets = self.subnets(zone, usage).ok_or(LeftOut::NoSubnet)?;
        // What never works is said, whatever today's settings do.
        model.played(&then, pods)?;
        let now_calls = model.played(now, pods).map_err(|_| LeftOut::NotToday)?.calls;
        let played = model.played(&then, pods)?;
        Ok(Told {
            would_hold: spread(played, &subnets),
            without_address: played.without_address,
            calls: (now_calls, played.calls),
        })
    }

    /// A node's pool under today's settings and under the other ones.
    fn pools<'b>(&self, node: &'b NodeReport) -> Option<(&'b PoolSettings, PoolSettings)> {
        let usage = &node.usage;
        let limits = self.catalogue.get(node.instance_type.as_deref()?)?;
        let max_pods = self.max_pods.or(usage.allocatable_pods)?;
        let then = pool(self.then, Some(limits), max_pods, &usage.enis)?;
        Some((usage.pool.as_ref()?, then))
    }

    /// Where a fresh node's ENIs would lie: the primary one where it is. The others in the ENIConfig's
    /// subnet under custom networking; else where they are now, in their order, the last subnet again for
    /// more of them.
    fn subnets(&self, zone: Option<&str>, usage: &NodeUsage) -> Option<Subnets> {
        let primary = usage.enis.list.iter().find(|eni| eni.is_primary)?.subnet_id.clone();
        let others = usage.enis.list.iter().filter(|eni| !eni.is_primary && !eni.is_trunk);
        let others: Vec<String> = others.map(|eni| eni.subnet_id.clone()).collect();
        let is_beside = self.then.custom_networking;
        if is_beside && let Some(subnet) = zone.and_then(|zone| self.eni_config(zone)) {
            return Some(Subnets { primary, others: vec![subnet], trunk: None });
        }
        let as_now = is_beside == self.cni.custom_networking;
        let others = match (as_now && !others.is_empty(), is_beside) {
            (true, _) => others,
            (false, false) => vec![primary.clone()],
            (false, true) => return None,
        };
        let trunk = usage.enis.list.iter().find(|eni| eni.is_trunk);
        Some(Subnets { primary, others, trunk: trunk.map(|eni| eni.subnet_id.clone()) })
    }

    /// The subnet of the only ENIConfig for a zone, by its subnet's zone.
    fn eni_config(&self, zone: &str) -> Option<String> {
        let of_zone = |config: &&EniConfig| config.availability_zone.as_deref() == Some(zone);
        let mut configs = self.configs.iter().filter(of_zone);
        let only = configs.next()?;
        configs.next().is_none().then(|| only.subnet_id.clone())?
    }
}

/// Where a node's ENIs lie.
struct Subnets {
    primary: String,
    /// In the order of attachment, at least one.
    others: Vec<String>,
    trunk: Option<String>,
}

/// What a node would do.
struct Told {
    would_hold: BTreeMap<String, u32>,
    without_address: u32,
    calls: (u32, u32),
}

/// Addresses by subnet.
fn spread(played: &Played, subnets: &Subnets) -> BTreeMap<String, u32> {
    let mut held: BTreeMap<String, u32> = BTreeMap::new();
    let mut others = subnets.others.iter();
    let mut other = others.next();
    for (at, addresses) in played.per_eni.iter().enumerate() {
        let subnet = if at == 0 {
            &subnets.primary
        } else if played.trunk == Some(at) && subnets.trunk.is_some() {
            subnets.trunk.as_ref().unwrap_or(&subnets.primary)
        } else {
            let here = other.unwrap_or(&subnets.primary);
            other = others.next().or(other);
            here
        };
        *held.entry(subnet.clone()).or_default() += addresses;
    }
    held
}
