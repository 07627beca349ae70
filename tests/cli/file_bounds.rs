//! Files without an end, of a wrong kind or made to hurt: a plain refusal, soon, and with little memory.
#![cfg(unix)]

use std::{
    fs::{self, File},
    os::unix::{fs::symlink, net::UnixListener},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::run::{command, eksnet, ended, example, fed, scratch};

/// What any of these runs may take, on a machine that has much else to do.
const SOON: Duration = Duration::from_mins(1);

/// Every flag and argument that reads a file, before the file's path.
const READERS: [&[&str]; 17] = [
    &["audit", "--from", "EXAMPLE", "--policy"],
    &["audit", "--from", "EXAMPLE", "--baseline"],
    &["audit", "--from", "EXAMPLE", "--limits"],
    &["audit", "--from"],
    &["snapshot", "--from"],
    &["simulate"],
    &["simulate", "--from"],
    &["simulate", "x", "--limits"],
    &["plan"],
    &["plan", "--from"],
    &["plan", "x", "--limits"],
    &["maxpods", "m5.large", "--limits"],
    &["node", "m5.large", "--limits"],
    &["node", "--trace"],
    &["limits", "list", "--limits"],
    &["limits", "verify", "--from"],
    &["diff", "EXAMPLE"],
];

/// Runs a reader on a file with memory for no more than a gibibyte.
fn read(reader: &[&str], path: &str) -> (Option<i32>, String) {
    let example = example();
    let words = reader.iter().map(|word| match *word {
        "EXAMPLE" => example.to_str().unwrap(),
        word => word,
    });
    let mut run = Command::new("sh");
    run.args(["-c", "ulimit -v 1048576; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_eksnet")]);
    run.args(words).arg(path).env_clear().env("AWS_EC2_METADATA_DISABLED", "true");
    run.stdin(Stdio::null());
    let began = Instant::now();
    let (code, stdout, stderr) = ended(run.output().unwrap());
    assert!(began.elapsed() < SOON, "{reader:?} {path}: {:?}", began.elapsed());
    assert_eq!(stdout, "", "{reader:?} {path}");
    (code, stderr)
}

#[test]
fn an_endless_file_ends() {
    let folder = scratch("endless");
    let sparse = folder.join("sparse.json");
    File::create(&sparse).unwrap().set_len(10 << 30).unwrap();
    for reader in READERS {
        for path in ["/dev/zero", sparse.to_str().unwrap()] {
            let (code, stderr) = read(reader, path);
            assert_eq!(code, Some(2), "{reader:?} {path}: {stderr}");
            assert!(stderr.contains(path) && stderr.contains("hint: "), "{reader:?}: {stderr}");
        }
    }
    let (code, stderr) = read(READERS[0], sparse.to_str().unwrap());
    assert_eq!(code, Some(2));
    assert!(stderr.contains("larger than 16777216 bytes, the limit for a policy"), "{stderr}");
}

/// A single value that never ends, and an endless stdin.
#[test]
fn an_endless_stream_ends() {
    let endless = |script: &str, arguments: &[&str]| {
        let script = format!("ulimit -v 1048576; {{ {script}; }} 2>/dev/null | \"$@\"");
        let mut run = Command::new("bash");
        run.args(["-c", &script, "bash", env!("CARGO_BIN_EXE_eksnet")]).args(arguments);
        run.env_clear().env("PATH", std::env::var_os("PATH").unwrap());
        let began = Instant::now();
        let (code, _, stderr) = ended(run.output().unwrap());
        assert!(began.elapsed() < SOON, "{arguments:?}: {:?}", began.elapsed());
        assert_eq!(code, Some(2), "{arguments:?}: {stderr}");
        stderr
    };
    let letters = "yes xxxxxxxxxxxxxxx | tr -d '\\n'";
    let value = format!("printf '{{\"Subnets\": [\"'; {letters}");
    let stderr = endless(&value, &["audit", "--from", "-"]);
    assert!(stderr.contains("a single value is larger than 128 MiB"), "{stderr}");
    let stderr = endless(letters, &["node", "--trace", "-"]);
    assert!(stderr.contains("line 1: the line is longer than 16777216 bytes"), "{stderr}");
    for arguments in [["simulate", "-"], ["audit", "--from"]] {
        let more: &[&str] = if arguments[0] == "audit" { &["x", "--policy", "-"] } else { &[] };
        let stderr = endless("yes 'version: 1 #'", &[&arguments[..], more].concat());
        assert!(stderr.contains("larger than 16777216 bytes"), "{stderr}");
    }
}

