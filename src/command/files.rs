//! The files that a command line names, checked before anything is read: where output goes can be written,
//! and no two of them are one.

use std::{
    borrow::Cow,
    fs,
    path::{Path, PathBuf},
};

use super::{
    Failure, audit,
    offline::{Opening, answer_files, json_files, opening},
    target::{OutputTarget, folder_of, target},
};
use crate::cli::{
    AuditArgs, Command, GenerateCommand, LimitsCommand, OutputFileArg, PlanArgs, SimulateArgs,
    SnapshotArgs,
};

/// A file with the flag or the argument that names it.
type Named<'a> = (&'static str, Cow<'a, Path>);

/// What a command line names.
#[derive(Default)]
struct Files<'a> {
    written: Vec<(&'static str, &'a Path)>,
    read: Vec<Named<'a>>,
    /// What is brought up to date where it is: the flags of the file as it was and as it will be.
    renewed: Option<(&'static str, &'static str)>,
}

const OUTPUT_FILE: &str = "--output-file";
const SAVE: &str = "--save";
const HISTORY: &str = "--history";

impl<'a> Files<'a> {
    fn to(file: &'a OutputFileArg) -> Self {
        Self::default().writes(OUTPUT_FILE, file.output_file.as_ref())
    }

    fn writes(mut self, flag: &'static str, path: Option<&'a PathBuf>) -> Self {
        self.written.extend(path.map(|path| (flag, path.as_path())));
        self
    }

    fn reads(mut self, flag: &'static str, paths: impl IntoIterator<Item = &'a PathBuf>) -> Self {
        self.read.extend(paths.into_iter().map(|path| (flag, Cow::Borrowed(path.as_path()))));
        self
    }

    /// The policy that is named, or the one that is found.
    fn reads_policy(mut self, a: &'a AuditArgs) -> Self {
        let named = a.policy.policy.as_deref().map(Cow::Borrowed);
        let path = named.or_else(|| audit::found_policy().map(Cow::Owned));
        self.read.extend(path.map(|path| ("--policy", path)));
        self
    }

    fn renews(self, old: &'static str, new: &'static str) -> Self {
        Self { renewed: Some((old, new)), ..self }
    }

    fn of(command: &'a Command) -> Self {
        const LIMITS: &str = "--limits";
        match command {
            Command::MaxPods(a) => Self::to(&a.file)
                .reads(LIMITS, &a.limits)
                .reads("--nodeclass", &a.expression.nodeclass)
                .reads("--nodepool", &a.expression.nodepool),
            Command::Node(a) => {
                Self::to(&a.file).reads(LIMITS, &a.limits).reads("--trace", &a.trace)
            }
            Command::Simulate(a) => Self::of_simulate(a),
            Command::Plan(a) => Self::of_plan(a),
            Command::Audit(a) => Self::of_audit(a),
            Command::Snapshot(a) => Self::of_snapshot(a),
            Command::Diff(a) => Self::to(&a.file).reads("OLD", [&a.old]).reads("NEW", [&a.new]),
            Command::Limits(a) => match &a.command {
                LimitsCommand::Show(a) => Self::to(&a.file).reads(LIMITS, &a.limits),
                LimitsCommand::List(a) => Self::to(&a.file).reads(LIMITS, &a.limits),
                LimitsCommand::Update(a) => Self::to(&a.file)
                    .reads(LIMITS, &a.limits)
                    .reads("--from", &a.from)
                    .renews(LIMITS, OUTPUT_FILE),
                LimitsCommand::Verify(a) => {
                    Self::to(&a.file).reads(LIMITS, &a.limits).reads("--from", &a.from)
                }
            },
            Command::IamPolicy(a) => Self::to(&a.file),
            Command::Doctor(a) => Self::to(&a.file),
            Command::Explain(a) => Self::to(&a.file),
            Command::Version(a) => Self::to(&a.file),
            Command::Generate(a) => match &a.command {
                GenerateCommand::Completions { file, .. }
                | GenerateCommand::Man { file, .. }
                | GenerateCommand::Schema { file, .. } => Self::to(file),
            },
        }
    }

    fn of_simulate(a: &'a SimulateArgs) -> Self {
        let files = Self::to(&a.file).reads("--limits", &a.limits);
        files.reads("FILE", &a.scenario).reads("--from", &a.from)
    }

