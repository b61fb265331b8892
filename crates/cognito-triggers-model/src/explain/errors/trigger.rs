//! Errors about a trigger: its answer, its own error, its call.
//!
//! Cognito writes the name of the trigger before most of them: the key of `LambdaConfig`, with the version for token
//! generation, as in `PreTokenGenerationV2_0`. What follows `failed with error` is the function's own text, and what
//! follows `invocation failed due to error` is Lambda's.

use crate::{
    explain::errors::error_text::{ErrorText, error_texts},
    route::Route,
    trigger::{GUIDE, LIMITS},
};

/// Texts of Cognito about an answer, and about triggers that aren't set.
///
/// These are whole messages, without the trigger's name before them.
pub(super) const ANSWERS: &[ErrorText] = error_texts! {
    "Unrecognizable lambda output" in "InvalidLambdaResponseException";
        "Cognito has read the answer, but it isn't the event with an accepted `response`.";
        "The answer is only the response, not the whole event.",
        "`version`, `region`, `userPoolId`, `userName` or `callerContext` is missing, or spelled in another case.",
        "In version 1 of token generation a claim is an array or an object.",
        "`clientMetadata` or `clientId` is null, and the event has no such key (one report).",
        "A field of `response` holds an object or an array instead of a string or a boolean.",
        "The answer is that of an HTTP function (`statusCode`, `body`).";
        "Replay the event against the function: `cargo cognito replay EVENT --bin NAME` names the field. A function of this crate always returns the event as it came, with `response` replaced.";
        "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/167";
    "Invalid lambda function output : Invalid JSON" in "InvalidLambdaResponseException" or "Invalid JSON";
        "The function returned null, nothing, or something that isn't JSON.";
        "A code path returns nothing; in Node.js an `async` handler that also calls `callback`, or neither returns.",
        "The function returned before its work was done.";
        "Return the event on every path. A function of this crate can't return nothing.";
        "https://github.com/aws/aws-sdk-js/issues/2692";
    "Custom auth lambda trigger is not configured for the user pool." in "InvalidParameterException"
        or "Custom auth trigger is not configured…";
        "The app began a sign-in with CUSTOM_AUTH, and the pool lacks a trigger for it.";
        "`DefineAuthChallenge`, `CreateAuthChallenge` or `VerifyAuthChallengeResponse` isn't set.",
        "An UpdateUserPool call that didn't name the triggers has removed them: it resets what it doesn't name.";
        "Set all three in the pool's `LambdaConfig`; `cargo cognito check` compares it with the function's routes.";
        "https://github.com/aws-amplify/amplify-js/issues/6327";
    "null invocation failed due to configuration." in "UnexpectedLambdaException"
        or "null failed with error Generate callenges lambda cannot be called..", "null failed with error …";
        "Cognito wanted to call a trigger of a custom sign-in that the pool doesn't have; `null` stands for its name.";
        "The app signs in with CUSTOM_AUTH, and the pool has no challenge triggers.",
        "Reported with Amplify, which sends CUSTOM_AUTH for a blank password.";
        "Set the three challenge triggers, or sign in with a password flow. Check in the app that the password isn't blank.";
        "https://github.com/aws-amplify/amplify-js/issues/4300";
    "The message is empty." in "InvalidParameterException";
        "A custom message has no text.";
        "`smsMessage`, `emailMessage` or `emailSubject` is an empty string.";
        "Answer null to use the template of the pool.";
        "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/521";
    "1 validation error detected: Value … at 'emailBody' failed to satisfy constraint: …" in "InvalidParameterException"
        or "1 validation error detected: Value at 'emailBody' failed…";
        "Cognito doesn't accept the email that the custom message trigger wrote.";
        "It lacks the placeholder of the code, `{####}`.",
        "It has characters that Cognito doesn't allow in an email, or more than 20,000.";
        "Copy `request.codeParameter` into the message as it is. `cargo cognito replay` finds messages without it.";
        Route::CustomMessage.definition().page;
    "1 validation error detected: Value … at 'smsMessage' failed to satisfy constraint: …" in "InvalidParameterException"
        or "1 validation error detected: Value at 'smsMessage' failed…", "1 validation error detected: Value … at 'emailSubject' failed…", "1 validation error detected: Value at 'emailSubject' failed…";
        "A message or subject that the custom message trigger wrote is too long, or lacks its placeholder.";
        "An SMS message and a subject have at most 140 characters, the code included.",
        "The message lacks the placeholder of the code, `{####}`.";
        "Shorten the text. `cargo cognito replay` reports it as `custom-message-too-long`.";
        LIMITS;
};

