//! What the stand-in was asked.

/// One call, as it was received and answered.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// The operation, such as `DescribeSubnets` or `ListNodegroups`.
    pub(crate) action: String,
    /// The parameters in the order received: the form's for EC2; for EKS the names in the path,
    /// then the query's.
    pub(crate) parameters: Vec<(String, String)>,
    /// The HTTP status of the answer; 0 until there is one.
    pub(crate) status: u16,
}

impl Call {
    /// A call that is not answered yet.
    pub(crate) fn new(action: impl Into<String>, parameters: Vec<(String, String)>) -> Self {
        Self { action: action.into(), parameters, status: 0 }
    }

    /// The value of a parameter, if it was given.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}
