//! `eksnet maxpods`.

use std::{borrow::Cow, cmp::Reverse, collections::BTreeSet, path::Path};

use super::{
    Exit, Failure,
    auto_mode::{self, auto_mode, of_flags},
    catalogue,
    expression::{Group, Manifests, auto_mode_group, groups},
    forms::Forms,
    launch::{extra_enis, linux_only, refused},
    note,
    notes::Notes,
    output::Output,
    windows::is_windows,
};
use crate::{
    cli::{CapArg, CommonArgs, Format, IntRange, MaxPodsArgs, NodesFormat, SortArg},
    cni::{AutoModeNetwork, CniSettings},
    density::{AUTO_MODE_CAP, Addressing, Cap, DensitySettings, LaunchSettings, Os, assess},
    expression::Status,
    finding::counted,
    instance::{Catalogue, InstanceLimits, is_pattern, natural},
    render::{
        Cell, Document, Tone,
        files::{MaxPodsFile, MaxPodsForm},
        json::maxpods::MaxPodsJson,
        judged_pods::{csv_grid, document as judged_document},
        maxpods::{MaxPodsDetail, MaxPodsRow, Plain, document, write_plain},
    },
};

pub(super) fn run(arguments: &MaxPodsArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    let notes = Notes::new(common);
    let ended = answer(arguments, common, &notes);
    let is_shown = ended.is_ok()
        && matches!(arguments.output, Format::Table | Format::Wide | Format::Markdown);
    if !is_shown {
        notes.say_decisive();
    }
    Ok(notes.ending(ended?))
}

fn answer(
    arguments: &MaxPodsArgs,
    common: &CommonArgs,
    notes: &Notes<'_>,
) -> Result<Exit, Failure> {
    let manifests = Manifests::read(&arguments.expression)?;
    let declared = manifests.auto_mode(&arguments.expression, notes)?;
    let settings = settings(arguments, declared)?;
    let catalogue = catalogue::load(arguments.limits.as_deref())?;
    let catalogue = with_live(catalogue, arguments, common)?;
    let groups = match (declared, manifests.auto_pools()) {
        (Some(_), []) => Vec::new(),
        (Some(_), pools) => vec![auto_mode_group(pools, &catalogue, notes)],
        (None, _) => groups(arguments, &manifests, &catalogue, notes)?,
    };
    let (found, named) = if arguments.all {
        (catalogue::all(&catalogue), BTreeSet::new())
    } else {
        let found = catalogue::find(&catalogue, &arguments.types)?;
        (found.types, found.named)
    };
    let assessed = |types, launch: Option<LaunchSettings>| {
        let launch = launch.unwrap_or(settings.launch);
        let settings = DensitySettings { launch, ..settings.clone() };
        assess_all(&catalogue, types, &settings, |name| named.contains(name), notes)
    };
    let mut rows = Vec::new();
    for group in &groups {
        let mut new =
            assessed(group.types.clone().unwrap_or_else(|| found.clone()), group.launch())?;
        group.judge(&catalogue, &mut new)?;
        rows.append(&mut new);
    }
    if groups.is_empty() && arguments.expression.nodepool.is_none() {
        rows = assessed(found, None)?;
    }
    if let Some(text) = catalogue::unknown_to(rows.iter().map(|row| row.limits), &arguments.filters)
    {
        notes.add(text);
    }
    let is_judged = groups.iter().any(Group::is_judged);
    let rows = ordered(rows, arguments);
    if rows.is_empty() && notes.decisive().is_empty() {
        notes.add(none(arguments));
    }
    if let Format::Nodes(format) = arguments.output {
        let file = MaxPodsFile {
            catalogue: &catalogue,
            settings: &settings,
            rows: &rows,
            is_one: plain(arguments, &groups) == Plain::Number,
        };
        let text = nodes_file(form(format), &file, is_judged)?;
        if let Some(text) = file.left_out(form(format)) {
            notes.add(text);
        }
        plain_notes(&rows, common);
        write_nodes_file(arguments, common, &file, &text)?;
        return Ok(Exit::Done);
    }
    let plain = plain(arguments, &groups);
    if arguments.output == Format::Plain {
        plain_notes(&rows, common);
    }
    write(arguments, &Shown { common, settings: &settings, rows: &rows, notes, plain })?;
    Ok(ended(&rows, &named))
}