    fn of_plan(a: &'a PlanArgs) -> Self {
        let files = Self::to(&a.file).reads("--limits", &a.limits);
        let files = files.reads("FILE", &a.requirement).reads("--from", &a.from);
        files.reads(HISTORY, &a.history)
    }

    fn of_snapshot(a: &'a SnapshotArgs) -> Self {
        Self::to(&a.file).writes(SAVE, a.save.as_ref()).reads("--from", &a.from)
    }

    fn of_audit(a: &'a AuditArgs) -> Self {
        const BASELINE: &str = "--baseline";
        const WRITE_BASELINE: &str = "--write-baseline";
        Self::default()
            .writes(SAVE, a.save.as_ref())
            .writes(OUTPUT_FILE, a.file.output_file.as_ref())
            .writes(WRITE_BASELINE, a.baseline.write_baseline.as_ref())
            .reads("--from", &a.from)
            .reads(HISTORY, &a.history.history)
            .reads_policy(a)
            .reads("--limits", &a.limits)
            .reads(BASELINE, &a.baseline.baseline)
            .renews(BASELINE, WRITE_BASELINE)
    }
}

/// Refuses output that cannot be written, that would replace what is read, or that goes to one file
/// twice.
pub(super) fn check(command: &Command) -> Result<(), Failure> {
    let files = Files::of(command);
    let mut seen: Vec<(&str, FileIdentity)> = Vec::new();
    for (flag, path) in &files.written {
        let OutputTarget::File(file) =
            target(path).map_err(|error| Failure::writing(path, &error))?
        else {
            continue;
        };
        let file = FileIdentity::of(&file);
        if let Some((other, _)) = seen.iter().find(|(_, there)| there.is(&file)) {
            return Err(Failure::usage(
                format!("{other} and {flag} name the same file, {}", path.display()),
                "use a different file for each output",
            ));
        }
        let replaced = |(of, read): &&Named<'_>| {
            files.renewed != Some((*of, *flag)) && is_read((*of, read), flag, &file)
        };
        if let Some((of, _)) = files.read.iter().find(replaced) {
            return Err(Failure::usage(
                format!("{flag} would overwrite {}, which {of} reads", path.display()),
                "use another file for the output",
            ));
        }
        seen.push((flag, file));
    }
    Ok(())
}

/// Whether what is read at a path is, or holds, the file that output goes to. What cannot be looked at is
/// told where it is read.
fn is_read((of, read): (&str, &Path), flag: &str, file: &FileIdentity) -> bool {
    if !read.is_dir() {
        return FileIdentity::of(read).is(file);
    }
    // A snapshot of today may be saved to the history again.
    let is_history = of == HISTORY;
    if !file.is_there || (is_history && flag == SAVE) {
        return false;
    }
    let files =
        if is_history { json_files(read).map(|(files, _)| files) } else { answer_files(read) };
    let mut files = files.unwrap_or_default().into_iter();
    // What eksnet wrote there before is passed over among answers, and may be written again.
    files.find(|path| FileIdentity::of(path).is(file)).is_some_and(|path| match opening(&path) {
        Opening::Snapshot => is_history,
        Opening::Report => false,
        Opening::Other => true,
    })
}

/// Where a file is, whatever links lead there and whether it is there yet.
struct FileIdentity {
    path: PathBuf,
    is_there: bool,
    /// Device and number, which a hard link shares.
    #[cfg(unix)]
    number: Option<(u64, u64)>,
}

impl FileIdentity {
    fn of(path: &Path) -> Self {
        let beside = || {
            let folder = fs::canonicalize(folder_of(path)).ok()?;
            Some(folder.join(path.file_name()?))
        };
        let there = fs::metadata(path).ok();
        Self {
            path: fs::canonicalize(path).ok().or_else(beside).unwrap_or_else(|| path.to_owned()),
            is_there: there.is_some(),
            #[cfg(unix)]
            number: there.map(|there| {
                use std::os::unix::fs::MetadataExt as _;
                (there.dev(), there.ino())
            }),
        }
    }

    fn is(&self, other: &Self) -> bool {
        #[cfg(unix)]
        if self.number.is_some() && self.number == other.number {
            return true;
        }
        self.path == other.path
    }
}
