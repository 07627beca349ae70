//! What other settings of the CNI would save: each node under them, replaced by a fresh one with as many
//! pods, against what it holds now.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    AWS_NODE_COMMAND, CniChange, CniSettings, NodeUsage,
    model::{Model, Played},
    pool,
};
use crate::{
    audit::{AuditReport, NodeReport},
    instance::Catalogue,
    inventory::{EniConfig, Inventory, Withheld},
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
    /// Nodes of which it cannot be told: another CNI, a second network card, no ENIConfig, a node that
    /// never settles.
    pub nodes_left_out: u32,
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

/// One subnet under other settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WhatIfSubnet {
    /// The subnet.
    pub subnet_id: String,
    /// Addresses that the nodes' ENIs hold in it.
    pub held: u32,
    /// Addresses that they would hold.
    pub would_hold: u32,
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
    let withheld = missing(inventory);
    let kubernetes = inventory.kubernetes.as_ref();
    let cni = kubernetes
        .and_then(|kubernetes| CniSettings::read(kubernetes.aws_node.as_ref()?).ok())
        .filter(|_| withheld.is_empty());
    let configs = kubernetes.and_then(|kubernetes| kubernetes.eni_configs.as_deref());
    let mut model = Model::default();
    let rows = asked
        .iter()
        .map(|(settings, changes)| {
            let mut row = WhatIf { settings: settings.clone(), ..WhatIf::default() };
            if let Some(cni) = &cni {
                let then = cni.clone().changed(changes);
                let world =
                    World { catalogue, configs: configs.unwrap_or_default(), cni, then: &then };
                world.play(report, &mut model, &mut row);
            }
            row
        })
        .collect();
    (rows, withheld)
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
}

impl World<'_> {
    fn play(&self, report: &AuditReport, model: &mut Model, row: &mut WhatIf) {
        let Some(nodes) = &report.nodes else { return };
        let mut subnets: BTreeMap<String, WhatIfSubnet> = BTreeMap::new();
        let audited: BTreeSet<&str> =
            report.subnets.iter().map(|subnet| subnet.subnet_id.as_str()).collect();
        let (mut now_calls, mut then_calls) = (0_u64, 0_u64);
        for node in nodes {
            let Some(told) = self.node(node, model) else {
                row.nodes_left_out += 1;
                continue;
            };
            row.nodes += 1;
            let mut held: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
            for eni in &node.usage.enis.list {
                held.entry(&eni.subnet_id).or_default().0 += eni.addresses();
            }
            for (subnet, addresses) in &told.would_hold {
                held.entry(subnet).or_default().1 += addresses;
            }
            held.retain(|subnet, _| audited.contains(subnet));
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
        row.subnets = subnets.into_values().collect();
        if row.nodes > 0 || row.nodes_left_out == 0 {
            row.saved = Some(row.subnets.iter().map(WhatIfSubnet::saved).sum());
            row.ec2_calls = Some((now_calls, then_calls));
        }
    }

    /// One node under the other settings; `None` if it cannot be told.
    fn node(&self, node: &NodeReport, model: &mut Model) -> Option<Told> {
        let usage = &node.usage;
        let (now, pods) = (usage.pool.as_ref()?, usage.pods?);
        let limits = self.catalogue.get(node.instance_type.as_deref()?)?;
        let then = pool(self.then, Some(limits), usage.allocatable_pods?, &usage.enis)?;
        let subnets = self.subnets(node.availability_zone.as_deref(), usage)?;
        let now_calls = model.played(now, pods)?.calls;
        let played = model.played(&then, pods)?;
        Some(Told {
            would_hold: spread(played, &subnets),
            without_address: played.without_address,
            calls: (now_calls, played.calls),
        })
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
