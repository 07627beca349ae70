//! The answer on a terminal, or in a file as a terminal would have it.

use std::io::{self, Write};

use super::{
    figures::{calm, checks, figures, header, heading, place, sign, tone},
    presented::{Folding, Presented},
    rest,
    sections::below,
    sheet::{Head, Sheet},
};
use crate::{
    audit::{
        Status, SubnetCount,
        answer::{About, Ending, Group, Kind, by_kind, folded, kind},
    },
    finding::{Finding, Severity, counted},
    render::{
        Column, Role, Screen, Tone,
        fit::{Texts, fit, width},
        table::write_table,
    },
};

/// Groups with a critical finding that are shown when folded.
const CRITICAL: usize = 8;
/// Groups with warnings that are shown when folded, beside critical ones and without.
const WARNINGS: (usize, usize) = (3, 10);
/// Groups with warnings alone up to which they are shown in full when folded.
const FEW: usize = 3;
/// Groups with something new or worse than a baseline that are shown in full when folded.
const FRESH: usize = 20;
/// Below this width the text of a finding does not stand beside its check.
const NARROW: usize = 80;
/// The column of checks.
const CHECK: usize = 18;
/// What stands under a group's heading.
const INDENT: usize = 4;

/// Writes an audit as text: the answer, then the sections.
///
/// # Errors
/// When the writer fails.
pub fn write_audit_table(
    shown: &Presented<'_>,
    fold: Folding,
    screen: Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut sheet = Sheet { screen, out };
    head(shown, &mut sheet)?;
    groups(shown, fold, &mut sheet)?;
    rest::missing(shown, fold, &mut sheet)?;
    let sections = below(shown, fold);
    if !sections.blocks.is_empty() {
        sheet.blank()?;
        write_table(&sections, screen, sheet.out)?;
        sheet.blank()?;
    }
    ending(shown.ending, &mut sheet)
}

/// What was looked at, and the verdict.
fn head(shown: &Presented<'_>, sheet: &mut Sheet<'_>) -> io::Result<()> {
    let report = shown.report;
    sheet.facts(&header(report), Tone::Strong)?;
    let verdict = &shown.answer.verdict;
    let (sign, tone) = match verdict.status {
        Status::Critical => ("✖", Tone::Bad),
        Status::Warning => ("▲", Tone::Warn),
        Status::Unknown => ("?", Tone::Warn),
        Status::Ok => ("✔", Tone::Good),
    };
    sheet.text(&Head { text: sign, width: 2, tone }, &verdict.sentence, tone)?;
    sheet.under(2, &verdict.numbers(), Tone::Plain)?;
    for line in rest::besides(shown) {
        sheet.under(2, &line, Tone::Plain)?;
    }
    Ok(())
}

/// How a group is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// All findings, each with what to do.
    Whole,
    /// The critical ones so, the rest by its checks.
    Worst,
    /// In a line.
    Line,
}

