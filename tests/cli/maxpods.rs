//! `eksnet maxpods` and `eksnet limits` as they are used.

use crate::run::eksnet;

use serde_json::Value;

/// Named types keep the order in which they were named, twice named ones too.
#[test]
fn types_keep_the_order_of_the_command_line() {
    let (code, stdout, _) =
        eksnet(&["maxpods", "m5.xlarge", "c5.large", "M5.LARGE", "c5.large", "-o", "plain"]);
    assert_eq!(code, Some(0));
    assert_eq!(stdout, "m5.xlarge\t58\nc5.large\t29\nm5.large\t29\nc5.large\t29\n");
    let (_, stdout, _) =
        eksnet(&["maxpods", "t3.nano", "A1.*", "a1.large", "--sort", "type", "-o", "plain"]);
    let names: Vec<&str> = stdout.lines().map(|line| line.split('\t').next().unwrap()).collect();
    let a1 = ["medium", "large", "large", "xlarge", "2xlarge", "4xlarge", "metal"];
    let mut expected: Vec<String> = a1.iter().map(|size| format!("a1.{size}")).collect();
    expected.push("t3.nano".to_owned());
    assert_eq!(names, expected);
}

#[test]
fn a_type_answers_in_a_line_and_a_search_is_no_node_group() {
    for (arguments, line) in [
        (&["m5.large"][..], "m5.large: 29 pods (secondary IP; 3 ENIs x 9 addresses + 2)"),
        (&["m5.large", "--prefix"], "m5.large: 110 pods (cap 110; prefix has addresses for 434)"),
        (
            &["m5.large", "c5.xlarge"],
            "lowest: 29 (m5.large); a node group takes the lowest of its types",
        ),
        (&["m5.*"], "9 instance types: 29 to 250 pods"),
        (&["m5.large", "m5.x*"], "2 instance types: 29 to 58 pods"),
    ] {
        let (_, stdout, _) = eksnet(&[&["maxpods"], arguments].concat());
        assert_eq!(stdout.lines().next(), Some(line), "{arguments:?}");
        let is_group = !arguments.iter().any(|text| text.contains('*'));
        assert_eq!(
            stdout.contains("lowest"),
            is_group && arguments.len() > 1 && arguments[1] != "--prefix"
        );
    }
}

#[test]
fn plain_is_the_number_alone_for_one_named_type() {
    for (arguments, expected) in [
        (&["m5.large"][..], "29\n"),
        (&["m5.large", "--ipv6", "--cap", "none"], "none\n"),
        (&["g3s.*"], "g3s.xlarge\t58\n"),
        (&["m5.*", "--pods", "29"], "m5.large\t29\n"),
        (&["m5.*", "--pods", "30..57"], ""),
    ] {
        let (code, stdout, _) = eksnet(&[&["maxpods", "-o", "plain"], arguments].concat());
        assert_eq!((code, stdout.as_str()), (Some(0), expected), "{arguments:?}");
    }
}

/// EC2 has these, and nobody publishes how many ENIs they take: another name is no answer.
#[test]
fn types_without_published_limits_are_named_as_such() {
    for name in [
        "m9g.metal-24xl",
        "m9gd.metal-24xl",
        "P6E-GB200.36xlarge",
        "u7ib-12tb.224xlarge",
        "u7inh-32tb.480xlarge",
    ] {
        for command in [&["maxpods"][..], &["node"], &["limits", "show"]] {
            let (code, stdout, stderr) = eksnet(&[command, &[name]].concat());
            assert_eq!((code, stdout.as_str()), (Some(2), ""), "{name}");
            assert!(stderr.contains("no source publishes its ENI limits"), "{stderr}");
            assert!(!stderr.contains("did you mean"), "{stderr}");
        }
    }
}

