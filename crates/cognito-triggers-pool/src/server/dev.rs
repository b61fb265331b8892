//! The development endpoints: what a test needs to see and to move, below `/_dev/`.

use std::time::Duration;

use cognito_triggers_loopback::{body, origin};
use hyper::body::Incoming;
use hyper::header::ACCEPT;
use hyper::{Method, Request, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::body::{Answer, MAX_REQUEST, MAX_STATE, answer as body_answer, json_answer};
use super::events::{Secrets, events, follow};
use super::{calls, console, people};
use crate::clock::Timestamp;
use crate::current::Current;
use crate::drills::{Drill, choices};
use crate::export::{self, Imported};
use crate::form::Form;
use crate::service::Service;
use crate::state::{State, UserPool};

/// Answers a request below `/_dev/`.
///
/// | | |
/// |---|---|
/// | `POST /_dev/reset` | returns to the state at start |
/// | `GET /_dev/clock` | `{"now": seconds}`, of one pool with `userPoolId` |
/// | `POST /_dev/clock` | `{"advance": seconds}` or `{"now": seconds}`, of one pool with `userPoolId` |
/// | `GET /_dev/messages` | the messages that were sent, filtered by `userPoolId`, `to` and `userName`; with `since`, those after that number |
/// | `GET /_dev/events` | the triggers after number `since`; `Accept: text/event-stream` follows them; `secrets=true` shows secrets |
/// | `GET /_dev/calls` | the calls after number `since`; `Accept: text/event-stream` follows them |
/// | `GET /_dev/calls/SEQ` | one call with its request, answer, triggers and messages; `secrets=true` shows secrets |
/// | `GET /_dev/pools` | the pools with their app clients and groups |
/// | `GET /_dev/people` | the users of the pool `userPoolId`, filtered by `search`, a hundred at once; `after` is `next` of the answer before |
/// | `GET /_dev/calls/SEQ/flow` | the flow file with the user's calls up to this one |
/// | `POST /_dev/fail` | plans a [`Drill`]: `{"trigger": "PreSignUp", "how": "timeout"}` makes the next call of the function fail |
/// | `GET`, `DELETE /_dev/fail` | `{"drills": […]}`: those that wait, or those that it forgets |
/// | `GET /_dev/fail/choices` | what a drill can be: triggers with their sources, faults, and operations with their exceptions |
/// | `GET`, `PUT /_dev/state` | exports and imports everything that is stored; `secrets=true` exports secrets too |
///
/// The files of the console are below `/_dev/console/`. The page `/_dev/identity-provider` isn't answered here: the endpoints of
/// browsers come first.
pub(super) async fn answer(request: Request<Incoming>, current: &Current) -> Answer {
    let service = &current.get();
    if origin::is_cross_origin(request.headers()) || origin::is_embedded_elsewhere(request.headers()) {
        return refused(
            StatusCode::FORBIDDEN,
            "pages of another origin can't use the development endpoints",
        );
    }
    let query = Form::parse(request.uri().query().unwrap_or_default());
    let path = request.uri().path().to_owned();
    // What a body changes is that of the service after it was read: a reset may have come meanwhile.
    match (request.method(), path.as_str()) {
        (&Method::POST, "/_dev/reset") => {
            current.reset();
            json_answer(StatusCode::OK, &json!({}))
        }
        (&Method::GET, "/_dev/clock") => clock(service, query.get("userPoolId")),
        (&Method::POST, "/_dev/clock") => match read(request).await {
            Ok(change) => change_clock(&current.get(), change),
            Err(refusal) => refusal,
        },
        (&Method::GET, "/_dev/messages") => messages(service, &query),
        (&Method::GET, "/_dev/events") => {
            let Some(secrets) = secrets(&query) else {
                return wrong_secrets();
            };
            if accepts_stream(&request) {
                follow(service.clone(), since(&query), secrets)
            } else {
                events(service, since(&query), secrets)
            }
        }
        (&Method::GET, "/_dev/calls") if accepts_stream(&request) => {
            calls::follow(service.clone(), since(&query))
        }
        (&Method::GET, "/_dev/calls") => calls::list(service, since(&query)),
        (&Method::GET, path) if path.starts_with("/_dev/console/") => console::file(path)
            .unwrap_or_else(|| refused(StatusCode::NOT_FOUND, "the console has no such file")),
        (&Method::GET, path) if path.starts_with("/_dev/calls/") => call(service, path, &query),
        (&Method::GET, "/_dev/pools") => people::pools(service),
        (&Method::GET, "/_dev/people") => people::people(service, &query)
            .unwrap_or_else(|| refused(StatusCode::NOT_FOUND, "`userPoolId` has to name a pool")),
        (&Method::GET, "/_dev/fail") => {
            json_answer(StatusCode::OK, &json!({ "drills": service.drills.waiting() }))
        }
        (&Method::GET, "/_dev/fail/choices") => json_answer(StatusCode::OK, &choices()),
        (&Method::DELETE, "/_dev/fail") => {
            json_answer(StatusCode::OK, &json!({ "drills": service.drills.clear() }))
        }
        (&Method::POST, "/_dev/fail") => match read(request).await {
            Ok(drill) => fail(&current.get(), &drill),
            Err(refusal) => refusal,
        },
        (&Method::GET, "/_dev/state") => match secrets(&query) {
            Some(secrets) => state(service, secrets).await,
            None => wrong_secrets(),
        },
        (&Method::PUT, "/_dev/state") => match body::read(request, MAX_STATE).await {
            Ok(body) => replace_state(&current.get(), &body),
            Err(error) => refused(StatusCode::BAD_REQUEST, &error.to_string()),
        },
        _ => refused(
            StatusCode::NOT_FOUND,
            "there are POST /_dev/reset, GET and POST /_dev/clock, GET /_dev/messages, GET /_dev/events, GET /_dev/calls, \
             GET /_dev/pools, GET /_dev/people, \
             POST, GET and DELETE /_dev/fail, GET /_dev/fail/choices, GET and PUT /_dev/state, and the page /_dev/identity-provider",
        ),
    }
}

/// `since` of a query; 0 if it is missing or isn't a number.
fn since(query: &Form) -> u64 {
    let since = query.get("since").and_then(|since| since.parse().ok());
    since.unwrap_or_default()
}

/// `secrets` of a query. `None` if it is neither `true` nor missing.
fn secrets(query: &Form) -> Option<Secrets> {
    match query.get("secrets") {
        None => Some(Secrets::Redacted),
        Some("true") => Some(Secrets::Shown),
        Some(_) => None,
    }
}

/// The answer to another value of `secrets`.
fn wrong_secrets() -> Answer {
    refused(
        StatusCode::BAD_REQUEST,
        "`secrets` has to be `true`, or to be left out",
    )
}

/// Whether the client wants a stream of events.
fn accepts_stream(request: &Request<Incoming>) -> bool {
    let accept = request.headers().get(ACCEPT);
    let accept = accept.and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/event-stream"))
}

/// One call, by the number in the path; with `/flow` after it, as a flow file.
fn call(service: &Service, path: &str, query: &Form) -> Answer {
    let Some(secrets) = secrets(query) else {
        return wrong_secrets();
    };
    let number = path.trim_start_matches("/_dev/calls/");
    let (number, wants_flow) = match number.strip_suffix("/flow") {
        Some(number) => (number, true),
        None => (number, false),
    };
    let seq = number.parse().ok();
    let answer = seq.and_then(|seq| match wants_flow {
        true => calls::flow_file(service, seq, secrets),
        false => calls::whole(service, seq, secrets),
    });
    answer.unwrap_or_else(|| {
        refused(
            StatusCode::NOT_FOUND,
            "no call has this number, or it is no longer remembered",
        )
    })
}

/// How the clock is moved.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClockChange {
    /// Seconds.
    advance: Option<u64>,
    /// Seconds since 1970.
    now: Option<i64>,
    /// The only pool whose clock is moved.
    user_pool_id: Option<String>,
}

