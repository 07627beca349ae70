//! An observed start and its layout are read as what stands.

use super::{cni, form::Standing, groups, subnets};
use crate::simulate::{Layout, Observed};

impl Standing {
    /// What an observed start and its layout without steps say.
    #[must_use]
    pub fn new(start: &Observed, layout: &Layout<'_>) -> Self {
        Self {
            cidrs: start.cidrs.clone(),
            other_subnets: start.other_subnets.clone(),
            zones: layout.zones.clone(),
            subnets: subnets::subnets(start, layout),
            groups: groups::groups(start, layout),
            cni: cni::written(layout),
            cni_told: layout.cni_told,
            control_plane: !start.control_plane_subnets.is_empty(),
            service_cidrs: start.service_cidrs.iter().copied().collect(),
        }
    }
}
