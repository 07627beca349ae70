//! Clusters' node groups against the instances that name them.

use std::collections::BTreeSet;

use super::many::many;
use crate::inventory::{
    Cluster, Instance, Inventory, Operation, Withheld,
    keys::{CLUSTER_TAG, NODE_GROUP_TAG},
};

/// Running instances of managed node groups that the listing of their cluster lacks: what subnets the cluster
/// uses is not known then, which is all that hangs on the listing. Where a group was not described, its own
/// row says so.
pub(in crate::inventory) fn unlisted_groups(
    cluster: &Cluster,
    inventory: &Inventory,
) -> Option<Withheld> {
    let groups = cluster.node_groups.as_ref().filter(|_| cluster.withheld.is_empty())?;
    let listed: BTreeSet<&str> = groups.iter().map(|group| group.name.as_str()).collect();
    let missing = |instance: &Instance| {
        // One that is stopped may have outlived its group.
        let runs = matches!(instance.state.as_deref(), None | Some("pending" | "running"));
        let is_its = instance.tags.get(CLUSTER_TAG) == Some(cluster.name.as_str());
        let group = instance.tags.get(NODE_GROUP_TAG).filter(|_| is_its && runs)?;
        (!listed.contains(group)).then(|| (group.to_owned(), instance.instance_id.clone()))
    };
    let missing: Vec<(String, String)> =
        inventory.instances.iter().flatten().filter_map(missing).collect();
    if missing.is_empty() {
        return None;
    }
    let groups: BTreeSet<&str> = missing.iter().map(|(group, _)| group.as_str()).collect();
    let reason = format!(
        "instances belong to node groups that are not listed: {} (instances {})",
        many(groups),
        many(missing.iter().map(|(_, id)| id.as_str()))
    );
    Some(Withheld::new(Operation::ListNodegroups, reason))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn rows(groups: &Value, state: &str, cluster: &str) -> Vec<Withheld> {
        let inventory: Inventory = serde_json::from_value(json!({
            "source": {"kind": "live", "region": null, "account": null, "captured_at": null},
            "vpcs": null, "subnets": [], "interfaces": [], "withheld": [],
            "instances": [{"instance_id": "i-1", "state": state,
                "tags": {"eks:cluster-name": cluster, "eks:nodegroup-name": "general"}}],
            "clusters": [{"name": "prod", "version": null, "vpc_id": null, "subnet_ids": [],
                "node_groups": groups}],
        }))
        .unwrap();
        inventory.clusters.iter().filter_map(|it| unlisted_groups(it, &inventory)).collect()
    }

    #[test]
    fn a_listing_without_the_group_of_an_instance_is_not_whole() {
        let found = rows(&json!([]), "running", "prod");
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].reason,
            "instances belong to node groups that are not listed: general (instances i-1)"
        );
        let listed = json!([{"name": "general", "subnet_ids": []}]);
        assert_eq!(rows(&listed, "running", "prod"), []);
        assert_eq!(rows(&Value::Null, "running", "prod"), []);
        for gone in ["stopping", "stopped", "shutting-down", "terminated"] {
            assert_eq!(rows(&json!([]), gone, "prod"), []);
        }
        assert_eq!(rows(&json!([]), "running", "other"), []);
    }
}
