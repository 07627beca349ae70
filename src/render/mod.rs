//! From reports to bytes: documents as tables, CSV and Markdown, and the versioned JSON types. A
//! renderer knows a report or a document and a writer, nothing else.

pub mod audit;
pub mod audit_csv;
mod baseline;
mod check_page;
pub mod ci;
mod columns;
mod csv;
pub mod diff;
pub mod doctor;
mod document;
mod drains;
mod emf;
pub mod escape;
mod figures;
mod fit;
mod forecast;
mod forecast_csv;
pub mod html;
mod ignored;
pub mod json;
pub mod limits;
mod markdown;
pub mod maxpods;
pub mod node;
mod openmetrics;
mod page;
mod parts;
mod place;
mod screen;
pub mod simulate;
mod subnet_fields;
mod table;
pub mod usage;

pub use check_page::web_page;
pub use csv::write_csv;
pub use document::{Block, Cell, Column, Document, Grid, Role, Tone};
pub use emf::write_emf;
pub use fit::wrapped;
pub use forecast_csv::forecast_grid as forecast_csv;
pub use markdown::write_markdown;
pub use openmetrics::write_openmetrics;
pub use page::write_page;
pub use screen::{Letters, Screen, Styling};
pub use subnet_fields::csv_grid as subnets_csv;
pub use table::write_table;
