//! The router: which handler answers which trigger.

use std::{fmt, future::Future, marker::PhantomData, sync::Arc};

use cognito_triggers_model::{
    Event, Route,
    envelope::Received,
    triggers::{self, FindRouteError},
    with_routes,
};

use crate::{
    context::Context,
    error::Result,
    route_handler::{ErasedHandler, erase},
    state::{HandlerFuture, StateOf},
    unrouted::{Unrouted, printable},
};

pub use crate::{
    route_handler::{RouteHandler, on},
    state::State,
};

macro_rules! define_router {
    ($($route:ident: $trigger:ident,)+) => {
        /// Which handler answers which trigger. Usually written with [`router!`](crate::router!).
        ///
        /// `S` is the shared state, which every handler reaches through [`Context::state`]. It has to be a [`State`], so that
        /// calls can share it: `Send`, `Sync` and `'static`. A router without handlers takes any type.
        ///
        /// A field is a route; [`RouteHandler::none`] leaves it without a handler. The fields are public, so a router can be
        /// changed after it is made, for example to leave out one route in a test:
        ///
        /// ```
        /// use cognito_triggers::{Router, router, router::RouteHandler};
        ///
        /// let mut router: Router<()> = router! { pre_sign_up => |_, _| async { Ok(Default::default()) } };
        /// router.pre_sign_up = RouteHandler::none();
        /// assert_eq!(router.routes().count(), 0);
        /// ```
        pub struct Router<S> {
            $(
                #[doc = concat!("The handler of [`", stringify!($trigger), "`](crate::", stringify!($trigger), ").")]
                pub $route: RouteHandler<S, triggers::$trigger>,
            )+
            /// The handler of every event whose route has none. Without it, such events are errors.
            pub otherwise: RouteHandler<S, triggers::Otherwise>,
        }

        /// [`on`] for each route, under its name: what [`router!`](crate::router!) calls.
        ///
        /// A method, because the compiler then reports a mistake in the argument at the line that the user wrote. For
        /// a function that the macro names, it reports the whole table.
        #[doc(hidden)]
        pub struct RouteHandlers;

        impl RouteHandlers {
            $(
                #[doc(hidden)]
                pub fn $route<S, F, Fut, Futures>(
                    self,
                    _: StateType<S>,
                    handler: F,
                ) -> RouteHandler<S, triggers::$trigger>
                where
                    S: StateOf<Futures>,
                    F: Fn(Context<S>, Event<triggers::$trigger>) -> Fut + Send + Sync + 'static,
                    Fut: Future<Output = Result<triggers::$route::Response>> + HandlerFuture<Futures>,
                {
                    erase(handler)
                }
            )+

            #[doc(hidden)]
            pub fn otherwise<S, F, Fut, Futures>(
                    self,
                    _: StateType<S>,
                    handler: F,
                ) -> RouteHandler<S, triggers::Otherwise>
                where
                    S: StateOf<Futures>,
                    F: Fn(Context<S>, Event<triggers::Otherwise>) -> Fut + Send + Sync + 'static,
                    Fut: Future<Output = Result<triggers::otherwise::Response>> + HandlerFuture<Futures>,
                {
                    erase(handler)
            }
        }

        impl<S> Router<S> {
            /// A router without any handler.
            pub const fn new() -> Self {
                Self { $( $route: RouteHandler::none(), )+ otherwise: RouteHandler::none() }
            }

            /// The handler of a route.
            fn handler(&self, route: Route) -> Option<&Arc<ErasedHandler<S>>> {
                match route {
                    $( Route::$trigger => self.$route.erased(), )+
                }
            }

            /// Joins two routers, so that each part of a function can bring its own.
            ///
            /// # Errors
            /// Fails if both have a handler for the same route.
            pub fn merge(self, other: Self) -> Result<Self, MergeError> {
                let mut error = MergeError(Vec::new());
                let merged = Self {
                    $( $route: error.join(stringify!($route), self.$route, other.$route), )+
                    otherwise: error.join("otherwise", self.otherwise, other.otherwise),
                };
                if error.0.is_empty() { Ok(merged) } else { Err(error) }
            }
        }

        impl<S: 'static> Router<S> {
            /// Puts the router into a function with a larger state: `project` takes out of it the part that these
            /// handlers know.
            ///
            /// A module writes its handlers for its own state and need not know the function that it is linked into.
            /// `project` runs once per call. It usually clones an `Arc`; a part that is returned by value is moved into
            /// a new `Arc`.
            ///
            /// ```
            /// use std::sync::Arc;
            /// use cognito_triggers::{Context, Event, PreSignUp, Result, Router, Secret, pre_sign_up, reject, router};
            ///
            /// // The module of one team.
            /// struct Invitations { code: Secret }
            ///
            /// async fn invite(context: Context<Invitations>, event: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
            ///     match event.request.client_metadata.get("invitation") {
            ///         Some(code) if context.state.code.matches(code) => Ok(Default::default()),
            ///         _ => Err(reject("an invitation is required")),
            ///     }
            /// }
            ///
            /// // The function that links it with others.
            /// struct App { invitations: Arc<Invitations> }
            ///
            /// fn triggers() -> Result<Router<App>, cognito_triggers::router::MergeError> {
            ///     let invitations = router! { pre_sign_up => invite };
            ///     let own = router! { post_confirmation => |_, _| async { Ok(Default::default()) } };
            ///     invitations.map_state(|app: &App| Arc::clone(&app.invitations)).merge(own)
            /// }
            /// # assert_eq!(triggers().unwrap().routes().count(), 2);
            /// ```
            pub fn map_state<L, P, F>(self, project: F) -> Router<L>
            where
                L: 'static,
                P: Into<Arc<S>>,
                F: Fn(&L) -> P + Send + Sync + 'static,
            {
                let project = Arc::new(project);
                Router {
                    $( $route: self.$route.map_state(&project), )+
                    otherwise: self.otherwise.map_state(&project),
                }
            }
        }
    };
}

