//! Reading a history: a directory of snapshots and of CloudWatch's answers. A file that is of something
//! else is passed over with a note; one that is of the history and cannot be read is withheld.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use rayon::prelude::*;

use super::{
    Failure,
    dated::Dated,
    note,
    offline::{self, Offline, SourceFile, json_files},
    text,
};
use crate::{
    audit::{
        SubnetUse,
        forecast::{History, Reading},
    },
    cli::CommonArgs,
    inventory::{
        Inventory, Places, Selected, Withheld,
        answers::{is_metric_data, read_metric_data},
        read_snapshot_use,
    },
    json,
    trend::Point,
};

/// What a file of the directory gave.
enum FileContent {
    /// Readings of the audited subnets, and what is worth saying of them.
    Readings(FileReadings),
    /// It is no part of a history, for this reason.
    Foreign(String),
    /// It is, and cannot be read.
    Broken(String),
}

/// The readings of a file.
#[derive(Default)]
struct FileReadings {
    list: Vec<Reading>,
    /// Whether their moment stands in the name of the file alone.
    is_dated_by_name: bool,
    /// What is worth saying of them.
    said: Vec<String>,
}

/// Where a history is, and how it is looked at.
pub(super) struct HistorySource<'a> {
    pub(super) folder: &'a Path,
    /// Days within which a subnet that runs full is a finding.
    pub(super) horizon_days: u32,
    pub(super) allow_large: bool,
}

/// The history: readings of the selected subnets.
pub(super) fn read(
    source: &HistorySource<'_>,
    places: &Places,
    common: &CommonArgs,
) -> Result<History, Failure> {
    let folder = source.folder;
    if let Some(text) = &places.source.captured_at
        && text.parse::<jiff::Timestamp>().is_err()
    {
        return Err(Failure::usage(
            format!("captured_at `{text}` is not a timestamp"),
            "use a timestamp like 2026-11-25T10:00:00Z",
        ));
    }
    let there = fs::metadata(folder).map_err(|error| Failure::reading(folder, &error))?;
    if !there.is_dir() {
        return Err(Failure::usage(
            format!("--history requires a directory, but {} is a file", folder.display()),
            "save snapshots in a directory: eksnet audit --save history/monday.json",
        ));
    }
    let mut history = History::new(source.horizon_days);
    let wanted = SubnetFilter::new(places, source.allow_large);
    let mut readings = 0;
    let (mut files, passed) = json_files(folder)?;
    files.extend(dated_folders(folder)?);
    files.sort();
    for text in passed {
        note(common, &text);
        history.notes.push(text);
    }
    for (file, found) in found(&files, &wanted) {
        let (name, mut about) = (file.display(), Vec::new());
        match found {
            FileContent::Readings(some) => {
                readings += some.list.len();
                history.dated_by_name += usize::from(some.is_dated_by_name);
                for reading in some.list {
                    history.add(reading);
                }
                about = some.said;
            }
            FileContent::Foreign(why) => about.push(why),
            FileContent::Broken(why) => {
                note(common, &format!("{name}: {why}"));
                withhold(&mut history, format!("{name}: {why}"));
            }
        }
        for about in about {
            let text = format!("{name}: {about}");
            note(common, &text);
            history.notes.push(text);
        }
    }
    if let Some(text) = history.dated() {
        note(common, &text);
    }
    if readings == 0 {
        let reason = format!(
            "{}: no file has a reading of these subnets with a capture time",
            folder.display()
        );
        withhold(&mut history, reason);
    }
    Ok(history)
}

/// What each file gives, in their order, whatever number of threads reads them.
fn found<'a>(files: &'a [PathBuf], wanted: &SubnetFilter) -> Vec<(&'a Path, FileContent)> {
    let one = |file: &'a PathBuf| (file.as_path(), wanted.read(file));
    // The pool that rayon makes by itself panics where no thread can be started.
    match rayon::ThreadPoolBuilder::new().build() {
        Ok(threads) if files.len() > 1 => threads.install(|| files.par_iter().map(one).collect()),
        Ok(_) | Err(_) => files.iter().map(one).collect(),
    }
}

fn withhold(history: &mut History, reason: String) {
    let operation = "--history".to_owned();
    history.withheld.push(Withheld { operation, reason, subnet_id: None, place: None });
}

/// What is looked for in the files.
struct SubnetFilter {
    subnets: Selected,
    allow_large: bool,
}

impl SubnetFilter {
    fn new(places: &Places, allow_large: bool) -> Self {
        let ids = places.list.iter().flat_map(|(_, selected)| selected.subnets.keys());
        let subnets = ids.map(|id| (id.clone(), BTreeSet::new())).collect();
        Self { subnets: Selected { subnets, ..Selected::default() }, allow_large }
    }

