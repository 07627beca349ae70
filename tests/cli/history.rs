//! Forecasts of two made months: growth, a week's pattern and noise are known, and so is when the
//! subnets run full.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    days::{Made, snapshot},
    run::{eksnet, scratch},
};
use eksnet::{
    network::Random,
    trend::{Point, fit},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// A Monday.
const START: &str = "2026-08-03T00:00:00Z";
const DAYS: u32 = 61;

fn moment(day: u32, minute: u32) -> Timestamp {
    let start: Timestamp = START.parse().unwrap();
    start + SignedDuration::from_mins(i64::from(day) * 24 * 60 + i64::from(minute))
}

/// Working days lie 40 above weekends, and noise of 15 either way.
fn growing(day: u32, random: &mut Random) -> u32 {
    let weekday = if day % 7 < 5 { 40 } else { 0 };
    300 + 6 * day + weekday + random.below(31) - 15
}

/// When working days reach 1019 addresses, in days after the start: (1019 − 340) / 6.
const FULL_AFTER: f64 = 113.17;

/// Two months, a snapshot a day at some time of the day. The last of them is named.
pub(crate) fn two_months(name: &str) -> (PathBuf, PathBuf) {
    let folder = scratch(name);
    let mut random = Random::new(7);
    let mut last = None;
    for day in 0..DAYS {
        let at = moment(day, random.below(24 * 60)).to_string();
        let flat = 120 + random.below(41) + if day % 7 < 5 { 60 } else { 0 };
        let subnets = [
            Made { id: "subnet-grows", cidr: "10.0.0.0/22", used: growing(day, &mut random) },
            Made { id: "subnet-flat", cidr: "10.0.4.0/22", used: flat },
            Made { id: "subnet-shrinks", cidr: "10.0.8.0/22", used: 900 - 5 * day },
            Made { id: "subnet-soon", cidr: "10.0.12.0/24", used: 20 + day * 36 / 10 },
        ];
        // Names in no order of time.
        let file = folder.join(format!("{:03}.json", (day * 37) % 101));
        fs::write(&file, snapshot(Some(&at), &subnets).to_string()).unwrap();
        last = Some(file);
    }
    (folder, last.unwrap())
}

fn audit(from: &Path, history: &Path, more: &[&str]) -> (Option<i32>, Value, String) {
    let (from, history) = (from.to_str().unwrap(), history.to_str().unwrap());
    let mut arguments = vec!["audit", "--from", from, "--history", history, "-o", "json"];
    arguments.extend(more);
    let (code, stdout, stderr) = eksnet(&arguments);
    let report = serde_json::from_str(&stdout);
    (code, report.unwrap_or_else(|error| panic!("{error}: {stderr}")), stderr)
}

fn forecast<'a>(report: &'a Value, subnet: &str) -> &'a Value {
    let rows = report["forecast"].as_array().unwrap();
    rows.iter().find(|row| row["subnet_id"] == subnet).unwrap()
}

fn bar<'a>(forecast: &'a Value, name: &str) -> &'a Value {
    let bars = forecast["bars"].as_array().unwrap();
    bars.iter().find(|bar| bar["bar"] == name).unwrap()
}

fn exhaustion(report: &Value) -> Vec<(&str, &str)> {
    let findings = report["findings"].as_array().unwrap().iter();
    let of = findings.filter(|finding| finding["id"] == "exhaustion");
    of.map(|f| (f["resource"].as_str().unwrap(), f["severity"].as_str().unwrap())).collect()
}

