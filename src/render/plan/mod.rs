//! `eksnet plan` for people.

mod answer;
mod candidate;
mod document;
mod texts;

pub use answer::{PlanAnswer, PlanEnding};
pub use document::document;
pub(super) use document::{blocks, rest, smallest_change};
pub use texts::verdict;

pub(super) use candidate::{beside, groups, has_room, subnets, without};
pub(super) use texts::{change, cni_settings, existing, leaves, months, percent, step_notes};