    fn read(&self, path: &Path) -> FileContent {
        if path.is_dir() {
            return self.answers(path);
        }
        let source = match SourceFile::open(path) {
            Ok(source) => source,
            Err(failure) => return FileContent::Broken(failure.message()),
        };
        if source.is_snapshot() {
            return self.snapshot(source.stream(), path);
        }
        match io::read_to_string(text::METRICS.bound(source.stream())) {
            Ok(text) if is_metric_data(&text) => self.metrics(&text),
            // Its keys were sorted anew, so that the schema is not the first of them.
            Ok(text) if like_a_snapshot(&text) => self.snapshot(text.as_bytes(), path),
            Ok(_) => FileContent::Foreign(
                "neither a snapshot nor CloudWatch metric data; ignored".to_owned(),
            ),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                FileContent::Foreign("not a text file; ignored".to_owned())
            }
            Err(error) => FileContent::Broken(error.to_string()),
        }
    }

    /// A folder of saved responses, dated by its name.
    fn answers(&self, path: &Path) -> FileContent {
        match offline::gathered(&[path], |_| {}) {
            Ok(Offline { places, .. }) => self.counted(places, path),
            Err(failure) => FileContent::Broken(failure.message()),
        }
    }

    fn snapshot(&self, source: impl Read + Send, path: &Path) -> FileContent {
        match read_snapshot_use(source) {
            Ok(places) => self.counted(places, path),
            Err(error) => FileContent::Broken(error.to_string()),
        }
    }

    /// What a snapshot counts, by the same accounting as the audit's own.
    fn counted(&self, places: Places<Inventory>, path: &Path) -> FileContent {
        let mut found = FileReadings::default();
        let at = match (&places.source.captured_at, Dated::of(path)) {
            (Some(text), _) => match text.parse() {
                Ok(at) => at,
                Err(_) => {
                    return FileContent::Broken(format!("captured_at `{text}` is not a timestamp"));
                }
            },
            (None, Dated::At(at, _)) => {
                found.is_dated_by_name = true;
                at
            }
            (None, Dated::Unclear(why)) => return FileContent::Foreign(format!("{why}; ignored")),
            (None, Dated::Not) => {
                let text = "a snapshot without a capture time; ignored";
                return FileContent::Foreign(text.to_owned());
            }
        };
        let mut unseen = 0;
        for inventory in places.list {
            let inventory = inventory.held_together(&self.subnets);
            let subnets = match SubnetUse::of(&inventory, &self.subnets, self.allow_large) {
                Ok(subnets) => subnets,
                Err(error) => return FileContent::Broken(error.to_string()),
            };
            unseen += subnets.iter().filter(|s| s.cidr.is_some() && s.held.is_none()).count();
            found.list.extend(subnets.iter().flat_map(|subnet| Reading::of(subnet, at)));
        }
        if unseen > 0 {
            let text = format!("the usage of {unseen} of its subnets was not available");
            found.said.push(text);
        }
        FileContent::Readings(found)
    }

    fn metrics(&self, text: &str) -> FileContent {
        let data = match read_metric_data(text) {
            Ok(data) => data,
            Err(error) => return FileContent::Broken(error.to_string()),
        };
        let mut readings = Vec::new();
        let wanted = |id: &String| self.subnets.subnets.contains_key(id);
        for series in data.series.iter().filter(|series| wanted(&series.subnet_id)) {
            readings.extend(series.readings.iter().map(|(at, value)| Reading {
                subnet_id: series.subnet_id.clone(),
                measure: series.measure,
                point: Point { at: *at, value: *value },
            }));
        }
        let said = (!data.foreign.is_empty()).then(|| {
            format!("not the label or id of a subnet metric; ignored: {}", data.foreign.join(", "))
        });
        let said = said.into_iter().collect();
        FileContent::Readings(FileReadings { list: readings, said, is_dated_by_name: false })
    }
}

/// The folders in a folder whose names give a moment, or seem to: each a saved set of responses.
fn dated_folders(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error: io::Error| Failure::reading(folder, &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() && Dated::of(&path) != Dated::Not {
            found.push(path);
        }
    }
    Ok(found)
}

/// Whether a text is a snapshot, by the keys at its top; where it is cut off, by what is there.
fn like_a_snapshot(text: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Top {
        schema: Option<serde_json::Value>,
        inventory: Option<serde::de::IgnoredAny>,
    }
    let has = |key: &str| text.contains(key);
    match json::from_str::<Top>(text) {
        Ok(Top { schema, inventory }) => {
            let schema = schema.as_ref().and_then(serde_json::Value::as_str);
            schema.is_some_and(|name| name.starts_with("eksnet.snapshot/")) || inventory.is_some()
        }
        Err(error) => {
            !error.is_data()
                && (has("\"eksnet.snapshot/") || (has("\"inventory\"") && has("\"captured_at\"")))
        }
    }
}
