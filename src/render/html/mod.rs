//! Answers as one self-contained HTML page: no script, nothing loaded, light and dark, made to be printed.
//! The layout is `templates/base.html`; a command's own template extends it. The engine escapes all text,
//! and `text` shows what would be invisible.

mod audit;
mod bar;
mod diff;
mod head;
mod pieces;
mod plan;
mod simulate;
mod time_chart;

pub use audit::{mapped, write_audit};
pub use diff::write_diff;
pub use plan::write_plan;
pub use simulate::write_simulate;

use super::{Tone, escape};

/// A text from outside as it is shown: what is invisible, or turns the reading direction, is written out.
fn text(text: &str) -> String {
    escape::terminal(text).into_owned()
}

/// The class that gives a tone its colour.
fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Good => "good",
        Tone::Warn => "warn",
        Tone::Bad => "bad",
        Tone::Dim => "dim",
        Tone::Strong => "strong",
    }
}

/// Whether a text has a word that may have to be broken to fit into a column.
fn is_long(text: &str) -> bool {
    text.split_whitespace().any(|word| word.len() > 24)
}
