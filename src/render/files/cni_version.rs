//! The version of the VPC CNI that a plan takes, and how to see the one that runs.

use super::site::Site;
use crate::cni::CniVersion;

/// The command that prints the image, whose tag is the version.
pub(super) const COMMAND: &str = "kubectl -n kube-system get daemonset aws-node -o \
                                  jsonpath='{.spec.template.spec.containers[?(@.name==\"aws-node\")].image}'";

/// What must be true of the version, where subnets are found by their tags.
pub(super) fn requirement(site: &Site<'_>) -> Option<String> {
    let planned = site.candidate.cni.version.clone();
    let planned = planned.unwrap_or_else(|| CniVersion::NEWEST.to_string());
    site.uses_role_tags().then(|| {
        format!(
            "The VPC CNI is v{} or newer, as the plan takes it: `{COMMAND}` prints its image. Before v1.22 it takes \
             the value 0 of the tag kubernetes.io/role/cni as leave to place pods there: update it first.",
            planned.trim_start_matches('v')
        )
    })
}
