//! The flags that repeat a run, for the commands that findings tell to run.

use std::path::Path;

use crate::{
    cli::AuditArgs,
    finding::{Again, Word, command_line},
};

/// What a shared report says in place of the paths and names of whoever made it.
const PLACEHOLDER: &str = "PATH";

/// The flags of a run that another one needs to look at the same things.
pub(super) fn again(arguments: &AuditArgs) -> Again {
    let is_shared = arguments.redact.redact;
    let mut places = Flags::default();
    #[cfg_attr(not(feature = "aws"), expect(unused_mut, reason = "only live runs have them"))]
    let (mut regions, mut profile) = (Flags::default(), Flags::default());
    for path in &arguments.from {
        if is_shared {
            places.add("--from", PLACEHOLDER);
        } else {
            places.path("--from", path);
        }
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
    if !is_shared {
        for (flag, path) in
            [("--policy", &arguments.policy.policy), ("--limits", &arguments.limits)]
        {
            if let Some(path) = path {
                places.path(flag, path);
            }
        }
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
    Again { places, regions: text(regions), profile: text(profile), selection, sections }
}

/// The sections that a run shows.
fn sections(arguments: &AuditArgs) -> Vec<String> {
    let AuditArgs { owners, nodes, map, all, usage, .. } = arguments;
    let flags = [("--owners", *owners), ("--nodes", *nodes), ("--map", *map)];
    let typed = flags.into_iter().filter(|(_, is_typed)| *is_typed || *all);
    let wanted = usage.want_prefixes.map(|wanted| format!("--want-prefixes {wanted}"));
    typed.map(|(flag, _)| flag.to_owned()).chain(wanted).collect()
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

    fn path(&mut self, flag: &str, path: &Path) {
        if let Some(path) = path.to_str() {
            self.add(flag, path);
        }
    }
}
