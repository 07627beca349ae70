//! `eksnet audit -o html`: one page that needs nothing else, which begins with the answer and in which names are
//! text. What it looks like is seen by the tests in `browser`.

use std::fs;

use crate::{
    folder::Folder,
    run::{eksnet, scratch},
};
use serde_json::{Value, json};

/// What stands between two texts, at each place.
fn between<'a>(page: &'a str, start: &'a str, end: &'a str) -> Vec<&'a str> {
    page.split(start).skip(1).filter_map(|rest| rest.split(end).next()).collect()
}

#[test]
fn a_page_begins_with_the_answer_and_needs_nothing_else() {
    let folder = Folder::example("html");
    let (code, page, stderr) = folder.audit(&["-o", "html"]);
    assert_eq!((code, stderr.as_str()), (1, ""));
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    for outside in ["<script", "src=", "url(", "@import", "onclick"] {
        assert!(!page.contains(outside), "{outside}");
    }
    for link in between(&page, "href=\"", "\"") {
        assert!(link.starts_with(env!("CARGO_PKG_REPOSITORY")), "{link}");
        assert!(link.contains("/docs/checks/"), "{link}");
    }
    assert_eq!(between(&page, "<title>", "</title>")[0], "harbour-prod · eksnet audit");
    assert_eq!(between(&page, "<h1>", "</h1>"), ["harbour-prod"]);
    let sentence = between(&page, "class=\"sentence\">", "</p>")[0];
    assert!(sentence.contains("harbour-nodes-eu-central-1b"), "{sentence}");
    let titles = between(&page, "<h3><span aria-hidden=\"true\">", "</h3>");
    assert!(titles[0].ends_with("</span> harbour-nodes-eu-central-1b"), "{titles:?}");
    let (_, report, _) = folder.audit(&["-o", "json"]);
    let report: Value = serde_json::from_str(&report).unwrap();
    for subnet in report["subnets"].as_array().unwrap() {
        assert!(page.contains(subnet["name"].as_str().unwrap()), "{subnet}");
    }
    for finding in report["findings"].as_array().unwrap() {
        assert!(page.contains(finding["id"].as_str().unwrap()), "{finding}");
    }
    for todo in between(&page, "class=\"todo\">", "</p>") {
        assert!(!todo.contains('`'), "{todo}");
    }
    assert!(page.contains("<code>eksnet "), "a command among words");
    assert_eq!(folder.audit(&["-o", "html"]).1, page);
}

/// Every /28 is a cell in address order, with its state and who holds what of it: those of `--map`.
#[test]
fn each_block_is_a_cell_that_says_who_holds_it() {
    let folder = Folder::example("html-map");
    let page = folder.audit(&["-o", "html"]).1;
    let (_, report, _) = folder.audit(&["-o", "json"]);
    let report: Value = serde_json::from_str(&report).unwrap();
    let blocks = report["subnets"].as_array().unwrap().iter();
    let blocks: u64 = blocks.map(|subnet| subnet["blocks28"]["total"].as_u64().unwrap()).sum();
    let cells = between(&page, "<input type=radio name=m", ">");
    assert_eq!(u64::try_from(cells.len()).unwrap(), blocks);
    let state = |class: &str| cells.iter().filter(|cell| cell.contains(class)).count();
    let free = report["subnets"].as_array().unwrap().iter();
    let free: u64 = free.map(|subnet| subnet["blocks28"]["free"].as_u64().unwrap()).sum();
    assert_eq!(u64::try_from(state(" class=e ")).unwrap(), free);
    // A prefix is the whole block; of a fragmented one the addresses are named.
    let prefix = cells.iter().find(|cell| cell.contains(" class=p ")).unwrap();
    assert!(prefix.contains("/28 delegated prefix: pod-prefix "), "{prefix}");
    let fragmented = cells.iter().find(|cell| cell.contains(" class=x ")).unwrap();
    assert!(fragmented.contains(" of 16 used: "), "{fragmented}");
}

/// 10.0.0.0/22 with a /24 and a /26 in it, one of them not selected: the gaps are the same.
#[test]
fn the_gaps_of_a_vpc_are_named_whatever_is_selected() {
    let folder = scratch("gaps");
    let write = |name: &str, value: Value| fs::write(folder.join(name), value.to_string()).unwrap();
    let subnet = |id: &str, cidr: &str, available: u32| {
        json!({"SubnetId": id, "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a", "CidrBlock": cidr,
            "AvailableIpAddressCount": available, "OwnerId": "111122223333"})
    };
    let subnets = [subnet("subnet-a", "10.0.0.0/24", 251), subnet("subnet-b", "10.0.1.0/26", 59)];
    write("subnets.json", json!({ "Subnets": subnets }));
    write("network-interfaces.json", json!({"NetworkInterfaces": []}));
    write("instances.json", json!({"Reservations": []}));
    write("subnet-cidr-reservations.json", json!({"SubnetIpv4CidrReservations": []}));
    let association =
        json!({"CidrBlock": "10.0.0.0/22", "CidrBlockState": {"State": "associated"}});
    write(
        "vpcs.json",
        json!({"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/22",
        "OwnerId": "111122223333", "CidrBlockAssociationSet": [association]}]}),
    );
    let from = ["audit", "--from", folder.to_str().unwrap(), "-o", "html"];
    let saved = folder.join("b.snapshot");
    let save = ["--subnet", "subnet-b", "--save", saved.to_str().unwrap()];
    let again = ["audit", "--from", saved.to_str().unwrap(), "-o", "html"];
    for arguments in [from.to_vec(), [&from[..], &save[..]].concat(), again.to_vec()] {
        let page = eksnet(&arguments).1;
        let free = between(&page, "<p class=\"free\">", "</p>");
        assert_eq!(
            free,
            ["Free for further subnets: 704 addresses: <code>10.0.1.64/26</code>\
              <code>10.0.1.128/25</code><code>10.0.2.0/23</code>"],
            "{arguments:?}"
        );
    }
}

#[test]
fn a_page_draws_nothing_that_is_not_available() {
    let folder = Folder::example("html-withheld");
    folder.remove("network-interfaces.json");
    let (code, page, _) = folder.audit(&["-o", "html"]);
    assert_eq!(code, 4);
    assert!(page.contains("<h2>Not available</h2>"), "{page}");
    assert!(!page.contains("<input") && !page.contains("Addresses by owner"), "{page}");
}

#[test]
fn names_stay_text() {
    let folder = Folder::example("html-hostile");
    let path = folder.path("answers/subnets.json");
    let mut answer: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let name = "<script>alert(1)</script>\"'&\u{202e}";
    for subnet in answer["Subnets"].as_array_mut().unwrap() {
        subnet["Tags"] = json!([{"Key": "Name", "Value": name}]);
    }
    fs::write(&path, answer.to_string()).unwrap();
    let (_, page, _) = folder.audit(&["-o", "html", "--all"]);
    assert!(!page.contains("<script") && !page.contains('\u{202e}'), "{page}");
    assert!(page.contains("alert(1)"), "{page}");
}
