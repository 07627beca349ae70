//! A directory of files: written whole or not at all where there is none; what stands in one that is there is
//! left alone, unless asked otherwise.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    command::{
        Failure,
        interrupted::{persist_folder, temporary_folder},
        output::write_file,
        target::folder_of,
    },
    render::files::EmittedFile,
};

/// Writes files into a directory, for what stands in it besides: paths of files that are not among them.
///
/// # Errors
/// When a file is there with other content and may not be replaced, or something cannot be written.
pub(super) fn write_folder(
    folder: &Path,
    files: &[EmittedFile],
    is_forced: bool,
) -> Result<Vec<String>, Failure> {
    let failed = |error: io::Error| Failure::writing(folder, &error);
    match fs::metadata(folder) {
        Ok(there) if !there.is_dir() => {
            let what = format!("--emit {} is a file", folder.display());
            return Err(Failure::usage(what, "pass the name of a directory"));
        }
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder_of(folder)).map_err(failed)?;
            return whole(folder, files).map(|()| Vec::new()).map_err(failed);
        }
        Err(error) => return Err(failed(error)),
    }
    let mut present = present(folder).map_err(failed)?;
    let is_other = |file: &&EmittedFile| {
        let path = present.get(&file.path);
        path.is_some_and(|path| fs::read(path).ok().as_deref() != Some(file.text.as_bytes()))
    };
    if let Some(file) = files.iter().find(is_other).filter(|_| !is_forced) {
        return Err(Failure::usage(
            format!(
                "--emit would replace {}, which is not the same",
                folder.join(&file.path).display()
            ),
            "use another directory, or add --force to replace the files of an earlier plan",
        ));
    }
    // What says how to use the others comes last.
    let (runbook, rest): (Vec<_>, Vec<_>) =
        files.iter().partition(|file| file.path == "RUNBOOK.md");
    for file in rest.into_iter().chain(runbook) {
        let path = folder.join(&file.path);
        fs::create_dir_all(folder_of(&path)).map_err(|error| Failure::writing(&path, &error))?;
        write_file(&path, |out| out.write_all(file.text.as_bytes()))?;
        present.remove(&file.path);
    }
    Ok(present.into_keys().collect())
}

/// The files below a directory, by their paths in it with `/` between names. A link is one file; what is hidden is
/// nobody's plan.
fn present(folder: &Path) -> io::Result<BTreeMap<String, PathBuf>> {
    let mut files = BTreeMap::new();
    let mut open = vec![(String::new(), folder.to_owned())];
    while let Some((prefix, folder)) = open.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if entry.file_type()?.is_dir() {
                open.push((format!("{path}/"), entry.path()));
            } else {
                files.insert(path, entry.path());
            }
        }
    }
    Ok(files)
}

/// Makes a directory that is not there: beside its place, then renamed.
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
    persist_folder(made, folder)
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
        assert!(write_folder(&folder, &files, false).unwrap().is_empty());
        assert_eq!(names(scratch.path()), ["new/RUNBOOK.md", "new/terraform/eks.tf"]);
        assert_eq!(fs::read_to_string(folder.join("terraform/eks.tf")).unwrap(), "b");
        // The same once more is nothing new.
        assert!(write_folder(&folder, &files, false).unwrap().is_empty());
    }

    #[test]
    fn an_empty_directory_is_filled() {
        let scratch = tempfile::tempdir().unwrap();
        fs::create_dir_all(scratch.path().join("terraform")).unwrap();
        fs::create_dir_all(scratch.path().join(".git")).unwrap();
        assert!(write_folder(scratch.path(), &[file("a", "1")], false).unwrap().is_empty());
        assert_eq!(names(scratch.path()), ["a"]);
    }

    #[test]
    fn what_was_changed_is_left_alone_unless_forced() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path();
        fs::write(folder.join("b"), "mine").unwrap();
        fs::write(folder.join("terraform.tfstate"), "").unwrap();
        let files = [file("a", "1"), file("b", "2")];
        let failure = write_folder(folder, &files, false).unwrap_err();
        assert!(failure.message().contains("would replace "), "{}", failure.message());
        assert_eq!(names(folder), ["b", "terraform.tfstate"]);
        assert_eq!(fs::read(folder.join("b")).unwrap(), b"mine");
        assert_eq!(write_folder(folder, &files, true).unwrap(), ["terraform.tfstate"]);
        assert_eq!(fs::read(folder.join("b")).unwrap(), b"2");
        // The same once more is no change.
        assert_eq!(write_folder(folder, &files, false).unwrap(), ["terraform.tfstate"]);
    }

    #[test]
    fn a_file_is_no_directory() {
        let scratch = tempfile::NamedTempFile::new().unwrap();
        assert!(write_folder(scratch.path(), &[file("a", "1")], true).is_err());
        assert!(write_folder(&scratch.path().join("below"), &[file("a", "1")], true).is_err());
    }
}
