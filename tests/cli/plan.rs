//! `eksnet plan` as a program: flags over files over what was observed, exit codes, formats, files.

use std::fs;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::{
    folder::Folder,
    history::two_months,
    run::{Ended, command, ended, fed, root, scratch},
};

/// A requirement that is planned in a moment.
const SMALL: &[&str] =
    &["--pods", "40..60", "--type", "m5.large", "--zones", "2", "--allow", "warm-targets"];

fn plan(arguments: &[&str]) -> Ended {
    ended(command(&[&["plan"], arguments].concat()).current_dir(root()).output().unwrap())
}

fn json(arguments: &[&str]) -> Value {
    let (code, stdout, stderr) = plan(&[arguments, &["-o", "json"]].concat());
    assert!(matches!(code, Some(0 | 1 | 4)), "{arguments:?}: {stderr}");
    serde_json::from_str(&stdout).unwrap()
}

/// A requirement file with this text.
fn file(name: &str, text: &str) -> String {
    let path = scratch(name).join("requirement.yaml");
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn flags_are_a_requirement() {
    let answer = json(
        &[
            SMALL,
            &["--survive", "zone-loss,rollout=50%,upgrade", "--growth", "1.5/18mo"],
            &["--vpc-cidr", "10.0.0.0/20", "--used", "10.0.8.0/24", "--avoid", "172.16.0.0/12"],
            &["--service-cidr", "10.100.0.0/16", "--routable", "3000", "--max-nodes", "9"],
        ]
        .concat(),
    );
    let asked = &answer["requirement"];
    assert_eq!(asked["groups"][0]["pods"], json!({"usual": 40, "peak": 60}));
    assert_eq!(asked["groups"][0]["instance_types"], json!(["m5.large"]));
    assert_eq!(asked["groups"][0]["max_nodes"], 9);
    assert_eq!(asked["groups"][0]["host_network_pods"], 2);
    assert_eq!(asked["zones"], json!(["zone-a", "zone-b"]));
    assert_eq!(asked["survive"]["zone_loss"], 1);
    assert_eq!(asked["survive"]["rollout"]["max_surge"], "50%");
    assert_eq!(asked["survive"]["upgrade"], true);
    assert_eq!(asked["growth"], json!({"factor": 1.5, "over": "18mo"}));
    assert_eq!(asked["vpc"]["cidrs"], json!(["10.0.0.0/20"]));
    assert_eq!(asked["vpc"]["used"], json!(["10.0.8.0/24"]));
    assert_eq!(asked["vpc"]["avoid"], json!(["172.16.0.0/12"]));
    assert_eq!(asked["cluster"]["service_cidr"], "10.100.0.0/16");
    assert_eq!(asked["limits"]["routable_addresses"], 3000);
    assert_eq!(asked["allow"], json!(["warm-targets"]));
    let assumed = answer["assumed"].as_array().unwrap();
    let is_said = |text: &Value| text.as_str().unwrap().contains("zone-a, zone-b");
    assert!(assumed.iter().any(is_said), "{assumed:?}");
}

const TWO: &str = "version: 1
vpc: {cidrs: [10.0.0.0/20], used: [10.0.8.0/24]}
zones: [eu-west-1a, eu-west-1b]
groups:
  - {name: a, pods: {usual: 10, peak: 21}, instance_types: [m5.large], pods_per_node: 10}
  - {name: b, pods: {peak: 5}, instance_types: [m5.large]}
allow: [warm-targets]
";

#[test]
fn flags_go_over_the_file() {
    let one = TWO.replace("  - {name: b, pods: {peak: 5}, instance_types: [m5.large]}\n", "");
    let one = file("one", &one);
    let answer = json(&[&one, "--pods", "30", "--used", "10.0.9.0/24", "--zones", "1"]);
    let asked = &answer["requirement"];
    assert_eq!(asked["groups"][0]["pods"], json!({"usual": 30, "peak": 30}));
    assert_eq!(asked["groups"][0]["pods_per_node"], 10);
    assert_eq!(asked["vpc"]["used"], json!(["10.0.8.0/24", "10.0.9.0/24"]), "what is taken stays");
    assert_eq!(asked["zones"], json!(["eu-west-1a"]), "zones that are known have their names");
    let two = file("two", TWO);
    let answer = json(&[&two, "--pods-times", "1.5"]);
    let pods: Vec<&Value> =
        answer["requirement"]["groups"].as_array().unwrap().iter().map(|g| &g["pods"]).collect();
    assert_eq!(
        pods,
        [&json!({"usual": 15, "peak": 32}), &json!({"usual": 8, "peak": 8})],
        "rounded up"
    );
}

#[test]
fn slips_are_told_with_what_was_meant() {
    let two = file("slips", TWO);
    let rows: [(&[&str], &str, &str); 15] = [
        (&[], "<FILE>", "eksnet plan requirement.yaml"),
        (&[&two, "--pods", "9"], "--pods is of one group, but there are 2: a, b", "--pods-times"),
        (&[&two, "--type", "m5.large"], "--type is of one group", "by the group's name"),
        (&["--pods", "9.."], "--pods: the number at the peak is required", "--pods 4000..6000"),
        (&["--pods", "0"], "--pods: the number at the peak", "--pods 6000"),
        (&[&two, "--pods-times=-1"], "--pods-times", ""),
        (&[&two, "--pods-times", "nan"], "--pods-times", ""),
        (&[&two, "--survive", "zone-los"], "no event `zone-los`", "did you mean zone-loss?"),
        (&[&two, "--survive", "zone-loss=x"], "--survive zone-loss", "zone-loss=2"),
        (&[&two, "--survive", "rollout=x%"], "`x%` is neither", "rollout=33%"),
        (&[&two, "--allow", "prefix"], "no lever `prefix`", "did you mean prefixes?"),
        (&[&two, "--growth", "0.5/1y"], "`0.5/1y` has no factor from 1 to 1000", "1.5/18mo"),
        (&[&two, "--growth", "2/18"], "`18` is no length of time", "1.5/18mo"),
        (&[&two, "--vpc-cidr", "10.0.0.1/16"], "the network is 10.0.0.0/16", "10.0.0.0/16"),
        (&[&two, "--zones", "27"], "--zones 27", "--zones 3"),
    ];
    for (arguments, error, hint) in rows {
        let (code, stdout, stderr) = plan(arguments);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}: {stderr}");
        let lines: Vec<&str> = stderr.lines().collect();
        let [first, second] = lines[..] else { panic!("{arguments:?}: {stderr}") };
        assert!(first.starts_with("error: ") && first.contains(error), "{arguments:?}: {first}");
        assert!(second.starts_with("hint: ") && second.contains(hint), "{arguments:?}: {second}");
    }
}

