mod error_texts;

use super::{lookup::sources, *};
use crate::{route::Route, triggers::DEFINITIONS};

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
fn every_source_stands_in_a_flow_and_every_flow_knows_its_sources() {
    for source in sources() {
        let orders = ORDERS
            .iter()
            .filter(|order| order.sources().any(|name| name == source.name));
        assert!(orders.count() > 0, "{}", source.name);
    }
    for order in ORDERS {
        assert!(
            !order.steps.is_empty() && order.link.starts_with("https://"),
            "{order:?}"
        );
        for name in order.sources() {
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
    assert_eq!(machine.orders().count(), 1);
    assert_eq!(text("CustomSmsSender_SignUp"), text("CustomSMSSender_SignUp"));
    assert_eq!(
        text("VerifyAuthChallenge_Authentication"),
        text("VerifyAuthChallengeResponse_Authentication")
    );
    assert_eq!(explain("PreSignUp_SomethingElse"), None);
    assert_eq!(explain(""), None);
    assert_eq!(explain("…"), None);
}

#[test]
fn senders_have_no_rules_and_no_error_for_the_caller() {
    let text = text("CustomEmailSender");
    assert!(
        text.contains("Nobody sees it") && !text.contains("UserLambdaValidationException"),
        "{text}"
    );
    assert!(!text.contains("Rules for the answer"), "{text}");
}
