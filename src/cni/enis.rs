//! What an ENI of a node is to the CNI.

use super::{CniSettings, Freeze};
use crate::{
    inventory::{Holder, Interface, OwnerKind, keys::INSTANCE_TAG},
    ipam::SeenKind,
};

/// The tag that keeps ipamd's hands off an ENI (amazon-vpc-cni-k8s README, "ENI tags").
const NO_MANAGE_TAG: &str = "node.k8s.amazonaws.com/no_manage";

impl CniSettings {
    /// What an ENI of a node is for, by whom it belongs to. The primary ENI is always the CNI's; one that it leaves alone takes
    /// a place, and what it holds is not the pool's.
    #[must_use]
    pub fn eni_kind(&self, interface: &Interface, holder: Holder) -> SeenKind {
        if holder == Holder::Kind(OwnerKind::Trunk) {
            SeenKind::Trunk
        } else if interface.is_primary() {
            SeenKind::Primary
        } else if interface.interface_type.as_deref() == Some("efa-only")
            || self.leaves_card_alone(interface)
            || self.leaves_alone(interface)
        {
            SeenKind::Unmanaged
        } else {
            SeenKind::Secondary
        }
    }

    /// Whether an ENI is on a network card that ipamd does not look at: any but the default one, unless
    /// ENABLE_MULTI_NIC is on (amazon-vpc-cni-k8s #3347, `pkg/awsutils`). EC2 and Karpenter may have given it
    /// prefixes at launch; no pod gets their addresses, and nothing returns them.
    fn leaves_card_alone(&self, interface: &Interface) -> bool {
        interface.place().0 != 0 && !self.multi_nic
    }

    /// Whether tags keep ipamd's hands off an ENI (amazon-vpc-cni-k8s `pkg/ipamd`, `setUnmanagedENIs`).
    fn leaves_alone(&self, interface: &Interface) -> bool {
        // IMDS shows no tags.
        if self.freeze == Some(Freeze::ImdsOnly) {
            return false;
        }
        match interface.tags.get(NO_MANAGE_TAG) {
            Some(value) => value == "true",
            None => {
                !self.manages_untagged
                    && interface.tags.get(INSTANCE_TAG) != interface.instance_id()
            }
        }
    }
}
