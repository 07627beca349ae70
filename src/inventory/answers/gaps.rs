//! Holes that show while answers are read: a list that is null, rows that lack keys, a key without an
//! answer, reservations of subnets that were not listed.

use super::{
    assemble::{Answers, RESERVATIONS},
    known::subnet_in,
};
use crate::inventory::{Operation, Withheld};

/// The files whose names say what they hold.
const NAMED: [(&str, Operation); 6] = [
    ("vpcs.json", Operation::DescribeVpcs),
    ("subnets.json", Operation::DescribeSubnets),
    ("network-interfaces.json", Operation::DescribeNetworkInterfaces),
    ("instances.json", Operation::DescribeInstances),
    ("subnet-cidr-reservations.json", RESERVATIONS),
    ("clusters.json", Operation::DescribeCluster),
];

impl Answers {
    /// Notes that a list of an answer is null, as a query that finds nothing leaves it: it is not there.
    pub(super) fn null_list(&mut self, operation: Operation, key: &str) {
        self.lacks(operation, format!("{key} is null in the response"));
    }

    /// Notes that rows of a bare list lack keys that a whole row has, and were not read.
    pub(super) fn partial_rows(&mut self, operation: Operation, count: usize) {
        let rows = if count == 1 { "1 row lacks".to_owned() } else { format!("{count} rows lack") };
        self.lacks(operation, format!("{rows} keys that other rows have, as after a --query"));
    }

    /// Notes that a file whose name promises an answer holds none that is recognized.
    pub(super) fn unknown_file(&mut self, file_name: &str) {
        let named = NAMED.into_iter().find(|(name, _)| *name == file_name);
        if let Some((_, operation)) = named {
            let reason =
                format!("{file_name} is not recognized as AWS CLI output and was not read");
            self.withheld.insert(Withheld::new(operation, reason));
        }
    }

    /// Notes what stands under a name without being an answer: of a subnet the reservations are missing.
    pub(super) fn no_answer(&mut self, name: &str) {
        if subnet_in(name) == Some(name) {
            self.unread(name, format!("no AWS CLI output is saved under {name}"));
        }
    }

    /// Where reservations are filed under subnets that were not listed, one that has none filed may be
    /// misspelled there: its reservations are not known.
    pub(super) fn misfiled_reservations(&mut self) {
        let listed = |id: &String| self.subnets.iter().any(|subnet| subnet.subnet_id == *id);
        let Some(other) = self.filed.iter().find(|id| !listed(id)) else { return };
        let reason = format!(
            "reservations are filed under {other}, which is not listed, and none under this subnet"
        );
        let is_filed = |id: &String| self.filed.contains(id) || self.reservations.contains_key(id);
        let missing: Vec<String> = self
            .subnets
            .iter()
            .filter(|subnet| subnet.cidr.is_some() && !is_filed(&subnet.subnet_id))
            .map(|subnet| subnet.subnet_id.clone())
            .collect();
        for subnet in missing {
            self.unread(&subnet, reason.clone());
        }
    }

    fn lacks(&mut self, operation: Operation, reason: String) {
        self.absent.insert(operation);
        self.withheld.insert(Withheld::new(operation, reason));
    }
}
