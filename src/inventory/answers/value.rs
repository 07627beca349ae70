//! Small readers of values: addresses that name what they could not read, and values that may be
//! of any kind.

use std::{fmt, marker::PhantomData, net::Ipv4Addr};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};

use crate::network::read_ipv4;

/// An IPv4 address whose error names the text.
pub(super) struct Address(pub(super) Ipv4Addr);

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Ipv4Visitor)
    }
}

/// Reads the text where it stands: a large answer has millions.
struct Ipv4Visitor;

impl Visitor<'_> for Ipv4Visitor {
    type Value = Address;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Address, E> {
        let address = read_ipv4(text.as_bytes()).map(Address);
        address.ok_or_else(|| E::custom(format!("`{text}` is not an IPv4 address")))
    }
}

/// A list that may be missing or null.
pub(super) type Maybe<T> = Option<Vec<T>>;

/// An object read as `T`; anything else (a string, a number, a list) is `None`. For keys that
/// files of other kinds may use in another sense.
pub(super) struct IfObject<T>(pub(super) Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for IfObject<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IfObjectVisitor(PhantomData))
    }
}

struct IfObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for IfObjectVisitor<T> {
    type Value = IfObject<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|value| IfObject(Some(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(IfObject(None))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(IfObject(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(IfObject(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(IfObject(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(IfObject(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(IfObject(None))
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(IfObject(None))
    }
}

/// A value of one kind; anything else is `None`.
pub(super) struct If<T>(pub(super) Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for If<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum OrOther<T> {
            Wanted(T),
            Other(IgnoredAny),
        }
        Ok(Self(match OrOther::deserialize(deserializer)? {
            OrOther::Wanted(value) => Some(value),
            OrOther::Other(IgnoredAny) => None,
        }))
    }
}

/// A list of names.
pub(super) type IfNames = If<Vec<String>>;
/// A text.
pub(super) type IfText = If<String>;
/// A small whole number.
pub(super) type IfNumber = If<u32>;
/// A truth value.
pub(super) type IfTruth = If<bool>;

/// A list whose elements that are objects are read; anything else is an empty list.
pub(super) struct IfList<T>(pub(super) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for IfList<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IfListVisitor(PhantomData))
    }
}

struct IfListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for IfListVisitor<T> {
    type Value = IfList<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or any other value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut rows = Vec::new();
        while let Some(IfObject(row)) = list.next_element()? {
            rows.extend(row);
        }
        Ok(IfList(rows))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(IfList(Vec::new()))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(IfList(Vec::new()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(IfList(Vec::new()))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(IfList(Vec::new()))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(IfList(Vec::new()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(IfList(Vec::new()))
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(IfList(Vec::new()))
    }
}
