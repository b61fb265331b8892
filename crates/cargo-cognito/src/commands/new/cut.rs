//! The starter, cut to the chosen routes.
//!
//! A handler is in `src/ROUTE.rs` and its cases are in `cases/ROUTE`. `test.env` belongs to `pre_sign_up`. In the
//! files that routes share, lines between `begin: NAME` and `end: NAME` belong to a route, or to a group of routes:
//!
//! | name | in a project with |
//! |---|---|
//! | a route | this route |
//! | `no NAME` | no lines of that name |
//! | `senders` | a custom sender |
//! | `messages` | a handler that sends messages itself |
//! | `plan` | a handler for tokens, which adds the plan of the user |
//! | `repository` | nothing: the lines are for readers of this repository |
//!
//! For example, this is a part of `src/app.rs` in the starter:
//!
//! ```text
//! pub struct App {
//!     // begin: senders
//!     /// Opens the codes of custom senders.
//!     pub decryptor: Decryptor,
//!     // end: senders
//! }
//! ```
//!
//! In `src/lib.rs` a line that declares the module of a route or hands it to a handler belongs to that route without a mark.

use cognito_triggers::model::Route;

/// The routes of a project.
pub(super) struct Routes<'a>(pub(super) &'a [Route]);

impl Routes<'_> {
    /// Whether the project answers this route.
    fn has(&self, route: Route) -> bool {
        self.0.contains(&route)
    }

    /// Whether the project has a custom sender.
    pub(super) fn have_sender(&self) -> bool {
        self.0.iter().any(|route| route.is_custom_sender())
    }

    /// Whether lines of this name are in the project. A name that is neither a route nor in the table above is in none.
    pub(super) fn is_active(&self, name: &str) -> bool {
        let challenges = self.has(Route::CreateAuthChallenge);
        let versions_of_tokens = [
            Route::PreTokenGenerationV1,
            Route::PreTokenGenerationV2,
            Route::PreTokenGenerationV3,
        ];
        match name.strip_prefix("no ") {
            Some(other) => !self.is_active(other),
            None => match name {
                "senders" => self.have_sender(),
                "messages" => challenges || self.have_sender(),
                "plan" => versions_of_tokens.iter().any(|route| self.has(*route)),
                name => name.parse().is_ok_and(|route| self.has(route)),
            },
        }
    }

    /// The flows that fire the routes, by the names of their files.
    pub(super) fn flows(&self) -> Vec<&'static str> {
        let mut flows: Vec<_> = self.0.iter().map(|route| flow(*route)).collect();
        flows.sort_unstable();
        flows.dedup();
        flows
    }

    /// Whether a file of the starter is in the project.
    pub(super) fn have_file(&self, path: &str) -> bool {
        let folder_or_stem = |prefix: &str| {
            let rest = path.strip_prefix(prefix)?;
            rest.split(['/', '.']).next()
        };
        match (
            folder_or_stem("src/").or_else(|| folder_or_stem("cases/")),
            folder_or_stem("flows/"),
        ) {
            (_, Some(flow)) => self.flows().contains(&flow),
            (Some("outbox"), _) => self.is_active("messages"),
            (Some(name), _) => name.parse().map_or(true, |route| self.has(route)),
            _ => path != "test.env" || self.is_active("pre_sign_up"),
        }
    }

    /// A file of the starter without the lines of other routes.
    ///
    /// The handlers of the router are aligned, and the text is as rustfmt would have it, since CI of the project checks that.
    pub(super) fn cut(&self, text: &str) -> String {
        let text = regions(text, |name| self.is_active(name));
        let width = self
            .0
            .iter()
            .map(|route| route.as_str().len())
            .max()
            .unwrap_or_default();
        let mut cut: Vec<String> = Vec::new();
        for line in text.lines() {
            match (route_of(line), line.split_once(" => ")) {
                (Some(route), _) if !self.has(route) => {}
                (Some(route), Some((before, handler))) => {
                    let indent = before.len() - before.trim_start().len();
                    cut.push(format!("{:indent$}{route:<width$} => {handler}", ""));
                }
                _ => push(&mut cut, line),
            }
        }
        cut.join("\n") + "\n"
    }
}

