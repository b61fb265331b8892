//! The route of token generation has no version.

use cognito_triggers::{Context, Event, PreTokenGenerationV2, Result, Router, pre_token_generation_v2, router};

struct App;

async fn add_tenant(_: Context<App>, _: Event<PreTokenGenerationV2>) -> Result<pre_token_generation_v2::Response> {
    Ok(pre_token_generation_v2::Response::default())
}

fn triggers() -> Router<App> {
    router! {
        pre_token_generation => add_tenant,
    }
}

fn main() {
    let _: Router<App> = triggers();
}