#[test]
fn a_file_that_is_none_is_told_with_its_place() {
    for (text, said) in [
        ("version: 1\ngroupss: []\n", "line 2, column 1: unknown field `groupss`"),
        ("version: 2\ngroups: []\n", "unknown requirement version 2"),
        ("version: 1\ngroups: [{name: a, pods: {peak: many}}]\n", "line 2"),
        ("[", ""),
    ] {
        let path = file("none", text);
        let (code, _, stderr) = plan(&[&path]);
        assert_eq!(code, Some(2), "{text}: {stderr}");
        assert!(stderr.starts_with(&format!("error: {path}: ")), "{stderr}");
        assert!(stderr.contains(said) && stderr.contains("\nhint: "), "{stderr}");
    }
    // What can be read and not be planned for names its key.
    let types = TWO.replacen("[m5.large]", "[m5.larg]", 1);
    let (code, _, stderr) = plan(&[&file("types", &types)]);
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains("groups[0]") && stderr.contains("m5.large"), "{stderr}");
}

/// What AWS refuses of a VPC is no VPC to plan in. One that has subnets is there.
#[test]
fn blocks_that_aws_refuses_are_no_vpc() {
    let of = |cidrs: &str, subnets: &str| {
        format!(
            "version: 1\nzones: [a, b]\nvpc: {{cidrs: [{cidrs}]{subnets}}}\ngroups:\n  - {{name: g, pods: \
             {{peak: 40}}, instance_types: [m5.large]}}\nallow: []\n"
        )
    };
    for (cidrs, said) in [
        ("10.0.0.0/20, 192.168.0.0/20", "192.168.0.0/20 cannot be added"),
        ("10.0.0.0/20, 10.0.8.0/21", "10.0.8.0/21 overlaps 10.0.0.0/20"),
        ("10.0.0.0/15", "10.0.0.0/15 cannot be a VPC CIDR block"),
        ("169.254.0.0/20", "no VPC can use addresses of 169.254.0.0/16"),
    ] {
        let (code, _, stderr) = plan(&[&file("refused", &of(cidrs, ""))]);
        assert_eq!(code, Some(2), "{cidrs}: {stderr}");
        assert!(stderr.contains("vpc.cidrs: ") && stderr.contains(said), "{stderr}");
        assert!(stderr.contains("\nhint: "), "{stderr}");
    }
    let there = ", subnets: [{name: n, zone: a, cidr: 10.0.0.0/24}]";
    let answer = json(&[&file("there", &of("10.0.0.0/20, 192.168.0.0/20", there))]);
    assert!(answer["assumed"].to_string().contains("vpc.cidrs is what the VPC has, though"));
}

