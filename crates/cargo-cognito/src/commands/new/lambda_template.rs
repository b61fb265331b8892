//! A project as a template for `cargo lambda new NAME --template DIRECTORY`, which fills in the name.
//!
//! The project is made under a name that occurs nowhere else, and the name becomes a variable of Liquid. cargo lambda renders some files
//! always, see [`is_rendered`], and others if `CargoLambda.toml` names them. What looks like Liquid in a file that is rendered is
//! quoted, so that it stays as it is. For example, this is a line of `src/main.rs` and of `template.yaml` in a template:
//!
//! ```text
//! use {{project_name | replace: '-', '_'}}::{App, triggers};
//!           LINK_KEY: !Sub '{{'{{'}}resolve:secretsmanager:${LinkKey}}}'
//! ```
//!
//! `tests/it/cargo_lambda.rs` compares what cargo lambda makes of a template with the project that `new` writes.

use toml_edit::{Array, DocumentMut, Item, Table, value};

use super::{contents::Contents, package::Package};

/// The forms in which the name is in a project, and what cargo lambda puts there: that of the package, of the library, and the logical
/// id of the function.
const NAMES: [(&str, &str); 3] = [
    ("name-of-the-package", "{{project_name}}"),
    ("name_of_the_package", "{{project_name | replace: '-', '_'}}"),
    (
        "NameOfThePackage",
        "{{project_name | replace: '-', '' | replace: '_', '' | capitalize}}",
    ),
];

/// The package of which a template is made.
pub(super) fn package() -> Package {
    let [(name, _), (library, _), _] = NAMES;
    Package {
        name: name.to_owned(),
        library: library.to_owned(),
        is_member: false,
        has_template: false,
    }
}

/// Turns the files of a project of [`package`] into those of a template.
pub(super) fn of(contents: Contents) -> Contents {
    let mut named = Array::new();
    let mut files = Vec::new();
    for (path, text) in contents.files {
        let has_name = NAMES.iter().any(|(name, _)| text.contains(name));
        if has_name {
            named.push(path.as_str());
        }
        let text = if has_name || is_rendered(&path) {
            let quoted = text.replace("{{", "{{'{{'}}").replace("{%", "{{'{%'}}");
            NAMES
                .iter()
                .fold(quoted, |text, (name, variable)| text.replace(name, variable))
        } else {
            text
        };
        files.push((path, text));
    }
    files.push((CONFIG.to_owned(), config(named)));
    Contents { files }
}

/// The file that tells cargo lambda how to make a project of a template.
const CONFIG: &str = "CargoLambda.toml";

/// Whether cargo lambda renders a file without being told so.
fn is_rendered(path: &str) -> bool {
    ["Cargo.toml", "README.md", "src/main.rs", "src/lib.rs"].contains(&path) || path.starts_with("src/bin/")
}

/// The text of [`CONFIG`]. Nothing is asked, and the file itself isn't part of a project.
fn config(render_files: Array) -> String {
    let mut template = Table::new();
    // Its own questions are about HTTP and events of other services.
    template.insert("disable_default_prompts", value(true));
    template.insert("render_files", value(render_files));
    template.insert("ignore_files", value(Array::from_iter([CONFIG])));
    let mut config = DocumentMut::new();
    config.insert("template", Item::Table(template));
    config.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_becomes_a_variable_and_other_braces_stay() {
        let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        let template = of(Contents {
            files: vec![
                file("src/main.rs", "use name_of_the_package::a; // {{b}}"),
                file(
                    "template.yaml",
                    "NameOfThePackage: '{{resolve:c}}' # name-of-the-package",
                ),
                file("cases/d.json", "{{e}}"),
            ],
        });
        assert_eq!(
            template.file("src/main.rs"),
            Some("use {{project_name | replace: '-', '_'}}::a; // {{'{{'}}b}}")
        );
        let yaml = template.file("template.yaml").unwrap();
        assert!(
            yaml.ends_with("'{{'{{'}}resolve:c}}' # {{project_name}}"),
            "{yaml}"
        );
        assert_eq!(template.file("cases/d.json"), Some("{{e}}"));
        let config = template.file(CONFIG).unwrap();
        assert!(
            config.contains("render_files = [\"src/main.rs\", \"template.yaml\"]"),
            "{config}"
        );
    }
}
