//! Several regions and accounts in one run, against the stand-in for EC2 and EKS.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::Output,
};

use crate::{
    one::without_run,
    program::command,
    support::fake_ec2::{Call, FakeEc2, Options, World},
};
use serde_json::{Value, json};

/// The account of the example.
const ACCOUNT: &str = "444455556666";
const OTHER_ACCOUNT: &str = "777788889999";
const REGIONS: [&str; 3] = ["eu-central-1", "eu-west-1", "us-east-1"];

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/vpc-prod")
}

fn eksnet(server: &FakeEc2, arguments: &[&str]) -> Output {
    let keys_of_environment = !arguments.contains(&"--profile");
    eksnet_with(server, arguments, keys_of_environment)
}

fn eksnet_with(server: &FakeEc2, arguments: &[&str], keys_of_environment: bool) -> Output {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let config = folder.join("profiles");
    std::fs::write(&config, "[profile here]\n[profile there]\n").unwrap();
    let keys = folder.join("keys");
    let key = |name: &str, id: &str| {
        format!("[{name}]\naws_access_key_id = {id}\naws_secret_access_key = b\n")
    };
    std::fs::write(&keys, key("here", "HERE") + &key("there", "THERE")).unwrap();
    let mut command = command(arguments);
    command
        .env("AWS_ENDPOINT_URL", server.endpoint())
        .env("AWS_REGION", REGIONS[0])
        .env("AWS_CONFIG_FILE", &config)
        .env("AWS_SHARED_CREDENTIALS_FILE", &keys);
    if keys_of_environment {
        command.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
    }
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn report(output: &Output, code: i32) -> Value {
    assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn rows<'a>(report: &'a Value, of: &str) -> &'a [Value] {
    report[of].as_array().unwrap()
}

/// The values of a field over some rows.
fn each<'a>(rows: &'a [Value], field: &str) -> BTreeSet<&'a str> {
    rows.iter().map(|row| row[field].as_str().unwrap_or("null")).collect()
}

/// A world with a text replaced wherever it stands.
fn renamed(world: &World, from: &str, to: &str) -> World {
    let rename = |value: &Value| {
        serde_json::from_str::<Value>(&value.to_string().replace(from, to)).unwrap()
    };
    World {
        regions: world.regions.clone(),
        vpcs: rename(&world.vpcs),
        subnets: rename(&world.subnets),
        network_interfaces: rename(&world.network_interfaces),
        instances: rename(&world.instances),
        instance_types: rename(&world.instance_types),
        subnet_cidr_reservations: rename(&world.subnet_cidr_reservations),
        clusters: rename(&world.clusters),
    }
}

/// The example as another region has it: other ids and zones, the same numbers.
fn in_region(region: &str, mark: &str) -> World {
    let mut world = World::load(&example());
    // Quoted where the text stands in names of AWS's own too.
    for prefix in ["subnet-", "\"vpc-", "eni-", "\"i-"] {
        world = renamed(&world, prefix, &format!("{prefix}{mark}"));
    }
    renamed(&world, REGIONS[0], region)
}

fn refusing(actions: &[&str]) -> Options {
    let refuse = actions.iter().map(|action| (*action).to_owned()).collect();
    Options { refuse, ..Options::default() }
}

/// Three regions, of which the second refuses some calls.
fn three(refused: &[&str]) -> FakeEc2 {
    let mut first = World::load(&example());
    let named = REGIONS.map(|name| json!({"RegionName": name}));
    first.regions = json!({"Regions": named});
    FakeEc2::from_worlds(
        first,
        Options::default(),
        [
            (REGIONS[1], in_region(REGIONS[1], "b"), refusing(refused)),
            (REGIONS[2], in_region(REGIONS[2], "c"), Options::default()),
        ],
    )
}

const THREE: [&str; 9] = [
    "audit",
    "--all-vpcs",
    "--region",
    "us-east-1",
    "--region",
    "eu-central-1",
    "--region",
    "eu-west-1",
    "-o",
];

