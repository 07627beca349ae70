//! A CloudFormation template in the making, and what a subnet is in it.

use serde_json::{Map, Value, json};

use super::site::Site;

/// Parameters, resources and outputs of a template.
#[derive(Default)]
pub(super) struct Template {
    pub(super) parameters: Map<String, Value>,
    pub(super) resources: Map<String, Value>,
    pub(super) outputs: Map<String, Value>,
}

impl Template {
    pub(super) fn parameter(&mut self, id: &str, kind: &str, about: &str) {
        let value = json!({"Type": kind, "Description": about});
        self.parameters.insert(id.to_owned(), value);
    }

    pub(super) fn resource(&mut self, id: &str, kind: &str, properties: Value) {
        let fields = [("Type".to_owned(), json!(kind)), ("Properties".to_owned(), properties)];
        self.resources.insert(id.to_owned(), fields.into_iter().collect());
    }

    /// Makes a resource wait for another.
    pub(super) fn after(&mut self, id: &str, other: &str) {
        if let Some(resource) = self.resources.get_mut(id) {
            resource["DependsOn"] = json!(other);
        }
    }

    /// Drops parameters that no resource refers to.
    pub(super) fn drop_unused(&mut self) {
        let resources = Value::Object(self.resources.clone()).to_string();
        let is_used = |id: &String| {
            resources.contains(&format!("{{\"Ref\":\"{id}\"}}"))
                || resources.contains(&format!("${{{id}}}"))
        };
        self.parameters.retain(|id, _| is_used(id));
    }

    pub(super) fn output(&mut self, id: &str, about: &str, value: &Value) {
        self.outputs.insert(id.to_owned(), json!({"Description": about, "Value": value}));
    }
}

/// The parameter or the resource that is a subnet.
pub(super) fn subnet_id(site: &Site<'_>, subnet: &str) -> String {
    format!("Subnet{}", site.ident(subnet).camel())
}

/// A reference to it.
pub(super) fn subnet_ref(site: &Site<'_>, subnet: &str) -> Value {
    json!({"Ref": subnet_id(site, subnet)})
}
