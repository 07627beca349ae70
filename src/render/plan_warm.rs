//! `eksnet plan --warm-targets` for people: what to set, what that saves, and what else there is.

use super::{Block, Cell, Document, Grid, Tone, parts};
use crate::{
    finding::{counted, thousands},
    inventory::Withheld,
    plan::{WarmChoice, WarmPlan, WarmPlanGroup, WarmTargets, WarmVerdict},
    simulate::Target,
};

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarmAnswer {
    /// The targets.
    pub plan: WarmPlan,
    /// What is not available.
    pub withheld: Vec<Withheld>,
}

impl WarmAnswer {
    /// The exit code and why. What is not available comes before what was found, as in the audit.
    #[must_use]
    pub fn code_and_reason(&self) -> (u8, String) {
        if !self.withheld.is_empty() {
            let values = counted(self.withheld.len(), "value is", "values are");
            return (4, format!("{values} not available"));
        }
        match self.plan.verdict {
            WarmVerdict::Change => (0, "other targets are recommended".to_owned()),
            WarmVerdict::Keep => (0, "the targets in force stay".to_owned()),
            WarmVerdict::OutOfBounds => (1, "no targets are within the limits".to_owned()),
            WarmVerdict::CannotTell => (4, "no node can be modeled".to_owned()),
        }
    }
}

/// What to set and what that saves, in one sentence.
#[must_use]
pub fn verdict(plan: &WarmPlan) -> String {
    match (plan.verdict, plan.in_force, plan.best) {
        (WarmVerdict::Change, Some(now), Some(best)) => {
            format!("{}: {}", set(&now.targets, &best.targets), holds(&now, &best))
        }
        (WarmVerdict::Keep, _, Some(best)) => format!(
            "Keep the warm targets: no others hold fewer than {} without longer waits or more EC2 calls",
            counted(best.figures.addresses_usual, "address", "addresses")
        ),
        (WarmVerdict::OutOfBounds, ..) => {
            let wait = plan.bounds.pod_wait_s.map(|most| format!("waits of at most {most} s"));
            let calls = plan.bounds.ec2_calls_per_minute.filter(|most| *most > 0);
            let calls = calls.map(|most| format!("at most {} EC2 calls a minute", thousands(most)));
            let all: Vec<String> = wait.into_iter().chain(calls).collect();
            format!("No warm targets are within the limits: {}", all.join(", "))
        }
        (WarmVerdict::Change | WarmVerdict::Keep | WarmVerdict::CannotTell, ..) => {
            "No warm targets can be recommended: no node can be modeled".to_owned()
        }
    }
}

fn set(now: &WarmTargets, best: &WarmTargets) -> String {
    let changes = now.changed_to(best);
    let set: Vec<String> = changes
        .iter()
        .filter_map(|(name, target)| Some(format!("{name}={}", target.value()?)))
        .collect();
    let removed: Vec<&str> = changes
        .iter()
        .filter(|(_, target)| *target == Target::Unset)
        .map(|(name, _)| *name)
        .collect();
    match (set.is_empty(), removed.is_empty()) {
        (_, true) => format!("Set {}", set.join(" and ")),
        (true, false) => format!("Remove {}", removed.join(" and ")),
        (false, false) => format!("Set {} and remove {}", set.join(" and "), removed.join(" and ")),
    }
}

fn holds(now: &WarmChoice, best: &WarmChoice) -> String {
    let (before, after) = (now.figures, best.figures);
    let (suffix, before, after) = if after.addresses_usual == before.addresses_usual {
        (" with their most pods", before.addresses_most, after.addresses_most)
    } else {
        ("", before.addresses_usual, after.addresses_usual)
    };
    format!(
        "nodes hold {}{suffix} instead of {}",
        counted(after, "address", "addresses"),
        thousands(before)
    )
}

/// The document.
#[must_use]
pub fn document(answer: &WarmAnswer) -> Document {
    let mut document = Document::default();
    let plan = &answer.plan;
    head(plan, &mut document);
    if !plan.finalists.is_empty() {
        document.heading("Warm targets to choose from");
        document.grid(finalists(plan));
    }
    if !plan.groups.is_empty() {
        document.heading("Node groups");
        document.grid(groups(plan));
        if let Some(text) = own_text(&plan.groups) {
            document.line(Cell::new(text));
        }
    }
    if !plan.assumed.is_empty() {
        document.heading("Assumed");
        for text in &plan.assumed {
            document.line(Cell::new(text));
        }
    }
    for row in &plan.left_out {
        let nodes = counted(row.nodes, "node", "nodes");
        let text = format!("{nodes} not included: {}", row.reason);
        document.line(Cell::new(text).toned(Tone::Warn));
    }
    parts::withheld(&answer.withheld, &mut document);
    let (code, why) = answer.code_and_reason();
    document.line(Cell::new(format!("exit {code}: {why}")).toned(Tone::Strong));
    document
}

