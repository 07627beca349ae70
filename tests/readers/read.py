"""Reads the files of a plan with the libraries of others, and prints what is in them as JSON.

usage: read.py DIRECTORY [FILE]. The directory has one for each plan; FILE reads one file alone. Every file is read
twice: as it is, with its placeholders, and filled in. What a reader or a schema refuses ends the run.
"""

import email
import email.policy
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import hcl2
import jsonschema
import yaml

SCHEMAS = json.loads((Path(__file__).parent / "schemas.json").read_text())
PLACEHOLDER = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


def value_of(name):
    """A value for a placeholder that has the form of a real one and says which it is."""
    number = f"{int.from_bytes(name.encode(), 'big') % (1 << 60):015x}"
    if name.startswith("SUBNET_ID_"):
        FILLED[f"subnet-{number}"] = name
        return f"subnet-{number}"
    known = {
        "VPC_ID": f"vpc-{number}",
        "NODE_SECURITY_GROUP_ID": f"sg-{number}",
        "API_SERVER_ENDPOINT": "https://example.invalid",
        "CERTIFICATE_AUTHORITY": "QUJD",
        "SERVICE_CIDR": "fd00::/108",
    }
    return f"ami-{number}" if name.startswith("AMI_ID_") else known.get(name, name.lower())


FILLED = {}


def filled(text):
    return PLACEHOLDER.sub(lambda found: value_of(found.group(1)), text)


def validate(value, kind):
    # Each schema refers to the others of the file.
    jsonschema.validate(value, {**SCHEMAS, "$ref": f"#/{kind}"})
    return value


def variable(subnet_id):
    """The placeholder that an id stands for, or an id that was written as one."""
    return FILLED.get(subnet_id, subnet_id)


def plain(value):
    """What python-hcl2 leaves as it is written: quotes and escapes of text."""
    if isinstance(value, str) and value.startswith('"'):
        inner = value[1:-1].replace("$${", "${").replace("%%{", "%{")
        return json.loads(f'"{inner}"')
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items() if key != "__is_block__"}
    return value


def resources(document):
    for block in document.get("resource", []):
        for kind, named in block.items():
            for name, body in named.items():
                yield kind, name, body


def subnet_variable(reference):
    """SUBNET_ID_PODS_A of `aws_subnet.pods_a.id` and of `var.subnet_id_pods_a`."""
    found = re.fullmatch(r"\$\{(?:aws_subnet\.(\w+)\.id|var\.subnet_id_(\w+))\}", reference)
    return "SUBNET_ID_" + (found.group(1) or found.group(2)).upper()


def terraform_network(text):
    document = plain(hcl2.loads(text))
    facts = {"subnets": {}, "blocks": [], "reservations": [], "tags": []}
    for kind, name, body in resources(document):
        if kind == "aws_subnet":
            facts["subnets"][body["cidr_block"]] = {
                "zone": body["availability_zone"],
                "tags": body["tags"],
                "id": "SUBNET_ID_" + name.upper(),
            }
        elif kind == "aws_vpc_ipv4_cidr_block_association":
            facts["blocks"].append(body["cidr_block"])
        elif kind == "aws_vpc":
            facts["primary"] = body["cidr_block"]
        elif kind == "aws_ec2_subnet_cidr_reservation":
            owner = subnet_variable(body["subnet_id"])
            facts["reservations"].append([owner, body["cidr_block"], body["reservation_type"]])
        elif kind == "aws_ec2_tag":
            owner = subnet_variable(body["resource_id"])
            facts["tags"].append([owner, body["key"], body["value"]])
    return facts


def terraform_eks(text):
    document = plain(hcl2.loads(text))
    facts = {"configurations": [], "nodes": {}}
    for block in document.get("locals", []):
        for values in block.values():
            facts["configurations"].append(configuration(values, subnet_variable))
    for kind, _, body in resources(document):
        if kind == "aws_eks_node_group":
            [scaling] = body["scaling_config"]
            facts["nodes"][body["node_group_name"]] = {
                "sizes": [scaling["min_size"], scaling["desired_size"], scaling["max_size"]],
                "types": body["instance_types"],
                "subnets": [subnet_variable(id) for id in body["subnet_ids"]],
            }
        elif kind == "aws_autoscaling_group":
            sizes = [body["min_size"], body["desired_capacity"], body["max_size"]]
            facts["nodes"][body["name"]] = {
                "sizes": sizes,
                "subnets": [subnet_variable(id) for id in body["vpc_zone_identifier"]],
                "warm_pool": body.get("warm_pool", [{"min_size": 0}])[0]["min_size"],
            }
    return facts