fn with(start: &[&'static str], more: &[&'static str]) -> Vec<&'static str> {
    start.iter().chain(more).copied().collect()
}

#[test]
fn a_region_that_refuses_hides_no_other() {
    let server = three(&["DescribeSubnets"]);
    let one = report(&eksnet(&server, &["audit", "--all-vpcs", "-o", "json"]), 1);
    let all = report(&eksnet(&server, &with(&THREE, &["json"])), 4);
    assert_eq!(all["source"]["region"], Value::Null);
    assert_eq!(all["source"]["account"], ACCOUNT);
    let subnets = rows(&all, "subnets");
    assert_eq!(subnets.len(), 2 * rows(&one, "subnets").len());
    assert_eq!(each(subnets, "region"), BTreeSet::from(["eu-central-1", "us-east-1"]));
    assert_eq!(each(subnets, "account"), BTreeSet::from([ACCOUNT]));
    let findings = rows(&all, "findings");
    assert_eq!(findings.len(), 2 * rows(&one, "findings").len());
    assert_eq!(each(findings, "region"), BTreeSet::from(["eu-central-1", "us-east-1"]));
    // The numbers of each are those of a run of its own.
    for row in rows(&one, "subnets") {
        let same = subnets.iter().find(|other| other["subnet_id"] == row["subnet_id"]).unwrap();
        for (field, value) in row.as_object().unwrap() {
            assert_eq!(&same[field], value, "{field}");
        }
        assert!(row.get("region").is_none());
    }
    let withheld = rows(&all, "withheld");
    assert_eq!(withheld.len(), 1);
    assert_eq!(withheld[0]["operation"], "DescribeSubnets");
    assert_eq!(
        (&withheld[0]["region"], &withheld[0]["account"]),
        (&json!("eu-west-1"), &json!(ACCOUNT))
    );
    let reason = withheld[0]["reason"].as_str().unwrap();
    assert!(reason.starts_with("eu-west-1: UnauthorizedOperation"), "{reason}");
}

/// A network that cannot be in one region hides no other region.
#[test]
fn a_network_that_cannot_be_hides_no_other_region() {
    let mut odd = in_region(REGIONS[1], "b");
    odd.subnets["Subnets"][0]["CidrBlock"] = json!("10.0.0.0/8");
    let first = World::load(&example());
    let also = [(REGIONS[1], odd.clone(), Options::default())];
    let server = FakeEc2::from_worlds(first, Options::default(), also);
    let arguments =
        ["audit", "--all-vpcs", "--region", REGIONS[0], "--region", REGIONS[1], "-o", "json"];
    let all = report(&eksnet(&server, &arguments), 4);
    assert_eq!(each(rows(&all, "subnets"), "region"), BTreeSet::from([REGIONS[0]]));
    let withheld = rows(&all, "withheld");
    assert_eq!(each(withheld, "region"), BTreeSet::from([REGIONS[1]]));
    let reason = withheld[0]["reason"].as_str().unwrap();
    assert!(reason.contains("subnet-b") && reason.contains("10.0.0.0/8"), "{reason}");
    // Where nothing is left, nothing can be said.
    let server = FakeEc2::from_world(odd, Options::default());
    let none = eksnet(&server, &arguments);
    assert_eq!(none.status.code(), Some(3), "{}", text(&none.stderr));
    assert!(text(&none.stderr).contains("10.0.0.0/8"), "{}", text(&none.stderr));
}

#[test]
fn two_profiles_of_one_account_are_one_account() {
    let server = FakeEc2::start(&example(), Options::default());
    let one = ["audit", "--all-vpcs", "--profile", "here", "--all", "-o", "json"];
    let one = report(&eksnet(&server, &one), 1);
    let both =
        ["audit", "--all-vpcs", "--profile", "here", "--profile", "there", "--all", "-o", "json"];
    let both = report(&eksnet(&server, &both), 1);
    assert_eq!(both["source"]["account"], ACCOUNT);
    assert_eq!(rows(&both, "subnets").len(), rows(&one, "subnets").len());
    assert_eq!(rows(&both, "findings").len(), rows(&one, "findings").len());
    assert_eq!(rows(&both, "nodes").len(), rows(&one, "nodes").len());
    assert!(rows(&both, "withheld").is_empty(), "{}", both["withheld"]);
}

