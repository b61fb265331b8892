//! The state isn't `Sync`, without the macro.

use std::cell::Cell;

use cognito_triggers::{Context, CustomMessage, Event, PreSignUp, Result, Router, custom_message, pre_sign_up, router::on};

struct App {
    calls: Cell<u32>,
}

async fn allow(context: Context<App>, _: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    context.state.calls.set(1);
    Ok(pre_sign_up::Response::default())
}

async fn write(_: Context<App>, _: Event<CustomMessage>) -> Result<custom_message::Response> {
    Ok(custom_message::Response::default())
}

fn triggers() -> Router<App> {
    Router {
        pre_sign_up: on(allow),
        custom_message: on(write),
        post_confirmation: on(|_, _| async { Ok(Default::default()) }),
        ..Router::new()
    }
}

fn main() {
    let _: Router<App> = triggers();
}
