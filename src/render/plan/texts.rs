//! What is said of a plan in a line.

use serde_json::Value;

use crate::{
    finding::{counted, thousands},
    plan::{Candidate, Change, Existing, Plan, WorkStep},
    simulate::{Cni, Verdict},
};

/// What to choose and why; where nothing is, why not.
#[must_use]
pub fn verdict(plan: &Plan) -> String {
    match (plan.recommended(), &plan.impossible) {
        (Some(candidate), _) => format!("Recommended: {}: {}", candidate.id, candidate.summary),
        (None, Some(impossible)) => format!("Nothing is recommended: {}", impossible.reason),
        (None, None) => "Nothing is recommended".to_owned(),
    }
}

/// What a candidate leaves, beside what its summary says.
pub(in crate::render) fn leaves(candidate: &Candidate) -> String {
    let figures = &candidate.figures;
    let mut parts = Vec::new();
    if let Some(tightest) = &figures.tightest_subnet {
        parts.push(format!("tightest subnet {tightest}, {}", percent(figures.tightest_use)));
    }
    let more = counted(figures.pods_more, "more pod fits", "more pods fit");
    parts.push(match figures.months {
        Some(months) => format!("{more} ({} at the growth given)", months_text(months)),
        None => more,
    });
    parts.push(match figures.longest_pod_wait_s {
        Some(0) => "no pod waits for an address".to_owned(),
        Some(seconds) => format!("pods wait up to {} s for an address", thousands(seconds)),
        None => "some pods wait for an address without an end".to_owned(),
    });
    parts.push(format!(
        "up to {} in one minute",
        counted(figures.ec2_calls_peak_minute, "EC2 call", "EC2 calls")
    ));
    parts.join("; ")
}

fn months_text(number: f64) -> String {
    format!("{} months", months(number))
}

/// Months with one decimal.
pub(in crate::render) fn months(number: f64) -> String {
    format!("{number:.1}")
}

/// A share in whole percent, which is never all while that is not so.
pub(in crate::render) fn percent(share: f64) -> String {
    let whole = if share < 100.0 { share.round().min(99.0) } else { share.floor() };
    if whole < 1.0 && share > 0.0 { "<1%".to_owned() } else { format!("{whole:.0}%") }
}

/// What becomes of today's layout.
pub(in crate::render) fn existing(existing: &Existing) -> String {
    let verdict = match (existing.verdict, existing.tight) {
        (Verdict::Fits, false) => "Today's layout fits",
        (Verdict::Fits, true) => "Today's layout fits with nothing to spare",
        (Verdict::Fails, _) => "Today's layout does not fit",
    };
    match &existing.first_failure {
        Some(why) => format!("{verdict}: {why}"),
        None => verdict.to_owned(),
    }
}

/// What changes of what runs.
pub(in crate::render) fn change(change: &Change) -> String {
    let parts = [
        (change.types, "group with other types", "groups with other types"),
        (change.blocks, "new block", "new blocks"),
        (change.nodes, "node replaced", "nodes replaced"),
        (change.max_pods, "max pods", "max pods"),
        (change.subnets, "new subnet", "new subnets"),
        (change.settings, "setting", "settings"),
    ];
    let named: Vec<String> = parts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| counted(count, one, many))
        .collect();
    if named.is_empty() { "none".to_owned() } else { named.join(", ") }
}

/// The settings of the VPC CNI with the keys of a scenario; `None` where they are those of the manifest.
pub(in crate::render) fn cni_settings(cni: &Cni) -> Option<String> {
    let Ok(Value::Object(settings)) = serde_json::to_value(cni) else { return None };
    let said: Vec<String> =
        settings.iter().map(|(key, value)| format!("{key}: {}", plain(value))).collect();
    (!said.is_empty()).then(|| said.join(", "))
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(map) => {
            let pairs: Vec<String> =
                map.iter().map(|(key, value)| format!("{key}: {}", plain(value))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        Value::Array(list) => {
            let list: Vec<String> = list.iter().map(plain).collect();
            format!("[{}]", list.join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// What to know of a step beside what to do: what it does to nodes, what can go wrong, how to see that it
/// worked, how to go back.
pub(in crate::render) fn step_notes(step: &WorkStep) -> Vec<(&'static str, String)> {
    let effect = match (step.new_nodes, step.max_pods_change) {
        (true, true) => "takes effect on new nodes alone, and changes max pods",
        (true, false) => "takes effect on new nodes alone",
        (false, true) => "changes max pods",
        (false, false) => "",
    };
    let notes = [
        ("nodes", effect.to_owned()),
        ("risk", step.risk.clone()),
        ("check", step.check.clone()),
        ("back", step.back.clone()),
    ];
    notes.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_full_before_it_is() {
        let shown = [0.0, 0.3, 71.4, 71.5, 99.97, 100.0].map(percent);
        assert_eq!(shown, ["0%", "<1%", "71%", "72%", "99%", "100%"]);
    }

    #[test]
    fn changes_are_counted() {
        assert_eq!(change(&Change::default()), "none");
        let some = Change { nodes: 1200, subnets: 1, settings: 2, ..Change::default() };
        assert_eq!(change(&some), "1,200 nodes replaced, 1 new subnet, 2 settings");
    }
}