#[test]
fn the_forecast_brackets_the_true_day() {
    let (folder, last) = two_months("brackets");
    let (code, report, stderr) = audit(&last, &folder, &["--min-free", "20", "--fail-on", "never"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));

    let row = forecast(&report, "subnet-grows");
    assert_eq!((&row["trend"], &row["weekly_pattern"]), (&json!("growing"), &json!(true)));
    assert_eq!(row["points"], DAYS);
    let (low, high) = (row["slope_low"].as_f64().unwrap(), row["slope_high"].as_f64().unwrap());
    assert!(low <= 6.0 && 6.0 <= high && high - low < 1.0, "{low} to {high}");
    let as_of: Timestamp = row["as_of"].as_str().unwrap().parse().unwrap();
    let passed = as_of.duration_since(moment(0, 0)).as_secs_f64() / 86_400.0;
    let full = bar(row, "full");
    assert_eq!(full["at_addresses"], 1019);
    let (soonest, latest) =
        (full["days_low"].as_f64().unwrap(), full["days_high"].as_f64().unwrap());
    let truth = FULL_AFTER - passed;
    assert!(soonest <= truth && truth <= latest, "{soonest} to {latest}, and not {truth}");
    assert!(latest - soonest < 14.0, "of use: {soonest} to {latest}");

    // The bars come in the order in which they are reached.
    let bars: Vec<(&str, u64)> = row["bars"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bar| (bar["bar"].as_str().unwrap(), bar["at_addresses"].as_u64().unwrap()))
        .collect();
    assert_eq!(bars, [("warn", 816), ("critical", 918), ("min-free", 1000), ("full", 1019)]);
    let days: Vec<f64> =
        row["bars"].as_array().unwrap().iter().map(|bar| bar["days"].as_f64().unwrap()).collect();
    assert!(days.is_sorted(), "{days:?}");
}

/// Twenty other histories of the same truth: the interval of 95 % holds it nearly always.
#[test]
fn other_histories_bracket_it_too() {
    let held = (100..120).filter(|seed| {
        let mut random = Random::new(*seed);
        let points: Vec<Point> = (0..DAYS)
            .map(|day| Point { at: moment(day, 600), value: growing(day, &mut random).into() })
            .collect();
        let outlook = fit(&points).unwrap().rises_to(1019.0, moment(0, 0), None).unwrap();
        // At ten o'clock of its day.
        let truth = FULL_AFTER + 10.0 / 24.0;
        outlook.low <= truth && truth <= outlook.high
    });
    let held = held.count();
    assert!(held >= 17, "{held} of 20");
}

#[test]
fn without_a_trend_there_is_no_date() {
    let (folder, last) = two_months("no-trend");
    let (_, report, _) = audit(&last, &folder, &["--min-prefixes", "30", "--warn-at", "10"]);
    for (subnet, trend) in [("subnet-flat", "none"), ("subnet-shrinks", "shrinking")] {
        let row = forecast(&report, subnet);
        assert_eq!(row["trend"], trend, "{row}");
        for name in ["critical", "full"] {
            let bar = bar(row, name);
            assert_eq!((&bar["days"], &bar["date"]), (&Value::Null, &Value::Null), "{bar}");
        }
    }
    // What is reached needs no trend.
    let warn = bar(forecast(&report, "subnet-flat"), "warn");
    assert_eq!((&warn["days"], &warn["reached"]), (&json!(0.0), &json!(true)));
    let grows = forecast(&report, "subnet-grows");
    // Used addresses lie in a row here, so that prefixes go as they come: 62 less one for each 16,
    // and 29 are left when 33 · 16 are taken. That was before the last day.
    let prefixes = bar(grows, "min-prefixes");
    assert_eq!((&prefixes["at_prefixes"], &prefixes["reached"]), (&json!(29), &json!(true)));
    assert_eq!(prefixes["days"], 0.0);
    let (_, report, _) = audit(&last, &folder, &["--min-prefixes", "11"]);
    let prefixes = bar(forecast(&report, "subnet-grows"), "min-prefixes");
    assert_eq!((&prefixes["at_addresses"], &prefixes["reached"]), (&Value::Null, &json!(false)));
    let days = prefixes["days"].as_f64().unwrap();
    // 10 are left when 52 of 62 blocks and the rest of the first are taken: 844 addresses.
    assert!((15.0..35.0).contains(&days), "{days}");
}

