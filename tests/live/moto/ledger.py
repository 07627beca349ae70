"""What an audit must say of each subnet, counted address by address from what the API answered.

Slow and obvious on purpose: sets of addresses and one loop a number, nothing shared with the
program under test.
"""

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network

WARN_AT, CRITICAL_AT = 80, 90


@dataclass
class Reservation:
    network: IPv4Network
    kind: str


@dataclass
class Subnet:
    """A subnet with every address that an interface holds in it."""

    answer: dict
    reservations: list[Reservation] = field(default_factory=list)
    # Address to (interface, owner kind).
    held: dict[IPv4Address, tuple[str, str]] = field(default_factory=dict)
    # What moto gave to interfaces of the subnet from another network: (interface, address).
    outside: list[tuple[str, IPv4Address]] = field(default_factory=list)
    leaked: set[str] = field(default_factory=set)

    @property
    def network(self) -> IPv4Network:
        return IPv4Network(self.answer["CidrBlock"])

    @property
    def name(self) -> str | None:
        return tags_of(self.answer.get("Tags", [])).get("Name")

    def kept(self) -> set[IPv4Address]:
        """The addresses AWS keeps: the first four and the last."""
        return {*(self.network[at] for at in range(4)), self.network[-1]}

    def free(self) -> set[IPv4Address]:
        return set(self.network) - self.kept() - set(self.held)

    def reserved_free(self) -> set[IPv4Address]:
        return {a for a in self.free() if any(a in r.network for r in self.reservations)}

    def blocks(self) -> list[tuple[IPv4Network, str]]:
        """Each /28 with its character on the map."""
        found = []
        for block in self.network.subnets(new_prefix=28):
            used = sum(address in self.held for address in block)
            if self.kept() & set(block):
                state = "A"
            else:
                state = "." if used == 0 else "#" if used == 16 else "+"
            found.append((block, state))
        return found

    def assignable(self) -> list[IPv4Network]:
        """The blocks a prefix can still come from: free, and not kept back for explicit use."""
        explicit = [r.network for r in self.reservations if r.kind == "explicit"]
        return [
            block
            for block, state in self.blocks()
            if state == "." and not any(block.overlaps(network) for network in explicit)
        ]

    def assignable_in_reservation(self) -> list[IPv4Network]:
        prefix = [r.network for r in self.reservations if r.kind == "prefix"]
        return [b for b in self.assignable() if any(b.subnet_of(network) for network in prefix)]

    def blocks28(self) -> dict:
        states = [state for _, state in self.blocks()]
        return {
            "total": len(states),
            "free": states.count("."),
            "fragmented": states.count("+"),
            "full": states.count("#"),
            "reserved": states.count("A"),
            # moto knows no delegated prefixes.
            "prefix": 0,
        }

    def fragmentation_score(self) -> int | None:
        blocks = self.blocks28()
        spoiled = blocks["fragmented"] + blocks["full"]
        candidates = spoiled + len(self.assignable())
        return -(-spoiled * 100 // candidates) if candidates else None

    def owners(self) -> list[dict]:
        kinds = sorted({kind for _, kind in self.held.values()})
        rows = []
        for kind in kinds:
            interfaces = [eni for eni, its in self.held.values() if its == kind]
            rows.append(
                {"kind": kind, "interfaces": len(set(interfaces)), "addresses": len(interfaces)}
            )
        return rows

    def status(self) -> str:
        percent = 100 * len(self.held)
        usable = self.network.num_addresses - 5
        if percent >= CRITICAL_AT * usable:
            return "critical"
        return "warning" if percent >= WARN_AT * usable else "ok"

    def row(self, available: int) -> dict:
        """The subnet as `eksnet audit -o json --map` has to show it."""
        usable, used = self.network.num_addresses - 5, len(self.held)
        free, reserved_free = len(self.free()), len(self.reserved_free())
        row = {
            "subnet_id": self.answer["SubnetId"],
            "name": self.name,
            "vpc_id": self.answer["VpcId"],
            "availability_zone": self.answer["AvailabilityZone"],
            "cidr": self.answer["CidrBlock"],
            "total": self.network.num_addresses,
            "usable": usable,
            "used": used,
            "free": free,
            "reserved_free": reserved_free,
            "available_reported": available,
            # Rounded half up, in whole numbers.
            "utilization": (used * 20_000 + usable) // (2 * usable) / 10_000,
            "blocks28": self.blocks28(),
            "assignable_prefixes": len(self.assignable()),
            "assignable_prefixes_in_reservation": len(self.assignable_in_reservation()),
            "fragmentation_score": self.fragmentation_score(),
            "owners": self.owners(),
            "status": self.status(),
            "map": "".join(state for _, state in self.blocks()),
        }
        # moto does not take reservations from its available count as EC2 does.
        if not self.reservations:
            row["unexplained"] = free - available
        return row

    def leak(self) -> dict | None:
        """What the finding about interfaces that nodes left behind has to name."""
        addresses = sum(eni in self.leaked for eni, _ in self.held.values())
        return {"interfaces": sorted(self.leaked), "addresses": addresses} if self.leaked else None


@dataclass
class Node:
    """A Kubernetes node with its interfaces: each one's subnet and number of addresses."""

    answer: dict
    interfaces: dict[str, tuple[str, int]] = field(default_factory=dict)

    def row(self) -> dict:
        """The node as `eksnet audit -o json --nodes` has to show it."""
        addresses = sum(count for _, count in self.interfaces.values())
        return {
            "instance_id": self.answer["InstanceId"],
            "name": tags_of(self.answer.get("Tags", [])).get("Name"),
            "instance_type": self.answer["InstanceType"],
            "availability_zone": self.answer["Placement"]["AvailabilityZone"],
            "enis": len(self.interfaces),
            "secondary_addresses": addresses - len(self.interfaces),
            "prefixes": 0,
            "addresses": addresses,
        }


class Ledger:
    """Every subnet and node of the region."""

    def __init__(self) -> None:
        self.subnets: dict[str, Subnet] = {}
        self.nodes: dict[str, Node] = {}

    def hold(self, subnet_id: str, eni: str, addresses: list[dict], kinds: tuple) -> None:
        """Enters what an interface holds; `kinds` are those of its primary and other addresses."""
        subnet = self.subnets[subnet_id]
        for listed in addresses:
            address = IPv4Address(listed["PrivateIpAddress"])
            if address not in subnet.network:
                subnet.outside.append((eni, address))
                continue
            assert address not in subnet.held, f"{address} is given twice"
            subnet.held[address] = (eni, kinds[0] if listed.get("Primary") else kinds[1])

    def release(self, subnet_id: str, addresses: list[str]) -> None:
        for address in addresses:
            del self.subnets[subnet_id].held[IPv4Address(address)]

    def attach(self, instance_id: str, subnet_id: str, eni: str) -> None:
        """Enters an interface of a node. Called once all its addresses are entered."""
        if instance_id in self.nodes:
            held = self.subnets[subnet_id].held.values()
            count = sum(its == eni for its, _ in held)
            self.nodes[instance_id].interfaces[eni] = (subnet_id, count)

    def holdings(self) -> set[tuple[str, str, str]]:
        """Every (subnet, interface, address)."""
        inside = {
            (subnet_id, eni, str(address))
            for subnet_id, subnet in self.subnets.items()
            for address, (eni, _) in subnet.held.items()
        }
        return inside | {
            (subnet_id, eni, str(address))
            for subnet_id, subnet in self.subnets.items()
            for eni, address in subnet.outside
        }


def tags_of(tags: list[dict]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}
