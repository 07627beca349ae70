//! Expressions: what each dialect takes, the published ones that are wrong, and hostile ones.

use eksnet::{
    density::{Addressing, DensityReport, DensitySettings, assess},
    expression::{
        Amount, Asked, CompileError, Compiled, Dialect, Fault, Holder, Judged, Outcome,
        PodsSetting, Problem, Purpose, Reservation, ReservedFor, Status, Variables, Verdict, judge,
    },
    instance::{BUILTIN, InstanceLimits},
};
use proptest::prelude::*;
use std::{collections::BTreeMap, fs, path::Path};

use crate::plan_files::{readers, venv::finish};

use Dialect::{Castai, Karpenter, Nodeadm};

/// Karpenter's design of expressions calls it the default.
const PREVIEW_DEFAULT: &str = "((default_enis - 1) * (ips_per_eni - 1)) + 2";
/// Its form for prefixes.
const PREVIEW_PREFIX: &str = "min(250, ((default_enis - 1) * (ips_per_eni - 1)) * 16 + 2)";
/// amazon-eks-ami issue 2580: nodes whose memory was reserved as a whole.
const UNBOUNDED: &str = "((default_enis - 1) * (ips_per_eni - 1) * 16)";

fn prefix() -> DensitySettings {
    DensitySettings { addressing: Addressing::Prefix, ..DensitySettings::default() }
}

fn limits(name: &str) -> &'static InstanceLimits {
    BUILTIN.get(name).unwrap_or_else(|| panic!("{name} is not in the table"))
}

fn variables(dialect: Dialect, limits: &InstanceLimits) -> Variables {
    Variables::of(dialect, &BUILTIN, limits, 0)
}

fn compiled(dialect: Dialect, text: &str) -> Result<Compiled, CompileError> {
    Compiled::new(text, dialect)
}

fn outcome(dialect: Dialect, text: &str, name: &str) -> Outcome {
    let compiled = compiled(dialect, text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let variables = [variables(dialect, limits(name))];
    compiled.evaluate(Purpose::MaxPods, &variables).unwrap().remove(0)
}

fn refused(dialect: Dialect, text: &str) -> CompileError {
    compiled(dialect, text).err().unwrap_or_else(|| panic!("{dialect} takes {text}"))
}

fn asked(dialect: Dialect, text: &str) -> Asked {
    let max_pods = match compiled(dialect, text) {
        Ok(expression) => PodsSetting::Expression(expression),
        Err(error) => PodsSetting::Refused(error),
    };
    Asked::new(dialect, max_pods)
}

fn verdicts<'a>(
    asked: &Asked,
    settings: &DensitySettings,
    types: impl IntoIterator<Item = &'a InstanceLimits>,
) -> Vec<(&'a InstanceLimits, Verdict)> {
    let types: Vec<&InstanceLimits> = types.into_iter().collect();
    let reports: Vec<DensityReport> =
        types.iter().map(|limits| assess(&BUILTIN, limits, settings).unwrap()).collect();
    let judged = types.iter().zip(&reports);
    let judged = judged.map(|(limits, report)| Judged { limits, report });
    let found = judge(asked, &BUILTIN, &judged.collect::<Vec<_>>()).unwrap();
    types.into_iter().zip(found).collect()
}

fn verdict(asked: &Asked, settings: &DensitySettings, name: &str) -> Verdict {
    verdicts(asked, settings, [limits(name)]).remove(0).1
}

fn offered() -> impl Iterator<Item = &'static InstanceLimits> {
    BUILTIN.offered()
}

