//! The ENIs that an instance's own row names. There are as many as ENIs, so they are kept small: a list of
//! ids under each subnet.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
};

use super::Word;

/// An ENI as the row of its instance shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NamedEni {
    /// Its id.
    pub interface_id: Option<String>,
    /// Its subnet.
    pub subnet_id: Option<Word>,
    /// The account it belongs to.
    pub owner_id: Option<Word>,
}

/// Ids of ENIs by subnet, sorted, each once. Written and read as a map of lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NamedEnis(Box<[InSubnet]>);

/// Those in one subnet.
type InSubnet = (Word, Box<[Box<str>]>);

impl NamedEnis {
    /// Those of an instance of this account that it sees, `None` without any: every instance that runs has
    /// an ENI. One of another account, which may permit that it is attached, only that account is shown.
    #[must_use]
    pub fn seen(owner: Option<&str>, rows: impl Iterator<Item = NamedEni>) -> Option<Self> {
        let is_own = |eni: &NamedEni| {
            owner.zip(eni.owner_id.as_deref()).is_none_or(|(owner, its)| owner == its)
        };
        let named = |eni: NamedEni| Some((eni.subnet_id?, eni.interface_id?));
        rows.filter(is_own).filter_map(named).collect::<Self>().unless_empty()
    }

    /// Each subnet with an ENI in it.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|(subnet, enis)| enis.iter().map(|eni| (subnet.as_str(), &**eni)))
    }

    /// Each subnet with the ENIs in it.
    pub fn subnets(&self) -> impl Iterator<Item = (&str, &[Box<str>])> {
        self.0.iter().map(|(subnet, enis)| (subnet.as_str(), &**enis))
    }

    /// Whether an ENI of a subnet is among them.
    #[must_use]
    pub fn contains(&self, subnet: &str, eni: &str) -> bool {
        let mut subnets = self.subnets();
        subnets.any(|(its, enis)| its == subnet && enis.iter().any(|own| **own == *eni))
    }

    /// Those that are kept.
    #[must_use]
    pub fn kept(&self, keep: impl Fn(&str) -> bool) -> Self {
        let kept = self.iter().filter(|(_, eni)| keep(eni));
        kept.map(|(subnet, eni)| (subnet.into(), eni.to_owned())).collect()
    }

    /// Those of several readings, all together.
    #[must_use]
    pub fn all_of<'a>(readings: impl Iterator<Item = &'a Self>) -> Option<Self> {
        let all = readings.flat_map(Self::iter);
        let all = all.map(|(subnet, eni)| (subnet.into(), eni.to_owned()));
        all.collect::<Self>().unless_empty()
    }

    fn unless_empty(self) -> Option<Self> {
        (!self.0.is_empty()).then_some(self)
    }

    fn of(mut rows: Vec<(Word, Box<str>)>) -> Self {
        // An empty id is none.
        rows.retain(|(subnet, eni)| !subnet.is_empty() && !eni.is_empty());
        rows.sort_unstable();
        rows.dedup();
        let same = |a: &(Word, _), b: &(Word, _)| a.0 == b.0;
        let mut rest = rows.into_iter();
        let mut subnets = Vec::new();
        let lengths: Vec<usize> = rest.as_slice().chunk_by(same).map(<[_]>::len).collect();
        for length in lengths {
            let (mut subnet, mut enis) = (None, Vec::with_capacity(length));
            for (word, eni) in rest.by_ref().take(length) {
                subnet = Some(word);
                enis.push(eni);
            }
            subnets.extend(subnet.map(|subnet| (subnet, enis.into_boxed_slice())));
        }
        Self(subnets.into_boxed_slice())
    }
}

impl FromIterator<(Word, String)> for NamedEnis {
    fn from_iter<I: IntoIterator<Item = (Word, String)>>(rows: I) -> Self {
        Self::of(rows.into_iter().map(|(subnet, eni)| (subnet, eni.into_boxed_str())).collect())
    }
}

impl Serialize for NamedEnis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(subnet, enis)| (subnet, enis)))
    }
}

impl<'de> Deserialize<'de> for NamedEnis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(NamedVisitor)
    }
}

struct NamedVisitor;

impl<'de> Visitor<'de> for NamedVisitor {
    type Value = NamedEnis;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of lists")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<NamedEnis, A::Error> {
        let mut rows = Vec::new();
        while let Some((subnet, enis)) = map.next_entry::<Word, Vec<Box<str>>>()? {
            rows.extend(enis.into_iter().map(|eni| (subnet.clone(), eni)));
        }
        Ok(NamedEnis::of(rows))
    }
}

/// The form in which they are written.
pub(super) type Written = BTreeMap<String, Vec<String>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_sorted_and_written_as_they_are_read() {
        let rows = [("subnet-b", "eni-3"), ("subnet-a", "eni-2"), ("subnet-b", "eni-1")];
        let rows = rows.into_iter().chain([("subnet-b", "eni-3")]);
        let named: NamedEnis =
            rows.map(|(subnet, eni)| (Word::from(subnet), eni.to_owned())).collect();
        let sorted = [("subnet-a", "eni-2"), ("subnet-b", "eni-1"), ("subnet-b", "eni-3")];
        assert_eq!(named.iter().collect::<Vec<_>>(), sorted);
        let text = serde_json::to_string(&named).unwrap();
        assert_eq!(text, r#"{"subnet-a":["eni-2"],"subnet-b":["eni-1","eni-3"]}"#);
        let read: Written = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        assert_eq!(serde_json::from_str::<NamedEnis>(&text).unwrap(), named);
        let mixed = r#"{"subnet-b":["eni-3","eni-1"],"subnet-c":[""],"":["eni-1"],"subnet-a":["eni-2","eni-2"]}"#;
        assert_eq!(serde_json::from_str::<NamedEnis>(mixed).unwrap(), named);
        assert!(named.contains("subnet-b", "eni-1") && !named.contains("subnet-b", "eni-2"));
        let kept = named.kept(|eni| eni == "eni-2");
        assert_eq!(kept.iter().collect::<Vec<_>>(), [("subnet-a", "eni-2")]);
        assert_eq!(named.kept(|_| false), NamedEnis::default());
        let none = NamedEnis::default();
        assert_eq!(NamedEnis::all_of([&kept, &none, &named].into_iter()), Some(named));
    }
}
