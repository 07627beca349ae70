//! What nodes of EKS Auto Mode do not have.

use super::Failure;
use crate::{
    cli::{AutoModeArgs, OsArg, PrefixSizeArg},
    cni::AutoModeNetwork,
    declared::{AutoNodeClass, Ipv4PrefixSize},
};

/// Auto Mode's settings where its nodes are asked for; an error if a flag among the given ones that they do
/// not have is set beside.
pub(super) fn auto_mode(
    arguments: &AutoModeArgs,
    os: OsArg,
    others: &[(bool, &str)],
) -> Result<Option<AutoModeNetwork>, Failure> {
    if !arguments.auto_mode {
        return Ok(None);
    }
    if os == OsArg::Windows {
        return Err(Failure::usage(
            "--os windows cannot be used with --auto-mode",
            "EKS Auto Mode runs Linux nodes only",
        ));
    }
    if let Some((_, flag)) = others.iter().find(|(set, _)| *set) {
        return Err(Failure::usage(format!("{flag} cannot be used with --auto-mode"), hint(flag)));
    }
    Ok(Some(AutoModeNetwork {
        prefixes: arguments.ipv4_prefix_size != Some(PrefixSizeArg::Single),
        pod_subnets: arguments.pod_subnets,
    }))
}

/// The flags that say what a NodeClass does.
pub(super) fn flags_of(class: &AutoNodeClass) -> String {
    let single = class.ipv4_prefix_size == Ipv4PrefixSize::Single;
    let size = if single { " --ipv4-prefix-size 32" } else { "" };
    let subnets = if class.pod_subnets.is_empty() { "" } else { " --pod-subnets" };
    format!("--auto-mode{size}{subnets}")
}

fn hint(flag: &str) -> &'static str {
    match flag {
        "--prefix" => "Auto Mode uses prefixes unless --ipv4-prefix-size is 32",
        "--custom-networking" => {
            "Auto Mode has no ENIConfig: --pod-subnets stands for podSubnetSelectorTerms of the NodeClass"
        }
        "--pod-eni" => {
            "Auto Mode has no security groups for pods: a NodeClass has podSecurityGroupSelectorTerms"
        }
        "--ipv6" => "AWS does not state max pods of Auto Mode nodes in an IPv6 cluster",
        "--efa"
        | "--efa-only"
        | "--unmanaged-enis"
        | "--ipv4-prefix-count"
        | "--ip-prefix-count"
        | "--ipv4-address-count" => "a NodeClass of EKS Auto Mode has no such setting",
        _ => "settings of the VPC CNI have no effect on nodes of EKS Auto Mode",
    }
}
