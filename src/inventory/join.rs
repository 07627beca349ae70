//! Several files put together: what each tells of is told once.

use super::{Inventory, Kubernetes, SourceKind, consistency::one_aws_node};

/// Inventories as one; `None` if there are none. What one of them could not see of a kind is not known
/// of all: its own rows of what is not available say so.
#[must_use]
pub fn joined(parts: Vec<Inventory>) -> Option<Inventory> {
    parts.into_iter().reduce(join).map(Inventory::in_order)
}

fn join(mut all: Inventory, more: Inventory) -> Inventory {
    if all.source.kind != more.source.kind {
        all.source.kind = SourceKind::AwsCli;
    }
    all.source.region = all.source.region.filter(|one| more.source.region.as_ref() == Some(one));
    all.source.account = all.source.account.filter(|one| more.source.account.as_ref() == Some(one));
    all.source.captured_at =
        all.source.captured_at.filter(|at| more.source.captured_at.as_ref() == Some(at));
    all.vpcs = both(all.vpcs, more.vpcs);
    all.subnets.extend(more.subnets);
    all.other_subnets.extend(more.other_subnets);
    all.other_networks.extend(more.other_networks);
    all.interfaces = both(all.interfaces, more.interfaces);
    all.instances = both(all.instances, more.instances);
    all.clusters.extend(more.clusters);
    all.withheld.extend(more.withheld);
    all.with_kubernetes(more.kubernetes)
}

fn both<T>(one: Option<Vec<T>>, other: Option<Vec<T>>) -> Option<Vec<T>> {
    let (mut list, more) = one.zip(other)?;
    list.extend(more);
    Some(list)
}

impl Inventory {
    /// The same with what another file told of Kubernetes.
    #[must_use]
    pub fn with_kubernetes(mut self, more: Option<Kubernetes>) -> Self {
        self.kubernetes = match (self.kubernetes.take(), more) {
            (Some(one), Some(mut other)) => {
                let readings = [one.aws_node.clone(), other.aws_node.take()];
                let (aws_node, differing) = one_aws_node(readings.into_iter().flatten());
                self.withheld.extend(differing);
                Some(Kubernetes { aws_node, ..one.joined(other) })
            }
            (one, other) => one.or(other),
        };
        self
    }
}

impl Kubernetes {
    /// What two files told of Kubernetes: each list of either.
    fn joined(self, more: Self) -> Self {
        fn either<T>(one: Option<Vec<T>>, other: Option<Vec<T>>) -> Option<Vec<T>> {
            match (one, other) {
                (Some(mut list), Some(more)) => {
                    list.extend(more);
                    Some(list)
                }
                (one, other) => one.or(other),
            }
        }
        Self {
            nodes: either(self.nodes, more.nodes),
            pods: either(self.pods, more.pods),
            eni_configs: either(self.eni_configs, more.eni_configs),
            node_classes: either(self.node_classes, more.node_classes),
            node_pools: either(self.node_pools, more.node_pools),
            ec2_node_classes: either(self.ec2_node_classes, more.ec2_node_classes),
            aws_node: self.aws_node.or(more.aws_node),
            all_namespaces: self.all_namespaces || more.all_namespaces,
            metrics: either(self.metrics, more.metrics),
        }
    }
}
