"""Makes VPCs, nodes and EKS clusters through the API of a moto server.

    world.py ENDPOINT FOLDER

Prints as JSON what an audit of them must say, by the answers to the calls that made them, and
writes what the AWS CLI would print of them to FOLDER.

Addresses are always named: those that moto draws itself may be the ones AWS keeps, or drawn twice.
"""

import json
import sys
from pathlib import Path

from cloud import (
    CONTROL_PLANE,
    IMAGE,
    INSTANCE,
    LEAKED,
    NODE,
    REGION,
    ROLE,
    TRUNK,
    UNATTACHED,
    Cloud,
    span,
)
from ledger import Subnet
from saved import listed, save, saved_answers


def prod_subnets(cloud: Cloud) -> dict[str, str]:
    rows = [
        ("nodes-a", "10.20.0.0/24", "a", {"kubernetes.io/cluster/demo": "shared"}),
        ("nodes-b", "10.20.1.0/24", "b", {}),
        ("small", "10.20.2.0/26", "a", {"karpenter.sh/discovery": "demo"}),
        ("tiny", "10.20.2.64/28", "a", {}),
        ("tight", "10.20.2.96/27", "b", {}),
        ("reserved", "10.20.3.0/24", "c", {}),
        ("batch", "10.20.4.0/25", "c", {}),
        ("stranger", "10.20.5.0/24", "a", {"karpenter.sh/discovery": "other"}),
        ("half", "10.20.6.0/24", "c", {}),
        ("empty", "10.20.8.0/23", "b", {}),
        ("late", "10.20.10.0/24", "b", {}),
        ("crowd", "10.20.16.0/20", "c", {}),
        ("pods-a", "100.64.0.0/20", "a", {"kubernetes.io/role/cni": "1"}),
        ("pods-b", "100.64.16.0/22", "b", {}),
    ]
    cloud.vpc("prod", "10.20.0.0/16", "100.64.0.0/16")
    return {name: cloud.subnet("prod", name, cidr, *more) for name, cidr, *more in rows}


def managed_node(cloud: Cloud, at: dict[str, str]) -> str:
    """A node of a managed node group: tagged, with secondary addresses on both its interfaces."""
    node = cloud.instance(
        at["nodes-a"], "10.20.0.10", {"eks:cluster-name": "demo", "Name": "node-1"}
    )
    primary, _ = next(iter(cloud.ledger.nodes[node].interfaces.items()))
    more_addresses(cloud, node, at["nodes-a"], primary)
    cloud.cni(node, at["nodes-a"], span("10.20.0.0/24", 20, 29), 1, "demo")
    trunk = cloud.interface(at["nodes-a"], ["10.20.0.80"], TRUNK, "aws-k8s-trunk-eni")
    cloud.attach(trunk, at["nodes-a"], node, 2)
    # moto knows no association with a trunk: a branch ENI that is `available` was left behind.
    for branch in ("10.20.0.81", "10.20.0.82"):
        cloud.interface(at["nodes-a"], [branch], LEAKED, "aws-k8s-branch-eni")
    return node


def more_addresses(cloud: Cloud, node: str, subnet: str, eni: str) -> None:
    """Addresses that an interface gets later, and one that it loses again."""
    asked = span("10.20.0.0/24", 11, 15)
    answer = cloud.ec2.assign_private_ip_addresses(NetworkInterfaceId=eni, PrivateIpAddresses=asked)
    # moto answers with all the addresses, the primary one first.
    new = answer["AssignedPrivateIpAddresses"][1:]
    cloud.ledger.hold(subnet, eni, new, NODE)
    cloud.ec2.unassign_private_ip_addresses(NetworkInterfaceId=eni, PrivateIpAddresses=asked[-1:])
    cloud.ledger.release(subnet, asked[-1:])
    cloud.ledger.attach(node, subnet, eni)


