//! A file of manifests or user data: what kind each of its objects is, and what it says.

use serde::Deserialize;

use super::{
    auto_node_class::AutoNodeClass,
    ec2_node_class::Ec2NodeClass,
    node_config::NodeConfig,
    node_pool::NodePool,
    origins::Origins,
    place::{DeclaredError, Place, Source},
    tree::{Node, Tree},
    unread, user_data,
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
    /// Where those that have a name stand.
    origins: Origins,
}

const NODE_POOL: &str = "NodePool";
const EC2_NODE_CLASS: &str = "EC2NodeClass";
const AUTO_NODE_CLASS: &str = "NodeClass";
/// What to do about a text that is something else.
const NOT_ONE: &str =
    "pass a manifest in YAML or JSON, a NodeConfig, or user data with NodeConfigs in it";
/// What to do about an object of Kubernetes that is wrong.
const CHECK: &str =
    "correct the line, and check the manifest with `kubectl apply --dry-run=server`";

impl Declared {
    /// Whether nothing was found that says something here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.node_pools.is_empty()
            && self.ec2_node_classes.is_empty()
            && self.auto_node_classes.is_empty()
            && self.node_configs.is_empty()
    }

    /// Takes in what else was told, each object as it is.
    pub fn add(&mut self, other: Self) {
        self.node_pools.extend(other.node_pools);
        self.ec2_node_classes.extend(other.ec2_node_classes);
        self.auto_node_classes.extend(other.auto_node_classes);
        self.node_configs.extend(other.node_configs);
        for kind in other.others {
            self.other(kind);
        }
    }

    /// Takes in what another file declares, a copy only once.
    ///
    /// # Errors
    /// When both have an object of one name and it says something else.
    pub fn add_file(&mut self, other: Self) -> Result<(), DeclaredError> {
        let Self { node_pools, ec2_node_classes, auto_node_classes, node_configs, others, origins } =
            other;
        for pool in node_pools {
            if self.origins.is_new_from(&origins, NODE_POOL, &pool.name)? {
                self.node_pools.push(pool);
            }
        }
        for class in ec2_node_classes {
            if self.origins.is_new_from(&origins, EC2_NODE_CLASS, &class.name)? {
                self.ec2_node_classes.push(class);
            }
        }
        for class in auto_node_classes {
            if self.origins.is_new_from(&origins, AUTO_NODE_CLASS, &class.name)? {
                self.auto_node_classes.push(class);
            }
        }
        self.node_configs.extend(node_configs);
        for kind in others {
            self.other(kind);
        }
        Ok(())
    }

    /// Leaves the NodePools out.
    pub fn without_node_pools(&mut self) {
        self.node_pools.clear();
        self.origins.forget(NODE_POOL);
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
            let message = format!("{} is not an object of Kubernetes", told(&top.node.value));
            return Err(top.error(&message).hinted(NOT_ONE));
        }
        let version = top.text("apiVersion")?.unwrap_or_default();
        let named = top.text("kind")?;
        let kind = named.as_deref().or(of_list).unwrap_or_default();
        let (group, number) = version.split_once('/').unwrap_or_default();
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
            ("karpenter.sh", NODE_POOL) => {
                let pool = NodePool::read(name()?, number, &spec()?)?;
                if self.origins.is_new(NODE_POOL, &pool.name, top, &pool)? {
                    self.node_pools.push(pool);
                }
            }
            ("karpenter.k8s.aws", EC2_NODE_CLASS) => {
                let class = Ec2NodeClass::read(name()?, &spec()?)?;
                if self.origins.is_new(EC2_NODE_CLASS, &class.name, top, &class)? {
                    self.ec2_node_classes.push(class);
                }
            }
            ("eks.amazonaws.com", AUTO_NODE_CLASS) => {
                let class = AutoNodeClass::read(name()?, &spec()?)?;
                if self.origins.is_new(AUTO_NODE_CLASS, &class.name, top, &class)? {
                    self.auto_node_classes.push(class);
                }
            }
            ("node.eks.aws", "NodeConfig") => self.node_configs.push(NodeConfig::read(&spec()?)?),
            (_, "") => self.other("an object without `kind`".to_owned()),
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
    unread::refuse_packed(&source)?;
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
        let (node_configs, parts) = user_data::of_mime(source)?;
        let mut declared = Declared { node_configs, ..Declared::default() };
        for kind in parts {
            declared.other(kind);
        }
        return Ok(declared);
    }
    unread::refuse(source)?;
    objects(source)
}

fn objects(source: &Source<'_>) -> Result<Declared, DeclaredError> {
    let is_manifest =
        source.text.contains("karpenter") || source.text.contains("eks.amazonaws.com");
    let hinted = |error: DeclaredError| error.hinted(if is_manifest { CHECK } else { NOT_ONE });
    let nodes = source.documents().map_err(hinted)?;
    let mut declared = Declared::default();
    for node in nodes.iter().filter(|node| node.value != Tree::Null) {
        declared.object(&Place::top(source, node), None).map_err(|error| error.hinted(CHECK))?;
    }
    Ok(declared)
}

/// A value as an error names it, a long text by its beginning.
fn told(value: &Tree) -> String {
    const MOST: usize = 40;
    let text = value.to_string();
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…`", text.get(..at).unwrap_or_default()),
        None => text,
    }
}
