//! Completion: the protocol of the scripts, and the scripts in the shells that are there.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use crate::run::{command, ended, example, scratch};

/// What the program offers for the last of some words.
fn offers_with(words: &[&str], set: &[(&str, &str)]) -> Vec<String> {
    let all = [&["--", "eksnet"], words].concat();
    let index = words.len().to_string();
    let mut run = command(&all);
    run.env("_EKSNET_COMPLETE", "bash").env("_CLAP_COMPLETE_INDEX", index).env("_CLAP_IFS", "\n");
    let (code, out, err) = ended(run.envs(set.iter().copied()).output().unwrap());
    assert_eq!((code, err.as_str()), (Some(0), ""), "{words:?}");
    out.lines().map(ToOwned::to_owned).collect()
}

fn offers(words: &[&str]) -> Vec<String> {
    offers_with(words, &[])
}

#[test]
fn values_are_offered_for_what_is_typed() {
    let saved = example();
    let from = saved.to_str().unwrap();
    for (words, has) in [
        (vec!["max"], "maxpods"),
        (vec!["maxpods", "m5.lar"], "m5.large"),
        (vec!["node", "c6i.2x"], "c6i.2xlarge"),
        (vec!["maxpods", "m5.large", "-o", "pl"], "plain"),
        (vec!["audit", "-o", "sa"], "sarif"),
        (vec!["audit", "--fail-on", "prefix-s"], "prefix-starved"),
        (vec!["audit", "--fail-on", "critical,no-r"], "critical,no-room"),
        (vec!["audit", "--fail-on", "warn"], "warning"),
        (vec!["explain", "leak"], "leaked-interfaces"),
        (vec!["audit", "--from", from, "--subnet", "subnet-0d02"], "subnet-0d0246ccae9901243"),
        (vec!["audit", "--from", from, "--vpc", ""], "vpc-091b7584a2265b1f5"),
        (vec!["audit", "--from", "=", from, "--subnet", "subnet-0d02"], "subnet-0d0246ccae9901243"),
        (vec!["generate", "completions", "po"], "powershell"),
        (vec!["audit", "--war"], "--warn-at"),
    ] {
        let offered = offers(&words);
        assert!(offered.iter().any(|word| word.trim() == has), "{words:?}: {offered:?}");
    }
    assert!(offers(&["maxpods", "m5.*"]).is_empty(), "a glob stays as it is");
    assert!(offers(&["audit", "--subnet", "subnet-"]).is_empty(), "no --from is typed");
    assert!(!offers(&["explain", ""]).iter().any(|word| word == "README"));
}

#[cfg(feature = "aws")]
#[test]
fn profiles_are_the_names_of_sections() {
    let folder = scratch("aws");
    let (config, keys) = (folder.join("config"), folder.join("credentials"));
    fs::write(
        &config,
        "[default]\nregion = x\n[profile prod-eu]\nsso_session = corp\n[sso-session corp]\n",
    )
    .unwrap();
    fs::write(&keys, "[prod-old]\naws_secret_access_key = SECRET\n").unwrap();
    let set = [
        ("AWS_CONFIG_FILE", config.to_str().unwrap()),
        ("AWS_SHARED_CREDENTIALS_FILE", keys.to_str().unwrap()),
    ];
    assert_eq!(offers_with(&["audit", "--profile", ""], &set), ["default", "prod-eu", "prod-old"]);
    assert_eq!(offers_with(&["audit", "-p", "prod-e"], &set), ["prod-eu"]);
    assert!(offers(&["audit", "--profile", ""]).is_empty());
    assert_eq!(offers(&["audit", "--region", "eu-central-1,eu-n"]), ["eu-central-1,eu-north-1"]);
}

