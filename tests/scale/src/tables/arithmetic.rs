//! What follows from the flows, the rates and the quotas without a simulation.

use cognito_triggers::model::flows::{FLOWS, Flow, Step};

use super::{MILLION_AN_HOUR, number};
use crate::{document::markdown, quotas, random::Time, tables::simulated};

/// A kind of sign-in.
struct SignIn {
    /// Its name in the table of flows.
    flow: &'static str,
    /// `InitiateAuth` calls.
    begins: u32,
    /// `RespondToAuthChallenge` calls.
    responds: u32,
}

const SIGN_INS: [SignIn; 4] = [
    SignIn {
        flow: "sign-in with a password",
        begins: 1,
        responds: 1,
    },
    SignIn {
        flow: "custom sign-in",
        begins: 1,
        responds: 1,
    },
    SignIn {
        flow: "custom sign-in that begins with a password (SRP)",
        begins: 1,
        responds: 2,
    },
    SignIn {
        flow: "refresh of tokens",
        begins: 1,
        responds: 0,
    },
];

/// The steps of a sign-in that succeeds at once, with all triggers set and without a second factor.
fn steps(flow: &Flow) -> impl Iterator<Item = &Step> {
    let is_usual =
        |step: &&Step| !step.when.contains("another challenge") && !step.when.contains("second factor");
    flow.steps.iter().filter(is_usual)
}

fn flow(name: &str) -> &'static Flow {
    FLOWS.iter().find(|flow| flow.name == name).expect("a flow")
}

/// The name of a source without its reason, which is the same for all of a sign-in.
fn short(source: &str) -> &str {
    source.split_once('_').map_or(source, |(trigger, _)| trigger)
}

/// Calls in a second, by kind of sign-in.
pub(super) fn calls() -> String {
    let rows = SIGN_INS.map(|sign_in| {
        let steps: Vec<_> = steps(flow(sign_in.flow)).collect();
        let names: Vec<_> = steps.iter().map(|step| short(step.sources[0])).collect();
        let rate = |calls: f64| number(calls * MILLION_AN_HOUR);
        // Responses count in the category only beyond three for each request that begins.
        let counted = sign_in.begins
            + sign_in
                .responds
                .saturating_sub(quotas::RESPONSES_FOR_EACH * sign_in.begins);
        let needed = f64::from(counted) * MILLION_AN_HOUR;
        let at_default = f64::from(quotas::USER_AUTHENTICATION) / f64::from(counted) * 3600.0;
        [
            sign_in.flow.to_owned(),
            names.join(", "),
            rate(steps.len() as f64),
            format!(
                "{} + {}",
                rate(sign_in.begins.into()),
                rate(sign_in.responds.into())
            ),
            format!(
                "{} ({:.1} × the default)",
                needed.ceil(),
                needed / f64::from(quotas::USER_AUTHENTICATION)
            ),
            number(at_default),
        ]
    });
    markdown(
        [
            "a million in an hour of",
            "triggers",
            "calls of the function in a second",
            "`InitiateAuth` + `RespondToAuthChallenge` in a second",
            "`UserAuthentication` to ask for",
            "sign-ins in an hour with the default of 120",
        ],
        rows,
    )
}

/// Environments by Little's law, and by the rate of calls.
pub(super) fn concurrency() -> String {
    let handlers = [
        ("decides by itself", simulated::POLICY),
        ("reads a table", Time::log_normal(8, 40)),
        ("calls a service", Time::log_normal(120, 800)),
        ("calls a slow service", Time::log_normal(500, 3000)),
    ];
    let rows = handlers.map(|(what, handler)| {
        let environments = |calls: f64| {
            let busy = calls * MILLION_AN_HOUR * handler.mean().as_secs_f64();
            number(busy.ceil())
        };
        let Time::LogNormal { p50, p99 } = handler else {
            unreachable!("all are log-normal")
        };
        [
            what.to_owned(),
            super::time(p50),
            super::time(p99),
            super::time(handler.mean()),
            environments(1.0),
            environments(3.0),
            environments(6.0),
        ]
    });
    let by_rate = |calls: f64| number((calls * MILLION_AN_HOUR / quotas::LAMBDA_CALLS_PER_UNIT).ceil());
    let dash = || "–".to_owned();
    let least = [
        "concurrency that the rate of calls needs at least".to_owned(),
        dash(),
        dash(),
        dash(),
        by_rate(1.0),
        by_rate(3.0),
        by_rate(6.0),
    ];
    markdown(
        [
            "the handler",
            "p50",
            "p99",
            "mean",
            "1 call",
            "3 calls",
            "6 calls for a sign-in",
        ],
        rows.into_iter().chain([least]),
    )
}

/// What other services see.
pub(super) fn services() -> String {
    let rate = |calls: f64| number(calls * MILLION_AN_HOUR);
    let share = |calls: f64, quota: u32| super::percent(calls * MILLION_AN_HOUR / f64::from(quota));
    let rows = [
        [
            "`Once`, an effect in each sign-in: claim and finish".to_owned(),
            format!("{} writes of up to 1 KB", rate(2.0)),
            format!(
                "{} of one partition's {}",
                share(2.0, quotas::DYNAMODB_WRITES),
                number(quotas::DYNAMODB_WRITES.into())
            ),
        ],
        [
            "the same, for a table".to_owned(),
            format!("{} writes", rate(2.0)),
            format!(
                "{} of a table's {}",
                share(2.0, quotas::DYNAMODB_TABLE_WRITES),
                number(quotas::DYNAMODB_TABLE_WRITES.into())
            ),
        ],
        [
            "each retry of an effect".to_owned(),
            "1 write, refused by its condition".to_owned(),
            "charged as a write".to_owned(),
        ],
        [
            "a custom sender that opens a code in each sign-in".to_owned(),
            format!("{} `Decrypt`", rate(1.0)),
            format!(
                "{} of {}",
                share(1.0, quotas::KMS_OPERATIONS),
                number(quotas::KMS_OPERATIONS.into())
            ),
        ],
    ];
    markdown(["what", "in a second", "share of the quota"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_has_the_triggers_of_its_flow() {
        let names = |name| -> Vec<_> { steps(flow(name)).map(|step| short(step.sources[0])).collect() };
        assert_eq!(
            names("custom sign-in"),
            [
                "DefineAuthChallenge",
                "CreateAuthChallenge",
                "VerifyAuthChallengeResponse",
                "DefineAuthChallenge",
                "PostAuthentication",
                "TokenGeneration"
            ]
        );
        assert_eq!(
            names("sign-in with a password"),
            ["PreAuthentication", "PostAuthentication", "TokenGeneration"]
        );
        for sign_in in SIGN_INS {
            assert!(!flow(sign_in.flow).steps.is_empty());
        }
    }
}
