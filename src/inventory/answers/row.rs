//! Rows that stand alone or in a bare list, as `--query 'Subnets[]'` leaves them: what each is tells
//! itself, by keys that only a whole row of its kind has.

use serde::{Deserialize, de::IgnoredAny};

use super::clusters::MemberKind;

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowKind {
    Vpc,
    Subnet,
    Interface,
    Instance,
    /// Instances that were started together.
    Instances,
    /// A subnet CIDR reservation.
    Reservation,
    InstanceType,
    Cluster,
    Member(MemberKind),
    Object,
}

/// The keys that tell.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Keys {
    vpc_id: Option<IgnoredAny>,
    subnet_id: Option<IgnoredAny>,
    cidr_block: Option<IgnoredAny>,
    cidr_block_association_set: Option<IgnoredAny>,
    available_ip_address_count: Option<IgnoredAny>,
    network_interface_id: Option<IgnoredAny>,
    private_ip_addresses: Option<IgnoredAny>,
    instance_id: Option<IgnoredAny>,
    state: Option<IgnoredAny>,
    reservation_id: Option<IgnoredAny>,
    instances: Option<IgnoredAny>,
    reservation_type: Option<IgnoredAny>,
    cidr: Option<IgnoredAny>,
    instance_type: Option<IgnoredAny>,
    network_info: Option<IgnoredAny>,
    #[serde(rename = "name")]
    name: Option<IgnoredAny>,
    #[serde(rename = "resourcesVpcConfig")]
    vpc_config: Option<IgnoredAny>,
    #[serde(rename = "nodegroupName")]
    nodegroup: Option<IgnoredAny>,
    #[serde(rename = "fargateProfileName")]
    fargate_profile: Option<IgnoredAny>,
    #[serde(rename = "subnets")]
    subnets: Option<IgnoredAny>,
    #[serde(rename = "kind")]
    kind: Option<IgnoredAny>,
    #[serde(rename = "metadata")]
    metadata: Option<IgnoredAny>,
}

impl Keys {
    /// What a row with these keys is; a part of a row is nothing, since its missing fields would be
    /// read as empty.
    pub(super) fn row(&self) -> Option<RowKind> {
        let all = |keys: &[&Option<IgnoredAny>]| keys.iter().all(|key| key.is_some());
        let interface = [&self.network_interface_id, &self.subnet_id, &self.private_ip_addresses];
        let subnet = [&self.subnet_id, &self.vpc_id, &self.available_ip_address_count];
        let vpc = [&self.vpc_id, &self.cidr_block, &self.cidr_block_association_set];
        if all(&[&self.kind, &self.metadata]) {
            Some(RowKind::Object)
        } else if all(&interface) {
            Some(RowKind::Interface)
        } else if all(&subnet) {
            Some(RowKind::Subnet)
        } else if all(&vpc) {
            Some(RowKind::Vpc)
        } else if all(&[&self.instance_id, &self.instance_type, &self.state]) {
            Some(RowKind::Instance)
        } else if all(&[&self.reservation_id, &self.instances]) {
            Some(RowKind::Instances)
        } else if all(&[&self.cidr, &self.reservation_type]) {
            Some(RowKind::Reservation)
        } else if all(&[&self.instance_type, &self.network_info]) {
            Some(RowKind::InstanceType)
        } else if all(&[&self.name, &self.vpc_config]) {
            Some(RowKind::Cluster)
        } else if all(&[&self.nodegroup, &self.subnets]) {
            Some(RowKind::Member(MemberKind::NodeGroup))
        } else if all(&[&self.fargate_profile, &self.subnets]) {
            Some(RowKind::Member(MemberKind::FargateProfile))
        } else {
            None
        }
    }
}
