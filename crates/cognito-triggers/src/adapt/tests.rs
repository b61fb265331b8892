//! What the types of `aws_lambda_events` lose must not reach the wire.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod unchanged;

use std::future::Future;

use ::aws_lambda_events::cognito as legacy;
use lambda_runtime::{Context as LambdaContext, Diagnostic, Error, LambdaEvent};
use serde_json::{Value, json};

use cognito_triggers_model::{Route, answer::Answer, samples};

use self::unchanged::unchanged;
use super::{adapt, adapt_with_context};
use crate::{
    context::Context,
    error::reject,
    function::{ErrorType, Refusal},
    logging::tests::text_lines,
    router,
    router::Router,
};

fn answer(router: Router<()>, event: &str) -> Result<Value, Refusal> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let answer: Answer = runtime.block_on(
        router
            .with_state(())
            .answer(event.as_bytes().to_vec(), LambdaContext::default()),
    )?;
    Ok(serde_json::from_slice(answer.as_bytes()).unwrap())
}

fn response(router: Router<()>, event: &str) -> Value {
    answer(router, event).unwrap()["response"].clone()
}

#[test]
fn every_sample_reaches_a_handler_and_comes_back_as_it_was() {
    let mut seen = 0;
    for sample in samples::all() {
        let adapted = unchanged().routes().any(|route| route == sample.route);
        if !adapted || sample.route == Route::DefineAuthChallenge {
            continue;
        }
        seen += 1;
        let mut received: Value = serde_json::from_str(sample.json).unwrap();
        // The one trigger whose "nothing decided" is written differently: null as received, false as answered.
        if sample.route == Route::VerifyAuthChallengeResponse {
            received["response"]["answerCorrect"] = json!(false);
        }
        let mut answered = answer(unchanged(), sample.json).unwrap();
        if sample.route == Route::UserMigration {
            // Older events have no such key; null says the same.
            received["response"]
                .as_object_mut()
                .unwrap()
                .entry("enableSMSMFA")
                .or_insert(Value::Null);
            answered["response"]
                .as_object_mut()
                .unwrap()
                .entry("enableSMSMFA")
                .or_insert(Value::Null);
        }
        assert_eq!(answered, received, "{} {:?}", sample.source, sample.variant);
    }
    assert!(seen > 80, "{seen}");
}

#[test]
fn a_define_answer_that_says_nothing_is_no_answer() {
    let sample = samples::find("DefineAuthChallenge_Authentication", None, None).unwrap();
    let refusal = answer(unchanged(), sample.json).unwrap_err();
    assert_eq!(refusal.error_type(), ErrorType::Failed);

    async fn issue(mut event: LambdaEvent<legacy::CognitoEventUserPoolsDefineAuthChallenge>) -> Handled {
        event.payload.response.issue_tokens = true;
        Ok(event.payload)
    }
    type Handled = Result<legacy::CognitoEventUserPoolsDefineAuthChallenge, Error>;
    let expected = json!({"challengeName": null, "issueTokens": true, "failAuthentication": false});
    assert_eq!(
        response(router! { define_auth_challenge => adapt(issue) }, sample.json),
        expected
    );
}

#[test]
fn claims_do_not_wipe_groups() {
    type V1 = legacy::CognitoEventUserPoolsPreTokenGen;
    async fn add_claim(mut event: LambdaEvent<V1>) -> Result<V1, Error> {
        let mut details = legacy::ClaimsOverrideDetails::default();
        details
            .claims_to_add_or_override
            .insert("tenant".to_owned(), "acme".to_owned());
        event.payload.response.claims_override_details = Some(details);
        Ok(event.payload)
    }
    let sample = samples::find("TokenGeneration_Authentication", Some("V1_0"), None).unwrap();
    assert_eq!(
        response(
            router! { pre_token_generation_v1 => adapt(add_claim) },
            sample.json
        ),
        json!({"claimsOverrideDetails": {"claimsToAddOrOverride": {"tenant": "acme"}}})
    );

    type V2 = legacy::CognitoEventUserPoolsPreTokenGenV2;
    async fn rename_groups(mut event: LambdaEvent<V2>) -> Result<V2, Error> {
        let mut details = legacy::ClaimsAndScopeOverrideDetailsV2::default();
        details.group_override_details.groups_to_override = vec!["staff".to_owned()];
        event.payload.response.claims_and_scope_override_details = Some(details);
        Ok(event.payload)
    }
    let sample = samples::find("TokenGeneration_Authentication", Some("V2_0"), None).unwrap();
    let groups = json!({"groupsToOverride": ["staff"], "iamRolesToOverride": [], "preferredRole": null});
    assert_eq!(
        response(
            router! { pre_token_generation_v2 => adapt(rename_groups) },
            sample.json
        ),
        json!({"claimsAndScopeOverrideDetails": {"groupOverrideDetails": groups}})
    );
}

