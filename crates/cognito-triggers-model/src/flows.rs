//! Flows: which triggers run for an API call or a page, and in which order.
//!
//! Each flow links the page of AWS, or the published run against a real pool, that its order comes from. A trigger
//! that the pool hasn't set is left out, and the order of the rest stays. Challenge, migration, message and sender
//! triggers never run for a sign-in through an identity provider.

use crate::{route::Route, trigger::GUIDE};

/// What a user or an app does, and the triggers that Cognito calls for it.
///
/// `Display` of a [`Step`] writes one line of it.
///
/// ```
/// use cognito_triggers_model::flows::FLOWS;
///
/// let sign_up = FLOWS.iter().find(|flow| flow.name == "sign-up").ok_or("no such flow")?;
/// let steps: Vec<_> = sign_up.steps.iter().map(ToString::to_string).collect();
/// assert_eq!(steps, [
///     "PreSignUp_SignUp",
///     "if the answer has autoConfirmUser: PostConfirmation_ConfirmSignUp",
///     "otherwise: CustomMessage_SignUp, or the same of a custom sender",
/// ]);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Flow {
    /// What happens, in a few words.
    ///
    /// Unique among [`FLOWS`].
    pub name: &'static str,
    /// The API operations or pages that start it.
    ///
    /// Any of them starts the flow, or the flow takes one after the other.
    pub calls: &'static [&'static str],
    /// The triggers, in their order.
    ///
    /// A trigger that runs twice is listed twice.
    pub steps: &'static [Step],
    /// What else is known; empty if there is nothing.
    ///
    /// One or more sentences, such as what sources disagree on.
    pub note: &'static str,
    /// Where the order is documented or was observed.
    pub link: &'static str,
}

/// A step of a [`Flow`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// The sources of the step: one of them is called, depending on what the pool has set.
    ///
    /// A message has three: the custom message, and the two custom senders that replace Cognito's own email and SMS.
    pub sources: &'static [&'static str],
    /// What the step depends on; empty for a step that always runs.
    ///
    /// A clause that begins with a lowercase letter, such as "if define issues tokens".
    pub when: &'static str,
}

impl Flow {
    /// The flows in which one of these sources is called.
    ///
    /// They come in the order of [`FLOWS`]. Empty for a source that isn't known.
    ///
    /// ```
    /// use cognito_triggers_model::flows::Flow;
    ///
    /// let names: Vec<_> = Flow::with("TokenGeneration_RefreshTokens").map(|flow| flow.name).collect();
    /// assert_eq!(names, ["refresh of tokens"]);
    /// ```
    pub fn with(source: &str) -> impl Iterator<Item = &'static Self> {
        FLOWS
            .iter()
            .filter(move |flow| flow.sources().any(|name| name == source))
    }

    /// The sources of all steps.
    ///
    /// They come in the order of the steps. A source occurs once for each step that has it.
    pub fn sources(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.steps.iter().flat_map(|step| step.sources).copied()
    }
}

/// The page about custom challenges.
const CUSTOM: &str =
    "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-challenge.html";
/// A project that has published a run of 54 invocations against real AWS, with their order.
const RUNS: &str = "https://github.com/pyepye/lambda-event-router";
/// The page about token generation.
const TOKENS: &str = crate::triggers::pre_token_generation::PAGE;
/// The page about inbound federation.
const INBOUND: &str = Route::InboundFederation.definition().page;

/// A step that always runs.
const fn step(sources: &'static [&'static str]) -> Step {
    Step { sources, when: "" }
}

