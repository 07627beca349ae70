#compdef eksnet

autoload -U is-at-least

_eksnet() {
    typeset -A opt_args
    typeset -a _arguments_options
    local ret=1

    if is-at-least 5.2; then
        _arguments_options=(-s -S -C)
    else
        _arguments_options=(-s -C)
    fi

    local context curcontext="$curcontext" state line
    _arguments "${_arguments_options[@]}" : \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless NO_COLOR is set"
always\:"Always"
never\:"Never"))' \
'-q[No progress and no notes on stderr]' \
'--quiet[No progress and no notes on stderr]' \
'*-v[Log every AWS call to stderr; twice\: every attempt of it]' \
'*--verbose[Log every AWS call to stderr; twice\: every attempt of it]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
":: :_eksnet_commands" \
"*::: :->eksnet" \
&& ret=0
    case $state in
    (eksnet)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:eksnet-command-$line[1]:"
        case $line[1] in
            (maxpods)
_arguments "${_arguments_options[@]}" : \
'--os=[The node'\''s operating system]:OS:((linux\:"Linux"
windows\:"Windows"))' \
'--max-eni=[MAX_ENI; 0 counts as unset]:N:_default' \
'--reserved-enis=[Karpenter'\''s RESERVED_ENIS, for its row of --explain]:N:_default' \
'--host-network-pods=[Pods a node runs on the host network\: they count as pods and need no address]:N:_default' \
'--cap=[The most pods whatever the addresses\: auto, none or a number]:CAP:_default' \
'--pods=[Only types with this many max pods\: A..B, A.., ..B or A (inclusive)]:RANGE:_default' \
'--vcpus=[Only types with this many vCPUs\: A..B, A.., ..B or A (inclusive)]:RANGE:_default' \
'--arch=[Only types of this architecture]:ARCH:((x86_64\:"64-bit x86"
arm64\:"64-bit Arm (Graviton)"))' \
'--sort=[The order of rows \[default\: as the types are named, those of a glob by name\]]:SORT:((type\:"By name"
pods\:"Most pods first"
pods-per-vcpu\:"Most pods per vCPU first"))' \
'--limits=[Another catalogue\: a file of \`eksnet limits update\`, or a saved answer of \`aws ec2 describe-instance-types\`]:FILE:_files' \
'-o+[Output format]:FORMAT:((table\:"For people"
wide\:"For people with room\: every column"
json\:"One JSON object"
csv\:"Comma-separated values"
markdown\:"A Markdown table"
plain\:"The number alone for one named type, else a line a type\: its name, a tab and the number"))' \
'--output=[Output format]:FORMAT:((table\:"For people"
wide\:"For people with room\: every column"
json\:"One JSON object"
csv\:"Comma-separated values"
markdown\:"A Markdown table"
plain\:"The number alone for one named type, else a line a type\: its name, a tab and the number"))' \
'--output-file=[Write the output to a file instead of stdout; the file is replaced whole or not at all]:PATH:_files' \
'*-p+[Profile of the shared AWS configuration; audit takes several, one after the other]:NAME:_default' \
'*--profile=[Profile of the shared AWS configuration; audit takes several, one after the other]:NAME:_default' \
'*-r+[Region; audit takes several, or \`all\` that are enabled]:REGION:_default' \
'*--region=[Region; audit takes several, or \`all\` that are enabled]:REGION:_default' \
'*--assume-role=[Role to assume with those credentials; audit takes several]:ARN:_default' \
'--timeout=[How long the whole run may take, such as 90, 30s or 2m; what is not there by then is reported as missing]:DURATION:_default' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless NO_COLOR is set"
always\:"Always"
never\:"Never"))' \
'()--all[Every type of the table]' \
'--prefix[Prefix delegation (ENABLE_PREFIX_DELEGATION)\: /28 prefixes instead of single addresses]' \
'--custom-networking[Custom networking (ENIConfig)\: the primary ENI gives no pod address]' \
'(--custom-networking)--ipv6[IPv6 cluster\: one /80 a node]' \
'--pod-eni[Security groups for pods (ENABLE_POD_ENI)\: the trunk takes an ENI]' \
'--explain[The sum step by step, and what each kind of node really gets]' \
'--live[Ask DescribeInstanceTypes for types that the table lacks]' \
'-q[No progress and no notes on stderr]' \
'--quiet[No progress and no notes on stderr]' \
'*-v[Log every AWS call to stderr; twice\: every attempt of it]' \
'*--verbose[Log every AWS call to stderr; twice\: every attempt of it]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
'*::types -- Instance types, exact or as globs such as '\''m5.*'\'':_default' \
&& ret=0
;;
(node)
_arguments "${_arguments_options[@]}" : \
'--pods=[Pods that need an address, coming at once on the settled node]:N:_default' \
'--os=[The node'\''s operating system]:OS:((linux\:"Linux"
windows\:"Windows"))' \
'--warm-eni-target=[WARM_ENI_TARGET \[default\: 1, as in the shipped manifest\]]:N|unset:_default' \
'--warm-ip-target=[WARM_IP_TARGET]:N|unset:_default' \
'--minimum-ip-target=[MINIMUM_IP_TARGET]:N|unset:_default' \
'--warm-prefix-target=[WARM_PREFIX_TARGET \[default\: 1, as in the shipped manifest\]]:N|unset:_default' \
'--max-eni=[MAX_ENI; 0 counts as unset]:N:_default' \
'--max-pods=[The kubelet'\''s max pods; by default what \`eksnet maxpods\` says for these settings]:N:_default' \
'--subnet-free=[Addresses the node'\''s subnet has left]:N:_default' \
'--pod-subnet-free=[Addresses the pods'\'' subnet has left (custom networking)]:N:_default' \
'--nodes=[A group of so many such nodes]:N:_default' \
'(--pods --compare --trace)--sweep=[A row for each pod count\: A..B]:FROM..TO:_default' \
'(--trace)*--compare=[Other settings beside the given ones, such as '\''warm-ip-target=2,minimum-ip-target=12'\'' or '\''prefix'\''; may be repeated]:SETTINGS:_default' \
'--trace=[Replay recorded cases\: a file of JSON lines {case, input}, or - for stdin]:FILE:_files' \
'--limits=[Another catalogue]:FILE:_files' \
'(--trace)-o+[Output format]:FORMAT:((table\:"For people"
json\:"One JSON object"
csv\:"Comma-separated values"
markdown\:"A Markdown table"))' \
'(--trace)--output=[Output format]:FORMAT:((table\:"For people"
json\:"One JSON object"
csv\:"Comma-separated values"
markdown\:"A Markdown table"))' \
'--output-file=[Write the output to a file instead of stdout; the file is replaced whole or not at all]:PATH:_files' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless NO_COLOR is set"
always\:"Always"
never\:"Never"))' \
'--prefix[Prefix delegation (ENABLE_PREFIX_DELEGATION)]' \
'--custom-networking[Custom networking (ENIConfig)\: the primary ENI gives no pod address]' \
'--pod-eni[Security groups for pods (ENABLE_POD_ENI)\: the trunk takes an ENI]' \
'(--prefix --custom-networking)--ipv6[IPv6 cluster\: one /80 a node]' \
'-q[No progress and no notes on stderr]' \
'--quiet[No progress and no notes on stderr]' \
'*-v[Log every AWS call to stderr; twice\: every attempt of it]' \
'*--verbose[Log every AWS call to stderr; twice\: every attempt of it]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
'::instance_type -- The instance type:_default' \
&& ret=0
;;
(simulate)
_arguments "${_arguments_options[@]}" : \
'*--from=[Start from what was observed\: a snapshot file, a saved answer, or a folder of them (repeatable). The scenario then holds the steps, and what is added; without one, what is there is simulated as it stands]:PATH:_files' \
'*--vpc=[All subnets of a VPC; may be repeated, and several selections add up]:ID:_default' \
'*--subnet=[A subnet; may be repeated]:ID:_default' \
'--cluster=[The subnets of an EKS cluster\: its own, those of its node groups and Fargate profiles, those tagged for it, and those that hold ENIs of its nodes]:NAME|ARN:_default' \
'--runs=[Simulate it N times, from --seed on with the next seed each\: figures become worst, median and best, and the layout fits if it does every time]:N:_default' \
'--seed=[Decides where EC2 puts addresses; the same seed gives the same result]:S:_default' \
'--margin=[The share of a subnet, in percent, above whose use there is nothing to spare; 100 looks at the nodes'\'' warm targets alone]:PERCENT:_default' \
'--max-wait=[Fail when a pod that a churn step brings waits longer for an address]:SECONDS:_default' \
'--limits=[Another catalogue]:FILE:_files' \
'-o+[Output format]:FORMAT:((table\:"For people"
json\:"One JSON object"
csv\:"Comma-separated values, a row a step and subnet"
markdown\:"Markdown tables"
html\:"One HTML page with a chart of each subnet"))' \
'--output=[Output format]:FORMAT:((table\:"For people"
json\:"One JSON object"
csv\:"Comma-separated values, a row a step and subnet"
markdown\:"Markdown tables"
html\:"One HTML page with a chart of each subnet"))' \
'--output-file=[Write the output to a file instead of stdout; the file is replaced whole or not at all]:PATH:_files' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless NO_COLOR is set"
always\:"Always"
never\:"Never"))' \
'(--vpc --subnet --cluster)--all-vpcs[All VPCs of the region]' \
'--fail-on-tight[Exit 1 also when the layout fits with nothing to spare]' \
'--no-remedy[Look for no change that makes a failing layout fit, which takes trials]' \
'--allow-large-cidr[Accept subnets larger than /16, which some accounts have]' \
'-q[No progress and no notes on stderr]' \
'--quiet[No progress and no notes on stderr]' \
'*-v[Log every AWS call to stderr; twice\: every attempt of it]' \
'*--verbose[Log every AWS call to stderr; twice\: every attempt of it]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
'::scenario -- The scenario, YAML or JSON, or - for stdin:_files' \
&& ret=0
;;
(audit)
_arguments "${_arguments_options[@]}" : \
'*--vpc=[All subnets of a VPC; may be repeated, and several selections add up]:ID:_default' \
'*--subnet=[A subnet; may be repeated]:ID:_default' \
'--cluster=[The subnets of an EKS cluster\: its own, those of its node groups and Fargate profiles, those tagged for it, and those that hold ENIs of its nodes]:NAME|ARN:_default' \
'*--from=[Offline\: a snapshot file, a saved answer of the AWS CLI or kubectl, or a folder of them (repeatable)]:PATH:_files' \
'--warn-at=[Percent of the usable addresses in use from which a subnet is a warning \[default\: the policy'\''s, or 80\]]:PERCENT:_default' \
'--critical-at=[Percent from which it is critical \[default\: the policy'\''s, or 90\]]:PERCENT:_default' \
'--min-free=[Fewer free addresses than this are critical]:N:_default' \
'--min-prefixes=[Fewer assignable /28 prefixes than this are critical]:N:_default' \
'*--fail-on=[Exit 1 on findings from this severity on (info, warning, critical, never), or of this check; may be repeated \[default\: the policy'\''s, or critical\]]:SEVERITY|CHECK:_default' \
'--history=[Forecast when subnets reach the bars, from a folder of snapshots or of saved \`aws cloudwatch get-metric-data\` answers of eksnet'\''s metrics]:DIR:_files' \
'--horizon=[A subnet that runs full within this time is a finding\: days or weeks, such as 30d or 6w]:TIME:_default' \
'--policy=[Policy file with bars, severities and findings to ignore; flags win over it \[default\: the .eksnet.yaml of the working directory or the nearest one above it, up to the repository'\''s root\]]:FILE:_files' \
'*--what-if=[Other settings of the VPC CNI than the daemonset'\''s, such as '\''warm-ip-target=2,minimum-ip-target=12'\'' or '\''prefix'\''\: the addresses that each subnet would save, and the EC2 calls; may be repeated. Wants nodes.json, pods.json and aws-node.json of kubectl]:SETTINGS:_default' \
'--want-prefixes=[The smallest sets of nodes whose drain gives back so many /28 blocks, a subnet each]:K:_default' \
'--save=[Write a snapshot of what was observed, whatever the findings are]:FILE:_files' \
'--limits=[Another catalogue\: a file of \`eksnet limits update\`, or a saved answer of \`aws ec2 describe-instance-types\`]:FILE:_files' \
'-o+[Output format]:FORMAT:((table\:"For people, worst subnet first"
wide\:"For people with room\: every column"
json\:"One JSON object"
csv\:"Comma-separated values; --csv says of what"
markdown\:"Markdown tables"
html\:"One page, with each subnet'\''s use and /28 blocks drawn"
sarif\:"SARIF 2.1.0, for code scanning"
junit\:"JUnit XML, a test case a subnet and check"
github\:"Workflow commands of GitHub Actions, and the step'\''s summary"
gitlab\:"GitLab'\''s Code Quality report"
openmetrics\:"OpenMetrics text, also for Prometheus'\'' textfile collector"
emf\:"CloudWatch embedded metric format, a JSON line a subnet"))' \
'--output=[Output format]:FORMAT:((table\:"For people, worst subnet first"
wide\:"For people with room\: every column"
json\:"One JSON object"
csv\:"Comma-separated values; --csv says of what"
markdown\:"Markdown tables"
html\:"One page, with each subnet'\''s use and /28 blocks drawn"
sarif\:"SARIF 2.1.0, for code scanning"
junit\:"JUnit XML, a test case a subnet and check"
github\:"Workflow commands of GitHub Actions, and the step'\''s summary"
gitlab\:"GitLab'\''s Code Quality report"
openmetrics\:"OpenMetrics text, also for Prometheus'\'' textfile collector"
emf\:"CloudWatch embedded metric format, a JSON line a subnet"))' \
'--output-file=[Write the output to a file instead of stdout; the file is replaced whole or not at all]:PATH:_files' \
'--csv=[What a row of -o csv is; subnets if not given]:ROWS:((subnets\:"A row a subnet"
owners\:"A row an owner in a subnet"
nodes\:"A row a node"
findings\:"A row a finding"
forecast\:"A row a subnet and bar of the forecast"))' \
'--location=[The file of the repository, relative to its root, that findings point at in -o sarif, gitlab and github; it need not be there]:PATH:_default' \
'--baseline=[Findings in this file are known\: they are shown, and only new or worse ones fail the run]:FILE:_files' \
'--write-baseline=[Write the findings'\'' checks, resources and severities to a file for --baseline; with both flags, after the comparison]:FILE:_files' \
'*-p+[Profile of the shared AWS configuration; audit takes several, one after the other]:NAME:_default' \
'*--profile=[Profile of the shared AWS configuration; audit takes several, one after the other]:NAME:_default' \
'*-r+[Region; audit takes several, or \`all\` that are enabled]:REGION:_default' \
'*--region=[Region; audit takes several, or \`all\` that are enabled]:REGION:_default' \
'*--assume-role=[Role to assume with those credentials; audit takes several]:ARN:_default' \
'--timeout=[How long the whole run may take, such as 90, 30s or 2m; what is not there by then is reported as missing]:DURATION:_default' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless NO_COLOR is set"
always\:"Always"
never\:"Never"))' \
'(--vpc --subnet --cluster)--all-vpcs[All VPCs of the region]' \
'--owners[Show who holds the addresses]' \
'--nodes[Show what each node holds]' \
'--map[Show each subnet'\''s /28 blocks, a character a block]' \
'--all[Show all sections, and the findings that the policy ignores]' \
'--redact[Replace account ids, resource ids, ARNs and names by stand-ins, in the report and in the snapshot, to share them. IP addresses and CIDRs stay, since they are the point; so do regions, zones and instance types. The same original has the same stand-in within a run, and the numbers are the same. The log lines of -v on stderr are left as they are]' \
'--allow-large-cidr[Accept subnets larger than /16, which some accounts have]' \
'-q[No progress and no notes on stderr]' \
'--quiet[No progress and no notes on stderr]' \
'*-v[Log every AWS call to stderr; twice\: every attempt of it]' \
'*--verbose[Log every AWS call to stderr; twice\: every attempt of it]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(snapshot)
_arguments "${_arguments_options[@]}" : \
'*--vpc=[All subnets of a VPC; may be repeated, and several selections add up]:ID:_default' \
'*--subnet=[A subnet; may be repeated]:ID:_default' \
'--cluster=[The subnets of an EKS cluster\: its own, those of its node groups and Fargate profiles, those tagged for it, and those that hold ENIs of its nodes]:NAME|ARN:_default' \
'*--from=[Make the snapshot from saved answers instead of live calls\: files or folders (repeatable)]:PATH:_files' \
'(--output-file)--save=[The same as --output-file]:FILE:_files' \
'--output-file=[Write the output to a file instead of stdout; the file is replaced whole or not at all]:PATH:_files' \
'*-p+[Profile of the shared AWS configuration; audit takes several, one after the other]:NAME:_default' \
'*--profile=[Profile of the shared AWS configuration; audit takes several, one after the other]:NAME:_default' \
'*-r+[Region; audit takes several, or \`all\` that are enabled]:REGION:_default' \
'*--region=[Region; audit takes several, or \`all\` that are enabled]:REGION:_default' \
'*--assume-role=[Role to assume with those credentials; audit takes several]:ARN:_default' \
'--timeout=[How long the whole run may take, such as 90, 30s or 2m; what is not there by then is reported as missing]:DURATION:_default' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless NO_COLOR is set"
always\:"Always"
never\:"Never"))' \
'(--vpc --subnet --cluster)--all-vpcs[All VPCs of the region]' \
'--redact[Replace account ids, resource ids, ARNs and names by stand-ins, in the report and in the snapshot, to share them. IP addresses and CIDRs stay, since they are the point; so do regions, zones and instance types. The same original has the same stand-in within a run, and the numbers are the same. The log lines of -v on stderr are left as they are]' \
'-q[No progress and no notes on stderr]' \
'--quiet[No progress and no notes on stderr]' \
'*-v[Log every AWS call to stderr; twice\: every attempt of it]' \
'*--verbose[Log every AWS call to stderr; twice\: every attempt of it]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(diff)
_arguments "${_arguments_options[@]}" : \
'--old-at=[When OLD was captured, for saved answers that do not say\: RFC 3339, or a day (its start in UTC)]:TIME:_default' \
'--new-at=[When NEW was captured]:TIME:_default' \
'-o+[Output format]:FORMAT:((table\:"For people"
json\:"One JSON object"
csv\:"Comma-separated values, a row a subnet"
markdown\:"Markdown tables"))' \
'--output=[Output format]:FORMAT:((table\:"For people"
json\:"One JSON object"
csv\:"Comma-separated values, a row a subnet"
markdown\:"Markdown tables"))' \
'--output-file=[Write the output to a file instead of stdout; the file is replaced whole or not at all]:PATH:_files' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless NO_COLOR is set"
always\:"Always"
never\:"Never"))' \
'--allow-large-cidr[Accept subnets larger than /16, which some accounts have]' \
'-q[No progress and no notes on stderr]' \
'--quiet[No progress and no notes on stderr]' \
'*-v[Log every AWS call to stderr; twice\: every attempt of it]' \
'*--verbose[Log every AWS call to stderr; twice\: every attempt of it]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
':old -- The earlier side\: a snapshot file, or a folder of saved AWS CLI answers:_files' \
':new -- The later side:_files' \
&& ret=0
;;
(limits)
_arguments "${_arguments_options[@]}" : \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless NO_COLOR is set"
always\:"Always"
never\:"Never"))' \
'-q[No progress and no notes on stderr]' \
'--quiet[No progress and no notes on stderr]' \
'*-v[Log every AWS call to stderr; twice\: every attempt of it]' \
'*--verbose[Log every AWS call to stderr; twice\: every attempt of it]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
":: :_eksnet__subcmd__limits_commands" \
"*::: :->limits" \
&& ret=0

    case $state in
    (limits)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:eksnet-limits-command-$line[1]:"
        case $line[1] in
            (show)
_arguments "${_arguments_options[@]}" : \
'--limits=[Another catalogue]:FILE:_files' \
'-o+[Output format]:FORMAT:((table\:"For people"
json\:"One JSON object"
csv\:"Comma-separated values"
markdown\:"A Markdown table"))' \
'--output=[Output format]:FORMAT:((table\:"For people"
json\:"One JSON object"
csv\:"Comma-separated values"
markdown\:"A Markdown table"))' \
'--output-file=[Write the output to a file instead of stdout; the file is replaced whole or not at all]:PATH:_files' \
'*-p+[Profile of the shared AWS configuration; audit takes several, one after the other]:NAME:_default' \
'*--profile=[Profile of the shared AWS configuration; audit takes several, one after the other]:NAME:_default' \
'*-r+[Region; audit takes several, or \`all\` that are enabled]:REGION:_default' \
'*--region=[Region; audit takes several, or \`all\` that are enabled]:REGION:_default' \
'*--assume-role=[Role to assume with those credentials; audit takes several]:ARN:_default' \
'--timeout=[How long the whole run may take, such as 90, 30s or 2m; what is not there by then is reported as missing]:DURATION:_default' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless NO_COLOR is set"
always\:"Always"
never\:"Never"))' \
'--live[Ask DescribeInstanceTypes if the table lacks the type]' \
'-q[No progress and no notes on stderr]' \
'--quiet[No progress and no notes on stderr]' \
'*-v[Log every AWS call to stderr; twice\: every attempt of it]' \
'*--verbose[Log every AWS call to stderr; twice\: every attempt of it]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
':instance_type -- The instance type:_default' \
&& ret=0
;;
(list)
_arguments "${_arguments_options[@]}" : \
'--vcpus=[Only types with this many vCPUs\: A..B, A.., ..B or A (inclusive)]:RANGE:_default' \
'--arch=[Only types of this architecture]:ARCH:((x86_64\:"64-bit x86"
arm64\:"64-bit Arm (Graviton)"))' \
'--limits=[Another catalogue]:FILE:_files' \
'-o+[Output format]:FORMAT:((table\:"For people"
json\:"One JSON object"
csv\:"Comma-separated values"
markdown\:"A Markdown table"))' \
'--output=[Output format]:FORMAT:((table\:"For people"
json\:"One JSON object"
csv\:"Comma-separated values"
markdown\:"A Markdown table"))' \
'--output-file=[Write the output to a file instead of stdout; the file is replaced whole or not at all]:PATH:_files' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless NO_COLOR is set"
always\:"Always"
never\:"Never"))' \
'-q[No progress and no notes on stderr]' \
'--quiet[No progress and no notes on stderr]' \
'*-v[Log every AWS call to stderr; twice\: every attempt of it]' \
'*--verbose[Log every AWS call to stderr; twice\: every attempt of it]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
'*::types -- Instance types, exact or as globs; every type if none is given:_default' \
&& ret=0
;;
(update)
_arguments "${_arguments_options[@]}" : \
'--from=[A saved answer of \`aws ec2 describe-instance-types\` instead of a live call]:FILE:_files' \
'--limits=[The catalogue to start from]:FILE:_files' \
'--output-file=[Write the output to a file instead of stdout; the file is replaced whole or not at all]:PATH:_files' \
'*-p+[Profile of the shared AWS configuration; audit takes several, one after the other]:NAME:_default' \
'*--profile=[Profile of the shared AWS configuration; audit takes several, one after the other]:NAME:_default' \
'*-r+[Region; audit takes several, or \`all\` that are enabled]:REGION:_default' \
'*--region=[Region; audit takes several, or \`all\` that are enabled]:REGION:_default' \
'*--assume-role=[Role to assume with those credentials; audit takes several]:ARN:_default' \
'--timeout=[How long the whole run may take, such as 90, 30s or 2m; what is not there by then is reported as missing]:DURATION:_default' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless NO_COLOR is set"
always\:"Always"
never\:"Never"))' \
'-q[No progress and no notes on stderr]' \
'--quiet[No progress and no notes on stderr]' \
'*-v[Log every AWS call to stderr; twice\: every attempt of it]' \
'*--verbose[Log every AWS call to stderr; twice\: every attempt of it]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(verify)
_arguments "${_arguments_options[@]}" : \
'--from=[A saved answer of \`aws ec2 describe-instance-types\` instead of a live call]:FILE:_files' \
'--limits=[The catalogue to compare]:FILE:_files' \
'-o+[Output format]:FORMAT:((table\:"For people"
json\:"One JSON object"
csv\:"Comma-separated values"
markdown\:"A Markdown table"))' \
'--output=[Output format]:FORMAT:((table\:"For people"
json\:"One JSON object"
csv\:"Comma-separated values"
markdown\:"A Markdown table"))' \
'--output-file=[Write the output to a file instead of stdout; the file is replaced whole or not at all]:PATH:_files' \
'*-p+[Profile of the shared AWS configuration; audit takes several, one after the other]:NAME:_default' \
'*--profile=[Profile of the shared AWS configuration; audit takes several, one after the other]:NAME:_default' \
'*-r+[Region; audit takes several, or \`all\` that are enabled]:REGION:_default' \
'*--region=[Region; audit takes several, or \`all\` that are enabled]:REGION:_default' \
'*--assume-role=[Role to assume with those credentials; audit takes several]:ARN:_default' \
'--timeout=[How long the whole run may take, such as 90, 30s or 2m; what is not there by then is reported as missing]:DURATION:_default' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless NO_COLOR is set"
always\:"Always"
never\:"Never"))' \
'-q[No progress and no notes on stderr]' \
'--quiet[No progress and no notes on stderr]' \
'*-v[Log every AWS call to stderr; twice\: every attempt of it]' \
'*--verbose[Log every AWS call to stderr; twice\: every attempt of it]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
        esac
    ;;
esac
;;
(iam-policy)
_arguments "${_arguments_options[@]}" : \
'--output-file=[Write the output to a file instead of stdout; the file is replaced whole or not at all]:PATH:_files' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless NO_COLOR is set"
always\:"Always"
never\:"Never"))' \
'-q[No progress and no notes on stderr]' \
'--quiet[No progress and no notes on stderr]' \
'*-v[Log every AWS call to stderr; twice\: every attempt of it]' \
'*--verbose[Log every AWS call to stderr; twice\: every attempt of it]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(generate)
_arguments "${_arguments_options[@]}" : \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless NO_COLOR is set"
always\:"Always"
never\:"Never"))' \
'-q[No progress and no notes on stderr]' \
'--quiet[No progress and no notes on stderr]' \
'*-v[Log every AWS call to stderr; twice\: every attempt of it]' \
'*--verbose[Log every AWS call to stderr; twice\: every attempt of it]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
":: :_eksnet__subcmd__generate_commands" \
"*::: :->generate" \
&& ret=0

    case $state in
    (generate)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:eksnet-generate-command-$line[1]:"
        case $line[1] in
            (completions)
_arguments "${_arguments_options[@]}" : \
'--output-file=[Write the output to a file instead of stdout; the file is replaced whole or not at all]:PATH:_files' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless NO_COLOR is set"
always\:"Always"
never\:"Never"))' \
'-q[No progress and no notes on stderr]' \
'--quiet[No progress and no notes on stderr]' \
'*-v[Log every AWS call to stderr; twice\: every attempt of it]' \
'*--verbose[Log every AWS call to stderr; twice\: every attempt of it]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
':shell -- The shell:(bash elvish fish powershell zsh)' \
&& ret=0
;;
(man)
_arguments "${_arguments_options[@]}" : \
'--output-file=[Write the output to a file instead of stdout; the file is replaced whole or not at all]:PATH:_files' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless NO_COLOR is set"
always\:"Always"
never\:"Never"))' \
'-q[No progress and no notes on stderr]' \
'--quiet[No progress and no notes on stderr]' \
'*-v[Log every AWS call to stderr; twice\: every attempt of it]' \
'*--verbose[Log every AWS call to stderr; twice\: every attempt of it]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(schema)
_arguments "${_arguments_options[@]}" : \
'--output-file=[Write the output to a file instead of stdout; the file is replaced whole or not at all]:PATH:_files' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless NO_COLOR is set"
always\:"Always"
never\:"Never"))' \
'-q[No progress and no notes on stderr]' \
'--quiet[No progress and no notes on stderr]' \
'*-v[Log every AWS call to stderr; twice\: every attempt of it]' \
'*--verbose[Log every AWS call to stderr; twice\: every attempt of it]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
':name -- Its name:(audit baseline diff instance-limits limits limits-verify maxpods node policy scenario simulate snapshot)' \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
}

(( $+functions[_eksnet_commands] )) ||
_eksnet_commands() {
    local commands; commands=(
'maxpods:How many pods fit on a node of an instance type' \
'node:What one node takes from its subnets, exactly as the VPC CNI would' \
'simulate:Simulate a layout before it is built\: does it fit, and what fails first' \
'audit:Audit subnets\: used, free, fragmented, who holds the addresses' \
'snapshot:Collect what an audit needs and save it to a file' \
'diff:Compare two snapshots\: what grew, what came and went, when addresses run out' \
'limits:The networking limits of instance types' \
'iam-policy:Print the least IAM policy that the live commands need' \
'generate:Print shell completions, the man page or a JSON Schema' \
    )
    _describe -t commands 'eksnet commands' commands "$@"
}
(( $+functions[_eksnet__subcmd__audit_commands] )) ||
_eksnet__subcmd__audit_commands() {
    local commands; commands=()
    _describe -t commands 'eksnet audit commands' commands "$@"
}
(( $+functions[_eksnet__subcmd__diff_commands] )) ||
_eksnet__subcmd__diff_commands() {
    local commands; commands=()
    _describe -t commands 'eksnet diff commands' commands "$@"
}
(( $+functions[_eksnet__subcmd__generate_commands] )) ||
_eksnet__subcmd__generate_commands() {
    local commands; commands=(
'completions:Completions for a shell' \
'man:The man page, one for all commands' \
'schema:The JSON Schema of an output, or of a file that is read or written' \
    )
    _describe -t commands 'eksnet generate commands' commands "$@"
}
(( $+functions[_eksnet__subcmd__generate__subcmd__completions_commands] )) ||
_eksnet__subcmd__generate__subcmd__completions_commands() {
    local commands; commands=()
    _describe -t commands 'eksnet generate completions commands' commands "$@"
}
(( $+functions[_eksnet__subcmd__generate__subcmd__man_commands] )) ||
_eksnet__subcmd__generate__subcmd__man_commands() {
    local commands; commands=()
    _describe -t commands 'eksnet generate man commands' commands "$@"
}
(( $+functions[_eksnet__subcmd__generate__subcmd__schema_commands] )) ||
_eksnet__subcmd__generate__subcmd__schema_commands() {
    local commands; commands=()
    _describe -t commands 'eksnet generate schema commands' commands "$@"
}
(( $+functions[_eksnet__subcmd__iam-policy_commands] )) ||
_eksnet__subcmd__iam-policy_commands() {
    local commands; commands=()
    _describe -t commands 'eksnet iam-policy commands' commands "$@"
}
(( $+functions[_eksnet__subcmd__limits_commands] )) ||
_eksnet__subcmd__limits_commands() {
    local commands; commands=(
'show:Everything known of one type, with sources and where they disagree' \
'list:The types of the table' \
'update:Write a catalogue file from DescribeInstanceTypes, for --limits' \
'verify:Compare the table with DescribeInstanceTypes; exit 1 on a difference' \
    )
    _describe -t commands 'eksnet limits commands' commands "$@"
}
(( $+functions[_eksnet__subcmd__limits__subcmd__list_commands] )) ||
_eksnet__subcmd__limits__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'eksnet limits list commands' commands "$@"
}
(( $+functions[_eksnet__subcmd__limits__subcmd__show_commands] )) ||
_eksnet__subcmd__limits__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'eksnet limits show commands' commands "$@"
}
(( $+functions[_eksnet__subcmd__limits__subcmd__update_commands] )) ||
_eksnet__subcmd__limits__subcmd__update_commands() {
    local commands; commands=()
    _describe -t commands 'eksnet limits update commands' commands "$@"
}
(( $+functions[_eksnet__subcmd__limits__subcmd__verify_commands] )) ||
_eksnet__subcmd__limits__subcmd__verify_commands() {
    local commands; commands=()
    _describe -t commands 'eksnet limits verify commands' commands "$@"
}
(( $+functions[_eksnet__subcmd__maxpods_commands] )) ||
_eksnet__subcmd__maxpods_commands() {
    local commands; commands=()
    _describe -t commands 'eksnet maxpods commands' commands "$@"
}
(( $+functions[_eksnet__subcmd__node_commands] )) ||
_eksnet__subcmd__node_commands() {
    local commands; commands=()
    _describe -t commands 'eksnet node commands' commands "$@"
}
(( $+functions[_eksnet__subcmd__simulate_commands] )) ||
_eksnet__subcmd__simulate_commands() {
    local commands; commands=()
    _describe -t commands 'eksnet simulate commands' commands "$@"
}
(( $+functions[_eksnet__subcmd__snapshot_commands] )) ||
_eksnet__subcmd__snapshot_commands() {
    local commands; commands=()
    _describe -t commands 'eksnet snapshot commands' commands "$@"
}

if [ "$funcstack[1]" = "_eksnet" ]; then
    _eksnet "$@"
else
    compdef _eksnet eksnet
fi
