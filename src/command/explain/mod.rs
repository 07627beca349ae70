//! `eksnet explain`: the page of a check, or of an error by its text, on the terminal.

mod error_page;

use std::io::{self, Write};

use error_page::ErrorSection;

use super::{Exit, Failure, output::Output};
use crate::{
    audit::checks::REGISTRY,
    cli::{CommonArgs, ExplainArgs},
    nearest::nearest,
    render::{web_page, wrapped, write_page},
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
    let (page, place) = match error_page::find(id).filter(|_| check_page(id).is_none()) {
        Some(error) => (error_text(error), format!("docs/errors.md#{}", error.anchor())),
        None => (page(id)?.to_owned(), format!("docs/checks/{id}.md")),
    };
    let screen = output.screen();
    let width = screen.width.map_or(WIDTH, |columns| columns.min(WIDTH));
    output.write(|out| {
        write_page(&page, width, screen.styling, out)?;
        web_page(&place).map_or(Ok(()), |url| writeln!(out, "\n{url}"))
    })?;
    Ok(Exit::Done)
}

/// What the page of errors says about one, and the commands that explain the checks that show its cause.
fn error_text(error: ErrorSection) -> String {
    let mut text = format!("# {}\n\n{}\n", error.title, error.text);
    let commands: Vec<String> =
        error.checks().iter().map(|id| format!("eksnet explain {id}\n")).collect();
    if !commands.is_empty() {
        text.push_str("\n**Checks.**\n\n```sh\n");
        text.extend(commands);
        text.push_str("```\n");
    }
    text
}

/// The page of a check.
fn check_page(id: &str) -> Option<&'static str> {
    let page = PAGES.iter().find(|(name, _)| *name == id && REGISTRY.iter().any(|c| c.id == id));
    page.map(|(_, text)| *text)
}

fn page(id: &str) -> Result<&'static str, Failure> {
    check_page(id).ok_or_else(|| {
        let near = nearest(id, REGISTRY.iter().map(|check| check.id));
        let list =
            "`eksnet explain` lists the checks; errors of AWS and Kubernetes: docs/errors.md";
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
