//! One maxPods for all types of a NodePool, of which some carry fewer pods.

use super::{Check, Claim, Facts, hints::maxpods_flags};
use crate::{
    cni::{CniSettings, Decides},
    declared::{Ec2NodeClass, MatchedTypes, NodeClassRef, NodePool, PoolOs},
    density::{Addressing, Cap, DensityReport, DensitySettings, Os, assess},
    expression::{Asked, Judged, Problem, judge, of_pool},
    finding::{Command, Finding, Severity, Word, command_line, counted},
    instance::{Catalogue, InstanceLimits},
    inventory::AwsNode,
};

pub(super) const CHECK: Check = Check {
    id: "max-pods-over-nodepool",
    about: "the maxPods of an EC2NodeClass is above what types of a NodePool carry",
    claim: |_| {
        Claim::of(
            "has a maxPods above what some of its types carry",
            "have a maxPods above what some of their types carry",
        )
        .about("NodePool", "NodePools")
    },
    severities: &[Severity::Warning, Severity::Info],
    tunables: &[],
    run,
};

/// Types that are named.
const MOST_NAMED: usize = 5;

/// How the CNI is set, and what was assumed of it.
struct Mode {
    settings: DensitySettings,
    assumed: Option<&'static str>,
}

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(kubernetes) = &facts.inventory.kubernetes else { return Vec::new() };
    let Some(mode) = mode(facts) else { return Vec::new() };
    let classes = kubernetes.ec2_node_classes.as_deref().unwrap_or_default();
    let pools = kubernetes.node_pools.iter().flatten();
    pools.filter_map(|pool| finding(pool, classes, &mode, facts.settings.catalogue)).collect()
}

/// The mode in effect; `None` in an IPv6 cluster, where addresses bind nothing. Where it is not known it is
/// taken for the one with the fewest addresses, so that no node is promised what it may not have.
fn mode(facts: &Facts<'_>) -> Option<Mode> {
    const DECIDES: &[Decides] = &[Decides::Pool];
    let read = facts.aws_node().map(|node| {
        let ipv6 = node.environment.get("ENABLE_IPv6");
        let is_ipv6 = ipv6.and_then(|text| AwsNode::truth(text)) == Some(true);
        (is_ipv6, CniSettings::read(node, DECIDES).ok())
    });
    let has_configs = facts
        .inventory
        .kubernetes
        .as_ref()
        .and_then(|told| told.eni_configs.as_ref())
        .is_some_and(|configs| !configs.is_empty());
    match read {
        Some((true, _)) => None,
        Some((false, Some(cni))) => Some(Mode { settings: of_cni(&cni), assumed: None }),
        Some((false, None)) | None => Some(Mode {
            settings: DensitySettings {
                custom_networking: has_configs,
                cap: Cap::None,
                ..DensitySettings::default()
            },
            assumed: Some(if has_configs {
                "the settings of aws-node are not available: secondary-IP mode with custom networking is \
                 assumed, which carries the fewest pods"
            } else {
                "the settings of aws-node are not available: secondary-IP mode is assumed, which carries \
                 the fewest pods"
            }),
        }),
    }
}

fn of_cni(cni: &CniSettings) -> DensitySettings {
    let max_eni = cni.max_eni.and_then(|most| u32::try_from(most).ok()).filter(|most| *most > 0);
    DensitySettings {
        addressing: if cni.prefix_delegation {
            Addressing::Prefix
        } else {
            Addressing::SecondaryIp
        },
        custom_networking: cni.custom_networking,
        pod_eni: cni.pod_eni,
        max_eni,
        cap: Cap::None,
        ..DensitySettings::default()
    }
}

/// A type whose kubelet takes more pods than it carries.
struct Over<'a> {
    limits: &'a InstanceLimits,
    carries: u32,
    /// What the kubelet takes.
    takes: u32,
}

/// A NodePool with what sets its nodes' max pods.
struct Pool<'a> {
    name: &'a str,
    class: Option<&'a Ec2NodeClass>,
    matched: MatchedTypes<'a>,
    asked: Asked,
}

fn finding(
    pool: &NodePool,
    classes: &[Ec2NodeClass],
    mode: &Mode,
    catalogue: &Catalogue,
) -> Option<Finding> {
    let of_pool_class = pool.node_class.as_ref();
    if of_pool_class.is_some_and(NodeClassRef::is_auto_mode) {
        return None;
    }
    let class = of_pool_class.and_then(|named| classes.iter().find(|one| one.name == named.name));
    let place = match class {
        Some(class) => format!("EC2NodeClass `{}`", class.name),
        None => format!("NodePool `{}`", pool.name),
    };
    let asked = match of_pool(pool, class, &place) {
        Ok(asked) => asked?,
        Err(error) => return Some(no_node(&pool.name, &error.text, &error.hint)),
    };
    if !asked.sets_anything() {
        return None;
    }
    let is_windows = pool.os() == PoolOs::Windows || class.is_some_and(Ec2NodeClass::is_windows);
    let settings = DensitySettings {
        os: if is_windows { Os::Windows } else { Os::Linux },
        custom_networking: mode.settings.custom_networking && !is_windows,
        pod_eni: mode.settings.pod_eni && !is_windows,
        launch: asked.launch,
        ..mode.settings.clone()
    };
    let pool = Pool { name: &pool.name, class, matched: pool.types(catalogue), asked };
    match pool.over(&settings, catalogue) {
        Ok(over) => pool.over_finding(&over, &settings, mode.assumed),
        Err(why) => Some(no_node(pool.name, &why, pool.remedy())),
    }
}

