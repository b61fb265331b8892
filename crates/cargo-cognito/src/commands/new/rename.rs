//! An example under another name.
//!
//! Names of examples are also words of their texts, so nothing is replaced but the places where a name stands for the package:
//! its binary, its library, and its directory in the repository.
//!
//! | in | is replaced |
//! |---|---|
//! | every file | `--bin NAME`, `--package NAME`, `Binary: NAME`, `CARGO_BIN_EXE_NAME`, `cargo_bin("NAME")`, `target/release/NAME` |
//! | every file | `examples/NAME/…`, which is the root of the project |
//! | Rust outside of the library | paths that begin with the library, `NAME::…`; its imports get a paragraph of their own, because rustfmt sorts those of a paragraph by name, and are broken if the name makes them too long |
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
        "target/release/",
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
        text = text.split_inclusive('\n').map(broken_import).collect();
    }
    if path.ends_with(".md") {
        text = links(&text, dependencies);
        if let Some(rest) = text.strip_prefix(&format!("# {from}\n")) {
            text = format!("# {to}\n{rest}");
        }
    }
    text
}

/// The longest line that rustfmt leaves as it is: `max_width` in the `rustfmt.toml` of a project.
const MAX_WIDTH: usize = 110;

/// A line, as rustfmt breaks it if it is an import that is too long: the names of the list below, as many in a line as fit.
///
/// A list in a list would be broken in another way. The examples import none from their libraries.
///
/// ```text
/// use a_name_of_many_letters::{
///     App, groups::Groups, memory::InMemory, providers::Providers, triggers,
/// };
/// ```
fn broken_import(line: &str) -> String {
    let list = line
        .trim_end()
        .strip_prefix("use ")
        .and_then(|import| import.strip_suffix("};"))
        .and_then(|import| import.split_once('{'));
    let Some((path, names)) = list.filter(|_| line.trim_end().len() > MAX_WIDTH) else {
        return line.to_owned();
    };
    let mut lines: Vec<String> = Vec::new();
    for name in names.split(", ") {
        match lines.last_mut() {
            Some(last) if last.len() + " ,".len() + name.len() <= MAX_WIDTH => {
                last.push_str(&format!(" {name},"))
            }
            _ => lines.push(format!("    {name},")),
        }
    }
    format!("use {path}{{\n{}\n}};\n", lines.join("\n"))
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
    use crate::projects;

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
        assert_eq!(
            renamed("README.md", "use `--bin target/release/invite-only`"),
            "use `--bin target/release/my-fn`"
        );
    }

    #[test]
    fn an_import_that_gets_too_long_is_broken() {
        let settings = projects::COMMON.map(|(_, text)| text).join("\n");
        assert!(settings.contains(&format!("max_width = {MAX_WIDTH}\n")));
        let import = |name: &str| format!("use {name}::{{Aaaaaaaaaaaaaaaa, Bbbbbbbbbbbbbbbbbbbbb, c}};\n");
        let fits = import(&"n".repeat(59));
        assert_eq!(fits.len(), MAX_WIDTH + 1);
        assert_eq!(broken_import(&fits), fits);
        let name = "n".repeat(60);
        assert_eq!(
            broken_import(&import(&name)),
            format!("use {name}::{{\n    Aaaaaaaaaaaaaaaa, Bbbbbbbbbbbbbbbbbbbbb, c,\n}};\n")
        );
        let (long, short) = ("A".repeat(60), "b".repeat(41));
        assert_eq!(
            broken_import(&format!("use n::{{{long}, {short}, {short}x}};\n")),
            format!("use n::{{\n    {long}, {short},\n    {short}x,\n}};\n")
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
