//! The documents that are written from tables: `docs/*.md` of this crate, which the documentation of its modules
//! includes, and what is between two marks in the README of `cognito-triggers` and in the guide. `SNAPSHOTS=overwrite cargo test -p
//! cognito-triggers-model --test documents` rewrites them.

#![expect(clippy::unwrap_used, reason = "these are tests")]

#[path = "documents/guide.rs"]
mod guide;

use std::{fmt::Write, fs, path::PathBuf};

use cognito_triggers_model::{
    Route,
    app_data::AppData,
    explain::{Absence, ERRORS, Explanation, TriggerExplanation, explain},
    flows::Flow,
    rules::RULES,
    triggers::DEFINITIONS,
};
use snapbox::{Data, data::DataFormat};

#[test]
fn the_page_of_each_trigger_matches_the_tables() {
    let mut hooks: Vec<_> = Route::ALL.iter().map(|route| route.hook()).collect();
    hooks.dedup();
    for hook in hooks {
        let Some(Explanation::Trigger(trigger)) = explain(hook) else {
            panic!("{hook} isn't explained");
        };
        let module = match trigger.definitions[..] {
            [definition] => definition.route.as_str(),
            _ => "pre_token_generation",
        };
        assert_document(&format!("docs/{module}.md"), &page(&trigger));
    }
}

#[test]
fn the_page_of_rules_matches_the_table() {
    let mut text = String::from("| rule | | what is right | otherwise |\n|---|---|---|---|\n");
    for rule in RULES {
        let error = rule.error.map_or_else(String::new, |error| format!(" `{error}`"));
        row(
            &mut text,
            &[
                &format!("[`{}`]({})", rule.code, rule.link),
                &rule.certainty.to_string(),
                rule.sentence,
                &format!("{}{error}", rule.consequence),
            ],
        );
    }
    assert_document("docs/rules.md", &text);
}

#[test]
fn the_page_of_error_texts_matches_the_table() {
    let mut text = String::from("| text | meaning | causes | next |\n|---|---|---|---|\n");
    for error in ERRORS {
        row(
            &mut text,
            &[
                &format!("[`{}`]({})", error.text, error.link),
                error.meaning,
                &error.causes.join("<br>"),
                error.next,
            ],
        );
    }
    assert_document("docs/errors.md", &text);
}

#[test]
fn the_readme_lists_the_triggers() {
    let mut table = String::from("| line in the router | for the sources | on failure |\n|---|---|---|\n");
    for definition in DEFINITIONS {
        let Some(Explanation::Trigger(trigger)) = explain(definition.hook) else {
            panic!("{} isn't explained", definition.hook);
        };
        let sources = definition.sources.iter().map(|source| source.name);
        let reasons = sources.filter_map(|name| Some(format!("`{}`", name.split_once('_')?.1)));
        row(
            &mut table,
            &[
                &format!("[`{}`]({})", definition.route, definition.page),
                &reasons.collect::<Vec<_>>().join(", "),
                trigger.facts.failure,
            ],
        );
    }
    assert_between_marks("../cognito-triggers/README.md", "table of triggers", &table);
}

/// What the documentation of a trigger's module ends with.
fn page(trigger: &TriggerExplanation) -> String {
    let mut text = String::from("# Before and after\n\n| what happens | what runs |\n|---|---|\n");
    for flow in trigger.flows() {
        row(
            &mut text,
            &[&format!("{}: {}", flow.name, flow.calls.join(", ")), &steps(flow)],
        );
    }
    text.push_str("\n# What fills it\n\n| field | comes from | never from |\n|---|---|---|\n");
    metadata(&mut text, "clientMetadata", trigger.client_metadata());
    metadata(&mut text, "validationData", trigger.validation_data());
    if !trigger.facts.absences.is_empty() {
        text.push_str("\n# Null and absence\n\n| field | null or absent |\n|---|---|\n");
    }
    for absence in trigger.facts.absences {
        absence_row(&mut text, trigger, absence);
    }
    write!(
        text,
        "\n# On failure\n\n{}\n",
        trigger.failure().collect::<Vec<_>>().join(" ")
    )
    .unwrap();
    let mut rules = trigger.rules().filter(|rule| !rule.routes.is_empty()).peekable();
    if rules.peek().is_some() {
        text.push_str(
            "\n# Rules for the answer\n\nIn addition to those for [every answer](crate::rules#the-rules):\n\n\
             | rule | | what is right |\n|---|---|---|\n",
        );
    }
    for rule in rules {
        row(
            &mut text,
            &[
                &format!("`{}`", rule.code),
                &rule.certainty.to_string(),
                rule.sentence,
            ],
        );
    }
    text
}

fn metadata(text: &mut String, field: &str, metadata: Option<&AppData>) {
    let Some(metadata) = metadata else {
        return row(text, &[&format!("`{field}`"), "not in this event", ""]);
    };
    let calls: Vec<_> = metadata
        .from
        .iter()
        .map(|origin| format!("{} of {}", origin.parameter, origin.operation))
        .collect();
    let from = match metadata.note {
        "" => calls.join(", "),
        note => format!("{}. {note}", calls.join(", ")),
    };
    row(text, &[&format!("`{field}`"), &from, &metadata.never.join(", ")]);
}

/// A field and what null means in it, with the sources to which that is limited.
fn absence_row(text: &mut String, trigger: &TriggerExplanation, absence: &Absence) {
    let sources = match trigger.limited_to(absence).join(", ") {
        all if all.is_empty() => all,
        some => format!(" ({some})"),
    };
    row(text, &[&format!("`{}`{sources}", absence.field), absence.meaning]);
}

fn steps(flow: &Flow) -> String {
    let steps: Vec<_> = flow
        .steps
        .iter()
        .map(|step| {
            let sources = match step.sources {
                // The pool's settings decide which of the three triggers gets the message.
                [own, _, _] => format!("`{own}` or a custom sender"),
                sources => format!("`{}`", sources.join("` or `")),
            };
            let when = if step.when.is_empty() {
                String::new()
            } else {
                format!("*{}:* ", step.when)
            };
            format!("{when}{sources}")
        })
        .collect();
    match flow.note {
        "" => steps.join(" → "),
        note => format!("{}. {note}", steps.join(" → ")),
    }
}

fn row(text: &mut String, cells: &[&str]) {
    let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    writeln!(text, "| {} |", cells.join(" | ")).unwrap();
}

fn crate_file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Compares what the tables say with the document that is shipped.
#[track_caller]
fn assert_document(name: &str, text: &str) {
    let shipped = Data::read_from(&crate_file(name), Some(DataFormat::Text)).raw();
    snapbox::assert_data_eq!(text.to_owned(), shipped);
}

/// Compares what the tables say with what is between `<!-- NAME: begin -->` and `<!-- NAME: end -->` in a document.
#[track_caller]
fn assert_between_marks(document: &str, name: &str, text: &str) {
    let (begin, end) = (
        format!("<!-- {name}: begin -->\n"),
        format!("<!-- {name}: end -->"),
    );
    let shipped = fs::read_to_string(crate_file(document)).unwrap();
    let (before, rest) = shipped.split_once(&begin).unwrap();
    let (_, after) = rest.split_once(&end).unwrap();
    assert_document(document, &format!("{before}{begin}\n{text}\n{end}{after}"));
}
