//! `wire` never writes what `check` refuses: sets of routes × plans × formats.

use cognito_triggers_model::Route;
use cognito_triggers_wiring::{
    Binary, Report, Severity, Source, Wiring,
    wire::{self, WireError},
};
use serde_json::{Value, json};

use super::{FUNCTION, KEY, arns};

const PLANS: [Option<&str>; 4] = [None, Some("LITE"), Some("ESSENTIALS"), Some("PLUS")];

/// Every route alone, every pair, all but one, all, and 200 sets in between, the same in each run.
fn sets() -> Vec<Vec<Route>> {
    let all = Route::ALL;
    let mut sets: Vec<Vec<Route>> = all.iter().map(|route| vec![*route]).collect();
    for (index, one) in all.iter().enumerate() {
        sets.extend(all.iter().skip(index + 1).map(|other| vec![*one, *other]));
        sets.push(all.iter().filter(|route| *route != one).copied().collect());
    }
    sets.push(all.to_vec());
    let mut state = 0x2545_f491_u32;
    for _ in 0..200 {
        let mut set = Vec::new();
        for route in all {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if state >> 31 == 1 {
                set.push(*route);
            }
        }
        if !set.is_empty() {
            sets.push(set);
        }
    }
    sets
}

fn binary(routes: &[Route]) -> Binary {
    Binary::new("triggers", routes.iter().map(|route| route.as_str()))
}

fn check(text: String, binary: Binary) -> Report {
    Wiring::read([Source::new("written", text)])
        .unwrap()
        .check(&[binary])
}

/// Whether a pool of the Lite plan can't have these routes.
fn needs_essentials(routes: &[Route]) -> bool {
    routes.contains(&Route::PreTokenGenerationV2) || routes.contains(&Route::PreTokenGenerationV3)
}

#[test]
fn a_template_is_clean_for_every_set() {
    for routes in sets() {
        let binary = binary(&routes);
        let report = check(wire::sam(&binary).unwrap(), binary);
        assert!(report.is_clean(), "{routes:?}\n{report}");
    }
}

#[test]
fn a_lambda_config_has_no_error_for_every_set() {
    for routes in sets() {
        let config = wire::lambda_config(&binary(&routes), &arns()).unwrap();
        let text = serde_json::to_string(&config).unwrap();
        let report = check(text, binary(&routes).run_by(FUNCTION));
        assert_eq!(report.count(Severity::Error), 0, "{routes:?}\n{report}");
        assert_eq!(report.count(Severity::Warning), 0, "{routes:?}\n{report}");
    }
}

/// An update is refused exactly if the plan is too low. Otherwise it has no error, and every other setting is kept.
#[test]
fn an_update_is_written_or_refused_for_every_set_and_plan() {
    let other = "arn:aws:lambda:eu-west-1:111122223333:function:other";
    let before = [
        json!({}),
        json!({"PreSignUp": other, "PreTokenGeneration": other}),
        json!({"PreTokenGeneration": FUNCTION, "PreTokenGenerationConfig": {"LambdaVersion": "V1_0", "LambdaArn": FUNCTION}}),
        json!({"CustomMessage": FUNCTION, "CustomSMSSender": {"LambdaVersion": "V1_0", "LambdaArn": FUNCTION}, "KMSKeyID": KEY}),
    ];
    for (index, routes) in sets().iter().enumerate() {
        for plan in PLANS {
            let config = &before[index % before.len()];
            let mut pool = json!({"Id": "eu-west-1_Abc", "Name": "people", "MfaConfiguration": "OPTIONAL", "LambdaConfig": config});
            if let Some(plan) = plan {
                pool["UserPoolTier"] = plan.into();
            }
            let description = Source::new("pool.json", json!({ "UserPool": pool }).to_string());
            match wire::update_user_pool(&description, &binary(routes), &arns()) {
                Ok(update) => {
                    assert!(
                        plan != Some("LITE") || !needs_essentials(routes),
                        "{routes:?} {plan:?}"
                    );
                    let report = check(update.input.to_string(), binary(routes).run_by(FUNCTION));
                    assert_eq!(
                        report.count(Severity::Error),
                        0,
                        "{routes:?} {plan:?} {config}\n{report}"
                    );
                    assert_eq!(update.input["MfaConfiguration"], "OPTIONAL");
                    assert_eq!(update.input.get("UserPoolTier").and_then(Value::as_str), plan);
                }
                Err(WireError::Refused { problems }) => {
                    assert!(
                        plan == Some("LITE") && needs_essentials(routes),
                        "{routes:?} {plan:?} {config}: {problems:?}"
                    );
                }
                Err(error) => panic!("{routes:?} {plan:?}: {error}"),
            }
        }
    }
}

/// `tests/wiring/formats.py` checks these formats with the tools that read them. This test counts the hooks.
#[test]
fn terraform_and_cdk_have_every_hook_once() {
    for routes in sets() {
        let binary = binary(&routes);
        let config = serde_json::to_value(wire::lambda_config(&binary, &arns()).unwrap()).unwrap();
        let mut keys: Vec<&str> = config.as_object().unwrap().keys().map(String::as_str).collect();
        if !routes.iter().any(|route| route.is_custom_sender()) {
            keys.retain(|key| *key != "KMSKeyID");
        }
        // V1_0 needs the plain key only; the API takes both.
        if !needs_essentials(&routes) {
            keys.retain(|key| *key != "PreTokenGenerationConfig");
        }
        let stack = wire::cdk(&binary).unwrap();
        for key in &keys {
            let set = stack.matches(&format!("      {key}: ")).count();
            assert_eq!(set, 1, "{key}\n{stack}");
        }
        // The provider lacks it, so a configuration would be refused.
        let routes: Vec<_> = routes
            .into_iter()
            .filter(|route| *route != Route::InboundFederation)
            .collect();
        if routes.is_empty() {
            continue;
        }
        keys.retain(|key| *key != "InboundFederation");
        let configuration = wire::terraform(&self::binary(&routes)).unwrap();
        let hooks = configuration.split_once("lambda_config {").unwrap().1;
        let functions = keys.iter().filter(|key| **key != "KMSKeyID").count();
        assert_eq!(
            hooks.matches("aws_lambda_function.triggers.arn").count(),
            functions,
            "{configuration}"
        );
        assert_eq!(stack.contains("ESSENTIALS"), needs_essentials(&routes));
        assert_eq!(configuration.contains("ESSENTIALS"), needs_essentials(&routes));
        for text in [&stack, &configuration] {
            let count = |letter: char| text.matches(letter).count();
            assert!(
                count('{') == count('}') && count('(') == count(')') && count('[') == count(']'),
                "{text}"
            );
        }
    }
}
