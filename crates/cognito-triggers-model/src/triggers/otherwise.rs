//! Whatever has no route of its own: the explicit way to let an unrouted trigger through.
//!
//! Without this line a router fails closed: an event without a route is an error, and what the person wanted doesn't
//! happen. `otherwise => pass_through` sends such events back unchanged, which to Cognito means "as if there were no
//! trigger". A function of your own may look at the event first:
//!
//! ```
//! use cognito_triggers::{Context, Event, Otherwise, Result, Router, otherwise, router};
//!
//! async fn note_and_pass(_: Context<()>, event: Event<Otherwise>) -> Result<otherwise::Response> {
//!     println!("no route for {}", event.source);
//!     Ok(otherwise::Response::default())
//! }
//!
//! let router: Router<()> = router! { otherwise => note_and_pass };
//! ```

use serde::{Deserialize, Serialize};

use crate::{
    non_exhaustive::NonExhaustive,
    route::Route,
    trigger::{self, Trigger},
};

/// Any trigger that has no route, those that AWS may add included.
pub struct Otherwise;

impl trigger::sealed::Sealed for Otherwise {}

impl Trigger for Otherwise {
    type Source = Source;
    type Request = Request;
    type Response = Response;

    const ROUTE: Option<Route> = None;
    const HAS_RESPONSE: bool = false;
}

/// The `triggerSource`, whatever it is.
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

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Not typed: read it through [`Event::raw`](crate::Event::raw).
#[derive(Clone, Debug, Default, Deserialize)]
#[non_exhaustive]
pub struct Request {}

/// The event goes back as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Response {
    #[doc(hidden)]
    #[serde(skip)]
    pub _non_exhaustive: NonExhaustive,
}
