//! The observed world. The serde form of these types is the snapshot file's, so fields are added
//! and never renamed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    EniTags, Interface, Kubernetes, NamedEnis, Operation, Tags, Word, cleaned, named_enis::Written,
};
use crate::{
    declared::SubnetTerm,
    network::{Cidr, ReservationKind},
};

/// Everything that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inventory {
    /// The origin of the data.
    pub source: Source,
    /// VPCs, sorted by id; `null` when not available.
    pub vpcs: Option<Vec<Vpc>>,
    /// Subnets, sorted by id.
    pub subnets: Vec<Subnet>,
    /// Ids of further subnets of the VPCs, listed but not selected.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub other_subnets: BTreeSet<String>,
    /// The IPv4 networks of these where they are known: what they take of their VPC is not free.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub other_networks: BTreeMap<String, OtherNetwork>,
    /// Network interfaces of the subnets' VPCs, sorted by id; `null` when not available.
    pub interfaces: Option<Vec<Interface>>,
    /// EC2 instances of the VPCs, sorted by id; `null` when not available.
    pub instances: Option<Vec<Instance>>,
    /// EKS clusters that were asked about, sorted by name.
    pub clusters: Vec<Cluster>,
    /// Data from kubectl; `null` when kubectl was not used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kubernetes: Option<Kubernetes>,
    /// What is not available, sorted.
    pub withheld: Vec<Withheld>,
}

impl Inventory {
    /// Keeps some of the subnets. The others' ids stay, so that ENIs in them are not taken for ENIs of
    /// subnets that were never listed, and so do their networks.
    pub fn keep_subnets(&mut self, keep: impl Fn(&str) -> bool) {
        let (kept, others) = std::mem::take(&mut self.subnets)
            .into_iter()
            .partition(|s: &Subnet| keep(&s.subnet_id));
        self.subnets = kept;
        let others: Vec<Subnet> = others;
        for Subnet { subnet_id, vpc_id, cidr, .. } in others {
            if let Some(cidr) = cidr {
                self.other_networks.insert(subnet_id.clone(), OtherNetwork { vpc_id, cidr });
            }
            self.other_subnets.insert(subnet_id);
        }
    }
}

impl Inventory {
    /// The IPv4 block of each subnet that has one, by its id.
    #[must_use]
    pub fn blocks(&self) -> HashMap<&str, Cidr> {
        self.subnets.iter().filter_map(|s| Some((s.subnet_id.as_str(), s.cidr?))).collect()
    }
}

/// The network of a subnet that was listed and not selected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherNetwork {
    /// Its VPC.
    pub vpc_id: String,
    /// Its IPv4 network.
    #[schemars(with = "String")]
    pub cidr: Cidr,
}

/// Where an inventory comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// How the data was collected.
    pub kind: SourceKind,
    /// The region; `null` if unknown or if there are several.
    pub region: Option<String>,
    /// The account that the interfaces belong to; `null` if there is none or several.
    pub account: Option<String>,
    /// When collection began, RFC 3339 in UTC; `null` for saved AWS CLI output, which has no time.
    pub captured_at: Option<String>,
    /// The account of the credentials; absent if unknown, as for saved AWS CLI output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
}

impl Source {
    /// The place that it is.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { region: self.region.clone(), account: self.account.clone() }
    }
}

/// How an inventory was collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// Calls to AWS.
    Live,
    /// A snapshot file.
    Snapshot,
    /// Saved AWS CLI output.
    AwsCli,
}

impl SourceKind {
    /// The kind's name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Snapshot => "snapshot",
            Self::AwsCli => "aws-cli",
        }
    }
}

/// A VPC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vpc {
    /// Its id.
    pub vpc_id: String,
    /// Its associated IPv4 CIDRs in the order of the response, the primary one first; empty if
    /// unknown.
    #[schemars(with = "Vec<String>")]
    pub cidrs: Vec<Cidr>,
    /// The owning account.
    pub owner_id: Option<String>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
}

/// A subnet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subnet {
    /// Its id.
    pub subnet_id: String,
    /// Its VPC.
    pub vpc_id: String,
    /// Its availability zone.
    pub availability_zone: Option<String>,
    /// Its IPv4 network; `null` for an IPv6-only subnet.
    #[schemars(with = "Option<String>")]
    pub cidr: Option<Cidr>,
    /// Whether it is IPv6-only, as EC2 states (Ipv6Native); `null` if unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipv6_native: Option<bool>,
    /// AvailableIpAddressCount as EC2 reports it.
    pub available: Option<u32>,
    /// The owning account; in a shared subnet it differs from the account of the ENIs.
    pub owner_id: Option<String>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// Its IPv4 CIDR reservations; `null` when not available.
    pub reservations: Option<Vec<Reservation>>,
}

