//! A call that signs a user in: its client, its parameters, and the checks that all flows share.

use std::sync::Arc;

use cognito_triggers_model::Route;
use serde_json::{Value, json};

use super::sign_in_user::SignInUser;
use crate::call::Call;
use crate::clock::Timestamp;
use crate::error::ApiError;
use crate::state::{AppClient, Failures, Pending, Settings, User, UserPool, UserStatus};
use crate::tokens::Validity;
use crate::triggers::{self};

/// A call that signs a user in.
#[derive(Debug)]
pub(super) struct Attempt {
    /// The call, with its input and the service that all calls share.
    pub(super) call: Call,
    /// The app client that `ClientId` names.
    pub(super) client: Arc<AppClient>,
    /// The settings of the client's pool, as stored when the call began.
    pub(super) settings: Arc<Settings>,
    stage: Stage,
    is_hosted: bool,
}

/// Whether the call begins a sign-in or continues one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// InitiateAuth and AdminInitiateAuth, with `AuthParameters`.
    Initiate,
    /// RespondToAuthChallenge and AdminRespondToAuthChallenge, with `ChallengeResponses`.
    Respond,
}

impl Attempt {
    /// Finds client and pool.
    ///
    /// # Errors
    /// `ResourceNotFoundException` if one doesn't exist, or the client isn't in the pool that an administrator names.
    pub(super) fn new(call: Call, stage: Stage) -> Result<Self, ApiError> {
        if call.input.get("UserPoolId").is_some() {
            call.settings()?;
        }
        let found = call.client()?;
        if call
            .input
            .get_string("UserPoolId")
            .is_some_and(|id| id != found.settings.id)
        {
            return Err(ApiError::client_not_found(&found.client.id));
        }
        Ok(Self {
            call,
            client: found.client,
            settings: found.settings,
            stage,
            is_hosted: false,
        })
    }

