//! `eksnet simulate` as it is used.

use crate::run::{self, Ended, ended, fed, root, scratch};
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::folder::Folder;

const SURGE: &str = "examples/scenarios/surge.yaml";
const ZONE_LOSS: &str = "examples/scenarios/zone-loss.yaml";

/// A subnet that is short by chance: where the used addresses lie decides how many prefixes it has.
const CHANCE: &str = "version: 1
vpc: {cidrs: [10.0.0.0/16]}
subnets: [{name: a, zone: z, cidr: 10.0.0.0/25, used: 10}]
cni: {prefix_delegation: true}
start: at_once
node_groups:
  - {name: g, instance_type: m5.large, subnets: [a], nodes: 1, pods_per_node: 9}
  - {name: h, instance_type: m5.large, subnets: [a], nodes: 1, pods_per_node: 9}
";

/// More nodes than a subnet has addresses.
const SMALL: &str = r#"{"version": 1, "vpc": {"cidrs": ["10.0.0.0/16"]},
"subnets": [{"name": "NAME", "zone": "NAME", "cidr": "10.0.0.0/28"}],
"node_groups": [{"name": "NAME", "instance_type": "m5.large", "subnets": ["NAME"], "nodes": 9}]}"#;

fn command(arguments: &[&str]) -> Command {
    let mut command = run::command(&[&["simulate"], arguments].concat());
    command.current_dir(root());
    command
}

fn simulate(arguments: &[&str]) -> Ended {
    ended(command(arguments).output().unwrap())
}

fn from_stdin(text: &[u8], arguments: &[&str]) -> Ended {
    fed(command(&[&["-"], arguments].concat()), text)
}

fn json(text: &str, arguments: &[&str]) -> Value {
    let (_, stdout, stderr) = from_stdin(text.as_bytes(), &[arguments, &["-o", "json"]].concat());
    assert_eq!(stderr, "");
    serde_json::from_str(&stdout).unwrap()
}

