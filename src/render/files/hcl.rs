//! Terraform's language: hcl-rs writes the structure; what it leaves out stands here, which is quoting of
//! hostile text, comments, and the columns in which `terraform fmt` puts equals signs.

use std::io;

use hcl::{
    Block, Expression, Identifier, ObjectKey, Variable,
    expr::{FuncCall, TemplateExpr, Traversal},
    format::{Format as _, Formatter},
};

use super::text::comment;

/// Text that is nothing but text. The library takes `${` for a template wherever it stands, and leaves such
/// text as it is.
pub(super) fn text(value: &str) -> Expression {
    Expression::from(TemplateExpr::QuotedString(escaped(value)))
}

fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut letters = value.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if letters.peek() == Some(&'{') => out.extend([letter, letter]),
            control if control.is_control() => {
                out.extend(format!("\\u{:04x}", u32::from(control)).chars());
            }
            plain => out.push(plain),
        }
    }
    out
}

/// A name of an attribute, a variable or a function, which is made here and no text from outside.
pub(super) fn name(name: &str) -> Identifier {
    Identifier::sanitized(name)
}

/// `aws_subnet.pods_a.id`
pub(super) fn reference(path: &[&str]) -> Expression {
    let Some((first, rest)) = path.split_first() else { return Expression::Null };
    let builder = Traversal::builder(Variable::sanitized(*first));
    let whole = rest.iter().fold(builder, |whole, part| whole.attr(name(part)));
    if rest.is_empty() {
        Expression::from(Variable::sanitized(*first))
    } else {
        Expression::from(whole.build())
    }
}

/// `jsonencode(...)`
pub(super) fn call(function: &str, arguments: impl IntoIterator<Item = Expression>) -> Expression {
    let builder = FuncCall::builder(name(function));
    let call = arguments.into_iter().fold(builder, hcl::expr::FuncCallBuilder::arg);
    Expression::from(call.build())
}

/// An object with fixed names for keys.
pub(super) fn object<'a>(fields: impl IntoIterator<Item = (&'a str, Expression)>) -> Expression {
    Expression::Object(
        fields.into_iter().map(|(key, value)| (ObjectKey::Identifier(name(key)), value)).collect(),
    )
}

/// An object whose keys are text, such as tags.
pub(super) fn map<'a>(fields: impl IntoIterator<Item = (&'a str, Expression)>) -> Expression {
    Expression::Object(
        fields.into_iter().map(|(key, value)| (ObjectKey::Expression(text(key)), value)).collect(),
    )
}

/// A file: blocks, each with what is said about it.
#[derive(Debug, Default)]
pub(super) struct HclFile {
    out: String,
}

impl HclFile {
    /// A file that begins with a comment.
    pub(super) fn new(about: &str) -> Self {
        Self { out: comment(about) }
    }

    /// One block more, with a comment unless that is empty.
    pub(super) fn add(&mut self, about: &str, block: &Block) -> io::Result<()> {
        let mut formatter = Formatter::builder().prefer_ident_keys(true).build_vec();
        let written = block.format_string(&mut formatter).map_err(io::Error::other)?;
        self.out.push('\n');
        self.out.push_str(&comment(about));
        self.out.push_str(&aligned(&written));
        Ok(())
    }

    pub(super) fn into_text(self) -> String {
        self.out
    }
}

/// A line `  key = value` whose value ends on it.
struct Attribute<'a> {
    indented_key: &'a str,
    value: &'a str,
}

impl<'a> Attribute<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let key = line.trim_start();
        let indent = line.len() - key.len();
        let end = match key.strip_prefix('"') {
            Some(quoted) => 2 + closing_quote(quoted)?,
            None => key.find(' ')?,
        };
        let (indented_key, rest) = line.split_at_checked(indent + end)?;
        let value = rest.strip_prefix(" = ")?;
        (!value.ends_with(['{', '[', '('])).then_some(Self { indented_key, value })
    }
}

fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, letter)| {
        let is_end = letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        is_end.then_some(at)
    })
}

/// The same with the equals signs of neighboring lines in one column, as `terraform fmt` has them.
fn aligned(written: &str) -> String {
    let mut out = String::with_capacity(written.len() * 2);
    let mut run: Vec<Attribute<'_>> = Vec::new();
    for line in written.lines() {
        let Some(attribute) = Attribute::of(line) else {
            write_run(&mut run, &mut out);
            out.push_str(line);
            out.push('\n');
            continue;
        };
        run.push(attribute);
    }
    write_run(&mut run, &mut out);
    out
}

fn write_run(run: &mut Vec<Attribute<'_>>, out: &mut String) {
    let length = |key: &str| key.chars().count();
    let widest = run.iter().map(|line| length(line.indented_key)).max().unwrap_or(0);
    for Attribute { indented_key, value } in run.drain(..) {
        let pad = " ".repeat(widest - length(indented_key));
        out.extend([indented_key, pad.as_str(), " = ", value, "\n"]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbors_are_aligned_and_what_spans_lines_is_not() {
        let written = "resource \"a\" \"b\" {\n  id = 1\n  longer = \"x = y\"\n  tags = {\n    \
                       \"a = b\" = 1\n    c = 2\n  }\n  last_one = [\n    1,\n  ]\n}\n";
        insta::assert_snapshot!(aligned(written), @r#"
        resource "a" "b" {
          id     = 1
          longer = "x = y"
          tags = {
            "a = b" = 1
            c       = 2
          }
          last_one = [
            1,
          ]
        }
        "#);
    }

    #[test]
    fn text_is_never_a_template() {
        for (value, written) in [
            ("a", "a"),
            ("${x}", "$${x}"),
            ("%{if}", "%%{if}"),
            ("$%{x}", "$%%{x}"),
            ("a\"b\\c\nd\u{7}", "a\\\"b\\\\c\\nd\\u0007"),
            ("$5 100%", "$5 100%"),
        ] {
            assert_eq!(escaped(value), written);
        }
    }
}
