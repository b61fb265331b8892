//! The function of `tests/soak.rs`, which answers, rejects, panics, is slow, and is too slow.

use std::time::Duration;

use cognito_triggers::{
    Claims, Context, Event, PostAuthentication, PreAuthentication, PreTokenGenerationV1, Result, RunError,
    post_authentication, pre_authentication, pre_token_generation_v1, reject, router, runtime::Runtime,
};

#[tokio::main(worker_threads = 2)]
pub(crate) async fn main() -> std::result::Result<(), RunError> {
    let triggers = router! {
        pre_token_generation_v1 => claim,
        pre_authentication => refuse,
        post_authentication => panic,
        post_confirmation => |_, _| async {
            tokio::time::sleep(Duration::from_millis(5)).await;
            Ok(Default::default())
        },
        pre_sign_up => |_, _| std::future::pending(),
    };
    Runtime::new(triggers)
        .timeout(Duration::from_millis(250))
        .run(())
        .await
}

/// Puts the user's name into a claim, so that an answer shows which event it is for.
async fn claim(
    _: Context<()>,
    event: Event<PreTokenGenerationV1>,
) -> Result<pre_token_generation_v1::Response> {
    let name = event.user_name().unwrap_or_default().to_owned();
    tokio::task::yield_now().await;
    Ok(pre_token_generation_v1::Response {
        claims_to_add_or_override: Claims::from([("name", name.as_str())]),
        ..Default::default()
    })
}

async fn refuse(_: Context<()>, event: Event<PreAuthentication>) -> Result<pre_authentication::Response> {
    Err(reject(format!(
        "not you, {}",
        event.user_name().unwrap_or_default()
    )))
}

async fn panic(_: Context<()>, _: Event<PostAuthentication>) -> Result<post_authentication::Response> {
    std::panic::panic_any([0u8; 4096])
}