#[test]
fn each_dialect_has_its_own_variables() {
    let rows = [
        (Karpenter, "default_enis * 10000 + ips_per_eni", 30_010),
        (Karpenter, "memory_mib + vcpus", 8194),
        (Karpenter, "max_pods", 29),
        (Karpenter, "instance_type == 'm5.large' ? 7 : 8", 7),
        (Nodeadm, "default_enis * 10000 + ips_per_eni", 30_010),
        (Nodeadm, "physical_memory_mib + vcpus", 8194),
        (Nodeadm, "max_pods", 29),
        (Castai, "NUM_MAX_NET_INTERFACES * (NUM_IP_PER_INTERFACE - 1) + 2", 29),
        (Castai, "NUM_IP_PER_PREFIX * 100 + NUM_CPU * 10 + NUM_RAM_GB", 1628),
    ];
    for (dialect, text, value) in rows {
        assert_eq!(outcome(dialect, text, "m5.large"), Outcome::Number(value), "{dialect} {text}");
    }
    let rows = [
        (Nodeadm, "memory_mib / 64", "nodeadm calls it `physical_memory_mib`"),
        (Karpenter, "physical_memory_mib / 64", "Karpenter calls it `memory_mib`"),
        (Castai, "default_enis * 2", "CAST AI calls it `NUM_MAX_NET_INTERFACES`"),
        (Karpenter, "NUM_CPU * 10", "Karpenter calls it `vcpus`"),
        (Karpenter, "defualt_enis", "did you mean `default_enis`?"),
        (Nodeadm, "ips_per_enis", "did you mean `ips_per_eni`?"),
    ];
    for (dialect, text, hint) in rows {
        let error = refused(dialect, text);
        assert_eq!((error.fault, error.hint.as_str()), (Fault::Refused, hint), "{dialect} {text}");
    }
    let error = refused(Nodeadm, "instance_type == 'm5.large' ? 7 : 8");
    assert!(error.hint.starts_with("nodeadm has no such variable: `default_enis`"), "{error:?}");
}

/// nodeadm reads its own table, which is older than EC2's response for some types.
#[test]
fn the_table_is_that_of_who_evaluates() {
    let rows = [(Nodeadm, 15, 737), (Karpenter, 8, 394)];
    for (dialect, enis, max_pods) in rows {
        assert_eq!(outcome(dialect, "default_enis", "i7ie.48xlarge"), Outcome::Number(enis));
        assert_eq!(outcome(dialect, "max_pods", "i7ie.48xlarge"), Outcome::Number(max_pods));
    }
    // RESERVED_ENIS is taken off Karpenter's default and not off its ENIs.
    let variables = Variables::of(Karpenter, &BUILTIN, limits("m5.large"), 1);
    assert_eq!((variables.enis, variables.max_pods), (3, 20));
}

#[test]
fn min_and_max_are_karpenters_alone() {
    let rows = [
        ("min(3, 7)", 3),
        ("max(3, 7)", 7),
        ("min(3.9, 7.9)", 3),
        ("max(3, 7.9)", 7),
        ("max(7.9, 3)", 7),
        ("min(3, 7.9)", 3),
        ("min(7.9, 3)", 3),
        ("max(3.9, 7.9)", 7),
        ("min(110, max_pods)", 29),
    ];
    for (text, value) in rows {
        assert_eq!(outcome(Karpenter, text, "m5.large"), Outcome::Number(value), "{text}");
    }
    let least = "math.least(NUM_CPU * 50, 60, 110)";
    assert_eq!(outcome(Castai, least, "m5.large"), Outcome::Number(60));
    assert_eq!(outcome(Castai, "math.greatest(NUM_CPU, 5)", "m5.large"), Outcome::Number(5));
    let rows = [
        (Nodeadm, "min(110, max_pods)", "write `a < b ? a : b`"),
        (Nodeadm, "2 + max(110, max_pods)", "write `a > b ? a : b`"),
        (Nodeadm, "math.least(110, max_pods)", "write `a < b ? a : b`"),
        (Karpenter, "math.least(110, max_pods)", "write `min(a, b)`"),
        (Castai, "min(110, NUM_CPU)", "write `math.least(a, b)`"),
        (Karpenter, "min(1, 2, 3)", "`min` takes two numbers: write min(a, min(b, c))"),
    ];
    for (dialect, text, hint) in rows {
        let error = refused(dialect, text);
        assert_eq!((error.fault, error.hint.as_str()), (Fault::Refused, hint), "{dialect} {text}");
    }
    assert_eq!(
        refused(Nodeadm, "2 + max(110, max_pods)").to_string(),
        "nodeadm has no function `max` (at column 5)"
    );
}

