#!/usr/bin/env python3
"""Turn a file of merged instance facts into data/instance-limits.json.

Usage: scripts/import-instance-limits.py FACTS.json > data/instance-limits.json

FACTS.json holds `meta` (as_of, sources, disagreements) and `instance_types`, one object a type, as
merged from DescribeInstanceTypes answers and the tables of amazon-vpc-cni-k8s and
amazon-vpc-resource-controller-k8s. The output is the project's own form: a header, then one type a
line, sorted by name, so that a change of limits is a change of lines. null is "no source says".

To refresh the table from AWS itself use `eksnet limits update` instead: it reads
DescribeInstanceTypes and carries over what that call does not tell.
"""

import json
import sys

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


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        facts = json.load(file)
    meta = facts["meta"]
    names = {**SHORT_SOURCES, **LONG_SOURCES}
    sources = {names[long]: f"{long}: {text}" for long, text in meta["sources"].items()}

    def compact(value):
        return json.dumps(value, separators=(",", ":"))

    rows = sorted((line(fact) for fact in facts["instance_types"]), key=lambda row: row["instance_type"])
    print('{"schema":"eksnet.instance-limits/v1",')
    print(f' "as_of":{compact(meta["as_of"])},')
    print(' "sources":{')
    print(",\n".join(f"  {compact(key)}:{compact(text)}" for key, text in sorted(sources.items())))
    print(' },\n "disagreements":[')
    print(",\n".join(compact(row) for row in disagreements(meta)))
    print(' ],\n "instance_types":[')
    print(",\n".join(compact(row) for row in rows))
    print("]}")


if __name__ == "__main__":
    main()
