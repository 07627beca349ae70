#!/usr/bin/env python3
"""What `eksnet audit --all-vpcs` asks EC2 for, asked by boto3: a script that people write for the job.

    AWS_ENDPOINT_URL=… bench/same_calls.py

Prints a line a subnet: its id, the addresses that interfaces hold, and what EC2 counts as available.
"""

import collections

import boto3


def pages(client, call, key):
    for page in client.get_paginator(call).paginate(PaginationConfig={"PageSize": 1000}):
        yield from page[key]


def main():
    ec2 = boto3.client("ec2")
    boto3.client("sts").get_caller_identity()
    subnets = list(pages(ec2, "describe_subnets", "Subnets"))
    list(pages(ec2, "describe_vpcs", "Vpcs"))
    held = collections.Counter()
    for row in pages(ec2, "describe_network_interfaces", "NetworkInterfaces"):
        held[row["SubnetId"]] += len(row["PrivateIpAddresses"]) + 16 * len(row.get("Ipv4Prefixes", ()))
    list(pages(ec2, "describe_instances", "Reservations"))
    for subnet in subnets:
        name = subnet["SubnetId"]
        ec2.get_subnet_cidr_reservations(SubnetId=name)
        print(name, held[name], subnet["AvailableIpAddressCount"])


if __name__ == "__main__":
    main()
