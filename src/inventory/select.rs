//! Which subnets are asked about, and why each is there.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Cluster, EniTags, Interface, Inventory, Operation, Place, Subnet, Withheld,
    consistency::unlisted_groups,
    keys::{AUTO_MODE_TAG, CLUSTER_TAG, CLUSTER_TAG_OF_AWS, ROLE_TAG},
};

/// What to look at. Everything when nothing is named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// Whole VPCs by id.
    pub vpcs: BTreeSet<String>,
    /// Single subnets by id.
    pub subnets: BTreeSet<String>,
    /// The subnets of a cluster.
    pub cluster: Option<ClusterName>,
}

/// A cluster as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterName {
    /// Its name.
    pub name: String,
    /// Its whole ARN, if it was named by it.
    pub arn: Option<String>,
}

impl ClusterName {
    /// The region of its ARN (`arn:PARTITION:eks:REGION:ACCOUNT:cluster/NAME`), if it was named by it.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.arn.as_ref()?.split(':').nth(3)
    }
}

impl Selection {
    /// Whether nothing is named.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.vpcs.is_empty() && self.subnets.is_empty() && self.cluster.is_none()
    }

    /// Takes out what is not there.
    pub fn without(&mut self, missing: &SelectionError) {
        // A cluster is named once, so that whatever is neither is the cluster.
        if !self.vpcs.remove(&missing.name) && !self.subnets.remove(&missing.name) {
            self.cluster = None;
        }
    }
}

/// Why a subnet belongs to a cluster.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Because {
    /// The cluster's own subnet.
    Cluster,
    /// A subnet of a managed node group.
    NodeGroup(String),
    /// A subnet of a Fargate profile.
    FargateProfile(String),
    /// A tag, as `key=value`.
    Tag(String),
    /// An ENI of one of the cluster's nodes is in it.
    NodeInterface,
}

impl Because {
    /// The reason as it is shown.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Cluster => "cluster".to_owned(),
            Self::NodeGroup(name) => format!("node-group:{name}"),
            Self::FargateProfile(name) => format!("fargate-profile:{name}"),
            Self::Tag(tag) => format!("tag:{tag}"),
            Self::NodeInterface => "node-eni".to_owned(),
        }
    }
}

/// What a selection takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selected {
    /// The subnets by id, each with why a cluster's selection has it; no reasons for subnets that
    /// were named or lie in a named VPC.
    pub subnets: BTreeMap<String, BTreeSet<Because>>,
    /// The VPCs that are taken whole, so that each of their subnets has to be there; `None` is every
    /// one.
    pub whole_vpcs: Option<BTreeSet<String>>,
    /// What the selection needed and could not see.
    pub withheld: BTreeSet<Withheld>,
}

impl Selected {
    fn withhold(&mut self, operation: Operation, reason: String) {
        self.withheld.insert(Withheld::new(operation, reason));
    }
}

/// A name that the inventory does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no {kind} `{name}` found")]
pub struct SelectionError {
    /// What it would be: `VPC`, `subnet` or `cluster`.
    pub kind: &'static str,
    /// The name asked for.
    pub name: String,
    /// The names that are there, sorted.
    pub known: Vec<String>,
}

impl SelectionError {
    /// What was named and is in no place that could be looked into; it may be in another one.
    #[must_use]
    pub fn nowhere(&self) -> Withheld {
        let operation = match self.kind {
            "VPC" => Operation::DescribeVpcs,
            "subnet" => Operation::DescribeSubnets,
            _ => Operation::DescribeCluster,
        };
        let reason = format!("{self} in the accounts and regions that could be read");
        Withheld { place: Some(Place::default()), ..Withheld::new(operation, reason) }
    }
}

