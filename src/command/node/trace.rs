//! `eksnet node --trace`: recorded cases replayed, a JSON line each.

use std::{
    io::{self, BufRead, BufReader, Read as _, Write},
    path::Path,
};

use serde::Deserialize;

use crate::{
    command::{Exit, Failure, output::Output, text},
    ipam::{DeleteOrder, LONGEST_SECONDS, NodeInput, Op, PodEvent, PoolMode, PoolSettings, replay},
    json,
    render::json::{
        node::{StateJson, TraceJson},
        write_json_line,
    },
};

/// The most bytes of a line: a case of 100,000 events has a third.
const MOST_OF_LINE: u64 = 16 * 1024 * 1024;

/// A recorded case. What else a line holds (what was recorded, say) is not needed.
#[derive(Deserialize)]
struct TraceCase {
    case: String,
    input: Input,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    enis_max: u32,
    ipv4_per_eni: u32,
    prefix_delegation: bool,
    custom_networking: bool,
    #[serde(default)]
    pod_eni: bool,
    warm_eni_target: Option<i64>,
    warm_ip_target: Option<i64>,
    minimum_ip_target: Option<i64>,
    warm_prefix_target: Option<i64>,
    max_eni: Option<i64>,
    max_pods: u32,
    subnet_capacity: Option<u32>,
    pod_subnet_capacity: Option<u32>,
    #[serde(default)]
    events: Vec<Event>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    op: EventOp,
    #[serde(default)]
    n: u32,
    #[serde(default)]
    retry: bool,
    del_order: Option<Order>,
    wait: Option<u64>,
    t: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum EventOp {
    Add,
    Del,
    Wait,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Order {
    Newest,
    Oldest,
}

impl From<Input> for NodeInput {
    fn from(input: Input) -> Self {
        Self {
            settings: PoolSettings {
                enis: input.enis_max,
                ipv4_per_eni: input.ipv4_per_eni,
                mode: if input.prefix_delegation {
                    PoolMode::Prefix
                } else {
                    PoolMode::SecondaryIp
                },
                custom_networking: input.custom_networking,
                primary_excluded: false,
                pod_eni: input.pod_eni,
                warm_eni_target: input.warm_eni_target,
                warm_ip_target: input.warm_ip_target,
                minimum_ip_target: input.minimum_ip_target,
                warm_prefix_target: input.warm_prefix_target,
                max_eni: input.max_eni,
                max_pods: input.max_pods,
                ..PoolSettings::default()
            },
            subnet_capacity: input.subnet_capacity,
            pod_subnet_capacity: input.pod_subnet_capacity,
            free_blocks: None,
            events: input.events.into_iter().map(PodEvent::from).collect(),
        }
    }
}

impl From<Event> for PodEvent {
    fn from(event: Event) -> Self {
        Self {
            op: match event.op {
                EventOp::Add => Op::Add,
                EventOp::Del => Op::Delete,
                EventOp::Wait => Op::Wait,
            },
            n: event.n,
            retry: event.retry,
            del_order: match event.del_order {
                Some(Order::Oldest) => DeleteOrder::Oldest,
                Some(Order::Newest) | None => DeleteOrder::Newest,
            },
            wait: event.wait,
            t: event.t,
        }
    }
}

/// Replays every line. A bad one stops the run; the answers to those before it stand.
pub(super) fn run(path: &Path, output: &Output) -> Result<Exit, Failure> {
    let mut source = BufReader::new(text::open(path, &text::TRACE)?);
    let mut bad = None;
    output.write(|out| {
        bad = replay_all(&mut source, out)?;
        Ok(())
    })?;
    match bad {
        None => Ok(Exit::Done),
        Some((number, reason)) => Err(Failure::usage(
            format!("{}: line {number}: {reason}", path.display()),
            "each line must be {\"case\": NAME, \"input\": {…}}",
        )),
    }
}

/// Answers each line, up to the first bad one, which comes back with its number.
fn replay_all(
    source: &mut dyn BufRead,
    out: &mut dyn Write,
) -> io::Result<Option<(usize, String)>> {
    let mut line = Vec::new();
    for number in 1.. {
        match next_line(source, &mut line) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Ok(Some((number, error.to_string()))),
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let case: TraceCase = match json::from_slice(&line) {
            Ok(case) => case,
            Err(error) => return Ok(Some((number, error.to_string()))),
        };
        let input = NodeInput::from(case.input);
        if let Some(reason) = out_of_bounds(&input) {
            return Ok(Some((number, reason)));
        }
        let run = replay(&input);
        let answer = TraceJson {
            case: &case.case,
            states: run.states.iter().map(|state| StateJson::new(state, true)).collect(),
            init_error: run.init_error.map(|error| error.to_string()),
        };
        write_json_line(&answer, out)?;
    }
    Ok(None)
}

/// Reads the next line in place of the one before; whether there is one.
fn next_line(source: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    source.take(MOST_OF_LINE + 1).read_until(b'\n', line)?;
    if u64::try_from(line.len()).is_ok_and(|read| read > MOST_OF_LINE) {
        return Err(io::Error::other(format!("the line is longer than {MOST_OF_LINE} bytes")));
    }
    Ok(!line.is_empty())
}

/// Waits that would never end.
fn out_of_bounds(input: &NodeInput) -> Option<String> {
    let waits = input.events.iter().flat_map(|event| [event.wait, event.t]).flatten();
    waits
        .into_iter()
        .find(|seconds| *seconds > LONGEST_SECONDS)
        .map(|seconds| format!("{seconds} seconds is more than a year"))
}
