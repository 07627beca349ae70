//! A rule a check.

use super::form::{Configuration, Described, Message, Rule, level};
use crate::{
    audit::checks::{Check, REGISTRY},
    finding::Finding,
};

/// Where each check has its page, from the root of the repository.
const PAGES: &str = "docs/checks";

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
    let help = format!("What it means and what to do: {PAGES}/{}.md", check.id);
    Rule {
        id: check.id,
        check: Some(Described {
            short_description: Message::new(&[check.about]),
            full_description: Message::new(&[&sentence(check.about)]),
            help: Message::new(&[&help]),
            help_uri: help_uri(env!("CARGO_PKG_REPOSITORY"), check.id),
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

/// Where a check is described on the web, in this version's documents: SARIF wants an absolute
/// address, so there is none while the package names no repository.
fn help_uri(repository: &str, id: &str) -> Option<String> {
    let version = env!("CARGO_PKG_VERSION");
    let repository = repository.trim_end_matches('/').trim_end_matches(".git");
    (!repository.is_empty()).then(|| format!("{repository}/blob/v{version}/{PAGES}/{id}.md"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_described_where_the_package_is_kept() {
        assert_eq!(help_uri("", "utilization"), None);
        let expected = format!(
            "https://git.example/a/eksnet/blob/v{}/docs/checks/min-free.md",
            env!("CARGO_PKG_VERSION")
        );
        for repository in ["https://git.example/a/eksnet", "https://git.example/a/eksnet.git/"] {
            assert_eq!(help_uri(repository, "min-free").as_deref(), Some(expected.as_str()));
        }
    }

    #[test]
    fn a_line_becomes_a_sentence() {
        assert_eq!(sentence("a subnet is full"), "A subnet is full.");
        assert_eq!(sentence(""), ".");
    }
}
