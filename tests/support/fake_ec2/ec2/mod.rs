//! EC2: form parameters in, XML out.

mod filter;
mod kind;
mod names;
mod reservations;
mod select;
mod table;
mod xml;

use super::fault::Fault;
use super::reply::Reply;
use super::{Call, World};

use self::reservations::CidrReservations;
use self::table::Table;

/// The request identifier of every answer; nothing here depends on it.
const REQUEST_ID: &str = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";

/// The namespace of the answers, which carries the version of the interface.
const NAMESPACE: &str = "http://ec2.amazonaws.com/doc/2016-11-15/";

/// Everything that the service knows, written out as XML once.
pub(super) struct Ec2 {
    tables: Vec<Table>,
    reservations: CidrReservations,
}

impl Ec2 {
    /// A service that knows `world`.
    pub(super) fn new(mut world: World) -> Self {
        let subnets = world.subnets["Subnets"].take();
        let reservations = CidrReservations::new(&subnets, &world.subnet_cidr_reservations);
        let interfaces = world.network_interfaces["NetworkInterfaces"].take();
        let tables = vec![
            Table::new(&kind::REGIONS, world.regions["Regions"].take()),
            Table::new(&kind::VPCS, world.vpcs["Vpcs"].take()),
            Table::new(&kind::SUBNETS, subnets),
            Table::new(&kind::NETWORK_INTERFACES, interfaces),
            Table::of_instances(&kind::INSTANCES, world.instances["Reservations"].take()),
            Table::new(&kind::INSTANCE_TYPES, world.instance_types["InstanceTypes"].take()),
        ];
        Self { tables, reservations }
    }

    /// The call that a form makes.
    pub(super) fn call(body: &[u8]) -> Call {
        let parameters: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
        let action = parameters.iter().find(|(name, _)| name == "Action");
        Call::new(action.map(|(_, value)| value.clone()).unwrap_or_default(), parameters)
    }

    /// Answers a call, with no more than `bound` items on a page.
    pub(super) fn answer(&self, call: &Call, bound: Option<usize>) -> Result<String, Fault> {
        let action = &call.action;
        let mut fields = String::new();
        xml::wrap(&mut fields, "requestId", REQUEST_ID);
        if let Some(table) = self.tables.iter().find(|table| table.action() == action) {
            table.answer(call, bound, &mut fields)?;
        } else if action == reservations::ACTION {
            self.reservations.answer(call, bound, &mut fields)?;
        } else {
            let message = format!("The action {action} is not valid for this web service.");
            return Err(Fault::bad("InvalidAction", message));
        }
        Ok(format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <{action}Response xmlns=\"{NAMESPACE}\">{fields}</{action}Response>"
        ))
    }

    /// The form in which an answer goes out.
    pub(super) fn reply(answer: Result<String, Fault>) -> Reply {
        let (status, body) =
            answer.map_or_else(|fault| (fault.status, error(&fault)), |body| (200, body));
        Reply {
            status,
            content_type: "text/xml;charset=UTF-8",
            error_type: None,
            body: body.into_bytes(),
        }
    }
}

fn error(fault: &Fault) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error>\
         <Code>{}</Code><Message>{}</Message></Error></Errors>\
         <RequestID>{REQUEST_ID}</RequestID></Response>",
        fault.code,
        xml::escape(&fault.message),
    )
}
