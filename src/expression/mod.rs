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
mod node_configs;
mod operators;
mod outcome;
mod overloads;
mod pods;
mod reserved;
mod setting;
mod stack;
mod tokens;
mod variables;
mod verdict;
mod written;

pub use asked::{Amount, Asked, PodsSetting, Reservation, ReservedFor, UserData};
pub use compiled::Compiled;
pub use dialect::{Dialect, Variable};
pub use error::{CompileError, Fault, Place};
pub use judge::{Judged, judge};
pub use manifest::{of_class, of_pool, of_text};
pub use node_configs::of_node_configs;
pub use outcome::{Outcome, Purpose};
pub use setting::SettingError;
pub use variables::Variables;
pub use verdict::{Holder, Problem, Status, Verdict};
pub use written::{Wanted, written};
