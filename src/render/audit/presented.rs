//! What is written of an audit for people.

use crate::audit::{
    AuditReport,
    answer::{Answer, Ending, View},
};

/// What is written.
#[derive(Debug)]
pub struct Presented<'a> {
    /// The report.
    pub report: &'a AuditReport,
    /// What it comes to.
    pub answer: &'a Answer<'a>,
    /// What is wanted of it.
    pub view: &'a View,
    /// The sections that are wanted besides.
    pub sections: AuditSections,
    /// How the run ends.
    pub ending: &'a Ending,
}

/// Which sections are shown.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AuditSections {
    /// Every column of the subnets' table.
    pub wide: bool,
    /// Who holds the addresses.
    pub owners: bool,
    /// What each node holds.
    pub nodes: bool,
    /// The /28 blocks.
    pub map: bool,
    /// Findings that the policy ignores.
    pub ignored: bool,
}

/// Whether what needs no action is folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folding {
    /// What is worst in full, the rest in a line each or counted.
    Folded,
    /// Everything in full.
    Whole,
}
