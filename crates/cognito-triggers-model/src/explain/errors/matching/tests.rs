//! Whether every text of the table can be found at all.

use super::*;

/// The text as a person may have it: alone, with its exception, and after the name of a trigger.
fn pasted(error: &ErrorText, pattern: &str) -> Vec<String> {
    // Cognito writes the name of a trigger here.
    let text = match pattern.strip_prefix("… ") {
        Some(rest) if rest.contains("failed") => format!("PreSignUp {rest}"),
        _ => pattern.to_owned(),
    };
    let text = text.replace('…', "some");
    let exception = error.exception.unwrap_or("invalid_request");
    vec![
        format!("{exception}: {text}"),
        format!("PreSignUp failed with error {text}."),
        format!("PreSignUp invocation failed due to error {text}"),
        text,
    ]
}

#[test]
fn every_text_of_an_entry_leads_to_it() {
    let mut lost = Vec::new();
    for error in ERRORS {
        for pattern in patterns(error) {
            let queries = pasted(error, pattern);
            if !queries.iter().any(|query| find(query) == Some(error)) {
                lost.push((error.text, pattern));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

/// Texts with the name of a trigger are found with it, whatever Lambda says.
#[test]
fn every_text_about_a_call_leads_to_its_entry() {
    for error in INVOCATIONS {
        for pattern in patterns(error) {
            let own = pattern
                .trim_start_matches("… invocation failed due to error ")
                .replace('…', "");
            let query = format!("PreSignUp invocation failed due to error {own}");
            assert_eq!(find(&query), Some(error), "{query}");
        }
    }
}
