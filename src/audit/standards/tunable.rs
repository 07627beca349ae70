//! The numbers of a check that a policy file can set.

use super::{percent::Percent, thresholds::Thresholds};

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
    Percent(fn(&mut Thresholds) -> &mut Percent),
    /// A whole number.
    Count(fn(&mut Thresholds) -> &mut u32),
    /// A whole number without which the check is off or decides by itself.
    Option(fn(&mut Thresholds) -> &mut Option<u32>),
}

impl Tunable {
    /// Its value unless a policy sets it, as it is shown; `None` where there is none.
    #[must_use]
    pub fn default_text(&self) -> Option<String> {
        let mut bars = Thresholds::default();
        match self.field {
            Field::Percent(of) => Some(of(&mut bars).to_string()),
            Field::Count(of) => Some(of(&mut bars).to_string()),
            Field::Option(of) => of(&mut bars).map(|number| number.to_string()),
        }
    }
}
