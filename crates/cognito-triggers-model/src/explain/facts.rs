//! What fills a trigger's event, what null and absence mean in it, and who sees a failure.

use crate::{
    explain::metadata::{self, Metadata},
    route::Route,
};

/// What is known about a trigger beside its [`Definition`](crate::Definition).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Facts {
    /// What fills `request.clientMetadata`; `None` if the event hasn't got it.
    pub client_metadata: Option<Metadata>,
    /// What fills `request.validationData`; `None` if the event hasn't got it.
    pub validation_data: Option<Metadata>,
    /// What null and absence mean in its fields, beside [`COMMON_ABSENCES`].
    pub absences: &'static [Absence],
    /// Who sees a failure, and what has happened by then.
    pub failure: &'static str,
}

/// What null or absence means in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Absence {
    /// The field, as a path within the event.
    pub field: &'static str,
    /// What null, absence or emptiness mean there.
    pub meaning: &'static str,
}

macro_rules! absences {
    ($($field:literal => $meaning:expr),* $(,)?) => {
        &[$( Absence { field: $field, meaning: $meaning } ),*]
    };
}

/// What null and absence mean in the fields that most events have.
pub static COMMON_ABSENCES: &[Absence] = absences! {
    "callerContext.clientId" => "`CLIENT_ID_NOT_APPLICABLE` for a user whom an administrator creates; null or absent \
        when an administrator confirms one.",
    "request.clientMetadata" => "Absent when the app sent none.",
    "request.userAttributes" => "Texts only, flags too: `\"true\"`. A required attribute that nobody supplied holds \
        `cognito:default_val`.",
};

const USER_NOT_FOUND: &str =
    "Absent unless the app client has PreventUserExistenceErrors enabled; then true or false.";
const SENT_NOTHING: &str = "Nobody sees it: the call that wanted the message has succeeded by then. Lambda calls the \
    function up to two more times; set a failure destination or an alarm.";

/// The facts of a trigger. The three versions of token generation share theirs.
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

const PRE_SIGN_UP: Facts = Facts {
    client_metadata: Some(metadata::PRE_SIGN_UP),
    validation_data: Some(metadata::VALIDATION_OF_SIGN_UP),
    absences: absences! {
        "request.validationData" => "Null when none was sent; `{}` for a federated user.",
        "request.userAttributes.sub" => "Absent: there is no user yet.",
        "response" => "Null in a field means: as if there were no trigger.",
    },
    failure: "Nobody is signed up. The person reads the text; of a federated sign-in, the browser gets it in \
        `error_description`.",
};

const CUSTOM_MESSAGE: Facts = Facts {
    client_metadata: Some(metadata::MESSAGES),
    validation_data: None,
    absences: absences! {
        "request.usernameParameter" => "`{username}` for CustomMessage_AdminCreateUser, else null.",
        "request.linkParameter" => "Absent in events of 2017 and 2018.",
        "response.smsMessage" => "Null: the pool's own template. The same for `emailMessage` and `emailSubject`.",
    },
    failure: "No message goes out, and the call that wanted it fails with the text. It was reported that a new \
        e-mail address or phone number isn't taken then.",
};

const POST_CONFIRMATION: Facts = Facts {
    client_metadata: Some(metadata::CONFIRMATION),
    validation_data: None,
    absences: absences! {},
    failure: "The call fails with the text, although the user is confirmed, or the password changed, by then.",
};

const PRE_AUTHENTICATION: Facts = Facts {
    client_metadata: None,
    validation_data: Some(metadata::VALIDATION_OF_SIGN_IN),
    absences: absences! {
        "request.validationData" => "Null when none was sent; `{}` for a federated user.",
        "request.userNotFound" => USER_NOT_FOUND,
    },
    failure: "Nobody is signed in, not even with the right password; the person reads the text.",
};

const POST_AUTHENTICATION: Facts = Facts {
    client_metadata: Some(metadata::CHALLENGES),
    validation_data: None,
    absences: absences! {
        "request.newDeviceUsed" => "False unless the pool remembers devices.",
    },
    failure: "The person gets no tokens and reads the text, although password and challenges were right.",
};

