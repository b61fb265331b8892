//! The state borrows.

use cognito_triggers::{Context, CustomMessage, Event, PreSignUp, Result, Router, custom_message, pre_sign_up, router};

struct App<'a> {
    name: &'a str,
}

async fn allow(context: Context<App<'_>>, _: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    println!("{}", context.state.name);
    Ok(pre_sign_up::Response::default())
}

async fn write(_: Context<App<'_>>, _: Event<CustomMessage>) -> Result<custom_message::Response> {
    Ok(custom_message::Response::default())
}

fn triggers<'a>() -> Router<App<'a>> {
    router! {
        pre_sign_up => allow,
        custom_message => write,
        post_confirmation => |_, _| async { Ok(Default::default()) },
    }
}

fn main() {
    let _ = triggers();
}