/// What cel-go refuses before it evaluates: the crate `cel` alone would evaluate most of these.
#[test]
fn types_are_checked_as_cel_go_checks_them() {
    let rows = [
        // The design of Karpenter's expressions publishes this as the CPU reservation of EKS.
        ("max(vcpus - 4, 0) * 2.5", "`*` does not take int and double (at column 19)"),
        ("max_pods + 1.5", "`+` does not take int and double (at column 10)"),
        ("max_pods < 30.5 ? 1 : 2", "`<` does not take int and double (at column 10)"),
        ("max_pods == 29.0 ? 1 : 2", "`==` does not take int and double (at column 10)"),
        ("true ? 1 : 'a'", "`? :` does not take bool and int and string (at column 6)"),
        ("max_pods ? 1 : 2", "`? :` does not take int and int and int (at column 10)"),
        ("7.5 % 2.0", "`%` does not take double and double (at column 5)"),
        ("-'a'", "`-` does not take string (at column 1)"),
        ("vcpus.cores", "int has no field `cores` (at column 6)"),
        ("[1, 2]['a']", "`[ ]` does not take list(int) and string (at column 7)"),
        (
            "max_pods > 30",
            "the expression gives bool, and Karpenter takes int or double (at column 1)",
        ),
        ("dyn(1)", "the expression gives dyn, and Karpenter takes int or double (at column 1)"),
        ("rond(1.5)", "Karpenter has no function `rond` (at column 1)"),
        ("min(110,", "the expression ends too early (at column 9)"),
        ("1 + 2) * 3", "`)` is not expected here (at column 6)"),
        ("(1 + \n 2 + foo)", "Karpenter has no variable `foo` (at line 2, column 6)"),
    ];
    for (text, message) in rows {
        let error = refused(Karpenter, text);
        assert_eq!((error.fault, error.to_string().as_str()), (Fault::Refused, message), "{text}");
    }
    let rows = [
        ("int(double(max_pods) * 1.5)", 43),
        ("{'m5.large': 20, 'm5.xlarge': 40}[instance_type]", 20),
        ("instance_type in ['m5.large', 'c5.large'] ? 20 : 30", 20),
        ("instance_type.startsWith('m5.') && !instance_type.endsWith('.metal') ? 1 : 0", 1),
        ("size(instance_type)", 8),
        ("dyn(1) + 2", 3),
        ("[1, 2.5][0] == dyn(1) ? 5 : 6", 5),
        ("max_pods // the default\n + 1", 30),
    ];
    for (text, value) in rows {
        assert_eq!(outcome(Karpenter, text, "m5.large"), Outcome::Number(value), "{text}");
    }
}

