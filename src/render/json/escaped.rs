//! JSON that a terminal can show: what shows as nothing, or changes how other text shows, is written as
//! `\\u....`, which every reader takes for the same character.

use std::io::{self, Write};

use serde_json::ser::Formatter;

use crate::finding::is_invisible;

/// Another formatter's layout, with such characters escaped.
pub(super) struct Escaped<F>(pub(super) F);

/// Each call as the inner formatter has it.
macro_rules! as_inner {
    ($($name:ident($($argument:ident: $kind:ty),*);)*) => {
        $(fn $name<W: ?Sized + Write>(&mut self, out: &mut W $(, $argument: $kind)*) -> io::Result<()> {
            self.0.$name(out $(, $argument)*)
        })*
    };
}

impl<F: Formatter> Formatter for Escaped<F> {
    as_inner! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        // Nearly all is plain, which is told without looking at one letter after the other.
        if fragment.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~')) {
            return out.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some((at, letter)) = rest.char_indices().find(|(_, letter)| is_invisible(*letter))
        {
            let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
            out.write_all(before.as_bytes())?;
            for unit in letter.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = after.get(letter.len_utf8()..).unwrap_or_default();
        }
        out.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use crate::render::json::{write_json, write_json_line};

    #[test]
    fn the_same_text_is_read_and_nothing_shows_otherwise() {
        let text = "a\u{9b}31m\u{202e}b\u{7f}\u{2028}\n\"\\ü\u{e0041}😀";
        let mut lines = Vec::new();
        write_json_line(&[text], &mut lines).unwrap();
        let written = String::from_utf8(lines).unwrap();
        assert_eq!(
            written,
            "[\"a\\u009b31m\\u202eb\\u007f\\u2028\\n\\\"\\\\ü\\udb40\\udc41😀\"]\n"
        );
        let read: Vec<String> = serde_json::from_str(&written).unwrap();
        assert_eq!(read, [text]);
        let mut page = Vec::new();
        write_json(&[text], &mut page).unwrap();
        let expected = written.replace(['[', ']'], "").trim().to_owned();
        assert_eq!(String::from_utf8(page).unwrap(), format!("[\n  {expected}\n]\n"));
    }
}
