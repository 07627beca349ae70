//! Laws over what eksnet says.

use serde_json::Value;

/// Numbers of a subnet with an IPv4 network that are known unless something could not be seen.
const NUMBERS: [&str; 11] = [
    "total",
    "usable",
    "used",
    "held",
    "free",
    "room",
    "room_single",
    "reserved_free",
    "available_reported",
    "blocks28",
    "owners",
];

/// The laws of an audit's report.
pub(super) fn report(report: &Value) {
    let is_said = !list(report, "withheld").is_empty();
    for subnet in list(report, "subnets") {
        if !subnet["cidr"].is_null() && !is_said {
            for name in NUMBERS {
                assert!(!subnet[name].is_null(), "{name} is null, and nothing withheld: {subnet}");
            }
        }
        self::subnet(subnet);
    }
    let summary = &report["summary"];
    let subnets = list(report, "subnets").len();
    let states = ["ok", "warning", "critical", "unknown"].map(|state| number(summary, state));
    assert_eq!(states.into_iter().flatten().sum::<u64>(), len(subnets), "{summary}");
    let counts = &summary["findings"];
    for severity in ["critical", "warning", "info"] {
        let of = list(report, "findings").iter().filter(|row| row["severity"] == severity);
        assert_eq!(number(counts, severity), Some(len(of.count())), "{counts}");
    }
    if let [Some(usable), Some(used), Some(free)] =
        ["usable", "used", "free"].map(|name| number(summary, name))
    {
        assert_eq!(used + free, usable, "{summary}");
    }
}

fn subnet(subnet: &Value) {
    let [total, usable, used, held, free, room, single] =
        ["total", "usable", "used", "held", "free", "room", "room_single"]
            .map(|name| number(subnet, name));
    if let (Some(usable), Some(used), Some(free)) = (usable, used, free) {
        assert_eq!(used + free, usable, "{subnet}");
    }
    assert!(usable <= total, "{subnet}");
    assert!(held.is_none() || used.is_none() || used <= held, "{subnet}");
    assert!(single.is_none() || (single <= room && room <= free), "{subnet}");
    let blocks = &subnet["blocks28"];
    if !blocks.is_null() {
        let states = ["free", "fragmented", "full", "reserved", "prefix"];
        let sum: u64 = states.into_iter().filter_map(|state| number(blocks, state)).sum();
        assert_eq!(Some(sum), number(blocks, "total"), "{subnet}");
    }
    if let (Some(prefixes), Some(room)) = (number(subnet, "assignable_prefixes"), room) {
        assert!(prefixes * 16 <= room, "{subnet}");
    }
    if let (Some(owners), Some(used)) = (subnet["owners"].as_array(), used) {
        let held: u64 = owners.iter().filter_map(|owner| number(owner, "addresses")).sum();
        assert_eq!(held, used, "{subnet}");
    }
}

/// Text for people has no control character but line ends, and none that turns the order of writing.
pub(super) fn is_plain_text(bytes: &[u8]) {
    let text = str::from_utf8(bytes).expect("what is written is UTF-8");
    let turns = |letter: char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let bad = |letter: &char| (letter.is_control() && *letter != '\n') || turns(*letter);
    if let Some(letter) = text.chars().find(bad) {
        panic!("{letter:?} is written as it is: {text:?}");
    }
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map(Vec::as_slice).expect("a list")
}

fn number(value: &Value, name: &str) -> Option<u64> {
    value[name].as_u64()
}

fn len(len: usize) -> u64 {
    u64::try_from(len).unwrap()
}
