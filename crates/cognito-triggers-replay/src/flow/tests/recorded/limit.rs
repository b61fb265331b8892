//! People with more calls than a flow has.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use cognito_triggers_pool::{flow_of_recording, recording::Recording};

use super::*;

/// What a recording is written to.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A sign-up of three calls, and then sessions of ten calls each. Returns the number of the last call.
async fn sessions(pool: &LocalPool, count: u64) -> u64 {
    sign_up(pool, "ana").await;
    for _ in 0..count {
        let input = begin("USER_PASSWORD_AUTH", "ana", json!({ "PASSWORD": PASSWORD }));
        let tokens = call(pool, "InitiateAuth", input).await;
        let access = &tokens["AuthenticationResult"]["AccessToken"];
        for _ in 0..9 {
            pool.call("GetUser", json!({ "AccessToken": access }))
                .await
                .unwrap();
        }
    }
    3 + 10 * count
}

/// The latest 200 of 213 calls begin with a sign-in; those of 214 begin within a session, which a flow can't.
#[test]
fn a_flow_has_the_latest_calls_and_counts_the_others() {
    in_runtime(async {
        let pool = live().await;
        let last = sessions(&pool, 21).await;
        let (written, run) = plays(&pool, last).await;
        assert_eq!(run.exchanges.len(), 200, "{}", written["leftOut"]);
        assert_eq!(
            written["leftOut"],
            json!(["earlier calls: 13, because a flow has at most 200"])
        );
        assert_eq!(written["flow"]["user"]["exists"], true);

        let input = begin("USER_PASSWORD_AUTH", "ana", json!({ "PASSWORD": PASSWORD }));
        call(&pool, "InitiateAuth", input).await;
        let (written, run) = plays(&pool, last + 1).await;
        assert_eq!(run.exchanges.len(), 191, "{}", written["leftOut"]);
        assert_eq!(
            written["leftOut"],
            json!(["earlier calls: 23, because a flow has at most 200"])
        );
    });
}

#[test]
fn a_person_who_signed_up_before_the_flow_exists_in_it() {
    in_runtime(async {
        let text = Written::default();
        let verifying = builder().pool_setting("AutoVerifiedAttributes", json!(["email"]));
        let pool = verifying.record(text.clone()).start().await.unwrap();
        sessions(&pool, 20).await;
        let input = json!({ "Username": "ana" });
        call(&pool, "ForgotPassword", input).await;
        let text = String::from_utf8(text.0.lock().unwrap().clone()).unwrap();
        let written = flow_of_recording(&Recording::parse(text).unwrap(), None).unwrap();
        let user = &written["flow"]["user"];
        assert_eq!(user["exists"], true, "{}", written["leftOut"]);
        assert_eq!(
            user["attributes"],
            json!({ "email": "ana@example.com", "email_verified": "true" })
        );
        let flow = Flow::parse("recorded", &written["flow"].to_string()).unwrap();
        flow.run(&InProcess::new(function(), ())).await.assert();
    });
}
