//! Events for unit tests: a sample with changes.

use std::{fmt, marker::PhantomData};

use crate::{
    event::Event,
    json::{Json, Path},
    samples::{edit, sample::Sample, table},
    trigger::{Source, Trigger},
};

/// Builds an event for a unit test from a sample. Start with [`Event::sample`].
///
/// An impossible change panics at its own line: a source without a sample, or a field that no event of the trigger has.
#[must_use]
pub struct Builder<T> {
    json: Json,
    trigger: PhantomData<fn(T)>,
}

// Not derived: a derive would require `T: Clone` and `T: Debug`, and `T` is only a marker.
impl<T> Clone for Builder<T> {
    fn clone(&self) -> Self {
        Self {
            json: self.json.clone(),
            trigger: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Builder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Builder").field(&self.json).finish()
    }
}

impl<T: Trigger> Event<T> {
    /// A realistic event of the first source of this trigger, which the test may change.
    ///
    /// ```
    /// use cognito_triggers::{Event, PreSignUp, pre_sign_up::Source};
    ///
    /// let event = Event::<PreSignUp>::sample()
    ///     .source(Source::AdminCreateUser)
    ///     .attribute("email", "bruno@example.com")
    ///     .without("validationData")
    ///     .build();
    /// assert_eq!(event.request.user_attributes.email(), Some("bruno@example.com"));
    /// ```
    #[track_caller]
    pub fn sample() -> Builder<T> {
        let sample = of_trigger::<T>().next();
        Builder::from_sample(sample, "this trigger has no sample")
    }
}

impl<T: Trigger> Builder<T> {
    /// Takes the plain event of a source. Call it first, because earlier changes are lost.
    ///
    /// # Panics
    /// If the crate has no sample of this source.
    #[track_caller]
    pub fn source(self, source: T::Source) -> Self {
        let sample =
            of_trigger::<T>().find(|sample| sample.source == source.as_str() && sample.variant.is_none());
        Self::from_sample(sample, "this source has no sample")
    }

    /// Takes a variant of the source, by [`Sample::variant`]. Earlier changes are lost.
    ///
    /// `cargo cognito event SOURCE --variants` lists the variants of a source.
    ///
    /// # Panics
    /// If the source has no such variant.
    #[track_caller]
    pub fn variant(self, variant: &str) -> Self {
        let source = self
            .json
            .get("triggerSource")
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned();
        let sample =
            of_trigger::<T>().find(|sample| sample.source == source && sample.variant == Some(variant));
        Self::from_sample(sample, "this source has no such variant")
    }

    /// Sets an attribute of the user.
    ///
    /// All attributes are strings, booleans too: `"true"`. A custom one has the prefix `custom:`.
    #[track_caller]
    pub fn attribute(self, name: &str, value: &str) -> Self {
        let path = Path::default().key("request").key("userAttributes").key(name);
        self.set(&path, value.into())
    }

    /// Sets a field of the request, such as `clientMetadata` or `session[0].challengeResult`.
    ///
    /// An absent or null object is created, so `clientMetadata.invitation` can be set in an event without metadata.
    ///
    /// # Panics
    /// If `field` isn't a path, or no sample of the trigger has such a field.
    #[track_caller]
    pub fn with(self, field: &str, value: impl Into<serde_json::Value>) -> Self {
        self.set(&in_request(field), value.into())
    }

    /// Removes a field of the request.
    ///
    /// The field is then absent. To make it null, call `with` with `serde_json::Value::Null`.
    ///
    /// # Panics
    /// If the event has no such field.
    #[track_caller]
    pub fn without(mut self, field: &str) -> Self {
        unwrap(edit::unset(&mut self.json, &in_request(field)));
        self
    }

    /// Sets the user's name.
    #[track_caller]
    pub fn user_name(self, name: &str) -> Self {
        self.set(&Path::default().key("userName"), name.into())
    }

    /// Sets the pool's id.
    #[track_caller]
    pub fn user_pool_id(self, id: &str) -> Self {
        self.set(&Path::default().key("userPoolId"), id.into())
    }

