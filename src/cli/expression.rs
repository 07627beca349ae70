//! What sets max pods, as typed: an expression, or the manifest that has it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Heading of the help.
const EXPRESSIONS: &str = "Expressions";

/// Who evaluates an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DialectArg {
    /// spec.kubelet of an EC2NodeClass (feature gate NodeClassCEL); has min(a, b) and max(a, b)
    Karpenter,
    /// maxPodsExpression of a NodeConfig (AL2023); has no min and max
    Nodeadm,
    /// max_pods_per_node_formula of CAST AI; has math.least(...) and math.greatest(...)
    Castai,
}

/// What to judge.
#[derive(Debug, Clone, Args)]
pub struct ExpressionArgs {
    /// Judge an expression that sets max pods, for each type
    #[arg(
        help_heading = EXPRESSIONS,
        long,
        value_name = "EXPR",
        requires = "dialect",
        conflicts_with_all = ["nodeclass", "auto_mode"],
        allow_hyphen_values = true
    )]
    pub expression: Option<String>,
    /// Who evaluates it
    #[arg(
        help_heading = EXPRESSIONS,
        long,
        value_enum,
        value_name = "NAME",
        requires = "expression",
        conflicts_with = "nodeclass"
    )]
    pub dialect: Option<DialectArg>,
    /// Judge what a file sets: EC2NodeClass, NodeConfig, user data; - for stdin
    ///
    /// A NodeClass of EKS Auto Mode stands for --auto-mode and what it says.
    #[arg(
        help_heading = EXPRESSIONS,
        long,
        value_name = "FILE",
        conflicts_with = "auto_mode"
    )]
    pub nodeclass: Option<PathBuf>,
    /// Types of a Karpenter NodePool, instead of TYPE; - for stdin
    ///
    /// NodePools of EKS Auto Mode stand for --auto-mode.
    #[arg(
        help_heading = EXPRESSIONS,
        long,
        value_name = "FILE",
        conflicts_with_all = ["types", "all", "auto_mode"]
    )]
    pub nodepool: Option<PathBuf>,
}