/// Moves the clock, and answers the new time.
fn change_clock(service: &Service, change: ClockChange) -> Answer {
    let pool = change.user_pool_id.as_deref();
    let clock = &service.clock;
    match (change.advance.map(Duration::from_secs), change.now, pool) {
        (Some(by), None, Some(pool)) => clock.advance_in(pool, by),
        (Some(by), None, None) => clock.advance(by),
        (None, Some(now), Some(pool)) => clock.set_in(pool, Timestamp::from_millis(now.saturating_mul(1000))),
        (None, Some(now), None) => clock.set(Timestamp::from_millis(now.saturating_mul(1000))),
        _ => {
            return refused(
                StatusCode::BAD_REQUEST,
                "give either `advance` or `now`, in seconds",
            );
        }
    }
    self::clock(service, pool)
}

/// The time of all pools, or of one.
fn clock(service: &Service, pool: Option<&str>) -> Answer {
    let now = pool.map_or_else(|| service.clock.now(), |pool| service.clock.now_in(pool));
    json_answer(StatusCode::OK, &json!({ "now": now.to_json() }))
}

/// The messages that were sent, the oldest first.
fn messages(service: &Service, query: &Form) -> Answer {
    let wanted = ["userPoolId", "to", "userName"].map(|name| query.get(name));
    let [pool, to, user] = &wanted;
    let fits = |wanted: &Option<&str>, found: &String| wanted.is_none_or(|wanted| wanted == found);
    let since = since(query);
    let messages = service.outbox.matching(|message| {
        message.seq > since
            && fits(pool, &message.user_pool_id)
            && fits(to, &message.to)
            && fits(user, &message.user_name)
    });
    json_answer(StatusCode::OK, &json!(messages))
}