/// The quota of blocks binds what is recommended, and can be raised.
#[test]
fn a_sixth_block_is_for_who_has_the_quota() {
    let of = |limits: &str| {
        let small: Vec<String> = (0..5).map(|at| format!("10.{at}.0.0/28")).collect();
        format!(
            "version: 1\nzones: [a, b]\nvpc: {{cidrs: [{}]}}\ngroups:\n  - {{name: g, pods: {{peak: 40}}, \
             instance_types: [m5.large]}}\nallow: [add-cidr-block]\n{limits}",
            small.join(", ")
        )
    };
    let bound = json(&[&file("five", &of(""))]);
    assert!(bound["recommended"].is_null(), "{bound}");
    let beyond = bound["candidates"][0]["beyond_limits"][0].as_str().unwrap();
    assert_eq!(beyond, "limits.cidr_blocks is 5, and it takes 6");
    let change = &bound["impossible"]["smallest_change"];
    assert_eq!((&change["key"], &change["value"]), (&json!("limits.cidr_blocks"), &json!(6)));
    let raised = json(&[&file("six", &of("limits: {cidr_blocks: 6}\n"))]);
    assert_eq!(raised["recommended"], "add-cidr-block");
    assert_eq!(raised["candidates"][0]["figures"]["cidr_blocks"], 6);
}

/// The commands that a step of the work shows say the max pods that the plan says.
#[test]
fn the_work_checks_max_pods_with_the_right_command() {
    let groups = [
        "instance_types: [m5.large], scaler: karpenter",
        "instance_types: [m5.large, m4.large]",
        "instance_types: [m5.large], os: windows",
        "instance_types: [m5.large], branch_pods_per_node: 4, host_network_pods: 5",
    ];
    let mut modes = std::collections::BTreeSet::new();
    for (at, group) in groups.into_iter().enumerate() {
        for cni in ["", "cni: {ipv6: true}\n", "cni: {max_eni: 2}\n"] {
            // Windows nodes and types that are no Nitro ones have no IPv6 pods.
            if cni.contains("ipv6") && (group.contains("windows") || group.contains("m4")) {
                continue;
            }
            let text = format!(
                "version: 1\nzones: [a]\ngroups:\n  - {{name: g, pods: {{peak: 20}}, {group}}}\n{cni}"
            );
            let answer = json(&[&file(&format!("max-pods-{at}"), &text)]);
            for candidate in answer["candidates"].as_array().unwrap() {
                let work = candidate["work"].as_array().unwrap();
                let step = work.iter().find(|step| step["kind"] == "node-groups").unwrap();
                let check = step["check"].as_str().unwrap();
                let shown = check.strip_prefix("`eksnet ").and_then(|rest| rest.split_once('`'));
                let (line, _) = shown.unwrap_or_else(|| panic!("{check}"));
                let words: Vec<&str> = line.split(' ').chain(["-o", "json"]).collect();
                let (_, stdout, stderr) = ended(command(&words).output().unwrap());
                let says: Value =
                    serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{stderr}"));
                let types = says["rows"].as_array().unwrap().iter();
                let lowest = types.map(|row| row["max_pods"].as_u64().unwrap()).min();
                let planned = candidate["node_groups"][0]["max_pods"].as_u64();
                assert_eq!(lowest, planned, "{text}{}: {line}", candidate["id"]);
                modes.extend(
                    words.into_iter().filter(|word| word.starts_with("--")).map(str::to_owned),
                );
            }
        }
    }
    let all =
        ["--custom-networking", "--host-network-pods", "--ipv6", "--max-eni", "--os", "--pod-eni"];
    let all: Vec<&str> = all.into_iter().chain(["--prefix"]).collect();
    assert_eq!(modes.iter().map(String::as_str).collect::<Vec<_>>(), all);
}