/// Adds a line as rustfmt would: no second empty line, and braces without anything between them on one line.
fn push(lines: &mut Vec<String>, line: &str) {
    match lines.last_mut() {
        Some(last) if last.is_empty() && line.is_empty() => {}
        Some(last) if last.ends_with('{') && line.trim_start().starts_with('}') => {
            last.push_str(line.trim_start())
        }
        _ => lines.push(line.to_owned()),
    }
}

/// The text without inactive regions and without the lines that mark regions.
///
/// Regions may be inside of each other. A mark inside of an inactive region counts only if it ends that region.
pub(super) fn regions(text: &str, is_active: impl Fn(&str) -> bool) -> String {
    let mut kept = String::new();
    let mut inactive = None;
    for line in text.lines() {
        match (mark(line, "begin: "), mark(line, "end: ")) {
            (Some(name), _) if inactive.is_none() && !is_active(name) => inactive = Some(name),
            (Some(_), _) => {}
            (_, Some(name)) if inactive == Some(name) => inactive = None,
            (_, Some(_)) => {}
            _ if inactive.is_some() => {}
            _ => kept += &format!("{line}\n"),
        }
    }
    kept
}

/// The name in a line that marks a region: a comment of Rust, TOML, YAML or Markdown, and nothing else.
fn mark<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let line = line.trim();
    let mut comments = ["// ", "# ", "<!-- "].iter();
    let comment = comments.find_map(|sign| line.strip_prefix(sign))?;
    comment
        .strip_prefix(word)
        .map(|name| name.trim_end_matches("-->").trim())
}

/// The route that a line declares as a module or hands to a handler.
fn route_of(line: &str) -> Option<Route> {
    let line = line.trim_start();
    let module = line
        .strip_prefix("pub mod ")
        .and_then(|rest| rest.strip_suffix(';'));
    let name = module.or_else(|| line.split_once(" => ").map(|(name, _)| name.trim_end()))?;
    name.parse().ok()
}

/// The routes of a router's source, in the order of its lines.
pub(super) fn routes_in(source: &str) -> Vec<Route> {
    let lines = source.lines().filter(|line| line.contains(" => "));
    lines.filter_map(route_of).collect()
}

/// The flow of the starter that fires a trigger.
fn flow(route: Route) -> &'static str {
    match route {
        Route::PreSignUp
        | Route::CustomMessage
        | Route::PostConfirmation
        | Route::PreAuthentication
        | Route::PostAuthentication
        | Route::CustomEmailSender => "sign-up",
        Route::DefineAuthChallenge | Route::CreateAuthChallenge | Route::VerifyAuthChallengeResponse => {
            "custom-sign-in"
        }
        Route::PreTokenGenerationV1 => "id-token",
        Route::PreTokenGenerationV2 | Route::PreTokenGenerationV3 => "tokens",
        Route::UserMigration => "migration",
        Route::CustomSmsSender => "text-message",
        Route::InboundFederation => "federation",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_other_routes_are_left_out() {
        let routes = Routes(&[Route::PreSignUp, Route::CustomMessage]);
        let text = "pub mod app;\npub mod pre_sign_up;\npub mod user_migration;\n    user_migration => a::b,\n    pre_sign_up => c::d,\n";
        assert_eq!(
            routes.cut(text),
            "pub mod app;\npub mod pre_sign_up;\n    pre_sign_up    => c::d,\n"
        );
    }

    #[test]
    fn regions_are_kept_or_left_out_as_a_whole() {
        let text = "a\n  // begin: x\nb\n  // end: x\n# begin: y\nc\n# end: y\n<!-- begin: x -->\nd\n<!-- end: x -->\n";
        assert_eq!(regions(text, |name| name == "x"), "a\nb\nd\n");
        assert_eq!(regions(text, |name| name == "y"), "a\nc\n");
    }

    #[test]
    fn files_of_other_routes_are_left_out() {
        let routes = Routes(&[Route::UserMigration]);
        for path in [
            "src/app.rs",
            "src/user_migration.rs",
            "cases/user_migration/a.event.json",
            "flows/migration.flow.json",
        ] {
            assert!(routes.have_file(path), "{path}");
        }
        for path in [
            "src/outbox.rs",
            "src/pre_sign_up.rs",
            "cases/pre_sign_up/a.event.json",
            "flows/sign-up.flow.json",
            "test.env",
        ] {
            assert!(!routes.have_file(path), "{path}");
        }
    }
}