/// In a shared VPC every ENI that is seen may be of another account than the one that looks.
#[test]
fn the_account_is_the_one_that_looks() {
    let server = FakeEc2::start(&example(), Options::default());
    let role = format!("arn:aws:iam::{OTHER_ACCOUNT}:role/audit");
    let output = eksnet(&server, &["audit", "--all-vpcs", "--assume-role", &role, "-o", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["source"]["account"], OTHER_ACCOUNT);
}

#[test]
fn what_one_region_cannot_tell_another_one_does() {
    let server = three(&["DescribeNetworkInterfaces"]);
    let all = report(&eksnet(&server, &with(&THREE, &["json"])), 4);
    for subnet in rows(&all, "subnets").iter().filter(|row| row["cidr"].is_string()) {
        assert_eq!(subnet["used"].is_null(), subnet["region"] == "eu-west-1", "{subnet}");
    }
    assert_eq!(each(rows(&all, "withheld"), "region"), BTreeSet::from(["eu-west-1"]));
}

#[test]
fn the_bytes_do_not_depend_on_who_answers_first() {
    let server = three(&[]);
    for format in ["table", "csv", "sarif", "markdown"] {
        let first = eksnet(&server, &with(&THREE, &[format]));
        assert_eq!(first.status.code(), Some(1), "{}", text(&first.stderr));
        for _ in 0..3 {
            let again = eksnet(&server, &with(&THREE, &[format]));
            let (again, first) = (text(&again.stdout), text(&first.stdout));
            assert_eq!(without_run(&again), without_run(&first), "{format}");
        }
    }
    let csv = text(&eksnet(&server, &with(&THREE, &["csv"])).stdout);
    let mut lines = csv.lines();
    assert!(lines.next().unwrap().ends_with(",room_single,worst_finding,region,account"), "{csv}");
    assert!(lines.all(|line| line.ends_with(ACCOUNT)), "{csv}");
    let table = text(&eksnet(&server, &with(&THREE, &["table"])).stdout);
    let first = "✖ harbour-nodes-eu-central-1b       10.0.4.0/22     85%    156 free    0 prefixes  \
                 subnet-0d0246ccae9901243   eu-central-1 444455556666";
    assert!(table.lines().any(|line| line == first), "{table}");
    // A command is about the region of its subnet alone.
    let command = "→ eksnet audit --region eu-west-1 --subnet subnet-b0d0246ccae9901243 ";
    assert!(table.contains(command), "{table}");
}

#[test]
fn every_enabled_region_is_asked() {
    let server = three(&[]);
    let named = eksnet(&server, &with(&THREE, &["csv"]));
    let every = eksnet(&server, &["audit", "--all-vpcs", "--region", "all", "-o", "csv"]);
    assert_eq!(text(&every.stdout), text(&named.stdout), "{}", text(&every.stderr));
    assert!(server.calls().iter().any(|call| call.action == "DescribeRegions"));
}

#[test]
fn nothing_is_said_when_every_region_refuses() {
    let server = FakeEc2::start(&example(), refusing(&["DescribeSubnets"]));
    let output = eksnet(&server, &with(&THREE, &["json"]));
    assert_eq!(output.status.code(), Some(3));
    assert!(output.stdout.is_empty());
    let stderr = text(&output.stderr);
    assert!(stderr.starts_with("error: all 3 failed; the first is eu-central-1: "), "{stderr}");
    assert!(stderr.contains("hint: add ec2:DescribeSubnets to the IAM policy"), "{stderr}");
}

/// A VPC need not be in each region, and one that is in none is bad input.
#[test]
fn what_is_named_is_looked_for_everywhere() {
    let server = three(&[]);
    let vpcs =
        serde_json::from_slice::<Value>(&std::fs::read(example().join("vpcs.json")).unwrap());
    let vpc = vpcs.unwrap()["Vpcs"][0]["VpcId"].as_str().unwrap().to_owned();
    let there = vpc.replace("vpc-", "vpc-c");
    let run = |more: &[&str]| {
        let regions = ["audit", "-o", "json", "--region", REGIONS[0], "--region", REGIONS[2]];
        eksnet(&server, &regions.iter().chain(more).copied().collect::<Vec<_>>())
    };
    let both = report(&run(&["--vpc", &vpc, "--vpc", &there]), 1);
    assert_eq!(each(rows(&both, "subnets"), "region").len(), 2);
    let second = report(&run(&["--vpc", &there]), 1);
    assert_eq!(each(rows(&second, "subnets"), "region"), BTreeSet::from([REGIONS[2]]));
    let nowhere = run(&["--vpc", &vpc, "--vpc", "vpc-0000"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(text(&nowhere.stderr).starts_with("error: no VPC `vpc-0000` found"));
    // Where a region could not be looked into, it may be there.
    let server = three(&["DescribeSubnets"]);
    let arguments = with(
        &["audit", "-o", "json", "--region", REGIONS[0]],
        &["--region", REGIONS[1], "--vpc", "vpc-0000"],
    );
    let unsure = report(&eksnet(&server, &arguments), 4);
    assert_eq!(rows(&unsure, "subnets").len(), 0);
    assert_eq!(rows(&unsure, "withheld").len(), 2);
}

/// A subnet that its owner shares: each account alone sees its own ENIs in it, both see all of them.
#[test]
fn a_shared_subnet_seen_by_both_accounts_is_counted_once() {
    let shared = World::load(&example());
    let mut its = shared.clone();
    let mut theirs = shared.clone();
    let enis = shared.network_interfaces["NetworkInterfaces"].as_array().unwrap().clone();
    let other = |eni: &Value| {
        let text = eni.to_string().replace(ACCOUNT, OTHER_ACCOUNT);
        serde_json::from_str::<Value>(&text).unwrap()
    };
    // Every second ENI of a subnet, so that each account has some in each; those of one instance together,
    // with it.
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut of_instances: BTreeMap<&str, bool> = BTreeMap::new();
    let (own, rest): (Vec<&Value>, Vec<&Value>) = enis.iter().partition(|eni| {
        let nth = seen.entry(eni["SubnetId"].as_str().unwrap()).or_default();
        *nth += 1;
        let is_own = *nth % 2 == 1;
        let instance = eni["Attachment"]["InstanceId"].as_str();
        instance.map_or(is_own, |id| *of_instances.entry(id).or_insert(is_own))
    });
    its.network_interfaces = json!({"NetworkInterfaces": own});
    let rest: Vec<Value> = rest.into_iter().map(other).collect();
    theirs.network_interfaces = json!({"NetworkInterfaces": rest});
    let instances = shared.instances["Reservations"].as_array().unwrap().clone();
    let (own, rest): (Vec<Value>, Vec<Value>) = instances
        .iter()
        .flat_map(|started| {
            let each = started["Instances"].as_array().unwrap().iter();
            each.map(|instance| {
                let mut row = started.clone();
                row["Instances"] = json!([instance]);
                row
            })
        })
        .partition(|row| {
            let id = row["Instances"][0]["InstanceId"].as_str().unwrap();
            of_instances.get(id).copied().unwrap_or(true)
        });
    its.instances = json!({"Reservations": own});
    theirs.instances = json!({"Reservations": rest.iter().map(other).collect::<Vec<_>>()});
    let others = [("HERE", its, Options::default()), ("THERE", theirs, Options::default())];
    let server = FakeEc2::from_worlds(shared, Options::default(), others);
    let run = |profiles: &[&str]| {
        let mut arguments = vec!["audit", "--all-vpcs", "-o", "json"];
        arguments.extend(profiles.iter().flat_map(|name| ["--profile", *name]));
        let output = eksnet(&server, &arguments);
        serde_json::from_slice::<Value>(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)))
    };
    let (here, there) = (run(&["here"]), run(&["there"]));
    let both = run(&["here", "there"]);
    let used = |report: &Value| report["summary"]["used"].as_u64().unwrap();
    assert_eq!(used(&both), used(&here) + used(&there));
    assert_eq!(rows(&both, "subnets").len(), rows(&here, "subnets").len());
    // Whose subnets they are, the other account is told to look; both together need nobody.
    assert!(each(rows(&there, "findings"), "id").contains("shared-subnet"));
    assert!(!each(rows(&both, "findings"), "id").contains("shared-subnet"));
    assert_eq!(each(rows(&both, "subnets"), "account"), BTreeSet::from([ACCOUNT]));
}

/// As the AWS CLI has it: keys in the environment are not those of the profile that was named.
#[test]
fn a_profile_wins_over_keys_of_the_environment() {
    let others = [("HERE", World::load(&example()), Options::default())];
    let server = FakeEc2::from_worlds(World::default(), refusing(&["DescribeSubnets"]), others);
    let run = |profile: &str| {
        let arguments = ["audit", "--all-vpcs", "-o", "json", "--profile", profile];
        eksnet_with(&server, &arguments, true)
    };
    let said = report(&run("here"), 1);
    assert_eq!(rows(&said, "subnets").len(), 16);
    let before = server.calls().len();
    let unknown = run("nowhere");
    let stderr = text(&unknown.stderr);
    assert_eq!(unknown.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains("no profile `nowhere`"), "{stderr}");
    assert_eq!(server.calls().len(), before, "no other credentials are tried");
}

/// Credentials are got once, whatever the number of regions.
#[test]
fn a_role_is_assumed_once_for_all_regions() {
    let server = three(&[]);
    let role = format!("arn:aws:iam::{ACCOUNT}:role/audit");
    let mut arguments = vec!["audit", "--all-vpcs", "-o", "json", "--assume-role", &role];
    arguments.extend(REGIONS.iter().flat_map(|region| ["--region", *region]));
    report(&eksnet(&server, &arguments), 1);
    let assumed = server.calls().iter().filter(|call| call.action == "AssumeRole").count();
    assert_eq!(assumed, 1);
}

#[test]
fn roles_of_several_accounts_are_assumed() {
    let world = World::load(&example());
    let other = renamed(&in_region(REGIONS[0], "d"), ACCOUNT, OTHER_ACCOUNT);
    let key = format!("KEY{OTHER_ACCOUNT}");
    let others = [(key.as_str(), other, Options::default())];
    let server = FakeEc2::from_worlds(world, Options::default(), others);
    let role = |account: &str| format!("arn:aws:iam::{account}:role/audit");
    let (one, two) = (role(ACCOUNT), role(OTHER_ACCOUNT));
    let both = ["audit", "--all-vpcs", "-o", "json", "--assume-role", &one, "--assume-role", &two];
    let said = report(&eksnet(&server, &both), 1);
    assert_eq!(said["source"]["account"], Value::Null);
    let accounts = each(rows(&said, "subnets"), "account");
    assert_eq!(accounts, BTreeSet::from([ACCOUNT, OTHER_ACCOUNT]));
    let assumed = server.calls().into_iter().filter(|call| call.action == "AssumeRole");
    let session = |call: Call| call.parameter("RoleSessionName").unwrap().to_owned();
    assert_eq!(
        assumed.map(session).collect::<BTreeSet<_>>(),
        BTreeSet::from(["eksnet".to_owned()])
    );
    // One that is refused is named with its account.
    let others = [(key.as_str(), World::default(), refusing(&["DescribeSubnets"]))];
    let server = FakeEc2::from_worlds(World::load(&example()), Options::default(), others);
    let said = report(&eksnet(&server, &both), 4);
    let row = &rows(&said, "withheld")[0];
    assert_eq!((&row["region"], &row["account"]), (&Value::Null, &json!(OTHER_ACCOUNT)));
    assert!(row["reason"].as_str().unwrap().starts_with(&format!("role {two}: ")), "{row}");
}

#[test]
fn flags_that_do_not_go_together_are_bad_usage() {
    let server = three(&[]);
    let role = "arn:aws:iam::444455556666:role/audit";
    let regions = ["--region", "eu-west-1", "--region", "us-east-1"];
    let rows: [(&[&str], &[&str], &str); 5] = [
        (&["audit", "--all-vpcs"], &["--region", "all", "--region", "eu-west-1"], "--region all"),
        (
            &["audit", "--all-vpcs", "--assume-role", role],
            &["--profile", "here", "--profile", "there"],
            "--assume-role cannot be combined with several profiles",
        ),
        (
            &["audit", "--all-vpcs"],
            &["--assume-role", "audit"],
            "requires the ARN of a role, not `audit`",
        ),
        (&["audit"], &regions, "no subnets selected"),
        (&["limits", "verify"], &["--region", "all"], "this command accepts one region"),
    ];
    for (start, more, message) in rows {
        let arguments: Vec<&str> = start.iter().chain(more).copied().collect();
        let output = eksnet(&server, &arguments);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.starts_with("error: ") && stderr.contains("\nhint: "), "{stderr}");
        assert!(stderr.contains(message), "{stderr}");
    }
    assert!(server.calls().is_empty());
}