    /// Sets the id of the app client.
    #[track_caller]
    pub fn client_id(self, id: &str) -> Self {
        self.set(&Path::default().key("callerContext").key("clientId"), id.into())
    }

    /// The JSON of the event on one line, for a router.
    pub fn json(&self) -> String {
        self.json.to_string()
    }

    /// The event, for a handler.
    ///
    /// # Panics
    /// If a change made the event unreadable, for instance by an object in a field for a boolean.
    #[track_caller]
    pub fn build(self) -> Event<T> {
        unwrap(Event::from_json(self.json.to_string()))
    }

    #[track_caller]
    fn set(mut self, path: &Path, value: serde_json::Value) -> Self {
        unwrap(edit::set(&mut self.json, T::ROUTE, path, Json::from(&value)));
        self
    }

    /// The sample as a document. `missing` is what the panic says if there is none.
    #[track_caller]
    fn from_sample(sample: Option<&Sample>, missing: &str) -> Self {
        let sample = unwrap(sample.ok_or(missing));
        Self {
            json: unwrap(Json::parse(sample.json)),
            trigger: PhantomData,
        }
    }
}

/// The samples of the trigger. Empty for a type without a route.
fn of_trigger<T: Trigger>() -> impl Iterator<Item = &'static Sample> {
    T::ROUTE.into_iter().flat_map(table::of)
}

/// The path of a field of the request.
#[track_caller]
fn in_request(field: &str) -> Path {
    unwrap(format!("request.{field}").parse())
}

/// Unwraps a result, or fails the test.
#[expect(
    clippy::panic,
    reason = "a test that asks for an impossible event must fail, at its own line"
)]
#[track_caller]
fn unwrap<V, E: fmt::Display>(result: Result<V, E>) -> V {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        event::Event,
        triggers::pre_sign_up,
        triggers::pre_token_generation_v3,
        triggers::{DefineAuthChallenge, PreSignUp, PreTokenGenerationV3},
    };

    #[test]
    fn changes_reach_the_event() {
        let event = Event::<PreSignUp>::sample()
            .attribute("custom:tenant", "acme")
            .with("clientMetadata", serde_json::json!({"from": "app"}))
            .without("validationData")
            .user_name("zoe")
            .user_pool_id("eu-west-1_x")
            .client_id("client")
            .build();
        assert_eq!(event.source, pre_sign_up::Source::SignUp);
        assert_eq!(event.request.user_attributes.get("custom:tenant"), Some("acme"));
        assert_eq!(event.user_name(), Some("zoe"));
        assert_eq!(
            (event.user_pool_id(), event.client_id()),
            ("eu-west-1_x", Some("client"))
        );
        assert_eq!(event.raw().pointer("/request/validationData"), None);
        assert_eq!(
            event.raw().pointer("/request/clientMetadata/from"),
            Some("app".into())
        );
    }

    #[test]
    fn metadata_can_be_set_one_by_one() {
        let event = Event::<PreSignUp>::sample()
            .with("clientMetadata.invitation", "a1b2")
            .with("clientMetadata.plan", "pro")
            .build();
        let metadata = &event.request.client_metadata;
        assert_eq!(
            (metadata.get("invitation"), metadata.get("plan")),
            (Some("a1b2"), Some("pro"))
        );
    }

    #[test]
    fn a_builder_can_be_cloned() {
        let event = Event::<PreSignUp>::sample();
        let other = event.clone().attribute("email", "zoe@example.com");
        assert_ne!(event.json(), other.json());
        assert!(format!("{event:?}").starts_with("Builder("));
    }

    #[test]
    fn every_version_has_its_own_samples() {
        let machine = Event::<PreTokenGenerationV3>::sample()
            .source(pre_token_generation_v3::Source::ClientCredentials);
        assert_eq!(machine.build().version(), "3");
        let wrong = Event::<DefineAuthChallenge>::sample()
            .variant("wrong-answer")
            .build();
        assert_eq!(wrong.request.session.len(), 1);
    }

    #[test]
    #[should_panic(expected = "this event has no `request.validationDatum`; there is userAttributes")]
    fn an_impossible_change_fails_the_test() {
        let _ = Event::<PreSignUp>::sample().without("validationDatum");
    }
}