/// The warnings of some calls of one handler that returns an override without a group.
fn warnings_about_groups(events: &[String]) -> Vec<String> {
    type V1 = legacy::CognitoEventUserPoolsPreTokenGen;
    async fn remove_internal(mut event: LambdaEvent<V1>) -> Result<V1, Error> {
        let groups = std::mem::take(&mut event.payload.request.group_configuration.groups_to_override);
        let mut details = legacy::ClaimsOverrideDetails::default();
        details.group_override_details.groups_to_override = groups
            .into_iter()
            .filter(|group| !group.starts_with("internal-"))
            .collect();
        event.payload.response.claims_override_details = Some(details);
        Ok(event.payload)
    }
    text_lines(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let router: Router<()> = router! { pre_token_generation_v1 => adapt(remove_internal) };
        let function = router.with_state(());
        for event in events {
            let answer = function.answer(event.as_bytes().to_vec(), LambdaContext::default());
            runtime.block_on(answer).unwrap();
        }
    })
    .into_iter()
    .filter(|line| line.contains("group_override_details"))
    .collect()
}

#[test]
fn groups_that_stay_are_warned_about_once() {
    let with = |groups: &str| {
        format!(
            r#"{{"version":"1","triggerSource":"TokenGeneration_Authentication","request":{{"userAttributes":{{}},
            "groupConfiguration":{{"groupsToOverride":[{groups}]}}}},"response":{{"claimsOverrideDetails":null}}}}"#
        )
    };
    let internal = with(r#""internal-audit""#);
    let [warning] = warnings_about_groups(&[internal.clone(), internal])
        .try_into()
        .unwrap();
    assert!(warning.trim_start().starts_with("WARN"), "{warning}");
    assert!(warning.contains("`GroupOverrideDetails::Override`"), "{warning}");
    let others = [with(r#""staff""#), with(r#""staff","internal-audit""#), with("")];
    assert_eq!(warnings_about_groups(&others), [""; 0]);
}

#[test]
fn events_that_the_types_refuse_reach_the_handler() {
    // By themselves the types fail on each of these: a source of the future, null lists, null in attributes.
    let event = r#"{"version":"2","triggerSource":"TokenGeneration_Tomorrow","userName":null,
        "request":{"userAttributes":{"email":null,"a":"1"},"groupConfiguration":{"groupsToOverride":null},
        "scopes":null,"linkParameter":1},"response":{"claimsAndScopeOverrideDetails":null}}"#;
    assert!(serde_json::from_str::<legacy::CognitoEventUserPoolsPreTokenGenV2>(event).is_err());
    assert_eq!(
        answer(unchanged(), event).unwrap(),
        serde_json::from_str::<Value>(event).unwrap()
    );
}

#[test]
fn only_the_text_of_a_rejection_is_returned() {
    fn refused<F, Fut, E>(handler: F) -> (ErrorType, String)
    where
        F: Fn(LambdaEvent<legacy::CognitoEventUserPoolsPreSignup>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<legacy::CognitoEventUserPoolsPreSignup, E>> + Send + 'static,
        E: Into<Diagnostic> + 'static,
    {
        let sample = samples::find("PreSignUp_SignUp", None, None).unwrap();
        let refusal = answer(router! { pre_sign_up => adapt(handler) }, sample.json).unwrap_err();
        (refusal.error_type(), refusal.message().to_owned())
    }
    assert_eq!(
        refused(async |_| Err(Error::from("db: secret"))),
        (ErrorType::Failed, "internal error".to_owned())
    );
    async fn diagnosed<P>(_: LambdaEvent<P>) -> Result<P, Diagnostic> {
        Err(Diagnostic {
            error_type: "Db".to_owned(),
            error_message: "db: secret".to_owned(),
        })
    }
    assert_eq!(
        refused(diagnosed),
        (ErrorType::Failed, "internal error".to_owned())
    );
    assert_eq!(
        refused(async |_| Err(reject("not now"))),
        (ErrorType::Rejected, "not now".to_owned())
    );
}

#[test]
fn the_text_of_a_diagnostic_is_for_the_logs() {
    async fn diagnosed<P>(_: LambdaEvent<P>) -> Result<P, Diagnostic> {
        Err(Diagnostic {
            error_type: "Db".to_owned(),
            error_message: "connection refused".to_owned(),
        })
    }
    let sample = samples::find("PreSignUp_SignUp", None, None).unwrap();
    let refusal = answer(router! { pre_sign_up => adapt(diagnosed) }, sample.json).unwrap_err();
    assert_eq!(refusal.detail(), "Db: connection refused");
}

#[test]
fn a_handler_gets_the_context_and_the_received_response() {
    type Sign = legacy::CognitoEventUserPoolsPreSignup;
    async fn check(context: Context<()>, event: LambdaEvent<Sign>) -> Result<Sign, Error> {
        assert!(!context.remaining().is_zero());
        assert!(event.payload.response.auto_confirm_user);
        assert!(!event.payload.response.auto_verify_email);
        Ok(event.payload)
    }
    let event = r#"{"triggerSource":"PreSignUp_SignUp","request":{"userAttributes":{}},
        "response":{"autoConfirmUser":true,"autoVerifyEmail":false,"autoVerifyPhone":false}}"#;
    let router = router! { pre_sign_up => adapt_with_context(check) };
    assert_eq!(response(router, event)["autoConfirmUser"], true);
}
