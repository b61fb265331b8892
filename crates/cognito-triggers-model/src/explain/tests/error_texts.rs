//! Texts that people paste, and the entry for each of them.

use crate::explain::{Explanation, explain};

fn entry(query: &str) -> Option<&'static str> {
    match explain(query) {
        Some(Explanation::Error(error)) => Some(error.text),
        _ => None,
    }
}

/// A word of the entry's text, of its meaning or of its first cause is enough to tell the entries apart.
fn assert_known(cases: &[(&str, &str)]) {
    for (query, wanted) in cases {
        let text = entry(query);
        assert!(
            text.is_some_and(|text| text.starts_with(wanted)),
            "{query:?}: {text:?} instead of {wanted:?}"
        );
    }
}

/// Every text of the API with the beginning of its entry, operation by operation, as real responses had it.
#[test]
fn the_texts_of_the_api_are_known() {
    let table = include_str!("api_texts.txt");
    let cases: Vec<_> = table.lines().filter_map(|line| line.split_once(" <= ")).collect();
    assert_eq!(cases.len(), table.lines().count());
    let cases: Vec<_> = cases.into_iter().map(|(wanted, query)| (query, wanted)).collect();
    assert_known(&cases);
    for trigger in [
        "CreateAuthChallenge",
        "CustomMessage",
        "DefineAuthChallenge",
        "PostAuthentication",
        "PostConfirmation",
        "PreAuthentication",
        "PreSignUp",
        "PreTokenGeneration",
        "PreTokenGenerationV2_0",
        "PreTokenGenerationV3_0",
        "UserMigration",
        "VerifyAuthChallengeResponse",
    ] {
        let text = format!("UserLambdaValidationException: {trigger} failed with error not today.");
        assert_eq!(entry(&text), Some("… failed with error …."), "{text}");
    }
}

