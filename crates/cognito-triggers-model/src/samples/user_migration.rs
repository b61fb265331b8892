//! Samples of the route `user_migration`.

use crate::samples::{
    links,
    sample::{Sample, table},
};

pub(super) static SAMPLES: &[Sample] = table! { UserMigration "user_migration":
    UserMigration_Authentication "authentication", Captured, links::POWERTOOLS_PARSER,
        "A sign-in has the password in plain text, and `userAttributes`, which AWS doesn't document, is null.";
    UserMigration_Authentication "authentication" / "before-enable-sms-mfa", Captured, links::MIGRATION,
        "An older event has no `enableSMSMFA` in its `response`.";
    UserMigration_Authentication "authentication" / "validation-data", Documented, links::MIGRATION,
        "What the app gave InitiateAuth as `ClientMetadata` arrives here as `validationData`.";
    UserMigration_Authentication "authentication" / "client-metadata", Documented, links::MIGRATION,
        "`clientMetadata` comes from AdminRespondToAuthChallenge.";
    UserMigration_Authentication "authentication" / "user-name", Inferred, links::MIGRATION,
        "The user name is what the user typed, so it isn't always an email address.";
    UserMigration_ForgotPassword "forgot-password", Documented, links::MIGRATION,
        "After a forgotten password there is no password to send, and the key `password` is absent.";
    UserMigration_ForgotPassword "forgot-password" / "password-null", Inferred, links::MIGRATION,
        "AWS says only that the password isn't sent, so null means the same as none.";
    UserMigration_ForgotPassword "forgot-password" / "password-empty", Inferred, links::MIGRATION,
        "AWS says only that the password isn't sent, so an empty one means the same as none.";
    UserMigration_ForgotPassword "forgot-password" / "client-metadata", Documented, links::MIGRATION,
        "`clientMetadata` of ForgotPassword arrives as a map of strings.";
};
