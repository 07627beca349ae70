//! Man pages.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use crate::run::{eksnet, scratch};

const SECTIONS: &[&str] = &[
    "NAME",
    "SYNOPSIS",
    "DESCRIPTION",
    "ENVIRONMENT",
    "FILES",
    "EXIT STATUS",
    "EXAMPLES",
    "SEE ALSO",
];

/// The names of a page's sections, in order.
fn sections(page: &str) -> Vec<String> {
    let titles = page.lines().filter_map(|line| line.strip_prefix(".SH "));
    titles.map(|title| title.trim_matches('"').to_uppercase()).collect()
}

#[test]
fn every_command_has_a_page() {
    let folder = scratch("man");
    let (code, out, err) = eksnet(&["generate", "man", "--output-dir", folder.to_str().unwrap()]);
    assert_eq!((code, out.as_str(), err.as_str()), (Some(0), "", ""));
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    for name in ["eksnet.1", "eksnet-audit.1", "eksnet-limits-show.1", "eksnet-generate-man.1"] {
        assert!(names.iter().any(|there| there == name), "{names:?}");
    }
    assert!(!names.iter().any(|name| name.contains("help")), "{names:?}");
    for name in &names {
        let page = fs::read_to_string(folder.join(name)).unwrap();
        let sections = sections(&page);
        let mut wanted = SECTIONS.iter();
        let mut next = wanted.next();
        for section in &sections {
            if next.is_some_and(|next| section == next) {
                next = wanted.next();
            }
        }
        assert_eq!(next, None, "{name}: {sections:?}");
        assert!(!page.contains('\x1b') && !page.contains("Examples:"), "{name}");
        formats(&folder.join(name));
    }
}

/// What groff says of a page, where it is installed.
fn formats(page: &Path) {
    let mut run = Command::new("groff");
    run.args(["-man", "-Tutf8", "-ww", "-z"]).arg(page).stdin(Stdio::null());
    if let Ok(output) = run.output() {
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.is_empty(), "{}: {said}", page.display());
    }
}

#[test]
fn a_page_goes_to_stdout() {
    let (code, own, _) = eksnet(&["generate", "man"]);
    assert_eq!(code, Some(0));
    assert!(own.contains("eksnet\\-audit(1)"), "{own}");
    let (code, audit, _) = eksnet(&["generate", "man", "audit"]);
    assert_eq!(code, Some(0));
    assert!(audit.contains("EKSNET_FAIL_ON") && audit.contains("eksnet audit"), "{audit}");
    // What -h leaves out is there with its text.
    assert!(audit.contains("Accept subnets larger than /16"), "{audit}");
    assert!(eksnet(&["generate", "man", "limits", "show"]).1.contains("EKSNET-LIMITS-SHOW"));
    let (code, _, err) = eksnet(&["generate", "man", "no-such"]);
    assert_eq!(code, Some(2));
    assert_eq!(err, "error: no command `no-such`\nhint: `eksnet help` lists the commands\n");
}
