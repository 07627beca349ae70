//! The command that fixes a finding or narrows it down, and the flags that repeat the run it is from.

/// A command line that a finding tells to run, whole: every id and name is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// `eksnet audit` of what the run looked at, with further flags.
    Audit(String),
    /// `eksnet audit` of some of what the run looked at: flags that select, and further ones.
    Narrow(String),
    /// `eksnet maxpods`: instance types and flags.
    Maxpods(String),
    /// Any other command line.
    Other(String),
}

/// The flags of a run that another one needs to look at the same things, quoted for a shell. Both are
/// empty where nobody knows them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Again {
    /// Where it read, and what it was held against: `--from prod --policy strict.yaml`.
    pub places: String,
    /// The instance table that was typed: `--limits types.json`.
    pub limits: String,
    /// The regions that were typed: `--region eu-central-1`.
    pub regions: String,
    /// The one profile that was typed, for the AWS CLI: `--profile prod`.
    pub profile: String,
    /// What it selected there: `--cluster prod`.
    pub selection: String,
    /// The sections that it shows already: `--owners`, `--want-prefixes 9`.
    pub sections: Vec<String>,
}

impl Command {
    /// The command line, after a run, about something in a region if that is known. The AWS CLI is told the
    /// region too, since the shell's may be another.
    #[must_use]
    pub fn line(&self, again: &Again, region: Option<&str>) -> String {
        let Again { places, limits, regions, profile, selection, sections: _ } = again;
        let own = region.map(|name| format!("--region {name}")).unwrap_or_default();
        let regions = if region.is_some() && !regions.is_empty() { &own } else { regions };
        let words: &[&str] = match self {
            Self::Audit(flags) => &["eksnet audit", places, limits, regions, selection, flags],
            Self::Narrow(flags) => &["eksnet audit", places, limits, regions, flags],
            Self::Maxpods(flags) => &["eksnet maxpods", flags, limits],
            Self::Other(line) => {
                let aws = joined(&["aws", profile, &own]);
                let in_a_loop = line.replacen("; do aws ", &format!("; do {aws} "), 1);
                return match line.strip_prefix("aws ") {
                    Some(rest) => joined(&[&aws, rest]),
                    None => in_a_loop,
                };
            }
        };
        joined(words)
    }
}

impl Command {
    /// Whether a run has shown already what the command would: every section that it asks for.
    #[must_use]
    pub fn is_shown_by(&self, again: &Again) -> bool {
        let mut flags = match self {
            Self::Audit(flags) => flags.as_str(),
            // What selects comes first, perhaps several subnets, then the sections.
            Self::Narrow(flags) => {
                let (_, last) = flags.rsplit_once("--subnet ").unwrap_or(("", flags));
                match last.find(" --") {
                    Some(at) => last.get(at + 1..).unwrap_or_default(),
                    None => return false,
                }
            }
            Self::Maxpods(_) | Self::Other(_) => return false,
        };
        let without = |flags: &'_ str| -> Option<usize> {
            let its = |section: &&String| flags.strip_suffix(section.as_str()).is_some();
            let section = again.sections.iter().find(its)?;
            Some(flags.len() - section.len())
        };
        while let Some(at) = without(flags) {
            flags = flags.get(..at).unwrap_or_default().trim_end();
        }
        flags.is_empty()
    }
}

fn joined(words: &[&str]) -> String {
    let words: Vec<&str> = words.iter().copied().filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_selects_by_itself_leaves_the_runs_selection_out() {
        let again = Again {
            places: "--from prod".to_owned(),
            selection: "--cluster blue".to_owned(),
            ..Again::default()
        };
        let flags = || "--subnet subnet-1 --map".to_owned();
        for (command, line) in [
            (Command::Narrow(flags()), "eksnet audit --from prod --subnet subnet-1 --map"),
            (
                Command::Audit("--nodes".to_owned()),
                "eksnet audit --from prod --cluster blue --nodes",
            ),
            (Command::Other("aws ec2 describe-subnets".to_owned()), "aws ec2 describe-subnets"),
        ] {
            assert_eq!(command.line(&again, None), line);
        }
        let held = Again { limits: "--limits types.json".to_owned(), ..again.clone() };
        assert_eq!(
            Command::Maxpods("m5.large --explain".to_owned()).line(&held, Some("eu-west-1")),
            "eksnet maxpods m5.large --explain --limits types.json"
        );
        let unknown = Again::default();
        assert_eq!(
            Command::Narrow(flags()).line(&unknown, None),
            "eksnet audit --subnet subnet-1 --map"
        );
    }

    #[test]
    fn what_a_run_shows_already_is_known() {
        let sections = |all: &[&str]| Again {
            sections: all.iter().map(|text| (*text).to_owned()).collect(),
            ..Again::default()
        };
        let plan = Command::Narrow("--subnet subnet-1 --want-prefixes 9".to_owned());
        assert!(plan.is_shown_by(&sections(&["--want-prefixes 9"])));
        assert!(!plan.is_shown_by(&sections(&["--want-prefixes 19"])));
        assert!(!plan.is_shown_by(&Again::default()));
        let both = Command::Narrow("--subnet subnet-1 --map --nodes".to_owned());
        assert!(both.is_shown_by(&sections(&["--nodes", "--map", "--owners"])));
        assert!(!both.is_shown_by(&sections(&["--nodes"])));
        let several = Command::Narrow("--subnet subnet-1 --subnet subnet-2 --owners".to_owned());
        assert!(several.is_shown_by(&sections(&["--owners"])));
        assert!(Command::Audit("--nodes".to_owned()).is_shown_by(&sections(&["--nodes"])));
        let narrower = Command::Narrow("--subnet subnet-1".to_owned());
        assert!(!narrower.is_shown_by(&sections(&["--nodes"])));
        assert!(!Command::Other("aws --nodes".to_owned()).is_shown_by(&sections(&["--nodes"])));
    }

    #[test]
    fn a_command_names_the_region_of_what_it_is_about() {
        let again = Again {
            regions: "--region eu-west-1 --region us-east-1".to_owned(),
            profile: "--profile prod".to_owned(),
            ..Again::default()
        };
        let narrow = Command::Narrow("--subnet subnet-1".to_owned());
        assert_eq!(
            narrow.line(&again, Some("us-east-1")),
            "eksnet audit --region us-east-1 --subnet subnet-1"
        );
        assert_eq!(
            narrow.line(&again, None),
            "eksnet audit --region eu-west-1 --region us-east-1 --subnet subnet-1"
        );
        // What was read from a file has no region to be typed again.
        let saved = Again::default();
        assert_eq!(narrow.line(&saved, Some("us-east-1")), "eksnet audit --subnet subnet-1");
        let list = Command::Other("aws ec2 describe-subnets".to_owned());
        assert_eq!(
            list.line(&again, Some("us-east-1")),
            "aws --profile prod --region us-east-1 ec2 describe-subnets"
        );
        assert_eq!(list.line(&saved, None), "aws ec2 describe-subnets");
        let each = "for id in eni-1 eni-2; do aws ec2 delete-network-interface; done";
        assert_eq!(
            Command::Other(each.to_owned()).line(&saved, Some("us-east-1")),
            "for id in eni-1 eni-2; do aws --region us-east-1 ec2 delete-network-interface; done"
        );
    }
}
