//! `eksnet audit` for people: the answer first, then the sections.

mod figures;
mod markdown;
mod presented;
mod rest;
mod sections;
mod sheet;
mod terminal;

pub use markdown::write_audit_markdown;
pub use presented::{AuditSections, Folding, Presented};
pub use sections::{document, finding_lines};
pub use terminal::write_audit_table;