/// Karpenter evaluates an EC2NodeClass as a whole: with an expression that it refuses no node starts. With 0 none
/// takes a pod.
fn no_node(pool: &str, what: &str, hint: &str) -> Finding {
    CHECK
        .finding(Severity::Warning, pool)
        .message(format!("NodePool {pool}: no pod of it can run: {what}"))
        .hint(hint.to_owned())
        .detail("no node".to_owned())
}

impl<'a> Pool<'a> {
    /// What to do where no node starts, or none that takes a pod.
    fn remedy(&self) -> &'static str {
        if self.asked.has_expressions() {
            "correct the expression"
        } else {
            "set maxPods to 1 or more, or remove it: Karpenter then sets what the ENIs of each type carry"
        }
    }

    /// The types whose kubelet takes more pods than they carry, those that carry the fewest first.
    fn over(
        &self,
        settings: &DensitySettings,
        catalogue: &Catalogue,
    ) -> Result<Vec<Over<'a>>, String> {
        let reports: Vec<(&InstanceLimits, DensityReport)> = self
            .matched
            .types
            .iter()
            .filter_map(|limits| Some((*limits, assess(catalogue, limits, settings).ok()?)))
            .collect();
        let types: Vec<Judged<'_>> =
            reports.iter().map(|(limits, report)| Judged { limits, report }).collect();
        let verdicts = judge(&self.asked, catalogue, &types).map_err(|error| error.to_string())?;
        // Karpenter's own number is no setting for all types.
        let is_set = self.asked.number().is_some() || self.asked.text().is_some();
        let mut over = Vec::new();
        for ((limits, report), verdict) in reports.iter().zip(verdicts) {
            if verdict.problems.contains(&Problem::NoNode)
                && let Some(why) = verdict.reason
            {
                return Err(why);
            }
            let stranded = verdict.stranded_pods.is_some_and(|pods| pods > 0);
            if let (Some(carries), Some(takes), true) =
                (report.eni_max_pods, verdict.value, stranded && is_set)
            {
                over.push(Over { limits, carries, takes });
            }
        }
        over.sort_by_key(|one| one.carries);
        Ok(over)
    }

    fn over_finding(
        &self,
        over: &[Over<'_>],
        settings: &DensitySettings,
        assumed: Option<&'static str>,
    ) -> Option<Finding> {
        let lowest = over.first()?;
        let named: Vec<&str> =
            over.iter().take(MOST_NAMED).map(|one| one.limits.instance_type.as_ref()).collect();
        let others = match over.len() - named.len() {
            0 => String::new(),
            rest => format!(" and {rest} more"),
        };
        let flags = maxpods_flags(settings);
        let all = if others.is_empty() {
            String::new()
        } else {
            format!(
                "; the command shows {} of {}, and `eksnet maxpods --nodepool FILE{flags}` with the NodePool's \
                 manifest all",
                named.len(),
                over.len()
            )
        };
        let unchecked = match self.matched.not_checked.as_slice() {
            [] => String::new(),
            rows => {
                let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
                format!(
                    "; requirements that the table of types cannot answer leave no type out: {}",
                    keys.join(", ")
                )
            }
        };
        let unknown = assumed.map_or_else(String::new, |text| format!("; {text}"));
        let of_class =
            self.class.map_or_else(String::new, |one| format!(" of EC2NodeClass {}", one.name));
        let one = self.asked.number();
        let set = one.map_or_else(|| "as an expression".to_owned(), |one| one.to_string());
        let is_flag = self.asked.user_data.max_pods.is_some();
        let what = if is_flag { "--max-pods in the user data:" } else { "maxPods" };
        let fix = match one {
            Some(_) if is_flag => {
                "remove --max-pods from the kubelet's flags in the user data".to_owned()
            }
            Some(_) => format!("set maxPods to the lowest, {}", lowest.carries),
            None => format!(
                "bound the expression: {} carries {}",
                lowest.limits.instance_type, lowest.carries
            ),
        };
        let severity = if assumed.is_some() { Severity::Info } else { Severity::Warning };
        Some(
            CHECK
                .finding(severity, self.name)
                .message(format!(
                    "NodePool {}: {what} {set}{of_class} holds for all {} that it may start, and {} fewer \
                     pods: {}{others}; the lowest is {} with {}{unknown}{unchecked}",
                    self.name,
                    counted(self.matched.types.len(), "instance type", "instance types"),
                    if over.len() == 1 {
                        "1 carries".to_owned()
                    } else {
                        format!("{} carry", over.len())
                    },
                    named.join(", "),
                    lowest.limits.instance_type,
                    lowest.carries,
                ))
                .hint(format!(
                    "{fix}, or leave such types out of the NodePool's requirements, or give them an \
                     EC2NodeClass of their own; nodes that run are replaced{all}",
                ))
                .command(recommend(&named, &flags))
                .detail(format!("maxPods {set}, lowest {}", lowest.carries))
                .with("max_pods", one)
                .with("expression", self.asked.text().map(str::to_owned))
                .with("lowest", lowest.carries)
                .with("lowest_type", lowest.limits.instance_type.to_string())
                .with("lowest_takes", lowest.takes)
                .with("types", self.matched.types.len())
                .with("types_over", over.len())
                .with("types_named", named)
                .with("node_class", self.class.map(|class| class.name.clone()))
                .with("assumed", assumed.is_some()),
        )
    }
}

fn recommend(types: &[&str], flags: &str) -> Option<Command> {
    let mut words: Vec<Word<'_>> = types.iter().map(|name| Word::Name(name)).collect();
    if !flags.is_empty() {
        words.push(Word::Own(flags.trim_start()));
    }
    command_line(&words).map(Command::Maxpods)
}
