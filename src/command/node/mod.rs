//! `eksnet node`.

mod request;
mod simulate;
mod trace;

use self::{
    request::{Request, compared},
    simulate::simulate,
};
use super::{
    Exit, Failure, catalogue,
    forms::{Forms, no_other},
    output::Output,
};
use crate::{
    cli::{CommonArgs, NodeArgs},
    density::LaunchSettings,
    render::{
        json::node::NodeJson,
        node::{NodeAnswer, csv_grid, document, found},
    },
};

/// Most rows of a sweep.
const MOST_ROWS: u32 = 10_000;
/// Most nodes of all rows of a sweep together, each of which is simulated.
const MOST_NODES: u64 = 1_000_000;

pub(super) fn run(arguments: &NodeArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    let output = Output::new(&arguments.file, common).with(&arguments.table);
    if let Some(path) = &arguments.trace {
        return trace::run(path, &output);
    }
    let table = catalogue::load(arguments.limits.as_deref())?;
    let name = arguments.instance_type.as_deref().unwrap_or_default();
    let limits = table.get(name).ok_or_else(|| catalogue::unknown(&table, name))?;
    let request = Request::new(&table, limits, arguments)?;
    let compare = arguments
        .compare
        .iter()
        .map(|settings| compared(&table, limits, arguments, settings).map(|r| simulate(&r)))
        .collect::<Result<Vec<_>, _>>()?;
    let sweep =
        sweep(arguments)?.map(|pods| simulate(&Request { pods, ..request.clone() })).collect();
    let answer = NodeAnswer {
        instance_type: limits.instance_type.to_string(),
        nodes: arguments.nodes,
        row: simulate(&request),
        compare,
        sweep,
        launch: (request.launch != LaunchSettings::default())
            .then(|| (request.launch, request.settings.launched.subnet_addresses())),
        notes: request.notes.clone(),
    };
    Forms {
        document: Some(&|_| document(&answer)),
        json: &|| NodeJson::new(&answer),
        csv: &|| csv_grid(&answer),
        own: &no_other,
        found: &|| found(&answer),
    }
    .write(arguments.output, &output)?;
    let mut rows = answer.sweep.iter().chain(std::iter::once(&answer.row));
    let stranded = rows.any(|row| row.group.missing() > 0);
    let unready = answer.row.init_error.is_some();
    Ok(if stranded || unready { Exit::Findings } else { Exit::Done })
}

/// The pod counts of a sweep.
fn sweep(arguments: &NodeArgs) -> Result<std::ops::RangeInclusive<u32>, Failure> {
    let Some(range) = arguments.sweep else {
        #[expect(clippy::reversed_empty_ranges, reason = "no sweep is no row")]
        return Ok(1..=0);
    };
    let least = range.least.unwrap_or(0);
    match range.most {
        Some(most) if most - least < MOST_ROWS => {
            let all = u64::from(most - least + 1) * u64::from(arguments.nodes);
            if all > MOST_NODES {
                return Err(Failure::usage(
                    format!(
                        "--sweep {least}..{most} with --nodes {} simulates {all} nodes: the limit \
                         is {MOST_NODES}",
                        arguments.nodes
                    ),
                    "use a shorter range or fewer nodes",
                ));
            }
            Ok(least..=most)
        }
        Some(most) => Err(Failure::usage(
            format!("--sweep {least}..{most} has more than {MOST_ROWS} rows"),
            "use a shorter range",
        )),
        None => {
            Err(Failure::usage("--sweep has no upper bound", "pass both bounds, such as 0..58"))
        }
    }
}
