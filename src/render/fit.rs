//! What of a table a terminal has room for: ids in short, then columns that say the same of every row and
//! those that matter least are left out, and at last cells are cut. Nothing wraps.

use std::{borrow::Cow, collections::BTreeMap};

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::{Column, Role};

/// Columns between two columns.
pub(super) const GAP: usize = 2;
/// What a cell that is cut keeps at least.
const LEAST: usize = 4;
/// The share of the width, in parts, and the columns of a terminal above which a long text is cut before
/// other columns are left out for it.
const LONG: (usize, usize) = (3, 28);
/// Letters of a shortened id behind its dash, at least.
const ID_LETTERS: usize = 4;

/// The texts of a table, row by row, each as long as the columns.
pub(super) type Texts<'a> = Vec<Vec<Cow<'a, str>>>;

/// What is drawn.
#[derive(Debug)]
pub(super) struct Fitted {
    /// Which columns, in their order.
    pub(super) columns: Vec<usize>,
    /// How wide each of them is.
    pub(super) widths: Vec<usize>,
}

/// Columns of a terminal that a text takes.
pub(super) fn width(text: &str) -> usize {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) { text.len() } else { text.width() }
}

/// Fits a table into a width; without one everything is shown as it is.
pub(super) fn fit(
    columns: &[Column],
    titles: bool,
    texts: &mut Texts<'_>,
    limit: Option<usize>,
) -> Fitted {
    let all: Vec<usize> = (0..columns.len()).collect();
    let widths = measured(columns, titles, texts);
    let Some(limit) = limit.filter(|limit| total(&all, &widths) > *limit) else {
        return Fitted { columns: all, widths };
    };
    let named = is_named(columns, texts);
    let name = pair(columns).map(|(_, name)| name);
    let constant: Vec<bool> = all.iter().map(|at| is_constant(texts, *at)).collect();
    for at in 0..columns.len() {
        shorten_ids(texts, at);
    }
    let mut widths = measured(columns, titles, texts);
    let long = (limit / LONG.0).max(LONG.1);
    let capped = |columns: &[Column], widths: &[usize]| -> Vec<usize> {
        let cap = |(column, width): (&Column, &usize)| {
            if column.numeric { *width } else { (*width).min(long) }
        };
        columns.iter().zip(widths).map(cap).collect()
    };
    let mut shown = all;
    while total(&shown, &capped(columns, &widths)) > limit {
        // What a column weighs: the heavier, the sooner it is left out. What tells rows apart stays.
        let weight = |at: usize| {
            let column = columns.get(at)?;
            let same = constant.get(at).copied().unwrap_or(false);
            let tells_apart = if named { name == Some(at) } else { column.role == Role::Id };
            let rank = if tells_apart && !same { 0 } else { column.rank };
            Some((same && rank > 0, rank))
        };
        let Some(least) = least(&shown, weight) else { break };
        shown.retain(|at| *at != least);
        if columns.get(least).is_some_and(|column| column.role == Role::Id) {
            stand_in(columns, texts, least);
            widths = measured(columns, titles, texts);
        }
    }
    let natural = widths.clone();
    while !cut(columns, &shown, &mut widths, limit) && shown.len() > 1 {
        shown.pop();
        widths.clone_from(&natural);
    }
    Fitted {
        widths: shown.iter().filter_map(|at| widths.get(*at).copied()).collect(),
        columns: shown,
    }
}

/// The width of each column.
fn measured(columns: &[Column], titles: bool, texts: &Texts<'_>) -> Vec<usize> {
    let mut widths: Vec<usize> =
        columns.iter().map(|column| if titles { width(column.title) } else { 0 }).collect();
    for row in texts {
        for (text, most) in row.iter().zip(&mut widths) {
            *most = width(text).max(*most);
        }
    }
    widths
}

fn total(shown: &[usize], widths: &[usize]) -> usize {
    let columns: usize = shown.iter().filter_map(|at| widths.get(*at)).sum();
    columns + GAP * shown.len().saturating_sub(1)
}

/// The column to leave out next; `None` when those that are left stay.
fn least(shown: &[usize], rank: impl Fn(usize) -> Option<(bool, u8)>) -> Option<usize> {
    if shown.len() < 2 {
        return None;
    }
    let last = shown.iter().copied().max_by_key(|at| rank(*at))?;
    rank(last).is_some_and(|(_, rank)| rank > 0).then_some(last)
}

/// Whether a column says the same of every row, so that it tells none apart.
fn is_constant(texts: &Texts<'_>, at: usize) -> bool {
    let mut cells = texts.iter().filter_map(|row| row.get(at));
    let first = cells.next();
    texts.len() > 1 && cells.all(|cell| Some(cell) == first)
}

/// Whether names stand for ids: there are some, and each is of one id.
fn is_named(columns: &[Column], texts: &Texts<'_>) -> bool {
    let Some((id, name)) = pair(columns) else {
        return false;
    };
    let mut ids: BTreeMap<&str, &str> = BTreeMap::new();
    let is_of_one = texts.iter().all(|row| match (row.get(id), row.get(name)) {
        (Some(id), Some(name)) if is_there(name) => *ids.entry(name).or_insert(id) == id,
        _ => true,
    });
    is_of_one && !ids.is_empty()
}

