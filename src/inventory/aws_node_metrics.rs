//! What aws-node's own metrics tell of a node, as the daemon counts it.

use std::{collections::BTreeMap, net::Ipv4Addr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::network::Cidr;

/// The metrics of one node's aws-node, those of its addresses (amazon-vpc-cni-k8s
/// `utils/prometheusmetrics`, `pkg/ipamd/datastore`).
///
/// A block is counted from its first pod on: one that is not named has had no pod since aws-node started.
/// One that the node gave back stays in the list, as a rule with 0, so that a count says nothing of whose the
/// block is. An address in its cool-down is not assigned. What is counted may be negative, where aws-node
/// miscounted; it is kept as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AwsNodeMetrics {
    /// The name of the file, without its ending.
    pub file: String,
    /// Addresses assigned to pods in each block of the pool, `awscni_assigned_ip_per_cidr`: /28 prefixes, and
    /// single addresses as /32.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "BTreeMap<String, i64>")]
    pub cidrs: BTreeMap<Cidr, i64>,
    /// Addresses assigned to pods on each attached ENI, `awscni_assigned_ip_per_eni`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub enis: BTreeMap<String, i64>,
    /// Addresses assigned to pods, `awscni_assigned_ip_addresses`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned: Option<i64>,
    /// Addresses in the pool, `awscni_total_ip_addresses`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
    /// Whether a block is one of IPv6.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_ipv6: bool,
}

impl AwsNodeMetrics {
    /// Where they come from.
    pub const COMMAND: &'static str = "aws-node metrics";

    /// Addresses assigned to pods among single addresses and prefixes.
    #[must_use]
    pub fn on(&self, singles: &[Ipv4Addr], prefixes: &[Cidr]) -> u32 {
        let singles = singles.iter().filter_map(|address| Cidr::containing(*address, 32));
        let blocks = singles.chain(prefixes.iter().copied());
        blocks.map(|block| at_least_0(self.cidrs.get(&block))).fold(0, u32::saturating_add)
    }

    /// Addresses assigned to pods, wherever.
    #[must_use]
    pub fn sum(&self) -> u32 {
        self.cidrs.values().map(|count| at_least_0(Some(count))).fold(0, u32::saturating_add)
    }

    /// Whether a single address is counted, and so was a pod's since aws-node started.
    #[must_use]
    pub fn names(&self, address: Ipv4Addr) -> bool {
        Cidr::containing(address, 32).is_some_and(|block| self.cidrs.contains_key(&block))
    }

    /// Whether the parts are the sum: what pods have in each block, and in all of them.
    ///
    /// # Errors
    /// Why not.
    pub(super) fn is_whole(&self) -> Result<(), String> {
        let sum: i64 = self.cidrs.values().fold(0, |sum, count| sum.saturating_add(*count));
        match self.assigned.filter(|assigned| *assigned != sum) {
            Some(assigned) => Err(format!(
                "awscni_assigned_ip_per_cidr adds up to {sum}, but awscni_assigned_ip_addresses is \
                 {assigned}: part of the file is missing, or aws-node miscounted"
            )),
            None => Ok(()),
        }
    }

    /// Whether what ENIs hold for pods is the pool that aws-node counted: in a smaller one a block that is
    /// not named may have pods, and a larger one was of other blocks. `own` addresses of the ENIs themselves
    /// may be in it by mistake (amazon-vpc-cni-k8s #3753).
    ///
    /// # Errors
    /// Why it is not.
    pub(super) fn is_pool_of(&self, held: u32, own: u32) -> Result<(), String> {
        let fits = i64::from(held)..=i64::from(held).saturating_add(own.into());
        match self.total.filter(|total| !fits.contains(total)) {
            Some(total) => Err(format!(
                "aws-node counts {total} addresses in its pool, but the ENIs hold {held}: they were \
                 read at different times, or aws-node miscounted; save both again"
            )),
            None => Ok(()),
        }
    }
}

fn at_least_0(count: Option<&i64>) -> u32 {
    u32::try_from(count.copied().unwrap_or(0).max(0)).unwrap_or(u32::MAX)
}
