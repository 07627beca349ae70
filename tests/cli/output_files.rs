//! Where output goes: files are replaced whole or not at all, streams are written, and nothing is lost.
#![cfg(unix)]

use std::{
    fs::{self, OpenOptions, Permissions},
    io::Write as _,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    program::with_signals,
    run::{command, eksnet, ended, example, root, scratch},
};

const TYPES: [&str; 4] = ["maxpods", "m5.large", "-o", "plain"];

/// `maxpods` with its output at a path.
fn to(path: &Path) -> Command {
    let mut command = command(&TYPES);
    command.arg("--output-file").arg(path);
    command
}

fn names(folder: &Path) -> Vec<String> {
    let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| name(entry.unwrap())).collect();
    names.sort();
    names
}

/// A log that a shell has opened with `>>` keeps what it has.
#[test]
fn an_open_file_is_written_and_not_replaced() {
    let folder = scratch("log");
    let log = folder.join("log");
    for path in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "-", "/dev/stderr", "/dev/fd/2"] {
        fs::write(&log, "before\n").unwrap();
        let file = || OpenOptions::new().append(true).open(&log).unwrap();
        let mut run = to(Path::new(path));
        let status = run.stdout(file()).stderr(file()).status().unwrap();
        assert_eq!(status.code(), Some(0), "{path}");
        assert_eq!(fs::read_to_string(&log).unwrap(), "before\n29\n", "{path}");
    }
    // A link to it is one, too.
    let link = folder.join("link");
    symlink("/dev/stdout", &link).unwrap();
    fs::write(&log, "before\n").unwrap();
    let file = OpenOptions::new().append(true).open(&log).unwrap();
    assert!(to(&link).stdout(file).status().unwrap().success());
    assert_eq!(fs::read_to_string(&log).unwrap(), "before\n29\n");
    assert_eq!(names(&folder), ["link", "log"]);
}

