//! What all documents of kubectl told together.

use std::collections::BTreeSet;

use super::object::{ObjectJson, ObjectKind};
use crate::{
    declared::Declared,
    inventory::{
        AwsNode, AwsNodeMetrics, EniConfig, Kubernetes, KubernetesNode, KubernetesPod, Subnet,
        Withheld,
        answers::{
            known::{Call, call_of},
            pages::{Page, Pages},
        },
        consistency::one_aws_node,
    },
};

/// Objects read so far.
#[derive(Debug, Default)]
pub(in super::super) struct Objects {
    nodes: Vec<KubernetesNode>,
    pods: Vec<KubernetesPod>,
    eni_configs: Vec<EniConfig>,
    aws_nodes: Vec<AwsNode>,
    metrics: Vec<AwsNodeMetrics>,
    declared: Declared,
    /// Kinds of NodePools and NodeClasses of which a list was there.
    listed: BTreeSet<ObjectKind>,
    node_pages: Pages,
    pod_pages: Pages,
    eni_config_pages: Pages,
    node_class_pages: Pages,
    /// Whether a list of pods has none.
    empty_pods: bool,
    /// Kinds of which a list is not there.
    absent: BTreeSet<ObjectKind>,
}

impl Objects {
    /// Takes in an object of a known kind; its name, unless it is of no use here.
    pub(super) fn add(
        &mut self,
        kind: ObjectKind,
        object: ObjectJson,
    ) -> Result<Option<String>, String> {
        Ok(match kind {
            ObjectKind::Node => {
                let node = object.node()?;
                let name = node.name.clone();
                self.nodes.push(node);
                Some(name)
            }
            ObjectKind::Pod => object.pod()?.map(|pod| {
                let name = format!("{}/{}", pod.namespace, pod.name);
                self.pods.push(pod);
                name
            }),
            ObjectKind::EniConfig => {
                let config = object.eni_config()?;
                let name = config.name.clone();
                self.eni_configs.push(config);
                Some(name)
            }
            ObjectKind::DaemonSet => {
                let found = object.aws_node();
                let name = found.is_some().then(|| "aws-node".to_owned());
                self.aws_nodes.extend(found);
                name
            }
            ObjectKind::NodePool | ObjectKind::Ec2NodeClass | ObjectKind::NodeClass => {
                let name = object.name();
                let declared = object.declared(kind)?;
                let name = name.filter(|_| !declared.is_empty());
                self.declared.add(declared);
                name
            }
        })
    }

    /// Takes in the metrics of a node.
    pub(in super::super) fn add_metrics(&mut self, metrics: AwsNodeMetrics) {
        self.metrics.push(metrics);
    }

    /// Closes a document's part of a kind, with whether the list was left before its end.
    pub(super) fn close(&mut self, kind: ObjectKind, page: Page, cut: bool) {
        match kind {
            ObjectKind::Node => self.node_pages.add(page, cut),
            ObjectKind::Pod => {
                self.empty_pods |= page.is_empty() && !cut;
                self.pod_pages.add(page, cut);
            }
            ObjectKind::EniConfig => self.eni_config_pages.add(page, cut),
            ObjectKind::NodeClass => self.node_class_pages.add(page, cut),
            ObjectKind::DaemonSet => {}
            // Clusters have few, which come in one page.
            ObjectKind::NodePool | ObjectKind::Ec2NodeClass => {
                self.listed.insert(kind);
            }
        }
    }

    /// Takes in a list without items by the name of its file.
    pub(in super::super) fn empty(&mut self, file_name: &str) -> bool {
        let Some(kind) = kind(call_of(file_name)) else { return false };
        self.close(kind, Page::default(), false);
        true
    }

    /// Notes that a list is not there: what others hold of its kind is not all.
    pub(in super::super) fn absent(&mut self, call: Call) {
        self.absent.extend(kind(call));
    }

    /// What Kubernetes told, with what is missing of it; `None` if it told nothing. Subnets tell where
    /// an ENIConfig's pods would go.
    pub(in super::super) fn into_kubernetes(
        self,
        subnets: &[Subnet],
    ) -> (Option<Kubernetes>, Vec<Withheld>) {
        let mut withheld = Vec::new();
        let mut whole = |kind: ObjectKind, pages: &Pages, command: &str| {
            if pages.unfinished() {
                withheld.push(Withheld::of_command(
                    command,
                    "the list ends at a continue token: the rest is missing".to_owned(),
                ));
            }
            pages.any() && !pages.unfinished() && !self.absent.contains(&kind)
        };
        let nodes = whole(ObjectKind::Node, &self.node_pages, "kubectl get nodes");
        let pods = whole(ObjectKind::Pod, &self.pod_pages, "kubectl get pods");
        let eni_configs =
            whole(ObjectKind::EniConfig, &self.eni_config_pages, "kubectl get eniconfigs");
        let node_classes = whole(
            ObjectKind::NodeClass,
            &self.node_class_pages,
            "kubectl get nodeclasses.eks.amazonaws.com",
        );
        // A list of a namespace that has no pod, beside those that have some.
        let all_namespaces = pods && self.empty_pods && self.pod_pages.len() > 1;
        let mut configs = self.eni_configs;
        for config in &mut configs {
            let named = |subnet: &&Subnet| Some(&subnet.subnet_id) == config.subnet_id.as_ref();
            if let Some(subnet) = subnets.iter().find(named) {
                config.availability_zone.clone_from(&subnet.availability_zone);
                config.vpc_id = Some(subnet.vpc_id.clone());
            }
        }
        let (aws_node, differing) = one_aws_node(self.aws_nodes);
        withheld.extend(differing);
        let listed = |kind| self.listed.contains(&kind) && !self.absent.contains(&kind);
        let kubernetes = Kubernetes {
            node_pools: listed(ObjectKind::NodePool).then_some(self.declared.node_pools),
            ec2_node_classes: listed(ObjectKind::Ec2NodeClass)
                .then_some(self.declared.ec2_node_classes),
            nodes: nodes.then_some(self.nodes),
            pods: pods.then_some(self.pods),
            eni_configs: eni_configs.then_some(configs),
            node_classes: node_classes.then_some(self.declared.auto_node_classes),
            aws_node,
            all_namespaces,
            metrics: Some(self.metrics).filter(|metrics| !metrics.is_empty()),
        };
        let told = kubernetes != Kubernetes::default();
        (told.then_some(kubernetes), withheld)
    }
}

/// The kind that a call lists.
fn kind(call: Call) -> Option<ObjectKind> {
    match call {
        Call::Nodes => Some(ObjectKind::Node),
        Call::Pods => Some(ObjectKind::Pod),
        Call::EniConfigs => Some(ObjectKind::EniConfig),
        Call::NodeClasses => Some(ObjectKind::NodeClass),
        Call::DaemonSet => Some(ObjectKind::DaemonSet),
        Call::NodePools => Some(ObjectKind::NodePool),
        Call::Ec2NodeClasses => Some(ObjectKind::Ec2NodeClass),
        Call::Aws(_) | Call::Metrics | Call::Other => None,
    }
}
