//! What is shown, from what was typed.

use std::collections::BTreeSet;

use crate::{
    audit::{
        answer::{SortKey, View},
        checks::REGISTRY,
    },
    cli::{AuditArgs, Format, SeverityArg, SubnetSortArg, ViewArgs},
    command::Failure,
    finding::Severity,
    nearest::nearest,
};

/// What is shown.
pub(super) fn view(arguments: &ViewArgs) -> Result<View, Failure> {
    let checks: Result<BTreeSet<&str>, Failure> =
        arguments.check.iter().map(|id| check(id.trim())).collect();
    Ok(View {
        severity: arguments.severity.map(severity),
        checks: checks?,
        sort: arguments.sort.map_or(SortKey::Severity, sort),
        top: arguments.top.and_then(|top| usize::try_from(top).ok()),
    })
}

fn check(id: &str) -> Result<&'static str, Failure> {
    if let Some(check) = REGISTRY.iter().find(|check| check.id == id) {
        return Ok(check.id);
    }
    let list = "`eksnet explain` lists the checks";
    let near = nearest(id, REGISTRY.iter().map(|check| check.id));
    let hint = near.map_or_else(|| list.to_owned(), |near| format!("did you mean {near}? {list}"));
    Err(Failure::usage(format!("--check: no check `{id}`"), hint))
}

fn severity(severity: SeverityArg) -> Severity {
    match severity {
        SeverityArg::Info => Severity::Info,
        SeverityArg::Warning => Severity::Warning,
        SeverityArg::Critical => Severity::Critical,
    }
}

fn sort(key: SubnetSortArg) -> SortKey {
    match key {
        SubnetSortArg::Severity => SortKey::Severity,
        SubnetSortArg::Utilization => SortKey::Utilization,
        SubnetSortArg::Free => SortKey::Free,
        SubnetSortArg::Prefixes => SortKey::Prefixes,
        SubnetSortArg::Name => SortKey::Name,
        SubnetSortArg::Zone => SortKey::Zone,
        SubnetSortArg::Cidr => SortKey::Cidr,
    }
}

/// The flags of the view that say nothing to a format, for a note.
pub(super) fn idle(arguments: &AuditArgs) -> Option<String> {
    let ViewArgs { severity, check, sort, top } = &arguments.view;
    let filters = [(severity.is_some(), "--severity"), (!check.is_empty(), "--check")];
    let orders = [(sort.is_some(), "--sort"), (top.is_some(), "--top")];
    let idle: Vec<(bool, &str)> = match arguments.output {
        Format::Table
        | Format::Wide
        | Format::Markdown
        | Format::Html
        | Format::Csv
        | Format::Plain
        | Format::Nodes(_) => Vec::new(),
        Format::Json | Format::Yaml | Format::Github => orders.to_vec(),
        Format::Sarif | Format::Junit | Format::Gitlab | Format::OpenMetrics | Format::Emf => {
            [filters, orders].concat()
        }
    };
    let flags: Vec<&str> =
        idle.into_iter().filter(|(is_given, _)| *is_given).map(|(_, flag)| flag).collect();
    (!flags.is_empty())
        .then(|| format!("{} does not apply to this output format", flags.join(", ")))
}
