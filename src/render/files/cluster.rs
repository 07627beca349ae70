//! Clusters and their node groups as the files need them.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{Ident, Idents};
use crate::plan::variables::is_ipv6;
use crate::{
    cni::CniSettings,
    density::{Addressing, DensitySettings, Os, assess},
    instance::{Catalogue, InstanceLimits},
    plan::{Candidate, GroupOs, Plan, PlannedGroup},
    simulate::Scaler,
};

/// A cluster and what runs in it.
pub(super) struct Cluster<'a> {
    /// Its number, where there are several.
    pub(super) number: Option<usize>,
    pub(super) groups: Vec<Group<'a>>,
    /// The subnets of the pods by zone.
    pub(super) pod_subnets: BTreeMap<&'a str, &'a str>,
}

/// What becomes of a node group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// None runs: it is created.
    Created,
    /// It runs, and only its sizes change.
    Kept,
    /// It runs with what cannot be changed in place: one of this name is created beside it.
    Renewed(String),
}

/// A node group.
pub(super) struct Group<'a> {
    pub(super) planned: &'a PlannedGroup,
    pub(super) fate: Fate,
    /// Its nodes today, where they are known.
    pub(super) now: Option<u32>,
    pub(super) ident: Ident,
    /// The max pods that a managed node group gives its nodes by itself; `None` where a type is not known.
    pub(super) given: Option<u32>,
    /// vCPUs of the largest of its types; `None` where one is not known.
    pub(super) vcpus: Option<u32>,
    /// The processor architecture of all its types; `None` where it is not known.
    pub(super) arch: Option<&'static str>,
}

impl Group<'_> {
    pub(super) fn is_linux(&self) -> bool {
        self.planned.os == GroupOs::Linux
    }

    /// Whether a managed node group gives its nodes other max pods, so that only a custom AMI can have those of
    /// the plan: without one user data has no say (EKS user guide, "Choosing an instance type").
    pub(super) fn needs_custom_ami(&self) -> bool {
        self.planned.scaler == Scaler::ManagedNodeGroup
            && self.is_linux()
            && self.fate != Fate::Kept
            && self.given != Some(self.planned.max_pods)
    }

    /// The most nodes that the subnets were sized for, those after the growth: its size's bound. A surge and
    /// Karpenter's replacements come beside them.
    pub(super) fn most(&self) -> u32 {
        self.planned.nodes_grown.max(self.planned.nodes_peak).max(self.planned.nodes_usual).max(1)
    }

    /// Whether a launch template names its AMI: for max pods, or since an Auto Scaling group needs one.
    pub(super) fn names_ami(&self) -> bool {
        self.needs_custom_ami() || (self.planned.scaler == Scaler::Asg && self.fate != Fate::Kept)
    }

    /// Whether the user data of its nodes is written: Karpenter writes its own.
    pub(super) fn has_user_data(&self) -> bool {
        let is_own = match self.planned.scaler {
            Scaler::ManagedNodeGroup | Scaler::Asg | Scaler::None => true,
            Scaler::Karpenter => false,
        };
        is_own && self.is_linux()
    }

    /// Whether the files create it.
    pub(super) fn is_created(&self) -> bool {
        let is_own = match self.planned.scaler {
            Scaler::ManagedNodeGroup | Scaler::Asg => true,
            Scaler::Karpenter | Scaler::None => false,
        };
        is_own && self.fate != Fate::Kept
    }

    /// The name of the group that the files make.
    pub(super) fn name(&self) -> String {
        match &self.fate {
            Fate::Renewed(name) => name.clone(),
            Fate::Created | Fate::Kept => fit_name(&self.planned.name, &self.ident),
        }
    }

    /// The cluster and the name of the group that runs: a name that two clusters have stands behind the
    /// cluster's.
    pub(super) fn there(&self) -> (Option<&str>, &str) {
        match self.planned.of.split_once('/') {
            Some((cluster, name)) => (Some(cluster), name),
            None => (None, &self.planned.of),
        }
    }
}

/// A name where EKS takes it, else one that it takes.
fn fit_name(name: &str, ident: &Ident) -> String {
    let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if begins_well && name.len() <= 60 && name.bytes().all(is_fit) {
        name.to_owned()
    } else {
        ident.kebab()
    }
}

/// What becomes of a group. A managed node group and a launch template's group keep their subnets, types and
/// max pods for life.
fn fate(
    candidate: &Candidate,
    planned: &PlannedGroup,
    (now, ident): (Option<u32>, &Ident),
) -> Fate {
    let is_new =
        |name: &String| candidate.subnets.iter().any(|subnet| subnet.new && subnet.name == *name);
    if now.is_none() {
        return Fate::Created;
    }
    if !planned.replaced && !planned.subnets.iter().any(is_new) {
        return Fate::Kept;
    }
    let there = planned.of.rsplit('/').next().unwrap_or(&planned.of);
    let stem = fit_name(there, ident);
    let all = candidate.node_groups.iter();
    let taken: BTreeSet<&str> = all
        .flat_map(|group| [group.name.as_str(), group.of.rsplit('/').next().unwrap_or("")])
        .collect();
    let named = (2..).map(|number| format!("{stem}-{number}"));
    let mut free = named.filter(|name| !taken.contains(name.as_str()));
    free.next().map_or(Fate::Kept, Fate::Renewed)
}

impl<'a> Cluster<'a> {
    /// The directory of the cluster's files, with a slash, where there are several.
    pub(super) fn folder(&self) -> String {
        self.number.map_or_else(String::new, |number| format!("cluster-{number}/"))
    }

