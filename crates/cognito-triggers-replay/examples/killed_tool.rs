//! A tool for the test that kills it. It sends events to the function that its first argument names, and waits. Its second
//! argument is the number of events that it sends at once.

use std::{env, path::PathBuf, time::Duration};

use cognito_triggers::samples;
use cognito_triggers_targets::{Invocation, Process, Target};
use futures_util::future::join_all;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut args = env::args_os().skip(1);
    let function = Process::new(PathBuf::from(args.next().unwrap_or_default()));
    let count = args
        .next()
        .and_then(|count| count.to_str()?.parse().ok())
        .unwrap_or(1);
    let event = samples::find("PreSignUp_SignUp", None, None).map_or("{}", |sample| sample.json);
    let call = || {
        let mut invocation = Invocation::new(event);
        invocation.timeout = Duration::from_secs(60);
        function.invoke(invocation)
    };
    join_all((0..count).map(|_| call())).await;
    std::future::pending::<()>().await;
}
