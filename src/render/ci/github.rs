//! Workflow commands of GitHub Actions: each finding an annotation of the run.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>; what is
//! escaped is what the runner's toolkit escapes (`actions/toolkit`, packages/core/src/command.ts).

use std::io::{self, Write};

use super::{CiReport, LINE, known};
use crate::{
    finding::{Finding, Severity},
    render::escape,
};

/// Writes a command a finding and one for each thing that is not available, then the verdict.
///
/// # Errors
/// When the writer fails.
pub fn write_github(ci: &CiReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = ci.report;
    let shown = report.findings.iter().filter(|finding| ci.view.shows(finding));
    // What is new comes first: a step shows so many annotations and no more.
    let (old, fresh): (Vec<&Finding>, Vec<&Finding>) =
        shown.partition(|finding| report.is_known(finding));
    for finding in fresh.into_iter().chain(old) {
        // What is known fails nothing and is no error here either.
        let command = match (report.is_known(finding), finding.severity) {
            (false, Severity::Critical) => "error",
            (false, Severity::Warning) => "warning",
            (false, Severity::Info)
            | (true, Severity::Critical | Severity::Warning | Severity::Info) => "notice",
        };
        let title = format!("{}{}: {}", known(report, finding), finding.id, finding.resource);
        command_line(ci, command, &title, &[&finding.message, &finding.plain_hint()], out)?;
    }
    for row in &report.withheld {
        let title = format!("not available: {}", row.operation);
        command_line(ci, "error", &title, &[&row.reason], out)?;
    }
    let verdict = ci.verdict;
    let hidden = ci.hidden.as_ref().map_or_else(String::new, |text| format!("; {text}"));
    writeln!(
        out,
        "eksnet audit: {} ({}{hidden})",
        escape::terminal(&verdict.sentence),
        escape::terminal(&verdict.numbers())
    )
}

fn command_line(
    ci: &CiReport<'_>,
    command: &str,
    title: &str,
    lines: &[&str],
    out: &mut dyn Write,
) -> io::Result<()> {
    let file = escape::github_property(ci.location);
    let title = escape::github_property(title);
    // Each line made harmless for itself: the break between them is ours.
    let lines: Vec<String> = lines.iter().map(|line| escape::github_message(line)).collect();
    writeln!(out, "::{command} file={file},line={LINE},title={title}::{}", lines.join("%0A"))
}