#[test]
fn what_comes_out_is_taken_or_not() {
    let rows = [
        (Karpenter, "0", Ok(0)),
        (Karpenter, "29.9", Ok(29)),
        (Karpenter, "2147483647", Ok(2_147_483_647)),
        (Karpenter, "2147483648", Err("the result 2147483648 is not between 0 and 2147483647")),
        (Karpenter, "vcpus - 100", Err("the result -98 is not between 0 and 2147483647")),
        (Karpenter, "1 / (vcpus - vcpus)", Err("division by zero")),
        (Karpenter, "1 % (vcpus - vcpus)", Err("remainder of a division by zero")),
        (Karpenter, "1.0 / 0.0", Err("the result inf is not a whole number of 64 bits")),
        (Karpenter, "0.0 / 0.0", Err("the result NaN is not a whole number of 64 bits")),
        (Karpenter, "9223372036854775807 * max_pods", Err("overflow of a 64-bit number")),
        (Nodeadm, "0", Err("the result 0 is not between 1 and 2147483647")),
        (Nodeadm, "29.9", Ok(29)),
        (Nodeadm, "'31'", Ok(31)),
        (Nodeadm, "'many'", Err("the result \"many\" is not a number")),
        (Nodeadm, "7u", Ok(7)),
        (Nodeadm, "true", Err("the result is bool, not a number")),
        (Nodeadm, "[29]", Err("the result is list, not a number")),
        (Castai, "0", Err("the result 0 is not between 1 and 2147483647")),
    ];
    for (dialect, text, expected) in rows {
        let expected = match expected {
            Ok(number) => Outcome::Number(number),
            Err(why) => Outcome::Unusable(why.to_owned()),
        };
        assert_eq!(outcome(dialect, text, "m5.large"), expected, "{dialect} {text}");
    }
}

/// A number that no source states is not 0.
#[test]
fn what_is_unknown_is_said() {
    let unknown = BUILTIN.types().iter().find(|limits| limits.vcpus.is_none()).unwrap();
    let name = unknown.instance_type.to_string();
    let reads = verdict(&asked(Karpenter, "vcpus * 10"), &prefix(), &name);
    let reason = format!("no source states the number of vCPUs of {name}");
    assert_eq!((reads.value, reads.status, reads.reason), (None, Status::Unknown, Some(reason)));
    assert_eq!((reads.stranded_pods, reads.problems), (None, Vec::new()));
    let other = verdict(&asked(Karpenter, "max_pods > 0 ? 10 : vcpus"), &prefix(), &name);
    assert_eq!((other.value, other.status), (Some(10), Status::Ok), "the branch is not taken");
    let mut asked = asked(Karpenter, "20");
    asked.pods_per_core = Some(10);
    assert_eq!(verdict(&asked, &prefix(), &name).status, Status::Unknown);
    let without_memory = BUILTIN.types().iter().find(|limits| limits.memory_mib.is_none()).unwrap();
    let name = without_memory.instance_type.to_string();
    let judged = verdict(&Asked::new(Karpenter, PodsSetting::Number(2)), &prefix(), &name);
    assert_eq!((judged.value, judged.kube_reserved_share), (Some(2), None));
    assert_eq!(judged.reason, Some(format!("no source states the memory of {name}")));
}

/// Karpenter's design calls it the default: it is the default less one ENI.
#[test]
fn the_preview_default_gives_too_few() {
    let asked = asked(Karpenter, PREVIEW_DEFAULT);
    let judged = verdict(&asked, &DensitySettings::default(), "m5.large");
    assert_eq!((judged.value, judged.stranded_pods, judged.problems), (Some(20), Some(0), vec![]));
    let custom = DensitySettings { custom_networking: true, ..DensitySettings::default() };
    assert_eq!(verdict(&asked, &custom, "m5.large").stranded_pods, Some(0));
}

#[test]
fn the_preview_prefix_form_is_wrong_on_most_types() {
    let asked = asked(Karpenter, PREVIEW_PREFIX);
    let m4 = verdict(&asked, &prefix(), "m4.large");
    assert_eq!((m4.value, m4.stranded_pods), (Some(146), Some(126)), "146 pods, addresses for 20");
    assert_eq!(m4.problems, [Problem::StrandsPods, Problem::OverCap]);
    let c5 = verdict(&asked, &prefix(), "c5.large");
    assert_eq!((c5.value, c5.kube_reserved_memory_mib), (Some(250), Some(3005)));
    assert_eq!(c5.kube_reserved_share, Some(3005.0 / 4096.0));
    assert_eq!(c5.problems, [Problem::ReservesHalf, Problem::OverCap]);
    let all = verdicts(&asked, &prefix(), offered());
    let with = |wanted| {
        move |(_, verdict): &&(&InstanceLimits, Verdict)| verdict.problems.contains(&wanted)
    };
    let old = all.iter().filter(|(limits, _)| !limits.supports_prefixes());
    let small = all.iter().filter(|(limits, _)| limits.vcpus.is_some_and(|vcpus| vcpus <= 30));
    let counts = [
        old.clone().count(),
        old.filter(with(Problem::StrandsPods)).count(),
        small.clone().count(),
        small.filter(with(Problem::OverCap)).count(),
        all.iter().filter(with(Problem::ReservesHalf)).count(),
    ];
    assert_eq!(counts, [82, 78, 651, 590, 49]);
}