def prod_nodes(cloud: Cloud, at: dict[str, str]) -> None:
    """Nodes that are known by each of the ways, and instances that are none."""
    living = managed_node(cloud, at)
    karpenter = cloud.instance(
        at["nodes-a"], "10.20.0.40", {"karpenter.sh/nodepool": "default"}, InstanceType="c5.xlarge"
    )
    cloud.cni(karpenter, at["pods-a"], span("100.64.0.0/20", 10, 24), 1, "demo")
    by_interface = cloud.instance(at["nodes-a"], "10.20.0.60", None)
    cloud.cni(by_interface, at["nodes-a"], span("10.20.0.0/24", 61, 62), 1)
    owned = cloud.instance(at["nodes-b"], "10.20.1.10", {"kubernetes.io/cluster/demo": "owned"})
    # A /28 block with no address left.
    cloud.cni(owned, at["nodes-b"], span("10.20.1.0/24", 32, 47), 1)
    # Over the border of two blocks.
    cloud.cni(owned, at["pods-b"], span("100.64.16.0/22", 254, 260), 2)
    # Nodes by one tag alone, of other clusters.
    for address, key in [
        ("10.20.5.10", "eks:cluster-name"),
        ("10.20.5.11", "karpenter.sh/nodepool"),
        ("10.20.5.12", "eks:eks-cluster-name"),
        ("10.20.5.13", "kubernetes.io/cluster/other"),
    ]:
        cloud.instance(at["stranger"], address, {key: "other"})

    bastion = cloud.instance(at["nodes-a"], "10.20.0.70", {"Name": "bastion"}, INSTANCE)
    data = cloud.interface(at["nodes-a"], span("10.20.0.0/24", 71, 72), INSTANCE, "bastion data")
    cloud.attach(data, at["nodes-a"], bastion, 1)
    left_behind(cloud, at["nodes-a"], living)


def left_behind(cloud: Cloud, subnet: str, living: str) -> None:
    """Interfaces on nothing: of nodes that are gone, by description and by tag, and others."""
    key = "node.k8s.amazonaws.com/instance_id"
    cloud.interface(subnet, span("10.20.0.0/24", 100, 104), LEAKED, "aws-K8S-i-0deadbeef00000000")
    gone = cloud.instance(subnet, "10.20.0.110", None, INSTANCE)
    by_tag = span("10.20.0.0/24", 111, 112)
    eni = cloud.interface(subnet, by_tag, LEAKED, "secondary", {key: gone})
    detach = cloud.ec2.attach_network_interface(
        NetworkInterfaceId=eni, InstanceId=gone, DeviceIndex=1
    )
    cloud.ec2.detach_network_interface(AttachmentId=detach["AttachmentId"])
    cloud.ec2.terminate_instances(InstanceIds=[gone])
    cloud.ledger.release(subnet, ["10.20.0.110"])

    cloud.interface(subnet, ["10.20.0.120"], UNATTACHED, "ELB app/web/0123456789abcdef")
    cloud.interface(subnet, ["10.20.0.121"], UNATTACHED, "RDSNetworkInterface")
    cloud.interface(subnet, ["10.20.0.122"], UNATTACHED, "kept for later", {key: living})
    deleted = cloud.interface(subnet, ["10.20.0.130"], UNATTACHED, "deleted")
    cloud.ec2.delete_network_interface(NetworkInterfaceId=deleted)
    cloud.ledger.release(subnet, ["10.20.0.130"])


def prod_rest(cloud: Cloud, at: dict[str, str]) -> None:
    for subnet, address in (("nodes-a", "10.20.0.90"), ("nodes-b", "10.20.1.90")):
        cloud.interface(at[subnet], [address], CONTROL_PLANE, "Amazon EKS demo")
    # The first and the last address that can be had: both lie in blocks AWS keeps part of.
    cloud.interface(at["small"], ["10.20.2.4", "10.20.2.62"], UNATTACHED, "ends")
    # 10 of 11 is critical, 22 of 27 a warning.
    cloud.interface(at["tiny"], span("10.20.2.64/28", 4, 13), UNATTACHED, "nearly full")
    cloud.interface(at["tight"], span("10.20.2.96/27", 4, 25), UNATTACHED, "filling")

    reserved = at["reserved"]
    for cidr, kind in [
        ("10.20.3.8/32", "explicit"),
        ("10.20.3.64/26", "prefix"),
        ("10.20.3.144/28", "prefix"),
        ("10.20.3.192/28", "explicit"),
    ]:
        cloud.reserve(reserved, cidr, kind)
    for address in ("10.20.3.8", "10.20.3.70", "10.20.3.100", "10.20.3.200", "10.20.3.210"):
        cloud.interface(reserved, [address], UNATTACHED, "by hand")
    # Up to the last address, which AWS keeps and a reservation may cover all the same.
    cloud.reserve(at["half"], "10.20.6.128/25", "prefix")
    crowd(cloud, at["crowd"])


