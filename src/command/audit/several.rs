//! An audit of several regions and accounts: each by itself, and then one report.

use super::usage::Questions;
use crate::{
    audit::{AuditReport, Settings, Together, audit},
    aws::{Failed, Reach, Regions, Several},
    cli::{AuditArgs, CommonArgs},
    command::{
        Failure, live,
        selection::{Origin, narrowed, selected},
    },
    inventory::{Operation, Place, SelectionError, Source, SourceKind, Withheld, fused},
};

/// What several regions and accounts show.
pub(super) struct Found {
    several: Several,
    source: Source,
}

impl Found {
    /// Collects it.
    pub(super) fn new(
        origin: &Origin<'_>,
        reach: &Reach,
        common: &CommonArgs,
    ) -> Result<Self, Failure> {
        let captured_at = live::captured_at();
        let several = live::collected(origin, reach, &captured_at, common)?;
        let region = match &reach.regions {
            Regions::Named(names) if names.len() == 1 => names.first().cloned(),
            Regions::Named(_) | Regions::Configured | Regions::All => None,
        };
        let mut accounts = several.parts.iter().filter_map(|part| part.account());
        let account = accounts.next().filter(|_| reach.credentials.len() == 1);
        let account = account.map(ToOwned::to_owned);
        let captured_at = Some(captured_at);
        let source = Source { kind: SourceKind::Live, region, account, captured_at, caller: None };
        Ok(Self { several, source })
    }

    /// Audits each of them and puts the audits together.
    pub(super) fn audited(
        self,
        settings: &Settings<'_>,
        questions: &Questions,
    ) -> Result<AuditReport, Failure> {
        let mut unseen: Vec<Withheld> = self.several.failed.iter().map(Failed::withheld).collect();
        unseen.extend(self.several.missing.iter().map(nowhere));
        let mut parts = Vec::with_capacity(self.several.parts.len());
        for part in self.several.parts {
            let selected = selected(&part.inventory, &part.selection)?;
            parts.push((part.inventory, selected));
        }
        let mut together = Together::default();
        for (inventory, selected) in fused(parts) {
            let inventory = narrowed(inventory, &selected);
            let mut report = audit(&inventory, &selected, settings).map_err(Failure::from)?;
            questions.answer(&mut report, &inventory, settings);
            together.add(&inventory, report);
        }
        Ok(together.close(self.source, unseen))
    }
}

/// What was named and is in no place that could be looked into; it may be in another one.
fn nowhere(missing: &SelectionError) -> Withheld {
    let operation = match missing.kind {
        "VPC" => Operation::DescribeVpcs,
        "subnet" => Operation::DescribeSubnets,
        _ => Operation::DescribeCluster,
    };
    let place = Some(Place::default());
    let reason = format!("{missing}, where it could be looked");
    Withheld { place, ..Withheld::new(operation, reason) }
}

/// What needs one region and account: a snapshot is of one, and so are a history and a cluster's
/// settings.
pub(super) fn check(arguments: &AuditArgs) -> Result<(), Failure> {
    let flags = [
        ("--save", arguments.save.is_some()),
        ("--history", arguments.history.history.is_some()),
        ("--what-if", !arguments.usage.what_if.is_empty()),
        ("--redact", arguments.redact.redact),
    ];
    match flags.into_iter().find(|(_, given)| *given) {
        Some((flag, _)) => Err(Failure::usage(
            format!("{flag} goes with one region and one set of credentials"),
            "run the audit once for each of --region, --profile and --assume-role",
        )),
        None => Ok(()),
    }
}
