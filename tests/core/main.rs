//! The library: laws, models and published numbers.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "../support/made.rs"]
#[expect(dead_code, reason = "the tests of the program use more of it")]
mod made;

mod address_space;
mod answer;
mod answers;
mod architecture;
mod audit_text;
mod auto_mode;
mod checks;
mod cni;
mod consistency;
mod declared;
mod density;
mod drains;
mod expression;
mod forecast_bounds;
mod ipam_decisions;
mod ipam_laws;
mod ipam_traces;
mod kubectl_files;
mod launch;
mod laws;
mod long_lists;
mod plan_acceptance;
mod plan_answer;
mod plan_files;
mod plan_laws;
mod plan_warm;
mod plan_warm_answer;
mod simulate_answer;
mod simulate_auto_mode;
mod simulate_eni_configs;
mod simulate_families;
mod simulate_karpenter;
mod simulate_known;
mod simulate_laws;
mod simulate_placement;
mod simulate_reference;
mod simulate_remedies;
mod simulate_rest;
mod simulate_scenario;
mod simulate_tight;
mod simulate_waits;
mod simulate_warm_pools;
mod simulate_written;
mod stopped;
mod tables;
mod trend;
mod vpc_rules;
