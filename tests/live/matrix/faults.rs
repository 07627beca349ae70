//! The faults, each a row: its name, what is played, and how long a run may take.

use serde_json::{Value, json};

use crate::support::fake_ec2::{Behavior, Framing, Tokens, When, World};

/// How a fault comes about.
#[derive(Clone)]
pub(super) enum How {
    /// Answers go wrong on their way.
    Behaves(When, Behavior),
    /// The service itself says something else; nothing where the fault has no meaning for a call.
    Says(fn(&mut World, &str) -> bool),
}

/// What a row is about.
#[derive(Clone)]
pub(super) struct Fault {
    pub(super) name: String,
    /// The row of the table that it is told in.
    pub(super) kind: String,
    pub(super) how: How,
    /// Whether it is over only when the time for the run is.
    pub(super) lasts: bool,
    /// The calls that it has a meaning for; none are all.
    pub(super) calls: &'static [&'static str],
}

fn row(name: impl Into<String>, when: When, behavior: Behavior) -> Fault {
    let (name, how) = (name.into(), How::Behaves(when, behavior));
    Fault { kind: name.clone(), name, how, lasts: false, calls: &[] }
}

fn says(name: &str, how: fn(&mut World, &str) -> bool) -> Fault {
    let (kind, name) = (name.to_owned(), name.to_owned());
    Fault { kind, name, how: How::Says(how), lasts: false, calls: &[] }
}

/// It is of calls whose rows other answers name.
fn of_named(fault: Fault) -> Fault {
    Fault { calls: &["DescribeInstances", "DescribeNetworkInterfaces", "DescribeSubnets"], ..fault }
}

/// It lasts as long as the run.
fn lasting(fault: Fault) -> Fault {
    Fault { lasts: true, ..fault }
}

const PORTAL: &str =
    "<!DOCTYPE html><html><head><title>Log in to the network</title></head></html>";
const GATEWAY: &str = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";

/// All rows.
pub(super) fn faults() -> Vec<Fault> {
    use When::{Always, First, From};
    let mut faults = vec![
        row("throttled twice", First(2), Behavior::Throttled),
        lasting(row("throttled for ever", Always, Behavior::Throttled)),
        row("429 without a code once", First(1), Behavior::Page(429, "slow down")),
        row("500 once", First(1), Behavior::Error(500, "InternalError")),
        row("503 once", First(1), Behavior::Error(503, "Unavailable")),
        lasting(row("500 for ever", Always, Behavior::Error(500, "InternalError"))),
        lasting(row("503 for ever", Always, Behavior::Error(503, "Unavailable"))),
        row("502 in HTML once", First(1), Behavior::Page(502, GATEWAY)),
        lasting(row("502 in HTML for ever", Always, Behavior::Page(502, GATEWAY))),
        row("200 in HTML", Always, Behavior::Page(200, PORTAL)),
        row("302 in HTML", Always, Behavior::Page(302, PORTAL)),
        row("closed once", First(1), Behavior::Closed),
        lasting(row("closed always", Always, Behavior::Closed)),
        row("reset once", First(1), Behavior::Reset),
        lasting(row("reset always", Always, Behavior::Reset)),
        lasting(row("never answering", Always, Behavior::Silent)),
        lasting(row("dripping", Always, Behavior::Drip)),
        row("refused", Always, Behavior::Refused),
        row("refused midway", From(2), Behavior::Refused),
        row("expired", Always, Behavior::Expired),
        row("expired midway", From(2), Behavior::Expired),
        row("an error without a code", Always, Behavior::Page(400, "")),
        row("empty body", Always, Behavior::Edit(|_| String::new())),
        row("empty body once", First(1), Behavior::Edit(|_| String::new())),
        row("empty root", Always, Behavior::Edit(empty_root)),
        row("empty object", Always, Behavior::Edit(|_| "{}".to_owned())),
        row("null", Always, Behavior::Edit(|_| "null".to_owned())),
        row("another root", Always, Behavior::Edit(another_root)),
        row("text behind", Always, Behavior::Edit(|body| format!("{body}more"))),
        row("twice", Always, Behavior::Edit(|body| format!("{body}{body}"))),
        row("not UTF-8", Always, Behavior::Garbled),
        row("wrong type", Always, Behavior::Edit(wrong_type)),
        row("list as a text", Always, Behavior::Edit(list_as_text)),
        row("lists of null", Always, Behavior::Edit(nulls)),
        row("ids lost", Always, Behavior::Edit(without_ids)),
        row("the first page again", From(2), Behavior::FirstPageAgain),
        of_named(row("token lost", Always, Behavior::Edit(without_token))),
        of_named(row("token lost once", First(1), Behavior::Edit(without_token))),
        row("same token for ever", Always, Behavior::Endless(Tokens::Same)),
        row("two tokens in turn", Always, Behavior::Endless(Tokens::TwoInTurn)),
        lasting(row("fresh tokens for ever", Always, Behavior::Endless(Tokens::Fresh))),
        lasting(row(
            "fresh tokens without rows",
            Always,
            Behavior::Endless(Tokens::FreshWithoutRows),
        )),
        lasting(row(
            "fresh tokens with new rows",
            Always,
            Behavior::Endless(Tokens::FreshWithNewRows),
        )),
        says("rows in another order", reordered),
        says("a row repeated", repeated),
        says("a row repeated with another content", repeated_otherwise),
        says("no rows", none),
        says("the last row lost", last_lost),
        says("of something else", of_something_else),
    ];
    for (name, framing) in [
        ("length right", Framing::Right),
        ("length of the whole", Framing::OfTheWhole),
        ("chunked", Framing::Chunked),
        ("no length", Framing::Unsaid),
    ] {
        for hundredths in [3, 13, 23, 33, 43, 53, 63, 73, 83, 97] {
            let at = format!("cut at {hundredths} %, {name}");
            let fault = row(at, Always, Behavior::Cut(hundredths, framing));
            let lasts = matches!(framing, Framing::OfTheWhole | Framing::Chunked);
            faults.push(Fault { kind: format!("cut at ten places, {name}"), lasts, ..fault });
        }
        faults.push(row(format!("cut once, {name}"), First(1), Behavior::Cut(50, framing)));
    }
    for (from, count) in LOST {
        let name = format!("bytes lost from {from} to {} per mille", from + count);
        let kind = "bytes lost in the middle".to_owned();
        faults.push(Fault { kind, ..row(name, Always, Behavior::Lost(from, count)) });
    }
    faults
}

