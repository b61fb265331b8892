//! Expectations on the claims of tokens.

use cognito_triggers::pre_token_generation_v2::{self, AccessTokenGeneration, IdTokenGeneration};

use super::*;

/// Adds a tenant to the ID token and a scope to the access token, and takes the email address out.
fn tenants() -> Router<()> {
    router! {
        pre_token_generation_v2 => async |_, _| Ok(pre_token_generation_v2::Response {
            id_token_generation: IdTokenGeneration {
                claims_to_add_or_override: [("tenant", json!("acme")), ("level", json!(3))].into(),
                claims_to_suppress: vec!["email".to_owned()],
                ..Default::default()
            },
            access_token_generation: AccessTokenGeneration {
                scopes_to_add: vec!["orders:read".to_owned()],
                ..Default::default()
            },
            ..Default::default()
        }),
    }
}

/// Signs a user in who is in a group, and then refreshes the tokens. `claims` are those of both calls.
fn play(claims: &Value) -> Run {
    let flow = json!({
        "user": { "exists": true, "groups": ["admins"] },
        "calls": [
            { "call": "InitiateAuth", "authFlow": "USER_SRP_AUTH", "expect": "tokens", "claims": claims },
            { "call": "InitiateAuth", "authFlow": "REFRESH_TOKEN_AUTH", "claims": claims },
        ],
    });
    run(tenants(), &Flow::parse("x", &flow.to_string()).unwrap())
}

#[test]
fn tokens_have_the_claims_that_a_flow_expects() {
    let claims = json!({
        "id": { "tenant": "acme", "level": 3, "email": null, "cognito:groups": ["admins"], "token_use": "id" },
        "access": {
            "scope": ["orders:read", "aws.cognito.signin.user.admin"],
            "tenant": null,
            "cognito:groups": ["admins"],
        },
    });
    play(&claims).assert();
}

#[test]
fn a_claim_that_differs_fails_the_call() {
    let run = play(&json!({ "id": { "tenant": "acm" }, "access": { "scope": null } }));
    assert!(!run.is_good());
    for exchange in &run.exchanges {
        assert_eq!(exchange.result, ApiResult::Tokens);
        assert_eq!(
            exchange.unexpected[0],
            r#"claims.id.tenant: expected "acm", but it is "acme""#
        );
        let scope = &exchange.unexpected[1];
        assert!(
            scope.starts_with("claims.access.scope: expected no such claim, but it is "),
            "{scope}"
        );
    }
    assert!(run.to_string().contains("claims.id.tenant: expected"), "{run}");
}

#[test]
fn claims_need_tokens() {
    let flow = r#"{"calls": [{"call": "InitiateAuth", "authFlow": "USER_SRP_AUTH", "claims": {"id": {"sub": null}}}]}"#;
    let run = run(tenants(), &Flow::parse("x", flow).unwrap());
    assert_eq!(run.exchanges[0].unexpected, ["claims: the app gets no tokens"]);
}
