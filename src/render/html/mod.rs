//! Documents as one self-contained HTML page: no script, nothing loaded, light and dark. The layout
//! is `templates/base.html`; a command's own template extends it with its charts, and its module
//! imports what the layout names: `Block`, `escape` and `class`. The engine escapes all text.

mod audit;
mod chart;
mod simulate;

pub use audit::write_audit;
pub use simulate::write_simulate;

use super::{Block, Document, Tone};

/// What every page shows: a title, the document's lines up to its first heading, and the rest. What
/// is drawn stands between them.
#[derive(Debug)]
struct Page<'a> {
    title: &'a str,
    lead: &'a [Block],
    rest: &'a [Block],
}

impl<'a> Page<'a> {
    fn new(title: &'a str, document: &'a Document) -> Self {
        let blocks = &document.blocks;
        let heading = blocks.iter().position(|block| matches!(block, Block::Heading(_)));
        let (lead, rest) = blocks.split_at(heading.unwrap_or(blocks.len()));
        Self { title, lead, rest }
    }
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
