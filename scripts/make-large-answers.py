#!/usr/bin/env python3
"""Writes a folder of AWS CLI answers large enough to measure the offline reader by.

    scripts/make-large-answers.py FOLDER [--interfaces 200000] [--addresses 20] [--dense]

The interfaces are those of nodes of the VPC CNI, every field as `aws ec2 describe-network-interfaces`
prints it (JSON, four spaces). The same arguments give the same bytes. With the defaults that is
4 million addresses in about 1 GB; nothing of it is kept in the repository.
"""

import argparse
import ipaddress
import json
import pathlib

SUBNETS = 64
ENIS_PER_NODE = 4
ACCOUNT = "111122223333"
REGION = "eu-west-1"
# A VPC takes 50 blocks at most.
VPCS = ("vpc-0123456789abcdef0", "vpc-0123456789abcdef1")


def dns(address):
    return f"ip-{str(address).replace('.', '-')}.{REGION}.compute.internal"


def instance_id(subnet, node):
    return f"i-{subnet:03x}{node:014x}"


def first_address(subnet, at, count):
    return int(ipaddress.IPv4Address("10.0.0.0")) + (subnet << 16) + 4 + at * count


def vpc_id(subnet):
    return VPCS[subnet % len(VPCS)]


def vpc(name):
    blocks = [f"10.{number}.0.0/16" for number in range(SUBNETS) if vpc_id(number) == name]
    associations = [{"CidrBlock": block, "CidrBlockState": {"State": "associated"}} for block in blocks]
    return {"CidrBlock": blocks[0], "CidrBlockAssociationSet": associations, "OwnerId": ACCOUNT, "VpcId": name}


def instance(subnet, node, count):
    """A node; its primary ENI is the first of its interfaces."""
    address = ipaddress.IPv4Address(first_address(subnet, node * ENIS_PER_NODE, count))
    return {
        "Instances": [
            {
                "InstanceId": instance_id(subnet, node),
                "InstanceType": "m5.4xlarge",
                "PrivateDnsName": dns(address),
                "PrivateIpAddress": str(address),
                "State": {"Code": 16, "Name": "running"},
                "SubnetId": f"subnet-{subnet:017x}",
                "Tags": [{"Key": "kubernetes.io/cluster/prod", "Value": "owned"}],
                "VpcId": vpc_id(subnet),
            }
        ],
        "OwnerId": ACCOUNT,
    }


def interface(number, count):
    """The interface of a number, with its addresses in a row in its subnet."""
    subnet, at = number % SUBNETS, number // SUBNETS
    node, index = divmod(at, ENIS_PER_NODE)
    instance = instance_id(subnet, node)
    first = first_address(subnet, at, count)
    addresses = [str(ipaddress.IPv4Address(first + step)) for step in range(count)]
    row = {
        "Attachment": {
            "AttachTime": "2026-03-01T08:00:00+00:00",
            "AttachmentId": f"eni-attach-{number:017x}",
            "DeleteOnTermination": True,
            "DeviceIndex": index,
            "NetworkCardIndex": 0,
            "InstanceId": instance,
            "InstanceOwnerId": ACCOUNT,
            "Status": "attached",
        },
        "AvailabilityZone": f"{REGION}{'abc'[subnet % 3]}",
        "Description": f"aws-K8S-{instance}",
        "Groups": [{"GroupId": "sg-0123456789abcdef0", "GroupName": "nodes"}],
        "InterfaceType": "interface",
        "Ipv6Addresses": [],
        "MacAddress": "02:00:00:%02x:%02x:%02x" % tuple(number.to_bytes(3, "big")),
        # As random as EC2's, so that they come in no order.
        "NetworkInterfaceId": f"eni-{number * 0x9E3779B97F4A7C15 % (1 << 68):017x}",
        "OwnerId": ACCOUNT,
        "PrivateDnsName": dns(addresses[0]),
        "PrivateIpAddress": addresses[0],
        "PrivateIpAddresses": [
            {"Primary": not step, "PrivateDnsName": dns(address), "PrivateIpAddress": address}
            for step, address in enumerate(addresses)
        ],
        "RequesterId": f"AROAEXAMPLEROLE:{instance}",
        "RequesterManaged": False,
        "SourceDestCheck": True,
        "Status": "in-use",
        "SubnetId": f"subnet-{subnet:017x}",
        "TagSet": [
            {"Key": "cluster.k8s.amazonaws.com/name", "Value": "prod"},
            {"Key": "node.k8s.amazonaws.com/createdAt", "Value": f"2026-03-01T08:{number % 60:02}:00Z"},
            {"Key": "node.k8s.amazonaws.com/instance_id", "Value": instance},
        ],
        "VpcId": vpc_id(subnet),
    }
    return row


def write(path, key, rows, dense):
    """As `aws` prints it; or dense, as jq -c and programs write it."""
    begin, between, end = ('{"%s":[', ",", "]}\n") if dense else ('{\n    "%s": [\n        ', ",\n        ", "\n    ]\n}\n")
    with path.open("w") as out:
        out.write(begin % key)
        for number, row in enumerate(rows):
            if dense:
                text = json.dumps(row, separators=(",", ":"))
            else:
                text = json.dumps(row, indent=4).replace("\n", "\n" + " " * 8)
            out.write((between if number else "") + text)
        out.write(end)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--interfaces", type=int, default=200_000)
    parser.add_argument("--addresses", type=int, default=20, help="of each interface")
    parser.add_argument("--dense", action="store_true", help="without white space")
    given = parser.parse_args()
    if -(-given.interfaces // SUBNETS) * given.addresses > 65_500:
        parser.error("so many addresses do not fit 64 subnets of /16")
    given.folder.mkdir(parents=True, exist_ok=True)
    subnets = (
        {
            "AvailabilityZone": f"{REGION}{'abc'[number % 3]}",
            "AvailableIpAddressCount": 65_531
            - len(range(number, given.interfaces, SUBNETS)) * given.addresses,
            "CidrBlock": f"10.{number}.0.0/16",
            "OwnerId": ACCOUNT,
            "SubnetId": f"subnet-{number:017x}",
            "VpcId": vpc_id(number),
        }
        for number in range(SUBNETS)
    )
    write(given.folder / "subnets.json", "Subnets", subnets, given.dense)
    write(given.folder / "vpcs.json", "Vpcs", map(vpc, VPCS), given.dense)
    nodes = (
        instance(subnet, node, given.addresses)
        for subnet in range(min(SUBNETS, given.interfaces))
        for node in range(-(-len(range(subnet, given.interfaces, SUBNETS)) // ENIS_PER_NODE))
    )
    write(given.folder / "instances.json", "Reservations", nodes, given.dense)
    none = {f"subnet-{number:017x}": {"SubnetIpv4CidrReservations": []} for number in range(SUBNETS)}
    (given.folder / "subnet-cidr-reservations.json").write_text(json.dumps(none))
    (given.folder / "clusters.json").write_text("{}")
    interfaces = (interface(number, given.addresses) for number in range(given.interfaces))
    write(given.folder / "network-interfaces.json", "NetworkInterfaces", interfaces, given.dense)


if __name__ == "__main__":
    main()