fn pair(columns: &[Column]) -> Option<(usize, usize)> {
    let of = |role| columns.iter().position(|column| column.role == role);
    of(Role::Id).zip(of(Role::Name))
}

fn is_there(text: &str) -> bool {
    !matches!(text, "" | "-")
}

/// Rows without a name show their id in its place.
fn stand_in(columns: &[Column], texts: &mut Texts<'_>, id: usize) {
    let Some((_, name)) = pair(columns) else { return };
    for row in texts {
        if row.get(name).is_some_and(|name| !is_there(name)) {
            let id = row.get(id).cloned().unwrap_or_default();
            if let Some(name) = row.get_mut(name) {
                *name = id;
            }
        }
    }
}

/// Shortens the ids of a column to what tells them apart.
fn shorten_ids(texts: &mut Texts<'_>, at: usize) {
    let mut ids: Vec<&str> = texts
        .iter()
        .filter_map(|row| row.get(at))
        .map(AsRef::as_ref)
        .filter(|t| is_aws_id(t))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let alike = |pair: &[&str]| match pair {
        [one, other] => one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count(),
        _ => 0,
    };
    // One more than what two neighbours share tells them apart.
    let shared = ids.windows(2).map(alike).max().unwrap_or(0);
    for row in texts {
        let Some(text) = row.get_mut(at).filter(|text| is_aws_id(text)) else { continue };
        let dash = text.find('-').unwrap_or(0);
        let kept = (dash + 1 + ID_LETTERS).max(shared + 1);
        if kept + 1 < text.len() {
            let short = text.get(..kept).unwrap_or_default();
            *text = Cow::Owned(format!("{short}…"));
        }
    }
}

/// Whether a text is an id of EC2: a word, a dash and hexadecimal digits.
fn is_aws_id(text: &str) -> bool {
    text.rsplit_once('-').is_some_and(|(word, digits)| {
        matches!(digits.len(), 8 | 17)
            && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    })
}

/// Narrows the widest columns of text until the table fits; whether it does.
fn cut(columns: &[Column], shown: &[usize], widths: &mut [usize], limit: usize) -> bool {
    let mut over = total(shown, widths).saturating_sub(limit);
    while over > 0 {
        let mut texts: Vec<(usize, usize)> = shown
            .iter()
            .filter(|at| columns.get(**at).is_some_and(|column| !column.numeric))
            .filter_map(|at| widths.get(*at).map(|width| (*width, *at)))
            .filter(|(width, _)| *width > LEAST)
            .collect();
        texts.sort_unstable_by(|a, b| b.cmp(a));
        let Some((widest, at)) = texts.first().copied() else { return false };
        // Down to the next widest, or as far as it has to go.
        let next = texts.get(1).map_or(LEAST, |(next, _)| *next).max(LEAST);
        let step = (widest - next).clamp(1, over);
        if let Some(width) = widths.get_mut(at) {
            *width -= step;
        }
        over -= step;
    }
    true
}

/// A text cut to a width, with an ellipsis: a name in the middle, since its end may tell it from others, a
/// sentence at its end.
pub(super) fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    if width(text) <= most {
        return Cow::Borrowed(text);
    }
    let Some(room) = most.checked_sub(1) else {
        return Cow::Borrowed("");
    };
    let tail = if text.contains(' ') { 0 } else { room / 3 };
    let start = taken(text.graphemes(true), room - tail);
    let end = taken(text.graphemes(true).rev(), tail);
    let start = text.get(..start).unwrap_or_default();
    let end = text.get(text.len() - end..).unwrap_or_default();
    Cow::Owned(format!("{start}…{end}"))
}

/// Bytes of the letters that have room.
fn taken<'a>(letters: impl Iterator<Item = &'a str>, room: usize) -> usize {
    let mut left = room;
    let fits = |letter: &&str| match left.checked_sub(letter.width()) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    };
    letters.take_while(fits).map(str::len).sum()
}

/// A text in lines of a width, broken between words; lines after the first are set in. A word that is
/// longer than a line stays whole: a terminal breaks it without a line end, so that it can be copied.
#[must_use]
pub fn wrapped(text: &str, limit: Option<usize>) -> Vec<Cow<'_, str>> {
    let Some(limit) = limit.filter(|limit| width(text) > *limit) else {
        return vec![Cow::Borrowed(text)];
    };
    let indent = text.len() - text.trim_start_matches(' ').len();
    let start = " ".repeat(indent);
    let mut lines = Vec::new();
    let mut line = start.clone();
    let mut used = indent;
    let mut is_empty = true;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let wide = width(word);
        if !is_empty && used + 1 + wide > limit {
            lines.push(Cow::Owned(std::mem::replace(&mut line, format!("{start}  "))));
            used = indent + 2;
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += wide;
        is_empty = false;
    }
    lines.push(Cow::Owned(line));
    lines
}
