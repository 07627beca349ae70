//! Which instance types a NodePool admits.

use std::collections::BTreeSet;

use super::{
    facts::{Fact, Key, TypeKey, fact, is_launched_by, key_of},
    node_pool::{NodePool, PoolOs},
    requirement::{Operator, Requirement},
};
use crate::instance::{Catalogue, InstanceLimits, natural};

/// A requirement that some types could not be held to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotChecked {
    /// The label's key.
    pub key: String,
    /// Why, in a sentence without its end.
    pub reason: String,
    /// The types that are left in and may not answer it.
    pub types: usize,
}

/// Values of a requirement that no type of the table has: slips of the hand, or types newer than the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoSuchValue {
    /// The label's key.
    pub key: String,
    /// The values, in their order.
    pub values: Vec<String>,
}

/// A requirement's `minValues` that the types do not reach: Karpenter starts nothing then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooFew {
    /// The label's key.
    pub key: String,
    /// Different values that are asked for.
    pub wanted: u32,
    /// Different values that there are.
    pub found: usize,
}

/// The types of a NodePool.
#[derive(Debug, Clone)]
pub struct MatchedTypes<'a> {
    /// The types, by family and size.
    pub types: Vec<&'a InstanceLimits>,
    /// Requirements on facts that the table lacks; they leave no type out.
    pub not_checked: Vec<NotChecked>,
    /// Types of which the table lacks a fact that a requirement asks for, by name: whether they fit is not known.
    pub unsure: BTreeSet<&'a str>,
    /// Requirements for variety that are not met.
    pub too_few: Vec<TooFew>,
    /// Values that are asked for by name and that no type has.
    pub no_such_values: Vec<NoSuchValue>,
}

/// What requirements say of a type.
enum Answer {
    Fits,
    Unknown,
    Not,
}

impl NodePool {
    /// The types of a catalogue that Karpenter would consider for it.
    #[must_use]
    pub fn types<'a>(&self, catalogue: &'a Catalogue) -> MatchedTypes<'a> {
        let asked: Vec<_> = self
            .requirements
            .iter()
            .filter_map(|requirement| match key_of(&requirement.key) {
                Key::Type(key) => Some((requirement, key)),
                Key::Elsewhere | Key::Strange(_) => None,
            })
            .collect();
        let is_windows = self.os() == PoolOs::Windows;
        let fits = |row: &&InstanceLimits| {
            is_launched_by(row, is_windows)
                && !asked.iter().any(|(asked, key)| matches!(answer(row, asked, *key), Answer::Not))
        };
        let mut types: Vec<_> = catalogue.types().iter().filter(fits).collect();
        types.sort_by(|a, b| natural(&a.instance_type, &b.instance_type));
        let not_checked = self.requirements.iter().filter_map(|one| not_checked(one, &types));
        let too_few = asked.iter().filter_map(|(one, key)| too_few(one, *key, &types));
        let no_such = asked.iter().filter_map(|(one, key)| no_such_value(one, *key, catalogue));
        let is_unsure = |row: &&&InstanceLimits| {
            asked.iter().any(|(one, key)| matches!(answer(row, one, *key), Answer::Unknown))
        };
        MatchedTypes {
            unsure: types.iter().filter(is_unsure).map(|row| row.instance_type.as_ref()).collect(),
            no_such_values: no_such.collect(),
            not_checked: without_repeats(not_checked.collect()),
            too_few: too_few.collect(),
            types,
        }
    }
}

fn answer(row: &InstanceLimits, asked: &Requirement, key: TypeKey) -> Answer {
    match fact(row, key) {
        Fact::Unknown => Answer::Unknown,
        Fact::Known(value) if asked.admits(value.as_deref()) => Answer::Fits,
        Fact::Known(_) => Answer::Not,
    }
}

fn not_checked(asked: &Requirement, types: &[&InstanceLimits]) -> Option<NotChecked> {
    let (reason, count) = match key_of(&asked.key) {
        Key::Elsewhere => return None,
        Key::Strange(meant) => (format!("eksnet does not know this key{meant}"), types.len()),
        Key::Type(key) => {
            let unknown =
                |row: &&&InstanceLimits| matches!(answer(row, asked, key), Answer::Unknown);
            let reason = "the table of instance types does not have this fact".to_owned();
            (reason, types.iter().filter(unknown).count())
        }
    };
    (count > 0).then(|| NotChecked { key: asked.key.clone(), reason, types: count })
}

fn no_such_value(asked: &Requirement, key: TypeKey, catalogue: &Catalogue) -> Option<NoSuchValue> {
    if !matches!(asked.operator, Operator::In | Operator::NotIn) || !key.is_of_every_name() {
        return None;
    }
    let mut values = asked.values.clone();
    for row in catalogue.types() {
        if let Fact::Known(Some(value)) = fact(row, key) {
            values.retain(|wanted| *wanted != value);
        }
    }
    (!values.is_empty()).then(|| NoSuchValue { key: asked.key.clone(), values })
}

fn without_repeats(mut rows: Vec<NotChecked>) -> Vec<NotChecked> {
    rows.sort_by(|a, b| a.key.cmp(&b.key));
    rows.dedup_by(|later, earlier| later.key == earlier.key);
    rows
}

fn too_few(asked: &Requirement, key: TypeKey, types: &[&InstanceLimits]) -> Option<TooFew> {
    let wanted = asked.min_values?;
    let mut values = BTreeSet::new();
    for row in types {
        match fact(row, key) {
            Fact::Known(value) => values.extend(value),
            // Each could be another value.
            Fact::Unknown => return None,
        }
    }
    let is_met = u32::try_from(values.len()).is_ok_and(|found| found >= wanted);
    (!is_met).then(|| TooFew { key: asked.key.clone(), wanted, found: values.len() })
}
