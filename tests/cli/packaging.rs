//! packaging/: archives, Debian package, manifests and workflows agree with one another, with one list
//! of targets, and with the program.
#![cfg(unix)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::ci_scripts::{root, yaml};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// A row of packaging/targets.
pub(crate) struct Target {
    pub(crate) triple: String,
    pub(crate) system: String,
    pub(crate) arch: String,
    pub(crate) purpose: String,
}

pub(crate) fn targets() -> Vec<Target> {
    let text = fs::read_to_string(root().join("packaging/targets")).unwrap();
    let rows = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    rows.map(|row| {
        let words: Vec<&str> = row.split_whitespace().collect();
        let [triple, system, arch, _, purpose] = words[..] else { panic!("{row}") };
        assert!(["managers", "deb"].contains(&purpose), "{row}");
        Target {
            triple: triple.to_owned(),
            system: system.to_owned(),
            arch: arch.to_owned(),
            purpose: purpose.to_owned(),
        }
    })
    .collect()
}

fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("packaging").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

/// Runs a program of packaging/ with the time that a release would have: its stdout, or its stderr.
pub(crate) fn packaging(program: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(root().join("packaging").join(program))
        .args(arguments)
        .env("SOURCE_DATE_EPOCH", "1764400000")
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

fn archive_name(target: &str) -> String {
    format!("eksnet-{VERSION}-{target}.tar.gz")
}

/// The checksum that the tests give to the archive of a target: its row's number over and over.
fn sum(row: usize) -> String {
    format!("{row:x}").repeat(64)
}

fn released(dist: &Path, left_out: Option<&str>) {
    let line = |(row, there): (usize, &Target)| {
        let kept = left_out != Some(there.triple.as_str());
        kept.then(|| format!("{}  {}\n", sum(row), archive_name(&there.triple)))
    };
    let text: String = targets().iter().enumerate().filter_map(line).collect();
    fs::write(dist.join("SHA256SUMS"), text).unwrap();
}

/// What binstall downloads for a target: address and the program's path in the archive.
fn binstall(target: &str) -> (String, String) {
    let text = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let section = |name: &str| -> BTreeMap<String, String> {
        let Some((_, after)) = text.split_once(&format!("[package.metadata.binstall{name}]\n"))
        else {
            return BTreeMap::new();
        };
        let lines = after.lines().take_while(|line| !line.starts_with('['));
        let pair = |line: &str| {
            let (key, value) = line.split_once(" = ")?;
            Some((key.to_owned(), value.trim_matches('"').to_owned()))
        };
        lines.filter_map(pair).collect()
    };
    let mut keys = section("");
    assert_eq!(keys["pkg-fmt"], "tgz");
    keys.extend(section(&format!(".overrides.{target}")));
    let fill = |text: &str| {
        let known = [
            ("{ repo }", REPOSITORY),
            ("{ name }", "eksnet"),
            ("{ bin }", "eksnet"),
            ("{ version }", VERSION),
            ("{ target }", target),
            ("{ binary-ext }", ""),
        ];
        let done =
            known.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
        assert!(!done.contains('{'), "{done}");
        done
    };
    (fill(&keys["pkg-url"]), fill(&keys["bin-dir"]))
}

fn load(path: &Path) -> Value {
    serde_saphyr::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn manifests_name_every_archive_with_its_sum() {
    let dist = scratch("managers");
    released(&dist, None);
    packaging("pack", &["managers", dist.to_str().unwrap()]).unwrap();
    let krew = load(&dist.join("managers/krew/eksnet.yaml"));
    let aqua = load(&dist.join("managers/aqua/registry.yaml"));
    let brew = fs::read_to_string(dist.join("managers/homebrew/eksnet.rb")).unwrap();

    assert_eq!(krew["apiVersion"], "krew.googlecontainertools.github.com/v1alpha2");
    assert_eq!((&krew["kind"], &krew["metadata"]["name"]), (&"Plugin".into(), &"eksnet".into()));
    assert_eq!(krew["spec"]["version"], format!("v{VERSION}"));
    assert_eq!(krew["spec"]["homepage"], REPOSITORY);
    // The index allows 50 characters of it.
    assert!(krew["spec"]["shortDescription"].as_str().unwrap().len() <= 50);
    let platforms = krew["spec"]["platforms"].as_array().unwrap();

    let package = &aqua["packages"][0];
    assert_eq!(
        (&package["repo_owner"], &package["repo_name"]),
        (&"eksnet".into(), &"eksnet".into())
    );
    assert_eq!(package["description"], env!("CARGO_PKG_DESCRIPTION"));
    assert_eq!(package["checksum"]["asset"], "SHA256SUMS");
    let go = |name: &str| package["replacements"][name].as_str().unwrap_or(name).to_owned();

    let mut offered = 0;
    for (row, there) in targets().iter().enumerate() {
        let (url, program) = binstall(&there.triple);
        assert!(url.starts_with(&format!("{REPOSITORY}/releases/download/v{VERSION}/eksnet-")));
        if there.purpose != "managers" {
            // binstall installs what the package managers do.
            let twin = targets().into_iter().find(|other| {
                other.purpose == "managers"
                    && (&other.system, &other.arch) == (&there.system, &there.arch)
            });
            assert_eq!((url, program), binstall(&twin.unwrap().triple));
            continue;
        }
        let here = |platform: &&Value| {
            let labels = &platform["selector"]["matchLabels"];
            labels["os"] == *there.system && labels["arch"] == *there.arch
        };
        let platform = platforms.iter().find(here).unwrap();
        assert_eq!(
            (&platform["uri"], &platform["sha256"]),
            (&url.clone().into(), &sum(row).into())
        );
        assert_eq!(
            (&platform["bin"], &platform["files"][0]["from"]),
            (&"eksnet".into(), &"*/eksnet".into())
        );

        let (system, arch) = (
            if there.system == "darwin" { "macos" } else { "linux" },
            if there.arch == "arm64" { "arm" } else { "intel" },
        );
        let block = format!(
            "  on_{system} do\n    on_{arch} do\n      url \"{url}\"\n      sha256 \"{}\"\n    end\n  end\n",
            sum(row)
        );
        assert!(brew.contains(&block), "{brew}\nlacks {block}");

        let asset = package["asset"].as_str().unwrap().replace("{{trimV .Version}}", VERSION);
        let asset =
            asset.replace("{{.Arch}}", &go(&there.arch)).replace("{{.OS}}", &go(&there.system));
        assert!(url.ends_with(&format!("/{asset}")), "{url} {asset}");
        let source = package["files"][0]["src"].as_str().unwrap();
        let top = asset.strip_suffix(".tar.gz").unwrap();
        assert_eq!(source.replace("{{.AssetWithoutExt}}", top), program);
        let supported = format!("{}/{}", there.system, there.arch);
        assert!(package["supported_envs"].as_array().unwrap().contains(&supported.into()));
        offered += 1;
    }
    assert_eq!(platforms.len(), offered);
    assert_eq!(brew.matches("sha256 \"").count(), offered);
    assert_eq!(package["supported_envs"].as_array().unwrap().len(), offered);
    // Homebrew's own rule for `desc`: short, and no article first.
    let about = env!("CARGO_PKG_DESCRIPTION");
    assert!(about.len() < 80 && !about.starts_with("A ") && !about.ends_with('.'));

    for file in ["krew/eksnet.yaml", "homebrew/eksnet.rb", "aqua/registry.yaml"] {
        let text = fs::read_to_string(dist.join("managers").join(file)).unwrap();
        for word in text.split(|letter: char| letter.is_whitespace() || "\"/".contains(letter)) {
            assert!(!word.starts_with('@'), "{file}: {word} is left");
        }
    }
    if is_there("ruby") {
        let file = dist.join("managers/homebrew/eksnet.rb");
        let status = Command::new("ruby").arg("-c").arg(file).output().unwrap().status;
        assert!(status.success(), "{brew}");
    }
}

#[test]
fn a_manifest_with_an_archive_missing_is_not_written() {
    let dist = scratch("partial");
    released(&dist, Some("aarch64-apple-darwin"));
    let error = packaging("pack", &["managers", dist.to_str().unwrap()]).unwrap_err();
    let says = format!("error: SHA256SUMS lacks {}\nhint: ", archive_name("aarch64-apple-darwin"));
    assert!(error.starts_with(&says), "{error}");
    assert!(!dist.join("managers").exists());
}

#[test]
fn archives_hold_what_is_installed_and_are_the_same_twice() {
    let target = "x86_64-unknown-linux-musl";
    let program = scratch("program").join("other-name");
    fs::write(&program, "#!/bin/sh\n").unwrap();
    let mut archives = BTreeSet::new();
    for round in ["first", "second"] {
        let dist = scratch(round);
        packaging("pack", &["archive", program.to_str().unwrap(), target, dist.to_str().unwrap()])
            .unwrap();
        archives.insert(fs::read(dist.join(archive_name(target))).unwrap());
        packaging("pack", &["sums", dist.to_str().unwrap()]).unwrap();
        let sums = fs::read_to_string(dist.join("SHA256SUMS")).unwrap();
        assert!(sums.ends_with(&format!("  {}\n", archive_name(target))), "{sums}");
    }
    assert_eq!(archives.len(), 1);

    let dist = scratch("first-unpacked");
    let archive = dist.with_file_name("first").join(archive_name(target));
    let unpacked = Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(&dist).status();
    assert!(unpacked.unwrap().success());
    // Where binstall, the action and the manifests look.
    let (_, inside) = binstall(target);
    assert_eq!(fs::read_to_string(dist.join(&inside)).unwrap(), "#!/bin/sh\n");
    let run = Command::new(dist.join(&inside)).status().unwrap();
    assert!(run.success(), "it may be run");
    let top = dist.join(inside).parent().unwrap().to_owned();
    for file in ["LICENSE", "README.md", "man/eksnet.1"] {
        assert!(!fs::read(top.join(file)).unwrap().is_empty(), "{file}");
    }
    // Homebrew installs these by name.
    let formula = fs::read_to_string(root().join("packaging/managers.in")).unwrap();
    for file in ["completions/@NAME@.bash", "completions/_@NAME@", "completions/@NAME@.fish"] {
        assert!(formula.contains(&format!("\"{file}\"")), "{file}");
        assert!(top.join(file.replace("@NAME@", "eksnet")).exists(), "{file}");
    }
    let pages = |folder: &Path| -> BTreeSet<std::ffi::OsString> {
        let entries =
            fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().file_name());
        entries.filter(|name| name.to_str().unwrap().ends_with(".1")).collect()
    };
    let generated = root().join("docs/generated");
    let all = &pages(&generated) | &pages(&generated.join("man"));
    assert_eq!(pages(&top.join("man")), all);
}

#[test]
fn the_debian_package_puts_each_file_in_its_place() {
    if !is_there("dpkg-deb") || !is_there("readelf") {
        // Elsewhere than on Debian and its like.
        return;
    }
    // Any small program that is linked to glibc.
    let program = "/usr/bin/true";
    let mut packages = BTreeSet::new();
    let name = format!("eksnet_{VERSION}-1_amd64.deb");
    for round in ["deb-first", "deb-second"] {
        let dist = scratch(round);
        match packaging("deb", &[program, "amd64", dist.to_str().unwrap()]) {
            Ok(_) => packages.insert(fs::read(dist.join(&name)).unwrap()),
            Err(error) => panic!("{error}"),
        };
    }
    assert_eq!(packages.len(), 1, "same input, same bytes");
    let package = scratch("deb").with_file_name("deb-first").join(&name);
    let ask = |flag: &str| {
        let output = Command::new("dpkg-deb").arg(flag).arg(&package).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let control = ask("--field");
    for line in [
        "Package: eksnet".to_owned(),
        format!("Version: {VERSION}-1"),
        "Architecture: amd64".to_owned(),
        "Recommends: ca-certificates".to_owned(),
        format!("Homepage: {REPOSITORY}"),
    ] {
        assert!(control.lines().any(|there| there == line), "{control}\nlacks {line}");
    }
    let depends = control.lines().find_map(|line| line.strip_prefix("Depends: ")).unwrap();
    assert!(depends.starts_with("libc6 (>= 2."), "{depends}");
    let contents = ask("--contents");
    let find = |path: &str| {
        contents
            .lines()
            .find(|line| line.ends_with(path))
            .unwrap_or_else(|| panic!("{path}: {contents}"))
    };
    assert!(find(" ./usr/bin/eksnet").starts_with("-rwxr-xr-x root/root"), "{contents}");
    for path in [
        "./usr/share/bash-completion/completions/eksnet",
        "./usr/share/zsh/vendor-completions/_eksnet",
        "./usr/share/fish/vendor_completions.d/eksnet.fish",
        "./usr/share/man/man1/eksnet.1.gz",
        "./usr/share/doc/eksnet/copyright",
        "./usr/share/doc/eksnet/changelog.gz",
        "./usr/share/doc/eksnet/changelog.Debian.gz",
    ] {
        assert!(find(&format!(" {path}")).starts_with("-rw-r--r-- root/root"), "{contents}");
    }
}

#[test]
fn the_container_has_certificates_and_no_root() {
    let text = fs::read_to_string(root().join("packaging/Containerfile")).unwrap();
    let last = text.rsplit_once("\nFROM ").unwrap().1;
    assert!(last.starts_with("scratch\n"), "{last}");
    assert!(last.contains("\nUSER 65532:65532\n"), "{last}");
    assert!(last.contains("\nENTRYPOINT [\"/usr/bin/eksnet\"]"), "{last}");
    assert!(last.contains(" /etc/ssl/certs/ca-certificates.crt\n"), "{last}");
    // The roots are those of the system; with roots in the program the copy would be needless.
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    assert!(
        lock.contains("name = \"rustls-native-certs\"")
            && !lock.contains("name = \"webpki-roots\"")
    );
}

#[test]
fn workflows_are_pinned_and_may_do_little() {
    let cargo = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let rust = format!("{}.0", env!("CARGO_PKG_RUST_VERSION"));
    assert!(cargo.contains("\nrust-version = "));
    for file in ["ci", "release"] {
        let path = format!(".github/workflows/{file}.yml");
        let workflow = yaml(&path);
        assert_eq!(workflow["env"]["RUSTUP_TOOLCHAIN"], rust, "{path}");
        let text = fs::read_to_string(root().join(&path)).unwrap();
        for line in text.lines().filter_map(|line| line.split_once("uses: ").map(|(_, uses)| uses))
        {
            if line.starts_with("./") {
                continue;
            }
            let (commit, tag) = line.split_once('@').unwrap().1.split_once(" # ").unwrap();
            assert!(
                commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()),
                "{line}"
            );
            assert!(tag.starts_with('v'), "{line}");
        }
        // What GitHub puts into a script's text could be a script of its own.
        for job in workflow["jobs"].as_object().unwrap().values() {
            for step in job["steps"].as_array().into_iter().flatten() {
                assert!(!step["run"].as_str().unwrap_or_default().contains("${{"), "{step}");
            }
        }
    }
    assert_eq!(
        yaml(".github/workflows/ci.yml")["permissions"],
        serde_json::json!({"contents": "read"})
    );
    let release = yaml(".github/workflows/release.yml");
    assert_eq!(release["permissions"], serde_json::json!({}));
    assert_eq!(release["on"]["push"]["tags"], serde_json::json!(["v*"]));
    for (name, job) in release["jobs"].as_object().unwrap() {
        let granted = if name == "publish" {
            serde_json::json!({"contents": "write", "id-token": "write", "attestations": "write"})
        } else {
            serde_json::json!({"contents": "read"})
        };
        assert_eq!(job["permissions"], granted, "{name}");
    }
    // The one that can write waits for the tests and builds nothing.
    assert_eq!(release["jobs"]["publish"]["needs"], serde_json::json!(["test", "build"]));
}

#[test]
fn the_release_builds_the_one_list_of_targets() {
    let matrix: Value = serde_json::from_str(&packaging("pack", &["matrix"]).unwrap()).unwrap();
    let built: Vec<&str> = matrix["include"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["target"].as_str().unwrap())
        .collect();
    let rows = targets();
    assert_eq!(built, rows.iter().map(|row| row.triple.as_str()).collect::<Vec<_>>());
    for row in matrix["include"].as_array().unwrap() {
        let runner = row["runner"].as_str().unwrap();
        let target = row["target"].as_str().unwrap();
        assert_eq!(runner.starts_with("macos-"), target.ends_with("-darwin"), "{row}");
        assert_eq!(
            runner.ends_with("-arm") || runner == "macos-15",
            target.starts_with("aarch64"),
            "each is built where it runs: {row}"
        );
    }
    // A system has one archive for the package managers.
    let offered = rows.iter().filter(|row| row.purpose == "managers");
    let systems: BTreeSet<_> = offered.clone().map(|row| (&row.system, &row.arch)).collect();
    assert_eq!(systems.len(), offered.count());
    assert_eq!(packaging("pack", &["version"]).unwrap(), format!("{VERSION}\n"));
}
