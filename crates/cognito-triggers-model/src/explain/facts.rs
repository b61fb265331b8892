//! What null and absence mean in a trigger's event, and who sees a failure.
//!
//! The texts come from AWS's pages, from published events, and from published measurements.

use crate::{
    route::Route,
    triggers::{Suffix, includes},
};

/// What is known about a trigger besides its [`Definition`](crate::trigger::Definition).
///
/// [`facts`] returns those of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Facts {
    /// What null and absence mean in its fields, besides [`COMMON_ABSENCES`].
    ///
    /// A field that is listed here and there has the meaning that is given here, for the sources to which the entry applies.
    pub absences: &'static [Absence],
    /// Who sees a failure, and what has happened by then.
    pub failure: &'static str,
    /// What else happens on a failure for single sources: the parts after the underscore, and a sentence.
    pub failure_of: &'static [(&'static [Suffix], &'static str)],
    /// What developers look for in these events and don't find, and what to do instead.
    pub not_sent: &'static [NotSent],
}

/// What null or absence means in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Absence {
    /// The field, as a path within the event.
    ///
    /// Such as `request.validationData`. `[]` stands for each item of an array.
    pub field: &'static str,
    /// What null, absence or emptiness means there.
    pub meaning: &'static str,
    /// The sources, after the underscore, to which it applies; empty for every source.
    pub sources: &'static [Suffix],
}

/// Something that an event doesn't have, or a call that reaches no trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotSent {
    /// What is looked for.
    ///
    /// A noun phrase, such as "The caller's IP address".
    pub what: &'static str,
    /// What to do instead.
    pub instead: &'static str,
}

impl Absence {
    /// Whether it applies to a `triggerSource`. Every absence applies to a trigger as a whole.
    ///
    /// `source` is a whole `triggerSource`, such as `PreSignUp_SignUp`.
    ///
    /// ```
    /// use cognito_triggers_model::{Route, explain::facts};
    ///
    /// let password = &facts(Route::UserMigration).absences[0];
    /// assert!(password.applies_to(Some("UserMigration_ForgotPassword")) && password.applies_to(None));
    /// assert!(!password.applies_to(Some("UserMigration_Authentication")));
    /// ```
    pub fn applies_to(&self, source: Option<&str>) -> bool {
        includes(self.sources, source)
    }
}

macro_rules! absences {
    ($($field:literal $(($($source:literal),+))? => $meaning:expr),* $(,)?) => {
        &[$( Absence { field: $field, meaning: $meaning, sources: &[$($($source),+)?] } ),*]
    };
}

/// What null and absence mean in the fields that most events have.
///
/// A trigger's own entry for the same field replaces the one here for the sources to which it applies. Inbound federation has no
/// attributes of a user, and some events have no `clientMetadata`.
pub static COMMON_ABSENCES: &[Absence] = absences! {
    "callerContext.clientId" => "`CLIENT_ID_NOT_APPLICABLE` for a user whom an administrator creates; null or absent \
        when an administrator confirms one.",
    "request.clientMetadata" => "Absent when the app sent none.",
    "request.userAttributes" => "Strings only, booleans too: `\"true\"`. A required attribute that wasn't supplied \
        holds `cognito:default_val`.",
};

/// PreventUserExistenceErrors is a setting of the app client. It makes Cognito treat an unknown user like a known one.
const USER_NOT_FOUND: &str =
    "Absent unless the app client has PreventUserExistenceErrors enabled; then true or false.";
/// The failure of both custom senders. Lambda calls them asynchronously, so its own rules for retries apply.
const SENDER_FAILURE: &str = "No caller sees it: the call that wanted the message has already succeeded. Lambda calls the \
    function up to two more times; set a failure destination or an alarm.";

/// The address and headers of the caller, which no event has, apart from the notification of an account takeover.
///
/// A function sees the request of an app only through its event.
const CALLER: NotSent = NotSent {
    what: "The caller's IP address, headers or user agent",
    instead: "No event has them, except the address in `CustomEmailSender_AccountTakeOverNotification` \
        (`IP_ADDRESS`). Let the app send what you need as ClientMetadata, and don't trust it: the app's user \
        can write it. Threat protection sees the address itself.",
};