/// What a shell makes of `>(…)` and of `3>>`.
#[test]
fn a_further_open_file_is_written() {
    let folder = scratch("further");
    let (log, piped) = (folder.join("log"), folder.join("piped"));
    fs::write(&log, "before\n").unwrap();
    let script = r#"
        "$0" maxpods m5.large -o plain --output-file /dev/fd/3 3>>"$1" &&
        "$0" maxpods m5.large -o plain --output-file >(cat >"$2")"#;
    let mut bash = Command::new("bash");
    let status =
        bash.args(["-c", script, env!("CARGO_BIN_EXE_eksnet")]).arg(&log).arg(&piped).status();
    assert!(status.unwrap().success());
    assert_eq!(fs::read_to_string(&log).unwrap(), "before\n29\n");
    let began = Instant::now();
    while fs::read_to_string(&piped).unwrap_or_default() != "29\n" {
        assert!(began.elapsed() < Duration::from_secs(20), "nothing came out of the pipe");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_fifo_is_written() {
    let folder = scratch("fifo");
    let fifo = folder.join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let reader = {
        let fifo = fifo.clone();
        thread::spawn(move || fs::read_to_string(fifo).unwrap())
    };
    assert_eq!(ended(to(&fifo).output().unwrap()).0, Some(0));
    assert_eq!(reader.join().unwrap(), "29\n");
    assert_eq!(names(&folder), ["fifo"]);
}

/// The link stays and what it leads to is replaced, whether it was there before or not.
#[test]
fn links_are_followed() {
    let folder = scratch("links");
    fs::create_dir(folder.join("real")).unwrap();
    let (link, chain) = (folder.join("link"), folder.join("chain"));
    symlink("real/file", &link).unwrap();
    symlink("link", &chain).unwrap();
    for before in [None, Some("before")] {
        if let Some(before) = before {
            fs::write(folder.join("real/file"), before).unwrap();
        }
        assert_eq!(ended(to(&chain).output().unwrap()).0, Some(0));
        assert_eq!(fs::read_to_string(folder.join("real/file")).unwrap(), "29\n");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(fs::symlink_metadata(&chain).unwrap().is_symlink());
    }
    let around = folder.join("around");
    symlink("around", &around).unwrap();
    let (code, _, stderr) = ended(to(&around).output().unwrap());
    assert_eq!(code, Some(3), "{stderr}");
    assert!(stderr.contains("links"), "{stderr}");
}

#[test]
fn what_cannot_be_written_is_said_before_anything_is_read() {
    let folder = scratch("refused");
    let protected = folder.join("protected");
    fs::write(&protected, "before").unwrap();
    fs::set_permissions(&protected, Permissions::from_mode(0o444)).unwrap();
    let sub = folder.join("sub");
    fs::create_dir(&sub).unwrap();
    for (path, code, says) in [
        (protected.clone(), 3, "read-only"),
        (sub.clone(), 2, "the path is a directory"),
        (folder.join("none/file"), 2, "does not exist"),
        (protected.join("file"), 2, "cannot write"),
    ] {
        for flag in ["--output-file", "--save", "--write-baseline"] {
            let mut run = command(&["audit", "--from", "/nonexistent", flag]);
            let (got, stdout, stderr) = ended(run.arg(&path).output().unwrap());
            assert_eq!((got, stdout.as_str()), (Some(code), ""), "{flag}: {stderr}");
            assert!(stderr.contains(says), "{flag}: {stderr}");
        }
    }
    assert_eq!(fs::read_to_string(&protected).unwrap(), "before");
    assert_eq!(names(&folder), ["protected", "sub"]);
}

#[test]
fn the_mode_of_a_file_stays() {
    let folder = scratch("mode");
    let file = folder.join("file");
    fs::write(&file, "before").unwrap();
    for mode in [0o600, 0o640, 0o755] {
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        assert_eq!(ended(to(&file).output().unwrap()).0, Some(0));
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, mode);
    }
}

#[test]
fn one_file_is_not_written_twice_nor_over_what_is_read() {
    let folder = scratch("same");
    let (file, link) = (folder.join("a.json"), folder.join("b.json"));
    symlink("a.json", &link).unwrap();
    let (example, file, link) = (example(), file.to_str().unwrap(), link.to_str().unwrap());
    let audit = ["audit", "--from", example.to_str().unwrap()];
    let run = |more: &[&str]| eksnet(&[&audit, more].concat());
    let (code, _, stderr) = run(&["--save", file, "--output-file", link]);
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains("--save and --output-file name the same file"), "{stderr}");
    assert!(run(&["--save", file, "-q"]).0 == Some(1));
    let before = fs::read(file).unwrap();
    for run in [
        vec!["audit", "--from", link, "--output-file", file],
        vec!["audit", "--from", file, "--save", link],
        vec!["snapshot", "--from", file, "--output-file", file],
        vec!["diff", file, file, "--output-file", link],
        vec!["simulate", file, "--output-file", file],
        vec!["plan", file, "--output-file", file],
        vec!["plan", "--from", file, "--output-file", file],
        vec!["audit", "--from", "x", "--policy", file, "--output-file", file],
        vec!["node", "--trace", file, "--output-file", file],
        vec!["limits", "update", "--from", file, "--output-file", file],
    ] {
        let (code, _, stderr) = eksnet(&run);
        assert_eq!(code, Some(2), "{run:?}: {stderr}");
        assert!(stderr.contains("would overwrite"), "{run:?}: {stderr}");
    }
    assert!(fs::read(file).unwrap() == before);
    // Nothing is lost in a device.
    assert_eq!(run(&["--save", "/dev/null", "--output-file", "/dev/null"]).0, Some(1));
    // What is brought up to date is read and written.
    let known = folder.join("known.json");
    let known = known.to_str().unwrap();
    assert_eq!(run(&["-q", "--write-baseline", known]).0, Some(1));
    assert_eq!(run(&["-q", "--baseline", known, "--write-baseline", known]).0, Some(0));
}

