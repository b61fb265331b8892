//! [`router!`](crate::router!), which reads its table twice: first the names of the routes, then the lines.
//!
//! A name that isn't a route is one error. Otherwise the compiler would report a missing field and a missing method, and
//! suggest one route where several fit.

/// Writes the router as a table: `router! { pre_sign_up => allow, custom_message => write }`.
///
/// A line is the name of a route and a handler, an `async fn(Context<S>, Event<T>) -> Result<Response>` or a closure of
/// that shape. The names are the fields of [`Router`](crate::Router): one for each key of `LambdaConfig`, in snake case, and three
/// for the versions of token generation. `otherwise => pass_through` lets through what has no route; without it, such
/// an event is an error. A line may have attributes such as `#[cfg(feature = "…")]`.
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
/// The macro expands to a struct literal: `Router { pre_sign_up: on(confirm), ..Router::new() }` is the same program.
///
/// A mistake is one error at one location:
///
/// | mistake | the error |
/// |---|---|
/// | a name that isn't a route | at the name, with the names of all routes |
/// | `pre_token_generation` | at the name, with its three versions |
/// | a handler of another trigger or for another state | at the handler |
/// | a state that isn't `Send + Sync` | at the table, with the name of the state |
/// | a state with a borrowed part | at the borrow, as an error of its lifetime |
/// | two handlers for a route | at the second name |
#[macro_export]
macro_rules! router {
    // A `tt` keeps the location of a name for errors, and an `ident` doesn't. Only an `ident` may follow attributes.
    ($($route:tt => $handler:expr),* $(,)?) => {
        $crate::router_macro::known_routes! { [$($route)*] [$({ $route => $handler })*] [] [] }
    };
    ($($(#[$attribute:meta])* $route:ident => $handler:expr),* $(,)?) => {
        $crate::router_macro::known_routes! { [$($route)*] [$({ $(#[$attribute])* $route => $handler })*] [] [] }
    };
}

/// Sorts the lines of a table into known and unknown routes, and writes the router. The first two lists are the names and
/// the lines that are left, the others are the known lines and the unknown names.
#[doc(hidden)]
#[macro_export]
macro_rules! __router_of_known_routes {
    ([pre_sign_up $($names:tt)*] [$line:tt $($lines:tt)*] [$($known:tt)*] $unknown:tt) => {
        $crate::router_macro::known_routes! { [$($names)*] [$($lines)*] [$($known)* $line] $unknown }
    };
    ([custom_message $($names:tt)*] [$line:tt $($lines:tt)*] [$($known:tt)*] $unknown:tt) => {
        $crate::router_macro::known_routes! { [$($names)*] [$($lines)*] [$($known)* $line] $unknown }
    };
    ([post_confirmation $($names:tt)*] [$line:tt $($lines:tt)*] [$($known:tt)*] $unknown:tt) => {
        $crate::router_macro::known_routes! { [$($names)*] [$($lines)*] [$($known)* $line] $unknown }
    };
    ([pre_authentication $($names:tt)*] [$line:tt $($lines:tt)*] [$($known:tt)*] $unknown:tt) => {
        $crate::router_macro::known_routes! { [$($names)*] [$($lines)*] [$($known)* $line] $unknown }
    };
    ([post_authentication $($names:tt)*] [$line:tt $($lines:tt)*] [$($known:tt)*] $unknown:tt) => {
        $crate::router_macro::known_routes! { [$($names)*] [$($lines)*] [$($known)* $line] $unknown }
    };
    ([define_auth_challenge $($names:tt)*] [$line:tt $($lines:tt)*] [$($known:tt)*] $unknown:tt) => {
        $crate::router_macro::known_routes! { [$($names)*] [$($lines)*] [$($known)* $line] $unknown }
    };
    ([create_auth_challenge $($names:tt)*] [$line:tt $($lines:tt)*] [$($known:tt)*] $unknown:tt) => {
        $crate::router_macro::known_routes! { [$($names)*] [$($lines)*] [$($known)* $line] $unknown }
    };
    ([verify_auth_challenge_response $($names:tt)*] [$line:tt $($lines:tt)*] [$($known:tt)*] $unknown:tt) => {
        $crate::router_macro::known_routes! { [$($names)*] [$($lines)*] [$($known)* $line] $unknown }
    };
    ([pre_token_generation_v1 $($names:tt)*] [$line:tt $($lines:tt)*] [$($known:tt)*] $unknown:tt) => {
        $crate::router_macro::known_routes! { [$($names)*] [$($lines)*] [$($known)* $line] $unknown }
    };
    ([pre_token_generation_v2 $($names:tt)*] [$line:tt $($lines:tt)*] [$($known:tt)*] $unknown:tt) => {
        $crate::router_macro::known_routes! { [$($names)*] [$($lines)*] [$($known)* $line] $unknown }
    };
    ([pre_token_generation_v3 $($names:tt)*] [$line:tt $($lines:tt)*] [$($known:tt)*] $unknown:tt) => {
        $crate::router_macro::known_routes! { [$($names)*] [$($lines)*] [$($known)* $line] $unknown }
    };
    ([user_migration $($names:tt)*] [$line:tt $($lines:tt)*] [$($known:tt)*] $unknown:tt) => {
        $crate::router_macro::known_routes! { [$($names)*] [$($lines)*] [$($known)* $line] $unknown }
    };
    ([custom_sms_sender $($names:tt)*] [$line:tt $($lines:tt)*] [$($known:tt)*] $unknown:tt) => {
        $crate::router_macro::known_routes! { [$($names)*] [$($lines)*] [$($known)* $line] $unknown }
    };
    ([custom_email_sender $($names:tt)*] [$line:tt $($lines:tt)*] [$($known:tt)*] $unknown:tt) => {
        $crate::router_macro::known_routes! { [$($names)*] [$($lines)*] [$($known)* $line] $unknown }
    };
    ([inbound_federation $($names:tt)*] [$line:tt $($lines:tt)*] [$($known:tt)*] $unknown:tt) => {
        $crate::router_macro::known_routes! { [$($names)*] [$($lines)*] [$($known)* $line] $unknown }
    };
    ([otherwise $($names:tt)*] [$line:tt $($lines:tt)*] [$($known:tt)*] $unknown:tt) => {
        $crate::router_macro::known_routes! { [$($names)*] [$($lines)*] [$($known)* $line] $unknown }
    };
    ([$name:tt $($names:tt)*] [$line:tt $($lines:tt)*] $known:tt [$($unknown:tt)*]) => {
        $crate::router_macro::known_routes! { [$($names)*] [$($lines)*] $known [$($unknown)* $name] }
    };
    ([] [] [$({ $(#[$attribute:meta])* $route:ident => $handler:expr })*] [$($unknown:tt)*]) => {{
        $(
            let $unknown = &$crate::router_macro::UnknownRoute;
            let _: $crate::router_macro::route_error! { $unknown } = $unknown;
        )*
        $crate::router::Router {
            $($(#[$attribute])* $route: $crate::router::RouteHandlers.$route(
                $crate::router::StateType::new(),
                $handler,
            ),)*
            ..$crate::router::Router::new()
        }
    }};
}

#[doc(hidden)]
pub use __router_of_known_routes as known_routes;

/// The type whose missing implementation is the error for a name.
#[doc(hidden)]
#[macro_export]
macro_rules! __route_error {
    (pre_token_generation) => { &dyn $crate::router_macro::HasVersion };
    ($other:tt) => { &dyn $crate::router_macro::IsRoute };
}

#[doc(hidden)]
pub use __route_error as route_error;

/// The value of a variable with an unknown name. The compiler reports a failed coercion at the variable, and so at its name
/// in the table; it reports the argument of a function that a macro names at the whole table.
#[derive(Debug)]
pub struct UnknownRoute;

/// No type implements it.
#[diagnostic::on_unimplemented(
    message = "there is no such route",
    label = "not the name of a route",
    note = "the routes are pre_sign_up, custom_message, post_confirmation, pre_authentication, post_authentication, define_auth_challenge, create_auth_challenge, verify_auth_challenge_response, pre_token_generation_v1, pre_token_generation_v2, pre_token_generation_v3, user_migration, custom_sms_sender, custom_email_sender, inbound_federation, otherwise"
)]
pub trait IsRoute {}

/// No type implements it.
#[diagnostic::on_unimplemented(
    message = "there is no such route",
    label = "has a route for each version",
    note = "take the one that the `LambdaVersion` of the pool names: pre_token_generation_v1, pre_token_generation_v2 or \
            pre_token_generation_v3"
)]
pub trait HasVersion {}

#[cfg(test)]
mod tests {
    use cognito_triggers_model::{Route, with_routes};

    use crate::{otherwise::pass_through, router::Router};

    macro_rules! write_all {
        ($($route:tt: $trigger:ident,)+) => {
            router! { $($route => |_, _| async { Err("unused".into()) },)+ otherwise => pass_through }
        };
    }

    #[test]
    #[expect(
        clippy::needless_update,
        reason = "every route has a line; other crates aren't told of this"
    )]
    fn every_route_is_known_and_named_in_the_error() {
        let router: Router<()> = with_routes!(write_all);
        assert_eq!(router.routes().count(), Route::ALL.len());
        let names: Vec<_> = Route::ALL.iter().map(|route| route.as_str()).collect();
        let note = format!("note = \"the routes are {}, otherwise\"", names.join(", "));
        assert!(include_str!("router_macro.rs").contains(&note), "{note}");
    }
}