#[test]
fn what_is_no_file_is_said() {
    let folder = scratch("no-file");
    let (around, socket) = (folder.join("around.json"), folder.join("socket.json"));
    symlink("around.json", &around).unwrap();
    let _listener = UnixListener::bind(&socket).unwrap();
    for reader in READERS {
        for path in [around.to_str().unwrap(), "/nonexistent/file"] {
            let (code, stderr) = read(reader, path);
            assert_eq!(code, Some(2), "{reader:?} {path}: {stderr}");
            assert!(stderr.contains("cannot read "), "{reader:?} {path}: {stderr}");
        }
        let (code, stderr) = read(reader, socket.to_str().unwrap());
        assert_eq!(code, Some(2), "{reader:?}: {stderr}");
        let takes_folders = reader.contains(&"--from") && !reader.contains(&"EXAMPLE");
        if !takes_folders || reader[0] == "limits" {
            let (code, stderr) = read(reader, folder.to_str().unwrap());
            assert_eq!(code, Some(2), "{reader:?}: {stderr}");
        }
    }
}

fn copied_example(name: &str) -> std::path::PathBuf {
    let folder = scratch(name);
    for file in fs::read_dir(example()).unwrap() {
        let file = file.unwrap().path();
        if file.extension().is_some_and(|ending| ending == "json") {
            fs::copy(&file, folder.join(file.file_name().unwrap())).unwrap();
        }
    }
    folder
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Nobody writes to the pipe in the folder, and the run does not wait for it.
#[test]
fn pipes_and_devices_in_a_folder_are_not_opened() {
    let folder = copied_example("pipes");
    let (pipe, device) = (folder.join("pipe.json"), folder.join("device.json"));
    fifo(&pipe);
    symlink("/dev/zero", &device).unwrap();
    let _listener = UnixListener::bind(folder.join("socket.json")).unwrap();
    let history = scratch("history");
    fifo(&history.join("pipe.json"));
    let (from, history) = (folder.to_str().unwrap(), history.to_str().unwrap());
    let (code, stdout, stderr) = eksnet(&["audit", "--from", from, "--history", history]);
    assert_eq!(code, Some(4), "{stderr}");
    for name in ["pipe.json", "device.json", "socket.json"] {
        let said = format!("{name}: a pipe or a device, not a file; ignored");
        assert!(stderr.contains(&said), "{stderr}");
    }
    assert_eq!(stderr.matches("pipe.json").count(), 2, "{stderr}");
    assert!(stdout.contains("no file has a reading of these subnets"), "{stdout}");
}

/// One that is named itself is what `<(…)` of a shell makes.
#[test]
fn a_pipe_that_is_named_is_read() {
    let folder = scratch("named");
    let (snapshot, pipe) = (folder.join("snapshot.json"), folder.join("pipe"));
    let example = example();
    let from = example.to_str().unwrap();
    assert_eq!(
        eksnet(&["snapshot", "--from", from, "--save", snapshot.to_str().unwrap()]).0,
        Some(0)
    );
    let expected = eksnet(&["audit", "--from", snapshot.to_str().unwrap(), "-o", "json"]);
    fifo(&pipe);
    let copy = {
        let (snapshot, pipe) = (snapshot.clone(), pipe.clone());
        std::thread::spawn(move || fs::copy(snapshot, pipe).unwrap())
    };
    assert_eq!(eksnet(&["audit", "--from", pipe.to_str().unwrap(), "-o", "json"]), expected);
    copy.join().unwrap();
    let text = fs::read(&snapshot).unwrap();
    for name in ["-", "/dev/stdin", "/dev/fd/0"] {
        assert_eq!(
            fed(command(&["audit", "--from", name, "-o", "json"]), &text),
            expected,
            "{name}"
        );
    }
}

/// Text that is small and grows, or lies deep, when it is read.
#[test]
fn bombs_are_refused() {
    let folder = scratch("bombs");
    let bomb = |key: &str| {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let list = vec![format!("*a{}", level - 1); 10].join(", ");
            text +=
                &["a", &level.to_string(), ": &a", &level.to_string(), " [", &list, "]\n"].concat();
        }
        format!("version: 1\n{text}{key}: *a11\n")
    };
    let deep = |open: &str, close: &str| open.repeat(100_000) + &close.repeat(100_000);
    let texts = [
        ("bomb.yaml", bomb("ignore")),
        ("bomb-answer.yaml", format!("apiVersion: v1\nkind: List\n{}", bomb("items"))),
        ("list.json", deep("[", "]")),
        ("object.json", deep("{\"a\":", "}")),
        ("inside.json", format!("{{\"Subnets\": {}}}", deep("[", "]"))),
        ("kubectl.json", format!("{{\"kind\": \"List\", \"items\": [{}]}}", deep("{\"a\":", "}"))),
        (
            "snapshot.json",
            format!("{{\"schema\": \"eksnet.snapshot/v1\", \"inventory\": {}}}", deep("[", "]")),
        ),
        ("deep.yaml", format!("version: 1\nignore: {}", deep("[", "]"))),
        ("block.yaml", (0..3000).map(|level| " ".repeat(level) + "a:\n").collect()),
        ("case.json", format!("{{\"case\": \"a\", \"input\": {}}}", deep("[", "]"))),
    ];
    for (name, text) in &texts {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        for reader in [READERS[0], READERS[1], READERS[2], READERS[3], READERS[5], READERS[10]] {
            let (code, stderr) = read(reader, path.to_str().unwrap());
            assert_eq!(code, Some(2), "{reader:?} {name}: {stderr}");
            assert!(stderr.len() < 4000, "{reader:?} {name}: {stderr}");
        }
    }
}