/// The facts of a trigger. The three versions of token generation share theirs.
///
/// ```
/// use cognito_triggers_model::{Route, explain::facts};
///
/// let facts = facts(Route::PostConfirmation);
/// assert_eq!(facts.failure, "The call fails with the text.");
/// let (sources, sentence) = facts.failure_of[0];
/// assert_eq!((sources, sentence), (&["ConfirmSignUp"][..], "The user is confirmed anyway."));
/// ```
pub fn facts(route: Route) -> &'static Facts {
    match route {
        Route::PreSignUp => &PRE_SIGN_UP,
        Route::CustomMessage => &CUSTOM_MESSAGE,
        Route::PostConfirmation => &POST_CONFIRMATION,
        Route::PreAuthentication => &PRE_AUTHENTICATION,
        Route::PostAuthentication => &POST_AUTHENTICATION,
        Route::DefineAuthChallenge => &DEFINE_AUTH_CHALLENGE,
        Route::CreateAuthChallenge => &CREATE_AUTH_CHALLENGE,
        Route::VerifyAuthChallengeResponse => &VERIFY_AUTH_CHALLENGE_RESPONSE,
        Route::PreTokenGenerationV1 | Route::PreTokenGenerationV2 | Route::PreTokenGenerationV3 => {
            &PRE_TOKEN_GENERATION
        }
        Route::UserMigration => &USER_MIGRATION,
        Route::CustomSmsSender => &CUSTOM_SMS_SENDER,
        Route::CustomEmailSender => &CUSTOM_EMAIL_SENDER,
        Route::InboundFederation => &INBOUND_FEDERATION,
    }
}

/// Before a sign-up there is no user, so attributes such as `sub` are absent.
const PRE_SIGN_UP: Facts = Facts {
    absences: absences! {
        "request.validationData" ("SignUp", "AdminCreateUser") => "Null when none was sent.",
        "request.validationData" ("ExternalProvider") => "`{}` for a federated user.",
        "request.userAttributes.sub" => "Absent, because there is no user yet.",
        "response" => "Null in a field means false.",
    },
    failure: "The sign-up fails, and the user reads the text.",
    failure_of: &[(
        &["ExternalProvider"],
        "The browser gets the text in `error_description`.",
    )],
    not_sent: &[CALLER],
};

/// Cognito sends every field of `response` as null.
const CUSTOM_MESSAGE: Facts = Facts {
    absences: absences! {
        "request.usernameParameter" ("AdminCreateUser") => "`{username}`, which the message has to contain.",
        "request.usernameParameter" ("SignUp", "ResendCode", "ForgotPassword", "UpdateUserAttribute", "VerifyUserAttribute", "Authentication") => "Null.",
        "request.linkParameter" => "Absent in events of 2017 and 2018.",
        "response.smsMessage" => "Null: the pool's own template. The same for `emailMessage` and `emailSubject`.",
    },
    failure: "No message goes out, and the call that wanted it fails with the text.",
    failure_of: &[
        (
            &["SignUp"],
            "At a sign-up the account probably exists by then: let the app call ResendConfirmationCode, since a second \
             SignUp gets UsernameExistsException.",
        ),
        (
            &["AdminCreateUser"],
            "A user whom an administrator creates probably exists by then: MessageAction RESEND sends the invitation again.",
        ),
        (
            &["UpdateUserAttribute"],
            "A report says that the new email address or phone number isn't saved.",
        ),
    ],
    not_sent: &[
        CALLER,
        NotSent {
            what: "A change of attributes that sends no code",
            instead: "No trigger runs. Compare the attributes at the next token generation, or read CloudTrail.",
        },
    ],
};

/// A failure comes too late: the confirmation stays, as measured.
const POST_CONFIRMATION: Facts = Facts {
    absences: absences! {},
    failure: "The call fails with the text.",
    failure_of: &[
        (&["ConfirmSignUp"], "The user is confirmed anyway."),
        (&["ConfirmForgotPassword"], "The password is changed anyway."),
    ],
    not_sent: &[CALLER],
};

/// It runs before the password is checked.
const PRE_AUTHENTICATION: Facts = Facts {
    absences: absences! {
        "request.validationData" => "Null when none was sent; `{}` for a federated user.",
        "request.userNotFound" => USER_NOT_FOUND,
    },
    failure: "The sign-in fails, even with the correct password, and the user reads the text.",
    failure_of: &[],
    not_sent: &[CALLER],
};

/// It runs only after a successful sign-in.
const POST_AUTHENTICATION: Facts = Facts {
    absences: absences! {
        "request.newDeviceUsed" => "False unless the pool remembers devices.",
    },
    failure: "The user gets no tokens and reads the text, although the password and the challenges were correct.",
    failure_of: &[],
    not_sent: &[CALLER],
};

/// Cognito sends the three fields of `response` as null.
const DEFINE_AUTH_CHALLENGE: Facts = Facts {
    absences: absences! {
        "request.session" => "`[]` at the first call, unless the sign-in began with SRP_A.",
        "request.session[].challengeMetadata" => "Null if create set none.",
        "request.userNotFound" => USER_NOT_FOUND,
        "response" => "Null in every field decides nothing; what Cognito does then isn't known.",
    },
    failure: "The sign-in ends, and the user reads the text. `failAuthentication` ends it without a text: the caller \
        gets NotAuthorizedException.",
    failure_of: &[],
    not_sent: &[CALLER],
};

/// It runs when define asks for a custom challenge.
const CREATE_AUTH_CHALLENGE: Facts = Facts {
    absences: absences! {
        "request.session" => "`[]` before the first challenge, unless the sign-in began with SRP_A.",
        "request.userNotFound" => USER_NOT_FOUND,
    },
    failure: "The sign-in ends, and the user reads the text.",
    failure_of: &[],
    not_sent: &[CALLER],
};

