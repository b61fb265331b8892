//! Every way to write a router: functions, closures, one handler for two versions, routes with attributes, without the macro, merged routers.

use cognito_triggers::{Context, Event, PreSignUp, Result, Router, define_auth_challenge, model::Trigger, pass_through, pre_sign_up, pre_token_generation::Source, pre_token_generation_v2::{Request, Response}, router, router::on};

struct App {
    tenant: String,
}

async fn allow(_: Context<App>, _: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    Ok(pre_sign_up::Response::default())
}

async fn add_tenant<T>(context: Context<App>, event: Event<T>) -> Result<Response>
where
    T: Trigger<Source = Source, Request = Request, Response = Response>,
{
    let mut response = Response::default();
    if event.source != Source::ClientCredentials {
        response
            .id_token_generation
            .claims_to_add_or_override
            .insert("tenant", context.state.tenant.as_str());
    }
    Ok(response)
}

fn with_functions() -> Router<App> {
    router! {
        pre_sign_up => allow,
        // A line that is configured away isn't compiled.
        #[cfg(any())]
        custom_message => nothing_of_this_name,
        #[cfg(all())]
        pre_token_generation_v2 => add_tenant,
        pre_token_generation_v3 => add_tenant,
        otherwise => pass_through,
    }
}

fn with_closures() -> Router<App> {
    let attempts = 3;
    router! {
        define_auth_challenge => move |_, event| async move {
            Ok(if event.request.session.custom_challenge_attempts() < attempts {
                define_auth_challenge::Response::Challenge(define_auth_challenge::NextChallenge::CustomChallenge)
            } else {
                define_auth_challenge::Response::FailAuthentication
            })
        },
        post_authentication => async |context: Context<App>, event| {
            if event.request.new_device_used && context.remaining().is_zero() {
                return Err("too late".into());
            }
            Ok(Default::default())
        },
        create_auth_challenge => |_, _| async { Ok(Default::default()) }
    }
}

fn without_the_macro() -> Router<App> {
    Router {
        custom_message: on(|_, _| async { Ok(Default::default()) }),
        ..Router::new()
    }
}

fn empty() -> Router<App> {
    router! {}
}

fn main() -> std::result::Result<(), cognito_triggers::router::MergeError> {
    let all = with_functions()
        .merge(with_closures())?
        .merge(without_the_macro())?
        .merge(empty())?;
    assert_eq!(all.routes().count(), 7);
    Ok(())
}
