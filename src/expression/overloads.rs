//! Which arguments each operator and function takes, and what it gives: cel-go's standard library without
//! timestamps, durations and comparisons of different kinds of numbers, which `cel.NewEnv` leaves off, and
//! what each dialect adds.

use super::{Dialect, kind::Kind};

/// An operator's or function's name, the arguments it takes, a member's target first, and what it gives.
type Overload = (&'static str, &'static [Kind], Kind);

const INT: Kind = Kind::Int;
const UINT: Kind = Kind::Uint;
const DOUBLE: Kind = Kind::Double;
const BOOL: Kind = Kind::Bool;
const TEXT: Kind = Kind::Text;
const BYTES: Kind = Kind::Bytes;

/// What all dialects have.
const STANDARD: &[Overload] = &[
    ("_+_", &[INT, INT], INT),
    ("_+_", &[UINT, UINT], UINT),
    ("_+_", &[DOUBLE, DOUBLE], DOUBLE),
    ("_+_", &[TEXT, TEXT], TEXT),
    ("_+_", &[BYTES, BYTES], BYTES),
    ("_-_", &[INT, INT], INT),
    ("_-_", &[UINT, UINT], UINT),
    ("_-_", &[DOUBLE, DOUBLE], DOUBLE),
    ("_*_", &[INT, INT], INT),
    ("_*_", &[UINT, UINT], UINT),
    ("_*_", &[DOUBLE, DOUBLE], DOUBLE),
    ("_/_", &[INT, INT], INT),
    ("_/_", &[UINT, UINT], UINT),
    ("_/_", &[DOUBLE, DOUBLE], DOUBLE),
    ("_%_", &[INT, INT], INT),
    ("_%_", &[UINT, UINT], UINT),
    ("-_", &[INT], INT),
    ("-_", &[DOUBLE], DOUBLE),
    ("!_", &[BOOL], BOOL),
    ("_&&_", &[BOOL, BOOL], BOOL),
    ("_||_", &[BOOL, BOOL], BOOL),
    ("int", &[INT], INT),
    ("int", &[UINT], INT),
    ("int", &[DOUBLE], INT),
    ("int", &[TEXT], INT),
    ("uint", &[UINT], UINT),
    ("uint", &[INT], UINT),
    ("uint", &[DOUBLE], UINT),
    ("uint", &[TEXT], UINT),
    ("double", &[DOUBLE], DOUBLE),
    ("double", &[INT], DOUBLE),
    ("double", &[UINT], DOUBLE),
    ("double", &[TEXT], DOUBLE),
    ("string", &[TEXT], TEXT),
    ("string", &[BOOL], TEXT),
    ("string", &[INT], TEXT),
    ("string", &[UINT], TEXT),
    ("string", &[DOUBLE], TEXT),
    ("string", &[BYTES], TEXT),
    ("bytes", &[BYTES], BYTES),
    ("bytes", &[TEXT], BYTES),
    ("bool", &[BOOL], BOOL),
    ("bool", &[TEXT], BOOL),
    (".contains", &[TEXT, TEXT], BOOL),
    (".startsWith", &[TEXT, TEXT], BOOL),
    (".endsWith", &[TEXT, TEXT], BOOL),
];

/// Karpenter's two functions (`pkg/cel/environment.go`): two arguments, and a double where one is.
const KARPENTER: &[Overload] = &[
    ("min", &[INT, INT], INT),
    ("min", &[DOUBLE, DOUBLE], DOUBLE),
    ("min", &[INT, DOUBLE], DOUBLE),
    ("min", &[DOUBLE, INT], DOUBLE),
    ("max", &[INT, INT], INT),
    ("max", &[DOUBLE, DOUBLE], DOUBLE),
    ("max", &[INT, DOUBLE], DOUBLE),
    ("max", &[DOUBLE, INT], DOUBLE),
];

/// Functions whose arguments are of any type, each with what `general` says of it.
const GENERAL: [&str; 13] = [
    "_?_:_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in", "_[_]", "size", ".size", "dyn",
    "type",
];

/// Of CEL, and not evaluated here: macros, regular expressions, timestamps and durations.
const UNREAD: [&str; 10] = [
    ".all",
    ".exists",
    ".exists_one",
    ".map",
    ".filter",
    "has",
    ".matches",
    "matches",
    "timestamp",
    "duration",
];

