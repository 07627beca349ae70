//! Text from outside, made harmless for the place it goes to.

use std::{borrow::Cow, fmt::Write as _};

use crate::finding::is_invisible;

/// For a terminal: control characters (escape sequences, line breaks) and characters that turn the
/// reading direction show as `\u{…}`.
#[must_use]
pub fn terminal(text: &str) -> Cow<'_, str> {
    if !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if is_invisible(letter) {
            // Writing to a String cannot fail.
            let _written = write!(safe, "\\u{{{:x}}}", u32::from(letter));
        } else {
            safe.push(letter);
        }
    }
    Cow::Owned(safe)
}

/// For a CSV field that a spreadsheet may open: as for a terminal, and what would start a formula, be it
/// behind blanks or what shows as nothing, gets an apostrophe before it (OWASP, "CSV Injection"). The same
/// goes for what stands behind a sign that is the separator elsewhere. Numbers stay numbers.
#[must_use]
pub fn csv(text: &str) -> Cow<'_, str> {
    const SEPARATORS: [char; 2] = [';', '|'];
    if !text.contains(SEPARATORS) {
        return csv_part(text);
    }
    Cow::Owned(text.split_inclusive(SEPARATORS).map(csv_part).collect())
}

fn csv_part(text: &str) -> Cow<'_, str> {
    const STARTS: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    let is_skipped = |letter: char| {
        letter.is_whitespace() || is_invisible(letter) || matches!(letter, '\u{200c}' | '\u{200d}')
    };
    let formula =
        text.starts_with(['\t', '\r']) || text.trim_start_matches(is_skipped).starts_with(STARTS);
    let is_number = || text.parse::<f64>().is_ok_and(f64::is_finite);
    if formula && !is_number() {
        Cow::Owned(format!("'{}", terminal(text)))
    } else {
        terminal(text)
    }
}

/// For a cell of a Markdown table.
#[must_use]
pub fn markdown(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in terminal(text).chars() {
        match letter {
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' => {
                safe.push('\\');
                safe.push(letter);
            }
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            plain => safe.push(plain),
        }
    }
    safe
}

/// For XML, before a library puts entities into it: as for a terminal, since XML 1.0 forbids most
/// control characters even as entities (section 2.2, "Characters"), and the two last code points of
/// the plane, which it forbids too.
#[must_use]
pub fn xml(text: &str) -> String {
    terminal(text).replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}")
}

/// For the message of a workflow command of GitHub Actions: nothing in it stands for another character,
/// and no line break (made visible as for a terminal) ends the command. `%0A` joins lines of one's own.
#[must_use]
pub fn github_message(text: &str) -> String {
    terminal(text).replace('%', "%25")
}

/// For a property of a workflow command of GitHub Actions: nothing in it ends the property either.
#[must_use]
pub fn github_property(text: &str) -> String {
    github_message(text).replace(':', "%3A").replace(',', "%2C")
}

/// For a message of SARIF, in which braces are placeholders and brackets links (2.1.0, sections
/// 3.11.5 and 3.11.6).
#[must_use]
pub fn sarif(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in terminal(text).chars() {
        match letter {
            '{' => safe.push_str("{{"),
            '}' => safe.push_str("}}"),
            '[' | ']' | '\\' => {
                safe.push('\\');
                safe.push(letter);
            }
            plain => safe.push(plain),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_gets_no_forbidden_character() {
        let text = "a\u{0}\u{1b}\u{fffe}\u{ffff}\u{85}<&\"\u{1f600}";
        assert_eq!(xml(text), "a\\u{0}\\u{1b}\\u{fffe}\\u{ffff}\\u{85}<&\"\u{1f600}");
    }

    #[test]
    fn a_workflow_command_stays_one() {
        assert_eq!(github_message("50%, a:b"), "50%25, a:b");
        assert_eq!(github_property("50%, a:b"), "50%25%2C a%3Ab");
        for text in ["a\n::error::b", "a\r\n::set-output name=x::y", "a\u{2028}b"] {
            assert!(!github_message(text).contains(['\n', '\r', '\u{2028}']), "{text}");
        }
    }

    #[test]
    fn a_sarif_message_has_neither_link_nor_placeholder() {
        assert_eq!(sarif("[a](http://b) {0}"), "\\[a\\](http://b) {{0}}");
    }

    #[test]
    fn a_terminal_gets_no_escape_sequence() {
        assert_eq!(terminal("a\u{1b}[31mb\nc"), "a\\u{1b}[31mb\\u{a}c");
        assert_eq!(terminal("x\u{202e}y"), "x\\u{202e}y");
        assert!(matches!(terminal("grün"), Cow::Borrowed("grün")));
    }

    #[test]
    fn a_spreadsheet_gets_no_formula() {
        for text in [
            "=1+1",
            "+cmd",
            "-2+3",
            "@SUM(A1)",
            " =1",
            "\u{3000}=1",
            "\u{200d}=1",
            "-inf",
            "\u{ff1d}1",
        ] {
            assert_eq!(csv(text), format!("'{text}"));
        }
        for (text, written) in [
            ("\t=1", "'\\u{9}=1"),
            ("\r1", "'\\u{d}1"),
            ("\n=1", "'\\u{a}=1"),
            ("\u{feff}=1", "'\\u{feff}=1"),
            ("\u{200b}@x", "'\\u{200b}@x"),
            (" \n\u{202e}-x", "' \\u{a}\\u{202e}-x"),
            ("a\nb\u{1b}", "a\\u{a}b\\u{1b}"),
            (";=1", ";'=1"),
            ("a| +1|b", "a|' +1|b"),
        ] {
            assert_eq!(csv(text), written);
        }
        for text in ["-5", "-0.25", "-1e5", "", "m5.large", "10.0.0.0/16", "a=1"] {
            assert_eq!(csv(text), text);
        }
    }

    #[test]
    fn a_markdown_cell_stays_a_cell() {
        assert_eq!(markdown("a|b\n<c>`"), "a\\|b\\\\u{a}&lt;c&gt;\\`");
    }
}
