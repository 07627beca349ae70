//! The small VPC that files are read beside, and what is done with any VPC that was read.

use eksnet::{
    audit::{
        Asked, Baseline, Counted, FailOn, Policy, Questions, Settings,
        answer::{Answer, Ending, View},
        forecast::History,
        judge,
    },
    instance::BUILTIN,
    inventory::{
        Inventory, Places, Selection, answers::Answers, read_snapshot, select, write_snapshot,
    },
    render::{
        Screen,
        audit::{AuditSections, Folding, Presented, write_audit_markdown, write_audit_table},
        json::audit::AuditJson,
    },
    simulate::{check_from, observe, parse},
};

use super::{laws, scenario};

/// Two subnets of which one has a prefix reservation, and a node with an ENI in the first.
const ANSWERS: [(&str, &str); 4] = [
    (
        "subnets.json",
        r#"{"Subnets": [
            {"SubnetId": "subnet-a", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24", "OwnerId": "111122223333",
             "AvailableIpAddressCount": 248, "AvailabilityZone": "eu-west-1a"},
            {"SubnetId": "subnet-b", "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/26", "OwnerId": "111122223333",
             "AvailableIpAddressCount": 59, "AvailabilityZone": "eu-west-1b"}]}"#,
    ),
    (
        "network-interfaces.json",
        r#"{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "SubnetId": "subnet-a", "VpcId": "vpc-1",
            "OwnerId": "111122223333", "InterfaceType": "interface", "Status": "in-use",
            "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.10", "Primary": true},
                {"PrivateIpAddress": "10.0.0.11", "Primary": false},
                {"PrivateIpAddress": "10.0.0.12", "Primary": false}],
            "Attachment": {"InstanceId": "i-1", "DeviceIndex": 0, "InstanceOwnerId": "111122223333"},
            "TagSet": [{"Key": "node.k8s.amazonaws.com/instance_id", "Value": "i-1"}]}]}"#,
    ),
    (
        "instances.json",
        r#"{"Reservations": [{"OwnerId": "111122223333", "Instances": [{"InstanceId": "i-1",
            "InstanceType": "m5.large", "State": {"Name": "running"}, "VpcId": "vpc-1",
            "SubnetId": "subnet-a", "Tags": [{"Key": "kubernetes.io/cluster/one", "Value": "owned"}]}]}]}"#,
    ),
    (
        "subnet-cidr-reservations.json",
        r#"{"subnet-a": {"SubnetIpv4CidrReservations": []}, "subnet-b": {"SubnetIpv4CidrReservations": [
            {"SubnetId": "subnet-b", "Cidr": "10.0.1.32/28", "ReservationType": "prefix"}]}}"#,
    ),
];

/// The answers of the small VPC.
pub(super) fn answers() -> Answers {
    let mut answers = Answers::default();
    for (name, text) in ANSWERS {
        answers.read(name, text.as_bytes()).unwrap();
    }
    answers
}

/// The small VPC, with the time it was seen.
pub(super) fn small() -> Inventory {
    let mut inventory = answers().into_inventory().unwrap();
    inventory.source.captured_at = Some("2026-11-25T10:00:00Z".to_owned());
    inventory
}

/// What is asked of an audit beside the VPC.
#[derive(Default)]
pub(super) struct Beside<'a> {
    pub(super) policy: Policy,
    pub(super) history: Option<&'a History>,
    pub(super) what_if: &'a [Asked],
    pub(super) baseline: Option<Baseline>,
}

/// Audits a VPC, holds the laws of a report over it, and gives back the report as JSON.
pub(super) fn audited(inventory: Inventory, beside: Beside<'_>) -> Option<serde_json::Value> {
    let selected = select(&inventory, &Selection::default()).ok()?;
    audited_places(&Places::one_of(inventory, selected), beside)
}

/// The same of several.
pub(super) fn audited_places(places: &Places, beside: Beside<'_>) -> Option<serde_json::Value> {
    let counted = Counted::of(places, false).ok()?;
    let Beside { policy, history, what_if, baseline } = beside;
    let settings = Settings::usual(&BUILTIN, &policy);
    let questions =
        Questions { history, what_if, want_prefixes: Some(1), baseline, ..Questions::default() };
    let report = judge(counted, &settings, questions);
    let view = View::default();
    let (answer, ending) = (Answer::of(&report, &view), Ending::of(&report, &FailOn::default()));
    let presented =
        Presented { report: &report, answer: &answer, view: &view, sections: ALL, ending: &ending };
    let json = serde_json::to_value(AuditJson::new(&presented)).unwrap();
    laws::report(&json);
    let narrow = Screen { width: Some(60), ..Screen::FILE };
    for (folding, screen) in [(Folding::Whole, Screen::FILE), (Folding::Folded, narrow)] {
        let mut text = Vec::new();
        write_audit_table(&presented, folding, screen, &mut text).unwrap();
        laws::is_plain_text(&text);
    }
    let mut text = Vec::new();
    write_audit_markdown(&presented, &mut text).unwrap();
    laws::is_plain_text(&text);
    Some(json)
}

const ALL: AuditSections =
    AuditSections { wide: true, owners: true, nodes: true, map: true, ignored: true };

/// What holds for every VPC that was read: it is written and read again as it is, its audit keeps the laws,
/// and a simulation that starts from it does too.
pub(super) fn observed(inventory: &Inventory) {
    let places = Places::one(inventory.clone());
    let selected = places.try_map(|inventory| {
        let selected = select(&inventory, &Selection::default())?;
        Ok::<_, eksnet::inventory::SelectionError>(Some((inventory, selected)))
    });
    let Ok(selected) = selected else { return };
    let mut written = Vec::new();
    write_snapshot(&selected, &mut written).unwrap();
    let read = read_snapshot(written.as_slice());
    let read = read.unwrap_or_else(|error| panic!("a snapshot of ours is refused: {error}"));
    assert_eq!(read.list.as_slice(), std::slice::from_ref(inventory), "read again");
    let first = audited_places(&selected, Beside::default());
    assert_eq!(first, audited_places(&selected, Beside::default()), "audited again");
    let Ok(start) = observe(inventory, &BUILTIN, false) else { return };
    let steps = parse("version: 1\nsteps: []").unwrap();
    if let Ok(layout) = check_from(&steps, &start, &BUILTIN, false) {
        scenario::simulated(&layout);
    }
}
