//! Lines on a screen: text under its own indent, commands that can be copied, rows in columns.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use crate::render::{
    Screen, Tone,
    fit::{GAP, width, wrapped},
    table::styled,
};

/// The least room for words beside an indent.
const LEAST: usize = 24;

/// A screen that is written to.
pub(super) struct Sheet<'o> {
    pub(super) screen: Screen,
    pub(super) out: &'o mut dyn Write,
}

impl Sheet<'_> {
    pub(super) fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// A text behind a head; where it is wrapped its further lines begin below its first word. The head has
    /// a width of its own and is no longer than that.
    pub(super) fn text(&mut self, head: &Head<'_>, text: &str, tone: Tone) -> io::Result<()> {
        let text = self.screen.text(text);
        let limit = self.screen.width.map(|all| all.saturating_sub(head.width).max(LEAST));
        for (at, line) in wrapped(&text, limit).into_iter().enumerate() {
            let line = line.trim_start_matches(' ');
            if at == 0 {
                let shown = self.screen.text(head.text);
                let blanks = head.width.saturating_sub(width(&shown));
                let shown = styled(&shown, head.tone, self.screen.styling);
                write!(self.out, "{shown}{:blanks$}", "")?;
            } else {
                write!(self.out, "{:1$}", "", head.width)?;
            }
            writeln!(self.out, "{}", styled(line, tone, self.screen.styling))?;
        }
        Ok(())
    }

    /// A text under an indent.
    pub(super) fn under(&mut self, indent: usize, text: &str, tone: Tone) -> io::Result<()> {
        self.text(&Head { text: "", width: indent, tone: Tone::Plain }, text, tone)
    }

    /// Facts beside one another, in lines that are broken between them.
    pub(super) fn facts(&mut self, facts: &[String], tone: Tone) -> io::Result<()> {
        let mut line = String::new();
        for fact in facts {
            let wide = width(&line) + GAP + width(&self.screen.text(fact));
            if !line.is_empty() && self.screen.width.is_some_and(|limit| wide > limit) {
                self.under(0, &std::mem::take(&mut line), tone)?;
            }
            if !line.is_empty() {
                line.push_str(&" ".repeat(GAP));
            }
            line.push_str(fact);
        }
        self.under(0, &line, tone)
    }

    /// A command: broken between its words behind a backslash, so that all lines together can be copied.
    pub(super) fn command(&mut self, indent: usize, command: &str) -> io::Result<()> {
        let text = self.screen.text(command);
        let arrow = self.screen.text("→ ");
        let limit = self.screen.width.map(|all| all.saturating_sub(indent + 2));
        for (at, line) in broken(&text, limit).into_iter().enumerate() {
            let arrow = if at == 0 { &*arrow } else { "  " };
            writeln!(self.out, "{:indent$}{arrow}{line}", "")?;
        }
        Ok(())
    }
}

/// What stands before a text.
pub(super) struct Head<'a> {
    pub(super) text: &'a str,
    pub(super) width: usize,
    pub(super) tone: Tone,
}

/// A command line in lines of a width, broken at blanks outside quotes.
fn broken(command: &str, limit: Option<usize>) -> Vec<Cow<'_, str>> {
    let Some(limit) = limit.filter(|limit| width(command) > *limit) else {
        return vec![Cow::Borrowed(command)];
    };
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in words(command) {
        // A blank, the word, and the backslash behind it.
        if !line.is_empty() && width(&line) + width(word) + 3 > limit {
            lines.push(Cow::Owned(format!("{line} \\")));
            "  ".clone_into(&mut line);
        }
        if !line.trim_start().is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(Cow::Owned(line));
    lines
}

/// The words of a command line, quoted ones whole.
fn words(command: &str) -> Vec<&str> {
    let (mut words, mut start, mut is_quoted) = (Vec::new(), 0, false);
    for (at, letter) in command.char_indices() {
        match letter {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => {
                words.extend(command.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    words.extend(command.get(start..));
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line that has no room for all facts keeps each whole, and apart from the next.
    #[test]
    fn facts_are_broken_between_them() {
        let facts = ["harbour-prod", "16 subnets", "21% of 15,968 addresses used"];
        let facts = facts.map(ToOwned::to_owned);
        let shown = |width| {
            let mut out = Vec::new();
            let screen = Screen { width, ..Screen::FILE };
            Sheet { screen, out: &mut out }.facts(&facts, Tone::Plain).unwrap_or_default();
            String::from_utf8(out).unwrap_or_default()
        };
        assert_eq!(shown(None), "harbour-prod  16 subnets  21% of 15,968 addresses used\n");
        assert_eq!(shown(Some(50)), "harbour-prod  16 subnets\n21% of 15,968 addresses used\n");
        assert_eq!(shown(Some(30)), "harbour-prod  16 subnets\n21% of 15,968 addresses used\n");
    }

    #[test]
    fn a_command_is_broken_outside_quotes_and_stays_one() {
        let command = "eksnet audit --from 'my own world' --subnet subnet-1 --map";
        let lines = broken(command, Some(30));
        assert_eq!(
            lines,
            ["eksnet audit --from \\", "  'my own world' --subnet \\", "  subnet-1 --map"]
        );
        let joined = lines.join("\n").replace(" \\\n  ", " ");
        assert_eq!(joined, command);
        assert_eq!(broken(command, None), [command]);
    }
}
