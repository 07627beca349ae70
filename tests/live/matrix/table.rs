//! The table in docs/faults.md: what a run comes to, for each call and each kind of fault.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::PathBuf,
};

use super::{CALLS, Played, faults::faults, oracle::Outcome};

const START: &str = "<!-- table -->\n";

fn file() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "docs", "faults.md"].iter().collect()
}

fn sign(outcome: Outcome) -> char {
    match outcome {
        Outcome::Whole => '=',
        Outcome::Withheld => '4',
        Outcome::Error => '3',
    }
}

/// What cells came to, by the kind of the fault and the call.
type Cells = BTreeMap<(String, String), BTreeSet<char>>;

fn cells(played: &[Played]) -> Cells {
    let mut cells = Cells::new();
    for cell in played {
        let key = (cell.kind.clone(), cell.call.to_owned());
        cells.entry(key).or_default().extend(cell.outcome.as_ref().ok().map(|it| sign(*it)));
    }
    cells
}

/// Writes the table anew, from a whole matrix.
pub(super) fn write(played: &[Played]) {
    let cells = cells(played);
    let mut table = String::from("| fault |");
    for (call, _) in CALLS {
        let _ = write!(table, " {call} |");
    }
    let _ = write!(table, "\n|---|{}\n", "---|".repeat(CALLS.len()));
    let mut kinds: Vec<String> = Vec::new();
    for fault in faults() {
        if !kinds.contains(&fault.kind) {
            kinds.push(fault.kind);
        }
    }
    for kind in kinds {
        let _ = write!(table, "| {kind} |");
        for (call, _) in CALLS {
            let signs = cells.get(&(kind.clone(), (*call).to_owned()));
            let signs: Vec<String> = signs.into_iter().flatten().map(char::to_string).collect();
            let _ = write!(table, " {} |", signs.join(" "));
        }
        table.push('\n');
    }
    let text = fs::read_to_string(file()).unwrap();
    let (before, _) = text.split_once(START).unwrap();
    fs::write(file(), format!("{before}{START}\n{table}")).unwrap();
}

/// Cells of which the table says something else.
pub(super) fn untold(played: &[Played]) -> Vec<String> {
    let text = fs::read_to_string(file()).unwrap();
    let (_, table) = text.split_once(START).unwrap();
    let rows = table.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix('|'));
    let mut rows = rows.map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
    let heads = rows.next().unwrap();
    let mut told: BTreeMap<(String, String), &str> = BTreeMap::new();
    for row in rows {
        for (call, signs) in heads.iter().zip(&row).skip(1) {
            told.insert((row[0].to_owned(), (*call).to_owned()), *signs);
        }
    }
    let mut untold = Vec::new();
    for (key, signs) in cells(played) {
        let told = told.get(&key).copied().unwrap_or_default();
        if signs.iter().any(|sign| !told.contains(*sign)) {
            untold.push(format!("{} | {}: {signs:?} and not `{told}`", key.1, key.0));
        }
    }
    untold
}
