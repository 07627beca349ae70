//! `eksnet doctor`: whether what eksnet needs is there, and what to do where it is not.

mod kubectl;
#[cfg(feature = "aws")]
mod live;
mod rows;

use jiff::{Timestamp, Unit, civil::Date, tz::TimeZone};

#[cfg(not(feature = "aws"))]
use rows::not_tried;
use rows::ok;

use super::{
    Exit, Failure,
    forms::{Forms, no_other},
    output::Output,
    version,
};
use crate::{
    cli::{CommonArgs, DoctorArgs},
    instance::BUILTIN,
    render::{
        Grid, doctor,
        json::doctor::{DoctorJson, DoctorRow},
    },
};

/// From this age on a newer table is worth a look.
const OLD_DAYS: i64 = 180;

pub(super) fn run(arguments: &DoctorArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    #[cfg(feature = "aws")]
    let (mut rows, exit) = live::rows(arguments, common)?;
    #[cfg(not(feature = "aws"))]
    let (mut rows, exit) = {
        let why = "this program was built without AWS access";
        let fix = "install eksnet with its default features to call AWS";
        (vec![not_tried("AWS", why).with_fix(fix)], Exit::Done)
    };
    rows.push(kubectl::row());
    rows.push(table());
    let own = version::own();
    rows.push(ok("eksnet", format!("{} ({})", own.version, own.target)));
    let report = DoctorJson { schema: DoctorJson::SCHEMA, rows };
    Forms {
        document: Some(&|_| doctor::document(&report.rows)),
        json: &|| &report,
        csv: &Grid::default,
        own: &no_other,
        found: &|| "what was checked".to_owned(),
    }
    .write(arguments.output, &Output::new(&arguments.file, common))?;
    Ok(exit)
}

/// The built-in instance table by its age.
fn table() -> DoctorRow {
    let as_of = BUILTIN.as_of();
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let day: Option<Date> = as_of.parse().ok();
    let days = day.and_then(|day| today.since((Unit::Day, day)).ok()).map(|age| age.get_days());
    let Some(days) = days.map(i64::from) else { return ok("instance table", as_of) };
    let row = ok("instance table", format!("{as_of}, {days} days old"));
    if days < OLD_DAYS {
        return row;
    }
    row.with_fix(
        "`eksnet limits verify` compares it with AWS, `eksnet limits update` writes a newer one",
    )
}
