//! Several functions of one user pool, each with routes of its own.

use std::{fmt, time::Duration};

use cognito_triggers_model::json::Json;

use crate::{
    definition::definition_of,
    invoke_error::InvokeError,
    log::Log,
    outcome::Outcome,
    routes::Routes,
    target::{BoxFuture, Invocation, Reply, Target},
};

/// Several functions of one user pool. An event goes to the function that routes its trigger.
///
/// If no function has the route, the event goes to the function with `otherwise`. Without one, the reply is
/// [`InvokeError::NoRoute`].
///
/// ```
/// use cognito_triggers::{Router, pass_through, router};
/// use cognito_triggers_targets::{InProcess, MultiTarget, Routes};
///
/// let router = || -> Router<()> { router! { otherwise => pass_through } };
/// let routes = |route: &str| Routes { routes: vec![route.to_owned()], otherwise: false };
///
/// let mut functions = MultiTarget::new();
/// functions.add("sign-up", routes("pre_sign_up"), InProcess::new(router(), ()))?;
/// functions.add("messages", routes("custom_message"), InProcess::new(router(), ()))?;
///
/// let twice = functions.add("other", routes("pre_sign_up"), InProcess::new(router(), ()));
/// assert!(twice.is_err());
/// # Ok::<(), cognito_triggers_targets::DuplicateRouteError>(())
/// ```
#[derive(Default)]
pub struct MultiTarget {
    members: Vec<Member>,
}

/// A function.
struct Member {
    /// What error texts call it.
    name: String,
    routes: Routes,
    target: Box<dyn Target>,
}

impl MultiTarget {
    /// A target without a function.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a function. `name` is what error texts call it.
    ///
    /// # Errors
    /// Fails if another function has one of its routes, or if both have `otherwise`.
    pub fn add(
        &mut self,
        name: &str,
        routes: Routes,
        target: impl Target + 'static,
    ) -> Result<(), DuplicateRouteError> {
        for member in &self.members {
            if let Some(route) = shared_route(&member.routes, &routes) {
                return Err(DuplicateRouteError {
                    route: route.to_owned(),
                    functions: [member.name.clone(), name.to_owned()],
                });
            }
        }
        self.members.push(Member {
            name: name.to_owned(),
            routes,
            target: Box::new(target),
        });
        Ok(())
    }

    /// The function for an event: the one that has its route, or the one that has `otherwise`.
    fn find(&self, event: &[u8]) -> Result<&dyn Target, InvokeError> {
        let event = std::str::from_utf8(event)
            .ok()
            .and_then(|text| Json::parse(text).ok());
        let route = event
            .as_ref()
            .and_then(definition_of)
            .map(|definition| definition.route);
        let has_route = |member: &&Member| {
            route.is_some_and(|route| member.routes.routes.iter().any(|own| own == route.as_str()))
        };
        let members = &self.members;
        let member = members
            .iter()
            .find(has_route)
            .or_else(|| members.iter().find(|member| member.routes.otherwise));
        let names: Vec<_> = members.iter().map(|member| member.name.as_str()).collect();
        member.map(|member| &*member.target).ok_or_else(|| {
            let problem = match route {
                Some(route) => format!("none of {} has the route `{route}`", names.join(", ")),
                None => {
                    "this is no event of a known trigger, so no function is the right one for it".to_owned()
                }
            };
            InvokeError::NoRoute { problem }
        })
    }
}

/// A route that two functions have: by its name, or `otherwise` if both answer whatever has no route.
fn shared_route<'a>(one: &Routes, other: &'a Routes) -> Option<&'a str> {
    let shared = other.routes.iter().find(|route| one.routes.contains(route));
    shared
        .map(String::as_str)
        .or_else(|| (one.otherwise && other.otherwise).then_some("otherwise"))
}

impl Target for MultiTarget {
    fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Reply> {
        match self.find(&invocation.event) {
            Ok(target) => target.invoke(invocation),
            Err(error) => Box::pin(async {
                Reply {
                    outcome: Outcome::InvokeError(error),
                    duration: Duration::ZERO,
                    log: Log::default(),
                }
            }),
        }
    }

    /// The routes of all functions.
    fn routes(&self) -> BoxFuture<'_, Option<Routes>> {
        let all = self.members.iter().map(|member| &member.routes);
        let routes = Routes {
            routes: all.clone().flat_map(|routes| routes.routes.clone()).collect(),
            otherwise: all.clone().any(|routes| routes.otherwise),
        };
        Box::pin(async { Some(routes) })
    }
}

/// Two functions have the same route, so it isn't clear which one an event goes to.
///
/// `Display` names the route and both functions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateRouteError {
    route: String,
    functions: [String; 2],
}

impl fmt::Display for DuplicateRouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [one, other] = &self.functions;
        write!(
            f,
            "both {one} and {other} have the route `{}`; leave one of them out",
            self.route
        )
    }
}

impl std::error::Error for DuplicateRouteError {}
