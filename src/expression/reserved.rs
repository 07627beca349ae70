//! What reservations come to.

use super::{
    Amount, CompileError, Outcome, Purpose, Reservation, ReservedFor, Status, UserData, Variables,
    asked::MEMORY, pods::Pods,
};

/// karpenter-provider-aws `pkg/cel`: results are rounded up, so that launch templates with almost the same
/// values are one.
const MEMORY_STEP_MIB: u32 = 16;
const CPU_STEP_MILLICORES: u32 = 10;

/// The reservations of one type.
#[derive(Debug, Clone, Default)]
pub(super) struct Reserved {
    /// Memory of `kubeReserved` in MiB.
    pub(super) kube_mib: Option<u32>,
    /// Memory of `systemReserved` in MiB.
    pub(super) system_mib: Option<u32>,
    /// Memory that nodeadm reserves by its own table, where that is another number.
    pub(super) nodeadm_mib: Option<u32>,
    /// Every reservation, by field.
    pub(super) all: Vec<(String, Option<String>)>,
    /// The first that has no value, and why.
    pub(super) fault: Option<(Status, String)>,
}

/// What is reserved, for each type: an expression reads the max pods that the node gets.
pub(super) fn reserved(
    reservations: &[Reservation],
    held: &[Pods],
    types: &[Variables],
) -> Result<Vec<Reserved>, CompileError> {
    let with_held = held
        .iter()
        .zip(types)
        .map(|(held, of)| Variables { max_pods: held.value.unwrap_or(of.max_pods), ..of.clone() });
    let with_held: Vec<Variables> = with_held.collect();
    let mut all = vec![Reserved::default(); held.len()];
    for reservation in reservations {
        match &reservation.amount {
            Amount::Written { text, mib } => {
                for one in &mut all {
                    one.take(reservation, *mib, text.clone());
                }
            }
            Amount::Expression(expression) => {
                let outcomes = expression.evaluate(Purpose::Reserved, &with_held)?;
                for (one, outcome) in all.iter_mut().zip(outcomes) {
                    match outcome {
                        Outcome::Number(number) => {
                            let (rounded, text) = written(&reservation.resource, number);
                            one.take(reservation, rounded, text);
                        }
                        Outcome::Unusable(why) => one.lack(reservation, Status::Rejected, &why),
                        Outcome::Unknown(why) => one.lack(reservation, Status::Unknown, &why),
                    }
                }
            }
        }
    }
    Ok(all)
}

impl Reserved {
    /// The same on the node, where flags and files of the user data change it.
    pub(super) fn on_node(&mut self, user_data: &UserData) {
        for whose in &user_data.replaced {
            let own = format!("{}.", whose.key());
            self.all.retain(|(field, _)| !field.starts_with(&own));
        }
        for reservation in &user_data.reservations {
            if let Amount::Written { text, mib } = &reservation.amount {
                self.take(reservation, *mib, text.clone());
            }
        }
    }

    fn take(&mut self, reservation: &Reservation, mib: u32, text: String) {
        if reservation.is_memory(ReservedFor::Kube) {
            self.kube_mib = Some(mib);
        }
        if reservation.is_memory(ReservedFor::System) {
            self.system_mib = Some(mib);
        }
        self.all.push((reservation.field(), Some(text)));
    }

    fn lack(&mut self, reservation: &Reservation, status: Status, why: &str) {
        let field = reservation.field();
        self.fault.get_or_insert_with(|| (status, format!("{field}: {why}")));
        self.all.push((field, None));
    }
}

/// A result in its resource's unit, as Karpenter writes it.
fn written(resource: &str, number: u32) -> (u32, String) {
    let rounded = |step: u32| number.checked_next_multiple_of(step).unwrap_or(number);
    let (number, unit) = match resource {
        MEMORY => (rounded(MEMORY_STEP_MIB), "Mi"),
        "cpu" => (rounded(CPU_STEP_MILLICORES), "m"),
        "ephemeral-storage" => (number, "Gi"),
        _ => (number, ""),
    };
    (number, format!("{number}{unit}"))
}
