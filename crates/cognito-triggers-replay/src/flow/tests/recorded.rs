//! Calls of a live pool, which wrote them as a flow, played again.

mod drills;
mod left_out;
mod limit;

use cognito_triggers_pool::{Builder, LocalPool, TargetFunctions, srp};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::*;

const POOL: &str = "us-east-1_localpool";
const PASSWORD: &str = "Passw0rd!";

async fn live() -> LocalPool {
    let verifying = builder().pool_setting("AutoVerifiedAttributes", json!(["email"]));
    verifying.start().await.unwrap()
}

const ARN: &str = "arn:aws:lambda:us-east-1:123456789012:function:all";

/// The triggers of the pool.
fn hooks() -> Value {
    let arn = ARN;
    json!({
        "PreSignUp": arn, "CustomMessage": arn, "PostConfirmation": arn, "PreAuthentication": arn,
        "PostAuthentication": arn, "DefineAuthChallenge": arn, "CreateAuthChallenge": arn,
        "VerifyAuthChallengeResponse": arn, "UserMigration": arn,
        "PreTokenGenerationConfig": { "LambdaArn": arn, "LambdaVersion": "V3_0" },
    })
}

/// A pool that verifies no address.
fn builder() -> Builder {
    LocalPool::builder()
        .functions(TargetFunctions::new(InProcess::new(function(), ())))
        .pool_setting("LambdaConfig", hooks())
}

/// What the pool writes for a call: the flow, or the reason why there is none.
async fn recorded(pool: &LocalPool, seq: u64) -> Value {
    get(pool, &format!("/_dev/calls/{seq}/flow")).await
}

