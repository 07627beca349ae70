//! Several regions and sets of credentials in one run: each collected by itself, some at a time, and
//! one that fails hides no other.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use futures_util::{StreamExt as _, future::join_all, stream};

use super::{
    access::{AwsAccess, Session},
    collect::{CollectError, collect_with},
    ec2,
    error::{AwsError, Trouble},
    run::{AwsRun, Bounds, Progress},
};
use crate::inventory::{Inventory, Operation, Place, Selection, SelectionError, Withheld};

/// Collections that are under way at once.
const AT_ONCE: usize = 8;

/// The regions of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Regions {
    /// The one that each set of credentials is configured with.
    Configured,
    /// These.
    Named(BTreeSet<String>),
    /// All that are enabled for the account.
    All,
}

impl Regions {
    /// The first that is named.
    fn first(&self) -> Option<&str> {
        match self {
            Self::Named(names) => names.first().map(String::as_str),
            Self::Configured | Self::All => None,
        }
    }
}

/// What a run over several regions and accounts looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The sets of credentials, in the order given.
    pub credentials: Vec<AwsAccess>,
    /// The regions, each with each of them.
    pub regions: Regions,
}

/// What one region shows to one set of credentials.
#[derive(Debug)]
pub struct Part {
    /// What was collected.
    pub inventory: Inventory,
    /// The part of the selection that is there.
    pub selection: Selection,
}

impl Part {
    /// The account that looked, if anything told it.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        self.inventory.source.account.as_deref()
    }
}

/// One that failed.
#[derive(Debug)]
pub struct Failed {
    /// Which.
    pub access: AwsAccess,
    /// Its account, if a role or another region told it.
    pub account: Option<String>,
    /// Why.
    pub error: AwsError,
}

impl Failed {
    fn new(access: AwsAccess, error: AwsError) -> Self {
        Self { account: access.account(), access, error }
    }

    /// The failure as a row of what is not available.
    #[must_use]
    pub fn withheld(&self) -> Withheld {
        let row = self.error.withheld();
        let place = Place { region: self.access.region.clone(), account: self.account.clone() };
        let reason = format!("{}: {}", self.access.label(), row.reason);
        Withheld { reason, place: Some(place), ..row }
    }
}

/// What was collected. The order is that of credentials and regions, whichever answers first.
#[derive(Debug, Default)]
pub struct Several {
    /// What was seen; a place where nothing of the selection is has no part.
    pub parts: Vec<Part>,
    /// What failed.
    pub failed: Vec<Failed>,
    /// How many did not fail.
    pub answered: usize,
    /// What was named and is in none that answered.
    pub missing: Vec<SelectionError>,
}

/// Collects a selection from every region with every set of credentials. What is named need not be in
/// each of them.
///
/// # Errors
/// When there is no runtime to wait in.
pub fn collect_several(
    reach: &Reach,
    selection: &Selection,
    captured_at: &str,
    bounds: Bounds<'_>,
) -> Result<Several, AwsError> {
    super::types::block_on(all(reach, selection, captured_at, bounds))
}

