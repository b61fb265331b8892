//! One effect: its name, its settings, and how it runs.

use std::{future::Future, sync::Arc, time::Duration};

use cognito_triggers_model::{Event, Route, Trigger, request_identity::Secrets};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    answers,
    attempt::{Attempt, Performed},
    defaults,
    error::OnceError,
    key::Key,
    seal::Seal,
    settings::{Answers, IfStoreFails, IfUnknown, Settings},
    shared::Shared,
};
use crate::{
    context::Context,
    error::{Error, Result},
};

/// A side effect that happens once. [`Once::effect`](super::Once::effect) makes it.
///
/// ```
/// use std::time::Duration;
/// use cognito_triggers::once::{IfStoreFails, IfUnknown, Once};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// let once = Once::in_memory()?;
/// let payment = once
///     .effect("first payment")
///     .keep(Duration::from_secs(24 * 3600))
///     .if_unknown(IfUnknown::Refuse)
///     .if_store_fails(IfStoreFails::Refuse);
///
/// // Where the store is far away, and its instances' clocks differ by a second.
/// let message = once
///     .effect("message")
///     .store_timeout(Duration::from_millis(300))
///     .wait_at_most(Duration::ZERO)
///     .clock_skew(Duration::from_secs(1));
/// // Where the password belongs to what tells calls apart, and the answer isn't secret.
/// let migration = once.effect("migration").including_secrets().answers_in_clear();
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "an effect does nothing until it runs"]
pub struct Effect {
    shared: Arc<Shared>,
    name: String,
    settings: Settings,
}

impl Effect {
    pub(super) fn new(shared: Arc<Shared>, name: String) -> Self {
        Self {
            shared,
            name,
            settings: Settings::default(),
        }
    }

    /// Sets how long a retry is recognized. By default 7 hours for custom senders, and 30 seconds for all other triggers.
    ///
    /// Lambda repeats a custom sender for six hours at most, and Cognito repeats a trigger after five seconds. Longer than 30
    /// seconds is right if the request can't come again for another reason, as with the confirmation of an account. Otherwise
    /// a user who does the same again counts as a retry.
    pub fn keep(mut self, time: Duration) -> Self {
        self.settings.keep = Some(time);
        self
    }

    /// Sets what to do if the store fails before the effect; [`IfStoreFails`] has the defaults.
    pub fn if_store_fails(mut self, then: IfStoreFails) -> Self {
        self.settings.if_store_fails = Some(then);
        self
    }

    /// Sets what to do if it is unknown whether an earlier call has done it; [`IfUnknown::Repeat`] by default.
    pub fn if_unknown(mut self, then: IfUnknown) -> Self {
        self.settings.if_unknown = then;
        self
    }

    /// Sets by how much the clocks of two instances may differ; one second by default.
    ///
    /// The mark of a call expires this much after the time of the call is up. Clocks on Lambda are far closer.
    pub fn clock_skew(mut self, allowance: Duration) -> Self {
        self.settings.clock_skew = allowance;
        self
    }

    /// Sets how long a step of the store may take, repetitions included; one second by default, and never more than a third
    /// of the time left.
    pub fn store_timeout(mut self, limit: Duration) -> Self {
        self.settings.store_timeout = limit;
        self
    }

    /// Sets how long a call waits for another one that is doing it; by default until shortly before its own deadline.
    ///
    /// Where Lambda repeats a call that failed, as with custom senders, zero is right: the wait costs time of the function, and
    /// the next try comes anyway.
    pub fn wait_at_most(mut self, limit: Duration) -> Self {
        self.settings.wait_at_most = limit;
        self
    }

    /// Covers passwords, challenge answers and tokens by the key too, so that a call with another password isn't a retry.
    ///
    /// [`answer`](Effect::answer) needs this for user migration and for the verification of a challenge. Whoever has both the
    /// key of [`Once::new`](super::Once::new) and the store can then try passwords against the HMAC.
    pub fn including_secrets(mut self) -> Self {
        self.settings.secrets = Secrets::Included;
        self
    }

    /// Replaces what the key covers: calls with the same parts are one, whatever else their events have.
    ///
    /// Say everything that makes a difference, and the pool if several pools share the store. The parts are hashed, so they
    /// may have personal data.
    ///
    /// ```
    /// use std::time::Duration;
    /// use cognito_triggers::{Context, Event, PostAuthentication, Result, once::Once, post_authentication};
    ///
    /// # async fn count_active_user() -> Result<()> { Ok(()) }
    /// /// Counts a user once a day, however often they sign in.
    /// async fn count(context: Context<Once>, event: Event<PostAuthentication>) -> Result<post_authentication::Response> {
    ///     let sub = event.request.user_attributes.sub().unwrap_or_default();
    ///     let effect = context.state.effect("active user").keyed_by([event.user_pool_id(), sub]);
    ///     effect.keep(Duration::from_secs(24 * 3600)).run(&context, &event, count_active_user()).await?;
    ///     Ok(Default::default())
    /// }
    /// ```
    pub fn keyed_by<P: AsRef<str>>(mut self, parts: impl IntoIterator<Item = P>) -> Self {
        self.settings.parts = Some(parts.into_iter().map(|part| part.as_ref().to_owned()).collect());
        self
    }

