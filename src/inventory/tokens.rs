//! Words that are secret by their form alone: key ids, signatures, tokens.

/// What stands where something was.
const LEFT_OUT: &str = "…";

/// What access key ids begin with (IAM user guide, "Unique identifiers").
const KEY_IDS: &[&str] = &["ABIA", "ACCA", "AKIA", "ASIA"];

/// What tokens begin with: those of STS, JSON web tokens, and those of services whose proxies and helpers
/// stand between here and AWS.
const TOKENS: &[&str] = &[
    "AIza",
    "AQoD",
    "AQoE",
    "FQoG",
    "FwoD",
    "FwoG",
    "IQoJ",
    "dckr_pat_",
    "eyJ",
    "gho_",
    "ghp_",
    "ghr_",
    "ghs_",
    "ghu_",
    "github_pat_",
    "glpat-",
    "npm_",
    "pypi-",
    "sk_live_",
    "xapp-",
    "xoxa-",
    "xoxb-",
    "xoxe-",
    "xoxp-",
    "xoxr-",
    "xoxs-",
];

/// A word without key ids, signatures and tokens in it.
pub(super) fn without_tokens(word: &str) -> String {
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
                &pieces(token).map(|(piece, end)| without_secret(piece) + end).collect::<String>(),
            );
        }
        kept.push_str(other);
        rest = after;
    }
    kept
}

fn is_of_token(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "+/=_-%".contains(letter)
}

/// What stands between `/`, `=`, `+` and what is encoded as in a URL, with that behind it.
fn pieces(token: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = token;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(['/', '=', '+', '%']).unwrap_or(rest.len());
        let (piece, after) = rest.split_at_checked(end)?;
        let is_code = after.starts_with('%') && after.len() >= 3;
        let signs = if is_code { 3 } else { after.len().min(1) };
        let (sign, after) = after.split_at_checked(signs)?;
        rest = after;
        Some((piece, sign))
    })
}

/// A piece that is secret is left out; of a key id the first letters stay, which tell its kind.
fn without_secret(piece: &str) -> String {
    const SHORTEST: usize = 12;
    let start = piece.get(..4).unwrap_or_default();
    let is_fit = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    if piece.len() >= 16 && KEY_IDS.contains(&start) && piece.bytes().all(is_fit) {
        format!("{start}{LEFT_OUT}")
    } else if (piece.len() >= SHORTEST && TOKENS.iter().any(|start| piece.starts_with(start)))
        || is_token(piece)
        || piece.split(['-', '_']).any(is_random)
    {
        LEFT_OUT.to_owned()
    } else {
        piece.to_owned()
    }
}

/// Whether it has the form of a signature (64 hexadecimal digits), of a secret key (40 letters and digits
/// in both cases) or of a session token or an encoded message (long). A long path has short parts.
fn is_token(text: &str) -> bool {
    const SIGNATURE: usize = 64;
    const SECRET_KEY: usize = 40;
    const LONG: usize = 100;
    match text.len() {
        SIGNATURE if text.bytes().all(|byte| byte.is_ascii_hexdigit()) => true,
        SECRET_KEY => is_mixed(text),
        length if length >= LONG => {
            is_mixed(text) || text.split('/').any(|part| part.len() >= SECRET_KEY)
        }
        length => length > SECRET_KEY && text.contains('+') && is_mixed(text),
    }
}

/// Whether it looks like drawn at random: long, in both cases, with digits among them. Names have few.
fn is_random(text: &str) -> bool {
    const LONG: usize = 32;
    const DIGITS: usize = 3;
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    text.len() >= LONG && is_mixed(text) && digits >= DIGITS
}

fn is_mixed(text: &str) -> bool {
    let has = |test: fn(&u8) -> bool| text.as_bytes().iter().any(test);
    has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::without_tokens;

    /// Put together here, so that no scanner of secrets takes them for real.
    #[test]
    fn tokens_are_told_by_their_form() {
        let long = "abcdefghij".repeat(10);
        for (start, rest) in [
            ("ghp", "_0123456789abcdefghij"),
            ("xox", "b-012345678901-abcdef"),
            ("glp", "at-abcdefghijklmnopqrst"),
            ("IQoJ", "b3JpZ2luX2VjEJ"),
            ("FwoG", "ZXIvYXdzEBYaD"),
            ("AQoD", "YXdzEJrEXAMPLE"),
            ("Zq3v", "8Tn1Lw6Rb2Yc9Xe4Ks7Hd5Mf0Gj3Pa"),
            (long.as_str(), ""),
        ] {
            assert_eq!(without_tokens(&format!("{start}{rest}")), "…", "{start}");
            assert_eq!(
                without_tokens(&format!("x%3D{start}{rest}%26y=1")),
                if start == long { "…".to_owned() } else { "x%3D…%26y=1".to_owned() },
                "{start}"
            );
        }
        let path = "/home/alice/projects/networks/of/the/platform/team/answers/of/all/regions/and/accounts/\
                    and/of/every/day/in/november";
        assert_eq!(without_tokens(path), path);
    }
}
