//! Manifests of EKS Auto Mode: they set no max pods, and say how its nodes take addresses.

use crate::{
    cni::AutoModeNetwork,
    command::{Failure, auto_mode::Asked, notes::Notes},
    declared::{AutoNodeClass, Declared, NodeClassRef, NodePool},
    finding::listed,
};

/// The NodeClass that each cluster of Auto Mode has: pods in the nodes' subnets, by prefixes (EKS user guide,
/// "Create a Node Class").
const BUILT_IN: &str = "default";

/// Whether a NodePool's nodes are Auto Mode's.
pub(super) fn is_auto(pool: &NodePool) -> bool {
    pool.node_class.as_ref().is_some_and(NodeClassRef::is_auto_mode)
}

/// What the files say of the network of Auto Mode's nodes, where they are of no others.
pub(super) fn asked(
    declared: &Declared,
    of_pools: bool,
    notes: &Notes<'_>,
) -> Result<Option<Asked>, Failure> {
    if of_pools {
        if declared.node_pools.is_empty() || !declared.node_pools.iter().all(is_auto) {
            return Ok(None);
        }
        let all = declared.node_pools.iter().map(|pool| of_pool(pool, declared, notes));
        let all = all.collect::<Result<Vec<_>, Failure>>()?;
        return alike(&all, "a NodePool of EKS Auto Mode");
    }
    if !declared.ec2_node_classes.is_empty() || !declared.node_configs.is_empty() {
        for class in &declared.auto_node_classes {
            let name = &class.name;
            notes.add(format!(
                "NodeClass {name} is of EKS Auto Mode, which sets max pods itself: left out"
            ));
        }
        return Ok(None);
    }
    let all =
        declared.auto_node_classes.iter().map(|class| Ok((class.name.as_str(), of_class(class)?)));
    alike(&all.collect::<Result<Vec<_>, Failure>>()?, "a NodeClass of EKS Auto Mode")
}

fn of_pool<'a>(
    pool: &'a NodePool,
    declared: &Declared,
    notes: &Notes<'_>,
) -> Result<(&'a str, AutoModeNetwork), Failure> {
    let name = pool.node_class.as_ref().map_or(BUILT_IN, |class| class.name.as_str());
    let class = declared.auto_node_classes.iter().find(|class| class.name == name);
    match class {
        Some(class) => Ok((name, of_class(class)?)),
        None if name == BUILT_IN => {
            let text = format!(
                "NodePool {}: its NodeClass {BUILT_IN} is taken to be the one that EKS makes, with prefixes \
                 and no pod subnets (--nodeclass FILE gives another)",
                pool.name
            );
            notes.add(text);
            Ok((name, AutoModeNetwork::default()))
        }
        None => Err(Failure::usage(
            format!(
                "NodePool `{}` uses NodeClass `{name}`, which none of the files has",
                pool.name
            ),
            "pass it with --nodeclass FILE: with podSubnetSelectorTerms fewer pods fit",
        )),
    }
}

/// Nodes with listed interfaces get no address after they start, which is another pool than any other.
fn of_class(class: &AutoNodeClass) -> Result<AutoModeNetwork, Failure> {
    if class.interfaces.is_empty() {
        return Ok(AutoModeNetwork::from(class));
    }
    Err(Failure::usage(
        format!(
            "NodeClass `{}` lists networkInterfaces: its nodes get no address beyond these, which eksnet \
             does not model",
            class.name
        ),
        "count the addresses that it lists, or name the types, with --auto-mode",
    ))
}

/// One answer has one network.
fn alike(all: &[(&str, AutoModeNetwork)], by: &'static str) -> Result<Option<Asked>, Failure> {
    let Some((first, network)) = all.first() else { return Ok(None) };
    let others = all.iter().filter(|(_, other)| other != network);
    let mut others: Vec<&str> = others.map(|(name, _)| *name).collect();
    others.dedup();
    if others.is_empty() {
        return Ok(Some(Asked { network: *network, by }));
    }
    Err(Failure::usage(
        format!(
            "the nodes of NodeClass `{first}` take addresses another way than those of {}",
            listed(&others)
        ),
        "pass one NodeClass at a time: ipv4PrefixSize and podSubnetSelectorTerms decide",
    ))
}