impl Subnet {
    /// The Name tag.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.tags.get("Name").map(String::as_str)
    }

    /// Whether `subnetSelectorTerms` select it: one of them is enough.
    #[must_use]
    pub fn is_selected(&self, terms: &[SubnetTerm]) -> bool {
        let cidr = self.cidr.map(|cidr| cidr.to_string());
        terms.iter().any(|term| term.selects(&self.subnet_id, cidr.as_deref(), &self.tags))
    }
}

/// A subnet CIDR reservation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reservation {
    /// The reserved network.
    #[schemars(with = "String")]
    pub cidr: Cidr,
    /// What it is for: `prefix` or `explicit`.
    #[serde(with = "reservation_kind", rename = "type")]
    #[schemars(with = "String")]
    pub kind: ReservationKind,
}

/// `network` has no wire form of its own; the names are EC2's.
mod reservation_kind {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    use crate::network::ReservationKind;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    pub(super) fn serialize<S: Serializer>(
        kind: &ReservationKind,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match kind {
            ReservationKind::Prefix => "prefix",
            ReservationKind::Explicit => "explicit",
        })
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<ReservationKind, D::Error> {
        let name = String::deserialize(deserializer)?;
        super::Reservation::kind_named(&name).ok_or_else(|| {
            D::Error::custom(format!("`{name}` is not a reservation type (prefix or explicit)"))
        })
    }
}

impl Reservation {
    /// The kind by EC2's name of it.
    #[must_use]
    pub fn kind_named(name: &str) -> Option<ReservationKind> {
        match name {
            "prefix" => Some(ReservationKind::Prefix),
            "explicit" => Some(ReservationKind::Explicit),
            _ => None,
        }
    }
}

/// An EC2 instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// Its id.
    pub instance_id: String,
    /// The account that runs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<Word>,
    /// Its type.
    pub instance_type: Option<Word>,
    /// Its state, such as `running`.
    pub state: Option<Word>,
    /// What its Auto Scaling group says of it, such as `InService` or `Warmed:Stopped`; absent if that was
    /// not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<Word>,
    /// Its VPC.
    pub vpc_id: Option<Word>,
    /// The subnet of its primary ENI.
    pub subnet_id: Option<Word>,
    /// Its availability zone.
    pub availability_zone: Option<Word>,
    /// The ids of the instance's ENIs of its own account, by subnet, from its own row; absent if
    /// not stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Written>")]
    pub interfaces: Option<NamedEnis>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "EniTags::is_empty")]
    #[schemars(with = "Tags")]
    pub tags: EniTags,
}

impl Instance {
    /// Whether it is there, or about to be: one that is being terminated loses its ENIs.
    #[must_use]
    pub fn is_there(&self) -> bool {
        !matches!(self.state.as_deref(), Some("terminated" | "shutting-down"))
    }

    /// Whether it is stopped, or about to be: it keeps its ENIs and their addresses.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        matches!(self.state.as_deref(), Some("stopping" | "stopped"))
    }

    /// Whether its group says that it is in the warm pool (Auto Scaling user guide, "Lifecycle state
    /// transitions for instances in a warm pool"); `None` where that was not read.
    #[must_use]
    pub fn is_warmed(&self) -> Option<bool> {
        self.lifecycle.as_deref().map(|state| state.starts_with("Warmed:"))
    }

    /// Whether two readings of it say the same, but for its ENIs: those come and go while pages are read.
    #[must_use]
    pub fn is_alike(&self, other: &Self) -> bool {
        let bare = |instance: &Self| Self { interfaces: None, ..instance.clone() };
        bare(self) == bare(other)
    }
}

/// An EKS cluster and the subnets it is known to use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    /// Its name.
    pub name: String,
    /// Its ARN.
    #[serde(default)]
    pub arn: Option<String>,
    /// Its Kubernetes version.
    pub version: Option<String>,
    /// Its VPC.
    pub vpc_id: Option<String>,
    /// The CIDR of its services (`serviceIpv4Cidr`), if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub service_cidr: Option<Cidr>,
    /// The subnets its control plane uses.
    pub subnet_ids: BTreeSet<String>,
    /// Its managed node groups, sorted by name; `null` when not available.
    pub node_groups: Option<Vec<NodeSubnets>>,
    /// Its Fargate profiles, sorted by name.
    #[serde(default)]
    pub fargate_profiles: Vec<NodeSubnets>,
    /// Health issues that EKS reports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub health: Vec<HealthIssue>,
    /// What is not available about the cluster.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub withheld: BTreeSet<Withheld>,
}

