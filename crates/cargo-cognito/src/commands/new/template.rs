//! `template.yaml` of a project whose example has none: what `wire` prints for the routes, with what people need to sign in.
//!
//! | part | because |
//! |---|---|
//! | an app client | without one nobody can sign in |
//! | `AutoVerifiedAttributes` | people sign up with an email address |
//! | `UsernameConfiguration` | `Ana` and `ana` would be two people, for as long as the pool exists |
//! | the parameter `Domains` | the starter's `pre_sign_up` doesn't start without it |
//!
//! The function is named after the package, so a package without a template can't have the name of another resource or parameter:
//!
//! | package | is refused because of |
//! |---|---|
//! | `user-pool`, `app-client` | the pool and its app client |
//! | `code-key`, `user-pool-id` | the key of custom senders, and the parameter of a function that opens codes |
//! | `domains` | the parameter of `pre_sign_up` |

use std::collections::HashSet;

use cognito_triggers::model::Route;
use cognito_triggers_wiring::{
    Binary,
    wire::{self, WireError},
};

use super::{
    cut::{self, Routes},
    name,
    package::Package,
};

/// What a pool needs for people to sign up with an email address, beside its triggers. A pool without the second setting takes `Ana`
/// and `ana` for two people, and it can't be changed later.
const SETTINGS_OF_POOL: &str =
    "      AutoVerifiedAttributes: [email]\n      UsernameConfiguration: {CaseSensitive: false}\n";

/// The parameter for the variable `DOMAINS` of the starter.
const DOMAINS: &str = "  Domains:\n    Description: Domains whose addresses may sign up, separated by commas; * for all.\n    Type: String\n    \
                       Default: example.com\n";

/// The app client, without which nobody can sign in.
const APP_CLIENT: &str = include_str!("../../../projects/common/app-client.yaml");

/// What `cargo cognito wire --format sam` prints for the binary, with an app client.
///
/// The client stands before the function, and the pool verifies email addresses and doesn't tell letters in capitals from others.
/// Otherwise the text is that of `wire`, so a later `wire` shows only what changed.
///
/// `is_cut` says whether the handlers are those of the starter.
///
/// # Errors
/// Fails if the function would have the name of something else in the template.
pub(super) fn of(package: &Package, routes: &Routes<'_>, is_cut: bool) -> Result<String, String> {
    let binary = Binary::new(&package.name, routes.0.iter().map(|route| route.as_str()));
    let wired = wire::sam(&binary).map_err(|error| match error {
        // The routes are known, so it is the name.
        WireError::Refused { .. } => name::taken(&package.name),
        error => error.to_string(),
    })?;
    let mut template = String::new();
    let mut lines = wired.lines().peekable();
    while let Some(line) = lines.next() {
        if line.trim() == "LambdaConfig:" {
            template += SETTINGS_OF_POOL;
        }
        if lines
            .peek()
            .is_some_and(|next| next.trim() == "Type: AWS::Serverless::Function")
        {
            // The plan of a user is an idea of the starter.
            template += &cut::regions(APP_CLIENT, |name| {
                routes.is_active(name) && (is_cut || name != "plan")
            });
        }
        template += &format!("{line}\n");
    }
    if is_cut && routes.0.contains(&Route::PreSignUp) {
        template = with_domains(&template);
    }
    match has_repeated_id(&template) {
        true => Err(name::taken(&package.name)),
        false => Ok(template),
    }
}

/// The template with the domains whose addresses may sign up, as a parameter and as the variable that the starter reads.
///
/// The function doesn't start without the variable. The default of the parameter lets in no real address.
fn with_domains(template: &str) -> String {
    let insert = |text: &str, before: &str, added: &str, after: &str| {
        text.replacen(&format!("{before}{after}"), &format!("{before}{added}{after}"), 1)
    };
    let parameters = "Parameters:\n";
    let template = match template.contains(parameters) {
        true => insert(template, parameters, DOMAINS, ""),
        false => insert(template, "", &format!("{parameters}{DOMAINS}"), "Resources:\n"),
    };
    let variables = "        Variables:\n";
    let variable = "          DOMAINS: !Ref Domains\n";
    match template.contains(variables) {
        true => insert(&template, variables, variable, ""),
        false => {
            let variable = format!("      Environment:\n{variables}{variable}");
            insert(&template, "        LogFormat: JSON\n", &variable, "")
        }
    }
}

/// Whether two resources or parameters of a template have the same name. The function is named after the package.
fn has_repeated_id(template: &str) -> bool {
    let mut ids = HashSet::new();
    let mut section = "";
    for line in template.lines() {
        if line.starts_with(|first: char| first.is_ascii_alphabetic()) {
            section = line;
        }
        let id = line.strip_prefix("  ").and_then(|line| line.strip_suffix(':'));
        let is_id = |id: &&str| id.chars().all(|letter| letter.is_ascii_alphanumeric());
        if ["Parameters:", "Resources:"].contains(&section)
            && let Some(id) = id.filter(is_id)
            && !ids.insert(id)
        {
            return true;
        }
    }
    false
}
