//! What formats of `eksnet audit` are told, checked.

use super::step_summary;
use crate::{
    audit::FailOn,
    cli::{AuditArgs, CommonArgs, CsvRows, Format},
    command::{Failure, aside, note, output::Output, stderr::say},
    finding::counted,
    render::{
        Grid,
        audit::{AuditSections, Presented, finding_lines},
        audit_csv::{finding_grid, owner_grid},
        ci::CiReport,
        escape, forecast_csv, subnets_csv,
        usage::nodes_grid,
    },
};

/// Refuses what does not go together, before anything is read.
pub(super) fn check(arguments: &AuditArgs) -> Result<(), Failure> {
    if arguments.formats.csv.is_some() && arguments.output != Format::Csv {
        return Err(Failure::usage("--csv requires -o csv", "add -o csv, or remove --csv"));
    }
    if arguments.formats.csv == Some(CsvRows::Forecast) && arguments.history.history.is_none() {
        return Err(Failure::usage(
            "--csv forecast requires --history",
            "add --history DIR, a directory of snapshots or saved CloudWatch output",
        ));
    }
    let location = arguments.formats.location.as_str();
    let mut parts = location.split('/');
    if parts.any(|part| matches!(part, "" | "." | "..")) || location.contains(['\\', ':']) {
        return Err(Failure::usage(
            format!("--location: `{location}` is not a path from the root of a repository"),
            "use a path like deploy/network.yaml",
        ));
    }
    Ok(())
}

/// The rows of `-o csv`.
pub(super) fn csv(arguments: &AuditArgs, shown: &Presented<'_>) -> Grid {
    let Presented { report, answer, view, .. } = *shown;
    // CSV keeps the report's order unless another one is asked for.
    let is_sorted = arguments.view.sort.is_some() || view.top.is_some();
    let subnets = is_sorted.then(|| view.top(&answer.subnets));
    match arguments.formats.csv {
        None | Some(CsvRows::Subnets) => subnets_csv(report, subnets),
        Some(CsvRows::Owners) => owner_grid(report, subnets),
        Some(CsvRows::Nodes) => nodes_grid(report),
        Some(CsvRows::Findings) => finding_grid(report, view),
        Some(CsvRows::Forecast) => forecast_csv(report),
    }
}

/// The report as a CI system is given it.
pub(super) fn ci<'a>(
    arguments: &'a AuditArgs,
    shown: &Presented<'a>,
    fail_on: &'a FailOn,
) -> CiReport<'a> {
    let Presented { report, answer, view, .. } = *shown;
    let verdict = &answer.verdict;
    let hidden = answer.filtered();
    CiReport { report, view, hidden, verdict, location: &arguments.formats.location, fail_on }
}

/// What is told beside the output: what CSV has no rows for on stderr, and the summary of the step
/// with workflow commands.
pub(super) fn beside(
    arguments: &AuditArgs,
    common: &CommonArgs,
    shown: &Presented<'_>,
) -> Result<(), Failure> {
    let report = shown.report;
    // Where the rows go to a file the line that names it says how many findings there are.
    let is_read = !Output::new(&arguments.file, common).is_file();
    match arguments.output {
        Format::Csv => {
            let rows = arguments.formats.csv;
            if rows != Some(CsvRows::Findings) && !common.quiet && is_read {
                for line in finding_lines(report, shown.view) {
                    say(&escape::terminal(&line));
                }
            }
            for text in left_out(rows, shown) {
                note(common, &text);
            }
            aside(&[], &report.withheld, common);
            Ok(())
        }
        Format::OpenMetrics | Format::Emf => {
            let findings = if is_read { &*report.findings } else { &[] };
            aside(findings, &report.withheld, common);
            Ok(())
        }
        Format::Github => step_summary::add(shown),
        Format::Table
        | Format::Wide
        | Format::Html
        | Format::Json
        | Format::Yaml
        | Format::Plain
        | Format::Markdown
        | Format::Sarif
        | Format::Junit
        | Format::Gitlab
        | Format::Nodes(_) => Ok(()),
    }
}

/// What flags keep out of CSV, whose rows cannot say so.
fn left_out(rows: Option<CsvRows>, shown: &Presented<'_>) -> Vec<String> {
    let Presented { answer, view, .. } = *shown;
    let cut = match rows {
        None | Some(CsvRows::Subnets | CsvRows::Owners) => {
            answer.subnets.len() - view.top(&answer.subnets).len()
        }
        Some(CsvRows::Nodes | CsvRows::Findings | CsvRows::Forecast) => 0,
    };
    let subnets = counted(cut, "more subnet", "more subnets");
    let cut = view.top.filter(|_| cut > 0).map(|top| format!("{subnets} hidden by --top {top}"));
    answer.filtered().into_iter().chain(cut).collect()
}

/// Which parts of the report are shown.
pub(super) fn sections(arguments: &AuditArgs) -> AuditSections {
    AuditSections {
        wide: arguments.output == Format::Wide,
        owners: arguments.owners || arguments.all,
        nodes: arguments.nodes || arguments.all,
        map: arguments.map || arguments.all,
        ignored: arguments.all,
    }
}
