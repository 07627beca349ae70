//! The audit's answer in the program: flags of the view, and the last line, which is the exit code.

use std::fs::{self, File};

use serde_json::Value;

use crate::run::{command, eksnet, made_world, root, scratch};

fn example() -> String {
    root().join("examples/vpc-prod").to_str().unwrap().to_owned()
}

/// The law: the last line says the code with which the run ends, whatever is asked and found.
#[test]
fn the_last_line_is_the_exit_code() {
    let mut worlds = vec![example()];
    for (seed, nodes) in [(2, 12), (4, 40), (11, 25)] {
        worlds.push(made_world(seed, nodes).to_str().unwrap().to_owned());
    }
    for world in &worlds {
        for fail_on in ["critical", "warning", "info", "never", "no-room", "vpc-cidr"] {
            for view in [&[][..], &["--severity", "critical"], &["--top", "1"]] {
                let mut arguments = vec!["audit", "--from", world, "--fail-on", fail_on];
                arguments.extend(view);
                let (code, stdout, _) = eksnet(&arguments);
                let last = stdout.lines().last().unwrap_or_default();
                let expected = format!("exit {}: ", code.unwrap());
                assert!(last.starts_with(&expected), "{arguments:?}: {code:?} {last}");
            }
        }
    }
}

#[test]
fn the_critical_findings_come_first() {
    let (_, stdout, _) = eksnet(&["audit", "--from", &example()]);
    let lines: Vec<&str> = stdout.lines().collect();
    assert!(lines[0].starts_with("harbour-prod  eu-central-1  444455556666"), "{}", lines[0]);
    assert!(lines[1].starts_with("✖ 1 subnet can assign no more prefixes: harbour-nodes-"));
    let critical = lines.iter().position(|line| line.contains("prefix-starved  ")).unwrap();
    assert!(critical < 10, "{stdout}");
    // Whoever looks at the table sees the same.
    let row = lines.iter().find(|line| line.starts_with("subnet-0d0246ccae9901243  ")).unwrap();
    assert!(row.contains("critical"), "{row}");
}

#[test]
fn json_says_what_a_filter_hides_and_counts_all() {
    let json = |more: &[&str]| -> Value {
        let example = example();
        let mut arguments = vec!["audit", "--from", &example, "-o", "json"];
        arguments.extend(more);
        serde_json::from_str(&eksnet(&arguments).1).unwrap()
    };
    let (all, filtered) = (json(&[]), json(&["--check", "mixed-mode", "--top", "1"]));
    assert_eq!(all["summary"], filtered["summary"]);
    assert_eq!(all["subnets"], filtered["subnets"]);
    assert!(all.get("filter").is_none());
    let shown = filtered["findings"].as_array().unwrap();
    assert!(shown.iter().all(|finding| finding["id"] == "mixed-mode"));
    let hidden = all["findings"].as_array().unwrap().len() - shown.len();
    assert_eq!(filtered["filter"]["hidden"], hidden);
    // The worst finding of a subnet is one of those about it.
    let order = ["info", "warning", "critical"];
    for subnet in all["subnets"].as_array().unwrap() {
        let its = all["findings"].as_array().unwrap().iter();
        let its = its.filter(|finding| finding["resource"] == subnet["subnet_id"]);
        let worst =
            its.filter_map(|finding| order.iter().position(|of| finding["severity"] == **of));
        let worst = worst.max().map_or(Value::Null, |at| order[at].into());
        assert_eq!(subnet["worst_finding"], worst, "{}", subnet["subnet_id"]);
    }
}

#[test]
fn csv_is_sorted_and_cut_as_asked() {
    let example = example();
    let rows = |more: &[&str]| -> Vec<String> {
        let mut arguments = vec!["audit", "--from", &example, "-q", "-o", "csv"];
        arguments.extend(more);
        eksnet(&arguments).1.lines().skip(1).map(ToOwned::to_owned).collect()
    };
    assert_eq!(rows(&[]).len(), 16);
    let top = rows(&["--top", "2", "--sort", "utilization"]);
    assert_eq!(top.len(), 2);
    assert!(top[0].starts_with("subnet-0d0246ccae9901243,"), "{top:?}");
    let critical = rows(&["--csv", "findings", "--severity", "critical"]);
    assert!(!critical.is_empty() && critical.iter().all(|row| row.contains(",critical,")));
}

#[test]
fn an_unknown_check_is_refused_with_the_nearest() {
    let (code, _, stderr) = eksnet(&["audit", "--from", &example(), "--check", "prefix-starve"]);
    assert_eq!(code, Some(2));
    assert!(stderr.starts_with("error: --check: no check `prefix-starve`\n"), "{stderr}");
    assert!(stderr.contains("hint: did you mean prefix-starved? "), "{stderr}");
}

