//! The command that fixes a finding or narrows it down, and the flags that repeat the run it is from.

/// A command line that a finding tells to run, whole: every id and name is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// `eksnet audit` of what the run looked at, with further flags.
    Audit(String),
    /// `eksnet audit` of some of what the run looked at: flags that select, and further ones.
    Narrow(String),
    /// Any other command line.
    Other(String),
}

/// The flags of a run that another one needs to look at the same things, quoted for a shell. Both are
/// empty where nobody knows them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Again {
    /// Where it read, and what it was held against: `--from prod --policy strict.yaml`.
    pub places: String,
    /// What it selected there: `--cluster prod`.
    pub selection: String,
}

impl Command {
    /// The command line, after a run.
    #[must_use]
    pub fn line(&self, again: &Again) -> String {
        let Again { places, selection } = again;
        let words: &[&str] = match self {
            Self::Audit(flags) => &["eksnet audit", places, selection, flags],
            Self::Narrow(flags) => &["eksnet audit", places, flags],
            Self::Other(line) => &[line],
        };
        let words: Vec<&str> = words.iter().copied().filter(|word| !word.is_empty()).collect();
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_selects_by_itself_leaves_the_runs_selection_out() {
        let again =
            Again { places: "--from prod".to_owned(), selection: "--cluster blue".to_owned() };
        let flags = || "--subnet subnet-1 --map".to_owned();
        for (command, line) in [
            (Command::Narrow(flags()), "eksnet audit --from prod --subnet subnet-1 --map"),
            (
                Command::Audit("--nodes".to_owned()),
                "eksnet audit --from prod --cluster blue --nodes",
            ),
            (Command::Other("aws ec2 describe-subnets".to_owned()), "aws ec2 describe-subnets"),
        ] {
            assert_eq!(command.line(&again), line);
        }
        let unknown = Again::default();
        assert_eq!(Command::Narrow(flags()).line(&unknown), "eksnet audit --subnet subnet-1 --map");
    }
}
