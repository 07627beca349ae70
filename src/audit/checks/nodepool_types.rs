//! The types of a NodePool that carry fewer pods than their kubelet takes, in words.

use super::{
    Check,
    hints::{left_alone, maxpods_flags},
};
use crate::{
    declared::{Ec2NodeClass, MatchedTypes, NodePool, Operator},
    density::{Addressing, DensitySettings, LaunchSettings},
    expression::Asked,
    finding::{Command, Finding, Severity, Word, command_line, counted},
    instance::InstanceLimits,
};

/// Types that are named.
const MOST_NAMED: usize = 5;

/// A type whose kubelet takes more pods than it carries.
pub(super) struct Over<'a> {
    pub(super) limits: &'a InstanceLimits,
    pub(super) carries: u32,
    /// What the kubelet takes.
    pub(super) takes: u32,
}

/// The same of a NodePool, those that carry the fewest first.
#[derive(Default)]
pub(super) struct OverTypes<'a> {
    /// Types that the NodePool admits.
    pub(super) sure: Vec<Over<'a>>,
    /// Types of which the table of types does not say whether it does.
    pub(super) unsure: Vec<Over<'a>>,
}

/// A NodePool with what sets its nodes' max pods.
pub(super) struct Pool<'a> {
    /// The check that looks at it.
    pub(super) check: &'a Check,
    pub(super) declared: &'a NodePool,
    pub(super) class: Option<&'a Ec2NodeClass>,
    pub(super) matched: MatchedTypes<'a>,
    pub(super) asked: Asked,
}

