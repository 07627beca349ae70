//! What nodes of EKS Auto Mode do not have.

use super::Failure;
use crate::{
    cli::{AutoModeArgs, OsArg, PrefixSizeArg},
    cni::AutoModeNetwork,
};

/// What is said of Auto Mode's nodes, and by what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) network: AutoModeNetwork,
    /// `--auto-mode`, or the manifest that says it.
    pub(super) by: &'static str,
}

/// What the flags say.
pub(super) fn of_flags(arguments: &AutoModeArgs) -> Option<Asked> {
    arguments.auto_mode.then(|| Asked {
        network: AutoModeNetwork {
            prefixes: arguments.ipv4_prefix_size != Some(PrefixSizeArg::Single),
            pod_subnets: arguments.pod_subnets,
        },
        by: "--auto-mode",
    })
}

/// Auto Mode's settings where its nodes are asked for; an error if a flag among the given ones that they do
/// not have is set beside.
pub(super) fn auto_mode(
    asked: Option<Asked>,
    os: OsArg,
    others: &[(bool, &str)],
) -> Result<Option<AutoModeNetwork>, Failure> {
    let Some(Asked { network, by }) = asked else { return Ok(None) };
    if os == OsArg::Windows {
        return Err(Failure::usage(
            format!("--os windows cannot be used with {by}"),
            "EKS Auto Mode runs Linux nodes only",
        ));
    }
    if let Some((_, flag)) = others.iter().find(|(set, _)| *set) {
        return Err(Failure::usage(format!("{flag} cannot be used with {by}"), hint(flag)));
    }
    Ok(Some(network))
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
        "--cap none" | "--cap above 110" => {
            "EKS Auto Mode runs at most 110 pods on a node: remove --cap, or pass a lower number"
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
