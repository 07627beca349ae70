//! What an expression comes to for one instance type, and what its dialect takes of it.

use cel::{ExecutionError, Value};

use super::Dialect;

/// What an expression is for: each use takes other numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The kubelet's max pods.
    MaxPods,
    /// A reserved resource.
    Reserved,
}

/// What an expression comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A number that the dialect takes.
    Number(u32),
    /// The dialect cannot use it, and why.
    Unusable(String),
    /// It reads what no source states of the type, and what that is.
    Unknown(String),
}

/// Most pods, and most of a reserved resource, that any dialect takes: an int32.
const MOST: i64 = 2_147_483_647;

/// What a dialect makes of a value.
pub(super) fn of_value(dialect: Dialect, purpose: Purpose, value: &Value) -> Outcome {
    let number = match dialect {
        // Any value that CEL converts to an int: nodeadm converts what comes out.
        Dialect::Nodeadm => converted(value),
        Dialect::Karpenter | Dialect::Castai => numeric(value),
    };
    let number = match number {
        Ok(number) => number,
        Err(why) => return Outcome::Unusable(why),
    };
    let least = match (dialect, purpose) {
        // Karpenter takes 0 (`resolveMaxPods`); nodeadm drops it.
        (Dialect::Karpenter, _) | (Dialect::Nodeadm | Dialect::Castai, Purpose::Reserved) => 0,
        (Dialect::Nodeadm | Dialect::Castai, Purpose::MaxPods) => 1,
    };
    match u32::try_from(number) {
        Ok(fits) if number >= least && number <= MOST => Outcome::Number(fits),
        _ => Outcome::Unusable(format!("the result {number} is not between {least} and {MOST}")),
    }
}

/// An int, or a double cut to one, as Go converts it.
#[expect(clippy::wildcard_enum_match_arm, reason = "of all values only numbers are taken")]
fn numeric(value: &Value) -> Result<i64, String> {
    match value {
        Value::Int(number) => Ok(*number),
        Value::Float(number) => truncated(*number),
        other => Err(format!("the result is {}, not a number", other.type_of())),
    }
}

/// What cel-go's conversion to int takes: numbers, and text that is one.
#[expect(clippy::wildcard_enum_match_arm, reason = "the rest is as without the conversion")]
fn converted(value: &Value) -> Result<i64, String> {
    match value {
        Value::UInt(number) => {
            i64::try_from(*number).map_err(|_| format!("the result {number} is too large"))
        }
        Value::String(text) => {
            text.parse().map_err(|_| format!("the result {text:?} is not a number"))
        }
        other => numeric(other),
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "the bounds are checked"
)]
fn truncated(number: f64) -> Result<i64, String> {
    const BOUND: f64 = 9.2e18;
    if number.is_finite() && number.abs() < BOUND {
        Ok(number as i64)
    } else {
        Err(format!("the result {number} is not a whole number of 64 bits"))
    }
}

/// Why an evaluation failed, in a few words; the name of the variable that has no value.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what the check of types leaves to go wrong is named"
)]
pub(super) fn of_error(error: &ExecutionError) -> Result<String, String> {
    Err(match error {
        ExecutionError::UndeclaredReference(name) => return Ok(name.as_str().to_owned()),
        ExecutionError::DivisionByZero(_) => "division by zero".to_owned(),
        ExecutionError::RemainderByZero(_) => "remainder of a division by zero".to_owned(),
        ExecutionError::Overflow(..) => "overflow of a 64-bit number".to_owned(),
        ExecutionError::NoSuchKey(key) => format!("the map has no key `{key}`"),
        ExecutionError::IndexOutOfBounds(_) => "the index is beyond the list".to_owned(),
        ExecutionError::DuplicateKey(_) => "the map has a key twice".to_owned(),
        ExecutionError::FunctionError { function, message } => format!("{function}(): {message}"),
        _ => "the values do not fit the operator".to_owned(),
    })
}