/// Define runs again after it in every case.
const VERIFY_AUTH_CHALLENGE_RESPONSE: Facts = Facts {
    absences: absences! {
        "request.privateChallengeParameters" => "`{}` if create set none.",
        "request.challengeAnswer" => "May be empty.",
        "request.userNotFound" => USER_NOT_FOUND,
        "response.answerCorrect" => "What Cognito does with null isn't known.",
    },
    failure: "The sign-in ends, and the user reads the text. A wrong answer is not a failure: define decides what comes next.",
    failure_of: &[],
    not_sent: &[CALLER],
};

/// The three versions have the same absences, apart from the name of the answer's field.
const PRE_TOKEN_GENERATION: Facts = Facts {
    absences: absences! {
        "request.groupConfiguration" ("ClientCredentials") => "Null, because a machine has no groups.",
        "request.groupConfiguration" ("HostedAuth", "Authentication", "NewPasswordChallenge", "AuthenticateDevice", "RefreshTokens") => "Null in some pools.",
        "request.groupConfiguration.preferredRole" => "Null for most users.",
        "request.userAttributes" ("ClientCredentials") => "`{}`, because a machine has no attributes.",
        "response.claimsOverrideDetails" => "Null: the tokens stay as they are. The same for \
            `claimsAndScopeOverrideDetails`.",
        "response.…groupOverrideDetails" => "Left out, the groups stay; null or an empty object removes them all.",
    },
    failure: "No tokens are issued: the call fails with the text. In versions 2 and 3 the name in it has the version: \
        PreTokenGenerationV2_0.",
    failure_of: &[
        (
            &["HostedAuth"],
            "At the first sign-in through an identity provider the user is stored by then.",
        ),
        (
            &["NewPasswordChallenge"],
            "After a temporary password, the new one is probably set by then.",
        ),
        (
            &["ClientCredentials"],
            "The token endpoint answers `invalid_request` with the text in `error_description`; what GetClientToken answers \
             isn't known.",
        ),
    ],
    not_sent: &[
        CALLER,
        NotSent {
            what: "ClientMetadata of InitiateAuth with REFRESH_TOKEN_AUTH",
            instead: "It doesn't arrive. Refresh with GetTokensFromRefreshToken, whose ClientMetadata does.",
        },
    ],
};

/// Cognito sends every field of `response` as null.
const USER_MIGRATION: Facts = Facts {
    absences: absences! {
        "request.password" ("ForgotPassword") => "Absent.",
        "request.validationData" => "Null when none was sent.",
        "request.userAttributes" => "Null. AWS doesn't document the field.",
        "response.userAttributes" => "Null or empty: the user doesn't exist.",
        "response.finalUserStatus" ("Authentication") => "Null means RESET_REQUIRED: the user gets PasswordResetRequiredException.",
        "response.desiredDeliveryMediums" => "Null means SMS.",
    },
    failure: "The user isn't migrated, and the call fails with the text; by a report, an app client with \
        PreventUserExistenceErrors gets `Incorrect username or password.` instead. An answer without attributes ends the call \
        as for an unknown user, which depends on the same setting.",
    failure_of: &[],
    not_sent: &[CALLER],
};

/// The shape is documented; no real event has been published.
const CUSTOM_SMS_SENDER: Facts = Facts {
    absences: absences! {
        "request.clientMetadata" => "Null when the app sent none.",
        "response" => "Absent: Cognito ignores the answer.",
    },
    failure: SENDER_FAILURE,
    failure_of: &[],
    not_sent: &[CALLER],
};

/// The notification of an account takeover has other attributes, and no code.
const CUSTOM_EMAIL_SENDER: Facts = Facts {
    absences: absences! {
        "request.code" ("AccountTakeOverNotification") => "Null: there is no code.",
        "request.clientMetadata" => "Null when the app sent none.",
        "request.userAttributes" ("AccountTakeOverNotification") => "Other attributes, and no `email`: look the address up by \
            `USER_NAME`. `CITY`, `COUNTRY` and `DEVICE_NAME` may be null.",
        "callerContext.clientId" ("AccountTakeOverNotification") => "May be null.",
        "response" => "Absent: Cognito ignores the answer.",
    },
    failure: SENDER_FAILURE,
    failure_of: &[],
    not_sent: &[CALLER],
};

/// It runs before pre sign-up, so no user is stored after an error.
const INBOUND_FEDERATION: Facts = Facts {
    absences: absences! {
        "request.attributes.userInfo" => "May be empty. Facebook sends no `idToken`, SAML only `samlResponse`.",
        "response.userAttributesToMap" => "Left out or empty: all attributes pass. Otherwise attributes that it doesn't \
            name are dropped.",
    },
    failure: "The sign-in fails, and a new user isn't stored.",
    failure_of: &[],
    not_sent: &[CALLER],
};
