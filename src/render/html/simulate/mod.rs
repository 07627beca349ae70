//! `eksnet simulate` as a page: the answer, what makes the layout fit, and each subnet step by step.

mod card;

use std::io::{self, Write};

use askama::Template;

use self::card::{StepsCard, cards};
use super::{
    bar::WIDTH,
    class,
    head::{Grade, Head, Tile, VerdictBand},
    is_long, text,
};
use crate::{
    audit::whole_percent,
    finding::thousands,
    render::{
        Block, Document, escape, parts,
        simulate::{
            SimulateAnswer, failure_texts, remedy_texts, rest, step_text, steps_grid, verdict,
            worst,
        },
    },
    simulate::{self, Simulated},
};

#[derive(Template)]
#[template(path = "simulate.html")]
struct SimulatePage {
    head: Head,
    /// A simulation is of no day.
    day: Option<String>,
    tiles: Vec<Tile>,
    remedies: Vec<String>,
    /// Whether figures are the worst of several runs.
    worst: bool,
    cards: Vec<StepsCard>,
    blocks: Vec<Block>,
}

/// Writes an answer as one page. `subject` says what was simulated.
///
/// # Errors
/// When the writer fails.
pub fn write_simulate(
    answer: &SimulateAnswer,
    subject: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let simulated = &answer.simulated;
    let mut blocks = Document::default();
    blocks.heading("Steps");
    blocks.grid(steps_grid(simulated));
    rest(answer, &mut blocks);
    parts::findings(&answer.findings, &mut blocks);
    parts::withheld(&answer.withheld, &mut blocks);
    let page = SimulatePage {
        head: head(answer, subject),
        day: None,
        tiles: tiles(simulated),
        remedies: remedy_texts(simulated).iter().map(|remedy| text(remedy)).collect(),
        worst: simulated.runs.is_some(),
        cards: cards(simulated),
        blocks: blocks.blocks,
    };
    page.write_into(out)?;
    writeln!(out)
}

fn head(answer: &SimulateAnswer, subject: &str) -> Head {
    let simulated = &answer.simulated;
    let grade = match (simulated.verdict, simulated.tight.is_empty()) {
        (simulate::Verdict::Fits, true) => Grade::Good,
        (simulate::Verdict::Fits, false) => Grade::Warning,
        (simulate::Verdict::Fails, _) => Grade::Critical,
    };
    let tight = simulated.tight.iter().skip(1).map(|reason| format!("Also: {}", reason.text));
    let more = failure_texts(simulated).into_iter().chain(tight);
    let count = |count: usize, one: &str, many: &str| crate::finding::counted(count, one, many);
    Head {
        command: "simulate",
        subject: text(subject),
        facts: vec![
            count(simulated.subnets.len(), "subnet", "subnets"),
            count(simulated.steps.len().saturating_sub(1), "step", "steps"),
        ],
        verdict: VerdictBand {
            grade,
            sentence: text(&verdict(simulated)),
            more: more.map(|line| text(&line)).collect(),
        },
    }
}

fn tiles(simulated: &Simulated) -> Vec<Tile> {
    let fullest = simulated.subnets.iter().max_by_key(|subnet| {
        let usable = u128::from(subnet.usable.max(1));
        u128::from(worst(subnet.peak_used)) * 1_000_000 / usable
    });
    let fullest = fullest.map(|subnet| {
        let peak = worst(subnet.peak_used);
        Tile {
            label: "Fullest subnet at its peak",
            value: whole_percent(peak, subnet.usable.into(), &[]),
            note: text(&format!(
                "{}, step {}",
                subnet.name,
                step_text(simulated, subnet.peak_step)
            )),
            grade: Grade::Info,
        }
    });
    let failure = match simulated.first_failure() {
        Some(failure) => Tile {
            label: "First failure",
            value: format!("step {}", failure.step),
            note: text(&format!(
                "{}: {}",
                step_text(simulated, failure.step),
                failure.subnet.as_deref().unwrap_or("no subnet is short")
            )),
            grade: Grade::Critical,
        },
        None => Tile {
            label: "First failure",
            value: "none".to_owned(),
            note: "every step fits".to_owned(),
            grade: Grade::Good,
        },
    };
    let fewest =
        simulated.subnets.iter().min_by_key(|subnet| worst(subnet.min_free)).map(|subnet| Tile {
            label: "Fewest free addresses",
            value: thousands(worst(subnet.min_free)),
            note: text(&subnet.name),
            grade: Grade::Info,
        });
    let calls = Tile {
        label: "EC2 calls in one minute",
        value: thousands(worst(simulated.peak_calls_per_minute)),
        note: "at most, of all nodes".to_owned(),
        grade: Grade::Info,
    };
    [Some(failure), fullest, fewest, Some(calls)].into_iter().flatten().collect()
}
