//! `eksnet explain`: the page of a check on the terminal.

use std::io::{self, Write};

use super::{Exit, Failure, nearest::nearest, output::Output};
use crate::{
    audit::checks::REGISTRY,
    cli::{CommonArgs, ExplainArgs},
    render::{wrapped, write_page},
};

// PAGES: the pages of docs/checks by name, put together by build.rs.
include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// The width of what goes to no terminal, and the most of one: longer lines are hard to read.
const WIDTH: usize = 100;

pub(super) fn run(arguments: &ExplainArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    let output = Output::new(&arguments.file, common);
    let Some(id) = arguments.check.as_deref() else {
        let width = output.screen().width;
        output.write(|out| list(width, out))?;
        return Ok(Exit::Done);
    };
    let page = page(id)?;
    let screen = output.screen();
    let width = screen.width.map_or(WIDTH, |columns| columns.min(WIDTH));
    output.write(|out| {
        write_page(page, width, screen.styling, out)?;
        writeln!(out, "\n{}/blob/main/docs/checks/{id}.md", env!("CARGO_PKG_REPOSITORY"))
    })?;
    Ok(Exit::Done)
}

fn page(id: &str) -> Result<&'static str, Failure> {
    let page = PAGES.iter().find(|(name, _)| *name == id && REGISTRY.iter().any(|c| c.id == id));
    page.map(|(_, text)| *text).ok_or_else(|| {
        let near = nearest(id, REGISTRY.iter().map(|check| check.id));
        let list = "`eksnet explain` lists the checks";
        let hint =
            near.map_or_else(|| list.to_owned(), |near| format!("did you mean {near}? {list}"));
        Failure::usage(format!("no check `{id}`"), hint)
    })
}

/// A line for each check, or a few where the terminal is narrow.
fn list(width: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
    let longest = REGISTRY.iter().map(|check| check.id.len()).max().unwrap_or_default();
    let left = width.map(|width| width.saturating_sub(longest + 2));
    for check in REGISTRY {
        for (at, line) in wrapped(check.about, left).iter().enumerate() {
            let id = if at == 0 { check.id } else { "" };
            writeln!(out, "{id:<longest$}  {line}")?;
        }
    }
    Ok(())
}
