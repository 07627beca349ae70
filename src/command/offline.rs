//! Reading an inventory from files: a snapshot, one saved answer, or a folder of them.

use std::{
    fs::{self, File},
    io::{BufReader, Cursor, Read},
    path::{Path, PathBuf},
};

use super::{Failure, ahead::Ahead, note};
use crate::{
    cli::CommonArgs,
    inventory::{
        Inventory, SourceKind,
        answers::{Answers, ReadError, Recognised},
        read_snapshot,
    },
};

/// Buffer of a snapshot's stream.
const BUFFER: usize = 1024 * 1024;

/// The inventory at a path.
pub(super) fn read(path: &Path, common: &CommonArgs) -> Result<Inventory, Failure> {
    // As other tools have it.
    let path = if path == Path::new("-") { Path::new("/dev/stdin") } else { path };
    let there = fs::metadata(path).map_err(|error| Failure::reading(path, &error))?;
    let mut answers = Answers::default();
    if there.is_dir() {
        let files = json_files(path)?;
        if files.is_empty() {
            return Err(Failure::usage(
                format!("{} holds no .json file", path.display()),
                "save answers there: aws ec2 describe-subnets --output json > subnets.json",
            ));
        }
        for file in files {
            if Source::open(&file)?.is_snapshot() {
                let text = format!("{} is a snapshot, ignored: name it itself", file.display());
                note(common, &text);
            } else {
                read_answer(&mut answers, &file, common)?;
            }
        }
    } else {
        let source = Source::open(path)?;
        if source.is_snapshot() {
            return snapshot(path, source);
        }
        let recognised = source.answer(&mut answers, path)?;
        if recognised == Recognised::Snapshot {
            // Its keys were sorted anew, so that the schema is not the first of them.
            return snapshot(path, Source::open(path)?);
        }
        told(&mut answers, recognised, path, common);
    }
    answers.into_inventory().map_err(|error| {
        Failure::usage(
            format!("{}: {error}", path.display()),
            "save it: aws ec2 describe-subnets --output json > subnets.json",
        )
    })
}

fn snapshot(path: &Path, source: Source) -> Result<Inventory, Failure> {
    let stream = BufReader::with_capacity(BUFFER, source.stream());
    let mut inventory = read_snapshot(stream).map_err(|error| {
        let hint = "a snapshot is what `eksnet snapshot` and `--save` write";
        Failure::usage(format!("{}: {error}", path.display()), hint)
    })?;
    inventory.source.kind = SourceKind::Snapshot;
    Ok(inventory)
}

/// A file that is opened once, since a pipe cannot be opened again, with its head read.
pub(super) struct Source {
    head: Vec<u8>,
    rest: File,
}

impl Source {
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        const HEAD: u64 = 4096;
        let failed = |error: std::io::Error| Failure::reading(path, &error);
        let mut rest = File::open(path).map_err(failed)?;
        let mut head = Vec::new();
        rest.by_ref().take(HEAD).read_to_end(&mut head).map_err(failed)?;
        Ok(Self { head, rest })
    }

    /// Whether it begins as a snapshot does: the schema is its first key.
    pub(super) fn is_snapshot(&self) -> bool {
        let head = String::from_utf8_lossy(&self.head);
        head.contains("\"schema\"") && head.contains("eksnet.snapshot/")
    }

    pub(super) fn stream(self) -> impl Read + Send + 'static {
        Cursor::new(self.head).chain(self.rest)
    }

    /// Takes it in as an answer of the AWS CLI.
    fn answer(self, answers: &mut Answers, path: &Path) -> Result<Recognised, Failure> {
        answers.read(Ahead::new(self.stream())).map_err(|error| match error {
            ReadError::Source(error) => Failure::reading(path, &error),
            ReadError::Malformed { .. } => Failure::usage(
                format!("{}: {error}", path.display()),
                "it has to be what the AWS CLI prints with --output json, or kubectl with -o json",
            ),
        })
    }
}

/// The JSON files of a folder, sorted by name.
pub(super) fn json_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error: std::io::Error| Failure::reading(folder, &error);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let json = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        // What cannot be looked at, such as a link to nothing, fails where it is read: it is not of
        // no account.
        if json && fs::metadata(&path).map_or(true, |there| there.is_file()) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read_answer(answers: &mut Answers, path: &Path, common: &CommonArgs) -> Result<(), Failure> {
    let recognised = Source::open(path)?.answer(answers, path)?;
    told(answers, recognised, path, common);
    Ok(())
}

/// Says which files were of no use.
fn told(answers: &mut Answers, recognised: Recognised, path: &Path, common: &CommonArgs) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let recognised = match recognised {
        Recognised::Empty => answers.read_empty(&name),
        Recognised::Known | Recognised::Unknown | Recognised::Snapshot => recognised,
    };
    tracing::info!(file = %path.display(), ?recognised, "read");
    let text = match recognised {
        Recognised::Known | Recognised::Empty => return,
        Recognised::Unknown => "not an answer that is needed here, ignored",
        Recognised::Snapshot => "a snapshot, ignored: name it itself",
    };
    note(common, &format!("{}: {text}", path.display()));
}
