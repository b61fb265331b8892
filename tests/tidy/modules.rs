//! Modules don't import each other in circles, and they import from the module that defines an item.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::{files, paths::Paths, read, shipped};

/// The modules of a crate by their paths, such as `rules::check`; the root is the empty path.
type Sources = BTreeMap<String, String>;

/// What a module imports: the other module and the line of the first import.
type Imports = BTreeMap<String, usize>;

/// The modules of the crate in a directory, whose root is `src/lib.rs` or else `src/main.rs`, without tests.
fn modules_of(krate: &str) -> Sources {
    let src = format!("{krate}/src/");
    let mut modules = Sources::new();
    let sources = files(&src, ".rs");
    let has_library = sources.iter().any(|file| *file == format!("{src}lib.rs"));
    for file in sources {
        let path = file.strip_prefix(&src).unwrap().strip_suffix(".rs").unwrap();
        let is_test = path.split('/').any(|part| part == "tests");
        // The binary beside a library is a crate of its own.
        if is_test || (has_library && path == "main") {
            continue;
        }
        let path = match path {
            "lib" | "main" => String::new(),
            path => path.replace('/', "::"),
        };
        modules.insert(path, shipped(&read(&file)).to_owned());
    }
    modules
}

/// The modules that each module imports from. A re-export from its own children isn't an import.
fn imports(modules: &Sources) -> BTreeMap<&str, Imports> {
    let mut all = BTreeMap::new();
    for (module, source) in modules {
        let mut imports = Imports::new();
        for path in Paths::of(source, module, modules) {
            let is_own_child = is_below(&path.module, module);
            if path.module != *module && !(path.is_reexport && is_own_child) {
                imports.entry(path.module).or_insert(path.line);
            }
        }
        all.insert(module.as_str(), imports);
    }
    all
}

fn is_below(module: &str, parent: &str) -> bool {
    parent.is_empty()
        || module
            .strip_prefix(parent)
            .is_some_and(|rest| rest.starts_with("::"))
}

/// The circles of imports: for each module the shortest one through it, each circle once.
///
/// A circle is one line for each import: `a imports b at line 3`.
fn circles(modules: &Sources) -> Vec<Vec<String>> {
    let imports = imports(modules);
    let mut seen = BTreeSet::new();
    let mut circles = Vec::new();
    for &start in imports.keys() {
        let Some(cycle) = cycle_through(start, &imports) else {
            continue;
        };
        if !seen.insert(cycle.iter().copied().collect::<BTreeSet<_>>()) {
            continue;
        }
        let next = cycle.iter().cycle().skip(1);
        let lines = cycle.iter().zip(next).map(|(module, next)| {
            let line = imports[module][*next];
            format!(
                "{} imports {} at line {line}",
                display_name(module),
                display_name(next)
            )
        });
        circles.push(lines.collect());
    }
    circles
}

/// The modules on the shortest path of imports from a module back to itself. `None` if there is none.
fn cycle_through<'a>(start: &'a str, imports: &'a BTreeMap<&str, Imports>) -> Option<Vec<&'a str>> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(module) = queue.pop_front() {
        for next in imports.get(module)?.keys().map(String::as_str) {
            if next == start {
                let mut cycle = vec![module];
                while let Some(&previous) = cycle.last().and_then(|last| before.get(last)) {
                    cycle.push(previous);
                }
                cycle.reverse();
                return Some(cycle);
            }
            if !before.contains_key(next) {
                before.insert(next, module);
                queue.push_back(next);
            }
        }
    }
    None
}

fn display_name(module: &str) -> &str {
    if module.is_empty() {
        "the crate root"
    } else {
        module
    }
}

/// The directories of all crates that have `src`: those of the workspace, the examples and the fuzz targets.
fn crates() -> BTreeSet<String> {
    let sources = ["crates", "examples"]
        .into_iter()
        .flat_map(|root| files(root, ".rs"));
    sources
        .filter_map(|path| {
            let (krate, file) = path.rsplit_once("/src/")?;
            ["lib.rs", "main.rs"].contains(&file).then(|| krate.to_owned())
        })
        .collect()
}