fn head(plan: &WarmPlan, document: &mut Document) {
    let tone = match plan.verdict {
        WarmVerdict::Change | WarmVerdict::Keep => Tone::Good,
        WarmVerdict::OutOfBounds | WarmVerdict::CannotTell => Tone::Bad,
    };
    document.line(Cell::new(verdict(plan)).marked(tone));
    if let Some(harm) = &plan.harm {
        document.line(Cell::new(format!("  today: {harm}")).toned(Tone::Warn));
    }
    if let (Some(now), Some(best)) = (plan.in_force, plan.best)
        && plan.verdict == WarmVerdict::Change
    {
        document.line(Cell::new(format!("  {}", cost(&now, &best))));
    }
    document.blocks.extend(plan.commands.iter().cloned().map(Block::Command));
    if let Some(configuration) = &plan.addon_configuration {
        let text = format!("  as configuration values of the EKS add-on: {configuration}");
        document.line(Cell::new(text).toned(Tone::Dim));
    }
    for command in &plan.back {
        document.line(Cell::new(format!("  back: {command}")).toned(Tone::Dim));
    }
    if let (Some(held), Some(now)) = (plan.held_now, plan.in_force)
        && held != now.figures.addresses_usual
    {
        let text = format!(
            "  {} on {} hold {} now; fresh nodes with today's targets hold {}",
            counted(plan.pods, "pod", "pods"),
            counted(plan.nodes, "node", "nodes"),
            counted(held, "address", "addresses"),
            thousands(now.figures.addresses_usual)
        );
        document.line(Cell::new(text).toned(Tone::Dim));
    }
}

/// Waits and calls, before and after.
fn cost(now: &WarmChoice, best: &WarmChoice) -> String {
    let (before, after) = (now.figures, best.figures);
    let mut parts = vec![
        format!("longest wait of a pod {} instead of {}", wait(after.wait_s), wait(before.wait_s)),
        format!(
            "{} EC2 calls instead of {} when every node starts",
            thousands(after.start_calls),
            thousands(before.start_calls)
        ),
    ];
    let (after, before) = (after.burst_calls_per_minute, before.burst_calls_per_minute);
    if (after, before) != (0, 0) {
        let (after, before) = (thousands(after), thousands(before));
        parts.push(format!("{after} instead of {before} in the busiest minute of a burst"));
    }
    parts.join("; ")
}

fn wait(seconds: Option<u64>) -> String {
    seconds.map_or_else(|| "forever".to_owned(), |seconds| format!("{seconds} s"))
}

/// All targets in few words, those that count first.
fn targets(targets: &WarmTargets) -> String {
    let set = |name: &str, target: Target| target.value().map(|value| format!("{name}={value}"));
    let [eni, warm_ip, minimum, prefix] =
        targets.variables().map(|(name, target)| set(name, target));
    let ip: Vec<String> = warm_ip.into_iter().chain(minimum).collect();
    let all = if ip.is_empty() { eni.into_iter().chain(prefix).collect() } else { ip };
    if all.is_empty() { "all unset".to_owned() } else { all.join(" ") }
}

fn finalists(plan: &WarmPlan) -> Grid {
    let mut grid = Grid::new(&[
        "TARGETS",
        "#ADDRESSES",
        "#WITH MOST PODS",
        "#LONGEST WAIT",
        "#CALLS AT START",
        "#CALLS A MINUTE",
    ])
    .ranked(&[0, 1, 5, 2, 4, 3]);
    for choice in &plan.finalists {
        let (mark, tone) = if plan.best == Some(*choice) {
            (" (best)", Tone::Good)
        } else if plan.in_force == Some(*choice) {
            (" (today)", Tone::Plain)
        } else {
            ("", Tone::Plain)
        };
        let figures = &choice.figures;
        grid.push(vec![
            Cell::new(format!("{}{mark}", targets(&choice.targets))).toned(tone),
            Cell::new(figures.addresses_usual),
            Cell::new(figures.addresses_most),
            Cell::new(wait(figures.wait_s)),
            Cell::new(figures.start_calls),
            Cell::new(figures.burst_calls_per_minute),
        ]);
    }
    grid
}

fn groups(plan: &WarmPlan) -> Grid {
    let mut grid = Grid::new(&[
        "GROUP",
        "#NODES",
        "#PODS",
        "#MOST ON A NODE",
        "#ADDRESSES TODAY",
        "#WITH THE BEST",
        "BEST FOR THE GROUP ALONE",
        "#WITH IT",
    ])
    .ranked(&[0, 3, 3, 4, 1, 1, 2, 2]);
    let any_own = plan.groups.iter().any(|group| group.own_best.is_some());
    let shown = if any_own { grid.columns.len() } else { grid.columns.len() - 2 };
    grid.columns.truncate(shown);
    for group in &plan.groups {
        let mut row = vec![
            Cell::new(&group.name),
            Cell::new(group.nodes),
            Cell::new(group.pods),
            Cell::new(group.most_pods),
            Cell::new(group.in_force.figures.addresses_usual),
            Cell::maybe(group.best.map(|best| best.figures.addresses_usual)),
            Cell::maybe(group.own_best.map(|own| targets(&own.targets))),
            Cell::maybe(group.own_best.map(|own| own.figures.addresses_usual)),
        ];
        row.truncate(shown);
        grid.push(row);
    }
    grid
}

/// What groups with targets of their own would save.
fn own_text(groups: &[WarmPlanGroup]) -> Option<String> {
    let all: i64 = groups.iter().filter_map(|group| group.own_saves).sum();
    let saved = u64::try_from(all).ok().filter(|saved| *saved > 0)?;
    Some(format!(
        "aws-node is one DaemonSet: its targets are the same for all groups. Targets of their own, with a \
         DaemonSet for each group, would save {} more.",
        counted(saved, "address", "addresses")
    ))
}