async fn all(
    reach: &Reach,
    selection: &Selection,
    captured_at: &str,
    bounds: Bounds<'_>,
) -> Several {
    let run = AwsRun::new(&bounds);
    let mut several = Several::default();
    let read = RefCell::new(BTreeMap::new());
    let look = async |at: At, access: &AwsAccess, session: &Session| {
        let progress = ProgressShare { at, read: &read, progress: bounds.progress };
        let answer = one((access, session), selection.clone(), captured_at, &progress).await;
        (access.clone(), answer)
    };
    // Credentials that hang hold up no others, nor does a region.
    let mut answers = stream::iter(reach.credentials.iter().enumerate())
        .map(async |(whose, access)| match places(access, &reach.regions, &run).await {
            Err(error) => vec![(access.clone(), Err(error))],
            Ok((session, places)) => {
                let each = places.iter().enumerate();
                join_all(each.map(|(at, place)| look((whose, at), place, &session))).await
            }
        })
        .buffered(AT_ONCE)
        .flat_map(stream::iter);
    let mut missing: Vec<(SelectionError, usize)> = Vec::new();
    let (mut known, mut whose) = (BTreeMap::new(), Vec::new());
    while let Some((access, answer)) = answers.next().await {
        match answer {
            Ok(Looked { part, not_there }) => {
                several.answered += 1;
                if let Some(part) = part {
                    let account = part.account().map(ToOwned::to_owned);
                    known.extend(account.map(|account| (credentials(&access), account)));
                    whose.push(credentials(&access));
                    several.parts.push(part);
                }
                for error in not_there {
                    let same = |other: &&mut (SelectionError, usize)| {
                        (other.0.kind, &other.0.name) == (error.kind, &error.name)
                    };
                    match missing.iter_mut().find(same) {
                        Some((_, times)) => *times += 1,
                        None => missing.push((error, 1)),
                    }
                }
            }
            Err(error) => several.failed.push(Failed::new(access, error)),
        }
    }
    // A region without ENIs does not tell the account; another one of the same credentials may.
    for (part, whose) in several.parts.iter_mut().zip(&whose) {
        let account = &mut part.inventory.source.account;
        *account = account.take().or_else(|| known.get(whose).cloned());
    }
    for failed in &mut several.failed {
        let account = failed.account.take();
        failed.account = account.or_else(|| known.get(&credentials(&failed.access)).cloned());
    }
    let nowhere = missing.into_iter().filter(|(_, times)| *times == several.answered);
    several.missing = nowhere.map(|(error, _)| error).collect();
    several
}

/// The regions to ask with one set of credentials, sorted.
async fn places(
    access: &AwsAccess,
    regions: &Regions,
    run: &Arc<AwsRun>,
) -> Result<(Session, Vec<AwsAccess>), AwsError> {
    let session = access.session(regions.first(), run).await?;
    let names = match regions {
        Regions::Configured => return Ok((session, vec![access.clone()])),
        Regions::Named(names) => names.clone(),
        Regions::All => ec2::regions(&session.clients(None)?).await?,
    };
    let at = |region| AwsAccess { region: Some(region), ..access.clone() };
    let places = names.into_iter().map(at).collect();
    Ok((session, places))
}

/// What tells credentials apart: profile and role.
fn credentials(access: &AwsAccess) -> (Option<String>, Option<String>) {
    (access.profile.clone(), access.role.clone())
}

/// What one place has of a selection.
struct Looked {
    part: Option<Part>,
    not_there: Vec<SelectionError>,
}

/// Collects from one place what of the selection is there.
async fn one(
    (access, session): (&AwsAccess, &Session),
    mut selection: Selection,
    captured_at: &str,
    progress: &dyn Progress,
) -> Result<Looked, AwsError> {
    let clients = session.clients(access.region.as_deref())?;
    let everything = selection.is_everything();
    let mut not_there = Vec::new();
    while everything || !selection.is_everything() {
        match collect_with(&clients, &selection, captured_at.to_owned(), progress).await {
            Ok(mut inventory) => {
                let source = &mut inventory.source;
                source.account = source.account.take().or_else(|| access.account());
                return Ok(Looked { part: Some(Part { inventory, selection }), not_there });
            }
            Err(CollectError::Selection(error)) => {
                selection.without(&error);
                not_there.push(error);
            }
            Err(CollectError::Aws(error)) => match selection.cluster.take() {
                Some(asked) if is_no_cluster(&error) => not_there.push(SelectionError {
                    kind: "cluster",
                    name: asked.arn.unwrap_or(asked.name),
                    known: Vec::new(),
                }),
                _ => return Err(error),
            },
        }
    }
    Ok(Looked { part: None, not_there })
}

fn is_no_cluster(error: &AwsError) -> bool {
    error.operation == Some(Operation::DescribeCluster) && error.trouble == Trouble::NotFound
}

/// Which credentials and which region, by number.
type At = (usize, usize);

/// One collection's share of what all of them have read.
struct ProgressShare<'a> {
    at: At,
    read: &'a RefCell<BTreeMap<(&'static str, At), usize>>,
    progress: &'a dyn Progress,
}

impl Progress for ProgressShare<'_> {
    fn read(&self, what: &'static str, items: usize) {
        let mut read = self.read.borrow_mut();
        read.insert((what, self.at), items);
        let of_kind = (what, (0, 0))..=(what, (usize::MAX, usize::MAX));
        let all = read.range(of_kind).map(|(_, items)| items).sum();
        self.progress.read(what, all);
    }
}