/// A step that depends on something.
const fn when(when: &'static str, sources: &'static [&'static str]) -> Step {
    Step { sources, when }
}

/// The triggers of a message: the custom message, or the custom sender that replaces Cognito's own.
macro_rules! message {
    ($reason:literal) => {
        &[
            concat!("CustomMessage_", $reason),
            concat!("CustomEmailSender_", $reason),
            concat!("CustomSMSSender_", $reason),
        ]
    };
}

/// The source before a sign-in.
const PRE_AUTHENTICATION: &[&str] = &["PreAuthentication_Authentication"];
/// The source after a successful sign-in.
const POST_AUTHENTICATION: &[&str] = &["PostAuthentication_Authentication"];
/// The source of tokens at the end of a sign-in through the API.
const TOKENS_OF_SIGN_IN: &[&str] = &["TokenGeneration_Authentication"];
/// The source of tokens for managed login, also through an identity provider.
const TOKENS_OF_LOGIN: &[&str] = &["TokenGeneration_HostedAuth"];
/// The source that decides what comes next in a custom sign-in.
const DEFINE: &[&str] = &["DefineAuthChallenge_Authentication"];
/// The source that makes a custom challenge.
const CREATE: &[&str] = &["CreateAuthChallenge_Authentication"];
/// The source that judges the answer to a custom challenge.
const VERIFY: &[&str] = &["VerifyAuthChallengeResponse_Authentication"];
/// The message with the code of a second factor.
const SECOND_FACTOR: Step = when(
    "if a code by email or SMS is the second factor",
    message!("Authentication"),
);
/// The message to a user whom a migration has created. `messageAction` is a field of the migration's answer.
const WELCOME: Step = when(
    "unless the answer has messageAction SUPPRESS",
    message!("AdminCreateUser"),
);

/// Every known flow, from the sign-up on.
///
/// Sign-ups come first, then sign-ins, migrations, federation and machines.
pub static FLOWS: &[Flow] = &[
    Flow {
        name: "sign-up",
        calls: &["SignUp", "the sign-up page"],
        steps: &[
            step(&["PreSignUp_SignUp"]),
            when(
                "if the answer has autoConfirmUser",
                &["PostConfirmation_ConfirmSignUp"],
            ),
            when("otherwise", message!("SignUp")),
        ],
        note: "",
        link: RUNS,
    },
    Flow {
        name: "confirmation of a sign-up",
        calls: &["ConfirmSignUp", "AdminConfirmSignUp", "the confirmation page"],
        steps: &[step(&["PostConfirmation_ConfirmSignUp"])],
        note: "",
        link: GUIDE,
    },
    Flow {
        name: "new code for a sign-up",
        calls: &["ResendConfirmationCode"],
        steps: &[step(message!("ResendCode"))],
        note: "",
        link: GUIDE,
    },
    Flow {
        name: "user created by an administrator",
        calls: &["AdminCreateUser"],
        steps: &[
            step(&["PreSignUp_AdminCreateUser"]),
            when(
                "unless the call has MessageAction SUPPRESS",
                message!("AdminCreateUser"),
            ),
        ],
        note: "Post confirmation doesn't run.",
        link: RUNS,
    },
    Flow {
        name: "sign-in with a password",
        calls: &["InitiateAuth", "AdminInitiateAuth"],
        steps: &[
            step(PRE_AUTHENTICATION),
            SECOND_FACTOR,
            step(POST_AUTHENTICATION),
            step(TOKENS_OF_SIGN_IN),
        ],
        note: "Pre authentication runs before the password is checked, so for wrong ones too; the other steps run only \
               after a correct one. For a user who doesn't exist it runs only where the app client has \
               PreventUserExistenceErrors enabled.",
        link: RUNS,
    },
    Flow {
        name: "sign-in through managed login",
        calls: &["the login page"],
        steps: &[
            step(PRE_AUTHENTICATION),
            SECOND_FACTOR,
            step(POST_AUTHENTICATION),
            step(TOKENS_OF_LOGIN),
        ],
        note: "Pre authentication doesn't run while the browser still has a session of managed login.",
        link: GUIDE,
    },
    Flow {
        name: "first sign-in with a temporary password",
        calls: &["InitiateAuth", "RespondToAuthChallenge"],
        steps: &[
            step(PRE_AUTHENTICATION),
            step(POST_AUTHENTICATION),
            step(TOKENS_OF_SIGN_IN),
            when("after the new password", POST_AUTHENTICATION),
            when(
                "after the new password",
                &["TokenGeneration_NewPasswordChallenge"],
            ),
        ],
        note: "Post authentication and token generation run for each of the two calls. Reports differ on whether pre \
               authentication runs a second time.",
        link: RUNS,
    },
    Flow {
        name: "sign-in on a remembered device",
        calls: &["RespondToAuthChallenge"],
        steps: &[step(&["TokenGeneration_AuthenticateDevice"])],
        note: "Tokens are issued at the end of the device's own challenge.",
        link: TOKENS,
    },
    Flow {
        name: "refresh of tokens",
        calls: &[
            "InitiateAuth with REFRESH_TOKEN_AUTH",
            "GetTokensFromRefreshToken",
        ],
        steps: &[step(&["TokenGeneration_RefreshTokens"])],
        note: "No authentication trigger runs. For GetTokensFromRefreshToken one page of AWS names \
               TokenGeneration_Authentication instead.",
        link: RUNS,
    },
    Flow {
        name: "custom sign-in",
        calls: &["InitiateAuth with CUSTOM_AUTH", "RespondToAuthChallenge"],
        steps: &[
            step(DEFINE),
            step(CREATE),
            when("when the user has answered", VERIFY),
            step(DEFINE),
            when("while define asks for another challenge", CREATE),
            when("if define issues tokens", POST_AUTHENTICATION),
            when("if define issues tokens", TOKENS_OF_SIGN_IN),
        ],
        note: "Pre authentication doesn't run.",
        link: CUSTOM,
    },
    Flow {
        name: "custom sign-in that begins with a password (SRP)",
        calls: &[
            "InitiateAuth with CUSTOM_AUTH and SRP_A",
            "RespondToAuthChallenge",
        ],
        steps: &[
            step(DEFINE),
            when(
                "in the password step, if define asks for PASSWORD_VERIFIER",
                PRE_AUTHENTICATION,
            ),
            step(DEFINE),
            step(CREATE),
            when("when the user has answered", VERIFY),
            step(DEFINE),
            when("if define issues tokens", POST_AUTHENTICATION),
            when("if define issues tokens", TOKENS_OF_SIGN_IN),
        ],
        note: "Cognito itself checks the password and adds second factors.",
        link: CUSTOM,
    },
    Flow {
        name: "migration at sign-in",
        calls: &["InitiateAuth or AdminInitiateAuth with a password, for an unknown user"],
        steps: &[
            step(&["UserMigration_Authentication"]),
            step(&["PreSignUp_AdminCreateUser"]),
            WELCOME,
            step(PRE_AUTHENTICATION),
            step(POST_AUTHENTICATION),
            step(TOKENS_OF_SIGN_IN),
        ],
        note: "Not with SRP, which sends no password, and not for passwordless sign-in.",
        link: RUNS,
    },
    Flow {
        name: "migration at a forgotten password",
        calls: &["ForgotPassword, for an unknown user"],
        steps: &[
            step(&["UserMigration_ForgotPassword"]),
            step(&["PreSignUp_AdminCreateUser"]),
            WELCOME,
            step(message!("ForgotPassword")),
        ],
        note: "",
        link: RUNS,
    },
    Flow {
        name: "forgotten password",
        calls: &["ForgotPassword", "AdminResetUserPassword"],
        steps: &[step(message!("ForgotPassword"))],
        note: "",
        link: GUIDE,
    },
    Flow {
        name: "new password after a forgotten one",
        calls: &["ConfirmForgotPassword"],
        steps: &[step(&["PostConfirmation_ConfirmForgotPassword"])],
        note: "",
        link: GUIDE,
    },
    Flow {
        name: "change of an email address or phone number",
        calls: &["UpdateUserAttributes", "AdminUpdateUserAttributes"],
        steps: &[step(message!("UpdateUserAttribute"))],
        note: "Only if a code is sent: a change that sends no code reaches no trigger. Reports disagree on \
               whether the custom message event has the old or the new value, and about custom senders there are none; the local \
               pool sends the new one.",
        link: GUIDE,
    },
    Flow {
        name: "verification of an email address or phone number",
        calls: &["GetUserAttributeVerificationCode"],
        steps: &[step(message!("VerifyUserAttribute"))],
        note: "",
        link: GUIDE,
    },
    Flow {
        name: "first sign-in through an identity provider",
        calls: &["the identity provider's answer"],
        steps: &[
            step(&["InboundFederation_ExternalProvider"]),
            step(&["PreSignUp_ExternalProvider"]),
            step(&["PostConfirmation_ConfirmSignUp"]),
            step(TOKENS_OF_LOGIN),
        ],
        note: "Only the first two run before the user is stored: an error in a later one leaves the account behind. \
               Challenge, migration, message and sender triggers never run in federation.",
        link: INBOUND,
    },
    Flow {
        name: "later sign-in through an identity provider",
        calls: &["the identity provider's answer"],
        steps: &[
            step(&["InboundFederation_ExternalProvider"]),
            step(PRE_AUTHENTICATION),
            step(POST_AUTHENTICATION),
            step(TOKENS_OF_LOGIN),
        ],
        note: "Some projects report that the two authentication triggers don't run.",
        link: INBOUND,
    },
    Flow {
        name: "token for a machine",
        calls: &["the token endpoint with client_credentials", "GetClientToken"],
        steps: &[step(&["TokenGeneration_ClientCredentials"])],
        note: "Only where LambdaVersion is V3_0. The source for GetClientToken isn't published; it is probably \
               TokenGeneration_ClientCredentials.",
        link: TOKENS,
    },
    Flow {
        name: "suspected account takeover",
        calls: &["a sign-in that threat protection suspects"],
        steps: &[step(&["CustomEmailSender_AccountTakeOverNotification"])],
        note: "",
        link: Route::CustomEmailSender.definition().page,
    },
];
