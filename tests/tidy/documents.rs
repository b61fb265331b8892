//! Code in documents is compiled: a block shows a file of a package, or its document is part of a crate's documentation.
//!
//! `SNAPSHOTS=overwrite cargo test -p cognito-triggers-tests --test tidy documents` copies the files into their blocks.

use snapbox::{Data, data::DataFormat};

use crate::{files, read, root};

/// The first line of a block of code, such as ```` ```rust tests/guide/state.rs ````.
struct Info<'a> {
    language: &'a str,
    /// What follows the language: the path of the file that the block shows.
    path: Option<&'a str>,
}

impl<'a> Info<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let info = line.strip_prefix("```").filter(|info| !info.is_empty())?;
        let (language, path) = info
            .split_once(' ')
            .map_or((info, None), |(language, path)| (language, Some(path)));
        Some(Self { language, path })
    }
}

/// The document, with what the files say now in the blocks that show them.
fn with_files(document: &str) -> String {
    let mut text = String::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        text.push_str(line);
        text.push('\n');
        let Some(info) = Info::of(line) else { continue };
        let inner: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
        match info.path {
            Some(path) => text.push_str(&read(path)),
            None => inner.iter().for_each(|line| text.extend([line, "\n"])),
        }
        text.push_str("```\n");
    }
    text
}

#[test]
fn a_block_with_a_path_shows_that_file() {
    let mut count = 0;
    for path in files("", ".md") {
        let document = read(&path);
        let shown = document
            .lines()
            .filter_map(Info::of)
            .filter(|info| info.path.is_some());
        let number = shown.count();
        if number > 0 {
            count += number;
            let file = Data::read_from(&root().join(&path), Some(DataFormat::Text)).raw();
            snapbox::assert_data_eq!(with_files(&document), file);
        }
    }
    assert!(count > 20, "only {count} blocks show a file");
}

/// Whether rustdoc compiles the blocks of a document: it is included by the root of a crate.
fn is_documentation_of_a_crate(path: &str) -> bool {
    files("crates", "lib.rs").iter().any(|root| {
        let directory = root.trim_end_matches("src/lib.rs");
        let from_root = path
            .strip_prefix(directory)
            .map_or(format!("../../../{path}"), |own| format!("../{own}"));
        read(root).contains(&format!("doc = include_str!(\"{from_root}\")"))
    })
}

#[test]
fn every_block_of_rust_is_compiled() {
    // Decisions show what was considered, too.
    let documents = files("", ".md");
    for path in documents
        .into_iter()
        .filter(|path| !path.starts_with("docs/decisions/"))
    {
        let document = read(&path);
        for (index, line) in document.lines().enumerate() {
            let Some(info) = Info::of(line) else { continue };
            let language = info.language.split(',').next().unwrap();
            if !["rust", "rs"].contains(&language) {
                continue;
            }
            let is_compiled = match info.path {
                Some(file) => is_compiled(file),
                None => {
                    language == "rust"
                        && !info.language.contains("ignore")
                        && is_documentation_of_a_crate(&path)
                }
            };
            assert!(
                is_compiled,
                "{path}:{}: nothing compiles this block; let it show a file: ```rust tests/guide/NAME.rs",
                index + 1
            );
        }
    }
}

/// Whether a package compiles the file: a module of the guide's, or a source, a test or an example of a package.
fn is_compiled(file: &str) -> bool {
    match file.strip_prefix("tests/guide/") {
        Some(name) => read("tests/guide.rs").contains(&format!("mod {};", name.trim_end_matches(".rs"))),
        None => {
            let directories = ["/src/", "/tests/", "/examples/"];
            file.starts_with("tests/") || directories.iter().any(|part| file.contains(part))
        }
    }
}

#[test]
fn every_file_of_the_guide_is_shown() {
    let pages: String = files("docs", ".md").iter().map(read).collect();
    for file in files("tests/guide", ".rs") {
        assert!(
            pages.contains(&format!("```rust {file}\n")),
            "no page shows {file}"
        );
    }
}

#[test]
fn every_page_is_in_the_book() {
    let summary = read("docs/SUMMARY.md");
    for page in files("docs", ".md") {
        let page = page.strip_prefix("docs/").unwrap();
        let is_apart = page == "SUMMARY.md" || page.starts_with("decisions/");
        assert!(
            is_apart || summary.contains(&format!("]({page})")),
            "docs/SUMMARY.md has no link to {page}"
        );
    }
}
