//! The EC2 calls of a node are counted, and those that it makes beside them where EC2's answer does not
//! make it pause.
//!
//! ipamd pauses for 120 s after InsufficientFreeAddressesInSubnet and InsufficientCidrBlocks
//! (amazon-vpc-cni-k8s `pkg/ipamd`, `containsInsufficientCIDRsOrSubnetIPs`). EC2 may answer
//! InvalidParameterValue in a full subnet just as well, after which every pass asks again.

use super::{result::Reason, run::Engine};

impl Engine<'_> {
    /// Calls of a node since they were last counted.
    pub(super) fn count_calls(&mut self, id: usize) {
        let machine = &mut self.machines[id];
        let Some(node) = &machine.node else { return };
        let calls = *node.calls();
        let unasked = std::mem::take(&mut self.world.unasked_creates);
        let further = std::mem::take(&mut self.world.further_creates);
        let custom = node.settings().custom_networking;
        let discovery = &self.world.discovery;
        if calls != machine.counted {
            for (operation, count) in calls.ec2.since(&machine.counted.ec2) {
                let count = match operation {
                    "DescribeSubnets" => {
                        let creates = calls.api.alloc_eni - machine.counted.api.alloc_eni;
                        discovery.describe_subnets(count, creates, custom).into()
                    }
                    "CreateNetworkInterface" => u64::from(count).saturating_sub(unasked),
                    _ => u64::from(count),
                };
                self.meter.add(self.now_ms, operation, count);
            }
        }
        self.meter.add(self.now_ms, "CreateNetworkInterface", further);
        if node.last_no_room_ms() != machine.no_room_ms {
            machine.no_room_ms = node.last_no_room_ms();
            // Another code than these two is known for single addresses alone.
            let is_full = matches!(
                machine.holdings.refused,
                Some((Some(_), Reason::InsufficientFreeAddresses))
            );
            let failed = || calls.ec2_errors.since(&machine.counted.ec2_errors);
            let mut creates =
                failed().filter(|(operation, _)| *operation == "CreateNetworkInterface");
            let creates = creates.next().map_or(0, |(_, count)| count);
            let looked_for = if custom { 0 } else { creates };
            let describes = discovery.describe_subnets(looked_for, creates, custom);
            machine.in_vain = failed()
                .map(|(operation, count)| match operation {
                    "CreateNetworkInterface" => {
                        (operation, (u64::from(count) + further).saturating_sub(unasked))
                    }
                    _ => (operation, count.into()),
                })
                .chain([("DescribeSubnets", describes.into())])
                .filter(|_| is_full)
                .collect();
        }
        let steps = u64::from(node.paused_steps().saturating_sub(machine.paused_steps));
        machine.paused_steps = node.paused_steps();
        for (operation, count) in &machine.in_vain {
            self.meter.add_again(operation, steps * count);
        }
        machine.counted = calls;
    }
}
