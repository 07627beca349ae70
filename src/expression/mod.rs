//! Expressions that give a node's max pods or what it reserves, in the dialect of who evaluates them:
//! Karpenter, nodeadm, CAST AI. All three are CEL; each has its own variables and functions.
//!
//! The text is bounded before it is parsed (`tokens`), parsed by the crate `cel`, checked for types as
//! cel-go checks it before it evaluates anything (`check`), and evaluated on a stack of its own (`stack`).

mod asked;
mod check;
mod compiled;
mod dialect;
mod error;
mod judge;
mod kind;
mod manifest;
mod operators;
mod outcome;
mod overloads;
mod pods;
mod reserved;
mod stack;
mod tokens;
mod variables;
mod verdict;
mod written;

pub use asked::{Amount, Asked, PodsSetting, Reservation, ReservedFor};
pub use compiled::Compiled;
pub use dialect::{Dialect, Variable};
pub use error::{CompileError, Fault, Place};
pub use judge::{Judged, judge};
pub use manifest::{SettingError, of_class, of_node_configs, of_pool, of_text};
pub use outcome::{Outcome, Purpose};
pub use variables::Variables;
pub use verdict::{Holder, Problem, Status, Verdict};
pub use written::{Wanted, written};
