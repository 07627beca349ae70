"""The calls that make an account's network, each one entered in the ledger by its answer."""

from collections import defaultdict
from ipaddress import IPv4Network

import boto3
from botocore.config import Config
from ledger import Ledger, Node, Reservation, Subnet

REGION = "eu-west-1"
ROLE = "arn:aws:iam::123456789012:role/eks"
IMAGE = "ami-12345678"

# Owner kinds of an interface's primary and of its other addresses.
NODE = ("node", "pod")
TRUNK = ("trunk", "trunk")
CONTROL_PLANE = ("control-plane", "control-plane")
LEAKED = ("leaked-eni", "leaked-eni")
INSTANCE = ("instance", "instance")
# moto leaves every interface that is on no instance `available`, those of services too.
UNATTACHED = ("unattached", "unattached")


class Cloud:
    """The clients, and what was made with them."""

    def __init__(self, endpoint: str) -> None:
        access = {
            "region_name": REGION,
            "endpoint_url": endpoint,
            "aws_access_key_id": "test",
            "aws_secret_access_key": "test",
            "config": Config(retries={"total_max_attempts": 1}, read_timeout=60),
        }
        self.ec2 = boto3.client("ec2", **access)
        self.eks = boto3.client("eks", **access)
        self.ledger = Ledger()
        self.vpcs: dict[str, str] = {}
        # Cluster to subnet to the reasons why an audit of the cluster has it.
        self.because: dict = defaultdict(lambda: defaultdict(set))

    def vpc(self, name: str, *cidrs: str, **more) -> dict:
        vpc = self.ec2.create_vpc(CidrBlock=cidrs[0], **more)["Vpc"]
        for cidr in cidrs[1:]:
            self.ec2.associate_vpc_cidr_block(VpcId=vpc["VpcId"], CidrBlock=cidr)
        self.vpcs[name] = vpc["VpcId"]
        return vpc

    def subnet(self, vpc: str, name: str, cidr: str, zone: str, tags: dict | None = None, **more):
        answer = self.ec2.create_subnet(
            VpcId=self.vpcs[vpc],
            CidrBlock=cidr,
            AvailabilityZone=REGION + zone,
            TagSpecifications=tagged("subnet", {"Name": name, **(tags or {})}),
            **more,
        )["Subnet"]
        self.ledger.subnets[answer["SubnetId"]] = Subnet(answer)
        return answer["SubnetId"]

    def reserve(self, subnet: str, cidr: str, kind: str) -> None:
        answer = self.ec2.create_subnet_cidr_reservation(
            SubnetId=subnet, Cidr=cidr, ReservationType=kind
        )["SubnetCidrReservation"]
        reservation = Reservation(IPv4Network(answer["Cidr"]), answer["ReservationType"])
        self.ledger.subnets[subnet].reservations.append(reservation)

    def interface(
        self,
        subnet: str,
        addresses: list[str],
        kinds: tuple,
        description: str,
        tags: dict | None = None,
        **more,
    ) -> str:
        """An interface on nothing; the first address is the primary one."""
        answer = self.ec2.create_network_interface(
            SubnetId=subnet,
            Description=description,
            PrivateIpAddresses=[
                {"Primary": address == addresses[0], "PrivateIpAddress": address}
                for address in addresses
            ],
            TagSpecifications=tagged("network-interface", tags),
            **more,
        )["NetworkInterface"]
        eni = answer["NetworkInterfaceId"]
        self.ledger.hold(subnet, eni, answer["PrivateIpAddresses"], kinds)
        if kinds == LEAKED:
            self.ledger.subnets[subnet].leaked.add(eni)
        return eni

    def attach(self, eni: str, subnet: str, instance: str, device: int) -> None:
        self.ec2.attach_network_interface(
            NetworkInterfaceId=eni, InstanceId=instance, DeviceIndex=device
        )
        self.ledger.attach(instance, subnet, eni)

    def cni(self, instance: str, subnet: str, addresses: list[str], device: int, cluster=None):
        """An interface as the VPC CNI makes it."""
        tags = {"node.k8s.amazonaws.com/instance_id": instance}
        if cluster:
            tags["cluster.k8s.amazonaws.com/name"] = cluster
        eni = self.interface(subnet, addresses, NODE, f"aws-K8S-{instance}", tags)
        self.attach(eni, subnet, instance, device)
        return eni

    def instance(self, subnet: str, address: str, tags: dict | None, kinds=NODE, **more) -> str:
        """An instance with a primary interface of one address."""
        answer = self.ec2.run_instances(
            ImageId=IMAGE,
            MinCount=1,
            MaxCount=1,
            NetworkInterfaces=[
                {
                    "DeviceIndex": 0,
                    "SubnetId": subnet,
                    "PrivateIpAddress": address,
                    "DeleteOnTermination": True,
                }
            ],
            TagSpecifications=tagged("instance", tags),
            **{"InstanceType": "m5.large", **more},
        )["Instances"][0]
        primary = answer["NetworkInterfaces"][0]
        eni = primary["NetworkInterfaceId"]
        self.ledger.hold(subnet, eni, primary["PrivateIpAddresses"], kinds)
        if kinds == NODE:
            self.ledger.nodes[answer["InstanceId"]] = Node(answer)
            self.ledger.attach(answer["InstanceId"], subnet, eni)
        return answer["InstanceId"]


def tagged(resource: str, tags: dict | None) -> list[dict]:
    listed = [{"Key": key, "Value": value} for key, value in (tags or {}).items()]
    return [{"ResourceType": resource, "Tags": listed}] if listed else []


def span(network: str, first: int, last: int) -> list[str]:
    """The addresses of a network from one number to another, both included."""
    return [str(IPv4Network(network)[at]) for at in range(first, last + 1)]
