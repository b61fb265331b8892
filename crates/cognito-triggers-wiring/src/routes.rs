//! Routes and hooks: which line of a router answers which key of `LambdaConfig`.

/// Stand-in until the library's table is there.
#[derive(Debug)]
pub(crate) struct Definition {
    pub(crate) route: &'static str,
    pub(crate) hook: &'static str,
    pub(crate) lambda_version: Option<&'static str>,
    pub(crate) synchronous: bool,
}

const fn plain(route: &'static str, hook: &'static str) -> Definition {
    Definition { route, hook, lambda_version: None, synchronous: true }
}

static DEFINITIONS: &[Definition] = &[
    plain("pre_sign_up", "PreSignUp"),
    plain("post_confirmation", "PostConfirmation"),
    plain("pre_authentication", "PreAuthentication"),
    plain("post_authentication", "PostAuthentication"),
    plain("custom_message", "CustomMessage"),
    plain("define_auth_challenge", "DefineAuthChallenge"),
    plain("create_auth_challenge", "CreateAuthChallenge"),
    plain("verify_auth_challenge_response", "VerifyAuthChallengeResponse"),
    Definition { route: "pre_token_generation_v1", hook: "PreTokenGeneration", lambda_version: Some("V1_0"), synchronous: true },
    Definition { route: "pre_token_generation_v2", hook: "PreTokenGeneration", lambda_version: Some("V2_0"), synchronous: true },
    Definition { route: "pre_token_generation_v3", hook: "PreTokenGeneration", lambda_version: Some("V3_0"), synchronous: true },
    plain("user_migration", "UserMigration"),
    Definition { route: "custom_sms_sender", hook: "CustomSMSSender", lambda_version: Some("V1_0"), synchronous: false },
    Definition { route: "custom_email_sender", hook: "CustomEmailSender", lambda_version: Some("V1_0"), synchronous: false },
    Definition { route: "inbound_federation", hook: "InboundFederation", lambda_version: Some("V1_0"), synchronous: true },
];
pub(crate) fn definitions() -> &'static [Definition] { DEFINITIONS }

/// The definitions of a hook; `PreTokenGenerationConfig` is another spelling of `PreTokenGeneration`.
pub(crate) fn of_hook(key: &str) -> impl Iterator<Item = &'static Definition> {
    let hook = hook_of(key);
    definitions().iter().filter(move |definition| hook_of(definition.hook) == hook)
}

/// The definition of a route.
pub(crate) fn of_route(route: &str) -> Option<&'static Definition> {
    definitions().iter().find(|definition| definition.route == route)
}

/// The hook that a key of `LambdaConfig` wires.
pub(crate) fn hook_of(key: &str) -> String {
    key.strip_suffix("Config").unwrap_or(key).to_owned()
}

/// Whether Cognito waits for the function: for all but the custom senders.
pub(crate) fn is_synchronous(key: &str) -> bool {
    of_hook(key).all(|definition| definition.synchronous)
}

/// What a person notices when the hook's function always fails.
pub(crate) fn when_failing(key: &str) -> &'static str {
    match hook_of(key).as_str() {
        "PreSignUp" => "nobody can sign up, and no account can be made",
        "PostConfirmation" => "people who confirm their account see an error, though the account is confirmed",
        "PreAuthentication" | "PostAuthentication" | "PreTokenGeneration" => "nobody can sign in",
        "CustomMessage" => "whoever needs a message (sign-up, a forgotten password) sees an error instead",
        "DefineAuthChallenge" | "CreateAuthChallenge" | "VerifyAuthChallengeResponse" => {
            "nobody can sign in with the custom challenge"
        }
        "UserMigration" => "nobody is migrated: people of the old directory can't sign in",
        "CustomSMSSender" | "CustomEmailSender" => "codes are never sent, and neither caller nor person sees an error",
        "InboundFederation" => "nobody can sign in through an identity provider",
        _ => "each call of this trigger fails",
    }
}
