//! Users who come from another directory, or from an identity provider.

use super::*;

#[test]
fn users_come_from_another_directory() {
    let run = included(
        "migration",
        &[
            (
                &[
                    "UserMigration",
                    "PreSignUp_AdminCreateUser",
                    "PreAuthentication",
                    "PostAuthentication",
                    TOKENS,
                ],
                "tokens",
            ),
            (&["PreAuthentication", "PostAuthentication", TOKENS], "tokens"),
        ],
    );
    let names: Vec<_> = run
        .steps()
        .map(|step| step.event["userName"].as_str().unwrap())
        .collect();
    assert_eq!(names.first(), Some(&"emil@example.com"));
    // The pool chooses the user name, since users sign in with their addresses.
    assert!(names[1..].iter().all(|name| *name == names[1]), "{names:?}");
    assert_eq!(names[1].len(), 36, "{names:?}");

    included(
        "migration-forgotten-password",
        &[
            (
                &[
                    "UserMigration_ForgotPassword",
                    "PreSignUp_AdminCreateUser",
                    "CustomMessage_ForgotPassword",
                ],
                "success: a code is on its way",
            ),
            (
                &["PostConfirmation_ConfirmForgotPassword"],
                "success: the password is changed",
            ),
            (&["PreAuthentication", "PostAuthentication", TOKENS], "tokens"),
        ],
    );
    included(
        "federation",
        &[
            (
                &[
                    "InboundFederation_ExternalProvider",
                    "PreSignUp_ExternalProvider",
                    "PostConfirmation_ConfirmSignUp",
                    LOGIN,
                ],
                "tokens",
            ),
            (
                &[
                    "InboundFederation_ExternalProvider",
                    "PreAuthentication",
                    "PostAuthentication",
                    LOGIN,
                ],
                "tokens",
            ),
        ],
    );
}

#[test]
fn provider_attributes_pass_through_the_function() {
    async fn keep_only_the_name(
        _: Context<()>,
        event: Event<InboundFederation>,
    ) -> Result<inbound_federation::Response> {
        let provider = &event.request.attributes;
        let kept = ["sub", "name"].map(|name| (name, provider.id_token.get(name).unwrap_or_default()));
        Ok(inbound_federation::Response {
            user_attributes_to_map: TextMap::from(kept),
            ..Default::default()
        })
    }
    async fn check(_: Context<()>, event: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
        assert_eq!(event.request.user_attributes.email(), None);
        assert_eq!(event.request.user_attributes.get("name"), Some("Dana Petrova"));
        Ok(Default::default())
    }
    let router = router! { inbound_federation => keep_only_the_name, pre_sign_up => check };
    let run = run(router, &Flow::named("federation").unwrap());
    assert_eq!(run.exchanges[0].result, ApiResult::Tokens, "{run}");
}
