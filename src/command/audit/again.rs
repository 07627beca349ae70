//! The flags that repeat a run, for the commands that findings tell to run.

use std::path::Path;

use crate::{
    cli::AuditArgs,
    finding::{Again, Word, command_line},
};

/// What stands for a path that another run cannot read, and in a shared report for those of whoever made it.
const PLACEHOLDER: &str = "PATH";

/// The flags of a run that another one needs to look at the same things.
pub(super) fn again(arguments: &AuditArgs) -> Again {
    let is_shared = arguments.redact.redact;
    let mut places = Flags::default();
    #[cfg_attr(not(feature = "aws"), expect(unused_mut, reason = "only live runs have them"))]
    let (mut regions, mut profile) = (Flags::default(), Flags::default());
    for path in &arguments.from {
        places.path("--from", path, is_shared);
    }
    #[cfg(feature = "aws")]
    if !is_shared {
        let aws = &arguments.aws;
        for (flag, values) in [("--profile", &aws.profile), ("--assume-role", &aws.assume_role)] {
            for value in values {
                places.add(flag, value);
            }
        }
        for region in &aws.region {
            regions.add("--region", region);
        }
        if let [one] = aws.profile.as_slice() {
            profile.add("--profile", one);
        }
    }
    let mut limits = Flags::default();
    if !is_shared {
        if let Some(path) = &arguments.policy.policy {
            places.path("--policy", path, false);
        }
        if let Some(path) = &arguments.limits {
            limits.path("--limits", path, false);
        }
    }
    bars(arguments, &mut places);
    if let Some(path) = &arguments.history.history {
        places.path("--history", path, is_shared);
        places.add("--horizon", &format!("{}d", arguments.history.horizon.days));
    }
    if arguments.allow_large_cidr {
        places.own("--allow-large-cidr");
    }
    let mut selection = Flags::default();
    // The ids of a shared report are placeholders, and so would be what selects them.
    if !is_shared {
        for (flag, ids) in
            [("--vpc", &arguments.selection.vpc), ("--subnet", &arguments.selection.subnet)]
        {
            for id in ids {
                selection.add(flag, id);
            }
        }
        if let Some(cluster) = &arguments.selection.cluster {
            selection.add("--cluster", cluster);
        }
    }
    if arguments.selection.all_vpcs {
        selection.own("--all-vpcs");
    }
    let text = |flags: Flags| flags.0.join(" ");
    let (places, selection) = (text(places), text(selection));
    let sections = sections(arguments);
    Again {
        places,
        limits: text(limits),
        regions: text(regions),
        profile: text(profile),
        selection,
        sections,
    }
}

/// The sections that a run shows.
fn sections(arguments: &AuditArgs) -> Vec<String> {
    let AuditArgs { owners, nodes, map, all, usage, .. } = arguments;
    let flags = [("--owners", *owners), ("--nodes", *nodes), ("--map", *map)];
    let typed = flags.into_iter().filter(|(_, is_typed)| *is_typed || *all);
    let wanted = usage.want_prefixes.map(|wanted| format!("--want-prefixes {wanted}"));
    typed.map(|(flag, _)| flag.to_owned()).chain(wanted).collect()
}

/// The thresholds of the run: without them what it found may be no finding.
fn bars(arguments: &AuditArgs, places: &mut Flags) {
    let bars = &arguments.bars;
    for (flag, percent) in [("--warn-at", &bars.warn_at), ("--critical-at", &bars.critical_at)] {
        if let Some(percent) = percent {
            places.add(flag, percent);
        }
    }
    for (flag, count) in [("--min-free", bars.min_free), ("--min-prefixes", bars.min_prefixes)] {
        if let Some(count) = count {
            places.add(flag, &count.to_string());
        }
    }
}

/// Whether a path is a pipe of this run alone, which a second one cannot read.
fn is_read_once(path: &Path) -> bool {
    ["/dev/stdin", "/dev/fd", "/proc/self/fd"].iter().any(|pipe| path.starts_with(pipe))
}

/// Flags as a shell reads them.
#[derive(Default)]
struct Flags(Vec<String>);

impl Flags {
    fn own(&mut self, flag: &str) {
        self.0.push(flag.to_owned());
    }

    /// A flag with its value; a value that cannot be written safely is left out with its flag.
    fn add(&mut self, flag: &str, value: &str) {
        self.0.extend(command_line(&[Word::Own(flag), Word::Name(value)]));
    }

    fn path(&mut self, flag: &str, path: &Path, is_shared: bool) {
        if is_shared || is_read_once(path) {
            self.add(flag, PLACEHOLDER);
        } else if let Some(path) = path.to_str() {
            self.add(flag, path);
        }
    }
}
