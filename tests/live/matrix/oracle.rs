//! What a run with a fault may say: the truth; less than it, with the call named; or an error that names
//! the call. Never another number.

use std::collections::BTreeMap;

use serde_json::Value;

/// How a run ended.
#[derive(Clone, Debug)]
pub(super) struct Run {
    /// The exit code; `None` if it was ended from outside.
    pub(super) code: Option<i32>,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

/// What a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    /// The report is the one without a fault.
    Whole,
    /// Part of it is withheld, and nothing else is said of it.
    Withheld,
    /// Nothing is said but the error.
    Error,
}

/// A report's leaves by their paths.
type Leaves = BTreeMap<String, Value>;

/// The report as its leaves: rows by their ids, so that one that is missing moves no other. Two rows of one id
/// are an error: either of them would hide the other.
fn leaves(report: &Value) -> Result<Leaves, String> {
    let mut leaves = Leaves::new();
    add(&mut leaves, "", report)?;
    Ok(leaves)
}

fn add(leaves: &mut Leaves, path: &str, value: &Value) -> Result<(), String> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(key, _)| *key != "captured_at")
            .try_for_each(|(key, value)| add(leaves, &format!("{path}.{key}"), value)),
        Value::Array(rows) => {
            rows.iter().try_for_each(|row| add(leaves, &format!("{path}[{}]", name(row)), row))
        }
        leaf => match leaves.insert(path.to_owned(), leaf.clone()) {
            None => Ok(()),
            Some(first) => Err(format!("{path} is said twice: {first} and {leaf}")),
        },
    }
}

/// What a row is told apart by; a text is its own name.
fn name(row: &Value) -> String {
    let by = ["region", "subnet_id", "instance_id", "instance_type", "kind", "operation", "reason"];
    let of_finding = ["region", "id", "resource", "detail"];
    let keys = if row["id"].is_string() { &of_finding[..] } else { &by[..] };
    let parts: Vec<&str> = keys.iter().filter_map(|key| row[*key].as_str()).collect();
    if parts.is_empty() { row.to_string() } else { parts.join(" of ") }
}

/// Judges a run with a fault of `call` by the run without.
pub(super) fn judge(truth: &Run, run: &Run, call: &str) -> Result<Outcome, String> {
    if run.stderr.contains("panicked") {
        return Err(format!("a panic: {}", run.stderr));
    }
    match run.code {
        code if code == truth.code => {
            let (truth, said) = (leaves(&parse(truth)?)?, leaves(&parse(run)?)?);
            match first_difference(&truth, &said) {
                None => Ok(Outcome::Whole),
                Some(difference) => Err(format!("another report unsaid: {difference}")),
            }
        }
        Some(4) => withheld(truth, run, call),
        Some(3) if run.stderr.starts_with("error: ") && run.stderr.contains(call) => {
            if run.stdout.is_empty() { Ok(Outcome::Error) } else { Err("both".to_owned()) }
        }
        Some(code) => Err(format!("exit {code}: {}", run.stderr)),
        None => Err("it does not end".to_owned()),
    }
}

fn parse(run: &Run) -> Result<Value, String> {
    serde_json::from_str(&run.stdout)
        .map_err(|error| format!("no report ({error}): {}", run.stderr))
}

fn first_difference(truth: &Leaves, said: &Leaves) -> Option<String> {
    let paths = truth.keys().chain(said.keys());
    let mut differing = paths.filter(|path| truth.get(*path) != said.get(*path));
    differing.next().map(|path| {
        let shown =
            |leaves: &Leaves| leaves.get(path).map_or("nothing".to_owned(), Value::to_string);
        format!("{path} is {} and not {}", shown(said), shown(truth))
    })
}

/// Whether a row is about another call that contradicts the answer of this one: which of the two is wrong
/// cannot be told.
fn contradicts(call: &str, row: &Value) -> bool {
    let reason = row["reason"].as_str().unwrap_or_default();
    match call {
        "DescribeCluster" | "DescribeNodegroup" | "DescribeFargateProfile" => {
            row["operation"] == "DescribeSubnets"
                && reason.contains("which is not in the list of subnets")
        }
        "DescribeInstances" => {
            row["operation"] == "DescribeNetworkInterfaces"
                && reason.contains("instances reference")
        }
        "ListNodegroups" | "ListFargateProfiles" => reason.contains("ResourceNotFoundException"),
        _ => false,
    }
}

fn withheld(truth: &Run, run: &Run, call: &str) -> Result<Outcome, String> {
    let (truth, report) = (leaves(&parse(truth)?)?, parse(run)?);
    let rows = report["withheld"].as_array().cloned().unwrap_or_default();
    if !rows.iter().any(|row| row["operation"] == call || contradicts(call, row)) {
        return Err(format!("exit 4 without the call's name: {}", report["withheld"]));
    }
    let said = leaves(&report)?;
    for (path, said) in &said {
        if !is_less(call, path, said) && !is_of_listed(call, path, said, truth.get(path)) {
            match truth.get(path) {
                Some(true_one) if true_one == said => {}
                Some(true_one) => return Err(format!("{path} is {said} and not {true_one}")),
                None => return Err(format!("{path} is {said} and has no place in the truth")),
            }
        }
    }
    match truth.keys().find(|path| !said.contains_key(*path) && is_lost(call, path, &said)) {
        Some(path) => Err(format!("{path} is lost")),
        None => Ok(Outcome::Withheld),
    }
}

/// Whether this should be there although it is part of a row that may be missing: a subnet has all of its owners
/// or none, and which findings there are follows from what the subnets hold.
fn is_lost(call: &str, path: &str, said: &Leaves) -> bool {
    let of_counts = ["DescribeInstances", "DescribeNetworkInterfaces", "DescribeSubnets"];
    if path.starts_with(".findings[") {
        return !of_counts.contains(&call);
    }
    path.split_once(".owners[").is_some_and(|(row, _)| {
        said.contains_key(&format!("{row}.subnet_id"))
            && !said.contains_key(&format!("{row}.owners"))
    })
}

/// Whether nothing is claimed by this: it is not known; or it says what is withheld, or how many rows there are
/// of each kind. Sums are over all subnets, or over those that are listed.
fn is_less(call: &str, path: &str, said: &Value) -> bool {
    let is_sum = [".summary.usable", ".summary.used", ".summary.free"].contains(&path);
    said.is_null()
        || (path.ends_with(".status") && said == "unknown")
        || path.starts_with(".withheld")
        || (path.starts_with(".summary") && (!is_sum || call == "DescribeSubnets"))
}

/// Whether it is of a node's row, which is about its ENIs in the subnets that are listed.
fn is_of_listed(call: &str, path: &str, said: &Value, truth: Option<&Value>) -> bool {
    let at_most = truth.and_then(Value::as_u64);
    call == "DescribeSubnets"
        && path.starts_with(".nodes[")
        && said.as_u64().is_some_and(|said| Some(said) <= at_most)
}