/// The subnets of an inventory that a selection takes.
///
/// # Errors
/// When a named VPC, subnet or cluster is not in it.
pub fn select(inventory: &Inventory, selection: &Selection) -> Result<Selected, SelectionError> {
    let subnets = &inventory.subnets;
    let mut selected = Selected::default();
    if selection.is_everything() {
        selected.subnets = subnets.iter().map(|s| (s.subnet_id.clone(), BTreeSet::new())).collect();
        return Ok(selected);
    }
    selected.whole_vpcs = Some(selection.vpcs.clone());
    for vpc in &selection.vpcs {
        let mut found = subnets.iter().filter(|subnet| subnet.vpc_id == *vpc).peekable();
        let known_empty = inventory.vpcs.iter().flatten().any(|known| known.vpc_id == *vpc);
        if found.peek().is_none() && !known_empty {
            let known: BTreeSet<_> = subnets.iter().map(|subnet| subnet.vpc_id.clone()).collect();
            return Err(unknown("VPC", vpc, known));
        }
        selected.subnets.extend(found.map(|s| (s.subnet_id.clone(), BTreeSet::new())));
    }
    for id in &selection.subnets {
        if !subnets.iter().any(|subnet| subnet.subnet_id == *id) {
            let known: BTreeSet<_> = subnets.iter().map(|s| s.subnet_id.clone()).collect();
            return Err(unknown("subnet", id, known));
        }
        selected.subnets.entry(id.clone()).or_default();
    }
    if let Some(asked) = &selection.cluster {
        let cluster = find_cluster(inventory, asked)?;
        take_cluster(inventory, &asked.name, cluster, &mut selected);
    }
    Ok(selected)
}

/// The cluster that is asked for; `None` when nothing of what EKS says is there.
fn find_cluster<'a>(
    inventory: &'a Inventory,
    asked: &ClusterName,
) -> Result<Option<&'a Cluster>, SelectionError> {
    if inventory.clusters.is_empty() {
        return Ok(None);
    }
    // A cluster whose own ARN is unknown is taken by its name.
    let is_it = |cluster: &&Cluster| {
        cluster.name == asked.name
            && match (&asked.arn, &cluster.arn) {
                (Some(asked), Some(its)) => asked == its,
                _ => true,
            }
    };
    let found: Vec<&Cluster> = inventory.clusters.iter().filter(is_it).collect();
    let keys = |list: &mut dyn Iterator<Item = &Cluster>| list.map(Cluster::key).collect();
    match found.as_slice() {
        [one] => Ok(Some(one)),
        [] => {
            let name = asked.arn.as_ref().unwrap_or(&asked.name);
            Err(unknown("cluster", name, keys(&mut inventory.clusters.iter())))
        }
        several => {
            let known = keys(&mut several.iter().copied());
            Err(unknown("single cluster", &asked.name, known))
        }
    }
}

/// Takes the subnets of a cluster, and what of it is not available.
fn take_cluster(
    inventory: &Inventory,
    name: &str,
    cluster: Option<&Cluster>,
    selected: &mut Selected,
) {
    let there: BTreeSet<&str> =
        inventory.subnets.iter().map(|subnet| subnet.subnet_id.as_str()).collect();
    let mut any = false;
    for (id, because) in of_cluster(inventory, name, cluster) {
        if there.contains(id.as_str()) {
            any = true;
            selected.subnets.entry(id).or_default().extend(because);
        } else {
            let reason = format!("cluster {name} uses {id}, which is not in the list of subnets");
            selected.withhold(Operation::DescribeSubnets, reason);
        }
    }
    if !any {
        let reason = format!("no subnet of cluster {name} was found");
        selected.withhold(Operation::DescribeSubnets, reason);
    }
    match cluster {
        None => selected.withhold(
            Operation::DescribeCluster,
            format!(
                "no EKS data about cluster {name}: its subnets are identified by tags and ENIs \
                     only"
            ),
        ),
        Some(cluster) => {
            selected.withheld.extend(cluster.withheld.iter().cloned());
            selected.withheld.extend(unlisted_groups(cluster, inventory));
            let told = |row: &Withheld| row.operation == Operation::ListNodegroups.name();
            if cluster.node_groups.is_none() && !cluster.withheld.iter().any(told) {
                let reason = format!("the node groups of cluster {name} are not available");
                selected.withhold(Operation::ListNodegroups, reason);
            }
        }
    }
}

