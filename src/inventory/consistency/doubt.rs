//! Subnets whose ENIs contradict themselves.

use std::collections::HashSet;

use crate::inventory::{Inventory, Operation, Withheld};

impl Inventory {
    /// Subnets of which nothing can be counted, although ENIs are there: a row of what is not available
    /// is about the ENIs of each.
    #[must_use]
    pub fn doubted(&self) -> HashSet<&str> {
        let of_enis =
            |row: &&Withheld| row.operation == Operation::DescribeNetworkInterfaces.name();
        let rows = self.withheld.iter().filter(of_enis);
        rows.filter_map(|row| row.subnet_id.as_deref()).collect()
    }
}
