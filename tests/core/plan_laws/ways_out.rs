//! Where nothing can be recommended.

use eksnet::{
    instance::BUILTIN,
    plan::{Impossible, Requirement, SmallestChange, plan},
};
use serde_json::{Value, json};

/// The requirement with a change, made by its key and value alone.
pub(crate) fn changed(requirement: &Requirement, change: &SmallestChange) -> Requirement {
    let mut written = serde_json::to_value(requirement).unwrap();
    if let Some(inner) = change.key.strip_prefix("groups[].") {
        let values = change.value.as_array().unwrap();
        for (group, value) in written["groups"].as_array_mut().unwrap().iter_mut().zip(values) {
            put(group, inner, value.clone());
        }
    } else {
        put(&mut written, &change.key, change.value.clone());
    }
    // A usual day has no more pods than the peak.
    for group in written["groups"].as_array_mut().unwrap() {
        let peak = group["pods"]["peak"].as_u64();
        if group["pods"]["usual"].as_u64() > peak {
            group["pods"]["usual"] = json!(peak);
        }
    }
    serde_json::from_value(written).unwrap()
}

/// Sets the value at a key such as `groups[0].max_nodes`.
fn put(within: &mut Value, key: &str, value: Value) {
    let mut at = within;
    for part in key.split('.') {
        let (name, index) = match part.split_once('[') {
            Some((name, rest)) => {
                (name, Some(rest.trim_end_matches(']').parse::<usize>().unwrap()))
            }
            None => (part, None),
        };
        at = &mut at[name];
        if let Some(index) = index {
            at = &mut at[index];
        }
    }
    *at = value;
}

/// The smallest change makes it possible; without one the reason says so.
pub(crate) fn leads_out(requirement: &Requirement, impossible: &Impossible) {
    let Some(change) = &impossible.smallest_change else {
        assert!(
            impossible.reason.contains("no single change that was tried"),
            "{}",
            impossible.reason
        );
        return;
    };
    let again = plan(&changed(requirement, change), &BUILTIN)
        .unwrap_or_else(|error| panic!("{}: {error}", change.text));
    let told = again.impossible.map(|why| why.reason);
    assert!(
        again.recommended.is_some(),
        "{} ({}: {}): {told:?}",
        change.text,
        change.key,
        change.value
    );
}
