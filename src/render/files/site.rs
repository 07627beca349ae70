//! A candidate as the files need it: what is new and what is there, by which name and id each thing goes, and
//! what belongs to which cluster.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    cluster::{Cluster, clusters},
    names::{Ident, Idents},
};
use crate::plan::variables::{Settings, as_read, is_ipv6, settings};
use crate::{
    cni::{CniSettings, ROLE_TAG},
    instance::BUILTIN,
    network::Cidr,
    plan::{AddedBlock, Candidate, Plan, PlannedReservation, PlannedSubnet},
};

/// What all files are made of.
pub(super) struct Site<'a> {
    pub(super) plan: &'a Plan,
    pub(super) candidate: &'a Candidate,
    /// Names of the subnets.
    pub(super) subnets: Idents,
    /// The region of the zones; `None` where no zone says it.
    region: Option<String>,
    /// The settings of the CNI.
    pub(super) settings: Settings,
    /// The settings of today.
    pub(super) today: Settings,
    pub(super) clusters: Vec<Cluster<'a>>,
    /// Whether the cluster is new as well.
    pub(super) creates_cluster: bool,
    zones: Idents,
}

impl<'a> Site<'a> {
    pub(super) fn new(plan: &'a Plan, candidate: &'a Candidate) -> Self {
        let names = candidate.subnets.iter().map(|subnet| subnet.name.as_str());
        let custom = is_custom(candidate);
        let today = &plan.requirement.cni;
        let was_custom = today.custom_networking.as_ref().is_some_and(|zones| !zones.is_empty());
        let settings_now = settings(&candidate.cni, custom);
        let read = as_read(&settings_now, candidate.cni.version.as_deref());
        let read = CniSettings { custom_networking: custom, ..read };
        Self {
            plan,
            candidate,
            subnets: Idents::of("subnet", names),
            region: candidate.subnets.iter().find_map(|subnet| region_of(&subnet.zone)),
            today: settings(today, was_custom),
            clusters: clusters(plan, candidate, &read, &BUILTIN),
            settings: settings_now,
            creates_cluster: candidate.creates_cluster(&plan.requirement),
            zones: Idents::of("zone", candidate.subnets.iter().map(|subnet| subnet.zone.as_str())),
        }
    }

    /// Whether the plan makes the VPC.
    pub(super) fn primary(&self) -> Option<AddedBlock> {
        self.candidate.vpc_cidrs_added.iter().find(|block| block.primary).copied()
    }

    /// Blocks that are added to the VPC, in order.
    pub(super) fn added(&self) -> impl Iterator<Item = AddedBlock> {
        self.candidate.vpc_cidrs_added.iter().filter(|block| !block.primary).copied()
    }

    /// The number, from 1, of the added block that a subnet lies in.
    pub(super) fn added_block_of(&self, subnet: &PlannedSubnet) -> Option<usize> {
        self.added().position(|block| block.cidr.covers(subnet.cidr)).map(|at| at + 1)
    }