    /// A call that managed login makes for a browser. It ends without tokens, and needs no secret hash: the client proves its
    /// secret when it exchanges the code.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub(super) fn hosted(call: Call, stage: Stage) -> Result<Self, ApiError> {
        Ok(Self {
            is_hosted: true,
            ..Self::new(call, stage)?
        })
    }

    /// Whether managed login makes the call.
    pub(super) fn is_hosted(&self) -> bool {
        self.is_hosted
    }

    /// Whether the caller is an administrator.
    ///
    /// Only operations of administrators name the pool.
    pub(super) fn is_admin(&self) -> bool {
        self.call.input.get("UserPoolId").is_some()
    }

    /// A string of the input.
    pub(super) fn input(&self, member: &str) -> &str {
        self.call.input.string(member)
    }

    /// A member of `AuthParameters` or `ChallengeResponses`.
    ///
    /// `None` if it is missing. The length and the pattern of the value aren't validated (PW-16).
    pub(super) fn optional(&self, name: &str) -> Option<&str> {
        let map = match self.stage {
            Stage::Initiate => "AuthParameters",
            Stage::Respond => "ChallengeResponses",
        };
        self.call.input.get(map)?.get(name)?.as_str()
    }

    /// A member of `AuthParameters` or `ChallengeResponses` that must not be missing or empty.
    ///
    /// # Errors
    /// `InvalidParameterException` with the name (PW-14, CR-10, NP-10, SRP-11).
    pub(super) fn required(&self, name: &str) -> Result<&str, ApiError> {
        let value = self.optional(name).filter(|value| !value.is_empty());
        value.ok_or_else(|| ApiError::invalid_parameter(format!("Missing required parameter {name}")))
    }

    /// Refuses parameters that change the sign-in on AWS but aren't simulated here.
    ///
    /// # Errors
    /// `UnsupportedOperationException` for the first of these parameters: authentication levels, an access token, a maximum
    /// age.
    pub(super) fn refuse_unsimulated(&self) -> Result<(), ApiError> {
        self.refuse(&["TARGET_ACR_VALUES", "ACCESS_TOKEN", "MAX_AGE"])
    }

    /// Refuses parameters by name.
    ///
    /// # Errors
    /// `UnsupportedOperationException` for the first parameter that the call has.
    pub(super) fn refuse(&self, names: &[&str]) -> Result<(), ApiError> {
        match names.iter().find(|name| self.optional(name).is_some()) {
            Some(name) => Err(ApiError::not_simulated(format_args!("the parameter {name}"))),
            None => Ok(()),
        }
    }

    /// Checks `SECRET_HASH` over a user name.
    ///
    /// # Errors
    /// `NotAuthorizedException` if the hash is missing or wrong (PW-19). A client without a secret accepts any hash.
    pub(super) fn check_secret_hash(&self, user_name: &str) -> Result<(), ApiError> {
        if self.is_hosted {
            return Ok(());
        }
        self.client
            .check_secret_hash(self.optional("SECRET_HASH"), user_name)
    }

    /// Checks `SECRET_HASH` in the answer to a challenge: over the real user name, as SRP clients send it, or over `USERNAME`,
    /// which [`take`](Self::take) has found to name the same user. A user who typed an alias may not know the real name.
    ///
    /// # Errors
    /// As [`check_secret_hash`](Self::check_secret_hash).
    pub(super) fn check_secret_hash_of(&self, pending: &Pending) -> Result<(), ApiError> {
        let of_typed = self.check_secret_hash(self.optional("USERNAME").unwrap_or_default());
        of_typed.or_else(|_| self.check_secret_hash(&pending.user_name))
    }

    /// The time of the client's pool.
    pub(super) fn now(&self) -> Timestamp {
        self.call.now(&self.settings)
    }

    /// Reads the pool of the client.
    pub(super) fn read<T>(&self, read: impl FnOnce(&UserPool) -> Result<T, ApiError>) -> Result<T, ApiError> {
        self.call
            .service
            .read(|state| read(state.pool(&self.settings.id)?))
    }

    /// Changes the pool of the client.
    pub(super) fn write<T>(
        &self,
        change: impl FnOnce(&mut UserPool) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        self.call
            .service
            .write(|state| change(state.pool_mut(&self.settings.id)?))
    }

    /// The user with the user name or alias `typed`. `None` if there is none.
    ///
    /// An alias works once it is verified (PW-22, PW-23). A `sub` finds no user (SRP-07).
    pub(super) fn find(&self, typed: &str) -> Result<Option<User>, ApiError> {
        self.read(|pool| Ok(pool.users.find(typed).cloned()))
    }

    /// The user who signs in with this name.
    ///
    /// # Errors
    /// `UserNotFoundException` if there is no such user, and the client doesn't hide it.
    pub(super) fn sign_in_user(&self, typed: &str) -> Result<SignInUser, ApiError> {
        match self.find(typed)? {
            Some(user) => Ok(SignInUser::Known(Box::new(user))),
            None if self.client.hides_users() => Ok(SignInUser::Unknown(typed.to_owned())),
            None => Err(ApiError::user_not_found()),
        }
    }

    /// The user as stored now. A trigger may have changed, disabled or deleted the user.
    ///
    /// # Errors
    /// `UserNotFoundException` if the user was deleted, `NotAuthorizedException` if disabled.
    pub(super) fn reread(&self, user: &User) -> Result<User, ApiError> {
        self.user_with_sub(&user.sub)
    }

    /// The user of a session, as stored now.
    pub(super) fn session_user(&self, pending: &Pending) -> Result<SignInUser, ApiError> {
        match &pending.sub {
            Some(sub) => Ok(SignInUser::Known(Box::new(self.user_with_sub(sub)?))),
            None => Ok(SignInUser::Unknown(pending.user_name.clone())),
        }
    }

    /// The user of a session, whose secret hash is right.
    ///
    /// # Errors
    /// Those of [`check_secret_hash_of`](Self::check_secret_hash_of) and [`session_user`](Self::session_user), and
    /// `NotAuthorizedException` if there is no such user.
    pub(super) fn known_user(&self, pending: &Pending) -> Result<User, ApiError> {
        self.check_secret_hash_of(pending)?;
        match self.session_user(pending)? {
            SignInUser::Known(user) => Ok(*user),
            SignInUser::Unknown(_) => Err(incorrect()),
        }
    }

    /// The enabled user with this sub.
    pub(super) fn user_with_sub(&self, sub: &str) -> Result<User, ApiError> {
        let user = self.read(|pool| {
            pool.users
                .with_sub(sub)
                .cloned()
                .ok_or_else(ApiError::user_not_found)
        })?;
        if user.enabled { Ok(user) } else { Err(disabled()) }
    }

    /// Refuses a user who can't sign in at all.
    ///
    /// # Errors
    /// `NotAuthorizedException` for a disabled user (PW-12, CA-13), `UserNotConfirmedException` for one who
    /// isn't confirmed (PW-10, SRP-08, CA-12). Clients that hide users get both too.
    pub(super) fn check_may_sign_in(&self, user: &User) -> Result<(), ApiError> {
        if !user.enabled {
            return Err(disabled());
        }
        if user.status == UserStatus::Unconfirmed {
            return Err(ApiError::new(
                "UserNotConfirmedException",
                "User is not confirmed.",
            ));
        }
        Ok(())
    }

    /// Refuses a user who can't sign in with a password.
    ///
    /// # Errors
    /// - `NotAuthorizedException`: the user is locked out (PW-18), or the temporary password is too old
    ///   (PW-27).
    /// - `PasswordResetRequiredException`: the user has to reset the password first (PW-11).
    /// - The errors of a user who can't sign in at all.
    pub(super) fn check_may_use_password(&self, user: &User) -> Result<(), ApiError> {
        if user.failures.lock_out(self.now()) {
            return Err(locked_out());
        }
        self.check_may_sign_in(user)?;
        match user.status {
            UserStatus::ResetRequired => Err(ApiError::new(
                "PasswordResetRequiredException",
                "Password reset required for the user",
            )),
            UserStatus::ForceChangePassword
                if user.temporary_until.is_some_and(|until| until <= self.now()) =>
            {
                Err(ApiError::not_authorized(
                    "Temporary password has expired and must be reset by an administrator.",
                ))
            }
            _ => Ok(()),
        }
    }

    /// Fires PreAuthentication.
    ///
    /// `inferred` is true if it isn't measured that Cognito fires it in this call.
    ///
    /// # Errors
    /// Those of a failing trigger. The caller gets them whether or not the password is right and the client hides
    /// users (PW-06, PW-07, GEN-13).
    pub(super) async fn pre_authentication(
        &self,
        sign_in_user: &SignInUser,
        inferred: bool,
    ) -> Result<(), ApiError> {
        let mut event = sign_in_user
            .event(Route::PreAuthentication, &self.settings, &self.client)
            .with("validationData", self.validation_data());
        if inferred {
            event = event.inferred();
        }
        triggers::fire(&self.call, &self.settings, event).await?;
        Ok(())
    }

    /// `validationData` of the triggers that get it: `ClientMetadata` of the call that begins a sign-in.
    pub(super) fn validation_data(&self) -> Value {
        match self.stage {
            Stage::Initiate => self.call.input.client_metadata().cloned().unwrap_or(Value::Null),
            Stage::Respond => Value::Null,
        }
    }

    /// `clientMetadata` of the triggers: only a call that answers a challenge passes it on.
    pub(super) fn client_metadata(&self) -> Option<&Value> {
        match self.stage {
            Stage::Initiate => None,
            Stage::Respond => self.call.input.client_metadata(),
        }
    }

    /// Counts a wrong password, and returns the error for it.
    ///
    /// A right password resets the count. The message is the same for every reason (PW-02, PW-03). If another call has locked
    /// the user out since [`check_may_use_password`](Self::check_may_use_password), the error is that of a lockout, and
    /// nothing is counted.
    pub(super) fn wrong_password(&self, user: &User) -> ApiError {
        let counted = self.count(user, |failures, now| failures.count(now));
        counted.err().unwrap_or_else(incorrect)
    }

    /// Resets the count of wrong passwords.
    ///
    /// # Errors
    /// `NotAuthorizedException` if another call has locked the user out in the meantime: a guess during a lockout must not
    /// reveal whether the password is right.
    pub(super) fn right_password(&self, user: &User) -> Result<(), ApiError> {
        self.count(user, |failures, _| *failures = Failures::default())
    }

    /// Changes the stored count of wrong passwords, unless the user is locked out. The check and the change are atomic.
    fn count(&self, user: &User, change: impl FnOnce(&mut Failures, Timestamp)) -> Result<(), ApiError> {
        let now = self.now();
        self.write(|pool| {
            let counted = pool.users.update(&user.username, |user| {
                if user.failures.lock_out(now) {
                    return Err(locked_out());
                }
                change(&mut user.failures, now);
                Ok(())
            });
            counted.unwrap_or(Ok(()))
        })
    }

    /// Opens a session with a challenge, and returns the answer with the challenge.
    ///
    /// The session is valid for `AuthSessionValidity` of the app client, 3 minutes by default.
    pub(super) fn challenge(&self, pending: Pending, parameters: Value) -> Result<Value, ApiError> {
        let name = pending.challenge.name();
        let session = self.call.service.ids.opaque(128);
        self.open_session(&session, pending)?;
        Ok(json!({ "ChallengeName": name, "Session": session, "ChallengeParameters": parameters }))
    }

    /// Opens a session under an id.
    pub(super) fn open_session(&self, id: &str, pending: Pending) -> Result<(), ApiError> {
        let until = self.now().after(Validity::of(&self.client).session);
        self.write(|pool| {
            pool.sessions.open(id, &self.client.id, until, pending);
            Ok(())
        })
    }

    /// Takes the pending challenge from the session of the input, and checks that it belongs to the user of the input.
    ///
    /// # Errors
    /// `InvalidParameterException` if `USERNAME` or `Session` is missing, and the errors of
    /// [`take`](Self::take).
    pub(super) fn take_session(&self) -> Result<Pending, ApiError> {
        let name = self.input("ChallengeName");
        let user_name = self.required("USERNAME")?;
        let session = self.call.input.get_string("Session");
        let session =
            session.ok_or_else(|| ApiError::invalid_parameter("Missing required parameter Session"))?;
        self.take(session, name, user_name)
    }

    /// Takes the session of the input, and checks the answer to its challenge.
    ///
    /// # Errors
    /// Those of [`take_session`](Self::take_session), and those of `check`. If `check` fails, the session stays valid.
    pub(super) fn answered<T>(
        &self,
        check: impl FnOnce(&Pending) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let pending = self.take_session()?;
        let checked = check(&pending);
        if checked.is_err() {
            self.reopen(self.input("Session"), pending)?;
        }
        checked
    }

    /// Puts a taken challenge back, so that the caller can answer again.
    pub(super) fn reopen(&self, session: &str, pending: Pending) -> Result<(), ApiError> {
        self.write(|pool| {
            pool.sessions.reopen(session, pending);
            Ok(())
        })
    }

    /// Takes the pending challenge from a session.
    ///
    /// `name` is the challenge that the caller answers, and `user_name` is the `USERNAME` that the caller sent: the
    /// real user name or an alias. If it is another user's, the session stays unchanged.
    ///
    /// # Errors
    /// `NotAuthorizedException` with one of Cognito's messages about sessions (NP-03 to NP-05, CR-08, CR-09,
    /// CR-16).
    pub(super) fn take(&self, session: &str, name: &str, user_name: &str) -> Result<Pending, ApiError> {
        let now = self.now();
        self.write(|pool| {
            let pending = pool.sessions.take(session, &self.client.id, name, now)?;
            let named = pool.users.find(user_name).map(|user| &user.sub);
            if pending.user_name == user_name || (named.is_some() && named == pending.sub.as_ref()) {
                return Ok(pending);
            }
            pool.sessions.reopen(session, pending);
            Err(ApiError::not_authorized("Invalid session for the user."))
        })
    }

    /// Marks a session as used, once the call that answers its challenge succeeds.
    pub(super) fn close(&self, session: &str) -> Result<(), ApiError> {
        self.write(|pool| {
            pool.sessions.close(session);
            Ok(())
        })
    }
}

/// The error for every attempt during a lockout (PW-18). That wrong codes of a second factor lead to the same message is inferred.
pub(super) fn locked_out() -> ApiError {
    ApiError::not_authorized("Password attempts exceeded")
}

/// The error for a disabled user.
fn disabled() -> ApiError {
    ApiError::not_authorized("User is disabled.")
}

/// The error for an unknown user, a wrong password, and a failed custom sign-in.
pub(super) fn incorrect() -> ApiError {
    ApiError::not_authorized("Incorrect username or password.")
}