/// amazon-eks-ami issue 2580.
#[test]
fn the_unbounded_form_reserves_the_whole_memory() {
    let mut asked = asked(Nodeadm, UNBOUNDED);
    let whole = |asked: &Asked| {
        let all = verdicts(asked, &prefix(), offered());
        all.iter()
            .filter(|(_, verdict)| verdict.kube_reserved_share.is_some_and(|s| s >= 1.0))
            .count()
    };
    assert_eq!(whole(&asked), 90);
    // The managed node group's 110 reached the kubelet, and the reservation stayed.
    asked.kubelet_max_pods = Some(110);
    assert_eq!(whole(&asked), 90);
    let judged = verdict(&asked, &prefix(), "m5.large");
    assert_eq!((judged.value, judged.held_by), (Some(110), Some(Holder::Number)));
    assert_eq!(judged.kube_reserved_memory_mib, Some(11 * 288 + 255));
}

#[test]
fn nodeadm_drops_what_it_cannot_use_and_takes_its_table() {
    for text in ["min(110, max_pods)", "max_pods - 29", "max_pods /", "1 / 0"] {
        let judged = verdict(&asked(Nodeadm, text), &DensitySettings::default(), "m5.large");
        assert_eq!((judged.value, judged.status), (Some(29), Status::Rejected), "{text}");
        assert_eq!(judged.held_by, Some(Holder::Default), "{text}");
        assert!(judged.reason.is_some(), "{text}");
    }
    // i7ie.48xlarge: 737 by the table, addresses for 394.
    let judged =
        verdict(&asked(Nodeadm, "min(1, 2)"), &DensitySettings::default(), "i7ie.48xlarge");
    assert_eq!((judged.value, judged.stranded_pods), (Some(737), Some(343)));
    // Karpenter starts no node.
    let judged = verdict(&asked(Karpenter, "vcpus - 1000"), &prefix(), "m5.large");
    assert_eq!((judged.value, judged.status, judged.stranded_pods), (None, Status::Rejected, None));
    assert_eq!((judged.held_by, judged.problems), (None, vec![Problem::NoNode]));
    // Nor on a type on which the expression works, if it fails on any that Karpenter knows.
    let judged = verdict(&asked(Karpenter, "vcpus - 4"), &prefix(), "c5.4xlarge");
    assert_eq!((judged.value, judged.status), (Some(12), Status::Ok));
    assert_eq!(judged.problems, [Problem::NoNode]);
    let why = "the expression fails on another type, a1.large: the result -2 is not between 0 and 2147483647";
    assert_eq!(judged.reason.as_deref(), Some(why));
    let judged = verdict(&asked(Nodeadm, "vcpus - 4"), &prefix(), "c5.4xlarge");
    assert_eq!(
        (judged.value, judged.problems),
        (Some(12), vec![]),
        "nodeadm looks at its own node only"
    );
}

