//! What a run looks at: one place, or several.

use super::{Inventory, Selected, Source, Withheld};

/// What was observed, place by place: with what is selected of each, or before anything is. A place is a
/// region as an account sees it, or several accounts that share subnets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places<T = (Inventory, Selected)> {
    /// Where all of it comes from.
    pub source: Source,
    /// The places; no subnet is selected in two of them.
    pub list: Vec<T>,
    /// What is not available for whole regions or accounts.
    pub unseen: Vec<Withheld>,
    /// Whether places are told apart. A run over several regions may find something in one alone.
    pub is_several: bool,
    /// What was passed over, such as files that hold nothing that is needed.
    pub notes: Vec<String>,
}

impl Places<Inventory> {
    /// The one place that was looked at.
    #[must_use]
    pub fn one(inventory: Inventory) -> Self {
        let source = inventory.source.clone();
        let list = vec![inventory];
        Self { source, list, unseen: Vec::new(), is_several: false, notes: Vec::new() }
    }
}

impl<T> Places<T> {
    /// Something else of each place; a place without it goes.
    ///
    /// # Errors
    /// The first that there is.
    pub fn try_map<U, E>(self, of: impl FnMut(T) -> Result<Option<U>, E>) -> Result<Places<U>, E> {
        let Self { source, list, unseen, is_several, notes } = self;
        let list = list.into_iter().map(of).filter_map(Result::transpose);
        Ok(Places { source, list: list.collect::<Result<_, _>>()?, unseen, is_several, notes })
    }
}

impl Places {
    /// One place with what is selected of it.
    #[must_use]
    pub fn one_of(inventory: Inventory, selected: Selected) -> Self {
        let source = inventory.source.clone();
        let list = vec![(inventory, selected)];
        Self { source, list, unseen: Vec::new(), is_several: false, notes: Vec::new() }
    }

    /// What is not available, with the place where several are told apart.
    #[must_use]
    pub fn withheld(&self) -> Vec<Withheld> {
        let mut rows = self.unseen.clone();
        for (inventory, _) in &self.list {
            let its = inventory.withheld.iter().cloned();
            if self.is_several {
                let place = inventory.source.place();
                rows.extend(its.map(|row| row.at(&place)));
            } else {
                rows.extend(its);
            }
        }
        rows
    }

    /// Whether a subnet is selected in one of the places.
    #[must_use]
    pub fn has_subnet(&self, subnet_id: &str) -> bool {
        self.list.iter().any(|(_, selected)| selected.subnets.contains_key(subnet_id))
    }
}
