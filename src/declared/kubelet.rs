//! Settings of the kubelet that a NodeClass makes.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
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

/// The kubelet of a NodeClass (`spec.kubelet`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Kubelet {
    /// Max pods of each node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_pods: Option<MaxPods>,
    /// Pods for each vCPU, which bounds max pods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pods_per_core: Option<u32>,
    /// What is kept for Kubernetes, by resource: an amount or an expression.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kube_reserved: BTreeMap<String, String>,
    /// What is kept for the system, the same way.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub system_reserved: BTreeMap<String, String>,
    /// The line of `maxPods`, from 1.
    #[serde(skip)]
    pub max_pods_line: Option<u64>,
}

impl Kubelet {
    /// Reads `kubelet` of a spec.
    pub(super) fn read(spec: &Place<'_>) -> Result<Option<Self>, DeclaredError> {
        let Some(kubelet) = spec.key("kubelet")? else { return Ok(None) };
        kubelet.no_slips(&["maxPods", "podsPerCore", "kubeReserved", "systemReserved"])?;
        let max_pods = kubelet.key("maxPods")?;
        Ok(Some(Self {
            max_pods: max_pods.as_ref().map(max_pods_of).transpose()?,
            pods_per_core: kubelet.count("podsPerCore")?,
            kube_reserved: kubelet.texts("kubeReserved")?,
            system_reserved: kubelet.texts("systemReserved")?,
            max_pods_line: max_pods.and_then(|place| place.line()),
        }))
    }

    /// The number that holds for every type, where one does.
    #[must_use]
    pub fn one_max_pods(&self) -> Option<u32> {
        match self.max_pods {
            Some(MaxPods::Number(number)) => Some(number),
            Some(MaxPods::Expression(_)) | None => None,
        }
    }
}

fn max_pods_of(place: &Place<'_>) -> Result<MaxPods, DeclaredError> {
    match &place.node.value {
        Tree::Text(text) => Ok(MaxPods::Expression(text.clone())),
        Tree::Whole(_) => place.whole().map(MaxPods::Number),
        other @ (Tree::Null | Tree::Truth(_) | Tree::Number(_) | Tree::List(_) | Tree::Map(_)) => {
            Err(place.error(&format!("{other} is not a whole number or an expression")))
        }
    }
}
