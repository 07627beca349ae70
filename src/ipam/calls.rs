//! What a node asked of EC2, by operation. Which action makes which calls is asserted upstream
//! (amazon-vpc-cni-k8s v1.23.1, `TestAllocENI` and the recorded traces).

use std::{collections::BTreeMap, ops::Range};

/// EC2 calls by operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ec2Calls {
    /// AssignIpv6Addresses.
    pub assign_ipv6_addresses: u32,
    /// AssignPrivateIpAddresses.
    pub assign_private_ip_addresses: u32,
    /// AttachNetworkInterface.
    pub attach_network_interface: u32,
    /// CreateNetworkInterface.
    pub create_network_interface: u32,
    /// CreateTags.
    pub create_tags: u32,
    /// DeleteNetworkInterface.
    pub delete_network_interface: u32,
    /// DescribeInstances.
    pub describe_instances: u32,
    /// DescribeNetworkInterfaces.
    pub describe_network_interfaces: u32,
    /// DescribeSubnets.
    pub describe_subnets: u32,
    /// DetachNetworkInterface.
    pub detach_network_interface: u32,
    /// ModifyNetworkInterfaceAttribute.
    pub modify_network_interface_attribute: u32,
    /// UnassignPrivateIpAddresses.
    pub unassign_private_ip_addresses: u32,
}

impl Ec2Calls {
    fn named(&self) -> [(&'static str, u32); 12] {
        [
            ("AssignIpv6Addresses", self.assign_ipv6_addresses),
            ("AssignPrivateIpAddresses", self.assign_private_ip_addresses),
            ("AttachNetworkInterface", self.attach_network_interface),
            ("CreateNetworkInterface", self.create_network_interface),
            ("CreateTags", self.create_tags),
            ("DeleteNetworkInterface", self.delete_network_interface),
            ("DescribeInstances", self.describe_instances),
            ("DescribeNetworkInterfaces", self.describe_network_interfaces),
            ("DescribeSubnets", self.describe_subnets),
            ("DetachNetworkInterface", self.detach_network_interface),
            ("ModifyNetworkInterfaceAttribute", self.modify_network_interface_attribute),
            ("UnassignPrivateIpAddresses", self.unassign_private_ip_addresses),
        ]
    }

    /// The operations that were called, by name.
    #[must_use]
    pub fn by_name(&self) -> BTreeMap<&'static str, u32> {
        called(&self.named())
    }

    /// The operations called since an earlier reading of the same node, in the order of their names.
    pub fn since(&self, earlier: &Self) -> impl Iterator<Item = (&'static str, u32)> + use<> {
        let pairs = self.named().into_iter().zip(earlier.named());
        let counts = pairs.map(|((name, now), (_, before))| (name, now.saturating_sub(before)));
        counts.filter(|(_, count)| *count > 0)
    }

    /// Calls of all operations.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.named().iter().fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }
}

/// Calls of ipamd's own wrapper of EC2 (`pkg/awsutils`), by function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ApiCalls {
    /// AllocENI.
    pub alloc_eni: u32,
    /// AllocIPAddresses, for prefixes too.
    pub alloc_ip_addresses: u32,
    /// DeallocIPAddresses.
    pub dealloc_ip_addresses: u32,
    /// DeallocPrefixAddresses.
    pub dealloc_prefix_addresses: u32,
    /// FreeENI.
    pub free_eni: u32,
}

impl ApiCalls {
    /// The functions that were called, by name.
    #[must_use]
    pub fn by_name(&self) -> BTreeMap<&'static str, u32> {
        called(&[
            ("AllocENI", self.alloc_eni),
            ("AllocIPAddresses", self.alloc_ip_addresses),
            ("DeallocIPAddresses", self.dealloc_ip_addresses),
            ("DeallocPrefixAddresses", self.dealloc_prefix_addresses),
            ("FreeENI", self.free_eni),
        ])
    }
}

/// Everything a node asked since it started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Calls {
    /// EC2 calls, those that failed included.
    pub ec2: Ec2Calls,
    /// EC2 calls that failed.
    pub ec2_errors: Ec2Calls,
    /// Calls of ipamd's wrapper.
    pub api: ApiCalls,
}

impl Calls {
    /// What a start costs before any slot is taken. Security groups are not synchronised under
    /// custom networking.
    pub(super) fn start(&mut self, custom_networking: bool) {
        self.ec2.describe_network_interfaces += 1;
        self.ec2.create_tags += 1;
        self.ec2.describe_subnets += 1;
        self.ec2.modify_network_interface_attribute += u32::from(!custom_networking);
    }

