//! Which pods are on which instance.

use std::{
    collections::{HashMap, HashSet},
    net::Ipv4Addr,
};

use super::{Interface, Inventory, KubernetesPod, Withheld};

/// The namespace of the pods that every node runs.
const SYSTEM: &str = "kube-system";

/// Pods by the instance they are on.
#[derive(Debug)]
pub struct NodePods<'a> {
    pods: HashMap<&'a str, Vec<&'a KubernetesPod>>,
    listed: HashSet<&'a str>,
}

impl<'a> NodePods<'a> {
    /// The pods by instance; `None` if they were not looked at.
    ///
    /// # Errors
    /// When the pods are those of some namespaces only.
    pub fn new(inventory: &'a Inventory) -> Result<Option<Self>, Withheld> {
        let Some(kubernetes) = &inventory.kubernetes else { return Ok(None) };
        let Some(pods) = &kubernetes.pods else { return Ok(None) };
        // aws-node and kube-proxy run on every node, so a list without them is of some namespaces.
        if !pods.is_empty() && !pods.iter().any(|pod| pod.namespace == SYSTEM) {
            let reason = "no pod of kube-system is there: save the pods of all namespaces, with -A";
            return Err(Withheld::of_command("kubectl get pods", reason.to_owned()));
        }
        let nodes = kubernetes.nodes.iter().flatten();
        let named: HashMap<&str, &str> = nodes
            .filter_map(|node| Some((node.name.as_str(), node.instance_id.as_deref()?)))
            .collect();
        let interfaces = inventory.interfaces.iter().flatten();
        let hosts: HashMap<Ipv4Addr, &str> = interfaces
            .filter(|interface| is_primary(interface))
            .filter_map(|interface| Some((interface.primary?, interface.instance_id()?)))
            .collect();
        let mut of: HashMap<&str, Vec<&KubernetesPod>> = HashMap::new();
        for pod in pods {
            let by_name = pod.node_name.as_deref().and_then(|name| named.get(name));
            let instance = by_name.or_else(|| hosts.get(&pod.host_ip?));
            if let Some(instance) = instance {
                of.entry(instance).or_default().push(pod);
            }
        }
        Ok(Some(Self { pods: of, listed: named.into_values().collect() }))
    }

    /// An instance's pods, by namespace and name. Of an instance that no pod and no list of nodes names
    /// nothing is known: it may be another cluster's.
    #[must_use]
    pub fn of(&self, instance_id: &str) -> Option<&[&'a KubernetesPod]> {
        let pods = self.pods.get(instance_id).map(Vec::as_slice);
        pods.or_else(|| self.listed.contains(instance_id).then_some(&[]))
    }
}

/// Whether it is an instance's primary ENI.
fn is_primary(interface: &Interface) -> bool {
    let attachment = interface.attachment.as_ref();
    attachment.is_some_and(|attachment| {
        attachment.device_index == Some(0) && attachment.network_card_index.unwrap_or(0) == 0
    })
}