/// A network of the largest size with many reservations costs their sum and not their product.
#[test]
fn many_reservations_of_a_large_network_are_counted_soon() {
    let folder = scratch("large");
    let reservations: Vec<String> = (0..10_000_u32)
        .map(|at| {
            let (b, c, d) = (at / 4096 + 1, at / 16 % 256, at % 16 * 16);
            let kind = if at % 2 == 0 { "prefix" } else { "explicit" };
            format!(
                r#"{{"SubnetId": "subnet-1", "Cidr": "10.{b}.{c}.{d}/28", "ReservationType": "{kind}"}}"#
            )
        })
        .collect();
    let write = |name: &str, text: String| fs::write(folder.join(name), text).unwrap();
    let subnet = r#"{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/8"}"#;
    write("subnets.json", format!(r#"{{"Subnets": [{subnet}]}}"#));
    write("network-interfaces.json", r#"{"NetworkInterfaces": []}"#.into());
    write("instances.json", r#"{"Reservations": []}"#.into());
    let reservations = reservations.join(", ");
    write(
        "subnet-cidr-reservations.json",
        format!(r#"{{"SubnetIpv4CidrReservations": [{reservations}]}}"#),
    );
    let from = folder.to_str().unwrap();
    let began = Instant::now();
    let audit = ["audit", "--from", from, "--allow-large-cidr", "-o", "json", "--fail-on", "never"];
    let (_, stdout, stderr) = eksnet(&audit);
    let report: serde_json::Value = serde_json::from_str(&stdout).expect(&stderr);
    let row = &report["subnets"][0];
    // 2^20 blocks without the first, the last and the 5,000 of explicit reservations.
    assert_eq!(row["assignable_prefixes"], (1 << 20) - 2 - 5_000);
    assert_eq!(row["assignable_prefixes_in_reservation"], 5_000);
    assert_eq!(row["reserved_free"], 160_000);
    let (code, _, stderr) = eksnet(&["simulate", "--from", from, "--allow-large-cidr"]);
    assert!(matches!(code, Some(0 | 1 | 4)), "{code:?}: {stderr}");
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
}