#[test]
fn error_texts_are_found_in_every_pasted_form() {
    for (text, exception) in [
        ("User is not confirmed.", "UserNotConfirmedException"),
        (
            "Attempt limit exceeded, please try after some time.",
            "LimitExceededException",
        ),
        (
            "Unable to verify secret hash for client 1example23456789012345678",
            "NotAuthorizedException",
        ),
        (
            "PreSignUp invocation failed due to error ResourceNotFoundException",
            "UnexpectedLambdaException",
        ),
    ] {
        let known = entry(text).unwrap_or_else(|| panic!("{text}"));
        for form in [
            text.to_uppercase(),
            format!("{exception}: {text}"),
            format!(
                "com.amazonaws.services.cognitoidentityprovider.model.{exception}: {text} (Service: AWSCognitoIdentityProvider; Status Code: 400; Request ID: 5ad1)"
            ),
            format!("An error occurred ({exception}) when calling the InitiateAuth operation: {text}"),
            format!(
                "An error occurred ({exception}) when calling the SignUp operation (reached max retries: 4): {text}"
            ),
            format!(r#"{{"__type":"{exception}","message":"{text}"}}"#),
            format!(r#"{{"code":"{exception}","name":"{exception}","message":"{text}"}}"#),
            format!("2026-11-26T20:00:00Z ERROR sign-in failed: {text}"),
            format!("Error: {exception}: {text}\n"),
        ] {
            assert_eq!(entry(&form), Some(known), "{form}");
        }
    }
}

#[test]
fn the_structure_of_a_triggers_error_comes_before_its_words() {
    assert_known(&[
        (
            "PreSignUp failed with error 2026-01-20T12:00:00.000Z 5ad1 Task timed out after 3.00 seconds.",
            "… Task timed out",
        ),
        (
            "CustomMessage failed with error RequestId: 5ad1 Error: Task timed out after 5.01 seconds.",
            "… Task timed out",
        ),
        ("Task timed out after 3.00 seconds", "… Task timed out"),
        (
            "PostConfirmation failed with error User: arn:aws:sts::111122223333:assumed-role/example/example is not authorized to perform: cognito-idp:AdminAddUserToGroup on resource: arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_Example01",
            "User: …",
        ),
        (
            "DefineAuthChallenge failed with error AccessDeniedException: User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:eu-central-1:1:table/t.",
            "User: …",
        ),
        (
            "User: … is not authorized to perform: kms:Decrypt on resource",
            "User: …",
        ),
        (
            "PreSignUp invocation failed due to error ResourceNotFoundException",
            "… invocation failed due to error ResourceNotFound",
        ),
        (
            "PreSignUp invocation failed due to error TooManyRequestsException",
            "… invocation failed due to error TooManyRequests",
        ),
        (
            "PreSignUp invocation failed due to error AccessDeniedException.",
            "… invocation failed due to error AccessDenied",
        ),
        (
            "PreTokenGenerationV2_0 invocation failed due to error ResourceConflictException",
            "… invocation failed due to error ResourceConflict",
        ),
        (
            "PostAuthentication invocation failed due to error Socket timeout while invoking Lambda function.",
            "… invocation failed due to error Socket",
        ),
        (
            "PreSignUp invocation failed due to error Rate Exceeded.",
            "… invocation failed due to error TooManyRequests",
        ),
        (
            "PostAuthentication invocation failed due to error ServiceException.",
            "… invocation failed due to error …",
        ),
        (
            "DefineAuthChallenge failed with error RequestId: 1 Error: Runtime exited with error: exit status 129.",
            "RequestId: …",
        ),
        (
            "PreSignUp failed with error internal error (reference 5f1c).",
            "internal error",
        ),
        (
            "VerifyAuthChallengeResponse failed with error failed to deserialize the incoming data.",
            "failed to deserialize",
        ),
        (
            "PreSignUp failed with error missing field `validationData` at line 1 column 7.",
            "failed to deserialize",
        ),
        (
            "null failed with error Generate callenges lambda cannot be called..",
            "null invocation",
        ),
        ("null invocation failed due to configuration.", "null invocation"),
        // The function's own words, even if Cognito has the same.
        (
            "PreSignUp failed with error User does not exist.",
            "… failed with error ….",
        ),
        (
            "PreSignUp failed with error access denied.",
            "… failed with error ….",
        ),
        (
            "PreSignUp failed with error invalid type.",
            "… failed with error ….",
        ),
        (
            "UserMigration failed with error Attempt limit exceeded, please try after some time.",
            "… failed with error ….",
        ),
    ]);
}

#[test]
fn deployment_codes_and_federation_are_known() {
    assert_known(&[
        (
            "Circular dependency between resources: [UserPool, Function, Permission]",
            "Circular dependency",
        ),
        (
            "ValidationError: Circular dependency between resources: [A, B]",
            "Circular dependency",
        ),
        (
            "Cognito trigger \"PreSignUp\" defined multiple times.",
            "Cognito trigger",
        ),
        (
            "1 validation error detected: Value at 'smsMessage' failed to satisfy constraint: Member must have length less than or equal to 140",
            "1 validation error detected: Value … at 'smsMessage'",
        ),
        (
            "1 validation error detected: Value at 'userPoolConfiguration.lambdaConfig.preSignUp' failed to satisfy constraint",
            "1 validation error detected: Value … at 'userPool",
        ),
        (
            "InvalidParameterException: 1 validation error detected: Value 'a' at 'lambdaConfig.kMSKeyID' failed to satisfy constraint: Member must satisfy regular expression pattern",
            "1 validation error detected: Value … at '",
        ),
        (
            "InvalidParameterException: 1 validation error detected: Value at 'emailBody' failed",
            "1 validation error detected: Value … at 'emailBody'",
        ),
        (
            "Cognito is not allowed to use your email identity",
            "Cognito is not allowed",
        ),
        (
            "called `Result::unwrap()` on an `Err`: InvalidCiphertextException(InvalidCiphertextException)",
            "InvalidCiphertext",
        ),
        ("Not a supported message format version.", "Not a supported"),
        ("unencryptedDataKey has not been set", "unencryptedDataKey"),
        (
            "KMS key arn must be a string",
            "1 validation error detected: Value … at '…kMSKeyID'",
        ),
        (
            "invalid_request: user.email: Attribute cannot be updated.",
            "user.…: Attribute",
        ),
        ("Already found an entry for username Google_1234", "Already found"),
        (
            "Error in SAML response processing: Invalid user attributes: email: The attribute is required",
            "Error in SAML",
        ),
        (
            "Alias entry already exists for a different username",
            "Alias entry",
        ),
        (
            "Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser for linking, only as a DestinationUser",
            "Invalid SourceUser",
        ),
        (
            "An error occurred (InvalidLambdaResponseException) when calling SignUp: Unrecognizable lambda output",
            "Unrecognizable",
        ),
        ("unrecognizable", "Unrecognizable"),
        ("InvalidLambdaResponseException", "Unrecognizable"),
        ("UnexpectedLambdaException", "… invocation failed due to error …"),
    ]);
}

/// As it stands in the address bar of a browser, or in a log.
#[test]
fn the_address_of_a_redirect_is_decoded() {
    const OF_FUNCTION: &str = "… failed with error ….";
    for (query, wanted) in [
        (
            "https://app.example.com/callback?error=invalid_request&error_description=PreSignUp%20failed%20with%20error%20x.",
            OF_FUNCTION,
        ),
        (
            "https://app.example.com/?error_description=PreSignUp+failed+with+error+not+today.+&state=1&error=invalid_request",
            OF_FUNCTION,
        ),
        (
            "#error=server_error&error_description=PreSignUp+invocation+failed+due+to+error+AccessDeniedException.#x",
            "… invocation failed due to error AccessDenied",
        ),
        (
            "error_description=attributes+required%3A+%5Bemail%5D&error=invalid_request",
            "attributes required",
        ),
        (
            "see \"http://localhost:3000/?error_description=Unrecognizable%20lambda%20output\" in the log",
            "Unrecognizable",
        ),
        (
            "?error_description=PreSignUp+failed+with+error+100%+%zz+%C3%A9+%+5.",
            OF_FUNCTION,
        ),
        (
            "?error_description=words+that+nobody+has+seen&error=server_error",
            "server_error",
        ),
    ] {
        assert_known(&[(query, wanted)]);
    }
    assert_eq!(entry("?error_description=words+that+nobody+has+seen"), None);
}

/// Each of these exceptions carries several texts, so the name alone has no certain cause.
#[test]
fn an_exception_alone_gets_its_own_entry() {
    for name in [
        "InvalidParameterException",
        "NotAuthorizedException",
        "TooManyRequestsException",
        "ResourceNotFoundException",
        "AccessDeniedException",
        "UserNotFoundException",
        "invalid_request",
        "server_error",
        "ValidationError",
    ] {
        for form in [
            name.to_owned(),
            format!("{name}:"),
            format!(r#"{{"__type":"{name}","message":"words that nobody has seen"}}"#),
            format!(r#"{{"__type":"com.amazonaws.cognito#{name}"}}"#),
            format!(
                "An error occurred ({name}) when calling the InitiateAuth operation: words that nobody has seen"
            ),
        ] {
            assert_eq!(entry(&form), Some(name), "{form}");
        }
    }
    for name in [
        "TooManyRequestsException",
        "ResourceNotFoundException",
        "AccessDeniedException",
    ] {
        let behind = entry(&format!("PreSignUp invocation failed due to error {name}."));
        assert!(
            behind
                .unwrap()
                .starts_with(&format!("… invocation failed due to error {name}"))
        );
    }
    assert_eq!(
        entry(r#"{"__type":"TooManyRequestsException","message":"Rate exceeded"}"#),
        Some("Rate exceeded")
    );
    assert_eq!(
        entry("ResourceNotFoundException: User pool eu-west-1_Abc does not exist."),
        Some("User pool … does not exist.")
    );
}

#[test]
fn the_words_of_our_own_tools_are_known() {
    for word in [
        "Rejected",
        "Failed",
        "Unhandled",
        "Malformed",
        "TimedOut",
        "Sandbox.Timedout",
        "Runtime.ExitError",
        "Runtime.InitError",
        "Runtime.InvalidEntrypoint",
        "Function.ResponseSizeTooLarge",
        "Replay.NotStarted",
        "Replay.InitFailed",
        "Replay.NotJson",
        "Replay.TooDeep",
        "Replay.NoRoute",
        "Replay.Unreachable",
        "PASS",
        "NEW",
        "ACCEPT",
        "DIFF",
        "RULE",
        "UNSTEADY",
        "FAIL",
    ] {
        assert_eq!(entry(word), Some(word));
        let document = format!(r#"{{"errorType":"{word}","errorMessage":"something of its own"}}"#);
        assert_eq!(entry(&document), Some(word), "{document}");
    }
}

/// As people copy them from a log.
#[test]
fn what_the_library_logs_is_known() {
    assert_known(&[
        (
            "an earlier call ended without saying whether `email` happened, so it isn't repeated",
            "an earlier call ended",
        ),
        (
            "it is unknown whether it happened: SES didn't answer in time; the message may be on its way, so it isn't sent again",
            "it is unknown whether",
        ),
        (
            "another call is still doing `email`, and the time is up",
            "another call is still doing",
        ),
        ("the store failed, so `email` wasn't begun", "the store failed"),
        (
            "the function can't start: MAIL_FROM isn't set",
            "Runtime.InitError",
        ),
        (
            "the function reports that it can't start: InitError: internal error",
            "Replay.InitFailed",
        ),
        (
            "InvalidParameterException: SMS configuration and Auto verification for phone_number are required when MFA is required/optional",
            "SMS configuration and Auto",
        ),
    ]);
}

/// What functions say to their users isn't known, even if it shares words with an error.
#[test]
fn made_up_texts_are_not_known() {
    let texts: Vec<_> = include_str!("own_words.txt").lines().collect();
    assert!(texts.len() >= 100, "{}", texts.len());
    for text in texts {
        for form in [text.to_owned(), format!("{text}."), format!("Error: {text}")] {
            assert_eq!(explain(&form), None, "{form}");
        }
        // After a trigger's name it is the function's own text.
        let behind = format!("PreSignUp failed with error {text}.");
        assert_eq!(entry(&behind), Some("… failed with error …."), "{behind}");
    }
}
