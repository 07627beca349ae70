//! Saved responses that do not say when they were saved: the moment is given, or stands in a name.

use std::{fs, path::Path};

use serde_json::Value;

use crate::{
    days::{Made, snapshot},
    run::{Ended, eksnet, example, scratch},
};

fn copied(to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(example()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}

fn json((code, stdout, stderr): Ended) -> (Option<i32>, Value, String) {
    let value = serde_json::from_str(&stdout);
    (code, value.unwrap_or_else(|error| panic!("{error}: {stderr}")), stderr)
}

fn used(id: &'static str, used: u32) -> Made {
    Made { id, cidr: "10.0.0.0/24", used }
}

#[test]
fn a_snapshot_of_saved_responses_is_given_its_moment() {
    let example = example();
    let from = ["snapshot", "--from", example.to_str().unwrap(), "--captured-at"];
    for (given, kept) in [
        ("2026-11-01", "2026-11-01T00:00:00Z"),
        ("2026-11-01T10:00:00+02:00", "2026-11-01T08:00:00Z"),
    ] {
        let (code, saved, stderr) = json(eksnet(&[&from[..], &[given]].concat()));
        assert_eq!((code, stderr.as_str()), (Some(0), ""));
        assert_eq!(saved["inventory"]["source"]["captured_at"], kept);
    }
    for wrong in ["yesterday", "2026-13-01", "2026-11-01T10:00", ""] {
        let (code, stdout, stderr) = eksnet(&[&from[..], &[wrong]].concat());
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{wrong}");
        assert!(stderr.contains("--captured-at"), "{stderr}");
    }
}

#[test]
fn what_says_its_moment_is_not_given_another() {
    let file = scratch("said").join("monday.json");
    fs::write(&file, snapshot(Some("2026-11-02T00:00:00Z"), &[used("subnet-1", 9)]).to_string())
        .unwrap();
    let from = ["snapshot", "--from", file.to_str().unwrap(), "--captured-at"];
    let (code, _, stderr) = eksnet(&[&from[..], &["2026-11-01"]].concat());
    assert_eq!(code, Some(2));
    assert!(stderr.contains("was captured at 2026-11-02T00:00:00Z"), "{stderr}");
    assert_eq!(eksnet(&[&from[..], &["2026-11-02"]].concat()).0, Some(0));
}

/// A week of snapshots and folders of responses that do not say their moment.
#[test]
fn names_make_a_history() {
    let folder = scratch("history");
    for day in 1..=7_u32 {
        let snapshot = snapshot(None, &[used("subnet-1", 100 + 10 * day)]);
        fs::write(folder.join(format!("vpc-2026-11-0{day}.json")), snapshot.to_string()).unwrap();
    }
    let last = snapshot(Some("2026-11-08T00:00:00Z"), &[used("subnet-1", 180)]);
    // What is inside comes before the name.
    let file = folder.join("2025-01-01.json");
    fs::write(&file, last.to_string()).unwrap();
    for (name, used_then) in [("2026-13-40.json", 1), ("2026-11-01-2026-11-02.json", 2)] {
        let text = snapshot(None, &[used("subnet-1", used_then)]).to_string();
        fs::write(folder.join(name), text).unwrap();
    }
    let arguments = ["audit", "-o", "json", "--from", file.to_str().unwrap(), "--history"];
    let (_, report, stderr) = json(eksnet(&[&arguments[..], &[folder.to_str().unwrap()]].concat()));
    let forecast = &report["forecast"][0];
    assert_eq!(forecast["points"], 8, "{forecast}");
    assert_eq!(forecast["from"], "2026-11-01T00:00:00Z");
    assert_eq!(forecast["slope_per_day"], 10.0);
    for said in [
        "7 readings dated by their names",
        "2026-13-40.json: 2026-13-40 in its name is not a date or time in UTC; ignored",
        "its name has two dates, 2026-11-01 and 2026-11-02; ignored",
    ] {
        assert!(stderr.contains(said), "{said}: {stderr}");
        assert!(report["notes"].to_string().contains(said), "{said}: {}", report["notes"]);
    }
    assert!(!stderr.contains("2025-01-01.json: dated"), "{stderr}");
    // One line, on stderr or on a page that stands by itself; nothing was skipped.
    let text = ["audit", "--from", file.to_str().unwrap(), "--fail-on", "never", "--history"];
    let with = |more: &[&str]| eksnet(&[&text[..], &[folder.to_str().unwrap()], more].concat());
    let (_, text, stderr) = with(&[]);
    assert_eq!(stderr.matches("dated by").count(), 1, "{stderr}");
    assert!(!text.contains("dated by"), "{text}");
    let (_, _, stderr) = with(&["--quiet"]);
    assert!(!stderr.contains("dated by"), "{stderr}");
    let (_, page, _) = with(&["-o", "html"]);
    assert_eq!(page.matches("dated by").count(), 1);
    let skipped = page.split("Skipped").nth(1).unwrap_or_default();
    assert!(!skipped.contains("dated by"), "{skipped}");
}

/// A set of saved responses has the moment of its name; a moment that is given comes first.
#[test]
fn a_snapshot_has_the_moment_of_the_name() {
    let folder = scratch("named");
    let (from, odd) = (folder.join("prod-2026-11-01"), folder.join("2026-13-40"));
    copied(&from);
    copied(&odd);
    let at = |of: &Path, more: &[&str]| {
        let (_, saved, stderr) =
            json(eksnet(&[&["snapshot", "--from", of.to_str().unwrap()][..], more].concat()));
        (saved["inventory"]["source"]["captured_at"].clone(), stderr)
    };
    let (moment, stderr) = at(&from, &[]);
    assert_eq!(moment, "2026-11-01T00:00:00Z");
    assert!(stderr.contains("prod-2026-11-01: dated by its name: 2026-11-01"), "{stderr}");
    assert_eq!(at(&from, &["--redact"]).0, "2026-11-01T00:00:00Z");
    assert_eq!(at(&from, &["-q"]), ("2026-11-01T00:00:00Z".into(), String::new()));
    let given = at(&from, &["--captured-at", "2026-10-31"]);
    assert_eq!(given, ("2026-10-31T00:00:00Z".into(), String::new()));
    let (moment, stderr) = at(&odd, &[]);
    assert_eq!(moment, Value::Null);
    assert!(stderr.contains("2026-13-40 in its name is not a date or time"), "{stderr}");
    let both = at(&from, &["--from", odd.to_str().unwrap()]);
    assert_eq!(both.0, Value::Null, "{}", both.1);
}

#[test]
fn folders_of_responses_are_a_history() {
    let folder = scratch("folders");
    for day in ["2026-11-01", "2026-11-02T120000Z"] {
        copied(&folder.join(format!("prod-{day}")));
    }
    copied(&folder.join("undated"));
    fs::create_dir(folder.join("2026-11-03")).unwrap();
    let example = example();
    let arguments = ["audit", "-o", "json", "--from", example.to_str().unwrap(), "--history"];
    let (code, report, stderr) =
        json(eksnet(&[&arguments[..], &[folder.to_str().unwrap()]].concat()));
    let forecast = &report["forecast"][0];
    assert_eq!(forecast["points"], 2, "{stderr}");
    assert_eq!(forecast["to"], "2026-11-02T12:00:00Z");
    assert!(stderr.contains("2 readings dated by their names"), "{stderr}");
    assert!(!stderr.contains("undated"), "{stderr}");
    // A day that holds nothing is a hole.
    assert_eq!(code, Some(4));
    assert!(report["withheld"].to_string().contains("2026-11-03"), "{}", report["withheld"]);
}

#[test]
fn diff_goes_by_names_too() {
    let folder = scratch("diff");
    let (old, new) = (folder.join("prod-2026-11-01"), folder.join("prod-2026-11-11"));
    copied(&old);
    copied(&new);
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    let (code, answer, stderr) = json(eksnet(&["diff", old, new, "-o", "json"]));
    assert_eq!((code, &answer["days"]), (Some(0), &10.0.into()), "{stderr}");
    let said = "both snapshots dated by their names: 2026-11-01 and 2026-11-11";
    assert!(stderr.contains(said), "{stderr}");
    assert_eq!(answer["notes"], serde_json::json!([said]));
    let (_, text, _) = eksnet(&["diff", old, new]);
    assert!(!text.contains("Skipped") && !text.contains("dated by"), "{text}");
    // What is given comes first.
    let given = ["diff", old, new, "-o", "json", "--old-at", "2026-11-06"];
    assert_eq!(json(eksnet(&given)).1["days"], 5.0);
    let odd = folder.join("2026-13-40");
    copied(&odd);
    let (code, _, stderr) = json(eksnet(&["diff", old, odd.to_str().unwrap(), "-o", "json"]));
    assert_eq!(code, Some(4));
    assert!(stderr.contains("2026-13-40 in its name is not a date or time"), "{stderr}");
}
