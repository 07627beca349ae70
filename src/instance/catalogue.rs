//! A table of instance types, sorted by name.

use std::borrow::Cow;

use super::InstanceLimits;

/// A source that states other limits for a type than the catalogue uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The type the sources differ on.
    pub instance_type: Cow<'static, str>,
    /// Who says so, such as `nodeadm`.
    pub source: Cow<'static, str>,
    /// The ENIs it states for the default card.
    pub enis: u32,
    /// The IPv4 addresses per ENI it states.
    pub ipv4_per_eni: u32,
}

/// Instance types with where their limits come from.
#[derive(Debug, Clone)]
pub struct Catalogue {
    pub(super) as_of: Cow<'static, str>,
    pub(super) sources: Cow<'static, [(Cow<'static, str>, Cow<'static, str>)]>,
    pub(super) disagreements: Cow<'static, [Disagreement]>,
    pub(super) unpublished: Cow<'static, [Cow<'static, str>]>,
    pub(super) types: Cow<'static, [InstanceLimits]>,
}

impl Catalogue {
    /// The day the limits were read, as `YYYY-MM-DD`.
    #[must_use]
    pub fn as_of(&self) -> &str {
        &self.as_of
    }

    /// Short source names with what each stands for.
    #[must_use]
    pub fn sources(&self) -> &[(Cow<'static, str>, Cow<'static, str>)] {
        &self.sources
    }

    /// Every type, retired ones too, sorted by name.
    #[must_use]
    pub fn types(&self) -> &[InstanceLimits] {
        &self.types
    }

    /// The types that EC2 offers, sorted by name: all but the retired ones.
    pub fn offered(&self) -> impl Iterator<Item = &InstanceLimits> {
        self.types.iter().filter(|row| !row.retired)
    }

    /// Whether EC2 is known to have a type of this name whose limits no source publishes.
    #[must_use]
    pub fn is_unpublished(&self, instance_type: &str) -> bool {
        let is_it = |name: &Cow<'static, str>| name.eq_ignore_ascii_case(instance_type);
        self.get(instance_type).is_none() && self.unpublished.iter().any(is_it)
    }

    /// The limits of a type by its name, in whatever case.
    #[must_use]
    pub fn get(&self, instance_type: &str) -> Option<&InstanceLimits> {
        let name = instance_type.to_ascii_lowercase();
        self.types
            .binary_search_by(|row| row.instance_type.as_ref().cmp(&name))
            .ok()
            .and_then(|at| self.types.get(at))
    }

    /// Sources that state other limits for a type than the ones used.
    pub fn disagreements<'a>(
        &'a self,
        instance_type: &'a str,
    ) -> impl Iterator<Item = &'a Disagreement> {
        self.disagreements.iter().filter(move |row| row.instance_type == instance_type)
    }

    /// The same catalogue with further rows; a row of the same name is replaced.
    #[must_use]
    pub fn with_rows(&self, rows: Vec<InstanceLimits>) -> Self {
        let mut types = self.types.to_vec();
        for row in rows {
            match types.binary_search_by(|known| known.instance_type.cmp(&row.instance_type)) {
                Ok(at) => {
                    if let Some(known) = types.get_mut(at) {
                        *known = row;
                    }
                }
                Err(at) => types.insert(at, row),
            }
        }
        Self { types: types.into(), ..self.clone() }
    }
}
