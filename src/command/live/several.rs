//! Several regions and sets of credentials: from the flags to what is collected.

use super::{meter::Meter, trouble::failure};
use crate::{
    aws::{AwsAccess, Reach, Regions, Several, collect_several},
    cli::{AwsArgs, CommonArgs},
    command::{
        Failure,
        selection::{EVERY_REGION, Origin, not_there},
    },
};

/// What is asked for; `None` for one region and one set of credentials.
///
/// # Errors
/// When the flags do not go together.
pub(in crate::command) fn reach(arguments: &AwsArgs) -> Result<Option<Reach>, Failure> {
    let every = arguments.region.iter().any(|name| name == EVERY_REGION);
    if every && arguments.region.len() > 1 {
        return Err(Failure::usage(
            "--region all is given along with other regions",
            "give --region all alone, or name the regions",
        ));
    }
    if arguments.profile.len() > 1 && !arguments.assume_role.is_empty() {
        return Err(Failure::usage(
            "--assume-role is given along with several profiles",
            "give the one profile that may assume the roles, or profiles alone",
        ));
    }
    if let Some(text) = arguments.assume_role.iter().find(|text| !is_role(text)) {
        return Err(Failure::usage(
            format!("--assume-role takes a role's ARN, not `{text}`"),
            "it is such as arn:aws:iam::111122223333:role/audit",
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

/// What several regions and accounts show. Some may have failed, not all.
pub(in crate::command) fn collected(
    origin: &Origin<'_>,
    reach: &Reach,
    captured_at: &str,
    common: &CommonArgs,
) -> Result<Several, Failure> {
    origin.check()?;
    let mut reach = reach.clone();
    if let (Regions::Configured, Some(named)) = (&reach.regions, origin.region) {
        reach.regions = Regions::Named([named.to_owned()].into());
    }
    let meter = Meter::new(common);
    let several = collect_several(&reach, origin.selection, captured_at, &meter)
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