/// A file of a folder that is read is an input like one that is named, by whatever name it goes.
#[test]
fn what_is_read_of_a_folder_is_not_replaced() {
    let folder = scratch("inputs");
    let (answers, days) = (folder.join("answers"), folder.join("days"));
    fs::create_dir_all(answers.join("kubernetes")).unwrap();
    fs::create_dir(&days).unwrap();
    for file in ["subnets.json", "kubernetes/nodes.json"] {
        fs::copy(example().join(file), answers.join(file)).unwrap();
    }
    let (link, hard) = (folder.join("link.json"), folder.join("hard.json"));
    symlink(answers.join("subnets.json"), &link).unwrap();
    fs::hard_link(answers.join("subnets.json"), &hard).unwrap();
    let policy = folder.join(".eksnet.yaml");
    fs::write(&policy, "version: 1\n").unwrap();
    let run = |more: &[&str], path: &Path| {
        let mut run = command(&["audit", "--from", "answers", "-q"]);
        ended(run.current_dir(&folder).args(more).arg(path).output().unwrap())
    };
    let day = days.join("monday.json");
    assert_eq!(run(&["--save"], &day).0, Some(4));
    let report = days.join("report.json");
    let again = ["--history", "days", "--output-file"];
    let before = fs::read(&link).unwrap();
    for (more, path, of) in [
        (&["--output-file"][..], &answers.join("subnets.json"), "--from"),
        (&["--output-file"], &answers.join("kubernetes/nodes.json"), "--from"),
        (&["--output-file"], &link, "--from"),
        (&["--output-file"], &hard, "--from"),
        (&["--write-baseline"], &hard, "--from"),
        (&["--save"], &link, "--from"),
        (&["--output-file"], &policy, "--policy"),
        (&again, &day, "--history"),
        (&["--history", "days", "--write-baseline"], &day, "--history"),
    ] {
        let (code, stdout, stderr) = run(more, path);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{more:?} {path:?}: {stderr}");
        let says = format!("would overwrite {}, which {of} reads", path.display());
        assert!(stderr.contains(&says), "{stderr}");
    }
    assert!(fs::read(&link).unwrap() == before);
    // What nobody reads is written, and written again.
    let (saved, table) = (answers.join("saved.json"), answers.join("table.txt"));
    for _ in 0..2 {
        for (more, path) in [
            (&["--save"][..], &saved),
            (&["-o", "json", "--output-file"], &answers.join("report.json")),
            (&["--output-file"], &table),
            (&["--history", "days", "--save"], &day),
            (&["--history", "days", "-o", "json", "--output-file"], &report),
        ] {
            let (code, _, stderr) = run(more, path);
            assert_eq!(code, Some(4), "{more:?} {path:?}: {stderr}");
        }
    }
}

/// A full disk is no success, in whatever way the output gets there.
#[test]
fn a_full_disk_is_an_error() {
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    let example = example();
    let from = example.to_str().unwrap();
    for arguments in [
        vec!["maxpods", "--all"],
        vec!["maxpods", "m5.large", "-o", "plain"],
        vec!["audit", "--from", from, "-o", "json"],
        vec!["audit", "--from", from, "-o", "html"],
        vec!["audit", "--from", from, "-o", "junit"],
        vec!["audit", "--from", from, "-o", "csv"],
        vec!["snapshot", "--from", from],
        vec!["generate", "man"],
        vec!["iam-policy"],
        vec!["--help"],
        vec!["--version"],
    ] {
        let (code, _, stderr) = ended(command(&arguments).stdout(full()).output().unwrap());
        assert_eq!(code, Some(3), "{arguments:?}: {stderr}");
        assert!(stderr.contains("error: cannot write stdout"), "{arguments:?}: {stderr}");
    }
    let (code, _, stderr) = ended(to(Path::new("/dev/full")).output().unwrap());
    assert_eq!(code, Some(3), "{stderr}");
    let save = ["audit", "--from", from, "--save", "/dev/full"];
    assert_eq!(eksnet(&save).0, Some(3));
}

