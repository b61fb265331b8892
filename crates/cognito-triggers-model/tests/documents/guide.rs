//! The part of the guide's page of a trigger that comes from tables: when it fires, the event, the answer, failures, rules.

use std::{fmt::Write, fs};

use cognito_triggers_model::{
    Route,
    explain::{Explanation, NotSent, TriggerExplanation, explain},
    samples,
    trigger::Definition,
};

use super::{absence_row, assert_between_marks, crate_file, metadata, row, steps};

#[test]
fn the_guide_has_the_facts_of_each_trigger() {
    for route in Route::ALL {
        let Some(Explanation::Trigger(trigger)) = explain(route.as_str()) else {
            panic!("{route} isn't explained");
        };
        let path = format!("../../docs/guide/triggers/{route}.md");
        assert_between_marks(
            &path,
            "facts of the trigger",
            &facts(route.definition(), &trigger),
        );
    }
}

#[test]
fn the_guide_lists_the_triggers() {
    let mut text = String::from("| line in the router | fires | an error means |\n|---|---|---|\n");
    for route in Route::ALL {
        let Some(Explanation::Trigger(trigger)) = explain(route.as_str()) else {
            panic!("{route} isn't explained");
        };
        let sources = route.definition().sources.iter();
        let sources: Vec<_> = sources.map(|source| format!("`{}`", source.name)).collect();
        row(
            &mut text,
            &[
                &format!("[`{route}`](triggers/{route}.md)"),
                &sources.join("<br>"),
                trigger.facts.failure,
            ],
        );
    }
    assert_between_marks("../../docs/guide/triggers.md", "table of triggers", &text);
}

fn facts(definition: &Definition, trigger: &TriggerExplanation) -> String {
    let mut text = in_short(definition);
    text.push_str("\n## When it fires\n\n| `triggerSource` | when |\n|---|---|\n");
    for source in definition.sources {
        row(&mut text, &[&format!("`{}`", source.name), source.description]);
    }
    text.push_str("\n| what happens | what runs |\n|---|---|\n");
    for flow in trigger.flows() {
        row(
            &mut text,
            &[
                &format!(
                    "{}: {} ([source]({}))",
                    flow.name,
                    flow.calls.join(", "),
                    flow.link
                ),
                &steps(flow),
            ],
        );
    }
    event(&mut text, definition, trigger);
    answer(&mut text, definition);
    failure(&mut text, definition, trigger);
    rules(&mut text, trigger);
    text
}

fn in_short(definition: &Definition) -> String {
    let mut text = String::from("| | |\n|---|---|\n");
    let route = definition.route;
    row(
        &mut text,
        &["line in the router", &format!("`{route} => your_handler`")],
    );
    row(
        &mut text,
        &[
            "handler",
            &format!("`async fn(Context<S>, Event<{route:?}>) -> Result<{route}::Response>`"),
        ],
    );
    let key = route.config_key();
    let is_object = route.key() == key;
    let key = match definition.lambda_version {
        Some(version) if is_object => {
            format!("`{key}`, an object with `LambdaVersion` `{version}` and `LambdaArn`")
        }
        Some("V1_0") | None => format!("`{}`", definition.hook),
        Some(version) => format!("`{key}`, an object with `LambdaVersion` `{version}` and `LambdaArn`"),
    };
    row(&mut text, &["key of the pool's `LambdaConfig`", &key]);
    let waits = if definition.synchronous {
        "five seconds, with a cold start, and may then call again"
    } else {
        "not at all; Lambda calls again after an error"
    };
    row(&mut text, &["Cognito waits", waits]);
    row(&mut text, &["AWS's page", &format!("<{}>", definition.page)]);
    text
}