with_routes!(define_router);

/// The state of the router that [`router!`](crate::router!) is about to make. It lets the compiler know the state before
/// it looks at a handler, so that a handler for another state is reported at its own line.
#[doc(hidden)]
pub struct StateType<S>(PhantomData<fn(S)>);

impl<S> StateType<S> {
    #[doc(hidden)]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<S> Router<S> {
    /// The routes that have a handler, in the order of [`Route::ALL`].
    pub fn routes(&self) -> impl Iterator<Item = Route> {
        Route::ALL
            .iter()
            .copied()
            .filter(|route| self.handler(*route).is_some())
    }

    /// The handler for an event.
    pub(crate) fn find(&self, received: &Received<'_>) -> Result<RouteMatch<'_, S>, Unrouted> {
        let found = route_of(received);
        let route = found.ok();
        let handler = route.and_then(|route| self.handler(route));
        if let Some(handler) = handler {
            return Ok(RouteMatch {
                route,
                handler,
                routed: true,
            });
        }
        if let Some(handler) = self.otherwise.erased() {
            return Ok(RouteMatch {
                route,
                handler,
                routed: false,
            });
        }
        let versioned = |route: Route| route.definition().is_versioned();
        Err(Unrouted {
            source: printable(received.source()).to_owned(),
            version: printable(received.envelope().version.as_str()).to_owned(),
            route,
            versioned: found != Err(FindRouteError::UnknownSource) && route.is_none_or(versioned),
            routed_versions: self
                .routes()
                .filter(|route| versioned(*route))
                .filter_map(|route| route.definition().lambda_version)
                .collect(),
        })
    }
}

impl<S> Default for Router<S> {
    fn default() -> Self {
        Self::new()
    }
}

/// What [`Router::find`] found.
pub(crate) struct RouteMatch<'a, S> {
    /// The trigger, if it is known.
    pub(crate) route: Option<Route>,
    pub(crate) handler: &'a Arc<ErasedHandler<S>>,
    /// Whether the handler is the trigger's own; false for `otherwise`.
    pub(crate) routed: bool,
}

impl<S> RouteMatch<'_, S> {
    /// Whether Cognito waits for the answer. It does for a trigger that isn't known, unless that is a new sender.
    pub(crate) fn is_awaited(&self) -> bool {
        self.route.is_none_or(|route| !route.is_custom_sender())
    }

    /// The trigger whose rules hold for the answer.
    pub(crate) fn routed(&self) -> Option<Route> {
        self.route.filter(|_| self.routed)
    }
}

/// The route of a received event.
pub(crate) fn route_of(received: &Received<'_>) -> Result<Route, FindRouteError> {
    let found = Route::find(received.source(), received.envelope().version.as_str());
    sender(received, found.ok()).map_or(found, Ok)
}

/// A `triggerSource` from the tables, if it is in one.
pub(crate) fn known_source(source: &str) -> Option<&'static str> {
    let routes = Route::ALL.iter().map(|route| route.definition());
    let mut names = routes.flat_map(|definition| definition.sources.iter().map(|source| source.name));
    names.find(|name| *name == source)
}

/// A custom sender whose event carries another trigger's source.
///
/// It has been reported that Cognito sends such events, and that `request.type` tells them apart. They have no
/// `response`, so all others skip this. A source that is a sender's own wins over the type: there are published SMS
/// events with the type of emails.
fn sender(received: &Received<'_>, by_source: Option<Route>) -> Option<Route> {
    if received.has_response() || by_source.is_some_and(Route::is_custom_sender) {
        return None;
    }
    let request_type = received.request_type()?;
    let mut senders = Route::ALL.iter().filter(|route| route.is_custom_sender());
    let sender = senders.find(|route| {
        let prefix = request_type.get(..route.hook().len());
        prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case(route.hook()))
    });
    sender.copied()
}

/// Two routers can't be merged, because both have a handler for the same route.
#[derive(Debug, PartialEq, Eq)]
pub struct MergeError(Vec<&'static str>);

impl MergeError {
    /// The names of the routes that both have, `otherwise` among them.
    pub fn routes(&self) -> &[&'static str] {
        &self.0
    }

    fn join<S, T>(
        &mut self,
        name: &'static str,
        one: RouteHandler<S, T>,
        other: RouteHandler<S, T>,
    ) -> RouteHandler<S, T> {
        if one.is_routed() && other.is_routed() {
            self.0.push(name);
        }
        if one.is_routed() { one } else { other }
    }
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(|route| format!("`{route}`")).collect();
        write!(
            f,
            "both routers have a line for {}; keep one of them",
            lines.join(" and ")
        )
    }
}

impl std::error::Error for MergeError {}
