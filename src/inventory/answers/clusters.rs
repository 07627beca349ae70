//! The clusters of the answers, put together from their parts.

use std::collections::{BTreeMap, BTreeSet};

use super::eks::{Member, member_of};
use crate::inventory::{Cluster, NodeSubnets, Operation, Withheld};

/// Node groups or Fargate profiles: how they are called, and the calls that tell of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum MemberKind {
    NodeGroup,
    FargateProfile,
}

impl MemberKind {
    fn name(self) -> &'static str {
        match self {
            Self::NodeGroup => "node group",
            Self::FargateProfile => "Fargate profile",
        }
    }

    fn list(self) -> Operation {
        match self {
            Self::NodeGroup => Operation::ListNodegroups,
            Self::FargateProfile => Operation::ListFargateProfiles,
        }
    }

    fn describe(self) -> Operation {
        match self {
            Self::NodeGroup => Operation::DescribeNodegroup,
            Self::FargateProfile => Operation::DescribeFargateProfile,
        }
    }
}

/// A listing of names. It does not say whose they are.
#[derive(Debug, Default)]
struct NameListing {
    names: BTreeSet<String>,
    cut: bool,
}

/// The parts, as they are read.
#[derive(Debug, Default)]
pub(super) struct Clusters {
    whole: Vec<Cluster>,
    /// Members that stood alone, with what tells whose they are.
    members: Vec<(MemberKind, Member)>,
    listings: BTreeMap<MemberKind, NameListing>,
}

impl Clusters {
    /// A cluster that stands alone.
    pub(super) fn add(&mut self, cluster: Cluster) {
        self.whole.push(cluster);
    }

    /// A cluster with the members it is filed with.
    pub(super) fn add_with(
        &mut self,
        mut cluster: Cluster,
        groups: Option<Vec<Member>>,
        profiles: Option<Vec<Member>>,
    ) {
        if let Some(groups) = groups {
            cluster.node_groups.get_or_insert_default();
            for member in groups {
                join(&mut cluster, MemberKind::NodeGroup, member);
            }
        }
        for member in profiles.into_iter().flatten() {
            join(&mut cluster, MemberKind::FargateProfile, member);
        }
        self.whole.push(cluster);
    }

    /// A node group or profile that stands alone.
    pub(super) fn add_member(&mut self, kind: MemberKind, member: Member) {
        self.members.push((kind, member));
    }

    /// A listing of names.
    pub(super) fn add_names(&mut self, kind: MemberKind, names: Vec<String>) {
        self.listings.entry(kind).or_default().names.extend(names);
    }

    /// Says that a listing was left at a token.
    pub(super) fn cut(&mut self, kind: MemberKind) {
        self.listings.entry(kind).or_default().cut = true;
    }

    /// The clusters, each once.
    pub(super) fn into_list(self) -> Vec<Cluster> {
        let mut list: Vec<Cluster> = Vec::new();
        for cluster in self.whole {
            match list.iter_mut().find(|known| known.key() == cluster.key()) {
                Some(known) => merge(known, cluster),
                None => list.push(cluster),
            }
        }
        for (kind, member) in self.members {
            for cluster in list.iter_mut().filter(|cluster| is_of(&member, cluster)) {
                join(cluster, kind, member.clone());
            }
        }
        for (kind, listing) in self.listings {
            let claimed: BTreeSet<&String> =
                list.iter().flat_map(|cluster| members(cluster, kind)).map(|m| &m.name).collect();
            let unclaimed: Vec<String> =
                listing.names.iter().filter(|name| !claimed.contains(name)).cloned().collect();
            for cluster in &mut list {
                listed(cluster, kind, listing.cut, &unclaimed);
            }
        }
        list.iter_mut().for_each(in_order);
        list
    }
}

fn members(cluster: &Cluster, kind: MemberKind) -> &[NodeSubnets] {
    match kind {
        MemberKind::NodeGroup => cluster.node_groups.as_deref().unwrap_or_default(),
        MemberKind::FargateProfile => &cluster.fargate_profiles,
    }
}

/// Adds a member to its cluster, or what is missing of it.
fn join(cluster: &mut Cluster, kind: MemberKind, member: Member) {
    let list = match kind {
        MemberKind::NodeGroup => cluster.node_groups.get_or_insert_default(),
        MemberKind::FargateProfile => &mut cluster.fargate_profiles,
    };
    match member_of(kind.describe(), kind.name(), member) {
        Ok(member) => list.push(member),
        Err(missing) => {
            cluster.withheld.insert(missing);
        }
    }
}

/// Whether a member that stands alone is a cluster's: by the cluster's name, and by region and
/// account where both ARNs are there.
fn is_of(member: &Member, cluster: &Cluster) -> bool {
    let place =
        |arn: &str| arn.split(':').skip(3).take(2).map(ToOwned::to_owned).collect::<Vec<_>>();
    let apart = match (&member.arn, &cluster.arn) {
        (Some(member), Some(cluster)) => place(member) != place(cluster),
        _ => false,
    };
    member.cluster_name.as_deref() == Some(&cluster.name) && !apart
}

/// Two readings of one cluster as one.
fn merge(known: &mut Cluster, other: Cluster) {
    known.subnet_ids.extend(other.subnet_ids);
    if let Some(groups) = other.node_groups {
        known.node_groups.get_or_insert_default().extend(groups);
    }
    known.fargate_profiles.extend(other.fargate_profiles);
    known.withheld.extend(other.withheld);
    known.health.extend(other.health);
    known.vpc_id = known.vpc_id.take().or(other.vpc_id);
    known.version = known.version.take().or(other.version);
    known.service_cidr = known.service_cidr.or(other.service_cidr);
}

/// What a listing of names tells of a cluster: that its node groups are known, and which of the
/// names nothing describes. With several clusters such a name may be any one's.
fn listed(cluster: &mut Cluster, kind: MemberKind, cut: bool, unclaimed: &[String]) {
    if kind == MemberKind::NodeGroup {
        cluster.node_groups.get_or_insert_default();
    }
    if cut {
        let reason =
            format!("the list of {}s ends at a NextToken: the last page is missing", kind.name());
        cluster.withheld.insert(Withheld::new(kind.list(), reason));
    }
    for name in unclaimed {
        let reason = format!("no output describes {} {name}: its subnets are unknown", kind.name());
        cluster.withheld.insert(Withheld::new(kind.describe(), reason));
    }
}

fn in_order(cluster: &mut Cluster) {
    if let Some(groups) = &mut cluster.node_groups {
        groups.sort();
        groups.dedup();
    }
    cluster.fargate_profiles.sort();
    cluster.fargate_profiles.dedup();
    cluster.health.sort();
    cluster.health.dedup();
}
