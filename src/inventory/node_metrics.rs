//! Which node a file of aws-node's metrics is of, and whether it can be believed.
//!
//! A file does not name its node. The ENIs that it counts are the node's own, and so are blocks in which pods
//! have addresses; blocks without a pod may have been given back long ago and be another node's now, so they
//! identify nobody. The file's name counts where it is the node's. Whatever contradicts itself is withheld.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    net::Ipv4Addr,
};

use super::{AwsNodeMetrics, Interface, Inventory, Withheld, consistency::many};
use crate::network::Cidr;

/// aws-node's metrics by the instance they are of.
#[derive(Debug, Default)]
pub struct NodeMetrics<'a> {
    of: BTreeMap<&'a str, &'a AwsNodeMetrics>,
    /// What was saved and cannot be used.
    pub withheld: Vec<Withheld>,
}

impl<'a> NodeMetrics<'a> {
    /// The metrics by instance; empty where none were saved.
    #[must_use]
    pub fn new(inventory: &'a Inventory) -> Self {
        let told = inventory.kubernetes.as_ref().and_then(|told| told.metrics.as_deref());
        let (Some(files), Some(enis)) = (told, inventory.interfaces.as_deref()) else {
            return Self::default();
        };
        let holders = Holders::new(inventory, enis, files);
        let mut by_instance: BTreeMap<&str, Vec<&AwsNodeMetrics>> = BTreeMap::new();
        let mut unused: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for file in files {
            match holders.instance(file).and_then(|id| holders.believed(id, file).map(|()| id)) {
                Ok(instance) => by_instance.entry(instance).or_default().push(file),
                Err(why) => unused.entry(why).or_default().push(&file.file),
            }
        }
        let mut of = BTreeMap::new();
        for (instance, its) in by_instance {
            match its.as_slice() {
                [file] => {
                    of.insert(instance, *file);
                }
                several => {
                    let why = format!("several files are of one node, {instance}: save it once");
                    unused.entry(why).or_default().extend(several.iter().map(|f| f.file.as_str()));
                }
            }
        }
        let row = |(why, files): (String, Vec<&str>)| {
            Withheld::of_command(AwsNodeMetrics::COMMAND, format!("{}: {why}", many(files)))
        };
        Self { of, withheld: unused.into_iter().map(row).collect() }
    }

    /// Why a file is not used for its instance.
    #[must_use]
    pub fn unused(file: &AwsNodeMetrics, instance_id: &str, why: &str) -> Withheld {
        let reason = format!("{}, {instance_id}: {why}", file.file);
        Withheld::of_command(AwsNodeMetrics::COMMAND, reason)
    }

    /// An instance's metrics.
    #[must_use]
    pub fn of(&self, instance_id: &str) -> Option<&'a AwsNodeMetrics> {
        self.of.get(instance_id).copied()
    }
}

/// Who holds what the files name.
struct Holders<'a> {
    /// The instance of each ENI.
    enis: HashMap<&'a str, &'a str>,
    /// The instances that hold a block; private blocks may be there in several VPCs.
    blocks: HashMap<Cidr, BTreeSet<&'a str>>,
    /// The instance that a file may be named after.
    names: HashMap<&'a str, BTreeSet<&'a str>>,
    /// The instances by the address they run with.
    hosts: HashMap<Ipv4Addr, BTreeSet<&'a str>>,
}

impl<'a> Holders<'a> {
    fn new(inventory: &'a Inventory, enis: &'a [Interface], files: &[AwsNodeMetrics]) -> Self {
        let mut blocks: HashMap<Cidr, BTreeSet<&str>> = HashMap::new();
        let mut known = HashMap::new();
        let mut hosts: HashMap<Ipv4Addr, BTreeSet<&str>> = HashMap::new();
        for cidr in files.iter().flat_map(|file| file.cidrs.keys()) {
            blocks.entry(*cidr).or_default();
        }
        for (eni, instance) in enis.iter().filter_map(|eni| Some((eni, eni.instance_id()?))) {
            known.insert(eni.interface_id.as_str(), instance);
            let singles = eni.primary.iter().chain(&eni.secondary);
            let singles = singles.filter_map(|address| Cidr::containing(*address, 32));
            for block in singles.chain(eni.prefixes.iter().copied()) {
                if let Some(holders) = blocks.get_mut(&block) {
                    holders.insert(instance);
                }
            }
            if let Some(address) = eni.primary.filter(|_| eni.is_primary()) {
                hosts.entry(address).or_default().insert(instance);
            }
        }
        let mut names: HashMap<&str, BTreeSet<&str>> = HashMap::new();
        for instance in known.values() {
            names.entry(instance).or_default().insert(instance);
        }
        let nodes = inventory.kubernetes.iter().flat_map(|told| told.nodes.iter().flatten());
        for (node, instance) in nodes.filter_map(|node| Some((node, node.instance_id.as_deref()?)))
        {
            names.entry(&node.name).or_default().insert(instance);
        }
        Self { enis: known, blocks, names, hosts }
    }

