//! Reading a history: a folder of snapshots and of CloudWatch's answers. A file that is of something
//! else is passed over with a note; one that is of the history and cannot be read is withheld.

use std::{io::BufReader, path::Path};

use crate::{
    audit::{Policy, Settings, audit, forecast::History},
    cli::{AuditArgs, CommonArgs},
    command::{
        Failure, note,
        offline::{Source, json_files},
    },
    instance::BUILTIN,
    inventory::{
        Inventory, Selected, Withheld,
        answers::{is_metric_data, read_metric_data},
        read_snapshot,
    },
    trend::Point,
};

/// What a file of the folder gave.
enum Found {
    /// Readings of the audited subnets, as many, and what is worth saying of it.
    Readings(usize, Option<String>),
    /// It is no part of a history, for this reason.
    Foreign(&'static str),
    /// It is, and cannot be read.
    Broken(String),
}

/// The history, if one is asked for: readings of the selected subnets.
pub(super) fn read(
    arguments: &AuditArgs,
    inventory: &Inventory,
    selected: &Selected,
    common: &CommonArgs,
) -> Result<Option<History>, Failure> {
    let Some(folder) = &arguments.history.history else { return Ok(None) };
    if let Some(text) = &inventory.source.captured_at
        && text.parse::<jiff::Timestamp>().is_err()
    {
        return Err(Failure::usage(
            format!("captured_at `{text}` is no moment to forecast from"),
            "it is such as 2026-11-25T10:00:00Z",
        ));
    }
    let there = std::fs::metadata(folder).map_err(|error| Failure::reading(folder, &error))?;
    if !there.is_dir() {
        return Err(Failure::usage(
            format!("--history takes a folder, and {} is a file", folder.display()),
            "put snapshots into a folder: eksnet audit --save history/monday.json",
        ));
    }
    let mut history = History::new(arguments.history.horizon.days);
    let mut readings = 0;
    for file in json_files(folder)? {
        let (name, mut about) = (file.display(), None);
        match read_file(&file, (&mut history, selected), arguments.allow_large_cidr) {
            Found::Readings(some, said) => {
                readings += some;
                about = said;
            }
            Found::Foreign(why) => about = Some(why.to_owned()),
            Found::Broken(why) => {
                note(common, &format!("{name}: {why}"));
                withhold(&mut history, format!("{name}: {why}"));
            }
        }
        if let Some(about) = about {
            note(common, &format!("{name}: {about}"));
        }
    }
    if readings == 0 {
        let reason = format!("{}: no reading of these subnets with its time", folder.display());
        withhold(&mut history, reason);
    }
    Ok(Some(history))
}

fn withhold(history: &mut History, reason: String) {
    let operation = "--history".to_owned();
    history.withheld.push(Withheld { operation, reason, subnet_id: None, place: None });
}

fn read_file(
    path: &Path,
    (history, selected): (&mut History, &Selected),
    allow_large: bool,
) -> Found {
    let source = match Source::open(path) {
        Ok(source) => source,
        Err(failure) => return Found::Broken(failure.message()),
    };
    if source.is_snapshot() {
        return match read_snapshot(BufReader::new(source.stream())) {
            Ok(inventory) => counted(&inventory, (history, selected), allow_large),
            Err(error) => Found::Broken(error.to_string()),
        };
    }
    match std::io::read_to_string(source.stream()) {
        Ok(text) if is_metric_data(&text) => metrics(&text, history, selected),
        // Its keys were sorted anew, so that the schema is not the first of them.
        Ok(text) if like_a_snapshot(&text) => match read_snapshot(text.as_bytes()) {
            Ok(inventory) => counted(&inventory, (history, selected), allow_large),
            Err(error) => Found::Broken(error.to_string()),
        },
        Ok(_) => Found::Foreign("neither a snapshot nor metric data, ignored"),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            Found::Foreign("no text, ignored")
        }
        Err(error) => Found::Broken(error.to_string()),
    }
}

/// Whether a text is a snapshot, whole or cut off.
fn like_a_snapshot(text: &str) -> bool {
    let has = |key: &str| text.contains(key);
    has("\"eksnet.snapshot/") || (has("\"inventory\"") && has("\"captured_at\""))
}

/// What a snapshot counts, by the same accounting as the audit's own.
fn counted(
    inventory: &Inventory,
    (history, selected): (&mut History, &Selected),
    allow_large: bool,
) -> Found {
    let Some(captured_at) = &inventory.source.captured_at else {
        return Found::Foreign("a snapshot that does not say when it was captured, ignored");
    };
    let Ok(at) = captured_at.parse() else {
        return Found::Broken(format!("captured_at `{captured_at}` is no moment"));
    };
    let wanted = Selected { subnets: selected.subnets.clone(), ..Selected::default() };
    let policy = Policy::default();
    let settings = Settings::counting(&BUILTIN, &policy, allow_large);
    match audit(inventory, &wanted, &settings) {
        Ok(report) => {
            let added = history.add_report(&report, at);
            let unseen = report.subnets.iter().filter(|s| s.cidr.is_some() && s.held.is_none());
            let said = match unseen.count() {
                0 => None,
                some => Some(format!("the use of {some} of its subnets could not be seen then")),
            };
            Found::Readings(added, said)
        }
        Err(error) => Found::Broken(error.to_string()),
    }
}

fn metrics(text: &str, history: &mut History, selected: &Selected) -> Found {
    let data = match read_metric_data(text) {
        Ok(data) => data,
        Err(error) => return Found::Broken(error.to_string()),
    };
    let mut added = 0;
    for series in data.series.iter().filter(|s| selected.subnets.contains_key(&s.subnet_id)) {
        for (at, value) in &series.readings {
            let point = Point { at: *at, value: *value };
            history.add(&series.subnet_id, series.measure, point);
            added += 1;
        }
    }
    let said = (!data.foreign.is_empty()).then(|| {
        format!("no label or id of a subnet's metric, ignored: {}", data.foreign.join(", "))
    });
    Found::Readings(added, said)
}
