//! Hints that several checks give.

use crate::finding::{Word, command_line};

/// To look at one subnet with further sections of the report: `add --subnet subnet-1 --owners`.
pub(super) fn look_at(subnet_id: &str, sections: &str) -> String {
    match command_line(&[Word::Own("--subnet"), Word::Id(subnet_id), Word::Own(sections)]) {
        Some(flags) => format!("add {flags}"),
        None => format!("select it alone and add {sections}"),
    }
}

/// The flags that choose a cluster's subnets with further sections of the report.
pub(super) fn of_cluster(name: &str, sections: &str) -> String {
    command_line(&[Word::Own("--cluster"), Word::Name(name), Word::Own(sections)])
        .unwrap_or_else(|| sections.to_owned())
}