#[test]
fn exit_codes_say_how_it_ended() {
    assert_eq!(plan(SMALL).0, Some(0));
    let (code, stdout, _) = plan(&["examples/plans/06-too-few-nodes.yaml"]);
    assert_eq!(code, Some(1));
    assert!(stdout.starts_with("✖ Nothing is recommended: "), "{stdout}");
    assert!(stdout.contains("324") && stdout.ends_with("exit 1: nothing is recommended\n"));
    // What is not available of a snapshot comes first.
    let folder = Folder::example("plan-lacks");
    folder.remove("subnet-cidr-reservations.json");
    let (code, stdout, stderr) = plan(&["--from", folder.from()]);
    assert_eq!(code, Some(4), "{stderr}");
    assert!(stdout.contains("Not available") && stdout.contains("exit 4: "), "{stdout}");
    let folder = Folder::example("plan-lacks-vpcs");
    folder.remove("vpcs.json");
    let (code, _, stderr) = plan(&["--from", folder.from()]);
    assert_eq!(code, Some(4), "{stderr}");
    assert!(stderr.contains("pass --vpc-cidr"), "{stderr}");
}

#[test]
fn stdin_is_a_file() {
    let mut run = command(&["plan", "-", "-o", "json"]);
    run.current_dir(root());
    let (code, stdout, stderr) = fed(run, TWO.as_bytes());
    assert_eq!(code, Some(0), "{stderr}");
    let answer: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(answer["requirement"]["groups"][1]["name"], "b");
}

#[test]
fn every_format_says_the_same() {
    let answer = json(SMALL);
    let id = answer["recommended"].as_str().unwrap();
    let text = |format: &str| plan(&[SMALL, &["-o", format]].concat()).1;
    for format in ["table", "wide", "markdown", "html"] {
        let text = text(format);
        assert!(text.contains(&format!("Recommended: {id}: ")), "{format}: {text}");
        for subnet in answer["candidates"][0]["subnets"].as_array().unwrap() {
            assert!(text.contains(subnet["cidr"].as_str().unwrap()), "{format}: {subnet}");
        }
    }
    let yaml: Value = serde_saphyr::from_str(&text("yaml")).unwrap();
    assert_eq!(yaml, answer);
    let (code, _, stderr) = plan(&[SMALL, &["-o", "csv"]].concat());
    assert!(code == Some(2) && stderr.contains("csv"), "{stderr}");
}

fn schema(name: &str) -> Validator {
    let (_, stdout, _) = ended(command(&["generate", "schema", name]).output().unwrap());
    let schema: Value = serde_json::from_str(&stdout).unwrap();
    assert!(jsonschema::meta::is_valid(&schema), "{name}");
    jsonschema::validator_for(&schema).unwrap()
}

#[test]
fn plans_and_requirements_are_as_their_schemas_say() {
    let (plans, requirements) = (schema("plan"), schema("requirement"));
    let impossible = json(&["examples/plans/06-too-few-nodes.yaml"]);
    for answer in [json(SMALL), impossible, json(&["--from", "examples/vpc-prod"])] {
        let errors: Vec<String> = plans.iter_errors(&answer).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let errors: Vec<String> =
            requirements.iter_errors(&answer["requirement"]).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "what was understood is a requirement: {errors:?}");
    }
    for entry in fs::read_dir(root().join("examples/plans")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let data: Value = serde_saphyr::from_str(&text).unwrap();
        assert!(requirements.is_valid(&data), "{}", path.display());
        assert!(eksnet::plan::parse_requirement(&text).is_ok(), "{}", path.display());
    }
}

#[test]
fn the_same_plan_on_any_number_of_threads() {
    let on = |threads: &str| {
        let mut run = command(&[&["plan"], SMALL, &["-o", "json"]].concat());
        ended(run.env("RAYON_NUM_THREADS", threads).output().unwrap())
    };
    assert_eq!(on("1"), on("2"));
    assert_eq!(on("1"), on("1"));
}