#[test]
fn lists_leave_retired_types_out() {
    let (_, all, _) = eksnet(&["maxpods", "--all", "-o", "json"]);
    let all: Value = serde_json::from_str(&all).unwrap();
    let rows = all["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 1447);
    assert!(rows.iter().all(|row| row["retired"] == false));
    let (_, one, _) = eksnet(&["maxpods", "g3.4xlarge", "-o", "json"]);
    let one: Value = serde_json::from_str(&one).unwrap();
    assert_eq!(
        (&one["rows"][0]["retired"], &one["rows"][0]["eni_max_pods"]),
        (&true.into(), &234.into())
    );
}

/// Whether AWS calls a type current decides no number.
#[test]
fn a_generation_that_ages_is_no_difference() {
    let answer = r#"{"InstanceTypes": [{"InstanceType": "m5.large", "CurrentGeneration": false,
        "NetworkInfo": {"MaximumNetworkInterfaces": ENIS, "Ipv4AddressesPerInterface": 10}}]}"#;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("types.json");
    for (enis, code) in [("3", 0), ("4", 1)] {
        let cards = format!(
            r#"{enis}, "NetworkCards": [{{"NetworkCardIndex": 0, "MaximumNetworkInterfaces": {enis}}}]"#
        );
        std::fs::write(&path, answer.replace("ENIS", &cards)).unwrap();
        let (got, stdout, stderr) = eksnet(&["limits", "verify", "--from", path.to_str().unwrap()]);
        assert_eq!(got, Some(code), "{stdout}{stderr}");
    }
}

/// m5.large under custom networking: 2 of 3 ENIs, 9 addresses each, and two host-network pods, so 20; nodeadm
/// knows nothing of that and writes 3 x 9 + 2.
#[test]
fn a_kind_of_node_that_accepts_more_than_fits_is_marked() {
    let (_, out, _) = eksnet(&["maxpods", "m5.large", "--custom-networking", "--explain"]);
    let line = |kind: &str| out.lines().find(|line| line.starts_with(kind)).unwrap_or_default();
    for kind in ["al2023 nodeadm", "bottlerocket", "karpenter"] {
        assert!(line(kind).ends_with("29  ▲ accepts 29, addresses for 20"), "{out}");
    }
    for kind in ["managed node group", "auto mode", "windows"] {
        assert!(!line(kind).is_empty() && !line(kind).contains('▲'), "{out}");
    }
    let (_, out, _) = eksnet(&["maxpods", "m5.large", "--prefix", "--explain"]);
    assert!(!out.contains('▲'), "{out}");
}

/// Max pods of EKS Auto Mode are those of single addresses; what the VPC CNI alone has is refused.
#[test]
fn auto_mode_has_modes_of_its_own_and_refuses_what_the_vpc_cni_has() {
    for (more, mode, addresses, most) in [
        (&[][..], "auto-mode-prefix", 432, 29),
        (&["--ipv4-prefix-size", "32"], "auto-mode-secondary-ip", 27, 29),
        (&["--pod-subnets"], "auto-mode-prefix", 288, 20),
        (&["--host-network-pods", "0"], "auto-mode-prefix", 432, 27),
    ] {
        let arguments = [&["maxpods", "m5.large", "--auto-mode", "-o", "json"], more].concat();
        let (code, stdout, stderr) = eksnet(&arguments);
        assert_eq!(code, Some(0), "{stderr}");
        let answer: Value = serde_json::from_str(&stdout).unwrap();
        let row = &answer["rows"][0];
        assert_eq!((&row["mode"], &row["pod_addresses"]), (&mode.into(), &addresses.into()));
        assert_eq!((&row["max_pods"], &row["limited_by"]), (&most.into(), &"addresses".into()));
        assert_eq!(answer["settings"]["auto_mode"], true);
        assert_eq!(answer["settings"]["custom_networking"], false);
    }
    for refused in [
        &["--custom-networking"][..],
        &["--pod-eni"],
        &["--prefix"],
        &["--ipv6"],
        &["--os", "windows"],
        &["--max-eni", "2"],
    ] {
        let arguments = [&["maxpods", "m5.large", "--auto-mode"], refused].concat();
        let (code, _, stderr) = eksnet(&arguments);
        assert_eq!(code, Some(2), "{stderr}");
        let first = format!("error: {} cannot be used with --auto-mode", refused.join(" "));
        assert!(stderr.starts_with(&first.replace(" 2 ", " ")), "{stderr}");
    }
    for alone in [&["--pod-subnets"][..], &["--ipv4-prefix-size", "32"]] {
        let (code, ..) = eksnet(&[&["maxpods", "m5.large"], alone].concat());
        assert_eq!(code, Some(2));
    }
}