/// Plans a drill, and answers how it is listed.
fn fail(service: &Service, drill: &Drill) -> Answer {
    match service.drills.plan(drill) {
        Ok(planned) => json_answer(StatusCode::OK, &json!(planned)),
        Err(error) => refused(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

/// Everything that is stored, as a text to keep in Git. The keys that sign tokens are among the secrets.
async fn state(service: &Service, secrets: Secrets) -> Answer {
    let with_secrets = matches!(secrets, Secrets::Shown);
    let keys = if with_secrets { service.keys().await } else { None };
    // The copy is cheaper than writing the text while no call can change anything.
    let mut state = service.read(Clone::clone);
    state.keys = keys;
    body_answer(
        StatusCode::OK,
        "application/json",
        export::export(&state, with_secrets),
    )
}

/// Replaces everything that is stored. Passwords are in it as verifiers, which prove them and don't tell them.
///
/// The keys that sign tokens stay if the state has none.
fn replace_state(service: &Service, body: &[u8]) -> Answer {
    let Imported { mut state, affected } = match export::import(body) {
        Ok(imported) => imported,
        Err(error) => {
            return refused(
                StatusCode::BAD_REQUEST,
                &format!("the state can't be read: {error}"),
            );
        }
    };
    let count = |count: fn(&UserPool) -> usize, state: &State| state.pools.values().map(count).sum::<usize>();
    let counts = json!({
        "pools": state.pools.len(),
        "clients": count(|pool| pool.clients.len(), &state),
        "users": count(|pool| pool.users.len(), &state),
        "affected": affected,
    });
    // A seed has made ids of imported entities perhaps; it continues elsewhere, in the same way in each run. The import stores where.
    service.ids.leap(body);
    service.write(|present| {
        state.keys = state.keys.take().or(present.keys.take());
        state.sources = std::mem::take(&mut present.sources);
        state.seeds = std::mem::take(&mut present.seeds);
        state.mark_unsaved();
        *present = state;
    });
    service.record_done("state");
    json_answer(StatusCode::OK, &counts)
}

async fn read<T: DeserializeOwned>(request: Request<Incoming>) -> Result<T, Answer> {
    let body = body::read(request, MAX_REQUEST)
        .await
        .map_err(|error| refused(StatusCode::BAD_REQUEST, &error.to_string()))?;
    serde_json::from_slice(&body).map_err(|error| {
        refused(
            StatusCode::BAD_REQUEST,
            &format!("the request can't be read: {error}"),
        )
    })
}

fn refused(status: StatusCode, message: &str) -> Answer {
    let body: Value = json!({ "message": message });
    json_answer(status, &body)
}
