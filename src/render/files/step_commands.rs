//! What a step of the work runs.

use super::cluster::Cluster;

/// Commands of a step.
#[derive(Default)]
pub(super) struct Commands {
    /// Resources of Terraform that the step makes.
    pub(super) terraform: Vec<String>,
    /// What Terraform has to know of first.
    pub(super) import: Vec<String>,
    /// The same without Terraform.
    pub(super) run: Vec<String>,
    /// What shows that it worked.
    pub(super) check: Vec<String>,
    /// What takes it back.
    pub(super) back: Vec<String>,
    /// What a person must know.
    pub(super) note: &'static str,
    /// The same of single groups.
    pub(super) notes: Vec<String>,
    /// What nobody needs any more once there is no way back.
    pub(super) last: Vec<String>,
}

/// Leaves out the version, with which an object that has changed since cannot be replaced.
pub(super) const UNVERSIONED: &str = "grep -v '^ *resourceVersion:'";

/// Where a file of a cluster is.
pub(super) fn path(cluster: &Cluster<'_>, name: &str) -> String {
    format!("{}{name}", cluster.folder())
}

/// The command that prints a file with its placeholders filled.
pub(super) fn filled(cluster: &Cluster<'_>, name: &str) -> String {
    format!("envsubst \"$PLACEHOLDERS\" < {}", path(cluster, name))
}
