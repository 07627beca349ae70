//! What can be said of an expression before it is parsed: that its characters are those of CEL, and that it
//! is not so large or so deep that parsing it would be a risk. cel-go has bounds too (100,000 characters, 250
//! levels); these are lower, so an expression beyond them is not called wrong but unread.

use super::{CompileError, Dialect, error::Place};
use crate::finding::thousands;

/// Bytes of an expression. One that lists hundreds of types by name has less than a third of that.
const MOST_BYTES: usize = 16 << 10;
/// Tokens of an expression.
const MOST_TOKENS: usize = 1_000;
/// Brackets in brackets, and conditionals in conditionals. cel's parser stops at 96 of both together.
const DEEPEST: usize = 40;

/// Checks a text.
///
/// # Errors
/// When it is too large, or has a character that CEL does not know.
pub(super) fn check(text: &str, dialect: Dialect) -> Result<(), CompileError> {
    if text.len() > MOST_BYTES {
        return Err(too_much(None, MOST_BYTES, "bytes"));
    }
    let mut scan = Scan { text, at: 0 };
    let (mut tokens, mut depth, mut conditionals) = (0, 0_usize, 0);
    while let Some(token) = scan.token()? {
        tokens += 1;
        match token {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            "?" => conditionals += 1,
            _ => {}
        }
        let place = || Some(Place::of(text, scan.at.saturating_sub(token.len())));
        if tokens > MOST_TOKENS {
            return Err(too_much(place(), MOST_TOKENS, "symbols"));
        }
        if depth > DEEPEST {
            return Err(too_much(place(), DEEPEST, "brackets in brackets"));
        }
        if conditionals > DEEPEST {
            return Err(too_much(place(), DEEPEST, "conditionals"));
        }
    }
    if tokens == 0 {
        let hint = format!("write a CEL expression, such as `{}`", dialect.example());
        return Err(CompileError::refused(
            Place::of(text, 0),
            "the expression is empty".into(),
            hint,
        ));
    }
    Ok(())
}

fn too_much(place: Option<Place>, most: usize, what: &str) -> CompileError {
    let reason = format!("the expression has more than {} {what}", thousands(most));
    CompileError::unread(place, reason, "eksnet does not read larger expressions: shorten it")
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    /// The next token, comments and spaces left out; `None` at the end.
    fn token(&mut self) -> Result<Option<&'a str>, CompileError> {
        loop {
            let rest = &self.text[self.at..];
            let blank =
                rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']).len();
            let comment = rest[blank..].starts_with("//");
            let to_end = || rest[blank..].find('\n').unwrap_or(rest.len() - blank);
            let skipped = blank + if comment { to_end() } else { 0 };
            if skipped == 0 {
                break;
            }
            self.at += skipped;
        }
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else { return Ok(None) };
        let length = match first {
            '"' | '\'' => self.string(0)?,
            'a'..='z' | 'A'..='Z' | '_' => self.word()?,
            '0'..='9' => number(rest),
            '.' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => number(rest),
            '=' | '!' | '<' | '>' if rest[1..].starts_with('=') => 2,
            '&' if rest.starts_with("&&") => 2,
            '|' if rest.starts_with("||") => 2,
            '+' | '-' | '*' | '/' | '%' | '<' | '>' | '!' | '?' | ':' | '.' | ',' | '(' | ')'
            | '[' | ']' | '{' | '}' => 1,
            other => return Err(self.stray(other)),
        };
        self.at += length;
        Ok(Some(&rest[..length]))
    }

    fn stray(&self, character: char) -> CompileError {
        let hint = match character {
            '&' => "the CEL operator is `&&`",
            '|' => "the CEL operator is `||`",
            '=' => "the CEL operator is `==`",
            '×' | '∗' => "the CEL operator is `*`",
            '−' | '–' => "the CEL operator is `-`",
            '“' | '”' | '‘' | '’' => "write straight quotes",
            _ => "remove the character",
        };
        let reason = format!("the character {character:?} is not part of CEL");
        CompileError::refused(Place::of(self.text, self.at), reason, hint)
    }

    /// A name, or a string with a prefix such as `r"`.
    fn word(&self) -> Result<usize, CompileError> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let is_prefix =
            matches!(rest[..end].to_ascii_lowercase().as_str(), "r" | "b" | "rb" | "br");
        if is_prefix && rest[end..].starts_with(['"', '\'']) { self.string(end) } else { Ok(end) }
    }

    /// The length of a string whose quotes start after a prefix.
    fn string(&self, prefix: usize) -> Result<usize, CompileError> {
        let rest = &self.text[self.at..];
        let is_raw = rest[..prefix].contains(['r', 'R']);
        let body = &rest[prefix..];
        let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| body.starts_with(quote));
        let quote = quote.unwrap_or("\"");
        let mut at = quote.len();
        while let Some(next) = body[at..].chars().next() {
            if body[at..].starts_with(quote) {
                return Ok(prefix + at + quote.len());
            }
            if next == '\n' && quote.len() == 1 {
                break;
            }
            at += next.len_utf8();
            if next == '\\' && !is_raw {
                at += body[at..].chars().next().map_or(0, char::len_utf8);
            }
        }
        let reason = format!("the string has no closing {quote}");
        Err(CompileError::refused(Place::of(self.text, self.at), reason, "close the string"))
    }
}