/// The scenario is judged by simulate as it was by the plan.
#[test]
fn a_scenario_fits_as_the_plan_says() {
    let arguments = [SMALL, &["--survive", "zone-loss"]].concat();
    let path = scratch("scenario").join("layout.yaml");
    let to = path.to_str().unwrap();
    let (code, stdout, stderr) =
        plan(&[&arguments[..], &["--scenario", "--output-file", to]].concat());
    assert_eq!((code, stdout.as_str()), (Some(0), ""), "{stderr}");
    assert!(stderr.contains("the scenario of plain"), "{stderr}");
    let run = command(&["simulate", to, "--runs", "20", "-o", "json", "--no-remedy"]);
    let (code, stdout, _) = ended({ run }.output().unwrap());
    assert_eq!(code, Some(0));
    let simulated: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((&simulated["verdict"], &simulated["tight"]["is"]), (&json!("fits"), &json!(false)));
    let (_, json_text, _) = plan(&[&arguments[..], &["--scenario", "-o", "json"]].concat());
    let scenario: Value = serde_json::from_str(&json_text).unwrap();
    assert_eq!(scenario["version"], 1);
    // Where nothing is recommended there is none, and that is said.
    let impossible = ["examples/plans/06-too-few-nodes.yaml", "--scenario"];
    let (code, stdout, stderr) = plan(&impossible);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert!(stderr.contains("no scenario: Nothing is recommended"), "{stderr}");
}

#[test]
fn another_candidate_is_chosen_by_its_id() {
    let arguments =
        ["--pods", "60", "--type", "m5.large", "--zones", "2", "--allow", "warm-targets,prefixes"];
    let answer = json(&arguments);
    let ids: Vec<&str> = answer["candidates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|candidate| candidate["id"].as_str().unwrap())
        .collect();
    let last = *ids.last().unwrap();
    assert!(ids.len() > 1, "{ids:?}");
    let (code, stdout, _) = plan(&[&arguments[..], &["--candidate", last]].concat());
    assert_eq!(code, Some(0));
    assert!(stdout.contains(&format!("Subnets of {last}\n")), "{stdout}");
    let (code, _, stderr) = plan(&[&arguments[..], &["--candidate", &last[1..]]].concat());
    assert_eq!(code, Some(2));
    assert!(stderr.contains(&format!("did you mean {last}?")), "{stderr}");
    let rejected = answer["rejected"][0]["id"].as_str().unwrap();
    let (code, _, stderr) = plan(&[&arguments[..], &["--candidate", rejected]].concat());
    assert!(code == Some(2) && stderr.contains("this layout was rejected: "), "{stderr}");
}

#[test]
fn files_are_written_into_a_directory() {
    let folder = scratch("emit").join("deep/layout");
    let to = folder.to_str().unwrap();
    let emit = |more: &[&str]| plan(&[SMALL, &["--emit", to], more].concat());
    let (code, stdout, stderr) = emit(&[]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("Recommended: ") && stderr.contains("wrote "), "{stderr}");
    let runbook = fs::read_to_string(folder.join("RUNBOOK.md")).unwrap();
    assert!(runbook.contains("eksnet"), "{runbook}");
    // The scenario that was written is the one that is printed.
    let written = fs::read_to_string(folder.join("scenario.yaml")).unwrap();
    let written: Value = serde_saphyr::from_str(&written).unwrap();
    let (_, printed, _) = plan(&[SMALL, &["--scenario"]].concat());
    assert_eq!(written, serde_saphyr::from_str::<Value>(&printed).unwrap());
    // Again into the same place: the same files, and what is not eksnet's stays and is named.
    fs::write(folder.join("terraform/mine.tf"), "# mine\n").unwrap();
    let (code, _, stderr) = emit(&[]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stderr.contains("left as they were in") && stderr.contains("terraform/mine.tf"));
    assert_eq!(fs::read_to_string(folder.join("RUNBOOK.md")).unwrap(), runbook);
    assert!(emit(&["-q"]).2.is_empty());
    // What somebody changed is replaced only where that is asked for.
    fs::write(folder.join("RUNBOOK.md"), "mine").unwrap();
    let (code, _, stderr) = emit(&[]);
    assert!(code == Some(2) && stderr.contains("--emit would replace "), "{stderr}");
    assert_eq!(fs::read_to_string(folder.join("RUNBOOK.md")).unwrap(), "mine");
    assert_eq!(emit(&["--force"]).0, Some(0));
    assert_eq!(fs::read_to_string(folder.join("RUNBOOK.md")).unwrap(), runbook);
}

#[test]
fn no_file_is_written_over_what_is_read_or_where_none_can_be() {
    let folder = scratch("emit-refused");
    let path = folder.join("scenario.yaml");
    fs::write(&path, TWO).unwrap();
    let to = folder.to_str().unwrap();
    let (code, _, stderr) = plan(&[path.to_str().unwrap(), "--emit", to]);
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains("--emit would overwrite"), "{stderr}");
    assert_eq!(fs::read_to_string(&path).unwrap(), TWO);
    let (code, _, stderr) = plan(&[SMALL, &["--emit", path.to_str().unwrap()]].concat());
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains("is a file"), "{stderr}");
    // Nothing is recommended: nothing is written.
    let none = folder.join("none");
    let impossible = ["examples/plans/06-too-few-nodes.yaml", "--emit", none.to_str().unwrap()];
    let (code, _, stderr) = plan(&impossible);
    assert!(code == Some(1) && stderr.contains("no file was written: Nothing"), "{stderr}");
    assert!(!none.exists());
}