#[test]
fn numbers_and_reservations_of_a_class_are_judged_too() {
    let mut class = Asked::new(Karpenter, PodsSetting::Number(110));
    class.pods_per_core = Some(20);
    let judged = verdict(&class, &prefix(), "m5.large");
    assert_eq!((judged.value, judged.held_by), (Some(40), Some(Holder::PodsPerCore)));
    assert_eq!(judged.kube_reserved_memory_mib, Some(11 * 40 + 255));
    class.pods_per_core = None;
    let reserves =
        |whose, resource: &str, amount| Reservation { whose, resource: resource.into(), amount };
    let expression = |text| Amount::Expression(compiled(Karpenter, text).unwrap());
    let half = Amount::Written { text: "0.5Gi".into(), mib: 512 };
    class.reservations = vec![reserves(ReservedFor::Kube, "memory", half)];
    let judged = verdict(&class, &prefix(), "t3.nano");
    assert_eq!(
        (judged.kube_reserved_memory_mib, judged.kube_reserved_share),
        (Some(512), Some(1.0))
    );
    assert_eq!(judged.problems, [Problem::StrandsPods, Problem::ReservesHalf]);
    // The expression of a reservation reads the max pods that the node gets; results are rounded up.
    class.reservations = vec![
        reserves(ReservedFor::Kube, "cpu", expression("70 + vcpus")),
        reserves(ReservedFor::Kube, "memory", expression("11 * max_pods")),
        reserves(ReservedFor::Kube, "ephemeral-storage", expression("1 + 1")),
        reserves(ReservedFor::System, "memory", expression("max(100, memory_mib / 64)")),
    ];
    let judged = verdict(&class, &prefix(), "m5.large");
    let all: Vec<_> =
        judged.reserved.iter().map(|(field, value)| (field.as_str(), value.as_deref())).collect();
    assert_eq!(
        all,
        [
            ("kubeReserved.cpu", Some("80m")),
            ("kubeReserved.memory", Some("1216Mi")),
            ("kubeReserved.ephemeral-storage", Some("2Gi")),
            ("systemReserved.memory", Some("128Mi")),
        ]
    );
    assert_eq!(
        (judged.kube_reserved_memory_mib, judged.system_reserved_memory_mib),
        (Some(1216), Some(128)),
        "11 * 110 = 1210"
    );
    class.reservations.push(reserves(ReservedFor::System, "cpu", expression("0 - 1")));
    let judged = verdict(&class, &prefix(), "m5.large");
    assert_eq!((judged.value, judged.status), (None, Status::Rejected), "the class is not Ready");
    assert!(judged.reason.is_some_and(|why| why.starts_with("systemReserved.cpu: the result -1")));
    let mut default = Asked::new(Karpenter, PodsSetting::Unset);
    let judged = verdict(&default, &DensitySettings::default(), "m5.large");
    assert_eq!((judged.value, judged.held_by), (Some(29), Some(Holder::Default)));
    // Karpenter sets max pods itself; nodeadm reserves by the expression of the user data.
    default.user_data.expression =
        Some(PodsSetting::Expression(compiled(Nodeadm, UNBOUNDED).unwrap()));
    let judged = verdict(&default, &DensitySettings::default(), "m5.large");
    assert_eq!((judged.value, judged.kube_reserved_memory_mib), (Some(29), Some(11 * 288 + 255)));
}

