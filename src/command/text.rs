//! Files that are opened: each kind with the most bytes that one may have, so that an endless one ends.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use super::{Failure, decode::Decoded};

/// A kind of file.
#[derive(Debug)]
pub(super) struct FileKind {
    name: &'static str,
    /// The most bytes of one.
    most: u64,
}

const MIB: u64 = 1024 * 1024;
const GIB: u64 = 1024 * MIB;

/// A policy: 10,000 rows that ignore something take a tenth.
pub(super) const POLICY: FileKind = FileKind { name: "a policy", most: 16 * MIB };
/// A baseline: 100,000 findings take a quarter.
pub(super) const BASELINE: FileKind = FileKind { name: "a baseline", most: 64 * MIB };
/// A catalogue, or an answer of DescribeInstanceTypes: all types of a region take a tenth.
pub(super) const CATALOGUE: FileKind =
    FileKind { name: "a catalogue of instance types", most: 64 * MIB };
/// A scenario: a list of every used address of a /14 is smaller.
pub(super) const SCENARIO: FileKind = FileKind { name: "a scenario", most: 16 * MIB };
/// A requirement, with a list of every used address as in a scenario.
pub(super) const REQUIREMENT: FileKind = FileKind { name: "a requirement", most: 16 * MIB };
/// Manifests of Kubernetes and user data: a cluster's NodePools and NodeClasses take a hundredth.
pub(super) const MANIFEST: FileKind = FileKind { name: "a manifest", most: 16 * MIB };
/// Answers in YAML, which are read whole.
pub(super) const YAML: FileKind = FileKind { name: "a YAML file", most: 64 * MIB };
/// The metrics of a node's aws-node, which are read whole: those of a large node are a hundredth.
pub(super) const NODE_METRICS: FileKind =
    FileKind { name: "a file of aws-node's metrics", most: 16 * MIB };
/// What CloudWatch answered, which is read whole: metrics of a year are a hundredth.
pub(super) const METRICS: FileKind =
    FileKind { name: "a file of CloudWatch metrics", most: 256 * MIB };
/// Snapshots and answers in JSON, which are read in pieces: a million interfaces take a quarter.
pub(super) const ANSWER: FileKind =
    FileKind { name: "a snapshot or AWS CLI output", most: 16 * GIB };
/// Recorded cases, each of which is answered before the next is read: only a line is bounded.
pub(super) const TRACE: FileKind = FileKind { name: "a trace", most: u64::MAX };

/// The most bytes of what is no file and may never end, such as a pipe.
const STREAM: u64 = 4 * GIB;

impl FileKind {
    fn refused(&self, most: u64) -> io::Error {
        let text = format!("the file is larger than {most} bytes, the limit for {}", self.name);
        io::Error::new(io::ErrorKind::FileTooLarge, text)
    }

    /// A source that fails where it goes on beyond the bound.
    pub(super) fn bound<S: Read>(&'static self, source: S) -> Bounded<S> {
        self.bound_at(self.most, source)
    }

    fn bound_at<S: Read>(&'static self, most: u64, source: S) -> Bounded<S> {
        Bounded { source, kind: self, most, left: most }
    }
}

/// A source with an end.
pub(super) struct Bounded<S> {
    source: S,
    kind: &'static FileKind,
    most: u64,
    left: u64,
}

impl<S: Read> Read for Bounded<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && !buffer.is_empty() {
            return match self.source.read(&mut [0])? {
                0 => Ok(0),
                _ => Err(self.kind.refused(self.most)),
            };
        }
        let read = self.source.by_ref().take(self.left).read(buffer)?;
        self.left = self.left.saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
        Ok(read)
    }
}

/// The text at a path, or on stdin for `-`.
pub(super) fn read(path: &Path, kind: &'static FileKind) -> Result<String, Failure> {
    let mut text = String::new();
    let read = open(path, kind)?.read_to_string(&mut text);
    read.map_err(|error| Failure::reading(path, &error))?;
    Ok(text)
}

/// The text at a path, or on stdin for `-`, as it is read.
pub(super) fn open(path: &Path, kind: &'static FileKind) -> Result<Box<dyn Read>, Failure> {
    if path == Path::new("-") {
        return Ok(Box::new(Decoded::new(kind.bound(io::stdin().lock()))));
    }
    Ok(Box::new(Decoded::new(file(path, kind)?)))
}

/// The bytes at a path. What its size tells is too large is not read at all.
pub(super) fn file(path: &Path, kind: &'static FileKind) -> Result<Bounded<File>, Failure> {
    let failed = |error: io::Error| Failure::reading(path, &error);
    let there = fs::metadata(path).map_err(failed)?;
    if there.is_dir() {
        let what = format!("{} is a directory", path.display());
        return Err(Failure::usage(what, "pass the file itself"));
    }
    if there.len() > kind.most {
        return Err(failed(kind.refused(kind.most)));
    }
    let may_be_long = there.is_file() || kind.most == TRACE.most;
    let most = if may_be_long { kind.most } else { kind.most.min(STREAM) };
    Ok(kind.bound_at(most, File::open(path).map_err(failed)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_ends_where_its_kind_does() {
        const KIND: &FileKind = &FileKind { name: "a note", most: 5 };
        for (text, whole) in [("", true), ("1234", true), ("12345", true), ("123456", false)] {
            let read = io::read_to_string(KIND.bound(text.as_bytes()));
            match read {
                Ok(read) => assert!(whole && read == text, "{text}"),
                Err(error) => {
                    assert!(!whole, "{text}");
                    let says = "the file is larger than 5 bytes, the limit for a note";
                    assert_eq!(error.to_string(), says);
                }
            }
        }
        let endless = io::read_to_string(KIND.bound(io::repeat(b'x')));
        assert_eq!(endless.map_err(|error| error.kind()), Err(io::ErrorKind::FileTooLarge));
    }
}