fn groups(shown: &Presented<'_>, fold: Folding, sheet: &mut Sheet<'_>) -> io::Result<()> {
    let [fresh, known] = rest::arranged(shown);
    let all = match fold {
        Folding::Folded => folded(&fresh),
        Folding::Whole => fresh.into_iter().chain(known).collect(),
    };
    let count = |severity| all.iter().filter(|group| group.severity == severity).count();
    let (critical, warnings) = (count(Severity::Critical), count(Severity::Warning));
    let mut left: [Vec<Kind>; 3] = Default::default();
    let mut picked: Vec<(&Group<'_>, How)> = Vec::new();
    let mut seen = [0_usize; 3];
    for group in &all {
        let how = match (fold, group.severity) {
            (Folding::Whole, _) => Some(How::Whole),
            // With a baseline what is new or worse is what the run is for.
            (Folding::Folded, Severity::Critical | Severity::Warning)
                if shown.report.baseline.is_some() && seen[0] + seen[1] < FRESH =>
            {
                Some(How::Whole)
            }
            (Folding::Folded, Severity::Critical) => (seen[0] < CRITICAL).then_some(How::Worst),
            (Folding::Folded, Severity::Warning) if critical == 0 && warnings <= FEW => {
                Some(How::Whole)
            }
            (Folding::Folded, Severity::Warning) => {
                let most = if critical > 0 { WARNINGS.0 } else { WARNINGS.1 };
                (seen[1] < most).then_some(How::Line)
            }
            (Folding::Folded, Severity::Info) => None,
        };
        let at = match group.severity {
            Severity::Critical => 0,
            Severity::Warning => 1,
            Severity::Info => 2,
        };
        match how {
            Some(how) => {
                seen[at] += 1;
                picked.push((group, how));
            }
            None => left[at].extend(kinds(group)),
        }
    }
    let lines = headings(shown, &picked, sheet.screen);
    let mut was_line = false;
    for ((group, how), line) in picked.iter().zip(&lines) {
        if *how != How::Line || !was_line {
            sheet.blank()?;
        }
        was_line = *how == How::Line;
        one(shown, (group, *how), line, sheet)?;
    }
    let text = tail(shown, &left, fold);
    if let Some(text) = text {
        if !was_line {
            sheet.blank()?;
        }
        sheet.under(2, &text, Tone::Dim)?;
    }
    Ok(())
}

/// What a group is about, each thing by its kind.
fn kinds(group: &Group<'_>) -> impl Iterator<Item = Kind> {
    let first = group.findings.first();
    let kind = first.map(|finding| kind(finding, group.subnet().is_some()));
    kind.into_iter().flat_map(|kind| std::iter::repeat_n(kind, group.size()))
}

/// What is not shown.
fn tail(shown: &Presented<'_>, left: &[Vec<Kind>; 3], fold: Folding) -> Option<String> {
    let [critical, warning, info] = left;
    let mut texts = Vec::new();
    for (kinds, what) in
        [(critical, "more critical"), (warning, "more with warnings"), (info, "with info only")]
    {
        if !kinds.is_empty() {
            let about = by_kind(kinds.iter().copied());
            texts.push(format!("{} ({about})", counted(kinds.len(), what, what)));
        }
    }
    if fold == Folding::Folded {
        let old = shown.answer.groups.iter().flat_map(|group| &group.findings);
        let old = old.filter(|finding| shown.report.is_known(finding)).count();
        if old > 0 {
            texts.push(counted(old, "known finding", "known findings"));
        }
    }
    texts.extend(calm(shown.report, shown.answer));
    let is_folded = fold == Folding::Folded && !texts.is_empty();
    let all = if is_folded { " (--all)" } else { "" };
    let mut text = (!texts.is_empty()).then(|| format!("{}{all}", texts.join(" · ")));
    if !critical.is_empty() || !warning.is_empty() {
        text = text.map(|text| format!("… {text}"));
    }
    let hidden = shown.answer.filtered().into_iter().chain(shown.answer.cut());
    let lines: Vec<String> = text.into_iter().chain(hidden).collect();
    (!lines.is_empty()).then(|| lines.join("; "))
}

/// A group's first line, without its sign.
struct Line {
    text: String,
    /// What is added to it, or stands under it.
    more: String,
}

/// The groups' first lines, the figures of subnets in columns.
fn headings(shown: &Presented<'_>, picked: &[(&Group<'_>, How)], screen: Screen) -> Vec<Line> {
    let report = shown.report;
    let row = |(group, how): &(&Group<'_>, How)| -> Option<Vec<String>> {
        let subnet = subnet(group)?;
        let place = place(report, &subnet.subnet_id).unwrap_or_default();
        let [name, cidr, used, free, prefixes, id] = figures(subnet, &report.bars);
        // Its checks stand there.
        let id = if *how == How::Line { String::new() } else { id };
        Some(vec![name, cidr, used, free, prefixes, id, place])
    };
    let rows: Vec<Vec<String>> = picked.iter().filter_map(row).collect();
    let mut texts: Texts<'_> =
        rows.iter().map(|row| row.iter().map(|text| screen.text(text)).collect()).collect();
    let limit = screen.width.map(|all| all.saturating_sub(2));
    let columns = columns();
    let fitted = fit(&columns, false, &mut texts, limit);
    let mut lines = texts.iter().map(|row| {
        let mut text = String::new();
        let mut blanks = 0;
        for (at, room) in fitted.columns.iter().zip(&fitted.widths) {
            let Some(cell) = row.get(*at) else { continue };
            let cell = crate::render::fit::shortened(cell, *room);
            let left = room.saturating_sub(width(&cell));
            let is_right = columns.get(*at).is_some_and(|column| column.numeric);
            if cell.is_empty() {
                blanks += room;
            } else {
                let before = blanks + if is_right { left } else { 0 };
                text.extend(std::iter::repeat_n(' ', before));
                text.push_str(&cell);
                blanks = if is_right { 0 } else { left };
            }
            blanks += 2;
        }
        text
    });
    let line = |(group, how): &(&Group<'_>, How)| {
        let is_subnet = subnet(group).is_some();
        let text =
            if is_subnet { lines.next().unwrap_or_default() } else { heading(report, group) };
        let more = if *how == How::Line { checks(&group.findings) } else { String::new() };
        Line { text, more }
    };
    picked.iter().map(line).collect()
}

