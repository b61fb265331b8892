//! Drills: what a test of an application makes go wrong, such as a function that times out or a limit that is reached.
//!
//! A drill waits until what it is for happens: a call of a function, a message, or a call of an operation. Drills for the same
//! thing are used in the order in which they were planned. A reset forgets those that still wait.
//!
//! | part | what it is |
//! |---|---|
//! | [`Drill`] | a drill as a test or `POST /_dev/fail` describes it |
//! | [`Fault`] | what a function does |
//! | `Planned` | a drill that was checked |
//! | `Drills` | the drills that wait |
//! | `choices` | what a drill can be, for the console |

mod choices;
mod drill;
mod fault;
mod planned;

use std::sync::{Mutex, PoisonError};

use cognito_triggers_model::Route;

pub(crate) use self::choices::choices;
pub use self::drill::{Drill, DrillError};
pub(crate) use self::fault::Delay;
pub use self::fault::Fault;
use self::planned::{Kind, Planned};
use crate::error::ApiError;

/// How many drills can wait at once.
const MAX_WAITING: usize = 1_000;

/// The drills that wait, in the order in which they were planned.
#[derive(Debug, Default)]
pub(crate) struct Drills {
    waiting: Mutex<Vec<Planned>>,
}

/// A drill that is used now.
#[derive(Clone, Debug)]
pub(crate) struct Used<T> {
    /// What happens.
    pub(crate) what: T,
    /// How records name the drill, such as `PreSignUp: timeout`.
    pub(crate) name: String,
}

impl Drills {
    /// Plans a drill, and returns how it is listed.
    ///
    /// # Errors
    /// Fails if the drill contradicts itself, names what doesn't exist, or too many drills wait.
    pub(crate) fn plan(&self, drill: &Drill) -> Result<Drill, DrillError> {
        let planned = Planned::check(drill)?;
        let listed = planned.listed();
        self.with(|waiting| {
            if waiting.len() >= MAX_WAITING {
                return Err(DrillError::new(format!(
                    "{MAX_WAITING} drills wait already; DELETE /_dev/fail, or LocalPool::clear_drills, forgets them"
                )));
            }
            waiting.push(planned);
            Ok(listed)
        })
    }

    /// The drills that wait, each with how often it still happens.
    pub(crate) fn waiting(&self) -> Vec<Drill> {
        self.with(|waiting| waiting.iter().map(Planned::listed).collect())
    }

    /// Forgets the drills that wait, and returns them.
    pub(crate) fn clear(&self) -> Vec<Drill> {
        self.with(|waiting| waiting.drain(..).map(|planned| planned.listed()).collect())
    }

    /// Uses the oldest drill for a trigger, in any version. One drill stands for all retries of a call.
    pub(crate) fn for_trigger(&self, route: Route, source: &str, operation: &str) -> Option<Used<Fault>> {
        self.take(|planned| match &planned.kind {
            Kind::Function {
                route: waits,
                fault,
                source: only,
            } => {
                let fits = waits.key() == route.key()
                    && only.as_deref().is_none_or(|only| only == source)
                    && planned.is_during(operation);
                fits.then(|| fault.clone())
            }
            _ => None,
        })
    }

    /// Uses the oldest drill for the delivery of a message.
    pub(crate) fn for_delivery(&self, operation: &str) -> Option<Used<()>> {
        self.take(|planned| (planned.kind == Kind::Delivery && planned.is_during(operation)).then_some(()))
    }

    /// Uses the oldest drill for an operation.
    pub(crate) fn for_operation(&self, operation: &str) -> Option<Used<ApiError>> {
        self.take(|planned| match &planned.kind {
            Kind::Operation { error } if planned.is_during(operation) => Some(error.clone()),
            _ => None,
        })
    }

    /// Uses the oldest drill that fits.
    fn take<T>(&self, fits: impl Fn(&Planned) -> Option<T>) -> Option<Used<T>> {
        self.with(|waiting| {
            let mut found = waiting.iter_mut().enumerate();
            let (index, what) = found.find_map(|(index, planned)| Some((index, fits(planned)?)))?;
            let planned = waiting.get_mut(index)?;
            let name = planned.to_string();
            planned.times -= 1;
            if planned.times == 0 {
                waiting.remove(index);
            }
            Some(Used { what, name })
        })
    }

    fn with<T>(&self, use_waiting: impl FnOnce(&mut Vec<Planned>) -> T) -> T {
        use_waiting(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drill_happens_as_often_as_planned() {
        let drills = Drills::default();
        let drill = Drill::trigger("PreSignUp", Fault::Null).times(2);
        drills.plan(&drill).unwrap();
        drills.plan(&Drill::trigger("PreSignUp", Fault::Garbage)).unwrap();
        let next = || {
            let used = drills.for_trigger(Route::PreSignUp, "PreSignUp_SignUp", "SignUp");
            used.map(|used| used.name)
        };
        assert_eq!(drills.waiting().first(), Some(&drill));
        assert_eq!(next().as_deref(), Some("PreSignUp: null"));
        assert_eq!(
            drills.waiting().first(),
            Some(&Drill::trigger("PreSignUp", Fault::Null))
        );
        assert_eq!(next().as_deref(), Some("PreSignUp: null"));
        assert_eq!(next().as_deref(), Some("PreSignUp: garbage"));
        assert_eq!(next(), None);
    }

    #[test]
    fn a_filter_leaves_a_drill_for_later() {
        let drills = Drills::default();
        let drill = Drill::trigger("PreTokenGeneration", Fault::Crash)
            .source("TokenGeneration_RefreshTokens")
            .during("GetTokensFromRefreshToken");
        drills.plan(&drill).unwrap();
        drills.plan(&Drill::delivery().during("SignUp")).unwrap();
        let take = |source, operation| drills.for_trigger(Route::PreTokenGenerationV3, source, operation);
        assert!(take("TokenGeneration_Authentication", "GetTokensFromRefreshToken").is_none());
        assert!(take("TokenGeneration_RefreshTokens", "InitiateAuth").is_none());
        assert!(take("TokenGeneration_RefreshTokens", "GetTokensFromRefreshToken").is_some());
        assert!(drills.for_delivery("ForgotPassword").is_none());
        assert!(drills.for_delivery("SignUp").is_some());
        assert!(drills.for_operation("SignUp").is_none());
        assert_eq!(drills.waiting(), []);
    }

    #[test]
    fn only_so_many_drills_wait() {
        let drills = Drills::default();
        for _ in 0..MAX_WAITING {
            drills.plan(&Drill::delivery()).unwrap();
        }
        assert!(drills.plan(&Drill::delivery()).is_err());
        assert_eq!(drills.clear().len(), MAX_WAITING);
        assert!(drills.plan(&Drill::delivery()).is_ok());
    }
}