fn unknown(kind: &'static str, name: &str, known: BTreeSet<String>) -> SelectionError {
    SelectionError { kind, name: name.to_owned(), known: known.into_iter().collect() }
}

/// The subnets of a cluster. Without what EKS says of it the tags and the nodes' ENIs still tell.
fn of_cluster(
    inventory: &Inventory,
    name: &str,
    cluster: Option<&Cluster>,
) -> BTreeMap<String, BTreeSet<Because>> {
    let mut found: BTreeMap<String, BTreeSet<Because>> = BTreeMap::new();
    let mut add = |id: &str, because: Because| {
        found.entry(id.to_owned()).or_default().insert(because);
    };
    if let Some(cluster) = cluster {
        for id in &cluster.subnet_ids {
            add(id, Because::Cluster);
        }
        for group in cluster.node_groups.iter().flatten() {
            for id in &group.subnet_ids {
                add(id, Because::NodeGroup(group.name.clone()));
            }
        }
        for profile in &cluster.fargate_profiles {
            for id in &profile.subnet_ids {
                add(id, Because::FargateProfile(profile.name.clone()));
            }
        }
    }
    for interface in node_interfaces(inventory, name) {
        add(&interface.subnet_id, Because::NodeInterface);
    }
    let is_named = |subnet: &&Subnet| !subnet_tags(subnet, name).is_empty();
    let vpcs: BTreeSet<&str> = match cluster.and_then(|cluster| cluster.vpc_id.as_deref()) {
        Some(vpc) => [vpc].into(),
        None => inventory.subnets.iter().filter(is_named).map(|s| s.vpc_id.as_str()).collect(),
    };
    for subnet in inventory.subnets.iter().filter(|s| vpcs.contains(s.vpc_id.as_str())) {
        for tag in subnet_tags(subnet, name) {
            add(&subnet.subnet_id, Because::Tag(tag));
        }
        if let Some(value) = subnet.tags.get(ROLE_TAG) {
            add(&subnet.subnet_id, Because::Tag(format!("{ROLE_TAG}={value}")));
        }
    }
    found
}

/// The tags that give a subnet to a cluster.
fn subnet_tags(subnet: &Subnet, cluster: &str) -> Vec<String> {
    let mut found = Vec::new();
    for start in ["kubernetes.io/cluster/", "cni.networking.k8s.aws/cluster/"] {
        let key = format!("{start}{cluster}");
        if let Some(value) = subnet.tags.get(&key) {
            found.push(format!("{key}={value}"));
        }
    }
    let key = "karpenter.sh/discovery";
    if subnet.tags.get(key).map(String::as_str) == Some(cluster) {
        found.push(format!("{key}={cluster}"));
    }
    found
}

/// The ENIs of a cluster's nodes.
fn node_interfaces<'a>(
    inventory: &'a Inventory,
    cluster: &str,
) -> impl Iterator<Item = &'a Interface> {
    let interfaces = inventory.interfaces.as_deref().unwrap_or_default();
    let instances = inventory.instances.as_deref().unwrap_or_default();
    let mut nodes: BTreeSet<&str> = instances
        .iter()
        .filter(|instance| is_node_of(&instance.tags, cluster))
        .map(|instance| instance.instance_id.as_str())
        .collect();
    // The CNI tags the ENIs it makes with the cluster's name.
    let tagged = interfaces
        .iter()
        .filter(|interface| interface.tags.get("cluster.k8s.amazonaws.com/name") == Some(cluster));
    nodes.extend(tagged.filter_map(Interface::instance_id));
    interfaces
        .iter()
        .filter(move |interface| interface.instance_id().is_some_and(|id| nodes.contains(id)))
}

fn is_node_of(tags: &EniTags, cluster: &str) -> bool {
    [CLUSTER_TAG, CLUSTER_TAG_OF_AWS, AUTO_MODE_TAG]
        .iter()
        .any(|key| tags.get(key) == Some(cluster))
        || tags.contains_key(&format!("kubernetes.io/cluster/{cluster}"))
}
