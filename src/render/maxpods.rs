//! `eksnet maxpods` for people and spreadsheets.

use std::io::{self, Write};

use super::{Cell, Document, Grid, Tone, escape};
use crate::{
    density::{Bound, DensityReport, Mode},
    expression::{Dialect, Verdict},
    finding::{counted, thousands},
    instance::InstanceLimits,
};

/// One type with its report.
#[derive(Debug, Clone)]
pub struct MaxPodsRow<'a> {
    /// The type's limits.
    pub limits: &'a InstanceLimits,
    /// Its max pods.
    pub report: DensityReport,
    /// What was set, judged.
    pub judged: Option<JudgedPods>,
}

/// Max pods that were set, with what they mean for a type.
#[derive(Debug, Clone)]
pub struct JudgedPods {
    /// Who evaluates them.
    pub dialect: Dialect,
    /// The expression; `None` where a number was set, or nothing.
    pub text: Option<String>,
    /// What to do about an expression that the evaluator refuses.
    pub hint: Option<String>,
    /// The NodePool whose type it is.
    pub node_pool: Option<String>,
    /// The EC2NodeClass that sets them.
    pub node_class: Option<String>,
    /// Whether Karpenter starts no node of the NodePool, whatever is set.
    pub starts_nothing: bool,
    /// What it means.
    pub verdict: Verdict,
}

/// How much a document shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxPodsDetail {
    /// Every column, and every note.
    pub wide: bool,
    /// The sum step by step and what each kind of node gets.
    pub explain: bool,
    /// The types are those of one node group, which takes the lowest of them.
    pub group: bool,
}

/// Types above which a table leaves notes to `-o wide`, `--explain` and JSON.
pub(super) const NOTES_UP_TO: usize = 5;

/// The lowest max pods of some rows and the types that have it. `None` without rows, or when
/// nothing bounds one of them.
#[must_use]
pub fn lowest<'a>(rows: &'a [MaxPodsRow<'a>]) -> Option<(u32, Vec<&'a str>)> {
    let pods: Option<Vec<u32>> = rows.iter().map(|row| row.report.max_pods).collect();
    let least = pods?.into_iter().min()?;
    let types = rows.iter().filter(|row| row.report.max_pods == Some(least));
    Some((least, types.map(|row| row.limits.instance_type.as_ref()).collect()))
}

