//! The function of `tests/runtime.rs`. The environment variable `MODE` selects its behavior.

mod layer;

use std::{convert::Infallible, env, io, time::Duration};

use cognito_triggers::{Router, RunError, function::Function, metrics::Metrics, router, runtime::Runtime};
use tower::{layer::layer_fn, timeout::TimeoutLayer, util::MapRequestLayer};

use layer::Observed;

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn main() -> Result<(), RunError> {
    match env::var("MODE").as_deref() {
        Ok("no-start") => {
            let state = async || Err::<(), _>(io::Error::other("the table TENANTS is missing"));
            runtime().run_with(state).await
        }
        Ok("panicking-start") => {
            let state = async || {
                let table = env::var_os("TENANTS").expect("the table TENANTS is missing");
                drop(table);
                Ok::<_, Infallible>(())
            };
            runtime().run_with(state).await
        }
        Ok("panicking-layering") => {
            let layer = layer_fn(|function: Function<()>| {
                let has_address = env::var_os("EXPORTER").is_some();
                assert!(has_address, "the exporter has no address");
                function
            });
            runtime().layer(layer).run(()).await
        }
        Ok("observing-layer") => {
            runtime()
                .timeout(Duration::from_millis(100))
                .layer(layer_fn(Observed))
                .run(())
                .await
        }
        Ok("layers") => {
            runtime()
                .timeout(Duration::from_secs(3))
                .layer(TimeoutLayer::new(Duration::from_millis(100)))
                .run(())
                .await
        }
        Ok("panicking-layer") => {
            let layer = MapRequestLayer::new(|_| panic!("the layer has no idea"));
            runtime().layer(layer).run(()).await
        }
        _ => runtime().run(()).await,
    }
}

/// The runtime, with metrics if the environment variable `METRICS` is set.
fn runtime() -> Runtime<()> {
    let runtime = Runtime::new(triggers());
    match env::var_os("METRICS") {
        Some(_) => runtime.metrics(Metrics::new("Tests").expect("a namespace")),
        None => runtime,
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
