//! What a flow expects of a call.

use std::fmt;

use cognito_triggers_pool::{
    challenge_names,
    diagram::{ApiResult, DETAILS},
    exceptions,
};

use super::words;

/// What a flow expects an app to get: a prefix of the text that [`ApiResult`] prints, in whole words.
///
/// `tokens`, `success`, `success: the user is confirmed`, `not sent`, `challenge NEW_PASSWORD_REQUIRED`,
/// `NotAuthorizedException`, and `UserLambdaValidationException: PreSignUp failed` are expectations; `token` isn't.
///
/// ```
/// use cognito_triggers_replay::flow::Expectation;
///
/// assert_eq!(Expectation::parse("tokens")?.to_string(), "tokens");
/// assert_eq!(
///     Expectation::parse("token").unwrap_err(),
///     "`token` isn't a result of a call; did you mean `tokens`?"
/// );
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation(String);

impl Expectation {
    /// Reads an expectation.
    ///
    /// # Errors
    /// Fails with a sentence if no call can have this result.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (first, rest) = match text.find([' ', ':']) {
            Some(end) => text.split_at(end),
            None => (text, ""),
        };
        let exceptions = exceptions();
        let is_exception = exceptions.contains(first);
        match (first, rest) {
            ("tokens", "") => {}
            ("success", rest) => check_detail(rest)?,
            ("not", rest) if rest == " sent" || rest.starts_with(" sent: ") => {}
            ("challenge", rest) => check_challenge(rest)?,
            (_, rest) if is_exception && (rest.is_empty() || rest.starts_with(": ")) => {}
            ("tokens", rest) => return Err(format!("nothing follows `tokens`; remove `{}`", rest.trim())),
            _ => {
                let known = ["tokens", "success", "not sent", "challenge"];
                let word = if is_exception { first } else { text };
                if is_exception {
                    return Err(format!(
                        "the text of an exception follows a colon: `{word}: TEXT`"
                    ));
                }
                let known: Vec<_> = known.into_iter().chain(exceptions).collect();
                let meant = words::closest(first, known.iter().copied());
                let instead = meant.map_or_else(
                    || {
                        "it is `tokens`, `success`, `not sent`, `challenge NAME` or the name of an exception"
                            .to_owned()
                    },
                    |meant| format!("did you mean `{meant}`?"),
                );
                return Err(format!("`{word}` isn't a result of a call; {instead}"));
            }
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether tokens are expected.
    pub(super) fn is_tokens(&self) -> bool {
        self.0 == "tokens"
    }

    /// Whether the result is the expected one.
    ///
    /// ```
    /// use cognito_triggers_replay::flow::{ApiResult, Expectation};
    ///
    /// let expected = Expectation::parse("success")?;
    /// assert!(expected.matches(&ApiResult::Success("a code is on its way".to_owned())));
    /// assert!(!expected.matches(&ApiResult::Tokens));
    /// # Ok::<(), String>(())
    /// ```
    pub fn matches(&self, result: &ApiResult) -> bool {
        begins_with_words(&result.to_string(), &self.0)
    }
}

/// Checks what follows `success`.
fn check_detail(rest: &str) -> Result<(), String> {
    let Some(detail) = rest.strip_prefix(": ") else {
        return match rest {
            "" => Ok(()),
            _ => Err("what succeeded follows a colon: `success: the user is confirmed`".to_owned()),
        };
    };
    if DETAILS.iter().any(|known| begins_with_words(known, detail)) {
        return Ok(());
    }
    let instead = words::instead(detail, DETAILS);
    Err(format!("`{detail}` doesn't follow `success`; {instead}"))
}

/// Checks what follows `challenge`.
fn check_challenge(rest: &str) -> Result<(), String> {
    let mut parts = rest.trim_start().splitn(2, ' ');
    let (name, parameters) = (parts.next().unwrap_or_default(), parts.next());
    if name.is_empty() {
        return Err("the name of the challenge is missing: `challenge CUSTOM_CHALLENGE`".to_owned());
    }
    if !challenge_names().contains(&name) {
        let instead = words::instead(name, challenge_names().iter().copied());
        return Err(format!("Cognito has no challenge `{name}`; {instead}"));
    }
    match parameters {
        Some(parameters) if !parameters.starts_with("with ") => Err(format!(
            "the names of parameters follow `with`: `challenge {name} with medium`"
        )),
        _ => Ok(()),
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whether a text begins with whole words: `tokens` begins with `tokens`, but not with `token`. `words` must not be empty.
fn begins_with_words(text: &str, words: &str) -> bool {
    let is_inside = |c: char| c.is_alphanumeric() || c == '_';
    let ends_inside = words.ends_with(is_inside);
    !words.is_empty()
        && text
            .strip_prefix(words)
            .is_some_and(|rest| !(ends_inside && rest.starts_with(is_inside)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expectation_is_whole_words() {
        let failed = "UserLambdaValidationException: PreSignUp failed with error no.";
        for (text, words) in [
            ("tokens", "tokens"),
            ("success: a code is on its way", "success"),
            ("success: a code is on its way", "success: "),
            (
                "challenge CUSTOM_CHALLENGE with hint",
                "challenge CUSTOM_CHALLENGE",
            ),
            (failed, "UserLambdaValidationException"),
            (failed, "UserLambdaValidationException: PreSignUp failed"),
        ] {
            assert!(begins_with_words(text, words), "{words}");
        }
        for (text, words) in [
            ("tokens", ""),
            ("tokens", "t"),
            ("tokens", "token"),
            ("tokens", "tokens "),
            ("challenge CUSTOM_CHALLENGE with hint", "challenge CUSTOM"),
            (failed, "UserLambda"),
        ] {
            assert!(!begins_with_words(text, words), "{words}");
        }
    }

    #[test]
    fn what_no_call_results_in_is_refused() {
        for good in [
            "tokens",
            "success",
            "success: a code is on its way",
            "success: a code",
            "not sent",
            "not sent: CustomEmailSender_SignUp fails, and the app isn't told",
            "challenge CUSTOM_CHALLENGE",
            "challenge CUSTOM_CHALLENGE with hint, medium",
            "UserNotFoundException",
            "UserNotFoundException: User does not exist.",
        ] {
            assert_eq!(
                Expectation::parse(good).map(|read| read.to_string()).as_deref(),
                Ok(good)
            );
        }
        for (bad, problem) in [
            ("token", "did you mean `tokens`?"),
            ("", "isn't a result of a call; it is `tokens`"),
            ("tokens and more", "nothing follows `tokens`"),
            (
                "success: the user is confirmd",
                "did you mean `the user is confirmed`?",
            ),
            ("success the user is confirmed", "follows a colon"),
            ("not sent at all", "isn't a result of a call"),
            ("challenge", "the name of the challenge is missing"),
            ("challenge CUSTOM_CHALENGE", "did you mean `CUSTOM_CHALLENGE`?"),
            ("challenge CUSTOM_CHALLENGE hint", "follow `with`"),
            ("NotAuthorisedException", "did you mean `NotAuthorizedException`?"),
            ("UserNotFoundException User", "follows a colon"),
            ("UserNotFound", "did you mean `UserNotFoundException`?"),
        ] {
            let found = Expectation::parse(bad).unwrap_err();
            assert!(found.contains(problem), "{bad}: {found}");
        }
    }
}
