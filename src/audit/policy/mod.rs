//! The policy file, and words that a policy and flags share.

mod checks;
mod fail_on;
mod file;
mod ignore;
mod numbers;

pub use fail_on::FailOnError;
pub use file::{parse_policy, policy_schema};
