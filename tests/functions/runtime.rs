//! The function of `tests/runtime.rs`. The environment variable `MODE` selects its behavior.

mod layer;

use std::{convert::Infallible, env, io, time::Duration};

use cognito_triggers::{Router, RunError, function::Function, router, runtime::Runtime};
use tower::{layer::layer_fn, timeout::TimeoutLayer, util::MapRequestLayer};

use layer::Observed;

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn main() -> Result<(), RunError> {
    match env::var("MODE").as_deref() {
        Ok("no-start") => {
            let state = async || Err::<(), _>(io::Error::other("the table TENANTS is missing"));
            cognito_triggers::run_with(triggers(), state).await
        }
        Ok("panicking-start") => {
            let state = async || {
                let table = env::var_os("TENANTS").expect("the table TENANTS is missing");
                drop(table);
                Ok::<_, Infallible>(())
            };
            cognito_triggers::run_with(triggers(), state).await
        }
        Ok("panicking-layering") => {
            let layer = layer_fn(|function: Function<()>| {
                let has_address = env::var_os("EXPORTER").is_some();
                assert!(has_address, "the exporter has no address");
                function
            });
            Runtime::new(triggers()).layer(layer).run(()).await
        }
        Ok("observing-layer") => {
            Runtime::new(triggers())
                .timeout(Duration::from_millis(100))
                .layer(layer_fn(Observed))
                .run(())
                .await
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
