//! `eksnet diff`: what grew, what came and went, and where the straight line ends.

use std::{fs, path::Path};

use crate::{
    days::{Made, snapshot},
    run::{eksnet, scratch},
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Two snapshots ten days apart: one subnet grows by 50, one stays, one shrinks, one came, one went.
fn pair(name: &str) -> (String, String) {
    let folder = scratch(name);
    let old = [
        Made { id: "subnet-grows", cidr: "10.0.0.0/24", used: 150 },
        Made { id: "subnet-stays", cidr: "10.0.1.0/24", used: 7 },
        Made { id: "subnet-shrinks", cidr: "10.0.2.0/24", used: 240 },
        Made { id: "subnet-went", cidr: "10.0.3.0/24", used: 20 },
    ];
    let new = [
        Made { id: "subnet-grows", cidr: "10.0.0.0/24", used: 205 },
        Made { id: "subnet-stays", cidr: "10.0.1.0/24", used: 7 },
        Made { id: "subnet-shrinks", cidr: "10.0.2.0/24", used: 200 },
        Made { id: "subnet-came", cidr: "10.0.4.0/24", used: 3 },
    ];
    let write = |name: &str, moment: &str, subnets: &[Made]| {
        let file = folder.join(name);
        fs::write(&file, snapshot(Some(moment), subnets).to_string()).unwrap();
        file.to_str().unwrap().to_owned()
    };
    (
        write("old.json", "2026-11-10T12:00:00Z", &old),
        write("new.json", "2026-11-20T12:00:00Z", &new),
    )
}

fn diff(arguments: &[&str]) -> (Option<i32>, Value, String) {
    let mut all = vec!["diff", "-o", "json"];
    all.extend(arguments);
    let (code, stdout, stderr) = eksnet(&all);
    let answer = serde_json::from_str(&stdout);
    (code, answer.unwrap_or_else(|error| panic!("{error}: {stderr}")), stderr)
}

fn subnet<'a>(answer: &'a Value, id: &str) -> &'a Value {
    let rows = answer["subnets"].as_array().unwrap();
    rows.iter().find(|row| row["subnet_id"] == id).unwrap()
}

