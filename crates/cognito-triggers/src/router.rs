//! The table: one line per trigger.

use std::{fmt, future::Future, marker::PhantomData, pin::Pin, sync::Arc};

use cognito_triggers_model::{
    Definition, Event, Trigger,
    answer::Answer,
    envelope::Received,
    malformed::Malformed,
    route::Route as TriggerRoute,
    triggers::{self, DEFINITIONS, FindRouteError},
    with_routes,
};

use crate::{Context, Function, Result};

/// The running call of a handler, up to the answered event.
pub(crate) type HandlerFuture = Pin<Box<dyn Future<Output = Result<Answer>> + Send>>;

type Handler<S> = dyn Fn(Context<S>, &Received<'_>) -> Result<HandlerFuture, Malformed> + Send + Sync;

/// A line of the router: the handler of a trigger `T`, or none.
pub struct RouteHandler<S, T> {
    handler: Option<Arc<Handler<S>>>,
    trigger: PhantomData<fn(T)>,
}

impl<S, T> RouteHandler<S, T> {
    /// A line without a handler.
    pub const fn none() -> Self {
        Self {
            handler: None,
            trigger: PhantomData,
        }
    }

    /// Whether there is a handler.
    pub fn is_routed(&self) -> bool {
        self.handler.is_some()
    }
}

impl<S, T> Default for RouteHandler<S, T> {
    fn default() -> Self {
        Self::none()
    }
}

/// Makes a line of the router from a handler: `Router { pre_sign_up: on(allow), ..Router::new() }`.
pub fn on<T, S, F, Fut>(handler: F) -> RouteHandler<S, T>
where
    T: Trigger,
    F: Fn(Context<S>, Event<T>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T::Response>> + Send + 'static,
{
    let handler = move |context: Context<S>, received: &Received<'_>| {
        let response = handler(context, Event::from_received(received)?);
        let slot = received.response_slot();
        let future: HandlerFuture = Box::pin(async move {
            let response = response.await?;
            if T::HAS_RESPONSE {
                Ok(slot.fill(&response)?)
            } else {
                Ok(slot.unchanged())
            }
        });
        Ok(future)
    };
    RouteHandler {
        handler: Some(Arc::new(handler)),
        trigger: PhantomData,
    }
}

/// Writes the router as a table: `router! { pre_sign_up => allow, custom_message => write }`.
///
/// A line is the name of a route and a handler, an `async fn(Context<S>, Event<T>) -> Result<Response>` or a closure of
/// that shape. The names are the fields of [`Router`]: one for each key of `LambdaConfig`, in snake case, and three
/// for the versions of token generation. `otherwise => pass_through` lets through what has no route; without it, such
/// an event is an error.
///
/// ```
/// use cognito_triggers::{Context, Event, PreSignUp, Result, Router, pass_through, pre_sign_up, router};
///
/// async fn confirm(_: Context<()>, _: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
///     Ok(pre_sign_up::Response { auto_confirm_user: true, ..Default::default() })
/// }
///
/// fn triggers() -> Router<()> {
///     router! {
///         pre_sign_up         => confirm,
///         post_authentication => |_, event| async move {
///             println!("a new device: {}", event.request.new_device_used);
///             Ok(Default::default())
///         },
///         otherwise           => pass_through,
///     }
/// }
/// # assert_eq!(triggers().routes().count(), 2);
/// ```
///
/// It is a struct literal in other words, and `Router { pre_sign_up: on(confirm), ..Router::new() }` is the same
/// program.
#[macro_export]
macro_rules! router {
    ($($route:ident => $handler:expr),* $(,)?) => {
        $crate::Router {
            $($route: $crate::RouteHandlers.$route($handler),)*
            ..$crate::Router::new()
        }
    };
}

macro_rules! define_router {
    ($($route:ident: $trigger:ident,)+) => {
        /// Which handler answers which trigger. Usually written with [`router!`](crate::router).
        ///
        /// `S` is the shared state, which every handler reaches through [`Context::state`].
        pub struct Router<S> {
            $(
                #[doc = concat!("The handler of [`", stringify!($trigger), "`](crate::", stringify!($trigger), ").")]
                pub $route: RouteHandler<S, triggers::$trigger>,
            )+
            /// What becomes of events that have no line of their own. Without it they are errors.
            pub otherwise: RouteHandler<S, triggers::Otherwise>,
        }

        /// [`on`] for each route, by its name: what [`router!`](crate::router) calls.
        ///
        /// A method, because the compiler reports what is wrong with its argument where its name stands: in the line
        /// that the user wrote. About a function that the macro names it complains at the whole table.
        #[doc(hidden)]
        pub struct RouteHandlers;

        impl RouteHandlers {
            $(
                #[doc(hidden)]
                pub fn $route<S, F, Fut>(self, handler: F) -> RouteHandler<S, triggers::$trigger>
                where
                    F: Fn(Context<S>, Event<triggers::$trigger>) -> Fut + Send + Sync + 'static,
                    Fut: Future<Output = Result<triggers::$route::Response>> + Send + 'static,
                {
                    on(handler)
                }
            )+

            #[doc(hidden)]
            pub fn otherwise<S, F, Fut>(self, handler: F) -> RouteHandler<S, triggers::Otherwise>
            where
                F: Fn(Context<S>, Event<triggers::Otherwise>) -> Fut + Send + Sync + 'static,
                Fut: Future<Output = Result<triggers::otherwise::Response>> + Send + 'static,
            {
                on(handler)
            }
        }

        impl<S> Router<S> {
            /// A router without any line.
            pub const fn new() -> Self {
                Self { $( $route: RouteHandler::none(), )+ otherwise: RouteHandler::none() }
            }

            /// The handler of a route.
            fn handler(&self, route: TriggerRoute) -> Option<&Arc<Handler<S>>> {
                match route {
                    $( TriggerRoute::$trigger => self.$route.handler.as_ref(), )+
                }
            }

            /// Joins two routers into one, so that parts of a function can bring their own tables.
            ///
            /// # Errors
            /// If both have the same line.
            pub fn merge(self, other: Self) -> Result<Self, MergeError> {
                let mut error = MergeError(Vec::new());
                let merged = Self {
                    $( $route: error.join(stringify!($route), self.$route, other.$route), )+
                    otherwise: error.join("otherwise", self.otherwise, other.otherwise),
                };
                if error.0.is_empty() { Ok(merged) } else { Err(error) }
            }
        }
    };
}

with_routes!(define_router);

impl<S> Router<S> {
    /// The triggers that have a line.
    pub fn routes(&self) -> impl Iterator<Item = &'static Definition> {
        DEFINITIONS
            .iter()
            .filter(|definition| self.handler(definition.route).is_some())
    }

    /// Joins the router with the shared state: a [`tower` service](Function) that `lambda_runtime` can run.
    pub fn with_state(self, state: impl Into<Arc<S>>) -> Function<S> {
        Function::new(self, state.into())
    }

    /// The line for an event.
    pub(crate) fn find(&self, received: &Received<'_>) -> Result<RouteMatch<'_, S>, Unrouted> {
        let source = received.source();
        let version = received.envelope().version.as_str();
        let found = TriggerRoute::find(source, version);
        let found = sender(received, found.ok()).map_or(found, Ok);
        let definition = found.ok().map(TriggerRoute::definition);
        let handler = found.ok().and_then(|route| self.handler(route));
        match (handler, &self.otherwise.handler) {
            (Some(handler), _) => Ok(RouteMatch {
                definition,
                handler,
                routed: true,
            }),
            (None, Some(handler)) => Ok(RouteMatch {
                definition,
                handler,
                routed: false,
            }),
            (None, None) => Err(Unrouted {
                source: printable(source),
                version: printable(version),
                definition,
                versioned: found != Err(FindRouteError::UnknownSource)
                    && definition.is_none_or(Definition::is_versioned),
                routed_versions: self
                    .routes()
                    .filter(|definition| definition.is_versioned())
                    .collect(),
            }),
        }
    }
}

impl<S> Default for Router<S> {
    fn default() -> Self {
        Self::new()
    }
}

/// What [`Router::find`] found.
pub(crate) struct RouteMatch<'a, S> {
    /// The trigger, if it is one that this crate knows.
    pub(crate) definition: Option<&'static Definition>,
    pub(crate) handler: &'a Arc<Handler<S>>,
    /// Whether the handler is the trigger's own; false for `otherwise`.
    pub(crate) routed: bool,
}

