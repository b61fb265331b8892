//! The steps of sign-ins that wait for an answer, each under a key that only the browser that began it can use.

use super::visit::Visit;
use crate::form::Form;
use crate::oauth::location::Location;
use crate::state::Step;

/// The path of the page, in lower case.
pub(super) const PATH: &str = "/challenge";

/// The name of the parameter with the key of a step.
const KEY: &str = "step";

/// The length of a key: 256 bits.
const LENGTH: usize = 43;

/// Stores a step. Returns the address of its page.
pub(super) fn begin(visit: Visit<'_>, step: Step) -> Location {
    let (service, settings) = (visit.service, &visit.request.settings);
    let key = service.ids.opaque(LENGTH);
    let now = service.clock.now_in(&settings.id);
    service.write(|state| {
        if let Ok(pool) = state.pool_mut(&settings.id) {
            pool.steps.add(key.clone(), now, step);
        }
    });
    Location(address(visit, &key))
}

/// The key in the address of a page; empty if there is none.
pub(super) fn key(query: &Form) -> &str {
    query.get(KEY).unwrap_or_default()
}

/// The step with this key, if this browser began it.
pub(super) fn find(visit: Visit<'_>, key: &str) -> Option<Step> {
    let settings = &visit.request.settings;
    let now = visit.service.clock.now_in(&settings.id);
    let step = visit
        .service
        .read(|state| state.pool(&settings.id).ok()?.steps.get(key, now).cloned())?;
    visit.browser.sent(Some(&step.browser)).then_some(step)
}

/// Whether the challenge of a step can still be answered.
pub(super) fn is_open(visit: Visit<'_>, step: &Step) -> bool {
    let settings = &visit.request.settings;
    let now = visit.service.clock.now_in(&settings.id);
    visit.service.read(|state| {
        let pool = state.pool(&settings.id);
        pool.is_ok_and(|pool| pool.sessions.is_open(&step.session, now))
    })
}

/// The address of the page of a step.
pub(super) fn address(visit: Visit<'_>, key: &str) -> String {
    visit.request.query.clone().with(KEY, key).appended_to(PATH, '?')
}
