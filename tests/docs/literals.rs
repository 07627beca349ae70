//! The string literals of a Rust source that reach people.

/// The literals outside of comments, of tests, and of the reasons that lints are given.
pub(crate) fn of(source: &str) -> Vec<String> {
    let source = source.split_once("#[cfg(test)]").map_or(source, |(before, _)| before);
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find(['/', '"', '\'', 'r']) {
        let here = &rest[at..];
        let before = &source[..source.len() - here.len()];
        rest = if let Some(comment) = here.strip_prefix("//") {
            comment.split_once('\n').map_or("", |(_, after)| after)
        } else if let Some(comment) = here.strip_prefix("/*") {
            comment.split_once("*/").map_or("", |(_, after)| after)
        } else if let Some((text, after)) = literal(here, before) {
            if !before.trim_end().ends_with("reason =") {
                found.push(text);
            }
            after
        } else if let Some(after) = character(here) {
            after
        } else {
            &here[1..]
        };
    }
    found
}

/// The literal that starts here, and what comes behind it.
fn literal<'a>(here: &'a str, before: &str) -> Option<(String, &'a str)> {
    if let Some(raw) = here.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let inside = raw[hashes..].strip_prefix('"')?;
        if before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_') {
            return None;
        }
        let (text, after) = inside.split_once(&format!("\"{}", "#".repeat(hashes)))?;
        return Some((text.to_owned(), after));
    }
    let inside = here.strip_prefix('"')?;
    let mut text = String::new();
    let mut letters = inside.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((text, &inside[at + 1..])),
            '\\' => match letters.next()?.1 {
                'n' => text.push('\n'),
                // A literal that goes on in the next line goes on with its first letter there.
                '\n' => while letters.next_if(|(_, letter)| letter.is_whitespace()).is_some() {},
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
    None
}

/// What comes behind a character literal; `None` for a lifetime.
fn character(here: &str) -> Option<&str> {
    let inside = here.strip_prefix('\'')?;
    if let Some(escaped) = inside.strip_prefix('\\') {
        let mut letters = escaped.chars();
        letters.next()?;
        return letters.as_str().split_once('\'').map(|(_, after)| after);
    }
    let mut letters = inside.chars();
    letters.next()?;
    letters.as_str().strip_prefix('\'')
}

#[test]
fn literals_are_found() {
    let source = r#"
        //! "a comment"
        fn f<'a>(x: &'a str) -> char { let r = '"'; '\'' }
        #[expect(lint, reason = "none of yours")]
        const A: &str = "one \"two\" \
            three"; /* "four" */ const B: &str = r"five \six";
        #[cfg(test)] mod tests { const C: &str = "seven"; }
    "#;
    let found = of(source);
    assert_eq!(found, ["one \"two\" three", r"five \six"]);
}