/// How a run with verdicts ends. A type that was named and has no answer makes it incomplete; those that a glob
/// or a NodePool found are counted in the table, and do so where no type has an answer.
fn ended(rows: &[MaxPodsRow<'_>], named: &BTreeSet<&str>) -> Exit {
    let verdicts =
        || rows.iter().filter_map(|row| Some((row.limits, &row.judged.as_ref()?.verdict)));
    let mut unknown = verdicts().filter(|(_, verdict)| verdict.status == Status::Unknown);
    let has_answer = verdicts().any(|(_, verdict)| verdict.status != Status::Unknown);
    if unknown.any(|(limits, _)| !has_answer || named.contains(&*limits.instance_type)) {
        return Exit::Incomplete;
    }
    let has_problem = verdicts().any(|(_, verdict)| !verdict.problems.is_empty());
    if has_problem { Exit::Findings } else { Exit::Done }
}

/// Why there are no rows. A number alone is exactly that number, which few types have.
fn none(arguments: &MaxPodsArgs) -> String {
    let filters = [("pods", arguments.pods), ("vcpus", arguments.filters.vcpus)];
    let exact = filters.into_iter().filter_map(|(flag, range)| {
        let number = range.and_then(IntRange::exactly)?;
        Some(format!(
            "; --{flag} {number} is exactly {number}: for {number} or more, --{flag} {number}.."
        ))
    });
    format!("no instance type matches the filters{}", exact.collect::<String>())
}

#[cfg(feature = "aws")]
fn with_live(
    catalogue: Cow<'static, Catalogue>,
    arguments: &MaxPodsArgs,
    common: &CommonArgs,
) -> Result<Cow<'static, Catalogue>, Failure> {
    if !arguments.live {
        return Ok(catalogue);
    }
    super::live::with_types(catalogue, &arguments.types, &arguments.aws, common)
}

#[cfg(not(feature = "aws"))]
#[expect(clippy::unnecessary_wraps, reason = "the live form can fail")]
fn with_live(
    catalogue: Cow<'static, Catalogue>,
    _: &MaxPodsArgs,
    _: &CommonArgs,
) -> Result<Cow<'static, Catalogue>, Failure> {
    Ok(catalogue)
}

fn settings(
    arguments: &MaxPodsArgs,
    declared: Option<auto_mode::Asked>,
) -> Result<DensitySettings, Failure> {
    let launch = extra_enis(&arguments.extra_enis);
    let none = CniSettings::shipped();
    let max_eni = arguments.max_eni.map(i64::from);
    let own = [
        (arguments.custom_networking, "--custom-networking"),
        (arguments.ipv6, "--ipv6"),
        (arguments.pod_eni, "--pod-eni"),
    ];
    let linux: Vec<(bool, &str)> = own.into_iter().chain(linux_only(&launch)).collect();
    let of_cni = [(arguments.prefix, "--prefix"), (max_eni != none.max_eni, "--max-eni")];
    let of_cni: Vec<(bool, &str)> = of_cni.into_iter().chain(linux.iter().copied()).collect();
    let is_above = matches!(arguments.cap, CapArg::Pods(pods) if pods > AUTO_MODE_CAP);
    let caps = [(arguments.cap == CapArg::None, "--cap none"), (is_above, "--cap above 110")];
    let others = [&of_cni[..], &caps].concat();
    let auto = auto_mode(declared.or_else(|| of_flags(&arguments.auto)), arguments.os, &others)?;
    let windows = is_windows(arguments.os, &linux)?;
    let cni = CniSettings {
        prefix_delegation: arguments.prefix,
        custom_networking: arguments.custom_networking,
        max_eni,
        pod_eni: arguments.pod_eni,
        ..none
    };
    let density = auto.map_or_else(|| cni.density(), AutoModeNetwork::density);
    Ok(DensitySettings {
        os: if windows { Os::Windows } else { Os::Linux },
        addressing: if arguments.ipv6 { Addressing::Ipv6 } else { density.addressing },
        reserved_enis: arguments.reserved_enis,
        host_network_pods: arguments.host_network_pods,
        cap: match arguments.cap {
            CapArg::Auto => Cap::Auto,
            CapArg::None => Cap::None,
            CapArg::Pods(pods) => Cap::Pods(pods),
        },
        launch,
        ..density
    })
}

