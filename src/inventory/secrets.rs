//! What services say, without what nobody else may see: AWS's errors repeat signed requests, session
//! tokens and key ids, and proxies and SDKs repeat URLs with passwords. Everything that a service said goes
//! through [`cleaned`] before it is shown, saved or redacted.

/// What stands where something was.
const LEFT_OUT: &str = "…";
/// The most characters of what a service said.
const LONGEST: usize = 1_000;

/// From here on a text repeats what was signed (SignatureDoesNotMatch).
const SIGNED: &[&str] =
    &["the canonical string for this request", "the string-to-sign", "the string to sign"];

/// Names of values that are secret, without `-` and `_`, in small letters.
const SECRET_KEYS: &[&str] = &[
    "accesskey",
    "accesskeyid",
    "accesstoken",
    "authorization",
    "awsaccesskeyid",
    "awssecretaccesskey",
    "awssessiontoken",
    "canonicalrequest",
    "clientsecret",
    "cookie",
    "credential",
    "encodedmessage",
    "externalid",
    "idtoken",
    "password",
    "proxyauthorization",
    "refreshtoken",
    "samlassertion",
    "secretaccesskey",
    "secretkey",
    "securitytoken",
    "sessiontoken",
    "setcookie",
    "signature",
    "stringtosign",
    "token",
    "webidentitytoken",
    "xamzcredential",
    "xamzsecuritytoken",
    "xamzsignature",
    "xawsec2metadatatoken",
];

/// Words after which a secret comes, if a sign or a quote follows them; see [`SECRET_KEYS`] for names.
const SECRET_PHRASES: &[&str] = &[
    "access key",
    "access key id",
    "authorization failure message",
    "external id",
    "secret access key",
    "security token",
    "session token",
];

/// Ways of authorization, after which the secret comes.
const SCHEMES: &[&str] = &["aws4-hmac-sha256", "basic", "bearer", "digest", "negotiate"];

/// What access key ids begin with (IAM user guide, "Unique identifiers").
const KEY_IDS: &[&str] = &["ABIA", "ACCA", "AKIA", "ASIA"];

/// A text of a service on one line, without secrets.
#[must_use]
pub fn cleaned(text: &str) -> String {
    let small = text.to_ascii_lowercase();
    let end = SIGNED.iter().filter_map(|phrase| small.find(phrase)).min();
    let kept = end.and_then(|end| text.get(..end)).unwrap_or(text);
    let mut cleaned = Cleaner::default().clean(kept);
    if end.is_some() {
        cleaned.push_str(" (what was signed is left out)");
    }
    let line = cleaned.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}{LEFT_OUT}", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

/// What the words before say of the next one.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Nothing.
    #[default]
    Plain,
    /// It is secret if it is told to be the value of a name just read.
    Maybe,
    /// It is secret.
    Secret,
}

#[derive(Default)]
struct Cleaner {
    next: Next,
    cleaned: String,
    /// The last words of prose, in small letters, a blank before each.
    prose: String,
}

impl Cleaner {
    fn clean(mut self, text: &str) -> String {
        let mut rest = text;
        while !rest.is_empty() {
            let between = rest.find(|letter| !is_between(letter)).unwrap_or(rest.len());
            let (between, after) = rest.split_at_checked(between).unwrap_or((rest, ""));
            // A quoted or tagged name: `"SecretAccessKey": "…"`, `<AWSAccessKeyId>…`.
            let is_marked = between.contains(['"', '\'', '`', '>']);
            if is_marked && (self.next == Next::Maybe || self.is_phrase()) {
                self.next = Next::Secret;
            }
            self.cleaned.push_str(between);
            let word = after.find(is_between).unwrap_or(after.len());
            let (word, after) = after.split_at_checked(word).unwrap_or((after, ""));
            if !word.is_empty() {
                self.word(word);
            }
            rest = after;
        }
        self.cleaned
    }

    fn word(&mut self, word: &str) {
        if matches!(word, ":" | "=" | ":=") {
            self.cleaned.push_str(word);
            if self.next == Next::Maybe || self.is_phrase() {
                self.next = Next::Secret;
            }
            return;
        }
        if self.next == Next::Secret {
            if SCHEMES.contains(&word.to_ascii_lowercase().as_str()) {
                self.cleaned.push_str(word);
            } else {
                self.cleaned.push_str(LEFT_OUT);
                self.next = Next::Plain;
                self.prose.clear();
            }
            return;
        }
        self.next = Next::Plain;
        self.prose.push(' ');
        self.prose.push_str(&word.trim_end_matches([':', '=']).to_ascii_lowercase());
        if word.ends_with([':', '=']) && self.is_phrase() {
            self.next = Next::Secret;
            self.cleaned.push_str(word);
            return;
        }
        if word.contains("://") {
            self.cleaned.push_str(&url(word));
            return;
        }
        for (at, part) in word.split('&').enumerate() {
            if at > 0 {
                self.cleaned.push('&');
            }
            self.part(part);
        }
    }

    fn is_phrase(&self) -> bool {
        SECRET_PHRASES.iter().any(|phrase| {
            self.prose.strip_suffix(phrase).is_some_and(|before| before.ends_with(' '))
        })
    }

