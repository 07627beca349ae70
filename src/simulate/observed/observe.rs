//! An inventory is read as the start.

use std::collections::BTreeSet;

use super::{
    cni::stated,
    groups, nodes,
    start::{ObserveError, Observed},
    subnets,
};
use crate::{
    instance::{Catalogue, nearest},
    inventory::{Inventory, Operation, Withheld},
};

/// Reads an inventory of one VPC as the start of a simulation. Subnets larger than /16 are refused
/// unless `allow_large` is set.
///
/// # Errors
/// When there is no subnet, or those of several VPCs; when interfaces or instances are not available;
/// when a node's type has no limits, or a subnet's block cannot be one.
pub fn observe(
    inventory: &Inventory,
    catalogue: &Catalogue,
    allow_large: bool,
) -> Result<Observed, ObserveError> {
    let unseen = |operation: Operation| ObserveError::Unseen { operation: operation.name() };
    let interfaces =
        inventory.interfaces.as_ref().ok_or(unseen(Operation::DescribeNetworkInterfaces))?;
    let instances = inventory.instances.as_ref().ok_or(unseen(Operation::DescribeInstances))?;
    let vpcs: BTreeSet<&String> = inventory.subnets.iter().map(|s| &s.vpc_id).collect();
    if vpcs.len() > 1 {
        return Err(ObserveError::SeveralVpcs(vpcs.into_iter().cloned().collect()));
    }
    let vpc_id = *vpcs.first().ok_or(ObserveError::NoSubnet)?;
    let mut seen = nodes::InventoryReader::new(inventory, interfaces, instances);
    seen.withheld.extend(inventory.withheld.iter().cloned());
    let nodes = seen.nodes();
    if let Some(node) = nodes.iter().find(|node| catalogue.get(&node.instance_type).is_none()) {
        return Err(ObserveError::UnknownType {
            instance_id: node.instance_id.clone(),
            instance_type: node.instance_type.clone(),
            near: nearest(catalogue, &node.instance_type).into_iter().map(Into::into).collect(),
        });
    }
    let control_plane = seen.control_plane();
    let subnets = subnets::subnets(inventory, &mut seen, allow_large)?;
    if subnets.is_empty() {
        return Err(ObserveError::NoSubnet);
    }
    let cni = stated(inventory, &mut seen, &nodes);
    let (groups, nodes) = groups::groups(inventory, &seen, nodes);
    let named = inventory.clusters.iter().flat_map(|cluster| &cluster.subnet_ids);
    let control_plane_subnets = named
        .filter_map(|id| seen.index(id))
        .chain(control_plane.iter().map(|(subnet, _)| *subnet))
        .collect();
    let cidrs = inventory
        .vpcs
        .as_ref()
        .and_then(|vpcs| Some(vpcs.iter().find(|vpc| vpc.vpc_id == *vpc_id)?.cidrs.clone()))
        .filter(|cidrs| !cidrs.is_empty());
    let mut withheld: Vec<Withheld> = seen.withheld.into_iter().collect();
    withheld.sort();
    let told = inventory.kubernetes.as_ref();
    let classes = told.and_then(|told| told.node_classes.as_ref()).into_iter().flatten();
    let pod_subnet_classes = classes
        .filter(|class| !class.pod_subnets.is_empty())
        .map(|class| class.name.clone())
        .collect();
    Ok(Observed {
        vpc_id: vpc_id.clone(),
        cidrs,
        other_subnets: Vec::new(),
        subnets,
        groups,
        nodes,
        cni,
        control_plane,
        control_plane_subnets,
        service_cidrs: inventory
            .clusters
            .iter()
            .filter(|cluster| cluster.vpc_id.as_ref().is_none_or(|vpc| vpc == vpc_id))
            .filter_map(|cluster| cluster.service_cidr)
            .collect(),
        node_pools: told.and_then(|told| told.node_pools.clone()).unwrap_or_default(),
        pod_subnet_classes,
        notes: seen.notes,
        left_out: seen.left_out,
        withheld,
    })
}
