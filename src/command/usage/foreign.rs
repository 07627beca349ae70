//! What other tools call things, and what this program calls them.

use std::path::Path;

use clap::Command;

use crate::instance::BUILTIN;

/// Flags of the AWS CLI, kubectl and AWS's max-pods-calculator.sh, and the flag of ours. `{}` is the value
/// that was typed.
const FLAGS: &[(&str, &str)] = &[
    ("--graviton", "--arch arm64"),
    ("--arm", "--arch arm64"),
    ("--arm64", "--arch arm64"),
    ("--architecture", "--arch {}"),
    ("--vpc-id", "--vpc {}"),
    ("--vpc-ids", "--vpc {}"),
    ("--subnet-id", "--subnet {}"),
    ("--subnet-ids", "--subnet {}"),
    ("--cluster-name", "--cluster {}"),
    ("--aws-profile", "--profile {}"),
    ("--aws-region", "--region {}"),
    ("--regions", "--region {}"),
    ("--all-regions", "--region all"),
    ("--role-arn", "--assume-role {}"),
    ("--json", "-o json"),
    ("--yaml", "-o yaml"),
    ("--csv", "-o csv"),
    ("--html", "-o html"),
    ("--markdown", "-o markdown"),
    ("--wide", "-o wide"),
    ("--sarif", "-o sarif"),
    ("--format", "-o {}"),
    ("--out", "--output-file {}"),
    ("--baseline-file", "--baseline {}"),
    ("--cni-custom-networking-enabled", "--custom-networking"),
    ("--cni-prefix-delegation-enabled", "--prefix"),
    ("--min-pods", "--pods {}.."),
    ("--max-pods", "--pods ..{}"),
    ("--min-vcpus", "--vcpus {}.."),
    ("--max-vcpus", "--vcpus ..{}"),
    ("--min-vcpu", "--vcpus {}.."),
    ("--max-vcpu", "--vcpus ..{}"),
    ("--warn", "--warn-at {}"),
    ("--warning", "--warn-at {}"),
    ("--critical", "--critical-at {}"),
    ("--prefix-delegation", "--prefix"),
    ("--enable-prefix-delegation", "--prefix"),
    ("--cni-max-eni", "--max-eni {}"),
    ("--show-max-allowed", "--cap none"),
    ("--no-color", "--color never"),
    ("--debug", "-v"),
    ("--silent", "--quiet"),
];

/// Commands by names that others have for them.
const COMMANDS: &[(&str, &str)] = &[
    ("calc", "maxpods TYPE"),
    ("check", "audit"),
    ("completion", "generate completions SHELL"),
    ("completions", "generate completions SHELL"),
    ("compare", "diff OLD NEW"),
    ("forecast", "audit --history DIR"),
    ("instance-types", "limits list"),
    ("man", "generate man"),
    ("max-pods", "maxpods TYPE"),
    ("nodes", "node TYPE"),
    ("pods", "maxpods TYPE"),
    ("policy", "iam-policy"),
    ("scan", "audit"),
    ("schema", "generate schema NAME"),
    ("subnet", "audit --subnet ID"),
    ("subnets", "audit"),
    ("vpc", "audit --vpc ID"),
    ("vpcs", "audit --all-vpcs"),
];

/// What was typed: the command as far as it was understood, and its words.
pub(super) struct Typed<'a> {
    /// The command, such as `eksnet limits show`.
    pub(super) name: &'a str,
    /// Its flags.
    pub(super) command: &'a Command,
    /// All commands.
    pub(super) root: &'a Command,
    /// Every word.
    pub(super) words: &'a [String],
}