/// What a trigger's own error can hold: `<Trigger> failed with error <one of these>.`
///
/// The exception is `UserLambdaValidationException`, and the user reads the text. Cognito adds the period.
pub(super) const FUNCTION_ERRORS: &[ErrorText] = error_texts! {
    "… Task timed out after … seconds" in "UserLambdaValidationException" or "Task timed out after … seconds";
        "The function ran longer than its own `Timeout`, so Lambda stopped it. Cognito's five seconds are not the cause.";
        "`Timeout` of the function is still Lambda's default of three seconds.",
        "A cold start, or a slow call without a timeout of its own.";
        "Raise `Timeout` to five seconds: Cognito waits no longer. Look for the duration in the function's log.";
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html";
    "User: … is not authorized to perform: … on resource: …" in "UserLambdaValidationException"
        or "User: … is not authorized to perform: …", "… is not authorized to perform: … on resource: arn:…", "AccessDeniedException: User: … is not authorized to perform: …";
        "The function ran, but its role doesn't allow what it tried.";
        "The function's role has no statement for the action that the text names, or names another resource.",
        "For a custom sender: the role lacks `kms:Decrypt` on the pool's key.";
        "Add the action and the resource of the text to the policy of the function's role. Cognito's permission to call the function is not the problem.";
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html";
    "RequestId: … Error: Runtime exited with error: exit status …" in "UserLambdaValidationException"
        or "RequestId: … Error: Runtime exited …", "… Error: Runtime exited with error: …", "Runtime exited with error: …", "RequestId: … Process exited before completing request";
        "The function's process ended during the call or at its start.";
        "The program ended at its start: a missing environment variable, a failed connection.",
        "It was built for another processor or another system.",
        "It used up its memory, or was built with `panic = \"abort\"` and panicked.";
        "Read the function's log around the request id; `cargo cognito invoke EVENT --bin NAME --cold-start` starts the same binary here.";
        "https://github.com/aws-amplify/amplify-js/issues/9127";
    "internal error (reference …)" in "UserLambdaValidationException";
        "A function of this crate failed, and told the user only the request id.";
        "The handler returned an error that wasn't a rejection.",
        "It panicked, or took too long.",
        "The event couldn't be read, or no line of the router takes it.";
        "Search the function's log for the reference: that line has the whole chain of causes.";
        GUIDE;
    "failed to deserialize …" in "UserLambdaValidationException"
        or "…missing field `…`…", "…unknown variant `…`…", "…invalid type: …, expected …";
        "The function's types don't fit what Cognito sends, and the user reads about it.";
        "A field is null or absent that the types require: `validationData`, `groupConfiguration`, `answerCorrect`.",
        "The types don't know a `triggerSource`.";
        "Compare with `cargo cognito event SOURCE --variants`, which lists the known forms. The types of this crate accept all of them.";
        "https://github.com/aws/aws-lambda-rust-runtime/issues/825";
};

/// What Lambda says about a call: `<Trigger> invocation failed due to error <one of these>`.
///
/// The exception is `UnexpectedLambdaException`. The function has not run, or its answer came too late.
pub(super) const INVOCATIONS: &[ErrorText] = error_texts! {
    "… invocation failed due to error Socket timeout while invoking Lambda function." in "UnexpectedLambdaException"
        or "Socket timeout while invoking Lambda function.", "Socket timeout…";
        "The function took longer than the five seconds that Cognito waits. The limit can't be changed.";
        "A cold start, which takes longer in a VPC or with little memory.",
        "A slow call to a database or another service, without a timeout of its own.",
        "A subnet without a route to what the function calls.";
        "Look for the duration in the function's log. Cognito may call again after a timeout, so make the handler idempotent.";
        "https://github.com/anomalyco/sst/issues/1815";
    "… invocation failed due to error AccessDeniedException." in "UnexpectedLambdaException" or "AccessDeniedException";
        "Cognito may not call the function.";
        "The function's resource policy has no statement for `cognito-idp.amazonaws.com`: only the console adds it by itself.",
        "The function that the pool names was deleted, or the pool names another one.",
        "The statement names another pool in `AWS:SourceArn`, or another account in `AWS:SourceAccount`.",
        "The pool calls an alias or a version, and the statement is for the function without it.";
        "Check the template: `cargo cognito check template.yaml`. The statement allows `lambda:InvokeFunction` to the principal `cognito-idp.amazonaws.com`, with the pool's ARN as `AWS:SourceArn`.";
        "https://github.com/amazon-archives/amazon-cognito-auth-js/issues/223";
    "… invocation failed due to error ResourceNotFoundException" in "UnexpectedLambdaException" or "ResourceNotFoundException";
        "Lambda has no function with the ARN in the pool's `LambdaConfig`.";
        "The function was deleted or renamed.",
        "The ARN names an alias or version that doesn't exist, or another region or account.";
        "Compare the ARN in the pool's `LambdaConfig` with the function; `cargo cognito check` does that for a template.";
        "https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html";
    "… invocation failed due to error TooManyRequestsException" in "UnexpectedLambdaException" or "TooManyRequestsException", "… invocation failed due to error Rate Exceeded…";
        "Lambda throttles the function: its concurrency is used up.";
        "The function's reserved concurrency, or the account's concurrency in the region, is used up.",
        "Reserved concurrency is zero, which turns the function off.";
        "Raise or remove the reserved concurrency, and look at the function's `Throttles` metric.";
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html";
    "… invocation failed due to error ResourceConflictException" in "UnexpectedLambdaException" or "ResourceConflictException";
        "Lambda is creating or updating the function.";
        "A deployment is running.",
        "A function that wasn't called for a long time is becoming active again.";
        "Try again. Publish versions behind an alias, so that callers always reach a finished one.";
        "https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html";
};

/// The general rows, for texts that no other row fits.
///
/// The first row is for calls that failed, and the second for functions that returned an error.
pub(super) const GENERAL: &[ErrorText] = error_texts! {
    "… invocation failed due to error …." in "UnexpectedLambdaException" or "… invocation failed due to error …", "UnexpectedLambdaException";
        "Cognito couldn't call the function, or got nothing back.";
        "The permission is missing (AccessDeniedException).",
        "The function took longer than five seconds (Socket timeout).",
        "It is being updated (ResourceConflictException) or throttled (TooManyRequestsException).";
        "The words after `due to error` are Lambda's. Pass the whole text to `cargo cognito explain`.";
        GUIDE;
    "… failed with error …." in "UserLambdaValidationException" or "… failed with error …", "UserLambdaValidationException";
        "The function returned an error. The words after `error` are its own, and the user reads them.";
        "The function rejected the call on purpose.",
        "It failed, and its error text reached the user. A function of this crate shows rejections only.";
        "The name before `failed` is the trigger's, with its version for token generation. Cognito adds the period. Look in the function's log for the call.";
        GUIDE;
};
