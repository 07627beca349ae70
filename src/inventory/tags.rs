//! Tags. There are hundreds of thousands of interfaces, so those of interfaces are kept small: a map of the
//! standard library takes half a kilobyte even for one tag.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
};

use super::Word;

/// Tags by key.
pub type Tags = BTreeMap<String, String>;

/// Tags of whatever it is.
#[derive(Debug, Clone, Copy)]
pub enum AnyTags<'a> {
    /// Of what there are few.
    Few(&'a Tags),
    /// Of what there are many.
    Many(&'a EniTags),
}

impl<'a> AnyTags<'a> {
    /// The value of a key.
    #[must_use]
    pub fn get(self, key: &str) -> Option<&'a str> {
        match self {
            Self::Few(tags) => tags.get(key).map(String::as_str),
            Self::Many(tags) => tags.get(key),
        }
    }
}

/// An interface's or an instance's tags, sorted by key. Written and read as [`Tags`] are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EniTags(Box<[(Word, Word)]>);

impl EniTags {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.word(key).map(Word::as_str)
    }

    /// The same, to be shared.
    #[must_use]
    pub fn word(&self, key: &str) -> Option<&Word> {
        let at = self.0.binary_search_by(|(found, _)| found.as_str().cmp(key)).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    /// Whether there is a key.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Whether there is no tag.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keys and values, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

impl EniTags {
    /// Of several values of one key the last holds.
    fn of(mut list: Vec<(Word, Word)>) -> Self {
        list.reverse();
        list.sort_by(|(a, _), (b, _)| a.cmp(b));
        list.dedup_by(|(a, _), (b, _)| a == b);
        Self(list.into_boxed_slice())
    }
}

/// Of several values of one key the last holds.
impl<K: Into<Word>, V: Into<Word>> FromIterator<(K, V)> for EniTags {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(tags: I) -> Self {
        Self::of(tags.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

impl From<Tags> for EniTags {
    fn from(tags: Tags) -> Self {
        tags.into_iter().collect()
    }
}

impl Serialize for EniTags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for EniTags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TagsVisitor)
    }
}

struct TagsVisitor;

impl<'de> Visitor<'de> for TagsVisitor {
    type Value = EniTags;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<EniTags, A::Error> {
        let mut tags = Vec::new();
        while let Some(tag) = map.next_entry()? {
            tags.push(tag);
        }
        Ok(EniTags::of(tags))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn they_say_what_a_map_says(
            list in prop::collection::vec(("[ab]{0,2}|Name|eks:eni:owner", "[xy]"), 0..8),
        ) {
            let map: Tags = list.iter().cloned().collect();
            let small: EniTags = list.into_iter().collect();
            let pairs: Vec<_> = map.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
            prop_assert_eq!(small.iter().collect::<Vec<_>>(), pairs);
            prop_assert_eq!(small.is_empty(), map.is_empty());
            for key in ["", "a", "bb", "Name", "eks:eni:owner", "z"] {
                prop_assert_eq!(small.get(key), map.get(key).map(String::as_str));
                prop_assert_eq!(small.contains_key(key), map.contains_key(key));
            }
            let text = serde_json::to_string(&map).unwrap();
            prop_assert_eq!(&serde_json::to_string(&small).unwrap(), &text);
            prop_assert_eq!(serde_json::from_str::<EniTags>(&text).unwrap(), small);
        }
    }
}