    /// `NAME=VALUE`, `NAME:VALUE`, `NAME:`, a name or any other word.
    fn part(&mut self, part: &str) {
        let splits = [part.split_once('='), part.split_once(':'), part.rsplit_once(':')];
        let pair = splits.into_iter().flatten().find(|(name, _)| is_secret_key(name));
        let pair =
            pair.map(|(name, value)| (name, part.get(name.len()..).unwrap_or_default(), value));
        match pair {
            Some((name, sign, "")) => {
                self.cleaned.push_str(name);
                self.cleaned.push_str(sign);
                self.next = Next::Secret;
            }
            Some((name, sign, value)) => {
                self.cleaned.push_str(name);
                self.cleaned.push_str(sign.strip_suffix(value).unwrap_or_default());
                self.cleaned.push_str(LEFT_OUT);
            }
            None => {
                // The end of an element has its name as well.
                if is_secret_key(part) && !part.starts_with('/') {
                    self.next = Next::Maybe;
                } else if matches!(part.to_ascii_lowercase().as_str(), "bearer" | "basic") {
                    self.next = Next::Secret;
                }
                self.cleaned.push_str(&without_tokens(part));
            }
        }
    }
}

fn is_between(letter: char) -> bool {
    letter.is_whitespace() || "\"'`<>(){}[];,|\\".contains(letter)
}

fn is_secret_key(name: &str) -> bool {
    let name = name.rsplit(['/', '?', '.', ':']).next().unwrap_or(name);
    let name: String = name.chars().filter(|letter| !matches!(letter, '-' | '_')).collect();
    SECRET_KEYS.contains(&name.to_ascii_lowercase().as_str())
}

/// A URL without its user, its password and its query.
fn url(text: &str) -> String {
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let (rest, query) = rest.split_once('?').map_or((rest, ""), |(rest, _)| (rest, "?…"));
    let (host, path) =
        rest.split_at_checked(rest.find('/').unwrap_or(rest.len())).unwrap_or((rest, ""));
    let host = host
        .rsplit_once('@')
        .map_or_else(|| host.to_owned(), |(_, host)| format!("{LEFT_OUT}@{host}"));
    format!("{scheme}://{host}{}{query}", without_tokens(path))
}

/// A word without key ids, signatures and tokens in it.
fn without_tokens(word: &str) -> String {
    let mut kept = String::with_capacity(word.len());
    let mut rest = word;
    while !rest.is_empty() {
        let token = rest.find(|letter| !is_of_token(letter)).unwrap_or(rest.len());
        let (token, after) = rest.split_at_checked(token).unwrap_or((rest, ""));
        let other = after.find(is_of_token).unwrap_or(after.len());
        let (other, after) = after.split_at_checked(other).unwrap_or((after, ""));
        if is_token(token) {
            kept.push_str(LEFT_OUT);
        } else {
            kept.push_str(
                &token.split_inclusive(['/', '=', '+']).map(without_key_id).collect::<String>(),
            );
        }
        kept.push_str(other);
        rest = after;
    }
    kept
}

fn is_of_token(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "+/=_-".contains(letter)
}

/// A key id's first letters alone, which tell its kind.
fn without_key_id(part: &str) -> String {
    let id = part.trim_end_matches(['/', '=', '+']);
    let start = id.get(..4).unwrap_or_default();
    let is_fit = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    if id.len() >= 16 && KEY_IDS.contains(&start) && id.bytes().all(is_fit) {
        format!("{start}{LEFT_OUT}{}", part.get(id.len()..).unwrap_or_default())
    } else {
        part.to_owned()
    }
}

