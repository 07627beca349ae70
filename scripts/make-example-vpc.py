#!/usr/bin/env python3
"""Make a VPC with an EKS cluster that never existed, as AWS CLI answers, and what is true of it.

Usage: scripts/make-example-vpc.py [--seed N] [--nodes N] OUTDIR

examples/vpc-prod is `--seed 1 --nodes 40`. Other seeds and sizes give other worlds for tests; the
same arguments give the same bytes (no clock, one random.Random).

The cluster is caught half way through a migration, since that is when address space is hard to
read: a managed node group still in secondary IP mode on the node subnets, one with custom
networking and prefix delegation, self-managed nodes with custom networking and secondary IPs (they
fragment one pod subnet), some Karpenter nodes, and one instance that only an `aws-K8S-` interface
gives away as a node. Around them what else lives in a VPC: the control plane, load balancers, NAT
gateways, endpoints, databases, functions, plain instances, leaked and unattached interfaces, and
two subnet CIDR reservations. One node subnet is about 85 % used.

Written to OUTDIR, in the form of `aws ... --output json`:
  vpcs.json, subnets.json, network-interfaces.json, instances.json (without each instance's own copy
  of its interfaces, which would double the size), subnet-cidr-reservations.json ({subnet id:
  answer}), clusters.json ({name: {cluster, nodegroups, fargate_profiles}})
and expected/truth.json: per subnet what was counted while the addresses were handed out. Nothing in it is
computed from the other files, so it can judge a program that reads them.

A folder deeper, so that the audit of the folder does without them until they are copied beside the others:
kubernetes/nodes.json, pods.json, eniconfigs.json and aws-node.json, what kubectl would print of the
same cluster; and expected/kubernetes.json, per node what was counted while its pods were placed. Their chance
is apart from the rest's, so that they change no other file.
"""

import argparse
import ipaddress
import json
import random
import sys
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path

REGION = "eu-central-1"
ZONES = {"a": "euc1-az2", "b": "euc1-az3", "c": "euc1-az1"}
ACCOUNT = "444455556666"
CLUSTER = "harbour-prod"
VPC_CIDRS = ["10.0.0.0/16", "100.64.0.0/16"]
# type: (interfaces, IPv4 addresses an interface), small to large
TYPES = {"m5.large": (3, 10), "c5.large": (3, 10), "m6i.large": (3, 10), "m5.xlarge": (4, 15),
         "r5.xlarge": (4, 15), "c6i.2xlarge": (4, 15), "m5.4xlarge": (8, 30),
         "m5.24xlarge": (15, 50)}
SMALL_TYPES = [name for name, (enis, _) in TYPES.items() if enis <= 4]
# what, kind in the truth, InterfaceType, RequesterId, the attachment's InstanceOwnerId and kind of
# id, security group, who owns its public address in a public subnet
SERVICES = {line.split()[0]: line.split()[1:] for line in f"""\
eks control-plane interface AROAEXAMPLEEKSROLE001:AmazonEKS 555566667777 eni cluster -
nat nat-gateway nat_gateway 777788889999 amazon-aws ela - {ACCOUNT}
alb load-balancer interface amazon-elb amazon-elb eni alb amazon-elb
nlb load-balancer network_load_balancer amazon-elb amazon-aws ela - {ACCOUNT}
endpoint vpc-endpoint vpc_endpoint 777788889999 amazon-aws ela endpoints -
rds rds interface amazon-rds amazon-rds eni database -
elasticache elasticache interface amazon-elasticache amazon-elasticache eni database -
efs efs efs 777788889999 amazon-aws ela endpoints -
lambda lambda lambda AROAEXAMPLELAMBDA0001:{ACCOUNT} amazon-aws ela plain -
tgw transit-gateway transit_gateway 777788889999 amazon-aws ela - -
fargate fargate interface 888899990000 888899990000 eni cluster -
resolver route53-resolver interface 666677778888 666677778888 eni endpoints -""".splitlines()}
# what, role of the subnet, most in each zone, description
IN_EACH_ZONE = [
    ("nat", "public", 1, lambda world: f"Interface for NAT Gateway {world.id('nat')}"),
    ("alb", "public", 2, lambda world: "ELB harbour-old-portal"),
    ("efs", "database", 1,
     lambda world: f"EFS mount target for {world.id('fs')} ({world.id('fsmt')})"),
    ("rds", "database", 3, lambda world: "RDSNetworkInterface"),
    ("elasticache", "database", 3, lambda world: f"ElastiCache harbour-cart-{world.hex(2)}"),
    ("resolver", "database", 2,
     lambda world: f"Route 53 Resolver: rslvr-in-{world.hex(17)}:rni-{world.hex(17)}"),
    ("lambda", "nodes", 3, lambda world: f"AWS Lambda VPC ENI-ingest-{world.uuid()}"),
    ("fargate", "nodes", 2, lambda world: f"fargate-{world.uuid()}"),
]


# What the daemonset aws-node runs with, half way through the migration.
CNI_ENVIRONMENT = {
    "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "true", "AWS_VPC_K8S_CNI_LOGLEVEL": "DEBUG",
    "CLUSTER_NAME": CLUSTER, "ENABLE_POD_ENI": "true", "ENABLE_PREFIX_DELEGATION": "true",
    "ENI_CONFIG_LABEL_DEF": "topology.kubernetes.io/zone", "VPC_ID": None,
    "WARM_ENI_TARGET": "1", "WARM_PREFIX_TARGET": "1"}
