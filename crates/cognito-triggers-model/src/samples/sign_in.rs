//! Samples of the triggers around sign-in, and of the migration that a first sign-in starts.

use super::{Sample, links, table};

pub(super) static PRE_AUTHENTICATION: &[Sample] = table! { "pre_authentication":
    PreAuthentication_Authentication "authentication", Captured, links::POWERTOOLS_PARSER,
        "`validationData` is null when nothing was sent; `userNotFound` is absent if the client tells who exists.";
    PreAuthentication_Authentication "authentication" / "validation-data", Documented, links::PRE_AUTHENTICATION,
        "What the app gave InitiateAuth as `ClientMetadata` arrives here as `validationData`.";
    PreAuthentication_Authentication "authentication" / "validation-data-empty", Captured, links::EMPTY_VALIDATION,
        "`validationData` was also seen as {} for a user of the pool.";
    PreAuthentication_Authentication "authentication" / "federated", Captured, links::FEDERATION_LOG,
        "A federated sign-in, from the second on, has `validationData` {} and the user's `identities`.";
    PreAuthentication_Authentication "authentication" / "user-not-found-false", Captured, links::POWERTOOLS_VALIDATION,
        "A client that prevents user existence errors gets `userNotFound` in every event, false for a known user.";
    PreAuthentication_Authentication "authentication" / "user-not-found", Inferred, links::PRE_AUTHENTICATION,
        "For an unknown user `userNotFound` is true and there are no attributes, not even `sub`.";
    PreAuthentication_Authentication "authentication" / "email-verified-capital", Captured, links::PRE_AUTHENTICATION,
        "`email_verified` is what was once written: \"True\" when it was set by Python code.";
    PreAuthentication_Authentication "authentication" / "without-user-attributes", Documented, links::TRIGGERS,
        "AWS prints an event of this trigger without `userAttributes`.";
};

pub(super) static POST_AUTHENTICATION: &[Sample] = table! { "post_authentication":
    PostAuthentication_Authentication "authentication", Captured, links::POST_AUTHENTICATION,
        "`newDeviceUsed` is false wherever the pool doesn't remember devices.";
    PostAuthentication_Authentication "authentication" / "email-alias", Captured, links::POST_AUTHENTICATION,
        "The user name stays the pool's own, whichever alias the person signed in with.";
    PostAuthentication_Authentication "authentication" / "new-device", Documented, links::POST_AUTHENTICATION,
        "`newDeviceUsed` is true at the first sign-in from a device, if the pool remembers devices.";
    PostAuthentication_Authentication "authentication" / "client-metadata", Documented, links::POST_AUTHENTICATION,
        "`clientMetadata` comes from RespondToAuthChallenge, never from InitiateAuth.";
    PostAuthentication_Authentication "authentication" / "without-new-device-used", Inferred, links::POWERTOOLS_PARSER,
        "AWS's own types call `newDeviceUsed` optional; absent means false.";
    PostAuthentication_Authentication "authentication" / "force-change-password", Captured,
        links::POST_AUTHENTICATION,
        "An invited person's first sign-in ends while the status is still FORCE_CHANGE_PASSWORD.";
    PostAuthentication_Authentication "authentication" / "federated", Captured, links::FEDERATION_LOG,
        "A federated sign-in from the second on ends here with the status EXTERNAL_PROVIDER.";
};

pub(super) static USER_MIGRATION: &[Sample] = table! { "user_migration":
    UserMigration_Authentication "authentication", Captured, links::POWERTOOLS_PARSER,
        "A sign-in brings the password as plain text; `userAttributes` is null and in no documentation.";
    UserMigration_Authentication "authentication" / "before-enable-sms-mfa", Captured, links::MIGRATION,
        "An older event has no `enableSMSMFA` in its `response`.";
    UserMigration_Authentication "authentication" / "validation-data", Documented, links::MIGRATION,
        "What the app gave InitiateAuth as `ClientMetadata` arrives here as `validationData`.";
    UserMigration_Authentication "authentication" / "client-metadata", Documented, links::MIGRATION,
        "`clientMetadata` comes from AdminRespondToAuthChallenge.";
    UserMigration_Authentication "authentication" / "user-name", Inferred, links::MIGRATION,
        "The user name is whatever the person typed, so it needn't be an e-mail address.";
    UserMigration_ForgotPassword "forgot-password", Documented, links::MIGRATION,
        "After a forgotten password there is no password to send, and the key `password` is absent.";
    UserMigration_ForgotPassword "forgot-password" / "password-null", Inferred, links::MIGRATION,
        "AWS says only that the password isn't sent, so null means the same as none.";
    UserMigration_ForgotPassword "forgot-password" / "password-empty", Inferred, links::MIGRATION,
        "AWS says only that the password isn't sent, so an empty one means the same as none.";
    UserMigration_ForgotPassword "forgot-password" / "client-metadata", Documented, links::MIGRATION,
        "`clientMetadata` of ForgotPassword arrives as a map of strings.";
};
