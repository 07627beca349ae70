//! Names of new subnets.

use super::shape::DraftSubnet;
use crate::plan::requirement::Role;

/// A name by role and zone that no subnet has.
pub(super) fn name(role: Role, zone: &str, taken: &[DraftSubnet]) -> String {
    let role = match role {
        Role::Node | Role::NodeAndPod => "nodes",
        Role::Pod => "pods",
        Role::ControlPlane => "control-plane",
        Role::Other => "others",
    };
    let is_free = |name: &String| !taken.iter().any(|subnet| subnet.name == *name);
    let first = format!("{role}-{zone}");
    let further = (2_u32..).map(|number| format!("{role}-{zone}-{number}"));
    std::iter::once(first).chain(further).find(is_free).unwrap_or_default()
}
