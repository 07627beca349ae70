//! Whose address is it: by ENI, and for ENIs of Kubernetes nodes by address.

use std::collections::{HashMap, HashSet};

use super::{
    EniTags, Instance, Interface, Inventory, OwnerKind,
    beside::each,
    keys::{
        AUTO_MODE_TAG, AUTO_SCALING_TAG, CLUSTER_TAG, CLUSTER_TAG_OF_AWS, INSTANCE_TAG,
        NODE_GROUP_TAG, NODE_POOL_KEY,
    },
};

/// Whom an ENI belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A Kubernetes node: the kind depends on the address.
    Node,
    /// One kind for all its addresses.
    Kind(OwnerKind),
}

/// Whose an instance is that is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stopped {
    /// No Auto Scaling group's.
    Alone,
    /// An Auto Scaling group's.
    Pooled,
    /// A group's whose instances are Kubernetes nodes.
    PooledNode,
}

/// What is known of instances, for telling holders.
pub struct Known<'a> {
    nodes: HashSet<&'a str>,
    /// Instances that are stopped, which are no nodes.
    stopped: HashMap<&'a str, Stopped>,
    /// Instances that exist; `None` when they are not available.
    instances: Option<HashSet<&'a str>>,
}

/// The description the VPC CNI gives the ENIs it makes, before the instance's id.
const CNI_DESCRIPTION: &str = "aws-K8S-";
/// The tag of who made an ENI, and its values that are of nodes: the resource controller's cleaner
/// deletes an available one (amazon-vpc-resource-controller-k8s, `pkg/aws/ec2/api/cleanup`).
const ENI_OWNER_TAG: &str = "eks:eni:owner";
const NODE_ENI_OWNERS: [&str; 2] = ["eks-vpc-resource-controller", "amazon-vpc-cni"];

impl<'a> Known<'a> {
    /// What an inventory tells of instances.
    #[must_use]
    pub fn new(inventory: &'a Inventory) -> Self {
        let interfaces = inventory.interfaces.as_deref().unwrap_or_default();
        let seen = inventory.instances.as_deref();
        let tagged = seen.unwrap_or_default().iter().filter(|i| has_node_tag(&i.tags));
        let mut nodes: HashSet<&str> =
            tagged.map(|instance| instance.instance_id.as_str()).collect();
        let listed = inventory.kubernetes.iter().filter_map(|kubernetes| kubernetes.nodes.as_ref());
        nodes.extend(listed.flatten().filter_map(|node| node.instance_id.as_deref()));
        // Mostly the instances tell it already.
        let by_cni = each(interfaces, |interface| {
            let is_its = interface.description.starts_with(CNI_DESCRIPTION);
            interface.instance_id().filter(|id| is_its && !nodes.contains(id))
        });
        nodes.extend(by_cni.into_iter().flatten());
        let listed = inventory.kubernetes.iter().flat_map(|told| told.nodes.iter().flatten());
        let joined = listed.filter_map(|node| node.instance_id.as_deref()).collect();
        let stopped = stopped(seen.unwrap_or_default(), &nodes, &joined);
        if !stopped.is_empty() {
            nodes.retain(|id| !stopped.contains_key(id));
        }
        let there = |instance: &&Instance| instance.state.as_deref() != Some("terminated");
        let instances =
            seen.map(|list| list.iter().filter(there).map(|i| i.instance_id.as_str()).collect());
        Self { nodes, stopped, instances }
    }

    /// Whether an instance is in a warm pool: its Auto Scaling group says so, or, where that was not read, it
    /// is stopped, and a group has it. A group replaces what is stopped outside of its warm pool, unless it is
    /// in Standby. Instances of a pool that runs its instances look like any others.
    #[must_use]
    pub fn is_pooled(&self, instance_id: &str) -> bool {
        matches!(self.stopped.get(instance_id), Some(Stopped::Pooled | Stopped::PooledNode))
    }

    /// Whether it is in a warm pool whose instances become Kubernetes nodes: its tags say that it is
    /// one's, or nodes run that its Auto Scaling group has.
    #[must_use]
    pub fn is_pooled_node(&self, instance_id: &str) -> bool {
        self.stopped.get(instance_id) == Some(&Stopped::PooledNode)
    }

    /// Whether an instance is a Kubernetes node: one that is stopped runs no pods, and is none.
    #[must_use]
    pub fn is_node(&self, instance_id: &str) -> bool {
        self.nodes.contains(instance_id)
    }

