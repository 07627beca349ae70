//! scripts/ci/install.sh: a release is downloaded and checked, from a server on this machine, and
//! nothing unchecked is ever run.
#![cfg(unix)]

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::Command,
    thread,
};

use crate::{
    ci_scripts::{BINARY, Ended, Job, action, root},
    packaging::{packaging, targets},
};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const INSTALL: &str = "bash scripts/ci/install.sh";

/// A script in the job's tools, which stand first on its path.
fn tool(job: &Job, name: &str, text: &str) {
    let tools = job.path("tools");
    fs::create_dir_all(&tools).unwrap();
    fs::write(tools.join(name), format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(tools.join(name), fs::Permissions::from_mode(0o755)).unwrap();
}

/// The job's path, with its tools.
fn path(job: &Job) -> String {
    format!("{}:{}", job.path("tools").display(), std::env::var("PATH").unwrap())
}

/// A released archive in `releases/vVERSION`, with a program that says which target it is of.
fn release(job: &Job, version: &str, target: &str) {
    let name = format!("eksnet-{version}-{target}");
    let directory = job.path("releases").join(format!("v{version}"));
    let program = directory.join(&name).join("eksnet");
    fs::create_dir_all(program.parent().unwrap()).unwrap();
    // Asked for its version it names itself; anything else the program of this build does.
    let text = format!(
        "#!/bin/sh\nif [ \"$1\" = --version ]; then echo eksnet {version} {target}; else exec '{BINARY}' \"$@\"; fi\n"
    );
    fs::write(&program, text).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let archive = directory.join(format!("{name}.tar.gz"));
    let packed =
        Command::new("tar").arg("-czf").arg(&archive).arg("-C").arg(&directory).arg(&name).status();
    assert!(packed.unwrap().success());
    packaging("pack", &["sums", directory.to_str().unwrap()]).unwrap();
}

/// The target of this machine, as packaging/targets has it.
fn own_target() -> String {
    let text = |flag| {
        let output = Command::new("uname").arg(flag).output().unwrap().stdout;
        String::from_utf8(output).unwrap().trim().to_lowercase()
    };
    let (system, arch) = (text("-s"), text("-m"));
    let arch = match arch.as_str() {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let mut rows = targets().into_iter();
    let own =
        rows.find(|row| row.purpose == "managers" && row.system == system && row.arch == arch);
    own.unwrap().triple
}

/// A job with a Cargo.toml of this version, as a clone has it.
fn job(name: &str) -> Job {
    let job = Job::new(name);
    fs::copy(root().join("Cargo.toml"), job.path("Cargo.toml")).unwrap();
    fs::write(job.path("outputs"), "").unwrap();
    job
}

/// Serves a directory over HTTP for as long as the test runs; what is not there is 404.
fn serve(directory: &Path) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let directory = directory.to_owned();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let asked = lines.next().unwrap().unwrap();
            while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            let path = asked.split(' ').nth(1).unwrap().trim_start_matches('/');
            let (status, body) = match fs::read(directory.join(path)) {
                Ok(body) => ("200 OK", body),
                Err(_) => ("404 Not Found", Vec::new()),
            };
            let length = body.len();
            write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            )
            .unwrap();
            stream.write_all(&body).unwrap();
        }
    });
    format!("http://{address}")
}

fn install(job: &Job, set: &[(&str, &str)]) -> Ended {
    let outputs = job.path("outputs");
    let always = [("GITHUB_OUTPUT", outputs.to_str().unwrap())];
    job.run(INSTALL, &[&always, set].concat())
}

