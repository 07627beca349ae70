//! Saved answers of the AWS CLI and of kubectl, JSON or YAML, recognised by their content: the
//! top-level key, or the keys of a bare row, say what a file is. Several files of one kind are merged,
//! since people save a page or a region a file. What the audit does not need may be missing, null or of a kind nobody knows yet.

mod assemble;
mod clusters;
mod document;
mod ec2;
mod eks;
mod gaps;
mod known;
mod kubectl;
mod metric_data;
mod pages;
mod prometheus;
mod read;
mod refusal;
mod row;
mod value;

pub use super::feed::ReadError;
pub use assemble::{Answers, AnswersError, Recognised};
pub use known::is_named_answer;
pub use metric_data::{
    Measure, MetricData, MetricDataError, MetricSeries, is_metric_data, read_metric_data,
};
pub use prometheus::is_metrics;
