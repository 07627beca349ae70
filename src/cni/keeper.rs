//! Who gives a node's pods their addresses.

use crate::inventory::{
    Instance, KubernetesNode,
    keys::{AUTO_CLASS_LABEL, AUTO_MODE_TAG, COMPUTE_LABEL},
};

/// The label by which a node says its operating system.
const OS_LABEL: &str = "kubernetes.io/os";

/// Who keeps a node's pool of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolKeeper {
    /// ipamd, the VPC CNI's daemon.
    Ipamd,
    /// The CNI of EKS Auto Mode.
    AutoMode,
    /// The VPC resource controller, for nodes with Windows.
    Windows,
}

impl PoolKeeper {
    /// Its name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ipamd => "vpc-cni",
            Self::AutoMode => "eks-auto-mode",
            Self::Windows => "vpc-resource-controller",
        }
    }

    /// Who keeps it, as far as the instance's tags and the node's labels say.
    #[must_use]
    pub fn of(instance: Option<&Instance>, node: Option<&KubernetesNode>) -> Self {
        let label = |key: &str, value: &str| {
            node.is_some_and(|node| node.labels.get(key).is_some_and(|its| its == value))
        };
        let is_tagged = instance.is_some_and(|its| its.tags.contains_key(AUTO_MODE_TAG));
        let has_class = node.is_some_and(|node| node.labels.contains_key(AUTO_CLASS_LABEL));
        if is_tagged || has_class || label(COMPUTE_LABEL, "auto") {
            Self::AutoMode
        } else if label(OS_LABEL, "windows") {
            Self::Windows
        } else {
            Self::Ipamd
        }
    }
}
