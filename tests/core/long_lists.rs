//! Answers that are longer than what is read at once, whose rows are read side by side.

use eksnet::inventory::{Interface, answers::Answers};
use serde_json::{Value, json};

const ROWS: u32 = 3_000;

/// An answer of three megabytes as it is printed, or in one line.
fn text(printed: bool) -> String {
    let rows: Vec<Value> = (0..ROWS)
        .map(|n| {
            let [_, _, high, low] = (n * 5).to_be_bytes();
            let address = |step: u8| json!({"Primary": step == 0, "PrivateIpAddress": format!("10.{high}.{low}.{step}")});
            json!({
                "Description": format!("}},\n        {{\"Description\": é {n}"),
                "NetworkInterfaceId": format!("eni-{:08x}", n.wrapping_mul(0x9e37_79b9)),
                "PrivateIpAddresses": [address(0), address(1), address(2), address(3), address(4)],
                "SubnetId": "subnet-1",
                // In one line these look as rows do.
                "TagSet": [
                    {"Description": 1, "Key": "a", "Value": "\\\"]}"},
                    {"Description": 2, "Key": "b", "Value": ""},
                ],
                "VpcId": "vpc-1",
            })
        })
        .collect();
    let answer = json!({"Before": 1, "NetworkInterfaces": rows, "NextToken": "more", "Subnets": [
        {"AvailableIpAddressCount": 1, "CidrBlock": "10.0.0.0/16", "SubnetId": "subnet-1", "VpcId": "vpc-1"},
    ]});
    if printed { serde_json::to_string_pretty(&answer) } else { serde_json::to_string(&answer) }
        .unwrap()
}

fn read(text: &str) -> Result<Vec<Interface>, String> {
    let mut answers = Answers::default();
    let mut last = json!({"NetworkInterfaces": [{
        "NetworkInterfaceId": "eni-last", "SubnetId": "subnet-1", "VpcId": "vpc-1",
    }]})
    .to_string();
    last.insert(0, '\n');
    answers.read("enis.json", text.as_bytes()).map_err(|error| error.to_string())?;
    answers.read("last.json", last.as_bytes()).map_err(|error| error.to_string())?;
    Ok(answers.into_inventory().unwrap().interfaces.unwrap())
}

#[test]
fn however_it_is_printed_the_same_is_read() {
    let rows = read(&text(true)).unwrap();
    assert_eq!(rows.len(), usize::try_from(ROWS).unwrap() + 1);
    assert!(rows.is_sorted_by(|a, b| a.interface_id < b.interface_id));
    assert_eq!(read(&text(false)).unwrap(), rows);
}

#[test]
fn what_is_cut_or_broken_is_refused_at_its_place() {
    for printed in [true, false] {
        let text = text(printed);
        assert!(text.len() > 1_000_000);
        for at in (1..12).map(|part| text.len() / 12 * part) {
            let at = text.floor_char_boundary(at);
            let cut = &text[..at];
            let mut broken = text.clone();
            let row = at + text[at..].find("\"VpcId\"").unwrap();
            broken.replace_range(row..=row, "}");
            for text in [cut, &broken] {
                let whole = serde_json::from_str::<Value>(text).unwrap_err().to_string();
                assert_eq!(read(text).unwrap_err(), whole);
            }
        }
    }
}

#[test]
fn what_cannot_be_used_is_refused_at_its_place() {
    let text = text(true);
    let row = text.len() / 3;
    let address = row + text[row..].find("\"10.").unwrap();
    let broken = text[..address].to_owned() + &text[address..].replacen("\"10.", "\"1O.", 1);
    let line = broken[..address].lines().count();
    let error = read(&broken).unwrap_err();
    assert!(error.contains("is not an IPv4 address"), "{error}");
    assert!(error.contains(&format!(" at line {line} column ")), "{error} {line}");
}
