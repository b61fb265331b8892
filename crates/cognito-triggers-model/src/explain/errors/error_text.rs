//! What an entry of the table of error texts is.

/// An error text, and what is known about it.
///
/// ```
/// use cognito_triggers_model::explain::ERRORS;
///
/// let error = ERRORS.iter().find(|error| error.text == "Unrecognizable lambda output").ok_or("not in the table")?;
/// assert_eq!(error.exception, Some("InvalidLambdaResponseException"));
/// assert!(error.causes[0].contains("only the response"));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorText {
    /// The text as Cognito, Lambda, AWS KMS or a tool writes it. `…` stands for the parts that vary.
    pub text: &'static str,
    /// The exception that carries it; `None` if it varies or isn't known.
    pub exception: Option<&'static str>,
    /// What it says, in one sentence.
    pub meaning: &'static str,
    /// What may have caused it, the most likely cause first.
    pub causes: &'static [&'static str],
    /// What to do next.
    pub next: &'static str,
    /// The page or report that this rests on.
    pub link: &'static str,
    /// Other texts with the same meaning, with `…` as in `text`.
    pub(super) patterns: &'static [&'static str],
}

/// Writes rows of the table: the text, the exception, other texts, and what is known.
macro_rules! error_texts {
    ($(
        $text:literal $(in $exception:literal)? $(or $($pattern:literal),+)?;
        $meaning:literal;
        $($cause:literal),+;
        $next:literal;
        $link:expr;
    )+) => {
        &[$( $crate::explain::errors::error_text::ErrorText {
            text: $text,
            exception: $crate::explain::errors::error_text::error_texts!(@optional $($exception)?),
            meaning: $meaning,
            causes: &[$($cause),+],
            next: $next,
            link: $link,
            patterns: &[$($($pattern),+)?],
        } ),+]
    };
    (@optional) => { None };
    (@optional $value:literal) => { Some($value) };
}

pub(super) use error_texts;

/// The page about the errors that Cognito shows to users.
pub(super) const ERRORS: &str =
    "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html";
/// The API reference.
pub(super) const API: &str =
    "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/Welcome.html";
