//! Settings of the kubelet that a NodeClass makes.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    misplaced::{KUBELET_KEYS, Where},
    place::{DeclaredError, Place},
    tree::Tree,
};

/// Max pods: a number, or an expression of the instance type's values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MaxPods {
    /// A number.
    Number(u32),
    /// An expression, as written: any text is one, `"110"` too (karpenter-provider-aws
    /// `pkg/apis/v1/kubeletconfiguration.go`).
    Expression(String),
}

/// What bounds the pods of a node beside max pods, in the kubelet's own words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reserves {
    /// Pods for each vCPU, which bounds max pods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pods_per_core: Option<u32>,
    /// What is kept for Kubernetes, by resource: an amount, or for Karpenter an expression.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kube_reserved: BTreeMap<String, String>,
    /// What is kept for the system, the same way.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub system_reserved: BTreeMap<String, String>,
}

impl Reserves {
    pub(super) fn read(kubelet: &Place<'_>) -> Result<Self, DeclaredError> {
        Ok(Self {
            pods_per_core: kubelet.count("podsPerCore")?,
            kube_reserved: kubelet.texts("kubeReserved")?,
            system_reserved: kubelet.texts("systemReserved")?,
        })
    }
}

/// The kubelet of a NodeClass (`spec.kubelet`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Kubelet {
    /// Max pods of each node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_pods: Option<MaxPods>,
    /// What bounds the pods beside.
    #[serde(flatten)]
    pub reserves: Reserves,
    /// The line of `maxPods`, from 1.
    #[serde(skip)]
    pub max_pods_line: Option<u64>,
}

impl Kubelet {
    /// Reads `kubelet` of a spec.
    pub(super) fn read(spec: &Place<'_>) -> Result<Option<Self>, DeclaredError> {
        let Some(kubelet) = spec.key("kubelet")? else { return Ok(None) };
        kubelet.no_strays(Where::Kubelet)?;
        kubelet.no_slips(KUBELET_KEYS)?;
        let max_pods = kubelet.key("maxPods")?;
        Ok(Some(Self {
            max_pods: max_pods.as_ref().map(max_pods_of).transpose()?,
            reserves: Reserves::read(&kubelet)?,
            max_pods_line: max_pods.and_then(|place| place.line()),
        }))
    }
}

fn max_pods_of(place: &Place<'_>) -> Result<MaxPods, DeclaredError> {
    match &place.node.value {
        Tree::Text(text) => Ok(MaxPods::Expression(text.clone())),
        Tree::Whole(_) => place.whole().map(MaxPods::Number),
        Tree::Null | Tree::Truth(_) | Tree::Number(_) | Tree::List(_) | Tree::Map(_) => {
            let written = place.as_written();
            Err(place.error(&format!("{written} is not a whole number or an expression")))
        }
    }
}
