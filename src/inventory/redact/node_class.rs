//! NodeClasses of EKS Auto Mode.

use super::Redactor;
use crate::{
    declared::{AutoNodeClass, SubnetTerm},
    inventory::Subnet,
};

impl Redactor<'_> {
    pub(super) fn node_class(&mut self, class: AutoNodeClass) -> AutoNodeClass {
        let AutoNodeClass {
            name,
            subnets,
            pod_subnets,
            pod_security_groups,
            ipv4_prefix_size,
            interfaces,
        } = class;
        let (subnets, pod_subnets) = (self.subnet_terms(subnets), self.subnet_terms(pod_subnets));
        AutoNodeClass {
            name: self.name(&name),
            subnets,
            pod_subnets,
            pod_security_groups,
            ipv4_prefix_size,
            interfaces,
        }
    }

    /// The terms; what part of a tag selects has no stand-in, and becomes the subnets that it selects.
    pub(super) fn subnet_terms(&mut self, terms: Vec<SubnetTerm>) -> Vec<SubnetTerm> {
        let subnets = self.subnets;
        let told = |term: SubnetTerm| {
            let is_part = |value: &String| value != "*" && value.contains(['*', '?', '\\']);
            let selected = |subnet: &&Subnet| {
                let cidr = subnet.cidr.map(|cidr| cidr.to_string());
                term.selects(&subnet.subnet_id, cidr.as_deref(), &subnet.tags)
            };
            let by_id = |subnet: &Subnet| SubnetTerm {
                id: Some(subnet.subnet_id.clone()),
                ..SubnetTerm::default()
            };
            let found: Vec<_> = if term.tags.values().any(is_part) {
                subnets.iter().filter(selected).map(by_id).collect()
            } else {
                Vec::new()
            };
            if found.is_empty() { vec![term] } else { found }
        };
        terms.into_iter().flat_map(told).map(|term| self.subnet_term(term)).collect()
    }

    fn subnet_term(&mut self, term: SubnetTerm) -> SubnetTerm {
        let SubnetTerm { id, cidr, tags } = term;
        SubnetTerm {
            id: self.maybe_id(id),
            cidr,
            tags: tags
                .iter()
                .map(|(key, value)| match self.pair((key, value)) {
                    // Any value.
                    (key, _) if value == "*" => (key, value.clone()),
                    pair => pair,
                })
                .collect(),
        }
    }
}
