//! Ids that are there as empty texts, as a template or a broken filter leaves them: they are not there.

use std::collections::{BTreeMap, BTreeSet};

use super::many::many;
use crate::inventory::{
    Cluster, Instance, Interface, Inventory, NodeSubnets, Operation, Subnet, Withheld, Word,
};

impl Inventory {
    /// Takes an empty text for one that is missing: what may be missing is `None` then, and a row whose own
    /// id is empty is left out. What hangs on it is told.
    pub(super) fn without_blanks(&mut self) -> Vec<Withheld> {
        let mut rows = Vec::new();
        rows.extend(self.vpcs.as_mut().and_then(|vpcs| {
            for vpc in vpcs.iter_mut() {
                blank(&mut vpc.owner_id);
            }
            let lost = lost(vpcs, |vpc| vpc.vpc_id.is_empty());
            lost.row(Operation::DescribeVpcs, "VPC", "VpcId")
        }));
        rows.extend(subnets(&mut self.subnets));
        let (without_subnet, of_subnets) = self.interfaces.as_mut().map(interfaces).unzip();
        rows.extend(of_subnets.into_iter().flatten());
        if let Some(row) = without_subnet.flatten() {
            self.interfaces = None;
            rows.push(row);
        }
        let without_id = self.instances.as_mut().and_then(|instances| {
            instances.iter_mut().for_each(instance);
            let lost = lost(instances, |instance| instance.instance_id.is_empty());
            lost.row(Operation::DescribeInstances, "instance", "InstanceId")
        });
        if without_id.is_some() {
            self.instances = None;
        }
        rows.extend(without_id);
        self.clusters.iter_mut().for_each(cluster);
        let kubernetes = self.kubernetes.as_mut();
        for node in kubernetes.into_iter().flat_map(|it| it.nodes.iter_mut().flatten()) {
            blank(&mut node.instance_id);
        }
        let kubernetes = self.kubernetes.as_mut();
        for config in kubernetes.into_iter().flat_map(|it| it.eni_configs.iter_mut().flatten()) {
            blank(&mut config.subnet_id);
        }
        rows
    }
}

/// A text of which an empty one says nothing.
trait MaybeEmpty {
    fn says_nothing(&self) -> bool;
}

impl MaybeEmpty for String {
    fn says_nothing(&self) -> bool {
        self.is_empty()
    }
}

impl MaybeEmpty for Word {
    fn says_nothing(&self) -> bool {
        self.as_str().is_empty()
    }
}

fn blank<T: MaybeEmpty>(text: &mut Option<T>) {
    if text.as_ref().is_some_and(MaybeEmpty::says_nothing) {
        *text = None;
    }
}

/// Rows that were left out.
struct Lost(usize);

impl Lost {
    fn row(&self, operation: Operation, what: &str, key: &str) -> Option<Withheld> {
        let rows = match self.0 {
            0 => return None,
            1 => format!("1 {what} has an empty {key}"),
            count => format!("{count} {what}s have an empty {key}"),
        };
        Some(Withheld::new(operation, rows))
    }
}

fn lost<T>(list: &mut Vec<T>, is_lost: impl Fn(&T) -> bool) -> Lost {
    let before = list.len();
    list.retain(|row| !is_lost(row));
    Lost(before - list.len())
}

fn subnets(list: &mut Vec<Subnet>) -> Vec<Withheld> {
    for subnet in &mut *list {
        blank(&mut subnet.availability_zone);
        blank(&mut subnet.owner_id);
    }
    let operation = Operation::DescribeSubnets;
    let without_id = lost(list, |subnet| subnet.subnet_id.is_empty());
    let of_no_vpc: Vec<&str> = list
        .iter()
        .filter(|subnet| subnet.vpc_id.is_empty())
        .map(|subnet| subnet.subnet_id.as_str())
        .collect();
    let of_no_vpc = (!of_no_vpc.is_empty()).then(|| {
        Withheld::new(operation, format!("subnets have an empty VpcId: {}", many(of_no_vpc)))
    });
    list.retain(|subnet| !subnet.vpc_id.is_empty());
    without_id.row(operation, "subnet", "SubnetId").into_iter().chain(of_no_vpc).collect()
}

/// What is told of all ENIs, where one does not say its subnet, and of the subnets in which one does not say
/// its id.
fn interfaces(list: &mut Vec<Interface>) -> (Option<Withheld>, Vec<Withheld>) {
    for eni in &mut *list {
        for text in [
            &mut eni.vpc_id,
            &mut eni.owner_id,
            &mut eni.requester_id,
            &mut eni.interface_type,
            &mut eni.status,
        ] {
            blank(text);
        }
        if let Some(attachment) = &mut eni.attachment {
            blank(&mut attachment.instance_id);
            blank(&mut attachment.instance_owner_id);
        }
    }
    let operation = Operation::DescribeNetworkInterfaces;
    let nowhere = list.iter().filter(|eni| eni.subnet_id.says_nothing());
    let nowhere: Vec<&str> = nowhere.map(|eni| eni.interface_id.as_str()).collect();
    let nowhere = (!nowhere.is_empty()).then(|| {
        Withheld::new(operation, format!("ENIs have an empty SubnetId: {}", many(nowhere)))
    });
    let mut nameless: BTreeMap<String, usize> = BTreeMap::new();
    for eni in list.iter().filter(|eni| eni.interface_id.is_empty()) {
        *nameless.entry(eni.subnet_id.to_string()).or_default() += 1;
    }
    list.retain(|eni| !eni.interface_id.is_empty());
    let of_subnet = |(subnet, count): (String, usize)| {
        let row = Lost(count).row(operation, "ENI", "NetworkInterfaceId")?;
        Some(Withheld { subnet_id: (!subnet.is_empty()).then_some(subnet), ..row })
    };
    (nowhere, nameless.into_iter().filter_map(of_subnet).collect())
}

fn instance(instance: &mut Instance) {
    for text in [
        &mut instance.owner_id,
        &mut instance.instance_type,
        &mut instance.state,
        &mut instance.vpc_id,
        &mut instance.subnet_id,
        &mut instance.availability_zone,
    ] {
        blank(text);
    }
}

fn cluster(cluster: &mut Cluster) {
    blank(&mut cluster.arn);
    blank(&mut cluster.vpc_id);
    let mut rows = Vec::new();
    let name = cluster.name.clone();
    let mut look = |operation: Operation, what: &str, ids: &mut BTreeSet<String>| {
        if ids.remove("") {
            rows.push(Withheld::new(operation, format!("{what} has an empty subnet id")));
        }
    };
    look(Operation::DescribeCluster, &format!("cluster {name}"), &mut cluster.subnet_ids);
    let members = [
        (Operation::DescribeNodegroup, "node group", cluster.node_groups.as_mut()),
        (Operation::DescribeFargateProfile, "Fargate profile", Some(&mut cluster.fargate_profiles)),
    ];
    for (operation, what, list) in members {
        for NodeSubnets { name, subnet_ids, .. } in list.into_iter().flatten() {
            look(operation, &format!("{what} {name}"), subnet_ids);
        }
    }
    cluster.withheld.extend(rows);
}
