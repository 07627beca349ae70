//! The command that says what max pods a planned group's nodes get, so that whoever does the work can see it.

use super::answer::{Candidate, PlannedGroup};
use crate::{cni::ROLE_TAG, density::Os, finding::quoted, simulate::Target};

impl Candidate {
    /// `eksnet maxpods` for a group's types, under the settings that its nodes have here.
    #[must_use]
    pub fn max_pods_command(&self, group: &PlannedGroup) -> String {
        let cni = &self.cni;
        let mut words = vec!["eksnet maxpods".to_owned()];
        words.extend(group.instance_types.iter().map(|name| quoted(name)));
        let ipv6 = cni.ipv6 == Some(true);
        match group.os {
            Os::Windows => {
                words.push("--os windows".to_owned());
                let windows = cni.windows.as_ref();
                let prefixes = windows.and_then(|windows| windows.prefix_delegation) == Some(true);
                words.extend(prefixes.then(|| "--prefix".to_owned()));
            }
            Os::Linux => {
                let pods = cni.pod_eni == Some(true);
                let flags = [
                    (cni.prefix_delegation == Some(true) && !ipv6, "--prefix"),
                    (self.leaves_primary(group) && !ipv6, "--custom-networking"),
                    (ipv6, "--ipv6"),
                    (pods, "--pod-eni"),
                ];
                let on = flags.into_iter().filter(|(is_on, _)| *is_on);
                words.extend(on.map(|(_, flag)| flag.to_owned()));
                let most = cni.max_eni.and_then(Target::value);
                words.extend(most.map(|most| format!("--max-eni {most}")));
                words.push(format!("--host-network-pods {}", group.host_network_pods));
            }
        }
        words.join(" ")
    }

    /// Whether a group's primary ENIs give no pod address: tags that keep pods off them cost as many as
    /// ENIConfigs do.
    fn leaves_primary(&self, group: &PlannedGroup) -> bool {
        let is_excluded = |name: &String| {
            let subnet = self.subnets.iter().find(|subnet| subnet.name == *name);
            let role = subnet.and_then(|subnet| subnet.tags.get(ROLE_TAG));
            role.is_some_and(|value| value == "0")
        };
        !group.pod_subnets.is_empty() || group.subnets.iter().any(is_excluded)
    }
}
