//! The files of `--nodeclass` and `--nodepool`.

use std::path::Path;

use super::auto_nodes;
use crate::{
    cli::ExpressionArgs,
    command::{Failure, auto_mode, notes::Notes, text},
    declared::{self, Declared, DeclaredError, Ec2NodeClass, NodePool, PoolOs},
    expression::{Asked, of_class, of_node_configs, of_pool},
};

/// What the files declare, and how they are called.
pub(in crate::command) struct Manifests {
    declared: Declared,
    /// The file of NodeClasses, for errors.
    classes_in: String,
}

impl Manifests {
    pub(in crate::command) fn read(given: &ExpressionArgs) -> Result<Self, Failure> {
        let mut all = Declared::default();
        let mut classes_in = String::new();
        if let Some(path) = &given.nodeclass {
            let declared = read(path)?;
            classes_in = named(path);
            if declared.ec2_node_classes.is_empty()
                && declared.node_configs.is_empty()
                && declared.auto_node_classes.is_empty()
            {
                return Err(Failure::usage(
                    format!("{classes_in} has no NodeClass and no NodeConfig{}", others(&declared)),
                    "pass a manifest with `kind: EC2NodeClass`, `kind: NodeClass` or `kind: NodeConfig`, or \
                     user data",
                ));
            }
            all = declared;
        }
        if let Some(path) = &given.nodepool {
            // One file, or stdin, can have both.
            if given.nodeclass.as_ref() != Some(path) {
                if !all.node_configs.is_empty() && all.ec2_node_classes.is_empty() {
                    return Err(Failure::usage(
                        format!("{classes_in} has no EC2NodeClass, which --nodepool needs"),
                        "Karpenter sets max pods itself, whatever a NodeConfig says: remove --nodeclass, or \
                         name the types instead of --nodepool",
                    ));
                }
                all.without_node_pools();
                all.add_file(read(path)?).map_err(wrong)?;
            }
            if classes_in.is_empty() {
                classes_in = named(path);
            }
            if all.node_pools.is_empty() {
                let what = format!("{} has no NodePool{}", named(path), others(&all));
                return Err(Failure::usage(what, "pass a manifest with `kind: NodePool`"));
            }
        }
        Ok(Self { declared: all, classes_in })
    }

    /// The network of EKS Auto Mode's nodes, where the files are of no others and nothing is to be judged.
    pub(in crate::command) fn auto_mode(
        &self,
        given: &ExpressionArgs,
        notes: &Notes<'_>,
    ) -> Result<Option<auto_mode::Asked>, Failure> {
        if given.expression.is_some() {
            return Ok(None);
        }
        auto_nodes::asked(&self.declared, given.nodepool.is_some(), notes)
    }

    /// The NodePools, where all are of EKS Auto Mode.
    pub(in crate::command) fn auto_pools(&self) -> &[NodePool] {
        &self.declared.node_pools
    }

    /// The NodePools whose nodes run Linux and the VPC CNI.
    pub(super) fn pools(&self, notes: &Notes<'_>) -> Result<Vec<&NodePool>, Failure> {
        if !self.declared.node_configs.is_empty() {
            notes
                .add("NodeConfigs are left out: Karpenter sets the max pods of a NodePool's nodes");
        }
        let mut pools = Vec::new();
        for pool in &self.declared.node_pools {
            let has_windows = pool.os() == PoolOs::Windows
                || self.class_of(pool).is_some_and(Ec2NodeClass::is_windows);
            let why = match (auto_nodes::is_auto(pool), has_windows) {
                (true, _) => "is of EKS Auto Mode, which sets max pods itself",
                (false, true) => "is of Windows",
                (false, false) => {
                    pools.push(pool);
                    continue;
                }
            };
            notes.add(format!("NodePool {} {why}: left out", pool.name));
        }
        let mut classes: Vec<&Ec2NodeClass> = Vec::new();
        for class in pools.iter().filter_map(|pool| self.class_of(pool)) {
            if !classes.iter().any(|other| other.name == class.name) {
                note_custom(class, notes);
                classes.push(class);
            }
        }
        if pools.is_empty() {
            return Err(Failure::usage(
                "no NodePool is left to judge",
                "pass a NodePool of Karpenter for Linux nodes; for EKS Auto Mode name the types, with \
                 --auto-mode",
            ));
        }
        Ok(pools)
    }

