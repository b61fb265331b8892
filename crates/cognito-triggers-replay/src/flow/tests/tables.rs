//! Flows against the tables of the model.

use cognito_triggers_model::flows::FLOWS;

use super::*;

/// The name of a call in the table of flows.
fn name(call: &str) -> &str {
    match call.split_once(' ').map_or(call, |(word, _)| word) {
        "sign-in" => "the identity provider's answer",
        "token" => "the token endpoint",
        name => name,
    }
}

/// Whether the sources are steps of a flow, in its order.
fn follows(sources: &[&str], steps: &[cognito_triggers_model::flows::Step]) -> bool {
    let mut steps = steps.iter();
    sources
        .iter()
        .all(|source| steps.any(|step| step.sources.contains(source)))
}

#[test]
fn triggers_run_in_an_order_of_the_model() {
    for flow in Flow::names() {
        let run = run(function(), &Flow::named(flow).unwrap());
        for exchange in &run.exchanges {
            let routed = exchange.steps.iter().filter(|step| !step.is_skipped());
            let sources: Vec<_> = routed.map(|step| step.source.as_str()).collect();
            if sources.is_empty() {
                continue;
            }
            let mut flows = FLOWS.iter().filter(|known| {
                known
                    .calls
                    .iter()
                    .any(|call| call.starts_with(name(&exchange.call)))
            });
            assert!(
                flows.any(|known| follows(&sources, known.steps)),
                "{flow}: {}: {sources:?}",
                exchange.call
            );
        }
    }
}

#[test]
fn triggers_get_the_maps_that_the_model_names() {
    let calls = r#"{"calls": [
        {"call": "SignUp", "clientMetadata": {"from": "SignUp"}, "validationData": {"own": "1"}},
        {"call": "ConfirmSignUp", "clientMetadata": {"from": "ConfirmSignUp"}},
        {"call": "InitiateAuth", "authFlow": "USER_PASSWORD_AUTH", "clientMetadata": {"from": "InitiateAuth"}},
        {"call": "InitiateAuth", "authFlow": "CUSTOM_AUTH", "clientMetadata": {"from": "InitiateAuth"}},
        {"call": "RespondToAuthChallenge", "clientMetadata": {"from": "RespondToAuthChallenge"}},
        {"call": "ClientCredentials", "clientMetadata": {"from": "aws_client_metadata"}}
    ]}"#;
    let run = run(function(), &Flow::parse("maps", calls).unwrap());
    let got = |call: usize, source: &str, field: &str| {
        let steps = &run.exchanges[call].steps;
        let step = steps.iter().find(|step| step.source == source).unwrap();
        step.event["request"][field]["from"].as_str().map(str::to_owned)
    };
    for (call, source, field, from) in [
        (0, "PreSignUp_SignUp", "clientMetadata", Some("SignUp")),
        (0, "PreSignUp_SignUp", "validationData", None),
        (0, "CustomMessage_SignUp", "clientMetadata", Some("SignUp")),
        (
            1,
            "PostConfirmation_ConfirmSignUp",
            "clientMetadata",
            Some("ConfirmSignUp"),
        ),
        (
            2,
            "PreAuthentication_Authentication",
            "validationData",
            Some("InitiateAuth"),
        ),
        (2, "PostAuthentication_Authentication", "clientMetadata", None),
        (2, "TokenGeneration_Authentication", "clientMetadata", None),
        (3, "DefineAuthChallenge_Authentication", "clientMetadata", None),
        (
            4,
            "DefineAuthChallenge_Authentication",
            "clientMetadata",
            Some("RespondToAuthChallenge"),
        ),
        (
            4,
            "TokenGeneration_Authentication",
            "clientMetadata",
            Some("RespondToAuthChallenge"),
        ),
        (
            5,
            "TokenGeneration_ClientCredentials",
            "clientMetadata",
            Some("aws_client_metadata"),
        ),
    ] {
        assert_eq!(got(call, source, field).as_deref(), from, "{source}: {field}");
    }
    let sign_up = &run.exchanges[0].steps[0].event["request"];
    assert_eq!(sign_up["validationData"], json!({"own": "1"}));
}
