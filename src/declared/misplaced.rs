//! Keys that stand in another place than the one they count in: what they say would count for nothing.

use super::place::{DeclaredError, Place};

/// The keys of the kubelet's settings that are read.
pub(super) const KUBELET_KEYS: &[&str] =
    &["maxPods", "podsPerCore", "kubeReserved", "systemReserved"];

/// Keys with the set of keys that they belong in.
type Homes = &'static [(&'static [&'static str], &'static str)];

/// A place, and what does not belong there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    /// `spec` of an EC2NodeClass.
    Ec2NodeClass,
    /// `kubelet` of an EC2NodeClass, or of a NodePool of v1beta1.
    Kubelet,
    /// `spec` of a NodeConfig.
    NodeConfig,
    /// `spec.kubelet` of a NodeConfig.
    NodeConfigKubelet,
    /// `spec.kubelet.config` of a NodeConfig.
    NodeConfigConfig,
    /// `spec` of a NodePool.
    NodePool,
    /// `spec.template` of a NodePool.
    Template,
    /// `spec.template.spec` of a NodePool.
    TemplateSpec,
    /// `spec` of a NodeClass of EKS Auto Mode.
    AutoNodeClass,
    /// `spec.advancedNetworking` of one.
    AdvancedNetworking,
}

const OF_TEMPLATE_SPEC: &[&str] = &["requirements", "nodeClassRef", "taints", "startupTaints"];
const OF_POOL: &[&str] = &["limits", "weight", "disruption", "replicas"];
const CLASS_KUBELET: &str = "spec.kubelet of the EC2NodeClass";

impl Where {
    fn homes(self) -> Homes {
        match self {
            Self::Ec2NodeClass => {
                &[(KUBELET_KEYS, "spec.kubelet"), (&["kubeletConfiguration"], "spec.kubelet")]
            }
            Self::Kubelet => &[
                (&["config"], "kubelet itself, key by key"),
                (&["flags"], "spec.kubelet of a NodeConfig in the user data"),
                (&["maxPodsExpression"], "maxPods, which takes an expression"),
            ],
            Self::NodeConfig => &[
                (KUBELET_KEYS, "spec.kubelet.config"),
                (&["config", "flags", "maxPodsExpression"], "spec.kubelet"),
            ],
            Self::NodeConfigKubelet => &[(KUBELET_KEYS, "spec.kubelet.config")],
            Self::NodeConfigConfig => &[(&["flags", "maxPodsExpression"], "spec.kubelet")],
            Self::NodePool => &[
                (OF_TEMPLATE_SPEC, "spec.template.spec"),
                (&["labels"], "spec.template.metadata"),
                (&["budgets"], "spec.disruption"),
                (&["kubelet"], "spec of the EC2NodeClass"),
                (KUBELET_KEYS, CLASS_KUBELET),
            ],
            Self::Template => &[
                (OF_TEMPLATE_SPEC, "spec.template.spec"),
                (&["labels"], "spec.template.metadata"),
                (OF_POOL, "spec"),
                (&["kubelet"], "spec of the EC2NodeClass"),
            ],
            Self::TemplateSpec => &[
                (&["labels"], "spec.template.metadata"),
                (OF_POOL, "spec"),
                (KUBELET_KEYS, CLASS_KUBELET),
            ],
            Self::AutoNodeClass => {
                &[(&["ipv4PrefixSize", "networkInterfaces"], "spec.advancedNetworking")]
            }
            Self::AdvancedNetworking => &[(
                &[
                    "subnetSelectorTerms",
                    "podSubnetSelectorTerms",
                    "podSecurityGroupSelectorTerms",
                    "securityGroupSelectorTerms",
                ],
                "spec",
            )],
        }
    }
}

impl Place<'_> {
    /// Refuses a key that counts elsewhere alone.
    pub(super) fn no_strays(&self, here: Where) -> Result<(), DeclaredError> {
        for (key, place) in self.entries()? {
            let home = here.homes().iter().find(|(keys, _)| keys.contains(&key));
            if let Some((_, home)) = home {
                let message = format!("`{key}` counts for nothing here: it belongs in {home}");
                return Err(place.error(&message).hinted(format!("move `{key}` to {home}")));
            }
        }
        Ok(())
    }
}
