//! The program against moto, an emulator of AWS that others wrote: what an audit says has to be
//! what was made there, counted apart from it.
//!
//! Needs `python3` with its venv module, and an index of Python packages on the first run. Every
//! command talks to a server on the loopback interface; no account is reached.
//!
//! moto is not AWS. Where it differs in what is compared here, `tests/live/moto/ledger.py` and
//! `world.py` say so; throttling and refusals are none of its business.

mod eksnet;
mod server;
mod truth;
mod venv;

use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};
use tempfile::TempDir;

use eksnet::Eksnet;
use server::Server;
use truth::Truth;
use venv::Venv;

/// One test, since its parts share a server and the world in it, and both have to go at its end.
#[test]
fn the_program_says_what_was_made_at_moto() {
    let venv = Venv::ready();
    let server = Server::start(&venv);
    let home = TempDir::new().expect("cannot make a folder");
    let truth = Truth::make(&venv, &server, home.path());
    let eksnet = Eksnet::at(server.endpoint(), home.path());

    a_vpc(&eksnet, &truth);
    findings_fail_a_run(&eksnet, &truth);
    subnets_by_id(&eksnet, &truth);
    clusters(&eksnet, &truth);
    the_whole_region(&eksnet, &truth);
    addresses_of_another_network(&eksnet, &truth);
    a_snapshot(&eksnet, &truth);
    saved_answers(&eksnet, &truth);
    what_is_not_there(&eksnet, &truth);
    instance_types(&eksnet, &truth);
    a_table_that_lacks_types(&eksnet, &truth);
}

/// Every number of every subnet of a VPC, who holds the addresses, and the nodes.
fn a_vpc(eksnet: &Eksnet<'_>, truth: &Truth) {
    let line = format!("audit --vpc {} --all -o json", truth.text("/vpcs/prod"));
    let audit = eksnet.json(&line, 1);
    assert_eq!(audit["schema"], "eksnet.audit/v1");
    let expected = json!({
        "kind": "live",
        "region": "eu-west-1",
        "account": truth.at("/account"),
        "captured_at": audit["source"]["captured_at"],
    });
    assert_eq!(audit["source"], expected);
    assert_subnets(&audit, &truth.subnets_of("prod"), &line);
    // What only kubectl could tell is not there.
    let counted = truth.at("/nodes");
    let mut nodes = audit["nodes"].clone();
    for (node, counted) in
        nodes.as_array_mut().into_iter().flatten().zip(counted.as_array().into_iter().flatten())
    {
        if let Some(node) = node.as_object_mut() {
            node.retain(|key, _| counted.get(key).is_some());
        }
    }
    assert_eq!(nodes, *counted, "{line}");
    assert_eq!(audit["withheld"], json!([]), "{line}");
    assert_summary(&audit, &truth.subnets_of("prod"));
    assert_findings(&audit, truth);
    let again = eksnet.json(&line, 1);
    assert_eq!(undated(again), undated(audit), "{line}: not the same twice");
}

/// The exit code goes by the worst finding and by the bar.
fn findings_fail_a_run(eksnet: &Eksnet<'_>, truth: &Truth) {
    let vpc = truth.text("/vpcs/prod");
    eksnet.output(&format!("audit --vpc {vpc} --fail-on never"), 0);
    let leaky = truth.subnet_id("nodes-a");
    eksnet.output(&format!("audit --subnet {leaky}"), 0);
    eksnet.output(&format!("audit --subnet {leaky} --fail-on warning"), 1);
    let free = truth.subnet("nodes-a")["free"].as_u64().expect("a count");
    eksnet.output(&format!("audit --subnet {leaky} --min-free {free}"), 0);
    eksnet.output(&format!("audit --subnet {leaky} --min-free {}", free + 1), 1);
    let prefixes = truth.subnet("reserved")["assignable_prefixes"].as_u64().expect("a count");
    let reserved = truth.subnet_id("reserved");
    eksnet.output(&format!("audit --subnet {reserved} --min-prefixes {prefixes}"), 0);
    eksnet.output(&format!("audit --subnet {reserved} --min-prefixes {}", prefixes + 1), 1);
}

/// Named subnets and no others, of two VPCs.
fn subnets_by_id(eksnet: &Eksnet<'_>, truth: &Truth) {
    let names = ["nodes-a", "pods-b", "dual-a"];
    let ids: Vec<String> =
        names.iter().map(|name| format!("--subnet {}", truth.subnet_id(name))).collect();
    let line = format!("audit {} --map -o json", ids.join(" "));
    let audit = eksnet.json(&line, 0);
    let expected: Vec<&Value> = names.iter().map(|name| truth.subnet(name)).collect();
    assert_subnets(&audit, &expected, &line);
    assert_eq!(audit["withheld"], json!([]), "{line}");
}