#[test]
fn exhaustion_is_a_finding_within_the_horizon() {
    let (folder, last) = two_months("horizon");
    let (code, report, _) = audit(&last, &folder, &[]);
    assert_eq!(exhaustion(&report), [("subnet-soon", "critical")]);
    assert_eq!(code, Some(1));
    let (_, report, _) = audit(&last, &folder, &["--horizon", "10w"]);
    let both = [("subnet-soon", "critical"), ("subnet-grows", "warning")];
    assert_eq!(exhaustion(&report), both);
    let finding = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["id"] == "exhaustion" && f["resource"] == "subnet-grows")
        .unwrap();
    let (message, evidence) = (finding["message"].as_str().unwrap(), &finding["evidence"]);
    // The sum can be worked out again from what is said.
    let number = |name: &str| evidence[name].as_f64().unwrap();
    let way = number("at_addresses") - number("from_addresses");
    assert!((way / number("slope_per_day") - number("days")).abs() < 0.06, "{evidence}");
    let from =
        format!(", counted from a typical full weekday, {:.0}, up to ", number("from_addresses"));
    assert!(message.contains(&from), "{message}");
    for name in ["date", "date_low", "date_high"] {
        assert!(message.contains(evidence[name].as_str().unwrap()), "{message}: {name}");
    }
    let (_, report, _) = audit(&last, &folder, &["--horizon", "0d"]);
    assert_eq!(exhaustion(&report), []);
}

#[test]
fn the_table_shows_it() {
    let (folder, last) = two_months("table");
    let arguments =
        ["audit", "--from", last.to_str().unwrap(), "--history", folder.to_str().unwrap()];
    let (_, stdout, _) = eksnet(&arguments);
    let section: Vec<&str> = stdout
        .lines()
        .skip_while(|line| *line != "Forecast")
        .take_while(|l| !l.is_empty())
        .collect();
    let of = |subnet: &str| section.iter().filter(|line| line.starts_with(subnet)).count();
    assert_eq!((of("subnet-grows"), of("subnet-flat")), (3, 1), "{section:#?}");
    assert!(section.iter().any(|line| line.contains("no clear growth")), "{section:#?}");
    assert!(!eksnet(&arguments[..3]).1.contains("Forecast"));
}

