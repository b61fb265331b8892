//! Error texts that people search for: what they mean, what causes them, what to do next.

use crate::route::Route;

/// An error text, and what is known about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorText {
    /// The text as Cognito, Lambda or AWS KMS writes it; `…` stands for what varies.
    pub text: &'static str,
    /// The exception that carries it, where it is always the same.
    pub exception: Option<&'static str>,
    /// What it says, in one sentence.
    pub meaning: &'static str,
    /// What may have caused it, the most likely first.
    pub causes: &'static [&'static str],
    /// What to do next.
    pub next: &'static str,
    /// Where it is documented or was reported.
    pub link: &'static str,
    /// What to look for in a query, in lower case; one is enough.
    marks: &'static [&'static str],
}

const GUIDE: &str = "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html";

/// The error texts, special ones before general ones: the first that fits is the one that is meant.
pub static ERRORS: &[ErrorText] = &[
    ErrorText {
        text: "Unrecognizable lambda output",
        exception: Some("InvalidLambdaResponseException"),
        meaning: "Cognito has read the answer, and it isn't the event with a `response` that it takes.",
        causes: &[
            "The answer is only the response, not the whole event.",
            "`version`, `region`, `userPoolId`, `userName` or `callerContext` is missing, or spelled in another case.",
            "In version 1 of token generation a claim is a list or an object.",
            "A field of `response` holds an object or a list where a text or a flag belongs.",
            "The answer is that of an HTTP function (`statusCode`, `body`).",
        ],
        next: "Replay the event against the function: `cargo cognito replay EVENT --bin NAME` names the field. A \
               function of this crate always returns the event as it came, with `response` replaced.",
        link: "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/167",
        marks: &["unrecognizable lambda output"],
    },
    ErrorText {
        text: "Invalid lambda function output : Invalid JSON",
        exception: Some("InvalidLambdaResponseException"),
        meaning: "The function returned null, nothing, or what isn't JSON.",
        causes: &[
            "A code path returns nothing; in Node.js an `async` handler that also calls `callback`, or neither returns.",
            "The function returned before its work was done.",
        ],
        next: "Return the event on every path. A function of this crate can't return nothing.",
        link: "https://github.com/aws/aws-sdk-js/issues/2692",
        marks: &["invalid lambda function output", "invalid json"],
    },
    ErrorText {
        text: "… invocation failed due to error Socket timeout while invoking Lambda function.",
        exception: Some("UnexpectedLambdaException"),
        meaning: "The function took longer than the five seconds that Cognito waits; they can't be changed.",
        causes: &[
            "A cold start, longer still in a VPC or with little memory.",
            "A slow call to a database or another service, without a time-out of its own.",
            "A subnet without a route to what the function calls.",
        ],
        next: "Look for the duration in the function's log. Cognito may call again after a time-out, so send nothing \
               twice: make the handler idempotent.",
        link: "https://github.com/anomalyco/sst/issues/1815",
        marks: &["socket timeout", "timeout while invoking", "task timed out after"],
    },
    ErrorText {
        text: "… invocation failed due to error AccessDeniedException.",
        exception: Some("UnexpectedLambdaException"),
        meaning: "Cognito may not call the function; or, in the function's own log, the function may not do what it \
                  tried.",
        causes: &[
            "The function's resource policy has no statement for `cognito-idp.amazonaws.com`: only the console adds it \
             by itself.",
            "The statement names another pool in `AWS:SourceArn`, or another account in `AWS:SourceAccount`.",
            "The pool calls an alias or a version, and the statement is for the function without it.",
            "In the log of a custom sender: the function's role lacks `kms:Decrypt` on the pool's key.",
        ],
        next: "Check the template: `cargo cognito check template.yaml`. The statement allows `lambda:InvokeFunction` to \
               the principal `cognito-idp.amazonaws.com`, with the pool's ARN as `AWS:SourceArn`.",
        link: "https://github.com/amazon-archives/amazon-cognito-auth-js/issues/223",
        marks: &[
            "accessdeniedexception",
            "access denied",
            "not authorized to perform",
        ],
    },
    ErrorText {
        text: "… invocation failed due to error ResourceConflictException",
        exception: Some("UnexpectedLambdaException"),
        meaning: "Lambda is creating or updating the function.",
        causes: &[
            "A deployment runs.",
            "A function that wasn't called for long is being made ready again.",
        ],
        next: "Try again. Publish versions behind an alias, so that callers meet a finished one.",
        link: "https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html",
        marks: &["resourceconflictexception"],
    },
    ErrorText {
        text: "Custom auth lambda trigger is not configured for the user pool.",
        exception: None,
        meaning: "The app began a sign-in with CUSTOM_AUTH, and the pool lacks a trigger for it.",
        causes: &[
            "`DefineAuthChallenge`, `CreateAuthChallenge` or `VerifyAuthChallengeResponse` isn't set.",
            "An UpdateUserPool call that didn't name the triggers has removed them: it resets what it doesn't name.",
        ],
        next: "Set all three in the pool's `LambdaConfig`; `cargo cognito check` compares it with the function's routes.",
        link: "https://github.com/aws-amplify/amplify-js/issues/6327",
        marks: &[
            "custom auth lambda trigger",
            "custom auth trigger is not configured",
        ],
    },
    ErrorText {
        text: "InvalidCiphertextException",
        exception: None,
        meaning: "AWS KMS was handed something that isn't a KMS ciphertext.",
        causes: &[
            "The code of a custom sender went to `kms:Decrypt` as it is: it is a message of the AWS Encryption SDK, of \
             which only the data key is encrypted with KMS.",
            "The key is not the one that the pool's `KMSKeyID` names, or the encryption context is another.",
        ],
        next: "Open codes with `cognito-triggers-kms`, or with another library for the AWS Encryption SDK.",
        link: "https://github.com/awslabs/aws-sdk-rust/issues/1250",
        marks: &["invalidciphertext"],
    },
    ErrorText {
        text: "… commitment policy REQUIRE_ENCRYPT_REQUIRE_DECRYPT …",
        exception: None,
        meaning: "The AWS Encryption SDK refuses the code of a custom sender: Cognito encrypts without key commitment.",
        causes: &["The client has its default commitment policy."],
        next: "Set REQUIRE_ENCRYPT_ALLOW_DECRYPT, or open codes with `cognito-triggers-kms`.",
        link: "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-email-sender.html",
        marks: &[
            "commitment policy",
            "commitmentpolicy",
            "require_decrypt",
            "committed messages",
        ],
    },
    ErrorText {
        text: "Already found an entry for username …",
        exception: None,
        meaning: "A federated sign-in met the user that it was just linked to.",
        causes: &[
            "PreSignUp_ExternalProvider called AdminLinkProviderForUser: the sign-in that is under way fails.",
        ],
        next: "Let the app begin the sign-in once more; it finds the linked user then.",
        link: "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation-consolidate-users.html",
        marks: &["already found an entry"],
    },
    ErrorText {
        text: "PasswordResetRequiredException",
        exception: None,
        meaning: "The user must set a new password first.",
        causes: &[
            "UserMigration answered without `finalUserStatus` or with another one than `CONFIRMED`.",
            "An administrator has reset the password.",
        ],
        next: "Answer `finalUserStatus` = `CONFIRMED` if the password was checked in the old directory.",
        link: Route::UserMigration.definition().page,
        marks: &["passwordresetrequired"],
    },
    ErrorText {
        text: "The message is empty.",
        exception: Some("InvalidParameterException"),
        meaning: "A custom message has no words.",
        causes: &["`smsMessage`, `emailMessage` or `emailSubject` is an empty text."],
        next: "Answer null to leave the pool's template in force.",
        link: "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/521",
        marks: &["the message is empty"],
    },
    ErrorText {
        text: "… at 'emailBody' …",
        exception: Some("InvalidParameterException"),
        meaning: "Cognito doesn't take the e-mail that the custom message trigger wrote.",
        causes: &[
            "It lacks the placeholder of the code, `{####}`.",
            "It has characters that Cognito doesn't allow in an e-mail.",
        ],
        next: "Copy `request.codeParameter` into the message as it is. `cargo cognito replay` finds messages without it.",
        link: "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html",
        marks: &["emailbody"],
    },
    ErrorText {
        text: "… failed with error RequestId: … Error: Runtime exited with error: exit status ….",
        exception: Some("UserLambdaValidationException"),
        meaning: "The function's process ended in the middle of the call or at its start.",
        causes: &[
            "The program ended at its start: a missing environment variable, a failed connection.",
            "It was built for another processor or another system.",
            "It used up its memory, or was built with `panic = \"abort\"` and panicked.",
        ],
        next: "Read the function's log around the request id; `cargo cognito invoke EVENT --bin NAME --cold-start` starts \
               the same binary here.",
        link: "https://github.com/aws-amplify/amplify-js/issues/9127",
        marks: &["runtime exited", "exit status", "runtime.exiterror"],
    },
    ErrorText {
        text: "… failed with error internal error (reference …).",
        exception: Some("UserLambdaValidationException"),
        meaning: "A function of this crate failed, and told the person no more than the request id.",
        causes: &[
            "The handler returned an error that wasn't a rejection.",
            "It panicked, or took too long.",
            "The event couldn't be read, or has no line in the router.",
        ],
        next: "Search the function's log for the reference: the line with it has the whole chain of causes.",
        link: GUIDE,
        marks: &["internal error (reference", "internal error"],
    },
    ErrorText {
        text: "… failed with error failed to deserialize …",
        exception: Some("UserLambdaValidationException"),
        meaning: "The function's types don't fit what Cognito sends, and the person reads about it.",
        causes: &[
            "A field is null or absent that the types require: `validationData`, `groupConfiguration`, `answerCorrect`.",
            "A `triggerSource` that the types don't know.",
        ],
        next: "Compare with `cargo cognito event SOURCE --variants`: it lists the forms that are known. The types of this \
               crate take all of them.",
        link: "https://github.com/aws/aws-lambda-rust-runtime/issues/825",
        marks: &[
            "failed to deserialize",
            "missing field",
            "unknown variant",
            "invalid type",
        ],
    },
    ErrorText {
        text: "… invocation failed due to error ….",
        exception: Some("UnexpectedLambdaException"),
        meaning: "Cognito couldn't call the function, or got nothing back.",
        causes: &[
            "The permission is missing (AccessDeniedException).",
            "The function took longer than five seconds (Socket timeout).",
            "It is being updated (ResourceConflictException), or it was deleted.",
        ],
        next: "The words behind `due to error` say which; `cargo cognito explain` knows them one by one.",
        link: GUIDE,
        marks: &["invocation failed due to error", "unexpectedlambdaexception"],
    },
    ErrorText {
        text: "… failed with error ….",
        exception: Some("UserLambdaValidationException"),
        meaning: "The function returned an error; what follows `error` is its text, and the person reads it.",
        causes: &[
            "The function said no on purpose: a rejection.",
            "It failed, and its error text got out. A function of this crate shows rejections only.",
        ],
        next: "The name before `failed` is the trigger's, with its version for token generation. Cognito adds the full \
               stop. Look in the function's log for the call.",
        link: GUIDE,
        marks: &["failed with error", "userlambdavalidationexception"],
    },
    ErrorText {
        text: "NotAuthorizedException",
        exception: None,
        meaning: "Cognito itself said no: wrong user name or password, an expired session, or a custom sign-in that \
                  failed.",
        causes: &[
            "DefineAuthChallenge answered `failAuthentication`.",
            "The session of a custom sign-in is over: it lives three minutes unless AuthSessionValidity says more.",
            "UserMigration answered without attributes: the user is unknown there too.",
        ],
        next: "A rejection in a trigger is another exception, UserLambdaValidationException. Replay the session against \
               define: `cargo cognito flow custom-sign-in`.",
        link: Route::DefineAuthChallenge.definition().page,
        marks: &[
            "notauthorizedexception",
            "incorrect username or password",
            "invalid session for the user",
        ],
    },
];

/// The error text that a query is about: it stands in the query, or the query is a part of it.
pub(super) fn find(query: &str) -> Option<&'static ErrorText> {
    let query = query.to_lowercase();
    let within = |error: &&ErrorText| query.len() >= 6 && error.text.to_lowercase().contains(&query);
    let raised = |error: &&ErrorText| error.exception.is_some_and(|name| name.to_lowercase() == query);
    let marked = |error: &&ErrorText| error.marks.iter().any(|mark| query.contains(mark));
    // A part that several texts have means none of them.
    let mut parts = ERRORS.iter().filter(within);
    let only = parts.next().filter(|_| parts.next().is_none());
    ERRORS
        .iter()
        .find(marked)
        .or(only)
        .or_else(|| ERRORS.iter().find(raised))
}
