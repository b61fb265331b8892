//! Layers around a function: what they see, and how one answers instead of the router.
//!
//! [`Runtime::layer`](crate::runtime::Runtime::layer) takes any `tower` layer for a service from
//! [`LambdaEvent<Payload>`](LambdaEvent) to [`Answer`]. A layer sees the received bytes through
//! [`Payload::as_bytes`], source and route through [`TriggerInfo`], and the outcome: the answer, or a
//! [`Refusal`](crate::function::Refusal) with its [`ErrorType`](crate::function::ErrorType), also after a timeout or a panic.
//!
//! [`Runtime::metrics`](crate::runtime::Runtime) counts outcomes for CloudWatch. A layer that counts them for something else, and answers the pings of a warmer itself:
//!
//! ```
//! use std::{future::Future, pin::Pin, sync::{Arc, atomic::{AtomicU64, Ordering}}, task};
//!
//! use cognito_triggers::{function::Refusal, Router, layer::{Answer, Payload, TriggerInfo}, pass_through, router};
//! use lambda_runtime::{LambdaEvent, tower::{Layer, Service, layer::layer_fn}};
//!
//! #[derive(Clone)]
//! struct Counted<N> { next: N, refused: Arc<AtomicU64> }
//!
//! impl<N> Service<LambdaEvent<Payload>> for Counted<N>
//! where
//!     N: Service<LambdaEvent<Payload>, Response = Answer, Error = Refusal>,
//!     N::Future: Send + 'static,
//! {
//!     type Response = Answer;
//!     type Error = Refusal;
//!     type Future = Pin<Box<dyn Future<Output = Result<Answer, Refusal>> + Send>>;
//!
//!     fn poll_ready(&mut self, cx: &mut task::Context<'_>) -> task::Poll<Result<(), Refusal>> {
//!         self.next.poll_ready(cx)
//!     }
//!
//!     fn call(&mut self, event: LambdaEvent<Payload>) -> Self::Future {
//!         let Some(info) = TriggerInfo::of(&event.payload) else {
//!             // Not an event of Cognito: a ping that keeps the process warm.
//!             return Box::pin(async { Ok(Answer::from_json(&"warm").expect("a string is JSON")) });
//!         };
//!         let (future, refused) = (self.next.call(event), Arc::clone(&self.refused));
//!         Box::pin(async move {
//!             let outcome = future.await;
//!             if let Err(refusal) = &outcome {
//!                 refused.fetch_add(1, Ordering::Relaxed);
//!                 println!("{:?} of {}: {}", info.route, info.source, refusal.error_type());
//!             }
//!             outcome
//!         })
//!     }
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
//! let refused = Arc::new(AtomicU64::new(0));
//! let layer = layer_fn(|next| Counted { next, refused: Arc::clone(&refused) });
//! let router: Router<()> = router! { pre_sign_up => |_, _| async { Err("down".into()) } };
//! let mut service = layer.layer(router.with_state(()));
//!
//! let event = |json: &'static str| LambdaEvent::new(Payload::from(json), Default::default());
//! let warm = service.call(event(r#"{"ping": true}"#)).await.expect("an answer");
//! assert_eq!(warm.as_bytes(), b"\"warm\"");
//! service.call(event(r#"{"triggerSource": "PreSignUp_SignUp"}"#)).await.expect_err("a refusal");
//! assert_eq!(refused.load(Ordering::Relaxed), 1);
//! # });
//! # Ok::<_, std::io::Error>(())
//! ```

use bytes::Bytes;
use cognito_triggers_model::{Route, envelope::EventBytes};

pub use cognito_triggers_model::{answer::Answer, payload::Payload};
pub use lambda_runtime::LambdaEvent;

use crate::router::route_of;

/// Which trigger an event is for, read without parsing its `request`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TriggerInfo {
    /// The event's `triggerSource`, as received.
    pub source: String,
    /// The route of the event, whether or not the router has a handler for it. `None` for a trigger that this version of
    /// the library doesn't know.
    pub route: Option<Route>,
}

impl TriggerInfo {
    /// Reads source and route of an event. `None` if it is no event of a user pool.
    ///
    /// ```
    /// use cognito_triggers::{layer::{Payload, TriggerInfo}, model::Route};
    ///
    /// let info = TriggerInfo::of(&Payload::from(r#"{"triggerSource": "PreSignUp_SignUp"}"#)).expect("an event");
    /// assert_eq!((info.source.as_str(), info.route), ("PreSignUp_SignUp", Some(Route::PreSignUp)));
    /// assert_eq!(TriggerInfo::of(&Payload::from(r#"{"ping": true}"#)), None);
    /// ```
    pub fn of(payload: &Payload) -> Option<Self> {
        let bytes: Bytes = payload.clone().into_bytes();
        let input = EventBytes::new(&bytes);
        let received = input.read().ok()?;
        Some(Self {
            source: received.source().to_owned(),
            route: route_of(&received).ok(),
        })
    }
}