/// One row a type. A type that cannot run the mode is bad input when it was named, and left out
/// with a note when a glob found it.
fn assess_all<'a>(
    catalogue: &'a Catalogue,
    types: Vec<&'a InstanceLimits>,
    settings: &DensitySettings,
    named: impl Fn(&str) -> bool,
    notes: &Notes<'_>,
) -> Result<Vec<MaxPodsRow<'a>>, Failure> {
    let mut rows = Vec::with_capacity(types.len());
    let mut left_out: Vec<&str> = Vec::new();
    let mut not_launched: Vec<&str> = Vec::new();
    for limits in types {
        if let Err(error) = settings.launch.check(limits) {
            if named(&limits.instance_type) {
                return Err(refused(&error));
            }
            not_launched.push(&limits.instance_type);
            continue;
        }
        match assess(catalogue, limits, settings) {
            Ok(report) => rows.push(MaxPodsRow { limits, report, judged: None }),
            Err(error) if named(&limits.instance_type) => {
                return Err(Failure::usage(error, "IPv6 requires a Nitro type, such as m5.large"));
            }
            Err(_) => left_out.push(&limits.instance_type),
        }
    }
    if !not_launched.is_empty() {
        notes.add(format!(
            "omitted, because they cannot be launched with these interfaces: {}",
            not_launched.join(", ")
        ));
    }
    if !left_out.is_empty() {
        notes.add(format!("omitted, because they cannot run IPv6 pods: {}", left_out.join(", ")));
    }
    Ok(rows)
}

/// Types above which the notes of plain numbers are only counted.
const NOTES_UP_TO: usize = 5;

/// Numbers alone have no place for notes, and a note may say that a number is of little use.
fn plain_notes(rows: &[MaxPodsRow<'_>], common: &CommonArgs) {
    if rows.len() > NOTES_UP_TO {
        let with = rows.iter().filter(|row| !row.report.notes.is_empty()).count();
        if with > 0 {
            note(common, &format!("{with} of {} types have notes: -o wide shows them", rows.len()));
        }
        return;
    }
    for row in rows {
        for text in &row.report.notes {
            note(common, &format!("{}: {text}", row.limits.instance_type));
        }
    }
}

fn ordered<'a>(rows: Vec<MaxPodsRow<'a>>, arguments: &MaxPodsArgs) -> Vec<MaxPodsRow<'a>> {
    let mut rows: Vec<MaxPodsRow<'a>> = rows
        .into_iter()
        .filter(|row| {
            // A type that nothing bounds has more pods than any number.
            let pods = row.report.max_pods;
            catalogue::passes(row.limits, &arguments.filters)
                && arguments.pods.is_none_or(|range| range.contains(pods.unwrap_or(u32::MAX)))
        })
        .collect();
    match arguments.sort {
        None => {}
        Some(SortArg::Type) => {
            rows.sort_by(|a, b| natural(&a.limits.instance_type, &b.limits.instance_type));
        }
        Some(SortArg::Pods) => {
            rows.sort_by_key(|row| Reverse(row.report.max_pods.unwrap_or(u32::MAX)));
        }
        Some(SortArg::PodsPerVcpu) => rows.sort_by(|a, b| {
            let ratio = |row: &MaxPodsRow<'_>| {
                let pods = u64::from(row.report.max_pods.unwrap_or(u32::MAX));
                row.limits.vcpus.filter(|vcpus| *vcpus > 0).map(|vcpus| (pods, u64::from(vcpus)))
            };
            match (ratio(a), ratio(b)) {
                // a/b > c/d without division
                (Some((ap, av)), Some((bp, bv))) => (bp * av).cmp(&(ap * bv)),
                (a, b) => b.is_some().cmp(&a.is_some()),
            }
        }),
    }
    rows
}

