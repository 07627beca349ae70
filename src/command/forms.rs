//! An answer in the format that is asked for. What the formats are stands in one table (`cli::Format`), how
//! each is written stands here; a command says what it has.

use std::io::{self, Write};

use serde::Serialize;

use super::{Failure, output::Output};
use crate::{
    cli::Format,
    render::{
        Document, Grid,
        json::{write_json, write_yaml},
        write_csv, write_markdown, write_table,
    },
};

/// What a command can be asked for.
pub(super) struct Forms<'a, J> {
    /// For people, with every column or the most important ones; `None` where the command writes it itself.
    pub(super) document: Option<&'a dyn Fn(bool) -> Document>,
    /// For programs.
    pub(super) json: &'a dyn Fn() -> J,
    /// For spreadsheets.
    pub(super) csv: &'a dyn Fn() -> Grid,
    /// Formats that only this command has.
    pub(super) own: &'a dyn Fn(Format, &mut dyn Write) -> io::Result<()>,
    /// What was found, in few words, said where the output goes to a file.
    pub(super) found: &'a dyn Fn() -> String,
}

/// Of a command that has no formats of its own.
#[expect(clippy::unnecessary_wraps, reason = "a writer of formats can fail")]
pub(super) fn no_other(_: Format, _: &mut dyn Write) -> io::Result<()> {
    Ok(())
}

impl<J: Serialize> Forms<'_, J> {
    /// Writes it.
    pub(super) fn write(&self, format: Format, output: &Output) -> Result<(), Failure> {
        output.write(|out| match format {
            Format::Table | Format::Wide | Format::Markdown => {
                let is_wide = format == Format::Wide;
                match self.document.map(|document| document(is_wide)) {
                    None => (self.own)(format, out),
                    Some(document) if format == Format::Markdown => write_markdown(&document, out),
                    Some(document) if is_wide => write_table(&document, output.wide(), out),
                    Some(document) => write_table(&document, output.screen(), out),
                }
            }
            Format::Json => write_json(&(self.json)(), out),
            Format::Yaml => write_yaml(&(self.json)(), out),
            Format::Csv => {
                let grid = (self.csv)();
                write_csv(&if output.has_headers() { grid } else { grid.untitled() }, out)
            }
            Format::Plain
            | Format::Html
            | Format::Sarif
            | Format::Junit
            | Format::Github
            | Format::Gitlab
            | Format::OpenMetrics
            | Format::Emf
            | Format::Nodes(_) => (self.own)(format, out),
        })?;
        output.say_written(&(self.found)());
        Ok(())
    }
}
