//! The JSON document as YAML: what is written as JSON is read again and written out, so that the two cannot
//! say different things.

use std::{
    borrow::Cow,
    fmt,
    io::{self, Write},
};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, MapAccess, SeqAccess, Visitor},
    ser::{SerializeMap as _, SerializeSeq as _},
};
use serde_saphyr::{DoubleQuoted, ser_options};

use super::write_json_line;
use crate::finding::is_invisible;

/// Writes a document as YAML that reads back as the JSON document.
///
/// # Errors
/// When the writer fails.
pub fn write_yaml<T: Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    let mut json = Vec::new();
    write_json_line(value, &mut json)?;
    let node: Node = serde_json::from_slice(&json)?;
    drop(json);
    let options = ser_options! { prefer_block_scalars: false };
    let mut visible = Visible { out, line: String::new(), failed: None };
    let written = serde_saphyr::to_fmt_writer_with_options(&mut visible, &node, options);
    match (visible.failed.take(), written) {
        (Some(error), _) => Err(error),
        (None, Err(error)) => Err(io::Error::other(error)),
        (None, Ok(())) => visible.end_line(),
    }
}

/// A JSON value whose objects keep their order.
enum Node {
    Null,
    Truth(bool),
    Whole(u64),
    Negative(i64),
    Real(f64),
    Text(String),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_unit(),
            Self::Truth(truth) => to.serialize_bool(*truth),
            Self::Whole(number) => to.serialize_u64(*number),
            Self::Negative(number) => to.serialize_i64(*number),
            Self::Real(number) => to.serialize_f64(*number),
            Self::Text(text) => Text(text).serialize(to),
            Self::List(items) => {
                let mut list = to.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Self::Object(fields) => {
                let mut map = to.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    map.serialize_entry(&Text(name), value)?;
                }
                map.end()
            }
        }
    }
}

/// A text, in double quotes where something of it shows as nothing: only there it can be escaped. A name of
/// an object's field does not take them from here; see [`visible`].
struct Text<'a>(&'a str);

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if self.0.contains(is_invisible) {
            DoubleQuoted(self.0).serialize(to)
        } else {
            to.serialize_str(self.0)
        }
    }
}

/// Escapes what shows as nothing, or changes how other text shows, line by line.
struct Visible<'a> {
    out: &'a mut dyn Write,
    line: String,
    failed: Option<io::Error>,
}

impl Visible<'_> {
    fn end_line(&mut self) -> io::Result<()> {
        if self.line.contains(is_invisible) {
            self.out.write_all(visible(&self.line).as_bytes())?;
        } else {
            self.out.write_all(self.line.as_bytes())?;
        }
        self.line.clear();
        Ok(())
    }
}

impl fmt::Write for Visible<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for part in text.split_inclusive('\n') {
            let (text, end) = part.strip_suffix('\n').map_or((part, ""), |text| (text, "\n"));
            self.line.push_str(text);
            if end.is_empty() {
                continue;
            }
            let written = self.end_line().and_then(|()| self.out.write_all(end.as_bytes()));
            if let Err(error) = written {
                self.failed = Some(error);
                return Err(fmt::Error);
            }
        }
        Ok(())
    }
}

/// A line in which what shows as nothing is escaped. It stands in double quotes, but for a name without
/// any: that one gets them.
fn visible(line: &str) -> String {
    let mut name = line.trim_start_matches(' ');
    while let Some(inner) = name.strip_prefix("- ") {
        name = inner.trim_start_matches(' ');
    }
    let (before, rest) = line.split_at_checked(line.len() - name.len()).unwrap_or((line, ""));
    let plain = rest.split(':').next().filter(|_| !rest.starts_with('"')).unwrap_or_default();
    let (plain, rest) = rest.split_at_checked(plain.len()).unwrap_or(("", rest));
    let plain = if plain.contains(is_invisible) {
        let escaped = plain.replace('\\', "\\\\").replace('"', "\\\"");
        Cow::Owned(format!("\"{escaped}\""))
    } else {
        Cow::Borrowed(plain)
    };
    let escaped = |letter: char| match u32::from(letter) {
        _ if !is_invisible(letter) => letter.to_string(),
        code @ ..=0xffff => format!("\\u{code:04X}"),
        code => format!("\\U{code:08X}"),
    };
    let shown: String = plain.chars().chain(rest.chars()).map(escaped).collect();
    format!("{before}{shown}")
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Node;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a JSON value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Node, E> {
        Ok(Node::Truth(truth))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Whole(number))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Negative(number))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Node, E> {
        Ok(Node::Real(number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Node, E> {
        Ok(Node::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Node, A::Error> {
        let mut object = Vec::new();
        while let Some(field) = fields.next_entry()? {
            object.push(field);
        }
        Ok(Node::Object(object))
    }
}