/// Whether it has the form of a signature (64 hexadecimal digits), of a secret key (40 letters and digits
/// in both cases) or of a session token or an encoded message (long).
fn is_token(text: &str) -> bool {
    const SIGNATURE: usize = 64;
    const SECRET_KEY: usize = 40;
    const LONG: usize = 100;
    let has = |test: fn(&u8) -> bool| text.as_bytes().iter().any(test);
    let is_mixed =
        has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
    match text.len() {
        SIGNATURE if text.bytes().all(|byte| byte.is_ascii_hexdigit()) => true,
        SECRET_KEY => is_mixed,
        length => length >= LONG && is_mixed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    /// In the form of a session token: 200 letters and digits.
    fn token() -> String {
        "IQoJb3JpZ2luX2VjEJ3/wEaCXVzLWVhc3QtMSJHMEUCIQ".repeat(5)
    }

    fn signature() -> String {
        "0123456789abcdef".repeat(4)
    }

    #[test]
    fn what_services_say_loses_its_secrets() {
        let (token, signature) = (token(), signature());
        let rows = [
            (
                format!(
                    "SignatureDoesNotMatch: The request signature we calculated does not match the \
                     signature you provided. Check your AWS Secret Access Key and signing method.\n\nThe \
                     Canonical String for this request should have been\n'POST\n/\n\nhost:ec2.eu-west-1.\
                     amazonaws.com\nx-amz-security-token:{token}\n\n{signature}'\n\nThe String-to-Sign \
                     should have been\n'AWS4-HMAC-SHA256\n20261129T010203Z'"
                ),
                "SignatureDoesNotMatch: The request signature we calculated does not match the signature you \
                 provided. Check your AWS Secret Access Key and signing method. (what was signed is left \
                 out)"
                    .to_owned(),
            ),
            (
                format!(
                    "UnauthorizedOperation: You are not authorized to perform this operation. User: \
                     arn:aws:iam::111122223333:user/alice is not authorized to perform: \
                     ec2:DescribeSubnets because no identity-based policy allows the \
                     ec2:DescribeSubnets action. Encoded authorization failure message: {token}"
                ),
                "UnauthorizedOperation: You are not authorized to perform this operation. User: \
                 arn:aws:iam::111122223333:user/alice is not authorized to perform: ec2:DescribeSubnets \
                 because no identity-based policy allows the ec2:DescribeSubnets action. Encoded \
                 authorization failure message: …"
                    .to_owned(),
            ),
            (
                format!("InvalidClientTokenId: no key {KEY_ID}, nor ASIAIOSFODNN7EXAMPLE/20261129/x."),
                "InvalidClientTokenId: no key AKIA…, nor ASIA…/20261129/x.".to_owned(),
            ),
            (
                format!(
                    "Authorization: AWS4-HMAC-SHA256 Credential={KEY_ID}/20261129/eu-west-1/ec2/\
                     aws4_request, SignedHeaders=host, Signature={signature}"
                ),
                "Authorization: AWS4-HMAC-SHA256 …, SignedHeaders=host, Signature=…".to_owned(),
            ),
            (
                format!("x-amz-security-token: {token} and X-Amz-Security-Token={token}"),
                "x-amz-security-token: … and X-Amz-Security-Token=…".to_owned(),
            ),
            (
                format!(
                    "GET https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&X-Amz-Credential=\
                     {KEY_ID}%2F20261129&X-Amz-Signature={signature} failed"
                ),
                "GET https://sts.eu-west-1.amazonaws.com/?… failed".to_owned(),
            ),
            (
                "connecting to http://alice:hunter2@proxy.example.com:3128/ failed".to_owned(),
                "connecting to http://…@proxy.example.com:3128/ failed".to_owned(),
            ),
            (
                format!("{{\"AccessKeyId\": \"{KEY_ID}\", \"SecretAccessKey\": \"{SECRET}\", \"Version\": 1}}"),
                "{\"AccessKeyId\": \"…\", \"SecretAccessKey\": \"…\", \"Version\": 1}".to_owned(),
            ),
            (
                format!("<AWSAccessKeyId>{KEY_ID}</AWSAccessKeyId><Code>x</Code>"),
                "<AWSAccessKeyId>…</AWSAccessKeyId><Code>x</Code>".to_owned(),
            ),
            (
                format!("aws_secret_access_key = {SECRET} of line 3, or {SECRET}"),
                "aws_secret_access_key = … of line 3, or …".to_owned(),
            ),
            (
                "AssumeRole with RoleArn=arn:aws:iam::1:role/x&ExternalId=acme-42 and sts:ExternalId: acme".to_owned(),
                "AssumeRole with RoleArn=arn:aws:iam::1:role/x&ExternalId=… and sts:ExternalId: …".to_owned(),
            ),
            (
                "Encoded authorization failure message: abc-DEF_1 and external id 'acme', Session Token: x"
                    .to_owned(),
                "Encoded authorization failure message: … and external id '…', Session Token: …".to_owned(),
            ),
            ("the header Bearer abc.def-ghi is bad".to_owned(), "the header Bearer … is bad".to_owned()),
            ("Authorization: Bearer abc.def".to_owned(), "Authorization: Bearer …".to_owned()),
        ];
        for (said, expected) in rows {
            assert_eq!(cleaned(&said), expected, "{said}");
            // What is clean stays as it is.
            assert_eq!(cleaned(&expected), expected);
        }
    }

    #[test]
    fn what_tells_what_is_wrong_stays() {
        for text in [
            "ExpiredToken: The security token included in the request is expired",
            "AccessDenied: User: arn:aws:sts::111122223333:assumed-role/audit/alice@example.com is not \
             authorized to perform: eks:ListClusters on resource: \
             arn:aws:eks:eu-west-1:111122223333:cluster/* with an explicit deny in a service control policy",
            "dispatch failure: io error: tcp connect error: Connection refused (os error 111)",
            "InvalidSubnetID.NotFound: The subnet ID 'subnet-0123456789abcdef0' does not exist",
            "the request took 30 s: https://ec2.eu-west-1.amazonaws.com/",
            "Check your AWS Secret Access Key and the signature, or the password",
            "reading /home/alice/Projects2/networks/of/the/platform/team/answers.json",
        ] {
            assert_eq!(cleaned(text), text);
        }
    }

    #[test]
    fn what_is_long_is_cut() {
        let long = "word ".repeat(1_000);
        let short = cleaned(&long);
        assert!(short.chars().count() <= LONGEST + 1 && short.ends_with(LEFT_OUT));
    }
}
