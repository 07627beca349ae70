//! What the terminal is: its width, and which characters it shows.

use std::env;

use crate::render::Letters;

/// The columns of stdout's terminal; COLUMNS goes before what the terminal says itself.
pub(super) fn width() -> Option<usize> {
    let told = env::var("COLUMNS").ok().and_then(|text| text.trim().parse().ok());
    let told = told.filter(|columns: &usize| *columns > 0);
    told.or_else(|| {
        let (terminal_size::Width(columns), _) = terminal_size::terminal_size()?;
        Some(usize::from(columns)).filter(|columns| *columns > 0)
    })
}

/// Which characters the terminal shows, as its locale and its kind say.
pub(super) fn letters() -> Letters {
    let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG"));
    letters_of(set("TERM").as_deref(), locale.as_deref())
}

fn letters_of(term: Option<&str>, locale: Option<&str>) -> Letters {
    // Windows has no such variables, and its terminals show all.
    let is_utf8 = locale.map_or(cfg!(windows), |locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    });
    if is_utf8 && !matches!(term, Some("dumb" | "linux")) {
        Letters::Unicode
    } else {
        Letters::Ascii
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_need_a_locale_and_a_terminal_that_have_them() {
        for (term, locale, letters) in [
            (Some("xterm-256color"), Some("en_US.UTF-8"), Letters::Unicode),
            (Some("xterm"), Some("C.utf8"), Letters::Unicode),
            (None, Some("de_DE.UTF-8"), Letters::Unicode),
            (Some("xterm"), Some("C"), Letters::Ascii),
            (Some("xterm"), Some("en_US.ISO-8859-1"), Letters::Ascii),
            (Some("linux"), Some("en_US.UTF-8"), Letters::Ascii),
            (Some("dumb"), Some("en_US.UTF-8"), Letters::Ascii),
        ] {
            assert_eq!(letters_of(term, locale), letters, "{term:?} {locale:?}");
        }
    }
}
