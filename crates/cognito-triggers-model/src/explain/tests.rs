mod error_texts;

use super::{lookup::sources, *};
use crate::{flows::FLOWS, route::Route};

fn text(query: &str) -> String {
    explain(query).unwrap_or_else(|| panic!("{query}")).to_string()
}

#[test]
fn everything_that_is_listed_is_explained() {
    let topics: Vec<_> = topics().collect();
    assert_eq!(
        topics
            .iter()
            .filter(|topic| sources().any(|source| source.name == **topic))
            .count(),
        41
    );
    for topic in topics {
        for query in [topic.to_owned(), topic.to_uppercase(), format!(" {topic}\n")] {
            let text = text(&query);
            assert!(
                text.lines().count() > 5 && text.ends_with('\n'),
                "{query}: {text}"
            );
        }
    }
}

#[test]
fn every_source_occurs_in_a_flow() {
    for source in sources() {
        let flows = FLOWS
            .iter()
            .filter(|flow| flow.sources().any(|name| name == source.name));
        assert!(flows.count() > 0, "{}", source.name);
    }
    for flow in FLOWS {
        assert!(
            !flow.steps.is_empty() && flow.link.starts_with("https://"),
            "{flow:?}"
        );
        for name in flow.sources() {
            assert!(sources().any(|source| source.name == name), "{name}");
        }
    }
}

#[test]
fn a_trigger_is_found_under_all_its_names() {
    let Some(Explanation::Trigger(all)) = explain("PreTokenGenerationConfig") else {
        panic!()
    };
    assert_eq!(all.definitions.len(), 3);
    let Some(Explanation::Trigger(second)) = explain("pre_token_generation_v2") else {
        panic!()
    };
    assert_eq!(second.definitions.len(), 1);
    let Some(Explanation::Trigger(machine)) = explain("tokengeneration_clientcredentials") else {
        panic!()
    };
    assert_eq!(machine.definitions[0].route, Route::PreTokenGenerationV3);
    assert_eq!(machine.flows().count(), 1);
    assert_eq!(text("CustomSmsSender_SignUp"), text("CustomSMSSender_SignUp"));
    assert_eq!(
        text("VerifyAuthChallenge_Authentication"),
        text("VerifyAuthChallengeResponse_Authentication")
    );
    assert_eq!(explain("PreSignUp_SomethingElse"), None);
    assert_eq!(explain(""), None);
    assert_eq!(explain("…"), None);
}

/// The lines of the section about null and absence.
fn absences(query: &str) -> Vec<String> {
    let text = text(query);
    let (_, rest) = text.split_once("\nNull and absence\n").unwrap();
    let (section, _) = rest.split_once("\n\n").unwrap();
    section.lines().map(|line| line.trim().to_owned()).collect()
}

/// Whether a line of the section begins so.
fn has_absence(query: &str, start: &str) -> bool {
    absences(query).iter().any(|line| line.starts_with(start))
}

#[test]
fn an_absence_names_the_sources_to_which_it_is_limited() {
    assert!(has_absence(
        "UserMigration",
        "request.password (ForgotPassword): Absent."
    ));
    assert!(has_absence(
        "UserMigration_ForgotPassword",
        "request.password: Absent."
    ));
    assert!(!has_absence("UserMigration_Authentication", "request.password"));
    let parameter = "request.usernameParameter (AdminCreateUser): `{username}`";
    assert!(has_absence("CustomMessage", parameter));
    let code = "request.code (AccountTakeOverNotification): Null";
    assert!(has_absence("CustomEmailSender", code));
}