impl Pool<'_> {
    /// What to do where no node starts, or none that takes a pod.
    pub(super) fn remedy(&self) -> &'static str {
        if self.asked.has_expressions() {
            "correct the expression"
        } else {
            "set maxPods to 1 or more, or remove it: Karpenter then sets what the ENIs of each type carry"
        }
    }

    /// What is set, and to what: `maxPods`, `110`.
    fn set(&self) -> (&'static str, String) {
        let is_flag = self.asked.user_data.max_pods.is_some();
        let what = if is_flag { "--max-pods in the user data:" } else { "maxPods" };
        let one = self.asked.number();
        (what, one.map_or_else(|| "as an expression".to_owned(), |one| one.to_string()))
    }

    /// What to do about types that the NodePool admits.
    fn fix(&self, lowest: &Over<'_>) -> String {
        match self.asked.number() {
            Some(_) if self.asked.user_data.max_pods.is_some() => {
                "remove --max-pods from the kubelet's flags in the user data".to_owned()
            }
            Some(_) => format!("set maxPods to the lowest, {}", lowest.carries),
            None => format!(
                "bound the expression: {} carries {}",
                lowest.limits.instance_type, lowest.carries
            ),
        }
    }

    /// Keys of requirements that the table of types cannot answer.
    fn unchecked_keys(&self) -> String {
        let keys: Vec<&str> = self.matched.not_checked.iter().map(|row| row.key.as_str()).collect();
        keys.join(", ")
    }

    /// What was not judged, or only in part.
    fn not_judged(&self, types: &OverTypes<'_>) -> String {
        let (unsure, mut clauses) = (self.matched.unsure.len(), Vec::new());
        if unsure > 0 && !types.sure.is_empty() {
            let carry = match types.unsure.len() {
                0 => String::new(),
                1 => ", of which 1 carries fewer,".to_owned(),
                fewer => format!(", of which {fewer} carry fewer,"),
            };
            let (more, are) = if unsure == 1 { ("type", "is") } else { ("types", "are") };
            clauses.push(format!(
                "{unsure} more {more}{carry} {are} left out: the table of types cannot answer whether they meet {}",
                self.unchecked_keys()
            ));
        } else if unsure == 0 && !self.matched.not_checked.is_empty() {
            clauses.push(format!(
                "requirements that the table of types cannot answer leave no type out: {}",
                self.unchecked_keys()
            ));
        }
        let is_asked = |key: &str, value: &String| {
            let mut all = self.declared.requirements.iter();
            all.any(|one| {
                one.key == key && one.operator == Operator::In && one.values.contains(value)
            })
        };
        let missing: Vec<&str> = self
            .matched
            .no_such_values
            .iter()
            .flat_map(|row| row.values.iter().filter(|value| is_asked(&row.key, value)))
            .map(String::as_str)
            .collect();
        if !missing.is_empty() {
            clauses.push(format!(
                "not judged, since the table of types does not have it: {}",
                missing.join(", ")
            ));
        }
        ended(&clauses)
    }

    /// What carries fewer, with the number of types: "holds for all 5 instance types ...".
    fn claim(&self, types: &OverTypes<'_>, named: &str) -> String {
        let admitted = self.matched.types.len() - self.matched.unsure.len();
        if types.sure.is_empty() {
            return format!(
                "is more than {} would carry: {named}; the table of types cannot answer whether the NodePool \
                 admits them ({})",
                counted(types.unsure.len(), "instance type", "instance types"),
                self.unchecked_keys()
            );
        }
        let all = if admitted == 1 { "the" } else { "all" };
        let fewer = match types.sure.len() {
            1 => "1 carries".to_owned(),
            fewer => format!("{fewer} carry"),
        };
        format!(
            "holds for {all} {} that it may start, and {fewer} fewer pods: {named}",
            counted(admitted, "instance type", "instance types"),
        )
    }

    /// The finding, if any type carries fewer.
    pub(super) fn finding(
        &self,
        types: &OverTypes<'_>,
        settings: &DensitySettings,
        assumed: &[String],
    ) -> Option<Finding> {
        let is_sure = !types.sure.is_empty();
        let over = if is_sure { &types.sure } else { &types.unsure };
        let lowest = over.first()?;
        let first: Vec<&InstanceLimits> =
            over.iter().take(MOST_NAMED).map(|one| one.limits).collect();
        let names: Vec<&str> = first.iter().map(|limits| limits.instance_type.as_ref()).collect();
        let rest = over.len() - first.len();
        let listed = match rest {
            0 => names.join(", "),
            rest => format!("{} and {rest} more", names.join(", ")),
        };
        let flags = maxpods_flags(&DensitySettings {
            launch: flags_of(&settings.launch, &first),
            ..settings.clone()
        });
        // No flag of the command says that.
        let takes_slots =
            settings.launch.ipv4_prefix_count > 0 && settings.addressing == Addressing::SecondaryIp;
        let all = match rest {
            _ if takes_slots => format!(
                "; `eksnet maxpods --nodepool FILE{flags}` with the manifests shows them: ipPrefixCount of the class \
                 takes slots of the primary ENI"
            ),
            0 => String::new(),
            _ => format!(
                "; the command shows {} of {}, and `eksnet maxpods --nodepool FILE{flags}` with the NodePool's \
                 manifest all",
                first.len(),
                over.len()
            ),
        };
        let hint = if is_sure {
            format!(
                "{}, or leave such types out of the NodePool's requirements, or give them an EC2NodeClass of \
                 their own; nodes that run are replaced{all}",
                self.fix(lowest)
            )
        } else {
            format!("name instance types or families in the NodePool's requirements{all}")
        };
        let of_class =
            self.class.map_or_else(String::new, |one| format!(" of EC2NodeClass {}", one.name));
        let (what, set) = self.set();
        // Whichever types the NodePool admits, they are among these.
        let is_certain = is_sure || types.unsure.len() == self.matched.types.len();
        let is_info = !is_certain || !assumed.is_empty();
        let severity = if is_info { Severity::Info } else { Severity::Warning };
        let assumptions = ended(assumed);
        let pool = self.declared.name.as_str();
        Some(
            self.check
                .finding(severity, pool)
                .message(format!(
                    "NodePool {pool}: {what} {set}{of_class} {}; the lowest is {} with {}{assumptions}{}",
                    self.claim(types, &listed),
                    lowest.limits.instance_type,
                    lowest.carries,
                    self.not_judged(types),
                ))
                .hint(hint)
                .command(recommend(&names, &flags).filter(|_| !takes_slots))
                .detail(format!("maxPods {set}, lowest {}", lowest.carries))
                .with("max_pods", self.asked.number())
                .with("expression", self.asked.text().map(str::to_owned))
                .with("lowest", lowest.carries)
                .with("lowest_type", lowest.limits.instance_type.to_string())
                .with("lowest_takes", lowest.takes)
                .with("types", self.matched.types.len())
                .with("types_over", over.len())
                .with("types_unsure", self.matched.unsure.len())
                .with("types_named", names)
                .with("node_class", self.class.map(|class| class.name.clone()))
                .with("assumed", !assumed.is_empty()),
        )
    }
}

/// Clauses that end a sentence.
fn ended(clauses: &[String]) -> String {
    clauses.iter().flat_map(|clause| ["; ", clause]).collect()
}

/// What a class lists on the default card, as flags can state it.
fn flags_of(launch: &LaunchSettings, types: &[&InstanceLimits]) -> LaunchSettings {
    left_alone((launch.card_efa_only, launch.unmanaged_enis), types)
}

fn recommend(types: &[&str], flags: &str) -> Option<Command> {
    let mut words: Vec<Word<'_>> = types.iter().map(|name| Word::Name(name)).collect();
    if !flags.is_empty() {
        words.push(Word::Own(flags.trim_start()));
    }
    command_line(&words).map(Command::Maxpods)
}
