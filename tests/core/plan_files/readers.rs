//! The files as independent readers see them: python-hcl2, cfn-lint, PyYAML, JSON schemas of what is used of each
//! form, Python's `email` and `tomllib`, a shell, and `terraform fmt` where Terraform is. What they read out has to be
//! what the candidate says.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

use eksnet::{
    instance::BUILTIN,
    plan::{Candidate, GroupOs, PlannedGroup, PlannedSubnet, parse_requirement, plan},
    render::{files::files, plan::PlanAnswer},
    simulate::{ReservationType, Scaler, parse},
};
use serde_json::{Value, json};

use super::{
    made::{HOSTILE, plans},
    venv::{Venv, finish},
    written,
};

/// Set where the readers must not be skipped.
const REQUIRED: &str = "EKSNET_REQUIRE_READERS";
pub(crate) const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/readers");

/// The readers, installed if need be; `None`, after saying why, where they cannot be had.
pub(crate) fn readers() -> Option<Venv> {
    let requirements = Path::new(FOLDER).join("requirements.txt");
    match Venv::ready("readers-venv", &requirements) {
        Ok(venv) => Some(venv),
        Err(why) => {
            assert!(env::var_os(REQUIRED).is_none(), "{REQUIRED} is set, and {why}");
            let told = writeln!(io::stderr(), "skipped: no independent reader: {why}");
            assert!(told.is_ok(), "stderr is closed");
            None
        }
    }
}