    /// Keeps answers as they are, although others can read the store.
    ///
    /// Choose it only for answers without codes, claims and personal data.
    pub fn answers_in_clear(mut self) -> Self {
        self.settings.answers = Answers::InClear;
        self
    }

    /// The key of this effect for an event. Pass it to a system that takes idempotency keys.
    ///
    /// ```
    /// use cognito_triggers::{Event, PostConfirmation, once::Once};
    ///
    /// let once = Once::in_memory()?;
    /// let event = Event::<PostConfirmation>::from_json(r#"{"triggerSource": "PostConfirmation_ConfirmSignUp",
    ///     "userPoolId": "eu-central-1_a1B2c3D4e", "userName": "ana"}"#)?;
    /// let key = once.effect("welcome").key(&event)?;
    /// assert!(key.as_str().starts_with("eu-central-1_a1B2c3D4e/PostConfirmation_ConfirmSignUp/welcome/"));
    /// # Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    /// ```
    ///
    /// # Errors
    /// Fails with [`OnceError::Request`] if the request is nested too deep, which no request of Cognito is.
    pub fn key<T: Trigger>(&self, event: &Event<T>) -> Result<Key, OnceError> {
        let Settings { parts, secrets, .. } = &self.settings;
        match parts {
            Some(parts) => Ok(Key::of_parts(&self.shared.mac, &self.name, parts)),
            None => Key::of_event(&self.shared.mac, &self.name, event, *secrets).map_err(OnceError::Request),
        }
    }

    /// Runs the effect, unless a call that this one repeats has done it. Returns its value, or `None` if it was done before.
    ///
    /// While another call is doing it, this one waits. An error of the effect means that it hasn't happened: the next call
    /// runs it. See [`MaybeDone`](super::MaybeDone) for errors that leave it unknown.
    ///
    /// # Errors
    /// The error of the effect, or an [`OnceError`].
    pub async fn run<S, T, R, E>(
        &self,
        context: &Context<S>,
        event: &Event<T>,
        effect: impl Future<Output = Result<R, E>>,
    ) -> Result<Option<R>>
    where
        T: Trigger,
        E: Into<Error>,
    {
        let key = self.key(event)?;
        let attempt = self.attempt(context, &key, T::ROUTE);
        match attempt.perform(effect, |_| None).await? {
            Performed::Now { value, .. } => Ok(Some(value)),
            Performed::Before { .. } => Ok(None),
        }
    }

    /// Runs the effect and keeps its value, or returns the value that was kept, if a call that this one repeats has done it.
    ///
    /// The value is stored as JSON, 64 KiB at most, and [`keep`](Effect::keep) says for how long. A longer one isn't
    /// kept, and a retry fails with [`OnceError::NoAnswer`].
    ///
    /// # Errors
    /// The error of the effect, or an [`OnceError`]; among others [`OnceError::NoSeal`] if others can read the store, and
    /// [`OnceError::SecretDecides`] if the value may depend on a password, a challenge answer or a token.
    pub async fn answer<S, T, R, E>(
        &self,
        context: &Context<S>,
        event: &Event<T>,
        effect: impl Future<Output = Result<R, E>>,
    ) -> Result<R>
    where
        T: Trigger,
        R: Serialize + DeserializeOwned,
        E: Into<Error>,
    {
        let name = || self.name.clone();
        let key = self.key(event)?;
        if key.leaves_out_what_may_decide {
            return Err(OnceError::SecretDecides { effect: name() }.into());
        }
        let seal = self.seal().ok_or_else(|| OnceError::NoSeal { effect: name() })?;
        let stored = |value: &R| match answers::to_stored(key.as_str(), value, seal) {
            Ok(answer) => Some(answer),
            Err(error) => {
                tracing::warn!(effect = %self.name, %error, "the answer of a side effect isn't kept");
                None
            }
        };
        let attempt = self.attempt(context, &key, T::ROUTE);
        let recorded = match attempt.perform(effect, stored).await? {
            Performed::Now { value, earlier: None } => return Ok(value),
            // Another call took over in the meantime. Its answer counts, because a third call gets it too.
            Performed::Now { earlier, .. } => earlier,
            Performed::Before { answer } => answer,
        };
        let recorded = recorded.ok_or_else(|| OnceError::NoAnswer { effect: name() })?;
        answers::from_stored(key.as_str(), &recorded, seal).map_err(|error| {
            OnceError::Answer {
                effect: name(),
                error,
            }
            .into()
        })
    }

    /// The seal for answers; `Some(None)` if they are kept in clear, and `None` if they can't be kept.
    fn seal(&self) -> Option<Option<&dyn Seal>> {
        match &self.shared.seal {
            Some(seal) => Some(Some(&**seal)),
            None if self.settings.answers == Answers::InClear || self.shared.store.keeps_private() => {
                Some(None)
            }
            None => None,
        }
    }

    fn attempt<'a, S>(
        &'a self,
        context: &'a Context<S>,
        key: &'a Key,
        route: Option<Route>,
    ) -> Attempt<'a, S> {
        Attempt {
            store: &*self.shared.store,
            context,
            key,
            effect: &self.name,
            if_store_fails: self
                .settings
                .if_store_fails
                .unwrap_or_else(|| defaults::if_store_fails(route)),
            keep: self.settings.keep.unwrap_or_else(|| defaults::keep(route)),
            settings: &self.settings,
        }
    }
}
