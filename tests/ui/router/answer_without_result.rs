//! A handler that can't fail returns its answer without a `Result`.

use cognito_triggers::{Context, Event, PreSignUp, Router, pre_sign_up, router};

struct App;

async fn allow(_: Context<App>, _: Event<PreSignUp>) -> pre_sign_up::Response {
    pre_sign_up::Response::default()
}

fn triggers() -> Router<App> {
    router! {
        pre_sign_up => allow,
    }
}

fn main() {
    let _: Router<App> = triggers();
}