/// The subnet that a group is about, if it is one.
fn subnet<'a>(group: &Group<'a>) -> Option<&'a SubnetCount> {
    match &group.about {
        About::Subnet(subnet) => Some(subnet),
        About::Alike(_) | About::Other(_) => None,
    }
}

fn columns() -> Vec<Column> {
    let column = |title, role, rank| Column { role, rank, ..Column::new(title) };
    vec![
        column("NAME", Role::Name, 0),
        column("CIDR", Role::Fact, 5),
        column("#USED", Role::Fact, 0),
        column("#FREE", Role::Fact, 1),
        column("#PREFIXES", Role::Fact, 2),
        column("SUBNET", Role::Id, 8),
        column("PLACE", Role::Fact, 6),
    ]
}

fn one(
    shown: &Presented<'_>,
    (group, how): (&Group<'_>, How),
    line: &Line,
    sheet: &mut Sheet<'_>,
) -> io::Result<()> {
    let tone = tone(group.severity);
    let sign = Head { text: sign(group.severity), width: 2, tone };
    let strong = if how == How::Line { Tone::Plain } else { Tone::Strong };
    let fits = |more: &str| {
        let all = 2 + width(&line.text) + 2 + width(more);
        sheet.screen.width.is_none_or(|limit| all <= limit)
    };
    if !line.more.is_empty() && fits(&line.more) {
        sheet.text(&sign, &format!("{}  {}", line.text, line.more), strong)?;
    } else {
        sheet.text(&sign, &line.text, strong)?;
        if !line.more.is_empty() {
            sheet.under(INDENT, &line.more, Tone::Plain)?;
        }
    }
    let (full, short): (Vec<&Finding>, Vec<&Finding>) = match how {
        How::Line => return Ok(()),
        How::Whole => (group.findings.clone(), Vec::new()),
        How::Worst => group.findings.iter().partition(|f| f.severity == Severity::Critical),
    };
    for finding in full {
        self::finding(shown, (group, finding), how, sheet)?;
    }
    for (severity, one, many) in
        [(Severity::Warning, "warning", "warnings"), (Severity::Info, "info", "info")]
    {
        let its: Vec<&Finding> =
            short.iter().copied().filter(|finding| finding.severity == severity).collect();
        if !its.is_empty() {
            let text = format!("{}: {}", counted(its.len(), one, many), checks(&its));
            sheet.text(
                &Head { text: "    + ", width: INDENT + 2, tone: Tone::Plain },
                &text,
                Tone::Plain,
            )?;
        }
    }
    Ok(())
}

/// A finding under its group: what is the case, and what to do.
fn finding(
    shown: &Presented<'_>,
    (group, finding): (&Group<'_>, &Finding),
    how: How,
    sheet: &mut Sheet<'_>,
) -> io::Result<()> {
    let report = shown.report;
    let about = match &group.about {
        About::Alike(_) => format!("for example {}", finding.message),
        About::Subnet(_) | About::Other(_) => group.message(finding).to_owned(),
    };
    let known = rest::standing(report, finding);
    let mark = if group.findings.iter().any(|other| other.severity != finding.severity) {
        format!("{} ", sign(finding.severity))
    } else {
        String::new()
    };
    let id = format!("{:INDENT$}{mark}{}", "", finding.id);
    let tone = if report.is_known(finding) { Tone::Dim } else { tone(finding.severity) };
    let is_narrow = sheet.screen.width.is_some_and(|width| width < NARROW);
    let indent = if is_narrow { INDENT + 2 } else { (INDENT + CHECK).max(width(&id) + 2) };
    let text = format!("{known}{about}");
    if is_narrow {
        sheet.under(INDENT, &format!("{mark}{}", finding.id), tone)?;
        sheet.under(indent, &text, Tone::Plain)?;
    } else {
        sheet.text(&Head { text: &id, width: indent, tone }, &text, Tone::Plain)?;
    }
    let command = report.command(finding);
    let is_hint = !finding.hint.is_empty() && (how == How::Whole || command.is_none());
    if is_hint {
        let head = Head { text: "", width: indent, tone: Tone::Dim };
        sheet.text(&head, &finding.hint, Tone::Dim)?;
    }
    match command {
        Some(command) => sheet.command(indent.min(INDENT + 2), &command),
        None => Ok(()),
    }
}

/// How the run ends, and why.
fn ending(ending: &Ending, sheet: &mut Sheet<'_>) -> io::Result<()> {
    let (code, why) = match ending {
        Ending::Done(why) => (0, why),
        Ending::Findings(why) => (1, why),
        Ending::Incomplete(why) => (4, why),
    };
    sheet.under(0, &format!("exit {code}: {why}"), Tone::Strong)
}
