//! A function without faults, for the tests and the benchmark: it has a few routes and passes other events through.

use cognito_triggers::{
    Context, CustomMessage, Event, PreSignUp, PreTokenGenerationV2, Result, Router, RunError, custom_message,
    pass_through, pre_sign_up, pre_token_generation_v2, reject, router,
};

async fn invite(_: Context<()>, event: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    match event.request.user_attributes.email() {
        Some(email) if email.ends_with("@example.com") => Ok(pre_sign_up::Response {
            auto_confirm_user: true,
            ..Default::default()
        }),
        Some(_) => Err(reject("this email domain is not invited")),
        None => Err("no address".into()),
    }
}

async fn greet(_: Context<()>, event: Event<CustomMessage>) -> Result<custom_message::Response> {
    let name = event.request.user_attributes.get("name").unwrap_or("you");
    Ok(custom_message::Response {
        email_subject: Some(format!("Hello, {name}")),
        ..Default::default()
    })
}

async fn refuse(
    _: Context<()>,
    event: Event<PreTokenGenerationV2>,
) -> Result<pre_token_generation_v2::Response> {
    if event.user_name().is_none() {
        return Err("nobody to make a token for".into());
    }
    Ok(pre_token_generation_v2::Response::default())
}

/// The table.
pub fn triggers() -> Router<()> {
    router! {
        pre_sign_up             => invite,
        custom_message          => greet,
        pre_token_generation_v2 => refuse,
        otherwise               => pass_through,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RunError> {
    cognito_triggers::run(triggers(), ()).await
}