#[test]
fn growth_and_the_end_of_the_line() {
    let (old, new) = pair("growth");
    let (code, answer, stderr) = diff(&[&old, &new]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert_eq!((&answer["schema"], &answer["days"]), (&json!("eksnet.diff/v1"), &json!(10.0)));
    let grows = subnet(&answer, "subnet-grows");
    assert_eq!(grows["used"], json!({"old": 150, "new": 205, "growth": 55}));
    assert_eq!(grows["free"], json!({"old": 101, "new": 46, "growth": -55}));
    // 16 blocks less the two that hold AWS's: addresses 4 to 153 touch the first ten, 4 to 208
    // the first fourteen.
    assert_eq!(grows["assignable_prefixes"], json!({"old": 5, "new": 1, "growth": -4}));
    assert_eq!(grows["status"], json!({"old": "ok", "new": "warning"}));
    assert_eq!(grows["used_per_day"], 5.5);
    assert_eq!((&grows["days_to_exhaustion"], &grows["reason"]), (&json!(8.4), &Value::Null));
    for (id, presence, per_day, reason) in [
        ("subnet-stays", "stayed", json!(0.0), "not growing"),
        ("subnet-shrinks", "stayed", json!(-4.0), "not growing"),
        ("subnet-came", "came", Value::Null, "subnets came or went"),
        ("subnet-went", "went", Value::Null, "subnets came or went"),
    ] {
        let row = subnet(&answer, id);
        assert_eq!((&row["presence"], &row["reason"]), (&json!(presence), &json!(reason)));
        assert_eq!((&row["used_per_day"], &row["days_to_exhaustion"]), (&per_day, &Value::Null));
    }
    assert_eq!(
        subnet(&answer, "subnet-came")["used"],
        json!({"old": null, "new": 3, "growth": null})
    );
    assert_eq!(
        answer["owners"],
        json!([{"kind": "lambda", "addresses": {"old": 417, "new": 415, "growth": -2}}])
    );
    let zone = &answer["zones"][0];
    assert_eq!(zone["subnets"], json!({"old": 4, "new": 4, "growth": 0}));
    assert_eq!(zone["used"], json!({"old": 417, "new": 415, "growth": -2}));
    assert_eq!(zone["reason"], "subnets came or went");
    assert_eq!(answer["nodes"], json!({"came": [], "went": [], "stayed": 0}));
}

#[test]
fn the_order_is_that_of_time() {
    let (old, new) = pair("order");
    let (code, answer, stderr) = diff(&[&new, &old]);
    assert_eq!(code, Some(0));
    assert!(stderr.contains("compared in the opposite order"), "{stderr}");
    assert_eq!(answer, diff(&[&old, &new]).1);
}

#[test]
fn two_worlds_are_told() {
    let (old, new) = pair("worlds");
    let other = fs::read_to_string(&new).unwrap().replace("111122223333", "444455556666");
    fs::write(&new, other).unwrap();
    let (_, _, stderr) = diff(&[&old, &new]);
    assert_eq!(
        stderr,
        "note: the two snapshots have different accounts: 111122223333 and \
                        444455556666\n"
    );
}

#[test]
fn no_time_between_is_no_rate() {
    let (old, _) = pair("zero");
    let (code, answer, _) = diff(&[&old, &old]);
    assert_eq!((code, &answer["days"]), (Some(0), &json!(0.0)));
    let row = subnet(&answer, "subnet-grows");
    assert_eq!((&row["reason"], &row["used_per_day"]), (&json!("no time between"), &Value::Null));
}

/// Saved answers do not say when they were made.
#[test]
fn times_that_are_missing_are_asked_for() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/vpc-prod");
    let (code, answer, _) = diff(&[example, example]);
    assert_eq!((code, &answer["days"]), (Some(4), &Value::Null));
    let withheld = answer["withheld"].to_string();
    assert!(withheld.contains("pass --old-at") && withheld.contains("pass --new-at"), "{withheld}");
    assert_eq!(answer["subnets"][0]["reason"], "time between unknown");
    let (code, answer, _) =
        diff(&[example, example, "--old-at", "2026-11-01", "--new-at", "2026-11-04T12:00:00Z"]);
    assert_eq!((code, &answer["days"], &answer["withheld"]), (Some(0), &json!(3.5), &json!([])));
    assert_eq!(answer["old"]["captured_at"], "2026-11-01T00:00:00Z");
    let stayed = answer["nodes"]["stayed"].as_u64().unwrap();
    assert!(stayed > 0 && answer["nodes"]["came"] == json!([]), "{}", answer["nodes"]);
}

/// Interfaces of the later side are missing: its numbers are null, and so is what follows from them.
#[test]
fn what_was_not_seen_has_no_growth() {
    let folder = scratch("blind");
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/vpc-prod");
    for name in ["subnets.json", "instances.json", "subnet-cidr-reservations.json"] {
        fs::copy(Path::new(example).join(name), folder.join(name)).unwrap();
    }
    let blind = folder.to_str().unwrap();
    let (code, answer, _) =
        diff(&[example, blind, "--old-at", "2026-11-01", "--new-at", "2026-11-02"]);
    assert_eq!(code, Some(4));
    assert!(
        answer["withheld"]
            .to_string()
            .contains("new: no output of `aws ec2 describe-network-interfaces`")
    );
    assert_eq!(
        (&answer["nodes"], &answer["zones"][0]["used"]["new"]),
        (&Value::Null, &Value::Null)
    );
    for row in answer["subnets"].as_array().unwrap().iter().filter(|row| row["cidr"].is_string()) {
        assert_eq!(row["used"]["growth"], Value::Null);
        assert_eq!(
            (&row["reason"], &row["status"]["new"]),
            (&json!("not available"), &json!("unknown"))
        );
    }
    for owner in answer["owners"].as_array().unwrap() {
        assert_eq!(owner["addresses"]["new"], Value::Null);
    }
}

#[test]
fn nodes_came_and_went() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/vpc-prod");
    let folder = scratch("nodes");
    for entry in fs::read_dir(example).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
        }
    }
    let (_, report, _) = eksnet(&["audit", "--from", example, "--nodes", "-o", "json"]).into_json();
    let gone = report["nodes"][0]["instance_id"].as_str().unwrap().to_owned();
    let file = folder.join("network-interfaces.json");
    let interfaces = fs::read_to_string(&file).unwrap().replace(&gone, "i-0new");
    fs::write(&file, interfaces).unwrap();
    let file = folder.join("instances.json");
    let instances = fs::read_to_string(&file).unwrap().replace(&gone, "i-0new");
    fs::write(&file, instances).unwrap();
    let (_, answer, _) = diff(&[example, folder.to_str().unwrap()]);
    assert_eq!(
        (&answer["nodes"]["came"], &answer["nodes"]["went"]),
        (&json!(["i-0new"]), &json!([gone]))
    );
}

