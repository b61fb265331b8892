//! Calls that a test of an app made fail.

use cognito_triggers_pool::{Drill, Fault};

use super::*;

/// A pool that verifies email addresses, with a custom sender for the codes.
async fn live_with_sender() -> LocalPool {
    let mut hooks = hooks();
    hooks["CustomEmailSender"] = json!({ "LambdaVersion": "V1_0", "LambdaArn": ARN });
    hooks["KMSKeyID"] = json!("arn:aws:kms:us-east-1:123456789012:key/6c0f9a4e-27d1-4b83-9e5f-d41a7b60c382");
    let verifying = builder().pool_setting("AutoVerifiedAttributes", json!(["email"]));
    verifying
        .pool_setting("LambdaConfig", hooks)
        .start()
        .await
        .unwrap()
}

#[test]
fn drills_of_functions_fail_in_the_flow_too() {
    in_runtime(async {
        let pool = live().await;
        let faults = [
            Fault::Crash,
            Fault::Timeout,
            Fault::Throttle,
            Fault::Forbid,
            Fault::Deleted,
            Fault::Null,
            Fault::Garbage,
            Fault::WrongShape,
        ];
        sign_up(&pool, "ana").await;
        for fault in faults {
            pool.drill(Drill::trigger("PreTokenGenerationConfig", fault))
                .unwrap();
            let input = begin("USER_PASSWORD_AUTH", "ana", json!({ "PASSWORD": PASSWORD }));
            call(&pool, "InitiateAuth", input).await;
        }
        let late = Fault::Slow(std::time::Duration::from_millis(1));
        pool.drill(Drill::trigger("PreAuthentication", late)).unwrap();
        let input = begin("USER_PASSWORD_AUTH", "ana", json!({ "PASSWORD": PASSWORD }));
        call(&pool, "InitiateAuth", input).await;

        let (written, _) = plays(&pool, 12).await;
        assert_eq!(written["leftOut"], json!([]), "{written:#}");
        let fails = written["flow"]["calls"].as_array().unwrap().iter().skip(3);
        let fails: Vec<_> = fails
            .map(|call| call["fail"]["TokenGeneration_Authentication"].clone())
            .collect();
        let expected = json!([
            "crash",
            "timeout",
            "throttle",
            "forbid",
            "forbid",
            "null",
            "garbage",
            "wrongShape",
            null
        ]);
        assert_eq!(json!(fails), expected);
    });
}

#[test]
fn a_drill_that_a_flow_does_not_have_is_named() {
    in_runtime(async {
        let pool = live().await;
        sign_up(&pool, "ana").await;
        let drills = [
            Drill::trigger("PreAuthentication", Fault::Error("no".to_owned())),
            Drill::operation("InitiateAuth", "TooManyRequestsException"),
        ];
        for drill in drills {
            pool.drill(drill).unwrap();
            let input = begin("USER_PASSWORD_AUTH", "ana", json!({ "PASSWORD": PASSWORD }));
            call(&pool, "InitiateAuth", input).await;
        }
        // The proof of a password fails, which is the second half of the sign-in.
        pool.drill(Drill::operation(
            "RespondToAuthChallenge",
            "TooManyRequestsException",
        ))
        .unwrap();
        sign_in_with_srp(&pool).await;
        let input = begin("USER_PASSWORD_AUTH", "ana", json!({ "PASSWORD": PASSWORD }));
        call(&pool, "InitiateAuth", input).await;

        let (written, _) = plays(&pool, 8).await;
        let expected = json!([
            "call 4: InitiateAuth was a drill, PreAuthentication: error, which a flow doesn't have.",
            "call 5: InitiateAuth was a drill, InitiateAuth: TooManyRequestsException, which a flow doesn't have.",
            "call 6: RespondToAuthChallenge was a drill, RespondToAuthChallenge: TooManyRequestsException, which a flow doesn't \
             have.",
        ]);
        assert_eq!(written["leftOut"], expected);
    });
}

#[test]
fn a_sender_that_failed_is_not_sent_in_the_flow_too() {
    in_runtime(async {
        let pool = live_with_sender().await;
        let fault = Fault::Error("no mail server".to_owned());
        pool.drill(Drill::trigger("CustomEmailSender", fault)).unwrap();
        sign_up(&pool, "ana").await;
        // Nobody waits for the sender.
        let is_failed = || {
            pool.events()
                .iter()
                .any(|event| event.drill.is_some() && event.error.is_some())
        };
        for _ in 0..2_000 {
            if is_failed() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let (written, _) = plays(&pool, 3).await;
        let call = &written["flow"]["calls"][0];
        assert_eq!(call["expect"], "not sent");
        assert_eq!(call["fail"], json!({ "CustomEmailSender_SignUp": "error" }));
        let lines = get(&pool, "/_dev/calls/1").await["diagram"].clone();
        let last = lines.as_array().unwrap().last().unwrap();
        assert_eq!(
            last["text"],
            "not sent: CustomEmailSender_SignUp fails, and the app isn't told"
        );
        assert_eq!(last["bad"], true, "{last}");
    });
}

#[test]
fn a_sender_whose_answer_nobody_reads_is_no_drill_of_a_flow() {
    in_runtime(async {
        let pool = live_with_sender().await;
        pool.drill(Drill::trigger("CustomEmailSender", Fault::Null))
            .unwrap();
        sign_up(&pool, "ana").await;
        let written = recorded(&pool, 3).await;
        assert_eq!(
            written["leftOut"][0],
            "call 1: SignUp was a drill, CustomEmailSender: null, which a flow doesn't have."
        );
    });
}
