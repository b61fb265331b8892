//! A function that takes 300 ms to start. It answers with the time that a call has left. `LAYER` puts a layer around it.

use std::{convert::Infallible, thread, time::Duration};

use cognito_triggers::{
    Context, Error, Router, RunError,
    layer::{LambdaEvent, Payload},
    reject, router,
    runtime::Runtime,
};
use tower::util::MapRequestLayer;

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn main() -> Result<(), RunError> {
    let state = async || {
        thread::sleep(Duration::from_millis(300));
        Ok::<_, Infallible>(())
    };
    if std::env::var_os("LAYER").is_some() {
        let layer = MapRequestLayer::new(|event: LambdaEvent<Payload>| event);
        return Runtime::new(triggers()).layer(layer).run_with(state).await;
    }
    cognito_triggers::run_with(triggers(), state).await
}

fn triggers() -> Router<()> {
    router! {
        pre_sign_up => |context, _| async move { Err(remaining(&context)) },
        custom_email_sender => |context, _| async move { Err(remaining(&context)) },
    }
}

fn remaining(context: &Context<()>) -> Error {
    reject(context.remaining().as_millis().to_string())
}
