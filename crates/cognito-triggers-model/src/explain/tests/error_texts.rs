//! Texts that people paste, and the entry that each of them means.

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

/// Every text of the API: operation by operation, as real responses had it.
#[test]
fn the_texts_of_the_api_are_known() {
    const WRONG: &str = "Incorrect username";
    assert_known(&[
        (
            "Exception migrating user in app client 1example23456789012345678",
            "Exception migrating",
        ),
        (
            "Phone or email cannot be auto verified, when user is not being auto confirmed.",
            "Phone or email",
        ),
        (
            "AliasExistsException: An account with the email already exists.",
            "User already exists",
        ),
        (
            "AliasExistsException: An account with the given email already exists.",
            "User already exists",
        ),
        (
            "CodeDeliveryFailureException: Invalid email provided",
            "Invalid email address",
        ),
        (
            "CodeDeliveryFailureException: Unable to deliver code to user",
            "Unable to deliver code",
        ),
        (
            "CodeDeliveryFailureException: Unable to deliver message",
            "Unable to deliver code",
        ),
        (
            "CodeDeliveryFailureException: Unable to send the email",
            "Unable to deliver code",
        ),
        (
            "CodeMismatchException: Invalid code or auth state for the user.",
            "Invalid verification code",
        ),
        (
            "CodeMismatchException: Invalid code received for user",
            "Code mismatch",
        ),
        (
            "CodeMismatchException: Invalid verification code provided, please try again.",
            "Invalid verification code",
        ),
        (
            "EnableSoftwareTokenMFAException: Code mismatch and fail enable Software Token MFA",
            "Code mismatch",
        ),
        (
            "ExpiredCodeException: Invalid code provided, please request a code again.",
            "Invalid code provided",
        ),
        (
            "ExpiredCodeException: Your software token has already been used once.",
            "Code mismatch",
        ),
        (
            "GroupExistsException: A group with the name editors already exists.",
            "A group with",
        ),
        (
            "InvalidParameterException: 1 validation error detected: Value 'NO_SUCH_FLOW' at 'authFlow' failed to satisfy constraint: Member must satisfy enum value set: [USER_SRP_AUTH]",
            "1 validation error detected: …",
        ),
        (
            r"InvalidParameterException: 1 validation error detected: Value at 'password' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[\S]+.*[\S]+$",
            "1 validation error detected: …",
        ),
        (
            "InvalidParameterException: 1 validation error detected: Value null at 'attributeName' failed to satisfy constraint: Member must not be null",
            "1 validation error detected: …",
        ),
        (
            "2 validation errors detected: Value 'Aaaa' at 'userCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9]+; Value 'Aaaa' at 'userCode' failed",
            "1 validation error detected: …",
        ),
        (
            "InvalidParameterException: Attributes did not conform to the schema: custom:x: Attribute does not exist in the schema.\\n",
            "Attributes did not",
        ),
        (
            "InvalidParameterException: Attributes did not conform to the schema: email: The attribute is required\n",
            "Attributes did not",
        ),
        (
            "InvalidParameterException: Auth flow not enabled for this client",
            "CUSTOM_AUTH is not",
        ),
        (
            "InvalidParameterException: CUSTOM_AUTH is not enabled for the client.",
            "CUSTOM_AUTH is not",
        ),
        (
            "InvalidParameterException: Cannot reset password for the user as there is no registered/verified email or phone_number",
            "Cannot reset password",
        ),
        (
            "InvalidParameterException: Custom auth lambda trigger is not configured for the user pool.",
            "Custom auth lambda",
        ),
        (
            "InvalidParameterException: Initiate Auth method not supported",
            "CUSTOM_AUTH is not",
        ),
        (
            "InvalidParameterException: Invalid attribute name. Only phone_number and email can be verified.",
            "Invalid attribute name",
        ),
        (
            "InvalidParameterException: Invalid attributes given, name is missing",
            "Attributes did not",
        ),
        (
            "InvalidParameterException: Invalid email address format.",
            "Invalid email address",
        ),
        (
            "InvalidParameterException: Invalid phone number format.",
            "Invalid email address",
        ),
        (
            "InvalidParameterException: Invalid user attributes: phone_number: Required attribute cannot be deleted.",
            "Attributes did not",
        ),
        (
            "InvalidParameterException: Invalid user attributes: user.custom:foo: Attribute does not exist in the schema.\n",
            "Attributes did not",
        ),
        (
            "InvalidParameterException: Missing required parameter ANSWER",
            "Missing required",
        ),
        (
            "InvalidParameterException: Missing required parameter NEW_PASSWORD",
            "Missing required",
        ),
        (
            "InvalidParameterException: Missing required parameter SRP_A",
            "Missing required",
        ),
        (
            "InvalidParameterException: Missing required parameter Session",
            "Missing required",
        ),
        (
            "InvalidParameterException: Only custom auth (lambda driven) is enabled for this client.",
            "CUSTOM_AUTH is not",
        ),
        (
            "InvalidParameterException: Selected challenge is not available",
            "Selected challenge",
        ),
        (
            "InvalidParameterException: USER_AUTH is not enabled for the client.",
            "CUSTOM_AUTH is not",
        ),
        (
            "InvalidParameterException: USER_PASSWORD_AUTH flow not enabled for this client",
            "CUSTOM_AUTH is not",
        ),
        (
            "InvalidParameterException: USER_SRP_AUTH is not enabled for the client.",
            "CUSTOM_AUTH is not",
        ),
        (
            "InvalidParameterException: User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA",
            "User does not have delivery",
        ),
        (
            "InvalidParameterException: User is already confirmed.",
            "User is already",
        ),
        (
            "InvalidParameterException: Username cannot be of email format, since user pool is configured for email alias.",
            "Username cannot",
        ),
        (
            "InvalidParameterException: Username should be a phone number.",
            "Username cannot",
        ),
        (
            "InvalidParameterException: Username should be an email.",
            "Username cannot",
        ),
        (
            "InvalidParameterException: Username should be either an email or a phone number.",
            "Username cannot",
        ),
        (
            "InvalidParameterException: user.custom:foo: Attribute does not exist in the schema.\n",
            "Attributes did not",
        ),
        (
            "InvalidParameterException: user.custom:tenant: Attribute cannot be updated.\n",
            "user.…: Attribute cannot",
        ),
        (
            "InvalidPasswordException: ... Password must have lowercase characters",
            "Password did not",
        ),
        (
            "InvalidPasswordException: Password did not conform with policy: Password must have symbol characters",
            "Password did not",
        ),
        (
            "InvalidPasswordException: Password does not conform to policy: Password not long enough",
            "Password did not",
        ),
        (
            "LimitExceededException: Attempt limit exceeded, please try after some time.",
            "Attempt limit",
        ),
        (
            "NotAuthorizedException: A client attempted to write unauthorized attribute",
            "A client attempted",
        ),
        (
            "NotAuthorizedException: Access Token does not have required scopes",
            "Invalid Access Token",
        ),
        (
            "NotAuthorizedException: Access Token has been revoked",
            "Invalid Access Token",
        ),
        (
            "NotAuthorizedException: Access Token has expired",
            "Invalid Access Token",
        ),
        (
            "NotAuthorizedException: Cannot modify an already provided email",
            "Cannot modify",
        ),
        (
            "NotAuthorizedException: Cannot resend codes. Auto verification not turned on.",
            "Cannot resend",
        ),
        (
            "NotAuthorizedException: Client 1example23456789012345678 is configured with secret but SECRET_HASH was not received",
            "Client …",
        ),
        (
            "NotAuthorizedException: Could not verify signature for Access Token",
            "Invalid Access Token",
        ),
        ("NotAuthorizedException: Incorrect username or password.", WRONG),
        (
            "NotAuthorizedException: Invalid Access Token",
            "Invalid Access Token",
        ),
        (
            "NotAuthorizedException: Invalid Refresh Token",
            "Invalid Refresh Token",
        ),
        (
            "NotAuthorizedException: Invalid client or secret",
            "invalid_client",
        ),
        (
            "NotAuthorizedException: Invalid session for the user, session can only be used once.",
            "Invalid session",
        ),
        (
            "NotAuthorizedException: Invalid session for the user, session is expired.",
            "Invalid session",
        ),
        (
            "NotAuthorizedException: Invalid session for the user.",
            "Invalid session",
        ),
        (
            "NotAuthorizedException: Password attempts exceeded",
            "Password attempts",
        ),
        (
            "NotAuthorizedException: Refresh Token has been revoked",
            "Invalid Refresh Token",
        ),
        (
            "NotAuthorizedException: Refresh Token has expired",
            "Invalid Refresh Token",
        ),
        (
            "NotAuthorizedException: SignUp is not permitted for this user pool",
            "SignUp is not",
        ),
        (
            "NotAuthorizedException: Temporary password has expired and must be reset by an administrator.",
            "Temporary password",
        ),
        (
            "NotAuthorizedException: Unable to verify secret hash for client 1example23456789012345678",
            "Unable to verify",
        ),
        (
            "NotAuthorizedException: User cannot be confirmed. Current status is CONFIRMED",
            "User is already",
        ),
        ("NotAuthorizedException: User is disabled.", "User is disabled"),
        (
            "NotAuthorizedException: User password cannot be reset in the current state.",
            "User password",
        ),
        (
            "PasswordResetRequiredException: Password reset required for the user",
            "Password reset",
        ),
        ("ResourceNotFoundException: Group not found.", "User pool …"),
        (
            "ResourceNotFoundException: User pool eu-central-1_Example01 does not exist.",
            "User pool …",
        ),
        (
            "ResourceNotFoundException: User pool client 1example23456789012345678 does not exist.",
            "User pool …",
        ),
        (
            "SoftwareTokenMFANotFoundException: Software Token MFA has not been enabled by the userPool",
            "Software Token",
        ),
        (
            "UnsupportedOperationException: This API does not support refresh token rotation",
            "This API",
        ),
        (
            "UnsupportedUserStateException: Resend not possible. ana status is not FORCE_CHANGE_PASSWORD.",
            "Resend not",
        ),
        (
            "UserNotConfirmedException: User is not confirmed.",
            "User is not confirmed",
        ),
        (
            "UserNotFoundException: User does not exist.",
            "User does not exist",
        ),
        (
            "UserNotFoundException: Username/client id combination not found.",
            "User does not exist",
        ),
        (
            "UsernameExistsException: An account with the given phone_number already exists.",
            "User already exists",
        ),
        (
            "UsernameExistsException: User account already exists",
            "User already exists",
        ),
        (
            "UsernameExistsException: User already exists",
            "User already exists",
        ),
        ("invalid_client", "invalid_client"),
        ("invalid_scope", "invalid_scope"),
        (
            "invalid_request: attributes required: [email]",
            "attributes required",
        ),
    ]);
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
fn a_text_is_known_in_every_form_that_people_paste() {
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
    ] {
        assert_eq!(entry(word), Some(word));
        let document = format!(r#"{{"errorType":"{word}","errorMessage":"something of its own"}}"#);
        assert_eq!(entry(&document), Some(word), "{document}");
    }
}

/// What functions say to their users: nothing is known of it, whatever words it shares with an error.
#[test]
fn made_up_texts_are_not_known() {
    const OWN: &str = "our gardener is not authorized to perform: karaoke
we already found an entry in the diary
access denied
Access denied for guests
invalid type
invalid type of ticket
the weather is fine
this email domain is not invited
please ask your administrator
you are not on the list
the kitchen timed out after lunch
Task postponed by two seconds
our timeout is over, please sit down
socket wrench while fixing the lambda
the code is in the mail
wrong code word at the door
Invalid code of conduct
invalid session with the band
the session is full
Session ended, thank you for coming
your password is too easy to guess
password party is on Friday
Passwords are for other people
too many cooks
too many requests for this song
rate our service
User groups meet on Monday
User is late
User is not amused.
user does not like spam
Users do not exist in a vacuum
the user already left
An account of the events follows
An account with us has benefits
already confirmed by phone
Confirm with your manager
not confirmed by the weather service
SignUp sheets are on the wall
sign-up is closed
sign ups are closed until spring
registration is not permitted on Sundays
migration of birds is in autumn
Exception to the rule
an exceptional user
the message is clear
empty message in a bottle
the answer is null and void
lambda is a letter
lambda output is low
the function is a party
function failed successfully
our error, sorry
failed
failed to impress
error
lambda
internal affairs
internal combustion error
reference books are upstairs
missing field hockey gear
unknown variant of the flu
unknown song
circular reasoning between colleagues
the dependency is mutual
trigger warning
trigger happy
triggers are defined in the manual
Cognito ergo sum
cognito is not a person
Cognito is allowed to dance
email identity crisis
your email identity is safe with us
the key is under the mat
key arn in the barn
unsupported shoes
not a supported hat
message format of the letter
data key lime pie
the commitment is mutual
no commitment, no policy
invalid request for a song
invalid clients are welcome
client dinner at eight
Client meetings are configured by hand
secret hash browns
unable to verify the rumor
unable to deliver pizza
Unable to find parking
limit exceeded on drinks
attempts at humor
attempt no landing there
alias Smith and Jones
alias entries in the guest book
SAML is a river
federation of planets
linking arms
required attributes: kindness
attributes of a good friend
attribute nothing to malice
group photo at noon
a group with a name
pool party
the pool does not exist yet
resource fair on Tuesday
temporary tattoos have expired
tokens for the carousel
refresh your drink
access to the terrace
cannot reset the clock
cannot modify the past
my dog failed with error biting the postman
the postman invocation failed due to error of judgment
null and void, failed with errors
Only custom cakes are enabled for this client";
    let texts: Vec<_> = OWN.lines().collect();
    assert!(texts.len() >= 100, "{}", texts.len());
    for text in texts {
        for form in [text.to_owned(), format!("{text}."), format!("Error: {text}")] {
            assert_eq!(explain(&form), None, "{form}");
        }
        // Behind a trigger's name it is the function's own text, and nothing more is said.
        let behind = format!("PreSignUp failed with error {text}.");
        assert_eq!(entry(&behind), Some("… failed with error …."), "{behind}");
    }
}
