//! Any text goes into each form and comes back as it shows on a terminal.

use eksnet::render::escape;
use proptest::prelude::*;

use super::command;

proptest! {
    #[test]
    fn xml_gives_back_what_went_in(text in any::<String>()) {
        let safe = escape::xml(&text);
        let mut document = String::from("<a b=\"");
        for letter in safe.chars() {
            match letter {
                '<' => document.push_str("&lt;"),
                '&' => document.push_str("&amp;"),
                '"' => document.push_str("&quot;"),
                plain => document.push(plain),
            }
        }
        document.push_str("\"/>");
        let document = roxmltree::Document::parse(&document).unwrap();
        prop_assert_eq!(document.root_element().attribute("b"), Some(safe.as_str()));
    }

    #[test]
    fn a_workflow_command_gives_back_what_went_in(title in any::<String>(), message in any::<String>()) {
        let line = format!(
            "::error title={}::{}",
            escape::github_property(&title),
            escape::github_message(&message)
        );
        prop_assert_eq!(line.lines().count(), 1);
        let (properties, back) = command(&line);
        prop_assert_eq!(properties, [format!("title={}", escape::terminal(&title))]);
        prop_assert_eq!(back, escape::terminal(&message).into_owned());
    }

    #[test]
    fn a_sarif_message_gives_back_what_went_in(text in "[a{}\\[\\]()]{0,12}") {
        let safe = escape::sarif(&text);
        // Taken apart from left to right, as the standard has it.
        let mut back = String::new();
        let mut letters = safe.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '{' | '}' => prop_assert_eq!(letters.next(), Some(letter)),
                '[' | ']' => prop_assert!(false, "a bare bracket in {}", safe),
                _ => {}
            }
            back.push(if letter == '\\' { letters.next().unwrap() } else { letter });
        }
        prop_assert_eq!(back, text);
    }
}
