//! `eksnet maxpods` where max pods are set: what the number means for each type.

use super::{
    Cell, Document, Grid, Tone,
    maxpods::{self, JudgedPods, MaxPodsDetail, MaxPodsRow, NOTES_UP_TO, explain, notes},
};
use crate::{
    density::memory_note,
    expression::{Dialect, Holder, Problem, Status},
    finding::{counted, thousands},
};

/// A row with what was judged.
type JudgedRow<'a> = (&'a MaxPodsRow<'a>, &'a JudgedPods);

/// The document.
#[must_use]
pub fn document(rows: &[MaxPodsRow<'_>], detail: MaxPodsDetail) -> Document {
    let mut document = Document::default();
    let judged: Vec<JudgedRow<'_>> =
        rows.iter().filter_map(|row| Some((row, row.judged.as_ref()?))).collect();
    for line in lines(&judged) {
        document.line(line);
    }
    document.grid(grid(&judged, detail.wide));
    if let Some(text) = reserved_otherwise(&judged) {
        document.line(Cell::new(text));
    }
    let said = one_reason(&judged);
    for (row, judged) in &judged {
        if detail.explain {
            explain(row, &mut document);
        } else if detail.wide || rows.len() <= NOTES_UP_TO {
            // The memory that is reserved by what was set is a column.
            let other = memory_note(row.limits, &row.report);
            let all = row.report.notes.iter().filter(|note| Some(*note) != other.as_ref());
            notes(&row.limits.instance_type, all, &mut document);
        } else {
            continue;
        }
        // Why nothing starts stands above the rows.
        let own = judged.verdict.reason.as_deref().filter(|_| !judged.starts_nothing);
        if let Some(reason) = own.filter(|why| Some(*why) != said) {
            let text = format!("note: {}: {reason}", row.limits.instance_type);
            document.line(Cell::new(text).toned(Tone::Warn));
        }
    }
    document
}

/// That nodeadm reserves another amount than Karpenter reckons with, by the type with the largest difference.
fn reserved_otherwise(rows: &[JudgedRow<'_>]) -> Option<String> {
    let pair = |(row, judged): &JudgedRow<'_>| {
        let verdict = &judged.verdict;
        let own = verdict.nodeadm_reserved_memory_mib?;
        let known = verdict.kube_reserved_memory_mib?;
        Some((own.abs_diff(known), own, row.limits.instance_type.to_string()))
    };
    // The first of several.
    let all = rows.iter().filter_map(pair).rev();
    let (_, own, name) = all.max_by_key(|(difference, ..)| *difference)?;
    Some(format!(
        "note: inferred: Karpenter reckons with this reservation when it chooses types; nodeadm on AL2023 reserves \
         by its own table ({} MiB on {name})",
        thousands(own)
    ))
}

/// The reason of all rejected rows, where they have one: it stands above the table.
fn one_reason<'a>(rows: &[JudgedRow<'a>]) -> Option<&'a str> {
    let rejected = rows.iter().filter(|(_, judged)| judged.verdict.status == Status::Rejected);
    let mut reasons = rejected.filter_map(|(_, judged)| judged.verdict.reason.as_deref());
    let first = reasons.next()?;
    reasons.all(|other| other == first).then_some(first)
}

/// The answer first: how many types are right, and the worst that is not.
fn lines(rows: &[JudgedRow<'_>]) -> Vec<Cell> {
    let mut lines: Vec<Cell> = Vec::new();
    let wrong: Vec<&JudgedRow<'_>> =
        rows.iter().filter(|(_, judged)| !judged.verdict.problems.is_empty()).collect();
    // What is wrong is known, whatever else is not.
    let is_known = |(_, judged): &&JudgedRow<'_>| {
        judged.verdict.status != Status::Unknown || !judged.verdict.problems.is_empty()
    };
    let known = rows.iter().filter(is_known).count();
    let tone = if wrong.is_empty() { Tone::Good } else { Tone::Bad };
    let worst = wrong.iter().max_by_key(|(row, judged)| badness(row, judged));
    let right = || {
        format!("{} of {} types are right", thousands(known - wrong.len()), thousands(rows.len()))
    };
    let text = match (rows, worst) {
        ([], _) => return lines,
        ([one], _) => alone(one),
        (_, None) => right(),
        (_, Some((row, judged))) => {
            format!("{}; worst {}: {}", right(), row.limits.instance_type, why(row, judged))
        }
    };
    let text = format!("{}{text}", dropped(rows));
    lines.push(Cell::new(text).toned(if tone == Tone::Good { Tone::Strong } else { tone }));
    lines.extend(rejected(rows));
    let unknown = rows.len() - known;
    if unknown > 0 && rows.len() > 1 {
        let text = format!("unknown for {}", counted(unknown, "type", "types"));
        lines.push(Cell::new(text).toned(Tone::Warn));
    }
    lines.extend(fewer(rows));
    lines
}

