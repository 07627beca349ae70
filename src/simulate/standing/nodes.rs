//! The nodes that run, each under the settings that it shows.

use crate::{
    ipam::PoolSettings,
    simulate::{Layout, PodsPerNode, layout::LiveNode, observed::ObservedEni},
};

/// A node that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingNode {
    /// Its group.
    pub group: String,
    /// Its pool's settings, with the targets in force.
    pub settings: PoolSettings,
    /// Pods with an address of its pool and those that wait for one; `None` where kubectl did not tell them.
    pub pods: Option<u32>,
    /// Addresses that it holds, those of its ENIs themselves included; ENIs that the CNI leaves alone do
    /// not count.
    pub held: u32,
}

impl Layout<'_> {
    /// The nodes that run, group by group.
    pub fn standing_nodes(&self) -> impl Iterator<Item = StandingNode> {
        self.live.iter().filter(|node| !node.is_pooled).map(|node| StandingNode {
            group: self
                .groups
                .get(node.group)
                .map_or_else(String::new, |group| group.name.to_string()),
            settings: node.settings.clone(),
            pods: pods(node),
            held: node.enis.iter().filter(|eni| eni.is_pool()).map(ObservedEni::held).sum(),
        })
    }

    /// Whether kubectl told the CNI's settings.
    #[must_use]
    pub fn is_cni_told(&self) -> bool {
        self.cni_told
    }
}

fn pods(node: &LiveNode) -> Option<u32> {
    match node.pods {
        PodsPerNode::Pods(pods) => node.pods_told.then_some(pods),
        PodsPerNode::Fill => None,
    }
}