    pub(super) fn new_subnets(&self) -> impl Iterator<Item = &'a PlannedSubnet> {
        self.candidate.subnets.iter().filter(|subnet| subnet.new)
    }

    pub(super) fn existing_subnets(&self) -> impl Iterator<Item = &'a PlannedSubnet> {
        self.candidate.subnets.iter().filter(|subnet| !subnet.new)
    }

    /// A subnet of the candidate.
    pub(super) fn subnet(&self, name: &str) -> Option<&'a PlannedSubnet> {
        self.candidate.subnets.iter().find(|subnet| subnet.name == name)
    }

    /// Reservations to create, each with its subnet and its number there.
    pub(super) fn new_reservations(
        &self,
    ) -> impl Iterator<Item = (&'a PlannedSubnet, usize, PlannedReservation)> {
        self.candidate.subnets.iter().flat_map(|subnet| {
            let new = subnet.reservations.iter().filter(|reservation| reservation.new);
            new.enumerate().map(move |(at, reservation)| (subnet, at + 1, *reservation))
        })
    }

    /// All tags of a new subnet: what it is called as well, unless a tag says that.
    pub(super) fn tags(subnet: &PlannedSubnet) -> BTreeMap<&str, &str> {
        let tags = subnet.tags.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        std::iter::once(("Name", subnet.name.as_str())).chain(tags).collect()
    }

    /// Tags that an existing subnet lacks.
    pub(super) fn tags_to_add(&self, subnet: &'a PlannedSubnet) -> Vec<(&'a str, &'a str)> {
        let existing =
            self.plan.requirement.vpc.subnets.iter().find(|there| there.name == subnet.name);
        let tags = subnet.tags.iter().filter(|(key, value)| {
            !subnet.new && existing.is_none_or(|there| there.tags.get(*key) != Some(value))
        });
        tags.map(|(key, value)| (key.as_str(), value.as_str())).collect()
    }

    pub(super) fn ident(&self, subnet: &str) -> Ident {
        self.subnets.get(subnet)
    }

    /// The id of an existing subnet that goes by its id.
    pub(super) fn known_id(subnet: &PlannedSubnet) -> Option<&str> {
        let id = subnet.name.strip_prefix("subnet-")?;
        let is_id = (8..=17).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        (is_id && !subnet.new).then_some(subnet.name.as_str())
    }

    /// A subnet's id in files that are filled in by hand: itself or a placeholder.
    pub(super) fn subnet_id(&self, name: &str) -> String {
        let known = self.subnet(name).and_then(Self::known_id);
        known.map_or_else(|| format!("${{{}}}", self.id_variable(name)), ToOwned::to_owned)
    }

    /// The name of the variable that holds a subnet's id.
    pub(super) fn id_variable(&self, name: &str) -> String {
        format!("SUBNET_ID_{}", self.ident(name).upper())
    }

    /// The zones that get subnets, in order.
    pub(super) fn new_zones(&self) -> BTreeSet<&'a str> {
        self.new_subnets().map(|subnet| subnet.zone.as_str()).collect()
    }

    /// The name of the variable that holds the route table of a zone's new subnets.
    pub(super) fn route_table_variable(&self, zone: &str) -> String {
        format!("ROUTE_TABLE_ID_{}", self.zones.get(zone).upper())
    }

    /// The range of Service addresses, where the plan knows it: a cluster that exists may have another than EKS
    /// chooses, and that of an IPv6 cluster is EKS's own choice.
    pub(super) fn service_cidr(&self) -> Option<Cidr> {
        let cluster = &self.plan.requirement.cluster;
        let is_sure = self.creates_cluster || !cluster.is_service_cidr_assumed;
        cluster.service_cidr.filter(|_| is_sure && !self.is_ipv6())
    }

    /// The region, where the zones say it.
    pub(super) fn known_region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The region, or a placeholder.
    pub(super) fn region(&self) -> String {
        self.region.clone().unwrap_or_else(|| "${AWS_REGION}".to_owned())
    }

    /// Whether pods have IPv6 addresses.
    pub(super) fn is_ipv6(&self) -> bool {
        is_ipv6(&self.candidate.cni)
    }

    /// Whether tags say which subnets pods are in.
    pub(super) fn uses_role_tags(&self) -> bool {
        self.candidate.subnets.iter().any(|subnet| subnet.tags.contains_key(ROLE_TAG))
    }

    /// What every file begins with.
    pub(super) fn about(&self, what: &str) -> String {
        format!("{what} Written by eksnet plan, candidate {}. See RUNBOOK.md.", self.candidate.id)
    }
}

/// Whether pods' subnets are named by ENIConfigs.
fn is_custom(candidate: &Candidate) -> bool {
    let zones = candidate.cni.custom_networking.as_ref();
    zones.is_some_and(|zones| !zones.is_empty())
        || candidate.node_groups.iter().any(|group| !group.pod_subnets.is_empty())
}

/// `eu-west-1` of `eu-west-1a` and of `eu-west-1-lon-1a`.
fn region_of(zone: &str) -> Option<String> {
    let parts: Vec<&str> = zone.split('-').collect();
    let at = parts.iter().position(|part| part.starts_with(|c: char| c.is_ascii_digit()))?;
    let (words, rest) = parts.split_at_checked(at)?;
    let number: String = rest.first()?.chars().take_while(char::is_ascii_digit).collect();
    let is_word =
        |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    (words.len() >= 2 && words.iter().all(is_word)).then(|| format!("{}-{number}", words.join("-")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_say_their_region() {
        for (zone, region) in [
            ("eu-west-1a", Some("eu-west-1")),
            ("us-west-2-lax-1a", Some("us-west-2")),
            ("us-gov-east-1b", Some("us-gov-east-1")),
            ("ap-southeast-12c", Some("ap-southeast-12")),
            ("a", None),
            ("1", None),
            ("", None),
            ("${x}-y-1a", None),
        ] {
            assert_eq!(region_of(zone).as_deref(), region, "{zone}");
        }
    }
}
