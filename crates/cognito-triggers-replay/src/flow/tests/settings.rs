//! What the pool of a flow has: its triggers, its attributes, and the user's address.

use super::*;

const ARN: &str = "arn:aws:lambda:eu-central-1:123456789012:function:own";

fn play(router: Router<()>, flow: &Value) -> Run {
    run(router, &Flow::parse("x", &flow.to_string()).unwrap())
}

fn signs_up(lambda_config: Value) -> Value {
    json!({
        "pool": { "LambdaConfig": lambda_config },
        "calls": [
            { "call": "SignUp", "expect": "success" },
            { "call": "ConfirmSignUp", "expect": "success" },
            { "call": "InitiateAuth", "authFlow": "USER_PASSWORD_AUTH", "expect": "tokens" },
        ],
    })
}

fn sources(run: &Run) -> Vec<&str> {
    let fired = run.steps().filter(|step| !step.is_skipped());
    fired.map(|step| step.source.as_str()).collect()
}

#[test]
fn one_trigger_of_a_flow_leaves_the_others() {
    let all = [
        "PreSignUp_SignUp",
        "CustomMessage_SignUp",
        "PostConfirmation_ConfirmSignUp",
        "PreAuthentication_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_Authentication",
    ];
    let run = play(function(), &signs_up(json!({ "UserMigration": ARN })));
    run.assert();
    assert_eq!(sources(&run), all);
    let without = json!({ "CustomMessage": null, "PreAuthentication": null });
    let run = play(function(), &signs_up(without));
    run.assert();
    assert_eq!(sources(&run), [all[0], all[2], all[4], all[5]]);
}

#[test]
fn a_version_of_token_generation_replaces_the_other() {
    for (config, version) in [
        (json!({ "PreTokenGeneration": ARN }), "1"),
        (
            json!({ "PreTokenGenerationConfig": { "LambdaArn": ARN, "LambdaVersion": "V2_0" } }),
            "2",
        ),
    ] {
        let run = play(
            router! { pre_token_generation_v3 => unchanged, pre_sign_up => unchanged },
            &signs_up(config),
        );
        let event = &run.exchanges[2].steps.last().unwrap().event;
        assert_eq!(
            (&event["triggerSource"], &event["version"]),
            (&json!("TokenGeneration_Authentication"), &json!(version)),
            "{run}"
        );
    }
}

#[test]
fn a_sender_that_a_flow_sets_has_a_key() {
    let sender = json!({ "LambdaVersion": "V1_0", "LambdaArn": ARN });
    let run = play(function(), &signs_up(json!({ "CustomEmailSender": sender })));
    run.assert();
    assert_eq!(
        run.exchanges[0].steps[1].source, "CustomEmailSender_SignUp",
        "{run}"
    );
    let wrong = play(function(), &signs_up(json!("arn")));
    assert!(wrong.problem.is_some(), "{wrong}");
}

#[test]
fn a_user_name_that_is_an_address_is_the_address() {
    for (name, attribute) in [("emil@example.com", "email"), ("+15550101234", "phone_number")] {
        let run = play(
            function(),
            &json!({
                "pool": { "UsernameAttributes": [attribute] },
                "user": { "userName": name },
                "calls": [
                    { "call": "SignUp", "expect": "success: a code is on its way" },
                    { "call": "ConfirmSignUp", "expect": "success" },
                    { "call": "InitiateAuth", "authFlow": "USER_SRP_AUTH", "expect": "tokens" },
                ],
            }),
        );
        run.assert();
        let sent = &run.exchanges[0].steps[0].event["request"]["userAttributes"];
        assert_eq!(sent, &json!({ attribute: name }));
    }
    // The name of a pool without addresses as names is no address.
    let run = play(
        function(),
        &json!({ "user": { "userName": "emil@example.com" }, "calls": [{ "call": "SignUp", "expect": "success" }] }),
    );
    let sent = &run.exchanges[0].steps[0].event["request"]["userAttributes"];
    assert_eq!(sent, &json!({ "email": "ana@example.com" }));
}

#[test]
fn the_pool_has_the_attributes_that_only_calls_name() {
    let run = play(
        function(),
        &json!({
            "user": { "exists": true, "attributes": { "email": "ana@example.com", "custom:tenant": "acme" } },
            "calls": [
                { "call": "InitiateAuth", "authFlow": "USER_PASSWORD_AUTH", "expect": "tokens" },
                { "call": "UpdateUserAttributes", "attributes": { "custom:plan": "pro", "custom:tenant": "b" }, "expect": "success" },
                { "call": "AddCustomAttributes", "expect": "success",
                  "input": { "CustomAttributes": [{ "Name": "seat", "AttributeDataType": "String", "Mutable": true }] } },
                { "call": "UpdateUserAttributes", "attributes": { "custom:seat": "4" }, "expect": "success" },
                { "call": "UpdateUserAttributes", "attributes": { "custom:nowhere": "4" }, "expect": "InvalidParameterException" },
                { "call": "InitiateAuth", "authFlow": "USER_PASSWORD_AUTH", "expect": "tokens",
                  "claims": { "id": { "custom:plan": "pro", "custom:tenant": "b", "custom:seat": "4" } } },
            ],
        }),
    );
    run.assert();
    let federated = play(
        function(),
        &json!({ "calls": [
            { "call": "FederatedSignIn", "attributes": { "email": "dana@example.com", "custom:dept": "legal" }, "expect": "tokens",
              "claims": { "id": { "custom:dept": "legal" } } },
        ] }),
    );
    federated.assert();
}
