//! Who holds a subnet's addresses, as one bar.

use super::super::bar::{BarPart, bar};
use crate::{audit::SubnetCount, finding::thousands, inventory::OwnerKind};

/// A bar with its legend.
#[derive(Debug)]
pub(super) struct Owners {
    pub(super) parts: Vec<BarPart>,
    pub(super) legend: Vec<LegendRow>,
    pub(super) free: Option<String>,
}

/// An owner's row of the legend.
#[derive(Debug)]
pub(super) struct LegendRow {
    pub(super) class: String,
    pub(super) name: &'static str,
    pub(super) addresses: String,
}

/// The owners, the most addresses first; `None` when they are not known.
pub(super) fn owners(subnet: &SubnetCount) -> Option<Owners> {
    let mut held: Vec<(OwnerKind, u32)> =
        subnet.owners.as_ref()?.iter().map(|(kind, count)| (*kind, count.addresses)).collect();
    held.sort_by_key(|(kind, addresses)| (std::cmp::Reverse(*addresses), *kind));
    let usable = subnet.usable?;
    let parts = held.iter().map(|(kind, addresses)| {
        let about = format!("{}: {} of {}", kind.name(), thousands(*addresses), thousands(usable));
        (class(*kind), about, u64::from(*addresses))
    });
    Some(Owners {
        parts: bar(usable.into(), parts),
        legend: held
            .iter()
            .map(|(kind, addresses)| LegendRow {
                class: class(*kind),
                name: kind.name(),
                addresses: thousands(*addresses),
            })
            .collect(),
        free: subnet.free.map(thousands),
    })
}

/// The class of a kind's colour: the colours go round, and the legend tells them apart.
fn class(kind: OwnerKind) -> String {
    const COLOURS: usize = 8;
    let at = OwnerKind::ALL.iter().position(|its| *its == kind).unwrap_or_default();
    format!("o{}", at % COLOURS)
}
