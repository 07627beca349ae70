//! Saved answers of the AWS CLI and of kubectl.

use std::{collections::BTreeSet, fmt};

use eksnet::{
    instance::DescribedType,
    inventory::{
        Inventory,
        answers::{Answers, AnswersError, is_metrics},
    },
};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::world;

/// A file: its name, and what stands in it.
type File<'a> = (&'a str, &'a str);
/// What comes of files.
type Read = (Result<Inventory, AnswersError>, Vec<DescribedType>);

/// Files of the AWS CLI. A line that begins with `%` names the file that the lines behind it are.
pub(super) fn answers(data: &[u8]) {
    files_beside(data, Answers::default);
}

/// Files of kubectl beside the answers of a small VPC.
pub(super) fn kubectl(data: &[u8]) {
    files_beside(data, world::answers);
}

/// The metrics of the node of a small VPC.
pub(super) fn node_metrics(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    // What is recognised is read whatever it is named; the name may say whose it is.
    for name in ["x.prom", "ip-10-0-0-10.prom", "i-1.txt"] {
        let read = || {
            let mut answers = world::answers();
            let found = answers.read_metrics(name, text).map_err(|error| error.to_string())?;
            Ok::<_, String>((found, answers.into_inventory().expect("the VPC has subnets")))
        };
        let first = read();
        assert_eq!(first, read(), "read twice");
        let _by_its_beginning = is_metrics(name, text);
        if let Ok((_, inventory)) = first {
            world::observed(&inventory);
        }
    }
}

fn files_beside(data: &[u8], start: fn() -> Answers) {
    let Ok(text) = str::from_utf8(data) else { return };
    let files = files(text);
    let read = read(&files, start());
    assert_eq!(read, self::read(&files, start()), "read twice");
    if let Some(compact) = written_anew(&files, Value::to_string)
        && let Some(spread) = written_anew(&files, |value| format!("{value:#}"))
    {
        for anew in [compact, spread] {
            let anew: Vec<File<'_>> =
                anew.iter().map(|(name, text)| (*name, text.as_str())).collect();
            assert_eq!(read.is_ok(), self::read(&anew, start()).is_ok(), "{anew:?}");
            if read.is_ok() {
                assert_eq!(read, self::read(&anew, start()), "written anew");
            }
        }
    }
    if let Ok((Ok(inventory), _)) = read {
        world::observed(&inventory);
    }
}

/// The files of a text.
fn files(text: &str) -> Vec<File<'_>> {
    let text = text.strip_prefix('%').unwrap_or(text);
    text.split("\n%").map(|file| file.split_once('\n').unwrap_or(("subnets.json", file))).collect()
}

fn read(files: &[File<'_>], mut answers: Answers) -> Result<Read, String> {
    for (name, text) in files {
        let is_yaml = name.contains(".yaml");
        let read = if is_yaml {
            answers.read_yaml(name, text)
        } else {
            answers.read(name, text.as_bytes())
        };
        // Where a text is wrong is said in lines and columns, which differ where it is written anew.
        read.map_err(|error| error.to_string())?;
    }
    let types = answers.take_instance_types();
    Ok((answers.into_inventory(), types))
}

/// The files with their JSON written anew, which says the same; `None` where one is not JSON whose keys
/// stand once.
fn written_anew<'a>(
    files: &[File<'a>],
    write: impl Fn(&Value) -> String,
) -> Option<Vec<(&'a str, String)>> {
    let anew = |(name, text): &File<'a>| {
        let Once(value) = serde_json::from_str(text).ok()?;
        let value = value?;
        Some((*name, write(&value)))
    };
    files.iter().map(anew).collect()
}

use serde_json::Value;

/// A value of JSON; `None` where a key stands twice, or a number is written so that it would be written
/// otherwise.
struct Once(Option<Value>);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visit)
    }
}

struct Visit;

impl<'de> Visitor<'de> for Visit {
    type Value = Once;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Once, E> {
        Ok(Once(Some(Value::Null)))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Once, E> {
        Ok(Once(Some(value.into())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Once, E> {
        Ok(Once(Some(value.into())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Once, E> {
        Ok(Once(Some(value.into())))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Once, E> {
        Ok(Once(None))
    }

    fn visit_str<E>(self, value: &str) -> Result<Once, E> {
        Ok(Once(Some(value.into())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Once, A::Error> {
        let mut all = Some(Vec::new());
        while let Some(Once(item)) = items.next_element()? {
            all = all.zip(item).map(|(mut all, item)| {
                all.push(item);
                all
            });
        }
        Ok(Once(all.map(Value::Array)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Once, A::Error> {
        let (mut all, mut seen) = (Some(serde_json::Map::new()), BTreeSet::new());
        while let Some((key, Once(value))) = fields.next_entry::<String, Once>()? {
            let value = value.filter(|_| seen.insert(key.clone()));
            all = all.zip(value).map(|(mut all, value)| {
                all.insert(key, value);
                all
            });
        }
        Ok(Once(all.map(Value::Object)))
    }
}
