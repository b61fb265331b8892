//! Errors of sign-up, users, messages, passwords and attributes.

use crate::{
    explain::errors::error_text::{API, ERRORS, ErrorText, error_texts},
    trigger::LIMITS,
};

/// The page about attributes.
const ATTRIBUTES: &str =
    "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html";
/// The page about passwords and their policy.
const POLICY: &str =
    "https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html";
/// The page about how a pool sends email.
const EMAIL: &str = "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html";

/// Texts that an app gets from the API, without a trigger's name before them.
pub(super) const ROWS: &[ErrorText] = error_texts! {
    "Phone or email cannot be auto verified, when user is not being auto confirmed." or "Phone or email cannot be auto verified, when user is not being auto confirmed…";
        "PreSignUp answered `autoVerifyEmail` or `autoVerifyPhone` without `autoConfirmUser`.";
        "`autoConfirmUser` is false, null or missing in the answer.";
        "Set both, or neither. `cargo cognito replay` reports it as `auto-verify-without-confirm`.";
        "https://github.com/aws/aws-sdk-java/issues/1049";
    "User already exists" in "UsernameExistsException" or "User account already exists", "An account with the given … already exists.", "UsernameExistsException";
        "The pool has a user with this name, email address or phone number.";
        "The user signed up before, perhaps through an identity provider or a migration.",
        "The address is an alias of another user; `AliasExistsException` comes when it is confirmed.";
        "Offer a sign-in or a password reset. `forceAliasCreation` moves an alias to the new user.";
        ERRORS;
    "AliasExistsException" or "An account with the given … already exists.", "An account with the email already exists.";
        "Another user of the pool has this email address or phone number as an alias.";
        "A confirmation, a change of attributes or the verification of one would give the address to a second user.",
        "AdminCreateUser names a verified address that another user has, without ForceAliasCreation.";
        "Offer a sign-in with the address. ConfirmSignUp with ForceAliasCreation, or `forceAliasCreation` in a migration, moves the alias.";
        ERRORS;
    "SignUp is not permitted for this user pool" in "NotAuthorizedException" or "SignUp is not permitted for this user pool…";
        "Only administrators may create users in this pool.";
        "`AllowAdminCreateUserOnly` is true.";
        "Set it to false, or create users with AdminCreateUser. PreSignUp isn't called for a refused sign-up.";
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-admin-create-user-policy.html";
    "Username cannot be of email format, since user pool is configured for email alias." in "InvalidParameterException" or "Username cannot be of email format…", "Username cannot be of phone number format…", "Username should be an email.", "Username should be a phone number.", "Username should be either an email or a phone number.";
        "The user name doesn't have the form that the pool's sign-in options ask for.";
        "In a pool with aliases, the user name can't look like an email address or phone number.",
        "In a pool whose user name is the email address or phone number, it has to be one.";
        "Send another user name, such as a UUID, and the address as an attribute. A migration answers it as `username`.";
        ATTRIBUTES;
    "Attributes did not conform to the schema: …" in "InvalidParameterException" or "user.…: Attribute does not exist in the schema.", "Invalid user attributes: …", "Invalid attributes given, name is missing", "user.…: The attribute is required", "Attribute value for … must not be null";
        "An attribute of the call isn't one that the pool's schema allows, or a required one is missing.";
        "The pool has no such custom attribute; its name begins with `custom:`.",
        "A required attribute is missing or empty, or a required attribute was to be deleted.";
        "Compare the attributes with the pool's schema. Attributes of a migration have to fit as well.";
        ATTRIBUTES;
    "A client attempted to write unauthorized attribute" in "NotAuthorizedException" or "A client attempted to write unauthorized attribute…";
        "The app client may not write one of the attributes.";
        "`WriteAttributes` of the app client lacks the attribute, or the call sets `sub` or `email_verified`.";
        "Add the attribute to `WriteAttributes`, or set it with AdminUpdateUserAttributes.";
        ATTRIBUTES;
    "Cannot modify an already provided email" in "NotAuthorizedException" or "Cannot modify an already provided …";
        "An answer to NEW_PASSWORD_REQUIRED changes an attribute that the user already has.";
        "The app sends all attributes back; only the missing required ones may be set there.";
        "Send only the attributes in `requiredAttributes` of the challenge.";
        API;
    "Invalid email address format." in "InvalidParameterException" or "Invalid phone number format.";
        "The value isn't a valid email address or phone number.";
        "A phone number needs the E.164 format, `+15555550123`.";
        "Correct the value before the call.";
        ATTRIBUTES;
    "Password did not conform with policy: …" in "InvalidPasswordException" or "Password does not conform to policy: …", "... Password must have … characters", "Password must have … characters", "Password not long enough";
        "The password doesn't meet the pool's policy.";
        "It is too short, or lacks a character class that the text names.";
        "Show the policy to the user. The policy isn't enforced for passwords of a migration.";
        POLICY;
    "1 validation error detected: …" in "InvalidParameterException" or "2 validation errors detected: …", "3 validation errors detected: …", "4 validation errors detected: …";
        "A parameter doesn't have the form that the API's model asks for.";
        "The text names the member, its location in the call and the constraint: null, length, pattern or enum value.";
        "Correct the member that the text names. No trigger runs for such a call.";
        API;
    "Invalid verification code provided, please try again." in "CodeMismatchException" or "Invalid code or auth state for the user.", "Invalid verification code provided…", "CodeMismatchException";
        "The code is wrong.";
        "The user typed another code, or an older one: a new code replaces the last.",
        "The function sent its own code from CustomMessage or a custom sender, and not Cognito's.";
        "Send Cognito's code: `{####}` in a custom message, the decrypted `request.code` in a custom sender.";
        ERRORS;
    "Invalid code provided, please request a code again." in "ExpiredCodeException" or "Invalid code provided, please request a code again…", "ExpiredCodeException";
        "The code is expired, used, or was never requested.";
        "A code for a sign-up or an attribute is valid for 24 hours, and one for a forgotten password for one hour.";
        "Request a new code.";
        ERRORS;
    "Attempt limit exceeded, please try after some time." in "LimitExceededException" or "Attempt limit exceeded…", "LimitExceededException";
        "Too many attempts for this user within an hour.";
        "Wrong codes, or requests for codes: 5 to 20 an hour, depending on the risk.";
        "Wait. In tests, use new users or the local pool.";
        LIMITS;
    "Rate exceeded" in "TooManyRequestsException" or "Rate exceeded…";
        "The account's quota of calls per second for this category is used up.";
        "Many sign-ins at once, or a loop that lists users.";
        "Retry with a growing delay, or ask for a higher quota.";
        LIMITS;
    "Internal server error." in "InternalErrorException" or "Internal server error", "InternalErrorException";
        "Cognito itself failed: status 500.";
        "A fault of AWS that passes, or settings that Cognito doesn't check, if it stays.";
        "Call again; the SDKs and Amplify do so by themselves. If it stays, compare the settings that changed last.";
        "https://github.com/aws-amplify/aws-sdk-android/issues/2022";
    "Unable to deliver code to user" in "CodeDeliveryFailureException" or "Unable to deliver message", "Unable to send the email", "Invalid email provided", "Amazon SES account is in Sandbox…", "CodeDeliveryFailureException";
        "Cognito couldn't deliver the code.";
        "Amazon SES or SNS is in its sandbox, or the sender isn't verified.",
        "The address is invalid or suppressed after a bounce.";
        "Verify the sender in Amazon SES, and leave the sandbox. With a custom sender trigger, Cognito doesn't report failures.";
        EMAIL;
    "User is already confirmed." in "InvalidParameterException" or "User cannot be confirmed. Current status is …";
        "The user is already confirmed.";
        "The code was used before, or PreSignUp answered `autoConfirmUser`.";
        "Let the user sign in.";
        ERRORS;
    "Cannot resend codes. Auto verification not turned on." in "NotAuthorizedException" or "Cannot resend codes. Auto verification not turned on…";
        "The pool verifies no attribute, so there is no code to send.";
        "`AutoVerifiedAttributes` is empty.";
        "Set it to `email` or `phone_number`, or confirm users in PreSignUp.";
        API;
    "Cannot reset password for the user as there is no registered/verified email or phone_number" in "InvalidParameterException" or "Cannot reset password for the user as there is no registered/verified email or phone_number…";
        "The user has no verified address to send the code to.";
        "The user was migrated or created without `email_verified`, or PreSignUp confirmed the user without verifying the address.";
        "Verify the address: `autoVerifyEmail` with `autoConfirmUser` in PreSignUp, `email_verified` in a migration, or AdminUpdateUserAttributes.";
        POLICY;
    "User password cannot be reset in the current state." in "NotAuthorizedException" or "User password cannot be reset in the current state…";
        "The status of the user doesn't allow a password reset.";
        "The user still has a temporary password (FORCE_CHANGE_PASSWORD), or signs in through an identity provider only.";
        "Call AdminCreateUser with RESEND, or AdminSetUserPassword.";
        ERRORS;
    "Resend not possible. … status is not FORCE_CHANGE_PASSWORD." in "UnsupportedUserStateException" or "…Resend not possible. …";
        "An invitation can't be sent again to a user who has set a password.";
        "AdminCreateUser was called with `MessageAction` = RESEND for a confirmed user.";
        "Reset the password with AdminResetUserPassword.";
        API;
    "Invalid attribute name. Only phone_number and email can be verified." in "InvalidParameterException" or "Invalid attribute name. Only phone_number and email can be verified…";
        "Only email addresses and phone numbers have verification codes.";
        "`AttributeName` is another attribute.";
        "Send `email` or `phone_number`.";
        API;
    "A group with the name … already exists." in "GroupExistsException" or "A group with the name … already exists…";
        "The pool has a group with this name.";
        "CreateGroup was called twice.";
        "Use the existing group, or UpdateGroup.";
        API;
    "InvalidParameterException" or "InvalidParameterException";
        "Cognito doesn't accept a parameter of the call.";
        "A value has the wrong form, or doesn't fit the settings of the pool or app client; the words after the exception say which.";
        "Pass the whole text to `cargo cognito explain`.";
        API;
    "TooManyRequestsException";
        "There were too many calls, of Cognito's API or of a function.";
        "From an API call: the account's quota of calls per second for this category is used up.",
        "After `invocation failed due to error`: Lambda throttles the trigger's function.";
        "Retry with a growing delay, or ask for a higher quota. For a function, raise its reserved concurrency.";
        LIMITS;
    "ResourceNotFoundException";
        "Something that the call names doesn't exist.";
        "From an API call: the user pool, app client or group; often the region is wrong.",
        "After `invocation failed due to error`: the function that the pool's `LambdaConfig` names.";
        "Compare the ids and the region with those of the call. `cargo cognito check` compares a template.";
        API;
    "AccessDeniedException";
        "The caller lacks a permission.";
        "After `invocation failed due to error`: Cognito may not call the function, because the permission is missing or is for another alias or pool.",
        "After `failed with error`, or from a call of your own: the role of the caller lacks the action that the text names.";
        "Pass the whole text to `cargo cognito explain`. `cargo cognito check` finds a missing permission in a template.";
        API;
    "UserNotFoundException";
        "The pool has no such user.";
        "The name is wrong, or the user belongs to another pool.";
        "Compare the pool and the name. With PreventUserExistenceErrors, a sign-in says `Incorrect username or password.` instead.";
        ERRORS;
};
