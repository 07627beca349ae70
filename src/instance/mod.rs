//! Instance types: their networking limits, the built-in table of them, and how to find one.

#[expect(clippy::unreadable_literal, reason = "the table is generated")]
mod builtin;
mod catalogue;
mod describe;
mod difference;
mod file;
mod limits;
mod natural;
mod search;

pub use builtin::BUILTIN;
pub use catalogue::{Catalogue, Disagreement};
pub use describe::{DescribeAnswer, DescribedCard, DescribedType, EFA, merge};
pub use difference::{Difference, differences};
pub use file::{
    CATALOGUE_SCHEMA, CatalogueFileError, catalogue_schema, read_catalogue, write_catalogue,
};
pub use limits::{Hypervisor, InstanceLimits, LimitsError};
pub use natural::natural;
pub use search::{PatternError, expand, is_pattern, nearest};
