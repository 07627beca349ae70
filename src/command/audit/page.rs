//! What only the page of an audit shows: where addresses lie.

use crate::{
    audit::{AddressMap, AuditReport, answer::View},
    cli::{AuditArgs, Format},
    inventory::Places,
    render::html::mapped,
};

/// Where addresses lie, for a page; other formats do not show it.
pub(super) fn drawn(
    arguments: &AuditArgs,
    places: &Places,
    (report, view): (&AuditReport, &View),
) -> AddressMap {
    if arguments.output == Format::Html {
        AddressMap::of(places, &mapped(report, view))
    } else {
        AddressMap::default()
    }
}
