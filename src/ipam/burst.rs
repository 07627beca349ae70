//! Pods that come at once on settled nodes which share their subnets: how many get an address, and
//! how long the last of them waits.

use super::{Addresses, CountedSubnets, Node, PoolSettings, SubnetSide};

/// A node has settled when nothing changed for this long.
const QUIET_MS: u64 = 120_000;
/// A node that still changes after this long never settles.
const LONGEST_MS: u64 = 3_600_000;

/// So many equal nodes, and the addresses left in their subnets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BurstInput {
    /// Each node.
    pub settings: PoolSettings,
    /// Nodes.
    pub nodes: u32,
    /// Addresses the nodes' subnet has left; `None` is without limit.
    pub node_subnet_free: Option<u32>,
    /// Addresses the pods' subnet has left under custom networking; `None` is without limit.
    pub pod_subnet_free: Option<u32>,
    /// Free /28 blocks of the subnet that prefixes come from; `None` is as many as its addresses make.
    pub free_blocks: Option<u32>,
    /// Pods that come at once on each node.
    pub pods_per_node: u32,
}

/// What became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Burst {
    /// Nodes that became Ready.
    pub nodes_ready: u32,
    /// Pods that came, on nodes that are not Ready too.
    pub pods_wanted: u64,
    /// Pods that got an address.
    pub pods_placed: u64,
    /// Seconds from their coming until the last pod had an address; `None` when one never gets one.
    pub wait_s: Option<u64>,
    /// Addresses taken from the nodes' subnet before the pods came.
    pub node_subnet_before: u32,
    /// And in the end.
    pub node_subnet_used: u32,
    /// Addresses taken from the pods' subnet before the pods came.
    pub pod_subnet_before: u32,
    /// And in the end.
    pub pod_subnet_used: u32,
    /// EC2 calls of all nodes, from their start to the end.
    pub ec2_total: u64,
}

impl Burst {
    /// Pods that stay without an address.
    #[must_use]
    pub fn missing(&self) -> u64 {
        self.pods_wanted.saturating_sub(self.pods_placed)
    }
}

/// One node with its pods that have no address yet.
struct WaitingNode {
    node: Node,
    pods: u32,
}

/// Plays it. The nodes start together and take turns pass by pass, in a fixed order.
#[must_use]
pub fn burst(input: &BurstInput) -> Burst {
    let mut subnets = CountedSubnets::new(input.node_subnet_free, input.pod_subnet_free)
        .with_blocks(input.free_blocks);
    let mut nodes: Vec<WaitingNode> = (0..input.nodes)
        .map(|_| WaitingNode { node: Node::start(input.settings.clone(), &mut subnets).0, pods: 0 })
        .collect();
    play(&mut nodes, &mut subnets);
    let mut result = Burst {
        pods_wanted: u64::from(input.nodes) * u64::from(input.pods_per_node),
        node_subnet_before: subnets.used(SubnetSide::Node),
        pod_subnet_before: subnets.used(SubnetSide::Pod),
        ..Burst::default()
    };
    for waiting in nodes.iter_mut().filter(|waiting| waiting.node.is_ready()) {
        result.nodes_ready += 1;
        waiting.pods = input.pods_per_node - waiting.node.add_pods(input.pods_per_node);
    }
    let waited = play(&mut nodes, &mut subnets);
    result.pods_placed =
        nodes.iter().map(|waiting| u64::from(waiting.node.counts().assigned)).sum();
    result.wait_s = (result.pods_placed == result.pods_wanted).then_some(waited / 1000);
    result.node_subnet_used = subnets.used(SubnetSide::Node);
    result.pod_subnet_used = subnets.used(SubnetSide::Pod);
    result.ec2_total =
        nodes.iter().map(|waiting| u64::from(waiting.node.calls().ec2.total())).sum();
    result
}

