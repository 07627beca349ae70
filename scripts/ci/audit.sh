#!/usr/bin/env bash
# Audits in a pipeline: reads AWS, or saved answers, once, and writes every report that is asked for.
# Ends with the exit code of `eksnet audit`: 1 for findings, 4 for an incomplete run, whose reports are
# there too.
#
#   EKSNET_BINARY    the program (eksnet)
#   EKSNET_FROM      a snapshot or a folder of saved answers; without it AWS is read
#   EKSNET_VPC       ids of VPCs, with blanks between them
#   EKSNET_CLUSTER   a cluster's name or ARN
#   EKSNET_POLICY    a policy file
#   EKSNET_FAIL_ON   info, warning, critical or never
#   EKSNET_BASELINE  a baseline file
#   EKSNET_ARGS      more flags of `eksnet audit`, with blanks between them; not --save, --output,
#                    --output-file or --write-baseline
#   EKSNET_FORMATS   table, github, sarif, junit, gitlab, json or markdown, with blanks between them
#                    (sarif); the first two go to stdout
#   EKSNET_REPORTS   the folder of the others (eksnet-reports)
#
# In a step of GitHub Actions its outputs are `exit-code`, `incomplete` (true or false), `reports` and,
# when there is one, `sarif`.
set -euo pipefail

program=${EKSNET_BINARY:-eksnet}
reports=${EKSNET_REPORTS:-eksnet-reports}

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
    *)
        echo "error: EKSNET_FORMATS: there is no report \`$1\`" >&2
        echo "hint: there are table, github, sarif, junit, gitlab, json and markdown" >&2
        return 2
        ;;
    esac
}

# What every run is told.
flags=(audit)
while IFS= read -r -d '' vpc; do
    flags+=(--vpc "$vpc")
done < <(words "${EKSNET_VPC:-}")
[[ -z ${EKSNET_CLUSTER:-} ]] || flags+=(--cluster "$EKSNET_CLUSTER")
[[ -z ${EKSNET_POLICY:-} ]] || flags+=(--policy "$EKSNET_POLICY")
[[ -z ${EKSNET_FAIL_ON:-} ]] || flags+=(--fail-on "$EKSNET_FAIL_ON")
[[ -z ${EKSNET_BASELINE:-} ]] || flags+=(--baseline "$EKSNET_BASELINE")
while IFS= read -r -d '' word; do
    flags+=("$word")
done < <(words "${EKSNET_ARGS:-}")

formats=()
while IFS= read -r -d '' format; do
    # Before anything is read; and what an earlier run left is none of this one's.
    file=$(file_of "$format") || exit
    [[ -z $file ]] || rm -f -- "$file"
    formats+=("$format")
done < <(words "${EKSNET_FORMATS:-sarif}")
if ((${#formats[@]} == 0)); then
    # Nothing to write would be nothing to run, and pass.
    echo "error: EKSNET_FORMATS names no report" >&2
    echo "hint: there are table, github, sarif, junit, gitlab, json and markdown" >&2
    exit 2
fi
mkdir -p -- "$reports"

# The first run keeps what it saw for the others, so that all say the same. It holds ids and addresses
# and is gone afterwards.
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
snapshot=$scratch/snapshot.json

code=0
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
    status=0
    "$program" "${run[@]}" --output "$format" || status=$?
    code=$status
    # All runs judge the same and end alike, unless one has no answer.
    case $status in
    0 | 1 | 4) [[ -e $snapshot ]] || break ;;
    *) break ;;
    esac
done

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
# Without a file that was asked for, say, there is nothing in the reports either.
[[ -e $snapshot ]] || code_of="no answer"
case ${code_of:-$code} in
0) echo "eksnet: nothing at or above the bar" >&2 ;;
1) echo "eksnet: findings at or above the bar (exit code 1)" >&2 ;;
4) echo "eksnet: incomplete: something could not be seen, and the reports say what (exit code 4)" >&2 ;;
*) echo "eksnet: no answer (exit code $code)" >&2 ;;
esac
exit "$code"
