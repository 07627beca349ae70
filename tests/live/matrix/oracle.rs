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

/// The report as its leaves: rows by their ids, so that one that is missing moves no other.
fn leaves(report: &Value) -> BTreeMap<String, Value> {
    let mut leaves = BTreeMap::new();
    add(&mut leaves, String::new(), report);
    leaves
}

fn add(leaves: &mut BTreeMap<String, Value>, path: String, value: &Value) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                if key != "captured_at" {
                    add(leaves, format!("{path}.{key}"), value);
                }
            }
        }
        Value::Array(rows) => {
            for (at, row) in rows.iter().enumerate() {
                let by = ["subnet_id", "instance_id", "kind", "instance_type", "operation"];
                let id = by.iter().find_map(|key| row[key].as_str());
                let finding = row["id"].as_str().map(|id| format!("{id} of {}", row["resource"]));
                let name = finding.or_else(|| id.map(str::to_owned));
                add(leaves, format!("{path}[{}]", name.unwrap_or_else(|| at.to_string())), row);
            }
        }
        leaf => drop(leaves.insert(path, leaf.clone())),
    }
}

/// Judges a run with a fault of `call` by the run without.
pub(super) fn judge(truth: &Run, run: &Run, call: &str) -> Result<Outcome, String> {
    if run.stderr.contains("panicked") {
        return Err(format!("a panic: {}", run.stderr));
    }
    match run.code {
        code if code == truth.code => {
            let (truth, said) = (leaves(&parse(truth)?), leaves(&parse(run)?));
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

fn first_difference(
    truth: &BTreeMap<String, Value>,
    said: &BTreeMap<String, Value>,
) -> Option<String> {
    let paths = truth.keys().chain(said.keys());
    let mut differing = paths.filter(|path| truth.get(*path) != said.get(*path));
    differing.next().map(|path| {
        let shown = |leaves: &BTreeMap<String, Value>| {
            leaves.get(path).map_or("nothing".to_owned(), Value::to_string)
        };
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
                && reason.contains("which is not among the subnets")
        }
        "DescribeInstances" => {
            row["operation"] == "DescribeNetworkInterfaces" && reason.contains("instances name")
        }
        "ListNodegroups" | "ListFargateProfiles" => reason.contains("ResourceNotFoundException"),
        _ => false,
    }
}

fn withheld(truth: &Run, run: &Run, call: &str) -> Result<Outcome, String> {
    let (truth, report) = (leaves(&parse(truth)?), parse(run)?);
    let rows = report["withheld"].as_array().cloned().unwrap_or_default();
    if !rows.iter().any(|row| row["operation"] == call || contradicts(call, row)) {
        return Err(format!("exit 4 without the call's name: {}", report["withheld"]));
    }
    for (path, said) in leaves(&report) {
        // How many rows there are of each kind follows from what is withheld.
        let is_tally = path.starts_with(".summary") || path.starts_with(".withheld");
        if !said.is_number() || is_tally {
            continue;
        }
        match truth.get(&path) {
            Some(true_one) if *true_one == said => {}
            // A node's row is about its ENIs in the subnets that are listed.
            Some(true_one)
                if path.starts_with(".nodes[")
                    && call == "DescribeSubnets"
                    && said.as_u64() <= true_one.as_u64() => {}
            Some(true_one) => return Err(format!("{path} is {said} and not {true_one}")),
            None => return Err(format!("{path} is {said} and has no place in the truth")),
        }
    }
    Ok(Outcome::Withheld)
}
