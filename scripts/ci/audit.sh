#!/usr/bin/env bash
# Audits in a pipeline: reads AWS, or saved responses, once, and writes every report that is asked for.
# Exits with the code of `eksnet audit`: 1 for findings, 4 for an incomplete run, which writes its
# reports too. A run without a report never exits with 0.
#
#   EKSNET_BINARY    the program (eksnet)
#   EKSNET_FROM      a snapshot or a directory of saved responses; AWS is read if not set
#   EKSNET_VPC       ids of VPCs, separated by blanks
#   EKSNET_CLUSTER   a cluster's name or ARN
#   EKSNET_POLICY    a policy file
#   EKSNET_FAIL_ON   info, warning, critical or never
#   EKSNET_BASELINE  a baseline file
#   EKSNET_HISTORY   a directory of snapshots to forecast from; this run's snapshot is added to it
#   EKSNET_ARGS      more flags of `eksnet audit`, separated by blanks; not --save, --history, --output,
#                    --output-file or --write-baseline
#   EKSNET_FORMATS   table, github, sarif, junit, gitlab, json, markdown, html or openmetrics, separated
#                    by blanks (sarif); the first two go to stdout
#   EKSNET_REPORTS   the directory of the others (eksnet-reports)
#
# In a step of GitHub Actions its outputs are `exit-code`, `incomplete` (true or false), `reports` and,
# when there is one, `sarif`.
set -euo pipefail

program=${EKSNET_BINARY:-eksnet}
reports=${EKSNET_REPORTS:-eksnet-reports}
known="name some of table, github, sarif, junit, gitlab, json, markdown, html and openmetrics"

# The words of a variable. Nothing in them is expanded.
words() {
    local -a list
    read -r -d '' -a list <<<"$1" || true
    if ((${#list[@]})); then
        printf '%s\0' "${list[@]}"
    fi
}

# Where a format's report goes: a file, or nothing for stdout.
file_of() {
    case $1 in
    table | github) ;;
    sarif) echo "$reports/eksnet.sarif" ;;
    junit) echo "$reports/eksnet-junit.xml" ;;
    gitlab) echo "$reports/gl-code-quality-report.json" ;;
    json) echo "$reports/eksnet.json" ;;
    markdown) echo "$reports/eksnet.md" ;;
    html) echo "$reports/eksnet.html" ;;
    openmetrics) echo "$reports/eksnet.prom" ;;
    *)
        echo "error: EKSNET_FORMATS: there is no report \`$1\`" >&2
        echo "hint: $known" >&2
        return 2
        ;;
    esac
}

# The flags of every run. Defaults that a person keeps for a terminal, in .eksnet.yaml or EKSNET_* variables,
# would send the reports elsewhere, cut them or let findings pass.
flags=(audit --no-defaults)
while IFS= read -r -d '' vpc; do
    flags+=(--vpc "$vpc")
done < <(words "${EKSNET_VPC:-}")
[[ -z ${EKSNET_CLUSTER:-} ]] || flags+=(--cluster "$EKSNET_CLUSTER")
[[ -z ${EKSNET_POLICY:-} ]] || flags+=(--policy "$EKSNET_POLICY")
[[ -z ${EKSNET_FAIL_ON:-} ]] || flags+=(--fail-on "$EKSNET_FAIL_ON")
[[ -z ${EKSNET_BASELINE:-} ]] || flags+=(--baseline "$EKSNET_BASELINE")
[[ -z ${EKSNET_HISTORY:-} ]] || flags+=(--history "$EKSNET_HISTORY")
while IFS= read -r -d '' word; do
    flags+=("$word")
done < <(words "${EKSNET_ARGS:-}")

formats=()
while IFS= read -r -d '' format; do
    # Before anything is read. What an earlier run left must not pass for a report of this one.
    file=$(file_of "$format") || exit
    [[ -z $file ]] || rm -f -- "$file"
    formats+=("$format")
done < <(words "${EKSNET_FORMATS:-sarif}")
if ((${#formats[@]} == 0)); then
    # With nothing to write nothing would run, and the job would pass.
    echo "error: EKSNET_FORMATS names no report" >&2
    echo "hint: $known" >&2
    exit 2
fi
mkdir -p -- "$reports"

# The first run saves what it read for the others, so that all reports agree. The snapshot has ids and
# addresses: it is removed afterwards, unless there is a history to add it to.
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
snapshot=$scratch/snapshot.json
if [[ -n ${EKSNET_HISTORY:-} ]]; then
    mkdir -p -- "$EKSNET_HISTORY"
    # A name that no earlier run has: what it read stays.
    while
        snapshot=$EKSNET_HISTORY/$(date -u +%Y-%m-%dT%H%M%SZ).json
        [[ -e $snapshot ]]
    do sleep 1; done
fi

code=0
result=none
for format in "${formats[@]}"; do
    if [[ -e $snapshot ]]; then
        run=("${flags[@]}" --from "$snapshot")
    elif [[ -n ${EKSNET_FROM:-} ]]; then
        run=("${flags[@]}" --from "$EKSNET_FROM" --save "$snapshot")
    else
        run=("${flags[@]}" --save "$snapshot")
    fi
    file=$(file_of "$format")
    [[ -z $file ]] || run+=(--output-file "$file")
    code=0
    "$program" "${run[@]}" --output "$format" || code=$?
    # All runs judge the same and exit alike, unless one has no result: that one decides.
    result=none
    case $code in
    0 | 1 | 4) [[ ! -e $snapshot || (-n $file && ! -e $file) ]] || result=$code ;;
    esac
    [[ $result != none ]] || break
done
# Without a report nothing passes, and nothing is merely incomplete: `--help` among the flags, say.
if [[ $result == none && ($code == 0 || $code == 4) ]]; then code=3; fi

incomplete=false
((code != 4)) || incomplete=true
if [[ -n ${GITHUB_OUTPUT:-} ]]; then
    {
        echo "exit-code=$code"
        echo "incomplete=$incomplete"
        echo "reports=$reports"
        [[ ! -e $reports/eksnet.sarif ]] || echo "sarif=$reports/eksnet.sarif"
    } >>"$GITHUB_OUTPUT"
fi
case $result in
0) echo "eksnet: no findings at or above the threshold" >&2 ;;
1) echo "eksnet: findings at or above the threshold (exit code 1)" >&2 ;;
4) echo "eksnet: incomplete: some data is not available, and the reports say which (exit code 4)" >&2 ;;
*) echo "eksnet: no result (exit code $code)" >&2 ;;
esac
exit "$code"
