//! The user of a flow and the app: what they know, and what they send.

use std::collections::BTreeMap;

use cognito_triggers_pool::{LocalPool, input_members, srp};
use serde_json::{Map, Value, json};

use super::{
    answer::wrong,
    call::Call,
    ids::{CLIENT, POOL},
    parameters::{CLIENT_CREDENTIALS, Typed},
    script::Flow,
};

/// The default password. It is that of the sample events.
const PASSWORD: &str = "correct-Horse7battery";

/// What the user and the app know.
pub(super) struct FlowUser {
    /// What the user types as the user name.
    pub(super) user_name: String,
    /// The current password.
    password: String,
    /// How often the password was changed. The next password ends with the next number.
    changes: usize,
    /// The attributes that a sign-up sends, and that an identity provider says.
    pub(super) attributes: BTreeMap<String, String>,
    /// The attribute with the user's address: `email` or `phone_number`.
    address: &'static str,
    /// The groups that the user isn't in yet.
    pub(super) groups: Vec<String>,
    /// The latest access token. `None` before the first one.
    pub(super) access_token: Option<String>,
    /// The latest refresh token. An answer without a new one doesn't change it.
    pub(super) refresh_token: Option<String>,
    /// The challenge that waits for an answer.
    pub(super) pending: Option<Pending>,
    /// The key pair of the proof with which the sign-in began.
    pub(super) srp: Option<srp::Client>,
}

/// A challenge that waits for an answer.
pub(super) struct Pending {
    /// `ChallengeName`.
    pub(super) name: String,
    /// `None` for the proof of a password in `USER_SRP_AUTH`.
    pub(super) session: Option<String>,
    /// `ChallengeParameters`.
    pub(super) parameters: Value,
    /// `privateChallengeParameters` of a custom challenge. The app doesn't see them, but the user knows the answer.
    pub(super) private: Map<String, Value>,
}

impl FlowUser {
    /// The user of a flow before the first call.
    pub(super) fn new(flow: &Flow) -> Self {
        Self {
            user_name: flow.user_name().to_owned(),
            password: flow.user.password.clone().unwrap_or_else(|| PASSWORD.to_owned()),
            changes: 0,
            attributes: flow.attributes(),
            address: flow.address(),
            groups: flow.user.groups.clone(),
            access_token: None,
            refresh_token: None,
            pending: None,
            srp: None,
        }
    }

    /// The user as ListUsers has one, with the password.
    pub(super) fn stored(&self) -> Value {
        json!({
            "Username": self.user_name,
            "Password": self.password,
            "Attributes": pairs(&self.attributes),
        })
    }

    /// The password that the user types.
    pub(super) fn typed_password(&self, typed: Typed) -> String {
        match typed {
            Typed::Right => self.password.clone(),
            Typed::Wrong => format!("not-{}", self.password),
        }
    }

    /// The password that the user chooses next.
    pub(super) fn next_password(&self) -> String {
        format!("{PASSWORD}-{}", self.changes + 1)
    }

    /// The input of a call that isn't about signing in: the members that the operation has. The members of the call's own
    /// `input` win.
    pub(super) fn input(&self, call: &Call, pool: &LocalPool) -> Value {
        let members = input_members(&call.name).unwrap_or_default();
        let filled = members
            .into_iter()
            .filter_map(|member| Some((member.to_owned(), self.member(call, member, pool)?)));
        let mut input: Map<String, Value> = filled.collect();
        input.extend(call.input.clone());
        Value::Object(input)
    }

    /// The value of a member of an operation's input; `None` to leave it out.
    fn member(&self, call: &Call, member: &str, pool: &LocalPool) -> Option<Value> {
        let creates = matches!(call.name.as_str(), "SignUp" | "AdminCreateUser");
        let value = match member {
            "UserPoolId" => json!(POOL),
            "ClientId" => json!(CLIENT),
            "Username" => json!(self.user_name),
            "AccessToken" => json!(self.access_token.as_ref()?),
            "RefreshToken" | "Token" => json!(self.refresh_token.as_ref()?),
            "ClientMetadata" if !call.client_metadata.is_empty() => json!(call.client_metadata),
            "ValidationData" if !call.validation_data.is_empty() => pairs(&call.validation_data),
            "UserAttributes" if !call.attributes.is_empty() => pairs(&call.attributes),
            "UserAttributes" if creates => pairs(&self.attributes),
            "Password" if call.name == "SignUp" => json!(self.password),
            "Password" | "ProposedPassword" => json!(self.next_password()),
            "PreviousPassword" => json!(self.typed_password(call.password)),
            "Permanent" => json!(true),
            "ConfirmationCode" | "Code" => json!(self.code(call.code, pool)),
            "AttributeName" => json!(self.address),
            "DesiredDeliveryMediums" => match self.address {
                "email" => json!(["EMAIL"]),
                _ => json!(["SMS"]),
            },
            _ => return None,
        };
        Some(value)
    }

    /// The code of the latest message, sent by Cognito or by a custom sender. Six zeros if there is no message.
    pub(super) fn code(&self, typed: Typed, pool: &LocalPool) -> String {
        let messages = pool.messages();
        let code = messages
            .last()
            .map_or_else(|| "000000".to_owned(), |message| message.code.clone());
        match typed {
            Typed::Right => code,
            Typed::Wrong => wrong(&code),
        }
    }

    /// Remembers the tokens and the password of a successful call.
    pub(super) fn remember(&mut self, call: &Call, input: &Value, answer: &Value, pool: &LocalPool) {
        let text = |json: &Value, name: &str| json.get(name).and_then(Value::as_str).map(str::to_owned);
        // A machine isn't the user.
        let tokens = answer.get("AuthenticationResult");
        if let Some(tokens) = tokens.filter(|_| call.name != CLIENT_CREDENTIALS) {
            self.access_token = text(tokens, "AccessToken").or(self.access_token.take());
            self.refresh_token = text(tokens, "RefreshToken").or(self.refresh_token.take());
        }
        let chosen = match call.name.as_str() {
            "SignUp" | "ConfirmForgotPassword" | "AdminSetUserPassword" => text(input, "Password"),
            "ChangePassword" => text(input, "ProposedPassword"),
            "AdminCreateUser" => {
                let sent = || pool.messages().last().map(|message| message.code.clone());
                text(input, "TemporaryPassword").or_else(sent)
            }
            _ => None,
        };
        if let Some(password) = chosen.filter(|chosen| *chosen != self.password) {
            self.set_password(password);
        }
    }

    /// Replaces the password.
    pub(super) fn set_password(&mut self, password: String) {
        self.changes += 1;
        self.password = password;
    }
}

/// A map as the API has it: a list of `Name` and `Value`.
fn pairs(map: &BTreeMap<String, String>) -> Value {
    let pairs = map
        .iter()
        .map(|(name, value)| json!({ "Name": name, "Value": value }));
    pairs.collect()
}
