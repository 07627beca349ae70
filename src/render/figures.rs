//! Figures as people read them: thousands apart, whole percent, bars. CSV and JSON stay raw.

use std::borrow::Cow;

use crate::{
    audit::{Percent, whole_percent},
    finding::thousands,
};

/// Cells of a bar.
const CELLS: u64 = 10;

/// A bar of ten cells in eighths with the percentage. The bar is cut and not rounded: what is not full never
/// looks full.
pub(super) fn bar(used: u64, usable: u64, thresholds: &[Percent]) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = u128::from(used) * u128::from(CELLS * 8) / u128::from(usable.max(1));
    let eighths = usize::try_from(eighths.min(u128::from(CELLS * 8))).unwrap_or_default();
    let (full, part) = (eighths / 8, eighths % 8);
    let mut text = "█".repeat(full);
    text.push_str(EIGHTHS.get(part).copied().unwrap_or_default());
    let drawn = full + usize::from(part > 0);
    text.push_str(&"░".repeat(usize::try_from(CELLS).unwrap_or_default().saturating_sub(drawn)));
    format!("{text} {:>4}", whole_percent(used, usable, thresholds))
}

/// The text of a cell of numbers with its thousands apart: `12345/20000` is `12,345/20,000`. What stands
/// after a point, and what is part of a word, stays as it is.
pub(super) fn grouped(text: &str) -> Cow<'_, str> {
    let is_long = |run: &str| run.len() > 3;
    let is_digit = |letter: char| letter.is_ascii_digit();
    if !text.split(|letter| !is_digit(letter)).any(is_long) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 4);
    let mut rest = text;
    while let Some(start) = rest.find(is_digit) {
        let (before, from) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let end = from.find(|letter| !is_digit(letter)).unwrap_or(from.len());
        let (digits, after) = from.split_at_checked(end).unwrap_or((from, ""));
        shown.push_str(before);
        let of_fraction = shown.strip_suffix('.').is_some_and(|before| before.ends_with(is_digit));
        let is_whole = !of_fraction && !shown.ends_with(char::is_alphanumeric);
        match digits.parse().ok().filter(|_: &u64| is_whole && !digits.starts_with('0')) {
            Some(number) => shown.push_str(&thousands(number)),
            None => shown.push_str(digits),
        }
        rest = after;
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_full_only_when_all_is_used() {
        assert_eq!(bar(0, 100, &[]), "░░░░░░░░░░   0%");
        assert_eq!(bar(35, 100, &[]), "███▌░░░░░░  35%");
        assert_eq!(bar(9999, 10_000, &[]), "█████████▉  99%");
        assert_eq!(bar(100, 100, &[]), "██████████ 100%");
        assert_eq!(bar(200, 100, &[]), "██████████ 200%");
        assert_eq!(bar(0, 0, &[]), "░░░░░░░░░░   0%");
    }

    #[test]
    fn thousands_stand_apart_in_whole_numbers_alone() {
        for (text, shown) in [
            ("", ""),
            ("999", "999"),
            ("1000", "1,000"),
            ("-1234567", "-1,234,567"),
            ("1234/20000", "1,234/20,000"),
            ("2743 (1000..3361)", "2,743 (1,000..3,361)"),
            ("812 → 1024", "812 → 1,024"),
            ("+1234.56789", "+1,234.56789"),
            ("ab12345", "ab12345"),
            ("0001", "0001"),
            ("99999999999999999999999", "99999999999999999999999"),
        ] {
            assert_eq!(grouped(text), shown);
        }
    }
}