/// Where bytes are lost, and how many, per mille of a body.
const LOST: [(usize, usize); 9] = [
    (50, 900),
    (150, 80),
    (250, 300),
    (333, 333),
    (400, 20),
    (500, 250),
    (600, 3),
    (777, 100),
    (900, 60),
];

/// Damage by a seed.
pub(super) fn damage(seed: u64) -> Fault {
    row(format!("damage {seed}"), When::Always, Behavior::Damaged(seed))
}

fn is_json(body: &str) -> bool {
    body.starts_with('{')
}

fn empty_root(body: &str) -> String {
    if is_json(body) {
        return "{}".to_owned();
    }
    let start = body.rfind("</").unwrap_or_default();
    let name = body[start..].trim_matches(['<', '/', '>']);
    format!("<{name}/>")
}

fn another_root(body: &str) -> String {
    if is_json(body) {
        return format!("[{body}]");
    }
    body.replace("Response", "Result")
}

/// Numbers and flags become words, texts become objects.
fn wrong_type(body: &str) -> String {
    if !is_json(body) {
        let mut xml = body.to_owned();
        for name in [
            "availableIpAddressCount",
            "deviceIndex",
            "code",
            "isDefault",
            "primary",
            "defaultVCpus",
            "regionName",
            "cidr",
            "Account",
            "AccessKeyId",
        ] {
            xml = xml.replacen(&format!("<{name}>"), &format!("<{name}><x/>many"), 1);
        }
        return xml;
    }
    let mut json: Value = serde_json::from_str(body).unwrap();
    for field in json.as_object_mut().into_iter().flat_map(|fields| fields.values_mut()) {
        match field {
            Value::Array(list) => list.insert(0, json!(7)),
            Value::Object(fields) => {
                for key in ["subnets", "resourcesVpcConfig"] {
                    if fields.contains_key(key) {
                        fields.insert(key.to_owned(), json!(7));
                    }
                }
            }
            _ => {}
        }
    }
    json.to_string()
}

/// The list, or the object, that the answer is about is a text.
fn list_as_text(body: &str) -> String {
    if !is_json(body) {
        return match (body.find("<item>"), body.rfind("</item>")) {
            (Some(start), Some(end)) => {
                format!("{}text{}", &body[..start], &body[end + "</item>".len()..])
            }
            _ => String::from("text"),
        };
    }
    let mut json: Value = serde_json::from_str(body).unwrap();
    for field in json.as_object_mut().into_iter().flat_map(|fields| fields.values_mut()) {
        if !field.is_null() {
            *field = json!("text");
        }
    }
    json.to_string()
}

/// Every list of an answer in JSON holds one null more; in XML every row comes once more and empty.
fn nulls(body: &str) -> String {
    fn alter(value: &mut Value) {
        match value {
            Value::Array(list) => {
                list.iter_mut().for_each(alter);
                list.push(Value::Null);
            }
            Value::Object(fields) => fields.values_mut().for_each(alter),
            _ => {}
        }
    }
    if !is_json(body) {
        return body.replace("</item>", "</item><item/>");
    }
    let mut json: Value = serde_json::from_str(body).unwrap();
    alter(&mut json);
    json.to_string()
}

