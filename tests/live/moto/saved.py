"""What the AWS CLI prints of an account, read with the same library."""

import json
from pathlib import Path

from cloud import Cloud


def listed(cloud: Cloud, operation: str) -> dict:
    """All pages of a listing as one answer, as the AWS CLI prints it."""
    pages = cloud.ec2.get_paginator(operation).paginate()
    answer = pages.build_full_result()
    answer.pop("ResponseMetadata", None)
    return answer


def saved_answers(cloud: Cloud) -> dict[str, dict]:
    """What the AWS CLI would save, by file."""
    reservations = {}
    for subnet in cloud.ledger.subnets:
        answer = cloud.ec2.get_subnet_cidr_reservations(SubnetId=subnet)
        answer.pop("ResponseMetadata")
        reservations[subnet] = answer
    return {
        "vpcs": listed(cloud, "describe_vpcs"),
        "subnets": listed(cloud, "describe_subnets"),
        "network-interfaces": listed(cloud, "describe_network_interfaces"),
        "instances": listed(cloud, "describe_instances"),
        "subnet-cidr-reservations": reservations,
        "clusters": {"demo": saved_cluster(cloud, "demo")},
    }


def saved_cluster(cloud: Cloud, name: str) -> dict:
    eks = cloud.eks
    groups = eks.list_nodegroups(clusterName=name)["nodegroups"]
    profiles = eks.list_fargate_profiles(clusterName=name)["fargateProfileNames"]
    return {
        "cluster": eks.describe_cluster(name=name)["cluster"],
        "nodegroups": {
            group: eks.describe_nodegroup(clusterName=name, nodegroupName=group)["nodegroup"]
            for group in groups
        },
        "fargate_profiles": {
            profile: eks.describe_fargate_profile(clusterName=name, fargateProfileName=profile)[
                "fargateProfile"
            ]
            for profile in profiles
        },
    }


def save(folder: Path, name: str, answer: dict) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(answer, default=lambda it: it.isoformat()))