#[test]
fn what_cannot_be_read_is_withheld_and_the_rest_stands() {
    let (folder, last) = two_months("broken");
    fs::write(folder.join("a-note.json"), r#"{"remember": "the milk"}"#).unwrap();
    fs::write(folder.join("no-json.json"), "not json").unwrap();
    let timeless = snapshot(None, &[Made { id: "subnet-flat", cidr: "10.0.4.0/22", used: 1 }]);
    fs::write(folder.join("timeless.json"), timeless.to_string()).unwrap();
    let (code, report, stderr) = audit(&last, &folder, &["--fail-on", "never"]);
    assert_eq!((code, &report["withheld"]), (Some(0), &json!([])));
    for name in ["a-note.json", "no-json.json", "timeless.json: a snapshot without a capture time"]
    {
        assert!(stderr.contains(name), "{stderr}");
    }

    let whole = report["forecast"].clone();
    let cut = snapshot(Some("2026-08-03T00:00:00Z"), &[]).to_string();
    fs::write(folder.join("cut.json"), &cut[..cut.len() - 20]).unwrap();
    let odd = snapshot(Some("yesterday"), &[]).to_string();
    fs::write(folder.join("odd.json"), odd).unwrap();
    fs::write(folder.join("metrics.json"), r#"{"MetricDataResults": [{"Id": 5}]}"#).unwrap();
    let (code, report, stderr) = audit(&last, &folder, &["--fail-on", "never"]);
    assert_eq!(code, Some(4));
    assert_eq!(report["forecast"], whole);
    let withheld = report["withheld"].to_string();
    for name in ["cut.json", "odd.json: captured_at `yesterday`", "metrics.json"] {
        assert!(stderr.contains(name) && withheld.contains(name), "{name}: {stderr}");
    }
}

#[test]
fn folders_without_a_history() {
    let (_, last) = two_months("none");
    let empty = scratch("none-empty");
    let (code, report, _) = audit(&last, &empty, &[]);
    assert_eq!(code, Some(4));
    assert!(
        report["withheld"].to_string().contains("no file has a reading of these subnets"),
        "{report}"
    );
    let row = forecast(&report, "subnet-grows");
    assert_eq!((&row["trend"], &row["points"]), (&Value::Null, &json!(1)));
    assert!(row["reason"].as_str().unwrap().ends_with("there are 1"));

    let odd = scratch("none-odd").join("odd.json");
    fs::write(&odd, snapshot(Some("yesterday"), &[]).to_string()).unwrap();
    let (exit, _, stderr) =
        eksnet(&["audit", "--from", odd.to_str().unwrap(), "--history", empty.to_str().unwrap()]);
    assert_eq!(exit, Some(2), "{stderr}");
    assert!(stderr.contains("`yesterday` is not a timestamp"), "{stderr}");

    let last = last.to_str().unwrap();
    for (history, code) in [("nowhere", 2), (last, 2)] {
        let (exit, stdout, stderr) = eksnet(&["audit", "--from", last, "--history", history]);
        assert_eq!((exit, stdout.as_str()), (Some(code), ""), "{stderr}");
        assert!(stderr.starts_with("error: ") && stderr.contains("\nhint: "), "{stderr}");
    }
    for horizon in ["30", "soon", "-1d"] {
        let argument = format!("--horizon={horizon}");
        let (exit, _, stderr) = eksnet(&["audit", "--from", last, "--history", "x", &argument]);
        assert_eq!(exit, Some(2), "{stderr}");
    }
}

/// The order of files is not that of time, and does not matter; nor does a snapshot that is there
/// twice.
#[test]
fn the_order_of_snapshots_does_not_matter() {
    let (folder, last) = two_months("order");
    let (_, report, _) = audit(&last, &folder, &[]);
    let other = scratch("order-other");
    let files: Vec<PathBuf> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    for (at, file) in files.iter().enumerate() {
        fs::copy(file, other.join(format!("{}.json", 900 - at))).unwrap();
    }
    fs::copy(&files[3], other.join("again.json")).unwrap();
    assert_eq!(audit(&last, &other, &[]).1["forecast"], report["forecast"]);
}

/// The same months as CloudWatch tells them, audited against a snapshot that has no time.
#[test]
fn cloudwatch_tells_a_history_too() {
    let folder = scratch("cloudwatch");
    let mut random = Random::new(7);
    let days: Vec<(String, u32)> =
        (0..DAYS).map(|day| (moment(day, 720).to_string(), growing(day, &mut random))).collect();
    // CloudWatch gives the latest first.
    let times: Vec<&str> = days.iter().rev().map(|(at, _)| at.as_str()).collect();
    let values: Vec<f64> = days.iter().rev().map(|(_, used)| f64::from(*used)).collect();
    let answer = json!({"MetricDataResults": [
        {"Id": "m1", "Label": "subnet-grows UsedAddresses", "Timestamps": times, "Values": values,
            "StatusCode": "Complete"},
        {"Id": "used_subnet_flat", "Label": "flat", "Timestamps": times, "Values": values},
        {"Id": "m3", "Label": "CPUUtilization", "Timestamps": [], "Values": []}], "Messages": []});
    fs::write(folder.join("metrics.json"), answer.to_string()).unwrap();
    let now = scratch("cloudwatch-now").join("now.json");
    let subnets = [
        Made { id: "subnet-grows", cidr: "10.0.0.0/22", used: 700 },
        Made { id: "subnet-flat", cidr: "10.0.4.0/22", used: 700 },
    ];
    fs::write(&now, snapshot(None, &subnets).to_string()).unwrap();
    let (code, report, stderr) = audit(&now, &folder, &["--horizon", "70d"]);
    assert_eq!(code, Some(0), "{report}");
    assert!(stderr.contains("CPUUtilization"), "{stderr}");
    let row = forecast(&report, "subnet-grows");
    assert_eq!((&row["points"], &row["as_of"]), (&json!(DAYS), &json!("2026-10-02T12:00:00Z")));
    let full = bar(row, "full");
    let truth = FULL_AFTER + 0.5 - 60.5;
    assert!(full["days_low"].as_f64().unwrap() <= truth, "{full}");
    assert!(truth <= full["days_high"].as_f64().unwrap(), "{full}");
    assert_eq!(forecast(&report, "subnet-flat")["bars"], row["bars"]);
    let warned = [("subnet-flat", "warning"), ("subnet-grows", "warning")];
    assert_eq!(exhaustion(&report), warned);
}

/// An old snapshot is told what could be known at its time, and its days count from there.
#[test]
fn later_readings_are_left_out() {
    let (folder, _) = two_months("backtest");
    let day = 30;
    let from = folder.join(format!("{:03}.json", (day * 37) % 101));
    let (_, report, _) = audit(&from, &folder, &[]);
    let row = forecast(&report, "subnet-grows");
    assert_eq!((&row["points"], &row["to"]), (&json!(day + 1), &row["as_of"]));
    assert_eq!(row["as_of"], report["source"]["captured_at"]);
    let later = scratch("backtest-later");
    for day in 0..=day {
        let name = format!("{:03}.json", (day * 37) % 101);
        fs::copy(folder.join(&name), later.join(&name)).unwrap();
    }
    assert_eq!(audit(&from, &later, &[]).1["forecast"], report["forecast"]);
}

/// Full now: the finding says so, and names no day.
#[test]
fn what_is_full_needs_no_date() {
    let folder = scratch("full");
    let mut last = folder.clone();
    for day in 0..10 {
        let made = [Made { id: "subnet-full", cidr: "10.0.0.0/24", used: 251 - (9 - day) * 5 }];
        last = folder.join(format!("{day}.json"));
        let at = moment(day, 0).to_string();
        fs::write(&last, snapshot(Some(&at), &made).to_string()).unwrap();
    }
    let (code, report, _) = audit(&last, &folder, &[]);
    assert_eq!((code, exhaustion(&report)), (Some(1), vec![("subnet-full", "critical")]));
    let findings = report["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["id"] == "exhaustion").unwrap();
    assert_eq!(
        finding["message"],
        "subnet-full grows by 5.0 addresses a day (5.0 to 5.0) and is full"
    );
    // Monitoring gets the days too.
    let (last, folder) = (last.to_str().unwrap(), folder.to_str().unwrap());
    let (_, text, _) = eksnet(&["audit", "--from", last, "--history", folder, "-o", "openmetrics"]);
    let sample = text.lines().find(|line| line.starts_with("eksnet_subnet_exhaustion_days{"));
    assert!(sample.unwrap().ends_with("} 0.0"), "{text}");
}

/// 61 days of 5 addresses more each, the last of which holds `last`; the last file is named.
fn steady(name: &str, last: u32, change: impl Fn(&mut Value)) -> (PathBuf, PathBuf) {
    let folder = scratch(name);
    let mut file = folder.clone();
    for day in 0..61 {
        let used = if day < 60 { 100 + 5 * day } else { last };
        let made = [Made { id: "subnet-1", cidr: "10.0.0.0/22", used }];
        let mut taken = snapshot(Some(&moment(day, 0).to_string()), &made);
        change(&mut taken);
        file = folder.join(format!("{day:02}.json"));
        fs::write(&file, taken.to_string()).unwrap();
    }
    (folder, file)
}

fn days(bar: &Value, name: &str) -> f64 {
    bar[name].as_f64().unwrap_or_else(|| panic!("{bar}"))
}

/// A step up leaves the line, which is a median, far below what is in use: the way to the bar is what
/// is left now.
#[test]
fn days_count_from_what_is_in_use_now() {
    let (folder, last) = steady("step", 900, |_| ());
    let (_, report, _) = audit(&last, &folder, &["--min-prefixes", "3"]);
    let row = forecast(&report, "subnet-1");
    let full = bar(row, "full");
    assert!((23.0..=23.8).contains(&days(full, "days")), "{full}");
    assert!(days(full, "days_low") <= 23.8 && days(full, "days_high") > 100.0, "{full}");
    assert_eq!(exhaustion(&report), [("subnet-1", "warning")]);
    // 904 addresses leave 6 of 62 blocks: 4 more go at 5 addresses a day.
    let prefixes = bar(row, "min-prefixes");
    assert!((11.0..=13.0).contains(&days(prefixes, "days")), "{prefixes}");

    // A count without its time is no reading, and known all the same.
    let now = scratch("step-now").join("now.json");
    let mut timeless: Value = serde_json::from_str(&fs::read_to_string(&last).unwrap()).unwrap();
    timeless["inventory"]["source"]["captured_at"] = Value::Null;
    fs::write(&now, timeless.to_string()).unwrap();
    fs::remove_file(&last).unwrap();
    let (_, report, _) = audit(&now, &folder, &[]);
    let full = bar(forecast(&report, "subnet-1"), "full");
    assert!((23.0..=23.8).contains(&days(full, "days")), "{full}");
    assert_eq!(exhaustion(&report), [("subnet-1", "warning")]);
}

/// Sixty days of a /22 that nears a level below full: the line through them all has passed full, and 92
/// addresses are free.
#[test]
fn growth_that_slowed_is_not_full_while_addresses_are_free() {
    let folder = scratch("saturating");
    let mut random = Random::new(11);
    let mut last = folder.clone();
    for day in 0..60 {
        let nears = 935.0 - 740.0 * (-f64::from(day) / 13.0).exp();
        let noise = f64::from(random.below(5)) - 2.0;
        let used = if day == 59 { 927.0 } else { (nears + noise).round() };
        let used = (0..1019).find(|n| f64::from(*n) >= used).unwrap();
        let made = [Made { id: "subnet-1", cidr: "10.0.0.0/22", used }];
        last = folder.join(format!("{day:02}.json"));
        fs::write(&last, snapshot(Some(&moment(day, 0).to_string()), &made).to_string()).unwrap();
    }
    let (_, report, _) = audit(&last, &folder, &[]);
    assert_eq!(report["subnets"][0]["free"], 92);
    let row = forecast(&report, "subnet-1");
    assert_eq!((&row["trend"], &row["pace"]), (&json!("growing"), &json!("slowing")), "{row}");
    let recent = &row["recent"]["slope_per_day"].as_f64().unwrap();
    assert!((0.0..3.0).contains(recent), "{row}");
    let full = bar(row, "full");
    assert_eq!(full["reached"], false);
    assert!(days(full, "days") > 30.0, "{full}");
    assert_eq!(full["days"], full["recent"]["days"]);
    // Both are told.
    assert!(days(&full["whole_history"], "days") < days(full, "days"), "{full}");
    assert_eq!(exhaustion(&report), []);
    let (from, history) = (last.to_str().unwrap(), folder.to_str().unwrap());
    for format in ["table", "markdown", "html"] {
        let arguments = ["audit", "--from", from, "--history", history, "-o", format];
        let (_, stdout, _) = eksnet(&arguments);
        assert!(stdout.contains("slowing since 2026-09-"), "{format}: {stdout}");
        assert!(stdout.to_uppercase().contains("WHOLE HISTORY"), "{format}: {stdout}");
    }
}

/// A row a subnet and bar, under the names of the JSON document.
#[test]
fn csv_has_the_forecast_too() {
    let (folder, last) = two_months("csv");
    let (_, report, _) = audit(&last, &folder, &["--min-prefixes", "3"]);
    let (from, history) = (last.to_str().unwrap(), folder.to_str().unwrap());
    let arguments = ["audit", "--from", from, "-q", "-o", "csv", "--csv", "forecast"];
    let (_, stdout, _) =
        eksnet(&[&arguments[..], &["--history", history, "--min-prefixes", "3"]].concat());
    let lines: Vec<&str> = stdout.lines().collect();
    let rows = report["forecast"].as_array().unwrap();
    let bars: usize = rows.iter().map(|row| row["bars"].as_array().unwrap().len()).sum();
    assert_eq!(lines.len(), bars + 1, "{stdout}");
    let grows = forecast(&report, "subnet-grows");
    let full = bar(grows, "full");
    let line = lines.iter().find(|l| l.starts_with("subnet-grows,") && l.contains(",full,"));
    for (name, cell) in lines[0].split(',').zip(line.unwrap().split(',')) {
        let value = match name.strip_prefix("bars_") {
            Some("whole_history_days") => &full["whole_history"]["days"],
            Some("recent_days") => &full["recent"]["days"],
            Some(name) => full.get(name).unwrap_or_else(|| panic!("{name}")),
            None => match name.strip_prefix("recent_") {
                // There is none: the pace is steady.
                Some(_) => &grows["recent"],
                None => grows.get(name).unwrap_or_else(|| panic!("{name}")),
            },
        };
        let number = |text: &str| text.parse::<f64>().ok();
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let same = if value.is_null() { cell.is_empty() } else { shown == cell }
            || value.as_f64().is_some_and(|value| number(cell) == Some(value));
        assert!(same, "{name}: {cell} for {value}");
    }
    let names: Vec<&str> = lines[0].split(',').collect();
    let column = |name: &str| names.iter().position(|its| *its == name).unwrap();
    let cells = |line: &&str| line.split(',').map(ToOwned::to_owned).collect::<Vec<_>>();
    let table: Vec<Vec<String>> = lines[1..].iter().map(cells).collect();
    // 236 of 251 grow by 3.6 a day, 709 of 1019 by 6: the growing ones first, the soonest of them on top.
    let full: Vec<&str> = table
        .iter()
        .filter(|row| row[column("bars_bar")] == "full")
        .map(|row| row[column("subnet_id")].as_str())
        .collect();
    assert_eq!(full[..2], ["subnet-soon", "subnet-grows"], "{stdout}");
    let growing = table.iter().take_while(|row| row[column("trend")] == "growing");
    let dates: Vec<&str> = growing.clone().map(|row| row[column("bars_date")].as_str()).collect();
    assert!(dates.iter().filter(|date| !date.is_empty()).is_sorted(), "{dates:?}");
    let others = &table[growing.count()..];
    assert!(others.iter().all(|row| row[column("trend")] != "growing"), "{stdout}");
    let (code, _, stderr) = eksnet(&arguments);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("--csv forecast requires --history"), "{stderr}");
}

/// Fifty flat days, and 24 addresses more on each of the last ten: 640 are in use, and 379 are left for
/// 15.8 days (15.4 from the line, which noise has a little higher and steeper).
#[test]
fn growth_that_began_lately_is_a_finding() {
    let folder = scratch("kink");
    let mut random = Random::new(5);
    let mut last = folder.clone();
    for day in 0..60_u32 {
        let used = match day {
            59 => 640,
            _ => 396 + 24 * day.saturating_sub(49) + random.below(9),
        };
        let made = [Made { id: "subnet-1", cidr: "10.0.0.0/22", used }];
        last = folder.join(format!("{day:02}.json"));
        fs::write(&last, snapshot(Some(&moment(day, 0).to_string()), &made).to_string()).unwrap();
    }
    let (code, report, _) = audit(&last, &folder, &[]);
    let row = forecast(&report, "subnet-1");
    assert_eq!((&row["trend"], &row["pace"]), (&json!("none"), &json!("accelerating")), "{row}");
    let full = bar(row, "full");
    assert!((14.8..=16.8).contains(&days(full, "days")), "{full}");
    assert_eq!((code, &full["whole_history"]), (Some(0), &Value::Null));
    assert_eq!(exhaustion(&report), [("subnet-1", "warning")]);
    let findings = report["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["id"] == "exhaustion").unwrap();
    let message = finding["message"].as_str().unwrap();
    assert!(message.starts_with("subnet-1 grows by 24.") && message.contains("since 2026-09-2"));
    assert!(message.contains("has none left in 15 days, on 2026-10-16"), "{message}");
    assert!(message.ends_with("growth has sped up: over the whole history it shows no growth"));
    assert_eq!(finding["evidence"]["pace"], "accelerating");
}

/// EC2 assigns nothing from an explicit reservation by itself, so that what is free there is no room; it
/// does assign prefixes from a prefix reservation.
#[test]
fn explicit_reservations_are_no_room() {
    let reserve = |kind: &'static str| {
        move |taken: &mut Value| {
            taken["inventory"]["subnets"][0]["reservations"] =
                json!([{"cidr": "10.0.2.0/23", "type": kind}]);
        }
    };
    let (folder, last) = steady("explicit", 400, reserve("explicit"));
    let (_, report, _) = audit(&last, &folder, &[]);
    let row = forecast(&report, "subnet-1");
    let full = bar(row, "full");
    // 1019 less the 511 of the upper half: its last is AWS's.
    assert_eq!(full["at_addresses"], 508);
    assert!((days(full, "days") - 21.6).abs() < 0.05, "{full}");
    assert_eq!(bar(row, "critical")["days"], Value::Null, "growth ends before: {row}");
    assert_eq!(exhaustion(&report), [("subnet-1", "warning")]);
    let findings = report["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["id"] == "exhaustion").unwrap();
    let message = finding["message"].as_str().unwrap();
    assert!(message.contains("; 511 more are free in explicit reservations"), "{message}");
    assert_eq!(finding["evidence"]["explicit_free"], 511);

    let old = folder.join("50.json");
    let (old, new) = (old.to_str().unwrap(), last.to_str().unwrap());
    let (_, stdout, _) = eksnet(&["diff", "-o", "json", old, new]);
    let diff: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(diff["subnets"][0]["days_to_exhaustion"], 21.6);
    assert_eq!(diff["zones"][0]["days_to_exhaustion"], 21.6);

    let (folder, last) = steady("prefix", 400, reserve("prefix"));
    let (_, report, _) = audit(&last, &folder, &[]);
    assert_eq!(bar(forecast(&report, "subnet-1"), "full")["at_addresses"], 1019);
}

/// Whether a subnet is full now is no matter of its history: half of this /26 is reserved explicitly, and
/// the other half, 28 addresses, is in use.
#[test]
fn a_full_subnet_is_critical_with_and_without_a_history() {
    let folder = scratch("full");
    let mut last = folder.clone();
    for day in 0..8 {
        let made = [Made { id: "subnet-1", cidr: "10.0.0.0/26", used: 21 + day }];
        let mut taken = snapshot(Some(&moment(day, 0).to_string()), &made);
        taken["inventory"]["subnets"][0]["reservations"] =
            json!([{"cidr": "10.0.0.32/27", "type": "explicit"}]);
        last = folder.join(format!("{day}.json"));
        fs::write(&last, taken.to_string()).unwrap();
    }
    let (code, with, _) = audit(&last, &folder, &[]);
    let (alone, stdout, _) = eksnet(&["audit", "--from", last.to_str().unwrap(), "-o", "json"]);
    let without: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, alone), (Some(1), Some(1)));
    let full = |report: &Value| {
        let findings = report["findings"].as_array().unwrap();
        findings.iter().find(|finding| finding["id"] == "no-room").cloned().unwrap()
    };
    assert_eq!(full(&with), full(&without));
    assert_eq!(full(&with)["severity"], "critical");
    assert_eq!(bar(forecast(&with, "subnet-1"), "full")["reached"], true);
    assert_eq!(exhaustion(&with), [("subnet-1", "critical")]);
}

/// A link whose file is gone was once a part of the history.
#[cfg(unix)]
#[test]
fn a_link_to_nothing_is_withheld() {
    let (folder, last) = two_months("link");
    std::os::unix::fs::symlink(folder.join("gone"), folder.join("link.json")).unwrap();
    let (code, report, stderr) = audit(&last, &folder, &["--fail-on", "never"]);
    assert_eq!(code, Some(4));
    assert!(stderr.contains("link.json"), "{stderr}");
    assert!(report["withheld"].to_string().contains("link.json"), "{}", report["withheld"]);
    assert_eq!(forecast(&report, "subnet-grows")["trend"], "growing");
}
