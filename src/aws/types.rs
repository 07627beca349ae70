//! DescribeInstanceTypes.

use std::future::Future;

use aws_sdk_ec2::types::Filter;

use super::{
    access::AwsAccess,
    convert,
    ec2::RowQuery,
    error::{AwsError, Trouble},
    run::{AwsRun, Bounds},
};
use crate::{instance::DescribedType, inventory::Operation};

/// The largest page, and the most names, of this call.
const PAGE: i32 = 100;

/// Which types to describe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeQuery {
    /// All that the region has.
    All,
    /// These.
    Named(Vec<String>),
}

/// Runs on this thread: collection waits for the network and does little else. What still waits when
/// it is over, such as a name that is being looked up, is left behind.
pub(super) fn block_on<T>(run: impl Future<Output = T>) -> Result<T, AwsError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| AwsError::new(None, Trouble::Other, error.to_string()))?;
    let answer = runtime.block_on(run);
    runtime.shutdown_background();
    Ok(answer)
}

/// The types as the region's answer states them, sorted by name. A name the region does not have
/// is missing from it.
///
/// # Errors
/// When the call fails.
pub fn describe_types(
    access: &AwsAccess,
    wanted: &TypeQuery,
    bounds: Bounds<'_>,
) -> Result<Vec<DescribedType>, AwsError> {
    block_on(describe(access, wanted, bounds))?
}

async fn describe(
    access: &AwsAccess,
    wanted: &TypeQuery,
    bounds: Bounds<'_>,
) -> Result<Vec<DescribedType>, AwsError> {
    let operation = Operation::DescribeInstanceTypes;
    let clients = access.session(None, &AwsRun::new(&bounds)).await?.clients(None)?;
    let filter = match wanted {
        TypeQuery::All => None,
        // By filter and not by name: one unknown name would fail the whole call.
        TypeQuery::Named(names) => {
            let filter = Filter::builder().name("instance-type");
            Some(filter.set_values(Some(names.clone())).build())
        }
    };
    let page = async |filter: Option<Filter>, token| {
        let call = clients.ec2.describe_instance_types().max_results(PAGE).set_next_token(token);
        let page = call.set_filters(filter.map(|filter| vec![filter])).send().await;
        let page = page.map_err(|error| AwsError::of(operation, &error))?;
        let rows = page.instance_types.unwrap_or_default().into_iter();
        let rows = rows.map(convert::instance_type).collect::<Result<Vec<_>, _>>()?;
        rows.iter().try_for_each(|row| check(wanted, row))?;
        Ok((rows, page.next_token))
    };
    let kind = RowQuery::new(&clients, operation, ("instance types", bounds.progress), page);
    let mut found: Vec<DescribedType> = kind.all(&[filter]).await?;
    found.sort_by(|a, b| a.instance_type.cmp(&b.instance_type));
    found.dedup();
    let twice = found.windows(2).find(|pair| pair[0].instance_type == pair[1].instance_type);
    if let Some(pair) = twice {
        let message = format!("{} is listed twice with different content", pair[0].instance_type);
        return Err(AwsError::answer(operation, message));
    }
    if found.is_empty() && *wanted == TypeQuery::All {
        return Err(AwsError::answer(operation, "the response has no instance types"));
    }
    Ok(found)
}

/// A row has to be one of those asked for, and one that an instance can have.
fn check(wanted: &TypeQuery, row: &DescribedType) -> Result<(), AwsError> {
    let operation = Operation::DescribeInstanceTypes;
    let name = &row.instance_type;
    let is_wanted = match wanted {
        TypeQuery::All => true,
        TypeQuery::Named(names) => names.contains(name),
    };
    if !is_wanted {
        return Err(AwsError::answer(
            operation,
            format!("the response has {name}, which was not requested"),
        ));
    }
    let limits = row.clone().limits(None);
    limits.map(drop).map_err(|error| AwsError::answer(operation, error.to_string()))
}