/// A cluster's subnets, each with the reasons why it is there; by name and by ARN.
fn clusters(eksnet: &Eksnet<'_>, truth: &Truth) {
    for name in ["demo", "many"] {
        let line = format!("audit --cluster {name} --map -o json --fail-on never");
        let audit = eksnet.json(&line, 0);
        let because = truth.at(&format!("/clusters/{name}/because"));
        let because = because.as_object().expect("a subnet's reasons");
        let expected: Vec<&Value> =
            because.keys().map(|id| truth.at(&format!("/subnets/{id}"))).collect();
        assert_subnets(&audit, &expected, &line);
        for row in rows(&audit, "subnets") {
            let id = row["subnet_id"].as_str().expect("an id");
            assert_eq!(sorted(&row["selected_by"]), because[id], "{line}: {}", row["name"]);
        }
        assert_eq!(audit["withheld"], json!([]), "{line}");
        let arn = truth.text(&format!("/clusters/{name}/arn"));
        let by_arn =
            eksnet.json(&format!("audit --cluster {arn} --map -o json --fail-on never"), 0);
        assert_eq!(undated(by_arn), undated(audit), "{arn}");
    }
}

/// Every VPC of the region, the default one with them. Its services' interfaces make it incomplete.
fn the_whole_region(eksnet: &Eksnet<'_>, truth: &Truth) {
    let line = "audit --all-vpcs --map -o json";
    let audit = eksnet.json(line, 4);
    let expected: Vec<&Value> = truth.subnets().collect();
    assert_subnets(&audit, &expected, line);
    assert_summary(&audit, &expected);
    let elsewhere = eksnet.json("audit --all-vpcs -o json --region eu-central-1", 0);
    assert_eq!(elsewhere["source"]["region"], "eu-central-1");
    assert_eq!(elsewhere["summary"]["used"], 0);
}

/// moto gives NAT gateways and endpoints addresses outside their subnets. They cannot be counted,
/// and each is named.
fn addresses_of_another_network(eksnet: &Eksnet<'_>, truth: &Truth) {
    let line = format!("audit --vpc {} --map -o json", truth.text("/vpcs/edge"));
    let audit = eksnet.json(&line, 4);
    assert_subnets(&audit, &truth.subnets_of("edge"), &line);
    let outside = truth.list("/outside");
    assert_eq!(rows(&audit, "withheld").len(), outside.len(), "{line}");
    for row in outside {
        let parts =
            ["interface", "address", "cidr"].map(|part| row[part].as_str().expect("a text"));
        let told = rows(&audit, "withheld").iter().any(|withheld| {
            let said = withheld["reason"].as_str().unwrap_or_default();
            withheld["operation"] == "DescribeNetworkInterfaces"
                && parts.iter().all(|part| said.contains(part))
        });
        assert!(told, "{line}: {row} is not told: {}", audit["withheld"]);
    }
    let unexplained = &truth.subnet("public")["unexplained"];
    let finding = rows(&audit, "findings").iter().find(|row| row["id"] == "unexplained");
    let finding = finding.expect("what moto counts and the interfaces do not show is a finding");
    assert_eq!(finding["evidence"]["unexplained"], *unexplained);
}

/// A snapshot says without AWS what the live audit says, whichever command wrote it.
fn a_snapshot(eksnet: &Eksnet<'_>, truth: &Truth) {
    let vpc = truth.text("/vpcs/prod");
    eksnet.output(&format!("snapshot --vpc {vpc} --output-file snapshot.json"), 0);
    let live = eksnet.json(&format!("audit --vpc {vpc} --all -o json --save saved.json"), 1);
    for file in ["snapshot.json", "saved.json"] {
        let offline = eksnet.offline().json(&format!("audit --from {file} --all -o json"), 1);
        assert_eq!(offline["source"]["kind"], "snapshot");
        assert_eq!(offline["source"]["account"], live["source"]["account"]);
        assert_eq!(without_source(offline), without_source(live.clone()), "{file}");
    }
    let [snapshot, saved] = ["snapshot.json", "saved.json"].map(|file| inventory(eksnet, file));
    assert_eq!(snapshot, saved, "--save and snapshot differ");
    let cluster = "--cluster demo --fail-on never -o json";
    eksnet.output("snapshot --cluster demo --output-file cluster.json", 0);
    assert_eq!(
        without_source(eksnet.offline().json(&format!("audit --from cluster.json {cluster}"), 0)),
        without_source(eksnet.json(&format!("audit {cluster}"), 0)),
    );
}

