//! A file of manifests or user data: what kind each of its objects is, and what it says.

use serde::Deserialize;

use super::{
    auto_node_class::AutoNodeClass,
    ec2_node_class::Ec2NodeClass,
    node_config::NodeConfig,
    node_pool::NodePool,
    place::{DeclaredError, Place, Source},
    tree::{Node, Tree},
    user_data,
};

/// What a file declares, each kind in the file's order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Declared {
    /// NodePools of Karpenter and of EKS Auto Mode.
    pub node_pools: Vec<NodePool>,
    /// EC2NodeClasses.
    pub ec2_node_classes: Vec<Ec2NodeClass>,
    /// NodeClasses of EKS Auto Mode.
    pub auto_node_classes: Vec<AutoNodeClass>,
    /// NodeConfigs, bare or in user data that is the file.
    pub node_configs: Vec<NodeConfig>,
    /// Kinds of objects that say nothing here, each once.
    pub others: Vec<String>,
}

impl Declared {
    /// Whether nothing was found that says something here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.node_pools.is_empty()
            && self.ec2_node_classes.is_empty()
            && self.auto_node_classes.is_empty()
            && self.node_configs.is_empty()
    }

    /// Takes in what another file declares.
    pub fn add(&mut self, other: Self) {
        self.node_pools.extend(other.node_pools);
        self.ec2_node_classes.extend(other.ec2_node_classes);
        self.auto_node_classes.extend(other.auto_node_classes);
        self.node_configs.extend(other.node_configs);
        for kind in other.others {
            self.other(kind);
        }
    }

    fn other(&mut self, kind: String) {
        if !self.others.contains(&kind) {
            self.others.push(kind);
        }
    }

    /// Takes in an object of Kubernetes, or a list of them as kubectl prints it.
    fn object(&mut self, top: &Place<'_>, of_list: Option<&str>) -> Result<(), DeclaredError> {
        let is_map = matches!(top.node.value, Tree::Map(_));
        if !is_map {
            return Err(top.error(&format!("{} is not an object of Kubernetes", top.node.value)));
        }
        let version = top.text("apiVersion")?.unwrap_or_default();
        let named = top.text("kind")?;
        let kind = named.as_deref().or(of_list).unwrap_or_default();
        let group = version.split_once('/').map_or("", |(group, _)| group);
        let item = kind.strip_suffix("List");
        if let Some(item) = item.filter(|_| matches!(top.key("items"), Ok(Some(_)))) {
            for object in top.list("items")? {
                self.object(&object, Some(item).filter(|item| !item.is_empty()))?;
            }
            return Ok(());
        }
        let spec =
            || top.key("spec")?.ok_or_else(|| top.error(&format!("the {kind} has no `spec`")));
        let name = || {
            let name = top.keys(&["metadata", "name"])?.map(|name| name.scalar()).transpose()?;
            name.ok_or_else(|| top.error(&format!("the {kind} has no name")))
        };
        match (group, kind) {
            ("karpenter.sh", "NodePool") => {
                self.node_pools.push(NodePool::read(name()?, &spec()?)?);
            }
            ("karpenter.k8s.aws", "EC2NodeClass") => {
                self.ec2_node_classes.push(Ec2NodeClass::read(name()?, &spec()?)?);
            }
            ("eks.amazonaws.com", "NodeClass") => {
                self.auto_node_classes.push(AutoNodeClass::read(name()?, &spec()?)?);
            }
            ("node.eks.aws", "NodeConfig") => self.node_configs.push(NodeConfig::read(&spec()?)?),
            _ => self.other(kind.to_owned()),
        }
        Ok(())
    }
}

/// Reads a file's text: documents of YAML, what kubectl prints, or user data.
///
/// # Errors
/// When it is none of these, or says something wrong where it is read.
pub fn read(file: &str, text: &str) -> Result<Declared, DeclaredError> {
    let source = Source::of(file, text);
    let Some(inner) = user_data::decoded(text) else { return any(&source) };
    any(&source.inside(&inner, 1, false))
}

/// Reads an object of Kubernetes that was read as JSON before; what is wrong is told without its place.
///
/// # Errors
/// When it says something wrong where it is read.
pub fn read_value(object: serde_json::Value) -> Result<Declared, String> {
    let node = Node::deserialize(object).map_err(|error| error.to_string())?;
    let mut declared = Declared::default();
    let top = Place::top(&Source::NOWHERE, &node);
    declared.object(&top, None).map_err(|error| error.message)?;
    Ok(declared)
}

/// User data, or objects.
fn any(source: &Source<'_>) -> Result<Declared, DeclaredError> {
    if user_data::is_mime(source.text) {
        let node_configs = user_data::of_mime(source)?;
        return Ok(Declared { node_configs, ..Declared::default() });
    }
    objects(source)
}

fn objects(source: &Source<'_>) -> Result<Declared, DeclaredError> {
    let nodes = source.documents()?;
    let mut declared = Declared::default();
    for node in nodes.iter().filter(|node| node.value != Tree::Null) {
        declared.object(&Place::top(source, node), None)?;
    }
    Ok(declared)
}
