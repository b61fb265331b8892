//! The calls of a flow.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    claims::ExpectedClaims,
    expectation::Expectation,
    parameters::{Answer, AuthFlow, Fault, Typed},
};

/// One call of Cognito's API, and what the app should get.
///
/// In a flow file it is one object: `call` with the name of the operation, and the fields below in camel case.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Call {
    /// The operation of the API, such as `SignUp`; or [`FEDERATED_SIGN_IN`](super::FEDERATED_SIGN_IN) or
    /// [`CLIENT_CREDENTIALS`](super::CLIENT_CREDENTIALS).
    pub name: String,
    /// Members of the operation's input, as the API has them. They win over what the flow fills in.
    pub input: Map<String, Value>,
    /// How a sign-in starts. `None` for other calls.
    pub auth_flow: Option<AuthFlow>,
    /// Which password the user types, where the call has one.
    pub password: Typed,
    /// Which code the user types, where the call has one.
    pub code: Typed,
    /// How the user answers a custom challenge.
    pub answer: Answer,
    /// The attributes to change. For a sign-up they replace those of the user, and for a federated sign-in they are what the provider
    /// says. Empty if the call changes none.
    pub attributes: BTreeMap<String, String>,
    /// `ClientMetadata`. Empty if the app sends none.
    pub client_metadata: BTreeMap<String, String>,
    /// `ValidationData`. Empty if the app sends none.
    pub validation_data: BTreeMap<String, String>,
    /// The name of the identity provider of a federated sign-in. `None` for `ExampleIdP`, an OIDC provider.
    pub provider: Option<String>,
    /// The provider's own id of the user. `None` for that of the sample events.
    pub subject: Option<String>,
    /// The scopes that a machine asks for. Empty for all that it has.
    pub scopes: Vec<String>,
    /// Triggers that fail in this call, by their sources. The function isn't called for them.
    pub fail: BTreeMap<String, Fault>,
    /// What the app should get. `None` allows any result, unless a trigger fails.
    pub expect: Option<Expectation>,
    /// What the tokens should have. Empty if any claims are accepted.
    pub claims: ExpectedClaims,
    /// The sources of the triggers that should fire, in order. `None` allows any.
    ///
    /// Triggers that the function doesn't route are skipped. They may be in the list, but need not be.
    pub triggers: Option<Vec<String>>,
    /// The most times that the call is made, 1 by default. It is repeated only while a challenge is pending, so this is for
    /// wrong answers.
    pub times: u32,
}

impl Call {
    /// A call with nothing but its name.
    ///
    /// ```
    /// use cognito_triggers_replay::flow::Call;
    ///
    /// assert_eq!(Call::new("SignUp").times, 1);
    /// ```
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            input: Map::new(),
            auth_flow: None,
            password: Typed::Right,
            code: Typed::Right,
            answer: Answer::Right,
            attributes: BTreeMap::new(),
            client_metadata: BTreeMap::new(),
            validation_data: BTreeMap::new(),
            provider: None,
            subject: None,
            scopes: Vec::new(),
            fail: BTreeMap::new(),
            expect: None,
            claims: ExpectedClaims::default(),
            triggers: None,
            times: 1,
        }
    }
}
