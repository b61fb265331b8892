//! A function for `runtime.rs`. The environment variable `MODE` selects its behavior.

use std::{env, io, time::Duration};

use cognito_triggers::{Router, RunError, router, runtime::Runtime};
use tower::{timeout::TimeoutLayer, util::MapRequestLayer};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RunError> {
    match env::var("MODE").as_deref() {
        Ok("no-start") => {
            let state = async || Err::<(), _>(io::Error::other("the table TENANTS is missing"));
            cognito_triggers::run_with(triggers(), state).await
        }
        Ok("layers") => {
            Runtime::new(triggers())
                .timeout(Duration::from_secs(3))
                .layer(TimeoutLayer::new(Duration::from_millis(100)))
                .run(())
                .await
        }
        Ok("panicking-layer") => {
            let layer = MapRequestLayer::new(|_| panic!("the layer has no idea"));
            Runtime::new(triggers()).layer(layer).run(()).await
        }
        _ => cognito_triggers::run(triggers(), ()).await,
    }
}

fn triggers() -> Router<()> {
    router! {
        pre_sign_up => |_, _| async { Ok(Default::default()) },
        post_confirmation => |_, _| async {
            tokio::time::sleep(Duration::from_millis(400)).await;
            Ok(Default::default())
        },
        post_authentication => |_, _| async { std::panic::panic_any([0u8; 4096]) },
    }
}