    /// What the prefix of a node of an IPv6 cluster costs.
    pub(super) fn ipv6_prefix(&mut self) {
        self.ec2.describe_network_interfaces += 1;
        self.ec2.assign_ipv6_addresses += 1;
    }

    /// More slots for a Windows node: what came is asked for at once.
    pub(super) fn windows_assign(&mut self, ok: bool) {
        self.ec2.assign_private_ip_addresses += 1;
        self.ec2_errors.assign_private_ip_addresses += u32::from(!ok);
        self.ec2.describe_network_interfaces += u32::from(ok);
    }

    /// Slots of a Windows node go back.
    pub(super) fn windows_unassign(&mut self) {
        self.ec2.unassign_private_ip_addresses += 1;
    }

    /// More slots for a node of EKS Auto Mode, which asks for what is there.
    pub(super) fn auto_assign(&mut self, ok: bool) {
        self.ec2.assign_private_ip_addresses += 1;
        self.ec2_errors.assign_private_ip_addresses += u32::from(!ok);
    }

    /// A further ENI of such a node.
    pub(super) fn auto_create(&mut self, ok: bool) {
        self.ec2.create_network_interface += 1;
        self.ec2_errors.create_network_interface += u32::from(!ok);
        self.ec2.attach_network_interface += u32::from(ok);
    }

    /// Slots of such a node go back.
    pub(super) fn auto_unassign(&mut self) {
        self.ec2.unassign_private_ip_addresses += 1;
    }

    /// A further ENI of such a node goes.
    pub(super) fn auto_free(&mut self) {
        self.ec2.detach_network_interface += 1;
        self.ec2.delete_network_interface += 1;
    }

    /// What starting again costs: so many ENIs are described and set up once more. Their tags stand, and
    /// only custom networking lets a start be vain.
    pub(super) fn start_again(&mut self, enis: u32) {
        self.ec2.describe_network_interfaces += 1;
        self.ec2.describe_subnets += enis;
    }

    pub(super) fn assign(&mut self, ok: bool) {
        self.ec2.assign_private_ip_addresses += 1;
        self.ec2_errors.assign_private_ip_addresses += u32::from(!ok);
        self.api.alloc_ip_addresses += 1;
    }

    /// A new ENI. Custom networking names the subnet, so none is looked for.
    pub(super) fn create(&mut self, custom_networking: bool, ok: bool) {
        self.api.alloc_eni += 1;
        self.ec2.describe_subnets += u32::from(!custom_networking);
        self.ec2.create_network_interface += 1;
        if !ok {
            self.ec2_errors.create_network_interface += 1;
            return;
        }
        self.ec2.describe_instances += 1;
        self.ec2.attach_network_interface += 1;
        self.ec2.modify_network_interface_attribute += 1;
        self.ec2.describe_subnets += 1;
    }

    pub(super) fn unassign(&mut self, prefix: bool) {
        self.ec2.unassign_private_ip_addresses += 1;
        if prefix {
            self.api.dealloc_prefix_addresses += 1;
        } else {
            self.api.dealloc_ip_addresses += 1;
        }
    }

    pub(super) fn free(&mut self) {
        self.api.free_eni += 1;
        self.ec2.describe_network_interfaces += 1;
        self.ec2.detach_network_interface += 1;
        self.ec2.delete_network_interface += 1;
    }

    /// The trunk shows in the instance's metadata, and ipamd asks what it is.
    pub(super) fn trunk_seen(&mut self) {
        self.ec2.describe_network_interfaces += 1;
        self.ec2.describe_subnets += 1;
    }
}

const MINUTE_MS: u64 = 60_000;

/// The most calls in one minute that begins in a time; `made` is how many were made, by milliseconds.
#[must_use]
pub fn busiest_minute(made: &BTreeMap<u64, u64>, begins: Range<u64>) -> u64 {
    let mut ends = made.range(begins.start..);
    let mut next = ends.next();
    let (mut in_minute, mut busiest) = (0, 0);
    for (begin_ms, calls) in made.range(begins) {
        while let Some((_, end)) = next.filter(|(at_ms, _)| **at_ms < begin_ms + MINUTE_MS) {
            in_minute += end;
            next = ends.next();
        }
        busiest = busiest.max(in_minute);
        in_minute -= calls;
    }
    busiest
}

fn called(named: &[(&'static str, u32)]) -> BTreeMap<&'static str, u32> {
    named.iter().copied().filter(|(_, count)| *count > 0).collect()
}
