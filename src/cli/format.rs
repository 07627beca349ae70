//! The output formats, one row each: its name, what it is for, and the commands that have it.

use clap::{
    Args,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};

use super::headings::OUTPUT;

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people, fitted to the terminal.
    Table,
    /// For people, with every column.
    Wide,
    /// One JSON object.
    Json,
    /// The same as YAML.
    Yaml,
    /// Comma-separated values.
    Csv,
    /// Markdown.
    Markdown,
    /// Bare values.
    Plain,
    /// A page.
    Html,
    /// SARIF.
    Sarif,
    /// JUnit XML.
    Junit,
    /// Workflow commands of GitHub Actions.
    Github,
    /// GitLab's Code Quality.
    Gitlab,
    /// OpenMetrics text.
    OpenMetrics,
    /// CloudWatch embedded metrics.
    Emf,
    /// A file that sets max pods of nodes.
    Nodes(NodesFormat),
}

/// Whose file sets max pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodesFormat {
    /// A NodeConfig of AL2023.
    Nodeadm,
    /// Settings of Bottlerocket.
    Bottlerocket,
    /// NodeClasses and NodePools of Karpenter.
    Karpenter,
    /// A ClusterConfig of eksctl.
    Eksctl,
    /// A local value of Terraform.
    Hcl,
}

/// A row of the table of formats.
struct Row {
    format: Format,
    name: &'static str,
    help: &'static str,
    commands: &'static [&'static str],
}

/// Commands that answer in tables.
const TABLES: &[&str] = &["maxpods", "node", "simulate", "audit", "diff", "limits"];
/// Commands that answer in documents for people, of more than tables.
const REPORTS: &[&str] = &["maxpods", "node", "simulate", "plan", "audit", "diff", "limits"];
/// Commands that answer in one document for programs.
const DOCUMENTS: &[&str] =
    &["maxpods", "node", "simulate", "plan", "audit", "diff", "doctor", "limits", "version"];

/// The formats, in the order of the help.
const FORMATS: &[Row] = &[
    row(Format::Table, "table", "For people; fits the width of the terminal", DOCUMENTS),
    row(Format::Wide, "wide", "For people; every column, however long the lines get", REPORTS),
    row(Format::Json, "json", "One JSON object", DOCUMENTS),
    row(Format::Yaml, "yaml", "The JSON object as YAML", DOCUMENTS),
    row(Format::Csv, "csv", "Comma-separated values", TABLES),
    row(Format::Markdown, "markdown", "Markdown tables", REPORTS),
    row(
        Format::Plain,
        "plain",
        "The number alone for one named type, else TYPE, a tab and NUMBER per line",
        &["maxpods"],
    ),
    row(Format::Nodes(NodesFormat::Nodeadm), "nodeadm", "A NodeConfig for AL2023", &["maxpods"]),
    row(
        Format::Nodes(NodesFormat::Bottlerocket),
        "bottlerocket",
        "Bottlerocket settings",
        &["maxpods"],
    ),
    row(
        Format::Nodes(NodesFormat::Karpenter),
        "karpenter",
        "EC2NodeClasses and NodePools, one pair for each class of types",
        &["maxpods"],
    ),
    row(Format::Nodes(NodesFormat::Eksctl), "eksctl", "An eksctl node group", &["maxpods"]),
    row(
        Format::Nodes(NodesFormat::Hcl),
        "hcl",
        "A Terraform local: a number, or a map",
        &["maxpods"],
    ),
    row(Format::Html, "html", "One HTML page with charts", &["audit", "simulate", "plan", "diff"]),
    row(Format::Sarif, "sarif", "SARIF 2.1.0, for code scanning", &["audit"]),
    row(Format::Junit, "junit", "JUnit XML, one test case for each subnet and check", &["audit"]),
    row(
        Format::Github,
        "github",
        "Workflow commands of GitHub Actions, and the step's summary",
        &["audit"],
    ),
    row(Format::Gitlab, "gitlab", "GitLab's Code Quality report", &["audit"]),
    row(
        Format::OpenMetrics,
        "openmetrics",
        "OpenMetrics text, also for Prometheus' textfile collector",
        &["audit"],
    ),
    row(
        Format::Emf,
        "emf",
        "CloudWatch embedded metric format, one JSON line for each subnet",
        &["audit"],
    ),
];

const fn row(
    format: Format,
    name: &'static str,
    help: &'static str,
    commands: &'static [&'static str],
) -> Row {
    Row { format, name, help, commands }
}

/// What `-o` of a command takes.
pub(super) fn formats(command: &'static str) -> impl TypedValueParser<Value = Format> {
    let rows = FORMATS.iter().filter(move |row| row.commands.contains(&command));
    let values = rows.map(|row| PossibleValue::new(row.name).help(row.help));
    PossibleValuesParser::new(values).try_map(|name| {
        let row = FORMATS.iter().find(|row| row.name == name);
        row.map(|row| row.format).ok_or("no such format")
    })
}

/// How tables and CSV are laid out.
#[derive(Debug, Clone, Args)]
pub struct TableArgs {
    /// Leave out the line of titles in tables and CSV
    #[arg(help_heading = OUTPUT, long, hide_short_help = true)]
    pub no_headers: bool,
}
