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
            (&[], "success"),
        ],
    );
}

#[test]
fn a_linked_account_signs_in_the_user() {
    let known = [
        "InboundFederation_ExternalProvider",
        "PreAuthentication",
        "PostAuthentication",
        LOGIN,
    ];
    let run = included(
        "federation-linked",
        &[
            (&[], "success"),
            (&known, "tokens"),
            (&["PreAuthentication", "PostAuthentication", TOKENS], "tokens"),
        ],
    );
    let steps = &run.exchanges[1].steps;
    assert_eq!(steps[0].event["userName"], "ana@login.example.org");
    assert!(steps[1..].iter().all(|step| step.event["userName"] == "ana"));
}

#[test]
fn each_provider_signs_in_with_attributes_of_its_kind() {
    for (provider, kind, parts) in [
        (
            "ExampleIdP",
            "OIDC",
            &["idToken", "tokenResponse", "userInfo"][..],
        ),
        ("ExampleSaml", "SAML", &["samlResponse"]),
        ("Facebook", "Facebook", &["tokenResponse", "userInfo"]),
        ("Google", "Google", &["idToken", "tokenResponse", "userInfo"]),
        (
            "LoginWithAmazon",
            "LoginWithAmazon",
            &["tokenResponse", "userInfo"],
        ),
        (
            "SignInWithApple",
            "SignInWithApple",
            &["idToken", "tokenResponse", "userInfo"],
        ),
    ] {
        let flow = json!({ "calls": [
            { "call": "FederatedSignIn", "provider": provider, "subject": "S1", "expect": "tokens",
              "claims": { "id": { "cognito:username": format!("{provider}_S1") } } },
        ] });
        let run = run(function(), &Flow::parse("x", &flow.to_string()).unwrap());
        run.assert();
        let request = &run.exchanges[0].steps[0].event["request"];
        assert_eq!(request["providerType"], kind);
        let found: Vec<_> = request["attributes"].as_object().unwrap().keys().collect();
        assert_eq!(found, parts, "{provider}");
    }
}

#[test]
fn a_flow_can_create_its_own_provider() {
    let json = r#"{"calls": [
        {"call": "CreateIdentityProvider", "expect": "success", "input": {
            "ProviderName": "Acme", "ProviderType": "OIDC", "AttributeMapping": {"email": "mail"},
            "ProviderDetails": {"client_id": "a", "authorize_scopes": "openid", "attributes_request_method": "GET",
                                "oidc_issuer": "https://idp.example.com"}}},
        {"call": "FederatedSignIn", "provider": "Acme", "attributes": {"mail": "a@example.com"}, "expect": "tokens",
         "claims": {"id": {"email": "a@example.com"}}}
    ]}"#;
    run(function(), &Flow::parse("x", json).unwrap()).assert();
    let unknown = r#"{"calls": [{"call": "FederatedSignIn", "provider": "google"}]}"#;
    assert_eq!(
        Flow::parse("x", unknown).unwrap_err().to_string(),
        "line 1, column 52: calls[0].provider: no call creates the identity provider `google`; did you mean `Google`?"
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
