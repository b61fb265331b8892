//! A handler for version 1 of token generation is used for the route of version 2.

use cognito_triggers::{Context, Event, PreTokenGenerationV1, Result, Router, pre_token_generation_v1, router};

struct App;

async fn add_tenant(_: Context<App>, _: Event<PreTokenGenerationV1>) -> Result<pre_token_generation_v1::Response> {
    Ok(pre_token_generation_v1::Response::default())
}

fn triggers() -> Router<App> {
    router! {
        pre_token_generation_v2 => add_tenant,
    }
}

fn main() {
    let _: Router<App> = triggers();
}
