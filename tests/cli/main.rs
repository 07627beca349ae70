//! The program as it is run: arguments and files in; output, messages and exit codes out.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

#[path = "../../fuzz/src/fuzzed/mod.rs"]
mod fuzzed;
#[path = "../support/made.rs"]
#[expect(dead_code, reason = "the tests of the library use more of it")]
mod made;
#[path = "../support/program.rs"]
mod program;
#[path = "../support/shell.rs"]
mod shell;

mod audit_answer;
mod audit_html;
mod bad_input;
mod baseline;
mod browser;
mod ci_docs;
mod ci_formats;
mod ci_install;
mod ci_scripts;
mod closed_pipe;
mod columns;
mod completion;
mod dated;
mod days;
mod defaults;
mod diff;
mod doctor;
mod explain;
mod expression;
mod expression_auto;
mod expression_pools;
mod file_bounds;
mod folder;
mod formats;
mod fuzz_corpora;
mod help;
mod hints;
mod history;
mod history_use;
mod hostile;
mod laws;
mod lost_rows;
mod man;
mod manifests;
mod maxpods;
mod maxpods_bounds;
mod metrics;
mod node;
mod node_metrics;
mod nulls;
mod output_files;
mod packaging;
mod plan;
mod plan_from;
mod plan_warm;
mod policy;
mod redact;
mod run;
mod saved_files;
mod schemas;
mod simulate;
mod simulate_from;
mod simulate_from_nodes;
mod terminal;
mod usage;
mod usage_worlds;
mod worlds;
