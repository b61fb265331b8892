//! The cookies of a browser: its session with a pool, and the token against forged forms.
//!
//! Both are `HttpOnly` and `SameSite=Lax`, so that no script reads them and no form of another site sends them. With HTTPS
//! they are `Secure` and begin with `__Host-`, so that no page in plain HTTP, on whatever port, replaces them.

use std::fmt;

use aws_lc_rs::constant_time;

use crate::ids::Ids;
use crate::service::Service;
use crate::state::{BrowserSession, Settings};

/// The length of the secrets in cookies: 256 bits.
const LENGTH: usize = 43;

/// A browser, known by the `Cookie` headers of its request.
#[derive(Clone)]
pub(crate) struct Browser {
    cookies: Vec<(String, String)>,
    /// The token that forms repeat.
    csrf: String,
    is_new: bool,
    /// The port that the browser has connected to. It is part of the names of the cookies, because for a browser all ports of a host
    /// have the same ones. It isn't that of the listener if a container maps it to another one.
    port: String,
    is_secure: bool,
    /// The URL under which the browser knows the pool.
    address: String,
}

impl Browser {
    /// Reads the `Cookie` headers. A browser without a token gets a new one. `endpoint` is the URL of the listener.
    ///
    /// `host` is the `Host` that the browser has sent, which was checked before: `localhost:9229`, or the port of a container that
    /// is mapped to another one. Cookies belong to this host, so a provider has to send the browser back to it.
    pub(crate) fn new<'a>(
        headers: impl Iterator<Item = &'a str>,
        host: Option<&str>,
        ids: &Ids,
        endpoint: &str,
    ) -> Self {
        let is_secure = endpoint.starts_with("https:");
        let scheme = if is_secure { "https" } else { "http" };
        let address = host.map_or_else(|| endpoint.to_owned(), |host| format!("{scheme}://{host}"));
        let port = port(&address).to_owned();
        let wanted = cookie_name(is_secure, "csrf", &port);
        let pairs = headers.flat_map(|header| header.split(';'));
        let cookies: Vec<_> = pairs
            .filter_map(|pair| pair.trim().split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let sent = cookies.iter().find(|(name, _)| *name == wanted);
        let sent = sent
            .filter(|(_, value)| value.len() == LENGTH && value.bytes().all(|b| b.is_ascii_alphanumeric()));
        let csrf = sent.map(|(_, value)| value.clone());
        Self {
            is_new: csrf.is_none(),
            csrf: csrf.unwrap_or_else(|| ids.opaque(LENGTH)),
            cookies,
            port,
            is_secure,
            address,
        }
    }

    /// The URL under which the browser knows the pool, such as `http://localhost:9229`.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// The token for a form.
    pub(super) fn csrf(&self) -> &str {
        &self.csrf
    }

    /// Whether a form repeats the token of the cookie.
    pub(super) fn sent(&self, token: Option<&str>) -> bool {
        let token = token.unwrap_or_default();
        !self.is_new && constant_time::verify_slices_are_equal(token.as_bytes(), self.csrf.as_bytes()).is_ok()
    }

    /// The cookie with the token, if the browser doesn't have it yet.
    pub(super) fn csrf_cookie(&self) -> Option<String> {
        self.is_new
            .then(|| self.cookie(&cookie_name(self.is_secure, "csrf", &self.port), &self.csrf, None))
    }

    /// The session of the browser with a pool. `None` if it isn't signed in, or not any more.
    pub(crate) fn session(&self, service: &Service, settings: &Settings) -> Option<BrowserSession> {
        let key = self.session_key(settings)?;
        let now = service.clock.now_in(&settings.id);
        service.read(|state| state.pool(&settings.id).ok()?.browsers.get(key, now).cloned())
    }

    /// Signs the browser in, under a new secret. Returns the cookie.
    pub(crate) fn open_session(
        &self,
        service: &Service,
        settings: &Settings,
        session: BrowserSession,
    ) -> String {
        let key = service.ids.opaque(LENGTH);
        self.close_session(service, settings);
        service.write(|state| {
            if let Ok(pool) = state.pool_mut(&settings.id) {
                pool.browsers.open(key.clone(), session);
            }
        });
        self.cookie(&self.session_name(settings), &key, Some(3600))
    }

    /// Signs the browser out. Returns a cookie that removes the old one.
    pub(crate) fn close_session(&self, service: &Service, settings: &Settings) -> String {
        if let Some(key) = self.session_key(settings) {
            let now = service.clock.now_in(&settings.id);
            service.write(|state| {
                let pool = state.pool_mut(&settings.id).ok()?;
                pool.browsers.take(key, now)
            });
        }
        self.cookie(&self.session_name(settings), "", Some(0))
    }

    fn session_key(&self, settings: &Settings) -> Option<&str> {
        let wanted = self.session_name(settings);
        let cookie = self.cookies.iter().find(|(name, _)| *name == wanted);
        cookie.map(|(_, value)| value.as_str())
    }

    /// The name of the cookie with the session. Each pool has its own, since all pools share one host.
    fn session_name(&self, settings: &Settings) -> String {
        let of = format!("{}-{}", self.port, settings.id);
        cookie_name(self.is_secure, "session", &of)
    }

    fn cookie(&self, name: &str, value: &str, max_age: Option<u32>) -> String {
        let age = max_age.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
        let secure = if self.is_secure { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}")
    }
}