def crowd(cloud: Cloud, subnet: str) -> None:
    """Many instances in one call, each at an address of moto's choice."""
    answer = cloud.ec2.run_instances(
        ImageId=IMAGE, MinCount=100, MaxCount=100, InstanceType="t3.micro", SubnetId=subnet
    )
    for instance in answer["Instances"]:
        for eni in instance["NetworkInterfaces"]:
            eni_id = eni["NetworkInterfaceId"]
            cloud.ledger.hold(subnet, eni_id, eni["PrivateIpAddresses"], INSTANCE)


def edge(cloud: Cloud) -> None:
    """Services whose interfaces moto makes, each at an address of 10.0.0.0/8 at random."""
    cloud.vpc("edge", "172.20.0.0/16")
    public = cloud.subnet("edge", "public", "172.20.0.0/24", "a")
    allocation = cloud.ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = cloud.ec2.create_nat_gateway(SubnetId=public, AllocationId=allocation)["NatGateway"]
    for address in nat["NatGatewayAddresses"]:
        listed = [{"PrivateIpAddress": address["PrivateIp"], "Primary": True}]
        cloud.ledger.hold(public, address["NetworkInterfaceId"], listed, UNATTACHED)
    endpoint = cloud.ec2.create_vpc_endpoint(
        VpcId=cloud.vpcs["edge"],
        ServiceName=f"com.amazonaws.{REGION}.ecr.api",
        VpcEndpointType="Interface",
        SubnetIds=[public],
    )["VpcEndpoint"]
    described = cloud.ec2.describe_network_interfaces(
        NetworkInterfaceIds=endpoint["NetworkInterfaceIds"]
    )
    for eni in described["NetworkInterfaces"]:
        eni_id = eni["NetworkInterfaceId"]
        cloud.ledger.hold(public, eni_id, eni["PrivateIpAddresses"], UNATTACHED)
    # A public address is none of the subnet's.
    gateway = cloud.instance(public, "172.20.0.9", None, INSTANCE)
    elastic = cloud.ec2.allocate_address(Domain="vpc")["AllocationId"]
    cloud.ec2.associate_address(InstanceId=gateway, AllocationId=elastic)


def dual_stack(cloud: Cloud) -> None:
    """IPv6 addresses count for nothing in a subnet's IPv4 space."""
    vpc = cloud.vpc("dual", "10.30.0.0/16", AmazonProvidedIpv6CidrBlock=True)
    block = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
    six = block.replace("/56", "/64")
    subnet = cloud.subnet("dual", "dual-a", "10.30.0.0/26", "a", Ipv6CidrBlock=six)
    cloud.interface(
        subnet, span("10.30.0.0/26", 20, 22), UNATTACHED, "both stacks", Ipv6AddressCount=3
    )


def clusters(cloud: Cloud, at: dict[str, str]) -> dict[str, str]:
    """Two clusters; by name, their ARNs."""
    name_the_vpc(cloud)
    demo = cloud.because["demo"]
    arns = {
        name: cloud.eks.create_cluster(
            name=name,
            roleArn=ROLE,
            version="1.33",
            resourcesVpcConfig={"subnetIds": [at[subnet] for subnet in subnets]},
        )["cluster"]["arn"]
        for name, subnets in {"demo": ["nodes-a", "nodes-b"], "many": ["nodes-b"]}.items()
    }
    for subnet in ("nodes-a", "nodes-b"):
        demo[at[subnet]].add("cluster")
    for name, subnets in {"general": ["nodes-a", "tight"], "burst": ["nodes-a"]}.items():
        node_group(cloud, "demo", name, [at[subnet] for subnet in subnets])
    fargate_profile(cloud, "demo", "jobs", at["batch"])
    demo[at["nodes-a"]].add("tag:kubernetes.io/cluster/demo=shared")
    demo[at["small"]].add("tag:karpenter.sh/discovery=demo")
    for name in ("demo", "many"):
        cloud.because[name][at["pods-a"]].add("tag:kubernetes.io/role/cni=1")
    # By the nodes' tags, and for the node of Karpenter by its interface's.
    for subnet in ("nodes-a", "nodes-b", "pods-a", "pods-b"):
        demo[at[subnet]].add("node-eni")

    cloud.because["many"][at["nodes-b"]].add("cluster")
    # More than EKS lists on a page.
    for number in range(104):
        fargate_profile(cloud, "many", f"profile-{number:03}", at["empty"])
    fargate_profile(cloud, "many", "profile-104", at["late"])
    return arns


