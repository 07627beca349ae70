"""Evaluates expressions of max pods with cel-python, and says what they mean for each instance type.

usage: cel.py CATALOGUE CASES. CATALOGUE is data/instance-limits.json; CASES is a JSON list of objects with a
dialect, an expression and whether prefixes are on. Prints a list with an object for each case: per type the max
pods that the node gets, the pods without an address, and the MiB that are reserved; null is none or unknown.
"""

import json
import math
import sys

import celpy
from celpy import celtypes

MOST = 2**31 - 1


def chosen(pick):
    """Karpenter's min or max: a double where one of both is."""

    def of_both(a, b):
        if isinstance(a, celtypes.DoubleType) or isinstance(b, celtypes.DoubleType):
            return celtypes.DoubleType(pick(float(a), float(b)))
        return pick(a, b)

    return of_both


FUNCTIONS = {
    "karpenter": {"min": chosen(min), "max": chosen(max)},
    "nodeadm": {},
    "castai": {"least": lambda _, *all: min(all), "greatest": lambda _, *all: max(all)},
}


def variables(dialect, row, nodeadm):
    """What a type is, in the words of a dialect; None is what no source states."""
    enis, ipv4 = row["enis_per_card"][row["default_network_card"]], row["ipv4_per_eni"]
    if dialect == "nodeadm":
        enis, ipv4 = nodeadm.get(row["instance_type"], (enis, ipv4))
    memory = row["memory_mib"]
    pods = enis * (ipv4 - 1) + 2
    if dialect == "castai":
        return pods, {
            "NUM_MAX_NET_INTERFACES": enis,
            "NUM_IP_PER_INTERFACE": ipv4,
            "NUM_IP_PER_PREFIX": 16,
            "NUM_CPU": row["vcpus"],
            "NUM_RAM_GB": None if memory is None else memory // 1024,
            "math": 0,
        }
    own = {"default_enis": enis, "ips_per_eni": ipv4, "max_pods": pods, "vcpus": row["vcpus"]}
    if dialect == "nodeadm":
        return pods, own | {"physical_memory_mib": memory}
    return pods, own | {"memory_mib": memory, "instance_type": row["instance_type"]}


def bound(value):
    return celtypes.StringType(value) if isinstance(value, str) else celtypes.IntType(value)


def evaluate(program, text, dialect, values):
    """The value that the dialect takes, "unusable", or None where it is unknown."""
    known = {name: bound(value) for name, value in values.items() if value is not None}
    try:
        result = program.evaluate(known)
    except celpy.CELEvalError:
        # The message need not name what has no value.
        missing = [name for name, value in values.items() if value is None]
        return None if any(name in text for name in missing) else "unusable"
    if isinstance(result, celtypes.BoolType):
        return "unusable"
    if isinstance(result, celtypes.StringType) and dialect == "nodeadm":
        result = int(str(result)) if str(result).lstrip("+-").isdigit() else "unusable"
    if not isinstance(result, (int, float)) or not math.isfinite(result):
        return "unusable"
    least = 0 if dialect == "karpenter" else 1
    return int(result) if least <= int(result) <= MOST else "unusable"


def carried(row, prefixes):
    """Pods that the ENIs of the default network card carry."""
    slots = row["enis_per_card"][row["default_network_card"]] * (row["ipv4_per_eni"] - 1)
    able = row["bare_metal"] or row["hypervisor"] == "nitro"
    return slots * (16 if prefixes and able else 1) + 2


def answers(case, rows, nodeadm):
    dialect = case["dialect"]
    environment = celpy.Environment()
    tree = environment.compile(case["expression"])
    program = environment.program(tree, functions=FUNCTIONS[dialect])
    found, seen = {}, {}
    for row in rows:
        pods, values = variables(dialect, row, nodeadm)
        # Types of the same size have the same values.
        key = tuple(value for name, value in values.items() if name in case["expression"])
        if key not in seen:
            seen[key] = evaluate(program, case["expression"], dialect, values)
        value = seen[key]
        if value == "unusable":
            value = pods if dialect == "nodeadm" else None
        if value is None:
            found[row["instance_type"]] = [None, None, None]
        else:
            stranded = max(0, value - carried(row, case["prefixes"]))
            reserved = min(11 * value + 255, 2**32 - 1)
            found[row["instance_type"]] = [value, stranded, reserved]
    return found


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        catalogue = json.load(file)
    with open(sys.argv[2], encoding="utf-8") as file:
        cases = json.load(file)
    nodeadm = {
        row["instance_type"]: (row["said"]["nodeadm"]["enis"], row["said"]["nodeadm"]["ipv4_per_eni"])
        for row in catalogue["disagreements"]
        if "nodeadm" in row["said"]
    }
    rows = [row for row in catalogue["instance_types"] if not row.get("retired", False)]
    json.dump([answers(case, rows, nodeadm) for case in cases], sys.stdout)


main()
