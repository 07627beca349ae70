//! What an audit's report comes to: the verdict, what needs action and in which order, what is well. Every
//! format that people read begins with this.

mod ending;
mod facts;
mod groups;
mod kinds;
mod leads;
mod order;
mod rank;
mod verdict;
mod view;
mod whole;

pub use ending::Ending;
pub use facts::Facts;
pub use groups::{About, Group, by_standing, folded};
pub use kinds::{Kind, by_kind, kind};
pub use verdict::{Counts, Verdict};
pub use view::{SortKey, View};
pub use whole::Answer;
