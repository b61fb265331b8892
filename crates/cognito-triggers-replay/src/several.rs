//! Several functions, each with routes of its own.

use std::{fmt, future::Future, pin::Pin, time::Duration};

use cognito_triggers::json::Json;

use crate::{Call, Log, Outcome, Reply, Routes, Target, Trouble, caller::definition_of};

/// Several functions, as a pool has them: an event goes to the one that routes its trigger.
pub struct Several(Vec<Member>);

struct Member {
    name: String,
    routes: Routes,
    target: Box<dyn Target>,
}

impl Several {
    /// No function yet.
    pub fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a function.
    ///
    /// # Errors
    /// If one that is there already has one of its routes: no event could tell which is meant.
    pub fn add(
        &mut self,
        name: &str,
        routes: Routes,
        target: impl Target + 'static,
    ) -> Result<(), TwoRoutes> {
        for member in &self.0 {
            let route = routes
                .routes
                .iter()
                .find(|route| member.routes.routes.contains(route));
            if let Some(route) = route
                .cloned()
                .or_else(|| (routes.otherwise && member.routes.otherwise).then(|| "otherwise".to_owned()))
            {
                return Err(TwoRoutes {
                    route,
                    functions: [member.name.clone(), name.to_owned()],
                });
            }
        }
        self.0.push(Member {
            name: name.to_owned(),
            routes,
            target: Box::new(target),
        });
        Ok(())
    }

    fn find(&self, event: &[u8]) -> Result<&dyn Target, String> {
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
        let member = self.0.iter().find(has_route);
        let member = member.or_else(|| self.0.iter().find(|member| member.routes.otherwise));
        let names: Vec<_> = self.0.iter().map(|member| member.name.as_str()).collect();
        member.map(|member| &*member.target).ok_or_else(|| match route {
            Some(route) => format!("none of {} has the route `{route}`", names.join(", ")),
            None => "this is no event of a known trigger, so no function is the right one for it".to_owned(),
        })
    }
}

impl Default for Several {
    fn default() -> Self {
        Self::new()
    }
}

impl Target for Several {
    fn call(&self, call: Call) -> Pin<Box<dyn Future<Output = Reply> + Send + '_>> {
        match self.find(&call.event) {
            Ok(target) => target.call(call),
            Err(problem) => Box::pin(async {
                Reply {
                    outcome: Outcome::Broken(Trouble::NoRoute { problem }),
                    took: Duration::ZERO,
                    log: Log::default(),
                }
            }),
        }
    }
}

/// Two functions answer the same trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwoRoutes {
    route: String,
    functions: [String; 2],
}

impl fmt::Display for TwoRoutes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [one, other] = &self.functions;
        write!(
            f,
            "both {one} and {other} have the route `{}`; leave one of them out",
            self.route
        )
    }
}

impl std::error::Error for TwoRoutes {}