/// Answers saved with the AWS CLI's library say what the live audit says.
fn saved_answers(eksnet: &Eksnet<'_>, truth: &Truth) {
    let vpc = format!("--vpc {} --all -o json", truth.text("/vpcs/prod"));
    let cluster = "--cluster demo --all -o json".to_owned();
    let everything = "--all -o json".to_owned();
    for (selection, live, code) in [
        (&vpc, format!("audit {vpc}"), 1),
        (&cluster, format!("audit {cluster}"), 0),
        (&everything, format!("audit --all-vpcs {everything}"), 4),
    ] {
        let offline = eksnet.offline().json(&format!("audit --from answers {selection}"), code);
        assert_eq!(offline["source"]["kind"], "aws-cli");
        assert_eq!(
            without_source(offline),
            without_source(eksnet.json(&live, code)),
            "{live}: other than its saved answers"
        );
    }
}

/// Ids and names that nothing has, also in another region.
fn what_is_not_there(eksnet: &Eksnet<'_>, truth: &Truth) {
    let [vpc, subnet] = ["vpc-00000000000000000", "subnet-00000000000000000"];
    let there = truth.text("/vpcs/prod");
    eksnet.refuses(&format!("audit --vpc {vpc} -o json"), vpc);
    eksnet.refuses(&format!("audit --vpc {there} --vpc {vpc} -o json"), vpc);
    eksnet.refuses(&format!("audit --vpc {there} --region eu-central-1 -o json"), there);
    eksnet.refuses(&format!("audit --subnet {subnet} -o json"), subnet);
    eksnet.refuses("audit --cluster nowhere -o json", "nowhere");
    eksnet.refuses(&format!("snapshot --vpc {vpc}"), vpc);
    eksnet.refuses("maxpods zz9.large --live", "zz9.large");
}

/// moto answers `DescribeInstanceTypes` with what EC2 once answered, and the built-in table was made
/// from the answers of this version of moto: another version may bring differences that are real.
fn instance_types(eksnet: &Eksnet<'_>, truth: &Truth) {
    let expected = json!({
        "schema": "eksnet.limits-verify/v1",
        "types_compared": truth.list("/types").len(),
        "agrees": true,
        "differences": [],
    });
    assert_eq!(eksnet.json("limits verify -o json", 0), expected);
    let saved = "limits verify --from instance-types.json -o json";
    assert_eq!(eksnet.offline().json(saved, 0), expected);
}

/// Types that a table lacks are looked up at EC2 when asked, and a difference fails a comparison.
fn a_table_that_lacks_types(eksnet: &Eksnet<'_>, truth: &Truth) {
    const LACKING: [&str; 4] = ["c5.4xlarge", "m5.24xlarge", "p4d.24xlarge", "t3.medium"];
    eksnet.output("limits update --output-file table.json", 0);
    eksnet.json("limits verify --limits table.json -o json", 0);
    without_types(eksnet, "table.json", &LACKING);

    let verify = eksnet.json("limits verify --limits table.json -o json", 1);
    let differences: Vec<(&Value, &Value)> = rows(&verify, "differences")
        .iter()
        .map(|row| (&row["instance_type"], &row["field"]))
        .collect();
    let expected = LACKING.map(Value::from);
    let field = Value::from("instance_type");
    assert_eq!(differences, expected.iter().map(|name| (name, &field)).collect::<Vec<_>>());

    let line = format!("maxpods {} --limits table.json", LACKING.join(" "));
    eksnet.refuses(&line, LACKING[0]);
    let pods = eksnet.json(&format!("{line} --live -o json"), 0);
    let got: Vec<(&Value, &Value)> =
        rows(&pods, "rows").iter().map(|row| (&row["instance_type"], &row["max_pods"])).collect();
    let there = truth.list("/types").iter().filter(|row| expected.contains(&row["instance_type"]));
    let mut wanted: Vec<(&Value, &Value)> =
        there.map(|row| (&row["instance_type"], &row["max_pods"])).collect();
    wanted.sort_by_key(|(name, _)| name.as_str());
    assert_eq!(got, wanted);
}

/// Takes types out of a catalogue file.
fn without_types(eksnet: &Eksnet<'_>, file: &str, names: &[&str]) {
    let path = eksnet.file(file);
    let mut table: Value =
        serde_json::from_slice(&fs::read(&path).expect("no catalogue")).expect("no JSON");
    let types = table["instance_types"].as_array_mut().expect("a catalogue has types");
    let before = types.len();
    types.retain(|row| !names.iter().any(|name| row["instance_type"] == *name));
    assert_eq!(before - types.len(), names.len());
    fs::write(&path, table.to_string()).expect("cannot write the catalogue");
}

