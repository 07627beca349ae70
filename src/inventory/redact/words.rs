//! Texts with their originals replaced: what has a known structure keeps it, and what has none is
//! replaced whole.

use std::net::Ipv4Addr;

use super::placeholders::{OriginalKind, Placeholders, is_of_word};
use crate::inventory::{
    AwsNode, cleaned,
    keys::{COMPUTE_LABEL, INSTANCE_TAG, TRUNK_TAG},
    owners, region_of_zone,
};

/// Values that say nothing of whose they are: AWS's, Kubernetes' and the VPC CNI's own words.
const COMMON_VALUES: &[&str] = &[
    "",
    "amazon-vpc-cni",
    "amd64",
    "arm64",
    "default",
    "disabled",
    "eks-vpc-resource-controller",
    "enabled",
    "false",
    "kube-system",
    "linux",
    "owned",
    "shared",
    "true",
    "windows",
];

/// Domains of keys that are not people's own, with all below them.
const KEY_DOMAINS: &[&str] =
    &["amazonaws.com", "eksctl.io", "k8s.aws", "k8s.io", "karpenter.sh", "kubernetes.io"];

/// Domains among these under which people set keys of their own.
const OWN_PATHS: &[&str] = &["node-restriction.kubernetes.io", "node-role.kubernetes.io"];

/// Keys whose values tell of places and machines and of what runs them, in words of AWS, Kubernetes and
/// Karpenter, which are kept: rules go by them.
const WORD_KEYS: &[&str] = &[
    "beta.kubernetes.io/arch",
    "beta.kubernetes.io/instance-type",
    "beta.kubernetes.io/os",
    COMPUTE_LABEL,
    "eks.amazonaws.com/capacityType",
    "failure-domain.beta.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone",
    "karpenter.sh/capacity-type",
    "kubernetes.io/arch",
    "kubernetes.io/os",
    "node.kubernetes.io/instance-type",
    "topology.k8s.aws/zone-id",
    "topology.kubernetes.io/region",
    "topology.kubernetes.io/zone",
];

/// What begins an ARN's resource and only says what it is.
const RESOURCE_TYPES: &[&str] = &[
    "addon",
    "assumed-role",
    "attachment",
    "cluster",
    "fargateprofile",
    "federated-user",
    "group",
    "instance",
    "instance-profile",
    "network-interface",
    "nodegroup",
    "oidc-provider",
    "policy",
    "role",
    "root",
    "saml-provider",
    "subnet",
    "user",
    "vpc",
];

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The account that a text is, written as such or as the console does: `1111-2222-3333`.
fn account_in(text: &str) -> Option<String> {
    let digits = if text.split('-').map(str::len).eq([4, 4, 4]) {
        text.replace('-', "")
    } else {
        text.to_owned()
    };
    is_account(&digits).then_some(digits)
}

/// The prefix of an id such as `subnet-0123456789abcdef0`: 8 or more hexadecimal digits after it, or a
/// placeholder of before.
fn id_prefix(text: &str) -> Option<&str> {
    let (prefix, tail) = text.rsplit_once('-')?;
    let of_hex = tail.len() >= 8 && tail.bytes().all(|byte| byte.is_ascii_hexdigit());
    let letters = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    ((of_hex || tail.starts_with("0redacted")) && prefix.split('-').all(letters)).then_some(prefix)
}

/// A text that is there as an id, whatever its form.
pub(super) fn id(placeholders: &mut Placeholders, text: &str) -> String {
    let letters = |prefix: &&str| prefix.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let prefix = text.rsplit_once('-').map(|(prefix, _)| prefix).filter(letters);
    placeholders.of(OriginalKind::Id(prefix.unwrap_or("id").to_owned()), text)
}

/// An account, or a service that AWS calls by a name of its own.
pub(super) fn account(placeholders: &mut Placeholders, text: &str) -> String {
    if text.starts_with("amazon-") {
        return text.to_owned();
    }
    // `AROA…:i-0abc`, a role's id with its session.
    let parts = text.split(':').map(|part| value(placeholders, part));
    parts.collect::<Vec<_>>().join(":")
}

/// A text of any kind: replaced as what it looks like, as a name if it looks like nothing. Addresses stay.
pub(super) fn value(placeholders: &mut Placeholders, text: &str) -> String {
    let is_number = || text.parse::<u32>().is_ok_and(|_| !is_account(text));
    if COMMON_VALUES.contains(&text) || is_number() || text.parse::<Ipv4Addr>().is_ok() {
        text.to_owned()
    } else if let Some((host, domain)) = host(text) {
        if is_of_aws(domain) {
            return text.to_owned();
        }
        format!("{host}.{}", placeholders.of(OriginalKind::Name, domain))
    } else if text.starts_with("arn:") {
        arn(placeholders, text)
    } else if let Some(account) = account_in(text) {
        placeholders.of(OriginalKind::Account, &account)
    } else if let Some(prefix) = id_prefix(text) {
        placeholders.of(OriginalKind::Id(prefix.to_owned()), text)
    } else {
        placeholders.of(OriginalKind::Name, text)
    }
}

