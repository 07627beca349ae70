//! What services say, without what nobody else may see: AWS's errors repeat signed requests, session
//! tokens and key ids, and proxies and SDKs repeat URLs with passwords. Everything that a service said goes
//! through [`cleaned`] before it is shown, saved or redacted.

use super::tokens::without_tokens;

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

/// What may follow a name such as `ExternalId` in a sentence without being its value.
const NO_VALUES: &[&str] = &[
    "and",
    "as",
    "cannot",
    "condition",
    "context",
    "does",
    "for",
    "has",
    "in",
    "is",
    "key",
    "length",
    "may",
    "must",
    "not",
    "of",
    "or",
    "parameter",
    "provided",
    "required",
    "that",
    "the",
    "to",
    "value",
    "was",
    "which",
    "with",
];

/// After these words comes what another program said, which may be anything: the SDK shows the stderr of a
/// `credential_process` that failed.
const PROCESS: (&str, &str) = ("external process exited with code ", "stderr:");

/// A text of a service on one line, without secrets.
#[must_use]
pub fn cleaned(text: &str) -> String {
    let small = text.to_ascii_lowercase();
    let signed = SIGNED.iter().filter_map(|phrase| Some((small.find(phrase)?, WAS_SIGNED)));
    let end = signed.chain(process(&small)).min();
    let kept = end.and_then(|(end, _)| text.get(..end)).unwrap_or(text);
    let mut cleaned = Cleaner::default().clean(kept);
    if let Some((_, why)) = end {
        cleaned.push_str(why);
    }
    let line = cleaned.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}{LEFT_OUT}", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

const WAS_SIGNED: &str = " (the signed request is omitted)";
const WAS_SAID: &str = " (credential_process failed; its output is omitted)";

/// Where the words of a process begin.
fn process(small: &str) -> Option<(usize, &'static str)> {
    let (exited, said) = PROCESS;
    let at = small.find(exited)?;
    Some((at + small.get(at..)?.find(said)?, WAS_SAID))
}

/// What the words before say of the next one.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Nothing.
    #[default]
    Plain,
    /// It is secret if it is told to be the value of a name just read, or looks like one.
    Maybe,
    /// So it is, and the name is such that whatever follows is its value, but for the words of a sentence.
    Likely,
    /// It is secret.
    Secret,
}

#[derive(Default)]
struct Cleaner {
    next: Next,
    /// Whether the last word is the first of its line.
    is_first: bool,
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
            if is_marked && (self.is_name() || self.is_phrase()) {
                self.next = Next::Secret;
            }
            // A header's name on a line of its own, its value on the next.
            let is_new_line = between.contains('\n');
            if is_new_line && self.is_first && self.is_name() {
                self.next = Next::Secret;
            }
            self.is_first = is_new_line || self.cleaned.is_empty();
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
            if self.is_name() || self.is_phrase() {
                self.next = Next::Secret;
            }
            return;
        }
        let is_value = match self.next {
            Next::Plain | Next::Secret => false,
            Next::Maybe => looks_like_a_value(word),
            Next::Likely => !NO_VALUES.contains(&word.to_ascii_lowercase().as_str()),
        };
        if is_value {
            self.next = Next::Secret;
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
        let mut rest = word;
        while let Some((part, sign, after)) = split_at_sign(rest, '&', "26") {
            self.part(part);
            self.cleaned.push_str(sign);
            rest = after;
        }
        self.part(rest);
    }

    fn is_name(&self) -> bool {
        matches!(self.next, Next::Maybe | Next::Likely)
    }

    fn is_phrase(&self) -> bool {
        SECRET_PHRASES.iter().any(|phrase| {
            self.prose.strip_suffix(phrase).is_some_and(|before| before.ends_with(' '))
        })
    }

    /// `NAME=VALUE`, `NAME:VALUE`, `NAME:`, a name or any other word.
    fn part(&mut self, part: &str) {
        let last = part.rsplit_once(':').map(|(name, value)| (name, ":", value));
        let splits = [split_at_sign(part, '=', "3d"), split_at_sign(part, ':', "3a"), last];
        let found = splits.into_iter().flatten().find(|(name, _, _)| is_secret_key(name));
        if let Some((name, sign, value)) = found {
            self.cleaned.push_str(name);
            self.cleaned.push_str(sign);
            if !value.is_empty() {
                self.cleaned.push_str(LEFT_OUT);
            } else if sign == ":" {
                // `WebIdentityToken: the credential provider was not enabled` is a sentence.
                self.next = Next::Likely;
            } else {
                self.next = Next::Secret;
            }
            return;
        }
        // The end of an element has its name as well.
        if is_secret_key(part) && !part.starts_with('/') {
            let is_likely = part.to_ascii_lowercase().ends_with("externalid");
            self.next = if is_likely { Next::Likely } else { Next::Maybe };
        } else if matches!(part.to_ascii_lowercase().as_str(), "bearer" | "basic") {
            self.next = Next::Secret;
        }
        self.cleaned.push_str(&without_tokens(part));
    }
}

