//! The pods of each node.

use std::{
    collections::{BTreeSet, HashMap},
    net::Ipv4Addr,
};

use super::{NodeEnis, NodeUsage};
use crate::inventory::{Kubernetes, KubernetesPod, Withheld};

/// The namespace of the pods that every node runs.
const SYSTEM: &str = "kube-system";

/// Pods by the instance they are on.
pub(super) struct PodsOfNodes<'a> {
    of: HashMap<String, Vec<&'a KubernetesPod>>,
}

impl<'a> PodsOfNodes<'a> {
    /// The pods by instance; `None` if they were not looked at, or not in all namespaces, which is said.
    pub(super) fn new(
        kubernetes: &'a Kubernetes,
        enis: &HashMap<String, NodeEnis>,
        withheld: &mut Vec<Withheld>,
    ) -> Option<Self> {
        let pods = kubernetes.pods.as_ref()?;
        // aws-node and kube-proxy run on every node, so a list without them is of some namespaces.
        if !pods.is_empty() && !pods.iter().any(|pod| pod.namespace == SYSTEM) {
            let reason = "no pod of kube-system is there: save the pods of all namespaces, with -A";
            withheld.push(Withheld::of_command("kubectl get pods", reason.to_owned()));
            return None;
        }
        let named: HashMap<&str, &str> = kubernetes
            .nodes
            .iter()
            .flatten()
            .filter_map(|node| Some((node.name.as_str(), node.instance_id.as_deref()?)))
            .collect();
        let hosts: HashMap<Ipv4Addr, &str> = enis
            .iter()
            .flat_map(|(id, node)| node.list.iter().map(move |eni| (eni, id.as_str())))
            .filter(|(eni, _)| eni.is_primary)
            .filter_map(|(eni, id)| Some((eni.primary?, id)))
            .collect();
        let mut of: HashMap<String, Vec<&KubernetesPod>> = HashMap::new();
        for pod in pods {
            let by_name = pod.node_name.as_deref().and_then(|name| named.get(name));
            let instance = by_name.or_else(|| hosts.get(&pod.host_ip?));
            if let Some(instance) = instance {
                of.entry((*instance).to_owned()).or_default().push(pod);
            }
        }
        Some(Self { of })
    }

    /// Counts a node's pods. Of a node that no pod and no list of nodes names nothing is known: it may
    /// be another cluster's.
    pub(super) fn count(&self, instance_id: &str, is_listed: bool, usage: &mut NodeUsage) {
        let pods = self.of.get(instance_id).map(Vec::as_slice);
        if pods.is_none() && !is_listed {
            return;
        }
        let (mut host_network, mut branch, mut elsewhere) = (0, 0, 0);
        let mut used: BTreeSet<Ipv4Addr> = BTreeSet::new();
        for pod in pods.unwrap_or_default() {
            if pod.host_network {
                host_network += 1;
            } else if pod.branch_eni {
                branch += 1;
            } else if let Some(ip) = pod.ip.filter(|ip| !used.contains(ip)) {
                match usage.enis.list.iter_mut().find(|eni| eni.holds(ip)) {
                    Some(eni) => {
                        eni.used += 1;
                        used.insert(ip);
                    }
                    None => elsewhere += 1,
                }
            }
        }
        usage.pods = Some(u32::try_from(used.len()).unwrap_or(u32::MAX));
        usage.host_network_pods = Some(host_network);
        usage.branch_pods = Some(branch);
        usage.pods_elsewhere = Some(elsewhere);
    }
}