    /// The end of names of the cluster's things, where there are several.
    pub(super) fn suffix(&self, separator: &str) -> String {
        self.number.map_or_else(String::new, |number| format!("{separator}{number}"))
    }

    /// Groups that something starts in a way.
    pub(super) fn of(&self, scaler: Scaler) -> impl Iterator<Item = &Group<'a>> {
        self.groups.iter().filter(move |group| group.planned.scaler == scaler)
    }

    /// Groups of a kind that the files create.
    pub(super) fn created(&self, scaler: Scaler) -> impl Iterator<Item = &Group<'a>> {
        self.of(scaler).filter(|group| group.is_created())
    }

    pub(super) fn has_windows(&self) -> bool {
        self.groups.iter().any(|group| !group.is_linux())
    }

    /// ENIConfigs: those of the zones under the zones' names, then those of groups whose pods are elsewhere.
    pub(super) fn eni_configs(&self) -> Vec<(String, &'a str)> {
        let zones = self.pod_subnets.iter().map(|(zone, subnet)| ((*zone).to_owned(), *subnet));
        let own = self.groups.iter().flat_map(|group| {
            let own = self.own_pod_subnets(group);
            own.into_iter()
                .map(|(zone, subnet)| (format!("{}-{zone}", group.ident.kebab()), subnet))
        });
        zones.chain(own).collect()
    }

    /// The zones where a group's pods are in other subnets than those of the cluster.
    pub(super) fn own_pod_subnets(&self, group: &Group<'a>) -> Vec<(&'a str, &'a str)> {
        let zones = group.planned.pod_subnets.iter();
        let zones = zones.map(|(zone, subnet)| (zone.as_str(), subnet.as_str()));
        zones.filter(|(zone, subnet)| self.pod_subnets.get(zone) != Some(subnet)).collect()
    }
}

/// The clusters of a candidate: of several equal ones the groups of a requirement's group belong to them in turn.
pub(super) fn clusters<'a>(
    plan: &Plan,
    candidate: &'a Candidate,
    cni: &CniSettings,
    catalogue: &Catalogue,
) -> Vec<Cluster<'a>> {
    let number = usize::try_from(plan.requirement.clusters.max(1)).unwrap_or(1);
    let idents = Idents::of("group", candidate.node_groups.iter().map(|group| group.name.as_str()));
    let mut clusters: Vec<Cluster<'a>> = (1..=number)
        .map(|at| Cluster {
            number: (number > 1).then_some(at),
            groups: Vec::new(),
            pod_subnets: BTreeMap::new(),
        })
        .collect();
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    for planned in &candidate.node_groups {
        let turn = met.entry(planned.of.as_str()).or_default();
        let at = *turn % number;
        *turn += 1;
        let limits: Option<Vec<&InstanceLimits>> =
            planned.instance_types.iter().map(|name| catalogue.get(name)).collect();
        let limits = limits.unwrap_or_default();
        let density = cni.density();
        let settings = match (planned.os, is_ipv6(&candidate.cni)) {
            (GroupOs::Linux, false) => density,
            (GroupOs::Linux, true) => DensitySettings { addressing: Addressing::Ipv6, ..density },
            (GroupOs::Windows, _) => DensitySettings { os: Os::Windows, ..density },
        };
        let of_type = |limits: &&InstanceLimits| {
            assess(catalogue, limits, &settings).ok().and_then(|report| report.max_pods)
        };
        let given: Option<Vec<u32>> = limits.iter().map(of_type).collect();
        let given = given.and_then(|given| given.into_iter().min());
        let vcpus: Option<Vec<u32>> = limits.iter().map(|limits| limits.vcpus).collect();
        let required = plan.requirement.groups.iter().find(|group| group.name == planned.of);
        let now = required.and_then(|group| group.nodes_now);
        let ident = idents.get(&planned.name);
        let group = Group {
            planned,
            fate: fate(candidate, planned, (now, &ident)),
            now,
            ident,
            given,
            vcpus: vcpus.and_then(|vcpus| vcpus.into_iter().max()),
            arch: arch(&limits),
        };
        clusters[at].groups.push(group);
    }
    for cluster in &mut clusters {
        let all = candidate.cni.custom_networking.iter().flatten();
        let all = all.map(|(zone, subnet)| (zone.as_str(), subnet.as_str()));
        let first = cluster.groups.iter().flat_map(|group| &group.planned.pod_subnets);
        let first = first.map(|(zone, subnet)| (zone.as_str(), subnet.as_str()));
        // Several clusters have ENIConfigs of their own; one has those of the settings.
        let mut pairs: Vec<(&str, &str)> =
            if number > 1 { first.chain(all).collect() } else { all.chain(first).collect() };
        pairs.reverse();
        cluster.pod_subnets = pairs.into_iter().collect();
    }
    clusters
}

/// The architecture that all types have, in the words of Kubernetes.
fn arch(limits: &[&InstanceLimits]) -> Option<&'static str> {
    let has = |name: &str| {
        let one = |limits: &&InstanceLimits| {
            limits.architectures.as_ref().is_some_and(|all| all.iter().any(|arch| arch == name))
        };
        !limits.is_empty() && limits.iter().all(one)
    };
    [("x86_64", "amd64"), ("arm64", "arm64")]
        .into_iter()
        .find(|(name, _)| has(name))
        .map(|(_, kubernetes)| kubernetes)
}
