//! Otherwise: handles events that have no route of their own.
//!
//! Without this line a router fails closed: an event without a route is an error, and the API call fails.
//! `otherwise => pass_through` returns such events unchanged, which Cognito treats like a missing trigger. Your own
//! function can look at the event first:
//!
//! ```
//! use cognito_triggers::{Context, Event, otherwise::{Otherwise, self}, Result, Router, router};
//!
//! async fn note_and_pass(_: Context<()>, event: Event<Otherwise>) -> Result<otherwise::Response> {
//!     println!("no route for {}", event.source);
//!     Ok(otherwise::Response::default())
//! }
//!
//! let router: Router<()> = router! { otherwise => note_and_pass };
//! ```

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    route::Route,
    trigger::{self, Trigger},
};

/// Every trigger without a route, including those that AWS may add.
pub struct Otherwise;

impl trigger::sealed::Sealed for Otherwise {}

impl Trigger for Otherwise {
    type Source = Source;
    type Request = Request;
    type Response = Response;

    const ROUTE: Option<Route> = None;

    fn has_response(response: &Response) -> bool {
        response.0.is_some()
    }
}

/// The `triggerSource` as received.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Source(String);

impl trigger::Source for Source {
    fn parse(text: &str) -> Self {
        Self(text.to_owned())
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Empty: read the fields through [`Event::raw`](crate::Event::raw).
#[derive(Clone, Debug, Default, Deserialize)]
#[non_exhaustive]
pub struct Request {}

/// The answer to the event. By default it is returned as it was received.
///
/// [`json`](Response::json) answers a trigger that this library doesn't know yet.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Response(Option<Value>);

impl Response {
    /// An answer with this JSON as its `response`.
    ///
    /// ```
    /// use cognito_triggers::{Context, Event, Result, otherwise::{self, Otherwise}};
    /// use serde_json::json;
    ///
    /// async fn answer_a_new_trigger(_: Context<()>, event: Event<Otherwise>) -> Result<otherwise::Response> {
    ///     match event.source.to_string().as_str() {
    ///         "PasskeyEnrollment_Started" => Ok(otherwise::Response::json(json!({ "allow": true }))),
    ///         _ => Ok(otherwise::Response::default()),
    ///     }
    /// }
    /// ```
    pub fn json(response: impl Into<Value>) -> Self {
        Self(Some(response.into()))
    }
}

/// It may hold personal data, so it is not printed.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "Response(JSON)"
        } else {
            "Response(unchanged)"
        })
    }
}
