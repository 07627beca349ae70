//! eksnet: how many pods fit on an EKS node, which subnets run dry, and who holds the addresses.
//!
//! The map of the crate, lowest rank first; a module uses only modules above it in this list.
pub mod instance;
pub mod network;

pub mod density;

pub mod inventory;
pub mod ipam;

pub mod audit;
pub mod simulate;

#[cfg(feature = "aws")]
pub mod aws;
pub mod cli;
pub mod render;

pub mod command;
