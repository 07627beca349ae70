//! Reading an inventory from files: snapshots, saved answers, and directories of them, put together.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Cursor, Read},
    path::{Path, PathBuf},
};

use super::{
    Failure,
    decode::Decoded,
    note,
    text::{self, Bounded},
};
use crate::{
    cli::CommonArgs,
    finding::listed,
    instance::DescribedType,
    inventory::{
        Inventory, Places, Selected, SourceKind,
        answers::{Answers, AnswersError, ReadError, Recognised, is_metrics, is_named_answer},
        joined, read_snapshot,
    },
};

/// The subdirectory where the output of kubectl is kept.
const KUBERNETES: &str = "kubernetes";

/// The endings of files that may be answers.
const ENDINGS: [&str; 4] = ["json", "prom", "yaml", "yml"];

/// What files hold, before or after something is selected of it.
pub(super) struct Offline<T = (Inventory, Selected)> {
    pub(super) places: Places<T>,
    /// Limits of instance types that were among the answers.
    pub(super) types: Vec<DescribedType>,
}

/// What is at the paths, as one place; a snapshot of several places stands by itself. What was passed over is
/// said.
pub(super) fn read(
    paths: &[impl AsRef<Path>],
    common: &CommonArgs,
) -> Result<Offline<Inventory>, Failure> {
    gathered(paths, |text| note(common, text))
}

/// The same, with what was passed over for somebody else to say.
pub(super) fn gathered(
    paths: &[impl AsRef<Path>],
    say: impl Fn(&str),
) -> Result<Offline<Inventory>, Failure> {
    let mut answers = Answers::default();
    let (mut snapshots, mut notes) = (Vec::new(), Vec::new());
    for path in paths {
        // As other tools have it.
        let path = path.as_ref();
        let path = if path == Path::new("-") { Path::new("/dev/stdin") } else { path };
        let there = fs::metadata(path).map_err(|error| Failure::reading(path, &error))?;
        if there.is_dir() {
            notes.extend(read_folder(path, &mut answers)?);
            unread(path)?.iter().for_each(|text| say(text));
        } else {
            let (snapshot, passed) = read_file(path, &mut answers)?;
            snapshots.extend(snapshot);
            notes.extend(passed);
        }
    }
    for text in &notes {
        say(text);
    }
    let types = answers.take_instance_types();
    let named: Vec<String> = paths.iter().map(|p| p.as_ref().display().to_string()).collect();
    if let Some(at) = snapshots.iter().position(|snapshot| snapshot.is_several) {
        let several = snapshots.swap_remove(at);
        if snapshots.is_empty() && !answers.has_subnets() {
            return Ok(Offline { places: Places { notes, ..several }, types });
        }
        return Err(Failure::usage(
            format!(
                "{}: a snapshot of several regions or accounts cannot be combined with other files",
                named.join(", ")
            ),
            "pass that snapshot alone with --from",
        ));
    }
    let snapshots: Vec<Inventory> =
        snapshots.into_iter().flat_map(|snapshot| snapshot.list).collect();
    let moments: BTreeSet<_> =
        snapshots.iter().filter_map(|snapshot| snapshot.source.captured_at.as_deref()).collect();
    if let (Some(first), Some(last), true) = (moments.first(), moments.last(), moments.len() > 1) {
        return Err(Failure::usage(
            format!(
                "{}: the snapshots were captured at different times, {first} and {last}",
                named.join(", ")
            ),
            "to compare two snapshots use `eksnet diff`; to read many use `eksnet audit --history`",
        ));
    }
    let inventory = put_together(answers, snapshots).map_err(|error| {
        let what = format!("{}: {error}", named.join(", "));
        let hint = "save the output: aws ec2 describe-subnets --output json > subnets.json";
        match error {
            AnswersError::NoSubnets => Failure::usage(what, hint),
            AnswersError::SubnetsAbsent(_) => Failure::incomplete(what, hint),
        }
    })?;
    Ok(Offline { places: Places { notes, ..Places::one(inventory) }, types })
}

