//! The answer as Markdown, for a comment on a pull request or the summary of a CI step: the answer in bold,
//! what needs action as a table, the details folded.

use std::io::{self, Write};

use super::{
    figures::{calm, checks, figures, header, heading, place, sign},
    presented::{Folding, Presented},
    rest,
    sections::below,
};
use crate::{
    audit::{
        Status,
        answer::{About, Ending, Group, folded},
    },
    finding::{Finding, Severity},
    render::{escape, write_markdown},
};

/// Rows of the table of what needs action.
const ROWS: usize = 20;

/// Writes an audit as Markdown.
///
/// # Errors
/// When the writer fails.
pub fn write_audit_markdown(shown: &Presented<'_>, out: &mut dyn Write) -> io::Result<()> {
    let verdict = &shown.answer.verdict;
    let sign = match verdict.status {
        Status::Critical => "✖",
        Status::Warning => "▲",
        Status::Unknown => "?",
        Status::Ok => "✔",
    };
    writeln!(out, "**{sign} {}**", escape::markdown(&verdict.sentence))?;
    writeln!(out)?;
    writeln!(out, "{}", escape::markdown(&verdict.numbers()))?;
    writeln!(out)?;
    writeln!(out, "{}", escape::markdown(&header(shown.report).join(" · ")))?;
    for line in rest::besides(shown) {
        writeln!(out, "\n{}", escape::markdown(&line))?;
    }
    let [fresh, _] = rest::arranged(shown);
    let groups = folded(&fresh);
    table(shown, &groups, out)?;
    let calm = calm(shown.report, shown.answer);
    for line in calm.into_iter().chain(shown.answer.filtered()).chain(shown.answer.cut()) {
        writeln!(out, "\n{}", escape::markdown(&line))?;
    }
    for (at, row) in shown.report.withheld.iter().enumerate() {
        let gap = if at == 0 { "\n" } else { "" };
        writeln!(out, "{gap}- ? {}", escape::markdown(&rest::row(row)))?;
    }
    details(shown, out)?;
    let (code, why) = match shown.ending {
        Ending::Done(why) => (0, why),
        Ending::Findings(why) => (1, why),
        Ending::Incomplete(why) => (4, why),
    };
    writeln!(out, "\nexit {code}: {}", escape::markdown(why))
}

/// What needs action, a row each.
fn table(shown: &Presented<'_>, groups: &[Group<'_>], out: &mut dyn Write) -> io::Result<()> {
    if groups.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n| | What | Used | Free | Prefixes | Findings |")?;
    writeln!(out, "| --- | --- | ---: | ---: | ---: | --- |")?;
    for group in groups.iter().take(ROWS) {
        let cells = match &group.about {
            About::Subnet(subnet) => {
                let [_, _, used, free, prefixes, _] = figures(subnet, &shown.report.bars);
                [subnet.label(), used, free, prefixes]
            }
            About::Alike(_) | About::Other(_) => {
                [heading(shown.report, group), String::new(), String::new(), String::new()]
            }
        };
        let [what, used, free, prefixes] = cells.map(|cell| escape::markdown(&cell));
        let place = match &group.about {
            About::Subnet(subnet) => place(shown.report, &subnet.subnet_id),
            About::Alike(_) | About::Other(_) => None,
        };
        let place = place.map(|place| format!(" {}", escape::markdown(&place)));
        writeln!(
            out,
            "| {} | {what}{} | {used} | {free} | {prefixes} | {} |",
            sign(group.severity),
            place.unwrap_or_default(),
            escape::markdown(&checks(&group.findings)),
        )?;
    }
    match groups.len().saturating_sub(ROWS) {
        0 => Ok(()),
        more => writeln!(out, "\n… {more} more below"),
    }
}

/// Every finding with what to do, and the sections, folded.
fn details(shown: &Presented<'_>, out: &mut dyn Write) -> io::Result<()> {
    let groups = rest::arranged(shown).concat();
    if !groups.is_empty() {
        writeln!(out, "\n<details><summary>Findings and what to do</summary>")?;
        for group in &groups {
            let heading = escape::markdown(&heading(shown.report, group));
            writeln!(out, "\n**{} {heading}**\n", sign(group.severity))?;
            for finding in &group.findings {
                self::finding(shown, group, finding, out)?;
            }
        }
        writeln!(out, "\n</details>")?;
    }
    let sections = below(shown, Folding::Whole);
    if sections.blocks.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n<details><summary>Subnets and details</summary>\n")?;
    write_markdown(&sections, out)?;
    writeln!(out, "\n</details>")
}

fn finding(
    shown: &Presented<'_>,
    group: &Group<'_>,
    finding: &Finding,
    out: &mut dyn Write,
) -> io::Result<()> {
    let severity = match finding.severity {
        Severity::Critical | Severity::Warning | Severity::Info => finding.severity.name(),
    };
    let known = rest::standing(shown.report, finding);
    let text = format!("{known}{severity} {}: {}", finding.id, group.message(finding));
    writeln!(out, "- {}", escape::markdown(&text))?;
    if !finding.hint.is_empty() {
        writeln!(out, "  {}", escape::markdown(&finding.hint))?;
    }
    match shown.report.command(finding) {
        Some(command) => {
            let safe = escape::terminal(&command);
            writeln!(out, "\n  ```sh\n  {}\n  ```", safe.replace("```", "'''"))
        }
        None => Ok(()),
    }
}
