//! What max pods come to, and by whose word.

use super::{
    Asked, CompileError, Dialect, Holder, Outcome, PodsSetting, Purpose, Status, Variables,
};

/// Max pods of one type.
#[derive(Debug, Clone)]
pub(super) struct Pods {
    pub(super) value: Option<u32>,
    pub(super) status: Status,
    pub(super) reason: Option<String>,
    pub(super) holder: Holder,
}

/// What the kubelet is told beside what the dialect's evaluator computes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    max_pods: Option<u32>,
    pods_per_core: Option<u32>,
}

impl Limit {
    /// As the evaluator knows it.
    pub(super) fn known(asked: &Asked) -> Self {
        Self { max_pods: asked.kubelet_max_pods, pods_per_core: asked.pods_per_core }
    }

    /// As it is on the node.
    pub(super) fn on_node(asked: &Asked) -> Self {
        let known = Self::known(asked);
        Self {
            max_pods: asked.user_data.max_pods.or(known.max_pods),
            pods_per_core: asked.user_data.pods_per_core.or(known.pods_per_core),
        }
    }
}

/// What a setting comes to for some types, in their order.
pub(super) fn pods(
    dialect: Dialect,
    setting: &PodsSetting,
    types: &[Variables],
) -> Result<Vec<Pods>, CompileError> {
    Ok(match setting {
        PodsSetting::Unset => types.iter().map(Pods::default_of).collect(),
        PodsSetting::Number(number) => vec![Pods::number(*number); types.len()],
        PodsSetting::Expression(expression) => {
            let outcomes = expression.evaluate(Purpose::MaxPods, types)?;
            let all = outcomes.into_iter().zip(types);
            all.map(|(outcome, of)| Pods::from(dialect, outcome, of)).collect()
        }
        PodsSetting::Refused(error) => {
            types.iter().map(|of| Pods::unusable(dialect, error.to_string(), of)).collect()
        }
        PodsSetting::Unstated(why) => vec![Pods::unknown((*why).to_owned()); types.len()],
    })
}

impl Pods {
    fn number(number: u32) -> Self {
        Self { value: Some(number), status: Status::Ok, reason: None, holder: Holder::Number }
    }

    fn default_of(variables: &Variables) -> Self {
        Self { holder: Holder::Default, ..Self::number(variables.max_pods) }
    }

    fn from(dialect: Dialect, outcome: Outcome, variables: &Variables) -> Self {
        match outcome {
            Outcome::Number(number) => Self { holder: Holder::Expression, ..Self::number(number) },
            Outcome::Unusable(why) => Self::unusable(dialect, why, variables),
            Outcome::Unknown(why) => Self::unknown(why),
        }
    }

    fn unknown(why: String) -> Self {
        Self { value: None, status: Status::Unknown, reason: Some(why), holder: Holder::Expression }
    }

    /// nodeadm drops the expression and takes its table. Karpenter's NodeClass is not Ready
    /// (`ValidationSucceeded=False`). What CAST AI does is not documented.
    fn unusable(dialect: Dialect, why: String, variables: &Variables) -> Self {
        let value = match dialect {
            Dialect::Nodeadm => Some(variables.max_pods),
            Dialect::Karpenter | Dialect::Castai => None,
        };
        Self { value, status: Status::Rejected, reason: Some(why), holder: Holder::Default }
    }

    /// What else sets or limits the pods of the kubelet. Without a node nothing does.
    pub(super) fn under(mut self, by: Limit, variables: &Variables) -> Self {
        let has_node = self.status != Status::Rejected || self.value.is_some();
        if let (Some(number), true) = (by.max_pods, has_node) {
            self.value = Some(number);
            self.holder = Holder::Number;
        }
        let (Some(value), Some(each)) = (self.value, by.pods_per_core.filter(|each| *each > 0))
        else {
            return self;
        };
        let Some(vcpus) = variables.vcpus else {
            let of = &variables.instance_type;
            self.value = None;
            self.status = Status::Unknown;
            self.reason = Some(format!("no source states the number of vCPUs of {of}"));
            return self;
        };
        let most = each.saturating_mul(vcpus);
        if most < value {
            self.value = Some(most);
            self.holder = Holder::PodsPerCore;
        }
        self
    }
}