fn event(text: &mut String, definition: &Definition, trigger: &TriggerExplanation) {
    let sample = samples::of(definition.route)
        .iter()
        .find(|sample| sample.variant.is_none());
    let sample = sample.unwrap();
    writeln!(
        text,
        "\n## The event\n\n{} ([source]({}))\n\n```json\n{}```\n",
        sample.fact, sample.link, sample.json
    )
    .unwrap();
    text.push_str("What the app sends along:\n\n| field | comes from | never from |\n|---|---|---|\n");
    metadata(text, "clientMetadata", trigger.client_metadata());
    metadata(text, "validationData", trigger.validation_data());
    text.push_str("\nNull and absence:\n\n| field | null or absent |\n|---|---|\n");
    for absence in trigger.absences() {
        absence_row(text, trigger, absence);
    }
    if !trigger.facts.not_sent.is_empty() {
        text.push_str("\nNot in it:\n\n| what | instead |\n|---|---|\n");
    }
    for NotSent { what, instead, .. } in trigger.facts.not_sent {
        row(text, &[what, instead]);
    }
}

fn answer(text: &mut String, definition: &Definition) {
    text.push_str("\n## The answer\n\n");
    if !definition.synchronous {
        return text.push_str("Cognito ignores it. The event is returned as it was received.\n");
    }
    let golden = crate_file(&format!("../../tests/golden/{}.full.json", definition.route));
    let golden = fs::read_to_string(golden).unwrap();
    let (_, response) = golden.split_once("\"response\": ").unwrap();
    let response = response.trim_end().strip_suffix('}').unwrap().trim_end();
    if response == "{}" {
        return text
            .push_str("The trigger decides by an error alone: `response` stays as it was received.\n");
    }
    let default = match definition.route {
        Route::DefineAuthChallenge => "has no default: it always decides",
        Route::VerifyAuthChallengeResponse => {
            "has a default that says that the answer is wrong: `answerCorrect` is false"
        }
        _ => "has a default that decides nothing, whatever `response` of the event holds",
    };
    writeln!(
        text,
        "The event is returned as it was received, with `response` replaced. With every field set, it is:\n\n```json\n{}\n```\n\n\
         `{}::Response` {default}.",
        indent(response),
        definition.route,
    )
    .unwrap();
}

/// JSON of one line, indented by two spaces. The order of the keys stays.
fn indent(json: &str) -> String {
    let (mut text, mut depth, mut in_string, mut before) = (String::new(), 0_usize, false, ' ');
    for c in json.chars() {
        if !in_string {
            depth -= usize::from(matches!(c, '}' | ']'));
            let is_empty = matches!((before, c), ('{', '}') | ('[', ']'));
            if !is_empty && (matches!(before, '{' | '[' | ',') || matches!(c, '}' | ']')) {
                text.push('\n');
                text.push_str(&"  ".repeat(depth));
            }
            depth += usize::from(matches!(c, '{' | '['));
        }
        text.push(c);
        if c == ':' && !in_string {
            text.push(' ');
        }
        in_string ^= c == '"';
        before = c;
    }
    text
}

fn failure(text: &mut String, definition: &Definition, trigger: &TriggerExplanation) {
    let failure: Vec<_> = trigger.failure().collect();
    writeln!(text, "\n## What the person sees\n\n{}", failure.join(" ")).unwrap();
    if definition.synchronous && definition.route != Route::InboundFederation {
        let name = definition.error_name;
        writeln!(
            text,
            "\n| the handler returns | the person reads |\n|---|---|\n\
             | `Err(reject(\"not today\"))` | `{name} failed with error not today.` |\n\
             | any other error, a panic, nothing in 4.5 seconds | `{name} failed with error internal error (reference …).` |"
        )
        .unwrap();
    }
}

fn rules(text: &mut String, trigger: &TriggerExplanation) {
    let mut rules = trigger.rules().filter(|rule| !rule.routes.is_empty()).peekable();
    text.push_str("\n## Rules for the answer\n\n");
    if rules.peek().is_none() {
        let which = if trigger.rules().next().is_some() {
            "Those for [every answer](../rules.md)."
        } else {
            "None: Cognito ignores the answer."
        };
        return writeln!(text, "{which}").unwrap();
    }
    text.push_str(
        "In addition to those for [every answer](../rules.md):\n\n| rule | | what is right | otherwise |\n|---|---|---|---|\n",
    );
    for rule in rules {
        let error = rule.error.map_or_else(String::new, |error| format!(" `{error}`"));
        row(
            text,
            &[
                &format!("[`{}`]({})", rule.code, rule.link),
                &rule.certainty.to_string(),
                rule.sentence,
                &format!("{}{error}", rule.consequence),
            ],
        );
    }
}
