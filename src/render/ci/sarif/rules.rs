//! A rule a check.

use super::form::{Configuration, Described, Message, Rule, level};
use crate::{
    audit::checks::{Check, REGISTRY},
    finding::Finding,
    render::check_page::{check_file, check_page},
};

/// A rule for every check, found or not, sorted by id; and one, without a description, for an id that
/// the registry lacks.
pub(super) fn rules<'a>(findings: &'a [Finding]) -> Vec<Rule<'a>> {
    let mut rules: Vec<Rule<'a>> = REGISTRY.iter().map(rule).collect();
    for finding in findings {
        if !rules.iter().any(|rule| rule.id == finding.id) {
            rules.push(Rule { id: finding.id, check: None });
        }
    }
    rules.sort_by_key(|rule| rule.id);
    rules
}

fn rule(check: &Check) -> Rule<'static> {
    let help = format!("What it means and what to do: {}", check_file(check.id));
    Rule {
        id: check.id,
        check: Some(Described {
            short_description: Message::new(&[check.about]),
            full_description: Message::new(&[&sentence(check.about)]),
            help: Message::new(&[&help]),
            help_uri: check_page(check.id),
            default_configuration: check
                .severities
                .first()
                .map(|severity| Configuration { level: level(*severity) }),
        }),
    }
}

/// A line as a sentence.
fn sentence(line: &str) -> String {
    let mut letters = line.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_becomes_a_sentence() {
        assert_eq!(sentence("a subnet is full"), "A subnet is full.");
        assert_eq!(sentence(""), ".");
    }
}