    /// The instance that a file is of.
    ///
    /// # Errors
    /// Why that is not known.
    fn instance(&self, file: &AwsNodeMetrics) -> Result<&'a str, String> {
        let enis = file.enis.keys().filter_map(|eni| self.enis.get(eni.as_str()).copied());
        let mut of: BTreeSet<&str> = enis.collect();
        let named = self.named(&file.file);
        let in_use = file.cidrs.iter().filter(|(_, pods)| **pods > 0).map(|(cidr, _)| cidr);
        for holders in in_use.filter_map(|cidr| self.blocks.get(cidr)) {
            // One that is there in several VPCs: the file's ENIs and its name have to say whose it is.
            if let (Some(holder), 1) = (holders.first(), holders.len()) {
                of.insert(holder);
            }
        }
        let found: Vec<&str> = of.iter().copied().collect();
        match (found.as_slice(), named) {
            ([one], None) => Ok(one),
            ([one], Some(named)) if *one == named => Ok(one),
            ([], Some(named)) => Ok(named),
            ([one], Some(named)) => {
                Err(format!("named after {named}, but the ENIs and addresses are those of {one}"))
            }
            ([], None) => {
                Err("no ENI, no address with a pod and no file name identifies the node: \
                               name the file after the node"
                    .to_owned())
            }
            (several, _) => Err(format!(
                "the ENIs and addresses are those of several instances ({}): save a file for each \
                 node, and the ENIs at the same time",
                many(several.iter().copied())
            )),
        }
    }

    /// The instance that a file is named after: by its id, its node's name, or its address.
    fn named(&self, file: &str) -> Option<&'a str> {
        let host = file.split('.').next().and_then(|host| host.strip_prefix("ip-"));
        let address = host.map(|host| host.replace('-', ".")).and_then(|text| text.parse().ok());
        let address = address.or_else(|| file.parse().ok());
        let by_address = || self.hosts.get(&address?);
        let holders = self.names.get(file).or_else(by_address)?;
        holders.first().copied().filter(|_| holders.len() == 1)
    }

    /// Whether a file's numbers go together.
    ///
    /// # Errors
    /// Why not.
    fn believed(&self, instance: &str, file: &AwsNodeMetrics) -> Result<(), String> {
        if file.has_ipv6 {
            return Err("of an IPv6 node, whose addresses are not a pool".to_owned());
        }
        let counts = file.cidrs.values().chain(&file.assigned);
        if let Some(negative) = counts.copied().find(|count| *count < 0) {
            return Err(format!(
                "aws-node counts {negative} addresses, fewer than none: restart it on the node, and \
                 save its metrics again"
            ));
        }
        for (cidr, pods) in &file.cidrs {
            if !matches!(cidr.prefix_len(), 28 | 32) {
                return Err(format!(
                    "the pool of aws-node has {cidr}, neither a prefix (/28) nor an address (/32)"
                ));
            }
            if u64::try_from(*pods).is_ok_and(|pods| pods > cidr.size()) {
                return Err(format!(
                    "aws-node counts {pods} pods in {cidr}, which has fewer addresses: restart it on the \
                     node, and save its metrics again"
                ));
            }
        }
        if file.assigned.is_none() && file.cidrs.is_empty() {
            return Err("the file has neither awscni_assigned_ip_per_cidr nor \
                        awscni_assigned_ip_addresses"
                .to_owned());
        }
        // Its name alone says nothing against what it counts.
        let eni = file.enis.iter().find(|(id, pods)| **pods > 0 && !self.is_its(instance, id));
        let held = |cidr: &Cidr| self.blocks.get(cidr).is_some_and(|its| its.contains(instance));
        let block = file.cidrs.iter().find(|(cidr, pods)| **pods > 0 && !held(cidr));
        let eni = eni.map(|(id, _)| format!("on {id}, which is no ENI of {instance}"));
        let block = block.map(|(cidr, _)| format!("in {cidr}, which no ENI of {instance} holds"));
        match eni.or(block) {
            Some(elsewhere) => Err(format!(
                "it counts pods {elsewhere}: save the metrics and the ENIs at the same time"
            )),
            None => Ok(()),
        }
    }

    fn is_its(&self, instance: &str, eni: &str) -> bool {
        self.enis.get(eni).is_some_and(|its| *its == instance)
    }
}
