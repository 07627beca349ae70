//! A page of the documentation on a terminal: the Markdown that such pages use, wrapped.

use std::io::{self, Write};

use anstyle::Style;

use super::Styling;

/// How far code and tables are indented.
const INDENT: &str = "    ";
const NARROWEST: usize = 30;

/// Writes a Markdown page, wrapped at a width.
///
/// # Errors
/// When the writer fails.
pub fn write_page(
    text: &str,
    width: usize,
    styling: Styling,
    out: &mut dyn Write,
) -> io::Result<()> {
    let width = width.max(NARROWEST);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let code = lines.by_ref().take_while(|line| !line.starts_with("```"));
            write_code(language, code, width, out)?;
        } else if let Some(heading) = line.strip_prefix('#') {
            let heading = heading.trim_start_matches('#').trim();
            writeln!(out, "{}", Look::Strong.of(heading, styling))?;
        } else if line.starts_with('|') {
            let mut rows = vec![cells(line)];
            while let Some(line) = lines.next_if(|line| line.starts_with('|')) {
                rows.push(cells(line));
            }
            write_rows(&rows, out)?;
        } else if line.trim().is_empty() {
            writeln!(out)?;
        } else {
            let marker = marker(line);
            let mut paragraph = line.get(marker..).unwrap_or_default().to_owned();
            while let Some(line) = lines.next_if(|line| goes_on(line)) {
                paragraph.push(' ');
                paragraph.push_str(line.trim());
            }
            let first = line.get(..marker).unwrap_or_default();
            write_words(&words(&paragraph), first, (width, styling), out)?;
        }
    }
    Ok(())
}

/// The length of what a list's item begins with; 0 for what is no item.
fn marker(line: &str) -> usize {
    let text = line.trim_start_matches(' ');
    let indent = line.len() - text.len();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = text.get(digits..).unwrap_or_default();
    if text.starts_with("- ") {
        indent + 2
    } else if digits > 0 && rest.starts_with(". ") {
        indent + digits + 2
    } else {
        0
    }
}

/// Whether a line belongs to the paragraph before it.
fn goes_on(line: &str) -> bool {
    let starts_another = line.starts_with(['#', '|']) || line.starts_with("```");
    !line.trim().is_empty() && !starts_another && marker(line) == 0
}

/// Code as it is, so that it can be copied; what it prints may be wrapped.
fn write_code<'a>(
    language: &str,
    code: impl Iterator<Item = &'a str>,
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let is_console = language == "console";
    // The exit code stands there for the tests of the documentation.
    let shown = code.filter(|line| !(is_console && line.starts_with("? ")));
    let mut lines: Vec<&str> = shown.collect();
    while lines.pop_if(|line| line.trim().is_empty()).is_some() {}
    for line in lines {
        let is_output = is_console && !line.starts_with("$ ");
        if is_output && INDENT.len() + line.chars().count() > width && !line.starts_with(' ') {
            write_words(&plain(line), INDENT, (width, Styling::Plain), out)?;
        } else {
            writeln!(out, "{}", format!("{INDENT}{line}").trim_end())?;
        }
    }
    Ok(())
}

fn cells(line: &str) -> Vec<String> {
    let inside = line.trim().trim_start_matches('|').trim_end_matches('|');
    inside.split('|').map(|cell| shown(&words(cell))).collect()
}

fn write_rows(rows: &[Vec<String>], out: &mut dyn Write) -> io::Result<()> {
    let is_rule = |row: &[String]| row.iter().all(|cell| cell.chars().all(|c| "-: ".contains(c)));
    let length = |column: usize| {
        let cells = rows.iter().filter(|row| !is_rule(row)).filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    for row in rows.iter().filter(|row| !is_rule(row)) {
        let padded: Vec<String> = row
            .iter()
            .enumerate()
            .map(|(column, cell)| format!("{cell:<width$}", width = length(column)))
            .collect();
        writeln!(out, "{INDENT}{}", padded.join("  ").trim_end())?;
    }
    Ok(())
}

/// How a piece of text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Plain,
    Code,
    Strong,
}

impl Look {
    fn of(self, text: &str, styling: Styling) -> String {
        match (self, styling) {
            (Self::Plain, _) | (Self::Strong, Styling::Plain) => text.to_owned(),
            (Self::Code, Styling::Plain) => format!("`{text}`"),
            (Self::Code | Self::Strong, Styling::Colour) => {
                let bold = Style::new().bold();
                format!("{bold}{text}{bold:#}")
            }
        }
    }
}

/// Pieces that no space parts.
type Word = Vec<(Look, String)>;

fn plain(text: &str) -> Vec<Word> {
    text.split_whitespace().map(|word| vec![(Look::Plain, word.to_owned())]).collect()
}

