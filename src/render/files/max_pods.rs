//! The files that set max pods, for instance types and the settings of their nodes: what `maxpods` says, in the
//! form of who starts the nodes.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use hcl::{Block, Expression};
use serde_json::{Value, json};

use super::{
    density_words::settings_words,
    hcl::{HclFile, map},
    karpenter::{NodeClass, is_in, node_pool_of, template},
    node_files::{IGNORED, bottlerocket_max_pods, node_config_of},
    text::{Ordered, comment, comment_line, yaml},
};
use crate::{
    declared::is_launched_by,
    density::{
        DensitySettings, MaxPodsClass, Os, classes, kube_reserved_memory_mib, pods_below_half,
        reserves_half,
    },
    expression::{Compiled, Dialect, Variables, Wanted, written},
    finding::{counted, listed, thousands},
    instance::Catalogue,
    render::maxpods::{MaxPodsRow, lowest},
};

/// Types that are named with their numbers; of more only the range is said.
const NAMED: usize = 8;

/// Whose file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaxPodsForm {
    /// A NodeConfig.
    Nodeadm,
    /// Settings of Bottlerocket.
    Bottlerocket,
    /// EC2NodeClasses and NodePools.
    Karpenter,
    /// A ClusterConfig of eksctl.
    Eksctl,
    /// A local value of Terraform.
    Hcl,
}

/// What is to be written.
#[derive(Debug, Clone, Copy)]
pub struct MaxPodsFile<'a> {
    /// Where nodeadm's own limits stand.
    pub catalogue: &'a Catalogue,
    /// The settings of the nodes.
    pub settings: &'a DensitySettings,
    /// The types, each with its number.
    pub rows: &'a [MaxPodsRow<'a>],
    /// Whether one type was named, and not several or a pattern.
    pub is_one: bool,
}

impl MaxPodsForm {
    /// What its nodes are called in an error.
    fn name(self) -> &'static str {
        match self {
            Self::Nodeadm => "nodeadm",
            Self::Bottlerocket => "bottlerocket",
            Self::Karpenter => "karpenter",
            Self::Eksctl => "eksctl",
            Self::Hcl => "hcl",
        }
    }
}