fn put_together(
    mut answers: Answers,
    snapshots: Vec<Inventory>,
) -> Result<Inventory, AnswersError> {
    let lifecycles = answers.take_lifecycles();
    let mut inventory = combined(answers, snapshots)?;
    for instance in inventory.instances.iter_mut().flatten() {
        if let Some(state) = lifecycles.get(&instance.instance_id) {
            instance.lifecycle = Some(state.clone());
        }
    }
    Ok(inventory)
}

fn combined(answers: Answers, mut snapshots: Vec<Inventory>) -> Result<Inventory, AnswersError> {
    if snapshots.is_empty() || answers.has_subnets() {
        snapshots.insert(0, answers.into_inventory()?);
        return joined(snapshots).ok_or(AnswersError::NoSubnets);
    }
    let mut inventory = joined(snapshots).ok_or(AnswersError::NoSubnets)?;
    let (kubernetes, withheld) = answers.into_kubernetes(&inventory.subnets);
    inventory.withheld.extend(withheld);
    Ok(inventory.with_kubernetes(kubernetes).in_order())
}

/// Takes in a directory's files; what was passed over is told.
fn read_folder(folder: &Path, answers: &mut Answers) -> Result<Vec<String>, Failure> {
    let (files, mut notes) = folder_files(folder)?;
    if files.is_empty() {
        return Err(Failure::usage(
            format!("{} contains no .json or .yaml file", folder.display()),
            "save AWS CLI output there: aws ec2 describe-subnets --output json > subnets.json",
        ));
    }
    for file in files {
        let source = SourceFile::open(&file)?;
        if source.is_snapshot() {
            notes.push(format!(
                "{} is a snapshot; ignored: to use it, pass the file itself with \
                                --from",
                file.display()
            ));
        } else {
            let recognised = source.answer(answers, &file)?;
            notes.extend(passed_over(recognised, &file));
        }
    }
    Ok(notes)
}

/// Takes in a file as an answer; a snapshot comes back, or why the file is of no use.
fn read_file(
    path: &Path,
    answers: &mut Answers,
) -> Result<(Option<Places<Inventory>>, Option<String>), Failure> {
    let source = SourceFile::open(path)?;
    if source.is_snapshot() {
        return Ok((Some(snapshot(path, source)?), None));
    }
    let recognised = source.answer(answers, path)?;
    if recognised == Recognised::Snapshot {
        // Its keys were sorted anew, so that the schema is not the first of them.
        return Ok((Some(snapshot(path, SourceFile::open(path)?)?), None));
    }
    Ok((None, passed_over(recognised, path)))
}

fn snapshot(path: &Path, source: SourceFile) -> Result<Places<Inventory>, Failure> {
    let mut places = read_snapshot(source.stream()).map_err(|error| {
        failed(path, &error, "`eksnet snapshot` and `--save` write valid snapshots")
    })?;
    places.source.kind = SourceKind::Snapshot;
    for place in &mut places.list {
        place.source.kind = SourceKind::Snapshot;
    }
    Ok(places)
}

fn failed(path: &Path, error: &ReadError, hint: &str) -> Failure {
    match error {
        ReadError::Source(error) => Failure::reading(path, error),
        ReadError::Malformed { .. } | ReadError::Yaml(_) => {
            Failure::usage(format!("{}: {error}", path.display()), hint)
        }
    }
}

/// What a file begins as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    Snapshot,
    /// Another document of eksnet's.
    Report,
    Other,
}

/// What the file at a path begins as; one that cannot be read is none of eksnet's.
pub(super) fn opening(path: &Path) -> Opening {
    SourceFile::open(path).map_or(Opening::Other, |source| source.opening())
}

