//! Laws across commands: what one says is what another says, and an exit code is what the answer says.

use std::{
    fs,
    path::{Path, PathBuf},
};

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::{
    made::{Eni, MadeVpc, Pod},
    run::{command, ended, root, scratch},
};

/// Runs the program in the repository; the exit code and the document.
fn json_of(arguments: &[&str]) -> (i32, Value) {
    let all = [arguments, &["-o", "json"]].concat();
    let (code, stdout, stderr) = ended(command(&all).current_dir(root()).output().unwrap());
    let document = serde_json::from_str(&stdout);
    (code.unwrap(), document.unwrap_or_else(|error| panic!("{arguments:?}: {error}: {stderr}")))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A world of settled m5.large nodes in the subnet `subnet-a`: each with full ENIs, or with prefixes on its
/// first.
struct Small {
    nodes: u32,
    pods: u32,
    enis: u32,
    prefixes: u32,
    /// Addresses that others hold.
    others: u32,
    reserved: &'static [(&'static str, &'static str)],
    cidr: &'static str,
}

const SMALL: Small = Small {
    nodes: 4,
    pods: 5,
    enis: 2,
    prefixes: 0,
    others: 0,
    reserved: &[],
    cidr: "10.0.0.0/24",
};

impl Small {
    /// The folder; addresses go up from 10.0.0.4, prefixes down from the last block but one of the first
    /// /24.
    fn write(&self, name: &str) -> PathBuf {
        let mut vpc = MadeVpc::default();
        vpc.subnet("subnet-a", self.cidr, "eu-west-1a");
        for (cidr, kind) in self.reserved {
            vpc.reserve("subnet-a", cidr, kind);
        }
        let prefix = if self.prefixes > 0 { "true" } else { "false" };
        let variables = [
            ("WARM_ENI_TARGET", "1"),
            ("WARM_PREFIX_TARGET", "1"),
            ("ENABLE_PREFIX_DELEGATION", prefix),
        ];
        vpc.cni(&json!([]), &variables);
        let mut next = (4..).map(|host: u32| format!("10.0.{}.{}", host / 256, host % 256));
        let mut block = (1..15).rev();
        for at in 0..self.nodes {
            let (id, node) = (format!("i-{at}"), format!("node-{at}"));
            vpc.instance(&id);
            vpc.node(&node, &id, "29");
            let (mut host, mut pool) = (String::new(), Vec::new());
            for device in 0..self.enis {
                let mut eni = Eni { subnet: "subnet-a", of: Some((&id, 0)), ..Eni::default() };
                eni.of = Some((&id, usize::try_from(device).unwrap()));
                let secondary = if self.prefixes > 0 { 0 } else { 9 };
                eni.addresses = next.by_ref().take(1 + secondary).collect();
                pool.extend(eni.addresses.iter().skip(1).cloned());
                if device == 0 {
                    host.clone_from(&eni.addresses[0]);
                    for first in block.by_ref().take(usize::try_from(self.prefixes).unwrap()) {
                        eni.prefixes.push(format!("10.0.0.{}/28", first * 16));
                        pool.extend((0..16).map(|ip| format!("10.0.0.{}", first * 16 + ip)));
                    }
                }
                vpc.eni(&eni);
            }
            for (number, ip) in pool.iter().take(usize::try_from(self.pods).unwrap()).enumerate() {
                vpc.pod(&Pod { name: format!("web-{at}-{number}"), node: &node, ip, host: &host });
            }
            vpc.pod(&Pod { name: format!("proxy-{at}"), node: &node, ip: &host, host: &host });
        }
        for address in next.take(usize::try_from(self.others).unwrap()) {
            vpc.eni(&Eni { subnet: "subnet-a", addresses: vec![address], ..Eni::default() });
        }
        let folder = scratch(name);
        vpc.write(&folder, &[]);
        folder
    }

    /// What `--what-if` says of the subnet, and how a simulation ends in which the settings change and all
    /// nodes are replaced at once: addresses in use that are not others', and whether all pods have one.
    fn both(&self, name: &str, settings: &str, keys: &str) -> (Value, u64, bool) {
        let folder = self.write(name);
        let (_, audit) = json_of(&["audit", "--from", text(&folder), "--what-if", settings]);
        let row = audit["what_if"][0]["subnets"][0].clone();
        assert!(row["would_hold"].is_u64(), "{name}: {}", audit["what_if"]);
        let scenario = folder.join("steps.scenario");
        let steps = format!(
            "version: 1\nsteps:\n- set_cni: {{{keys}}}\n- rollout: {{group: ungrouped, max_unavailable: 100%}}\n"
        );
        fs::write(&scenario, steps).unwrap();
        let (_, played) =
            json_of(&["simulate", text(&scenario), "--from", text(&folder), "--no-remedy"]);
        let last = &played["steps"][2];
        let used = last["subnets"][0]["used"].as_u64().unwrap() - u64::from(self.others);
        let group = &last["groups"][0];
        (row, used, group["pods_wanted"] == group["pods_placed"])
    }
}

/// A world by name, the settings as `--what-if` and as a scenario has them, and by hand what is short at
/// least: addresses, and the /28 blocks among them.
type Asked<'a> = (&'a str, Small, (&'a str, &'a str), (u64, u64));

