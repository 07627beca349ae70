//! Commands that hints tell to run. A word in one that came from outside is what it seems to be, or the hint
//! says the same without a command: whoever copies a line runs nothing that a tag or a name smuggled in.

/// A word of a command line.
#[derive(Debug, Clone, Copy)]
pub enum Word<'a> {
    /// This program's own, written as it is; several with blanks between them.
    Own(&'a str),
    /// An id that a service gave: letters, digits and hyphens.
    Id(&'a str),
    /// A name that somebody chose: quoted where a shell would read more into it.
    Name(&'a str),
}

/// The most characters of a word from outside.
const LONGEST: usize = 256;

impl Word<'_> {
    /// As a POSIX shell reads it; `None` if it cannot stand in a command.
    fn written(self) -> Option<String> {
        match self {
            Self::Own(words) => Some(words.to_owned()),
            Self::Id(id) => is_id(id).then(|| id.to_owned()),
            Self::Name(name) => {
                let is_fit = !name.is_empty()
                    && name.chars().count() <= LONGEST
                    && !name.starts_with('-')
                    && !name.contains(is_invisible);
                is_fit.then(|| quoted(name))
            }
        }
    }
}

/// A command line; `None` if a word of it from outside cannot stand in one.
#[must_use]
pub fn command_line(words: &[Word<'_>]) -> Option<String> {
    let words: Option<Vec<String>> = words.iter().map(|word| word.written()).collect();
    words.map(|words| words.join(" "))
}

/// Whether a text is an id as services give them, and no option or more than one word.
#[must_use]
pub fn is_id(text: &str) -> bool {
    let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !text.starts_with('-') && (1..=LONGEST).contains(&text.len()) && text.bytes().all(is_fit)
}

/// A text as one word to a shell.
#[must_use]
pub fn quoted(name: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=,@%+".contains(&byte);
    if !name.is_empty() && name.bytes().all(is_plain) {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', r"'\''"))
    }
}

/// Whether a character shows as nothing, or changes how others show: controls (escape sequences, line
/// breaks), what turns the reading direction, and what has no width.
#[must_use]
pub fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(word: Word<'_>) -> Option<String> {
        command_line(&[Word::Own("run --it"), word])
    }

    #[test]
    fn an_id_is_an_id_or_there_is_no_command() {
        for id in ["subnet-0abc", "i-1", "eni-0A"] {
            assert_eq!(line(Word::Id(id)), Some(format!("run --it {id}")));
        }
        for id in ["", "-rf", "a b", "a;b", "$(id)", "a'b", "a\nb", "a\u{202e}", "ä", "a.b"] {
            assert_eq!(line(Word::Id(id)), None, "{id}");
        }
    }

    #[test]
    fn a_name_is_one_word_to_a_shell() {
        assert_eq!(quoted(""), "''");
        for (name, written) in [
            ("prod", "prod"),
            ("kubernetes.io/role/cni", "kubernetes.io/role/cni"),
            ("two words", "'two words'"),
            ("$(touch x)", "'$(touch x)'"),
            ("it's", r"'it'\''s'"),
            ("a;b&c|d`e`", "'a;b&c|d`e`'"),
            ("*", "'*'"),
            ("~", "'~'"),
        ] {
            assert_eq!(line(Word::Name(name)), Some(format!("run --it {written}")), "{name}");
        }
        for name in ["", "-x", "a\nb", "a\u{1b}[31m", "a\u{202e}b", "a\0", "a\u{200b}b"] {
            assert_eq!(line(Word::Name(name)), None, "{name}");
        }
    }
}
