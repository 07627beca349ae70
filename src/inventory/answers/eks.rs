//! EKS's answers as the AWS CLI prints them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{
    ec2::ReservationJson,
    value::{IfObject, Maybe},
};
use crate::inventory::{Cluster, NodeSubnets};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClusterJson {
    name: Option<String>,
    version: Option<String>,
    resources_vpc_config: Option<VpcConfigJson>,
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
        let name = self.name.or_else(|| filed.map(ToOwned::to_owned))?;
        let (vpc_id, subnets) = match self.resources_vpc_config {
            Some(config) => (config.vpc_id, config.subnet_ids),
            None => (None, None),
        };
        Some(Cluster {
            name,
            version: self.version,
            vpc_id,
            subnet_ids: subnets.unwrap_or_default().into_iter().collect(),
            node_groups: None,
            fargate_profiles: Vec::new(),
            undescribed: BTreeSet::new(),
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MemberJson {
    nodegroup_name: Option<String>,
    fargate_profile_name: Option<String>,
    pub(super) cluster_name: Option<String>,
    subnets: Maybe<String>,
}

impl MemberJson {
    /// The node group or profile under its own name, else under the one it is filed by.
    pub(super) fn read(self, filed: Option<&str>) -> Option<NodeSubnets> {
        let own = self.nodegroup_name.or(self.fargate_profile_name);
        let name = own.or_else(|| filed.map(ToOwned::to_owned))?;
        let subnet_ids: BTreeSet<String> = self.subnets.unwrap_or_default().into_iter().collect();
        Some(NodeSubnets { name, subnet_ids })
    }
}

/// What may stand under a name in a gathered file: a cluster with its groups, or the reservations
/// of a subnet.
#[derive(Deserialize)]
pub(super) struct GatheredJson {
    #[serde(default)]
    pub(super) cluster: Option<IfObject<ClusterJson>>,
    #[serde(default)]
    pub(super) nodegroups: Option<IfObject<BTreeMap<String, IfObject<MemberJson>>>>,
    #[serde(default)]
    pub(super) fargate_profiles: Option<IfObject<BTreeMap<String, IfObject<MemberJson>>>>,
    #[serde(default, rename = "SubnetIpv4CidrReservations")]
    pub(super) reservations: Maybe<ReservationJson>,
    #[serde(default, rename = "NextToken")]
    pub(super) next_token: Option<String>,
}

/// The members of a gathered cluster, sorted by name.
pub(super) fn members(
    filed: Option<IfObject<BTreeMap<String, IfObject<MemberJson>>>>,
) -> Option<Vec<NodeSubnets>> {
    let IfObject(Some(members)) = filed? else { return None };
    let read = |(name, IfObject(member)): (String, IfObject<MemberJson>)| member?.read(Some(&name));
    Some(members.into_iter().filter_map(read).collect())
}
