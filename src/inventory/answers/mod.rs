//! Saved answers of the AWS CLI (`--output json`) and of kubectl (`-o json`), recognised by their content: the top-level key
//! says what a file is. Several files of one kind are merged, since people save a page or a region
//! a file. What the audit does not need may be missing, null or of a kind nobody knows yet.

mod assemble;
mod clusters;
mod document;
mod ec2;
mod eks;
mod feed;
mod kubectl;
mod metric_data;
mod pages;
mod value;

pub use assemble::{Answers, AnswersError, Recognised};
pub use feed::ReadError;
pub use metric_data::{
    Measure, MetricData, MetricDataError, MetricSeries, is_metric_data, read_metric_data,
};