    /// The EC2NodeClass of a NodePool, where one of the files has it.
    fn class_of(&self, pool: &NodePool) -> Option<&Ec2NodeClass> {
        let name = &pool.node_class.as_ref()?.name;
        self.declared.ec2_node_classes.iter().find(|class| class.name == *name)
    }

    /// What sets the max pods of a NodePool's nodes, and the NodeClass that does.
    pub(super) fn asked_of(
        &self,
        pool: &NodePool,
    ) -> Result<(Option<String>, Option<Asked>), Failure> {
        let name = pool.node_class.as_ref().map(|class| class.name.clone());
        let class = self.class_of(pool);
        let place =
            class.map_or_else(|| format!("NodePool `{}`", pool.name), |class| self.place(class));
        if let Some(asked) = of_pool(pool, class, &place)? {
            return Ok((name, Some(asked)));
        }
        let classes: Vec<&str> =
            self.declared.ec2_node_classes.iter().map(|class| class.name.as_str()).collect();
        match (&name, classes.as_slice()) {
            (Some(wanted), [_, ..]) => Err(Failure::usage(
                format!(
                    "NodePool `{}` uses EC2NodeClass `{wanted}`, which {} lacks",
                    pool.name, self.classes_in
                ),
                format!("it has {}", classes.join(", ")),
            )),
            _ => Ok((name, None)),
        }
    }

    /// What each NodeClass and the NodeConfigs set.
    pub(super) fn asked(&self, notes: &Notes<'_>) -> Result<Vec<(Option<String>, Asked)>, Failure> {
        let mut all = Vec::new();
        for class in &self.declared.ec2_node_classes {
            if class.is_windows() {
                notes.add(format!("EC2NodeClass {} is of Windows: left out", class.name));
                continue;
            }
            note_custom(class, notes);
            all.push((Some(class.name.clone()), of_class(class, &self.place(class))?));
        }
        if !self.declared.node_configs.is_empty() {
            let configs = &self.declared.node_configs;
            all.push((None, of_node_configs(configs, &self.classes_in)?));
        }
        if all.is_empty() {
            return Err(Failure::usage(
                format!("{} has EC2NodeClasses of Windows alone", self.classes_in),
                "pass an EC2NodeClass of Linux nodes",
            ));
        }
        Ok(all)
    }

    fn place(&self, class: &Ec2NodeClass) -> String {
        format!("{}: EC2NodeClass `{}`", self.classes_in, class.name)
    }
}

/// Says by what a class is judged whose kubelet reaches no node.
fn note_custom(class: &Ec2NodeClass, notes: &Notes<'_>) {
    if class.is_custom() && !class.node_configs.is_empty() {
        let text = format!(
            "EC2NodeClass {} has amiFamily Custom: Karpenter passes the user data alone to its nodes, so it is \
             judged by the NodeConfig there and not by spec.kubelet",
            class.name
        );
        notes.add(text);
    }
}

fn read(path: &Path) -> Result<Declared, Failure> {
    let text = text::read(path, &text::MANIFEST)?;
    declared::read(&named(path), &text).map_err(wrong)
}

fn wrong(error: DeclaredError) -> Failure {
    let hint = error.hint.clone().unwrap_or_else(|| "correct the line".to_owned());
    Failure::usage(error, hint)
}

fn named(path: &Path) -> String {
    if path == Path::new("-") { "stdin".to_owned() } else { path.display().to_string() }
}

/// The kinds that say nothing of pods, as the end of a sentence.
fn others(declared: &Declared) -> String {
    match declared.others.as_slice() {
        [] => String::new(),
        kinds => format!(", only {}", kinds.join(", ")),
    }
}