/// The last page, as it seems.
fn without_token(body: &str) -> String {
    let Some((before, rest)) = body.split_once("<nextToken>") else { return body.to_owned() };
    let (_, after) = rest.split_once("</nextToken>").unwrap();
    format!("{before}{after}")
}

/// Without what things are told apart by.
fn without_ids(body: &str) -> String {
    let mut body = body.to_owned();
    for name in [
        "networkInterfaceId",
        "instanceId",
        "subnetId",
        "vpcId",
        "cidr",
        "instanceType",
        "regionName",
        "Account",
        "SecretAccessKey",
    ] {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        if let (Some(start), Some(end)) = (body.find(&open), body.find(&close)) {
            body.replace_range(start..end + close.len(), "");
        }
    }
    for name in
        ["\"nodegroups\"", "\"fargateProfileNames\"", "\"subnets\"", "\"resourcesVpcConfig\""]
    {
        body = body.replacen(name, "\"other\"", 1);
    }
    body
}

/// The list that a call tells, if it is one that is held in the world.
fn list<'w>(world: &'w mut World, call: &str) -> Option<&'w mut Vec<Value>> {
    let list = match call {
        "DescribeSubnets" => &mut world.subnets["Subnets"],
        "DescribeVpcs" => &mut world.vpcs["Vpcs"],
        "DescribeNetworkInterfaces" => &mut world.network_interfaces["NetworkInterfaces"],
        "DescribeInstances" => &mut world.instances["Reservations"],
        "DescribeInstanceTypes" => &mut world.instance_types["InstanceTypes"],
        "DescribeRegions" => &mut world.regions["Regions"],
        "GetSubnetCidrReservations" => {
            let subnet = super::world::subnet_id(5);
            &mut world.subnet_cidr_reservations[subnet]["SubnetIpv4CidrReservations"]
        }
        _ => return None,
    };
    list.as_array_mut()
}

fn altered(world: &mut World, call: &str, alter: impl Fn(&mut Vec<Value>)) -> bool {
    list(world, call).map(alter).is_some()
}

fn reordered(world: &mut World, call: &str) -> bool {
    altered(world, call, |rows| rows.reverse())
}

fn repeated(world: &mut World, call: &str) -> bool {
    altered(world, call, |rows| rows.push(rows[0].clone()))
}

fn repeated_otherwise(world: &mut World, call: &str) -> bool {
    altered(world, call, |rows| {
        let mut again = rows[0].clone();
        for (key, value) in [
            ("PrivateIpAddress", json!("10.0.0.99")),
            ("PrivateIpAddresses", json!([{"Primary": true, "PrivateIpAddress": "10.0.0.99"}])),
            ("CidrBlock", json!("10.0.9.0/24")),
            ("Cidr", json!("10.0.5.128/27")),
            ("BareMetal", json!(true)),
            ("OptInStatus", json!("opted-in")),
        ] {
            if again.get(key).is_some() {
                again[key] = value;
            }
        }
        if let Some(instance) = again.pointer_mut("/Instances/0/InstanceType") {
            *instance = json!("m5.24xlarge");
        }
        rows.push(again);
    })
}

fn none(world: &mut World, call: &str) -> bool {
    // That a subnet has no reservation contradicts nothing.
    call != "GetSubnetCidrReservations" && altered(world, call, Vec::clear)
}

fn last_lost(world: &mut World, call: &str) -> bool {
    let contradicts = matches!(call, "DescribeSubnets" | "DescribeInstances" | "DescribeVpcs");
    if call == "DescribeNetworkInterfaces" {
        // The last one that anything else names: an instance's.
        let is_named = |eni: &Value| eni["Attachment"]["InstanceId"].is_string();
        return altered(world, call, |rows| {
            let last = rows.iter().rposition(is_named).unwrap();
            rows.remove(last);
        });
    }
    contradicts && altered(world, call, |rows| drop(rows.pop()))
}

/// What EKS says of a member that was not asked for.
fn of_something_else(world: &mut World, call: &str) -> bool {
    let cluster = &mut world.clusters[super::world::CLUSTER];
    match call {
        "DescribeCluster" => cluster["cluster"]["name"] = json!("another"),
        "DescribeNodegroup" => cluster["nodegroups"]["group-1"]["nodegroupName"] = json!("another"),
        "DescribeFargateProfile" => {
            cluster["fargate_profiles"]["profile-1"]["fargateProfileName"] = json!("another");
        }
        "GetSubnetCidrReservations" => {
            return altered(world, call, |rows| {
                rows[0]["SubnetId"] = json!(super::world::subnet_id(1));
            });
        }
        _ => return false,
    }
    true
}
