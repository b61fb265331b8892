//! A handler returns an error type that the library can't convert.

use cognito_triggers::{Context, Event, PreSignUp, Result, Router, pre_sign_up, router};

struct App;

async fn allow(_: Context<App>, _: Event<PreSignUp>) -> Result<pre_sign_up::Response, std::io::Error> {
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