/// A host called by its address, `ip-10-0-0-1`, and the domain behind it; the domain is empty if there
/// is none.
fn host(text: &str) -> Option<(&str, &str)> {
    let (host, domain) = text.split_once('.').unwrap_or((text, ""));
    let address = host.strip_prefix("ip-")?.replace('-', ".");
    address.parse::<Ipv4Addr>().is_ok().then_some((host, domain))
}

/// Whether a domain is the one that EC2 gives hosts (Amazon EC2 user guide, "EC2 instance hostnames and
/// domains"): `eu-west-1.compute.internal`, or `ec2.internal` in us-east-1.
fn is_of_aws(domain: &str) -> bool {
    let region = domain.strip_suffix(".compute.internal");
    let is_region = |region: &str| {
        region_of_zone(&format!("{region}a")) == Some(region)
            && region.bytes().filter(|byte| *byte == b'-').count() <= 3
            && region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    matches!(domain, "" | "ec2.internal") || region.is_some_and(is_region)
}

/// Kinds of Kubernetes' own that have pods.
const POD_OWNERS: &[&str] = &[
    "CronJob",
    "DaemonSet",
    "Deployment",
    "Job",
    "Node",
    "ReplicaSet",
    "ReplicationController",
    "StatefulSet",
];

/// The kind of a pod's controller: that of an operator of one's own is a name.
pub(super) fn kind(placeholders: &mut Placeholders, text: &str) -> String {
    if POD_OWNERS.contains(&text) {
        text.to_owned()
    } else {
        placeholders.of(OriginalKind::Name, text)
    }
}

/// The version of the VPC CNI's image: what is behind `v1.23.1` or `v1.23.1-eksbuild.1` may be of
/// whoever built it.
pub(super) fn version(placeholders: &mut Placeholders, text: &str) -> String {
    let (number, build) = text.split_once('-').unwrap_or((text, ""));
    let numbers = |text: &str| {
        text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let known = numbers(number.strip_prefix('v').unwrap_or(number));
    if known && (build.is_empty() || build.strip_prefix("eksbuild.").is_some_and(numbers)) {
        text.to_owned()
    } else if known {
        format!("{number}-{}", value(placeholders, build))
    } else {
        value(placeholders, text)
    }
}

/// What the VPC CNI's variables begin with (amazon-vpc-cni-k8s, README).
const CNI_VARIABLES: &[&str] = &[
    "ADDITIONAL_ENI_TAGS",
    "ANNOTATE_POD_IP",
    "AWS_",
    "CLUSTER_",
    "CNI_",
    "DISABLE_",
    "ENABLE_",
    "ENI_CONFIG_",
    "INTROSPECTION_",
    "IP_COOLDOWN_PERIOD",
    "MANAGE_UNTAGGED_ENI",
    "MAX_ENI",
    "MINIMUM_IP_TARGET",
    "MY_NODE_NAME",
    "MY_POD_NAME",
    "NETWORK_POLICY_",
    "POD_",
    "USE_",
    "VPC_",
    "WARM_",
];

/// The name of a variable.
pub(super) fn variable(placeholders: &mut Placeholders, text: &str) -> String {
    let known = CNI_VARIABLES.iter().any(|start| text.starts_with(start));
    if known { text.to_owned() } else { placeholders.of(OriginalKind::Name, text) }
}

/// Whether a variable's value is a number or a truth value, as Go's strconv reads them.
pub(super) fn is_setting(text: &str) -> bool {
    AwsNode::truth(text).is_some() || (text.parse::<i64>().is_ok() && !is_account(text))
}

/// An ARN: partition, service, region and what the resource is stay.
pub(super) fn arn(placeholders: &mut Placeholders, text: &str) -> String {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [head, partition, service, region, account, resource] = parts.as_slice() else {
        return placeholders.of(OriginalKind::Name, text);
    };
    let account = if account.is_empty() { String::new() } else { value(placeholders, account) };
    let mut replaced = String::new();
    let mut word = String::new();
    for letter in resource.chars().chain([' ']) {
        if !matches!(letter, '/' | ':' | ' ') {
            word.push(letter);
            continue;
        }
        if replaced.is_empty() && RESOURCE_TYPES.contains(&word.as_str()) {
            replaced.push_str(&word);
        } else {
            replaced.push_str(&value(placeholders, &word));
        }
        word.clear();
        replaced.push(letter);
    }
    format!("{head}:{partition}:{service}:{region}:{account}:{}", replaced.trim_end())
}

/// A key of a tag, label or annotation. Those of AWS and Kubernetes stay, but for a cluster's name.
pub(super) fn key(placeholders: &mut Placeholders, text: &str) -> String {
    if text == "Name" || text.starts_with("aws:") || text.starts_with("eks:") {
        return text.to_owned();
    }
    let Some((domain, path)) = text.split_once('/') else {
        return placeholders.of(OriginalKind::Name, text);
    };
    let below = |known: &&str| {
        domain.strip_suffix(*known).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'))
    };
    if !KEY_DOMAINS.iter().any(below) {
        return placeholders.of(OriginalKind::Name, text);
    }
    // `node-role.kubernetes.io/NAME` is a role of people's own.
    if OWN_PATHS.contains(&domain) {
        return match path {
            "control-plane" | "master" => text.to_owned(),
            name => format!("{domain}/{}", value(placeholders, name)),
        };
    }
    match path.split_once('/') {
        // `kubernetes.io/role/elb` has words of Kubernetes alone; `kubernetes.io/cluster/NAME` and
        // its like end with a name.
        Some((kind, name)) if kind != "role" => {
            format!("{domain}/{kind}/{}", value(placeholders, name))
        }
        Some(_) | None => text.to_owned(),
    }
}

/// The value of a key.
pub(super) fn value_of(placeholders: &mut Placeholders, key: &str, text: &str) -> String {
    let is_time = || text.bytes().all(|byte| byte.is_ascii_digit() || b"T:-.Z+".contains(&byte));
    if WORD_KEYS.contains(&key) || (key == "node.k8s.amazonaws.com/createdAt" && is_time()) {
        text.to_owned()
    } else if [INSTANCE_TAG, TRUNK_TAG].contains(&key) {
        id(placeholders, text)
    } else {
        value(placeholders, text)
    }
}

/// A description of an interface: what tells the owner stays.
pub(super) fn description(placeholders: &mut Placeholders, text: &str) -> String {
    if text.starts_with("arn:") {
        return arn(placeholders, text);
    }
    let kept = owners::telling_start(text);
    let rest = text.get(kept.len()..).unwrap_or_default();
    let named = rest.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    let between = rest.strip_suffix(named).unwrap_or_default();
    if named.is_empty() {
        return text.to_owned();
    }
    format!("{kept}{between}{}", value(placeholders, named))
}

/// Why something is not available: a sentence that holds ids, accounts, ARNs and names that stand
/// elsewhere too.
pub(super) fn sentence(placeholders: &mut Placeholders, text: &str) -> String {
    let mut text = cleaned(text);
    for (phrase, placeholder) in placeholders.phrases() {
        if text.contains(phrase) {
            text = text.replace(phrase, placeholder);
        }
    }
    let mut replaced = String::new();
    let mut rest = text.as_str();
    let (mut before, mut between) = ("", String::new());
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("arn:") {
            rest.find(ends_arn).unwrap_or(rest.len())
        } else {
            rest.find(|letter| !is_of_word(letter)).unwrap_or(rest.len())
        };
        if length == 0 {
            replaced.push(first);
            between.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        }
        let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let bare = word.trim_end_matches('.');
        let known = of_sentence(placeholders, bare);
        if known == bare && is_named(before, &between, bare) {
            replaced.push_str(&value(placeholders, bare));
        } else {
            replaced.push_str(&known);
        }
        replaced.push_str(word.get(bare.len()..).unwrap_or_default());
        (before, rest) = (word, after);
        between.clear();
    }
    replaced
}

/// Whether a character of a sentence stands behind an ARN: none is part of one, and quotes and brackets go
/// round it.
fn ends_arn(letter: char) -> bool {
    letter.is_whitespace() || "\"'`,;()[]{}<>|".contains(letter)
}

fn of_sentence(placeholders: &mut Placeholders, word: &str) -> String {
    if let Some(known) = placeholders.known(word) {
        return known.to_owned();
    }
    let is_known =
        || account_in(word).is_some() || id_prefix(word).is_some() || host(word).is_some();
    if word.starts_with("arn:") || is_known() {
        return value(placeholders, word);
    }
    if let Some(prefix) = organization_prefix(word) {
        return placeholders.of(OriginalKind::Id(prefix.to_owned()), word);
    }
    if is_principal(word) || word.ends_with(".awsapps.com") {
        return placeholders.of(OriginalKind::Name, word);
    }
    word.to_owned()
}

/// The prefix of an id of AWS Organizations: `o-`, `r-`, `ou-` or `p-` (Organizations API reference,
/// the patterns of Organization, Root, OrganizationalUnit and Policy).
fn organization_prefix(word: &str) -> Option<&'static str> {
    let is_of = |part: &str, least: usize| {
        (least..=32).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let (prefix, tail) = word.split_once('-')?;
    match (prefix, tail.split_once('-')) {
        ("o", None) if is_of(tail, 10) => Some("o"),
        ("r", None) if is_of(tail, 4) => Some("r"),
        ("p", None) if is_of(tail, 8) => Some("p"),
        ("ou", Some((root, unit))) if is_of(root, 4) && is_of(unit, 8) => Some("ou"),
        _ => None,
    }
}

/// Whether it is the unique id of a user, a role or a group of IAM, such as `AROA…`.
fn is_principal(word: &str) -> bool {
    let is_fit = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    word.len() >= 16 && word.starts_with('A') && word.bytes().all(is_fit)
}

/// Whether a word of a sentence is what somebody or something is called: `User: alice`, `profile "prod"`,
/// and the host of a URL that is not AWS's.
fn is_named(before: &str, between: &str, word: &str) -> bool {
    const NAMED: &[&str] = &["group", "profile", "role", "session", "user", "username"];
    const OF_AWS: &[&str] = &["amazonaws.com", "amazonaws.com.cn", "api.aws", "aws.amazon.com"];
    if between.contains("://") {
        return word.parse::<std::net::IpAddr>().is_err()
            && word != "localhost"
            && !OF_AWS.iter().any(|domain| word.ends_with(domain));
    }
    // A role's id with its session.
    if between == ":" && is_principal(before) {
        return true;
    }
    let said = before.to_ascii_lowercase();
    let is_marked = between.trim() == ":" || between.ends_with(['"', '\'', '`']);
    NAMED.contains(&said.as_str()) && is_marked && between.len() <= 3
}

#[cfg(test)]
mod tests {
    use crate::inventory::redact_texts;

    /// As services and the SDK word them, for a profile `ducks` with a role `audit`.
    #[test]
    fn what_services_say_names_nobody() {
        let named = ["ducks".to_owned(), "arn:aws:iam::111122223333:role/acme/audit".to_owned()];
        for (said, shown) in [
            (
                "AccessDenied: User: arn:aws:sts::111122223333:assumed-role/audit/alice@example.com is \
                 not authorized to perform: sts:AssumeRole on resource: \
                 arn:aws:iam::444455556666:role/acme/audit",
                "AccessDenied: User: arn:aws:sts::000000000001:assumed-role/redacted-0003/redacted-0002 is \
                 not authorized to perform: sts:AssumeRole on resource: \
                 arn:aws:iam::000000000002:role/redacted-0001/redacted-0003",
            ),
            (
                "no region is set for the profile `ducks`",
                "no region is set for the profile `redacted-0003`",
            ),
            (
                "an explicit deny in o-a1b2c3d4e5/r-ab12/ou-ab12-11112222/111122223333, policy \
                 arn:aws:organizations::444455556666:policy/o-a1b2c3d4e5/service_control_policy/p-11112222",
                "an explicit deny in o-0redacted0001/r-0redacted0001/ou-0redacted0001/000000000001, policy \
                 arn:aws:organizations::000000000002:policy/o-0redacted0001/redacted-0004/p-0redacted0001",
            ),
            (
                "the SSO session of https://d-1234567890.awsapps.com/start has expired, user: bob",
                "the SSO session of https://redacted-0004/start has expired, user: redacted-0003",
            ),
            (
                "AROAEXAMPLEEXAMPLE123 by way of http://alice:pw@proxy.acme.example:3128 to \
                 https://ec2.eu-west-1.amazonaws.com/",
                "redacted-0002 by way of http://…redacted-0001:3128 to https://ec2.eu-west-1.amazonaws.com/",
            ),
            (
                "AROAEXAMPLEEXAMPLE123:jane of 1111-2222-3333, which is 111122223333",
                "redacted-0001:redacted-0005 of 000000000001, which is 000000000001",
            ),
            (
                "no cluster `arn:aws:eks:eu-west-1:111122223333:cluster/ducks` there; there is: \
                 [arn:aws:eks:eu-west-1:111122223333:cluster/geese]",
                "no cluster `arn:aws:eks:eu-west-1:000000000001:cluster/redacted-0003` there; there is: \
                 [arn:aws:eks:eu-west-1:000000000001:cluster/redacted-0004]",
            ),
            (
                "VPC vpc-0123456789abcdef0 of subnets.json has 10.0.0.0/16 in eu-west-1a, on m5.large",
                "VPC vpc-0redacted0001 of subnets.json has 10.0.0.0/16 in eu-west-1a, on m5.large",
            ),
        ] {
            let [text] = redact_texts([said], &named);
            assert_eq!(text, shown);
        }
    }
}
