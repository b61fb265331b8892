//! Second factors whose codes are sent.

use cognito_triggers::custom_email_sender;

use super::*;

const SMS: &str = r#""pool": {"MfaConfiguration": "ON", "SmsConfiguration": {}},
    "user": {"exists": true, "attributes": {"phone_number": "+15550101234", "phone_number_verified": "true"}}"#;

fn play(router: Router<()>, json: &str) -> Run {
    run(router, &Flow::parse("x", json).unwrap())
}

#[test]
fn codes_of_second_factors_are_typed() {
    let email =
        r#""pool": {"MfaConfiguration": "ON", "EmailMfaConfiguration": {}}, "user": {"exists": true}"#;
    for (settings, challenge) in [(SMS, "SMS_MFA"), (email, "EMAIL_OTP")] {
        for begin in ["USER_PASSWORD_AUTH", "USER_SRP_AUTH"] {
            let json = format!(
                r#"{{{settings}, "calls": [
                    {{"call": "InitiateAuth", "authFlow": "{begin}", "expect": "challenge {challenge}"}},
                    {{"call": "RespondToAuthChallenge", "code": "wrong", "expect": "CodeMismatchException"}},
                    {{"call": "RespondToAuthChallenge", "expect": "tokens"}}
                ]}}"#
            );
            let run = play(function(), &json);
            run.assert();
            assert_eq!(run.exchanges[1].call, "RespondToAuthChallenge with a wrong code");
        }
    }
}

#[test]
fn a_factor_that_a_flow_can_not_answer_is_named() {
    let json = format!(
        r#"{{{}, "calls": [
            {{"call": "InitiateAuth", "authFlow": "USER_PASSWORD_AUTH", "expect": "challenge MFA_SETUP"}},
            {{"call": "RespondToAuthChallenge"}}
        ]}}"#,
        r#""pool": {"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": true}}, "user": {"exists": true}"#
    );
    let run = play(function(), &json);
    assert_eq!(
        run.exchanges[1].result.to_string(),
        "unknown: a flow can't answer the challenge MFA_SETUP; write `ChallengeResponses` in `input`"
    );
}

/// Without the code nobody gets past the challenge, so a flow that expects the challenge isn't as expected.
#[test]
fn a_challenge_whose_code_is_not_sent_is_no_challenge() {
    let sending = || {
        router! {
            custom_sms_sender => async |_, _| Err("no SMS today".into()),
            custom_email_sender => async |_, _| Ok(custom_email_sender::Response::default()),
        }
    };
    let json = |expect: &str| {
        format!(
            r#"{{{SMS}, "calls": [{{"call": "InitiateAuth", "authFlow": "USER_PASSWORD_AUTH", "expect": "{expect}"}}]}}"#
        )
    };
    let run = play(sending(), &json("challenge SMS_MFA"));
    assert!(!run.is_good(), "{run}");
    assert!(
        run.to_string().contains(
            "-> not sent: CustomSMSSender_Authentication fails, and the app isn't told\n  expected: challenge SMS_MFA\n"
        ),
        "{run}"
    );
    play(sending(), &json("not sent: CustomSMSSender_Authentication")).assert();
}
