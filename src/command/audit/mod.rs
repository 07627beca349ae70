//! `eksnet audit`.

use super::{
    Exit, Failure, aside,
    output::{Output, write_file},
    selection::{Origin, inventory, narrowed, redacted, selected, selection},
};
use crate::{
    audit::{AuditReport, Bars, Percent, Settings, Severity, audit},
    cli::{AuditArgs, AuditFormat, BarArgs, CommonArgs, FailOn},
    instance::BUILTIN,
    inventory::write_snapshot,
    render::{
        audit::{AuditSections, csv_grid, document},
        json::{audit::AuditJson, write_json},
        write_csv, write_markdown, write_table,
    },
};

pub(super) fn run(arguments: &AuditArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    let settings = Settings {
        bars: bars(&arguments.bars)?,
        allow_large: arguments.allow_large_cidr,
        catalogue: &BUILTIN,
    };
    if arguments.save.is_some() && arguments.save == arguments.file.output_file {
        return Err(Failure::usage(
            "--save and --output-file name the same file",
            "give the snapshot and the report a file each",
        ));
    }
    let (selection, region) = selection(&arguments.selection)?;
    let origin = Origin {
        from: arguments.from.as_deref(),
        #[cfg(feature = "aws")]
        all_vpcs: arguments.selection.all_vpcs,
        #[cfg(feature = "aws")]
        aws: &arguments.aws,
        region: region.as_deref(),
        #[cfg(feature = "aws")]
        selection: &selection,
    };
    let inventory = inventory(&origin, common)?;
    let selected = selected(&inventory, &selection)?;
    let inventory = narrowed(inventory, &selected);
    let (inventory, selected) = redacted(&arguments.redact, (inventory, selected), &selection);
    if let Some(path) = &arguments.save {
        write_file(path, |out| write_snapshot(&inventory, out))?;
    }
    let report = audit(&inventory, &selected, &settings).map_err(|error| {
        let hint = if error.is_larger {
            "if the account has such subnets, add --allow-large-cidr"
        } else {
            "check the subnet's CidrBlock"
        };
        Failure::usage(error, hint)
    })?;
    // Not given back: that is a tenth of a large run, and the program ends soon.
    std::mem::forget(inventory);
    write(arguments, common, &report)?;
    if arguments.output == AuditFormat::Csv {
        aside(&report.findings, &report.withheld, common);
    }
    Ok(exit(&report, arguments.bars.fail_on))
}

fn bars(arguments: &BarArgs) -> Result<Bars, Failure> {
    let percent = |flag: &str, text: &str| {
        text.parse::<Percent>().map_err(|error| {
            Failure::usage(format!("{flag}: {error}"), "give a number such as 80 or 87.5")
        })
    };
    let warn_at = percent("--warn-at", &arguments.warn_at)?;
    let critical_at = percent("--critical-at", &arguments.critical_at)?;
    if warn_at > critical_at {
        return Err(Failure::usage(
            format!("--warn-at {warn_at} is above --critical-at {critical_at}"),
            "a warning comes before it is critical: lower --warn-at or raise --critical-at",
        ));
    }
    Ok(Bars {
        warn_at,
        critical_at,
        min_free: arguments.min_free,
        min_prefixes: arguments.min_prefixes,
    })
}

fn write(arguments: &AuditArgs, common: &CommonArgs, report: &AuditReport) -> Result<(), Failure> {
    let output = Output::new(&arguments.file, common.color);
    let sections = AuditSections {
        wide: arguments.output == AuditFormat::Wide,
        owners: arguments.owners || arguments.all,
        nodes: arguments.nodes || arguments.all,
        map: arguments.map || arguments.all,
    };
    output.write(|out| match arguments.output {
        AuditFormat::Table | AuditFormat::Wide => {
            write_table(&document(report, sections), output.styling(), out)
        }
        AuditFormat::Markdown => write_markdown(&document(report, sections), out),
        AuditFormat::Json => write_json(&AuditJson::new(report, sections), out),
        AuditFormat::Csv => write_csv(&csv_grid(report), out),
    })
}

/// What is incomplete comes before what was found: a finding stands either way, and what could not
/// be seen may hide more.
fn exit(report: &AuditReport, fail_on: FailOn) -> Exit {
    let bar = match fail_on {
        FailOn::Info => Some(Severity::Info),
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Critical => Some(Severity::Critical),
        FailOn::Never => None,
    };
    if !report.withheld.is_empty() {
        Exit::Incomplete
    } else if bar.is_some_and(|bar| report.worst().is_some_and(|worst| worst >= bar)) {
        Exit::Findings
    } else {
        Exit::Done
    }
}
