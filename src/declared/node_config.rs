//! nodeadm's NodeConfig (amazon-eks-ami `nodeadm/api/v1alpha1`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    kubelet::{KUBELET_KEYS, Reserves},
    place::{DeclaredError, Place, Source},
    tree::Tree,
};

/// A NodeConfig, with what it says of pods.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NodeConfig {
    /// `spec.kubelet.config.maxPods`, which goes before the expression.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_pods: Option<u32>,
    /// `--max-pods` among `spec.kubelet.flags`, which the kubelet takes before its file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_pods_flag: Option<u32>,
    /// `spec.kubelet.maxPodsExpression`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_pods_expression: Option<String>,
    /// What else `spec.kubelet.config` says.
    #[serde(flatten)]
    pub reserves: Reserves,
    /// The line of the expression or the number, from 1.
    #[serde(skip)]
    pub line: Option<u64>,
}

const KIND: &str = "NodeConfig";
const FLAG: &str = "--max-pods";

impl NodeConfig {
    /// Those among the documents of user data.
    pub(super) fn read_all(source: &Source<'_>) -> Result<Vec<Self>, DeclaredError> {
        let mut found = Vec::new();
        for node in &source.documents()? {
            let top = Place::top(source, node);
            if matches!(node.value, Tree::Map(_)) && top.text("kind")?.as_deref() == Some(KIND) {
                found.extend(top.key("spec")?.map(|spec| Self::read(&spec)).transpose()?);
            }
        }
        Ok(found)
    }

    pub(super) fn read(spec: &Place<'_>) -> Result<Self, DeclaredError> {
        spec.no_slips(&["kubelet"])?;
        let Some(kubelet) = spec.key("kubelet")? else { return Ok(Self::default()) };
        kubelet.no_slips(&["config", "flags", "maxPodsExpression"])?;
        let expression = kubelet.key("maxPodsExpression")?;
        let mut read = Self {
            max_pods_expression: expression.as_ref().map(Place::scalar).transpose()?,
            line: expression.and_then(|place| place.line()),
            ..Self::default()
        };
        if let Some(config) = kubelet.key("config")? {
            config.no_slips(KUBELET_KEYS)?;
            if let Some(place) = config.key("maxPods")? {
                (read.max_pods, read.line) = (Some(place.whole()?), place.line());
            }
            read.reserves = Reserves::read(&config)?;
        }
        for place in kubelet.list("flags")? {
            let flag = place.scalar()?;
            let Some(number) = flag.strip_prefix(FLAG).and_then(|rest| rest.strip_prefix('='))
            else {
                continue;
            };
            let error = || place.error(&format!("`{number}` is not a number of pods"));
            read.max_pods_flag = Some(number.trim().parse().map_err(|_| error())?);
            read.line = place.line();
        }
        Ok(read)
    }

    /// Whether it says nothing of pods.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        Self { line: None, ..self.clone() } == Self::default()
    }
}