#[test]
fn an_unknown_check_that_fails_a_run_is_refused_with_the_nearest() {
    let (code, _, stderr) = eksnet(&["audit", "--from", &example(), "--fail-on", "prefix-starvd"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("hint: did you mean prefix-starved? "), "{stderr}");
}

fn commands(arguments: &[&str]) -> Vec<String> {
    let page = eksnet(&[arguments, &["-o", "markdown"]].concat()).1;
    let lines =
        page.split(['`', '\n']).map(str::trim).filter(|text| text.starts_with("eksnet audit "));
    lines.map(ToOwned::to_owned).collect()
}

/// Without the flag that made a finding the command beside it would say that there is nothing.
#[test]
fn commands_repeat_what_the_run_was_held_against() {
    let example = example();
    let run = ["audit", "--from", &example, "--min-free", "60", "--warn-at", "70.5"];
    let found = commands(&[run.as_slice(), &["--check", "min-free"]].concat());
    assert!(!found.is_empty());
    for command in &found {
        assert!(command.contains(" --warn-at 70.5 --min-free 60 "), "{command}");
    }
}

/// A pipe is read once: nobody can run a command that reads it again.
#[test]
fn commands_do_not_read_a_pipe_again() {
    let folder = scratch("piped-commands");
    let file = folder.join("snapshot.json");
    let path = file.to_str().unwrap();
    assert_eq!(eksnet(&["snapshot", "--from", &example(), "--save", path]).0, Some(0));
    let mut run = command(&["audit", "--from", "/dev/stdin", "-o", "markdown"]);
    let piped = run.stdin(File::open(&file).unwrap()).output().unwrap();
    let page = String::from_utf8(piped.stdout).unwrap();
    assert!(page.contains("--from PATH"), "{page}");
    assert!(!page.contains("--from /dev/stdin"), "{page}");
}

#[test]
fn no_format_hides_findings_silently() {
    let example = example();
    let run = |more: &[&str]| eksnet(&[&["audit", "--from", &example], more].concat());
    let text = " hidden by --severity critical";
    let (_, page, _) = run(&["-o", "html", "--severity", "critical"]);
    assert_eq!(page.matches(text).count(), 1);
    let (_, lines, _) = run(&["-o", "github", "--severity", "critical"]);
    assert!(lines.lines().last().unwrap().contains(text), "{lines}");
    let (_, rows, stderr) = run(&["-o", "csv", "--csv", "findings", "--severity", "critical"]);
    assert!(!rows.contains(text) && stderr.contains(text), "{stderr}");
    let (_, _, stderr) = run(&["-o", "csv", "--top", "2"]);
    assert!(stderr.contains("note: 14 more subnets hidden by --top 2\n"), "{stderr}");
}

#[test]
fn a_page_shows_the_first_subnets_as_asked() {
    let example = example();
    let cards = |more: &[&str]| {
        let (_, page, _) = eksnet(&[&["audit", "--from", &example, "-o", "html"], more].concat());
        (page.matches("<h3><span aria-hidden").count(), page.contains(" hidden by --top 1."))
    };
    let (all, is_cut) = cards(&[]);
    assert!(!is_cut);
    let (first, is_cut) = cards(&["--top", "1"]);
    assert!(first < all && is_cut, "{first} of {all}");
}

/// A command that shows everything again narrows nothing down.
#[test]
fn commands_of_zones_and_clusters_select_their_subnets() {
    let example = example();
    for check in ["zone-imbalance", "control-plane-headroom"] {
        for command in commands(&["audit", "--from", &example, "--check", check]) {
            assert!(command.contains(" --subnet subnet-"), "{command}");
            assert!(!command.contains(" --vpc ") && !command.contains(" --cluster "), "{command}");
        }
    }
}

/// Without the reservations it is not known how many prefixes are left, only how many are not.
#[test]
fn an_upper_bound_is_no_number_of_prefixes() {
    let folder = scratch("bounds");
    for file in ["subnets.json", "vpcs.json", "network-interfaces.json"] {
        fs::copy(root().join("examples/vpc-prod").join(file), folder.join(file)).unwrap();
    }
    let (_, text, _) = eksnet(&["audit", "--from", folder.to_str().unwrap()]);
    let line = |name: &str| text.lines().find(|line| line.contains(name)).unwrap();
    assert!(line("▲ harbour-nodes-eu-central-1a").contains("  at most 5 prefixes  "), "{text}");
    assert!(line("✖ harbour-nodes-eu-central-1b").contains("  0 prefixes  "), "{text}");
    assert!(text.contains(" has room for at most 156 addresses "), "{text}");
}