impl Typed<'_> {
    /// What to type in place of a flag or a word that the command does not have.
    pub(super) fn in_place_of(&self, argument: &str) -> Option<String> {
        if !argument.starts_with('-') {
            return self.in_place_of_word(argument);
        }
        let value = self.value(argument);
        let (name, given) = (self.name, value.unwrap_or("TYPE"));
        match argument {
            "--instance-type" | "--instance-types" => {
                let takes_types = self.command.get_positionals().any(|arg| is_type(arg.get_id()));
                let name = if takes_types { name } else { "eksnet maxpods" };
                return Some(format!("the instance type needs no flag: `{name} {given}`"));
            }
            "--instance-type-from-imds" => {
                return Some(
                    "eksnet does not read instance metadata: `eksnet maxpods TYPE`, with the node's label \
                     node.kubernetes.io/instance-type"
                        .to_owned(),
                );
            }
            "--cni-version" => {
                return Some(
                    "leave it out: the number does not depend on the version where --prefix is supported"
                        .to_owned(),
                );
            }
            "--threshold" | "--thresholds" if self.has("warn_at") => {
                let percent = value.unwrap_or("PERCENT");
                return Some(format!("use --warn-at {percent} or --critical-at {percent}"));
            }
            "--namespace" | "-n" | "--all-namespaces" | "-A" => {
                return Some(
                    "leave it out: addresses belong to nodes and subnets, whatever the namespace"
                        .to_owned(),
                );
            }
            "--file" | "--filename" | "-f" => {
                let file = value.unwrap_or("FILE");
                return Some(
                    if self.has("from") && !["eksnet simulate", "eksnet plan"].contains(&self.name)
                    {
                        format!("use --from {file}")
                    } else {
                        format!("the file needs no flag: `{name} {file}`")
                    },
                );
            }
            _ => {}
        }
        let (_, ours) = FLAGS.iter().find(|(theirs, _)| *theirs == argument)?;
        self.own(ours, value)
    }

    /// Our flag, or who has it.
    fn own(&self, ours: &str, value: Option<&str>) -> Option<String> {
        let (flag, template) = ours.split_once(' ').unwrap_or((ours, ""));
        let long = if flag == "-o" { "output" } else { flag.trim_start_matches('-') };
        let placeholder = || {
            if template != "{}" {
                return "N".to_owned();
            }
            let names = find(self.root, long).and_then(|arg| arg.get_value_names());
            names.and_then(|names| names.first()).map_or("VALUE", |name| name.as_str()).to_owned()
        };
        let word = if template.contains("{}") {
            template.replace("{}", &value.map_or_else(placeholder, ToOwned::to_owned))
        } else {
            template.to_owned()
        };
        let whole = format!("{flag} {word}").trim().to_owned();
        let takes = |command: &Command| {
            let arg = command.get_arguments().find(|arg| arg.get_long() == Some(long));
            arg.is_some_and(|arg| {
                let values = arg.get_possible_values();
                word.is_empty()
                    || values.is_empty()
                    || values.iter().any(|value| value.matches(&word, false))
            })
        };
        if flag == "-v" || takes(self.command) {
            return Some(format!("use {whole}"));
        }
        let mut having = Vec::new();
        who_takes(self.root, "eksnet", &takes, &mut having);
        (!having.is_empty()).then(|| format!("{whole} is a flag of {}", having.join(", ")))
    }

    fn has(&self, id: &str) -> bool {
        self.command.get_arguments().any(|arg| arg.get_id() == id)
    }

    /// The value that stands with a flag.
    fn value(&self, flag: &str) -> Option<&str> {
        let mut words = self.words.iter().map(String::as_str);
        let word = words.find(|word| word.split('=').next() == Some(flag))?;
        match word.split_once('=') {
            Some((_, value)) => Some(value),
            None => words.next().filter(|next| !next.starts_with('-')),
        }
    }

    /// A word where the command takes none.
    fn in_place_of_word(&self, word: &str) -> Option<String> {
        let looks_saved = ["json", "yaml", "yml"].iter().any(|end| has_extension(word, end));
        if self.has("from") && (looks_saved || Path::new(word).exists()) {
            return Some(format!("to read saved data: `{} --from {word}`", self.name));
        }
        None
    }

    /// What to type in place of a command that does not exist.
    pub(super) fn in_place_of_command(&self, word: &str) -> Option<String> {
        if self.name != "eksnet" {
            return None;
        }
        let lower = word.to_lowercase();
        if let Some((_, command)) = COMMANDS.iter().find(|(name, _)| *name == lower) {
            return Some(format!("the command is `eksnet {command}`"));
        }
        if BUILTIN.get(&lower).is_some() || (lower.contains('.') && lower.contains('*')) {
            return Some(format!("for its max pods: `eksnet maxpods {word}`"));
        }
        if has_extension(word, "yaml") || has_extension(word, "yml") {
            return Some(format!(
                "to simulate it: `eksnet simulate {word}`; to audit saved data: `eksnet audit --from {word}`"
            ));
        }
        let is_saved = has_extension(word, "json") || Path::new(word).exists();
        is_saved.then(|| format!("to audit saved data: `eksnet audit --from {word}`"))
    }

    /// What to add to a command that lacks what it is about.
    pub(super) fn in_place_of_nothing(&self) -> Option<&'static str> {
        Some(match self.name {
            "eksnet maxpods" => {
                "name an instance type: `eksnet maxpods m5.large`, a glob: `eksnet maxpods 'm5.*'`, or --all"
            }
            "eksnet node" => "name an instance type: `eksnet node m5.large --pods 12`",
            "eksnet simulate" => {
                "name a scenario: `eksnet simulate layout.yaml`, or start from saved data with --from; \
                 `eksnet generate schema scenario` lists its keys"
            }
            "eksnet plan" => {
                "name a requirement file: `eksnet plan requirement.yaml`, or say what must run: `eksnet plan \
                 --pods 6000 --type m6i.2xlarge --zones 3`; `eksnet generate schema requirement` lists the \
                 keys of a file"
            }
            "eksnet diff" => "name two snapshots: `eksnet diff monday.json friday.json`",
            "eksnet limits show" => "name an instance type: `eksnet limits show m5.large`",
            _ => return None,
        })
    }
}

fn is_type(id: &clap::Id) -> bool {
    id == "types" || id == "instance_type"
}

fn has_extension(word: &str, extension: &str) -> bool {
    let own = Path::new(word).extension();
    own.is_some_and(|own| own.eq_ignore_ascii_case(extension))
}

/// The first option of this name in any command.
fn find<'a>(command: &'a Command, long: &str) -> Option<&'a clap::Arg> {
    let own = command.get_arguments().find(|arg| arg.get_long() == Some(long));
    own.or_else(|| command.get_subcommands().find_map(|command| find(command, long)))
}

/// The commands that take something.
fn who_takes(
    command: &Command,
    name: &str,
    takes: &dyn Fn(&Command) -> bool,
    having: &mut Vec<String>,
) {
    for command in command.get_subcommands() {
        let name = format!("{name} {}", command.get_name());
        if takes(command) {
            having.push(format!("`{name}`"));
        }
        who_takes(command, &name, takes, having);
    }
}
