//! The binaries that wiring is checked against.

use cognito_triggers_model::{Definition, Route, lambda_config::Key};

/// A binary and what it routes, as it reports itself (`cargo cognito routes`).
///
/// Pools call functions, and functions run binaries. Which function runs which binary is found by their names, or said with
/// [`run_by`](Self::run_by).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binary {
    /// The name of the binary.
    pub name: String,
    /// The names of its routes: `pre_sign_up`, `pre_token_generation_v2`. Unknown names are allowed: the
    /// binary may be built with a newer library.
    pub routes: Vec<String>,
    /// Functions that run it, by logical id, name or ARN. If this is empty, they are found by their names.
    pub functions: Vec<String>,
    /// Whether it answers events that it has no route for (`otherwise => …`).
    pub otherwise: bool,
}

impl Binary {
    /// Creates a binary from its name and routes.
    ///
    /// ```
    /// use cognito_triggers_wiring::Binary;
    ///
    /// let binary = Binary::new("sign-up", ["pre_sign_up"]).otherwise(true).run_by("SignUpFunction");
    /// assert_eq!(binary.functions, ["SignUpFunction"]);
    /// ```
    pub fn new<R: Into<String>>(name: impl Into<String>, routes: impl IntoIterator<Item = R>) -> Self {
        let routes = routes.into_iter().map(Into::into).collect();
        Self {
            name: name.into(),
            routes,
            functions: Vec::new(),
            otherwise: false,
        }
    }

    /// Sets whether the binary answers events that it has no route for (`otherwise => …`).
    #[must_use]
    pub fn otherwise(mut self, answers: bool) -> Self {
        self.otherwise = answers;
        self
    }

    /// Adds a function (logical id, name or ARN) that runs the binary.
    #[must_use]
    pub fn run_by(mut self, function: impl Into<String>) -> Self {
        self.functions.push(function.into());
        self
    }

    /// The routes of this binary that answer a hook.
    pub(crate) fn routes_of(&self, hook: Key) -> impl Iterator<Item = &'static Definition> {
        hook.routes()
            .filter(|known| self.routes.iter().any(|route| route == known.as_str()))
            .map(Route::definition)
    }
}
