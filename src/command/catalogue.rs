//! The catalogue a command works with, and finding types in it.

use std::{borrow::Cow, collections::BTreeSet, path::Path};

use super::{Failure, text};
use crate::{
    cli::FilterArgs,
    instance::{
        BUILTIN, Catalogue, DescribeAnswer, DescribedType, InstanceLimits, expand, is_pattern,
        merge, natural, nearest, read_catalogue,
    },
    json,
};

/// The built-in table, or the file of `--limits`: a catalogue, or a saved answer of
/// `aws ec2 describe-instance-types` on top of the built-in table.
pub(super) fn load(limits: Option<&Path>) -> Result<Cow<'static, Catalogue>, Failure> {
    let Some(path) = limits else { return Ok(Cow::Borrowed(&BUILTIN)) };
    let text = text::read(path, &text::CATALOGUE)?;
    let failed = |error: String| {
        Failure::usage(
            format!("{}: {error}", path.display()),
            "`eksnet limits update` writes a valid file",
        )
    };
    if is_answer(&text) {
        let answer = parse_answer(path, &text)?;
        let source = format!("the output saved as {}", path.display());
        return merge(&BUILTIN, answer.instance_types, &source, None)
            .map(Cow::Owned)
            .map_err(|error| failed(error.to_string()));
    }
    read_catalogue(&text).map(Cow::Owned).map_err(|error| failed(error.to_string()))
}

/// A table with the types that were among saved answers on top.
pub(super) fn with_types(
    table: Cow<'static, Catalogue>,
    types: Vec<DescribedType>,
) -> Result<Cow<'static, Catalogue>, Failure> {
    if types.is_empty() {
        return Ok(table);
    }
    merge(&table, types, "the saved output of describe-instance-types", None)
        .map(Cow::Owned)
        .map_err(|error| {
            Failure::usage(
                error,
                "the saved output of `aws ec2 describe-instance-types` contains an \
                               invalid type: check the file",
            )
        })
}

/// Whether a JSON text is an AWS CLI answer and not a catalogue, by its keys.
fn is_answer(text: &str) -> bool {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Head {
        instance_types: Option<serde::de::IgnoredAny>,
    }
    json::from_str::<Head>(text).is_ok_and(|head| head.instance_types.is_some())
}

/// A saved answer of `aws ec2 describe-instance-types`.
pub(super) fn answer(path: &Path) -> Result<DescribeAnswer, Failure> {
    let text = text::read(path, &text::CATALOGUE)?;
    parse_answer(path, &text)
}

fn parse_answer(path: &Path, text: &str) -> Result<DescribeAnswer, Failure> {
    json::from_str(text).map_err(|error| {
        Failure::usage(
            format!("{}: {error}", path.display()),
            "save the output of `aws ec2 describe-instance-types --output json`",
        )
    })
}

/// What was asked for by name or glob, found.
pub(super) struct FoundTypes<'a> {
    /// The types in the order in which they were asked for; those of a glob sorted by name, and
    /// without those that stand before it.
    pub(super) types: Vec<&'a InstanceLimits>,
    /// Those among them that were named exactly.
    pub(super) named: BTreeSet<&'a str>,
}

/// All types that EC2 offers, in their natural order.
pub(super) fn all(catalogue: &Catalogue) -> Vec<&InstanceLimits> {
    let mut types: Vec<&InstanceLimits> = catalogue.offered().collect();
    types.sort_by(|a, b| natural(&a.instance_type, &b.instance_type));
    types
}

/// Finds types by name and glob.
pub(super) fn find<'a>(
    catalogue: &'a Catalogue,
    asked: &[String],
) -> Result<FoundTypes<'a>, Failure> {
    let mut types: Vec<&InstanceLimits> = Vec::new();
    let mut named = BTreeSet::new();
    for text in asked {
        if is_pattern(text) {
            let found = expand(catalogue, text).map_err(|error| {
                Failure::usage(error, "a pattern looks like 'm5.*' or 'c?i.large'")
            })?;
            if found.is_empty() {
                let error = format!("`{text}` matches no instance type");
                return Err(Failure::usage(error, "`eksnet limits list` shows the known types"));
            }
            let is_new = |row: &&InstanceLimits| {
                types.iter().all(|known| known.instance_type != row.instance_type)
            };
            let new: Vec<_> = found.into_iter().filter(is_new).collect();
            types.extend(new);
        } else {
            let row = catalogue.get(text).ok_or_else(|| unknown(catalogue, text))?;
            named.insert(row.instance_type.as_ref());
            types.push(row);
        }
    }
    Ok(FoundTypes { types, named })
}

/// The names asked for that are no globs and not in the catalogue, or whose vCPUs it does not know.
#[cfg(feature = "aws")]
pub(super) fn missing(catalogue: &Catalogue, asked: &[String]) -> Vec<String> {
    let lacks = |name: &str| catalogue.get(name).is_none_or(|row| row.vcpus.is_none());
    let mut names: Vec<String> =
        asked.iter().filter(|text| !is_pattern(text) && lacks(text)).cloned().collect();
    names.sort();
    names.dedup();
    names
}

/// How to add types that the table lacks.
const ADD_TYPES: &str = if cfg!(feature = "aws") {
    "add new types with --live, or with --limits FILE (saved output of `aws ec2 \
     describe-instance-types`)"
} else {
    "add new types with --limits FILE (saved output of `aws ec2 describe-instance-types`)"
};

/// A type the catalogue does not have, with the names nearest to it.
pub(super) fn unknown(catalogue: &Catalogue, name: &str) -> Failure {
    if catalogue.is_unpublished(name) {
        let error = format!(
            "EC2 has the instance type `{}`, but no source publishes its ENI limits",
            name.to_ascii_lowercase()
        );
        return Failure::usage(error, ADD_TYPES);
    }
    let near = nearest(catalogue, name);
    let hint = if name.contains(',') {
        "separate instance types with spaces".to_owned()
    } else if near.is_empty() {
        format!("`eksnet limits list` shows the known types; {ADD_TYPES}")
    } else {
        format!("did you mean {}?", near.join(", "))
    };
    Failure::usage(format!("no instance type `{name}` in the table"), hint)
}

/// Which types a filter leaves out because nothing is known of what it asks.
pub(super) fn unknown_to<'a>(
    types: impl Iterator<Item = &'a InstanceLimits>,
    filters: &FilterArgs,
) -> Option<String> {
    let unknown: Vec<&str> = types
        .filter(|row| {
            (filters.vcpus.is_some() && row.vcpus.is_none())
                || (filters.arch.is_some() && row.architectures.is_none())
        })
        .map(|row| row.instance_type.as_ref())
        .collect();
    let what = "omitted, because their vCPUs or architecture are unknown";
    (!unknown.is_empty()).then(|| format!("{what}: {}", unknown.join(", ")))
}

/// Whether a type passes the filters on the type itself. What is unknown passes no filter on it.
pub(super) fn passes(limits: &InstanceLimits, filters: &FilterArgs) -> bool {
    let vcpus =
        filters.vcpus.is_none_or(|range| limits.vcpus.is_some_and(|vcpus| range.contains(vcpus)));
    let known = limits.architectures.as_deref().unwrap_or_default();
    let arch = filters.arch.is_none_or(|arch| known.iter().any(|name| name == arch.name()));
    vcpus && arch
}