trait IntoJson {
    fn into_json(self) -> (Option<i32>, Value, String);
}

impl IntoJson for (Option<i32>, String, String) {
    fn into_json(self) -> (Option<i32>, Value, String) {
        (self.0, serde_json::from_str(&self.1).unwrap(), self.2)
    }
}

#[test]
fn the_table_shows_both_sides() {
    let (old, new) = pair("table");
    let (_, stdout, _) = eksnet(&["diff", &old, &new]);
    insta::assert_snapshot!(stdout, @r"
    subnet-grows grew most: +55 addresses (150 → 205 used); full first at this pace, on 2026-11-28, in 8.4 days
    from 2026-11-10T12:00:00Z to 2026-11-20T12:00:00Z: 10.0 days

    Subnets
    SUBNET          NAME  ZONE        CIDR         WAS USED  USED  GROWTH      FREE  /28 ASSIGNABLE  USE STATUS       PER DAY  FULL IN
    subnet-grows    -     eu-west-1a  10.0.0.0/24       150   205     +55  101 → 46           5 → 1  ▲ ok → warning     +5.50  8.4 days
    subnet-stays    -     eu-west-1a  10.0.1.0/24         7     7       0       244              14  ✔ ok               +0.00  not growing
    subnet-shrinks  -     eu-west-1a  10.0.2.0/24       240   200     -40   11 → 51           0 → 2  ✔ critical → ok    -4.00  not growing
    subnet-went     -     eu-west-1a  10.0.3.0/24        20     -       -   231 → -          13 → -  removed, was ok        -  subnets came or went
    subnet-came     -     eu-west-1a  10.0.4.0/24         -     3       -   - → 248          - → 14  ✔ added, ok            -  subnets came or went

    Zones
    ZONE        SUBNETS  WAS USED  USED  GROWTH       FREE  /28 ASSIGNABLE  PER DAY  FULL IN
    eu-west-1a        4       417   415      -2  587 → 589         32 → 31        -  subnets came or went

    Owners
    OWNER   WAS USED  USED  GROWTH
    lambda       417   415      -2

    Nodes
    0 joined
    0 left
    0 stayed
    ");
}

#[test]
fn csv_has_a_row_a_subnet() {
    let (old, new) = pair("csv");
    let (_, stdout, _) = eksnet(&["diff", &old, &new, "-o", "csv"]);
    insta::assert_snapshot!(stdout, @r"
    subnet_id,name,vpc_id,availability_zone,cidr,presence,used_old,used_new,used_growth,free_old,free_new,free_growth,assignable_prefixes_old,assignable_prefixes_new,assignable_prefixes_growth,status_old,status_new,used_per_day,days_to_exhaustion,reason
    subnet-grows,,vpc-1,eu-west-1a,10.0.0.0/24,stayed,150,205,55,101,46,-55,5,1,-4,ok,warning,5.5,8.4,
    subnet-stays,,vpc-1,eu-west-1a,10.0.1.0/24,stayed,7,7,0,244,244,0,14,14,0,ok,ok,0,,not growing
    subnet-shrinks,,vpc-1,eu-west-1a,10.0.2.0/24,stayed,240,200,-40,11,51,40,0,2,2,critical,ok,-4,,not growing
    subnet-went,,vpc-1,eu-west-1a,10.0.3.0/24,went,20,,,231,,,13,,,ok,,,,subnets came or went
    subnet-came,,vpc-1,eu-west-1a,10.0.4.0/24,came,,3,,,248,,,14,,,ok,,,subnets came or went
    ");
}

#[test]
fn bad_input() {
    let (old, new) = pair("bad");
    let folder = scratch("bad-files");
    let odd = folder.join("odd.json");
    fs::write(&odd, snapshot(Some("yesterday"), &[]).to_string()).unwrap();
    let odd = odd.to_str().unwrap();
    let rows: &[(&[&str], i32, &str)] = &[
        (&[&old], 2, "<NEW>"),
        (&[&old, "nowhere.json"], 2, "nowhere.json"),
        (&[&old, odd], 2, "captured_at `yesterday` is not a timestamp"),
        (&[&old, &new, "--old-at", "yesterday"], 2, "a moment is such as"),
        (&[&old, &new, "-o", "xml"], 2, "xml"),
    ];
    for (arguments, code, says) in rows {
        let mut all = vec!["diff"];
        all.extend(*arguments);
        let (exit, stdout, stderr) = eksnet(&all);
        assert_eq!((exit, stdout.as_str()), (Some(*code), ""), "{stderr}");
        assert!(stderr.starts_with("error: ") && stderr.contains("\nhint: "), "{stderr}");
        assert!(stderr.contains(says), "{stderr}");
    }
}

/// Audits of made snapshots compared by the library.
mod laws {
    use eksnet::{
        audit::{Counted, diff},
        inventory::{Places, Selection, read_snapshot, select},
    };

    use super::{Made, snapshot};

    const IDS: [&str; 3] = ["subnet-0", "subnet-1", "subnet-2"];
    const CIDRS: [&str; 3] = ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"];

    pub(crate) fn places(used: &[Option<u32>]) -> Places {
        let there = used.iter().zip(IDS.into_iter().zip(CIDRS));
        let made: Vec<Made> = there
            .filter_map(|(used, (id, cidr))| Some(Made { id, cidr, used: (*used)? }))
            .collect();
        let read = read_snapshot(snapshot(None, &made).to_string().as_bytes()).unwrap();
        let inventory = read.list.into_iter().next().unwrap();
        let selected = select(&inventory, &Selection::default()).unwrap();
        Places::one_of(inventory, selected)
    }

    pub(crate) fn compare(old: &Places, new: &Places) -> diff::Diff {
        let (old, new) = (&Counted::of(old, false).unwrap(), &Counted::of(new, false).unwrap());
        let moment = |text: &str| Some(text.parse().unwrap());
        diff::diff((old, moment("2026-11-01T00:00:00Z")), (new, moment("2026-11-05T00:00:00Z")))
    }
}

proptest! {
    /// What grew one way shrank the other way; zones are the sums of their subnets; a date is there
    /// only where something grew, and it is that of the line.
    #[test]
    fn laws_of_a_comparison(
        old in prop::collection::vec(prop::option::weighted(0.8, 0_u32..=251), 3),
        new in prop::collection::vec(prop::option::weighted(0.8, 0_u32..=251), 3),
    ) {
        let (before, after) = (laws::places(&old), laws::places(&new));
        let (there, back) = (laws::compare(&before, &after), laws::compare(&after, &before));
        prop_assert_eq!(there.subnets.len(), back.subnets.len());
        for (one, other) in there.subnets.iter().zip(&back.subnets) {
            prop_assert_eq!(one.used.growth(), other.used.growth().map(|growth| -growth));
            if let Some(days) = one.rate.exhaustion.days() {
                let growth = one.used.growth().unwrap();
                prop_assert!(growth > 0 && other.rate.exhaustion.days().is_none());
                // Four days between: what is left goes at growth / 4 a day.
                let left = u32::try_from(one.free.new.unwrap()).unwrap();
                let expected = f64::from(left) * 4.0 / f64::from(i32::try_from(growth).unwrap());
                // 0 days would say that none is left.
                let expected = if left > 0 { expected.max(0.1) } else { 0.0 };
                prop_assert!((days - expected).abs() < 1e-9, "{days} {expected}");
            }
        }
        let sum: u64 = there.subnets.iter().filter_map(|row| row.used.new).sum();
        prop_assert_eq!(there.zones.iter().filter_map(|zone| zone.used.new).sum::<u64>(), sum);
    }
}

/// A roll-out within minutes: the line is steep, and an address is free. 0 days would say that none is.
#[test]
fn what_is_free_is_not_gone_in_no_days() {
    let folder = scratch("soon");
    let write = |moment: &str, used: u32| {
        let file = folder.join(format!("{used}.json"));
        let made = [Made { id: "subnet-1", cidr: "10.0.0.0/24", used }];
        fs::write(&file, snapshot(Some(moment), &made).to_string()).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let old = write("2026-11-10T12:00:00Z", 50);
    for (used, days) in [(250, 0.1), (251, 0.0)] {
        let (_, answer, _) = diff(&[&old, &write("2026-11-10T12:10:00Z", used)]);
        assert_eq!(subnet(&answer, "subnet-1")["days_to_exhaustion"], days, "{used} of 251");
    }
}