def configuration(values, id):
    subnets = values.get("eniConfig", {}).get("subnets", {})
    windows = {key: str(value) for key, value in values.items() if "indows" in key}
    return {
        "env": values.get("env", {}),
        "eni_configs": {name: id(subnet["id"]) for name, subnet in subnets.items()},
        "windows": windows,
    }


def lint(templates):
    program = Path(sys.executable).parent / "cfn-lint"
    # W3010: the zones of a plan are what it is about.
    run = [program, "--non-zero-exit-code", "informational", "--ignore-checks", "W3010", "--"]
    done = subprocess.run([*run, *templates], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"cfn-lint: {done.stdout}{done.stderr}")


def cloudformation(text):
    template = yaml.safe_load(text)
    facts = {"subnets": {}, "blocks": [], "configurations": [], "nodes": {}, "max_pods": []}

    def logical(name):
        return name

    for name, resource in template.get("Resources", {}).items():
        kind, body = resource["Type"], resource["Properties"]
        if kind == "AWS::EC2::Subnet":
            tags = {tag["Key"]: tag["Value"] for tag in body["Tags"]}
            facts["subnets"][body["CidrBlock"]] = {"zone": body["AvailabilityZone"], "tags": tags}
        elif kind == "AWS::EC2::VPCCidrBlock" and "CidrBlock" in body:
            facts["blocks"].append([name, body["CidrBlock"]])
        elif kind == "AWS::EC2::VPC":
            facts["primary"] = body["CidrBlock"]
        elif kind == "AWS::EKS::Addon":
            values = body["ConfigurationValues"]
            if isinstance(values, dict):
                values = values["Fn::Sub"].replace("${!", "\0")
                values = re.sub(r"\$\{(\w+)\}", lambda found: found.group(1), values)
                values = values.replace("\0", "${")
            facts["configurations"].append(configuration(json.loads(values), logical))
        elif kind == "AWS::EKS::Nodegroup":
            scaling = body["ScalingConfig"]
            facts["nodes"][body["NodegroupName"]] = {
                "sizes": [scaling["MinSize"], scaling["DesiredSize"], scaling["MaxSize"]],
                "types": body["InstanceTypes"],
            }
        elif kind == "AWS::EC2::LaunchTemplate":
            data = body["LaunchTemplateData"]["UserData"]["Fn::Base64"]["Fn::Sub"]
            facts["max_pods"].append(user_data(data.replace("${", "$ {"))["max_pods"][0])
    facts["blocks"] = [cidr for _, cidr in sorted(facts["blocks"])]
    return facts


def eksctl(text):
    config = validate(yaml.safe_load(filled(text)), "ClusterConfig")
    facts = {"subnets": {}, "nodes": {}, "max_pods_of": {}, "configurations": []}
    for subnet in config["vpc"]["subnets"]["private"].values():
        facts["subnets"][subnet["cidr"]] = {"zone": subnet["az"], "id": variable(subnet["id"])}
    ids = config["vpc"].get("controlPlaneSubnetIDs", [])
    facts["control_plane"] = [variable(id) for id in ids]
    for addon in config.get("addons", []):
        values = validate(json.loads(addon["configurationValues"]), "Addon")
        facts["configurations"].append(configuration(values, variable))
    for group in config.get("managedNodeGroups", []) + config.get("nodeGroups", []):
        facts["nodes"][group["name"]] = {
            "sizes": [group["minSize"], group["desiredCapacity"], group["maxSize"]],
            "subnets": [variable(id) for id in group["subnets"]],
        }
        facts["max_pods_of"][group["name"]] = group.get("maxPodsPerNode")
    return facts


def eni_configs(text):
    documents = list(yaml.safe_load_all(filled(text)))
    return {
        "eni_configs": {
            validate(one, "ENIConfig")["metadata"]["name"]: variable(one["spec"]["subnet"])
            for one in documents
        }
    }


