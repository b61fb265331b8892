//! The steps of a sign-in in managed login: the flows of the API, up to the point where every factor is right.

use serde_json::{Map, Value, json};

use crate::auth::attempt::{Attempt, Stage};
use crate::auth::finish::SIGNED_IN;
use crate::auth::software_token::{associate_software_token, verify_software_token};
use crate::auth::{self, choice};
use crate::call::Call;
use crate::error::ApiError;
use crate::state::{Factor, User};

/// What a step of a sign-in came to.
#[derive(Clone, Debug)]
pub(crate) enum Progress {
    /// Every factor is right. PostAuthentication and the token trigger come next.
    SignedIn(Box<User>),
    /// The user has to answer a challenge.
    Asked(Asked),
}

/// A challenge.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// `ChallengeName`
    pub(crate) challenge: String,
    /// `Session`
    pub(crate) session: String,
    /// `ChallengeParameters`, with `AvailableChallenges` of a choice, and `SecretCode` for an authenticator app.
    pub(crate) parameters: Map<String, Value>,
}

/// Checks a password, as the page `/login` does. Fires UserMigration and PreAuthentication.
///
/// # Errors
/// Those of `USER_PASSWORD_AUTH`, although the client need not allow that flow.
pub(crate) async fn password(call: &Call) -> Result<Progress, ApiError> {
    let attempt = Attempt::hosted(call.clone(), Stage::Initiate)?;
    let answer = auth::password::start(&attempt).await?;
    progress(&attempt, answer).await
}

/// Lets the user choose the first factor. Fires PreAuthentication.
///
/// # Errors
/// Those of `USER_AUTH`, and `InvalidParameterException` if the client doesn't allow that flow.
pub(crate) async fn choose(call: &Call) -> Result<Progress, ApiError> {
    let attempt = Attempt::hosted(call.clone(), Stage::Initiate)?;
    auth::flow::Flow::Choice.check_enabled(&attempt.client)?;
    let answer = choice::start(&attempt).await?;
    progress(&attempt, answer).await
}

/// Answers the challenge that `ChallengeName` and `Session` of the input name.
///
/// # Errors
/// Those of the challenge, and those of a message with the next code.
pub(crate) async fn respond(call: &Call) -> Result<Progress, ApiError> {
    let attempt = Attempt::hosted(call.clone(), Stage::Respond)?;
    let answer = auth::respond(&attempt).await?;
    progress(&attempt, answer).await
}

/// Registers the authenticator app of the challenge MFA_SETUP, whose code is `UserCode` of the input, and answers the challenge.
///
/// # Errors
/// Those of VerifySoftwareToken: after a wrong code the session stays valid. Those of the challenge.
pub(crate) async fn set_up(call: &Call) -> Result<Progress, ApiError> {
    let verified = verify_software_token(call.clone()).await?;
    let mut members = call.input.members().clone();
    members.extend(
        verified
            .get("Session")
            .map(|id| ("Session".to_owned(), id.clone())),
    );
    let call = Call::of_endpoint(&call.service, call.operation, Value::Object(members));
    respond(&call).await
}

/// Reads the answer of a flow. For a user who has to set up a second factor, the secret of an authenticator app is made at once.
async fn progress(attempt: &Attempt, mut answer: Value) -> Result<Progress, ApiError> {
    if let Some(sub) = answer.get(SIGNED_IN).and_then(Value::as_str) {
        return Ok(Progress::SignedIn(Box::new(attempt.user_with_sub(sub)?)));
    }
    let mut take = |name: &str| answer.get_mut(name).map(Value::take).unwrap_or_default();
    let [challenge, session] = ["ChallengeName", "Session"].map(|name| match take(name) {
        Value::String(text) => text,
        _ => String::new(),
    });
    let mut parameters = match take("ChallengeParameters") {
        Value::Object(parameters) => parameters,
        _ => Map::new(),
    };
    if let available @ Value::Array(_) = take("AvailableChallenges") {
        parameters.insert("AvailableChallenges".to_owned(), available);
    }
    let mut asked = Asked {
        challenge,
        session,
        parameters,
    };
    if asked.challenge == "MFA_SETUP" {
        associate(attempt, &mut asked).await?;
    }
    Ok(Progress::Asked(asked))
}

/// Adds the secret of an authenticator app to the challenge MFA_SETUP.
///
/// # Errors
/// `InvalidParameterException` if the pool has no authenticator apps: only an administrator can give the user an address then, as
/// AWS's guide says. The message is ours.
async fn associate(attempt: &Attempt, asked: &mut Asked) -> Result<(), ApiError> {
    if !attempt.settings.offers(Factor::SoftwareToken) {
        return Err(ApiError::invalid_parameter(
            "You need a code by email or SMS to sign in, and your account has no address for it. Ask an administrator to add one.",
        ));
    }
    let input = json!({ "Session": asked.session });
    let call = Call::of_endpoint(&attempt.call.service, attempt.call.operation, input);
    let mut answer = associate_software_token(call).await?;
    if let Some(Value::String(session)) = answer.get_mut("Session").map(Value::take) {
        asked.session = session;
    }
    if let Some(secret) = answer.get_mut("SecretCode").map(Value::take) {
        asked.parameters.insert("SecretCode".to_owned(), secret);
    }
    Ok(())
}
