//! Samples of the route `custom_message`.

use crate::samples::{
    links,
    sample::{Sample, table},
};

pub(super) static SAMPLES: &[Sample] = table! { CustomMessage "custom_message":
    CustomMessage_SignUp "sign-up", Captured, links::TYPES_MESSAGE,
        "`codeParameter` is the placeholder {####}, never the code, and `usernameParameter` is null.";
    CustomMessage_SignUp "sign-up" / "client-metadata", Documented, links::CUSTOM_MESSAGE,
        "`clientMetadata` of SignUp arrives as a map of strings.";
    CustomMessage_SignUp "sign-up" / "phone", Inferred, links::CUSTOM_MESSAGE,
        "The event doesn't say which message goes out: it asks for all texts, here for a user without an email address.";
    CustomMessage_SignUp "sign-up" / "without-username-parameter", Inferred, links::CUSTOM_MESSAGE,
        "The events in AWS's libraries for Go and Java have no `usernameParameter`; absent means null.";
    CustomMessage_ResendCode "resend-code", Captured, links::TYPES_MESSAGE,
        "A code that is sent again has the same event as the first one, under its own source.";
    CustomMessage_ForgotPassword "forgot-password", Captured, links::TYPES_MESSAGE,
        "The answer's three texts are null in the event, and null leaves the text to the pool's template.";
    CustomMessage_ForgotPassword "forgot-password" / "token-nbf", Captured, links::CUSTOM_MESSAGE,
        "After a global sign-out `cognito:token_nbf` holds the time in milliseconds since 1970, as a string.";
    CustomMessage_UpdateUserAttribute "update-user-attribute", Inferred, links::CUSTOM_MESSAGE,
        "As one project reports, the attributes are those from before the change; other reports have the new address, unverified.";
    CustomMessage_UpdateUserAttribute "update-user-attribute" / "by-admin", Inferred, links::CUSTOM_MESSAGE,
        "When an administrator changes the attribute, the client id is CLIENT_ID_NOT_APPLICABLE.";
    CustomMessage_VerifyUserAttribute "verify-user-attribute", Captured, links::TYPES_MESSAGE,
        "A signed-in user who asks for a code has the status CONFIRMED and an attribute that isn't verified.";
    CustomMessage_AdminCreateUser "admin-create-user", Captured, links::TYPES_MESSAGE,
        "Only an invitation has `usernameParameter`, and its text must contain {username} as well as {####}.";
    CustomMessage_AdminCreateUser "admin-create-user" / "without-link-parameter", Captured, links::CUSTOM_MESSAGE,
        "Events of 2017 and 2018 have no `linkParameter`.";
    CustomMessage_Authentication "authentication", Captured, links::TYPES_MESSAGE,
        "A second factor by text message asks for a text under this source.";
    CustomMessage_Authentication "authentication" / "email", Inferred, links::CUSTOM_MESSAGE,
        "A second factor or one-time password by email has the same source as one by text message.";
};