DAEMONS = ["aws-node", "kube-proxy", "node-exporter"]  # on the host's network of every node


def tag_list(pairs):
    return [{"Key": key, "Value": value} for key, value in dict(pairs).items()]


def present(answer):
    return {key: value for key, value in answer.items() if value is not None}


class Subnet:
    """A subnet's addresses as offsets from its first one, and every count the truth needs."""

    def __init__(self, rng, subnet_id, role, zone, cidr):
        self.rng, self.id, self.role, self.zone = rng, subnet_id, role, zone
        self.name = f"harbour-{role}-{REGION}{zone}"
        self.net = ipaddress.ip_network(cidr)
        self.total = self.net.num_addresses
        self.usable = self.total - 5
        self.free = set(range(4, self.total - 1))
        self.lottery = sorted(self.free)  # EC2 hands addresses out in no order
        rng.shuffle(self.lottery)
        self.used = 0
        self.owners = {}  # kind: [ids of interfaces, addresses]
        blocks = self.total // 16
        self.edge = {0, blocks - 1}
        self.clean = set(range(blocks)) - self.edge  # blocks nobody has touched
        self.filled = Counter()  # block: addresses used in it
        self.states = Counter(free=len(self.clean), reserved=len(self.edge))
        self.reserved = set()  # addresses in a reservation, of either kind
        self.reserved_free = 0
        self.explicit_blocks, self.prefix_blocks = set(), set()

    def address(self, offset):
        return str(self.net[offset])

    def offsets(self, cidr):
        first = int(ipaddress.ip_network(cidr)[0]) - int(self.net[0])
        return range(first, first + ipaddress.ip_network(cidr).num_addresses)

    def reserve(self, kind, cidr):
        """A reservation made now; what is in use inside it stays."""
        span = set(self.offsets(cidr))
        assert not span & self.reserved
        self.reserved |= span
        self.reserved_free += len(span & self.free)
        blocks = self.explicit_blocks if kind == "explicit" else self.prefix_blocks
        blocks.update(offset // 16 for offset in span)

    def pick(self, within=None):
        """A free address: any outside the reservations, or one of a CIDR. None if there is none."""
        if within:
            inside = [offset for offset in self.offsets(within) if offset in self.free]
            return self.rng.choice(inside) if inside else None
        while self.lottery:
            offset = self.lottery.pop()
            if offset in self.free and offset not in self.reserved:
                return offset
        return None

    def pick_block(self):
        """A free /28 to delegate: from the prefix reservation where there is one."""
        blocks = self.clean - self.explicit_blocks
        if self.prefix_blocks:
            blocks &= self.prefix_blocks
        return self.rng.choice(sorted(blocks)) if blocks else None

    def _hold(self, offset, kind, eni_id):
        self.free.remove(offset)
        self.used += 1
        self.reserved_free -= offset in self.reserved
        owner = self.owners.setdefault(kind, [set(), 0])
        owner[0].add(eni_id)
        owner[1] += 1

    def take(self, offset, kind, eni_id):
        self._hold(offset, kind, eni_id)
        block = offset // 16
        if block in self.edge:
            return
        self.filled[block] += 1
        if self.filled[block] == 1:
            self.clean.remove(block)
            self.states.update(free=-1, fragmented=1)
        elif self.filled[block] == 16:
            self.states.update(fragmented=-1, full=1)

    def take_block(self, block, kind, eni_id):
        for offset in range(block * 16, block * 16 + 16):
            self._hold(offset, kind, eni_id)
        self.clean.remove(block)
        self.states.update(free=-1, prefix=1)

    def available(self):
        return self.usable - self.used - self.reserved_free

    def truth(self):
        assignable = self.clean - self.explicit_blocks
        states = ("free", "fragmented", "full", "reserved", "prefix")
        return {
            "name": self.name, "cidr": str(self.net), "availability_zone": REGION + self.zone,
            "total": self.total, "usable": self.usable, "used": self.used,
            "free": self.usable - self.used, "available_reported": self.available(),
            "reserved_free": self.reserved_free,
            "owners": {kind: {"interfaces": len(enis), "addresses": count}
                       for kind, (enis, count) in sorted(self.owners.items())},
            "blocks28": {"total": self.total // 16} | {name: self.states[name] for name in states},
            "assignable_prefixes": len(assignable),
            "assignable_prefixes_in_reservation": len(assignable & self.prefix_blocks)}


class Instance:
    def __init__(self, instance_id, instance_type, subnet, group):
        self.id, self.type, self.subnet, self.group = instance_id, instance_type, subnet, group
        self.zone = subnet.zone
        self.max_enis, self.ips = TYPES[instance_type]
        self.enis = []


class World:
    def __init__(self, seed, nodes):
        self.rng = random.Random(seed)
        self.size = nodes
        self.vpc = self.id("vpc")
        self.sgs = {name: self.id("sg") for name in
                    ("cluster", "nodes", "pods", "alb", "endpoints", "database", "plain")}
        self.subnets, self.reservations = {}, []
        self.interfaces, self.instances, self.answers = [], [], []
        self.nodes = 0
        self.public = 0
        zones = self.rng.sample(sorted(ZONES), 3)
        self.heavy, self.fragmented = self.rng.choice(zones), zones[0]
        self.prefix_reserved, self.explicit = zones[1], self.rng.choice(zones)

    # identifiers and times

    def hex(self, digits):
        return f"{self.rng.getrandbits(4 * digits):0{digits}x}"

    def id(self, prefix):
        return f"{prefix}-0{self.hex(16)}"

    def time(self):
        start = datetime(2025, 1, 6, 6, 30, tzinfo=timezone.utc)
        return (start + timedelta(seconds=self.rng.randrange(300 * 86400))).isoformat()

    def uuid(self):
        return "-".join(self.hex(digits) for digits in (8, 4, 4, 4, 12))

    # subnets and reservations

    def make_subnets(self):
        shared = {f"kubernetes.io/cluster/{CLUSTER}": "shared"}
        internal = shared | {"kubernetes.io/role/internal-elb": "1"}
        plan = {  # role: (prefix length, where the first zone's starts, tags)
            "nodes": (22, "10.0.0.0", internal | {"karpenter.sh/discovery": CLUSTER}),
            "public": (26, "10.0.16.0", shared | {"kubernetes.io/role/elb": "1"}),
            "database": (26, "10.0.17.0", {}),
            "control-plane": (28, "10.0.18.0", shared),
            "pods": (20, "100.64.0.0", shared | {"kubernetes.io/role/cni": "1"}),
        }
        for role, (length, start, subnet_tags) in plan.items():
            for number, zone in enumerate(ZONES):
                first = ipaddress.ip_address(start) + number * 2 ** (32 - length)
                self.add_subnet(role, zone, f"{first}/{length}", subnet_tags)
        if self.rng.random() < 0.5:  # empty, and yet DescribeSubnets says that nothing is available
            zone = self.rng.choice(sorted(ZONES))
            self.add_subnet("spare-pods", zone, "100.64.48.0/24", {})
            self.reserve(self.subnets["spare-pods", zone], "prefix", "100.64.48.0/24")

    def add_subnet(self, role, zone, cidr, subnet_tags):
        subnet = self.subnets[role, zone] = Subnet(self.rng, self.id("subnet"), role, zone, cidr)
        pairs = [("Name", subnet.name), *subnet_tags.items()]
        self.rng.shuffle(pairs)
        subnet.tags = tag_list(pairs)

    def reserve(self, subnet, kind, cidr):
        subnet.reserve(kind, cidr)
        self.reservations.append({
            "SubnetCidrReservationId": self.id("scr"), "SubnetId": subnet.id, "Cidr": cidr,
            "ReservationType": kind, "OwnerId": ACCOUNT, "Tags": []})

    def any_cidr(self, subnet, *lengths):
        return str(self.rng.choice(list(subnet.net.subnets(new_prefix=self.rng.choice(lengths)))))

    def make_reservations(self):
        """They are made when some addresses inside are already in use."""
        subnet = self.subnets["nodes", self.explicit]
        cidr = self.any_cidr(subnet, 26, 27)
        for _ in range(self.rng.randint(2, 6)):
            self.service("endpoint", subnet, f"VPC Endpoint Interface {self.id('vpce')}", cidr)
        self.reserve(subnet, "explicit", cidr)
        if self.rng.random() < 0.4:  # smaller than a block, and it still spoils one
            other = self.rng.choice([zone for zone in ZONES if zone != self.explicit])
            subnet = self.subnets["nodes", other]
            self.reserve(subnet, "explicit", self.any_cidr(subnet, 29))
        subnet = self.subnets["pods", self.prefix_reserved]
        cidr = self.any_cidr(subnet, 21, 22)
        self.leaked(subnet, addresses=self.rng.randint(1, 6), within=cidr)
        self.reserve(subnet, "prefix", cidr)

    # interfaces

    def entry(self, subnet, offset, primary, association=None):
        address = subnet.address(offset)
        entry = {"Association": association} if association else {}
        name = f"ip-{address.replace('.', '-')}.{REGION}.compute.internal"
        return entry | {"Primary": primary, "PrivateDnsName": name, "PrivateIpAddress": address}

    def association(self, owner):
        """A public address, of the networks for documentation; it takes none of the subnet."""
        self.public += 1
        net = ("203.0.113", "198.51.100", "192.0.2")[self.public // 250]
        address = f"{net}.{self.public % 250 + 1}"
        elastic = {"AllocationId": self.id("eipalloc"), "AssociationId": self.id("eipassoc")}
        name = f"ec2-{address.replace('.', '-')}.{REGION}.compute.amazonaws.com"
        return (elastic if owner == ACCOUNT else {}) | {
            "IpOwnerId": owner, "PublicDnsName": name, "PublicIp": address}

    def interface(self, subnet, kind, description, *, requester, sg, itype="interface", eni_tags=(),
                  attachment=None, within=None, public=None, managed=False, status="in-use"):
        """An interface with its primary address, or None if the subnet has no address left."""
        offset = subnet.pick(within)
        if offset is None:
            return None
        eni = self.id("eni")
        subnet.take(offset, kind, eni)
        association = self.association(public) if public else None
        entry = self.entry(subnet, offset, True, association)
        answer = {
            "Association": association, "Attachment": attachment,
            "AvailabilityZone": REGION + subnet.zone, "Description": description,
            "Groups": [{"GroupId": self.sgs[sg], "GroupName": f"harbour-{sg}"}] if sg else [],
            "InterfaceType": itype, "Ipv6Addresses": [],
            "MacAddress": ":".join(["02", *(self.hex(2) for _ in range(5))]),
            "NetworkInterfaceId": eni, "OwnerId": ACCOUNT,
            "PrivateDnsName": entry["PrivateDnsName"],
            "PrivateIpAddress": entry["PrivateIpAddress"], "PrivateIpAddresses": [entry],
            "RequesterId": requester, "RequesterManaged": managed,
            "SourceDestCheck": itype != "nat_gateway", "Status": status, "SubnetId": subnet.id,
            "TagSet": tag_list(eni_tags), "VpcId": self.vpc, "Operator": {"Managed": False},
            "AvailabilityZoneId": ZONES[subnet.zone]}
        self.interfaces.append(present(answer))
        return self.interfaces[-1]

    def add_addresses(self, eni, subnet, kind, count, within=None):
        for _ in range(count):
            offset = subnet.pick(within)
            if offset is None:
                return
            subnet.take(offset, kind, eni["NetworkInterfaceId"])
            eni["PrivateIpAddresses"].append(self.entry(subnet, offset, False))

    def add_prefixes(self, eni, subnet, kind, count):
        for _ in range(count):
            block = subnet.pick_block()
            if block is None:
                return
            subnet.take_block(block, kind, eni["NetworkInterfaceId"])
            prefix = {"Ipv4Prefix": f"{subnet.address(block * 16)}/28"}
            eni.setdefault("Ipv4Prefixes", []).append(prefix)

    def attachment(self, index, owner, kind="eni", instance=None):
        answer = {"AttachTime": self.time() if kind == "eni" else None,
                  "AttachmentId": self.id(f"{kind}-attach"), "DeleteOnTermination": kind == "eni",
                  "DeviceIndex": index, "NetworkCardIndex": 0 if kind == "eni" else None,
                  "InstanceId": instance, "InstanceOwnerId": owner, "Status": "attached"}
        return present(answer)

    def service(self, what, subnet, description, within=None):
        kind, itype, requester, owner, id_kind, sg, public = SERVICES[what]
        has_public = subnet.role == "public" and public != "-"
        self.interface(subnet, kind, description, itype=itype, requester=requester,
                       sg=None if sg == "-" else sg, within=within, managed=True,
                       attachment=self.attachment(1, owner, id_kind),
                       public=public if has_public else None)

    def cni_tags(self, instance_id):
        return {"node.k8s.amazonaws.com/instance_id": instance_id,
                "cluster.k8s.amazonaws.com/name": CLUSTER, "eks:eni:owner": "amazon-vpc-cni"}

    # what else lives in the VPC

    def make_services(self):
        rng = self.rng
        for what, role, most, description in IN_EACH_ZONE:
            for zone in ZONES:
                for _ in range(rng.randint(1, most)):
                    self.service(what, self.subnets[role, zone], description(self))
        replicas = rng.choice([2, 2, 3, 4])  # 3 and 4: an upgrade of the control plane runs
        for zone in [*rng.sample(sorted(ZONES), 3), rng.choice(sorted(ZONES))][:replicas]:
            self.service("eks", self.subnets["control-plane", zone], f"Amazon EKS {CLUSTER}")
        tgw = self.id("tgw-attach")
        self.in_all_zones("tgw", "database",
                          f"Network Interface for Transit Gateway Attachment {tgw}")
        for _ in range(rng.randint(3, 6)):
            self.in_all_zones("endpoint", "nodes", f"VPC Endpoint Interface {self.id('vpce')}")
        for number in range(rng.randint(2, 5)):  # an ALB takes more addresses as its load grows
            role = rng.choice(["public", "nodes"])
            name = f"ELB app/k8s-shop-web{number}-{self.hex(10)}/{self.hex(16)}"
            for _ in range(rng.randint(1, 3)):
                self.in_all_zones("alb", role, name)
        for number in range(rng.randint(1, 3)):
            self.in_all_zones("nlb", "public", f"ELB net/k8s-infra-gw{number}/{self.hex(16)}")

    def in_all_zones(self, what, role, description):
        for zone in ZONES:
            self.service(what, self.subnets[role, zone], description)

    def make_plain_instances(self):
        self.launch(self.subnets["public", self.rng.choice("abc")], "m5.large", None,
                    {"Name": "bastion"}, public="amazon")
        builder = self.launch(self.subnets["nodes", self.rng.choice("abc")], "m5.xlarge", None,
                              {"Name": "build-agent", "team": "platform"})
        self.add_addresses(builder.enis[0], builder.subnet, "instance", self.rng.randint(1, 6))
        if self.rng.random() < 0.5:
            self.attach(builder, builder.subnet, "instance", "second interface")

    def leaked(self, subnet, addresses=0, prefixes=0, described=True, tagged=True, within=None):
        gone = self.id("i")
        eni = self.interface(
            subnet, "leaked-eni", f"aws-K8S-{gone}" if described else "",
            requester=f"AROAEXAMPLENODEROLE01:{gone}", sg="nodes", within=within,
            eni_tags=self.cni_tags(gone) if tagged else (), status="available")
        if eni:
            self.add_addresses(eni, subnet, "leaked-eni", addresses, within)
            self.add_prefixes(eni, subnet, "leaked-eni", prefixes)

    def make_leftovers(self):
        rng = self.rng
        for _ in range(rng.randint(2, 5)):
            subnet = self.subnets[rng.choice(["nodes", "pods"]), rng.choice("abc")]
            self.leaked(subnet, addresses=rng.choice([0, 4, 9, 14]))
        self.leaked(self.subnets["nodes", rng.choice("abc")], addresses=9, described=False)
        self.leaked(self.subnets["pods", rng.choice("abc")], tagged=False)
        self.leaked(self.subnets["pods", rng.choice("abc")], prefixes=rng.randint(1, 2))
        # an empty description and the tags of the CNI, of an instance that still runs: made or let go
        # just now, and its cleaner's to delete if it stays
        alive = rng.choice([node.id for node in self.instances if node.group])
        spare = [("unattached", "", {}),
                 ("unattached", "standby address of the mail relay", {"team": "mail"})]
        spare += [("leaked-eni", "", self.cni_tags(alive))] * rng.randint(0, 1)
        for kind, description, eni_tags in spare:
            self.interface(self.subnets[rng.choice(["nodes", "database"]), rng.choice("abc")],
                           kind, description, requester="AIDAEXAMPLEUSER000001",
                           sg="plain", eni_tags=eni_tags, status="available")

    # nodes

    def launch(self, subnet, instance_type, group, instance_tags, public=None):
        """An instance with its primary interface; a node if it belongs to a group."""
        instance = Instance(self.id("i"), instance_type, subnet, group)
        kind = "node" if group else "instance"
        eni = self.attach(instance, subnet, kind, "", public=public)
        if eni is None:
            sys.exit(f"error: no address left in {subnet.name} ({subnet.net})\n"
                     "hint: ask for fewer nodes")
        self.instances.append(instance)
        self.nodes += bool(group)
        self.answers.append(self.instance_answer(instance, eni, instance_tags))
        return instance

    def attach(self, instance, subnet, kind, description, **more):
        role = "NODEROLE01" if instance.enis else "ASGROLE001"
        eni = self.interface(
            subnet, kind, description, requester=f"AROAEXAMPLE{role}:{instance.id}",
            sg="nodes" if instance.group else "plain",
            attachment=self.attachment(len(instance.enis), ACCOUNT, instance=instance.id), **more)
        if eni:
            instance.enis.append(eni)
        return eni

    def cni_attach(self, node, subnet):
        """The interface that ipamd adds, if the type has a slot and the subnet an address left."""
        if len(node.enis) >= node.max_enis:
            return None
        return self.attach(node, subnet, "node", f"aws-K8S-{node.id}",
                           eni_tags=self.cni_tags(node.id))

    def node_counts(self):
        shares = {"general": 0.2, "dense": self.rng.uniform(0.3, 0.4),
                  "karpenter": self.rng.uniform(0.08, 0.16), "legacy": self.rng.uniform(0.12, 0.18)}
        counts, left = {"adopted": 1}, self.size - 1
        for group, share in shares.items():
            counts[group] = min(left, max(1, round(share * self.size)))
            left -= counts[group]
        counts["general"] += left
        return counts

    def make_nodes(self):
        """All instances first: whatever the pods take, every node has its primary address."""
        counts = self.node_counts()
        turn = sorted(ZONES, key=lambda zone: zone != self.fragmented)
        others = [zone for zone in ZONES if zone != self.heavy]
        order = {"general": [self.heavy, others[0], self.heavy, others[1]],
                 "legacy": [self.fragmented]}
        heavy_type = self.heavy_type((counts["general"] + 1) // 2)
        for group, count in counts.items():
            zones = order.get(group, turn)
            for number in range(count):
                zone = zones[number % len(zones)]
                kind = self.rng.choice(SMALL_TYPES)
                if group == "general" and zone == self.heavy:
                    kind = heavy_type
                elif group == "legacy":
                    kind = "m5.4xlarge"
                self.launch(self.subnets["nodes", zone], kind, group, self.node_tags(group, number))

    def heavy_type(self, nodes):
        """The smallest type of which so many nodes can fill the subnet that is heavily used."""
        wanted = 0.85 * self.subnets["nodes", self.heavy].usable / max(1, nodes)
        return next((name for name, (enis, ips) in TYPES.items() if (enis - 1) * ips >= wanted),
                    "m5.24xlarge")

    def node_tags(self, group, number):
        owned = {f"kubernetes.io/cluster/{CLUSTER}": "owned"}
        karpenter = {"karpenter.sh/nodepool": "burst", "eks:eks-cluster-name": CLUSTER}
        if group in ("general", "dense"):
            values = {"eks:cluster-name": CLUSTER, "eks:nodegroup-name": group,
                      "aws:autoscaling:groupName": f"eks-{group}-blue"} | owned
        elif group == "karpenter":  # any one of these tags is enough
            alone = [{key: value} for key, value in karpenter.items()]
            values = [karpenter | owned, *alone][number % 3]
        else:
            values = owned if group == "legacy" else {}
        name = f"worker-{number}" if group == "adopted" else f"{CLUSTER}-{group}"
        return {"Name": name} | values

    def members(self, *groups, zone=None):
        return [node for node in self.instances
                if node.group in groups and zone in (None, node.zone)]

    def make_pod_addresses(self):
        """Prefixes first, since afterwards the scattered addresses leave little room for them."""
        for node in self.members("adopted"):  # and this interface makes it a node
            self.grow(node, self.subnets["pods", node.zone])
        for node in self.members("dense"):
            subnet = self.subnets["pods", node.zone]
            wanted = self.rng.randint(2, 9)
            for slots in [node.ips - 1] * self.rng.randint(1, 2):
                eni = self.cni_attach(node, subnet) if wanted > 0 else None
                if eni:
                    self.add_prefixes(eni, subnet, "pod-prefix", min(slots, wanted))
                    wanted -= slots
        for node in self.members("karpenter"):
            self.add_prefixes(node.enis[0], node.subnet, "pod-prefix", self.rng.randint(1, 4))
        self.make_branch_pods()
        self.fragment()
        for zone in ZONES:
            self.fill(zone)

    def make_branch_pods(self):
        """Security groups for pods: a trunk on the node, a branch interface for each such pod."""
        nodes = self.members("general", "dense")
        owned = {"eks:eni:owner": "eks-vpc-resource-controller",
                 f"kubernetes.io/cluster/{CLUSTER}": "owned"}
        for node in self.rng.sample(nodes, min(len(nodes), self.rng.randint(2, 4))):
            subnet = node.subnet if node.group == "general" else self.subnets["pods", node.zone]
            if len(node.enis) >= node.max_enis:
                continue
            trunk = self.attach(node, subnet, "trunk", "aws-k8s-trunk-eni", itype="trunk",
                                eni_tags=owned)
            for vlan in range(1, self.rng.randint(2, 5)) if trunk else ():
                branch = {"vpcresources.k8s.aws/trunk-eni-id": trunk["NetworkInterfaceId"],
                          "vpcresources.k8s.aws/vlan-id": str(vlan)}
                self.interface(subnet, "branch-pod", "aws-k8s-branch-eni", itype="branch",
                               requester="AROAEXAMPLEEKSROLE001:AmazonEKS", sg="pods",
                               eni_tags=owned | branch)

    def grow(self, node, subnet):
        """One more interface with all the secondary addresses its type allows; False if none."""
        eni = self.cni_attach(node, subnet)
        if eni:
            self.add_addresses(eni, subnet, "pod", node.ips - 1)
        return bool(eni)

    def fragment(self):
        """Scatter addresses over the pod subnet until hardly a /28 is left."""
        subnet = self.subnets["pods", self.fragmented]
        nodes = self.members("legacy", zone=self.fragmented)
        goal = self.rng.randint(0, 8)
        while nodes and len(subnet.clean) > goal:
            node = self.rng.choice(nodes)
            if not self.grow(node, subnet):
                nodes.remove(node)

    def fill(self, zone):
        """Nodes in secondary IP mode: full interfaces, until the subnet is as used as wanted."""
        subnet = self.subnets["nodes", zone]
        share = self.rng.uniform(0.12, 0.22) * max(1, self.size / 40)
        target = subnet.usable * (0.85 if zone == self.heavy else min(share, 0.99))
        nodes = self.members("general", zone=zone)
        for node in nodes:
            if subnet.used + node.ips / 2 < target:
                self.add_addresses(node.enis[0], subnet, "pod", node.ips - 1)
        for node in nodes:  # WARM_ENI_TARGET: a spare interface each
            if subnet.used + node.ips / 2 < target:
                self.grow(node, subnet)
        while nodes and subnet.used + nodes[0].ips / 2 < target:
            node = self.rng.choice(nodes)
            if not self.grow(node, subnet):
                nodes.remove(node)

    # answers

    def instance_answer(self, instance, eni, instance_tags):
        launched, public = eni["Attachment"]["AttachTime"], eni.get("Association", {})
        answer = {
            "Architecture": "x86_64", "BlockDeviceMappings": [], "ClientToken": self.uuid(),
            "EbsOptimized": True, "EnaSupport": True, "Hypervisor": "xen",
            "RootDeviceName": "/dev/xvda", "RootDeviceType": "ebs", "SecurityGroups": eni["Groups"],
            "SourceDestCheck": True, "Tags": tag_list(instance_tags), "VirtualizationType": "hvm",
            "PlatformDetails": "Linux/UNIX", "Operator": {"Managed": False},
            "InstanceId": instance.id, "ImageId": "ami-07a1c95de30b8f264",
            "State": {"Code": 16, "Name": "running"}, "PrivateDnsName": eni["PrivateDnsName"],
            "PublicDnsName": public.get("PublicDnsName", ""), "StateTransitionReason": "",
            "AmiLaunchIndex": 0, "ProductCodes": [], "InstanceType": instance.type,
            "LaunchTime": launched,
            "Placement": {"AvailabilityZoneId": ZONES[instance.zone], "GroupName": "",
                          "Tenancy": "default", "AvailabilityZone": REGION + instance.zone},
            "Monitoring": {"State": "disabled"}, "SubnetId": instance.subnet.id, "VpcId": self.vpc,
            "PrivateIpAddress": eni["PrivateIpAddress"]}
        if public:
            answer["PublicIpAddress"] = public["PublicIp"]
        return {"ReservationId": self.id("r"), "OwnerId": ACCOUNT, "Groups": [],
                "Instances": [answer]}

    def vpc_answer(self):
        sets = [{"AssociationId": self.id("vpc-cidr-assoc"), "CidrBlock": cidr,
                 "CidrBlockState": {"State": "associated"}} for cidr in VPC_CIDRS]
        return {"OwnerId": ACCOUNT, "InstanceTenancy": "default", "CidrBlockAssociationSet": sets,
                "IsDefault": False, "Tags": tag_list({"Name": "harbour"}),
                "BlockPublicAccessStates": {"InternetGatewayBlockMode": "off"}, "VpcId": self.vpc,
                "State": "available", "CidrBlock": VPC_CIDRS[0], "DhcpOptionsId": self.id("dopt")}

    def subnet_answer(self, subnet):
        return {
            "AvailabilityZoneId": ZONES[subnet.zone], "MapCustomerOwnedIpOnLaunch": False,
            "OwnerId": ACCOUNT, "AssignIpv6AddressOnCreation": False,
            "Ipv6CidrBlockAssociationSet": [], "Tags": subnet.tags,
            "SubnetArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:subnet/{subnet.id}",
            "EnableDns64": False, "Ipv6Native": False,
            "PrivateDnsNameOptionsOnLaunch": {
                "HostnameType": "ip-name", "EnableResourceNameDnsARecord": False,
                "EnableResourceNameDnsAAAARecord": False},
            "BlockPublicAccessStates": {"InternetGatewayBlockMode": "off"},
            "SubnetId": subnet.id, "State": "available", "VpcId": self.vpc,
            "CidrBlock": str(subnet.net), "AvailableIpAddressCount": subnet.available(),
            "AvailabilityZone": REGION + subnet.zone, "DefaultForAz": False,
            "MapPublicIpOnLaunch": subnet.role == "public"}

    def reservation_answer(self, subnet):
        mine = [item for item in self.reservations if item["SubnetId"] == subnet.id]
        return {"SubnetIpv4CidrReservations": mine, "SubnetIpv6CidrReservations": []}

    def subnet_ids(self, role):
        return [self.subnets[role, zone].id for zone in ZONES]

    def cluster_answers(self):
        arn = f"arn:aws:eks:{REGION}:{ACCOUNT}"
        cluster = {
            "name": CLUSTER, "arn": f"{arn}:cluster/{CLUSTER}", "createdAt": self.time(),
            "version": "1.33", "roleArn": f"arn:aws:iam::{ACCOUNT}:role/{CLUSTER}-cluster",
            "resourcesVpcConfig": {
                "subnetIds": self.subnet_ids("control-plane"), "securityGroupIds": [],
                "clusterSecurityGroupId": self.sgs["cluster"], "vpcId": self.vpc,
                "endpointPublicAccess": False, "endpointPrivateAccess": True,
                "publicAccessCidrs": []},
            "kubernetesNetworkConfig": {"serviceIpv4Cidr": "172.20.0.0/16", "ipFamily": "ipv4"},
            "status": "ACTIVE", "platformVersion": "eks.9", "tags": {}}
        profile = {
            "fargateProfileName": "batch", "clusterName": CLUSTER, "createdAt": self.time(),
            "subnets": self.subnet_ids("nodes"), "selectors": [{"namespace": "batch"}],
            "status": "ACTIVE", "tags": {}}
        return {CLUSTER: {
            "cluster": cluster, "fargate_profiles": {"batch": profile},
            "nodegroups": {name: self.nodegroup(name) for name in ("general", "dense")}}}

    def nodegroup(self, name):
        nodes = self.members(name)
        scaling = {"minSize": 0, "maxSize": 2 * len(nodes) + 2, "desiredSize": len(nodes)}
        return {
            "nodegroupName": name, "clusterName": CLUSTER, "version": "1.33",
            "createdAt": self.time(), "status": "ACTIVE", "capacityType": "ON_DEMAND",
            "scalingConfig": scaling, "instanceTypes": sorted({node.type for node in nodes}),
            "subnets": self.subnet_ids("nodes"), "amiType": "AL2023_x86_64_STANDARD", "labels": {},
            "resources": {"autoScalingGroups": [{"name": f"eks-{name}-blue"}]},
            "health": {"issues": []}, "tags": {}}

    def truth(self):
        return {"vpc": self.vpc, "cluster": CLUSTER, "region": REGION, "account": ACCOUNT,
                "interfaces": len(self.interfaces), "nodes": self.nodes,
                "subnets": {subnet.id: subnet.truth() for subnet in self.subnets.values()}}

    def files(self):
        self.make_subnets()
        self.make_reservations()
        self.make_services()
        self.make_nodes()
        self.make_plain_instances()
        self.make_leftovers()
        self.make_pod_addresses()
        subnets = list(self.subnets.values())
        for answers in (subnets, self.interfaces, self.answers):
            self.rng.shuffle(answers)  # EC2 promises no order
        return {
            "vpcs": {"Vpcs": [self.vpc_answer()]},
            "subnets": {"Subnets": [self.subnet_answer(subnet) for subnet in subnets]},
            "network-interfaces": {"NetworkInterfaces": self.interfaces},
            "instances": {"Reservations": self.answers},
            "subnet-cidr-reservations": {
                subnet.id: self.reservation_answer(subnet) for subnet in subnets},
            "clusters": self.cluster_answers(),
            "truth": self.truth(),
        }


class Kubernetes:
    """The same cluster as kubectl shows it: pods placed on what the nodes' interfaces hold."""

    def __init__(self, world, seed):
        self.rng = random.Random(f"kubernetes {seed}")
        self.world = world
        self.pods, self.truth = [], {}
        branches = {}
        for eni in world.interfaces:
            for tag in eni["TagSet"]:
                if tag["Key"] == "vpcresources.k8s.aws/trunk-eni-id":
                    branches.setdefault(tag["Value"], []).append(eni["PrivateIpAddress"])
        nodes = sorted((node for node in world.instances if node.group), key=lambda node: node.id)
        self.nodes = [self.node(node, branches) for node in nodes]

    def suffix(self):
        return "".join(self.rng.choice("bcdfghjklmnpqrstvwxz2456789") for _ in range(5))

    def node(self, node, branches):
        name = node.enis[0]["PrivateDnsName"]
        host = node.enis[0]["PrivateIpAddress"]
        pool, branch = [], []
        for eni in node.enis:
            pool += [entry["PrivateIpAddress"] for entry in eni["PrivateIpAddresses"]
                     if not entry["Primary"]]
            for prefix in eni.get("Ipv4Prefixes", []):
                pool += [str(address) for address in ipaddress.ip_network(prefix["Ipv4Prefix"])]
            branch += branches.get(eni["NetworkInterfaceId"], [])
        formula = node.max_enis * (node.ips - 1) + 2
        allocatable = formula if node.group == "legacy" else min(110, formula)
        if node.group == "dense":
            allocatable = 110
        room = max(0, allocatable - len(DAEMONS) - len(branch))
        used = self.rng.sample(pool, min(room, self.rng.randint(0, len(pool))))
        for daemon in DAEMONS:
            self.pod("kube-system", f"{daemon}-{self.suffix()}", name, host, host,
                     owner="DaemonSet", host_network=True)
        for address in used:
            app = self.rng.choice(["web", "cart", "search", "billing"])
            self.pod("shop", f"{app}-{self.suffix()}", name, address, host)
        for address in branch:
            self.pod("payments", f"ledger-{self.suffix()}", name, address, host, branch=True)
        if used and self.rng.random() < 0.3:  # it is done, and its address is another pod's
            self.pod("batch", f"report-{self.suffix()}", name, used[0], host, owner="Job",
                     phase=self.rng.choice(["Succeeded", "Failed"]))
        if self.rng.random() < 0.2:  # it waits for an address
            self.pod("shop", f"web-{self.suffix()}", name, None, host, phase="Pending")
        self.truth[node.id] = {
            "node_name": name, "held_for_pods": len(pool), "pods": len(used),
            "warm_addresses": len(pool) - len(used), "host_network_pods": len(DAEMONS),
            "branch_pods": len(branch), "pods_elsewhere": 0, "allocatable_pods": allocatable}
        zone = REGION + node.zone
        return {"apiVersion": "v1", "kind": "Node",
                "metadata": {"name": name, "labels": {
                    "kubernetes.io/os": "linux", "node.kubernetes.io/instance-type": node.type,
                    "topology.kubernetes.io/zone": zone}},
                "spec": {"providerID": f"aws:///{zone}/{node.id}"},
                "status": {"allocatable": {"pods": str(allocatable)},
                           "capacity": {"pods": str(allocatable)}}}

    def pod(self, namespace, name, node, address, host, *, owner="ReplicaSet", phase="Running",
            host_network=False, branch=False):
        metadata = {"name": name, "namespace": namespace, "ownerReferences": [
            {"kind": owner, "name": name.rsplit("-", 1)[0], "controller": True}]}
        if branch:
            metadata["annotations"] = {"vpc.amazonaws.com/pod-eni": json.dumps(
                [{"privateIp": address}])}
        spec = {"nodeName": node} | ({"hostNetwork": True} if host_network else {})
        status = {"phase": phase, "hostIP": host} | ({"podIP": address} if address else {})
        self.pods.append({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec,
                          "status": status})

    def eni_config(self, zone):
        return {"apiVersion": "crd.k8s.amazonaws.com/v1alpha1", "kind": "ENIConfig",
                "metadata": {"name": REGION + zone},
                "spec": {"securityGroups": [self.world.sgs["pods"]],
                         "subnet": self.world.subnets["pods", zone].id}}

    def aws_node(self):
        values = CNI_ENVIRONMENT | {"VPC_ID": self.world.vpc}
        variables = [{"name": name, "value": value} for name, value in values.items()]
        variables.append({"name": "MY_NODE_NAME",
                          "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}})
        image = f"602401143452.dkr.ecr.{REGION}.amazonaws.com/amazon-k8s-cni:v1.23.1-eksbuild.1"
        return {"apiVersion": "apps/v1", "kind": "DaemonSet",
                "metadata": {"name": "aws-node", "namespace": "kube-system"},
                "spec": {"template": {"spec": {"hostNetwork": True, "containers": [
                    {"name": "aws-node", "image": image, "env": variables}]}}}}

    def files(self):
        """Texts by name; a list has an item a line."""
        self.pods.sort(key=lambda pod: (pod["metadata"]["namespace"], pod["metadata"]["name"]))
        lists = {"nodes": self.nodes, "pods": self.pods,
                 "eniconfigs": [self.eni_config(zone) for zone in sorted(ZONES)]}
        texts = {name: listed(items) for name, items in lists.items()}
        texts["aws-node"] = json.dumps(self.aws_node(), indent=1) + "\n"
        return texts


def listed(items):
    lines = ",\n".join(json.dumps(item) for item in items)
    head = '{"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": ['
    return f"{head}\n{lines}\n]}}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1, help="another world (default: 1)")
    parser.add_argument("--nodes", type=int, default=40, help="Kubernetes nodes (default: 40)")
    parser.add_argument("outdir", type=Path, metavar="OUTDIR")
    args = parser.parse_args()
    if args.nodes < 1:
        parser.error("--nodes must be at least 1")
    world = World(args.seed, args.nodes)
    files = world.files()
    kubernetes = Kubernetes(world, args.seed)
    args.outdir.mkdir(parents=True, exist_ok=True)
    # The truth lies a folder deeper, so that the audit of the folder does not meet it.
    (args.outdir / "expected").mkdir(exist_ok=True)
    for name, content in files.items():
        folder = args.outdir / "expected" if name == "truth" else args.outdir
        (folder / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")
    (args.outdir / "kubernetes").mkdir(exist_ok=True)
    for name, text in kubernetes.files().items():
        (args.outdir / "kubernetes" / f"{name}.json").write_text(text)
    truth = json.dumps(kubernetes.truth, indent=1) + "\n"
    (args.outdir / "expected" / "kubernetes.json").write_text(truth)


if __name__ == "__main__":
    main()
