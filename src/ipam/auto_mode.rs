//! The pool of a node of EKS Auto Mode, which a CNI of its own keeps (EKS user guide, "Learn about VPC
//! Networking and Load Balancing in EKS Auto Mode" and "Create a Node Class"). Its code is not public.
//!
//! AWS states: /28 prefixes on the primary ENI; further ENIs in the node's subnet when they are needed;
//! single addresses where the subnet has no /28 left; a node reserves 16 addresses; a warm pool that grows
//! with the pods; a time of rest before what is free goes back; and with pod subnets no pod on the primary
//! ENI.
//!
//! Inferred: that one address is to be free beside those of pods, in either mode; that an address rests
//! for as long as under the VPC CNI; that a subnet which refused is asked again after two minutes.

/// Addresses that are to be free beside those of pods.
const WARM: u32 = 1;

/// Addresses that a node with so many pods is to have.
#[must_use]
pub fn target(pods: u32, max_pods: u32) -> u32 {
    pods.saturating_add(WARM).min(max_pods).max(pods)
}
