#!/usr/bin/env python3
"""Turn a file of merged instance facts into data/instance-limits.json.

Usage: scripts/import-instance-limits.py FACTS.json > data/instance-limits.json

FACTS.json holds `meta` (as_of, sources, disagreements) and `instance_types`, one object a type, as
merged from DescribeInstanceTypes answers and the tables of amazon-vpc-cni-k8s and
amazon-vpc-resource-controller-k8s. The output is the project's own form: a header, then one type a
line, sorted by name, so that a change of limits is a change of lines. null is "no source says".

What no such facts hold is carried over from the table that is there: retired types, names without
published limits, vCPUs that the facts leave open, and EFA and additional flexible ENIs, which
DescribeInstanceTypes states. A row leaves those last out where no source says.

To refresh the table from AWS itself use `eksnet limits update` instead: it reads
DescribeInstanceTypes and carries over what that call does not tell.
"""

import json
import pathlib
import sys

TABLE = pathlib.Path(__file__).resolve().parent.parent / "data" / "instance-limits.json"
# Sources of what is carried over.
CARRIED_SOURCES = ("cni-history", "types")

# Fields that a row leaves out where no source states them.
STATED = ("efa_interfaces", "efa_on_default_card", "additional_flexible_enis")

SHORT_SOURCES = {
    "DescribeInstanceTypes": "ec2",
    "vpc-cni": "cni",
    "vpc-resource-controller": "vrc",
}
LONG_SOURCES = {"vcpus and memory of retired types": "autoscaler"}


def line(fact):
    cards = sorted(fact["network_cards"], key=lambda card: card["index"])
    if [card["index"] for card in cards] != list(range(len(cards))):
        sys.exit(f"{fact['instance_type']}: network cards are not numbered from 0")
    return {
        "instance_type": fact["instance_type"],
        "default_network_card": fact["default_network_card"],
        "enis_per_card": [card["max_enis"] for card in cards],
        "ipv4_per_eni": fact["ipv4_per_eni"],
        "ipv6_per_eni": fact["ipv6_per_eni"],
        "hypervisor": fact["hypervisor"],
        "bare_metal": fact["bare_metal"],
        "vcpus": fact["vcpus"],
        "memory_mib": fact["memory_mib"],
        "architectures": fact["architectures"],
        "current_generation": fact["current_generation"],
        "trunking": fact["trunking"],
        "branch_enis": fact["branch_enis"],
        **{key: fact.get(key) for key in STATED},
        "sources": sorted(SHORT_SOURCES[source] for source in fact["sources"]),
    }


def disagreements(meta):
    rows = []
    for item in sorted(meta["disagreements"], key=lambda item: item["instance_type"]):
        said = {
            source: {"enis": pair[0], "ipv4_per_eni": pair[1]}
            for source, pair in sorted(item.items())
            if source not in ("instance_type", "used")
        }
        rows.append({"instance_type": item["instance_type"], "said": said})
    return rows


def carry_over(rows, table):
    """The rows with what only the table there has, and its retired types."""
    known = {row["instance_type"]: row for row in table["instance_types"]}
    for row in rows:
        old = known.get(row["instance_type"])
        for key in STATED:
            if row[key] is None:
                row[key] = old and old.get(key)
            if row[key] is None:
                del row[key]
        if old and row["vcpus"] is None and old["vcpus"] is not None:
            row["vcpus"] = old["vcpus"]
            row["sources"] = old["sources"]
    there = {row["instance_type"] for row in rows}
    retired = [row for row in table["instance_types"] if row.get("retired")]
    return rows + [row for row in retired if row["instance_type"] not in there]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        facts = json.load(file)
    meta = facts["meta"]
    names = {**SHORT_SOURCES, **LONG_SOURCES}
    sources = {names[long]: f"{long}: {text}" for long, text in meta["sources"].items()}

    table = json.loads(TABLE.read_text(encoding="utf-8"))
    sources.update({name: table["sources"][name] for name in CARRIED_SOURCES})

    def compact(value):
        return json.dumps(value, separators=(",", ":"))

    rows = carry_over([line(fact) for fact in facts["instance_types"]], table)
    rows.sort(key=lambda row: row["instance_type"])
    print('{"schema":"eksnet.instance-limits/v1",')
    print(f' "as_of":{compact(meta["as_of"])},')
    print(' "sources":{')
    print(",\n".join(f"  {compact(key)}:{compact(text)}" for key, text in sorted(sources.items())))
    print(' },\n "disagreements":[')
    print(",\n".join(compact(row) for row in disagreements(meta)))
    print(f' ],\n "unpublished":{compact(table["unpublished"])},')
    print(' "instance_types":[')
    print(",\n".join(compact(row) for row in rows))
    print("]}")


if __name__ == "__main__":
    main()
