//! A handler has the wrong state type.

use cognito_triggers::{Context, Event, PreSignUp, Result, Router, pre_sign_up, router};

struct App;

struct OtherApp;

async fn allow(_: Context<OtherApp>, _: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    Ok(pre_sign_up::Response::default())
}

fn triggers() -> Router<App> {
    router! {
        pre_sign_up => allow,
    }
}

fn main() {
    let _: Router<App> = triggers();
}