#[test]
fn a_release_is_downloaded_checked_and_run() {
    let job = job("install-download");
    let target = own_target();
    release(&job, VERSION, &target);
    release(&job, "9.8.7", &target);
    let server = serve(&job.path("releases"));
    let releases = ("EKSNET_RELEASES", server.as_str());

    let ended = install(&job, &[releases]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(ended.stdout, format!("eksnet {VERSION} {target}\n"));
    let binary = job.outputs()["binary"].clone();
    assert!(Path::new(&binary).exists());

    // Another version, with or without its v, to a directory of one's own.
    for version in ["9.8.7", "v9.8.7"] {
        let set = [releases, ("EKSNET_VERSION", version), ("EKSNET_DIRECTORY", "bin")];
        let ended = install(&job, &set);
        assert_eq!(ended.stdout, format!("eksnet 9.8.7 {target}\n"), "{}", ended.stderr);
        assert!(job.path("bin/eksnet").exists());
    }

    // The action: the whole way, without cargo.
    tool(&job, "cargo", "echo cargo was called >&2; exit 1");
    let path = path(&job);
    let given = [("releases", server.as_str()), ("from", "examples/vpc-prod")];
    let (code, outputs) = action(&job, &given, &[("PATH", &path)]);
    assert_eq!((code, &*outputs["exit-code"]), (1, "1"));
}

#[test]
fn each_system_gets_the_archive_of_the_one_list() {
    let job = job("install-systems");
    let url = format!("file://{}", job.path("releases").display());
    for row in targets().into_iter().filter(|row| row.purpose == "managers") {
        release(&job, VERSION, &row.triple);
        let systems = if row.system == "darwin" { "Darwin" } else { "Linux" };
        let machines: &[&str] = match (row.arch.as_str(), row.system.as_str()) {
            ("amd64", _) => &["x86_64", "amd64"],
            (_, "darwin") => &["arm64"],
            _ => &["aarch64", "arm64"],
        };
        for machine in machines {
            let text = format!("case $1 in -s) echo {systems} ;; -m) echo {machine} ;; esac");
            tool(&job, "uname", &text);
            let ended = install(&job, &[("EKSNET_RELEASES", &url), ("PATH", &path(&job))]);
            assert_eq!(
                ended.stdout,
                format!("eksnet {VERSION} {}\n", row.triple),
                "{}",
                ended.stderr
            );
        }
    }
    for (system, machine) in [("Linux", "riscv64"), ("MINGW64_NT-10.0", "x86_64")] {
        let text = format!("case $1 in -s) echo {system} ;; -m) echo {machine} ;; esac");
        tool(&job, "uname", &text);
        let ended = install(&job, &[("EKSNET_RELEASES", &url), ("PATH", &path(&job))]);
        assert_eq!(ended.code, 3);
        let says =
            format!("error: there is no release for {system} on {machine}\nhint: set EKSNET_BUILD");
        assert!(ended.stderr.starts_with(&says), "{}", ended.stderr);
    }
}

#[test]
fn what_is_not_the_released_file_is_not_run() {
    let target = own_target();
    let name = format!("eksnet-{VERSION}-{target}.tar.gz");
    for (case, sums) in [
        ("other", format!("{}  {name}\n", "0".repeat(64))),
        ("absent", format!("{}  {name}.sig\n", "0".repeat(64))),
        ("empty", String::new()),
    ] {
        let job = job(&format!("install-{case}"));
        release(&job, VERSION, &target);
        fs::write(job.path(&format!("releases/v{VERSION}/SHA256SUMS")), sums).unwrap();
        fs::create_dir_all(job.path("tmp")).unwrap();
        let url = format!("file://{}", job.path("releases").display());
        let ended = install(&job, &[("EKSNET_RELEASES", &url), ("RUNNER_TEMP", "tmp")]);
        assert_eq!((ended.code, ended.stdout.as_str()), (3, ""), "{case}: {}", ended.stderr);
        let says = format!("error: {name} is not the released file: SHA-256 ");
        assert!(ended.stderr.starts_with(&says), "{case}: {}", ended.stderr);
        assert!(ended.stderr.contains("\nhint: do not use it"), "{case}: {}", ended.stderr);
        assert!(job.outputs().is_empty());
        assert_eq!(fs::read_dir(job.path("tmp")).unwrap().count(), 0, "{case}");
        // The action stops there: no report, no success.
        let given =
            [("releases", url.as_str()), ("from", "examples/vpc-prod"), ("fail-on", "never")];
        let (code, outputs) = action(&job, &given, &[]);
        assert_eq!((code, outputs["exit-code"].as_str()), (3, ""));
        assert!(!job.path("eksnet-reports").exists());
    }
}

#[test]
fn a_release_that_is_not_there_is_said_with_what_to_do() {
    let job = job("install-missing");
    fs::create_dir_all(job.path("releases")).unwrap();
    let server = serve(&job.path("releases"));
    // Nothing listens on the address of a server that has ended.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let closed = format!("http://{closed}");
    for url in [&server, &closed] {
        let ended = install(&job, &[("EKSNET_RELEASES", url)]);
        assert_eq!(ended.code, 3, "{}", ended.stderr);
        let says =
            format!("error: cannot download {url}/v{VERSION}/SHA256SUMS\nhint: check that version");
        assert!(ended.stderr.contains(&says), "{}", ended.stderr);
        assert!(ended.stderr.contains("(input build) to true"), "{}", ended.stderr);
    }
    let cases: &[(&[(&str, &str)], &str)] = &[
        (
            &[("EKSNET_VERSION", "../../x")],
            "error: EKSNET_VERSION: `../../x` is not a version\nhint: ",
        ),
        (
            &[("EKSNET_BUILD", "yes")],
            "error: EKSNET_BUILD: `yes` is neither true nor false\nhint: ",
        ),
    ];
    for (set, says) in cases {
        let ended = install(&job, set);
        assert_eq!(ended.code, 2, "{}", ended.stderr);
        assert!(ended.stderr.starts_with(says), "{}", ended.stderr);
    }
    // Copied to another project, the script has no version of its own.
    fs::write(job.path("Cargo.toml"), "[package]\nname = \"other\"\nversion = \"1.0.0\"\n")
        .unwrap();
    let ended = install(&job, &[("EKSNET_RELEASES", &server)]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.starts_with("error: no version: "), "{}", ended.stderr);
}

#[test]
fn it_is_built_only_where_that_is_asked_for() {
    let job = job("install-build");
    // A Cargo that says what it was asked, and installs the program of this build.
    let cargo = format!(
        "echo \"$@\" >>\"$HOME/asked\"\nmkdir -p \"$HOME/.cargo/bin\"\nln -sf '{BINARY}' \"$HOME/.cargo/bin/eksnet\""
    );
    tool(&job, "cargo", &cargo);
    let path = path(&job);
    let also = [("PATH", path.as_str())];
    let (from, build) = (("from", "examples/vpc-prod"), ("build", "true"));
    assert_eq!(action(&job, &[from, build, ("version", "0.1.0")], &also).0, 1);
    assert_eq!(action(&job, &[from, build, ("fail-on", "never")], &also).0, 0);
    // A program that is given comes first.
    assert_eq!(action(&job, &[from, build, ("binary", BINARY)], &also).0, 1);
    let own = format!("install --path {} --locked", root().display());
    // crates.io may have a program of the same name, of somebody else.
    let released = "install --git https://github.com/eksnet/eksnet --tag v0.1.0 --locked eksnet";
    assert_eq!(job.text("asked"), format!("{released}\n{own}\n"));
}
