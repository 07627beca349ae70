//! `eksnet simulate` as a page, with a chart of each subnet.

use std::io::{self, Write};

use askama::Template;

use super::{
    Page,
    chart::{self, Chart, Value},
    class,
};
use crate::{
    render::{
        Block, escape,
        simulate::{SimulateAnswer, document, step_text, text, worst},
    },
    simulate::{PlayedStep, PlayedSubnet, PlayedSubnetStep, Simulated},
};

#[derive(Template)]
#[template(path = "simulate.html")]
struct SimulatePage<'a> {
    page: Page<'a>,
    /// Whether the charts show the worst of several runs.
    worst: bool,
    charts: Vec<Chart<'a>>,
}

/// Writes an answer as one page.
///
/// # Errors
/// When the writer fails.
pub fn write_simulate(answer: &SimulateAnswer, out: &mut dyn Write) -> io::Result<()> {
    let shown = document(answer);
    let simulated = &answer.simulated;
    let subnets = simulated.subnets.iter().enumerate();
    let page = SimulatePage {
        page: Page::new("eksnet simulate", &shown),
        worst: simulated.runs.is_some(),
        charts: subnets.map(|(at, subnet)| subnet_chart(simulated, at, subnet)).collect(),
    };
    page.write_into(out)?;
    writeln!(out)
}

fn subnet_chart<'a>(simulated: &'a Simulated, at: usize, subnet: &'a PlayedSubnet) -> Chart<'a> {
    let (zone, cidr, usable) = (&subnet.zone, subnet.cidr, subnet.usable);
    let peak = text(subnet.peak_used);
    let about = format!("{cidr}, {zone}: at most {peak} of {usable}");
    let states = simulated.steps.iter().filter_map(|step| Some((step, step.subnets.get(at)?)));
    let values = states.map(|(step, state)| value(simulated, step, state)).collect();
    Chart::new(&subnet.name, about, usable.into(), values)
}

fn value(simulated: &Simulated, step: &PlayedStep, state: &PlayedSubnetStep) -> Value {
    let (used, peak) = (text(state.used), text(state.peak_used));
    let name = step_text(simulated, step.index);
    Value {
        label: step.index,
        about: format!("step {name}: {used} at its end, {peak} at most"),
        used: worst(state.used),
        peak: worst(state.peak_used),
        short: simulated.failures.iter().any(|failure| {
            failure.step == step.index && failure.subnet.as_deref() == Some(&*state.name)
        }),
    }
}