/// Writes the files of a plan.
fn folder(scratch: &Path, name: &str, files: &BTreeMap<String, String>) -> PathBuf {
    let folder = scratch.join(name);
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// What the readers make of the plans in a folder, or of one file there.
fn read(venv: &Venv, root: &Path, file: Option<&str>) -> Result<String, String> {
    let mut command = venv.python(&Path::new(FOLDER).join("read.py"));
    finish(command.arg(root).args(file), "a reader refuses a file")
}

#[test]
fn every_reader_reads_what_the_candidate_says() {
    let Some(venv) = readers() else { return };
    let scratch = tempfile::tempdir().unwrap();
    for (name, answer) in plans() {
        folder(scratch.path(), name, &written(&answer));
    }
    let facts = read(&venv, scratch.path(), None).unwrap_or_else(|error| panic!("{error}"));
    let facts: BTreeMap<String, BTreeMap<String, Value>> = serde_json::from_str(&facts).unwrap();
    for (name, answer) in plans() {
        let facts = &facts[name];
        assert_eq!(
            facts.keys().collect::<Vec<_>>(),
            written(&answer).keys().collect::<Vec<_>>(),
            "{name}"
        );
        for (path, facts) in facts {
            compare(&Place { name, path, answer: &answer }, facts);
        }
    }
}

/// What the search finds, as its own examples ask for it.
#[test]
fn every_reader_reads_what_the_search_finds() {
    let Some(venv) = readers() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let mut new = BTreeMap::new();
    for name in ["10-ipv6", "07-two-halves", "10-windows"] {
        let path = format!("{}/examples/plans/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
        let requirement = parse_requirement(&fs::read_to_string(path).unwrap()).unwrap();
        let plan = plan(&requirement, &BUILTIN).unwrap();
        let candidate = plan.recommended().unwrap().clone();
        let answer = PlanAnswer { plan, chosen: None, withheld: Vec::new() };
        let all = files(&answer, &candidate).unwrap();
        let all: BTreeMap<String, String> =
            all.into_iter().map(|file| (file.path, file.text)).collect();
        // The scenario that was judged: what simulates it says the same.
        assert_eq!(parse(&all["scenario.yaml"]).unwrap(), candidate.scenario, "{name}");
        folder(scratch.path(), name, &all);
        let subnets = candidate.subnets.iter().filter(|subnet| subnet.new);
        let subnets = subnets.map(|subnet| (subnet.cidr.to_string(), json!(subnet.zone)));
        new.insert(name, subnets.collect::<BTreeMap<String, Value>>());
    }
    let facts = read(&venv, scratch.path(), None).unwrap_or_else(|error| panic!("{error}"));
    let facts: Value = serde_json::from_str(&facts).unwrap();
    for (name, subnets) in new {
        for path in ["terraform/network.tf", "cloudformation.yaml"] {
            let Some(found) = facts[name][path]["subnets"].as_object() else {
                assert!(subnets.is_empty(), "{name}: {path} is absent");
                continue;
            };
            let found = found.iter().map(|(cidr, subnet)| (cidr.clone(), subnet["zone"].clone()));
            assert_eq!(found.collect::<BTreeMap<_, _>>(), subnets, "{name} {path}");
        }
    }
}

#[test]
fn terraform_finds_nothing_to_format() {
    let terraform = |folder: &Path, arguments: &[&str]| {
        let mut command = Command::new("terraform");
        command.args(arguments).current_dir(folder).env("CHECKPOINT_DISABLE", "1").output()
    };
    if terraform(Path::new("."), &["version"]).is_err() {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    for (name, answer) in plans() {
        let folder = folder(scratch.path(), name, &written(&answer)).join("terraform");
        let output = terraform(&folder, &["fmt", "-check", "-diff"]).unwrap();
        let diff = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{name}: {diff}");
    }
}

/// A slip in a file does not pass: each of these would, if nothing looked.
#[test]
fn readers_refuse_slips() {
    let Some(venv) = readers() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let slips = [
        ("custom-networking", "vpc-cni-addon.json", "\"12\"", "12"),
        ("custom-networking", "eniconfigs.yaml", "  subnet:", "  subnetId:"),
        ("custom-networking", "terraform/network.tf", "cidr_block        =", "cidr_block        :"),
        (
            "custom-networking",
            "cloudformation.yaml",
            "AWS::EC2::VPCCidrBlock",
            "AWS::EC2::VpcCidrBlock",
        ),
        ("custom-networking", "eksctl.yaml", "maxPodsPerNode", "maxPods"),
        ("scalers", "karpenter.yaml", "maxPods", "maxPodsPerNode"),
        ("scalers", "karpenter.yaml", "nodes: \"2\"", "nodes: 2"),
        ("scalers", "nodeadm-batch.yaml", "maxPods", "max-pods"),
        ("scalers", "bottlerocket-batch.toml", "max-pods = ", "max-pods : "),
        ("scalers", "user-data-batch.mime", "application/node.eks.aws", "text/plain"),
    ];
    let answers: BTreeMap<&str, PlanAnswer> = plans().into_iter().collect();
    for (at, (name, path, from, to)) in slips.into_iter().enumerate() {
        let mut files = written(&answers[name]);
        let text = files.get_mut(path).unwrap();
        assert!(text.contains(from), "{path}");
        *text = text.replace(from, to);
        let plan = at.to_string();
        folder(scratch.path(), &plan, &files);
        let file = format!("{plan}/{path}");
        assert!(read(&venv, scratch.path(), Some(&file)).is_err(), "{path}: {to} passes");
    }
}

struct Place<'a> {
    name: &'a str,
    path: &'a str,
    answer: &'a PlanAnswer,
}

impl Place<'_> {
    fn candidate(&self) -> &Candidate {
        &self.answer.plan.candidates[0]
    }

    /// Groups of the cluster that the file belongs to.
    fn groups(&self) -> Vec<&PlannedGroup> {
        let all = self.candidate().node_groups.iter();
        match self.path.strip_prefix("cluster-").and_then(|rest| rest.split_once('/')) {
            Some((number, _)) => all.filter(|g| g.name.ends_with(&format!("-{number}"))).collect(),
            None => all.collect(),
        }
    }

    /// Whether the file holds the parts of all clusters.
    fn clusters(&self) -> usize {
        if self.name == "clusters" && !self.path.starts_with("cluster-") { 3 } else { 1 }
    }
}

/// Each fact of a file beside the candidate.
fn compare(place: &Place<'_>, facts: &Value) {
    let Place { name, path, .. } = place;
    let candidate = place.candidate();
    for (fact, found) in facts.as_object().unwrap() {
        let expected = match fact.as_str() {
            "read" => json!(true),
            "subnets" => {
                let all = candidate.subnets.iter();
                let is_all = path.ends_with("eksctl.yaml");
                let of = |subnet: &&PlannedSubnet| is_all || subnet.new;
                assert_eq!(found.as_object().unwrap().len(), all.clone().filter(of).count());
                all.filter(of)
                    .map(|subnet| (subnet.cidr.to_string(), expected_subnet(place, subnet)))
                    .collect()
            }
            "blocks" => candidate
                .vpc_cidrs_added
                .iter()
                .filter(|block| !block.primary)
                .map(|block| json!(block.cidr.to_string()))
                .collect(),
            "primary" => {
                let primary = candidate.vpc_cidrs_added.iter().find(|block| block.primary);
                json!(primary.unwrap().cidr.to_string())
            }
            "reservations" => candidate.subnets.iter().flat_map(reservations).collect(),
            "tags" => tags(place),
            "configurations" => (0..place.clusters()).map(|_| configuration(place)).collect(),
            "eni_configs" => eni_configs(place),
            "nodes" => nodes(place, found),
            "max_pods" => {
                let groups = place.groups().into_iter().filter(|g| g.os == GroupOs::Linux);
                let groups = groups.filter(|g| g.scaler != Scaler::Karpenter);
                let of_file = groups.filter(|g| !path.contains('-') || in_file(place, g));
                let distinct: BTreeSet<u32> = of_file.map(|g| g.max_pods).collect();
                if path.ends_with("cloudformation.yaml") {
                    // Only groups whose max pods EKS does not set by itself have user data there.
                    let all = found.as_array().unwrap();
                    assert!(
                        all.iter().all(|one| distinct.iter().any(|max| json!(max) == *one)),
                        "{name}"
                    );
                    found.clone()
                } else {
                    distinct.into_iter().map(|max| json!(max)).collect()
                }
            }
            "max_pods_of" => place
                .groups()
                .into_iter()
                .filter(|group| of_file(path, group))
                .map(|group| {
                    let is_written = group.os == GroupOs::Linux || path.ends_with("karpenter.yaml");
                    let max = if is_written { json!(group.max_pods) } else { Value::Null };
                    (group_name(&group.name), max)
                })
                .collect(),
            "control_plane" => {
                let subnets = &candidate.control_plane.as_ref().unwrap().subnets;
                subnets.iter().map(|subnet| json!(id(place, subnet))).collect()
            }
            "set" => set(place),
            "unset" => unset(place),
            "windows_data" => windows_data(place),
            other => panic!("{name} {path}: nothing is known of {other}"),
        };
        assert_eq!(*found, expected, "{name} {path}: {fact}");
    }
}

/// Whether a file of one group is this group's.
fn in_file(place: &Place<'_>, group: &PlannedGroup) -> bool {
    let name = place.path.rsplit('/').next().unwrap();
    let stem = name.split('.').next().unwrap();
    ["nodeadm", "bottlerocket", "user-data"]
        .iter()
        .any(|kind| stem == *kind || stem == format!("{kind}-{}", group.name))
}

/// A group's name in files, which only a hostile one has other than its own.
fn group_name(name: &str) -> String {
    if name == HOSTILE { "a-b-x-if-c-touch-x-d".to_owned() } else { name.to_owned() }
}

/// The variable of a subnet's id, or an id that is its name.
fn id(place: &Place<'_>, name: &str) -> String {
    if name.starts_with("subnet-") {
        return if place.path.starts_with("terraform/") {
            format!("SUBNET_ID_{}", name.to_uppercase().replace('-', "_"))
        } else {
            name.to_owned()
        };
    }
    let hostile = name.strip_prefix(HOSTILE).map(|letter| format!("a_b_x_if_c_touch_x_d_{letter}"));
    let plain = hostile.unwrap_or_else(|| name.replace('-', "_"));
    format!("SUBNET_ID_{}", plain.to_uppercase())
}

fn expected_subnet(place: &Place<'_>, subnet: &PlannedSubnet) -> Value {
    let mut expected = json!({"zone": subnet.zone});
    if !place.path.ends_with("cloudformation.yaml") {
        expected["id"] = json!(id(place, &subnet.name));
    }
    if !place.path.ends_with("eksctl.yaml") {
        let mut tags = subnet.tags.clone();
        tags.entry("Name".to_owned()).or_insert_with(|| subnet.name.clone());
        expected["tags"] = json!(tags);
    }
    expected
}

fn reservations(subnet: &PlannedSubnet) -> Vec<Value> {
    let owner = format!("SUBNET_ID_{}", subnet.name.to_uppercase().replace('-', "_"));
    let of = |kind| match kind {
        ReservationType::Prefix => "prefix",
        ReservationType::Explicit => "explicit",
    };
    let all = subnet.reservations.iter();
    all.map(|one| json!([owner, one.cidr.to_string(), of(one.kind)])).collect()
}

/// Tags that existing subnets do not have yet: of these candidates all but `team` of one.
fn tags(place: &Place<'_>) -> Value {
    let existing = place.candidate().subnets.iter().filter(|subnet| !subnet.new);
    let all = existing.flat_map(|subnet| {
        let has_team = subnet.name.starts_with("subnet-");
        let tags = subnet.tags.iter().filter(move |(key, _)| !has_team || *key != "team");
        tags.map(|(key, value)| json!([id(place, &subnet.name), key, value]))
    });
    all.collect()
}

/// The variables that differ from the manifest, by hand.
fn env_of(name: &str) -> Value {
    match name {
        "custom-networking" | "new-vpc" | "clusters" => json!({
            "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "true",
            "ENI_CONFIG_LABEL_DEF": "topology.kubernetes.io/zone",
            "MINIMUM_IP_TARGET": "12",
            "WARM_IP_TARGET": "2",
        }),
        "prefixes" => json!({"ENABLE_PREFIX_DELEGATION": "true"}),
        "pod-eni" => json!({"ENABLE_POD_ENI": "true"}),
        "hostile" => json!({"CLUSTER_NAME": HOSTILE}),
        _ => json!({}),
    }
}

fn configuration(place: &Place<'_>) -> Value {
    let mut env = env_of(place.name);
    if place.name == "ipv6" && place.path.ends_with("vpc-cni-values.yaml") {
        env = json!({"ENABLE_IPv4": "false", "ENABLE_IPv6": "true", "ENABLE_PREFIX_DELEGATION": "true"});
    }
    let windows = if place.name == "windows" {
        json!({
            "enableWindowsIpam": "true",
            "enableWindowsPrefixDelegation": "true",
            "warmWindowsPrefixTarget": "1",
        })
    } else {
        json!({})
    };
    json!({"env": env, "eni_configs": eni_configs(place), "windows": windows})
}

fn eni_configs(place: &Place<'_>) -> Value {
    let zones = place.candidate().cni.custom_networking.iter().flatten();
    let is_template = place.path.ends_with("cloudformation.yaml");
    let id = |subnet: &str| {
        let letter = subnet.rsplit('-').next().unwrap().to_uppercase();
        if is_template { format!("SubnetPods{letter}") } else { format!("SUBNET_ID_PODS_{letter}") }
    };
    zones.map(|(zone, subnet)| (zone.clone(), json!(id(subnet)))).collect()
}

/// Whether a file has groups of this kind.
fn of_file(path: &str, group: &PlannedGroup) -> bool {
    let is_karpenter = group.scaler == Scaler::Karpenter;
    match path {
        _ if path.ends_with("karpenter.yaml") => is_karpenter,
        _ if path.ends_with("cloudformation.yaml") => group.scaler == Scaler::ManagedNodeGroup,
        _ => !is_karpenter,
    }
}

/// What a file says of each group, in those parts that it says.
fn nodes(place: &Place<'_>, found: &Value) -> Value {
    let groups = place.groups().into_iter().filter(|group| of_file(place.path, group));
    let all = groups.map(|group| {
        let name = group_name(&group.name);
        let parts = found[&name].as_object().unwrap_or_else(|| panic!("{name} is absent"));
        let part = |part: &String| match part.as_str() {
            "sizes" => json!([group.nodes_usual, group.nodes_usual, group.nodes_grown]),
            "types" => json!(group.instance_types),
            "subnets" => group.subnets.iter().map(|subnet| json!(id(place, subnet))).collect(),
            "warm_pool" => json!(group.warm_pool),
            "budget" => json!("2"),
            // 12 nodes after the growth and 2 of the budget, of 16 vCPUs as the larger of two types.
            "cpu" => json!((12 + 2) * 16),
            other => panic!("nothing is known of {other}"),
        };
        let parts = parts.keys().map(|name| (name.clone(), part(name)));
        (name, parts.collect::<Value>())
    });
    all.collect()
}

/// What `kubectl set env` sets: today's requirement has WARM_ENI_TARGET=0 and MAX_ENI=3, which go.
fn set(place: &Place<'_>) -> Value {
    let mut set = env_of(place.name);
    set["WARM_ENI_TARGET"] = json!("1");
    set
}

fn unset(_: &Place<'_>) -> Value {
    json!(["MAX_ENI"])
}

fn windows_data(place: &Place<'_>) -> Value {
    if place.name == "windows" {
        json!({
            "enable-windows-ipam": "true",
            "enable-windows-prefix-delegation": "true",
            "warm-prefix-target": "1",
        })
    } else {
        json!({})
    }
}