def karpenter(text):
    facts = {"max_pods_of": {}, "nodes": {}}
    for one in yaml.safe_load_all(filled(text)):
        validate(one, one["kind"])
        name, spec = one["metadata"]["name"], one["spec"]
        group = facts["nodes"].setdefault(name, {})
        if one["kind"] == "EC2NodeClass":
            facts["max_pods_of"][name] = spec["kubelet"]["maxPods"]
            group["subnets"] = [variable(term["id"]) for term in spec["subnetSelectorTerms"]]
        else:
            wanted = {term["key"]: term["values"] for term in spec["template"]["spec"]["requirements"]}
            group["types"] = wanted["node.kubernetes.io/instance-type"]
            group["budget"] = spec["disruption"]["budgets"][0]["nodes"]
            group["cpu"] = int(spec["limits"]["cpu"])
    return facts


def node_config(text):
    [config] = yaml.safe_load_all(text)
    return {"max_pods": [validate(config, "NodeConfig")["spec"]["kubelet"]["config"]["maxPods"]]}


def nodeadm(text):
    return node_config(filled(text))


def user_data(text):
    message = email.message_from_string(text, policy=email.policy.default)
    if message.defects or not message.is_multipart():
        sys.exit(f"user data is no MIME message: {message.defects}")
    [part] = message.iter_parts()
    if part.get_content_type() != "application/node.eks.aws":
        sys.exit(f"user data has a part of type {part.get_content_type()}")
    body = part.get_payload()
    [config] = yaml.safe_load_all(body)
    return {"max_pods": [config["spec"]["kubelet"]["config"]["maxPods"]]}


def bottlerocket(text):
    tomllib.loads(text)
    settings = validate(tomllib.loads(filled(text)), "Bottlerocket")
    return {"max_pods": [settings["settings"]["kubernetes"]["max-pods"]]}


def addon(text):
    values = validate(json.loads(filled(text)), "Addon")
    if "init" in values or "nodeAgent" in values:
        sys.exit("the add-on has no such values")
    return {"configurations": [configuration(values, variable)]}


def helm(text):
    return {"configurations": [configuration(validate(yaml.safe_load(filled(text)), "Addon"), variable)]}


def shell(text, path):
    subprocess.run(["sh", "-n", path], check=True)
    fake = "kubectl() { printf '%s\\0' \"$@\"; printf '\\1'; }\n"
    done = subprocess.run(["sh", "-c", fake + text], check=True, capture_output=True, text=True)
    calls = [call.split("\0")[:-1] for call in done.stdout.split("\1")[:-1]]
    facts = {"set": {}, "unset": [], "windows_data": {}}
    for call in calls:
        if "env" in call:
            for change in call[call.index("daemonset/aws-node") + 1 :]:
                name, equals, value = change.partition("=")
                if equals:
                    facts["set"][name] = value
                else:
                    facts["unset"].append(change.removesuffix("-"))
        elif "--patch" in call:
            facts["windows_data"] = json.loads(call[call.index("--patch") + 1])["data"]
    return facts


READERS = {
    "network.tf": terraform_network,
    "eks.tf": terraform_eks,
    "cloudformation.yaml": cloudformation,
    "eksctl.yaml": eksctl,
    "eniconfigs.yaml": eni_configs,
    "karpenter.yaml": karpenter,
    "vpc-cni-addon.json": addon,
    "vpc-cni-values.yaml": helm,
    "set-env.sh": shell,
    "scenario.yaml": lambda text: {"read": bool(yaml.safe_load(text))},
    "plan.json": lambda text: {"read": bool(json.loads(text))},
    "RUNBOOK.md": lambda text: {"read": True},
}
BY_BEGINNING = {"nodeadm": nodeadm, "bottlerocket": bottlerocket, "user-data": user_data}


def reader(name):
    beginning = re.match(r"nodeadm|bottlerocket|user-data", name)
    return BY_BEGINNING[beginning.group()] if beginning else READERS[name]


def main():
    root = Path(sys.argv[1])
    found = [root / sys.argv[2]] if len(sys.argv) > 2 else sorted(root.rglob("*"))
    paths = [path for path in found if path.is_file()]
    templates = [path for path in paths if path.name == "cloudformation.yaml"]
    if templates:
        lint(templates)
    facts = {}
    for path in paths:
        text = path.read_text(encoding="utf-8")
        read = reader(path.name)
        try:
            if path.suffix == ".yaml":
                list(yaml.safe_load_all(text))
            plan, _, name = path.relative_to(root).as_posix().partition("/")
            known = read(text, str(path)) if read is shell else read(text)
            facts.setdefault(plan, {})[name] = known
        except Exception as error:
            sys.exit(f"{path}: {type(error).__name__}: {error}")
    json.dump(facts, sys.stdout)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUTF8", "1")
    main()