/// Passes until every node has settled; answers the milliseconds until a pod was last
/// tried: that is when the last one was placed, where all were.
fn play<A: Addresses>(nodes: &mut [WaitingNode], subnets: &mut A) -> u64 {
    let starts: Vec<u64> = nodes.iter().map(|waiting| waiting.node.now_ms()).collect();
    let mut waited = 0;
    let mut changing = true;
    while changing {
        changing = false;
        for (waiting, start) in nodes.iter_mut().zip(&starts) {
            let node = &mut waiting.node;
            let quiet = node.now_ms() - node.last_change_ms().max(*start);
            if !node.is_ready() || quiet >= QUIET_MS || node.now_ms() - start >= LONGEST_MS {
                continue;
            }
            node.pass(subnets);
            if waiting.pods > 0 {
                waiting.pods -= node.add_pods(waiting.pods);
                waited = waited.max(node.now_ms() - start);
            }
            changing = true;
        }
    }
    waited
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipam::PoolMode;

    fn m5_xlarge(warm_ip_target: Option<i64>, minimum_ip_target: Option<i64>) -> BurstInput {
        BurstInput {
            settings: PoolSettings {
                enis: 4,
                ipv4_per_eni: 15,
                mode: PoolMode::SecondaryIp,
                custom_networking: false,
                primary_excluded: false,
                pod_eni: false,
                warm_eni_target: Some(1),
                warm_ip_target,
                minimum_ip_target,
                warm_prefix_target: Some(1),
                max_eni: None,
                max_pods: 58,
                ..PoolSettings::default()
            },
            nodes: 1,
            node_subnet_free: None,
            pod_subnet_free: None,
            free_blocks: None,
            pods_per_node: 30,
        }
    }

    /// A pass adds what the targets lack: WARM_IP_TARGET=1 is a pod a pass.
    #[test]
    fn known_waits() {
        assert_eq!(burst(&m5_xlarge(Some(2), Some(32))).wait_s, Some(0));
        assert_eq!(burst(&m5_xlarge(Some(1), None)).wait_s, Some(29 * 5));
        let default = burst(&m5_xlarge(None, None));
        assert_eq!((default.pods_placed, default.wait_s), (30, Some(10)));
    }

    #[test]
    fn nodes_share_what_is_left() {
        let mut input = m5_xlarge(None, None);
        input.nodes = 3;
        input.node_subnet_free = Some(40);
        let result = burst(&input);
        assert!(result.pods_placed < result.pods_wanted && result.wait_s.is_none());
        assert!(result.node_subnet_used <= 40);
        input.node_subnet_free = None;
        let one = burst(&BurstInput { nodes: 1, ..input.clone() });
        let three = burst(&input);
        assert_eq!(three.node_subnet_used, one.node_subnet_used * 3);
        assert_eq!((three.ec2_total, three.wait_s), (one.ec2_total * 3, one.wait_s));
        assert_eq!((one.nodes_ready, three.nodes_ready), (1, 3));
        // Under custom networking a node has its own address in one subnet, and an ENI of 1 + 14 in the other.
        input.settings.custom_networking = true;
        let apart = burst(&input);
        assert_eq!((apart.node_subnet_before, apart.pod_subnet_before), (3, 45));
        input.settings.custom_networking = false;
        // One takes an address for itself and one for a pod; the others have none to start with.
        input.node_subnet_free = Some(2);
        assert_eq!(burst(&input).nodes_ready, 1);
    }

    /// One address for the node and one for a pod. The start makes 4 calls and asks for 14 addresses
    /// and then for one. From there on a try asks for 13, for one, for the subnets and for an ENI, and after it
    /// nothing grows for 120 s: one try before the pods come and one after, where time ends.
    #[test]
    fn a_full_subnet_is_asked_once_in_120_s() {
        let mut input = m5_xlarge(None, None);
        input.settings.subnet_discovery = true;
        input.node_subnet_free = Some(2);
        let result = burst(&input);
        assert_eq!((result.pods_placed, result.wait_s), (1, None));
        assert_eq!(result.ec2_total, 4 + 2 + 4 + 4);
    }
}
