//! Trigger sources: the known ones, and the one that a misspelled source was meant to be.
//!
//! The list of known sources is that of the model (`DEFINITIONS`), which rests on AWS's documentation of each trigger. AWS
//! adds sources, so an unknown one is a warning and never an error.

use std::path::Path;

use cognito_triggers::{
    model::{json::Json, triggers::DEFINITIONS},
    samples,
};

use crate::output;

/// A source is suggested for a name with at most this many typos.
const TYPOS: usize = 2;

/// Warns, on standard error, about an event whose `triggerSource` Cognito doesn't send, such as `PreSignUp_Signup`.
///
/// The router may still route it by its first part, so nothing else would show the typo.
pub(crate) fn warn_about_unknown(event: &Json, file: &Path) {
    let file = file.display();
    let Some(source) = event.get("triggerSource").and_then(Json::as_str) else {
        output::warning(format_args!(
            "{file}: there is no `triggerSource`, which every event of Cognito has"
        ));
        return;
    };
    if !is_known(source) {
        let source: String = source.chars().take(80).collect();
        output::warning(format_args!(
            "{file}: Cognito documents no trigger source `{}`{}",
            source.escape_debug(),
            did_you_mean(&source).map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"))
        ));
    }
}

/// Whether AWS documents this source, for any trigger. The comparison is exact, as Cognito's is.
fn is_known(source: &str) -> bool {
    DEFINITIONS
        .iter()
        .flat_map(|definition| definition.sources)
        .any(|known| known.name == source)
}

/// The source that was probably meant; `None` if no source is similar.
///
/// The first of these that exists:
///
/// 1. the [`nearest`] source,
/// 2. a source that contains the text, if the text has four characters or more,
/// 3. the first source of a trigger whose name has at most two typos.
pub(crate) fn did_you_mean(source: &str) -> Option<&'static str> {
    let wanted = plain(source);
    let names = || samples::all().map(|sample| sample.source);
    let containing = || names().find(|known| wanted.len() > 3 && plain(known).contains(&wanted));
    // "PreSignUpp" contains a typo and is the beginning of several sources.
    let beginning = || {
        names().find(|known| {
            let trigger = known.split('_').next().unwrap_or(known);
            strsim::osa_distance(&plain(trigger), &wanted) <= TYPOS
        })
    };
    nearest(source, names()).or_else(containing).or_else(beginning)
}

/// The name that differs only in case, spaces, `_` and `-`, or the one with the fewest typos, at most two. `None` if every
/// name is farther away.
///
/// If several names are equally near, the one that is nearest as it is spelled wins, otherwise the first one.
pub(crate) fn nearest(text: &str, names: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let wanted = plain(text);
    let distances = names.map(|known| (strsim::osa_distance(&plain(known), &wanted), known));
    let (distance, name) =
        distances.min_by_key(|(distance, known)| (*distance, strsim::osa_distance(known, text)))?;
    // Any word of three letters is near some other.
    (distance == 0 || distance <= TYPOS && wanted.len() > 2 * TYPOS).then_some(name)
}

/// A name in lowercase, without `_`, `-` and spaces.
fn plain(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '-', ' '], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typos_of_sources_are_recognized() {
        for (typed, meant) in [
            ("PreSignUp_Signup", "PreSignUp_SignUp"),
            ("presignup-signup", "PreSignUp_SignUp"),
            ("PostConfirmation_ConfirmSignup", "PostConfirmation_ConfirmSignUp"),
            ("TokenGeneration_RefreshToken", "TokenGeneration_RefreshTokens"),
            ("CustomMesage_ForgotPasword", "CustomMessage_ForgotPassword"),
            ("PreSignUpp", "PreSignUp_SignUp"),
        ] {
            assert!(!is_known(typed));
            assert_eq!(did_you_mean(typed), Some(meant), "{typed}");
        }
        assert_eq!(did_you_mean("Nothing_AtAll"), None);
        assert!(samples::all().all(|sample| is_known(sample.source)));
    }
}
