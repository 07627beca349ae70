//! What an instance is launched with: from what was typed to what is checked.

use super::Failure;
use crate::{
    cli::{ExtraEniArgs, LaunchArgs},
    density::{CannotLaunch, LaunchSettings},
};

/// The flags that Windows nodes do not have, with whether each is set.
pub(super) fn linux_only(typed: &LaunchSettings) -> [(bool, &'static str); 6] {
    [
        (typed.efa > 0, "--efa"),
        (typed.efa_only > 0, "--efa-only"),
        (typed.unmanaged_enis > 0, "--unmanaged-enis"),
        (typed.efa_prefix_count > 0, "--ip-prefix-count"),
        (typed.ipv4_prefix_count > 0, "--ipv4-prefix-count"),
        (typed.ipv4_address_count > 0, "--ipv4-address-count"),
    ]
}

/// ENIs alone.
pub(super) fn extra_enis(typed: &ExtraEniArgs) -> LaunchSettings {
    LaunchSettings {
        efa: typed.efa,
        efa_only: typed.efa_only,
        unmanaged_enis: typed.unmanaged_enis,
        ..LaunchSettings::default()
    }
}

/// All of it.
pub(super) fn launched(typed: &LaunchArgs) -> LaunchSettings {
    let enis = extra_enis(&typed.enis);
    LaunchSettings {
        unmanaged_addresses: typed.unmanaged_addresses.unwrap_or(enis.unmanaged_addresses),
        ipv4_prefix_count: typed.ipv4_prefix_count.max(typed.ip_prefix_count),
        efa_prefix_count: typed.ip_prefix_count,
        ipv4_address_count: typed.ipv4_address_count,
        ..enis
    }
}

/// A type that EC2 does not launch so.
pub(super) fn refused(error: &CannotLaunch) -> Failure {
    Failure::usage(error, error.hint())
}
