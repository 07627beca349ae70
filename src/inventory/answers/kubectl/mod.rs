//! What `kubectl get … -o json` prints: a list of objects, or one alone. An object is read with what
//! is needed of it alone, whatever its kind turns out to be, since a list may say its kind after its
//! items (`NodeList`) or leave it to each item (`List`).

mod object;
mod read;

use std::io::Read;

pub(super) use object::ObjectJson;
pub(super) use read::Objects;

use object::ObjectKind;
use serde_json::Value;

use super::{
    pages::Page,
    value::{If, IfObject},
};
use crate::{
    inventory::feed::{Feed, ReadError},
    json,
};

/// One document while it is read.
#[derive(Default)]
pub(super) struct Opened {
    /// What its `kind` says.
    kind: Option<String>,
    /// Whether it says that it is of Kubernetes.
    versioned: bool,
    /// Items that do not say their kind, until the list does.
    untyped: Vec<ObjectJson>,
    /// The parts of an object that stands alone.
    alone: ObjectJson,
    /// Whether there is a list of items, and whether any.
    items: Option<bool>,
    pages: Vec<(ObjectKind, Page)>,
}

impl Opened {
    pub(super) fn kind(&mut self, kind: Option<String>) {
        self.kind = kind.or(self.kind.take());
    }

    pub(super) fn version(&mut self, version: Option<String>) {
        self.versioned |= version.is_some();
        self.alone.api_version = version.map(|version| If(Some(version)));
    }

    /// Whether its `metadata`, `spec` and `status` are those of an object of Kubernetes.
    pub(super) fn is_object(&self) -> bool {
        self.versioned || self.kind.is_some()
    }

    /// A part of an object that stands alone.
    pub(super) fn part(&mut self, key: &str, value: Value) -> Result<(), serde_json::Error> {
        match key {
            "metadata" => self.alone.metadata = Some(json::from_value(value)?),
            "spec" => self.alone.spec = Some(json::from_value(value)?),
            _ => self.alone.status = Some(json::from_value(value)?),
        }
        Ok(())
    }

    /// Takes in an object that says its kind.
    pub(super) fn item(&mut self, item: ObjectJson, objects: &mut Objects) -> Result<(), String> {
        if let Some(kind) = item.kind().map(ObjectKind::named) {
            return self.take(kind, item, objects);
        }
        self.untyped.push(item);
        Ok(())
    }

    /// Takes in the items of a list one by one.
    pub(super) fn items<S: Read + Send>(
        &mut self,
        feed: &mut Feed<S>,
        objects: &mut Objects,
    ) -> Result<(), ReadError> {
        self.items.get_or_insert(false);
        feed.try_list(|IfObject(item): IfObject<ObjectJson>| {
            self.items = Some(true);
            item.map_or(Ok(()), |item| self.item(item, objects))
        })
    }

    fn take(
        &mut self,
        kind: Option<ObjectKind>,
        object: ObjectJson,
        objects: &mut Objects,
    ) -> Result<(), String> {
        let Some(kind) = kind else { return Ok(()) };
        let key = objects.add(kind, object)?;
        let there = self.pages.iter().position(|(of, _)| *of == kind);
        let at = there.unwrap_or(self.pages.len());
        if there.is_none() {
            self.pages.push((kind, Page::default()));
        }
        if let (Some((_, page)), Some(key)) = (self.pages.get_mut(at), key) {
            page.note(&key, Some("cluster"));
        }
        Ok(())
    }

    /// Closes the document: whether it held what is needed here (`None`: a list without items, which
    /// does not say of what).
    pub(super) fn close(mut self, objects: &mut Objects) -> Result<Option<bool>, String> {
        let kind = self.kind.as_deref().and_then(ObjectKind::named);
        for object in std::mem::take(&mut self.untyped) {
            self.take(kind, object, objects)?;
        }
        let alone = std::mem::take(&mut self.alone);
        let cut = alone.is_cut();
        if self.items.is_none() {
            self.take(kind, alone, objects)?;
        } else if let Some(kind) = kind.filter(|kind| !self.pages.iter().any(|(of, _)| of == kind))
        {
            self.pages.push((kind, Page::default()));
        }
        let empty = self.items == Some(false) && self.pages.is_empty();
        let known = !self.pages.is_empty();
        for (kind, page) in self.pages {
            objects.close(kind, page, cut);
        }
        Ok(if empty { None } else { Some(known) })
    }
}
