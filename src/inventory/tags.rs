//! Tags. There are hundreds of thousands of interfaces, so those of interfaces are kept small: a map of the
//! standard library takes half a kilobyte even for one tag.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
};

/// Tags by key.
pub type Tags = BTreeMap<String, String>;

/// Keys that the VPC CNI sets on every interface it makes, or that people set on most
/// (`pkg/awsutils/awsutils.go` of amazon-vpc-cni-k8s). They are not kept once an interface.
const COMMON: [&str; 6] = [
    "Name",
    "cluster.k8s.amazonaws.com/name",
    "eks:eni:owner",
    "eks:nodegroup-name",
    "node.k8s.amazonaws.com/createdAt",
    "node.k8s.amazonaws.com/instance_id",
];

/// An interface's tags, sorted by key. Written and read as [`Tags`] are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EniTags(Box<[(Cow<'static, str>, String)]>);

impl EniTags {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&String> {
        let at = self.0.binary_search_by(|(found, _)| found.as_ref().cmp(key)).ok()?;
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
    pub fn iter(&self) -> impl Iterator<Item = (&str, &String)> {
        self.0.iter().map(|(key, value)| (key.as_ref(), value))
    }
}

impl EniTags {
    /// Of several values of one key the last holds.
    fn of(mut list: Vec<(Cow<'static, str>, String)>) -> Self {
        list.reverse();
        list.sort_by(|(a, _), (b, _)| a.cmp(b));
        list.dedup_by(|(a, _), (b, _)| a == b);
        Self(list.into_boxed_slice())
    }
}

/// Of several values of one key the last holds.
impl FromIterator<(String, String)> for EniTags {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(tags: I) -> Self {
        let kept = |key: String| common(&key).map_or(Cow::Owned(key), Cow::Borrowed);
        Self::of(tags.into_iter().map(|(key, value)| (kept(key), value)).collect())
    }
}

/// The common key that it is.
fn common(key: &str) -> Option<&'static str> {
    COMMON.binary_search(&key).ok().and_then(|at| COMMON.get(at)).copied()
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
        while let Some((Key(key), value)) = map.next_entry()? {
            tags.push((key, value));
        }
        Ok(EniTags::of(tags))
    }
}

/// A key that is read where it stands if it is a common one.
struct Key(Cow<'static, str>);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct KeyVisitor;

impl Visitor<'_> for KeyVisitor {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E>(self, key: &str) -> Result<Key, E> {
        Ok(Key(common(key).map_or_else(|| Cow::Owned(key.to_owned()), Cow::Borrowed)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn common_keys_are_sorted() {
        assert!(COMMON.is_sorted());
    }

    proptest! {
        #[test]
        fn they_say_what_a_map_says(
            list in prop::collection::vec(("[ab]{0,2}|Name|eks:eni:owner", "[xy]"), 0..8),
        ) {
            let map: Tags = list.iter().cloned().collect();
            let small: EniTags = list.into_iter().collect();
            let pairs: Vec<_> = map.iter().map(|(key, value)| (key.as_str(), value)).collect();
            prop_assert_eq!(small.iter().collect::<Vec<_>>(), pairs);
            prop_assert_eq!(small.is_empty(), map.is_empty());
            for key in ["", "a", "bb", "Name", "eks:eni:owner", "z"] {
                prop_assert_eq!(small.get(key), map.get(key));
                prop_assert_eq!(small.contains_key(key), map.contains_key(key));
            }
            let text = serde_json::to_string(&map).unwrap();
            prop_assert_eq!(&serde_json::to_string(&small).unwrap(), &text);
            prop_assert_eq!(serde_json::from_str::<EniTags>(&text).unwrap(), small);
        }
    }
}
