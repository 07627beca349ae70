//! Which pods are on which instance.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    hash::Hash,
    net::Ipv4Addr,
};

use super::{
    Interface, Inventory, Known, KubernetesPod, Withheld,
    keys::{AUTO_MODE_TAG, COMPUTE_LABEL},
};

/// The namespace of the pods that every node runs.
const SYSTEM: &str = "kube-system";

/// The command whose answer has the pods.
const COMMAND: &str = "kubectl get pods";

/// Pods by the instance they are on.
#[derive(Debug)]
pub struct NodePods<'a> {
    pods: HashMap<&'a str, Vec<&'a KubernetesPod>>,
    listed: HashSet<&'a str>,
    /// Names that several instances have.
    shared_names: BTreeSet<&'a str>,
}

impl<'a> NodePods<'a> {
    /// The pods by instance; `None` if they were not looked at.
    ///
    /// # Errors
    /// When the pods are those of some namespaces only, as far as can be told: aws-node and kube-proxy
    /// run on every node but those of EKS Auto Mode, and what a cluster is there for in other namespaces.
    pub fn new(inventory: &'a Inventory) -> Result<Option<Self>, Withheld> {
        let Some(kubernetes) = &inventory.kubernetes else { return Ok(None) };
        let Some(pods) = &kubernetes.pods else { return Ok(None) };
        let is_auto_mode = runs_no_system_pods(inventory);
        let is_whole = kubernetes.all_namespaces;
        if let Some(what) = partial(pods, is_whole, is_auto_mode)
            && has_node(inventory)
        {
            let reason = format!("{what}: save the pods of all namespaces, with -A");
            return Err(Withheld::of_command(COMMAND, reason));
        }
        let mut instances_of: BTreeMap<&str, BTreeSet<Option<&str>>> = BTreeMap::new();
        for node in kubernetes.nodes.iter().flatten() {
            instances_of.entry(&node.name).or_default().insert(node.instance_id.as_deref());
        }
        let (shared, single): (BTreeMap<_, _>, BTreeMap<_, _>) =
            instances_of.into_iter().partition(|(_, instances)| instances.len() > 1);
        let named: HashMap<&str, &str> = single
            .into_iter()
            .filter_map(|(name, instances)| Some((name, instances.into_iter().flatten().next()?)))
            .collect();
        let interfaces = inventory.interfaces.iter().flatten();
        let hosts: HashMap<Ipv4Addr, &str> = unambiguous(
            interfaces
                .filter(|interface| interface.is_primary())
                .filter_map(|interface| Some((interface.primary?, interface.instance_id()?))),
        );
        let mut of: HashMap<&str, Vec<&KubernetesPod>> = HashMap::new();
        for pod in pods {
            // Whose pod it is, nobody knows, and a part of a node's pods is worse than none.
            if pod.node_name.as_deref().is_some_and(|name| shared.contains_key(name)) {
                continue;
            }
            let by_name = pod.node_name.as_deref().and_then(|name| named.get(name));
            let instance = by_name.or_else(|| hosts.get(&pod.host_ip?));
            if let Some(instance) = instance {
                of.entry(instance).or_default().push(pod);
            }
        }
        for instance in shared.values().flatten().flatten() {
            of.remove(instance);
        }
        Ok(Some(Self {
            pods: of,
            listed: named.into_values().collect(),
            shared_names: shared.into_keys().collect(),
        }))
    }

    /// What is not known since several instances have nodes of one name.
    #[must_use]
    pub fn withheld(&self) -> Option<Withheld> {
        if self.shared_names.is_empty() {
            return None;
        }
        let names = self.shared_names.iter().copied().collect::<Vec<_>>().join(", ");
        let reason = format!(
            "several instances have nodes of the same name, as in two clusters, so their pods \
             cannot be matched to instances: {names}"
        );
        Some(Withheld::of_command(COMMAND, reason))
    }

    /// An instance's pods, by namespace and name. Of an instance that no pod and no list of nodes names
    /// nothing is known: it may be another cluster's.
    #[must_use]
    pub fn of(&self, instance_id: &str) -> Option<&[&'a KubernetesPod]> {
        let pods = self.pods.get(instance_id).map(Vec::as_slice);
        pods.or_else(|| self.listed.contains(instance_id).then_some(&[]))
    }
}

/// Why the pods cannot be those of all namespaces of a cluster that has a node; `None` if they may be.
fn partial(
    pods: &[KubernetesPod],
    all_namespaces: bool,
    is_auto_mode: bool,
) -> Option<&'static str> {
    let of_system = pods.iter().filter(|pod| pod.namespace == SYSTEM).count();
    match (pods.len(), of_system) {
        (0, _) => Some("the list has no pods, although there are nodes"),
        (_, 0) if !is_auto_mode => Some("the list has no pods of kube-system"),
        (all, system) if all == system && !all_namespaces => {
            Some("the list has only pods of kube-system")
        }
        (_, _) => None,
    }
}

/// Whether all nodes are of EKS Auto Mode, where the CNI and kube-proxy are no pods.
fn runs_no_system_pods(inventory: &Inventory) -> bool {
    let listed = inventory.kubernetes.iter().flat_map(|told| told.nodes.iter().flatten());
    let mut listed = listed.peekable();
    if listed.peek().is_some() {
        return listed.all(|node| node.labels.get(COMPUTE_LABEL).is_some_and(|is| is == "auto"));
    }
    let known = Known::new(inventory);
    let instances = inventory.instances.iter().flatten();
    let mut nodes = instances.filter(|its| known.is_node(its.instance_id.as_str())).peekable();
    nodes.peek().is_some() && nodes.all(|its| its.tags.contains_key(AUTO_MODE_TAG))
}

/// Whether there is a node, whoever tells of it.
fn has_node(inventory: &Inventory) -> bool {
    let mut listed = inventory.kubernetes.iter().filter_map(|kubernetes| kubernetes.nodes.as_ref());
    if listed.any(|nodes| !nodes.is_empty()) {
        return true;
    }
    let known = Known::new(inventory);
    let attached = inventory.interfaces.iter().flatten().filter_map(Interface::instance_id);
    let instances = inventory.instances.iter().flatten().map(|i| i.instance_id.as_str());
    attached.chain(instances).any(|instance| known.is_node(instance))
}

/// The pairs whose key leads to one value alone.
fn unambiguous<'a, K: Eq + Hash + Copy>(
    pairs: impl Iterator<Item = (K, &'a str)>,
) -> HashMap<K, &'a str> {
    let mut seen: HashMap<K, Option<&'a str>> = HashMap::new();
    for (key, value) in pairs {
        let kept = seen.entry(key).or_insert(Some(value));
        *kept = kept.filter(|kept| *kept == value);
    }
    seen.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}
