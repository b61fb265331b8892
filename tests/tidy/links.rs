//! The links in documents lead to existing files and headings.

use std::path::Path;

use crate::{files, read, root};

/// The targets of `[text](target)` in a document, without those in code blocks.
fn links(document: &str) -> Vec<&str> {
    let mut in_code = false;
    let mut links = Vec::new();
    for line in document.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for (at, _) in line.match_indices("](") {
            links.extend(line[at + 2..].split(')').next());
        }
    }
    links
}

/// The anchor that a heading has on the pages of code hosts and of rustdoc.
fn anchor(heading: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    let text: String = heading.chars().filter(|c| kept(*c)).collect();
    text.trim().to_lowercase().replace(' ', "-")
}

#[test]
fn links_lead_to_existing_files_and_headings() {
    let documents = files("", ".md");
    assert!(documents.contains(&"examples/every-trigger/README.md".to_owned()));
    for document in documents {
        for link in links(&read(&document)) {
            // A web page, or an item of the crate that includes the document, which rustdoc checks.
            if link.contains("://") || link.contains("::") || link.starts_with("mailto:") {
                continue;
            }
            let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
            let target = match path {
                "" => root().join(&document),
                path => root().join(Path::new(&document).parent().unwrap()).join(path),
            };
            assert!(target.exists(), "{document} links to {link}, which doesn't exist");
            if !fragment.is_empty() && target.extension().is_some_and(|extension| extension == "md") {
                let headings = read(&target);
                let mut headings = headings.lines().filter_map(|line| line.strip_prefix('#'));
                let found = headings.any(|heading| anchor(heading.trim_start_matches('#')) == fragment);
                assert!(found, "{document} links to {link}, and there is no such heading");
            }
        }
    }
}
