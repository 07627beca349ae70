//! The fault matrix: every call that is made, with every fault it can meet. Whatever goes wrong on the way,
//! no run ends with another number than the true one, or without an end.
//!
//! `cargo test --test live matrix` plays the quick part; `EKSNET_MATRIX=whole` plays all of it.

mod faults;
mod oracle;
mod run;
mod table;
mod world;

use std::{
    collections::BTreeMap,
    env,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use self::{
    faults::{Fault, How, faults},
    oracle::{Outcome, Run, judge},
    run::{played, run},
    world::world,
};
use crate::support::fake_ec2::{Options, Planned};

/// Runs that are under way at once: most of them wait.
const AT_ONCE: usize = 16;
/// How long a run may take: what lasts is ended by the time for the run.
const BOUND: Duration = Duration::from_secs(30);

/// The time that a run is given for a fault that lasts as long as it may.
const FOR_WHAT_LASTS: [&str; 2] = ["--timeout", "6s"];

const AUDIT: &[&str] = &["audit", "--cluster", world::CLUSTER, "--all", "-o", "json"];
const OF_A_ROLE: &[&str] = &[
    "audit",
    "--vpc",
    world::VPC,
    "--assume-role",
    "arn:aws:iam::111122223333:role/look",
    "-o",
    "json",
];
const OF_ALL_REGIONS: &[&str] = &["audit", "--vpc", world::VPC, "--region", "all", "-o", "json"];
const TYPES: &[&str] = &["limits", "verify", "-o", "json"];

/// Every call with a command that makes it.
const CALLS: &[(&str, &[&str])] = &[
    ("AssumeRole", OF_A_ROLE),
    ("DescribeCluster", AUDIT),
    ("DescribeFargateProfile", AUDIT),
    ("DescribeInstanceTypes", TYPES),
    ("DescribeInstances", AUDIT),
    ("DescribeNetworkInterfaces", AUDIT),
    ("DescribeNodegroup", AUDIT),
    ("DescribeRegions", OF_ALL_REGIONS),
    ("DescribeSubnets", AUDIT),
    ("DescribeVpcs", AUDIT),
    ("GetCallerIdentity", AUDIT),
    ("GetSubnetCidrReservations", AUDIT),
    ("ListFargateProfiles", AUDIT),
    ("ListNodegroups", AUDIT),
];

/// A call with a fault.
struct Cell<'a> {
    call: &'static str,
    arguments: &'static [&'static str],
    fault: &'a Fault,
}

/// What became of a cell.
struct Played {
    call: &'static str,
    fault: String,
    kind: String,
    outcome: Result<Outcome, String>,
    took: Duration,
}

/// Behaves a cell; nothing if the fault has no meaning for the call.
fn simulate(cell: &Cell<'_>, truth: &Run) -> Option<Played> {
    let mut world = world();
    let mut options = Options { page_size: Some(5), ..Options::default() };
    if !cell.fault.calls.is_empty() && !cell.fault.calls.contains(&cell.call) {
        return None;
    }
    match &cell.fault.how {
        How::Behaves(when, behavior) => {
            options.faults.push(Planned {
                action: cell.call,
                when: *when,
                behavior: behavior.clone(),
            });
        }
        How::Says(alter) => {
            if !alter(&mut world, cell.call) {
                return None;
            }
        }
    }
    let started = Instant::now();
    let mut arguments = cell.arguments.to_vec();
    if cell.fault.lasts {
        arguments.extend(FOR_WHAT_LASTS);
    }
    let (run, calls) = played(world, options, &arguments, BOUND);
    let took = started.elapsed();
    let was_made = calls.iter().any(|call| call.action == cell.call);
    let outcome = if was_made {
        judge(truth, &run, cell.call)
    } else if run.code.is_none() {
        Err("it does not end".to_owned())
    } else {
        Err(format!("the call was never made: {}", run.stderr))
    };
    Some(Played {
        call: cell.call,
        fault: cell.fault.name.clone(),
        kind: cell.fault.kind.clone(),
        outcome,
        took,
    })
}