/// The audit has these subnets and no others, in order, and every number that was counted.
fn assert_subnets(audit: &Value, expected: &[&Value], line: &str) {
    let mut expected = expected.to_vec();
    expected.sort_by_key(|row| order(row));
    let subnets = rows(audit, "subnets");
    let ids = |rows: &[&Value]| -> Vec<Value> {
        rows.iter().map(|row| row["subnet_id"].clone()).collect()
    };
    let got: Vec<&Value> = subnets.iter().collect();
    assert_eq!(ids(&got), ids(&expected), "{line}: other subnets, or another order");
    for (got, counted) in subnets.iter().zip(expected) {
        for (field, value) in counted.as_object().expect("a row has fields") {
            let said = if field == "owners" { &by_kind(&got[field]) } else { &got[field] };
            assert_eq!(said, value, "{line}: {field} of {} {}", got["name"], got["cidr"]);
        }
    }
}

/// The order of subnets: VPC, zone, network by number.
fn order(row: &Value) -> (String, String, Vec<u8>) {
    let text = |name: &str| row[name].as_str().expect("a text").to_owned();
    let cidr = text("cidr");
    let octets = cidr.split(['.', '/']).map(|part| part.parse().expect("a number")).collect();
    (text("vpc_id"), text("availability_zone"), octets)
}

/// Owners in the order of their names, as the truth has them.
fn by_kind(owners: &Value) -> Value {
    let mut owners = owners.as_array().expect("owners are a list").clone();
    owners.sort_by_key(|owner| owner["kind"].as_str().map(ToOwned::to_owned));
    Value::Array(owners)
}

/// The sums are those of the subnets.
fn assert_summary(audit: &Value, subnets: &[&Value]) {
    let summary = &audit["summary"];
    for field in ["usable", "used", "free"] {
        let sum: u64 = subnets.iter().filter_map(|row| row[field].as_u64()).sum();
        assert_eq!(summary[field], sum, "{field} of the summary");
    }
    for status in ["ok", "warning", "critical", "unknown"] {
        let count = subnets.iter().filter(|row| row["status"] == status).count();
        assert_eq!(summary[status], count, "{status} of the summary");
    }
    assert_eq!(summary["subnets"], subnets.len());
    assert_eq!(summary["withheld"], rows(audit, "withheld").len());
}

/// The checks whose findings the made world was counted for.
const COUNTED: [&str; 6] = [
    "leaked-interfaces",
    "min-free",
    "min-prefixes",
    "shared-subnet",
    "unexplained",
    "utilization",
];

/// The findings on a VPC are those that what was made gives reason for. What is unexplained in
/// subnets with reservations is moto's own.
fn assert_findings(audit: &Value, truth: &Truth) {
    let reserved = |row: &Value| {
        let subnet = truth.at(&format!("/subnets/{}", row["resource"].as_str().expect("an id")));
        row["id"] == "unexplained" && subnet.get("unexplained").is_none()
    };
    let got: BTreeSet<String> = rows(audit, "findings")
        .iter()
        .filter(|row| COUNTED.iter().any(|id| row["id"] == *id) && !reserved(row))
        .map(|row| format!("{} {} {}", row["severity"], row["id"], row["resource"]))
        .collect();
    let used = |name: &str, severity: &str| {
        format!("\"{severity}\" \"utilization\" \"{}\"", truth.subnet_id(name))
    };
    let mut expected = BTreeSet::from([used("tiny", "critical"), used("tight", "warning")]);
    for (id, leak) in truth.at("/leaks").as_object().expect("leaks by subnet") {
        expected.insert(format!("\"warning\" \"leaked-interfaces\" \"{id}\""));
        let finding = rows(audit, "findings")
            .iter()
            .find(|row| row["id"] == "leaked-interfaces" && row["resource"] == *id);
        for (name, value) in leak.as_object().expect("evidence by name") {
            let found = finding.map(|row| &row["evidence"][name]);
            assert_eq!(found, Some(value), "{name} on {id}");
        }
    }
    assert_eq!(got, expected);
}

/// A list of a document.
fn rows<'a>(document: &'a Value, name: &str) -> &'a [Value] {
    document[name].as_array().unwrap_or_else(|| panic!("no list {name} in {document}"))
}

/// A list of texts in order.
fn sorted(list: &Value) -> Value {
    let texts: BTreeSet<&str> =
        list.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    json!(texts)
}

/// A document without the time it was made at.
fn undated(mut document: Value) -> Value {
    document["source"]["captured_at"].take();
    document
}

/// A document without where it comes from.
fn without_source(mut document: Value) -> Value {
    document["source"].take();
    document
}

/// What a snapshot file holds, without the time.
fn inventory(eksnet: &Eksnet<'_>, file: &str) -> Value {
    let text = fs::read(eksnet.file(file)).expect("no snapshot");
    let mut document: Value = serde_json::from_slice(&text).expect("a snapshot is JSON");
    undated(document["inventory"].take())
}