/// The words of a paragraph: code and bold text marked, links by their names, and with their addresses
/// when these are not pages of ours.
fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut is_apart = true;
    let mut add = |look: Look, text: &str| {
        // Code is one piece, so that it can be copied: it has one pair of marks and no line of it ends.
        let parts = if look == Look::Code { vec![text] } else { text.split(' ').collect() };
        for (at, part) in parts.into_iter().enumerate() {
            is_apart |= at > 0;
            if part.is_empty() {
                continue;
            }
            match words.last_mut().filter(|_| !is_apart) {
                Some(word) => word.push((look, part.to_owned())),
                None => words.push(vec![(look, part.to_owned())]),
            }
            is_apart = false;
        }
    };
    let mut rest = text;
    while let Some(at) = rest.find(['`', '[', '*']) {
        let (before, from) = rest.split_at(at);
        add(Look::Plain, before);
        rest = if let Some((code, after)) = between(from, "`", "`") {
            add(Look::Code, code);
            after
        } else if let Some((strong, after)) = between(from, "**", "**") {
            add(Look::Strong, strong);
            after
        } else if let Some((name, (url, after))) =
            between(from, "[", "](").and_then(|(name, rest)| Some((name, rest.split_once(')')?)))
        {
            let name = name.trim_matches('`');
            add(Look::Plain, name);
            if url.contains("://") {
                add(Look::Plain, &format!(" ({url})"));
            }
            after
        } else {
            let length = from.chars().next().map_or(0, char::len_utf8);
            let (one, after) = from.split_at(length);
            add(Look::Plain, one);
            after
        };
    }
    add(Look::Plain, rest);
    words
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<(&'a str, &'a str)> {
    text.strip_prefix(open)?.split_once(close)
}

fn shown(words: &[Word]) -> String {
    let of = |word: &Word| word.iter().map(|(_, text)| text.as_str()).collect::<String>();
    words.iter().map(of).collect::<Vec<_>>().join(" ")
}

/// Words in lines of a width, the first one after `first` and the others below it.
fn write_words(
    words: &[Word],
    first: &str,
    (width, styling): (usize, Styling),
    out: &mut dyn Write,
) -> io::Result<()> {
    let indent = first.chars().count();
    let (mut line, mut length) = (first.to_owned(), indent);
    for word in words {
        let text: String = word.iter().map(|(look, text)| look.of(text, styling)).collect();
        // Styles take no room; code in plain text takes its two marks.
        let marks =
            |look: Look| if (look, styling) == (Look::Code, Styling::Plain) { 2 } else { 0 };
        let own: usize = word.iter().map(|(look, text)| text.chars().count() + marks(*look)).sum();
        if length > indent && length + 1 + own > width {
            writeln!(out, "{line}")?;
            (line, length) = (" ".repeat(indent), indent);
        }
        if length > indent {
            line.push(' ');
            length += 1;
        }
        line.push_str(&text);
        length += own;
    }
    writeln!(out, "{line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str, width: usize, styling: Styling) -> String {
        let mut out = Vec::new();
        write_page(text, width, styling, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn paragraphs_lists_code_and_tables() {
        let text = "# check\n\nUse `--nodes` first,\nsee [prefix-low](prefix-low.md) and \
                    [EKS](https://a.b/c).\n\n1. One **bold** word, and more that wraps.\n2. Two\n\n\
                    | a | b |\n|---|---|\n| long | `x` |\n\n```console\n$ eksnet audit\n? 1\nout\n\n```\n";
        let plain = "check\n\nUse `--nodes` first, see\nprefix-low and EKS\n(https://a.b/c).\n\n\
                     1. One bold word, and more that\n   wraps.\n2. Two\n\n    a     b\n    long  x\n\n    \
                     $ eksnet audit\n    out\n";
        assert_eq!(page(text, 31, Styling::Plain), plain);
    }

    #[test]
    fn code_of_several_words_is_one_piece() {
        let text = "Use the command `eksnet audit --nodes` now, and **two words**.";
        let plain = "Use the command\n`eksnet audit --nodes` now, and\ntwo words.\n";
        assert_eq!(page(text, 31, Styling::Plain), plain);
        let bold = Style::new().bold();
        let code = format!("{bold}eksnet audit --nodes{bold:#}");
        assert!(page(text, 31, Styling::Colour).contains(&code));
    }

    #[test]
    fn styles_take_no_room() {
        let text = "`aaaa` bbbb `cccc` dddd `eeee` ffff `gggg`";
        let styled = page(text, 30, Styling::Colour);
        let bold = Style::new().bold();
        let stripped = styled.replace(&bold.to_string(), "").replace(&format!("{bold:#}"), "");
        assert_eq!(stripped, "aaaa bbbb cccc dddd eeee ffff\ngggg\n");
        assert!(styled.contains(&format!("{bold}cccc{bold:#}")), "{styled:?}");
    }
}
