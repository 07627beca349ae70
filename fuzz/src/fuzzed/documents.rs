//! Files of eksnet's own, and CloudWatch's.

use eksnet::{
    audit::{
        Baseline, SubnetUse,
        forecast::{History, Reading},
        parse_policy, read_baseline, write_baseline,
    },
    density::{Addressing, DensitySettings, assess},
    instance::{
        BUILTIN, Catalogue, DescribeAnswer, differences, merge, read_catalogue, write_catalogue,
    },
    inventory::{
        Selection,
        answers::{is_metric_data, read_metric_data},
        read_snapshot, read_snapshot_use, select,
    },
    trend::Point,
};

use super::world::{self, Beside};

/// A snapshot: what of it tells use alone counts as the whole does.
pub(super) fn snapshot(data: &[u8]) {
    let Ok(places) = read_snapshot(data) else { return };
    assert_eq!(read_snapshot(data).ok().as_ref(), Some(&places), "read twice");
    let in_use = read_snapshot_use(data).expect("what is read whole is read in part");
    assert_eq!(places.list.len(), in_use.list.len());
    for (whole, part) in places.list.iter().zip(&in_use.list) {
        let Ok(selected) = select(whole, &Selection::default()) else { continue };
        assert_eq!(
            SubnetUse::of(whole, &selected, false),
            SubnetUse::of(part, &selected, false),
            "in use"
        );
    }
    for inventory in &places.list {
        world::observed(inventory);
    }
}

/// CloudWatch's answers, which a forecast is made of.
pub(super) fn metric_data(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let _is = is_metric_data(text);
    let Ok(data) = read_metric_data(text) else { return };
    assert_eq!(read_metric_data(text).ok().as_ref(), Some(&data), "read twice");
    let mut history = History::new(30);
    for series in &data.series {
        for (at, value) in &series.readings {
            assert!(value.is_finite());
            // Of whatever subnet it is, it is read as one of the small VPC's.
            history.add(Reading {
                subnet_id: "subnet-a".to_owned(),
                measure: series.measure,
                point: Point { at: *at, value: *value },
            });
        }
    }
    let beside = || Beside { history: Some(&history), ..Beside::default() };
    let first = world::audited(world::small(), beside());
    assert_eq!(first, world::audited(world::small(), beside()), "forecast twice");
}

/// Catalogue files and DescribeInstanceTypes.
pub(super) fn catalogue(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(read) = read_catalogue(text) {
        used(&read);
    }
    let Ok(answer) = serde_json::from_str::<DescribeAnswer>(text) else { return };
    let _found = differences(&BUILTIN, &answer.instance_types);
    if let Ok(merged) = merge(&BUILTIN, answer.instance_types.clone(), "answer", None) {
        for described in &answer.instance_types {
            assert!(merged.get(&described.instance_type).is_some(), "{described:?}");
        }
        written_and_read(&merged);
    }
}

fn used(catalogue: &Catalogue) {
    written_and_read(catalogue);
    for limits in catalogue.types() {
        for addressing in [Addressing::SecondaryIp, Addressing::Prefix, Addressing::Ipv6] {
            let settings = DensitySettings { addressing, ..DensitySettings::default() };
            if let Ok(report) = assess(catalogue, limits, &settings) {
                assert!(report.max_pods.is_none_or(|most| most <= 250), "{limits:?}");
            }
        }
    }
}

fn written_and_read(catalogue: &Catalogue) {
    let mut written = Vec::new();
    write_catalogue(catalogue, &mut written).unwrap();
    let read = read_catalogue(str::from_utf8(&written).unwrap());
    let read = read.unwrap_or_else(|error| panic!("a catalogue of ours is refused: {error}"));
    assert_eq!(read.types(), catalogue.types(), "read again");
    let mut again = Vec::new();
    write_catalogue(&read, &mut again).unwrap();
    assert_eq!(again, written, "written again");
}

/// Policy files.
pub(super) fn policy(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let Ok(policy) = parse_policy(text) else { return };
    assert_eq!(parse_policy(text).ok().as_ref(), Some(&policy), "read twice");
    world::audited(world::small(), Beside { policy, ..Beside::default() });
}

/// Baseline files.
pub(super) fn baseline(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let Ok(baseline) = read_baseline(text) else { return };
    let mut written = Vec::new();
    write_baseline(&baseline, &mut written).unwrap();
    let read: Option<Baseline> = read_baseline(str::from_utf8(&written).unwrap()).ok();
    assert_eq!(read.as_ref(), Some(&baseline), "read again");
    world::audited(world::small(), Beside { baseline: Some(baseline), ..Beside::default() });
}