/// A custom sender that comes under another trigger's source. It has been reported that Cognito does so, and to look at
/// `request.type`; such an event has no `response`, so for all others this costs nothing. A source that is a sender's
/// own says more than the type: there are published events for SMS with the type of e-mails.
fn sender(received: &Received<'_>, by_source: Option<TriggerRoute>) -> Option<TriggerRoute> {
    if received.has_response() || by_source.is_some_and(TriggerRoute::is_custom_sender) {
        return None;
    }
    let request_type = received.request_type()?;
    let mut senders = TriggerRoute::ALL.iter().filter(|route| route.is_custom_sender());
    let sender = senders.find(|route| {
        let prefix = request_type.get(..route.hook().len());
        prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case(route.hook()))
    });
    sender.copied()
}

/// A text of the event that may go into a log: what isn't a plain word is cut off.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .take(64)
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '$'))
        .collect()
}

/// An event that no line of the router takes.
#[derive(Debug)]
pub(crate) struct Unrouted {
    source: String,
    version: String,
    definition: Option<&'static Definition>,
    versioned: bool,
    routed_versions: Vec<&'static Definition>,
}

impl fmt::Display for Unrouted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, version, .. } = self;
        match self.definition {
            Some(definition) if self.versioned && !self.routed_versions.is_empty() => {
                let versions: Vec<_> = self
                    .routed_versions
                    .iter()
                    .filter_map(|d| d.lambda_version)
                    .collect();
                write!(
                    f,
                    "{source} comes in version {version}, and the router has no line for it: add `{} => …`, or set \
                     `LambdaVersion` of the pool's PreTokenGenerationConfig to {}",
                    definition.route,
                    versions.join(" or ")
                )
            }
            Some(definition) => write!(
                f,
                "no line for {source} in the router: add `{} => …`, or take the function out of the pool's `{}` \
                 trigger; `otherwise => pass_through` lets through whatever has no line",
                definition.route, definition.hook
            ),
            None if self.versioned => write!(
                f,
                "{source} comes in version \"{version}\", which is none of 1, 2 and 3; an emulator may have sent it, \
                 or a newer version of cognito-triggers may know it"
            ),
            None => write!(
                f,
                "{source} belongs to no trigger known here; a newer version of cognito-triggers may know it, and \
                 `otherwise => pass_through` lets it through"
            ),
        }
    }
}

/// Two routers have the same line.
#[derive(Debug, PartialEq, Eq)]
pub struct MergeError(Vec<&'static str>);

impl MergeError {
    /// The names of the lines that both have.
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
