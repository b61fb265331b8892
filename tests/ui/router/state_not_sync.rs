//! The state isn't `Sync`.

use std::cell::Cell;

use cognito_triggers::{Context, CustomMessage, Event, PreSignUp, Result, Router, custom_message, pre_sign_up, router};

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
    router! {
        pre_sign_up => allow,
        custom_message => write,
        post_confirmation => |_, _| async { Ok(Default::default()) },
        post_authentication => async |context: Context<App>, _| {
            context.state.calls.set(2);
            Ok(Default::default())
        },
    }
}

fn main() {
    let _: Router<App> = triggers();
}
