//! One setting as written: a text is compiled, an amount is read.

use super::{
    Amount, CompileError, Compiled, Dialect, Fault, PodsSetting, Reservation, ReservedFor,
};
use crate::declared::{Quantity, Reserves};

/// What is written cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct SettingError {
    /// The text with its place, and what is wrong.
    pub text: String,
    /// What to do about it.
    pub hint: String,
}

const BYTES_PER_MIB: u64 = 1 << 20;
/// Characters of an expression that an error repeats.
const REPEATED: usize = 60;

impl SettingError {
    pub(super) fn new(text: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { text: text.into(), hint: hint.into() }
    }
}

/// What is kept for Kubernetes and the system. Karpenter takes for an expression what is no quantity; nodeadm takes
/// no expression here.
pub(super) fn reservations(
    reserves: &Reserves,
    place: &str,
    dialect: Dialect,
) -> Result<Vec<Reservation>, SettingError> {
    let all = [
        (ReservedFor::Kube, &reserves.kube_reserved),
        (ReservedFor::System, &reserves.system_reserved),
    ];
    let mut read = Vec::new();
    for (whose, amounts) in all {
        for (resource, text) in amounts {
            let field = format!("{place}: {}.{resource}", whose.key());
            let amount = match (quantity(text), dialect) {
                (Some(amount), _) => amount,
                (None, Dialect::Karpenter) => Amount::Expression(compiled(&field, text, dialect)?),
                (None, Dialect::Nodeadm | Dialect::Castai) => {
                    return Err(SettingError::new(
                        format!("{field} is `{text}`, not a quantity"),
                        "write an amount such as 512Mi: nodeadm takes no expression here",
                    ));
                }
            };
            read.push(Reservation { whose, resource: resource.clone(), amount });
        }
    }
    Ok(read)
}

/// nodeadm goes on without an expression that it refuses; what Karpenter or CAST AI refuse is bad input.
pub(super) fn setting(
    place: &str,
    text: &str,
    dialect: Dialect,
) -> Result<PodsSetting, SettingError> {
    match Compiled::new(text, dialect) {
        Ok(expression) => Ok(PodsSetting::Expression(expression)),
        Err(error) if dialect == Dialect::Nodeadm && error.fault == Fault::Refused => {
            Ok(PodsSetting::Refused(error))
        }
        Err(error) => Err(refusal(place, dialect, &error)),
    }
}

fn compiled(place: &str, text: &str, dialect: Dialect) -> Result<Compiled, SettingError> {
    Compiled::new(text, dialect).map_err(|error| refusal(place, dialect, &error))
}

fn refusal(place: &str, dialect: Dialect, error: &CompileError) -> SettingError {
    let cut = error.text.chars().take(REPEATED).collect::<String>();
    let rest = if cut.len() < error.text.len() { "…" } else { "" };
    let whose = format!("{place} `{cut}{rest}`");
    let hint = match (error.fault, dialect) {
        (Fault::Refused, Dialect::Karpenter) => {
            // A hint that asks is a sentence of its own.
            let end = if error.hint.ends_with('?') { "" } else { ";" };
            let then = "Karpenter starts no node with it (KubeletExpressionInvalid)";
            format!("{}{end} {then}", error.hint)
        }
        (Fault::Refused, Dialect::Nodeadm | Dialect::Castai) => error.hint.clone(),
        (Fault::Unread, _) => {
            return SettingError::new(format!("{whose}: {error}"), error.hint.clone());
        }
    };
    SettingError::new(format!("{whose} does not compile: {error}"), hint)
}

fn quantity(text: &str) -> Option<Amount> {
    let bytes = Quantity::parse(text).ok()?.units();
    let mib = u32::try_from(bytes.div_ceil(BYTES_PER_MIB)).unwrap_or(u32::MAX);
    Some(Amount::Written { text: text.to_owned(), mib })
}
