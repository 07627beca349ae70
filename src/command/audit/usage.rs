//! `--what-if` and `--want-prefixes`: what is asked beyond the audit itself.

use crate::{
    audit::{AuditReport, Settings, drains, what_if},
    cli::UsageArgs,
    cni::{CniChange, parse_changes},
    command::Failure,
    inventory::Inventory,
};

/// What is asked.
pub(super) struct Questions {
    what_if: Vec<(String, Vec<CniChange>)>,
    want_prefixes: Option<u32>,
}

impl Questions {
    pub(super) fn new(arguments: &UsageArgs) -> Result<Self, Failure> {
        let mut asked = Vec::with_capacity(arguments.what_if.len());
        for settings in &arguments.what_if {
            let changes = parse_changes(settings).map_err(|reason| {
                Failure::usage(
                    format!("--what-if {settings}: {reason}"),
                    "for example warm-ip-target=2,minimum-ip-target=12, or prefix",
                )
            })?;
            asked.push((settings.clone(), changes));
        }
        Ok(Self { what_if: asked, want_prefixes: arguments.want_prefixes })
    }

    /// Adds the answers to the report.
    pub(super) fn answer(
        &self,
        report: &mut AuditReport,
        inventory: &Inventory,
        settings: &Settings<'_>,
    ) {
        if !self.what_if.is_empty() {
            let (rows, missing) = what_if(report, inventory, settings.catalogue, &self.what_if);
            report.what_if = Some(rows);
            report.withheld.extend(missing);
            report.withheld.sort();
            report.withheld.dedup();
        }
        report.drains = self.want_prefixes.map(|wanted| drains(report, inventory, wanted));
    }
}