fn number(rest: &str) -> usize {
    let mut previous = '0';
    let is_hex = rest.starts_with("0x") || rest.starts_with("0X");
    let end = rest.find(|c: char| {
        let is_sign = matches!(c, '+' | '-') && matches!(previous, 'e' | 'E') && !is_hex;
        previous = c;
        !(c.is_ascii_alphanumeric() || c == '.' || is_sign)
    });
    end.unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Result<(), CompileError> {
        check(text, Dialect::Karpenter)
    }
    use crate::expression::Fault;

    fn tokens(text: &str) -> Vec<&str> {
        let mut scan = Scan { text, at: 0 };
        std::iter::from_fn(|| scan.token().unwrap()).collect()
    }

    #[test]
    fn an_expression_is_cut_into_its_tokens() {
        assert_eq!(
            tokens("min(110,x)<=1.5e-3"),
            ["min", "(", "110", ",", "x", ")", "<=", "1.5e-3"]
        );
        assert_eq!(tokens("a // b\n+ 'it\\'s' // end"), ["a", "+", "'it\\'s'"]);
        assert_eq!(
            tokens("0x1F-5u r'\\' \"\"\"a\"b\"\"\""),
            ["0x1F", "-", "5u", "r'\\'", "\"\"\"a\"b\"\"\""]
        );
        assert_eq!(tokens("-.5 a.b[0]"), ["-", ".5", "a", ".", "b", "[", "0", "]"]);
    }

    #[test]
    fn what_cannot_be_cel_is_refused_at_its_place() {
        for (text, column) in
            [("1 + é", 5), ("a\0b", 2), ("1 = 2", 3), ("é", 1), ("x + 'abc", 5), ("", 1)]
        {
            let error = checked(text).unwrap_err();
            assert_eq!(error.fault, Fault::Refused, "{text:?}");
            assert_eq!(error.place.map(|place| place.column), Some(column), "{text:?}");
        }
        let second = checked("1 +\n  ü").unwrap_err().place.unwrap();
        assert_eq!((second.line, second.column), (2, 3));
    }

    #[test]
    fn what_is_too_large_is_unread() {
        let long = format!("'{}'", "x".repeat(1 << 20));
        let wide = ["1"; 600].join("+");
        let deep = format!("{}1{}", "(".repeat(41), ")".repeat(41));
        let chain = format!("{}1", "true?1:".repeat(41));
        for text in [long, wide, deep, chain] {
            assert_eq!(checked(&text).unwrap_err().fault, Fault::Unread, "{text:.40}");
        }
        assert_eq!(checked(&["1"; 500].join("+")), Ok(()));
        assert_eq!(checked(&format!("{}1{}", "(".repeat(40), ")".repeat(40))), Ok(()));
    }
}