fn is_between(letter: char) -> bool {
    letter.is_whitespace() || "\"'`<>(){}[];,|\\".contains(letter)
}

/// Whether no sentence has such a word: it holds digits, or signs between its letters.
fn looks_like_a_value(word: &str) -> bool {
    const SHORTEST: usize = 6;
    let has = |test: fn(&u8) -> bool| word.as_bytes().iter().any(test);
    word.len() >= SHORTEST && has(u8::is_ascii_digit) && !word.contains("://")
}

/// What is before and after the first of a sign, written as it is or as its code in a URL, also where that
/// was encoded once more (`=`, `%3D`, `%253D`).
fn split_at_sign<'a>(text: &'a str, sign: char, code: &str) -> Option<(&'a str, &'a str, &'a str)> {
    text.char_indices().find_map(|(at, letter)| {
        let after = text.get(at + letter.len_utf8()..)?;
        let end = if letter == sign {
            after
        } else if letter == '%' {
            let after = after.trim_start_matches("25");
            let (digits, end) = after.split_at_checked(2)?;
            digits.eq_ignore_ascii_case(code).then_some(end)?
        } else {
            return None;
        };
        Some((text.get(..at)?, text.get(at..text.len() - end.len())?, end))
    })
}

fn is_secret_key(name: &str) -> bool {
    let code = name.rfind('%').and_then(|at| name.get(at + 3..));
    let name = code.unwrap_or(name);
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
                "SignatureDoesNotMatch: The request signature we calculated does not match the \
                 signature you provided. Check your AWS Secret Access Key and signing method. (the \
                 signed request is omitted)"
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
        ];
        loses(rows);
    }

    #[test]
    fn secrets_are_found_however_they_are_written() {
        let token = token();
        loses([
            (
                format!("redirect%3FAction%3Dx%26X-Amz-Security-Token%3D{token}%26x%3D1, X-Amz-Signature%253Dab"),
                "redirect%3FAction%3Dx%26X-Amz-Security-Token%3D…%26x%3D1, X-Amz-Signature%253D…".to_owned(),
            ),
            (
                "no match of sts:ExternalId my-external-id-123 nor ExternalId acme, password Hunter22".to_owned(),
                "no match of sts:ExternalId … nor ExternalId …, password …".to_owned(),
            ),
            (
                "sent:\nx-amz-security-token\nabcdef\nX-Amz-Signature:\n  abc\nend".to_owned(),
                "sent: x-amz-security-token … X-Amz-Signature: … end".to_owned(),
            ),
            (
                "Error retrieving credentials: external process exited with code exit status: 3. Stderr: \
                 hunter2 of vault"
                    .to_owned(),
                "Error retrieving credentials: external process exited with code exit status: 3. \
                 (credential_process failed; its output is omitted)"
                    .to_owned(),
            ),
            ("the header Bearer abc.def-ghi is bad".to_owned(), "the header Bearer … is bad".to_owned()),
            ("Authorization: Bearer abc.def".to_owned(), "Authorization: Bearer …".to_owned()),
        ]);
    }

    fn loses<const N: usize>(rows: [(String, String); N]) {
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
            "no credentials found in chain. Profile: the credential provider was not enabled \
             WebIdentityToken: the credential provider was not enabled",
            "the sts:ExternalId condition is not met, and AWS Signature Version 4 is",
            "AccessDenied: arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_AdministratorAccess_\
             0123456789abcdef/alice by arn:aws:iam::111122223333:role/aws-service-role/eks-nodegroup.\
             amazonaws.com/AWSServiceRoleForAmazonEKSNodegroup, eksctl-prod-NodeInstanceRole-1A2B3C4D5E6F7",
            "https://0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com/ does not answer",
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