def name_the_vpc(cloud: Cloud) -> None:
    """EKS answers with the VPC of a cluster's subnets. moto answers with the request's own words,
    so the request has to say it.
    """

    def add(params, **_):
        body = json.loads(params["body"])
        body["resourcesVpcConfig"]["vpcId"] = cloud.vpcs["prod"]
        params["body"] = json.dumps(body).encode()

    cloud.eks.meta.events.register("before-call.eks.CreateCluster", add)


def node_group(cloud: Cloud, cluster: str, name: str, subnets: list[str]) -> None:
    answer = cloud.eks.create_nodegroup(
        clusterName=cluster, nodegroupName=name, subnets=subnets, nodeRole=ROLE
    )["nodegroup"]
    for subnet in answer["subnets"]:
        cloud.because[cluster][subnet].add(f"node-group:{name}")


def fargate_profile(cloud: Cloud, cluster: str, name: str, subnet: str) -> None:
    answer = cloud.eks.create_fargate_profile(
        clusterName=cluster,
        fargateProfileName=name,
        podExecutionRoleArn=ROLE,
        subnets=[subnet],
        selectors=[{"namespace": name}],
    )["fargateProfile"]
    for subnet_id in answer["subnets"]:
        cloud.because[cluster][subnet_id].add(f"fargate-profile:{name}")


def take_over_defaults(cloud: Cloud) -> None:
    """Enters the subnets that are there before anything is made: those of the default VPC."""
    for answer in cloud.ec2.describe_subnets()["Subnets"]:
        cloud.ledger.subnets[answer["SubnetId"]] = Subnet(answer)


def check(cloud: Cloud, interfaces: dict) -> None:
    """The truth is worth nothing where moto did other than it answered."""
    there = {
        (eni["SubnetId"], eni["NetworkInterfaceId"], listed["PrivateIpAddress"])
        for eni in interfaces["NetworkInterfaces"]
        for listed in eni["PrivateIpAddresses"]
    }
    wrong = there ^ cloud.ledger.holdings()
    assert not wrong, f"moto holds other addresses than it answered: {sorted(wrong)}"


def truth(cloud: Cloud, arns: dict[str, str], answers: dict[str, dict], types: list[dict]) -> dict:
    available = {
        subnet["SubnetId"]: subnet["AvailableIpAddressCount"]
        for subnet in answers["subnets"]["Subnets"]
    }
    subnets = cloud.ledger.subnets
    leaks = {id: leak for id, subnet in subnets.items() if (leak := subnet.leak())}
    because = {
        cluster: {subnet: sorted(reasons) for subnet, reasons in found.items()}
        for cluster, found in cloud.because.items()
    }
    return {
        "account": answers["vpcs"]["Vpcs"][0]["OwnerId"],
        "vpcs": cloud.vpcs,
        "subnets": {id: subnet.row(available[id]) for id, subnet in subnets.items()},
        "nodes": [node.row() for _, node in sorted(cloud.ledger.nodes.items())],
        "leaks": leaks,
        "outside": [
            {"interface": eni, "address": str(address), "cidr": str(subnet.network)}
            for subnet in subnets.values()
            for eni, address in subnet.outside
        ],
        "clusters": {name: {"arn": arns[name], "because": because[name]} for name in arns},
        "types": [type_row(answer) for answer in types],
    }


def type_row(answer: dict) -> dict:
    """A type with its max pods in the plain mode: a secondary address a pod, two on the host."""
    network, vcpus = answer["NetworkInfo"], answer["VCpuInfo"]["DefaultVCpus"]
    card = network.get("DefaultNetworkCardIndex", 0)
    enis = network["NetworkCards"][card]["MaximumNetworkInterfaces"]
    pods = enis * (network["Ipv4AddressesPerInterface"] - 1) + 2
    return {
        "instance_type": answer["InstanceType"],
        "max_pods": min(pods, 110 if vcpus <= 30 else 250),
    }


def main(endpoint: str, folder: Path) -> None:
    cloud = Cloud(endpoint)
    take_over_defaults(cloud)
    at = prod_subnets(cloud)
    prod_nodes(cloud, at)
    prod_rest(cloud, at)
    edge(cloud)
    dual_stack(cloud)
    arns = clusters(cloud, at)

    answers = saved_answers(cloud)
    check(cloud, answers["network-interfaces"])
    for name, answer in answers.items():
        save(folder / "answers", name, answer)
    types = listed(cloud, "describe_instance_types")
    save(folder, "instance-types", types)
    json.dump(truth(cloud, arns, answers, types["InstanceTypes"]), sys.stdout)


main(sys.argv[1], Path(sys.argv[2]))
