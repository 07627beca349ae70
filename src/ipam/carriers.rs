//! Which of a node's ENIs carry pod addresses: the one place that decides it, for the sum of max pods
//! and for the pool that is simulated.

/// What decides how many ENIs carry pod addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EniSlots {
    /// ENIs that the default network card can hold.
    pub enis: u32,
    /// MAX_ENI, in ENIs, the primary one included.
    pub max_eni: Option<i64>,
    /// ENIs that take a place and that the CNI leaves alone.
    pub unmanaged: u32,
    /// Whether the primary ENI carries pods: not under custom networking, and not when its subnet is
    /// tagged out of use.
    pub primary_carries: bool,
    /// Whether a slot is kept for a trunk ENI (ENABLE_POD_ENI on a type that can trunk, or that no
    /// source states).
    pub trunk: bool,
}

impl EniSlots {
    /// ENIs that ipamd attaches at most, the primary one and a trunk included. A MAX_ENI below 1, or
    /// not below the card's limit, counts as not set (`pkg/ipamd`, `getMaxENI`).
    #[must_use]
    pub fn most(&self) -> u32 {
        match self.max_eni.map(u32::try_from) {
            Some(Ok(most)) if (1..self.enis).contains(&most) => most,
            _ => self.enis,
        }
    }

    /// ENIs that can carry pod addresses. Without custom networking the primary ENI always does, even
    /// where MAX_ENI leaves nothing beside a trunk (the genuine ipamd does so with MAX_ENI=1).
    #[must_use]
    pub fn carriers(&self) -> u32 {
        let most = self.most().saturating_sub(self.unmanaged);
        let left = most.saturating_sub(u32::from(self.trunk));
        if self.primary_carries { left.max(1) } else { left.saturating_sub(1) }
    }

    /// Whether a slot is taken off the carriers for the trunk. With MAX_ENI=1 none is: the VPC resource
    /// controller attaches the trunk beside the primary ENI, whatever MAX_ENI says.
    #[must_use]
    pub fn trunk_takes_a_carrier(&self) -> bool {
        self.trunk && self.most() > 1
    }

    /// Whether the card has no slot left for the trunk ENI that is asked for: the primary ENI and those that
    /// the CNI leaves alone have them all. MAX_ENI does not count.
    #[must_use]
    pub fn trunk_has_no_slot(&self) -> bool {
        self.trunk && self.enis <= self.unmanaged.saturating_add(1)
    }
}
