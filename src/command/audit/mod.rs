//! `eksnet audit`.

mod again;
mod baseline;
mod formats;
mod metrics;
mod page;
mod policy;
mod redact;
mod step_summary;
mod usage;
mod view;

pub(super) use policy::found as found_policy;

use super::{
    Exit, Failure, catalogue,
    forms::Forms,
    history::{self, HistorySource},
    inventory::places,
    note,
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
        audit::{Folding, Presented, write_audit_markdown, write_audit_table},
        ci::{write_github, write_gitlab, write_junit, write_sarif},
        html::write_audit,
        json::audit::AuditJson,
        write_emf, write_openmetrics,
    },
};

pub(super) fn run(arguments: &AuditArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    formats::check(arguments)?;
    let view = view::view(&arguments.view)?;
    let known = baseline::read(&arguments.baseline)?;
    let held = policy::held(&arguments.bars, &arguments.policy, common)?;
    redact::check(arguments, &held)?;
    let table = catalogue::load(arguments.limits.as_deref())?;
    let asked = usage::asked(&arguments.usage)?;
    let (selection, region) = selection(&arguments.selection, &arguments.from)?;
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
    let of_history = |folder| HistorySource {
        folder,
        horizon_days: arguments.history.horizon.days,
        allow_large: arguments.allow_large_cidr,
    };
    let folder = arguments.history.history.as_deref();
    let history = folder.map(|folder| history::read(&of_history(folder), &places, common));
    let history = history.transpose()?;
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
    let drawn = page::drawn(arguments, &places, (&report, &view));
    let ended = finish(arguments, common, (&report, &view), (&held.fail_on, &drawn));
    // Not given back: that is a tenth of a large run, and the program ends.
    std::mem::forget((places, report));
    ended
}

/// Everything that goes out, and how the run ends.
fn finish(
    arguments: &AuditArgs,
    common: &CommonArgs,
    (report, view): (&AuditReport, &View),
    (fail_on, drawn): (&FailOn, &AddressMap),
) -> Result<Exit, Failure> {
    let ending = Ending::of(report, fail_on);
    let shown = Presented {
        report,
        answer: &Answer::of(report, view),
        view,
        sections: formats::sections(arguments),
        ending: &ending,
    };
    write(arguments, common, (&shown, fail_on), drawn)?;
    if let Some(text) = view::idle(arguments) {
        note(common, &text);
    }
    formats::beside(arguments, common, &shown)?;
    baseline::write(&arguments.baseline, report)?;
    Ok(exit(&ending))
}

fn write(
    arguments: &AuditArgs,
    common: &CommonArgs,
    (shown, fail_on): (&Presented<'_>, &FailOn),
    drawn: &AddressMap,
) -> Result<(), Failure> {
    let output = Output::new(&arguments.file, common).with(&arguments.table);
    let Presented { report, view, .. } = *shown;
    let ci = formats::ci(arguments, shown, fail_on);
    let is_whole = arguments.all || output.screen().width.is_none();
    let folding = if is_whole { Folding::Whole } else { Folding::Folded };
    Forms {
        document: None,
        json: &|| AuditJson::new(shown),
        csv: &|| formats::csv(arguments, shown),
        own: &|format, out| match format {
            Format::Html => write_audit(report, view, drawn, out),
            Format::Sarif => write_sarif(&ci, out),
            Format::Junit => write_junit(&ci, out),
            Format::Github => write_github(&ci, out),
            Format::Gitlab => write_gitlab(&ci, out),
            Format::OpenMetrics => write_openmetrics(report, out),
            Format::Emf => write_emf(report, metrics::timestamp(report), out),
            Format::Table => write_audit_table(shown, folding, output.screen(), out),
            Format::Wide => write_audit_table(shown, Folding::Whole, output.wide(), out),
            Format::Markdown => write_audit_markdown(shown, out),
            Format::Json | Format::Yaml | Format::Csv | Format::Plain | Format::Nodes(_) => Ok(()),
        },
        found: &|| shown.answer.verdict.numbers(),
    }
    .write(arguments.output, &output)
}

fn exit(ending: &Ending) -> Exit {
    match ending {
        Ending::Incomplete(_) => Exit::Incomplete,
        Ending::Findings(_) => Exit::Findings,
        Ending::Done(_) => Exit::Done,
    }
}
