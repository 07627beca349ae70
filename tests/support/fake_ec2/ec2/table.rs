//! All things of one kind, ready to be picked from.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::super::Call;
use super::super::fault::Fault;
use super::super::page::Page;
use super::filter::Filter;
use super::kind::Kind;
use super::names::Place;
use super::select::select;
use super::xml;

/// An item of an answer. Most hold one row; a reservation holds its instances.
pub(super) struct Item {
    /// The XML before the rows.
    pub(super) open: String,
    /// What identifiers and filters pick.
    pub(super) rows: Vec<Row>,
    /// The XML after the rows.
    pub(super) close: &'static str,
}

/// A thing: what it can be picked by, and its XML.
pub(super) struct Row {
    /// Its identifier.
    pub(super) id: String,
    /// The values that filters look at, by the name of the filter.
    pub(super) attributes: Vec<(&'static str, String)>,
    /// Its tags.
    pub(super) tags: Vec<(String, String)>,
    /// The thing itself.
    pub(super) xml: String,
}

impl Item {
    /// An item that is one thing.
    pub(super) fn of(kind: &Kind, thing: &Value) -> Self {
        let row = Row::new(kind, thing, Place::Elsewhere);
        Self { open: "<item>".to_owned(), rows: vec![row], close: "</item>" }
    }

    /// A reservation, of which only the instances are picked from.
    fn of_reservation(kind: &Kind, mut reservation: Value) -> Self {
        let instances = reservation["Instances"].take();
        let mut open = "<item>".to_owned();
        xml::fields(&mut open, &reservation, Place::Elsewhere);
        open.push_str("<instancesSet>");
        let rows = things(&instances).iter().map(|instance| {
            let mut row = Row::new(kind, instance, Place::Instance);
            row.xml = format!("<item>{}</item>", row.xml);
            row
        });
        Self { open, rows: rows.collect(), close: "</instancesSet></item>" }
    }
}

impl Row {
    fn new(kind: &Kind, thing: &Value, place: Place) -> Self {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let at = |field: &str| thing.pointer(field).map(text);
        let tags = kind.tags.and_then(|field| thing.pointer(field)).map_or(&[][..], things);
        let mut written = String::new();
        xml::fields(&mut written, thing, place);
        Self {
            id: at(kind.ids.field).unwrap_or_default(),
            attributes: kind
                .filters
                .iter()
                .filter_map(|(filter, field)| Some((*filter, at(field)?)))
                .collect(),
            tags: tags.iter().map(|tag| (text(&tag["Key"]), text(&tag["Value"]))).collect(),
            xml: written,
        }
    }
}

/// The things of one kind.
pub(super) struct Table {
    kind: &'static Kind,
    items: Vec<Item>,
    /// The item that holds the thing with an identifier.
    positions: HashMap<String, usize>,
}

impl Table {
    /// A table of the things in a list, which is freed on the way: it can be large.
    pub(super) fn new(kind: &'static Kind, list: Value) -> Self {
        Self::from_items(kind, owned(list).map(|thing| Item::of(kind, &thing)).collect())
    }

    /// A table of instances, from a list of reservations.
    pub(super) fn of_instances(kind: &'static Kind, list: Value) -> Self {
        let items = owned(list).map(|reservation| Item::of_reservation(kind, reservation));
        Self::from_items(kind, items.collect())
    }

    fn from_items(kind: &'static Kind, items: Vec<Item>) -> Self {
        let ids = items.iter().enumerate().flat_map(|(position, item)| {
            item.rows.iter().map(move |row| (row.id.clone(), position))
        });
        Self { kind, positions: ids.collect(), items }
    }

    /// The operation that describes these things.
    pub(super) fn action(&self) -> &'static str {
        self.kind.action
    }

    /// Writes the answer to a call, with no more than `bound` items.
    pub(super) fn answer(
        &self,
        call: &Call,
        bound: Option<usize>,
        out: &mut String,
    ) -> Result<(), Fault> {
        let numbered = format!("{}.", self.kind.ids.parameter);
        check_parameters(call, |name| name.starts_with(&numbered))?;
        let page = Page::asked(call, &self.kind.paging, bound)?;
        let filters = Filter::asked(call, self.kind.filters, self.kind.tags.is_some())?;
        let ids = self.ids(call, &numbered)?;
        let selection = if ids.is_empty() {
            select(&self.items, 0..self.items.len(), &ids, &filters, &page)
        } else {
            let positions: BTreeSet<usize> = ids.iter().map(|id| self.positions[*id]).collect();
            select(&self.items, positions.into_iter(), &ids, &filters, &page)
        };
        let mut items = String::new();
        for hit in &selection.hits {
            hit.write(&mut items);
        }
        xml::wrap(out, self.kind.set, &items);
        if let Some(next) = selection.next {
            xml::wrap(out, "nextToken", &page.token(next));
        }
        Ok(())
    }

    /// The identifiers that a call lists, all of which have to exist.
    fn ids<'a>(&self, call: &'a Call, numbered: &str) -> Result<Vec<&'a str>, Fault> {
        let rule = &self.kind.ids;
        let listed = call.parameters.iter().filter(|(name, _)| name.starts_with(numbered));
        let ids: Vec<&str> = listed.map(|(_, id)| id.as_str()).collect();
        if ids.len() > rule.most {
            let message = format!("At most {} {}s can be given", rule.most, rule.parameter);
            return Err(Fault::bad("InvalidParameterValue", message));
        }
        if !ids.is_empty() && !rule.paged && call.parameter("MaxResults").is_some() {
            let message = format!(
                "The parameter {} cannot be used with the parameter MaxResults",
                rule.parameter
            );
            return Err(Fault::bad("InvalidParameterCombination", message));
        }
        let missing: Vec<&str> =
            ids.iter().copied().filter(|id| !self.positions.contains_key(*id)).collect();
        if missing.is_empty() {
            return Ok(ids);
        }
        let (code, what) = rule.missing;
        let message = format!("The {what} '{}' does not exist", missing.join(", "));
        Err(Fault::bad(code, message))
    }
}

/// The things in a list; none if there is no list.
pub(super) fn things(list: &Value) -> &[Value] {
    list.as_array().map_or(&[], Vec::as_slice)
}

/// The same, taken out one by one.
fn owned(list: Value) -> impl Iterator<Item = Value> {
    let items = if let Value::Array(items) = list { items } else { Vec::new() };
    items.into_iter()
}

/// Faults a parameter that is neither common to all operations nor one of this one's `own`.
pub(super) fn check_parameters(call: &Call, own: impl Fn(&str) -> bool) -> Result<(), Fault> {
    let common = ["Action", "Version", "MaxResults", "NextToken"];
    let known = |name: &str| common.contains(&name) || name.starts_with("Filter.") || own(name);
    match call.parameters.iter().find(|(name, _)| !known(name)) {
        None => Ok(()),
        Some((name, _)) => {
            let message = format!("The parameter {name} is not recognized");
            Err(Fault::bad("UnknownParameter", message))
        }
    }
}