/// A file that is opened once, since a pipe cannot be opened again, with its head read and decoded.
pub(super) struct SourceFile {
    head: Vec<u8>,
    rest: Decoded<Bounded<File>>,
}

impl SourceFile {
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        const HEAD: u64 = 4096;
        let failed = |error: io::Error| Failure::reading(path, &error);
        let mut rest = Decoded::new(text::file(path, &text::ANSWER)?);
        let mut head = Vec::new();
        rest.by_ref().take(HEAD).read_to_end(&mut head).map_err(failed)?;
        Ok(Self { head, rest })
    }

    /// Whether it begins as a snapshot does: the schema is its first key. Where keys were sorted anew the
    /// whole text tells.
    pub(super) fn is_snapshot(&self) -> bool {
        self.opening() == Opening::Snapshot
    }

    fn opening(&self) -> Opening {
        let mut rest = self.head.as_slice();
        let mut comes = |part: &str| {
            let after = rest.trim_ascii_start().strip_prefix(part.as_bytes());
            rest = after.unwrap_or_default();
            after.is_some()
        };
        if !["{", "\"schema\"", ":", "\"eksnet."].into_iter().all(&mut comes) {
            Opening::Other
        } else if comes("snapshot/") {
            Opening::Snapshot
        } else {
            Opening::Report
        }
    }

    pub(super) fn stream(self) -> impl Read + Send + 'static {
        Cursor::new(self.head).chain(self.rest)
    }

    /// Whether it is YAML: by its name, or as objects of Kubernetes begin.
    fn is_yaml(&self, path: &Path) -> bool {
        const STARTS: [&str; 6] = ["---", "%YAML", "apiVersion:", "kind:", "items:", "metadata:"];
        let head = String::from_utf8_lossy(&self.head);
        let mut lines =
            head.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
        let first = lines.next().unwrap_or_default();
        has_ending(path, &["yaml", "yml"]) || STARTS.iter().any(|start| first.starts_with(start))
    }

    /// Takes it in as an answer of the AWS CLI or of kubectl.
    fn answer(self, answers: &mut Answers, path: &Path) -> Result<Recognised, Failure> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let head = String::from_utf8_lossy(&self.head);
        if let Some(recognised) = answers.read_refusal(&name, &head) {
            return Ok(recognised);
        }
        if is_metrics(&name, &head) {
            let mut text = String::new();
            let read = text::NODE_METRICS.bound(self.stream()).read_to_string(&mut text);
            read.map_err(|error| Failure::reading(path, &error))?;
            let hint = "save one file for each node: kubectl get --raw \
                        /api/v1/namespaces/kube-system/pods/POD:61678/proxy/metrics > NODE.prom";
            let read = answers.read_metrics(&name, &text);
            return read.map_err(|error| failed(path, &error, hint));
        }
        let read = if self.is_yaml(path) {
            let mut text = String::new();
            let read = text::YAML.bound(self.stream()).read_to_string(&mut text);
            read.map_err(|error| Failure::reading(path, &error))?;
            answers.read_yaml(&name, &text)
        } else {
            answers.read(&name, self.stream())
        };
        let hint = "save the output of the AWS CLI with --output json, of kubectl with -o json";
        read.map_err(|error| failed(path, &error, hint))
    }
}

/// The files of a directory that may be answers, those of kubectl in a directory of their own too, and
/// what was passed over.
fn folder_files(folder: &Path) -> Result<(Vec<PathBuf>, Vec<String>), Failure> {
    let (mut files, mut notes) = files(folder, &ENDINGS)?;
    let apart = folder.join(KUBERNETES);
    if apart.is_dir() {
        let (more, passed) = self::files(&apart, &ENDINGS)?;
        files.extend(more);
        notes.extend(passed);
    }
    Ok((files, notes))
}