/// No cookie is in debug output.
impl fmt::Debug for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Browser")
            .field("is_new", &self.is_new)
            .finish_non_exhaustive()
    }
}

/// The port of a URL without a path. Without one, it is that of the scheme.
fn port(url: &str) -> &str {
    let named = url.trim_end_matches('/').rsplit_once(':').map(|(_, port)| port);
    let named = named.filter(|port| !port.is_empty() && port.bytes().all(|digit| digit.is_ascii_digit()));
    named.unwrap_or(if url.starts_with("https:") { "443" } else { "80" })
}

/// The name of a cookie, by what it is for. It is no name that frameworks use for their own.
fn cookie_name(is_secure: bool, kind: &str, of: &str) -> String {
    let prefix = if is_secure { "__Host-" } else { "" };
    format!("{prefix}cognito-{kind}-{of}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn browser(header: &str) -> Browser {
        let ids = Ids::new(Some(1), None).unwrap();
        Browser::new([header].into_iter(), None, &ids, "http://127.0.0.1:9229")
    }

    #[test]
    fn cookies_are_named_after_the_port_of_the_browser() {
        let ids = Ids::new(Some(1), None).unwrap();
        for (host, endpoint, port) in [
            (Some("localhost:9230"), "http://127.0.0.1:9229", "9230"),
            (Some("[::1]:9231"), "http://127.0.0.1:9229", "9231"),
            (Some("[::1]"), "http://127.0.0.1:9229", "80"),
            (Some("pool.localhost"), "https://127.0.0.1:9229", "443"),
            (Some("localhost:"), "http://127.0.0.1:9229", "80"),
            (None, "http://127.0.0.1:9229/", "9229"),
        ] {
            let browser = Browser::new(std::iter::empty(), host, &ids, endpoint);
            let cookie = browser.csrf_cookie().unwrap();
            assert!(
                cookie.contains(&format!("cognito-csrf-{port}=")),
                "{host:?}: {cookie}"
            );
        }
    }

    #[test]
    fn a_form_must_repeat_the_token_of_the_cookie() {
        let token = "a".repeat(LENGTH);
        let known = browser(&format!("other=1; cognito-csrf-9229={token}"));
        assert!(known.sent(Some(&token)));
        assert!(!known.sent(Some("b")) && !known.sent(None));
        assert_eq!(known.csrf_cookie(), None);
    }

    #[test]
    fn a_browser_without_a_token_has_sent_none() {
        let elsewhere = format!("cognito-csrf-9230={}", "a".repeat(LENGTH));
        for header in [
            "",
            "cognito-csrf-9229=",
            "cognito-csrf-9229=short",
            "cognito-csrf-9229",
            &elsewhere,
        ] {
            let new = browser(header);
            let token = new.csrf().to_owned();
            assert!(
                !new.sent(Some(&token)) && !new.sent(None) && !new.sent(Some("")),
                "{header}"
            );
            let cookie = new.csrf_cookie().unwrap();
            assert_eq!(
                cookie,
                format!("cognito-csrf-9229={token}; Path=/; HttpOnly; SameSite=Lax")
            );
        }
    }

    #[test]
    fn cookies_of_https_are_secure_and_of_this_host() {
        let ids = Ids::new(Some(1), None).unwrap();
        let token = "a".repeat(LENGTH);
        let sent = |header: &str| {
            Browser::new(
                [header].into_iter(),
                Some("localhost:9229"),
                &ids,
                "https://127.0.0.1:9229",
            )
        };
        let new = sent(&format!("cognito-csrf-9229={token}"));
        assert!(!new.sent(Some(&token)));
        let cookie = new.csrf_cookie().unwrap();
        assert!(cookie.starts_with("__Host-cognito-csrf-9229="), "{cookie}");
        assert!(
            cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"),
            "{cookie}"
        );
        assert_eq!(new.address(), "https://localhost:9229");
        assert!(sent(&format!("__Host-cognito-csrf-9229={token}")).sent(Some(&token)));
    }
}
