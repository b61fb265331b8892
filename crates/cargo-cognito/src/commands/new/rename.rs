//! An example under another name.
//!
//! Names of examples are also words of their texts, so nothing is replaced but the places where a name stands for the package:
//! its binary, its library, and its directory in the repository.
//!
//! | in | is replaced |
//! |---|---|
//! | every file | `--bin NAME`, `--package NAME`, `Binary: NAME`, `CARGO_BIN_EXE_NAME`, `cargo_bin("NAME")` |
//! | every file | `examples/NAME/…`, which is the root of the project |
//! | Rust outside of the library | paths that begin with the library, `NAME::…`; its imports get a paragraph of their own, because rustfmt sorts those of a paragraph by name |
//! | Markdown | the title, and links into the repository |

use super::{dependencies::Dependencies, package::Package};

/// The text of a file of the example `from`, as a file of the package.
pub(super) fn file(
    path: &str,
    text: &str,
    from: &str,
    package: &Package,
    dependencies: &Dependencies,
) -> String {
    let to = &package.name;
    let mut text = text
        .replace(&format!("examples/{from}/"), "")
        .replace(&format!("replay examples/{from}"), "replay .")
        .replace(&format!("examples/{from}"), to);
    for place in [
        "CARGO_BIN_EXE_",
        "cargo_bin(\"",
        "--bin ",
        "--package ",
        "Binary: ",
    ] {
        text = replace_words(&text, &format!("{place}{from}"), &format!("{place}{to}"));
    }
    let is_outside_library =
        path == "src/main.rs" || path.starts_with("src/bin/") || path.starts_with("tests/");
    if path.ends_with(".rs") && is_outside_library {
        let library = format!("{}::", from.replace('-', "_"));
        text = replace_words(&text, &library, &format!("{}::", package.library));
        let import = format!("\nuse {}::", package.library);
        let (before, after) = (format!(";{import}"), format!(";\n{import}"));
        text = text.replace(&before, &after);
    }
    if path.ends_with(".md") {
        text = links(&text, dependencies);
        if let Some(rest) = text.strip_prefix(&format!("# {from}\n")) {
            text = format!("# {to}\n{rest}");
        }
    }
    text
}

/// Replaces a text where it isn't a part of a longer word.
///
/// A colon before it is a part too: in `crate::name::` the name is a module and not the library.
fn replace_words(text: &str, from: &str, to: &str) -> String {
    let is_part = |letter: char| letter.is_alphanumeric() || "-_".contains(letter);
    let ends_in_word = from.ends_with(is_part);
    let mut replaced = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(from) {
        replaced += before;
        let is_word = !replaced.ends_with(|letter| is_part(letter) || letter == ':');
        let is_whole = !ends_in_word || !after.starts_with(is_part);
        replaced += if is_word && is_whole { to } else { from };
        rest = after;
    }
    replaced + rest
}

/// Links into the repository, as links into the clone or to the documentation of the published crates. Other links of this
/// kind are only their texts then.
fn links(text: &str, dependencies: &Dependencies) -> String {
    let mut replaced = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("](../../") {
        let Some((target, after)) = after.split_once(')') else {
            break;
        };
        let krate = target
            .strip_prefix("crates/")
            .and_then(|path| path.split('/').next());
        replaced += before;
        match (dependencies.path(target), krate) {
            (Some(path), _) => replaced += &format!("](<{path}>)"),
            (None, Some(krate)) => replaced += &format!("](https://docs.rs/{krate})"),
            // Without the bracket that began the link.
            (None, None) => {
                if let Some((head, words)) = replaced.rsplit_once('[') {
                    replaced = format!("{head}{words}");
                }
            }
        }
        rest = after;
    }
    replaced + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(path: &str, text: &str) -> String {
        let package = Package::standalone("my-fn");
        file(path, text, "invite-only", &package, &Dependencies::Versions)
    }

    #[test]
    fn the_names_of_the_package_change_and_other_words_do_not() {
        let test = "use invite_only::App; env!(\"CARGO_BIN_EXE_invite-only\"); // invite-only, crate::invite_only::a";
        assert_eq!(
            renamed("tests/cases.rs", test),
            "use my_fn::App; env!(\"CARGO_BIN_EXE_my-fn\"); // invite-only, crate::invite_only::a"
        );
        assert_eq!(renamed("src/a.rs", "use invite_only::b;"), "use invite_only::b;");
        assert_eq!(
            renamed("src/main.rs", "use cognito::c;\nuse invite_only::b;\n"),
            "use cognito::c;\n\nuse my_fn::b;\n"
        );
        assert_eq!(
            renamed(
                "README.md",
                "# invite-only\n--bin invite-only-2 --bin invite-only"
            ),
            "# my-fn\n--bin invite-only-2 --bin my-fn"
        );
        assert_eq!(
            renamed(
                "README.md",
                "cargo cognito replay examples/invite-only --bin invite-only"
            ),
            "cargo cognito replay . --bin my-fn"
        );
    }

    #[test]
    fn links_lead_out_of_the_repository_or_nowhere() {
        let text =
            "[a](../../crates/cognito-triggers-kms/README.md) and [the page](../../docs/x.md), [b](c.md)";
        assert_eq!(
            links(text, &Dependencies::Versions),
            "[a](https://docs.rs/cognito-triggers-kms) and the page, [b](c.md)"
        );
        let clone = Dependencies::Clone("/a b".to_owned());
        assert!(links(text, &clone).contains("[the page](</a b/docs/x.md>)"));
    }
}
