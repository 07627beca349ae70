//! What a node's pods use.

use std::{borrow::Cow, collections::BTreeSet, net::Ipv4Addr};

use super::node::{GivenAddress, NodeUsage};
use crate::{
    inventory::{Interface, KubernetesPod},
    network::Cidr,
};

/// Counts a node's pods by what they use of what its ENIs hold, which come in the order of their list; the
/// addresses for pods that they have.
pub(super) fn count(
    pods: &[&KubernetesPod],
    held: &[Cow<'_, Interface>],
    usage: &mut NodeUsage,
) -> BTreeSet<Ipv4Addr> {
    // Whether an address for pods is an ENI's.
    let holds = |eni: &Interface, ip: Ipv4Addr| {
        eni.secondary.contains(&ip) || eni.prefixes.iter().any(|prefix| prefix.contains(ip))
    };
    let (mut host_network, mut branch, mut elsewhere) = (0, 0, 0);
    let mut used: BTreeSet<Ipv4Addr> = BTreeSet::new();
    let mut waiting = Vec::new();
    for pod in pods {
        if pod.host_network {
            host_network += 1;
        } else if pod.branch_eni {
            branch += 1;
        } else if let Some(ip) = pod.ip.filter(|ip| held.iter().any(|eni| eni.primary == Some(*ip)))
        {
            let pod = Some(format!("{}/{}", pod.namespace, pod.name));
            let mut enis = usage.enis.list.iter().zip(held);
            let own = enis.find(|(_, held)| held.primary == Some(ip));
            let given = own.map(|(eni, _)| GivenAddress::new(ip, eni, pod));
            usage.given.extend(given);
        } else if let Some(ip) = pod.ip.filter(|ip| !used.contains(ip)) {
            let mut enis = usage.enis.list.iter_mut().zip(held);
            match enis.find(|(eni, held)| !eni.is_unmanaged() && holds(held, ip)) {
                Some((eni, _)) => {
                    eni.used += 1;
                    used.insert(ip);
                }
                None => elsewhere += 1,
            }
        } else if pod.waits() {
            waiting.push(format!("{}/{}", pod.namespace, pod.name));
        }
    }
    let is_free = |prefix: &&Cidr| !used.iter().any(|ip| prefix.contains(*ip));
    let managed = usage.enis.list.iter().zip(held).filter(|(eni, _)| !eni.is_unmanaged());
    let prefixes = managed.flat_map(|(_, held)| held.prefixes.iter());
    let mut freeable: Vec<Cidr> = prefixes.filter(is_free).copied().collect();
    freeable.sort_unstable();
    // A pod that is elsewhere: pods and ENIs were read at different times.
    usage.freeable_prefixes = (elsewhere == 0).then_some(freeable);
    usage.pods = Some(u32::try_from(used.len()).unwrap_or(u32::MAX));
    usage.host_network_pods = Some(host_network);
    usage.branch_pods = Some(branch);
    usage.pods_elsewhere = Some(elsewhere);
    usage.pods_waiting = u32::try_from(waiting.len()).ok();
    usage.waiting = waiting;
    used
}
