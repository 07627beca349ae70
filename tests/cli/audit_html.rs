//! `eksnet audit -o html`: one page that needs nothing else, in which names are text.

use std::fs;

use crate::folder::Folder;
use serde_json::Value;

#[test]
fn a_page_has_a_figure_a_subnet_and_needs_nothing_else() {
    let folder = Folder::example("html");
    let (code, page, stderr) = folder.audit(&["-o", "html"]);
    assert_eq!((code, stderr.as_str()), (1, ""));
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    for outside in ["<script", "href=", "src=", "url(", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
    let (_, report, _) = folder.audit(&["-o", "json"]);
    let report: Value = serde_json::from_str(&report).unwrap();
    let subnets = report["subnets"].as_array().unwrap();
    assert_eq!(page.matches("<figure>").count(), subnets.len());
    for subnet in subnets {
        let use_of = format!("{} of {} in use", subnet["used"], subnet["usable"]);
        assert!(page.contains(&use_of), "{use_of}");
    }
    assert_eq!(folder.audit(&["-o", "html"]).1, page);
}

#[test]
fn a_page_draws_nothing_that_could_not_be_seen() {
    let folder = Folder::example("html-withheld");
    folder.remove("network-interfaces.json");
    let (code, page, _) = folder.audit(&["-o", "html"]);
    assert_eq!(code, 4);
    assert!(page.contains("what is in use could not be seen"));
    assert!(page.contains("Not available") && !page.contains("<svg"), "{page}");
}

#[test]
fn names_stay_text() {
    let folder = Folder::example("html-hostile");
    let path = folder.path("answers/subnets.json");
    let mut answer: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let name = "<script>alert(1)</script>\"'&\u{202e}";
    answer["Subnets"][0]["Tags"] = serde_json::json!([{"Key": "Name", "Value": name}]);
    fs::write(&path, answer.to_string()).unwrap();
    let (_, page, _) = folder.audit(&["-o", "html", "--all"]);
    assert!(!page.contains("<script") && !page.contains('\u{202e}'), "{page}");
    assert!(page.contains("alert(1)"), "{page}");
}
