//! Reading an inventory from files: a snapshot, one saved answer, or a folder of them.

use std::{
    fs::{self, File},
    io::{BufReader, Read},
    path::{Path, PathBuf},
};

use super::{Failure, note};
use crate::{
    cli::CommonArgs,
    inventory::{
        Inventory, SourceKind,
        answers::{Answers, Recognised},
        read_snapshot,
    },
};

/// Files up to this size are read whole, which is faster; larger ones as a stream, so that memory
/// follows what they say and not how long they say it.
const WHOLE_UP_TO: u64 = 32 * 1024 * 1024;
/// Buffer of a stream.
const BUFFER: usize = 1024 * 1024;

/// The inventory at a path.
pub(super) fn read(path: &Path, common: &CommonArgs) -> Result<Inventory, Failure> {
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
            if is_snapshot(&file)? {
                let text = format!("{} is a snapshot, ignored: name it itself", file.display());
                note(common, &text);
            } else {
                read_answer(&mut answers, &file, common)?;
            }
        }
    } else if is_snapshot(path)? {
        let file = File::open(path).map_err(|error| Failure::reading(path, &error))?;
        let mut inventory =
            read_snapshot(BufReader::with_capacity(BUFFER, file)).map_err(|error| {
                let hint = "a snapshot is what `eksnet snapshot` and `--save` write";
                Failure::usage(format!("{}: {error}", path.display()), hint)
            })?;
        inventory.source.kind = SourceKind::Snapshot;
        return Ok(inventory);
    } else {
        read_answer(&mut answers, path, common)?;
    }
    answers.into_inventory().map_err(|error| {
        Failure::usage(
            format!("{}: {error}", path.display()),
            "save it: aws ec2 describe-subnets --output json > subnets.json",
        )
    })
}

/// The JSON files of a folder, sorted by name.
fn json_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error: std::io::Error| Failure::reading(folder, &error);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let json = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        if json && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a file begins as a snapshot does. Only its head is read: the schema is its first key.
fn is_snapshot(path: &Path) -> Result<bool, Failure> {
    const HEAD: u64 = 4096;
    let failed = |error: std::io::Error| Failure::reading(path, &error);
    let mut head = Vec::new();
    File::open(path).map_err(failed)?.take(HEAD).read_to_end(&mut head).map_err(failed)?;
    let head = String::from_utf8_lossy(&head);
    Ok(head.contains("\"schema\"") && head.contains("eksnet.snapshot"))
}

fn read_answer(answers: &mut Answers, path: &Path, common: &CommonArgs) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::reading(path, &error);
    let size = fs::metadata(path).map_err(failed)?.len();
    let recognised = if size <= WHOLE_UP_TO {
        answers.read_slice(&fs::read(path).map_err(failed)?)
    } else {
        let file = File::open(path).map_err(failed)?;
        answers.read_stream(BufReader::with_capacity(BUFFER, file))
    };
    let mut recognised = recognised.map_err(|error| {
        Failure::usage(
            format!("{}: {error}", path.display()),
            "it has to be what the AWS CLI prints with --output json",
        )
    })?;
    if recognised == Recognised::Empty {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        recognised = answers.read_empty(&name);
    }
    if recognised == Recognised::Unknown {
        note(common, &format!("{}: not an answer that is needed here, ignored", path.display()));
    }
    Ok(())
}
