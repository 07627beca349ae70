//! Several regions and sets of credentials: from the flags to what is collected.

use std::collections::BTreeSet;

use super::{meter::Meter, trouble::failure};
use crate::{
    aws::{AwsAccess, Failed, Reach, Regions, Several, collect_several},
    cli::{AwsArgs, CommonArgs},
    command::{
        Failure,
        selection::{EVERY_REGION, Origin, not_there, selected},
    },
    inventory::{Places, SelectionError, Source, SourceKind, Withheld, fused, is_region},
};

/// What is asked for; `None` for one region and one set of credentials.
///
/// # Errors
/// When the flags do not go together.
pub(in crate::command) fn reach(arguments: &AwsArgs) -> Result<Option<Reach>, Failure> {
    let every = arguments.region.iter().any(|name| name == EVERY_REGION);
    let odd = arguments.region.iter().find(|name| *name != EVERY_REGION && !is_region(name));
    if let Some(name) = odd {
        return Err(Failure::usage(
            format!("--region requires the name of a region, not `{name}`"),
            "use a name like eu-central-1; `aws ec2 describe-regions` lists all regions",
        ));
    }
    if every && arguments.region.len() > 1 {
        return Err(Failure::usage(
            "--region all cannot be combined with other regions",
            "pass --region all alone, or name the regions",
        ));
    }
    if arguments.profile.len() > 1 && !arguments.assume_role.is_empty() {
        return Err(Failure::usage(
            "--assume-role cannot be combined with several profiles",
            "pass the one profile that may assume the roles, or only profiles",
        ));
    }
    if let Some(text) = arguments.assume_role.iter().find(|text| !is_role(text)) {
        return Err(Failure::usage(
            format!("--assume-role requires the ARN of a role, not `{text}`"),
            "use an ARN like arn:aws:iam::111122223333:role/audit",
        ));
    }
    let regions = match arguments.region.as_slice() {
        [] => Regions::Configured,
        _ if every => Regions::All,
        named => Regions::Named(named.iter().cloned().collect()),
    };
    let credentials = credentials(arguments);
    let one_region = match &regions {
        Regions::Configured => true,
        Regions::Named(names) => names.len() == 1,
        Regions::All => false,
    };
    let single = one_region && credentials.len() == 1;
    Ok((!single).then_some(Reach { credentials, regions }))
}

/// Each role with the one profile there may be, or each profile; each once, in the order given.
fn credentials(arguments: &AwsArgs) -> Vec<AwsAccess> {
    let profile = arguments.profile.first().cloned();
    let own = |profile| AwsAccess { profile, ..AwsAccess::default() };
    let mut found: Vec<AwsAccess> = Vec::new();
    let listed: Vec<AwsAccess> = if !arguments.assume_role.is_empty() {
        let roles = arguments.assume_role.iter().cloned();
        roles.map(|role| AwsAccess { role: Some(role), ..own(profile.clone()) }).collect()
    } else if arguments.profile.is_empty() {
        vec![own(None)]
    } else {
        arguments.profile.iter().cloned().map(|name| own(Some(name))).collect()
    };
    for access in listed {
        if !found.contains(&access) {
            found.push(access);
        }
    }
    found
}

/// `arn:PARTITION:iam::ACCOUNT:role/NAME`, the name with a path perhaps.
fn is_role(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    match parts.as_slice() {
        ["arn", partition, "iam", "", account, resource] => {
            !partition.is_empty()
                && account.len() == 12
                && account.bytes().all(|digit| digit.is_ascii_digit())
                && resource.strip_prefix("role/").is_some_and(|name| !name.is_empty())
        }
        _ => false,
    }
}

/// What several regions and accounts show.
pub(super) fn places(
    origin: &Origin<'_>,
    reach: &Reach,
    captured_at: &str,
    common: &CommonArgs,
) -> Result<Places, Failure> {
    let several = collected(origin, reach, captured_at, common)?;
    let region = match &reach.regions {
        Regions::Named(names) if names.len() == 1 => names.first().cloned(),
        Regions::Named(_) | Regions::Configured | Regions::All => None,
    };
    let source = Source {
        kind: SourceKind::Live,
        region,
        account: account(&several, reach),
        captured_at: Some(captured_at.to_owned()),
        caller: None,
    };
    let mut unseen: Vec<Withheld> = several.failed.iter().map(Failed::withheld).collect();
    unseen.extend(several.missing.iter().map(SelectionError::nowhere));
    let mut parts = Vec::with_capacity(several.parts.len());
    for part in several.parts {
        let selected = selected(&part.inventory, &part.selection)?;
        parts.push((part.inventory, selected));
    }
    Ok(Places { source, list: fused(parts), unseen, is_several: true, notes: Vec::new() })
}

/// The account, where all credentials are of one: one set always is, of several each has to say so.
fn account(several: &Several, reach: &Reach) -> Option<String> {
    let parts = several.parts.iter().map(|part| part.account());
    let failed = several.failed.iter().map(|failed| failed.account.as_deref());
    let accounts: BTreeSet<Option<&str>> = if reach.credentials.len() == 1 {
        parts.flatten().map(Some).collect()
    } else {
        parts.chain(failed).collect()
    };
    let mut accounts = accounts.into_iter();
    accounts.next().flatten().filter(|_| accounts.next().is_none()).map(ToOwned::to_owned)
}

/// What several regions and accounts answer. Some may have failed, not all.
fn collected(
    origin: &Origin<'_>,
    reach: &Reach,
    captured_at: &str,
    common: &CommonArgs,
) -> Result<Several, Failure> {
    let mut reach = reach.clone();
    if let (Regions::Configured, Some(named)) = (&reach.regions, origin.region) {
        reach.regions = Regions::Named([named.to_owned()].into());
    }
    let meter = Meter::new(common);
    let several = collect_several(&reach, origin.selection, captured_at, meter.bounds(origin.aws))
        .map_err(|error| failure(&error, origin.aws))?;
    drop(meter);
    if let (0, Some(first)) = (several.answered, several.failed.first()) {
        let failure = failure(&first.error, origin.aws);
        let what = format!("{}: {}", first.access.label(), failure.message());
        return Err(match several.failed.len() {
            1 => failure.with_error(what),
            many => failure.with_error(format!("all {many} failed; the first is {what}")),
        });
    }
    // What is missing may be where it could not be looked.
    match several.missing.first() {
        Some(missing) if several.failed.is_empty() => Err(not_there(missing)),
        _ => Ok(several),
    }
}
