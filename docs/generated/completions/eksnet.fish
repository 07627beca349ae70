# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_eksnet_global_optspecs
    string join \n color= q/quiet v/verbose h/help V/version
end

function __fish_eksnet_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_eksnet_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_eksnet_using_subcommand
    set -l cmd (__fish_eksnet_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c eksnet -n "__fish_eksnet_needs_command" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c eksnet -n "__fish_eksnet_needs_command" -s q -l quiet -d 'No progress and no notes on stderr'
complete -c eksnet -n "__fish_eksnet_needs_command" -s v -l verbose -d 'Log every AWS call to stderr; twice: every attempt of it'
complete -c eksnet -n "__fish_eksnet_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c eksnet -n "__fish_eksnet_needs_command" -s V -l version -d 'Print version'
complete -c eksnet -n "__fish_eksnet_needs_command" -f -a "maxpods" -d 'How many pods fit on a node of an instance type'
complete -c eksnet -n "__fish_eksnet_needs_command" -f -a "node" -d 'What one node takes from its subnets, exactly as the VPC CNI would'
complete -c eksnet -n "__fish_eksnet_needs_command" -f -a "simulate" -d 'Simulate a layout before it is built: does it fit, and what fails first'
complete -c eksnet -n "__fish_eksnet_needs_command" -f -a "audit" -d 'Audit subnets: used, free, fragmented, who holds the addresses'
complete -c eksnet -n "__fish_eksnet_needs_command" -f -a "snapshot" -d 'Collect what an audit needs and save it to a file'
complete -c eksnet -n "__fish_eksnet_needs_command" -f -a "diff" -d 'Compare two snapshots: what grew, what came and went, when addresses run out'
complete -c eksnet -n "__fish_eksnet_needs_command" -f -a "limits" -d 'The networking limits of instance types'
complete -c eksnet -n "__fish_eksnet_needs_command" -f -a "iam-policy" -d 'Print the least IAM policy that the live commands need'
complete -c eksnet -n "__fish_eksnet_needs_command" -f -a "generate" -d 'Print shell completions, the man page or a JSON Schema'
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l os -d 'The node\'s operating system' -r -f -a "linux\t'Linux'
windows\t'Windows'"
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l max-eni -d 'MAX_ENI; 0 counts as unset' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l reserved-enis -d 'Karpenter\'s RESERVED_ENIS, for its row of --explain' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l host-network-pods -d 'Pods a node runs on the host network: they count as pods and need no address' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l cap -d 'The most pods whatever the addresses: auto, none or a number' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l pods -d 'Only types with this many max pods: A..B, A.., ..B or A (inclusive)' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l vcpus -d 'Only types with this many vCPUs: A..B, A.., ..B or A (inclusive)' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l arch -d 'Only types of this architecture' -r -f -a "x86_64\t'64-bit x86'
arm64\t'64-bit Arm (Graviton)'"
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l sort -d 'The order of rows [default: as the types are named, those of a glob by name]' -r -f -a "type\t'By name'
pods\t'Most pods first'
pods-per-vcpu\t'Most pods per vCPU first'"
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l limits -d 'Another catalogue: a file of `eksnet limits update`, or a saved answer of `aws ec2 describe-instance-types`' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -s o -l output -d 'Output format' -r -f -a "table\t'For people'
wide\t'For people with room: every column'
json\t'One JSON object'
csv\t'Comma-separated values'
markdown\t'A Markdown table'
plain\t'The number alone for one named type, else a line a type: its name, a tab and the number'"
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l output-file -d 'Write the output to a file instead of stdout; the file is replaced whole or not at all' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -s p -l profile -d 'Profile of the shared AWS configuration; audit takes several, one after the other' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -s r -l region -d 'Region; audit takes several, or `all` that are enabled' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l assume-role -d 'Role to assume with those credentials; audit takes several' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l timeout -d 'How long the whole run may take, such as 90, 30s or 2m; what is not there by then is reported as missing' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l all -d 'Every type of the table'
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l prefix -d 'Prefix delegation (ENABLE_PREFIX_DELEGATION): /28 prefixes instead of single addresses'
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l custom-networking -d 'Custom networking (ENIConfig): the primary ENI gives no pod address'
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l ipv6 -d 'IPv6 cluster: one /80 a node'
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l pod-eni -d 'Security groups for pods (ENABLE_POD_ENI): the trunk takes an ENI'
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l explain -d 'The sum step by step, and what each kind of node really gets'
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -l live -d 'Ask DescribeInstanceTypes for types that the table lacks'
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -s q -l quiet -d 'No progress and no notes on stderr'
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -s v -l verbose -d 'Log every AWS call to stderr; twice: every attempt of it'
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c eksnet -n "__fish_eksnet_using_subcommand maxpods" -s V -l version -d 'Print version'
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l pods -d 'Pods that need an address, coming at once on the settled node' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l os -d 'The node\'s operating system' -r -f -a "linux\t'Linux'
windows\t'Windows'"
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l warm-eni-target -d 'WARM_ENI_TARGET [default: 1, as in the shipped manifest]' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l warm-ip-target -d 'WARM_IP_TARGET' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l minimum-ip-target -d 'MINIMUM_IP_TARGET' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l warm-prefix-target -d 'WARM_PREFIX_TARGET [default: 1, as in the shipped manifest]' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l max-eni -d 'MAX_ENI; 0 counts as unset' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l max-pods -d 'The kubelet\'s max pods; by default what `eksnet maxpods` says for these settings' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l subnet-free -d 'Addresses the node\'s subnet has left' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l pod-subnet-free -d 'Addresses the pods\' subnet has left (custom networking)' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l nodes -d 'A group of so many such nodes' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l sweep -d 'A row for each pod count: A..B' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l compare -d 'Other settings beside the given ones, such as \'warm-ip-target=2,minimum-ip-target=12\' or \'prefix\'; may be repeated' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l trace -d 'Replay recorded cases: a file of JSON lines {case, input}, or - for stdin' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l limits -d 'Another catalogue' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -s o -l output -d 'Output format' -r -f -a "table\t'For people'
json\t'One JSON object'
csv\t'Comma-separated values'
markdown\t'A Markdown table'"
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l output-file -d 'Write the output to a file instead of stdout; the file is replaced whole or not at all' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l prefix -d 'Prefix delegation (ENABLE_PREFIX_DELEGATION)'
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l custom-networking -d 'Custom networking (ENIConfig): the primary ENI gives no pod address'
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l pod-eni -d 'Security groups for pods (ENABLE_POD_ENI): the trunk takes an ENI'
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -l ipv6 -d 'IPv6 cluster: one /80 a node'
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -s q -l quiet -d 'No progress and no notes on stderr'
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -s v -l verbose -d 'Log every AWS call to stderr; twice: every attempt of it'
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c eksnet -n "__fish_eksnet_using_subcommand node" -s V -l version -d 'Print version'
complete -c eksnet -n "__fish_eksnet_using_subcommand simulate" -l from -d 'Start from what was observed: a snapshot file, a saved answer, or a folder of them (repeatable). The scenario then holds the steps, and what is added; without one, what is there is simulated as it stands' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand simulate" -l vpc -d 'All subnets of a VPC; may be repeated, and several selections add up' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand simulate" -l subnet -d 'A subnet; may be repeated' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand simulate" -l cluster -d 'The subnets of an EKS cluster: its own, those of its node groups and Fargate profiles, those tagged for it, and those that hold ENIs of its nodes' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand simulate" -l runs -d 'Simulate it N times, from --seed on with the next seed each: figures become worst, median and best, and the layout fits if it does every time' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand simulate" -l seed -d 'Decides where EC2 puts addresses; the same seed gives the same result' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand simulate" -l margin -d 'The share of a subnet, in percent, above whose use there is nothing to spare; 100 looks at the nodes\' warm targets alone' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand simulate" -l max-wait -d 'Fail when a pod that a churn step brings waits longer for an address' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand simulate" -l limits -d 'Another catalogue' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand simulate" -s o -l output -d 'Output format' -r -f -a "table\t'For people'
json\t'One JSON object'
csv\t'Comma-separated values, a row a step and subnet'
markdown\t'Markdown tables'
html\t'One HTML page with a chart of each subnet'"
complete -c eksnet -n "__fish_eksnet_using_subcommand simulate" -l output-file -d 'Write the output to a file instead of stdout; the file is replaced whole or not at all' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand simulate" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c eksnet -n "__fish_eksnet_using_subcommand simulate" -l all-vpcs -d 'All VPCs of the region'
complete -c eksnet -n "__fish_eksnet_using_subcommand simulate" -l fail-on-tight -d 'Exit 1 also when the layout fits with nothing to spare'
complete -c eksnet -n "__fish_eksnet_using_subcommand simulate" -l no-remedy -d 'Look for no change that makes a failing layout fit, which takes trials'
complete -c eksnet -n "__fish_eksnet_using_subcommand simulate" -l allow-large-cidr -d 'Accept subnets larger than /16, which some accounts have'
complete -c eksnet -n "__fish_eksnet_using_subcommand simulate" -s q -l quiet -d 'No progress and no notes on stderr'
complete -c eksnet -n "__fish_eksnet_using_subcommand simulate" -s v -l verbose -d 'Log every AWS call to stderr; twice: every attempt of it'
complete -c eksnet -n "__fish_eksnet_using_subcommand simulate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c eksnet -n "__fish_eksnet_using_subcommand simulate" -s V -l version -d 'Print version'
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l vpc -d 'All subnets of a VPC; may be repeated, and several selections add up' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l subnet -d 'A subnet; may be repeated' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l cluster -d 'The subnets of an EKS cluster: its own, those of its node groups and Fargate profiles, those tagged for it, and those that hold ENIs of its nodes' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l from -d 'Offline: a snapshot file, a saved answer of the AWS CLI or kubectl, or a folder of them (repeatable)' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l warn-at -d 'Percent of the usable addresses in use from which a subnet is a warning [default: the policy\'s, or 80]' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l critical-at -d 'Percent from which it is critical [default: the policy\'s, or 90]' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l min-free -d 'Fewer free addresses than this are critical' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l min-prefixes -d 'Fewer assignable /28 prefixes than this are critical' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l fail-on -d 'Exit 1 on findings from this severity on (info, warning, critical, never), or of this check; may be repeated [default: the policy\'s, or critical]' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l history -d 'Forecast when subnets reach the bars, from a folder of snapshots or of saved `aws cloudwatch get-metric-data` answers of eksnet\'s metrics' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l horizon -d 'A subnet that runs full within this time is a finding: days or weeks, such as 30d or 6w' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l policy -d 'Policy file with bars, severities and findings to ignore; flags win over it [default: the .eksnet.yaml of the working directory or the nearest one above it, up to the repository\'s root]' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l what-if -d 'Other settings of the VPC CNI than the daemonset\'s, such as \'warm-ip-target=2,minimum-ip-target=12\' or \'prefix\': the addresses that each subnet would save, and the EC2 calls; may be repeated. Wants nodes.json, pods.json and aws-node.json of kubectl' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l want-prefixes -d 'The smallest sets of nodes whose drain gives back so many /28 blocks, a subnet each' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l save -d 'Write a snapshot of what was observed, whatever the findings are' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l limits -d 'Another catalogue: a file of `eksnet limits update`, or a saved answer of `aws ec2 describe-instance-types`' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -s o -l output -d 'Output format' -r -f -a "table\t'For people, worst subnet first'
wide\t'For people with room: every column'
json\t'One JSON object'
csv\t'Comma-separated values; --csv says of what'
markdown\t'Markdown tables'
html\t'One page, with each subnet\'s use and /28 blocks drawn'
sarif\t'SARIF 2.1.0, for code scanning'
junit\t'JUnit XML, a test case a subnet and check'
github\t'Workflow commands of GitHub Actions, and the step\'s summary'
gitlab\t'GitLab\'s Code Quality report'
openmetrics\t'OpenMetrics text, also for Prometheus\' textfile collector'
emf\t'CloudWatch embedded metric format, a JSON line a subnet'"
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l output-file -d 'Write the output to a file instead of stdout; the file is replaced whole or not at all' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l csv -d 'What a row of -o csv is; subnets if not given' -r -f -a "subnets\t'A row a subnet'
owners\t'A row an owner in a subnet'
nodes\t'A row a node'
findings\t'A row a finding'
forecast\t'A row a subnet and bar of the forecast'"
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l location -d 'The file of the repository, relative to its root, that findings point at in -o sarif, gitlab and github; it need not be there' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l baseline -d 'Findings in this file are known: they are shown, and only new or worse ones fail the run' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l write-baseline -d 'Write the findings\' checks, resources and severities to a file for --baseline; with both flags, after the comparison' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -s p -l profile -d 'Profile of the shared AWS configuration; audit takes several, one after the other' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -s r -l region -d 'Region; audit takes several, or `all` that are enabled' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l assume-role -d 'Role to assume with those credentials; audit takes several' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l timeout -d 'How long the whole run may take, such as 90, 30s or 2m; what is not there by then is reported as missing' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l all-vpcs -d 'All VPCs of the region'
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l owners -d 'Show who holds the addresses'
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l nodes -d 'Show what each node holds'
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l map -d 'Show each subnet\'s /28 blocks, a character a block'
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l all -d 'Show all sections, and the findings that the policy ignores'
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l redact -d 'Replace account ids, resource ids, ARNs and names by stand-ins, in the report and in the snapshot, to share them. IP addresses and CIDRs stay, since they are the point; so do regions, zones and instance types. The same original has the same stand-in within a run, and the numbers are the same. The log lines of -v on stderr are left as they are'
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -l allow-large-cidr -d 'Accept subnets larger than /16, which some accounts have'
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -s q -l quiet -d 'No progress and no notes on stderr'
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -s v -l verbose -d 'Log every AWS call to stderr; twice: every attempt of it'
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c eksnet -n "__fish_eksnet_using_subcommand audit" -s V -l version -d 'Print version'
complete -c eksnet -n "__fish_eksnet_using_subcommand snapshot" -l vpc -d 'All subnets of a VPC; may be repeated, and several selections add up' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand snapshot" -l subnet -d 'A subnet; may be repeated' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand snapshot" -l cluster -d 'The subnets of an EKS cluster: its own, those of its node groups and Fargate profiles, those tagged for it, and those that hold ENIs of its nodes' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand snapshot" -l from -d 'Make the snapshot from saved answers instead of live calls: files or folders (repeatable)' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand snapshot" -l save -d 'The same as --output-file' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand snapshot" -l output-file -d 'Write the output to a file instead of stdout; the file is replaced whole or not at all' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand snapshot" -s p -l profile -d 'Profile of the shared AWS configuration; audit takes several, one after the other' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand snapshot" -s r -l region -d 'Region; audit takes several, or `all` that are enabled' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand snapshot" -l assume-role -d 'Role to assume with those credentials; audit takes several' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand snapshot" -l timeout -d 'How long the whole run may take, such as 90, 30s or 2m; what is not there by then is reported as missing' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand snapshot" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c eksnet -n "__fish_eksnet_using_subcommand snapshot" -l all-vpcs -d 'All VPCs of the region'
complete -c eksnet -n "__fish_eksnet_using_subcommand snapshot" -l redact -d 'Replace account ids, resource ids, ARNs and names by stand-ins, in the report and in the snapshot, to share them. IP addresses and CIDRs stay, since they are the point; so do regions, zones and instance types. The same original has the same stand-in within a run, and the numbers are the same. The log lines of -v on stderr are left as they are'
complete -c eksnet -n "__fish_eksnet_using_subcommand snapshot" -s q -l quiet -d 'No progress and no notes on stderr'
complete -c eksnet -n "__fish_eksnet_using_subcommand snapshot" -s v -l verbose -d 'Log every AWS call to stderr; twice: every attempt of it'
complete -c eksnet -n "__fish_eksnet_using_subcommand snapshot" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c eksnet -n "__fish_eksnet_using_subcommand snapshot" -s V -l version -d 'Print version'
complete -c eksnet -n "__fish_eksnet_using_subcommand diff" -l old-at -d 'When OLD was captured, for saved answers that do not say: RFC 3339, or a day (its start in UTC)' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand diff" -l new-at -d 'When NEW was captured' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand diff" -s o -l output -d 'Output format' -r -f -a "table\t'For people'
json\t'One JSON object'
csv\t'Comma-separated values, a row a subnet'
markdown\t'Markdown tables'"
complete -c eksnet -n "__fish_eksnet_using_subcommand diff" -l output-file -d 'Write the output to a file instead of stdout; the file is replaced whole or not at all' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand diff" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c eksnet -n "__fish_eksnet_using_subcommand diff" -l allow-large-cidr -d 'Accept subnets larger than /16, which some accounts have'
complete -c eksnet -n "__fish_eksnet_using_subcommand diff" -s q -l quiet -d 'No progress and no notes on stderr'
complete -c eksnet -n "__fish_eksnet_using_subcommand diff" -s v -l verbose -d 'Log every AWS call to stderr; twice: every attempt of it'
complete -c eksnet -n "__fish_eksnet_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c eksnet -n "__fish_eksnet_using_subcommand diff" -s V -l version -d 'Print version'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and not __fish_seen_subcommand_from show list update verify" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and not __fish_seen_subcommand_from show list update verify" -s q -l quiet -d 'No progress and no notes on stderr'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and not __fish_seen_subcommand_from show list update verify" -s v -l verbose -d 'Log every AWS call to stderr; twice: every attempt of it'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and not __fish_seen_subcommand_from show list update verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and not __fish_seen_subcommand_from show list update verify" -s V -l version -d 'Print version'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and not __fish_seen_subcommand_from show list update verify" -f -a "show" -d 'Everything known of one type, with sources and where they disagree'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and not __fish_seen_subcommand_from show list update verify" -f -a "list" -d 'The types of the table'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and not __fish_seen_subcommand_from show list update verify" -f -a "update" -d 'Write a catalogue file from DescribeInstanceTypes, for --limits'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and not __fish_seen_subcommand_from show list update verify" -f -a "verify" -d 'Compare the table with DescribeInstanceTypes; exit 1 on a difference'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from show" -l limits -d 'Another catalogue' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from show" -s o -l output -d 'Output format' -r -f -a "table\t'For people'
json\t'One JSON object'
csv\t'Comma-separated values'
markdown\t'A Markdown table'"
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from show" -l output-file -d 'Write the output to a file instead of stdout; the file is replaced whole or not at all' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from show" -s p -l profile -d 'Profile of the shared AWS configuration; audit takes several, one after the other' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from show" -s r -l region -d 'Region; audit takes several, or `all` that are enabled' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from show" -l assume-role -d 'Role to assume with those credentials; audit takes several' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from show" -l timeout -d 'How long the whole run may take, such as 90, 30s or 2m; what is not there by then is reported as missing' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from show" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from show" -l live -d 'Ask DescribeInstanceTypes if the table lacks the type'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from show" -s q -l quiet -d 'No progress and no notes on stderr'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Log every AWS call to stderr; twice: every attempt of it'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from list" -l vcpus -d 'Only types with this many vCPUs: A..B, A.., ..B or A (inclusive)' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from list" -l arch -d 'Only types of this architecture' -r -f -a "x86_64\t'64-bit x86'
arm64\t'64-bit Arm (Graviton)'"
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from list" -l limits -d 'Another catalogue' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from list" -s o -l output -d 'Output format' -r -f -a "table\t'For people'
json\t'One JSON object'
csv\t'Comma-separated values'
markdown\t'A Markdown table'"
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from list" -l output-file -d 'Write the output to a file instead of stdout; the file is replaced whole or not at all' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from list" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from list" -s q -l quiet -d 'No progress and no notes on stderr'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log every AWS call to stderr; twice: every attempt of it'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from update" -l from -d 'A saved answer of `aws ec2 describe-instance-types` instead of a live call' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from update" -l limits -d 'The catalogue to start from' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from update" -l output-file -d 'Write the output to a file instead of stdout; the file is replaced whole or not at all' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from update" -s p -l profile -d 'Profile of the shared AWS configuration; audit takes several, one after the other' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from update" -s r -l region -d 'Region; audit takes several, or `all` that are enabled' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from update" -l assume-role -d 'Role to assume with those credentials; audit takes several' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from update" -l timeout -d 'How long the whole run may take, such as 90, 30s or 2m; what is not there by then is reported as missing' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from update" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from update" -s q -l quiet -d 'No progress and no notes on stderr'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from update" -s v -l verbose -d 'Log every AWS call to stderr; twice: every attempt of it'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from update" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from update" -s V -l version -d 'Print version'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from verify" -l from -d 'A saved answer of `aws ec2 describe-instance-types` instead of a live call' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from verify" -l limits -d 'The catalogue to compare' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from verify" -s o -l output -d 'Output format' -r -f -a "table\t'For people'
json\t'One JSON object'
csv\t'Comma-separated values'
markdown\t'A Markdown table'"
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from verify" -l output-file -d 'Write the output to a file instead of stdout; the file is replaced whole or not at all' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from verify" -s p -l profile -d 'Profile of the shared AWS configuration; audit takes several, one after the other' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from verify" -s r -l region -d 'Region; audit takes several, or `all` that are enabled' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from verify" -l assume-role -d 'Role to assume with those credentials; audit takes several' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from verify" -l timeout -d 'How long the whole run may take, such as 90, 30s or 2m; what is not there by then is reported as missing' -r
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from verify" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'No progress and no notes on stderr'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Log every AWS call to stderr; twice: every attempt of it'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c eksnet -n "__fish_eksnet_using_subcommand limits; and __fish_seen_subcommand_from verify" -s V -l version -d 'Print version'
complete -c eksnet -n "__fish_eksnet_using_subcommand iam-policy" -l output-file -d 'Write the output to a file instead of stdout; the file is replaced whole or not at all' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand iam-policy" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c eksnet -n "__fish_eksnet_using_subcommand iam-policy" -s q -l quiet -d 'No progress and no notes on stderr'
complete -c eksnet -n "__fish_eksnet_using_subcommand iam-policy" -s v -l verbose -d 'Log every AWS call to stderr; twice: every attempt of it'
complete -c eksnet -n "__fish_eksnet_using_subcommand iam-policy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c eksnet -n "__fish_eksnet_using_subcommand iam-policy" -s V -l version -d 'Print version'
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and not __fish_seen_subcommand_from completions man schema" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and not __fish_seen_subcommand_from completions man schema" -s q -l quiet -d 'No progress and no notes on stderr'
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and not __fish_seen_subcommand_from completions man schema" -s v -l verbose -d 'Log every AWS call to stderr; twice: every attempt of it'
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and not __fish_seen_subcommand_from completions man schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and not __fish_seen_subcommand_from completions man schema" -s V -l version -d 'Print version'
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and not __fish_seen_subcommand_from completions man schema" -f -a "completions" -d 'Completions for a shell'
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and not __fish_seen_subcommand_from completions man schema" -f -a "man" -d 'The man page, one for all commands'
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and not __fish_seen_subcommand_from completions man schema" -f -a "schema" -d 'The JSON Schema of an output, or of a file that is read or written'
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and __fish_seen_subcommand_from completions" -l output-file -d 'Write the output to a file instead of stdout; the file is replaced whole or not at all' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and __fish_seen_subcommand_from completions" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and __fish_seen_subcommand_from completions" -s q -l quiet -d 'No progress and no notes on stderr'
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and __fish_seen_subcommand_from completions" -s v -l verbose -d 'Log every AWS call to stderr; twice: every attempt of it'
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and __fish_seen_subcommand_from completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and __fish_seen_subcommand_from completions" -s V -l version -d 'Print version'
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and __fish_seen_subcommand_from man" -l output-file -d 'Write the output to a file instead of stdout; the file is replaced whole or not at all' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and __fish_seen_subcommand_from man" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and __fish_seen_subcommand_from man" -s q -l quiet -d 'No progress and no notes on stderr'
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and __fish_seen_subcommand_from man" -s v -l verbose -d 'Log every AWS call to stderr; twice: every attempt of it'
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and __fish_seen_subcommand_from man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and __fish_seen_subcommand_from man" -s V -l version -d 'Print version'
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and __fish_seen_subcommand_from schema" -l output-file -d 'Write the output to a file instead of stdout; the file is replaced whole or not at all' -r -F
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and __fish_seen_subcommand_from schema" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and __fish_seen_subcommand_from schema" -s q -l quiet -d 'No progress and no notes on stderr'
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and __fish_seen_subcommand_from schema" -s v -l verbose -d 'Log every AWS call to stderr; twice: every attempt of it'
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and __fish_seen_subcommand_from schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c eksnet -n "__fish_eksnet_using_subcommand generate; and __fish_seen_subcommand_from schema" -s V -l version -d 'Print version'
