//! The numbers of a check that a policy file can set.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, Visitor},
};

use super::{Bars, Percent};

/// A number of a check.
#[derive(Debug, Clone, Copy)]
pub struct Tunable {
    /// Its key in the policy file.
    pub name: &'static str,
    /// What it is, in a line.
    pub about: &'static str,
    /// Where it lies.
    pub field: Field,
}

/// Where a tunable number lies, and so what it can be.
#[derive(Debug, Clone, Copy)]
pub enum Field {
    /// A percentage from 0 to 100.
    Percent(fn(&mut Bars) -> &mut Percent),
    /// A whole number.
    Count(fn(&mut Bars) -> &mut u32),
    /// A whole number without which the check is off or decides by itself.
    Option(fn(&mut Bars) -> &mut Option<u32>),
}

impl Tunable {
    /// Its value unless a policy sets it, as it is shown; `None` where there is none.
    #[must_use]
    pub fn default_text(&self) -> Option<String> {
        let mut bars = Bars::default();
        match self.field {
            Field::Percent(of) => Some(of(&mut bars).to_string()),
            Field::Count(of) => Some(of(&mut bars).to_string()),
            Field::Option(of) => of(&mut bars).map(|number| number.to_string()),
        }
    }
}

/// A percentage: a number, or a text such as `87.5`.
pub(super) fn percent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Percent, D::Error> {
    deserializer.deserialize_any(PercentVisitor)
}

struct PercentVisitor;

impl Visitor<'_> for PercentVisitor {
    type Value = Percent;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a percentage from 0 to 100")
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Percent, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Percent, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Percent, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Percent, E> {
        text.parse().map_err(E::custom)
    }
}

/// A whole number.
pub(super) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let number = i64::deserialize(deserializer)?;
    u32::try_from(number).map_err(|_| {
        D::Error::custom(format!("{number} is not a whole number from 0 to {}", u32::MAX))
    })
}
