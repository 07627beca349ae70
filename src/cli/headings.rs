//! What options are about: the headings of help.

/// What an option is about: its heading, in the order in which help shows them. A heading that is not in
/// the list comes before [`OUTPUT`].
pub(super) const HEADINGS: &[&str] = &[
    "Selection",
    REQUIREMENT,
    NETWORK,
    "Node settings",
    "VPC CNI settings",
    "Pods",
    "Filters",
    "Simulation",
    THRESHOLDS,
    FINDINGS,
    "Sections",
    "Forecast",
    "Savings",
    "Instance table",
    OUTPUT,
    AWS,
    GLOBAL,
];
/// What must run.
pub(super) const REQUIREMENT: &str = "Requirement";
/// In which address space.
pub(super) const NETWORK: &str = "Address space";
/// What decides whether a run fails.
pub(super) const THRESHOLDS: &str = "Thresholds";
/// Which findings are shown, and which are known.
pub(super) const FINDINGS: &str = "Findings";
/// Where the output goes and in which form.
pub(super) const OUTPUT: &str = "Output";
/// How AWS is reached.
pub(super) const AWS: &str = "AWS access";
/// What every command has.
pub(super) const GLOBAL: &str = "Global options";