/// A program that ends with its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = self.0.kill().and_then(|()| self.0.wait());
    }
}

/// What comes within twenty seconds.
fn within<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{what} were received");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Signals end the run as they would any other, and no temporary file stays.
#[test]
fn a_signal_leaves_nothing_half_written() {
    let folder = scratch("signals");
    let file = folder.join("file");
    let trace = fs::read_to_string(root().join("tests/golden/ipamd_traces.jsonl")).unwrap();
    let line = trace.lines().next().unwrap();
    for (signal, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
        for before in [None, Some("before")] {
            let _gone = fs::remove_file(&file);
            if let Some(before) = before {
                fs::write(&file, before).unwrap();
            }
            // A shell's job in the background would ignore SIGINT, and so would its children.
            let mut run = with_signals(&["node", "--trace", "-", "--output-file"]);
            run.arg(&file);
            let mut child = Running(run.stdin(Stdio::piped()).spawn().unwrap());
            let mut input = child.0.stdin.take().unwrap();
            writeln!(input, "{line}").unwrap();
            let is_there = |name: &String| name.starts_with(".eksnet-");
            within("a temporary file", || names(&folder).iter().any(is_there).then_some(()));
            let kill =
                Command::new("kill").args(["-s", signal, &child.0.id().to_string()]).status();
            assert!(kill.unwrap().success());
            let status = within("an end", || child.0.try_wait().unwrap());
            let ended_by = std::os::unix::process::ExitStatusExt::signal(&status);
            assert_eq!(ended_by, Some(number), "{signal}");
            let left = before.map(|_| "file".to_owned());
            assert_eq!(names(&folder), Vec::from_iter(left), "{signal}");
            if before.is_some() {
                assert_eq!(fs::read_to_string(&file).unwrap(), "before");
            }
        }
    }
}

/// Under nohup the end of a session ends nothing.
#[test]
fn a_signal_that_is_ignored_stays_so() {
    let folder = scratch("nohup");
    let file = folder.join("file");
    let script = r#"trap '' HUP; exec "$@""#;
    let mut run = Command::new("sh");
    run.args(["-c", script, "sh", env!("CARGO_BIN_EXE_eksnet"), "node", "--trace", "-"]);
    let mut child = run.arg("--output-file").arg(&file).stdin(Stdio::piped()).spawn().unwrap();
    let began = Instant::now();
    while names(&folder).is_empty() {
        assert!(began.elapsed() < Duration::from_secs(20), "no temporary file");
        thread::sleep(Duration::from_millis(5));
    }
    let kill = Command::new("kill").args(["-s", "HUP", &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    thread::sleep(Duration::from_millis(100));
    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(names(&folder), ["file"]);
}

/// Where the rows go to a file, stderr has the line that names it and not each finding; what is not
/// available is said all the same.
#[test]
fn a_file_of_rows_is_told_in_a_line() {
    let file = scratch("told").join("subnets.csv");
    for format in ["csv", "openmetrics"] {
        let from = root().join("examples/vpc-prod");
        let mut run = command(&["audit", "--from", from.to_str().unwrap(), "-o", format]);
        let (_, _, stderr) = ended(run.arg("--output-file").arg(&file).output().unwrap());
        let told =
            |line: &&str| !line.starts_with("note: ") && !line.starts_with("not available: ");
        let lines: Vec<&str> = stderr.lines().filter(told).collect();
        assert_eq!(lines.len(), 1, "{stderr}");
        assert!(lines[0].starts_with("wrote "), "{stderr}");
    }
    let from = root().join("examples/vpc-prod");
    let (_, _, stderr) =
        ended(command(&["audit", "--from", from.to_str().unwrap(), "-o", "csv"]).output().unwrap());
    assert!(stderr.contains("prefix-starved"), "{stderr}");
}
