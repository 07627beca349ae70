//! What all documents of kubectl told together.

use super::object::{Kind, ObjectJson};
use crate::inventory::{
    AwsNode, EniConfig, Kubernetes, KubernetesNode, KubernetesPod, Subnet, Withheld,
    answers::pages::{Page, Pages},
};

/// Objects read so far.
#[derive(Debug, Default)]
pub(in super::super) struct Objects {
    nodes: Vec<KubernetesNode>,
    pods: Vec<KubernetesPod>,
    eni_configs: Vec<EniConfig>,
    aws_node: Option<AwsNode>,
    node_pages: Pages,
    pod_pages: Pages,
    eni_config_pages: Pages,
}

impl Objects {
    /// Takes in an object of a known kind; its name, unless it is of no use here.
    pub(super) fn add(&mut self, kind: Kind, object: ObjectJson) -> Result<Option<String>, String> {
        Ok(match kind {
            Kind::Node => {
                let node = object.node()?;
                let name = node.name.clone();
                self.nodes.push(node);
                Some(name)
            }
            Kind::Pod => object.pod()?.map(|pod| {
                let name = format!("{}/{}", pod.namespace, pod.name);
                self.pods.push(pod);
                name
            }),
            Kind::EniConfig => {
                let config = object.eni_config()?;
                let name = config.name.clone();
                self.eni_configs.push(config);
                Some(name)
            }
            Kind::DaemonSet => {
                let found = object.aws_node();
                let name = found.is_some().then(|| "aws-node".to_owned());
                self.aws_node = found.or(self.aws_node.take());
                name
            }
        })
    }

    /// Closes a document's part of a kind, with whether the list was left before its end.
    pub(super) fn close(&mut self, kind: Kind, page: Page, cut: bool) {
        match kind {
            Kind::Node => self.node_pages.add(page, cut),
            Kind::Pod => self.pod_pages.add(page, cut),
            Kind::EniConfig => self.eni_config_pages.add(page, cut),
            Kind::DaemonSet => {}
        }
    }

    /// Takes in a list without items by the name of its file.
    pub(in super::super) fn empty(&mut self, file_name: &str) -> bool {
        let kind = match file_name {
            "nodes.json" => Kind::Node,
            "pods.json" => Kind::Pod,
            "eniconfigs.json" => Kind::EniConfig,
            _ => return file_name == "aws-node.json",
        };
        self.close(kind, Page::default(), false);
        true
    }

    /// What Kubernetes told, with what is missing of it; `None` if it told nothing. Subnets tell where
    /// an ENIConfig's pods would go.
    pub(in super::super) fn into_kubernetes(
        self,
        subnets: &[Subnet],
    ) -> (Option<Kubernetes>, Vec<Withheld>) {
        let mut withheld = Vec::new();
        let mut whole = |pages: &Pages, command: &str| {
            if pages.unfinished() {
                withheld.push(Withheld::of_command(
                    command,
                    "the list was left at a continue token: the rest of it is not there".to_owned(),
                ));
            }
            pages.any() && !pages.unfinished()
        };
        let nodes = whole(&self.node_pages, "kubectl get nodes");
        let pods = whole(&self.pod_pages, "kubectl get pods");
        let eni_configs = whole(&self.eni_config_pages, "kubectl get eniconfigs");
        let mut configs = self.eni_configs;
        for config in &mut configs {
            let named = |subnet: &&Subnet| Some(&subnet.subnet_id) == config.subnet_id.as_ref();
            if let Some(subnet) = subnets.iter().find(named) {
                config.availability_zone.clone_from(&subnet.availability_zone);
                config.vpc_id = Some(subnet.vpc_id.clone());
            }
        }
        let kubernetes = Kubernetes {
            nodes: nodes.then_some(self.nodes),
            pods: pods.then_some(self.pods),
            eni_configs: eni_configs.then_some(configs),
            aws_node: self.aws_node,
        };
        let told = kubernetes != Kubernetes::default();
        (told.then(|| kubernetes.in_order()), withheld)
    }
}