/// Where nothing is short, all nodes replaced by others hold what was said, to an address. Where something
/// is, they hold less by that at least: EC2 gives an ENI with its addresses or none. Addresses that nodes
/// hold count as given back before fresh ones come, so all go at once here.
#[test]
fn what_if_is_what_a_rollout_makes_of_it() {
    let explicit: &[_] = &[("10.0.0.128/25", "explicit")];
    let prefix: &[_] = &[("10.0.0.128/25", "prefix")];
    let both: &[_] = &[("10.0.0.96/27", "explicit"), ("10.0.0.128/25", "prefix")];
    let warm_ip = ("warm-ip-target=2", "warm_ip_target: 2");
    let warm_eni = ("warm-eni-target=2", "warm_eni_target: 2");
    let to_prefix = ("prefix,warm-prefix-target=1", "prefix_delegation: true");
    let three = ("prefix,warm-prefix-target=3", "prefix_delegation: true, warm_prefix_target: 3");
    let one_eni = ("max-eni=1", "max_eni: 1");
    let held = Small { enis: 1, prefixes: 2, ..SMALL };
    let rows: [Asked<'_>; 12] = [
        // 4 × (7 + 1), of one ENI.
        ("fewer", SMALL, warm_ip, (0, 0)),
        ("fewest", SMALL, one_eni, (0, 0)),
        // 4 × 30 of 251.
        ("more", SMALL, warm_eni, (0, 0)),
        // 124 are open, and 120 wanted.
        ("more-explicit", Small { reserved: explicit, ..SMALL }, warm_eni, (0, 0)),
        // 5 nodes want 150 of those 124.
        ("too-many-explicit", Small { nodes: 5, reserved: explicit, ..SMALL }, warm_eni, (26, 0)),
        // 124 outside the reservation, from which single addresses do not come.
        ("too-many-beside", Small { nodes: 5, reserved: prefix, ..SMALL }, warm_eni, (26, 0)),
        // 12 nodes hold 240; 12 × 30 of 251 are wanted.
        ("too-many", Small { nodes: 12, ..SMALL }, warm_eni, (109, 0)),
        // 2 each of the 7 blocks inside (the last of the subnet is none).
        ("prefixes-inside", Small { nodes: 3, reserved: prefix, ..SMALL }, to_prefix, (0, 0)),
        // 4 × 2 of 7.
        ("one-block-short", Small { reserved: prefix, ..SMALL }, to_prefix, (16, 1)),
        // Of four, 3 each by the target and never more than max pods need at once.
        ("blocks-short", Small { reserved: both, ..SMALL }, three, (80, 5)),
        // Held outside of what a prefix comes from now: nothing given back there is of use.
        ("as-now", Small { nodes: 3, reserved: prefix, ..held }, to_prefix, (0, 0)),
        (
            "back-to-singles",
            Small { nodes: 3, ..held },
            ("prefix=false", "prefix_delegation: false"),
            (0, 0),
        ),
    ];
    for (name, world, (settings, keys), (short, prefixes)) in rows {
        let (row, used, all_placed) = world.both(name, settings, keys);
        let would_hold = row["would_hold"].as_u64().unwrap();
        let said = (row["short"].as_u64().unwrap(), row["short_prefixes"].as_u64().unwrap());
        assert_eq!(said, (short, prefixes), "{name}: {row}");
        if short == 0 {
            assert_eq!((used, all_placed), (would_hold, true), "{name}: {row}");
        } else {
            assert!(used + short <= would_hold, "{name}: {used}, {row}");
        }
    }
}

