//! Runs of flows as text for people.
//!
//! Names of fields are in it, and values are not: they may be passwords, codes or personal data. The messages of rejections
//! and of other errors are shown, since Cognito shows them too.

use std::fmt::{Display, Formatter, Result};

use cognito_triggers_targets::sanitize;

use super::{
    call::{Answer, AuthFlow, Operation, Password},
    run::{Exchange, Run, Step, TriggerOutcome},
};

impl Display for Run {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.about.as_str() {
            "" => writeln!(f, "{}", sanitize(&self.name))?,
            about => writeln!(f, "{}: {}", sanitize(&self.name), sanitize(about))?,
        }
        self.exchanges
            .iter()
            .try_for_each(|exchange| write!(f, "\n{exchange}"))?;
        if self.has_no_route() {
            f.write_str("\nThe function has no route for any of these triggers.\n")?;
        }
        Ok(())
    }
}

impl Display for Exchange {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "{}", self.call)?;
        for step in &self.steps {
            writeln!(f, "  {:<44} {}", step.source, step.outcome)?;
            for finding in &step.findings {
                writeln!(f, "    {}: {}", finding.certainty, sanitize(finding))?;
            }
        }
        writeln!(f, "  -> {}", sanitize(&self.result))?;
        match &self.expected {
            Some(expected) => writeln!(f, "  expected: {}", sanitize(expected)),
            None => Ok(()),
        }
    }
}

impl Display for TriggerOutcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Answered(summary) => sanitize(summary).fmt(f),
            Self::Rejected(message) => write!(f, "rejected: {}", sanitize(message)),
            Self::Failed(message) => write!(f, "failed: {}", sanitize(message)),
            Self::NotRouted => f.write_str("no route: skipped"),
            Self::NoAnswer(error) => write!(f, "no answer: {error}"),
        }
    }
}

impl Step {
    /// Whether the trigger was skipped because the function has no route for it.
    pub fn is_skipped(&self) -> bool {
        self.outcome == TriggerOutcome::NotRouted
    }
}

/// The operation in a few words, without the values of its parameters.
impl Display for Operation {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::SignUp { .. } => f.write_str("SignUp"),
            Self::ConfirmSignUp { .. } => f.write_str("ConfirmSignUp"),
            Self::AdminCreateUser { .. } => f.write_str("AdminCreateUser"),
            Self::InitiateAuth {
                auth_flow, password, ..
            } => {
                write!(f, "InitiateAuth with {auth_flow}")?;
                match password {
                    Password::Right => Ok(()),
                    Password::Wrong => f.write_str(" and a wrong password"),
                }
            }
            Self::RespondToAuthChallenge { answer, password, .. } => match (answer, password) {
                (_, Password::Wrong) => f.write_str("RespondToAuthChallenge with a wrong password"),
                (Answer::Wrong, _) => f.write_str("RespondToAuthChallenge with a wrong answer"),
                (Answer::Text(_), _) => f.write_str("RespondToAuthChallenge with a text of the flow"),
                _ => f.write_str("RespondToAuthChallenge with what is asked for"),
            },
            Self::ForgotPassword { .. } => f.write_str("ForgotPassword"),
            Self::ConfirmForgotPassword { .. } => f.write_str("ConfirmForgotPassword"),
            Self::FederatedSignIn { provider: None } => f.write_str("sign-in through an identity provider"),
            Self::FederatedSignIn {
                provider: Some(provider),
            } => {
                write!(f, "sign-in through an identity provider ({provider})")
            }
            Self::ClientCredentials { .. } => f.write_str("token endpoint with client_credentials"),
        }
    }
}

/// The value of `AuthFlow` in the API; two of them for the last but one.
impl Display for AuthFlow {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::UserPasswordAuth => "USER_PASSWORD_AUTH",
            Self::UserSrpAuth => "USER_SRP_AUTH",
            Self::CustomAuth => "CUSTOM_AUTH",
            Self::CustomAuthWithSrp => "CUSTOM_AUTH and SRP_A",
            Self::RefreshTokenAuth => "REFRESH_TOKEN_AUTH",
        })
    }
}
