//! The functions that tests start as processes, in one binary: most of each is the runtime. The environment variable `FUNCTION`
//! selects one.

mod logs_everything;
mod runtime;
mod slow_start;
mod soak;

use cognito_triggers::RunError;

fn main() -> Result<(), RunError> {
    let function = std::env::var("FUNCTION").unwrap_or_default();
    match function.as_str() {
        "runtime" => runtime::main(),
        "slow_start" => slow_start::main(),
        "soak" => soak::main(),
        "logs_everything" => logs_everything::main(),
        _ => panic!("there is no function `{function}`"),
    }
}
