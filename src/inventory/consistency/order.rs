//! An inventory in its fixed order.

use super::{
    cluster_objects::unread_classes,
    repeated::{last_wins, merge_subnets, share_names},
};
use crate::inventory::{Cluster, Instance, Inventory, Operation};

impl Inventory {
    /// The inventory in its fixed order, each resource once: what is read twice (overlapping
    /// pages) counts once. Where the readings differ the later one holds, and what hangs on it is
    /// withheld.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        let blanks = self.without_blanks();
        self.withheld.extend(blanks);
        if let Some(vpcs) = &mut self.vpcs {
            let twice = last_wins(vpcs, |vpc| &vpc.vpc_id, PartialEq::eq);
            twice.forget_blocks(vpcs);
            self.withheld.extend(twice.row(Operation::DescribeVpcs, "VPCs"));
        }
        self.withheld.extend(merge_subnets(&mut self.subnets));
        if let Some(interfaces) = &mut self.interfaces {
            let twice = last_wins(interfaces, |eni| &eni.interface_id, PartialEq::eq);
            self.withheld.extend(twice.of_subnets());
        }
        if let Some(instances) = &mut self.instances {
            share_names(instances);
            let twice = last_wins(instances, |it| &it.instance_id, Instance::is_alike);
            if let Some(row) = twice.row(Operation::DescribeInstances, "instances") {
                self.withheld.push(row);
                self.instances = None;
            }
        }
        self.clusters.sort_by_key(Cluster::key);
        if let Some(kubernetes) = self.kubernetes {
            let (kubernetes, rows) = kubernetes.in_order(&self.withheld);
            self.kubernetes = Some(kubernetes);
            self.withheld.extend(rows);
        }
        let unread = unread_classes(&self);
        self.withheld.extend(unread);
        for subnet in &mut self.subnets {
            if let Some(reservations) = &mut subnet.reservations {
                reservations.sort();
                reservations.dedup();
            }
            self.other_subnets.remove(&subnet.subnet_id);
            self.other_networks.remove(&subnet.subnet_id);
        }
        self.withheld.sort();
        self.withheld.dedup();
        self
    }
}
