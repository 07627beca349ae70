//! `defaults:` of `.eksnet.yaml`: flags by their long names, for all commands and for each.

use std::{fmt, sync::OnceLock};

use clap::Command;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value, json};

use super::value::{self, fits};
use crate::{
    cli,
    nearest::meant,
    yaml::{YamlError, read},
};

/// A flag's default as it is written.
#[derive(Debug, Clone)]
pub(super) struct Written {
    /// The commands it is for, such as `limits verify`; empty for all.
    pub(super) command: String,
    /// The flag's long name.
    pub(super) flag: String,
    /// Its values.
    pub(super) values: Vec<String>,
}

/// The file, of which only this much is read here: what is wrong with a policy is for the audit to say.
#[derive(Deserialize)]
struct File {
    version: Option<u64>,
    defaults: Option<Table>,
}

struct Table(Vec<Written>);

/// Reads the defaults of a file.
///
/// # Errors
/// When it is no YAML, or a default is for no command, no flag, or not a value of the flag.
pub(super) fn parse(text: &str) -> Result<Vec<Written>, YamlError> {
    let file: File = read(text)?;
    let Some(Table(written)) = file.defaults else { return Ok(Vec::new()) };
    match file.version {
        Some(1) => Ok(written),
        Some(other) => Err(YamlError::of_whole(format!("version {other} is not known: write 1"))),
        None => Err(YamlError::of_whole("the key `version` is missing: write `version: 1`".into())),
    }
}

/// Every command, as the keys of the table name them.
pub(super) fn commands() -> &'static Command {
    static COMMANDS: OnceLock<Command> = OnceLock::new();
    COMMANDS.get_or_init(|| {
        let mut command = cli::command();
        command.build();
        command
    })
}

impl<'de> Deserialize<'de> for Table {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut written = Vec::new();
        Of { command: commands(), path: String::new(), written: &mut written }
            .deserialize(deserializer)?;
        Ok(Self(written))
    }
}

/// The table of a command, while it is read.
struct Of<'a> {
    command: &'static Command,
    path: String,
    written: &'a mut Vec<Written>,
}

impl<'de> DeserializeSeed<'de> for Of<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Of<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("flags by their long names, such as {output: wide}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(Key { command: self.command, path: &self.path })? {
            map.next_value_seed(OfKey {
                command: self.command,
                path: &self.path,
                name,
                written: self.written,
            })?;
        }
        Ok(())
    }
}

/// A key: a flag of the command or of one below it, or such a command.
struct Key<'a> {
    command: &'static Command,
    path: &'a str,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        let name = String::deserialize(deserializer)?;
        let flags = value::flags(self.command);
        if below(self.command, &name).is_some() || flags.contains(&name.as_str()) {
            return Ok(name);
        }
        let known = flags.into_iter().chain(names(self.command));
        let of = if self.path.is_empty() { "eksnet" } else { self.path };
        Err(D::Error::custom(format!("`{of}` has no flag `{name}`{}", meant(&name, known))))
    }
}

fn names(command: &'static Command) -> impl Iterator<Item = &'static str> {
    command.get_subcommands().map(Command::get_name).filter(|name| *name != "help")
}

fn below(command: &'static Command, name: &str) -> Option<&'static Command> {
    command.get_subcommands().find(|command| command.get_name() == name && name != "help")
}

/// The value of a key: a table for a command, one or several values for a flag.
struct OfKey<'a> {
    command: &'static Command,
    path: &'a str,
    name: String,
    written: &'a mut Vec<Written>,
}

impl OfKey<'_> {
    fn add<E: Error>(self, values: Vec<String>) -> Result<(), E> {
        let (flag, command) = (self.name, self.path.to_owned());
        let flags = value::all(self.command, &flag);
        if flags.is_empty() {
            return Err(E::custom(format!("`{flag}` is a command: write its flags below it")));
        }
        // A value need not be one for every command: `wide` is no format of some.
        let faults: Vec<String> = flags.iter().map_while(|arg| fits(arg, &values).err()).collect();
        if let (Some(fault), true) = (faults.first(), faults.len() == flags.len()) {
            return Err(E::custom(fault));
        }
        self.written.push(Written { command, flag, values });
        Ok(())
    }

    fn one<E: Error>(self, value: impl fmt::Display) -> Result<(), E> {
        self.add(vec![value.to_string()])
    }
}

impl<'de> DeserializeSeed<'de> for OfKey<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for OfKey<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a value of `{}`, or a list of them", self.name)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.one(value)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.one(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.one(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.one(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.one(value)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Err(E::custom(format!("`{}` has no value: give it one, or leave it out", self.name)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut values = Vec::new();
        while let Some(Scalar(value)) = list.next_element()? {
            values.push(value);
        }
        self.add(values)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let Some(command) = below(self.command, &self.name) else {
            return Err(A::Error::custom(format!("`{}` is a flag and takes values", self.name)));
        };
        let path = format!("{} {}", self.path, self.name).trim_start().to_owned();
        Of { command, path, written: self.written }.visit_map(map)
    }
}

/// A single value in a list.
struct Scalar(String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Any {
            Bool(bool),
            Whole(i64),
            Number(f64),
            Text(String),
        }
        Ok(Self(match Any::deserialize(deserializer)? {
            Any::Bool(value) => value.to_string(),
            Any::Whole(value) => value.to_string(),
            Any::Number(value) => value.to_string(),
            Any::Text(value) => value,
        }))
    }
}

/// The JSON Schema of the table.
pub(in crate::command) fn schema() -> Value {
    let mut schema = of_command(commands());
    if let Some(schema) = schema.as_object_mut() {
        let about = "Flags by their long names: their values unless they are typed. Those of one command \
                     stand below its name.";
        schema.insert("description".to_owned(), about.into());
    }
    schema
}

fn of_command(command: &'static Command) -> Value {
    let mut properties = Map::new();
    for flag in value::flags(command) {
        let about = value::all(command, flag).first().and_then(|arg| arg.get_help()).cloned();
        let about = about.map(|text| text.to_string()).unwrap_or_default();
        let scalar = json!({"type": ["string", "number", "boolean"]});
        let form = json!([scalar, {"type": "array", "items": scalar}]);
        properties.insert(flag.to_owned(), json!({"description": about, "anyOf": form}));
    }
    for name in names(command) {
        let Some(next) = below(command, name) else { continue };
        let own = of_command(next);
        let form = match properties.remove(name) {
            Some(flag) => json!({"anyOf": [flag, own]}),
            None => own,
        };
        properties.insert(name.to_owned(), form);
    }
    let about = format!("Defaults of `{}`.", command.get_bin_name().unwrap_or("eksnet"));
    json!({
        "description": about,
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}