    /// The ids of all nodes, in no order.
    pub(super) fn nodes(&self) -> impl Iterator<Item = &'a str> {
        self.nodes.iter().copied()
    }

    /// Whether a node left the ENI behind, as far as can be seen: it is attached to nothing, and who
    /// made it, what it is called or what it is says that it was a node's.
    #[must_use]
    pub fn is_leaked(&self, interface: &Interface) -> bool {
        let gone = |id: &str| self.instances.as_ref().is_some_and(|there| !there.contains(id));
        let of_node = |owner: &str| NODE_ENI_OWNERS.contains(&owner);
        is_available(interface)
            && (interface.description.starts_with(CNI_DESCRIPTION)
                || for_branches(interface).is_some()
                || interface.tags.get(ENI_OWNER_TAG).is_some_and(of_node)
                || interface.tags.get(INSTANCE_TAG).is_some_and(gone))
    }

    /// Whom an ENI belongs to.
    #[must_use]
    pub fn holder(&self, interface: &Interface) -> Holder {
        let on_node = interface.instance_id().is_some_and(|id| self.is_node(id));
        self.holder_of(interface, on_node)
    }

    /// The same where it is known whether the ENI is attached to a node.
    pub(super) fn holder_of(&self, interface: &Interface, on_node: bool) -> Holder {
        let told = || by_description(&interface.description);
        Holder::Kind(if self.is_leaked(interface) {
            OwnerKind::LeakedEni
        } else if interface.instance_id().is_some_and(|id| self.is_pooled(id)) {
            OwnerKind::WarmPool
        } else if let Some(kind) = for_branches(interface) {
            kind
        } else if on_node {
            return Holder::Node;
        } else if told() == Some(OwnerKind::ControlPlane) {
            OwnerKind::ControlPlane
        } else if is_available(interface) {
            OwnerKind::Unattached
        } else if interface.instance_id().is_some() {
            // The type tells of an EFA.
            let seen = self.instances.is_some();
            let kind = if seen { OwnerKind::Instance } else { OwnerKind::Unknown };
            by_type(interface).unwrap_or(kind)
        } else {
            told()
                .or_else(|| by_type(interface))
                .or_else(|| by_requester(interface.requester_id.as_deref()?))
                .unwrap_or(if self.instances.is_none() && may_be_of_instance(interface) {
                    OwnerKind::Unknown
                } else {
                    OwnerKind::Other
                })
        })
    }
}

/// Whether an ENI that names no instance may be one's: instances start with ENIs that are called nothing.
fn may_be_of_instance(interface: &Interface) -> bool {
    interface.hides_instance() && (interface.description.is_empty() || is_made_for_node(interface))
}

/// Whether what it is, what it is called or who made it says that an ENI is a node's.
pub(super) fn is_made_for_node(interface: &Interface) -> bool {
    interface.description.starts_with(CNI_DESCRIPTION)
        || interface.tags.contains_key(INSTANCE_TAG)
        || for_branches(interface) == Some(OwnerKind::Trunk)
}

/// Whether the CNI made an ENI for pods' addresses, which it takes as soon as it makes one.
pub(super) fn is_made_for_pods(interface: &Interface) -> bool {
    is_made_for_node(interface)
        && interface.instance_id().is_some()
        && for_branches(interface).is_none()
        && interface.interface_type.as_deref().is_none_or(|kind| kind == "interface")
}

fn is_available(interface: &Interface) -> bool {
    interface.status.as_deref() == Some("available")
}

/// Whether it is a trunk or a branch ENI of security groups for pods.
fn for_branches(interface: &Interface) -> Option<OwnerKind> {
    let whole = |kind: &OwnerKind| kind.starts().contains(&interface.description.as_str());
    let kinds = [OwnerKind::Trunk, OwnerKind::BranchPod];
    by_type(interface).filter(|kind| kinds.contains(kind)).or_else(|| kinds.into_iter().find(whole))
}

/// Whether an instance's tags make it a Kubernetes node: EKS's own, the cloud provider's,
/// Karpenter's and Auto Mode's.
fn has_node_tag(tags: &EniTags) -> bool {
    const KEYS: [&str; 4] = [CLUSTER_TAG, CLUSTER_TAG_OF_AWS, NODE_POOL_KEY, AUTO_MODE_TAG];
    KEYS.iter().any(|key| tags.contains_key(key))
        || tags.iter().any(|(key, _)| key.starts_with("kubernetes.io/cluster/"))
}

/// How many instances are taken for a warm pool's by their state and tags alone.
#[must_use]
pub fn inferred_pooled(instances: &[Instance]) -> usize {
    let is_inferred =
        |one: &&Instance| one.is_stopped() && one.lifecycle.is_none() && is_scaled(&one.tags);
    instances.iter().filter(is_inferred).count()
}

