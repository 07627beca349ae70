//! What was made at the server, and what an audit of it has to say.

use std::path::Path;

use serde_json::Value;

use super::{
    server::Server,
    venv::{Venv, finish},
};

/// The world as `tests/moto/world.py` counted it while it made it.
pub(crate) struct Truth {
    counted: Value,
}

impl Truth {
    /// Makes the world at a server. What the AWS CLI would save of it goes to a folder: `answers`,
    /// and `DescribeInstanceTypes` as `instance-types.json`.
    pub(crate) fn make(venv: &Venv, server: &Server, folder: &Path) -> Self {
        let mut command = venv.python("world.py");
        command.arg(server.endpoint()).arg(folder);
        let counted = finish(&mut command, "world.py fails against moto's server");
        let counted = serde_json::from_str(&counted).expect("world.py prints no JSON");
        Self { counted }
    }

    /// A part of what was counted, by JSON pointer.
    pub(crate) fn at(&self, pointer: &str) -> &Value {
        self.counted.pointer(pointer).unwrap_or_else(|| panic!("world.py tells no {pointer}"))
    }

    /// A text of what was counted.
    pub(crate) fn text(&self, pointer: &str) -> &str {
        self.at(pointer).as_str().unwrap_or_else(|| panic!("{pointer} is no text"))
    }

    /// The list at a place of what was counted.
    pub(crate) fn list(&self, pointer: &str) -> &[Value] {
        self.at(pointer).as_array().unwrap_or_else(|| panic!("{pointer} is no list"))
    }

    /// Every subnet.
    pub(crate) fn subnets(&self) -> impl Iterator<Item = &Value> {
        self.at("/subnets").as_object().into_iter().flatten().map(|(_, row)| row)
    }

    /// The subnets of a VPC by its name.
    pub(crate) fn subnets_of(&self, vpc: &str) -> Vec<&Value> {
        let vpc = self.at(&format!("/vpcs/{vpc}"));
        self.subnets().filter(|row| row["vpc_id"] == *vpc).collect()
    }

    /// A subnet by its Name tag.
    pub(crate) fn subnet(&self, name: &str) -> &Value {
        let found = self.subnets().find(|row| row["name"] == name);
        found.unwrap_or_else(|| panic!("no subnet {name} was made"))
    }

    /// A subnet's id by its Name tag.
    pub(crate) fn subnet_id(&self, name: &str) -> &str {
        self.subnet(name)["subnet_id"].as_str().expect("an id is a text")
    }
}