/// Whatever is typed or lies there: no error, and an answer at once.
#[test]
fn it_never_fails() {
    let folder = scratch("odd");
    fs::write(folder.join("broken.json"), b"{\"SubnetId\": \"subnet-0123456789abcdef0\", \xff")
        .unwrap();
    let odd = folder.to_str().unwrap();
    // Nobody writes to it: opening it would wait for ever.
    let pipe = folder.join("pipe.json");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let started = Instant::now();
    for words in [
        vec!["no-such-command", ""],
        vec!["audit", "--from", "/no/such/file", "--subnet", ""],
        vec!["audit", "--from", "/dev/zero", "--subnet", ""],
        vec!["audit", "--from", pipe.to_str().unwrap(), "--subnet", ""],
        vec!["audit", "--profile", "\u{1b}["],
        vec!["--", ""],
    ] {
        offers(&words);
    }
    assert_eq!(offers(&["audit", "--from", odd, "--subnet", ""]), ["subnet-0123456789abcdef0"]);
    assert!(started.elapsed() < Duration::from_secs(10));
    for shell in ["tcsh", ""] {
        let run = command(&["--", "eksnet", ""]).env("_EKSNET_COMPLETE", shell).output().unwrap();
        assert!(!ended(run).2.contains("panicked"), "{shell}");
    }
}

/// A folder with the program under its name, for the PATH of a shell.
fn path() -> String {
    let bin = Path::new(env!("CARGO_BIN_EXE_eksnet")).parent().unwrap();
    format!("{}:{}", bin.display(), env::var("PATH").unwrap_or_default())
}

fn shell(name: &str, script: &str) -> Option<String> {
    let found = env::split_paths(&env::var_os("PATH")?)
        .map(|path| path.join(name))
        .find(|path| path.is_file());
    let found: PathBuf = found?;
    let flags: &[&str] = match name {
        "bash" => &["--norc", "-c"],
        "zsh" => &["-f", "-c"],
        _ => &["--no-config", "-c"],
    };
    let home = scratch(name);
    let output = Command::new(found)
        .args(flags)
        .arg(script)
        .env_clear()
        .env("PATH", path())
        .env("HOME", &home)
        .env("XDG_DATA_HOME", &home)
        .current_dir(&home)
        .output()
        .unwrap();
    let (code, out, err) = ended(output);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{name}: {out}");
    Some(out)
}

#[test]
fn bash_completes() {
    let out = shell(
        "bash",
        "source <(eksnet generate completions bash)\n\
         complete -p eksnet\n\
         COMP_WORDS=(eksnet maxpods m5.lar); COMP_CWORD=2; COMP_TYPE=9\n\
         _clap_complete_eksnet eksnet m5.lar maxpods\n\
         printf '%s\\n' \"${COMPREPLY[@]}\"\n",
    );
    if let Some(out) = out {
        assert!(out.contains("-F _clap_complete_eksnet eksnet\n"), "{out}");
        assert!(out.lines().any(|line| line.trim() == "m5.large"), "{out}");
    }
}

/// The widget's helpers print what they are given in place of a menu.
#[test]
fn zsh_completes() {
    let out = shell(
        "zsh",
        "compdef() { print -r -- compdef $@ }\n\
         _describe() { local name=$@[-1]; print -rl -- ${(P)name} }\n\
         _arguments() { : }\n\
         source <(eksnet generate completions zsh)\n\
         words=(eksnet explain leak); CURRENT=3\n\
         _clap_dynamic_completer_eksnet\n",
    );
    if let Some(out) = out {
        assert!(out.contains("compdef _clap_dynamic_completer_eksnet eksnet\n"), "{out}");
        assert!(out.contains("leaked-interfaces"), "{out}");
    }
}

#[test]
fn fish_completes() {
    let out = shell(
        "fish",
        "eksnet generate completions fish | source; complete -C 'eksnet maxpods m5.lar'; \
         complete -C 'eksnet explain leak'",
    );
    if let Some(out) = out {
        assert!(out.lines().any(|line| line.starts_with("m5.large")), "{out}");
        assert!(out.lines().any(|line| line.starts_with("leaked-interfaces\t")), "{out}");
    }
}
