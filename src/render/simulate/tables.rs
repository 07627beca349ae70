//! Steps and subnets as tables.

use super::figures::{step_text, text, worst};
use crate::{
    render::{Cell, Grid, Tone, figures},
    simulate::{Figure, PlayedStep, PlayedSubnet, PlayedTotal, Simulated},
};

pub(in crate::render) fn steps(simulated: &Simulated) -> Grid {
    let mut grid =
        Grid::new(&["#STEP", "NAME", "#SECONDS", "SETTLED", "#NODES", "#PODS", "#EC2 CALLS"])
            .ranked(&[3, 0, 4, 5, 1, 1, 6]);
    for step in &simulated.steps {
        let failed = simulated.failures.iter().any(|failure| failure.step == step.index);
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
        calls(total),
    ]
}

/// EC2 calls; a range where EC2's answer decides whether nodes pause.
fn calls(total: &PlayedTotal) -> Cell {
    let (calls, most) = (text(total.ec2_calls), text(total.ec2_calls_at_most));
    Cell::new(if calls == most { calls } else { format!("{calls} to {most}") })
}

/// How many are placed of those wanted.
fn placed(placed: Figure, wanted: Figure) -> Cell {
    let short = worst(placed) < worst(wanted);
    let tone = if short { Tone::Bad } else { Tone::Plain };
    Cell::new(format!("{}/{}", text(placed), text(wanted))).toned(tone)
}

pub(super) fn subnets(simulated: &Simulated) -> Grid {
    let mut grid = Grid::new(&[
        "SUBNET",
        "ZONE",
        "CIDR",
        "#USABLE",
        "#PEAK USED",
        "PEAK USE",
        "AT STEP",
        "#MIN FREE",
        "#MIN /28",
    ])
    .ranked(&[0, 7, 6, 5, 4, 0, 3, 1, 2]);
    for subnet in &simulated.subnets {
        grid.push(subnet_cells(simulated, subnet));
    }
    grid
}

fn subnet_cells(simulated: &Simulated, subnet: &PlayedSubnet) -> Vec<Cell> {
    let is_here = |name: &Option<String>| name.as_ref() == Some(&subnet.name);
    let tone = if subnet.short.is_some() {
        Tone::Bad
    } else if simulated.tight.iter().any(|reason| is_here(&reason.subnet)) {
        Tone::Warn
    } else {
        Tone::Plain
    };
    vec![
        Cell::new(&subnet.name).marked(tone),
        Cell::new(&subnet.zone),
        Cell::new(subnet.cidr),
        Cell::new(subnet.usable),
        Cell::new(text(subnet.peak_used)),
        Cell::new(figures::bar(worst(subnet.peak_used), subnet.usable.into(), &[])).toned(tone),
        Cell::new(step_text(simulated, subnet.peak_step)),
        Cell::new(text(subnet.min_free)),
        Cell::new(text(subnet.min_assignable_prefixes)),
    ]
}