/// What a directory holds beside the files that are read: files with other endings, and directories with files
/// that are named as answers are. What is hidden is nobody's answer.
fn unread(folder: &Path) -> Result<Vec<String>, Failure> {
    let names = |paths: &[PathBuf]| {
        let all = paths.iter().filter_map(|path| path.file_name());
        listed(all.map(|name| name.to_string_lossy()))
    };
    let mut said = Vec::new();
    for (folder, is_first) in [(folder.to_owned(), true), (folder.join(KUBERNETES), false)] {
        if !is_first && !folder.is_dir() {
            continue;
        }
        let (folders, files) = others(&folder)?;
        if !files.is_empty() {
            said.push(format!(
                "{}: not read, since only .json, .yaml, .yml and .prom files are: {}",
                folder.display(),
                names(&files)
            ));
        }
        let folders: Vec<PathBuf> = folders
            .into_iter()
            .filter(|inner| !(is_first && inner.ends_with(KUBERNETES)) && has_answers(inner))
            .collect();
        if !folders.is_empty() {
            said.push(format!(
                "{}: subdirectories are not read, pass each with --from: {}",
                folder.display(),
                names(&folders)
            ));
        }
    }
    Ok(said)
}

/// The directories of a directory, and its files that have no answer's ending, sorted by name.
fn others(folder: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Failure> {
    let failed = |error: io::Error| Failure::reading(folder, &error);
    let (mut folders, mut files) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if path.is_dir() {
            folders.push(path);
        } else if path.is_file() && !has_ending(&path, &ENDINGS) {
            files.push(path);
        }
    }
    folders.sort();
    files.sort();
    Ok((folders, files))
}

/// Whether a directory has a file that is named as an answer is; one that cannot be looked into has none.
fn has_answers(folder: &Path) -> bool {
    let is_answer = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        has_ending(path, &ENDINGS) && is_named_answer(&name)
    };
    fs::read_dir(folder).is_ok_and(|all| all.flatten().any(|entry| is_answer(&entry.path())))
}

/// The files that are read of a directory of answers.
pub(super) fn answer_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    folder_files(folder).map(|(files, _)| files)
}

/// The JSON files of a directory, sorted by name, and what was passed over.
pub(super) fn json_files(folder: &Path) -> Result<(Vec<PathBuf>, Vec<String>), Failure> {
    files(folder, &["json"])
}

/// The files of a directory with one of these endings, sorted by name, and what was passed over.
fn files(folder: &Path, endings: &[&str]) -> Result<(Vec<PathBuf>, Vec<String>), Failure> {
    let failed = |error: io::Error| Failure::reading(folder, &error);
    let (mut files, mut notes) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if !has_ending(&path, endings) {
            continue;
        }
        match fs::metadata(&path) {
            Ok(there) if there.is_dir() => {}
            // Nobody may ever write to a pipe, and a device may never end.
            Ok(there) if !there.is_file() => {
                notes.push(format!("{}: a pipe or a device, not a file; ignored", path.display()));
            }
            // What cannot be looked at, such as a link to nothing, fails where it is read: it is not
            // of no account.
            Ok(_) | Err(_) => files.push(path),
        }
    }
    files.sort();
    notes.sort();
    Ok((files, notes))
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let its = path.extension();
    its.is_some_and(|its| endings.iter().any(|ending| its.eq_ignore_ascii_case(ending)))
}

/// Why a file was of no use.
fn passed_over(recognised: Recognised, path: &Path) -> Option<String> {
    tracing::info!(file = %path.display(), ?recognised, "read");
    let text = match recognised {
        // What is absent is among what is not available.
        Recognised::Known | Recognised::Absent => return None,
        Recognised::NotNeeded => "not needed here; ignored",
        Recognised::Empty | Recognised::Unknown => {
            "not recognized as AWS CLI or kubectl output; ignored"
        }
        Recognised::Snapshot => "a snapshot; ignored: to use it, pass the file itself with --from",
    };
    Some(format!("{}: {text}", path.display()))
}
