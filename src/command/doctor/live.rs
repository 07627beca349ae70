//! What live commands would meet: credentials, region and permissions.

use super::rows::{not_tried, ok, row};
use crate::{
    aws::{AwsError, Probe, Tried, Trouble, probe},
    cli::{CommonArgs, DoctorArgs},
    command::{Exit, Failure, live},
    inventory::Operation,
    render::json::doctor::{DoctorRow, DoctorStatus},
};

/// The rows, and how the run ends by them.
pub(super) fn rows(
    arguments: &DoctorArgs,
    common: &CommonArgs,
) -> Result<(Vec<DoctorRow>, Exit), Failure> {
    let access = live::access(&arguments.aws, None)?;
    let probed = live::metered(&arguments.aws, common, |bounds| {
        probe(&access, arguments.cluster.as_deref(), bounds)
    });
    let failed = |subject: String, error: &AwsError| {
        let failure = live::failure(error, &arguments.aws);
        let row = row(subject, DoctorStatus::Failed);
        DoctorRow { reason: Some(error.message.clone()), ..row }.with_fix(failure.hint())
    };
    Ok(match probed {
        Ok(probe) => of(&probe, &failed),
        Err(error) => {
            let subject = if error.trouble == Trouble::NoRegion { "region" } else { "credentials" };
            let mut rows = vec![failed(subject.to_owned(), &error)];
            let why = format!("{subject} failed");
            rows.extend(Operation::ALL.iter().map(|call| not_tried(call.iam_action(), &why)));
            (rows, Exit::Environment)
        }
    })
}

fn of(probe: &Probe, failed: &dyn Fn(String, &AwsError) -> DoctorRow) -> (Vec<DoctorRow>, Exit) {
    let mut rows = vec![
        match &probe.credentials {
            Ok(source) => ok("credentials", format!("from {source}")),
            Err(error) => failed("credentials".to_owned(), error),
        },
        match &probe.account {
            Ok(Some(account)) => ok("account", account),
            Ok(None) if probe.credentials.is_err() => {
                not_tried("account", "there are no credentials")
            }
            Ok(None) => not_tried("account", "STS refused to name it; the ENIs may"),
            Err(reason) => {
                let row = row("account", DoctorStatus::Failed);
                DoctorRow { reason: Some(format!("GetCallerIdentity: {reason}")), ..row }
            }
        },
        if let Some(region) = &probe.region {
            ok("region", region)
        } else {
            let row = row("region", DoctorStatus::Failed);
            DoctorRow { reason: Some("no region is set".to_owned()), ..row }
                .with_fix("give --region or set AWS_REGION")
        },
        match probe.endpoints.as_slice() {
            [] => ok("endpoint", "AWS"),
            own => ok("endpoint", format!("set to {}", own.join(", "))),
        },
    ];
    let (mut is_refused, mut is_cut_off) = (probe.account.is_err(), false);
    for (call, outcome) in &probe.calls {
        let action = call.iam_action();
        rows.push(match outcome {
            Tried::Allowed => ok(action, "allowed"),
            Tried::Not(why) => not_tried(action, why),
            Tried::Failed(error) => {
                match error.trouble {
                    Trouble::Credentials | Trouble::Connection | Trouble::Time => is_cut_off = true,
                    Trouble::Refused
                    | Trouble::NotFound
                    | Trouble::NoRegion
                    | Trouble::Setting
                    | Trouble::Throttled
                    | Trouble::Service
                    | Trouble::Answer
                    | Trouble::Other => is_refused = true,
                }
                failed(action.to_owned(), error)
            }
        });
    }
    let exit = if probe.credentials.is_err() || probe.region.is_none() || is_cut_off {
        Exit::Environment
    } else if is_refused {
        Exit::Incomplete
    } else {
        Exit::Done
    };
    (rows, exit)
}
