//! Objects of a cluster that were read several times, in several files of kubectl, and NodeClasses that NodePools
//! name and that were not read. What readings say differently is not known, whatever the order of the files.

use std::{cmp::Ordering, collections::BTreeSet};

use super::many::many;
use crate::{
    declared::NodeClassRef,
    inventory::{AwsNode, Inventory, Kubernetes, KubernetesNode, Withheld},
};

/// Karpenter's NodeClasses.
const EC2_NODE_CLASSES: &str = "kubectl get ec2nodeclasses";
/// Those of EKS Auto Mode.
const NODE_CLASSES: &str = "kubectl get nodeclasses.eks.amazonaws.com";

impl Kubernetes {
    /// The same in its fixed order, each object once, with what is not known because readings differ. Two clusters
    /// may have a node of one name, each an instance of its own, and a pod of one name, on nodes of their own.
    #[must_use]
    pub(super) fn in_order(mut self, withheld: &[Withheld]) -> (Self, Vec<Withheld>) {
        // Of more than two readings the last may be alone again.
        if withheld.iter().any(is_of_two_daemonsets) {
            self.aws_node = None;
        }
        let nodes = each_once(
            &mut self.nodes,
            |a, b| (&a.name, &a.instance_id).cmp(&(&b.name, &b.instance_id)),
            |node| node.name.clone(),
            agree,
        );
        let pods = each_once(
            &mut self.pods,
            |a, b| {
                (&a.namespace, &a.name, &a.node_name).cmp(&(&b.namespace, &b.name, &b.node_name))
            },
            |pod| format!("{}/{}", pod.namespace, pod.name),
            |_, _| (),
        );
        let configs = each_once(
            &mut self.eni_configs,
            |a, b| a.name.cmp(&b.name),
            |config| config.name.clone(),
            |_, _| (),
        );
        let pools = each_once(
            &mut self.node_pools,
            |a, b| a.name.cmp(&b.name),
            |pool| pool.name.clone(),
            |_, _| (),
        );
        let ec2_classes = each_once(
            &mut self.ec2_node_classes,
            |a, b| a.name.cmp(&b.name),
            |class| class.name.clone(),
            |_, _| (),
        );
        let classes = each_once(
            &mut self.node_classes,
            |a, b| a.name.cmp(&b.name),
            |class| class.name.clone(),
            |_, _| (),
        );
        // Who needs one of these needs them all: a pod that is missing uses no address, a zone has no ENIConfig.
        self.pods = self.pods.filter(|_| pods.is_empty());
        self.eni_configs = self.eni_configs.filter(|_| configs.is_empty());
        self.node_pools = self.node_pools.filter(|_| pools.is_empty());
        if let Some(all) = &mut self.ec2_node_classes {
            all.retain(|class| !ec2_classes.contains(&class.name));
        }
        if let Some(all) = &mut self.node_classes {
            all.retain(|class| !classes.contains(&class.name));
        }
        if let Some(metrics) = &mut self.metrics {
            metrics.reverse();
            metrics.sort_by(|a, b| a.file.cmp(&b.file));
            metrics.dedup_by(|a, b| a.file == b.file);
        }
        let rows = [
            ("kubectl get nodes", "nodes", nodes),
            ("kubectl get pods", "pods", pods),
            ("kubectl get eniconfigs", "ENIConfigs", configs),
            ("kubectl get nodepools", "NodePools", pools),
            (EC2_NODE_CLASSES, "EC2NodeClasses", ec2_classes),
            (NODE_CLASSES, "NodeClasses", classes),
        ];
        (self, rows.into_iter().filter_map(twice).collect())
    }
}

/// What stands before names of objects.
const TWICE: &str = " are listed twice with different content: ";
const UNREAD: &str = " that are not read: ";
const UNLISTED: &str = " that are not listed: ";

/// What a row of this file says before the names of objects, and these.
pub(in crate::inventory) fn objects_named(row: &Withheld) -> Option<(&str, &str)> {
    let said =
        [TWICE, UNREAD, UNLISTED].into_iter().filter(|_| row.operation.starts_with("kubectl get "));
    let mut ends = said.filter_map(|said| Some(row.reason.find(said)? + said.len()));
    row.reason.split_at_checked(ends.next()?)
}

