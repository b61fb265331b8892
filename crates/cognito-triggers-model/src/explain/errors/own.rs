//! Texts of this project's own tools: the `errorType`s of a function and of the replay, the verdicts of a replay, and what the library
//! writes into a function's log.

use crate::{
    explain::errors::error_text::{ErrorText, error_texts},
    trigger::GUIDE,
};

/// When Lambda repeats a call.
const RETRIES: &str = "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html";

/// The text of a row is an `errorType` of a function of this project, of a replay or of Lambda, the verdict on a case, or an error of
/// `once`.
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
        "Something other than a user pool called the function.";
        "Correct the field that the message names; `cargo cognito event SOURCE` prints a correct event.";
        GUIDE;
    "TimedOut";
        "The handler didn't answer within the time that Cognito waits.";
        "A slow call without a timeout of its own.",
        "A cold start used up the five seconds.";
        "Find the slow call in the log. `--cold-start` and `--deadline` change what a replay measures.";
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
    "Runtime.InitError" or "Runtime.InitError…", "InitError", "the function can't start: …";
        "The function failed before it could take an event; its log says why.";
        "A missing environment variable, a failed connection, or an invalid setting at the start.";
        "Read the message and the function's log; `cargo cognito invoke EVENT --bin NAME --cold-start` starts the same binary here.";
        GUIDE;
    "Function.ResponseSizeTooLarge" or "Function.ResponseSizeTooLarge…";
        "The answer is larger than the 6 MB that Lambda allows.";
        "The answer repeats the event, and the event with its claims or attributes is that large.";
        "Shorten what the handler adds to `response`.";
        "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html";
    "Replay.NotStarted" or "Replay.NotStarted…";
        "The binary couldn't be started on this machine.";
        "It was built for another processor or system, or isn't executable.";
        "Read the message. `--bin NAME` builds the binary for this machine.";
        GUIDE;
    "Replay.InitFailed" or "Replay.InitFailed…", "the function reports that it can't start: …";
        "The function reported an error at its start, before it took an event.";
        "A missing environment variable, a failed connection, or an invalid setting at the start.";
        "Read the message and the log below it.";
        GUIDE;
    "Replay.NotJson" or "Replay.NotJson…";
        "The function's answer isn't JSON.";
        "An HTTP endpoint answered with a page or with text, or the function wrote its answer in another form.";
        "Compare the first bytes, which the message shows. Cognito says `Invalid lambda function output : Invalid JSON`.";
        GUIDE;
    "Replay.TooDeep" or "Replay.TooDeep…";
        "The answer is nested too deeply to be compared.";
        "A value contains itself again and again, such as a claim that repeats the claims.";
        "Flatten the value at the location that the message names.";
        GUIDE;
    "Replay.NoRoute" or "Replay.NoRoute…";
        "None of the given functions takes the event.";
        "No binary that `--bin` names routes the event's trigger or its version.",
        "`triggerSource` in the file is misspelled.";
        "Name the binary that routes it. `cargo cognito routes --bin NAME` lists the routes.";
        GUIDE;
    "Replay.Unreachable" or "Replay.Unreachable…";
        "The function can't be reached, or doesn't speak Lambda's protocol.";
        "Nothing listens at `--url`, or another server does.",
        "The endpoint reports an error of Lambda's runtime; the message names it.";
        "Start the function, such as with `cargo lambda watch`, and compare the address.";
        GUIDE;
    "an earlier call ended without saying whether … happened, so it isn't repeated";
        "A side effect with `IfUnknown::Refuse` may have happened in an earlier call for the same event, so it isn't done again.";
        "The earlier call failed with `MaybeDone`, such as after a request without a clear answer.",
        "The earlier call's time was up, or its process ended, during the side effect.";
        "Read the log of the earlier call. If the message didn't arrive, the user asks for another code. Errors after which nothing has happened are returned without `MaybeDone`, and the next call tries again.";
        RETRIES;
    "it is unknown whether it happened: …";
        "A side effect failed in a way that leaves unknown whether it happened.";
        "The handler returned `MaybeDone`: the service behind it gave no clear answer.";
        "Read the rest of the text. With `IfUnknown::Refuse` the next call for the same event doesn't repeat it; otherwise it does.";
        RETRIES;
    "another call is still doing …, and the time is up";
        "Two calls for the same event ran at once, and this one didn't wait any longer for the other.";
        "Cognito or Lambda repeated the call while the first one still ran.";
        "Look at how the first call ended. The wait is `wait_at_most`, until shortly before the call's deadline by default.";
        RETRIES;
    "the store failed, so … wasn't begun";
        "The table of `Once` couldn't be used, and `IfStoreFails::Refuse` forbids to go on without it.";
        "The function's role lacks a permission, `COGNITO_ONCE_TABLE` names no table, or DynamoDB didn't answer in time.";
        "Read the cause behind it in the log. `IfStoreFails::Run` goes on without the protection.";
        RETRIES;
    "PASS";
        "The answer is the approved one.";
        "Nothing differs, and no rule is certainly broken.";
        "An arrow after the name says what the caller gets, if that isn't success.";
        GUIDE;
    "NEW";
        "The case has no approved answer yet.";
        "There is an event file without an answer file.";
        "Read the answer, and approve it with `cargo cognito replay --accept`.";
        GUIDE;
    "ACCEPT";
        "The answer was written to the answer file.";
        "`--accept` or a review approved it.";
        "Read the change in version control.";
        GUIDE;
    "DIFF";
        "The answer isn't the approved one.";
        "The function changed, or the approved answer is out of date.",
        "A value changes from run to run, such as a time or a random code.";
        "Fix the function, or approve the answer with `--accept`. In an answer file `${any}` stands for a value that changes.";
        GUIDE;
    "RULE";
        "The answer is the approved one, but it certainly breaks a rule of Cognito.";
        "The approved answer was written or accepted with the mistake.";
        "Pass the code of the rule to `cargo cognito explain`, fix the function, and approve the new answer.";
        GUIDE;
    "UNSTEADY";
        "The same event got another answer when it was sent again.";
        "The handler's answer depends on time, chance or state, or a second call hits what the first one stored.";
        "Make the handler idempotent: Cognito may call again after five seconds.";
        GUIDE;
    "FAIL";
        "The case has no answer that could be compared.";
        "The function timed out, ended, or answered something that isn't an event.",
        "The answer can't be approved, such as `Unhandled`.";
        "Read the lines below the case: they name the `errorType` and show the function's log.";
        GUIDE;
};
