//! Side effects that happen once, also when a call is repeated.
//!
//! Cognito waits five seconds for a trigger. Then it may call again, while the first call still runs; three calls were seen,
//! and AWS promises no number. Lambda repeats a custom sender that failed, and sometimes one that didn't. So a welcome goes
//! out twice, or an account is created twice in another system. The request id doesn't help: a retry by Cognito has a new
//! one.
//!
//! [`Once`] recognizes a retry by what it repeats: the pool, the user, the source and the request. The first call runs the
//! effect, and a call that repeats it doesn't:
//!
//! ```
//! use cognito_triggers::{Context, Event, PostConfirmation, Result, Router, once::Once, post_confirmation, router};
//!
//! struct App { once: Once }
//!
//! # static SENT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
//! async fn send_welcome(_address: &str) -> Result<()> {
//! #     SENT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
//!     Ok(())
//! }
//!
//! async fn welcome(context: Context<App>, event: Event<PostConfirmation>) -> Result<post_confirmation::Response> {
//!     let address = event.request.user_attributes.email().unwrap_or_default();
//!     context.state.once.effect("welcome").run(&context, &event, send_welcome(address)).await?;
//!     Ok(Default::default())
//! }
//!
//! let router: Router<App> = router! { post_confirmation => welcome };
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime").block_on(async {
//! let event = Event::from_json(r#"{"triggerSource": "PostConfirmation_ConfirmSignUp", "userName": "ana",
//!     "request": {"userAttributes": {"sub": "9f2d", "email": "ana@example.com"}}}"#).expect("an event");
//! let context = Context::new(App { once: Once::in_memory().expect("random numbers") });
//! welcome(context.clone(), event.clone()).await?;
//! welcome(context, event).await?;
//! # assert_eq!(SENT.load(std::sync::atomic::Ordering::Relaxed), 1);
//! # Ok(())
//! # }).map_err(|error: cognito_triggers::Error| error.to_string()).unwrap();
//! ```
//!
//! The effect is a future. It isn't polled unless this call is the one that does it.
//!
//! # The parts
//!
//! - A **store** remembers what happened. [`MemoryStore`] does so for one instance of the function: a retry that reaches
//!   another instance isn't recognized. The crate `cognito-triggers-dynamodb` has one that all instances share. A store of
//!   your own implements [`Store`].
//! - An **effect** has a name and its settings, see [`Effect`]. Give each effect of a handler its own name: with a common
//!   one, the second would count as a retry of the first.
//! - A **key** stands for the pool, the user, the source, the request and the effect, see [`Key`]. It is an HMAC, so a reader
//!   of the store learns no name and no attribute from it. [`Effect::keyed_by`] replaces what it covers.
//!
//! [`Effect::run`] keeps no answer, and a retry only learns that the effect has happened. [`Effect::answer`] also keeps the
//! value of the effect, and gives it to the retry:
//!
//! ```
//! use cognito_triggers::{Context, CreateAuthChallenge, Event, Result, Secret, SecretMap, code, create_auth_challenge, once::Once};
//!
//! # async fn send(_number: Option<&str>, _code: &str) -> Result<()> { Ok(()) }
//! async fn send_code(event: &Event<CreateAuthChallenge>) -> Result<Secret> {
//!     let code = code::random_code(6)?;
//!     send(event.request.user_attributes.phone_number(), code.expose()).await?;
//!     Ok(code)
//! }
//!
//! /// Without `once`, a retry would send a second code, and the first would be wrong.
//! async fn challenge(context: Context<Once>, event: Event<CreateAuthChallenge>) -> Result<create_auth_challenge::Response> {
//!     let code = context.state.effect("code").answer(&context, &event, send_code(&event)).await?;
//!     let mut response = create_auth_challenge::Response::default();
//!     response.private_challenge_parameters = SecretMap::from([("code", code)]);
//!     Ok(response)
//! }
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime").block_on(async {
//! # let event = || Event::from_json(r#"{"triggerSource": "CreateAuthChallenge_Authentication", "userName": "ana", "request": {}}"#)
//! #     .expect("an event");
//! # let context = Context::new(Once::in_memory().expect("random numbers"));
//! # let first = challenge(context.clone(), event()).await?;
//! # let again = challenge(context, event()).await?;
//! # let code = |response: &create_auth_challenge::Response| response.private_challenge_parameters.get("code").map(|code| code.expose().to_owned());
//! # assert!(code(&first).is_some() && code(&first) == code(&again));
//! # Ok(())
//! # }).map_err(|error: cognito_triggers::Error| error.to_string()).unwrap();
//! ```
//!
//! # What happens to a second call
//!
//! | the first call | the second call |
//! |---|---|
//! | has finished | doesn't run the effect; gets the answer, if one was kept |
//! | still runs | waits for it, until [`OnceError::InProgress`] shortly before its own deadline |
//! | failed with an error | runs the effect |
//! | died between its start and its record | waits until the mark of the first call expires, then runs the effect; with [`IfUnknown::Refuse`], [`OnceError::Unknown`] |
//!
//! The mark of a call expires when the call's own time is up, plus an allowance for clocks that differ. A call whose mark
//! has expired can't overwrite what another call recorded: every mark has a random token, and only its owner may replace it.
//!
//! # What it can't promise
//!
//! No program can make an effect in another system happen exactly once, because it can die between the effect and its
//! record. You choose which way it fails: by default the effect is repeated (at least once), and with [`IfUnknown::Refuse`]
//! it isn't (at most once). If the other system takes an idempotency key, pass it [`Effect::key`]; then neither happens.
//!
//! The effect also happens twice if
//!
//! - the store fails, and the effect runs all the same, see [`IfStoreFails`];
//! - the store fails after the effect, so that its record is missing when the mark expires;
//! - the call runs on after its deadline, or clocks differ by more than [`Effect::clock_skew`];
//! - a retry comes after [`Effect::keep`], or reaches another instance while the store is a [`MemoryStore`].
//!
//! And a repetition that isn't a retry can look like one: Cognito sends nothing that tells two equal requests of a user
//! apart. Within [`Effect::keep`], by default 30 seconds, a user who signs in twice with the same request counts as one call.
//! Custom senders don't have this problem, because every message has another encrypted code.
//!
//! # What is stored
//!
//! | what | content | for how long |
//! |---|---|---|
//! | the key | pool id, source, name of the effect, HMAC-SHA-256 | [`Effect::keep`] |
//! | the mark | a random token, two points in time | the same |
//! | the answer | nothing with [`Effect::run`]; with [`Effect::answer`] the JSON of the value, sealed | the same |
//!
//! An answer can hold claims or a code. A store that other programs can read gets it sealed by [`Once::seal_with`]; without a
//! seal, `answer` fails with [`OnceError::NoSeal`], unless you choose [`Effect::answers_in_clear`].

mod answers;
mod attempt;
mod defaults;
mod effect;
mod error;
mod key;
mod memory;
mod seal;
mod settings;
mod setup;
mod shared;
mod store;
mod tries;

pub use effect::Effect;
pub use error::{MaybeDone, OnceError};
pub use key::Key;
pub use memory::MemoryStore;
pub use seal::Seal;
pub use settings::{IfStoreFails, IfUnknown};
pub use setup::{KEY_VARIABLE, Once};
pub use store::{
    Claim, Claimed, Finish, Record, RecordState, Release, Store, StoreError, StoreErrorKind, Token,
};

#[cfg(test)]
mod tests;
