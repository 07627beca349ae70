//! Where a check, and any page of the documents, is on the web: the one place that knows it.

/// The page of each check, from the root of the repository.
const PAGES: &str = "docs/checks";

/// The page of a check as a file of the repository.
pub(super) fn check_file(id: &str) -> String {
    format!("{PAGES}/{id}.md")
}

/// The page of a check in this version's documents; `None` while the package names no repository.
pub(super) fn check_page(id: &str) -> Option<String> {
    web_page(&check_file(id))
}

/// A file of this version's repository on the web; `None` while the package names none.
#[must_use]
pub fn web_page(file: &str) -> Option<String> {
    page(env!("CARGO_PKG_REPOSITORY"), file)
}

fn page(repository: &str, file: &str) -> Option<String> {
    let version = env!("CARGO_PKG_VERSION");
    let repository = repository.trim_end_matches('/').trim_end_matches(".git");
    (!repository.is_empty()).then(|| format!("{repository}/blob/v{version}/{file}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_described_where_the_package_is_kept() {
        let file = check_file("min-free");
        assert_eq!(page("", &file), None);
        let expected = format!(
            "https://git.example/a/eksnet/blob/v{}/docs/checks/min-free.md",
            env!("CARGO_PKG_VERSION")
        );
        for repository in ["https://git.example/a/eksnet", "https://git.example/a/eksnet.git/"] {
            assert_eq!(page(repository, &file).as_deref(), Some(expected.as_str()));
        }
    }
}
