//! `eksnet audit`.

mod again;
mod baseline;
mod formats;
mod history;
mod metrics;
mod page;
mod policy;
mod redact;
mod step_summary;
mod usage;

pub(super) use policy::found as found_policy;

use super::{
    Exit, Failure, catalogue,
    forms::Forms,
    inventory::places,
    offline::Offline,
    output::{Output, write_file},
    redaction::{of_audit, redacted},
    selection::{Origin, selection},
};
use crate::{
    audit::{
        AddressMap, AuditReport, Counted, FailOn, Questions, Settings,
        answer::{Answer, Ending, View},
        countable, judge,
    },
    cli::{AuditArgs, CommonArgs, Format},
    inventory::{SourceKind, write_snapshot},
    render::{
        audit::document,
        ci::{write_github, write_gitlab, write_junit, write_sarif},
        html::write_audit,
        json::audit::AuditJson,
        write_emf, write_openmetrics,
    },
};

pub(super) fn run(arguments: &AuditArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    formats::check(arguments)?;
    let known = baseline::read(&arguments.baseline)?;
    let held = policy::held(&arguments.bars, &arguments.policy, common)?;
    redact::check(arguments, &held)?;
    let table = catalogue::load(arguments.limits.as_deref())?;
    let asked = usage::asked(&arguments.usage)?;
    let (selection, region) = selection(&arguments.selection)?;
    let origin = Origin {
        from: &arguments.from,
        #[cfg(feature = "aws")]
        all_vpcs: arguments.selection.all_vpcs,
        #[cfg(feature = "aws")]
        aws: &arguments.aws,
        region: region.as_deref(),
        selection: &selection,
    };
    let Offline { places, types } = places(&origin, common)?;
    let table = catalogue::with_types(table, types)?;
    let places = redacted(places, of_audit(arguments).as_deref());
    if let Some(path) = &arguments.save {
        write_file(path, |out| write_snapshot(&places, out))?;
    }
    let is_live = places.source.kind == SourceKind::Live;
    let places = countable(places, arguments.allow_large_cidr).map_err(|error| {
        let failure = Failure::from(error);
        if is_live { failure.of_environment() } else { failure }
    })?;
    let history = history::read(arguments, &places, common)?;
    let counted = Counted::of(&places, arguments.allow_large_cidr)?;
    let settings = Settings {
        bars: held.bars.clone(),
        allow_large: arguments.allow_large_cidr,
        catalogue: &table,
        policy: &held.policy,
        today: held.today,
    };
    let questions = Questions {
        history: history.as_ref(),
        what_if: &asked,
        want_prefixes: arguments.usage.want_prefixes,
        baseline: known,
        again: again::again(arguments),
    };
    let report = judge(counted, &settings, questions);
    policy::note_unused(&report, common);
    let drawn = page::drawn(arguments, &places, &report);
    let ended = finish(arguments, common, &report, (&held.fail_on, &drawn));
    // Not given back: that is a tenth of a large run, and the program ends.
    std::mem::forget((places, report));
    ended
}

/// Everything that goes out, and how the run ends.
fn finish(
    arguments: &AuditArgs,
    common: &CommonArgs,
    report: &AuditReport,
    (fail_on, drawn): (&FailOn, &AddressMap),
) -> Result<Exit, Failure> {
    write(arguments, common, report, (fail_on, drawn))?;
    formats::beside(arguments, common, report)?;
    baseline::write(&arguments.baseline, report)?;
    Ok(exit(report, fail_on))
}

fn write(
    arguments: &AuditArgs,
    common: &CommonArgs,
    report: &AuditReport,
    (fail_on, drawn): (&FailOn, &AddressMap),
) -> Result<(), Failure> {
    let output = Output::new(&arguments.file, common).with(&arguments.table);
    let sections = formats::sections(arguments);
    let ci = formats::ci(arguments, report, fail_on);
    Forms {
        document: &|_| document(report, sections),
        json: &|| AuditJson::new(report, sections),
        csv: &|| formats::csv(arguments, report),
        own: &|format, out| match format {
            Format::Html => write_audit(report, &page::view(), drawn, out),
            Format::Sarif => write_sarif(&ci, out),
            Format::Junit => write_junit(&ci, out),
            Format::Github => write_github(&ci, out),
            Format::Gitlab => write_gitlab(&ci, out),
            Format::OpenMetrics => write_openmetrics(report, out),
            Format::Emf => write_emf(report, metrics::timestamp(report), out),
            Format::Table
            | Format::Wide
            | Format::Json
            | Format::Yaml
            | Format::Csv
            | Format::Markdown
            | Format::Plain => Ok(()),
        },
        found: &|| Answer::of(report, &View::default()).verdict.numbers(),
    }
    .write(arguments.output, &output)
}

fn exit(report: &AuditReport, fail_on: &FailOn) -> Exit {
    match Ending::of(report, fail_on) {
        Ending::Incomplete(_) => Exit::Incomplete,
        Ending::Findings(_) => Exit::Findings,
        Ending::Done(_) => Exit::Done,
    }
}