#[test]
fn a_table_begins_with_the_verdict() {
    let (code, stdout, stderr) = simulate(&[SURGE]);
    assert_eq!((code, stderr.as_str()), (Some(1), ""));
    insta::assert_snapshot!(stdout, @r#"
    DOES NOT FIT
    step 1 rollout: 0 of 3 new nodes of group general run the pods of the old nodes: the subnet has too few free addresses (nodes-a)
    smallest change that fits: set max_surge: 0 and max_unavailable: 1 in step 1
    or: set WARM_IP_TARGET=5 and MINIMUM_IP_TARGET=17 on aws-node
    or: create subnet nodes-a-2 (10.0.1.0/24 in eu-west-1a) and add it to node group general

    Steps
    STEP  NAME     SECONDS  SETTLED  NODES   PODS  EC2 CALLS
       0  start         10  yes        8/8  96/96        136
       1  rollout      135  yes        8/8  96/96  21 to 175

    Subnets
    SUBNET     ZONE        CIDR         USABLE  PEAK USED  PEAK USE         AT STEP    MIN FREE  MIN /28
    ✖ nodes-a  eu-west-1a  10.0.0.0/24     251        251  ██████████ 100%  1 rollout         0        0
    EC2 calls are a range where a full subnet may be answered with InsufficientFreeAddressesInSubnet, after which nodes pause, or with InvalidParameterValue, after which they ask again at once
    at most 136 EC2 calls in one minute
    "#);
    let (code, stdout, _) = simulate(&["examples/scenarios/idle.yaml"]);
    assert_eq!((code, stdout.lines().next()), (Some(0), Some("FITS")));
}

#[test]
fn several_runs_show_their_spread() {
    let (code, stdout, stderr) = from_stdin(CHANCE.as_bytes(), &["--runs", "20", "-o", "markdown"]);
    assert_eq!((code, stderr.as_str()), (Some(1), ""));
    insta::assert_snapshot!(stdout, @r#"
    - DOES NOT FIT: 13 of 20 runs fail (seeds 1 to 20)
    - seed 1, step 0 start: 0 of 9 pods of group h have an address: the subnet has no free aligned /28 for a prefix (a)
    - smallest change that fits: create subnet a-2 (10.0.0.128/25 in z) with the tag kubernetes.io/role/cni=1

    ## Steps

    | STEP | NAME | SECONDS | SETTLED | NODES | PODS | EC2 CALLS |
    | ---: | --- | ---: | --- | ---: | ---: | ---: |
    | 0 | start | 0 | yes | 2/2 | 9 (18..0)/18 | 25 (24..26) |

    ## Subnets

    | SUBNET | ZONE | CIDR | USABLE | PEAK USED | PEAK USE | AT STEP | MIN FREE | MIN /28 |
    | --- | --- | --- | ---: | ---: | --- | --- | ---: | ---: |
    | ✖ a | z | 10.0.0.0/25 | 123 | 28 (12..44) | ███▌░░░░░░  36% | 0 start | 95 (111..79) | 0 |

    - at most 17 (16..18) EC2 calls in one minute
    - where the runs differ: median (best..worst)
    "#);
}

#[test]
fn csv_is_a_row_a_step_and_subnet() {
    let (code, stdout, stderr) = simulate(&[ZONE_LOSS, "-o", "csv"]);
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(stdout, @r#"
    index,name,seconds,settled,subnet,zone,cidr,usable,used,peak_used,free,assignable_prefixes,nodes_wanted,nodes_placed,pods_wanted,pods_placed,ec2_calls,ec2_calls_at_most,waits_started,waits_waited,waits_longest_s,waits_never,peak_calls_per_minute
    0,start,10,true,nodes-a,eu-west-1a,10.0.0.0/24,251,180,180,71,0,12,12,144,144,204,204,,,,,204
    0,start,10,true,nodes-b,eu-west-1b,10.0.1.0/24,251,180,180,71,0,12,12,144,144,204,204,,,,,204
    1,lose_zone,5,true,nodes-a,eu-west-1a,10.0.0.0/24,251,0,180,251,14,12,12,144,129,60,370,,,,,48
    1,lose_zone,5,true,nodes-b,eu-west-1b,10.0.1.0/24,251,250,250,1,0,12,12,144,129,60,370,,,,,48
    "#);
    insta::assert_snapshot!(stderr, @r#"
    note: DOES NOT FIT
    note: step 1 lose_zone: 129 of 144 pods of group general have an address: the subnet has too few free addresses (nodes-b)
    "#);
    let (_, quiet, stderr) = simulate(&[ZONE_LOSS, "-o", "csv", "-q"]);
    assert_eq!((quiet, stderr), (stdout, String::new()));
    let (_, stdout, _) = from_stdin(CHANCE.as_bytes(), &["--runs", "20", "-o", "csv"]);
    insta::assert_snapshot!(stdout, @r#"
    index,name,seconds_worst,seconds_median,seconds_best,settled,subnet,zone,cidr,usable,used_worst,used_median,used_best,peak_used_worst,peak_used_median,peak_used_best,free_worst,free_median,free_best,assignable_prefixes_worst,assignable_prefixes_median,assignable_prefixes_best,nodes_wanted_worst,nodes_wanted_median,nodes_wanted_best,nodes_placed_worst,nodes_placed_median,nodes_placed_best,pods_wanted_worst,pods_wanted_median,pods_wanted_best,pods_placed_worst,pods_placed_median,pods_placed_best,ec2_calls_worst,ec2_calls_median,ec2_calls_best,ec2_calls_at_most_worst,ec2_calls_at_most_median,ec2_calls_at_most_best,waits_started_worst,waits_started_median,waits_started_best,waits_waited_worst,waits_waited_median,waits_waited_best,waits_longest_s_worst,waits_longest_s_median,waits_longest_s_best,waits_never_worst,waits_never_median,waits_never_best,peak_calls_per_minute_worst,peak_calls_per_minute_median,peak_calls_per_minute_best
    0,start,0,0,0,true,a,z,10.0.0.0/25,123,44,28,12,44,28,12,79,95,111,0,0,0,2,2,2,2,2,2,18,18,18,0,9,18,26,25,24,26,25,24,,,,,,,,,,,,,18,17,16
    "#);
}

#[test]
#[expect(clippy::too_many_lines, reason = "one document, whole")]
fn json_has_the_names_that_are_promised() {
    let text = SMALL.replace("NAME", "a");
    let (code, stdout, _) = from_stdin(text.as_bytes(), &["-o", "json", "--no-remedy"]);
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(stdout, @r#"
    {
      "schema": "eksnet.simulate/v1",
      "verdict": "fails",
      "first_failure": {
        "step": 0,
        "subnet": "a",
        "group": "a",
        "what": "nodes",
        "wanted": 9,
        "placed": 2,
        "reason": "insufficient-free-addresses",
        "reason_text": "the subnet has too few free addresses",
        "remedy": null
      },
      "failures": [
        {
          "step": 0,
          "subnet": "a",
          "group": "a",
          "what": "nodes",
          "wanted": 9,
          "placed": 2,
          "reason": "insufficient-free-addresses",
          "reason_text": "the subnet has too few free addresses",
          "remedy": null
        }
      ],
      "tight": {
        "is": false,
        "reasons": []
      },
      "remedies": [],
      "remedies_complete": null,
      "steps": [
        {
          "index": 0,
          "name": "start",
          "seconds": 0,
          "settled": true,
          "groups": [
            {
              "name": "a",
              "nodes_wanted": 9,
              "nodes_placed": 2,
              "pods_wanted": 0,
              "pods_placed": 0
            }
          ],
          "subnets": [
            {
              "name": "a",
              "used": 11,
              "peak_used": 11,
              "free": 0,
              "assignable_prefixes": 0
            }
          ],
          "ec2_calls": {
            "AssignPrivateIpAddresses": 5,
            "CreateNetworkInterface": 2,
            "CreateTags": 2,
            "DescribeNetworkInterfaces": 2,
            "DescribeSubnets": 4,
            "ModifyNetworkInterfaceAttribute": 2
          },
          "ec2_calls_at_most": {
            "AssignPrivateIpAddresses": 57,
            "CreateNetworkInterface": 28,
            "CreateTags": 2,
            "DescribeNetworkInterfaces": 2,
            "DescribeSubnets": 30,
            "ModifyNetworkInterfaceAttribute": 2
          },
          "waits": null,
          "peak_calls_per_minute": 13
        }
      ],
      "subnets": [
        {
          "name": "a",
          "zone": "a",
          "cidr": "10.0.0.0/28",
          "usable": 11,
          "peak_used": 11,
          "peak_step": 0,
          "min_free": 0,
          "min_assignable_prefixes": 0,
          "short": {
            "step": 0,
            "reason": "insufficient-free-addresses",
            "reason_text": "the subnet has too few free addresses"
          }
        }
      ],
      "peak_calls_per_minute": 13,
      "most_address_units": 11,
      "findings": [],
      "notes": [],
      "withheld": []
    }
    "#);
}

#[test]
fn with_runs_every_figure_is_a_spread() {
    let answer = json(CHANCE, &["--runs", "20", "--seed", "5", "--no-remedy"]);
    assert_eq!(answer["verdict"], "fails");
    assert_eq!((&answer["runs"]["runs"], &answer["runs"]["seed"]), (&20.into(), &5.into()));
    let one_by_one: Vec<Value> =
        (5..25).map(|seed| json(CHANCE, &["--no-remedy", "--seed", &seed.to_string()])).collect();
    let failed = one_by_one.iter().filter(|answer| answer["verdict"] == "fails").count();
    assert_eq!(answer["runs"]["failed"], failed);
    assert!((1..20).contains(&failed), "{failed}");
    let first = one_by_one.iter().find(|answer| answer["verdict"] == "fails").unwrap();
    // It is the first failing run's, and says which that was.
    let failing = one_by_one.iter().position(|answer| answer["verdict"] == "fails").unwrap();
    let mut expected = first["first_failure"].clone();
    assert_eq!(expected.get("seed"), None);
    expected["seed"] = (5 + failing).into();
    assert_eq!(answer["first_failure"], expected);
    let spread = |of: &dyn Fn(&Value) -> u64, more_is_worse: bool| {
        let mut all: Vec<u64> = one_by_one.iter().map(of).collect();
        all.sort_unstable();
        if more_is_worse {
            all.reverse();
        }
        serde_json::json!({"worst": all[0], "median": all[9], "best": all[19]})
    };
    let used = |answer: &Value| answer["subnets"][0]["peak_used"].as_u64().unwrap();
    assert_eq!(answer["subnets"][0]["peak_used"], spread(&used, true));
    let free = |answer: &Value| answer["subnets"][0]["min_free"].as_u64().unwrap();
    assert_eq!(answer["subnets"][0]["min_free"], spread(&free, false));
    let pods = |answer: &Value| answer["steps"][0]["groups"][1]["pods_placed"].as_u64().unwrap();
    assert_eq!(answer["steps"][0]["groups"][1]["pods_placed"], spread(&pods, false));
    // A sum's spread is that of the sums.
    let (_, csv, _) =
        from_stdin(CHANCE.as_bytes(), &["--runs", "20", "--seed", "5", "-o", "csv", "-q"]);
    let column = csv.lines().next().unwrap().split(',').position(|n| n == "pods_placed_worst");
    let cells: Vec<&str> = csv.lines().nth(1).unwrap().split(',').collect();
    let sum = |answer: &Value| {
        let groups = answer["steps"][0]["groups"].as_array().unwrap();
        groups.iter().map(|group| group["pods_placed"].as_u64().unwrap()).sum()
    };
    let sums = spread(&sum, false);
    assert_eq!(cells[column.unwrap()], sums["worst"].to_string());
    assert_eq!(cells[column.unwrap() + 2], sums["best"].to_string());
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    for format in ["table", "json", "csv", "markdown", "html"] {
        let played = |threads: &str| {
            let mut command = command(&[ZONE_LOSS, "--runs", "30", "-o", format]);
            ended(command.env("RAYON_NUM_THREADS", threads).output().unwrap())
        };
        let alone = played("1");
        assert_eq!(alone, played("4"), "{format}");
        assert_eq!(alone, simulate(&[ZONE_LOSS, "--runs", "30", "-o", format]), "{format}");
    }
}

#[test]
fn stdin_is_a_file_too() {
    for format in ["table", "json", "html"] {
        let text = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(SURGE)).unwrap();
        let (code, stdout, stderr) = from_stdin(&text, &["-o", format]);
        // A page says what was simulated.
        let stdout = stdout.replace("scenario from stdin", "surge.yaml");
        assert_eq!((code, stdout, stderr), simulate(&[SURGE, "-o", format]));
    }
}

/// The tags of a page that are opened and never closed, or closed and never opened.
fn unbalanced(page: &str) -> Vec<String> {
    const VOID: &[&str] = &["meta", "br", "!doctype", "input"];
    let mut open: Vec<String> = Vec::new();
    let mut wrong = Vec::new();
    for tag in page.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(tag, _)| tag) {
        let name: String = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap().into();
        if tag.ends_with('/') || VOID.contains(&name.as_str()) {
            continue;
        }
        if !tag.starts_with('/') {
            open.push(name);
        } else if open.pop().as_ref() != Some(&name) {
            wrong.push(name);
        }
    }
    [open, wrong].concat()
}

#[test]
fn a_page_needs_nothing_but_itself() {
    for arguments in [&[ZONE_LOSS][..], &[SURGE, "--runs", "3"]] {
        let (code, page, stderr) = simulate(&[arguments, &["-o", "html"]].concat());
        assert_eq!((code, stderr.as_str()), (Some(1), ""));
        assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
        assert_eq!(unbalanced(&page), [""; 0]);
        for outside in ["<script", "http:", "https:", "src=", "href=", "url(", "@import"] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert!(page.contains("DOES NOT FIT") && page.contains("<h2>Steps</h2>"));
    }
    let (_, page, _) = simulate(&[ZONE_LOSS, "-o", "html"]);
    // The subnet that is short comes first. 180 of 251 are 717 of 1000, 250 are 996.
    let cards: Vec<&str> = page.split("<section class=\"card ").skip(1).collect();
    let named =
        |name: &str| cards.iter().position(|card| card.contains(name) && card.contains("<table"));
    assert!(named("</span> nodes-b</h3>") < named("</span> nodes-a</h3>"), "{page}");
    let card = cards[named("</span> nodes-b</h3>").unwrap()];
    let rows: Vec<&str> =
        card.split("<tr").skip(2).map(|row| row.split("</tr>").next().unwrap()).collect();
    insta::assert_snapshot!(rows.join("\n"), @r#"
    ><th scope="row">0 start</th><td class="plot"><svg viewBox="0 0 1010 16" preserveAspectRatio="none" aria-hidden="true"><rect class="peak" x="0" y="1" width="717" height="14"/><rect class="used" x="0" y="4" width="717" height="8"/><rect class="limit" x="1000" y="0" width="4" height="16"/></svg></td><td class="number" data-name="at its end">180</td><td class="number" data-name="at most">180</td><td class="number" data-name="free /28">0</td>
     class="short"><th scope="row">1 lose_zone <strong class="bad">✖ first failure</strong></th><td class="plot"><svg viewBox="0 0 1010 16" preserveAspectRatio="none" aria-hidden="true"><rect class="peak" x="0" y="1" width="996" height="14"/><rect class="used" x="0" y="4" width="996" height="8"/><rect class="limit" x="1000" y="0" width="4" height="16"/></svg></td><td class="number" data-name="at its end">250</td><td class="number" data-name="at most">250</td><td class="number" data-name="free /28">0</td>
    "#);
    assert!(card.contains("Lacked addresses: step 1 lose_zone: 129 of 144 pods"), "{card}");
}

#[test]
fn names_from_outside_do_no_harm() {
    let name = "=<img src=x onerror=alert(1)>|&\\\"\\u001b[31m\\u202e";
    let text = SMALL.replace("NAME", name);
    for format in ["table", "json", "csv", "markdown", "html"] {
        let (code, stdout, stderr) = from_stdin(text.as_bytes(), &["-o", format]);
        assert_eq!(code, Some(1), "{stderr}");
        let all = stdout + &stderr;
        if matches!(format, "table" | "markdown" | "html") {
            assert!(!all.contains(['\u{1b}', '\u{202e}']), "{format}");
        }
        if matches!(format, "html" | "markdown") {
            assert!(!all.contains("<img"), "{format}");
            assert!(all.contains("&lt;img") || all.contains("&#60;img"), "{format}");
        }
    }
    let (_, csv, _) = from_stdin(text.as_bytes(), &["-o", "csv"]);
    assert!(csv.contains(",\"'=<img"), "{csv}");
    let (_, page, _) = from_stdin(text.as_bytes(), &["-o", "html"]);
    assert_eq!(unbalanced(&page), [""; 0]);
}

#[test]
fn bad_input_is_told_with_its_place() {
    let folder = scratch("bad");
    let good = CHANCE.to_owned();
    let rows: Vec<(&str, Vec<u8>, &str)> = vec![
        (
            "key",
            good.replace("nodes: 1", "node: 1").into(),
            "key: line 7, column 54: unknown field",
        ),
        ("cidr", good.replace("/25", "/99").into(), "line 3, column 36: `10.0.0.0/99` is not"),
        ("host", good.replace("0.0/25", "0.5/25").into(), "`10.0.0.5/25` has host bits set"),
        ("size", good.replace("0.0/25", "0.0/29").into(), "10.0.0.0/29 cannot be a subnet"),
        ("type", good.replace("m5.large", "m5.larg").into(), "hint: `eksnet limits list` shows"),
        ("name", good.replace("subnets: [a]", "subnets: [b]").into(), "hint: use a name that"),
        ("version", good.replace("version: 1", "version: 2").into(), "unknown scenario version 2"),
        ("cut.json", SMALL.as_bytes()[..60].into(), "unclosed bracket"),
        ("empty", Vec::new(), "empty: line 1, column 1: unexpected end of input"),
        ("remark", b"# nothing\n".into(), "unexpected end of input"),
        ("two", (good.clone() + "---\n" + &good).into(), "contains a second document"),
        ("binary", b"version: 1\n\x81\xfe".into(), "neither UTF-8 nor windows-1252"),
        ("list", b"[1, 2]".into(), "line 1, column 1"),
        ("null", b"null".into(), "line 1, column 1"),
        ("text", b"hello".into(), "line 1, column 1"),
        ("deep", "[".repeat(100_000).into(), "values are nested too deep to be read"),
        (
            "huge",
            vec![b'#'; 17 << 20],
            "huge: the file is larger than 16777216 bytes, the limit for a scenario",
        ),
        ("answer", br#"{"Subnets": []}"#.into(), "unknown field `Subnets`"),
    ];
    for (name, content, says) in rows {
        let file = folder.join(name);
        fs::write(&file, content).unwrap();
        let (code, stdout, stderr) = simulate(&[file.to_str().unwrap()]);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{name}: {stderr}");
        assert!(stderr.contains(says), "{name}: {stderr}");
        let starts: Vec<&str> =
            stderr.lines().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(starts, ["error:", "hint:"], "{name}: {stderr}");
    }
    let (code, _, stderr) = simulate(&[folder.to_str().unwrap()]);
    assert!(code == Some(2) && stderr.contains("is a directory"), "{stderr}");
    let (code, _, stderr) = simulate(&[folder.join("nothing").to_str().unwrap()]);
    assert!(code == Some(2) && stderr.contains("No such file"), "{stderr}");
}

#[test]
fn arguments_are_bounded() {
    for (arguments, says) in [
        (&[SURGE, "--runs", "0"][..], "0 is not in 1..=10000"),
        (&[SURGE, "--runs", "10001"], "10001 is not in 1..=10000"),
        (&[SURGE, "--runs", "many"], "invalid value 'many'"),
        (&[SURGE, "--seed", "-1"], "-1"),
        (&[SURGE, "--runs", "2", "--seed", "18446744073709551615"], "the largest seed"),
        (&[SURGE, "-o", "plain"], "plain"),
        (&[SURGE, SURGE], "unexpected argument"),
        (&[], "<FILE>"),
    ] {
        let (code, stdout, stderr) = simulate(arguments);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}: {stderr}");
        assert!(stderr.contains(says), "{arguments:?}: {stderr}");
    }
    let (code, stdout, _) = simulate(&[SURGE, "--runs", "1", "--seed", "18446744073709551615"]);
    assert_eq!(code, Some(1));
    assert!(stdout.starts_with("DOES NOT FIT: 1 of 1 runs fails (seed 18446744073709551615)\n"));
    let subnets: Vec<String> =
        (0..200).map(|at| format!("{{name: s{at}, zone: z, cidr: 10.0.{at}.0/24}}")).collect();
    let many = format!(
        "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets: [{}]\nsteps: [{}]\n",
        subnets.join(", "),
        ["{upgrade_control_plane: {}}"; 9].join(", ")
    );
    let (code, _, stderr) = from_stdin(many.as_bytes(), &["--runs", "2501"]);
    assert_eq!(code, Some(2));
    assert!(
        stderr
            .contains("of this layout: 5002000 states of subnets and groups: the limit is 5000000"),
        "{stderr}"
    );
    // One run is bounded alike.
    let subnets: Vec<String> = (0..2000)
        .map(|at| format!("{{name: s{at}, zone: z, cidr: 10.0.{}.{}/28}}", at / 16, at % 16 * 16))
        .collect();
    let many = format!(
        "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets: [{}]\nsteps: [{}]\n",
        subnets.join(", "),
        vec!["{upgrade_control_plane: {}}"; 2500].join(", ")
    );
    let (code, _, stderr) = from_stdin(many.as_bytes(), &[]);
    assert_eq!(code, Some(2));
    assert!(
        stderr.contains("-: 5002000 states of subnets and groups: the limit is 5000000"),
        "{stderr}"
    );
}

#[test]
fn large_blocks_want_a_flag_that_the_hint_names() {
    let large = SMALL.replace("10.0.0.0/16", "10.0.0.0/8").replace("10.0.0.0/28", "10.0.0.0/12");
    let (code, _, stderr) = from_stdin(large.as_bytes(), &[]);
    assert_eq!(code, Some(2));
    assert!(
        stderr.contains("10.0.0.0/8 is larger than a /16") && stderr.contains("--allow-large-cidr"),
        "{stderr}"
    );
    assert_eq!(from_stdin(large.as_bytes(), &["--allow-large-cidr"]).0, Some(0));
    let small = SMALL.replace("10.0.0.0/28", "10.0.0.0/29");
    assert!(!from_stdin(small.as_bytes(), &[]).2.contains("--allow-large-cidr"));
}

#[test]
fn nothing_to_place_fits() {
    let none = CHANCE.replace("nodes: 1", "nodes: 0");
    let (code, stdout, stderr) = from_stdin(none.as_bytes(), &[]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert!(stdout.contains("0/0"));
    // A byte order mark is no slip.
    assert_eq!(from_stdin(&[b"\xef\xbb\xbf", none.as_bytes()].concat(), &[]).1, stdout);
}

#[test]
fn another_catalogue_knows_other_types() {
    let text = CHANCE.replace("m5.large", "m99.large");
    assert_eq!(from_stdin(text.as_bytes(), &[]).0, Some(2));
    let (code, stdout, stderr) =
        from_stdin(text.as_bytes(), &["--limits", "examples/instance-types.json"]);
    assert!(code == Some(0) || code == Some(1), "{stderr}");
    assert!(stdout.contains("Steps"));
}

#[test]
fn a_closed_pipe_has_read_enough() {
    for format in ["table", "json", "csv", "html"] {
        let mut child = command(&["examples/scenarios/idle.yaml", "-o", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let (code, _, stderr) = ended(child.wait_with_output().unwrap());
        assert_eq!((code, stderr.as_str()), (Some(0), ""), "{format}");
    }
}

#[test]
fn a_file_of_output_holds_the_page() {
    let file = scratch("output").join("page.html");
    let path = file.to_str().unwrap();
    let (code, stdout, _) = simulate(&[SURGE, "-o", "html", "--output-file", path]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert_eq!(fs::read_to_string(&file).unwrap(), simulate(&[SURGE, "-o", "html"]).1);
}

/// What AWS refuses does not fit, wherever its addresses go.
#[test]
fn blocks_that_aws_refuses_do_not_fit() {
    let fits = "version: 1\nvpc: {cidrs: [10.0.0.0/16]}\n\
        subnets: [{name: a, zone: z, cidr: 10.0.0.0/24}]\n";
    let text = fits.replace("10.0.0.0/16]", "10.0.0.0/16, 198.19.0.0/16]");
    let (code, stdout, _) = from_stdin(text.as_bytes(), &[]);
    assert_eq!(code, Some(1), "{stdout}");
    let refusal = "198.19.0.0/16 cannot be added to a VPC whose primary block is 10.0.0.0/16";
    assert!(
        stdout.starts_with(&format!("DOES NOT FIT: AWS refuses the VPC: {refusal}")),
        "{stdout}"
    );
    assert!(stdout.contains("critical vpc-cidr: vpc: 198.19.0.0/16"), "{stdout}");
    // The verdict and the exit code are one, in every format.
    let answer = json(&text, &[]);
    assert_eq!(answer["verdict"], "fails");
    assert_eq!(answer["first_failure"]["reason"], "vpc-block-refused");
    assert_eq!(
        (&answer["first_failure"]["wanted"], &answer["first_failure"]["placed"]),
        (&2.into(), &1.into())
    );
    assert_eq!(
        (&answer["failures"][0], &answer["failures"][1]),
        (&answer["first_failure"], &Value::Null)
    );
    assert_eq!(json(&text, &["--runs", "3"])["runs"]["failed"], 3);
    let quota = fits.replace(
        "10.0.0.0/16]",
        "10.0.0.0/16, 100.64.0.0/16, 100.65.0.0/16, 100.66.0.0/16, 100.67.0.0/16, 100.68.0.0/16]",
    );
    let (code, stdout, _) = from_stdin(quota.as_bytes(), &[]);
    assert_eq!(code, Some(0), "{stdout}");
    assert!(stdout.contains("warning vpc-cidr-quota: vpc: "), "{stdout}");
}

/// The start is what the audit counts; what does not show is said.
#[test]
fn a_simulation_starts_from_saved_answers() {
    let folder = scratch("from");
    let steps = folder.join("steps.yaml");
    fs::write(&steps, "version: 1\nsteps: [{upgrade_control_plane: {}}]\n").unwrap();
    let steps = steps.to_str().unwrap();
    let example = Folder::example("simulate-saved-answers");
    let from = ["--from", example.from()];
    assert_eq!(simulate(&[&[steps][..], &from].concat()).0, Some(0));
    let (code, stdout, stderr) =
        simulate(&[&[steps][..], &from, &["--cluster", "harbour-prod"]].concat());
    assert_eq!((code, stderr.as_str()), (Some(0), ""), "{stdout}");
    assert!(stdout.starts_with("FITS"), "{stdout}");
    assert!(
        stdout.contains("note: general: pods are not available and were estimated: "),
        "{stdout}"
    );
    let (code, _, stderr) = simulate(&[steps, "--vpc", "vpc-0abc"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("require --from"), "{stderr}");
    let (code, _, stderr) = simulate(&[steps, "--from", "examples/nothing"]);
    assert_eq!(code, Some(2), "{stderr}");
    let (code, _, stderr) = simulate(&[steps]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("subnets: 0 subnets"), "{stderr}");
}

/// A /26 has 59 addresses, of which an m5.large with three pods takes 20 with its warm ENI: two nodes leave
/// 19, and the third cannot have its warm one.
#[test]
fn a_layout_with_nothing_to_spare_says_so() {
    let text = |nodes: u32| {
        format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\n\
             subnets: [{{name: a, zone: z, cidr: 10.0.0.0/26}}]\n\
             node_groups: [{{name: g, instance_type: m5.large, subnets: [a], nodes: {nodes}, \
             pods_per_node: 3}}]\n"
        )
    };
    let run = |nodes: u32, arguments: &[&str]| from_stdin(text(nodes).as_bytes(), arguments);
    assert_eq!(run(2, &["--fail-on-tight"]).0, Some(0));
    let (code, stdout, _) = run(3, &[]);
    assert_eq!(code, Some(0));
    let first = "FITS, WITH NOTHING TO SPARE: 1 node of group g cannot reach its warm target: a \
                 has too few free addresses or /28 blocks\n";
    assert!(stdout.starts_with(first), "{stdout}");
    assert_eq!(run(3, &["--fail-on-tight"]).0, Some(1));
    let (_, _, stderr) = run(3, &["-o", "csv"]);
    assert!(stderr.starts_with(&format!("note: {first}")), "{stderr}");
    let reasons = |arguments: &[&str]| json(&text(3), arguments)["tight"].clone();
    assert_eq!(reasons(&[])["is"], true);
    assert_eq!(reasons(&["--margin", "100"])["reasons"].as_array().map(Vec::len), Some(1));
    assert_eq!(reasons(&["--margin", "100"])["reasons"][0]["kind"], "warm-target-unmet");
    let page = run(3, &["-o", "html"]).1;
    assert!(page.contains("FITS, WITH NOTHING TO SPARE"), "{page}");
}

/// A churn's waits are in every format: in the rows of its step, and empty in the others'.
#[test]
fn waits_are_columns_of_their_step() {
    let text = "version: 1\nvpc: {cidrs: [10.0.0.0/16]}\nsubnets: [{name: a, zone: z, cidr: 10.0.0.0/24}]\n\
        node_groups: [{name: g, instance_type: m5.large, subnets: [a], nodes: 1, pods_per_node: 5}]\n\
        steps: [{churn: {group: g, pods_per_minute: 12, minutes: 1}}]\n";
    let (_, stdout, _) = from_stdin(text.as_bytes(), &["-o", "csv"]);
    let rows: Vec<Vec<&str>> = stdout.lines().map(|line| line.split(',').collect()).collect();
    let waits = json(text, &[])["steps"][1]["waits"].clone();
    for (key, column) in [("started", 5), ("waited", 4), ("longest_s", 3), ("never", 2)] {
        let at = |row: usize| rows[row][rows[row].len() - column];
        assert_eq!((at(0), at(1)), (format!("waits_{key}").as_str(), ""));
        assert_eq!(at(2), waits[key].to_string(), "{key}");
    }
    assert_eq!(waits["started"], 12);
}
