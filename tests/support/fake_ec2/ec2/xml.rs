//! Writing saved answers as XML.

use std::borrow::Cow;

use serde_json::Value;

use super::names::{Place, wire_name};

/// Writes the fields of an object, each as an element.
pub(super) fn fields(out: &mut String, object: &Value, place: Place) {
    for (field, value) in object.as_object().into_iter().flatten() {
        element(out, &wire_name(field, place), value);
    }
}

/// Writes a value as an element; a value that is null leaves none.
pub(super) fn element(out: &mut String, name: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(flag) => wrap(out, name, if *flag { "true" } else { "false" }),
        Value::Number(number) => wrap(out, name, &number.to_string()),
        Value::String(text) if name.ends_with("Time") => wrap(out, name, &time(text)),
        Value::String(text) => wrap(out, name, &escape(text)),
        Value::Array(items) => {
            let mut inner = String::new();
            for item in items {
                element(&mut inner, item_name(name), item);
            }
            wrap(out, name, &inner);
        }
        Value::Object(_) => {
            let mut inner = String::new();
            fields(&mut inner, value, Place::Elsewhere);
            wrap(out, name, &inner);
        }
    }
}

/// Writes an element around what is XML already.
pub(super) fn wrap(out: &mut String, name: &str, inner: &str) {
    out.push('<');
    out.push_str(name);
    if inner.is_empty() {
        out.push_str("/>");
    } else {
        out.push('>');
        out.push_str(inner);
        out.push_str("</");
        out.push_str(name);
        out.push('>');
    }
}

/// Text as it may stand in an element. What XML has no way to say becomes the replacement
/// character.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    let plain =
        |c: char| !c.is_control() && !matches!(c, '&' | '<' | '>' | '\u{fffe}'..='\u{ffff}');
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // Left alone, a parser would turn it into a line feed.
            '\r' => escaped.push_str("&#13;"),
            '\t' | '\n' | '\u{7f}'..='\u{9f}' => escaped.push(c),
            c if plain(c) => escaped.push(c),
            _ => escaped.push(char::REPLACEMENT_CHARACTER),
        }
    }
    Cow::Owned(escaped)
}

/// The one list of the interface whose items are called otherwise is that of the accelerators.
fn item_name(list: &str) -> &'static str {
    if list == "accelerators" { "member" } else { "item" }
}

/// The command line prints times with an offset; the service sends them in UTC.
fn time(text: &str) -> Cow<'_, str> {
    text.parse::<jiff::Timestamp>().map_or_else(
        |_| escape(text),
        |time| Cow::Owned(time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()),
    )
}
