//! Steps and subnets as tables.

use super::figures::{step_text, text, worst};
use crate::{
    render::{Cell, Grid, Tone, parts},
    simulate::{Figure, Played, PlayedStep, PlayedSubnet},
};

pub(super) fn steps(played: &Played) -> Grid {
    let mut grid =
        Grid::new(&["#STEP", "NAME", "#SECONDS", "SETTLED", "#NODES", "#PODS", "#EC2 CALLS"]);
    for step in &played.steps {
        let failed = played.first_failure.as_ref().is_some_and(|first| first.step == step.index);
        grid.push(step_cells(step, if failed { Tone::Bad } else { Tone::Plain }));
    }
    grid
}

fn step_cells(step: &PlayedStep, tone: Tone) -> Vec<Cell> {
    let settled =
        if step.settled { Cell::new("yes") } else { Cell::new("never").toned(Tone::Warn) };
    let total = &step.total;
    vec![
        Cell::new(step.index),
        Cell::new(&step.name).toned(tone),
        Cell::new(text(step.seconds)),
        settled,
        placed(total.nodes_placed, total.nodes_wanted),
        placed(total.pods_placed, total.pods_wanted),
        Cell::new(text(total.ec2_calls)),
    ]
}

/// How many are placed of those wanted.
fn placed(placed: Figure, wanted: Figure) -> Cell {
    let short = worst(placed) < worst(wanted);
    let tone = if short { Tone::Bad } else { Tone::Plain };
    Cell::new(format!("{}/{}", text(placed), text(wanted))).toned(tone)
}

pub(super) fn subnets(played: &Played) -> Grid {
    let mut grid = Grid::new(&[
        "SUBNET",
        "ZONE",
        "CIDR",
        "#USABLE",
        "#PEAK USED",
        "PEAK USE",
        "AT STEP",
        "#MIN FREE",
        "#/28 AT END",
    ]);
    for (at, subnet) in played.subnets.iter().enumerate() {
        grid.push(subnet_cells(played, at, subnet));
    }
    grid
}

fn subnet_cells(played: &Played, at: usize, subnet: &PlayedSubnet) -> Vec<Cell> {
    let short = played.first_failure.as_ref().and_then(|failure| failure.subnet.as_ref());
    let tone = if short == Some(&subnet.name) { Tone::Bad } else { Tone::Plain };
    let end = played.steps.last().and_then(|step| step.subnets.get(at));
    vec![
        Cell::new(&subnet.name).toned(tone),
        Cell::new(&subnet.zone),
        Cell::new(subnet.cidr),
        Cell::new(subnet.usable),
        Cell::new(text(subnet.peak_used)),
        Cell::new(parts::bar(worst(subnet.peak_used), subnet.usable.into())).toned(tone),
        Cell::new(step_text(played, subnet.peak_step)),
        Cell::new(text(subnet.min_free)),
        Cell::maybe(end.map(|end| text(end.assignable_prefixes))),
    ]
}
