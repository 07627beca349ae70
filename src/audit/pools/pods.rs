//! What a node's pods use.

use std::{collections::BTreeSet, net::Ipv4Addr};

use super::node::NodeUsage;
use crate::inventory::KubernetesPod;

/// Counts a node's pods by what they use.
pub(super) fn count(pods: &[&KubernetesPod], usage: &mut NodeUsage) {
    let (mut host_network, mut branch, mut elsewhere) = (0, 0, 0);
    let mut used: BTreeSet<Ipv4Addr> = BTreeSet::new();
    let mut waiting = Vec::new();
    for pod in pods {
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
        } else if pod.waits() {
            waiting.push(format!("{}/{}", pod.namespace, pod.name));
        }
    }
    usage.pods = Some(u32::try_from(used.len()).unwrap_or(u32::MAX));
    usage.host_network_pods = Some(host_network);
    usage.branch_pods = Some(branch);
    usage.pods_elsewhere = Some(elsewhere);
    usage.pods_waiting = u32::try_from(waiting.len()).ok();
    usage.waiting = waiting;
}
