//! Names in the forms of the files: what a person called a subnet or a group becomes a name that Terraform,
//! CloudFormation, a shell and Kubernetes take, and no two become the same.

use std::collections::{BTreeMap, BTreeSet};

/// The most letters of a name's words: Kubernetes and EKS take 63 with what is put beside them.
const LONGEST: usize = 40;

/// A name in words of lower-case letters and digits, the first of which begins with a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ident {
    words: Vec<String>,
}

impl Ident {
    fn of(name: &str, fallback: &str) -> Self {
        let mut left = LONGEST;
        let mut words = Vec::new();
        for word in name.split(|letter: char| !letter.is_ascii_alphanumeric()) {
            let word: String = word.chars().take(left).collect();
            left = left.saturating_sub(word.len());
            if !word.is_empty() {
                words.push(word.to_ascii_lowercase());
            }
        }
        let begins_well =
            words.first().is_some_and(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()));
        if !begins_well {
            words.insert(0, fallback.to_owned());
        }
        Self { words }
    }

    /// What two names must not share, whatever the form.
    fn key(&self) -> String {
        self.words.concat()
    }

    fn numbered(&self, number: usize) -> Self {
        let mut words = self.words.clone();
        words.push(number.to_string());
        Self { words }
    }

    /// `pods_a`: Terraform.
    pub(super) fn snake(&self) -> String {
        self.words.join("_")
    }

    /// `pods-a`: Kubernetes, EKS and file names.
    pub(super) fn kebab(&self) -> String {
        self.words.join("-")
    }

    /// `PODS_A`: variables of a shell.
    pub(super) fn upper(&self) -> String {
        self.snake().to_ascii_uppercase()
    }

    /// `PodsA`: logical ids of CloudFormation.
    pub(super) fn camel(&self) -> String {
        self.words
            .iter()
            .map(|word| {
                let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
                [first.to_ascii_uppercase(), rest.to_owned()].concat()
            })
            .collect::<Vec<_>>()
            .concat()
    }
}

/// The names of all things of a kind.
#[derive(Debug, Clone)]
pub(super) struct Idents {
    by_name: BTreeMap<String, Ident>,
    fallback: &'static str,
}

impl Idents {
    /// Names of things; a name that cannot begin one begins with the kind.
    pub(super) fn of<'a>(fallback: &'static str, names: impl Iterator<Item = &'a str>) -> Self {
        let mut by_name = BTreeMap::new();
        let mut taken = BTreeSet::new();
        for name in names {
            if by_name.contains_key(name) {
                continue;
            }
            let plain = Ident::of(name, fallback);
            let mut ident = plain.clone();
            let mut number = 2;
            while !taken.insert(ident.key()) {
                ident = plain.numbered(number);
                number += 1;
            }
            by_name.insert(name.to_owned(), ident);
        }
        Self { by_name, fallback }
    }

    /// The form of one of them.
    pub(super) fn get(&self, name: &str) -> Ident {
        self.by_name.get(name).cloned().unwrap_or_else(|| Ident::of(name, self.fallback))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(names: &[&str]) -> Vec<[String; 4]> {
        let idents = Idents::of("subnet", names.iter().copied());
        let forms = names.iter().map(|name| idents.get(name));
        forms.map(|i| [i.snake(), i.kebab(), i.upper(), i.camel()]).collect()
    }

    #[test]
    fn a_name_has_a_form_for_each_file() {
        assert_eq!(
            forms(&["pods-a"]),
            [["pods_a", "pods-a", "PODS_A", "PodsA"].map(str::to_owned)]
        );
        assert_eq!(
            forms(&["1a", "", "\"${x}\"\n"]).concat(),
            [
                "subnet_1a",
                "subnet-1a",
                "SUBNET_1A",
                "Subnet1a",
                "subnet",
                "subnet",
                "SUBNET",
                "Subnet",
                "x",
                "x",
                "X",
                "X"
            ]
        );
    }

    #[test]
    fn no_two_names_become_the_same_in_any_form() {
        let long = "x".repeat(90);
        let longer = format!("{long}y");
        let names = ["a1b", "a-1b", "a 1b", "A1B", "a1b2", "ä", "ö", "", &long, &longer];
        let all = forms(&names);
        for form in 0..4 {
            let distinct: BTreeSet<&String> = all.iter().map(|forms| &forms[form]).collect();
            assert_eq!(distinct.len(), names.len(), "{all:?}");
        }
        assert!(all.iter().flatten().all(|name| name.len() <= 63), "{all:?}");
    }
}
