//! NodeClasses of EKS Auto Mode.

use super::Redactor;
use crate::declared::{AutoNodeClass, SubnetTerm};

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
        let mut terms = |terms: Vec<SubnetTerm>| {
            terms.into_iter().map(|term| self.subnet_term(term)).collect::<Vec<_>>()
        };
        let (subnets, pod_subnets) = (terms(subnets), terms(pod_subnets));
        AutoNodeClass {
            name: self.name(&name),
            subnets,
            pod_subnets,
            pod_security_groups,
            ipv4_prefix_size,
            interfaces,
        }
    }

    pub(super) fn subnet_term(&mut self, term: SubnetTerm) -> SubnetTerm {
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
