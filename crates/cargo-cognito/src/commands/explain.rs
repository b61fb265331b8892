//! `cargo cognito explain`: what is known about a trigger, a source, a rule, a finding of `check` or an error message.
//!
//! The words after `explain` are one query, so that an error message needs no quotes. Without words, it lists the topics.

use cognito_triggers::model::explain::{explain, topics};
use cognito_triggers_wiring::RULES;

use crate::{args, error::CommandError, exit_code, output, sources, style, wrap};

/// Prints the explanation of a topic, or the list of topics.
///
/// # Errors
/// Fails if nothing is known about the topic; the message suggests a topic that is spelled nearly so.
pub(super) fn run(args: &args::Explain) -> Result<u8, CommandError> {
    if args.words.is_empty() {
        for topic in topics().chain(findings()) {
            output::report(format_args!("{topic}\n"));
        }
        return Ok(exit_code::SUCCESS);
    }
    let query = args.words.join(" ");
    let explanation = finding(&query).or_else(|| Some(explain(&query)?.to_string()));
    let explanation = explanation.ok_or_else(|| {
        let meant = did_you_mean(&query);
        format!(
            "there is no topic `{query}`; {}`cargo cognito explain` lists all topics",
            meant.map_or_else(String::new, |meant| format!("did you mean `{meant}`? "))
        )
    })?;
    let text = wrap::wrap(&explanation, wrap::width());
    output::print(style::explanation(&text));
    Ok(exit_code::SUCCESS)
}

/// The codes of the findings of `check`.
fn findings() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.code)
}

/// The explanation of a finding, by its code in any case.
///
/// The code may stand as in a report: `error[permission-missing]`.
fn finding(query: &str) -> Option<String> {
    let query = query.trim();
    let code = query
        .strip_suffix(']')
        .and_then(|head| head.split_once('['))
        .map_or(query, |(_, code)| code);
    let rule = RULES.iter().find(|rule| rule.code.eq_ignore_ascii_case(code))?;
    Some(rule.to_string())
}

/// The name that was probably meant: a source, a route, a key of `LambdaConfig`, or the code of a rule or finding.
fn did_you_mean(query: &str) -> Option<&'static str> {
    // An error text is no name.
    let names = topics()
        .chain(findings())
        .filter(|topic| !topic.contains([' ', '…']));
    sources::nearest(query, names).or_else(|| sources::did_you_mean(query))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finding_is_explained_and_no_code_has_two_meanings() {
        for code in findings() {
            let text = finding(code).unwrap();
            assert!(text.starts_with(code) && text.lines().count() > 10, "{text}");
            assert_eq!(finding(&format!(" error[{code}] ")).as_ref(), Some(&text));
            assert_eq!(finding(&code.to_uppercase()).as_ref(), Some(&text));
            assert_eq!(explain(code), None, "{code} is a topic of the model too");
        }
        assert_eq!(finding("permission"), None);
        assert_eq!(finding("error[]"), None);
    }

    #[test]
    fn misspelled_names_are_recognized() {
        for (typed, meant) in [
            ("permision-missing", "permission-missing"),
            ("permission_missing", "permission-missing"),
            ("Key Not ARN", "key-not-arn"),
            ("anwser-null", "answer-null"),
            ("PreSignUp_Signupp", "PreSignUp_SignUp"),
            ("pre_token_generation_v4", "pre_token_generation_v1"),
            ("CustomEmailSendr", "CustomEmailSender"),
            ("Malformd", "Malformed"),
        ] {
            assert_eq!(did_you_mean(typed), Some(meant), "{typed}");
        }
        assert_eq!(did_you_mean("nothing of the kind"), None);
    }
}