/// What is not known of objects whose readings differ.
fn twice((command, what, names): (&str, &str, BTreeSet<String>)) -> Option<Withheld> {
    let all = many(names.iter().map(String::as_str));
    let reason = format!("{what}{TWICE}{all}");
    (!names.is_empty()).then(|| Withheld::of_command(command, reason))
}

/// Sorts, and leaves each object once; those whose readings differ are named, and what stays of them is the first
/// reading, changed by the others.
fn each_once<T: PartialEq>(
    list: &mut Option<Vec<T>>,
    order: impl Fn(&T, &T) -> Ordering,
    name: impl Fn(&T) -> String,
    change: impl Fn(&mut T, &T),
) -> BTreeSet<String> {
    let mut differing = BTreeSet::new();
    let Some(list) = list else { return differing };
    list.sort_by(&order);
    list.dedup_by(|later, kept| {
        let is_again = order(later, kept).is_eq();
        if is_again && later != kept {
            differing.insert(name(kept));
            change(kept, later);
        }
        is_again
    });
    differing
}

/// Leaves of a node what both readings say.
fn agree(kept: &mut KubernetesNode, later: &KubernetesNode) {
    if kept.allocatable_pods != later.allocatable_pods {
        kept.allocatable_pods = None;
    }
    kept.labels.retain(|key, value| later.labels.get(key) == Some(value));
    kept.annotations.retain(|key, value| later.annotations.get(key) == Some(value));
    kept.unschedulable |= later.unschedulable;
}

/// What is said where daemonsets aws-node differ.
const DAEMONSETS: &str = "the daemonset aws-node was read twice with different content";

fn is_of_two_daemonsets(row: &Withheld) -> bool {
    row.operation == AwsNode::COMMAND && row.reason == DAEMONSETS
}

/// The daemonset aws-node out of several readings; `None` and a row where they differ.
pub(in crate::inventory) fn one_aws_node(
    readings: impl IntoIterator<Item = AwsNode>,
) -> (Option<AwsNode>, Option<Withheld>) {
    let mut readings = readings.into_iter();
    let Some(first) = readings.next() else { return (None, None) };
    if readings.all(|other| other == first) {
        return (Some(first), None);
    }
    (None, Some(Withheld::of_command(AwsNode::COMMAND, DAEMONSETS.to_owned())))
}

/// NodeClasses that NodePools name and that are not there, unless a row says why already.
pub(super) fn unread_classes(inventory: &Inventory) -> Vec<Withheld> {
    let Some(told) = &inventory.kubernetes else { return Vec::new() };
    let named = |is_auto_mode: bool| {
        let all = told.node_pools.iter().flatten().filter_map(|pool| pool.node_class.as_ref());
        all.filter(move |named: &&NodeClassRef| named.is_auto_mode() == is_auto_mode)
            .map(|named| named.name.as_str())
            .collect::<BTreeSet<&str>>()
    };
    let ec2 = told.ec2_node_classes.as_ref();
    let auto = told.node_classes.as_ref();
    let kinds = [
        (
            EC2_NODE_CLASSES,
            "EC2NodeClasses",
            named(false),
            ec2.map(|all| all.iter().map(|class| class.name.as_str()).collect()),
        ),
        (
            NODE_CLASSES,
            "NodeClasses",
            named(true),
            auto.map(|all| all.iter().map(|class| class.name.as_str()).collect()),
        ),
    ];
    let row =
        |(command, what, named, read): (&str, &str, BTreeSet<&str>, Option<BTreeSet<&str>>)| {
            let is_told = inventory.withheld.iter().any(|row| row.operation == command);
            let there = read.clone().unwrap_or_default();
            let missing: Vec<&str> = named.difference(&there).copied().collect();
            let not = if read.is_some() { UNLISTED } else { UNREAD };
            let reason = format!("NodePools name {what}{not}{}", many(missing.iter().copied()));
            (!missing.is_empty() && !is_told).then(|| Withheld::of_command(command, reason))
        };
    kinds.into_iter().filter_map(row).collect()
}
