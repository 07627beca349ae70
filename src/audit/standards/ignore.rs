//! Findings that are not wanted: which, why, and until when.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::{finding::Finding, inventory::AnyTags};

/// A row of a policy: findings that are not wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// The check whose findings are meant.
    pub check: &'static str,
    /// Of which resources.
    pub target: Target,
    /// Why they are not wanted.
    pub reason: String,
    /// The last day on which the row holds; `None`: for ever.
    pub until: Option<Date>,
}

/// The resources that a row is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A subnet, by id.
    Subnet(String),
    /// Whatever has all these tags; values may be globs.
    Tag(BTreeMap<String, glob::Pattern>),
    /// A resource of any kind, by the id that findings have.
    Id(String),
}

impl Target {
    /// The target as it is written in one line.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Subnet(id) | Self::Id(id) => id.clone(),
            Self::Tag(tags) => {
                let tags: Vec<String> =
                    tags.iter().map(|(key, glob)| format!("{key}={glob}")).collect();
                format!("tag {}", tags.join(" "))
            }
        }
    }
}

impl Ignore {
    /// Whether the row has run out on a day.
    #[must_use]
    pub fn is_expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| today > until)
    }

    /// Whether a finding is meant; `tags` are those of its resource.
    pub(in crate::audit) fn means(&self, finding: &Finding, tags: Option<AnyTags<'_>>) -> bool {
        self.check == finding.id
            && match &self.target {
                Target::Subnet(id) | Target::Id(id) => *id == finding.resource,
                Target::Tag(globs) => tags.is_some_and(|tags| {
                    globs
                        .iter()
                        .all(|(key, glob)| tags.get(key).is_some_and(|value| glob.matches(value)))
                }),
            }
    }
}
