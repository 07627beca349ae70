//! Text in pieces: commands and names between backticks, and numbers and dates, which do not break.

use super::text;

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    /// Whether it stood between backticks.
    pub(super) is_code: bool,
    /// Whether it is a number or a date, which stays on one line.
    pub(super) is_whole: bool,
}

impl Piece {
    fn plain(of: &str) -> Self {
        Self { text: text(of), is_code: false, is_whole: false }
    }

    fn code(of: &str) -> Self {
        Self { is_code: true, ..Self::plain(of) }
    }

    fn whole(of: &str) -> Self {
        Self { is_whole: true, ..Self::plain(of) }
    }
}

/// The longest number or date that is kept on one line.
const LONGEST: usize = 20;

/// The pieces of a text. A backtick without its other one stays as it is.
pub(super) fn pieces(of: &str) -> Vec<Piece> {
    let (mut found, mut left) = (Vec::new(), of);
    while let Some((before, code, after)) = code(left) {
        words(before, &mut found);
        found.push(Piece::code(code));
        left = after;
    }
    words(left, &mut found);
    found
}

fn code(of: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = of.split_once('`')?;
    let (code, after) = rest.split_once('`')?;
    Some((before, code, after))
}

fn words(of: &str, found: &mut Vec<Piece>) {
    let mut plain = String::new();
    for word in of.split_inclusive(' ') {
        let bare = word.trim_end_matches(' ');
        if is_number(bare) {
            if !plain.is_empty() {
                found.push(Piece::plain(&plain));
            }
            found.push(Piece::whole(bare));
            word.get(bare.len()..).unwrap_or_default().clone_into(&mut plain);
        } else {
            plain.push_str(word);
        }
    }
    if !plain.is_empty() {
        found.push(Piece::plain(&plain));
    }
}

/// Whether a word is a number or a date that could break: it has a hyphen, a sign or a point.
fn is_number(word: &str) -> bool {
    let allowed = |letter: char| letter.is_ascii_digit() || "+-.,;:()%".contains(letter);
    let mut letters = word.chars();
    word.len() <= LONGEST
        && letters.all(allowed)
        && word.contains(|letter: char| letter.is_ascii_digit())
        && word.contains(['-', '+', '.', ','])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_code_and_dates_stay_whole() {
        assert_eq!(
            pieces("see `eksnet diff OLD NEW` of 2026-12-02 (2026-12-01 to now); x"),
            [
                Piece::plain("see "),
                Piece::code("eksnet diff OLD NEW"),
                Piece::plain(" of "),
                Piece::whole("2026-12-02"),
                Piece::plain(" "),
                Piece::whole("(2026-12-01"),
                Piece::plain(" to now); x"),
            ]
        );
        assert_eq!(pieces("one ` alone"), [Piece::plain("one ` alone")]);
        assert_eq!(pieces("+26.13"), [Piece::whole("+26.13")]);
        assert_eq!(pieces(""), []);
    }
}
