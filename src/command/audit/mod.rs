//! `eksnet audit`.

mod baseline;
mod formats;
mod history;
mod metrics;
mod policy;
mod redact;
#[cfg(feature = "aws")]
mod several;
mod step_summary;
mod usage;

#[cfg(feature = "aws")]
use super::live;
use super::{
    Exit, Failure, catalogue,
    inventory::inventory,
    offline::Offline,
    output::{Output, write_file},
    selection::{Origin, narrowed, redacted, selected, selection},
};
use crate::{
    audit::{AuditReport, FailOn, Settings, audit},
    cli::{AuditArgs, AuditFormat, CommonArgs},
    inventory::write_snapshot,
    render::{
        audit::document,
        ci::{write_github, write_gitlab, write_junit, write_sarif},
        html::write_audit,
        json::{audit::AuditJson, write_json},
        write_csv, write_emf, write_markdown, write_openmetrics, write_table,
    },
};

pub(super) fn run(arguments: &AuditArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    formats::check(arguments)?;
    let known = baseline::read(&arguments.baseline)?;
    let held = policy::held(&arguments.bars, &arguments.policy, common)?;
    redact::check(arguments, &held)?;
    let table = catalogue::load(arguments.limits.as_deref())?;
    let settings = Settings {
        bars: held.bars.clone(),
        allow_large: arguments.allow_large_cidr,
        catalogue: &table,
        policy: &held.policy,
        history: None,
        today: held.today,
    };
    let questions = usage::Questions::new(&arguments.usage)?;
    let (selection, region) = selection(&arguments.selection)?;
    let origin = Origin {
        from: &arguments.from,
        #[cfg(feature = "aws")]
        all_vpcs: arguments.selection.all_vpcs,
        #[cfg(feature = "aws")]
        aws: &arguments.aws,
        region: region.as_deref(),
        #[cfg(feature = "aws")]
        selection: &selection,
    };
    #[cfg(feature = "aws")]
    if origin.from.is_empty()
        && let Some(reach) = live::reach(&arguments.aws)?
    {
        several::check(arguments)?;
        let found = several::Found::new(&origin, &reach, common)?;
        let mut report = found.audited(&settings, &questions)?;
        policy::note_unused(&report, common);
        report.baseline = known.map(|known| known.compare(&report));
        return finish(arguments, common, &report, &held.fail_on);
    }
    let Offline { inventory, types } = inventory(&origin, common)?;
    let selected = selected(&inventory, &selection)?;
    let inventory = narrowed(inventory, &selected);
    let (inventory, selected) = redacted(&arguments.redact, (inventory, selected), &selection);
    if let Some(path) = &arguments.save {
        write_file(path, |out| write_snapshot(&inventory, out))?;
    }
    let history = history::read(arguments, &inventory, &selected, common)?;
    let with_theirs = catalogue::with_types(table.clone(), types)?;
    let settings = Settings { history: history.as_ref(), catalogue: &with_theirs, ..settings };
    let mut report = audit(&inventory, &selected, &settings)?;
    policy::note_unused(&report, common);
    questions.answer(&mut report, &inventory, &settings);
    // Not given back: that is a tenth of a large run, and the program ends soon.
    std::mem::forget(inventory);
    report.baseline = known.map(|known| known.compare(&report));
    finish(arguments, common, &report, &held.fail_on)
}

/// Everything that goes out, and how the run ends.
fn finish(
    arguments: &AuditArgs,
    common: &CommonArgs,
    report: &AuditReport,
    fail_on: &FailOn,
) -> Result<Exit, Failure> {
    write(arguments, common, report, fail_on)?;
    formats::beside(arguments, common, report)?;
    baseline::write(&arguments.baseline, report)?;
    Ok(exit(report, fail_on))
}

fn write(
    arguments: &AuditArgs,
    common: &CommonArgs,
    report: &AuditReport,
    fail_on: &FailOn,
) -> Result<(), Failure> {
    let output = Output::new(&arguments.file, common.color);
    let sections = formats::sections(arguments);
    let ci = formats::ci(arguments, report, fail_on);
    output.write(|out| match arguments.output {
        AuditFormat::Table | AuditFormat::Wide => {
            write_table(&document(report, sections), output.styling(), out)
        }
        AuditFormat::Markdown => write_markdown(&document(report, sections), out),
        AuditFormat::Html => write_audit(report, sections, out),
        AuditFormat::Json => write_json(&AuditJson::new(report, sections), out),
        AuditFormat::Csv => write_csv(&formats::csv(arguments, report), out),
        AuditFormat::Sarif => write_sarif(&ci, out),
        AuditFormat::Junit => write_junit(&ci, out),
        AuditFormat::Github => write_github(&ci, out),
        AuditFormat::Gitlab => write_gitlab(&ci, out),
        AuditFormat::OpenMetrics => write_openmetrics(report, out),
        AuditFormat::Emf => write_emf(report, metrics::timestamp(report), out),
    })
}

/// What is incomplete comes before what was found: a finding stands either way, and what could not
/// be seen may hide more.
fn exit(report: &AuditReport, fail_on: &FailOn) -> Exit {
    if !report.withheld.is_empty() {
        Exit::Incomplete
    } else if report.fails(fail_on) {
        Exit::Findings
    } else {
        Exit::Done
    }
}
