//! Expressions that give a node's max pods or what it reserves, in the dialect of who evaluates them:
//! Karpenter, nodeadm, CAST AI. All three are CEL; each has its own variables and functions.
//!
//! The text is bounded before it is parsed (`tokens`), parsed by the crate `cel`, checked for types as
//! cel-go checks it before it evaluates anything (`check`), and evaluated on a stack of its own (`stack`).

mod check;
mod compiled;
mod dialect;
mod error;
mod kind;
mod operators;
mod outcome;
mod overloads;
mod stack;
mod tokens;
mod variables;
mod verdict;

pub use compiled::Compiled;
pub use dialect::{Dialect, Variable};
pub use error::{CompileError, Fault};
pub use outcome::{Outcome, Purpose};
pub use variables::Variables;
pub use verdict::{Asked, Holder, Judged, MaxPods, Memory, Problem, Status, Verdict, judge};