/// Files that set max pods: one number for one named type, a map for several; what cannot be written is bad
/// usage.
#[test]
fn files_set_the_number() {
    let lines = |arguments: &[&str]| {
        let (code, stdout, stderr) = eksnet(&[&["maxpods"], arguments].concat());
        assert_eq!(code, Some(0), "{stderr}");
        let lines = stdout.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let alone = ["locals {", "  max_pods = 29", "}"];
    assert_eq!(lines(&["m5.large", "-o", "hcl"]), alone);
    let map = ["locals {", "  max_pods = {", "    \"m5.large\" = 29", "  }", "}"];
    assert_eq!(lines(&["m5.large", "m5.large", "-o", "hcl"]), map);
    assert_eq!(lines(&["m5.*", "--pods", "29", "-o", "hcl"]), map);
    let settings = ["[settings.kubernetes]", "max-pods = 29"];
    assert_eq!(lines(&["m5.large", "m5.xlarge", "-o", "bottlerocket"]), settings);
    // 16 vCPU and 32 vCPU have as many ENIs and addresses: only vCPUs tell their caps apart.
    let nodeadm = lines(&["m5.4xlarge", "m5.8xlarge", "--prefix", "-o", "nodeadm"]);
    let last = "    maxPodsExpression: vcpus > 30 ? 250 : 110";
    assert!(nodeadm.last().unwrap().replace('"', "").ends_with(last.trim_start()), "{nodeadm:?}");
    let (_, stdout, _) =
        eksnet(&["maxpods", "m5.4xlarge", "m5.8xlarge", "--prefix", "-o", "nodeadm"]);
    assert!(stdout.replace("\n# ", " ").contains("AMIs before mid-2026 lack"), "{stdout}");
    for (arguments, says) in [
        (&["m5.large", "--ipv6", "--cap", "none"][..], "m5.large has no limit under IPv6"),
        (&["m5.large", "--os", "windows"], "-o nodeadm sets max pods of Linux nodes"),
        (&["m5.large", "--auto-mode"], "EKS Auto Mode sets max pods by itself"),
        (
            &["m5.large", "--expression", "max_pods", "--dialect", "nodeadm"],
            "has eksnet's numbers, not those of an expression",
        ),
        (&["m5.*", "--pods", "30..57"], "no instance type is left to write"),
    ] {
        let (code, stdout, stderr) = eksnet(&[&["maxpods", "-o", "nodeadm"], arguments].concat());
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(stderr.contains(says), "{stderr}");
    }
}

/// A file of numbers says on stderr what the table says of them, and inside what half of the memory means.
#[test]
fn files_of_max_pods_have_their_notes() {
    let (code, stdout, stderr) =
        eksnet(&["maxpods", "m4.large", "c5.large", "t3.small", "--prefix", "-o", "hcl"]);
    assert_eq!(code, Some(0));
    assert!(stderr.contains("m4.large: prefix delegation requires Nitro"), "{stderr}");
    let text = stdout.replace("\n# ", " ");
    let half = "half of the memory or more is reserved for the kubelet on t3.small: for fewer pods use --cap.";
    assert!(text.contains(half), "{text}");
    // 255 + 11 × 20 are 475 MiB of t3.small's 2,048: the lowest of all leaves it its memory.
    let one = ["maxpods", "m4.large", "t3.small", "--prefix", "-o", "bottlerocket"];
    assert!(!eksnet(&one).1.contains("half of the memory"));
    // Karpenter's file bounds the number instead: 255 + 11 × 69 are below 1,024 MiB, and with 70 not.
    let (_, stdout, _) = eksnet(&["maxpods", "t3.small", "--prefix", "-o", "karpenter"]);
    let text = stdout.replace("\n# ", " ");
    assert!(!text.contains("With these numbers half of the memory"), "{text}");
    assert!(text.contains("Memory bounds t3.small: 69 pods, not 110."), "{text}");
    let (_, stdout, _) = eksnet(&["maxpods", "c5.large", "m5.large", "--prefix", "-o", "nodeadm"]);
    assert!(!stdout.contains("half of the memory"), "{stdout}");
}
