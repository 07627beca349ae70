//! Scenarios: what is small is simulated.

use eksnet::{
    instance::BUILTIN,
    render::{
        Screen,
        json::simulate::SimulateJson,
        simulate::{SimulateAnswer, document},
        write_table,
    },
    simulate::{Layout, Simulated, Timeline, Verdict, check, parse, run, trial},
};

use super::laws;

/// The most work of a layout that is simulated, in passes of nodes.
const MOST_WORK: u64 = 3_000;
/// The most states that it may end with.
const MOST_STATES: u64 = 2_000;

/// A scenario's text.
pub(super) fn scenario(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let Ok(scenario) = parse(text) else { return };
    assert_eq!(parse(text).ok().as_ref(), Some(&scenario), "read twice");
    if let Ok(layout) = check(&scenario, &BUILTIN, false) {
        simulated(&layout);
    }
}

/// Plays a layout if it is small, and holds the laws of an answer over it.
pub(super) fn simulated(layout: &Layout<'_>) {
    if layout.states() > MOST_STATES {
        return;
    }
    let trial = trial(layout, 1, MOST_WORK);
    // A trial ends with the first step that fails, and what comes behind it may be any amount of work.
    if trial.cut || trial.failure.is_some() {
        return;
    }
    let timeline = run(layout, 1);
    assert_eq!(timeline, run(layout, 1), "simulated twice");
    assert_eq!(timeline.verdict, Verdict::Fits, "{:?}", timeline.failures);
    timed(&timeline);
    let simulated = Simulated::once(layout, &timeline);
    let notes = simulated.notes.clone();
    let answer = SimulateAnswer { simulated, findings: Vec::new(), notes, withheld: Vec::new() };
    let json = serde_json::to_value(SimulateJson::new(&answer)).unwrap();
    assert_eq!(json["verdict"], "fits");
    let mut table = Vec::new();
    write_table(&document(&answer), Screen::FILE, &mut table).unwrap();
    laws::is_plain_text(&table);
}

fn timed(timeline: &Timeline) {
    assert_eq!(timeline.verdict == Verdict::Fits, timeline.failures.is_empty());
    let Some(first) = timeline.steps.first() else { return };
    for step in &timeline.steps {
        for (subnet, at_first) in step.subnets.iter().zip(&first.subnets) {
            assert!(subnet.used <= subnet.peak_used, "{subnet:?}");
            assert!(subnet.assignable_prefixes * 16 <= subnet.free, "{subnet:?}");
            assert_eq!(subnet.used + subnet.free, at_first.used + at_first.free, "{subnet:?}");
        }
        for group in &step.groups {
            assert!(group.pods_placed <= group.pods_wanted, "{group:?}");
        }
        assert!(!step.settled || step.groups.iter().all(|g| g.nodes_placed == g.nodes_wanted));
    }
}
