//! Why something is not available.

use super::{Redactor, words};
use crate::inventory::{Place, Withheld, consistency::objects_named};

impl Redactor<'_> {
    pub(super) fn withheld(&mut self, row: Withheld) -> Withheld {
        // Objects that are left out stand nowhere else.
        let reason = match objects_named(&row) {
            Some((said, names)) => format!("{said}{}", self.object_names(names)),
            None => words::sentence(&mut self.placeholders, &row.reason),
        };
        let Withheld { operation, reason: _, subnet_id, place } = row;
        let place = place.map(|Place { region, account }| Place {
            region,
            account: self.maybe_account(account),
        });
        Withheld { operation, reason, subnet_id: self.maybe_id(subnet_id), place }
    }

    /// Names of objects of a cluster, `shop/web-1, shop/web-2 and 3 more`.
    fn object_names(&mut self, names: &str) -> String {
        let shown = names.split(", ").map(|name| {
            let (name, more) = name.find(' ').map_or((name, ""), |at| name.split_at(at));
            let parts: Vec<String> = name.split('/').map(|part| self.name(part)).collect();
            format!("{}{more}", parts.join("/"))
        });
        shown.collect::<Vec<_>>().join(", ")
    }
}
