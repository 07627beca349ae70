//! An audit as grids for CSV: the subnets' owners, the nodes and the findings. The columns are fixed,
//! and new ones come last. (The subnets' own grid is [`super::subnets_csv`].)

use serde_json::Value;

use super::{Cell, Grid, place};
use crate::{
    audit::{AuditReport, Standing, SubnetCount, answer::View},
    finding::Finding,
    inventory::OwnerKind,
};

/// The columns that come when there are several regions or accounts.
pub(super) const PLACE: [&str; 2] = ["region", "account"];

/// A row an owner in a subnet: of all subnets in the report's order, or of some in theirs. A subnet whose owners
/// are not available has one row without an owner.
#[must_use]
pub fn owner_grid(report: &AuditReport, subnets: Option<&[&SubnetCount]>) -> Grid {
    let mut grid = Grid::new(&[
        "subnet_id",
        "name",
        "vpc_id",
        "availability_zone",
        "kind",
        "#interfaces",
        "#addresses",
        "descriptions",
    ]);
    let all: Vec<&SubnetCount> = report.subnets.iter().collect();
    for subnet in subnets.unwrap_or(&all) {
        let row = |owner: [Cell; 4]| {
            let mut row = vec![
                Cell::new(&subnet.subnet_id),
                Cell::maybe(subnet.name.as_ref()),
                Cell::new(&subnet.vpc_id),
                Cell::maybe(subnet.availability_zone.as_ref()),
            ];
            row.extend(owner);
            row
        };
        let Some(owners) = &subnet.owners else {
            grid.push(row(["", "", "", ""].map(Cell::new)));
            continue;
        };
        for (kind, count) in owners {
            let others = subnet.other_descriptions.iter().filter(|_| *kind == OwnerKind::Other);
            let texts: Vec<String> =
                others.map(|(text, addresses)| format!("{text} ({addresses})")).collect();
            grid.push(row([
                Cell::new(kind.name()),
                Cell::new(count.interfaces),
                Cell::new(count.addresses),
                Cell::new(texts.join(";")),
            ]));
        }
    }
    place::columns(report, 0, PLACE, &mut grid);
    grid
}

/// A row a finding, worst first. `known` and `known_severity` are empty without a baseline, and
/// `evidence` is a JSON object.
#[must_use]
pub fn finding_grid(report: &AuditReport, view: &View) -> Grid {
    let mut grid = Grid::new(&[
        "id",
        "severity",
        "resource",
        "name",
        "vpc_id",
        "message",
        "hint",
        "evidence",
        "known",
        "known_severity",
        "command",
    ]);
    let subnets = report.subnets_by_id();
    for finding in report.findings.iter().filter(|finding| view.shows(finding)) {
        let subnet = subnets.get(finding.resource.as_str());
        let standing = report.standing(finding);
        let was = match standing {
            Some(Standing::Worse(was)) => was.name(),
            Some(Standing::New | Standing::Known) | None => "",
        };
        grid.push(vec![
            Cell::new(finding.id),
            Cell::new(finding.severity.name()),
            Cell::new(&finding.resource),
            Cell::maybe(subnet.and_then(|subnet| subnet.name.as_ref())),
            Cell::maybe(subnet.map(|subnet| &subnet.vpc_id)),
            Cell::new(&finding.message),
            Cell::new(finding.plain_hint()),
            Cell::new(evidence(finding)),
            Cell::maybe(standing.map(|standing| standing == Standing::Known)),
            Cell::new(was),
            Cell::maybe(finding.plain_command()),
        ]);
    }
    place::columns(report, 2, PLACE, &mut grid);
    grid
}

fn evidence(finding: &Finding) -> Value {
    let numbers = finding.evidence.iter();
    numbers.map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}