#[test]
fn fields_that_an_event_lacks_are_not_described() {
    for query in ["InboundFederation", "InboundFederation_ExternalProvider"] {
        assert!(!has_absence(query, "request.clientMetadata"), "{query}");
        assert!(!has_absence(query, "request.userAttributes"), "{query}");
    }
    assert!(!has_absence("PreAuthentication", "request.clientMetadata"));
    assert!(has_absence("PreSignUp", "request.clientMetadata"));
    // A machine gets tokens of version 3 only.
    for query in ["pre_token_generation_v1", "pre_token_generation_v2"] {
        let lines = absences(query);
        assert!(!lines.iter().any(|line| line.contains("machine")), "{lines:?}");
        assert!(has_absence(
            query,
            "request.groupConfiguration: Null in some pools."
        ));
        assert!(has_absence(query, "request.userAttributes: Strings only"));
    }
    let machine = "request.userAttributes (ClientCredentials): `{}`";
    assert!(has_absence("pre_token_generation_v3", machine));
    assert!(has_absence(
        "pre_token_generation_v3",
        "request.userAttributes: Strings only"
    ));
    assert!(!has_absence(
        "TokenGeneration_ClientCredentials",
        "request.userAttributes: Strings"
    ));
}

#[test]
fn senders_have_no_rules_and_no_error_for_the_caller() {
    let text = text("CustomEmailSender");
    assert!(
        text.contains("No caller sees it") && !text.contains("UserLambdaValidationException"),
        "{text}"
    );
    assert!(!text.contains("Rules for the answer"), "{text}");
}

#[test]
fn facts_are_narrowed_to_the_source_that_was_asked_for() {
    let resend = text("CustomMessage_ResendCode");
    assert!(
        resend.contains("From ClientMetadata of ResendConfirmationCode.\n"),
        "{resend}"
    );
    assert!(!resend.contains("custom-message-without-user-name"), "{resend}");
    assert!(!resend.contains("isn't saved"), "{resend}");

    let forgotten = text("UserMigration_ForgotPassword");
    assert!(forgotten.contains("request.password: Absent."), "{forgotten}");
    assert!(!forgotten.contains("migration-without-status"), "{forgotten}");
    assert!(
        forgotten.contains("migration-without-verified-address"),
        "{forgotten}"
    );
    let sign_in = text("UserMigration_Authentication");
    assert!(!sign_in.contains("request.password"), "{sign_in}");

    let machine = text("TokenGeneration_ClientCredentials");
    assert!(
        machine.contains("aws_client_metadata of the token endpoint"),
        "{machine}"
    );
    assert!(!machine.contains("RespondToAuthChallenge"), "{machine}");
    assert!(machine.contains("ClientMetadata of GetClientToken"), "{machine}");
    let refused = "The token endpoint answers `invalid_request`";
    assert!(machine.contains(refused), "{machine}");
    for query in ["pre_token_generation_v2", "TokenGeneration_HostedAuth"] {
        assert!(!text(query).contains(refused), "{query}");
    }
    let login = text("TokenGeneration_HostedAuth");
    assert!(!login.contains("id-token-of-machine"), "{login}");

    let confirmed = text("PostConfirmation_ConfirmSignUp");
    assert!(confirmed.contains("The user is confirmed") && !confirmed.contains("password is changed"));
    let federated = text("PreSignUp_ExternalProvider");
    assert!(
        federated.contains("No known call fills it.") && !federated.contains("auto-verify-without-confirm")
    );
}

#[test]
fn the_text_of_inbound_federation_is_an_analogy() {
    let text = text("InboundFederation");
    assert!(text.contains("  The text isn't known; by analogy `InboundFederation failed with error ….`"));
    assert!(!text.contains("UserLambdaValidationException"), "{text}");
}

#[test]
fn a_notification_of_a_takeover_has_other_attributes() {
    let notice = text("CustomEmailSender_AccountTakeOverNotification");
    assert!(
        notice.contains("request.userAttributes: Other attributes, and no `email`"),
        "{notice}"
    );
    assert!(
        !notice.contains("Strings only") && notice.contains("(`IP_ADDRESS`)"),
        "{notice}"
    );
}

#[test]
fn facts_about_missing_data_name_an_alternative() {
    assert!(text("PreAuthentication").contains("The caller's IP address"));
    assert!(text("CustomMessage_UpdateUserAttribute").contains("A change of attributes that sends no code"));
    assert!(text("TokenGeneration_RefreshTokens").contains("Refresh with GetTokensFromRefreshToken"));
}
