//! Live collection for commands: access, what is collected, and types that the table lacks.

mod meter;
mod regions;
mod trouble;

pub(super) use regions::reach;

use std::borrow::Cow;

use meter::Meter;
pub(super) use trouble::failure;

use super::{
    Failure, catalogue, note,
    selection::{Origin, chosen, not_there},
};
use crate::{
    aws::{AwsAccess, Bounds, CollectError, TypeQuery, collect, describe_types},
    cli::{AwsArgs, CommonArgs},
    instance::{Catalogue, DescribedType},
    inventory::Places,
};

/// The one region and set of credentials that is asked for.
pub(super) fn access(arguments: &AwsArgs, region: Option<&str>) -> Result<AwsAccess, Failure> {
    if reach(arguments)?.is_some() {
        return Err(Failure::usage(
            "this command accepts one region and one set of credentials",
            "run it once per region, profile and role; `eksnet audit` and `eksnet snapshot` accept \
             several",
        ));
    }
    let asked = arguments.region.first();
    if let (Some(asked), Some(named)) = (asked, region)
        && asked != named
    {
        return Err(Failure::usage(
            format!("--region {asked} is not the region of the cluster's ARN, {named}"),
            "remove --region, or pass the cluster's name instead of its ARN",
        ));
    }
    Ok(AwsAccess {
        profile: arguments.profile.first().cloned(),
        region: asked.cloned().or_else(|| region.map(ToOwned::to_owned)),
        role: arguments.assume_role.first().cloned(),
    })
}

/// Now, to the second.
fn captured_at() -> String {
    let now = jiff::Timestamp::now();
    now.round(jiff::Unit::Second).unwrap_or(now).to_string()
}

/// Collects what is selected, from one place or several.
pub(super) fn places(origin: &Origin<'_>, common: &CommonArgs) -> Result<Places, Failure> {
    origin.check()?;
    let captured_at = captured_at();
    if let Some(reach) = reach(origin.aws)? {
        return regions::places(origin, &reach, &captured_at, common);
    }
    let access = access(origin.aws, origin.region)?;
    let meter = Meter::new(common);
    let inventory = collect(&access, origin.selection, captured_at, &meter.bounds(origin.aws));
    drop(meter);
    let inventory = inventory.map_err(|error| match error {
        CollectError::Aws(error) => failure(&error, origin.aws),
        CollectError::Selection(error) => not_there(&error),
    })?;
    chosen(Places::one(inventory), origin.selection)
}

/// The catalogue with what AWS says of the types it lacks.
pub(super) fn with_types(
    catalogue: Cow<'static, Catalogue>,
    asked: &[String],
    aws: &AwsArgs,
    common: &CommonArgs,
) -> Result<Cow<'static, Catalogue>, Failure> {
    let missing = catalogue::missing(&catalogue, asked);
    if missing.is_empty() {
        note(common, "--live: the table has every requested type; AWS was not called");
        return Ok(catalogue);
    }
    let answer = describe(&TypeQuery::Named(missing.clone()), aws, common)?;
    let answered = |name: &String| answer.iter().any(|row| row.instance_type == *name);
    let absent = |name: &&String| !answered(name) && catalogue.get(name).is_none();
    if let Some(name) = missing.iter().find(absent) {
        let near = catalogue::unknown(&catalogue, name);
        return Err(near.with_error(format!(
            "no instance type `{name}` in the table or in the output of DescribeInstanceTypes"
        )));
    }
    let rows = answer.into_iter().map(|described| {
        let known = catalogue.get(&described.instance_type);
        described.limits(known)
    });
    let rows = rows.collect::<Result<Vec<_>, _>>().map_err(|error| {
        Failure::environment(format!("DescribeInstanceTypes: {error}"), "try again later")
    })?;
    Ok(Cow::Owned(catalogue.with_rows(rows)))
}

/// Calls AWS, with how far it is on the terminal.
pub(super) fn metered<T>(
    aws: &AwsArgs,
    common: &CommonArgs,
    call: impl FnOnce(Bounds<'_>) -> T,
) -> T {
    let meter = Meter::new(common);
    call(meter.bounds(aws))
}

/// What AWS says of types.
pub(super) fn describe(
    wanted: &TypeQuery,
    aws: &AwsArgs,
    common: &CommonArgs,
) -> Result<Vec<DescribedType>, Failure> {
    let meter = Meter::new(common);
    describe_types(&access(aws, None)?, wanted, meter.bounds(aws))
        .map_err(|error| failure(&error, aws))
}
