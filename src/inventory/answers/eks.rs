//! EKS's answers as the AWS CLI prints them, alone or gathered by name, and each either bare or
//! still inside the answer's own wrapper (`{"cluster": {"cluster": …}}`).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer};

use super::{
    ec2::ReservationJson,
    value::{If, IfList, IfNames, IfObject, IfText, Maybe},
};
use crate::inventory::{Cluster, HealthIssue, NodeSubnets, Operation, Withheld};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClusterJson {
    name: Option<String>,
    arn: Option<String>,
    version: Option<String>,
    resources_vpc_config: Option<VpcConfigJson>,
    kubernetes_network_config: Option<IfObject<NetworkConfigJson>>,
    health: Option<IfObject<HealthJson>>,
    cluster: Option<Box<IfObject<ClusterJson>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NetworkConfigJson {
    service_ipv4_cidr: Option<IfText>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VpcConfigJson {
    vpc_id: Option<String>,
    subnet_ids: Maybe<String>,
}

impl ClusterJson {
    /// The cluster under its own name, else under the one it is filed by.
    pub(super) fn read(self, filed: Option<&str>) -> Option<Cluster> {
        if let Some(IfObject(Some(wrapped))) = self.cluster.map(|wrapped| *wrapped) {
            return wrapped.read(filed);
        }
        let name = self.name.or_else(|| filed.map(ToOwned::to_owned))?;
        let (vpc_id, subnets) = match self.resources_vpc_config {
            Some(config) => (config.vpc_id, config.subnet_ids),
            None => (None, None),
        };
        let mut withheld = BTreeSet::new();
        if subnets.is_none() {
            let reason = format!("the output does not state the subnets of cluster {name}");
            withheld.insert(Withheld::new(Operation::DescribeCluster, reason));
        }
        Some(Cluster {
            name,
            arn: self.arn,
            version: self.version,
            vpc_id,
            service_cidr: self
                .kubernetes_network_config
                .and_then(|filed| filed.0)
                .and_then(|config| config.service_ipv4_cidr?.0?.parse().ok()),
            subnet_ids: subnets.unwrap_or_default().into_iter().collect(),
            node_groups: None,
            fargate_profiles: Vec::new(),
            health: issues(self.health),
            withheld,
        })
    }
}

#[derive(Deserialize)]
struct HealthJson {
    issues: Option<IfList<IssueJson>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct IssueJson {
    code: Option<IfText>,
    message: Option<IfText>,
    resource_ids: Option<IfNames>,
}

/// The issues that have a code.
fn issues(health: Option<IfObject<HealthJson>>) -> Vec<HealthIssue> {
    let list = health.and_then(|filed| filed.0).and_then(|health| health.issues);
    let IfList(list) = list.unwrap_or(IfList(Vec::new()));
    let read = |issue: IssueJson| {
        Some(HealthIssue {
            code: issue.code?.0?,
            message: issue.message.and_then(|text| text.0).unwrap_or_default(),
            resource_ids: issue
                .resource_ids
                .and_then(|names| names.0)
                .unwrap_or_default()
                .into_iter()
                .collect(),
        })
    };
    list.into_iter().filter_map(read).collect()
}

/// A node group or a Fargate profile.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MemberJson {
    nodegroup_name: Option<String>,
    fargate_profile_name: Option<String>,
    nodegroup_arn: Option<String>,
    fargate_profile_arn: Option<String>,
    cluster_name: Option<String>,
    subnets: Option<IfNames>,
    health: Option<IfObject<HealthJson>>,
    nodegroup: Option<Box<IfObject<MemberJson>>>,
    fargate_profile: Option<Box<IfObject<MemberJson>>>,
}

/// A node group or profile as it was read.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) cluster_name: Option<String>,
    pub(super) arn: Option<String>,
    pub(super) name: String,
    /// `None` when the answer does not say.
    pub(super) subnets: Option<BTreeSet<String>>,
    pub(super) health: Vec<HealthIssue>,
}

impl MemberJson {
    /// The node group or profile under its own name, else under the one it is filed by.
    pub(super) fn read(self, filed: Option<&str>) -> Option<Member> {
        for wrapped in [self.nodegroup, self.fargate_profile].into_iter().flatten() {
            if let IfObject(Some(wrapped)) = *wrapped {
                return wrapped.read(filed);
            }
        }
        let own = self.nodegroup_name.or(self.fargate_profile_name);
        Some(Member {
            cluster_name: self.cluster_name,
            arn: self.nodegroup_arn.or(self.fargate_profile_arn),
            name: own.or_else(|| filed.map(ToOwned::to_owned))?,
            subnets: self
                .subnets
                .and_then(|If(names)| names)
                .map(|names| names.into_iter().collect()),
            health: issues(self.health),
        })
    }
}

/// A member in a list: described, or its name alone as a listing has it.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum ListedJson {
    Name(String),
    Described(IfObject<MemberJson>),
}

impl ListedJson {
    fn read(self) -> Option<Member> {
        match self {
            Self::Name(name) => Some(Member {
                cluster_name: None,
                arn: None,
                name,
                subnets: None,
                health: Vec::new(),
            }),
            Self::Described(IfObject(member)) => member?.read(None),
        }
    }
}

/// Members gathered by name, or in a list.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum MembersJson {
    ByName(BTreeMap<String, IfObject<MemberJson>>),
    List(Vec<ListedJson>),
    Other(serde::de::IgnoredAny),
}

impl MembersJson {
    /// The members; `None` if it is neither form.
    pub(super) fn read(self) -> Option<Vec<Member>> {
        Some(match self {
            Self::ByName(members) => members
                .into_iter()
                .filter_map(|(name, IfObject(member))| member?.read(Some(&name)))
                .collect(),
            Self::List(members) => members.into_iter().filter_map(ListedJson::read).collect(),
            Self::Other(_) => return None,
        })
    }
}

/// What may stand under a name in a gathered file: a cluster with its groups, or the reservations
/// of a subnet.
#[derive(Deserialize)]
pub(super) struct GatheredJson {
    #[serde(default)]
    pub(super) cluster: Option<IfObject<ClusterJson>>,
    #[serde(default)]
    pub(super) nodegroups: Option<MembersJson>,
    #[serde(default)]
    pub(super) fargate_profiles: Option<MembersJson>,
    /// The outer `None` is "not there", the inner one null.
    #[serde(default, rename = "SubnetIpv4CidrReservations", deserialize_with = "there")]
    pub(super) reservations: Option<Maybe<ReservationJson>>,
    #[serde(default, rename = "NextToken")]
    pub(super) next_token: Option<IfText>,
}

fn there<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Maybe<ReservationJson>>, D::Error> {
    Maybe::deserialize(deserializer).map(Some)
}

/// A cluster's member for its list, or what is missing of it.
pub(super) fn member_of(
    operation: Operation,
    what: &str,
    member: Member,
) -> Result<NodeSubnets, Withheld> {
    if let Some(subnet_ids) = member.subnets {
        return Ok(NodeSubnets { name: member.name, subnet_ids, health: member.health });
    }
    let reason = format!("the output does not state the subnets of {what} {}", member.name);
    Err(Withheld::new(operation, reason))
}
