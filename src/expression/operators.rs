//! Karpenter's `min` and `max` (karpenter-provider-aws `pkg/cel/environment.go`).
#![expect(clippy::trivially_copy_pass_by_ref, reason = "the macro of the crate hands references")]

use cel::{
    DeclarationError, Env,
    common::types::{CelDouble, CelInt},
};

/// Adds them.
///
/// # Errors
/// When the environment already has them.
pub(super) fn add(env: &mut Env) -> Result<(), DeclarationError> {
    cel::add_overload!(env, fn least: (CelInt, CelInt) -> CelInt, name = "min")?;
    cel::add_overload!(env, fn least_double: (CelDouble, CelDouble) -> CelDouble, name = "min")?;
    cel::add_overload!(env, fn least_int_double: (CelInt, CelDouble) -> CelDouble, name = "min")?;
    cel::add_overload!(env, fn least_double_int: (CelDouble, CelInt) -> CelDouble, name = "min")?;
    cel::add_overload!(env, fn most: (CelInt, CelInt) -> CelInt, name = "max")?;
    cel::add_overload!(env, fn most_double: (CelDouble, CelDouble) -> CelDouble, name = "max")?;
    cel::add_overload!(env, fn most_int_double: (CelInt, CelDouble) -> CelDouble, name = "max")?;
    cel::add_overload!(env, fn most_double_int: (CelDouble, CelInt) -> CelDouble, name = "max")
}

fn least(a: &CelInt, b: &CelInt) -> CelInt {
    CelInt::from(*a.inner().min(b.inner()))
}

fn most(a: &CelInt, b: &CelInt) -> CelInt {
    CelInt::from(*a.inner().max(b.inner()))
}

fn least_double(a: &CelDouble, b: &CelDouble) -> CelDouble {
    lesser(*a.inner(), *b.inner())
}

fn least_int_double(a: &CelInt, b: &CelDouble) -> CelDouble {
    lesser(double(a), *b.inner())
}

fn least_double_int(a: &CelDouble, b: &CelInt) -> CelDouble {
    lesser(*a.inner(), double(b))
}

fn most_double(a: &CelDouble, b: &CelDouble) -> CelDouble {
    greater(*a.inner(), *b.inner())
}

fn most_int_double(a: &CelInt, b: &CelDouble) -> CelDouble {
    greater(double(a), *b.inner())
}

fn most_double_int(a: &CelDouble, b: &CelInt) -> CelDouble {
    greater(*a.inner(), double(b))
}

/// The second of two that are not ordered, as Karpenter's comparison leaves it.
fn lesser(a: f64, b: f64) -> CelDouble {
    CelDouble::from(if a < b { a } else { b })
}

fn greater(a: f64, b: f64) -> CelDouble {
    CelDouble::from(if a > b { a } else { b })
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "as Go converts an int64")]
fn double(value: &CelInt) -> f64 {
    *value.inner() as f64
}