/// What nodeadm does before the number that is judged.
fn dropped(rows: &[JudgedRow<'_>]) -> String {
    let is_dropped = |(_, judged): &&JudgedRow<'_>| {
        judged.dialect == Dialect::Nodeadm && judged.verdict.status == Status::Rejected
    };
    match rows.iter().filter(is_dropped).count() {
        0 => String::new(),
        all if all == rows.len() => "the expression is dropped; ".to_owned(),
        some => format!("the expression is dropped on {}; ", counted(some, "type", "types")),
    }
}

fn alone((row, judged): &JudgedRow<'_>) -> String {
    let verdict = &judged.verdict;
    let name = &row.limits.instance_type;
    match verdict.value {
        Some(value) if verdict.problems.is_empty() => format!(
            "{name}: max pods {} {} ({})",
            thousands(value),
            if row.report.max_pods.is_some_and(|most| value < most) {
                "strands no pod"
            } else {
                "is right"
            },
            row.report.eni_max_pods.map_or("addresses never bind".to_owned(), |most| {
                format!("addresses for {}", thousands(most))
            })
        ),
        Some(_) | None => format!("{name}: {}", why(row, judged)),
    }
}

/// What is wrong with a type, in a line.
fn why(row: &MaxPodsRow<'_>, judged: &JudgedPods) -> String {
    let verdict = &judged.verdict;
    let problems = || verdict.problems.iter().map(|problem| told(row, judged, *problem));
    match verdict.value {
        Some(value) => {
            let pods = counted(value, "pod", "pods");
            format!("{pods}, {}", problems().collect::<Vec<_>>().join(", "))
        }
        None if verdict.problems.is_empty() => "unknown".to_owned(),
        None => problems().collect::<Vec<_>>().join(", "),
    }
}

fn told(row: &MaxPodsRow<'_>, judged: &JudgedPods, problem: Problem) -> String {
    match problem {
        Problem::NoNode if judged.starts_nothing => "no node starts".to_owned(),
        Problem::NoNode => match judged.dialect {
            Dialect::Karpenter => "no node starts".to_owned(),
            Dialect::Nodeadm | Dialect::Castai => "no usable value".to_owned(),
        },
        Problem::StrandsPods => {
            let most = row.report.eni_max_pods.map(thousands).unwrap_or_default();
            format!("addresses for {most}")
        }
        Problem::ReservesHalf => {
            format!("reserves {} of the memory", percent(reserved_share(row, judged)))
        }
        Problem::OverCap => {
            let cap = row.report.cap.map(thousands).unwrap_or_default();
            format!("above the cap of {cap}")
        }
    }
}

/// The part of the memory that is reserved, for the kubelet and the system.
fn reserved_share(row: &MaxPodsRow<'_>, judged: &JudgedPods) -> Option<f64> {
    let verdict = &judged.verdict;
    let memory = row.limits.memory_mib.filter(|mib| *mib > 0)?;
    let kube = verdict.kube_reserved_memory_mib?;
    let all = kube.saturating_add(verdict.system_reserved_memory_mib.unwrap_or(0));
    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "MiB of one machine")]
    Some(f64::from(all) / memory as f64)
}

fn percent(share: Option<f64>) -> String {
    share.map(|share| format!("{:.0} %", share * 100.0)).unwrap_or_default()
}

