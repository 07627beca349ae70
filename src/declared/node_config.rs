//! nodeadm's NodeConfig (amazon-eks-ami `nodeadm/api/v1alpha1`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    kubelet::Reserves,
    kubelet_flags::KubeletFlags,
    misplaced::{KUBELET_KEYS, Where},
    place::{DeclaredError, Place, Source},
    tree::Tree,
};

/// A NodeConfig, with what it says of pods.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NodeConfig {
    /// `spec.kubelet.config.maxPods`, which goes before the expression.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_pods: Option<u32>,
    /// `spec.kubelet.flags`.
    #[serde(flatten)]
    pub flags: KubeletFlags,
    /// `spec.kubelet.maxPodsExpression`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_pods_expression: Option<String>,
    /// What else `spec.kubelet.config` says.
    #[serde(flatten)]
    pub reserves: Reserves,
}

const KIND: &str = "NodeConfig";
/// What to do about a NodeConfig that is wrong; kubectl does not know it.
const HINT: &str = "correct the line; on a node, `nodeadm config check` checks a NodeConfig";

impl NodeConfig {
    /// Those among the documents of user data.
    pub(super) fn read_all(source: &Source<'_>) -> Result<Vec<Self>, DeclaredError> {
        let mut found = Vec::new();
        for node in &source.documents().map_err(|error| error.hinted(HINT))? {
            let top = Place::top(source, node);
            if matches!(node.value, Tree::Map(_)) && top.text("kind")?.as_deref() == Some(KIND) {
                found.extend(top.key("spec")?.map(|spec| Self::read(&spec)).transpose()?);
            }
        }
        Ok(found)
    }

    /// What its `spec` says.
    pub(super) fn read(spec: &Place<'_>) -> Result<Self, DeclaredError> {
        Self::spec(spec).map_err(|error| error.hinted(HINT))
    }

    fn spec(spec: &Place<'_>) -> Result<Self, DeclaredError> {
        spec.no_strays(Where::NodeConfig)?;
        spec.no_slips(&["kubelet"])?;
        let Some(kubelet) = spec.key("kubelet")? else { return Ok(Self::default()) };
        kubelet.no_strays(Where::NodeConfigKubelet)?;
        kubelet.no_slips(&["config", "flags", "maxPodsExpression"])?;
        let mut read = Self {
            max_pods_expression: kubelet.text("maxPodsExpression")?,
            flags: KubeletFlags::read(&kubelet)?,
            ..Self::default()
        };
        if let Some(config) = kubelet.key("config")? {
            config.no_strays(Where::NodeConfigConfig)?;
            config.no_slips(KUBELET_KEYS)?;
            read.max_pods = config.count("maxPods")?;
            read.reserves = Reserves::read(&config)?;
        }
        Ok(read)
    }
}
