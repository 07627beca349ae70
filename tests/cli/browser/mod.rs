//! The HTML pages, opened in a browser: light, dark, narrow, printed, without scripts and with the keyboard.

mod made;
pub(super) mod tools;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_json::json;

use self::tools::Tools;
use crate::run::{root, scratch};

/// A page to open.
struct Page {
    name: &'static str,
    html: String,
    /// Whether it is drawn for the documents.
    is_shown: bool,
}

/// What came of a page.
#[derive(Deserialize)]
struct Opened {
    problems: Vec<String>,
    text: String,
    load_ms: u64,
}

#[derive(Deserialize)]
struct Results {
    pages: BTreeMap<String, Opened>,
}

#[test]
fn pages_can_be_read_by_everybody_and_printed() {
    let Some(tools) = Tools::ready() else { return };
    let folder = scratch("pages");
    let pages = made::pages();
    let results = open(&tools, &folder, &pages);
    let (mut problems, mut stale) = (Vec::new(), Vec::new());
    for page in &pages {
        let opened = &results.pages[page.name];
        let bytes = page.html.len();
        tools::say(&format!("{}: {bytes} bytes, loaded in {} ms", page.name, opened.load_ms));
        problems.extend(opened.problems.iter().map(|problem| format!("{}: {problem}", page.name)));
        if page.is_shown {
            stale.extend(compared(page.name, opened, &folder.join("shots")));
        }
    }
    // While an output is being changed the pictures of the documents are behind it.
    if tools::is_required() {
        problems.extend(stale);
    } else {
        for problem in &stale {
            tools::say(&format!("note: {problem}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn open(tools: &Tools, folder: &Path, pages: &[Page]) -> Results {
    let mut rows = Vec::new();
    for page in pages {
        let file = folder.join(page.name).with_extension("html");
        fs::write(&file, &page.html).unwrap();
        rows.push(json!({"name": page.name, "file": file, "shot": page.is_shown}));
    }
    let axe = tools.folder.join("node_modules/axe-core/axe.min.js");
    let job = json!({"browser": tools.browser, "scratch": folder, "axe": axe, "pages": rows});
    let file = folder.join("job.json");
    fs::write(&file, job.to_string()).unwrap();
    serde_json::from_str(&tools.node("check.mjs", &file)).unwrap()
}

/// Where pictures of pages are kept, with the text that they show.
fn images() -> PathBuf {
    root().join("docs/images")
}

/// Compares a page's pictures with those of the documents: their size and the page's text, since fonts differ
/// from machine to machine. With `EKSNET_WRITE_GENERATED` they are written.
fn compared(name: &str, opened: &Opened, shots: &Path) -> Vec<String> {
    let text = images().join(format!("{name}.txt"));
    let pictures: Vec<String> =
        ["", "-dark", "-narrow"].iter().map(|kind| format!("{name}{kind}.png")).collect();
    if std::env::var_os("EKSNET_WRITE_GENERATED").is_some() {
        fs::create_dir_all(images()).unwrap();
        fs::write(text, &opened.text).unwrap();
        for picture in pictures {
            fs::copy(shots.join(&picture), images().join(&picture)).unwrap();
        }
        return Vec::new();
    }
    let mut problems = Vec::new();
    let again = "scripts/screenshots draws them again";
    if fs::read_to_string(&text).unwrap_or_default() != opened.text {
        problems.push(format!("{name}: the pictures show another text than the page: {again}"));
    }
    for picture in pictures {
        if size(&shots.join(&picture)) != size(&images().join(&picture)) {
            problems.push(format!("{picture}: another size than the page's: {again}"));
        }
    }
    problems
}

/// Width and height of a PNG, as its first chunk has them; `None` if it is none.
fn size(path: &Path) -> Option<[u8; 8]> {
    let bytes = fs::read(path).ok()?;
    bytes.starts_with(b"\x89PNG").then(|| bytes.get(16..24)?.try_into().ok())?
}
