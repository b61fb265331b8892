//! Errors of sign-ins, sessions and tokens.

use crate::{
    explain::errors::error_text::{API, ERRORS, ErrorText, error_texts},
    route::Route,
};

/// The page about the authentication flows.
const FLOWS: &str = "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html";
/// The page about the migrate user trigger.
const MIGRATION: &str = Route::UserMigration.definition().page;
/// The page about refresh tokens.
const REFRESH: &str = "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html";

/// The last row is for the exception alone, so it comes after the texts that the exception carries.
pub(super) const ROWS: &[ErrorText] = error_texts! {
    "Incorrect username or password." in "NotAuthorizedException";
        "The sign-in failed: a wrong user name or password, or a custom sign-in that ended.";
        "The user name or the password is wrong, or no such user exists and the app client has PreventUserExistenceErrors enabled.",
        "DefineAuthChallenge answered `failAuthentication`.",
        "UserMigration answered without attributes, which says that the user is unknown.",
        "UserMigration answered with `sub`, which Cognito sets itself (one report).";
        "A rejection in a trigger is another exception, UserLambdaValidationException. Replay the session against define: `cargo cognito flow custom-sign-in`.";
        ERRORS;
    "Invalid session for the user." in "NotAuthorizedException" or "Invalid session for the user, session is expired.", "Invalid session for the user, session can only be used once.", "Invalid session for the user…";
        "The `Session` of a challenge can't be used any more.";
        "It is older than AuthSessionValidity, three minutes by default.",
        "It was used before: each answer gives a new `Session`.",
        "A trigger failed in this round, which ends the session.";
        "Start the sign-in again, and send the newest `Session` with each answer. AuthSessionValidity of the app client can be up to 15 minutes.";
        API;
    "Client … is configured with secret but SECRET_HASH was not received" in "NotAuthorizedException" or "Client … is configured with secret but SECRET_HASH was not received…";
        "The app client has a secret, and the call has no `SECRET_HASH`.";
        "The app calls without `SECRET_HASH`; browser and mobile apps can't keep a secret.";
        "Send `SECRET_HASH`, or use an app client without a secret.";
        "https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html";
    "Unable to verify secret hash for client …" in "NotAuthorizedException" or "Unable to verify secret hash for client…", "SecretHash does not match for the client: …";
        "`SECRET_HASH` doesn't belong to this app client and user name.";
        "The hash was made with the secret of another app client, or with an old one.",
        "It was made with another user name: in a refresh and after a sign-in by alias it takes the user name in the pool, `sub` or `cognito:username`.";
        "Compute Base64(HMAC-SHA256(secret, user name + client id)) with the name that the call sends.";
        "https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html";
    "User is not confirmed." in "UserNotConfirmedException";
        "The user has signed up, but hasn't confirmed the account.";
        "The code wasn't entered, or never arrived.";
        "Confirm the user with the code, or let PreSignUp answer `autoConfirmUser`. `AdminConfirmSignUp` confirms without a code.";
        ERRORS;
    "User does not exist." in "UserNotFoundException" or "User does not exist", "Username/client id combination not found.";
        "The pool has no user with this name.";
        "The name is wrong, or an alias is used for a user whose alias isn't verified.",
        "The app client doesn't have PreventUserExistenceErrors enabled. With it, a sign-in says `Incorrect username or password.`, ForgotPassword seems to succeed, and a confirmation reports the code. AdminGetUser and the like always say this.";
        "Enable PreventUserExistenceErrors, so that strangers can't find out who is a user.";
        ERRORS;
    "Exception migrating user in app client …" or "Exception migrating user in app client…";
        "The user migration trigger returned no user.";
        "The trigger answered without attributes.";
        "Replay the event: `cargo cognito replay EVENT --bin NAME` checks the answer.";
        MIGRATION;
    "Password reset required for the user" in "PasswordResetRequiredException" or "PasswordResetRequiredException";
        "The user has to set a new password first.";
        "UserMigration answered without `finalUserStatus`, or with another status than `CONFIRMED`.",
        "An administrator has reset the password.";
        "Answer `finalUserStatus` = `CONFIRMED` if the old directory has accepted the password.";
        MIGRATION;
    "User is disabled." in "NotAuthorizedException" or "User is disabled";
        "An administrator has disabled the user.";
        "AdminDisableUser was called for the user.";
        "Enable the user again with AdminEnableUser.";
        ERRORS;
    "Temporary password has expired and must be reset by an administrator." in "NotAuthorizedException" or "Temporary password has expired…";
        "The user didn't sign in before the temporary password expired.";
        "More than TemporaryPasswordValidityDays have passed, seven by default.";
        "Call AdminCreateUser again with `MessageAction` = RESEND.";
        ERRORS;
    "Password attempts exceeded" in "NotAuthorizedException" or "Password attempts exceeded…";
        "Cognito locks the user out for a time after several wrong passwords.";
        "Five wrong passwords in a row; the lockout grows from one second to fifteen minutes.";
        "Wait, and don't retry in a loop.";
        ERRORS;
    "CUSTOM_AUTH is not enabled for the client." in "InvalidParameterException" or "…_AUTH is not enabled for the client.", "…_AUTH flow not enabled for this client", "Auth flow not enabled for this client", "Initiate Auth method not supported", "Initiate Auth method not supported.", "Only custom auth (lambda driven) is enabled for this client.";
        "The app client doesn't allow the authentication flow of the call.";
        "`ExplicitAuthFlows` of the app client lacks the flow: ALLOW_CUSTOM_AUTH, ALLOW_USER_PASSWORD_AUTH, ALLOW_USER_SRP_AUTH, ALLOW_USER_AUTH or ALLOW_ADMIN_USER_PASSWORD_AUTH.",
        "An update of the app client that didn't name the flows has reset them.";
        "Add the flow to `ExplicitAuthFlows`. User migration needs ALLOW_USER_PASSWORD_AUTH or ALLOW_ADMIN_USER_PASSWORD_AUTH: SRP sends no password.";
        FLOWS;
    "Missing required parameter USERNAME" in "InvalidParameterException" or "Missing required parameter …";
        "The parameters of a sign-in or of an answer to a challenge lack one.";
        "`AuthParameters` or `ChallengeResponses` don't have the key that the text names; keys are in capitals.",
        "`Session` wasn't passed on from the last answer.";
        "Send the parameter. No trigger runs for such a call.";
        API;
    "Selected challenge is not available" in "InvalidParameterException" or "Selected challenge is not available…";
        "The user can't use the challenge that the app selected in a choice-based sign-in.";
        "The user has no verified email address or phone number, no password, or no passkey for it.",
        "The pool's `SignInPolicy` doesn't allow it.";
        "Offer one of the `AvailableChallenges`.";
        FLOWS;
    "Invalid Access Token" in "NotAuthorizedException" or "Access Token has expired", "Access Token has been revoked", "Access Token does not have required scopes", "Could not verify signature for Access Token", "Invalid Access Token…";
        "Cognito doesn't accept the access token of the call.";
        "The token is expired, revoked, or of another pool; an ID token was sent.",
        "It lacks the scope `aws.cognito.signin.user.admin`: a token from an OAuth login without it, or a token generation trigger suppressed it.";
        "Refresh the token, and leave the scope out of `scopesToSuppress`.";
        API;
    "Invalid Refresh Token" in "NotAuthorizedException" or "Refresh Token has been revoked", "Refresh Token has expired", "Invalid Refresh Token…";
        "Cognito doesn't accept the refresh token.";
        "The token is expired, revoked by a sign-out, or of another app client.",
        "Device keys are tracked and the call lacks `DEVICE_KEY`.";
        "Let the user sign in again. The client's RefreshTokenValidity says how long a token lives.";
        REFRESH;
    "This API does not support refresh token rotation" in "UnsupportedOperationException" or "This API does not support refresh token rotation…";
        "The app client rotates refresh tokens, and REFRESH_TOKEN_AUTH can't do that.";
        "InitiateAuth was called with REFRESH_TOKEN_AUTH for a client with refresh token rotation.";
        "Call GetTokensFromRefreshToken. It also passes `ClientMetadata` to the token generation trigger.";
        REFRESH;
    "RefreshTokenReuseException" or "RefreshTokenReuseException…";
        "A rotated refresh token was used again after its grace period.";
        "Two instances of the app share one token, or an old one was stored.";
        "Store the new refresh token of each answer.";
        REFRESH;
    "Software Token MFA has not been enabled by the userPool" in "SoftwareTokenMFANotFoundException" or "Software Token MFA has not been enabled by the userPool…", "Software Token MFA does not exist for the user.", "User has not set up software token mfa";
        "Authenticator apps aren't enabled for the pool, or not set up for the user.";
        "The pool's MFA configuration lacks SOFTWARE_TOKEN_MFA, or the user didn't call VerifySoftwareToken.";
        "Enable it with SetUserPoolMfaConfig, and let the user set it up.";
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa-totp.html";
    "Invalid MFA configuration given, …" in "InvalidParameterException" or "Invalid MFA configuration given, …";
        "The pool's MFA and its second factors contradict each other.";
        "MFA is OPTIONAL or ON, and the call turns no factor on.",
        "MFA is OFF, and the call configures a factor; passkeys don't count as one.";
        "Send MfaConfiguration together with the factors that the pool has, or OFF alone.";
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html";
    "Device does not exist." in "ResourceNotFoundException" or "Device does not exist…";
        "The user has no confirmed device with this key.";
        "The device was forgotten, ConfirmDevice wasn't called, or the key is that of another sign-in or user.";
        "Sign in without `DEVICE_KEY`, and confirm the device of NewDeviceMetadata. Amplify does so by itself.";
        "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html";
    "User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA" in "InvalidParameterException" or "User does not have delivery config set to turn on …";
        "The user's second factor can't be switched on before it is set up.";
        "No authenticator app is verified, or there is no verified phone number or email address for the factor.";
        "Set the factor up first: AssociateSoftwareToken and VerifySoftwareToken, or a verified address.";
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html";
    "Code mismatch and fail enable Software Token MFA" in "EnableSoftwareTokenMFAException" or "Code mismatch and fail enable Software Token MFA…", "Invalid code received for user", "Your software token has already been used once.";
        "The code of the authenticator app is wrong or was used before.";
        "The clock of the device differs, or the code belongs to another account.",
        "A code can be used once; the next comes after 30 seconds.";
        "Wait for the next code, and check the device's clock.";
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa-totp.html";
    "NotAuthorizedException" or "NotAuthorizedException";
        "Cognito refused the call.";
        "The user name, password, session, token or secret hash isn't accepted; the words after the exception say which.",
        "The app client or its flows don't allow the call.";
        "Pass the whole text to `cargo cognito explain`. A rejection in a trigger is another exception, UserLambdaValidationException.";
        ERRORS;
};