/// Behaves cells, several at a time.
fn play_all(cells: &[Cell<'_>]) -> Vec<Played> {
    let mut truths: BTreeMap<&[&str], Run> = BTreeMap::new();
    for cell in cells {
        truths.entry(cell.arguments).or_insert_with(|| run(world(), cell.arguments, BOUND));
    }
    // Nothing is withheld (4) and nothing went wrong (3) without a fault: types can differ from the table (1).
    assert!(truths.values().all(|run| matches!(run.code, Some(0 | 1))), "{truths:?}");
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(cell) = cells.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let played = simulate(cell, &truths[cell.arguments]);
                    done.lock().unwrap().extend(played);
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by(|a, b| (a.call, &a.fault).cmp(&(b.call, &b.fault)));
    done
}

/// What became of cells, counted, with a line for each that is wrong.
fn told(played: &[Played]) -> (String, Vec<String>) {
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<Outcome, usize> = BTreeMap::new();
    for cell in played {
        match &cell.outcome {
            Ok(outcome) => *counts.entry(*outcome).or_default() += 1,
            Err(why) => {
                let why: String = why.chars().take(300).collect();
                wrong.push(format!("{} | {} | {:.1?} | {why}", cell.call, cell.fault, cell.took));
            }
        }
    }
    let slowest = played.iter().max_by_key(|cell| cell.took).unwrap();
    let told = format!(
        "{} cells: {counts:?}, {} wrong; the slowest is {} | {} at {:.1?}",
        played.len(),
        wrong.len(),
        slowest.call,
        slowest.fault,
        slowest.took,
    );
    (told, wrong)
}

fn is_whole() -> bool {
    env::var_os("EKSNET_MATRIX").is_some_and(|value| value == "whole")
}

/// Whether a cell is of the part that is played each time: every fault meets several calls, and every call
/// several faults of each kind.
fn is_quick(call: usize, (at, fault): (usize, &Fault)) -> bool {
    let of = if fault.lasts {
        14
    } else if fault.kind == fault.name {
        2
    } else {
        7
    };
    (call + at).is_multiple_of(of)
}

#[test]
fn no_fault_of_any_call_leads_to_another_number() {
    let only = env::var("EKSNET_MATRIX_ONLY").unwrap_or_default();
    let faults = faults();
    let mut cells = Vec::new();
    for (number, (call, arguments)) in CALLS.iter().enumerate() {
        for (at, fault) in faults.iter().enumerate() {
            let is_named = !only.is_empty() && format!("{call} {}", fault.name).contains(&only);
            let is_chosen = only.is_empty() && (is_whole() || is_quick(number, (at, fault)));
            if is_named || is_chosen {
                cells.push(Cell { call, arguments, fault });
            }
        }
    }
    let started = Instant::now();
    let played = play_all(&cells);
    let (told, wrong) = told(&played);
    eprintln!("{told}; {:.0?} in all", started.elapsed());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    if is_whole() && env::var_os("EKSNET_WRITE_GENERATED").is_some() {
        table::write(&played);
    }
    let untold = table::untold(&played);
    assert!(untold.is_empty(), "docs/faults.md says otherwise: {untold:?}");
}

/// Damage at random to the structure of answers: bytes lost, a part twice, a sign of the markup altered.
#[test]
fn no_damage_leads_to_another_number() {
    let seeds = if is_whole() { 0..1200 } else { 0..60 };
    let damages: Vec<Fault> = seeds.map(faults::damage).collect();
    let cells: Vec<Cell<'_>> = damages
        .iter()
        .zip(CALLS.iter().cycle())
        .map(|(fault, (call, arguments))| Cell { call, arguments, fault })
        .collect();
    let started = Instant::now();
    let (told, wrong) = told(&play_all(&cells));
    eprintln!("{told}; {:.0?} in all", started.elapsed());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
