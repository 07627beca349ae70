//! A row a step and subnet, for spreadsheets.

use crate::{
    render::{Cell, Grid},
    simulate::{Figure, PlayedStep, PlayedSubnet, PlayedSubnetStep, PlayedWaits, Simulated},
};

/// A column, or what is one column of one run and three of several.
enum Title {
    Plain(&'static str),
    Figure(&'static str, [&'static str; 3]),
}

macro_rules! figure {
    ($name:literal) => {
        Title::Figure(
            $name,
            [concat!($name, "_worst"), concat!($name, "_median"), concat!($name, "_best")],
        )
    };
}

const TITLES: &[Title] = &[
    Title::Plain("index"),
    Title::Plain("name"),
    figure!("seconds"),
    Title::Plain("settled"),
    Title::Plain("subnet"),
    Title::Plain("zone"),
    Title::Plain("cidr"),
    Title::Plain("usable"),
    figure!("used"),
    figure!("peak_used"),
    figure!("free"),
    figure!("assignable_prefixes"),
    figure!("nodes_wanted"),
    figure!("nodes_placed"),
    figure!("pods_wanted"),
    figure!("pods_placed"),
    figure!("ec2_calls"),
    figure!("ec2_calls_at_most"),
    figure!("waits_started"),
    figure!("waits_waited"),
    figure!("waits_longest_s"),
    figure!("waits_never"),
    figure!("peak_calls_per_minute"),
];

/// The steps and subnets as a grid for CSV, under the names of the JSON document. Nodes, pods and
/// calls are those of the whole step, and the same in each of its rows.
#[must_use]
pub fn csv_grid(simulated: &Simulated) -> Grid {
    let mut titles = Vec::new();
    for title in TITLES {
        match title {
            Title::Figure(_, spread) if simulated.runs.is_some() => titles.extend(spread),
            Title::Plain(name) | Title::Figure(name, _) => titles.push(*name),
        }
    }
    let mut grid = Grid::new(&titles);
    for step in &simulated.steps {
        for (state, subnet) in step.subnets.iter().zip(&simulated.subnets) {
            grid.push(row(step, state, subnet));
        }
    }
    grid
}

fn row(step: &PlayedStep, state: &PlayedSubnetStep, subnet: &PlayedSubnet) -> Vec<Cell> {
    let mut cells = vec![Cell::new(step.index), Cell::new(&step.name)];
    cells.extend(figure(step.seconds));
    cells.extend([
        Cell::new(step.settled),
        Cell::new(&subnet.name),
        Cell::new(&subnet.zone),
        Cell::new(subnet.cidr),
        Cell::new(subnet.usable),
    ]);
    let total = &step.total;
    for value in [
        state.used,
        state.peak_used,
        state.free,
        state.assignable_prefixes,
        total.nodes_wanted,
        total.nodes_placed,
        total.pods_wanted,
        total.pods_placed,
        total.ec2_calls,
        total.ec2_calls_at_most,
    ] {
        cells.extend(figure(value));
    }
    cells.extend(waits(step));
    cells.extend(figure(step.peak_calls_per_minute));
    cells
}

/// How long pods waited; empty cells where that was not measured.
fn waits(step: &PlayedStep) -> Vec<Cell> {
    let Some(PlayedWaits { started, waited, longest_s, never }) = step.waits else {
        let columns = 4 * figure(step.total.ec2_calls).len();
        return std::iter::repeat_with(|| Cell::new("")).take(columns).collect();
    };
    [started, waited, longest_s, never].into_iter().flat_map(figure).collect()
}

fn figure(figure: Figure) -> Vec<Cell> {
    match figure {
        Figure::One(value) => vec![Cell::new(value)],
        Figure::Spread { worst, median, best } => {
            [worst, median, best].into_iter().map(Cell::new).collect()
        }
    }
}