/// Whether CEL has a function that is not evaluated here.
pub(super) fn is_unread(name: &str) -> bool {
    // The members that start with `get` are those of timestamps and durations.
    UNREAD.contains(&name) || name.starts_with(".get")
}

/// What `math.least` and `math.greatest` become when they are parsed.
const EXTREMES: [&str; 2] = ["math.@min", "math.@max"];

impl Dialect {
    /// Whether there is such an operator or function, with whatever arguments. A member's name starts with a
    /// dot.
    pub(super) fn has_function(self, name: &str) -> bool {
        self.overloads().any(|(known, ..)| *known == name)
            || GENERAL.contains(&name)
            || (self == Self::Castai && EXTREMES.contains(&name))
    }

    /// What a call gives; `None` where no overload takes the arguments.
    pub(super) fn call(self, name: &str, arguments: &[Kind]) -> Option<Kind> {
        if self == Self::Castai && EXTREMES.contains(&name) {
            return extreme(arguments);
        }
        if let Some(kind) = general(name, arguments) {
            return Some(kind);
        }
        let takes = |parameters: &[Kind]| {
            parameters.len() == arguments.len()
                && parameters.iter().zip(arguments).all(|(own, given)| own.joined(given).is_some())
        };
        let mut found =
            self.overloads().filter(|(known, parameters, _)| *known == name && takes(parameters));
        let first = found.next()?.2.clone();
        // An argument of any type can fit several.
        Some(found.fold(first, |all, (.., gives)| all.joined(gives).unwrap_or(Kind::Dyn)))
    }

    fn overloads(self) -> impl Iterator<Item = &'static Overload> {
        let own = match self {
            Self::Karpenter => KARPENTER,
            Self::Nodeadm | Self::Castai => &[],
        };
        STANDARD.iter().chain(own)
    }
}

/// Calls whose arguments are of any type, or of the same.
fn general(name: &str, arguments: &[Kind]) -> Option<Kind> {
    match (name, arguments) {
        ("_?_:_", [condition, yes, no]) => {
            condition.joined(&Kind::Bool)?;
            yes.joined(no)
        }
        ("_==_" | "_!=_", [left, right]) => left.joined(right).map(|_| Kind::Bool),
        ("_<_" | "_<=_" | "_>_" | "_>=_", [left, right]) => match left.joined(right)? {
            Kind::Null | Kind::Type | Kind::List(_) | Kind::Map(..) => None,
            Kind::Int
            | Kind::Uint
            | Kind::Double
            | Kind::Bool
            | Kind::Text
            | Kind::Bytes
            | Kind::Dyn => Some(Kind::Bool),
        },
        ("@in", [one, Kind::List(of) | Kind::Map(of, _)]) => one.joined(of).map(|_| Kind::Bool),
        ("@in", [_, Kind::Dyn]) => Some(Kind::Bool),
        ("_[_]", [Kind::List(of), index]) => index.joined(&Kind::Int).map(|_| (**of).clone()),
        ("_[_]", [Kind::Map(key, value), index]) => index.joined(key).map(|_| (**value).clone()),
        ("_[_]", [Kind::Dyn, _]) | ("dyn", [_]) => Some(Kind::Dyn),
        ("_+_", [Kind::List(left), Kind::List(right)]) => {
            left.joined(right).map(|of| Kind::List(Box::new(of)))
        }
        (
            "size" | ".size",
            [Kind::Text | Kind::Bytes | Kind::List(_) | Kind::Map(..) | Kind::Dyn],
        ) => Some(Kind::Int),
        ("type", [_]) => Some(Kind::Type),
        _ => None,
    }
}

/// cel-go's `math.least` and `math.greatest`: numbers, or one list of them.
fn extreme(arguments: &[Kind]) -> Option<Kind> {
    let all = match arguments {
        [Kind::List(of)] => of.as_ref().clone(),
        numbers => Kind::of_all(numbers.iter().cloned()),
    };
    matches!(all, Kind::Int | Kind::Uint | Kind::Double | Kind::Dyn).then_some(all)
}