/// The faults in the imports of a crate: circles, and imports through the crate root.
fn faults(modules: &Sources) -> Vec<String> {
    let circles = circles(modules).into_iter().map(|circle| circle.join("\n    "));
    let through_root = imports(modules).into_iter().filter_map(|(module, imports)| {
        let line = imports.get("").filter(|_| !module.is_empty())?;
        Some(format!(
            "{module} imports through the crate root at line {line}; name the module that defines the item"
        ))
    });
    circles.chain(through_root).collect()
}

#[test]
fn modules_import_without_circles_from_the_defining_module() {
    for krate in ["crates/cognito-triggers-model", "examples/every-trigger"] {
        assert!(crates().contains(krate), "{krate} isn't in {:?}", crates());
    }
    for krate in crates() {
        let faults = faults(&modules_of(&krate));
        assert!(faults.is_empty(), "{krate}:\n  {}", faults.join("\n  "));
    }
}

#[test]
fn an_import_through_the_crate_root_is_named() {
    let modules = [
        ("", "mod a;\nmod b;\npub use b::B;"),
        ("a", "use crate::B;"),
        ("b", "pub struct B;"),
    ];
    let modules = modules.map(|(module, source)| (module.to_owned(), source.to_owned()));
    let faults = faults(&modules.into());
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(
        faults[0].starts_with("a imports through the crate root at line 1"),
        "{faults:?}"
    );
}

fn planted(sources: &[(&str, &str)]) -> Option<Vec<String>> {
    let modules = sources
        .iter()
        .map(|(module, source)| ((*module).to_owned(), (*source).to_owned()));
    circles(&modules.collect()).into_iter().next()
}

#[test]
fn a_planted_circle_is_named() {
    let by_use = planted(&[
        ("", "mod a;\nmod b;\npub use a::A;"),
        ("a", "use std::fmt;\nuse crate::b::{self, B};"),
        ("b", "fn f() {\n    crate::a::g();\n}"),
    ]);
    assert_eq!(
        by_use.unwrap(),
        ["a imports b at line 2", "b imports a at line 2"]
    );

    let through_the_root = planted(&[
        ("", "mod a;\nuse a::A;"),
        ("a", "fn f() -> crate::B { super::g() }"),
    ]);
    assert_eq!(
        through_the_root.unwrap(),
        [
            "the crate root imports a at line 2",
            "a imports the crate root at line 1"
        ]
    );

    let parent_and_child = planted(&[
        ("", "mod a;"),
        ("a", "mod c;\nfn f() { c::work() }"),
        ("a::c", "use super::Type;"),
    ]);
    assert_eq!(
        parent_and_child.unwrap(),
        ["a imports a::c at line 2", "a::c imports a at line 1"]
    );

    let of_three = planted(&[
        ("", "mod a;\nmod b;\nmod c;"),
        ("a", "use crate::{\n    b::{B as Other},\n};"),
        ("b", "use crate::c;\nfn f() { c::g() }"),
        ("c", "type A = Vec<super::a::A>;"),
    ]);
    assert_eq!(of_three.unwrap().len(), 3);
}

#[test]
fn re_exports_and_comments_are_not_circles() {
    let reexports = planted(&[
        ("", "mod a;"),
        ("a", "mod c;\npub use c::C;\npub(crate) use self::c::D;"),
        ("a::c", "use super::Type;"),
    ]);
    assert_eq!(reexports, None);
    let words = planted(&[
        ("", "mod a;\nmod b;"),
        (
            "a",
            "//! See crate::b.\nconst TEXT: &str = \"crate::b\"; // crate::b\nuse other::b::B;",
        ),
        (
            "b",
            "use crate::a::A;\nconst R: &str = r#\"crate::a \" crate::a\"#;",
        ),
    ]);
    assert_eq!(words, None);
}