impl Cluster {
    /// What tells it from other clusters: its ARN, or its name if that is unknown.
    #[must_use]
    pub fn key(&self) -> String {
        self.arn.clone().unwrap_or_else(|| self.name.clone())
    }
}

/// A health issue as EKS reports it (`health.issues` of DescribeCluster and DescribeNodegroup).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthIssue {
    /// Its code, such as `InsufficientFreeAddresses`.
    pub code: String,
    /// The message of EKS.
    #[serde(default)]
    pub message: String,
    /// The affected resources.
    #[serde(default)]
    pub resource_ids: BTreeSet<String>,
}

/// A node group or Fargate profile with its subnets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NodeSubnets {
    /// Its name.
    pub name: String,
    /// Its subnets.
    pub subnet_ids: BTreeSet<String>,
    /// Health issues that EKS reports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub health: Vec<HealthIssue>,
}

/// A reason out of a file, whatever wrote it there.
fn reason<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    String::deserialize(deserializer).map(|text| cleaned(&text))
}

/// Data that is required but not available.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Withheld {
    /// The API operation or kubectl command that would have returned the data.
    pub operation: String,
    /// Why the data is not available.
    #[serde(deserialize_with = "reason")]
    pub reason: String,
    /// The subnet, if the row is about one subnet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subnet_id: Option<String>,
    /// The region and account, in a run over several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// A region and an account, in a run over several; unknown parts are `null`.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The region.
    pub region: Option<String>,
    /// The account.
    pub account: Option<String>,
}

impl Withheld {
    /// Something that is not about a single subnet.
    #[must_use]
    pub fn new(operation: Operation, reason: String) -> Self {
        Self { operation: operation.name().to_owned(), reason, subnet_id: None, place: None }
    }

    /// Something that a command of kubectl would have told.
    #[must_use]
    pub fn of_command(command: &str, reason: String) -> Self {
        Self { operation: command.to_owned(), reason, subnet_id: None, place: None }
    }

    /// Whether subnets are missing, and not only something of one.
    #[must_use]
    pub fn is_of_all_subnets(&self) -> bool {
        self.operation == Operation::DescribeSubnets.name() && self.subnet_id.is_none()
    }

    /// The same of one of several places.
    #[must_use]
    pub fn at(self, place: &Place) -> Self {
        let parts = [place.region.as_deref(), place.account.as_deref()];
        let name = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        Self { reason: format!("{name}: {}", self.reason), place: Some(place.clone()), ..self }
    }

    /// Something about one subnet.
    #[must_use]
    pub fn of_subnet(operation: Operation, subnet_id: &str, reason: String) -> Self {
        Self { subnet_id: Some(subnet_id.to_owned()), ..Self::new(operation, reason) }
    }
}

/// The account that all interfaces belong to; `None` when there is none or more than one.
#[must_use]
pub fn account_of(interfaces: &[Interface]) -> Option<String> {
    let mut owners = interfaces.iter().filter_map(|interface| interface.owner_id.as_deref());
    let first = owners.next()?;
    owners.all(|owner| owner == first).then(|| first.to_owned())
}

/// The region that a zone lies in: `eu-west-1` of `eu-west-1a`, `us-west-2` of
/// `us-west-2-lax-1a`. `None` if the name has no such form.
#[must_use]
pub fn region_of_zone(zone: &str) -> Option<&str> {
    let digit = zone.find(|letter: char| letter.is_ascii_digit())?;
    let end = zone.get(digit..)?.find(|letter: char| !letter.is_ascii_digit());
    let region = zone.get(..end.map_or(zone.len(), |end| digit + end))?;
    (region.matches('-').count() >= 2).then_some(region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_tells_its_region() {
        for (zone, region) in [
            ("eu-west-1a", Some("eu-west-1")),
            ("us-gov-west-1b", Some("us-gov-west-1")),
            ("us-west-2-lax-1a", Some("us-west-2")),
            ("ap-northeast-1-wl1-kix-wlz-1", Some("ap-northeast-1")),
            ("zone", None),
            ("", None),
        ] {
            assert_eq!(region_of_zone(zone), region, "{zone}");
        }
    }
}
