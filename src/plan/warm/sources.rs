//! What the search is made for: the nodes that run, group by group.

use std::collections::BTreeMap;

use super::{answer::WarmLeftOut, figures::WarmGroup, targets::have_effect};
use crate::{
    finding::counted,
    inventory::Withheld,
    ipam::{PoolRules, PoolSettings},
    simulate::StandingNode,
};

/// The nodes of a group, those that are alike together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarmNodeGroup {
    /// Its name.
    pub name: String,
    /// Its nodes.
    pub nodes: Vec<WarmGroup>,
}

/// What the search is made for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WarmSources {
    /// The groups.
    pub groups: Vec<WarmNodeGroup>,
    /// Nodes that are not among them, and why.
    pub left_out: Vec<WarmLeftOut>,
    /// Nodes of these whose pods are not available.
    pub pods_untold: u64,
    /// Addresses that the groups' nodes hold now.
    pub held_now: Option<u64>,
    /// What was assumed.
    pub assumed: Vec<String>,
}

impl WarmSources {
    /// The nodes that run. Each has the pods that it runs, and at most as many as any node of its group.
    pub fn running(nodes: impl Iterator<Item = StandingNode>) -> Self {
        let mut sources = Self::default();
        let mut left_out: BTreeMap<String, u64> = BTreeMap::new();
        let mut groups: BTreeMap<String, Vec<(PoolSettings, u32)>> = BTreeMap::new();
        let mut held = 0;
        for node in nodes {
            match (why_left_out(&node.settings), node.pods) {
                (Some(why), _) => *left_out.entry(why.to_owned()).or_default() += 1,
                (None, None) => sources.pods_untold += 1,
                (None, Some(pods)) => {
                    held += u64::from(node.held);
                    groups.entry(node.group).or_default().push((node.settings, pods));
                }
            }
        }
        if sources.pods_untold > 0 {
            let why = "their pods are not available".to_owned();
            left_out.insert(why, sources.pods_untold);
        }
        sources.held_now = (!groups.is_empty()).then_some(held);
        sources.groups = groups.into_iter().map(|(name, nodes)| alike(name, nodes)).collect();
        sources.left_out =
            left_out.into_iter().map(|(reason, nodes)| WarmLeftOut { reason, nodes }).collect();
        sources
    }

    /// Nodes that are to run.
    #[must_use]
    pub fn planned(groups: Vec<WarmNodeGroup>) -> Self {
        let mut left_out: BTreeMap<&str, u64> = BTreeMap::new();
        let mut kept = Vec::new();
        for WarmNodeGroup { name, mut nodes } in groups {
            nodes.retain(|kind| match why_left_out(&kind.settings) {
                None => kind.nodes > 0,
                Some(why) => {
                    *left_out.entry(why).or_default() += u64::from(kind.nodes);
                    false
                }
            });
            if !nodes.is_empty() {
                kept.push(WarmNodeGroup { name, nodes });
            }
        }
        let row = |(reason, nodes): (&str, u64)| WarmLeftOut { reason: reason.to_owned(), nodes };
        Self { groups: kept, left_out: left_out.into_iter().map(row).collect(), ..Self::default() }
    }

    /// What is not available of the nodes that run.
    #[must_use]
    pub fn withheld(&self) -> Option<Withheld> {
        (self.pods_untold > 0).then(|| {
            let nodes = counted(self.pods_untold, "node", "nodes");
            let reason =
                format!("the pods of {nodes} are not available: save the pods of all namespaces");
            Withheld::of_command("kubectl get pods", reason)
        })
    }

    /// All nodes.
    pub(super) fn all(&self) -> Vec<WarmGroup> {
        self.groups.iter().flat_map(|group| group.nodes.iter().cloned()).collect()
    }
}

/// Why targets do nothing on a node.
fn why_left_out(settings: &PoolSettings) -> Option<&'static str> {
    if have_effect(settings) {
        return None;
    }
    Some(match settings.rules {
        PoolRules::Windows(_) => "they run Windows, which a ConfigMap sets targets for",
        PoolRules::AutoMode => "they are of EKS Auto Mode, which has no warm targets",
        PoolRules::Ipv6 => "they are of an IPv6 cluster, which has no warm targets",
        PoolRules::Ipamd if settings.frozen => {
            "the VPC CNI neither assigns nor returns addresses there"
        }
        PoolRules::Ipamd => "none of their ENIs carries pods",
    })
}

/// Nodes with the same settings and as many pods are counted together.
fn alike(name: String, nodes: Vec<(PoolSettings, u32)>) -> WarmNodeGroup {
    let most_pods = nodes.iter().map(|(_, pods)| *pods).max().unwrap_or(0);
    let mut kinds: Vec<WarmGroup> = Vec::new();
    for (settings, usual_pods) in nodes {
        let same =
            |kind: &&mut WarmGroup| kind.usual_pods == usual_pods && kind.settings == settings;
        match kinds.iter_mut().find(same) {
            Some(kind) => kind.nodes += 1,
            None => kinds.push(WarmGroup { settings, nodes: 1, usual_pods, most_pods }),
        }
    }
    kinds.sort_by_key(|kind| (kind.usual_pods, kind.settings.max_pods));
    WarmNodeGroup { name, nodes: kinds }
}
