//! The saved answers that the stand-in serves.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// Answers of the AWS command line interface, as it prints them.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    /// `{"Regions": […]}`
    pub(crate) regions: Value,
    /// `{"Vpcs": […]}`
    pub(crate) vpcs: Value,
    /// `{"Subnets": […]}`
    pub(crate) subnets: Value,
    /// `{"NetworkInterfaces": […]}`
    pub(crate) network_interfaces: Value,
    /// `{"Reservations": […]}`
    pub(crate) instances: Value,
    /// `{"InstanceTypes": […]}`
    pub(crate) instance_types: Value,
    /// The answer to `get-subnet-cidr-reservations` for each subnet that has any.
    pub(crate) subnet_cidr_reservations: Value,
    /// For each cluster `{"cluster": …, "nodegroups": {…}, "fargate_profiles": {…}}`.
    pub(crate) clusters: Value,
}

impl World {
    /// Reads the saved answers in `folder`; only `instance-types.json` may be missing.
    pub(crate) fn load(folder: &Path) -> Self {
        let instance_types = folder.join("instance-types.json");
        Self {
            regions: serde_json::json!({"Regions": [
                {"RegionName": "eu-central-1", "OptInStatus": "opt-in-not-required"}
            ]}),
            vpcs: read(&folder.join("vpcs.json")),
            subnets: read(&folder.join("subnets.json")),
            network_interfaces: read(&folder.join("network-interfaces.json")),
            instances: read(&folder.join("instances.json")),
            instance_types: if instance_types.exists() {
                read(&instance_types)
            } else {
                Value::Null
            },
            subnet_cidr_reservations: read(&folder.join("subnet-cidr-reservations.json")),
            clusters: read(&folder.join("clusters.json")),
        }
    }

    /// The account of the interfaces, if they are of one; without any, that of the VPCs.
    pub(super) fn account(&self) -> Option<String> {
        let enis = self.network_interfaces["NetworkInterfaces"].as_array()?;
        let rows = if enis.is_empty() { self.vpcs["Vpcs"].as_array()? } else { enis };
        let mut owners: Vec<&str> = rows.iter().filter_map(|row| row["OwnerId"].as_str()).collect();
        owners.dedup();
        match owners.as_slice() {
            [one] => Some((*one).to_owned()),
            _ => None,
        }
    }
}

fn read(path: &Path) -> Value {
    let text = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
