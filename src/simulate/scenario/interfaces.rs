//! What a group's instances are launched with beside their primary ENI.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::values::{is_default, stated};

/// Interfaces of each instance of a group beside its primary ENI.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtraInterfaces {
    /// EFA interfaces of the type `efa`. The first is the primary ENI; each further one takes an address
    /// of the node's subnet.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub efa: u32,
    /// EFA interfaces of the type `efa-only`, which have no address. Without an `efa` interface the first
    /// one takes an ENI of the default network card from the VPC CNI.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub efa_only: u32,
    /// ENIs that the VPC CNI does not manage: with the tag `node.k8s.amazonaws.com/no_manage`, or under
    /// MANAGE_UNTAGGED_ENI=false.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub unmanaged: u32,
    /// Addresses of each ENI in `unmanaged`, its own included. Default: 1.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub unmanaged_addresses: Option<u32>,
}
