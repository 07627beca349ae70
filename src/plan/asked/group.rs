//! A group of the requirement with its types.

use crate::{
    instance::{Catalogue, InstanceLimits, nearest},
    plan::{
        error::PlanError,
        requirement::{Choose, RequiredGroup},
    },
};

/// A group of the requirement.
#[derive(Debug, Clone)]
pub(in crate::plan) struct AskedGroup<'a> {
    pub(in crate::plan) written: RequiredGroup,
    /// Its place in the requirement.
    pub(in crate::plan) at: usize,
    /// The types that are named.
    pub(in crate::plan) types: Vec<&'a InstanceLimits>,
    /// The types among which one is chosen, where none is named.
    pub(in crate::plan) choice: Vec<&'a InstanceLimits>,
}

impl AskedGroup<'_> {
    pub(in crate::plan) fn usual(&self) -> u32 {
        self.written.pods.usual.unwrap_or(self.written.pods.peak)
    }

    pub(in crate::plan) fn peak(&self) -> u32 {
        self.written.pods.peak
    }
}

/// A group with its types found.
pub(super) fn group<'a>(
    at: usize,
    written: &RequiredGroup,
    catalogue: &'a Catalogue,
) -> Result<AskedGroup<'a>, PlanError> {
    let place = format!("groups[{at}]");
    let mut group =
        AskedGroup { written: written.clone(), at, types: Vec::new(), choice: Vec::new() };
    match (&written.choose, written.instance_types.as_slice()) {
        (None, []) => {
            let message = format!("group {} has neither instance_types nor choose", written.name);
            return Err(PlanError::new(place, message)
                .with_hint("name the instance types, such as instance_types: [m6i.2xlarge]"));
        }
        (Some(_), [_, ..]) => {
            let message = format!("group {} has both instance_types and choose", written.name);
            return Err(PlanError::new(place, message).with_hint("keep one of the two"));
        }
        (None, names) => {
            for name in names {
                group.types.push(named(&place, name, catalogue)?);
            }
        }
        (Some(choose), []) => group.choice = choice(&place, choose, catalogue)?,
    }
    Ok(group)
}

fn named<'a>(
    place: &str,
    name: &str,
    catalogue: &'a Catalogue,
) -> Result<&'a InstanceLimits, PlanError> {
    let found = catalogue.get(name).or_else(|| catalogue.get(&name.to_ascii_lowercase()));
    found.ok_or_else(|| {
        let near = nearest(catalogue, name);
        let hint = if near.is_empty() {
            "`eksnet limits list` shows the known types; --limits FILE adds new types".to_owned()
        } else {
            format!("did you mean {}? --limits FILE adds new types", near.join(", "))
        };
        let place = format!("{place}.instance_types");
        PlanError::new(place, format!("unknown instance type `{name}`")).with_hint(hint)
    })
}

/// The types that a choice leaves, in their natural order.
fn choice<'a>(
    place: &str,
    choose: &Choose,
    catalogue: &'a Catalogue,
) -> Result<Vec<&'a InstanceLimits>, PlanError> {
    let place = format!("{place}.choose");
    if choose.families.is_empty() {
        return Err(PlanError::new(format!("{place}.families"), "no family is named")
            .with_hint("name instance families, such as families: [m7g, m6i]"));
    }
    let is_chosen = |limits: &&InstanceLimits| {
        let in_range = choose.vcpus.is_none_or(|range| {
            limits.vcpus.is_some_and(|vcpus| (range.least..=range.most).contains(&vcpus))
        });
        let has_arch = choose.arch.as_ref().is_none_or(|arch| {
            limits.architectures.as_ref().is_some_and(|all| all.iter().any(|known| known == arch))
        });
        choose.families.iter().any(|family| family_of(limits) == family) && in_range && has_arch
    };
    let found: Vec<&InstanceLimits> = catalogue.offered().filter(is_chosen).collect();
    if found.is_empty() {
        let message =
            format!("no instance type of {} is within these bounds", choose.families.join(", "));
        return Err(PlanError::new(place, message)
            .with_hint("`eksnet limits list` shows the known types with their vCPUs"));
    }
    Ok(found)
}

/// The family of a type: `m5` of `m5.large`.
pub(super) fn family_of(limits: &InstanceLimits) -> &str {
    limits.instance_type.split_once('.').map_or(&*limits.instance_type, |(family, _)| family)
}

/// Offered types of the families of a group, others than its own, the smallest first.
pub(in crate::plan) fn other_types<'a>(
    group: &AskedGroup<'a>,
    catalogue: &'a Catalogue,
) -> Vec<&'a InstanceLimits> {
    let of_family = |limits: &&InstanceLimits| {
        let is_own = |own: &&InstanceLimits| own.instance_type == limits.instance_type;
        !limits.bare_metal
            && !group.types.iter().any(is_own)
            && group.types.iter().any(|own| family_of(own) == family_of(limits))
    };
    let mut found: Vec<&InstanceLimits> = catalogue.offered().filter(of_family).collect();
    found.sort_by_key(|limits| (limits.vcpus, limits.instance_type.clone()));
    found
}
