//! Pieces of text files: comments, YAML and JSON.

use std::io;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::{
    finding::is_invisible,
    render::json::{write_json, write_yaml},
};

/// The widest line of a comment.
const WIDTH: usize = 100;

/// Comment lines that begin with `# `, whatever stands in the text; nothing for no text.
pub(super) fn comment(about: &str) -> String {
    let mut out = String::new();
    for paragraph in about.split('\n').filter(|paragraph| !paragraph.trim().is_empty()) {
        let visible: String = paragraph
            .chars()
            .map(|letter| if is_invisible(letter) { ' ' } else { letter })
            .collect();
        let mut line = String::from("#");
        for word in visible.split_whitespace() {
            if line.chars().count() + word.chars().count() >= WIDTH && line.len() > 1 {
                out.push_str(&line);
                out.push('\n');
                line = String::from("#");
            }
            line.push(' ');
            line.push_str(word);
        }
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// A comment line that is not broken, for what is to be copied as it stands.
pub(super) fn comment_line(text: &str) -> String {
    let visible = text.chars().filter(|letter| !letter.is_control() && !is_invisible(*letter));
    format!("#   {}\n", visible.collect::<String>())
}

/// An object whose fields keep their order.
pub(super) struct Ordered(pub(super) Vec<(&'static str, Value)>);

impl Serialize for Ordered {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// YAML documents under a comment.
pub(super) fn yaml<T: Serialize>(about: &str, documents: &[T]) -> io::Result<String> {
    let mut out = comment(about);
    for (at, document) in documents.iter().enumerate() {
        if at > 0 {
            out.push_str("---\n");
        }
        let mut written = Vec::new();
        write_yaml(document, &mut written)?;
        out.push_str(&String::from_utf8(written).map_err(io::Error::other)?);
    }
    Ok(out)
}

/// JSON on several lines.
pub(super) fn json<T: Serialize>(value: &T) -> io::Result<String> {
    let mut written = Vec::new();
    write_json(value, &mut written)?;
    String::from_utf8(written).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_stays_one() {
        assert_eq!(comment("a\nb\u{2028}c"), "# a\n# b c\n");
        assert_eq!(comment(""), "");
        assert!(comment(&"word ".repeat(60)).lines().all(|line| line.len() <= 100));
    }
}
