//! DescribeInstanceTypes.

use tokio::runtime::Runtime;

use super::{
    access::{AwsAccess, Progress},
    convert,
    error::{AwsError, Trouble},
    tokens::Tokens,
};
use crate::{instance::DescribedType, inventory::Operation};

/// The largest page, and the most names, of this call.
const PAGE: i32 = 100;

/// Which types to describe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// All that the region has.
    All,
    /// These.
    Named(Vec<String>),
}

/// A runtime on this thread: collection waits for the network and does little else.
pub(super) fn runtime() -> Result<Runtime, AwsError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| AwsError::new(None, Trouble::Other, error.to_string()))
}

/// The types as the region's answer states them, sorted by name. A name the region does not have
/// is missing from it.
///
/// # Errors
/// When the call fails.
pub fn describe_types(
    access: &AwsAccess,
    wanted: &Wanted,
    progress: &dyn Progress,
) -> Result<Vec<DescribedType>, AwsError> {
    runtime()?.block_on(describe(access, wanted, progress))
}

async fn describe(
    access: &AwsAccess,
    wanted: &Wanted,
    progress: &dyn Progress,
) -> Result<Vec<DescribedType>, AwsError> {
    use aws_sdk_ec2::types::Filter;

    let operation = Operation::DescribeInstanceTypes;
    let clients = access.session(None).await?.clients(None)?;
    let filter = match wanted {
        Wanted::All => None,
        // By filter and not by name: one unknown name would fail the whole call.
        Wanted::Named(names) => Some(vec![
            Filter::builder().name("instance-type").set_values(Some(names.clone())).build(),
        ]),
    };
    let call = clients.ec2.describe_instance_types().max_results(PAGE).set_filters(filter);
    let mut pages = call.into_paginator().stop_on_duplicate_token(false).send();
    let mut tokens = Tokens::new(operation);
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| AwsError::of(operation, &error))?;
        tokens.check(page.next_token.as_deref())?;
        for row in page.instance_types.unwrap_or_default() {
            found.push(convert::instance_type(row)?);
        }
        progress.read("instance types", found.len());
    }
    found.sort_by(|a, b| a.instance_type.cmp(&b.instance_type));
    Ok(found)
}