/// Names from a file are text in every format.
#[test]
fn hostile_names_are_text() {
    let hostile = TWO.replace("name: a", "name: \"<b>\\e[31m`|x\"");
    let path = file("hostile", &hostile);
    for format in ["table", "wide", "json", "yaml", "markdown", "html"] {
        let (code, stdout, stderr) = plan(&[&path, "-o", format]);
        assert!(matches!(code, Some(0 | 2)), "{format}: {stderr}");
        assert!(!stdout.contains('\u{1b}') && !stderr.contains('\u{1b}'), "{format}");
        assert!(format != "html" || !stdout.contains("<b>"), "{stdout}");
    }
}

/// The example with twice the pods; a file beside it goes over it by the groups' names.
#[test]
fn what_stands_is_planned_on() {
    let from = ["--from", "examples/vpc-prod"];
    let now = json(&from);
    let twice = json(&[&from[..], &["--pods-times", "2", "--survive", "zone-loss"]].concat());
    let groups = |answer: &Value| answer["requirement"]["groups"].as_array().unwrap().clone();
    for (one, two) in groups(&now).iter().zip(groups(&twice)) {
        let peak = |group: &Value| group["pods"]["peak"].as_u64().unwrap();
        assert_eq!(peak(&two), 2 * peak(one), "{}", one["name"]);
    }
    assert!(!now["existing"].is_null(), "today's layout is judged");
    let over = file(
        "over",
        "version: 1\ngroups: [{name: dense, pods: {peak: 100}}]\ngrowth: {factor: 2}\n",
    );
    let over = json(&[&from[..], &[&over]].concat());
    let dense = groups(&over).into_iter().find(|group| group["name"] == "dense").unwrap();
    assert_eq!(dense["pods"], json!({"usual": 100, "peak": 100}));
    assert_eq!(dense["pods_per_node"], 54, "what the file does not say stays");
    assert_eq!(over["requirement"]["growth"]["factor"], 2.0);
    let (code, _, stderr) =
        plan(&[&from[..], &[&file("slip", "version: 1\ngruops: []\n")]].concat());
    assert!(code == Some(2) && stderr.contains("did you mean `groups`?"), "{stderr}");
}

/// Four subnets of which one grows by 6 addresses a day, one by 3.6, and one shrinks by 5.
#[test]
fn growth_comes_from_a_history() {
    let (history, last) = two_months("plan-history");
    let (history, last) = (history.to_str().unwrap(), last.to_str().unwrap());
    let arguments = [
        &["--from", last, "--history", history, "--vpc-cidr", "10.0.0.0/16"],
        &["--pods", "20", "--type", "m5.large", "--allow", "warm-targets"][..],
    ]
    .concat();
    let said = |answer: &Value| {
        let assumed = answer["assumed"].as_array().unwrap().iter();
        let mut texts = assumed.filter_map(|text| text.as_str()?.strip_prefix("growth: "));
        texts.next().unwrap().to_owned()
    };
    let answer = json(&arguments);
    let growth = &answer["requirement"]["growth"];
    let text = said(&answer);
    let words: Vec<&str> = text.split(' ').collect();
    let number = |before: &str| -> f64 {
        let at = words.iter().position(|word| *word == before).unwrap();
        words[at + 1].parse().unwrap()
    };
    let (slope, now) = (number("by"), number("from"));
    assert!((4.0..5.2).contains(&slope), "{text}");
    let factor = growth["factor"].as_f64().unwrap();
    assert!((words[0].parse::<f64>().unwrap() - factor).abs() < 1e-9, "{text}");
    assert!((factor - (1.0 + slope * 365.25 / now)).abs() < 0.05, "{text}");
    assert_eq!(growth["over"], "12mo");
    let typed = json(&[&arguments[..], &["--growth", "2/2y"]].concat());
    assert_eq!(typed["requirement"]["growth"], json!({"factor": 2.0, "over": "2y"}));
    let (code, _, stderr) = plan(&[&["--history", history], SMALL].concat());
    assert!(code == Some(2) && stderr.contains("--from"), "{stderr}");
}