/// The instances that run no pods, and whose they are: those that are stopped, and those that run in a warm
/// pool and are none of the nodes that joined.
fn stopped<'a>(
    all: &'a [Instance],
    nodes: &HashSet<&str>,
    joined: &HashSet<&str>,
) -> HashMap<&'a str, Stopped> {
    let of_nodes: HashSet<&str> = all
        .iter()
        .filter(|one| nodes.contains(one.instance_id.as_str()))
        .filter_map(|one| one.tags.get(AUTO_SCALING_TAG))
        .collect();
    let whose = |one: &Instance| {
        let of_node = nodes.contains(one.instance_id.as_str())
            || one.tags.get(AUTO_SCALING_TAG).is_some_and(|group| of_nodes.contains(group));
        match (one.is_warmed().unwrap_or_else(|| is_scaled(&one.tags)), of_node) {
            (false, _) => Stopped::Alone,
            (true, false) => Stopped::Pooled,
            (true, true) => Stopped::PooledNode,
        }
    };
    let runs_warmed = |one: &Instance| {
        one.is_there()
            && one.is_warmed() == Some(true)
            && !joined.contains(one.instance_id.as_str())
    };
    let stopped = all.iter().filter(|one| one.is_stopped() || runs_warmed(one));
    stopped.map(|one| (one.instance_id.as_str(), whose(one))).collect()
}

/// Whether an instance's tags say that an Auto Scaling group has it, also a managed node group's.
fn is_scaled(tags: &EniTags) -> bool {
    [AUTO_SCALING_TAG, NODE_GROUP_TAG].iter().any(|key| tags.contains_key(key))
}

fn by_type(interface: &Interface) -> Option<OwnerKind> {
    let name = interface.interface_type.as_deref().filter(|name| *name != "interface")?;
    OwnerKind::ALL.iter().find(|kind| kind.types().contains(&name)).copied()
}

/// The start of a description that tells whose the ENI is; empty if it tells nothing.
pub(super) fn telling_start(description: &str) -> &str {
    let length = if description.starts_with(CNI_DESCRIPTION) {
        CNI_DESCRIPTION.len()
    } else {
        told_by(description).map_or(0, |(_, start)| start.len())
    };
    description.get(..length).unwrap_or_default()
}

/// The kind that a description tells, and by which start.
fn told_by(description: &str) -> Option<(OwnerKind, &'static str)> {
    let starts = |start: &&str| {
        description.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
    };
    let mut kinds = OwnerKind::ALL.iter();
    kinds.find_map(|kind| Some((*kind, *kind.starts().iter().find(|start| starts(start))?)))
}

fn by_description(description: &str) -> Option<OwnerKind> {
    told_by(description).map(|(kind, _)| kind)
}