/// A snapshot of several regions says what the live run said, and keeps what failed.
#[test]
fn a_snapshot_of_several_regions_says_what_the_live_run_said() {
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("saved.json");
    let path = saved.to_str().unwrap();
    let everywhere = |more: &[&str]| -> Vec<String> {
        THREE.iter().chain(more).map(|word| (*word).to_owned()).collect()
    };
    let rows: [(&[&str], i32); 3] =
        [(&[], 1), (&["DescribeSubnets"], 4), (&["DescribeInstances"], 4)];
    for (refused, code) in rows {
        let server = three(refused);
        let run = |arguments: &[String]| {
            let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
            eksnet(&server, &words)
        };
        let live = report(&run(&everywhere(&["json", "--save", path, "--all"])), code);
        let from =
            |format: &str| eksnet(&server, &["audit", "--from", path, "--all", "-o", format]);
        let again = report(&from("json"), code);
        for of in ["subnets", "findings", "withheld", "nodes", "summary"] {
            assert_eq!(live[of], again[of], "{of} {refused:?}");
        }
        for format in ["table", "wide", "csv", "markdown"] {
            let live = text(&run(&everywhere(&[format, "--all"])).stdout);
            let saved = text(&from(format).stdout);
            assert_eq!(without_run(&live), without_run(&saved), "{format} {refused:?}");
        }
    }
}

