//! Which subnets may carry pods: the CNI's reading of subnet tags (amazon-vpc-cni-k8s `pkg/awsutils`,
//! `IsSubnetExcluded` and `ENABLE_SUBNET_DISCOVERY` in its README).

use std::collections::BTreeMap;

use super::{
    settings::CniSettings,
    version::{ClusterTags, CniVersion},
};

/// The tag by which the CNI finds subnets for pods.
const ROLE_TAG: &str = "kubernetes.io/role/cni";

/// What a subnet's tags say to the CNI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// For pods of nodes that are in it, and of no others.
    OwnNodes,
    /// For pods of all nodes of its zone.
    Offered,
    /// For no pods, by the value 0.
    Refused,
    /// For no pods of this cluster: it is tagged for others alone.
    Foreign,
}

/// The settings that decide.
#[derive(Debug, Clone)]
pub(super) struct Discovery {
    enabled: bool,
    version: CniVersion,
    cluster_name: Option<String>,
}

impl Discovery {
    pub(super) fn new(settings: &CniSettings) -> Self {
        Self {
            enabled: settings.subnet_discovery,
            version: settings.version,
            cluster_name: settings.cluster_name.clone(),
        }
    }

    pub(super) fn standing(&self, tags: &BTreeMap<String, String>) -> Standing {
        let role = tags.get(ROLE_TAG).map(String::as_str);
        if !self.version.excludes_subnets() {
            return if role.is_some() { Standing::Offered } else { Standing::OwnNodes };
        }
        match role {
            None | Some("") => Standing::OwnNodes,
            Some("0") => Standing::Refused,
            Some(_) if self.is_foreign(tags) => Standing::Foreign,
            Some(_) => Standing::Offered,
        }
    }

    /// Whether a subnet has clusters' tags and none of this cluster's; without a name nothing is.
    fn is_foreign(&self, tags: &BTreeMap<String, String>) -> bool {
        let (ClusterTags::Prefix(prefix), Some(name)) =
            (self.version.cluster_tags(), self.cluster_name.as_deref().filter(|n| !n.is_empty()))
        else {
            return false;
        };
        let mut clusters = tags.keys().filter_map(|key| key.strip_prefix(prefix)).peekable();
        clusters.peek().is_some() && clusters.all(|cluster| cluster != name)
    }

    /// Whether the primary ENI of a node in a subnet carries no pod. The tags are looked at only
    /// where discovery is on.
    pub(super) fn excludes_primary(&self, own: Standing) -> bool {
        self.enabled
            && match own {
                Standing::OwnNodes | Standing::Offered => false,
                Standing::Refused | Standing::Foreign => true,
            }
    }

    /// Whether a further ENI of a node may go to a subnet of its zone; `own` is the node's.
    pub(super) fn takes(&self, standing: Standing, own: bool) -> bool {
        match standing {
            Standing::OwnNodes => own,
            Standing::Offered => own || self.enabled,
            Standing::Refused => false,
            Standing::Foreign => own && !self.enabled,
        }
    }

    /// DescribeSubnets calls of a node beside those of [`crate::ipam`], which counts as v1.23 with
    /// discovery does: those it counted, and those it makes for ENIs it asked for.
    pub(super) fn describe_subnets(&self, counted: u32, creates: u32, custom: bool) -> u32 {
        let looked_for = if custom { 0 } else { creates };
        match (self.version.excludes_subnets(), self.enabled) {
            (true, true) => counted,
            // The node's own subnet is looked up for the value 0.
            (true, false) | (false, true) => looked_for,
            (false, false) => 0,
        }
    }
}
