//! The tenants, with a cache whose entries have an age limit, and a limit on the time of a look-up.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use cognito_triggers::{Context, OrReject, Result, reject};
use tokio::time::timeout;

use crate::directory::{Directory, Tenant};

/// The time for a look-up. Cognito waits for five seconds, of which a cold start may take two.
const LOOK_UP: Duration = Duration::from_millis(1500);

/// The time that remains for the answer.
const MARGIN: Duration = Duration::from_millis(250);

/// The most entries of the cache, some megabytes.
const ENTRIES: usize = 10_000;

/// What a user without a tenant reads.
pub(crate) const NO_TENANT: &str = "this account belongs to no organization";

/// What a user reads if the directory doesn't answer.
pub(crate) const NO_ANSWER: &str = "signing in isn't possible at the moment, please try again in a minute";

/// Looks up tenants, and remembers them for a while.
pub(crate) struct Tenants {
    directory: Box<dyn Directory>,
    max_age: Duration,
    cache: Mutex<HashMap<String, (Tenant, SystemTime)>>,
}

impl Tenants {
    pub(crate) fn new(directory: Box<dyn Directory>, max_age: Duration) -> Self {
        Self {
            directory,
            max_age,
            cache: Mutex::default(),
        }
    }

    /// The tenant of a user or a machine.
    ///
    /// Only what was found is remembered, so a user who gets a tenant has it at the next sign-in. A look-up that fails isn't answered
    /// from an entry that is too old: without a tenant that is known now, there is no token.
    ///
    /// # Errors
    /// Fails with a rejection if there is no tenant, or the directory doesn't answer in time.
    pub(crate) async fn of<S>(&self, context: &Context<S>, id: &str) -> Result<Tenant> {
        // The time of day, because the clock of a frozen process may stand still.
        let now = context.now();
        if let Some(tenant) = self.cached(id, now) {
            return Ok(tenant);
        }
        let within = LOOK_UP.min(context.remaining().saturating_sub(MARGIN));
        let found = match timeout(within, self.directory.find(id)).await {
            Ok(found) => found,
            Err(_) => Err(format!("the directory of tenants didn't answer within {within:?}").into()),
        };
        match found.or_reject(NO_ANSWER)? {
            Some(tenant) => {
                self.remember(id, &tenant, now);
                Ok(tenant)
            }
            None => Err(reject(NO_TENANT)),
        }
    }

    fn cached(&self, id: &str, now: SystemTime) -> Option<Tenant> {
        let cache = self.cache();
        let (tenant, since) = cache.get(id)?;
        is_fresh(*since, now, self.max_age).then(|| tenant.clone())
    }

    fn remember(&self, id: &str, tenant: &Tenant, now: SystemTime) {
        let mut cache = self.cache();
        if cache.len() >= ENTRIES {
            cache.retain(|_, (_, since)| is_fresh(*since, now, self.max_age));
        }
        // Still full: those that are looked up often come back.
        if cache.len() >= ENTRIES {
            cache.clear();
        }
        cache.insert(id.to_owned(), (tenant.clone(), now));
    }

    fn cache(&self) -> MutexGuard<'_, HashMap<String, (Tenant, SystemTime)>> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An entry from the future, after a correction of the clock, is of unknown age.
fn is_fresh(since: SystemTime, now: SystemTime, max_age: Duration) -> bool {
    now.duration_since(since).is_ok_and(|age| age < max_age)
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use cognito_triggers::Error;

    use super::*;
    use crate::directory::Finding;

    /// Counts the look-ups, and answers after a while.
    #[derive(Clone, Default)]
    struct Counting {
        look_ups: Arc<AtomicUsize>,
        takes: Duration,
        fails: bool,
    }

    impl Directory for Counting {
        fn find<'a>(&'a self, id: &'a str) -> Finding<'a> {
            self.look_ups.fetch_add(1, Ordering::Relaxed);
            Box::pin(async move {
                tokio::time::sleep(self.takes).await;
                if self.fails {
                    return Err("the table is down".into());
                }
                Ok((id != "user#nobody").then(|| Tenant {
                    tenant: "acme".to_owned(),
                    plan: None,
                    scopes: Vec::new(),
                }))
            })
        }
    }

    fn context(directory: &Counting) -> Context<Tenants> {
        Context::new(Tenants::new(Box::new(directory.clone()), Duration::from_secs(60)))
    }

    async fn find(context: &Context<Tenants>, id: &str) -> Result<Tenant, Error> {
        context.state.of(context, id).await
    }

    #[tokio::test(start_paused = true)]
    async fn a_tenant_is_remembered_for_a_minute() {
        let directory = Counting::default();
        let tenants = Arc::new(Tenants::new(Box::new(directory.clone()), Duration::from_secs(60)));
        let start = SystemTime::now();
        for (seconds, look_ups) in [(0, 1), (59, 1), (60, 2), (119, 2), (120, 3)] {
            let now = start + Duration::from_secs(seconds);
            let context = Context::builder(Arc::clone(&tenants)).clock(now).build();
            find(&context, "user#ana").await.unwrap();
            assert_eq!(directory.look_ups.load(Ordering::Relaxed), look_ups, "{seconds}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_has_no_tenant_is_looked_up_each_time() {
        let directory = Counting::default();
        let context = context(&directory);
        for look_ups in 1..=3 {
            let error = find(&context, "user#nobody").await.unwrap_err();
            assert!(error.is_rejection() && error.to_string() == NO_TENANT, "{error}");
            assert_eq!(directory.look_ups.load(Ordering::Relaxed), look_ups);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_directory_that_fails_or_hangs_gives_no_token() {
        for (takes, fails, spent) in [(0, true, 0), (60, false, 1500)] {
            let takes = Duration::from_secs(takes);
            let directory = Counting {
                takes,
                fails,
                ..Default::default()
            };
            let context = context(&directory);
            let begun = tokio::time::Instant::now();
            let error = find(&context, "user#ana").await.unwrap_err();
            assert!(
                error.is_rejection() && error.to_string().starts_with(NO_ANSWER),
                "{error}"
            );
            assert_eq!(begun.elapsed(), Duration::from_millis(spent));
        }
    }

    #[test]
    fn the_cache_stays_small_and_ages() {
        let tenants = Tenants::new(Box::new(Counting::default()), Duration::from_secs(60));
        let tenant = Tenant {
            tenant: "acme".to_owned(),
            plan: None,
            scopes: Vec::new(),
        };
        let now = SystemTime::now();
        for user in 0..=ENTRIES {
            tenants.remember(&format!("user#{user}"), &tenant, now);
        }
        assert!(tenants.cache().len() <= ENTRIES);
        assert!(tenants.cached(&format!("user#{ENTRIES}"), now).is_some());
        for age in [60, 61, 3600] {
            let later = now + Duration::from_secs(age);
            assert!(
                tenants.cached(&format!("user#{ENTRIES}"), later).is_none(),
                "{age}"
            );
        }
        let earlier = now - Duration::from_secs(1);
        assert!(tenants.cached(&format!("user#{ENTRIES}"), earlier).is_none());
    }
}