/// Questions and placeholders are answered in each of several regions.
#[test]
fn questions_are_answered_for_several_regions() {
    let server = three(&[]);
    let run = |more: &[&'static str]| report(&eksnet(&server, &with(&THREE, more)), 1);
    // No kubectl, no settings to change: said, for each region.
    let asked = with(&THREE, &["json", "--what-if", "warm-ip-target=2"]);
    let what_if = report(&eksnet(&server, &asked), 4);
    assert_eq!(rows(&what_if, "what_if").len(), 1);
    let metrics = text(&eksnet(&server, &with(&THREE, &["openmetrics"])).stdout);
    let used = metrics.lines().filter(|line| line.starts_with("eksnet_subnet_used_addresses{"));
    let mut used: Vec<&str> = used.collect();
    assert_eq!(used.len(), 48);
    assert!(
        used.iter().all(|line| line.contains(",region=\"") && line.contains(ACCOUNT)),
        "{used:?}"
    );
    used.dedup_by_key(|line| line.split('}').next());
    assert_eq!(used.len(), 48, "a series is of one subnet");
    let emf = text(&eksnet(&server, &with(&THREE, &["emf"])).stdout);
    let regions: BTreeSet<String> = emf
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["Region"].to_string())
        .collect();
    assert_eq!(regions.len(), 3);
    let redacted = run(&["json", "--redact"]);
    let shown = redacted.to_string();
    assert!(!shown.contains(ACCOUNT) && !shown.contains("harbour"), "{shown:.600}");
    assert_eq!(rows(&redacted, "subnets").len(), 48);
}
