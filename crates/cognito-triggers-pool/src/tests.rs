//! No secret is in debug output.

use std::collections::BTreeMap;

use serde_json::{Map, json};

use crate::call::Input;
use crate::clock::Timestamp;
use crate::form::Form;
use crate::ids::Ids;
use crate::managed_login::Browser;
use crate::state::testing::{client, user};
use crate::state::{
    BrowserSession, BrowserSessions, Challenge, Federations, IdentityProvider, Pending, PendingFederation,
    Proof, ProviderType, Sessions, Step, Steps,
};

const SECRET: &str = "s3cret";
const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

#[test]
fn no_secret_is_in_debug_output() {
    let mut client = client(json!({}));
    client.secret = Some(SECRET.to_owned());
    let provider = IdentityProvider {
        name: "Google".to_owned(),
        kind: ProviderType::Google,
        details: BTreeMap::from([("client_secret".to_owned(), SECRET.to_owned())]),
        mapping: BTreeMap::new(),
        identifiers: Vec::new(),
        acr: BTreeMap::new(),
        created: NOW,
        modified: NOW,
    };
    let ids = Ids::new(Some(1), None).unwrap();
    let cookie = format!("a={SECRET}");
    let browser = Browser::new([&*cookie].into_iter(), None, &ids, "http://127.0.0.1:9229");
    let mut browsers = BrowserSessions::default();
    let session = BrowserSession {
        sub: "sub".to_owned(),
        auth_time: NOW,
        proof: Proof::password(),
    };
    browsers.open(SECRET.to_owned(), session);
    let pending = PendingFederation {
        query: String::new(),
        provider: "Google".to_owned(),
        browser: SECRET.to_owned(),
        redirect_uri: String::new(),
    };
    let mut federations = Federations::default();
    federations.add(SECRET.to_owned(), NOW, pending.clone());
    let mut sessions = Sessions::default();
    let challenge = Challenge::NewPassword;
    sessions.open(SECRET, "localclient", NOW, Pending::new(&user(&[]), challenge));
    let step = Step {
        browser: SECRET.to_owned(),
        user_name: SECRET.to_owned(),
        challenge: "SMS_MFA".to_owned(),
        session: SECRET.to_owned(),
        parameters: Map::from_iter([("SecretCode".to_owned(), json!(SECRET))]),
        proof: None,
    };
    let mut steps = Steps::default();
    steps.add(SECRET.to_owned(), NOW, step.clone());
    let outputs = [
        format!("{step:?}"),
        format!("{steps:?}"),
        format!("{client:?}"),
        format!("{provider:?}"),
        format!("{:?}", Form::default().with("password", SECRET)),
        format!("{browser:?}"),
        format!("{browsers:?}"),
        format!("{pending:?}"),
        format!("{federations:?}"),
        format!("{sessions:?}"),
        format!("{:?}", Input::new(json!({ "Password": SECRET }))),
    ];
    let leaks: Vec<_> = outputs.iter().filter(|output| output.contains(SECRET)).collect();
    assert!(leaks.is_empty(), "{leaks:#?}");
}