impl MaxPodsFile<'_> {
    /// Why there is no such file, with what to do.
    #[must_use]
    pub fn refusal(&self, form: MaxPodsForm) -> Option<(String, &'static str)> {
        let name = form.name();
        if self.settings.auto_mode && form != MaxPodsForm::Hcl {
            let what = format!("-o {name}: EKS Auto Mode sets max pods by itself");
            return Some((what, "drop -o to see the number"));
        }
        let of_windows = matches!(form, MaxPodsForm::Karpenter | MaxPodsForm::Hcl);
        if self.settings.os == Os::Windows && !of_windows {
            let what = format!("-o {name} sets max pods of Linux nodes");
            return Some((what, "for Windows use -o karpenter, or -o plain for the number"));
        }
        if self.rows.is_empty() {
            let what = format!("-o {name}: no instance type is left to write");
            return Some((what, "change the filters, or name the types"));
        }
        if form == MaxPodsForm::Karpenter && self.launched().is_empty() {
            let what = format!("-o {name}: Karpenter starts none of these types");
            return Some((
                what,
                "choose types that EC2 offers for Linux and Windows, or another -o",
            ));
        }
        if form == MaxPodsForm::Karpenter && self.within_memory().is_empty() {
            let what =
                format!("-o {name}: the kubelet reserves half of the memory with any max pods");
            return Some((what, "choose types with more memory, or -o plain for the number"));
        }
        let unset = |row: &&MaxPodsRow<'_>| row.report.max_pods.is_none_or(|pods| pods == 0);
        let launched = self.launched();
        let rows = if form == MaxPodsForm::Karpenter { &launched } else { self.rows };
        let row = rows.iter().find(unset)?;
        let why = match row.report.max_pods {
            Some(_) => "has no room for a pod under these settings",
            None => "has no limit under IPv6 with --cap none",
        };
        let what = format!("-o {name}: {} {why}", row.limits.instance_type);
        Some((what, "set --cap auto or a number, or leave the type out"))
    }

    /// The file.
    ///
    /// # Errors
    /// When a library cannot write a value in its form.
    pub fn write(&self, form: MaxPodsForm) -> io::Result<String> {
        match form {
            MaxPodsForm::Nodeadm => self.nodeadm(),
            MaxPodsForm::Bottlerocket => {
                let about = format!("{}\n{}", self.about_one(), self.shared());
                bottlerocket_max_pods(&about, self.lowest())
            }
            MaxPodsForm::Karpenter => self.karpenter(),
            MaxPodsForm::Eksctl => self.eksctl(),
            MaxPodsForm::Hcl => self.hcl(),
        }
    }

    /// Types that a file leaves out, for whom, and why.
    #[must_use]
    pub fn left_out(&self, form: MaxPodsForm) -> Option<String> {
        let never = self.rows.iter().filter(|row| !self.is_launched(row));
        let never: BTreeSet<&str> = never.map(|row| &*row.limits.instance_type).collect();
        let is_some = form == MaxPodsForm::Karpenter && !never.is_empty();
        is_some
            .then(|| format!("Left out, because Karpenter never starts them: {}.", listed(never)))
    }

    fn is_launched(&self, row: &MaxPodsRow<'_>) -> bool {
        is_launched_by(row.limits, self.settings.os == Os::Windows)
    }

    /// The rows of types that Karpenter starts.
    fn launched(&self) -> Vec<MaxPodsRow<'_>> {
        self.rows.iter().filter(|row| self.is_launched(row)).cloned().collect()
    }

    /// The rows for nodes whose kubelet reserves memory by the number that is written: each number leaves more
    /// than half of it, as `maxpods --nodepool` asks for, and types where none does are left out.
    fn within_memory(&self) -> Vec<MaxPodsRow<'_>> {
        let bounded = self.rows.iter().filter_map(|row| {
            let memory = row.limits.memory_mib.filter(|_| self.settings.os == Os::Linux);
            let most = memory.map_or(u32::MAX, pods_below_half);
            let mut row = row.clone();
            row.report.max_pods = row.report.max_pods.map(|pods| pods.min(most));
            row.report.kube_reserved_memory_mib = row.report.max_pods.map(kube_reserved_memory_mib);
            (most > 0).then_some(row)
        });
        bounded.collect()
    }

    /// Which numbers memory bounds, and which types it leaves out; nothing where it does neither.
    fn memory(&self, bounded: &Self) -> String {
        let own: BTreeMap<&str, u32> = self.numbers().collect();
        let written: BTreeMap<&str, u32> = bounded.numbers().collect();
        let less = |(name, number): &(&str, u32)| own.get(name).is_some_and(|own| own > number);
        let fewer: Vec<(&str, u32)> = bounded.numbers().filter(less).collect();
        let mut sentences = Vec::new();
        if let Some((name, number)) = fewer.first() {
            let most = thousands(own.get(name).copied().unwrap_or(0));
            let whose = match fewer.len() {
                1 => format!("Memory bounds {name}"),
                several => format!("Memory bounds {several} types, such as {name}"),
            };
            sentences.push(format!(
                "{whose}: {number} pods, not {most}. With more the kubelet would reserve half of the node's \
                 memory (255 MiB and 11 MiB a pod)."
            ));
        }
        let without: Vec<&str> =
            own.into_keys().filter(|name| !written.contains_key(name)).collect();
        if !without.is_empty() {
            sentences.push(format!(
                "Left out, because any number of pods reserves half of their memory: {}.",
                without.join(", ")
            ));
        }
        sentences.join(" ")
    }

    /// Each type with its number, once however often it was named.
    fn numbers(&self) -> impl Iterator<Item = (&str, u32)> {
        let mut seen = BTreeSet::new();
        let rows = self.rows.iter().filter(move |row| seen.insert(&row.limits.instance_type));
        rows.filter_map(|row| Some((&*row.limits.instance_type, row.report.max_pods?)))
    }

    /// The lowest number.
    fn lowest(&self) -> u32 {
        lowest(self.rows).map_or(0, |(least, _)| least)
    }

    fn highest(&self) -> u32 {
        self.numbers().map(|(_, number)| number).max().unwrap_or(0)
    }

    /// Whether all types have one number.
    fn is_same(&self) -> bool {
        self.lowest() == self.highest()
    }

    /// The numbers and what they are for, in a file that sets each of them.
    fn about(&self) -> String {
        self.about_numbers(None)
    }

    /// The same in a file that sets the lowest for all types.
    fn about_one(&self) -> String {
        self.about_numbers(Some(self.lowest()))
    }

    fn about_numbers(&self, written: Option<u32>) -> String {
        let numbers = match self.numbers().collect::<Vec<_>>().as_slice() {
            several if several.len() > NAMED => {
                let types = counted(several.len(), "instance type", "instance types");
                let (least, most) = (thousands(self.lowest()), thousands(self.highest()));
                if least == most {
                    format!("Max pods of {types}: {least}")
                } else {
                    format!("Max pods of {types}: {least} to {most}")
                }
            }
            few => {
                let one = |(name, number): &(&str, u32)| format!("{name} {number}");
                format!("Max pods: {}", few.iter().map(one).collect::<Vec<_>>().join(", "))
            }
        };
        let half = self.half_reserved(written);
        let half = if half.is_empty() {
            String::new()
        } else {
            format!(
                "\nWith these numbers half of the memory or more is reserved for the kubelet on {}: for fewer \
                 pods use --cap.",
                listed(half)
            )
        };
        format!("{numbers} ({}).{half}", settings_words(self.settings))
    }

    /// The types of whose memory half goes to the kubelet at the number that is written: one for all, or their
    /// own.
    fn half_reserved(&self, written: Option<u32>) -> BTreeSet<&str> {
        let is_half = |row: &&MaxPodsRow<'_>| {
            let own = row.report.kube_reserved_memory_mib;
            let reserved = own.map(|own| u64::from(written.map_or(own, kube_reserved_memory_mib)));
            let both = reserved.zip(row.limits.memory_mib.filter(|mib| *mib > 0));
            both.is_some_and(|(reserved, memory)| reserves_half(reserved, memory))
        };
        self.rows.iter().filter(is_half).map(|row| &*row.limits.instance_type).collect()
    }

    /// What one number for several types means; nothing where they all have it.
    fn shared(&self) -> String {
        if self.is_same() {
            return String::new();
        }
        format!(
            "One number holds for all of these types, so it is the lowest: {}. The others have room for up \
             to {}.",
            thousands(self.lowest()),
            thousands(self.highest())
        )
    }

    /// The expression that gives each type its number in a dialect.
    fn expression(&self, dialect: Dialect) -> Option<Compiled> {
        let wanted = |row: &MaxPodsRow<'_>| {
            let taken_enis = self.settings.karpenter_taken_enis(row.limits);
            Some(Wanted {
                variables: Variables::of(dialect, self.catalogue, row.limits, taken_enis),
                max_pods: row.report.max_pods?,
                cap: row.report.cap,
            })
        };
        let wanted: Option<Vec<Wanted>> = self.rows.iter().map(wanted).collect();
        written(dialect, self.settings, &wanted?)
    }

    fn nodeadm(&self) -> io::Result<String> {
        const MERGED: &str = "A part of a NodeConfig: nodeadm merges it with the part that names the \
                              cluster.";
        // nodeadm reserves by the expression, and beside a number by its own table.
        let rows = self.within_memory();
        let bounded = MaxPodsFile { rows: &rows, ..*self };
        let expression = (!self.is_same()).then(|| bounded.expression(Dialect::Nodeadm)).flatten();
        let of = if expression.is_some() { &bounded } else { self };
        let (kubelet, why) = match &expression {
            Some(expression) => {
                let reads = |name: &&str| expression.text().contains(*name);
                let newer = ["vcpus", "physical_memory_mib"].into_iter().filter(reads);
                let newer = newer.collect::<Vec<_>>().join(" and ");
                let newer = if newer.is_empty() {
                    newer
                } else {
                    format!(
                        " It reads {newer}, which AMIs before mid-2026 lack: they drop the expression and \
                         set their own number. There set config.maxPods to the lowest, {}.",
                        thousands(of.lowest())
                    )
                };
                (
                    json!({"maxPodsExpression": expression.text()}),
                    format!(
                        "The expression gives each of these types exactly its number.{newer} {}",
                        self.memory(&bounded)
                    ),
                )
            }
            None if self.is_same() => (number(self.lowest()), String::new()),
            None => (
                number(self.lowest()),
                format!(
                    "No expression of nodeadm's variables was found that gives each type its number. {}",
                    self.shared()
                ),
            ),
        };
        let numbers = if expression.is_some() { of.about() } else { of.about_one() };
        let about = [&numbers, why.trim_end(), MERGED, IGNORED].join("\n");
        yaml(&about, &[node_config_of(&json!({ "kubelet": kubelet }))])
    }

    fn karpenter(&self) -> io::Result<String> {
        let launched = self.launched();
        let own = MaxPodsFile { rows: &launched, ..*self };
        let rows = own.within_memory();
        let bounded = MaxPodsFile { rows: &rows, ..*self };
        let left_out = self.left_out(MaxPodsForm::Karpenter);
        let about = [Some(own.memory(&bounded)).filter(|text| !text.is_empty()), left_out];
        bounded.karpenter_classes(&about.into_iter().flatten().collect::<Vec<_>>().join("\n"))
    }

    /// The file, with what is said of memory and of types that are left out.
    fn karpenter_classes(&self, memory: &str) -> io::Result<String> {
        const YOURS: &str = "The NodePools say only the instance types and the operating system: keep the taints, \
                             labels, limits, budgets and other requirements of yours.";
        const PINNED: &str =
            "Pin the AMI in production: latest replaces nodes when an AMI is released.";
        let classes = classes(self.numbers().map(|(name, number)| (number, name)));
        let names: Vec<String> =
            classes.iter().map(|class| format!("max-pods-{}", class.max_pods)).collect();
        let mut about = vec![self.about()];
        about.push(match classes.len() {
            1 => format!("maxPods holds for every type of the class. {}", self.shared()),
            many => format!(
                "maxPods holds for every type of a class. One number for all would be {}; these {many} \
                 classes each take the lowest of their types, which costs no type more than a tenth of its \
                 pods.",
                thousands(self.lowest())
            ),
        });
        if !memory.is_empty() {
            about.push(memory.to_owned());
        }
        about.extend([YOURS, PINNED].map(ToOwned::to_owned));
        let mut out = comment(&about.join("\n"));
        let expression = (!self.is_same()).then(|| self.expression(Dialect::Karpenter)).flatten();
        if let Some(expression) = expression.filter(|_| self.settings.os == Os::Linux) {
            out += &comment(
                "With the feature gate NodeClassCEL (alpha, off) one class gives each type its number:",
            );
            let text = Value::from(expression.text());
            out += &comment_line(&format!("maxPods: {text}"));
        }
        let pairs = classes.iter().zip(&names);
        let documents: Vec<Value> =
            pairs.flat_map(|(class, name)| self.class_and_pool(class, name)).collect();
        Ok(out + &yaml("", &documents)?)
    }

    fn class_and_pool(&self, class: &MaxPodsClass<&str>, name: &str) -> [Value; 2] {
        let is_linux = self.settings.os == Os::Linux;
        let discovered = || json!([{"tags": {"karpenter.sh/discovery": "${CLUSTER_NAME}"}}]);
        let node_class = NodeClass {
            name,
            is_linux,
            subnets: discovered(),
            security_groups: discovered(),
            max_pods: class.max_pods,
        };
        let requirements = [
            is_in("kubernetes.io/os", &[if is_linux { "linux" } else { "windows" }]),
            is_in("node.kubernetes.io/instance-type", &class.types),
        ];
        let spec = json!({"template": template(name, &requirements)});
        [node_class.json(), node_pool_of(name, &spec)]
    }

    fn eksctl(&self) -> io::Result<String> {
        const KEYS: &str = "Under nodeGroups the key is the same.";
        let types: Vec<&str> = self.numbers().map(|(name, _)| name).collect();
        let group = Ordered(vec![
            ("name", json!(format!("max-pods-{}", self.lowest()))),
            ("amiFamily", json!("AmazonLinux2023")),
            ("instanceTypes", json!(types)),
            ("maxPodsPerNode", json!(self.lowest())),
        ]);
        let config = Ordered(vec![
            ("apiVersion", json!("eksctl.io/v1alpha5")),
            ("kind", json!("ClusterConfig")),
            ("metadata", json!({"name": "${CLUSTER_NAME}", "region": "${AWS_REGION}"})),
            ("managedNodeGroups", serde_json::to_value([group]).map_err(io::Error::other)?),
        ]);
        yaml(&[&*self.about_one(), &*self.shared(), IGNORED, KEYS].join("\n"), &[config])
    }

    fn hcl(&self) -> io::Result<String> {
        let mut numbers = self.numbers().map(|(name, number)| (name, Expression::from(number)));
        let value = match numbers.next() {
            Some((_, one)) if self.is_one => one,
            first => map(first.into_iter().chain(numbers)),
        };
        let block = Block::builder("locals").add_attribute(("max_pods", value)).build();
        let mut file = HclFile::new(&self.about());
        file.add("", &block)?;
        Ok(file.into_text())
    }
}

/// Max pods of a kubelet.
fn number(max_pods: u32) -> Value {
    json!({"config": {"maxPods": max_pods}})
}
