//! Words that many interfaces share, such as an account, a subnet or the key of a tag. There are hundreds of thousands of
//! interfaces, so who reads them keeps the same word once and not once an interface.

use std::{borrow::Cow, cell::RefCell, fmt, ops::Deref, sync::Arc};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Visitor},
};

/// How many words a thread has in mind.
const IN_MIND: usize = 64;

/// A text that may be shared.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(Arc<str>);

thread_local! {
    /// The latest of those that fall into the same place.
    static LATEST: RefCell<[Option<Word>; IN_MIND]> = const { RefCell::new([const { None }; IN_MIND]) };
}

/// The place of a word: words of one kind, such as the ids of VPCs, differ near their end.
fn place(text: &str) -> usize {
    let bytes = text.as_bytes().iter().rev().take(8);
    bytes.fold(text.len(), |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)))
        % IN_MIND
}

impl Word {
    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Word {
    fn default() -> Self {
        Self::from("")
    }
}

impl From<&str> for Word {
    fn from(text: &str) -> Self {
        LATEST.with_borrow_mut(|latest| {
            let Some(latest) = latest.get_mut(place(text)) else { return Self(text.into()) };
            match latest {
                Some(word) if **word == *text => word.clone(),
                _ => latest.insert(Self(text.into())).clone(),
            }
        })
    }
}

impl From<String> for Word {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl Deref for Word {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(WordVisitor)
    }
}

struct WordVisitor;

impl Visitor<'_> for WordVisitor {
    type Value = Word;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Word, E> {
        Ok(text.into())
    }
}

impl JsonSchema for Word {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        String::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_word_is_kept_once() {
        let words: Vec<Word> = ["vpc-1", "vpc-2", "vpc-1"].map(Word::from).to_vec();
        assert!(Arc::ptr_eq(&words[0].0, &words[2].0));
        assert_eq!(words, ["vpc-1", "vpc-2", "vpc-1"].map(|text| Word(text.into())));
    }

    #[test]
    fn it_is_written_and_read_as_a_text() {
        let word: Word = serde_json::from_str("\"a \\u00fc\"").unwrap();
        assert_eq!((&*word, serde_json::to_string(&word).unwrap()), ("a ü", "\"a ü\"".to_owned()));
        let error = serde_json::from_str::<Word>("5").unwrap_err().to_string();
        assert_eq!(error, serde_json::from_str::<String>("5").unwrap_err().to_string());
    }
}
