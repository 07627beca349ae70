//! Reservations of address ranges, which are asked for by subnet and come in two lists.

use std::collections::HashMap;

use serde_json::Value;

use super::super::Call;
use super::super::fault::Fault;
use super::super::page::Page;
use super::filter::Filter;
use super::kind::{Ids, Kind, PAGING};
use super::select::select;
use super::table::{Item, check_parameters, things};
use super::xml;

/// The operation.
pub(super) const ACTION: &str = "GetSubnetCidrReservations";

/// How a reservation is read; nothing picks it by its identifier, and its lists are two.
const RESERVATIONS: Kind = Kind {
    action: ACTION,
    set: "",
    ids: Ids {
        parameter: "",
        field: "/SubnetCidrReservationId",
        missing: ("InvalidSubnetCidrReservationID.NotFound", "subnet CIDR reservation ID"),
        paged: true,
        most: 0,
    },
    filters: &[("reservationType", "/ReservationType")],
    tags: Some("/Tags"),
    paging: PAGING,
};

/// The reservations of every subnet.
pub(super) struct CidrReservations(HashMap<String, InSubnet>);

/// The reservations of one subnet.
#[derive(Default)]
struct InSubnet {
    /// Those of IPv4 ranges, then those of IPv6 ranges: they are paged as one list.
    items: Vec<Item>,
    /// How many are of IPv4 ranges.
    ipv4: usize,
}

impl CidrReservations {
    /// The reservations in `answers`, which are by subnet. A subnet without an answer has none.
    pub(super) fn new(subnets: &Value, answers: &Value) -> Self {
        let ids = things(subnets).iter().filter_map(|subnet| subnet["SubnetId"].as_str());
        let mut by_subnet: HashMap<String, InSubnet> =
            ids.map(|id| (id.to_owned(), InSubnet::default())).collect();
        for (subnet, answer) in answers.as_object().into_iter().flatten() {
            let ipv4 = things(&answer["SubnetIpv4CidrReservations"]);
            let ipv6 = things(&answer["SubnetIpv6CidrReservations"]);
            let items = ipv4.iter().chain(ipv6).map(|thing| Item::of(&RESERVATIONS, thing));
            let items = items.collect();
            by_subnet.insert(subnet.clone(), InSubnet { items, ipv4: ipv4.len() });
        }
        Self(by_subnet)
    }

    /// Writes the answer to a call, with no more than `bound` items over both lists.
    pub(super) fn answer(
        &self,
        call: &Call,
        bound: Option<usize>,
        out: &mut String,
    ) -> Result<(), Fault> {
        check_parameters(call, |name| name == "SubnetId")?;
        let Some(subnet) = call.parameter("SubnetId") else {
            let message = "The request must contain the parameter SubnetId";
            return Err(Fault::bad("MissingParameter", message));
        };
        let Some(InSubnet { items, ipv4 }) = self.0.get(subnet) else {
            let message = format!("The subnet ID '{subnet}' does not exist");
            return Err(Fault::bad("InvalidSubnetID.NotFound", message));
        };
        let page = Page::asked(call, &RESERVATIONS.paging, bound)?;
        let filters = Filter::asked(call, RESERVATIONS.filters, true)?;
        let selection = select(items, 0..items.len(), &[], &filters, &page);
        let (mut first, mut second) = (String::new(), String::new());
        for hit in &selection.hits {
            hit.write(if hit.position < *ipv4 { &mut first } else { &mut second });
        }
        xml::wrap(out, "subnetIpv4CidrReservationSet", &first);
        xml::wrap(out, "subnetIpv6CidrReservationSet", &second);
        if let Some(next) = selection.next {
            xml::wrap(out, "nextToken", &page.token(next));
        }
        Ok(())
    }
}
