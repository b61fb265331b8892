//! A handler doesn't take the event.

use cognito_triggers::{Context, Result, Router, pre_sign_up, router};

struct App;

async fn allow(_: Context<App>) -> Result<pre_sign_up::Response> {
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