/// How bad a type is: no node before stranded pods before memory before the cap.
fn badness(row: &MaxPodsRow<'_>, judged: &JudgedPods) -> (bool, u32, u32, u32) {
    let verdict = &judged.verdict;
    let per_mille = verdict.kube_reserved_share.map_or(0.0, |share| share * 1000.0);
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a conversion of a float saturates"
    )]
    let share = per_mille as u32;
    let half = if verdict.problems.contains(&Problem::ReservesHalf) { share } else { 0 };
    let above =
        verdict.value.zip(row.report.cap).map_or(0, |(value, cap)| value.saturating_sub(cap));
    (verdict.value.is_none(), verdict.stranded_pods.unwrap_or(0), half, above)
}

/// What the evaluator does with an expression that it cannot use.
fn rejected(rows: &[JudgedRow<'_>]) -> Vec<Cell> {
    let all: Vec<&JudgedRow<'_>> =
        rows.iter().filter(|(_, judged)| judged.verdict.status == Status::Rejected).collect();
    let Some((row, judged)) = all.first() else { return elsewhere(rows).into_iter().collect() };
    let reason = judged.verdict.reason.as_deref().unwrap_or_default();
    let of = if all.len() == rows.len() {
        String::new()
    } else {
        format!(" on {} of {} types", thousands(all.len()), thousands(rows.len()))
    };
    let such_as =
        if of.is_empty() { String::new() } else { format!("{}: ", row.limits.instance_type) };
    let text = match judged.dialect {
        Dialect::Nodeadm if judged.verdict.held_by == Some(Holder::Number) => {
            format!("nodeadm drops the expression{of}; maxPods is set beside it: {such_as}{reason}")
        }
        Dialect::Nodeadm => {
            format!("nodeadm drops the expression{of} and uses its table: {such_as}{reason}")
        }
        Dialect::Karpenter => format!(
            "the NodeClass is not Ready: the expression has no usable value{of}: {such_as}{reason}"
        ),
        Dialect::Castai => format!("the formula has no usable value{of}: {such_as}{reason}"),
    };
    let hint = judged.hint.iter().map(|hint| Cell::new(format!("hint: {hint}")).toned(Tone::Dim));
    std::iter::once(Cell::new(text).toned(Tone::Warn)).chain(hint).collect()
}

/// Karpenter starts no node of a class whose expression fails on any type.
fn elsewhere(rows: &[JudgedRow<'_>]) -> Option<Cell> {
    let fails = |(_, judged): &&JudgedRow<'_>| {
        // With max pods 0 the NodeClass is Ready, and no pod fits on a node.
        let verdict = &judged.verdict;
        let of_class = verdict.problems.contains(&Problem::NoNode) && !judged.starts_nothing;
        of_class && verdict.value != Some(0)
    };
    let (_, judged) = rows.iter().find(fails)?;
    let reason = judged.verdict.reason.as_deref()?;
    Some(Cell::new(format!("the NodeClass is not Ready: {reason}")).toned(Tone::Warn))
}

/// Types that could take more pods.
fn fewer(rows: &[JudgedRow<'_>]) -> Option<Cell> {
    let below = |(row, judged): &&JudgedRow<'_>| {
        let value = judged.verdict.value.zip(row.report.max_pods);
        value.is_some_and(|(value, most)| value < most)
    };
    let all: Vec<_> = rows.iter().filter(below).collect();
    let (row, judged) = all.first()?;
    let (value, most) = judged.verdict.value.zip(row.report.max_pods)?;
    let name = &row.limits.instance_type;
    let text = if rows.len() == 1 {
        format!("fewer pods than possible: {} of {}", thousands(value), thousands(most))
    } else {
        let count = counted(all.len(), "type gets", "types get");
        format!(
            "{count} fewer pods than possible, such as {name}: {} of {}",
            thousands(value),
            thousands(most)
        )
    };
    Some(Cell::new(text).toned(Tone::Dim))
}

fn grid(rows: &[JudgedRow<'_>], wide: bool) -> Grid {
    let has_pool = rows.iter().any(|(_, judged)| judged.node_pool.is_some());
    let has_class = rows.iter().any(|(_, judged)| judged.node_class.is_some());
    let mut titles = vec!["TYPE", "#VCPU", "MODE", "#PODS", "#ENI MAX PODS", "#STRANDED", "#CAP"];
    titles.extend(["#RESERVED MIB", "#SHARE", "VERDICT"]);
    let mut ranks = vec![0, 4, 5, 0, 2, 2, 4, 4, 2, 0];
    if has_pool {
        titles.push("NODEPOOL");
        ranks.push(3);
    }
    if has_class {
        titles.push("NODECLASS");
        ranks.push(3);
    }
    if wide {
        titles.extend(["#MEMORY MIB", "#SYSTEM MIB", "SET BY", "STATUS"]);
        ranks.extend([6, 6, 6, 6]);
    }
    let mut grid = Grid::new(&titles).ranked(&ranks);
    for (row, judged) in rows {
        let (limits, report, verdict) = (row.limits, &row.report, &judged.verdict);
        let (text, tone) = verdict_text(row, judged);
        let mut cells = vec![
            Cell::new(&limits.instance_type),
            Cell::maybe(limits.vcpus),
            Cell::new(report.mode.name()),
            Cell::maybe(verdict.value).toned(Tone::Strong),
            Cell::maybe(report.eni_max_pods),
            Cell::maybe(verdict.stranded_pods),
            Cell::new(report.cap.map_or("none".to_owned(), |cap| cap.to_string())),
            Cell::maybe(verdict.kube_reserved_memory_mib),
            Cell::new(percent(verdict.kube_reserved_share)),
            Cell::new(text).toned(tone),
        ];
        if has_pool {
            cells.push(Cell::maybe(judged.node_pool.as_ref()));
        }
        if has_class {
            cells.push(Cell::maybe(judged.node_class.as_ref()));
        }
        if wide {
            cells.extend([
                Cell::maybe(limits.memory_mib),
                Cell::maybe(verdict.system_reserved_memory_mib),
                Cell::maybe(verdict.held_by.map(Holder::name)),
                Cell::new(verdict.status.name()),
            ]);
        }
        grid.push(cells);
    }
    grid
}

fn verdict_text(row: &MaxPodsRow<'_>, judged: &JudgedPods) -> (String, Tone) {
    let verdict = &judged.verdict;
    if verdict.status == Status::Unknown {
        return ("unknown".to_owned(), Tone::Warn);
    }
    if verdict.problems.is_empty() {
        return ("ok".to_owned(), Tone::Good);
    }
    let all = verdict.problems.iter().map(|problem| match problem {
        Problem::StrandsPods => {
            format!("strands {}", counted(verdict.stranded_pods.unwrap_or(0), "pod", "pods"))
        }
        Problem::NoNode | Problem::ReservesHalf | Problem::OverCap => told(row, judged, *problem),
    });
    (all.collect::<Vec<_>>().join(", "), Tone::Bad)
}

/// The rows as a grid for CSV, under the names of the JSON document.
#[must_use]
pub fn csv_grid(rows: &[MaxPodsRow<'_>], explain: bool) -> Grid {
    let mut grid = maxpods::csv_grid(rows, explain);
    if rows.iter().all(|row| row.judged.is_none()) {
        return grid;
    }
    let titles = [
        "expression_value",
        "expression_status",
        "expression_reason",
        "expression_held_by",
        "expression_kube_reserved_memory_mib",
        "expression_problems",
        "stranded_pods",
        "kube_reserved_share",
        "node_pool",
        "node_class",
    ];
    grid.columns.extend(Grid::new(&titles).columns);
    for (cells, row) in grid.rows.iter_mut().zip(rows) {
        let Some(judged) = &row.judged else {
            cells.extend(titles.map(|_| Cell::new("")));
            continue;
        };
        let verdict = &judged.verdict;
        let problems: Vec<&str> = verdict.problems.iter().map(|problem| problem.name()).collect();
        cells.extend([
            Cell::maybe(verdict.value),
            Cell::new(verdict.status.name()),
            Cell::maybe(verdict.reason.as_ref()),
            Cell::maybe(verdict.held_by.map(Holder::name)),
            Cell::maybe(verdict.kube_reserved_memory_mib),
            Cell::new(problems.join(";")),
            Cell::maybe(verdict.stranded_pods),
            Cell::maybe(verdict.kube_reserved_share.map(four_decimals)),
            Cell::maybe(judged.node_pool.as_ref()),
            Cell::maybe(judged.node_class.as_ref()),
        ]);
    }
    grid
}

/// A share as documents for programs have it.
#[must_use]
pub(super) fn four_decimals(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}