const DEFINE_AUTH_CHALLENGE: Facts = Facts {
    client_metadata: Some(metadata::CHALLENGES),
    validation_data: None,
    absences: absences! {
        "request.session" => "`[]` at the first call, unless the sign-in began with SRP_A.",
        "request.session[].challengeMetadata" => "Null where create set none.",
        "request.userNotFound" => USER_NOT_FOUND,
        "response" => "Null in every field decides nothing; what Cognito makes of that isn't known.",
    },
    failure: "The sign-in ends; the person reads the text. `failAuthentication` ends it without one: the caller \
        gets NotAuthorizedException.",
};

const CREATE_AUTH_CHALLENGE: Facts = Facts {
    client_metadata: Some(metadata::CREATE),
    validation_data: None,
    absences: absences! {
        "request.session" => "`[]` before the first challenge, unless the sign-in began with SRP_A.",
        "request.userNotFound" => USER_NOT_FOUND,
    },
    failure: "The sign-in ends; the person reads the text.",
};

const VERIFY_AUTH_CHALLENGE_RESPONSE: Facts = Facts {
    client_metadata: Some(metadata::CHALLENGES),
    validation_data: None,
    absences: absences! {
        "request.privateChallengeParameters" => "`{}` where create set none.",
        "request.challengeAnswer" => "May be empty.",
        "request.userNotFound" => USER_NOT_FOUND,
        "response.answerCorrect" => "What Cognito makes of null isn't known.",
    },
    failure: "The sign-in ends; the person reads the text. A wrong answer is no failure: define decides.",
};

const PRE_TOKEN_GENERATION: Facts = Facts {
    client_metadata: Some(metadata::TOKENS),
    validation_data: None,
    absences: absences! {
        "request.groupConfiguration" => "Null for a machine, and in some pools for people too.",
        "request.groupConfiguration.preferredRole" => "Null for most users.",
        "request.userAttributes" => "`{}` for a machine.",
        "response.claimsOverrideDetails" => "Null: the tokens stay as they are. The same for \
            `claimsAndScopeOverrideDetails`.",
        "response.…groupOverrideDetails" => "Left out, the groups stay; null or empty takes them all away.",
    },
    failure: "No tokens: the sign-in or the refresh fails, and the person reads the text. The name in it carries \
        the version, such as PreTokenGenerationV2_0.",
};

const USER_MIGRATION: Facts = Facts {
    client_metadata: Some(metadata::MIGRATION),
    validation_data: Some(metadata::VALIDATION_OF_SIGN_IN),
    absences: absences! {
        "request.password" => "Absent for UserMigration_ForgotPassword.",
        "request.validationData" => "Null when none was sent.",
        "request.userAttributes" => "Null in the published event; no documentation names it.",
        "response.userAttributes" => "Null or empty: there is no such user.",
        "response.finalUserStatus" => "Null means RESET_REQUIRED: the person gets PasswordResetRequiredException.",
        "response.desiredDeliveryMediums" => "Null means SMS.",
    },
    failure: "Nobody is migrated, and the sign-in fails with the text. Without attributes in the answer it fails \
        as for any unknown user, if the app client has PreventUserExistenceErrors enabled; otherwise nobody has told.",
};

const CUSTOM_SMS_SENDER: Facts = Facts {
    client_metadata: Some(metadata::CHALLENGES),
    validation_data: None,
    absences: absences! {
        "request.clientMetadata" => "Null when the app sent none.",
        "response" => "Absent: Cognito isn't listening.",
    },
    failure: SENT_NOTHING,
};

const CUSTOM_EMAIL_SENDER: Facts = Facts {
    client_metadata: Some(metadata::EMAIL),
    validation_data: None,
    absences: absences! {
        "request.code" => "Null for CustomEmailSender_AccountTakeOverNotification.",
        "request.clientMetadata" => "Null when the app sent none.",
        "callerContext.clientId" => "May be null for CustomEmailSender_AccountTakeOverNotification.",
        "response" => "Absent: Cognito isn't listening.",
    },
    failure: SENT_NOTHING,
};

const INBOUND_FEDERATION: Facts = Facts {
    client_metadata: None,
    validation_data: None,
    absences: absences! {
        "request.attributes.userInfo" => "May be empty. Facebook sends no `idToken`, SAML only `samlResponse`.",
        "response.userAttributesToMap" => "Left out or empty: all attributes pass. Otherwise what it doesn't name \
            is dropped.",
    },
    failure: "Nobody is signed in, and a new user isn't stored.",
};
