//! Answers a number of sample events of a route, for `instructions.py`, which counts the instructions:
//! `instructions ROUTE ours|floor CALLS`.

use std::{env, hint::black_box, sync::Arc};

use cognito_triggers::model::Route;
use cognito_triggers_bench::{event, floor, ours, triggers};
use lambda_runtime::Context;

fn main() {
    let arguments: Vec<_> = env::args().collect();
    let [_, route, way, calls] = arguments.as_slice() else {
        panic!("instructions ROUTE ours|floor CALLS");
    };
    let route = Route::ALL.iter().find(|known| known.as_str() == route);
    let event = event(*route.expect("a route"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let runtime = runtime.expect("a runtime");
    let _guard = runtime.enter();
    let (function, context) = (triggers().with_state(()), Arc::new(Context::default()));
    for _ in 0..calls.parse().expect("a number of calls") {
        match way.as_str() {
            "ours" => drop(black_box(ours(&function, black_box(&event), &context))),
            "floor" => drop(black_box(floor(black_box(&event)))),
            _ => panic!("ours or floor"),
        }
    }
}