/// One exact name gets its number alone, so that a script can take it as it is.
fn plain(arguments: &MaxPodsArgs, groups: &[Group<'_>]) -> Plain {
    match arguments.types.as_slice() {
        _ if groups.len() > 1 => Plain::Whose,
        [one] if !is_pattern(one) && arguments.expression.nodeclass.is_none() => Plain::Number,
        _ => Plain::Named,
    }
}

/// Whether types are named as for one node group, and not looked for.
fn is_group(arguments: &MaxPodsArgs) -> bool {
    !arguments.types.is_empty() && !arguments.types.iter().any(|text| is_pattern(text))
}

fn form(format: NodesFormat) -> MaxPodsForm {
    match format {
        NodesFormat::Nodeadm => MaxPodsForm::Nodeadm,
        NodesFormat::Bottlerocket => MaxPodsForm::Bottlerocket,
        NodesFormat::Karpenter => MaxPodsForm::Karpenter,
        NodesFormat::Eksctl => MaxPodsForm::Eksctl,
        NodesFormat::Hcl => MaxPodsForm::Hcl,
    }
}

/// The file that sets the number.
fn nodes_file(
    form: MaxPodsForm,
    file: &MaxPodsFile<'_>,
    is_judged: bool,
) -> Result<String, Failure> {
    if is_judged {
        return Err(Failure::usage(
            "a file that sets max pods has eksnet's numbers, not those of an expression or a NodeClass",
            "choose another -o, or name the types without --expression, --nodeclass and --nodepool",
        ));
    }
    if let Some((what, hint)) = file.refusal(form) {
        return Err(Failure::usage(what, hint));
    }
    file.write(form).map_err(|error| Failure::writing(Path::new("stdout"), &error))
}

fn write_nodes_file(
    arguments: &MaxPodsArgs,
    common: &CommonArgs,
    file: &MaxPodsFile<'_>,
    text: &str,
) -> Result<(), Failure> {
    let output = Output::new(&arguments.file, common).with(&arguments.table);
    output.write(|out| out.write_all(text.as_bytes()))?;
    output.say_written(&counted(file.rows.len(), "instance type", "instance types"));
    Ok(())
}

/// What is written.
struct Shown<'a> {
    common: &'a CommonArgs,
    settings: &'a DensitySettings,
    rows: &'a [MaxPodsRow<'a>],
    notes: &'a Notes<'a>,
    plain: Plain,
}

fn write(arguments: &MaxPodsArgs, shown: &Shown<'_>) -> Result<(), Failure> {
    let Shown { common, settings, rows, notes, plain } = *shown;
    let output = Output::new(&arguments.file, common).with(&arguments.table);
    let explain = arguments.explain;
    Forms {
        document: Some(&|wide| {
            let detail = MaxPodsDetail { wide, explain, group: is_group(arguments) };
            let is_judged = rows.iter().any(|row| row.judged.is_some());
            let of_rows =
                if is_judged { judged_document(rows, detail) } else { document(rows, detail) };
            first(&notes.decisive(), of_rows)
        }),
        json: &|| MaxPodsJson::new(settings, arguments.prefix, rows, explain).noting(notes.all()),
        csv: &|| csv_grid(rows, explain),
        own: &|_, out| write_plain(rows, plain, out),
        found: &|| counted(rows.len(), "instance type", "instance types"),
    }
    .write(arguments.output, &output)
}

/// What decides how the run ends, above the rows.
fn first(decisive: &[String], of_rows: Document) -> Document {
    let mut document = Document::default();
    for text in decisive {
        document.line(Cell::new(text).toned(Tone::Bad));
    }
    document.blocks.extend(of_rows.blocks);
    document
}
