//! The types of CEL that an expression over instance types can have. Timestamps and durations are left out.

use std::fmt;

/// A type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    Uint,
    Double,
    Bool,
    Text,
    Bytes,
    Null,
    /// The type of a type.
    Type,
    List(Box<Kind>),
    Map(Box<Kind>, Box<Kind>),
    /// Known when it is evaluated.
    Dyn,
}

impl Kind {
    /// The type that both can stand for; `None` where cel-go sees two types.
    pub(super) fn joined(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Dyn, _) | (_, Self::Dyn) => Some(Self::Dyn),
            (Self::List(own), Self::List(theirs)) => {
                Some(Self::List(Box::new(own.joined(theirs)?)))
            }
            (Self::Map(key, value), Self::Map(other_key, other_value)) => Some(Self::Map(
                Box::new(key.joined(other_key)?),
                Box::new(value.joined(other_value)?),
            )),
            (own, theirs) => (own == theirs).then(|| own.clone()),
        }
    }

    /// The type of the elements of a literal: what is not of one type is of any.
    pub(super) fn of_all(kinds: impl IntoIterator<Item = Self>) -> Self {
        let mut kinds = kinds.into_iter();
        let Some(first) = kinds.next() else { return Self::Dyn };
        kinds.fold(first, |all, next| all.joined(&next).unwrap_or(Self::Dyn))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int => f.write_str("int"),
            Self::Uint => f.write_str("uint"),
            Self::Double => f.write_str("double"),
            Self::Bool => f.write_str("bool"),
            Self::Text => f.write_str("string"),
            Self::Bytes => f.write_str("bytes"),
            Self::Null => f.write_str("null"),
            Self::Type => f.write_str("type"),
            Self::Dyn => f.write_str("dyn"),
            Self::List(of) => write!(f, "list({of})"),
            Self::Map(key, value) => write!(f, "map({key}, {value})"),
        }
    }
}