#[test]
fn hostile_expressions_end_in_an_error() {
    let unread = [
        "'".to_owned() + &"x".repeat(1 << 20) + "'",
        "1+".repeat(1 << 19) + "1",
        "(".repeat(5_000),
        format!("{}1{}", "[".repeat(500), "]".repeat(500)),
        format!("{}1", "-".repeat(100_000)),
        format!("{}1", "true ? 1 : ".repeat(300)),
        "[1, 2, 3].map(x, x * 2)[0]".to_owned(),
        "[1].exists(a, [1].exists(b, true)) ? 1 : 2".to_owned(),
        "has({'a': 1}.a) ? 1 : 2".to_owned(),
        "instance_type.matches('(a+)+$') ? 1 : 2".to_owned(),
        "int(timestamp('2026-01-01T00:00:00Z'))".to_owned(),
    ];
    for text in unread {
        for dialect in Dialect::ALL {
            let text = if dialect == Karpenter {
                text.clone()
            } else {
                text.replace("instance_type", "'a'")
            };
            assert_eq!(refused(dialect, &text).fault, Fault::Unread, "{dialect} {text:.60}");
        }
    }
    let refused_ones = [
        "",
        " ",
        "\0",
        "1 + \0",
        "\u{feff}1",
        "１ + １",
        "1 +",
        ")(",
        "\u{202e}1",
        "🦀",
        "'",
        "\"\\",
        "`a`",
        "1..2",
        "0x",
        "1e",
        "1e999",
        "99999999999999999999",
        "a.b.c",
        "Foo{a: 1}",
        "{1: 2",
        "[1,,2]",
        "?:",
        "1 2",
        "@in",
        "_+_",
        "if",
        "x ? y",
        ".",
        "..",
        "r'",
        "b'\\xff' + 1",
        "{'a': 1}.?a",
        "[?1]",
        "math.@min(1, 2)",
        "int()",
    ];
    for text in refused_ones {
        for dialect in Dialect::ALL {
            let error = refused(dialect, text);
            assert!(!error.reason.is_empty() && !error.hint.is_empty(), "{dialect} {text:?}");
            assert!(error.place.is_some(), "{dialect} {text:?}: {error}");
        }
    }
    // The longest and deepest that are read.
    let wide = ["1"; 500].join("+");
    let deep = format!("{}1{}", "int(".repeat(40), ")".repeat(40));
    let lists = format!("size({}1{})", "[".repeat(39), "]".repeat(39));
    for (text, value) in [(wide, 500), (deep, 1), (lists, 1)] {
        assert_eq!(outcome(Karpenter, &text, "m5.large"), Outcome::Number(value), "{text:.60}");
    }
}

/// Expressions that are published, with the dialect they are published for: the design of Karpenter's
/// expressions and its tests, nodeadm's documentation, tests and issues, CAST AI's presets and provider.
const PUBLISHED: &[(Dialect, &str)] = &[
    (Karpenter, PREVIEW_DEFAULT),
    (Karpenter, PREVIEW_PREFIX),
    (Karpenter, "min(110, max_pods)"),
    (Karpenter, "min(110, vcpus * 20)"),
    (Karpenter, "min(110, default_enis * (ips_per_eni - 1))"),
    (Karpenter, "max(60, vcpus * 30)"),
    (Karpenter, "11 * max_pods + 255"),
    (Karpenter, "max(100, memory_mib / 64)"),
    (Karpenter, "memory_mib / 100"),
    (Karpenter, "max(vcpus, 60.5)"),
    (Karpenter, "min(110.5, max_pods)"),
    (Karpenter, "instance_type == \"m5.large\" ? vcpus * 2 : vcpus"),
    (Karpenter, "vcpus - 100"),
    (Karpenter, "100 / (vcpus - vcpus)"),
    (Karpenter, "100.0 / 0.0"),
    (Nodeadm, "417"),
    (Nodeadm, "(default_enis * (ips_per_eni - 1)) + 2"),
    (Nodeadm, "(default_enis * ((ips_per_eni - 1) * 16)) + 2"),
    (
        Nodeadm,
        "((default_enis * ((ips_per_eni * 16) - 1)) + 2) < 30 ? ((default_enis * ((ips_per_eni * 16) - 1)) + 2) : 30",
    ),
    (Nodeadm, PREVIEW_DEFAULT),
    (Nodeadm, "((default_enis - 3) * (ips_per_eni - 1)) + 2"),
    (Nodeadm, "max_pods"),
    (Nodeadm, "max_pods + 2"),
    (Nodeadm, "max_pods < 30 ? max_pods : 30"),
    (Nodeadm, "max_pods < 110 ? max_pods : 110"),
    (Nodeadm, "(vcpus * 10) < max_pods ? (vcpus * 10) : max_pods"),
    (Nodeadm, "(physical_memory_mib / 1024) > 32 ? 110 : max_pods"),
    (Nodeadm, "default_enis * 2147483647"),
    (Nodeadm, "max_pods - ((default_enis * (ips_per_eni - 1)) + 2)"),
    (Nodeadm, "max_pods - 20"),
    (Nodeadm, "true"),
    (Nodeadm, "default_enis * (ips_per_eni - 1)"),
    (Nodeadm, UNBOUNDED),
    (Castai, "NUM_MAX_NET_INTERFACES * (NUM_IP_PER_INTERFACE - 1) + 2"),
    (Castai, "math.least(NUM_MAX_NET_INTERFACES * (NUM_IP_PER_INTERFACE - 1) + 2, 110)"),
    (
        Castai,
        "math.least((NUM_MAX_NET_INTERFACES - 1) * (NUM_IP_PER_INTERFACE - 1) * NUM_IP_PER_PREFIX + 2, 300)",
    ),
    (Castai, "NUM_IP_PER_PREFIX-NUM_MAX_NET_INTERFACES"),
    (Castai, "math.greatest(NUM_CPU * 4, NUM_RAM_GB, 8)"),
];

