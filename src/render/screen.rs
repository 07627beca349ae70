//! What a table is drawn for: a terminal of some width, or a file that has room for everything.

use std::borrow::Cow;

use super::escape;

/// Whether colour is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Styling {
    /// Text alone.
    Plain,
    /// ANSI colours.
    Colour,
}

/// Which characters can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letters {
    /// All of them.
    Unicode,
    /// Signs and bars are drawn in ASCII: a locale that is not UTF-8, or a terminal without the signs.
    Ascii,
}

/// What a table is drawn for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Whether colour is used.
    pub styling: Styling,
    /// The columns of the terminal; without one nothing is hidden, cut or wrapped.
    pub width: Option<usize>,
    /// Which characters can be shown.
    pub letters: Letters,
    /// Whether tables have a line of titles.
    pub headers: bool,
}

impl Screen {
    /// A file: full width, no colour.
    pub const FILE: Self =
        Self { styling: Styling::Plain, width: None, letters: Letters::Unicode, headers: true };

    /// A text as the screen can show it.
    pub(super) fn text(self, text: &str) -> Cow<'_, str> {
        let safe = escape::terminal(text);
        match self.letters {
            Letters::Unicode => safe,
            Letters::Ascii if safe.is_ascii() => safe,
            Letters::Ascii => Cow::Owned(safe.chars().map(ascii).collect()),
        }
    }
}

/// The sign that stands for one of ours in ASCII, one column wide like it. Letters of names stay: a font
/// may have them, and nothing else says the same.
fn ascii(letter: char) -> char {
    match letter {
        '█' => '#',
        '▏' | '▎' | '▍' | '▌' | '▋' | '▊' | '▉' | '░' | '·' => '-',
        '✖' | '×' => 'x',
        '▲' => '!',
        '✔' => '+',
        '→' => '>',
        '…' => '~',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_have_an_ascii_form_of_the_same_width() {
        let screen = Screen { letters: Letters::Ascii, ..Screen::FILE };
        assert_eq!(screen.text("✖ ███▌░░ 35% → a…"), "x ###--- 35% > a~");
        assert_eq!(screen.text("grün"), "grün");
        assert_eq!(Screen::FILE.text("███▌░░"), "███▌░░");
    }
}