async fn get(pool: &LocalPool, path: &str) -> Value {
    let endpoint = pool.endpoint();
    let address = endpoint.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

/// Plays what the pool wrote, which has to end as it did there. Returns what was written.
async fn plays(pool: &LocalPool, seq: u64) -> (Value, Run) {
    let written = recorded(pool, seq).await;
    let flow = Flow::parse("live", &written["flow"].to_string());
    let flow = flow.unwrap_or_else(|error| panic!("{error}: {written:#}"));
    let run = flow.run(&InProcess::new(function(), ())).await;
    assert!(run.is_good(), "{run}\n{written:#}");
    (written, run)
}

async fn call(pool: &LocalPool, operation: &str, input: Value) -> Value {
    let mut input = input;
    input["ClientId"] = json!("localclient");
    let result = pool.call(operation, input).await;
    result.unwrap_or_else(|error| json!(error.to_string()))
}

async fn sign_up(pool: &LocalPool, name: &str) {
    let email = json!([{ "Name": "email", "Value": format!("{name}@example.com") }]);
    let input = json!({
        "Username": name, "Password": PASSWORD, "UserAttributes": email,
        "ValidationData": [{ "Name": "lang", "Value": "en" }], "ClientMetadata": { "theme": "dark" },
    });
    call(pool, "SignUp", input).await;
    let code = pool.messages().last().unwrap().code.clone();
    let wrong = json!({ "Username": name, "ConfirmationCode": "000000" });
    call(pool, "ConfirmSignUp", wrong).await;
    let right = json!({ "Username": name, "ConfirmationCode": code });
    call(pool, "ConfirmSignUp", right).await;
}

fn begin(flow: &str, name: &str, more: Value) -> Value {
    let mut parameters = more;
    parameters["USERNAME"] = json!(name);
    json!({ "AuthFlow": flow, "AuthParameters": parameters })
}

/// Answers a custom challenge, and returns the answer of the pool.
async fn answer(pool: &LocalPool, asked: &Value, answer: &str) -> Value {
    let input = json!({
        "ChallengeName": "CUSTOM_CHALLENGE", "Session": asked["Session"],
        "ChallengeResponses": { "USERNAME": "ana", "ANSWER": answer },
    });
    call(pool, "RespondToAuthChallenge", input).await
}

/// Proves the password of `ana` with SRP, and returns the answer of the pool.
async fn sign_in_with_srp(pool: &LocalPool) -> Value {
    let client = srp::Client::new().unwrap();
    let input = begin("USER_SRP_AUTH", "ana", json!({ "SRP_A": client.srp_a() }));
    let asked = call(pool, "InitiateAuth", input).await;
    let now = pool.clock().now();
    let responses = srp::responses(&client, POOL, PASSWORD, &asked["ChallengeParameters"], now).unwrap();
    let input = json!({ "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": responses });
    call(pool, "RespondToAuthChallenge", input).await
}

fn in_runtime(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(test);
}

#[test]
fn recorded_calls_play_again_with_the_same_results() {
    in_runtime(async {
        let pool = live().await;
        sign_up(&pool, "ana").await;
        for password in ["Wr0ng-password", PASSWORD] {
            let input = begin("USER_PASSWORD_AUTH", "ana", json!({ "PASSWORD": password }));
            call(&pool, "InitiateAuth", input).await;
        }
        let asked = call(&pool, "InitiateAuth", begin("CUSTOM_AUTH", "ana", json!({}))).await;
        let asked = answer(&pool, &asked, "111111").await;
        answer(&pool, &asked, "481516").await;
        let tokens = sign_in_with_srp(&pool).await;
        let access = tokens["AuthenticationResult"]["AccessToken"].clone();
        assert!(access.is_string(), "{tokens}");
        pool.call("GetUser", json!({ "AccessToken": access }))
            .await
            .unwrap();

        let written = recorded(&pool, 11).await;
        assert_eq!(written["leftOut"], json!([]));
        let flow = Flow::parse("live", &written["flow"].to_string()).unwrap();
        let names: Vec<_> = flow.calls.iter().map(|call| call.name.as_str()).collect();
        let expected = [
            "SignUp",
            "ConfirmSignUp",
            "ConfirmSignUp",
            "InitiateAuth",
            "InitiateAuth",
            "InitiateAuth",
            "RespondToAuthChallenge",
            "RespondToAuthChallenge",
            "InitiateAuth",
            "GetUser",
        ];
        assert_eq!(names, expected, "{written}");
        let run = flow.run(&InProcess::new(function(), ())).await;
        assert!(run.is_good(), "{run}\n{written}");
        assert_eq!(run.exchanges[8].result, ApiResult::Tokens, "{run}");
        for secret in [PASSWORD, "Wr0ng-password", "481516", "111111"] {
            assert!(!written.to_string().contains(secret), "{secret}: {written}");
        }
        // Another function has another result.
        let other = router! { pre_sign_up => async |_, _| Err(reject("not today")) };
        assert!(!flow.run(&InProcess::new(other, ())).await.is_good());
    });
}

#[test]
fn a_call_that_can_not_be_a_flow_says_why() {
    in_runtime(async {
        let pool = live().await;
        sign_up(&pool, "ana").await;
        let group = json!({ "UserPoolId": POOL, "GroupName": "admins" });
        pool.call("CreateGroup", group).await.unwrap();
        let begin = begin("USER_AUTH", "ana", json!({}));
        call(&pool, "InitiateAuth", begin).await;
        let member = json!({ "UserPoolId": POOL, "GroupName": "admins", "Username": "ana" });
        pool.call("AdminAddUserToGroup", member).await.unwrap();
        let reason = |seq| {
            let pool = &pool;
            async move { recorded(pool, seq).await["message"].clone() }
        };
        assert_eq!(
            reason(4).await,
            "A flow is about one user, and CreateGroup isn't."
        );
        assert_eq!(reason(5).await, "A flow doesn't have the sign-in USER_AUTH.");
        let written = recorded(&pool, 6).await;
        assert_eq!(
            written["leftOut"],
            json!(["call 5: A flow doesn't have the sign-in USER_AUTH."])
        );
        assert_eq!(written["flow"]["user"]["groups"], json!(["admins"]));
        let flow = Flow::parse("live", &written["flow"].to_string()).unwrap();
        let run = flow.run(&InProcess::new(function(), ())).await;
        assert!(run.is_good(), "{run}\n{written}");
    });
}
