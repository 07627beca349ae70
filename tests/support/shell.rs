//! A command line of a document or a help text, split as a shell does.

/// The words of a command as a shell splits them, up to a pipe, a redirection or a comment.
pub(crate) fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for letter in line.trim().chars() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (None, '\'' | '"') => quote = Some(letter),
            (None, '|' | '>' | '#') if word.is_empty() => break,
            (None, ' ') => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            // What another command prints is one word.
            (None, '(') if word.ends_with('$') => {
                quote = Some(')');
                word.push('x');
            }
            (Some(_) | None, _) => word.push(letter),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[test]
fn words_are_those_of_a_shell() {
    let line = "eksnet audit --save history/$(date +%F).json --tag 'a b' | jq . # daily";
    assert_eq!(
        words(line),
        ["eksnet", "audit", "--save", "history/$xdate +%F.json", "--tag", "a b"]
    );
}