/// Value by value for every type, against cel-python and a sum of its own.
#[test]
fn an_independent_evaluator_agrees_for_every_type() {
    let Some(venv) = readers::readers() else { return };
    let cases = PUBLISHED.iter().flat_map(|case| [(case, true), (case, false)]);
    let cases: Vec<_> = cases.collect();
    let written: Vec<_> = cases
        .iter()
        .map(|((dialect, text), prefixes)| {
            serde_json::json!({"dialect": dialect.name(), "expression": text, "prefixes": prefixes})
        })
        .collect();
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("cases.json");
    fs::write(&file, serde_json::to_string(&written).unwrap()).unwrap();
    let mut command = venv.python(&Path::new(readers::FOLDER).join("cel.py"));
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/instance-limits.json")).arg(&file);
    let found = finish(&mut command, "cel-python refuses an expression");
    let found = found.unwrap_or_else(|error| panic!("{error}"));
    let found: Vec<BTreeMap<String, [Option<u32>; 3]>> = serde_json::from_str(&found).unwrap();
    assert_eq!(found.len(), cases.len());
    for (((dialect, text), prefixes), found) in cases.into_iter().zip(found) {
        let settings = if prefixes { prefix() } else { DensitySettings::default() };
        let own = verdicts(&asked(*dialect, text), &settings, offered());
        assert_eq!(own.len(), 1447);
        assert_eq!(own.len(), found.len());
        for (limits, verdict) in own {
            let name = limits.instance_type.as_ref();
            let own = [verdict.value, verdict.stranded_pods, verdict.kube_reserved_memory_mib];
            assert_eq!(own, found[name], "{dialect} {text} on {name}");
        }
    }
}

/// Pieces of expressions, valid and not.
const PIECES: [&str; 48] = [
    "1",
    "2u",
    "1.5",
    "0x1f",
    "'a'",
    "true",
    "null",
    "vcpus",
    "instance_type",
    "max_pods",
    "min",
    "max",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "?",
    "+",
    "-",
    "*",
    "/",
    "%",
    "!",
    "==",
    "!=",
    "<",
    ">=",
    "&&",
    "||",
    ".",
    "in",
    "size",
    "int",
    "double",
    "dyn",
    "string",
    "9223372036854775807",
    "1e308",
    "0",
    "'",
    "//",
    "\n",
    "é",
    "map",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_text_makes_it_panic(pieces in prop::collection::vec(0..PIECES.len(), 1..16)) {
        let text = pieces.iter().map(|at| PIECES[*at]).collect::<Vec<_>>().join(" ");
        let types = [variables(Karpenter, limits("m5.large"))];
        for dialect in Dialect::ALL {
            if let Ok(compiled) = compiled(dialect, &text) {
                prop_assert!(compiled.evaluate(Purpose::MaxPods, &types).is_ok());
            }
        }
    }
}
