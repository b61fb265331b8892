//! A handler returns the answer of another trigger.

use cognito_triggers::{Context, Event, PreSignUp, Result, Router, router};

struct App;

async fn allow(_: Context<App>, _: Event<PreSignUp>) -> Result<cognito_triggers::custom_message::Response> {
    Ok(Default::default())
}

fn triggers() -> Router<App> {
    router! {
        pre_sign_up => allow,
    }
}

fn main() {
    let _: Router<App> = triggers();
}
