//! Where the objects of files stand, so that two of one name are told.

use serde::Serialize;
use serde_json::Value;

use super::place::{DeclaredError, Place};

/// An object that was read.
#[derive(Debug, Clone, PartialEq)]
struct Origin {
    kind: &'static str,
    name: String,
    file: String,
    line: Option<u64>,
    says: Value,
}

/// The objects that were read, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Origins(Vec<Origin>);

impl Origins {
    /// Takes in an object; whether it is a new one. A copy is none.
    pub(super) fn is_new<T: Serialize>(
        &mut self,
        kind: &'static str,
        name: &str,
        at: &Place<'_>,
        object: &T,
    ) -> Result<bool, DeclaredError> {
        let origin = Origin {
            kind,
            name: name.to_owned(),
            file: at.source.file.to_owned(),
            line: at.line(),
            says: serde_json::to_value(object).unwrap_or(Value::Null),
        };
        self.take(origin)
    }

    /// The same for an object of another file.
    pub(super) fn is_new_from(
        &mut self,
        other: &Self,
        kind: &str,
        name: &str,
    ) -> Result<bool, DeclaredError> {
        let found = other.0.iter().find(|origin| origin.kind == kind && origin.name == name);
        found.map_or(Ok(true), |origin| self.take(origin.clone()))
    }

    /// Leaves out the objects of a kind.
    pub(super) fn forget(&mut self, kind: &str) {
        self.0.retain(|origin| origin.kind != kind);
    }

    fn take(&mut self, origin: Origin) -> Result<bool, DeclaredError> {
        let is_it = |other: &&Origin| other.kind == origin.kind && other.name == origin.name;
        match self.0.iter().find(is_it) {
            Some(other) if other.says == origin.says => Ok(false),
            Some(other) => Err(other.clash(&origin)),
            None => {
                self.0.push(origin);
                Ok(true)
            }
        }
    }
}

impl Origin {
    fn clash(&self, other: &Self) -> DeclaredError {
        let error = |of: &Self, message| DeclaredError {
            file: of.file.clone(),
            line: of.line,
            message,
            hint: None,
        };
        let first = error(self, String::new()).place();
        let (kind, name) = (self.kind, &self.name);
        let message = format!("{kind} `{name}` is in {first} too, with other settings");
        error(other, message)
            .hinted("a name stands for one object in a cluster: remove or rename one of the two")
    }
}
