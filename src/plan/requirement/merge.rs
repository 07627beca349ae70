//! A requirement that goes over another one, key by key.

use serde_json::{Map, Value};

use super::{parse::parse_requirement, text::Requirement};
use crate::yaml::{YamlError, read_long, value};

impl Requirement {
    /// This requirement with what a text says over it. What the text leaves out stays; lists are replaced,
    /// but groups and subnets go over those of their name, and new ones are added.
    ///
    /// # Errors
    /// When the text is no YAML or JSON, when a key is unknown, or a value cannot be.
    pub fn overlaid(&self, text: &str) -> Result<Self, YamlError> {
        // What is wrong in the text itself is told with its line. That it is not whole is no fault here.
        if let Err(error) = parse_requirement(text)
            && !error.message.contains("missing field")
        {
            return Err(error);
        }
        let written = value(text)?;
        let mut merged =
            serde_json::to_value(self).map_err(|error| YamlError::of_whole(error.to_string()))?;
        overlay(&mut merged, written);
        // Read as text once more: `version: 1.23` is a number to JSON, and a name to a requirement.
        read_long(&merged.to_string()).map_err(|error| YamlError::of_whole(error.message))
    }
}

/// Puts one value over another.
fn overlay(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => overlay_keys(under, over),
        (Value::Array(under), Value::Array(over)) if are_named(&over) => overlay_named(under, over),
        (under, over) => *under = over,
    }
}

/// Keys of a group of which it has one or the other.
const EITHER: [(&str, &str); 4] = [
    ("choose", "instance_types"),
    ("instance_types", "choose"),
    ("pod", "pods_per_node"),
    ("pods_per_node", "pod"),
];

fn overlay_keys(under: &mut Map<String, Value>, over: Map<String, Value>) {
    for (key, other) in EITHER {
        if over.contains_key(key) && !over.contains_key(other) {
            under.remove(other);
        }
    }
    for (key, value) in over {
        match under.get_mut(&key) {
            Some(known) => overlay(known, value),
            None => drop(under.insert(key, value)),
        }
    }
}

fn name(value: &Value) -> Option<&str> {
    value.get("name")?.as_str()
}

/// Whether each of a list has a name: groups and subnets.
fn are_named(list: &[Value]) -> bool {
    !list.is_empty() && list.iter().all(|value| name(value).is_some())
}

fn overlay_named(under: &mut Vec<Value>, over: Vec<Value>) {
    for value in over {
        match under.iter_mut().find(|known| name(known) == name(&value)) {
            Some(known) => overlay(known, value),
            None => under.push(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNDER: &str = "version: 1
vpc: {cidrs: [10.0.0.0/16], subnets: [{name: a, zone: z, cidr: 10.0.0.0/24, used: 3}]}
zones: [z]
groups: [{name: g, pods: {peak: 10}, instance_types: [m5.large], pods_per_node: 5}]
cni: {prefix_delegation: true}
";

    fn over(text: &str) -> Result<Requirement, YamlError> {
        parse_requirement(UNDER).unwrap().overlaid(text)
    }

    #[test]
    fn what_is_not_said_stays() {
        assert_eq!(over("version: 1"), parse_requirement(UNDER));
        let merged = over("groups: [{name: g, pods: {peak: 20}}]\ngrowth: {factor: 2}").unwrap();
        let group = &merged.groups[0];
        assert_eq!((group.pods.peak, group.pods_per_node), (20, Some(5)));
        assert_eq!(group.instance_types, ["m5.large"]);
        assert_eq!(merged.growth.map(|growth| growth.factor), Some(2.0));
        assert_eq!(merged.cni.prefix_delegation, Some(true));
        let merged = over("cni: {version: 1.22, cluster_name: y}").unwrap();
        assert_eq!(merged.cni.version.as_deref(), Some("1.22"));
        assert_eq!(merged.cni.cluster_name.as_deref(), Some("y"));
    }

    #[test]
    fn groups_and_subnets_go_by_their_name_and_other_lists_are_replaced() {
        let merged = over(
            "zones: [y]
vpc: {subnets: [{name: a, role: pod}, {name: b, zone: y, cidr: 10.0.1.0/24}]}
groups: [{name: h, pods: {peak: 1}, instance_types: [m5.large]}, {name: g, pod: {cpu: 500m}}]",
        )
        .unwrap();
        assert_eq!(merged.zones, ["y"]);
        let names: Vec<&str> = merged.vpc.subnets.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(merged.vpc.subnets[0].used, crate::simulate::Used::Count(3));
        let names: Vec<&str> = merged.groups.iter().map(|group| group.name.as_str()).collect();
        assert_eq!(names, ["g", "h"]);
        assert_eq!(merged.groups[0].pods_per_node, None, "`pod` stands instead of it");
    }

    #[test]
    fn a_slip_is_told_with_its_line() {
        let error = over("version: 1\nzoness: [a]").unwrap_err();
        assert_eq!((error.line, error.message.contains("zones")), (Some(2), true), "{error}");
        let error = over("groups: [{name: g, pods: {peek: 2}}]").unwrap_err();
        assert!(error.message.contains("peek"), "{error}");
        assert!(over("groups: [{name: new}]").unwrap_err().message.contains("pods"));
    }
}
