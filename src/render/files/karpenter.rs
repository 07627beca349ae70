//! `karpenter.yaml`: an EC2NodeClass and a NodePool for each group, with max pods and a budget.

use std::io;

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    cluster::{Cluster, Group},
    site::Site,
    text::yaml,
};
use crate::simulate::{Scaler, Share};

/// Karpenter's own disruption budget.
const BUDGET: Share = Share::Percent(10);

const ABOUT: &str = "An EC2NodeClass and a NodePool for each node group that Karpenter starts. maxPods holds for \
                     every instance type of its class. Pin the AMI in production: latest replaces nodes when \
                     an AMI is released.";

/// The file; `None` without such groups.
pub(super) fn karpenter(site: &Site<'_>, cluster: &Cluster<'_>) -> io::Result<Option<String>> {
    let groups = cluster.of(Scaler::Karpenter);
    let documents: Vec<Value> =
        groups.flat_map(|group| [node_class(site, group), node_pool(site, group)]).collect();
    if documents.is_empty() { Ok(None) } else { yaml(&site.about(ABOUT), &documents).map(Some) }
}

/// An EC2NodeClass (aws/karpenter-provider-aws `pkg/apis/crds/karpenter.k8s.aws_ec2nodeclasses.yaml`).
fn node_class(site: &Site<'_>, group: &Group<'_>) -> Value {
    let subnets = group.planned.subnets.iter().map(|subnet| json!({"id": site.subnet_id(subnet)}));
    NodeClass {
        name: &group.ident.kebab(),
        is_linux: group.is_linux(),
        subnets: subnets.collect(),
        security_groups: json!([{"id": "${NODE_SECURITY_GROUP_ID}"}]),
        max_pods: group.planned.max_pods,
    }
    .json()
}

/// What an EC2NodeClass says here.
pub(super) struct NodeClass<'a> {
    pub(super) name: &'a str,
    pub(super) is_linux: bool,
    pub(super) subnets: Value,
    pub(super) security_groups: Value,
    pub(super) max_pods: u32,
}

impl NodeClass<'_> {
    pub(super) fn json(self) -> Value {
        let alias = if self.is_linux { "al2023@latest" } else { "windows2022@latest" };
        json!({
            "apiVersion": "karpenter.k8s.aws/v1",
            "kind": "EC2NodeClass",
            "metadata": {"name": self.name},
            "spec": {
                "amiSelectorTerms": [{"alias": alias}],
                "role": "${KARPENTER_NODE_ROLE}",
                "subnetSelectorTerms": self.subnets,
                "securityGroupSelectorTerms": self.security_groups,
                "kubelet": {"maxPods": self.max_pods},
            },
        })
    }
}

/// What a NodePool starts: the class of its nodes, by its name, and what they are.
pub(super) fn template(class: &str, requirements: &[Value]) -> Value {
    json!({"spec": {
        "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": class},
        "requirements": requirements,
    }})
}

/// A requirement: one of these values.
pub(super) fn is_in<T: Serialize>(key: &str, values: &[T]) -> Value {
    json!({"key": key, "operator": "In", "values": values})
}

/// A NodePool of a spec (the same repository's `karpenter.sh_nodepools.yaml`).
pub(super) fn node_pool_of(name: &str, spec: &Value) -> Value {
    json!({
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodePool",
        "metadata": {"name": name},
        "spec": spec,
    })
}

/// The budget of the requirement, or Karpenter's own.
fn budget(site: &Site<'_>) -> Share {
    site.plan.requirement.survive.rollout.and_then(|rollout| rollout.budget).unwrap_or(BUDGET)
}

fn node_pool(site: &Site<'_>, group: &Group<'_>) -> Value {
    let planned = group.planned;
    let os = if group.is_linux() { "linux" } else { "windows" };
    let mut requirements = vec![
        is_in("kubernetes.io/os", &[os]),
        is_in("node.kubernetes.io/instance-type", &planned.instance_types),
    ];
    requirements.extend(group.arch.map(|arch| is_in("kubernetes.io/arch", &[arch])));
    let written = match budget(site) {
        Share::Count(count) => count.to_string(),
        Share::Percent(percent) => format!("{percent}%"),
    };
    let mut spec = json!({
        "disruption": {
            "budgets": [{"nodes": written}],
            "consolidateAfter": "1m",
            "consolidationPolicy": "WhenEmptyOrUnderutilized",
        },
        "template": template(&group.ident.kebab(), &requirements),
    });
    if let Some(vcpus) = group.vcpus {
        spec["limits"] = json!({"cpu": (most_nodes(site, group) * u64::from(vcpus)).to_string()});
    }
    node_pool_of(&group.ident.kebab(), &spec)
}

/// The most nodes that the subnets were sized for, and replacements beside them.
fn most_nodes(site: &Site<'_>, group: &Group<'_>) -> u64 {
    let nodes = group.most();
    u64::from(nodes) + u64::from(budget(site).of(nodes))
}
