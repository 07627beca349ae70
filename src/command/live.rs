//! Live collection for commands: access, progress, and AWS's errors in this program's words.

mod several;

pub(super) use several::{collected, reach};

use std::{
    borrow::Cow,
    cell::RefCell,
    collections::BTreeMap,
    io::{IsTerminal as _, stderr},
};

use indicatif::ProgressBar;

use super::{
    Failure, catalogue, note,
    selection::{Origin, not_there},
};
use crate::{
    aws::{AwsAccess, AwsError, CollectError, Progress, Trouble, Wanted, collect, describe_types},
    cli::{AwsArgs, CommonArgs},
    instance::{Catalogue, DescribedType},
    inventory::{Inventory, Operation},
};

/// How far collection is, on a terminal's stderr.
struct Meter {
    bar: ProgressBar,
    read: RefCell<BTreeMap<&'static str, usize>>,
}

impl Meter {
    fn new(common: &CommonArgs) -> Self {
        let shown = !common.quiet && stderr().is_terminal();
        let bar = if shown { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        Self { bar, read: RefCell::new(BTreeMap::new()) }
    }
}

impl Progress for Meter {
    fn read(&self, what: &'static str, items: usize) {
        let mut read = self.read.borrow_mut();
        read.insert(what, items);
        let parts: Vec<String> = read.iter().map(|(what, n)| format!("{n} {what}")).collect();
        self.bar.set_message(format!("reading: {}", parts.join(", ")));
        self.bar.tick();
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// The one region and set of credentials that is asked for.
pub(super) fn access(arguments: &AwsArgs, region: Option<&str>) -> Result<AwsAccess, Failure> {
    if reach(arguments)?.is_some() {
        return Err(Failure::usage(
            "this command takes one region and one set of credentials",
            "run it once for each of --region, --profile and --assume-role; `eksnet audit` takes several",
        ));
    }
    let asked = arguments.region.first();
    if let (Some(asked), Some(named)) = (asked, region)
        && asked != named
    {
        return Err(Failure::usage(
            format!("--region {asked} is not the region of the cluster's ARN, {named}"),
            "leave --region away, or name the cluster without its ARN",
        ));
    }
    Ok(AwsAccess {
        profile: arguments.profile.first().cloned(),
        region: asked.cloned().or_else(|| region.map(ToOwned::to_owned)),
        role: arguments.assume_role.first().cloned(),
    })
}

/// A live run says what it is about.
fn check_selection(origin: &Origin<'_>) -> Result<(), Failure> {
    if origin.selection.is_everything() && !origin.all_vpcs {
        return Err(Failure::usage(
            "which subnets? none of --vpc, --subnet, --cluster, --all-vpcs and --from is given",
            "for example: eksnet audit --vpc vpc-0abc, or --from with saved AWS CLI answers",
        ));
    }
    Ok(())
}

/// Now, to the second.
pub(super) fn captured_at() -> String {
    let now = jiff::Timestamp::now();
    now.round(jiff::Unit::Second).unwrap_or(now).to_string()
}

/// Collects the inventory of a selection.
pub(super) fn inventory(origin: &Origin<'_>, common: &CommonArgs) -> Result<Inventory, Failure> {
    check_selection(origin)?;
    let access = access(origin.aws, origin.region)?;
    let captured_at = captured_at();
    let meter = Meter::new(common);
    collect(&access, origin.selection, captured_at, &meter).map_err(|error| match error {
        CollectError::Aws(error) => failure(&error, origin.aws),
        CollectError::Selection(error) => not_there(&error),
    })
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
        note(common, "--live: the table knows every type that is named, so AWS was not asked");
        return Ok(catalogue);
    }
    let answer = describe(&Wanted::Named(missing.clone()), aws, common)?;
    let answered = |name: &String| answer.iter().any(|row| row.instance_type == *name);
    let absent = |name: &&String| !answered(name) && catalogue.get(name).is_none();
    if let Some(name) = missing.iter().find(absent) {
        let near = catalogue::unknown(&catalogue, name);
        return Err(near.with_error(format!(
            "no instance type `{name}` in the table, and DescribeInstanceTypes has none either"
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

/// What AWS says of types.
pub(super) fn describe(
    wanted: &Wanted,
    aws: &AwsArgs,
    common: &CommonArgs,
) -> Result<Vec<DescribedType>, Failure> {
    let meter = Meter::new(common);
    describe_types(&access(aws, None)?, wanted, &meter).map_err(|error| failure(&error, aws))
}

/// An error of AWS with what to do about it.
fn failure(error: &AwsError, aws: &AwsArgs) -> Failure {
    let name = error.operation.map_or("AWS", Operation::name);
    let what = format!("{name}: {}", error.message);
    let action = error.operation.map_or("", Operation::iam_action);
    match error.trouble {
        Trouble::Refused => Failure::environment(
            what,
            format!("add {action} to the policy; `eksnet iam-policy` prints all that is needed"),
        ),
        Trouble::NotFound => Failure::usage(
            what,
            "check the name, the region (--region) and the account (--profile)",
        ),
        Trouble::NoRegion => match aws.profile.first() {
            Some(profile) => Failure::environment(
                format!("no region is set for the profile `{profile}`"),
                "check the profile's name in ~/.aws/config, or give --region",
            ),
            None => Failure::environment(error.message.clone(), "give --region or set AWS_REGION"),
        },
        Trouble::Credentials => Failure::environment(
            what,
            "check --profile and the AWS_* variables; `aws sts get-caller-identity` tells who you \
             are, `aws sso login` renews a session",
        ),
        Trouble::Throttled => Failure::environment(what, "AWS throttles the account: try later"),
        Trouble::Connection => Failure::environment(
            what,
            "check the network, the region (--region) and AWS_ENDPOINT_URL",
        ),
        Trouble::Answer | Trouble::Other => {
            Failure::environment(what, "try again; -v shows more of what was said")
        }
    }
}
