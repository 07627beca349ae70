//! Credentials that can be sent: the SDK ends the program over a key that no header takes (seen with
//! aws-runtime 1.10), such as one with the newline of the file that it was copied from.

use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials, SharedCredentialsProvider, error::CredentialsError, future},
};

/// Whatever gives credentials, with a look at them.
#[derive(Debug)]
pub(super) struct Checked(pub(super) SharedCredentialsProvider);

impl ProvideCredentials for Checked {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let given = self.0.provide_credentials().await?;
            match fault(&given) {
                Some(fault) => Err(CredentialsError::invalid_configuration(fault)),
                None => Ok(given),
            }
        })
    }

    fn fallback_on_interrupt(&self) -> Option<Credentials> {
        self.0.fallback_on_interrupt().filter(|given| fault(given).is_none())
    }
}

/// What is wrong with credentials, without what they are.
pub(super) fn fault(given: &Credentials) -> Option<String> {
    let parts = [
        ("access key id", Some(given.access_key_id())),
        ("secret access key", Some(given.secret_access_key())),
        ("session token", given.session_token()),
    ];
    let fits = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
    let odd = parts.into_iter().find(|(_, text)| !text.is_none_or(fits))?;
    Some(format!("the {} contains a space, a newline or an invalid character", odd.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_no_request_can_hold() {
        let of = |id: &str, secret: &str, token: Option<&str>| {
            fault(&Credentials::new(id, secret, token.map(ToOwned::to_owned), None, "test"))
        };
        assert_eq!(of("AKIA", "a/+b=", Some("IQo/+=")), None);
        assert!(of("AKIA\n", "s", None).is_some_and(|said| said.contains("access key id")));
        assert!(of("AKIA", "s ", None).is_some_and(|said| said.contains("secret access key")));
        let said = of("AKIA", "s", Some("é")).unwrap_or_default();
        assert!(said.contains("session token") && !said.contains('é'), "{said}");
    }
}
