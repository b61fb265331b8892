//! What the simulation is run for.

use std::time::Duration;

use cognito_triggers::model::Route;

use super::{MILLION_AN_HOUR, number, percent, time};
use crate::{
    cognito::{Failure, Way},
    document::markdown,
    effect::Memory,
    environments::Limits,
    random::Time,
    world::{Report, Scenario, Step, run},
};

/// A handler that only decides: what the library takes and a little more, on a small share of a processor.
pub(super) const POLICY: Time = Time::log_normal(2, 10);

/// How long a service takes that sends an email.
const MAIL: Time = Time::log_normal(120, 800);

const FAILURES: [Failure; 3] = [Failure::TimedOut, Failure::Throttled, Failure::Refused];

/// A custom sign-in with a code by email. The user needs a few seconds to type it.
pub fn custom_sign_in(sends: Time) -> Vec<Step> {
    let step = |route| Step {
        route,
        handler: POLICY,
        sends: None,
        user: Time::Fixed(Duration::ZERO),
    };
    vec![
        step(Route::DefineAuthChallenge),
        Step {
            sends: Some(sends),
            ..step(Route::CreateAuthChallenge)
        },
        Step {
            user: Time::log_normal(2000, 6000),
            ..step(Route::VerifyAuthChallengeResponse)
        },
        step(Route::DefineAuthChallenge),
        step(Route::PostAuthentication),
        step(Route::PreTokenGenerationV2),
    ]
}

/// The share of sign-ins that fail, and what a call waits.
fn outcome(report: &Report) -> String {
    let failed = report.failed(&FAILURES);
    format!("{}; {}", percent(failed), time(report.wait(0.99)))
}

/// Sign-ins that fail, by load and by concurrency.
pub(super) fn load() -> String {
    let concurrencies = [50, 100, 200, 500];
    let rows = [0.5, 1.0, 2.0].map(|millions: f64| {
        let cells = concurrencies.map(|concurrency| {
            let scenario = Scenario::new(millions * MILLION_AN_HOUR, custom_sign_in(MAIL), concurrency);
            outcome(&run(&scenario))
        });
        let [a, b, c, d] = cells;
        [format!("{millions} million"), a, b, c, d]
    });
    markdown(
        ["sign-ins in an hour", "50 environments", "100", "200", "500"],
        rows,
    )
}

/// What happens when the service that sends the code gets slower.
pub(super) fn service_time() -> String {
    let rows = [120, 1000, 2000, 3000, 4000].map(|p50| {
        let sends = Time::log_normal(p50, p50 * 3 / 2);
        let mut scenario = Scenario::new(MILLION_AN_HOUR, custom_sign_in(sends), 1000);
        scenario.lasts = Duration::from_secs(15);
        let report = run(&scenario);
        let failed = |reason| percent(report.failed(&[reason]));
        [
            time(Duration::from_millis(p50)),
            number(report.most_busy as f64),
            failed(Failure::Refused),
            failed(Failure::Throttled),
            failed(Failure::TimedOut),
            number(report.sent_twice() as f64),
        ]
    });
    markdown(
        [
            "the service takes",
            "environments busy at most, of 1,000",
            "sign-ins that the function refuses after 4.5 s",
            "that Lambda throttles",
            "that time out",
            "users with two codes",
        ],
        rows,
    )
}

/// A function without any environment, and everybody at once.
pub(super) fn rush() -> String {
    let starts = [
        ("0.25 s, p99 1 s", Time::log_normal(250, 1000)),
        ("1 s, p99 3 s", Time::log_normal(1000, 3000)),
        ("2.5 s, p99 6 s", Time::log_normal(2500, 6000)),
    ];
    let mut rows = Vec::new();
    for (name, cold_start) in starts {
        for millions in [1.0, 4.0] {
            let mut scenario = Scenario::new(millions * MILLION_AN_HOUR, custom_sign_in(MAIL), 3000);
            scenario.limits = Limits::of_aws(3000);
            scenario.ready = 0;
            scenario.lasts = Duration::from_secs(6);
            scenario.cold_start = cold_start;
            let report = run(&scenario);
            let counts = &report.counts;
            rows.push([
                name.to_owned(),
                format!("{millions} million"),
                number(counts.cold_starts as f64),
                percent(counts.cold_starts as f64 / counts.calls as f64),
                time(report.wait(0.99)),
                number(counts.timed_out as f64),
                number(counts.throttled as f64),
                percent(report.failed(&FAILURES)),
                number(report.sent_twice() as f64),
            ]);
        }
    }
    markdown(
        [
            "a cold start takes",
            "sign-ins in an hour, at that rate",
            "cold starts",
            "share of the calls",
            "p99 of a trigger",
            "calls given up after 5 s",
            "calls throttled",
            "sign-ins that fail",
            "users with two codes",
        ],
        rows,
    )
}

/// A region in which ways are slow, with and without `Once`.
pub(super) fn slow_region() -> String {
    let memories = [
        ("none", Memory::Nothing),
        ("`Once`, a memory in each environment", Memory::Environment),
        ("`Once`, one store for all", Memory::Shared),
    ];
    let mut rows = Vec::new();
    for share in [0.001, 0.01, 0.05] {
        for (name, memory) in memories {
            let mut scenario = Scenario::new(MILLION_AN_HOUR, custom_sign_in(MAIL), 1000);
            scenario.memory = memory;
            scenario.ready = 100;
            scenario.way = Way {
                slow: Some((share, Time::log_normal(5000, 9000))),
                ..scenario.way
            };
            let report = run(&scenario);
            let counts = &report.counts;
            let sent: u32 = counts.sent.values().sum();
            rows.push([
                percent(share),
                name.to_owned(),
                number(counts.sign_ins as f64),
                number(counts.timed_out as f64),
                number(sent.into()),
                number(report.sent_twice() as f64),
                percent(report.failed(&FAILURES)),
            ]);
        }
    }
    markdown(
        [
            "ways that take 5 s more",
            "memory of effects",
            "sign-ins",
            "calls given up after 5 s",
            "codes sent",
            "users with two codes or more",
            "sign-ins that fail",
        ],
        rows,
    )
}