/// The document.
#[must_use]
pub fn document(rows: &[MaxPodsRow<'_>], detail: MaxPodsDetail) -> Document {
    let mut document = Document::default();
    let lowest = lowest(rows).filter(|_| rows.len() > 1 && detail.group);
    match rows {
        [] => {}
        [one] => document.line(Cell::new(answer(one)).toned(Tone::Strong)),
        several => {
            let text = lowest.as_ref().map_or_else(|| range(several), lowest_text);
            document.line(Cell::new(text).toned(Tone::Strong));
        }
    }
    // Where all have the lowest, marking it tells nothing.
    let marked = lowest.as_ref().filter(|(_, types)| types.len() < rows.len());
    document.grid(grid(rows, detail.wide, marked.map(|(least, _)| *least)));
    if detail.explain {
        for row in rows {
            explain(row, &mut document);
        }
    } else if rows.len() <= NOTES_UP_TO || detail.wide {
        for row in rows {
            notes(&row.limits.instance_type, &row.report.notes, &mut document);
        }
    } else {
        let with = rows.iter().filter(|row| !row.report.notes.is_empty()).count();
        if with > 0 {
            let text = format!("{with} of {} types have notes: -o wide shows them", rows.len());
            document.line(Cell::new(text).toned(Tone::Dim));
        }
    }
    document
}

/// The number of a type with its sum, in a line.
fn answer(row: &MaxPodsRow<'_>) -> String {
    let report = &row.report;
    let mode = report.mode.name().replace("-ip", " IP").replace('-', " ");
    let sum = report.counted_addresses.zip(report.eni_max_pods).map(|(addresses, most)| {
        let host = most.saturating_sub(addresses);
        let enis = counted(report.pod_enis, "ENI", "ENIs");
        match addresses.checked_div(report.pod_enis) {
            Some(each) if each * report.pod_enis == addresses => {
                format!("{enis} x {each} addresses + {host}")
            }
            _ => format!("{} + {host}", counted(addresses, "address", "addresses")),
        }
    });
    let why = match (report.limited_by, report.cap, report.eni_max_pods) {
        (Some(Bound::Cap), Some(cap), Some(most)) => {
            format!("cap {cap}; {mode} has addresses for {}", thousands(most))
        }
        (Some(Bound::Cap), Some(cap), None) => format!("cap {cap}; {mode}"),
        _ => sum.map_or_else(|| mode.clone(), |sum| format!("{mode}; {sum}")),
    };
    let pods = report.max_pods.map_or("no limit of".to_owned(), thousands);
    format!("{}: {pods} pods ({why})", row.limits.instance_type)
}

/// What the types of one node group come to.
fn lowest_text((pods, types): &(u32, Vec<&str>)) -> String {
    let them = match types.as_slice() {
        [one] => (*one).to_owned(),
        [first, .., last] if types.len() > 4 => format!("{first} … {last}, {} types", types.len()),
        several => several.join(", "),
    };
    format!("lowest: {pods} ({them}); a node group takes the lowest of its types")
}

/// From the fewest to the most pods of what was found.
fn range(rows: &[MaxPodsRow<'_>]) -> String {
    let found = counted(rows.len(), "instance type", "instance types");
    let pods = || rows.iter().filter_map(|row| row.report.max_pods);
    match (pods().min(), pods().max()) {
        (Some(least), Some(most)) if least < most => {
            format!("{found}: {} to {} pods", thousands(least), thousands(most))
        }
        (Some(least), Some(_)) => format!("{found}: {} pods each", thousands(least)),
        _ => found,
    }
}

fn grid(rows: &[MaxPodsRow<'_>], wide: bool, lowest: Option<u32>) -> Grid {
    let mut titles = vec!["TYPE", "#VCPU", "#ENIS", "#IPV4/ENI", "MODE", "#POD ENIS"];
    titles.extend(["#POD ADDRESSES", "#ENI MAX PODS", "#CAP", "#MAX PODS", "LIMITED BY"]);
    if wide {
        titles.extend(["#MEMORY MIB", "ARCH", "HYPERVISOR", "#BRANCH ENIS", "#RESERVED MIB"]);
    }
    if lowest.is_some() {
        titles.push("");
    }
    // What was asked for is the last to go; what it is made of goes before.
    let mut grid = Grid::new(&titles).ranked(&[0, 4, 3, 3, 6, 5, 7, 8, 4, 0, 2]);
    for row in rows {
        let (limits, report) = (row.limits, &row.report);
        let unbound = |value: Option<u32>| value.map_or("none".to_owned(), |v| v.to_string());
        let mut cells = vec![
            Cell::new(&limits.instance_type),
            Cell::maybe(limits.vcpus),
            Cell::new(limits.enis()),
            Cell::new(limits.ipv4_per_eni),
            Cell::new(report.mode.name()),
            Cell::new(report.pod_enis),
            Cell::maybe(report.pod_addresses),
            Cell::maybe(report.eni_max_pods),
            Cell::new(unbound(report.cap)),
            Cell::new(unbound(report.max_pods)).toned(Tone::Strong),
            Cell::maybe(report.limited_by.map(Bound::name)),
        ];
        if wide {
            cells.extend([
                Cell::maybe(limits.memory_mib),
                Cell::new(limits.architectures.as_deref().unwrap_or_default().join(",")),
                Cell::new(hypervisor(limits)),
                Cell::maybe(report.branch_enis),
                Cell::maybe(report.kube_reserved_memory_mib),
            ]);
        }
        if lowest.is_some() {
            let mark = if report.max_pods == lowest { "lowest" } else { " " };
            cells.push(Cell::new(mark).toned(Tone::Warn));
        }
        grid.push(cells);
    }
    grid
}

fn hypervisor(limits: &InstanceLimits) -> String {
    match limits.hypervisor {
        _ if limits.bare_metal => "metal".to_owned(),
        Some(hypervisor) => hypervisor.to_string(),
        None => String::new(),
    }
}

pub(super) fn notes<'a>(
    of: &str,
    notes: impl IntoIterator<Item = &'a String>,
    document: &mut Document,
) {
    for note in notes {
        document.line(Cell::new(format!("note: {of}: {note}")).toned(Tone::Warn));
    }
}

pub(super) fn explain(row: &MaxPodsRow<'_>, document: &mut Document) {
    document.heading(format!("{}: the sum", row.limits.instance_type));
    let mut sum = Grid::new(&["STEP", "HOW", "#VALUE"]);
    for step in &row.report.steps {
        let value = step.value.map_or("no limit".to_owned(), |value| value.to_string());
        sum.push(vec![Cell::new(&step.what), Cell::new(&step.sum), Cell::new(value)]);
    }
    document.grid(sum);
    document.heading(format!("{}: what each kind of node really gets", row.limits.instance_type));
    let all = node_values(&row.report);
    let is_marked = all.iter().any(|(kind, value)| above(&row.report, kind, *value).is_some());
    let titles: &[&str] =
        if is_marked { &["NODE", "#MAX PODS", ""] } else { &["NODE", "#MAX PODS"] };
    let mut values = Grid::new(titles);
    for (kind, value) in all {
        let mark = above(&row.report, kind, value);
        let kind = match kind {
            "windows" => "windows (what its bootstrap script sets)".to_owned(),
            other => other.replace('_', " "),
        };
        let mut cells = vec![Cell::new(kind), Cell::maybe(value)];
        if is_marked {
            cells.push(Cell::new(mark.unwrap_or_default()).toned(Tone::Warn));
        }
        values.push(cells);
    }
    document.grid(values);
    notes(&row.limits.instance_type, &row.report.notes, document);
}

/// What is wrong with the number of a kind of node: its kubelet accepts more pods than get an address. Auto
/// Mode does not go by these settings, and Windows nodes only by those for Windows.
fn above(report: &DensityReport, kind: &str, value: Option<u32>) -> Option<String> {
    let is_windows = matches!(report.mode, Mode::WindowsSecondaryIp | Mode::WindowsPrefix);
    if report.mode.is_auto_mode() || kind == "auto_mode" || (kind == "windows") != is_windows {
        return None;
    }
    let (accepts, fits) = value.zip(report.eni_max_pods).filter(|(value, fits)| value > fits)?;
    Some(format!("▲ accepts {accepts}, addresses for {fits}"))
}

fn node_values(report: &DensityReport) -> [(&'static str, Option<u32>); 6] {
    let values = &report.node_values;
    [
        ("managed_node_group", values.managed_node_group),
        ("al2023_nodeadm", values.al2023_nodeadm),
        ("bottlerocket", values.bottlerocket),
        ("karpenter", values.karpenter),
        ("auto_mode", values.auto_mode),
        ("windows", values.windows),
    ]
}

/// The rows as a grid for CSV, under the names of the JSON document.
#[must_use]
pub fn csv_grid(rows: &[MaxPodsRow<'_>], explain: bool) -> Grid {
    let mut titles = vec!["instance_type", "vcpus", "memory_mib", "architectures", "hypervisor"];
    titles.extend(["bare_metal", "enis", "ipv4_per_eni", "mode", "pod_enis", "pod_addresses"]);
    titles.extend(["eni_max_pods", "cap", "max_pods", "limited_by", "branch_enis"]);
    titles.extend(["kube_reserved_memory_mib", "notes"]);
    if explain {
        titles.extend(["managed_node_group", "al2023_nodeadm", "bottlerocket"]);
        titles.extend(["karpenter", "auto_mode", "windows"]);
    }
    let mut grid = Grid::new(&titles);
    for row in rows {
        let (limits, report) = (row.limits, &row.report);
        let mut cells = vec![
            Cell::new(&limits.instance_type),
            Cell::maybe(limits.vcpus),
            Cell::maybe(limits.memory_mib),
            Cell::new(limits.architectures.as_deref().unwrap_or_default().join(";")),
            Cell::maybe(limits.hypervisor),
            Cell::new(limits.bare_metal),
            Cell::new(limits.enis()),
            Cell::new(limits.ipv4_per_eni),
            Cell::new(report.mode.name()),
            Cell::new(report.pod_enis),
            Cell::maybe(report.pod_addresses),
            Cell::maybe(report.eni_max_pods),
            Cell::maybe(report.cap),
            Cell::maybe(report.max_pods),
            Cell::maybe(report.limited_by.map(Bound::name)),
            Cell::maybe(report.branch_enis),
            Cell::maybe(report.kube_reserved_memory_mib),
            Cell::new(report.notes.join("; ")),
        ];
        if explain {
            cells.extend(node_values(report).map(|(_, value)| Cell::maybe(value)));
        }
        grid.push(cells);
    }
    grid
}

/// What a line of plain output says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plain {
    /// The number alone: one type was asked for.
    Number,
    /// The type, a tab and the number.
    Named,
    /// The same, a tab and the NodePool or NodeClass: several are judged.
    Whose,
}

/// The numbers, a line a type; `none` when nothing bounds it.
///
/// # Errors
/// When the writer fails.
pub fn write_plain(rows: &[MaxPodsRow<'_>], plain: Plain, out: &mut dyn Write) -> io::Result<()> {
    for row in rows {
        let pods = row.judged.as_ref().map_or(row.report.max_pods, |judged| judged.verdict.value);
        let pods = pods.map_or("none".to_owned(), |pods| pods.to_string());
        // A name is one field, whatever stands in it.
        let name = escape::terminal(&row.limits.instance_type);
        match plain {
            Plain::Number => writeln!(out, "{pods}")?,
            Plain::Named => writeln!(out, "{name}\t{pods}")?,
            Plain::Whose => {
                let judged = row.judged.as_ref();
                let whose =
                    judged.and_then(|of| of.node_pool.as_deref().or(of.node_class.as_deref()));
                let whose = escape::terminal(whose.unwrap_or("NodeConfig"));
                writeln!(out, "{name}\t{pods}\t{whose}")?;
            }
        }
    }
    Ok(())
}