/// A document as YAML in blocks, as kubectl writes it.
fn yaml(value: &Value, depth: usize) -> String {
    let indent = "  ".repeat(depth);
    let lines = |lines: Vec<String>| format!("\n{}", lines.join("\n"));
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let field =
                |(name, value)| format!("{indent}{}: {}", json!(name), yaml(value, depth + 1));
            lines(fields.iter().map(field).collect())
        }
        Value::Array(items) if !items.is_empty() => {
            lines(items.iter().map(|item| format!("{indent}- {}", yaml(item, depth + 1))).collect())
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => value.to_string(),
    }
}

/// The numbers of an audit, without where they are from.
fn numbers(arguments: &[&str]) -> Value {
    let flags = ["--all", "--what-if", "warm-ip-target=2", "--want-prefixes", "3"];
    let (code, mut audit) = json_of(&[&["audit"], arguments, &flags].concat());
    audit.as_object_mut().unwrap().remove("source");
    audit["exit"] = json!(code);
    audit
}

/// However the same state is told, the numbers are the same.
#[test]
fn one_state_has_one_audit() {
    let folder = scratch("told");
    let example = root().join("examples/vpc-prod");
    let expected = numbers(&["--from", text(&example)]);
    let snapshot = folder.join("whole.json");
    let run = |arguments: &[&str]| ended(command(arguments).output().unwrap());
    run(&["snapshot", "--from", text(&example), "--output-file", text(&snapshot)]);
    assert_eq!(numbers(&["--from", text(&snapshot)]), expected, "a snapshot");
    let saved = folder.join("saved.json");
    run(&["audit", "--from", text(&example), "--save", text(&saved), "-q"]);
    assert!(fs::read(&saved).unwrap() == fs::read(&snapshot).unwrap());
    // A folder for each answer, and kubectl's as YAML.
    let mut arguments = Vec::new();
    for (at, of) in [example.clone(), example.join("kubernetes")].iter().enumerate() {
        for entry in fs::read_dir(of).unwrap() {
            let path = entry.unwrap().path();
            if !path.is_file() {
                continue;
            }
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let own = folder.join(format!("{at}-{stem}"));
            fs::create_dir(&own).unwrap();
            let value: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            if at == 0 {
                fs::copy(&path, own.join(path.file_name().unwrap())).unwrap();
            } else {
                let yaml = yaml(&value, 0);
                fs::write(own.join(format!("{stem}.yaml")), yaml).unwrap();
            }
            arguments.push(text(&own).to_owned());
        }
    }
    arguments.sort();
    let several: Vec<&str> = arguments.iter().flat_map(|from| ["--from", from.as_str()]).collect();
    assert_eq!(numbers(&several), expected, "several");
    // A simulation starts from a snapshot as from the answers.
    let play =
        |from: &Path| json_of(&["simulate", "examples/move-pods.yaml", "--from", text(from)]);
    assert_eq!(play(&snapshot), play(&example));
}

/// A group that starts with its nodes is one that grew to them.
#[test]
fn grown_at_once_or_in_steps_is_the_same() {
    let folder = scratch("grown");
    let last = |nodes: u32, prefix: bool, steps: &[u32]| {
        let file = folder.join("scenario.yaml");
        let scales: Vec<String> =
            steps.iter().map(|to| format!("- scale: {{group: g, nodes: {to}}}\n")).collect();
        let scales = scales.concat();
        let scenario = format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n\
             - {{name: a, zone: z-a, cidr: 10.0.0.0/23, used: 7}}\n\
             - {{name: b, zone: z-b, cidr: 10.0.2.0/24}}\n\
             cni: {{prefix_delegation: {prefix}}}\nnode_groups:\n\
             - {{name: g, instance_type: m5.large, subnets: [a, b], nodes: {nodes}, pods_per_node: 12}}\n\
             steps:\n{scales}- pods: {{group: g, per_node: 12}}\n"
        );
        fs::write(&file, scenario).unwrap();
        let (_, answer) = json_of(&["simulate", text(&file), "--no-remedy"]);
        let last = answer["steps"].as_array().unwrap().last().unwrap().clone();
        let subnets: Vec<(Value, Value)> = last["subnets"]
            .as_array()
            .unwrap()
            .iter()
            .map(|subnet| (subnet["name"].clone(), subnet["used"].clone()))
            .collect();
        (answer["verdict"].clone(), last["groups"].clone(), subnets)
    };
    for (nodes, prefix) in [(1, false), (10, false), (17, false), (10, true), (16, true)] {
        let at_once = last(nodes, prefix, &[]);
        assert_eq!(last(0, prefix, &[nodes]), at_once, "{nodes} from 0");
        assert_eq!(last(1, prefix, &[nodes / 2 + 1, nodes]), at_once, "{nodes} in two steps");
    }
}

