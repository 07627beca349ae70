//! A directory of files, written whole or not at all where there is none; one that is there is left alone, unless
//! asked otherwise.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    Failure,
    interrupted::{persist_folder, temporary_folder},
    output::write_file,
    target::folder_of,
};
use crate::render::files::EmittedFile;

/// Writes files into a directory, for what stands in it besides: paths of files that are not among them.
///
/// # Errors
/// When the directory has other content and it may not be replaced, or something cannot be written.
pub(super) fn emit(
    folder: &Path,
    files: &[EmittedFile],
    is_forced: bool,
) -> Result<Vec<String>, Failure> {
    let present = match fs::metadata(folder) {
        Ok(there) if !there.is_dir() => {
            let error = io::Error::new(io::ErrorKind::NotADirectory, "the path is a file");
            return Err(Failure::writing(folder, &error));
        }
        Ok(_) => present(folder).map_err(|error| Failure::writing(folder, &error))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
        Err(error) => return Err(Failure::writing(folder, &error)),
    };
    if present.is_empty() {
        return whole(folder, files).map(|()| Vec::new()).map_err(|e| Failure::writing(folder, &e));
    }
    let others: Vec<String> = present
        .keys()
        .filter(|path| !files.iter().any(|file| file.path == **path))
        .cloned()
        .collect();
    let changed = files.iter().find(|file| {
        let path = present.get(&file.path);
        path.is_some_and(|path| fs::read(path).ok().as_deref() != Some(file.text.as_bytes()))
    });
    let differs = changed.map(|file| file.path.as_str()).or(others.first().map(String::as_str));
    if let Some(path) = differs.filter(|_| !is_forced) {
        return Err(Failure::usage(
            format!("{} exists and has other content: {path}", folder.display()),
            "use a new directory, or --force to replace the files of an earlier plan",
        ));
    }
    // What says how to use the others comes last.
    let (runbook, rest): (Vec<_>, Vec<_>) =
        files.iter().partition(|file| file.path == "RUNBOOK.md");
    for file in rest.into_iter().chain(runbook) {
        let path = folder.join(&file.path);
        fs::create_dir_all(folder_of(&path)).map_err(|error| Failure::writing(&path, &error))?;
        write_file(&path, |out| out.write_all(file.text.as_bytes()))?;
    }
    Ok(others)
}

/// The files below a directory, by their paths in it with `/` between names. A link is one file.
fn present(folder: &Path) -> io::Result<BTreeMap<String, PathBuf>> {
    let mut files = BTreeMap::new();
    let mut open = vec![(String::new(), folder.to_owned())];
    while let Some((prefix, folder)) = open.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                open.push((format!("{path}/"), entry.path()));
            } else {
                files.insert(path, entry.path());
            }
        }
    }
    Ok(files)
}

/// Makes a directory that is not there, or has nothing in it: beside its place, then renamed.
fn whole(folder: &Path, files: &[EmittedFile]) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".eksnet-");
    permissions(&mut builder);
    // Its own error names the temporary directory, which nobody has asked for.
    let made = temporary_folder(|| {
        builder.tempdir_in(folder_of(folder)).map_err(|error| error.kind().into())
    })?;
    for file in files {
        let path = made.path().join(&file.path);
        fs::create_dir_all(folder_of(&path))?;
        fs::write(path, &file.text)?;
    }
    if folder.is_dir() {
        // A link to a directory stays one: what it leads to is empty, and is filled.
        let target = fs::canonicalize(folder)?;
        remove_empty(&target)?;
        return persist_folder(made, &target);
    }
    persist_folder(made, folder)
}

/// Removes a directory that has no file in it.
fn remove_empty(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        remove_empty(&entry?.path())?;
    }
    fs::remove_dir(folder)
}

/// The permissions that any new directory gets: a temporary one would be its owner's alone.
#[cfg(unix)]
fn permissions(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt as _;

    const NEW_FOLDER: u32 = 0o777;
    builder.permissions(fs::Permissions::from_mode(NEW_FOLDER));
}

#[cfg(not(unix))]
fn permissions(_: &mut tempfile::Builder<'_, '_>) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> EmittedFile {
        EmittedFile { path: path.to_owned(), text: text.to_owned() }
    }

    fn names(folder: &Path) -> Vec<String> {
        present(folder).unwrap().into_keys().collect()
    }

    #[test]
    fn a_new_directory_has_all_files_and_nothing_is_beside_it() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("new");
        let files = [file("RUNBOOK.md", "a"), file("terraform/eks.tf", "b")];
        assert!(emit(&folder, &files, false).unwrap().is_empty());
        assert_eq!(names(scratch.path()), ["new/RUNBOOK.md", "new/terraform/eks.tf"]);
        assert_eq!(fs::read_to_string(folder.join("terraform/eks.tf")).unwrap(), "b");
        // The same once more is nothing new.
        assert!(emit(&folder, &files, false).unwrap().is_empty());
    }

    #[test]
    fn an_empty_directory_is_filled() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("empty");
        fs::create_dir_all(folder.join("terraform")).unwrap();
        emit(&folder, &[file("a", "1")], false).unwrap();
        assert_eq!(names(scratch.path()), ["empty/a"]);
    }

    #[test]
    fn other_content_is_left_alone_unless_forced() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path();
        fs::write(folder.join("a"), "mine").unwrap();
        let files = [file("a", "1"), file("b", "2")];
        let failure = emit(folder, &files, false).unwrap_err();
        assert!(failure.message().contains("has other content: a"), "{}", failure.message());
        assert_eq!(
            (names(folder), fs::read(folder.join("a")).unwrap()),
            (vec!["a".into()], b"mine".into())
        );
        fs::write(folder.join("terraform.tfstate"), "").unwrap();
        assert_eq!(emit(folder, &files, true).unwrap(), ["terraform.tfstate"]);
        assert_eq!(fs::read(folder.join("a")).unwrap(), b"1");
        // What somebody else put there is other content too.
        let failure = emit(folder, &files, false).unwrap_err();
        assert!(failure.message().contains("terraform.tfstate"), "{}", failure.message());
    }

    #[test]
    fn a_file_is_no_directory() {
        let scratch = tempfile::NamedTempFile::new().unwrap();
        assert!(emit(scratch.path(), &[file("a", "1")], true).is_err());
        assert!(emit(&scratch.path().join("below"), &[file("a", "1")], true).is_err());
    }
}
