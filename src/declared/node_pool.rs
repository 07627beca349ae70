//! Karpenter's NodePool, which EKS Auto Mode uses too.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    budget::{Budget, BudgetNodes},
    kubelet::Kubelet,
    limits::Limits,
    misplaced::Where,
    place::{DeclaredError, Place},
    requirement::{Operator, Requirement},
};

/// The NodeClass that a NodePool's nodes are made by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NodeClassRef {
    /// `karpenter.k8s.aws`, or `eks.amazonaws.com` for EKS Auto Mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// `EC2NodeClass` or `NodeClass`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Its name.
    pub name: String,
}

impl NodeClassRef {
    /// Whether it is a NodeClass of EKS Auto Mode.
    #[must_use]
    pub fn is_auto_mode(&self) -> bool {
        self.group.as_deref().is_some_and(|group| group == "eks.amazonaws.com")
            || self.kind.as_deref() == Some("NodeClass")
    }
}

/// The operating system of a NodePool's nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolOs {
    /// Linux, or nothing else is asked for.
    Linux,
    /// Windows alone.
    Windows,
}

/// The version whose NodePools set the kubelet; in later ones the EC2NodeClass does (Karpenter, "v1 Migration").
const OLD_VERSION: &str = "v1beta1";
const MOVE_KUBELET: &str =
    "move `kubelet` to spec of the EC2NodeClass; only NodePools of v1beta1 have it";

/// A NodePool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NodePool {
    /// Its name.
    pub name: String,
    /// What its nodes must be, its labels among it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<Requirement>,
    /// The NodeClass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_class: Option<NodeClassRef>,
    /// The most that it starts.
    #[serde(default, skip_serializing_if = "Limits::is_unlimited")]
    pub limits: Limits,
    /// How many nodes are disrupted at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<Budget>,
    /// Which NodePool goes first: the one of the most weight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<u32>,
    /// Nodes that it always has (static capacity).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicas: Option<u32>,
    /// The kubelet, which a NodePool of v1beta1 sets and not its NodeClass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kubelet: Option<Kubelet>,
}

impl NodePool {
    /// Reads `spec` of a version, such as `v1`.
    pub(super) fn read(
        name: String,
        version: &str,
        spec: &Place<'_>,
    ) -> Result<Self, DeclaredError> {
        spec.no_strays(Where::NodePool)?;
        spec.no_slips(&["template", "disruption", "limits", "weight", "replicas"])?;
        let Some(template) = spec.key("template")? else {
            return Err(spec.error("a NodePool needs `template`"));
        };
        template.no_strays(Where::Template)?;
        let labels: BTreeMap<String, String> = match template.key("metadata")? {
            Some(metadata) => metadata.texts("labels")?,
            None => BTreeMap::new(),
        };
        let mut requirements = Vec::new();
        let (mut node_class, mut kubelet) = (None, None);
        if let Some(inner) = template.key("spec")? {
            inner.no_strays(Where::TemplateSpec)?;
            inner.no_slips(&["requirements", "nodeClassRef", "kubelet"])?;
            for one in inner.list("requirements")? {
                requirements.push(Requirement::read(&one)?);
            }
            node_class = inner.key("nodeClassRef")?.map(|place| class_ref(&place)).transpose()?;
            kubelet = Kubelet::read(&inner)?;
            if let (Some(place), true) = (inner.key("kubelet")?, version != OLD_VERSION) {
                let message = format!(
                    "a NodePool of {version} has no `kubelet`: it belongs in spec of the EC2NodeClass"
                );
                return Err(place.error(&message).hinted(MOVE_KUBELET));
            }
        }
        requirements.extend(labels.into_iter().map(Requirement::of_label));
        Ok(Self {
            name,
            requirements,
            node_class: node_class.flatten(),
            limits: Limits::read(spec)?,
            budgets: Budget::read_all(spec)?,
            weight: spec.count("weight")?,
            replicas: spec.count("replicas")?,
            kubelet,
        })
    }

    /// The operating system that its requirements leave.
    #[must_use]
    pub fn os(&self) -> PoolOs {
        let admits = |os: &str| self.about("kubernetes.io/os").all(|one| one.admits(Some(os)));
        if !admits("linux") && admits("windows") { PoolOs::Windows } else { PoolOs::Linux }
    }

    /// The zones that it names; `None` where it takes any.
    #[must_use]
    pub fn zones(&self) -> Option<Vec<&str>> {
        let all: Vec<_> = self.about("topology.kubernetes.io/zone").collect();
        let named = all.iter().find(|one| one.operator == Operator::In)?;
        let admitted = |zone: &&str| all.iter().all(|one| one.admits(Some(*zone)));
        Some(named.values.iter().map(String::as_str).filter(admitted).collect())
    }

    /// Whether it may start nodes in a zone.
    #[must_use]
    pub fn admits_zone(&self, zone: &str) -> bool {
        self.about("topology.kubernetes.io/zone").all(|one| one.admits(Some(zone)))
    }

    fn about<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Requirement> {
        self.requirements.iter().filter(move |one| one.key == key)
    }

    /// What its budgets come to for a roll-out: the least of those that hold at every time, and Karpenter's
    /// 10 % where it has none (karpenter `pkg/apis/v1/nodepool.go`). `None` where no budget holds always.
    #[must_use]
    pub fn rollout_budgets(&self) -> Vec<BudgetNodes> {
        if self.budgets.is_empty() {
            return vec![Budget::DEFAULT];
        }
        let holds = |budget: &&Budget| budget.is_always() && budget.is_for_drift();
        self.budgets.iter().filter(holds).map(|budget| budget.nodes).collect()
    }
}

fn class_ref(place: &Place<'_>) -> Result<Option<NodeClassRef>, DeclaredError> {
    place.no_slips(&["group", "kind", "name", "apiVersion"])?;
    let of_version = |version: String| version.split_once('/').map(|(group, _)| group.to_owned());
    let group = match place.text("group")? {
        Some(group) => Some(group),
        None => place.text("apiVersion")?.and_then(of_version),
    };
    let kind = place.text("kind")?;
    Ok(place.text("name")?.map(|name| NodeClassRef { group, kind, name }))
}