fn schema(name: &str) -> Validator {
    let (_, stdout, _) = ended(command(&["generate", "schema", name]).output().unwrap());
    jsonschema::validator_for(&serde_json::from_str(&stdout).unwrap()).unwrap()
}

#[track_caller]
fn holds(schema: &Validator, value: &Value, of: &[&str]) {
    let errors: Vec<String> =
        schema.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{of:?}: {errors:#?}");
}

/// Each document is as its schema says, whatever sections are asked for.
#[test]
fn every_document_is_as_its_schema_says() {
    let folder = scratch("files");
    let (from, baseline) = ("examples/vpc-prod", folder.join("baseline.json"));
    let history = folder.join("history");
    fs::create_dir(&history).unwrap();
    json_of(&["audit", "--from", from, "--write-baseline", text(&baseline)]);
    for day in 1..=9 {
        let (_, snapshot, _) =
            ended(command(&["snapshot", "--from", from]).current_dir(root()).output().unwrap());
        let mut snapshot: Value = serde_json::from_str(&snapshot).unwrap();
        snapshot["inventory"]["source"]["captured_at"] =
            json!(format!("2026-11-{day:02}T00:00:00Z"));
        fs::write(history.join(format!("{day}.json")), snapshot.to_string()).unwrap();
    }
    let (first, last) = (history.join("1.json"), history.join("9.json"));
    let with_prefixes = "prefix,warm-prefix-target=2";
    let audits: [&[&str]; 11] = [
        &["--all"],
        &["--nodes", "--owners"],
        &["--map"],
        &["--history", text(&history)],
        &["--what-if", with_prefixes, "--what-if", "max-eni=1,custom-networking"],
        &["--want-prefixes", "3"],
        &["--baseline", text(&baseline)],
        &["--policy", "examples/policy.yaml"],
        &["--redact", "--all"],
        &["--limits", "examples/instance-types.json", "--min-free", "99", "--min-prefixes", "9"],
        &[
            "--all",
            "--history",
            text(&history),
            "--what-if",
            "warm-ip-target=2",
            "--want-prefixes",
            "2",
            "--baseline",
            text(&baseline),
        ],
    ];
    let audit = schema("audit");
    for more in audits {
        for from in [from, text(&last)] {
            let arguments = [&["audit", "--from", from], more].concat();
            holds(&audit, &json_of(&arguments).1, &arguments);
        }
    }
    let verified = ["limits", "verify", "--from", "examples/instance-types.json"];
    let rows: [(&str, &[&str]); 23] = [
        ("node", &["node", "m5.large"]),
        ("node", &["node", "m5.large", "--pods", "99", "--nodes", "3"]),
        ("node", &["node", "m4.large", "--prefix", "--pod-eni", "--custom-networking"]),
        ("node", &["node", "m5.large", "--sweep", "1..9"]),
        ("node", &["node", "m5.large", "--compare", "prefix", "--compare", "max-eni=1"]),
        ("node", &["node", "m5.large", "--os", "windows", "--sweep", "1..3"]),
        ("node", &["node", "m5.large", "--os", "windows", "--compare", "prefix"]),
        ("node", &["node", "m5.large", "--ipv6"]),
        ("node", &["node", "m5.large", "--ipv6", "--sweep", "1..2"]),
        ("node", &["node", "m5.large", "--subnet-free", "12", "--pods", "20"]),
        ("node", &["node", "m5.large", "--custom-networking", "--max-eni", "1"]),
        ("maxpods", &["maxpods", "--all", "--explain"]),
        ("maxpods", &["maxpods", "--all", "--explain", "--prefix", "--pod-eni"]),
        ("maxpods", &["maxpods", "m5.*", "--explain", "--ipv6", "--cap", "none"]),
        ("maxpods", &["maxpods", "m5.*", "--explain", "--os", "windows"]),
        ("limits", &["limits", "list"]),
        ("limits", &["limits", "show", "m5.large"]),
        ("limits", &["limits", "show", "p2.xlarge"]),
        ("limits-verify", &verified),
        ("diff", &["diff", from, from]),
        ("diff", &["diff", text(&first), text(&last)]),
        ("simulate", &["simulate", "examples/move-pods.yaml", "--from", from, "--runs", "2"]),
        ("simulate", &["simulate", "examples/scenarios/surge.yaml", "--fail-on-tight"]),
    ];
    for (name, arguments) in rows {
        holds(&schema(name), &json_of(arguments).1, arguments);
    }
    let file = |path: &Path| serde_json::from_slice::<Value>(&fs::read(path).unwrap()).unwrap();
    holds(&schema("baseline"), &file(&baseline), &["a baseline"]);
    holds(&schema("snapshot"), &file(&last), &["a snapshot"]);
    let catalogue = ["limits", "update", "--from", "examples/instance-types.json"];
    let (_, stdout, _) = ended(command(&catalogue).current_dir(root()).output().unwrap());
    holds(&schema("instance-limits"), &serde_json::from_str(&stdout).unwrap(), &catalogue);
}

/// 4 exactly where something is withheld; else 1 exactly where a finding is at the bar; else 0.
#[test]
fn an_audit_ends_as_its_findings_say() {
    let whole = root().join("examples/vpc-prod");
    let small = Small { nodes: 12, others: 4, ..SMALL }.write("full");
    let cut = scratch("cut");
    for entry in fs::read_dir(&small).unwrap() {
        let path = entry.unwrap().path();
        if path.file_stem().unwrap() != "subnet-cidr-reservations" {
            fs::copy(&path, cut.join(path.file_name().unwrap())).unwrap();
        }
    }
    let order = ["info", "warning", "critical"];
    for folder in [&whole, &small, &cut] {
        for more in [&[][..], &["--min-free", "9"], &["--what-if", "max-eni=1,custom-networking"]] {
            for bar in ["info", "warning", "critical", "never"] {
                let arguments = ["audit", "--from", text(folder), "--fail-on", bar];
                let (code, report) = json_of(&[&arguments, more].concat());
                let at_bar = report["findings"].as_array().unwrap().iter().any(|finding| {
                    let at = |name: &Value| order.iter().position(|known| name == known);
                    order.iter().position(|known| *known == bar) <= at(&finding["severity"])
                        && bar != "never"
                });
                let withheld = !report["withheld"].as_array().unwrap().is_empty();
                let expected = if withheld { 4 } else { i32::from(at_bar) };
                assert_eq!(code, expected, "{arguments:?} {more:?}");
            }
        }
    }
}

/// 0 exactly where the layout fits; a first failure exactly where it fails, which is the first of all; and
/// what is tight counts where that is asked for.
#[test]
fn a_simulation_ends_as_its_verdict_says() {
    for entry in fs::read_dir(root().join("examples/scenarios")).unwrap() {
        let path = entry.unwrap().path();
        for more in [&[][..], &["--margin", "30"], &["--runs", "3"], &["--no-remedy"]] {
            for strict in [&[][..], &["--fail-on-tight"]] {
                let arguments = [&["simulate", text(&path)], more, strict].concat();
                let (code, answer) = json_of(&arguments);
                let fits = answer["verdict"] == "fits";
                let is_tight = answer["tight"]["is"] == true;
                let done = fits && (strict.is_empty() || !is_tight);
                assert_eq!(code, i32::from(!done), "{arguments:?}");
                let reasons = answer["tight"]["reasons"].as_array().unwrap();
                assert_eq!(is_tight, !reasons.is_empty(), "{arguments:?}");
                if fits {
                    assert!(answer["first_failure"].is_null(), "{arguments:?}");
                    assert_eq!(answer["failures"], json!([]), "{arguments:?}");
                }
            }
        }
    }
}
