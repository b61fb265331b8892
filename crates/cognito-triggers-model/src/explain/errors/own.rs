//! Words of this project's own tools: the `errorType`s of a function and of the replay.

use crate::explain::errors::error_text::{ErrorText, GUIDE, error_texts};

/// The text of a row is an `errorType`: of a function of this project, of a replay, or of Lambda.
pub(super) const ROWS: &[ErrorText] = error_texts! {
    "Rejected";
        "The handler rejected the call on purpose: the user reads the message.";
        "The handler returned `reject(…)` or used `or_reject(…)`.";
        "If the rejection is right, approve it as the answer of the case: `{\"rejected\": \"…\"}`.";
        GUIDE;
    "Failed";
        "The handler returned an error that isn't a rejection: the user reads only a reference.";
        "A `?` on an error of the function's own, such as a database that can't be reached.",
        "The handler panicked.";
        "Read the log below the case: it has the whole chain of causes.";
        GUIDE;
    "Unhandled";
        "No line of the router takes the event.";
        "The router has no line for this trigger or for this version of token generation.",
        "The pool calls the wrong function.";
        "Add the line that the message names, or `otherwise => pass_through`. `cargo cognito routes --bin NAME` lists the lines.";
        GUIDE;
    "Malformed";
        "The event can't be read: it isn't JSON, has no `triggerSource`, or a field has the wrong type.";
        "The event file was edited by hand; the message names the field, the line and the column.",
        "Something else than a user pool called the function.";
        "Correct the field that the message names; `cargo cognito event SOURCE` prints a correct event.";
        GUIDE;
    "TimedOut";
        "The handler didn't answer within the time that Cognito waits.";
        "A slow call without a timeout of its own.",
        "A cold start used up the five seconds.";
        "Find the slow call in the log. `--cold-start` and `--timeout` change what a replay measures.";
        GUIDE;
    "Sandbox.Timedout" or "Sandbox.Timedout…";
        "Lambda stopped the function at its own `Timeout`.";
        "`Timeout` is shorter than the call takes; Lambda's default is three seconds.";
        "Raise `Timeout` to five seconds, and find the slow call.";
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html";
    "Runtime.ExitError" or "Runtime.ExitError…";
        "The process of the function ended during the call or at its start.";
        "It panicked with `panic = \"abort\"`, ran out of memory, or ended with an exit status.";
        "Read the log; `--cold-start` starts the same binary here.";
        GUIDE;
    "Runtime.InvalidEntrypoint" or "Runtime.InvalidEntrypoint…", "fork/exec /var/task/bootstrap: exec format error";
        "Lambda can't start the function's program.";
        "It was built for another processor, or for another system.",
        "The file isn't named `bootstrap`, or isn't executable.";
        "Build for the function's architecture: `cargo lambda build --release --arm64` for arm64.";
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-rust.html";
};
