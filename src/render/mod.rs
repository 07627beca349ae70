//! From reports to bytes: documents as tables, CSV and Markdown, and the versioned JSON types. A
//! renderer knows a report or a document and a writer, nothing else.

pub mod audit;
mod csv;
mod document;
pub mod escape;
pub mod json;
pub mod limits;
mod markdown;
pub mod maxpods;
pub mod node;
mod parts;
mod table;
pub mod usage;

pub use csv::write_csv;
pub use document::{Block, Cell, Column, Document, Grid, Tone};
pub use markdown::write_markdown;
pub use table::{Styling, write_table};
