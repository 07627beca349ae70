//! The verdict for each instance type.

use super::{
    Asked, CompileError, Dialect, Problem, Status, Variables, Verdict,
    pods::{Limit, Pods, pods},
    reserved::{Reserved, reserved},
};
use crate::{
    declared::is_launched,
    density::{DensityReport, kube_reserved_memory_mib, reserves_half},
    instance::{Catalogue, InstanceLimits},
};

/// A type to judge for.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// Its limits.
    pub limits: &'a InstanceLimits,
    /// What its ENIs carry.
    pub report: &'a DensityReport,
}

/// Judges some types, in their order.
///
/// # Errors
/// When the system gives no thread to evaluate an expression.
pub fn judge(
    asked: &Asked,
    catalogue: &Catalogue,
    types: &[Judged<'_>],
) -> Result<Vec<Verdict>, CompileError> {
    let variables = |dialect| {
        let of = |one: &Judged<'_>| {
            Variables::of(dialect, catalogue, one.limits, asked.taken_enis(one.limits))
        };
        types.iter().map(of).collect::<Vec<Variables>>()
    };
    let own = variables(asked.dialect);
    let computed = pods(asked.dialect, &asked.max_pods, &own)?;
    let under = |by: Limit| {
        let all = computed.iter().zip(&own).map(move |(pods, of)| pods.clone().under(by, of));
        all.collect::<Vec<Pods>>()
    };
    // Karpenter reckons with what it knows; the user data may tell the kubelet something else.
    let (known, held) = (under(Limit::known(asked)), under(Limit::on_node(asked)));
    let mut set = reserved(&asked.reservations, &known, &own)?;
    // nodeadm reserves by its own number, whatever the kubelet is told (amazon-eks-ami
    // `withDefaultReservedResources`); the rest by what Karpenter reckons with.
    let reserving = match (asked.dialect, &asked.user_data.expression) {
        (Dialect::Nodeadm, _) => computed,
        (Dialect::Karpenter, Some(expression)) => {
            pods(Dialect::Nodeadm, expression, &variables(Dialect::Nodeadm))?
        }
        (Dialect::Karpenter, None) | (Dialect::Castai, _) => known,
    };
    for (reserved, by) in set.iter_mut().zip(&reserving) {
        reserved.on_node(&asked.user_data);
        reserved.kube_mib = reserved.kube_mib.or_else(|| by.value.map(kube_reserved_memory_mib));
    }
    if asked.nodeadm_reserves {
        for (reserved, of) in set.iter_mut().zip(variables(Dialect::Nodeadm)) {
            let own = Some(kube_reserved_memory_mib(of.max_pods));
            reserved.nodeadm_mib = own.filter(|_| own != reserved.kube_mib);
        }
    }
    let failing = failing_type(asked, catalogue)?;
    let all = held.into_iter().zip(set).zip(types);
    Ok(all
        .map(|((held, reserved), one)| verdict(held, reserved, one, failing.as_deref()))
        .collect())
}

/// A type on which an expression of a NodeClass fails, and why: Karpenter evaluates them for every instance
/// type that it knows, whatever its NodePools take, and one failure leaves the class not Ready
/// (karpenter-provider-aws `ValidateKubeletExpressions`).
fn failing_type(asked: &Asked, catalogue: &Catalogue) -> Result<Option<String>, CompileError> {
    if asked.dialect != Dialect::Karpenter || !asked.has_expressions() {
        return Ok(None);
    }
    let of = |limits| Variables::of(asked.dialect, catalogue, limits, asked.taken_enis(limits));
    let types: Vec<Variables> =
        catalogue.types().iter().filter(|row| is_launched(row)).map(of).collect();
    let computed = pods(asked.dialect, &asked.max_pods, &types)?;
    let by = Limit::known(asked);
    let under = computed.into_iter().zip(&types).map(|(pods, of)| pods.under(by, of));
    let held: Vec<Pods> = under.collect();
    let set = reserved(&asked.reservations, &held, &types)?;
    let mut all = types.iter().zip(held).zip(set);
    Ok(all.find_map(|((of, held), set)| {
        let fault = set.fault.filter(|(status, _)| *status == Status::Rejected);
        let why = match held.status {
            Status::Rejected => held.reason,
            Status::Ok | Status::Unknown => fault.map(|(_, why)| why),
        };
        Some(format!("{}: {}", of.instance_type, why?))
    }))
}

fn verdict(held: Pods, reserved: Reserved, one: &Judged<'_>, failing: Option<&str>) -> Verdict {
    let Pods { mut value, mut status, mut reason, holder } = held;
    if let (Some((theirs, why)), Status::Ok) = (reserved.fault, status) {
        // A NodeClass with one bad expression is not Ready as a whole.
        if theirs == Status::Rejected {
            value = None;
        }
        status = theirs;
        reason = Some(why);
    }
    if let (Some(failing), true) = (failing, status != Status::Rejected) {
        reason = Some(format!("the expression fails on another type, {failing}"));
    }
    let memory = one.limits.memory_mib.filter(|mib| *mib > 0);
    let carried = one.report.eni_max_pods;
    let stranded_pods =
        value.map(|value| carried.map_or(0, |carried| value.saturating_sub(carried)));
    let kube_reserved_memory_mib = reserved.kube_mib.filter(|_| value.is_some());
    let system_reserved_memory_mib = reserved.system_mib.filter(|_| value.is_some());
    if value == Some(0) && reason.is_none() {
        reason = Some("max pods 0: no pod fits on a node".to_owned());
    }
    if reason.is_none() && value.is_some() && memory.is_none() {
        reason = Some(format!("no source states the memory of {}", one.limits.instance_type));
    }
    let both = u64::from(kube_reserved_memory_mib.unwrap_or(0))
        + u64::from(system_reserved_memory_mib.unwrap_or(0));
    let over_cap = value.zip(one.report.cap).is_some_and(|(value, cap)| value > cap);
    let found = [
        (
            failing.is_some()
                || value == Some(0)
                || (value.is_none() && status == Status::Rejected),
            Problem::NoNode,
        ),
        (stranded_pods.is_some_and(|pods| pods > 0), Problem::StrandsPods),
        (memory.is_some_and(|all| reserves_half(both, all)), Problem::ReservesHalf),
        (over_cap, Problem::OverCap),
    ];
    Verdict {
        value,
        status,
        reason,
        held_by: value.map(|_| holder),
        stranded_pods,
        kube_reserved_memory_mib,
        system_reserved_memory_mib,
        nodeadm_reserved_memory_mib: reserved.nodeadm_mib.filter(|_| value.is_some()),
        kube_reserved_share: kube_reserved_memory_mib.zip(memory).map(|(mib, all)| share(mib, all)),
        reserved: reserved.all,
        problems: found.into_iter().filter(|(is, _)| *is).map(|(_, problem)| problem).collect(),
    }
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "MiB of one machine")]
fn share(mib: u32, of: u64) -> f64 {
    f64::from(mib) / of as f64
}
