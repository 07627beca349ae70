"""Reads the files that set max pods with the libraries of others, and prints what is in them as JSON.

usage: max_pods.py DIRECTORY. The directory has one for each case, with the files `nodeadm.yaml`, `bottlerocket.toml`,
`karpenter.yaml`, `eksctl.yaml`, `locals.tf`, those that there are, and `types.json` with the variables of each type in
each dialect. Expressions are evaluated by cel-python.
"""

import json
import re
import sys
import tomllib
from pathlib import Path

import celpy
import hcl2
import yaml
from celpy.celtypes import IntType, StringType

from read import filled, plain, validate


def least(*values):
    return min(values)


def evaluated(text, types):
    """The number that an expression gives each type."""
    environment = celpy.Environment()
    program = environment.program(environment.compile(text), functions={"min": least})
    numbers = {}
    for name, variables in types.items():
        typed = {
            key: StringType(value) if isinstance(value, str) else IntType(value)
            for key, value in variables.items()
        }
        numbers[name] = int(program.evaluate(typed))
    return numbers


def nodeadm(text, types):
    [config] = yaml.safe_load_all(text)
    kubelet = validate(config, "NodeConfig")["spec"]["kubelet"]
    if "maxPodsExpression" in kubelet:
        return {"numbers": evaluated(kubelet["maxPodsExpression"], types["nodeadm"])}
    return {"lowest": kubelet["config"]["maxPods"]}


def bottlerocket(text, _):
    settings = validate(tomllib.loads(text), "Bottlerocket")
    return {"lowest": settings["settings"]["kubernetes"]["max-pods"]}


def karpenter(text, types):
    classes, facts = {}, {"classes": {}}
    for one in yaml.safe_load_all(filled(text)):
        spec = validate(one, one["kind"])["spec"]
        if one["kind"] == "EC2NodeClass":
            classes[one["metadata"]["name"]] = spec["kubelet"]["maxPods"]
        else:
            template = spec["template"]["spec"]
            wanted = {term["key"]: term["values"] for term in template["requirements"]}
            for name in wanted["node.kubernetes.io/instance-type"]:
                facts["classes"][name] = classes[template["nodeClassRef"]["name"]]
    alternative = re.search(r"^#   maxPods: (.*)$", text, re.MULTILINE)
    if alternative:
        expression = yaml.safe_load(alternative.group(1))
        facts["numbers"] = evaluated(expression, types["karpenter"])
    return facts


def eksctl(text, _):
    [group] = validate(yaml.safe_load(filled(text)), "ClusterConfig")["managedNodeGroups"]
    return {"lowest": group["maxPodsPerNode"], "types": group["instanceTypes"]}


def terraform(text, _):
    [block] = plain(hcl2.loads(text))["locals"]
    value = block["max_pods"]
    return {"numbers": value} if isinstance(value, dict) else {"lowest": value}


READERS = {
    "nodeadm.yaml": nodeadm,
    "bottlerocket.toml": bottlerocket,
    "karpenter.yaml": karpenter,
    "eksctl.yaml": eksctl,
    "locals.tf": terraform,
}


def main():
    facts = {}
    for folder in sorted(Path(sys.argv[1]).iterdir()):
        types = json.loads((folder / "types.json").read_text())
        for name, read in READERS.items():
            path = folder / name
            if path.is_file():
                try:
                    facts.setdefault(folder.name, {})[name] = read(path.read_text(), types)
                except Exception as error:
                    sys.exit(f"{path}: {type(error).__name__}: {error}\n{path.read_text()}")
    json.dump(facts, sys.stdout)


if __name__ == "__main__":
    main()
