//! NodePools and EC2NodeClasses to share: what they ask of instance types stays, names of people's own do not.

use super::{Redactor, words};
use crate::declared::{Ec2NodeClass, NodeClassRef, NodePool, Requirement};

impl Redactor<'_> {
    fn label_value(&mut self, key: &str, text: &str) -> String {
        // What says of a machine what it is; other words `value_of` knows.
        if key.contains("/instance-") || text == "*" || self.zones.contains(text) {
            return text.to_owned();
        }
        words::value_of(&mut self.placeholders, key, text)
    }

    pub(super) fn node_pool(&mut self, pool: NodePool) -> NodePool {
        let NodePool { name, requirements, node_class, limits, budgets, weight, replicas, kubelet } =
            pool;
        NodePool {
            name: self.name(&name),
            requirements: requirements.into_iter().map(|one| self.requirement(one)).collect(),
            node_class: node_class.map(|NodeClassRef { group, kind, name }| NodeClassRef {
                group,
                kind,
                name: self.name(&name),
            }),
            limits,
            budgets,
            weight,
            replicas,
            kubelet,
        }
    }

    fn requirement(&mut self, requirement: Requirement) -> Requirement {
        let Requirement { key, operator, values, min_values } = requirement;
        let values = values.iter().map(|value| self.label_value(&key, value)).collect();
        Requirement { key: words::key(&mut self.placeholders, &key), operator, values, min_values }
    }

    pub(super) fn ec2_node_class(&mut self, class: Ec2NodeClass) -> Ec2NodeClass {
        let Ec2NodeClass {
            name,
            kubelet,
            subnets,
            ami_family,
            alias_family,
            ip_prefix_count,
            interfaces,
            node_configs,
        } = class;
        Ec2NodeClass {
            name: self.name(&name),
            kubelet,
            subnets: self.subnet_terms(subnets),
            ami_family,
            alias_family,
            ip_prefix_count,
            interfaces,
            node_configs,
        }
    }
}