fn by_requester(requester: &str) -> Option<OwnerKind> {
    OwnerKind::ALL.iter().find(|kind| kind.requesters().contains(&requester)).copied()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// An inventory of one ENI, with instances if they are given.
    fn inventory(eni: Value, instances: &Value) -> Inventory {
        let mut eni = eni;
        for (key, value) in [("interface_id", "eni-1"), ("subnet_id", "subnet-1")] {
            eni[key] = json!(value);
        }
        let text = json!({
            "source": {"kind": "aws-cli", "region": null, "account": null, "captured_at": null},
            "vpcs": null, "subnets": [], "interfaces": [eni], "instances": instances,
            "clusters": [], "withheld": [],
        });
        serde_json::from_value(text).unwrap()
    }

    fn holder(eni: Value, instances: &Value) -> Holder {
        let inventory = inventory(eni, instances);
        Known::new(&inventory).holder(&inventory.interfaces.as_ref().unwrap()[0])
    }

    #[test]
    fn columns_are_names_with_underscores() {
        for kind in OwnerKind::ALL {
            assert_eq!(kind.column(), format!("owner_{}", kind.name().replace('-', "_")));
        }
    }

    #[test]
    fn starts_are_in_lower_case_and_tell_one_kind() {
        for kind in OwnerKind::ALL {
            for start in kind.starts() {
                assert_eq!(*start, start.to_ascii_lowercase());
                assert_eq!(by_description(start), Some(*kind), "{start}");
            }
        }
    }

    /// Descriptions as the services write them.
    #[test]
    fn services_are_told_by_description_without_instances() {
        for (description, kind) in [
            ("Network interface for DBProxy", "rds-proxy"),
            ("DO NOT DELETE - Amazon MSK network interface for cluster demo", "msk"),
            ("[DO NOT DELETE] ENI managed by SageMaker for domain d-1", "sagemaker"),
            (
                "[Do not delete] Network Interface created to access resources in your VPC for \
                 SageMaker Notebook Instance n",
                "sagemaker",
            ),
            ("Attached to Glue using role: arn:aws:iam::111122223333:role/g", "glue"),
            ("Created By Amazon Workspaces for AWS Account ID 111122223333", "workspaces"),
            ("Route 53 Resolver: rslvr-in-0123:rni-1", "route53-resolver"),
            ("ClientVPN Endpoint resource", "client-vpn"),
            ("CloudHSM Managed Interface", "cloudhsm"),
            ("CloudHsm ENI", "cloudhsm"),
            ("AWS ElasticMapReduce", "emr"),
            ("ENI managed by APIGateway", "api-gateway"),
            ("AWS CodeStar Connections", "codestar-connections"),
            ("Amazon MQ network interface for broker b-1", "amazon-mq"),
            ("Amazon Kinesis Firehose - DO NOT DELETE", "firehose"),
            ("datasync eni", "datasync"),
            ("RDSNetworkInterface", "rds"),
            ("EFS mount target for fs-1 (fsmt-1)", "efs"),
            ("ELB app/web/0123", "load-balancer"),
            ("a printer", "other"),
        ] {
            let eni = json!({"description": description, "status": "in-use"});
            let Holder::Kind(found) = holder(eni, &Value::Null) else { panic!("{description}") };
            assert_eq!(found.name(), kind, "{description}");
        }
    }

    #[test]
    fn types_tell_and_a_description_tells_more() {
        for (kind, description, owner) in [
            ("fargate", "AWSAppRunner ENI", OwnerKind::AppRunner),
            ("fargate", "", OwnerKind::Fargate),
            ("evs", "", OwnerKind::Evs),
            ("nat_gateway", "", OwnerKind::NatGateway),
            ("something_new", "", OwnerKind::Other),
        ] {
            let eni = json!({
                "interface_type": kind, "description": description, "status": "in-use",
            });
            assert_eq!(holder(eni, &json!([])), Holder::Kind(owner), "{kind} {description}");
        }
    }

    #[test]
    fn what_is_available_and_was_a_nodes_is_leaked() {
        let tagged = |key: &str, value: &str| json!({"tags": {key: value}});
        for (eni, leaked) in [
            (json!({"description": "aws-K8S-i-1"}), true),
            (json!({"interface_type": "trunk"}), true),
            (json!({"interface_type": "branch"}), true),
            (json!({"description": "aws-k8s-branch-eni"}), true),
            (json!({"description": "aws-k8s-trunk-eni"}), true),
            (tagged("eks:eni:owner", "eks-vpc-resource-controller"), true),
            (tagged("eks:eni:owner", "amazon-vpc-cni"), true),
            (tagged("eks:eni:owner", "me"), false),
            (tagged("node.k8s.amazonaws.com/instance_id", "i-gone"), true),
            (tagged("node.k8s.amazonaws.com/instance_id", "i-there"), false),
            (json!({"interface_type": "lambda"}), false),
        ] {
            let mut eni = eni;
            eni["status"] = json!("available");
            let instances = json!([{"instance_id": "i-there", "state": "running"}]);
            let kind = if leaked { OwnerKind::LeakedEni } else { OwnerKind::Unattached };
            assert_eq!(holder(eni.clone(), &instances), Holder::Kind(kind), "{eni}");
        }
    }

    #[test]
    fn instances_that_nobody_saw_are_not_called_other_than_nodes() {
        let eni = json!({
            "status": "in-use",
            "attachment": {"instance_id": "i-1", "instance_owner_id": null,
                           "device_index": 0, "network_card_index": 0},
        });
        assert_eq!(holder(eni.clone(), &Value::Null), Holder::Kind(OwnerKind::Unknown));
        assert_eq!(holder(eni.clone(), &json!([])), Holder::Kind(OwnerKind::Instance));
        let auto = json!([{"instance_id": "i-1", "tags": {"eks:eks-cluster-name": "demo"}}]);
        assert_eq!(holder(eni.clone(), &auto), Holder::Node);
        let mut listed = inventory(eni, &Value::Null);
        let node = json!({"name": "n", "instance_id": "i-1"});
        listed.kubernetes = Some(serde_json::from_value(json!({"nodes": [node]})).unwrap());
        let known = Known::new(&listed);
        assert_eq!(known.holder(&listed.interfaces.as_ref().unwrap()[0]), Holder::Node);
    }
}
