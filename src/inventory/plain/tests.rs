//! Held against serde_json.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;

use super::*;

/// Every kind of field that rows have.
#[derive(Debug, PartialEq, Deserialize)]
struct Sample {
    a: Option<String>,
    #[serde(default)]
    b: Vec<u32>,
    c: Option<i64>,
    d: Option<bool>,
    e: Option<Choice>,
    f: Option<BTreeMap<String, Value>>,
    g: Option<IgnoredAny>,
    h: Option<Box<Sample>>,
    i: Option<(u8, std::net::Ipv4Addr)>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Choice {
    One,
    Two,
}

const TEXT: &str = "{\n    \"a\": \"x\\u00e9\\\"\u{e9}y and more of it\",\n    \"b\": [1, 20 ,4294967295],\n\t\"c\": -12,\r\n    \
                    \"d\": true, \"e\":\"one\",\n                    \"f\": {\"k\": [null, {\"l\": 305, \"m\\n\": -7}], \
                    \"n\": \"\\ud83d\\ude00\"},\n    \"g\": [{\"o\": \"\\u12aB \\\\ \\/ }\", \"p\": -0.1e+9}, [], {}, false, \
                    \"long enough for words\"],\n \"h\": {\"c\": 9007199254740993, \"d\": null, \"x\": 1}, \"i\": [7, \
                    \"10.0.0.1\"]}   ";

fn texts() -> impl Strategy<Value = Vec<u8>> {
    let slip = (0..TEXT.len(), any::<u8>(), 0..5);
    prop::collection::vec(slip, 0..4).prop_map(|slips| {
        let mut text = TEXT.as_bytes().to_vec();
        for (at, byte, kind) in slips {
            let at = at.min(text.len().saturating_sub(1));
            let telling = b" \n,:[]{}\"\\0-.eu\x7f\x80\x01";
            let byte = telling.get(usize::from(byte)).copied().unwrap_or(byte);
            match kind {
                0 => text.truncate(at),
                1 => text.insert(at, byte),
                2 => text.splice(at..=at, [byte]).for_each(drop),
                3 => text.splice(at..=at, []).for_each(drop),
                _ => text.splice(at..at, TEXT.bytes().skip(at).take(9)).for_each(drop),
            }
            if text.is_empty() {
                text.push(byte);
            }
        }
        text
    })
}

/// What serde_json reads, with the bytes it takes.
fn whole<T: de::DeserializeOwned>(text: &[u8]) -> Option<(T, usize)> {
    let mut values = serde_json::Deserializer::from_slice(text).into_iter();
    let value = values.next()?.ok()?;
    Some((value, values.byte_offset()))
}

#[test]
fn what_is_right_is_not_left() {
    let text = TEXT;
    assert!(object::<Sample>(text.as_bytes()).is_some());
    assert_eq!(object::<Sample>(text.as_bytes()), whole(text.as_bytes()));
}

#[test]
fn what_is_not_utf8_is_left() {
    for text in [&b"{\"\x80\": 1}"[..], b"{\"a\": \"\xff\"}", b"{\"f\": {\"\xc3\": 1}}"] {
        assert!(object::<Sample>(text).is_none());
    }
}

#[test]
fn what_is_deep_is_left() {
    let deep = |levels| format!("{{\"g\": {}{}}}", "[".repeat(levels), "]".repeat(levels));
    assert!(object::<Sample>(deep(90).as_bytes()).is_some());
    assert!(object::<Sample>(deep(100_000).as_bytes()).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// What is read is what serde_json reads, and nothing is read that it refuses.
    #[test]
    fn it_reads_as_serde_json_does(text in texts()) {
        if let Some(read) = object::<Sample>(&text) {
            prop_assert_eq!(whole(&text), Some(read));
        }
        if let Some(read) = object::<Value>(&text) {
            prop_assert_eq!(whole(&text), Some(read));
        }
        if let Some((_, length)) = object::<IgnoredAny>(&text) {
            prop_assert_eq!(whole::<IgnoredAny>(&text).map(|(_, length)| length), Some(length));
        }
    }

    /// White space of any kind and length is passed over.
    #[test]
    fn white_space_is_nothing(white in prop::collection::vec("[ \n\r\t]{0,40}", 9)) {
        let parts = ["{", "\"a\"", ":", "\"b c\"", ",", "\"d\"", ":", "true", "}"];
        let text: String = parts.iter().zip(&white).flat_map(|(part, white)| [white, *part]).collect();
        prop_assert_eq!(object::<Sample>(text.as_bytes()), whole(text.as_bytes()));
        prop_assert!(object::<Sample>(text.as_bytes()).is_some());
    }
}
