//! Who may call a service on loopback: programs on this machine, but not every web page that its user opens.
//!
//! A service here verifies no signature, so a page that reaches it could do everything that a program can. Two headers
//! that a page can't choose reveal it: a browser sends the page's `Origin` with each request that isn't a plain `GET`
//! of the page's own host, and `Host` is the name that the page used. After DNS rebinding, that name is still the page's.
//!
//! | who may call | check |
//! |---|---|
//! | programs only | [`is_program`] |
//! | programs, and pages of this machine and of private networks | [`is_local_host`] and not [`is_public_page`] |
//! | programs, and the service's own pages | [`is_local_host`] and not [`is_cross_origin`] |

use std::net::IpAddr;

use hyper::{
    Uri,
    header::{HOST, HeaderMap, ORIGIN},
};

/// Whether a request comes from a program rather than from a page: `Host` names this machine, and there is no `Origin`.
///
/// ```
/// use cognito_triggers_loopback::origin::is_program;
/// use hyper::header::{HOST, HeaderMap, HeaderValue, ORIGIN};
///
/// let mut headers = HeaderMap::new();
/// headers.insert(HOST, HeaderValue::from_static("127.0.0.1:49152"));
/// assert!(is_program(&headers));
///
/// headers.insert(ORIGIN, HeaderValue::from_static("https://page.example"));
/// assert!(!is_program(&headers));
/// ```
#[must_use]
pub fn is_program(headers: &HeaderMap) -> bool {
    is_local_host(headers, &[]) && !headers.contains_key(ORIGIN)
}

/// Whether `Host` names this machine: an IP address, `localhost`, a name that ends with `.localhost`,
/// `host.docker.internal`, or one of `hosts`. A request without `Host` counts too, since a browser always sends it.
///
/// A page can make a name of its own resolve to this machine, but not an IP address, so any address is accepted.
#[must_use]
pub fn is_local_host(headers: &HeaderMap, hosts: &[String]) -> bool {
    let Some(host) = headers.get(HOST) else {
        return true;
    };
    is_local(without_port(host.to_str().unwrap_or_default()), hosts)
}

/// Whether a request comes from a page that is neither of this machine nor of a private network, nor of one of `hosts`.
///
/// A page from a file or in a sandbox has the origin `null`. It counts as public.
#[must_use]
pub fn is_public_page(headers: &HeaderMap, hosts: &[String]) -> bool {
    if !headers.contains_key(ORIGIN) {
        return false;
    }
    let origin = origin(headers);
    let Some(host) = origin.as_ref().and_then(Uri::host) else {
        return true;
    };
    match address(host) {
        Some(IpAddr::V4(address)) => {
            !(address.is_loopback() || address.is_private() || address.is_link_local())
        }
        Some(IpAddr::V6(address)) => {
            !(address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local())
        }
        None => !is_local(host, hosts),
    }
}

/// Whether a request comes from a page of another host or port than the one in `Host`.
#[must_use]
pub fn is_cross_origin(headers: &HeaderMap) -> bool {
    if !headers.contains_key(ORIGIN) {
        return false;
    }
    let origin = origin(headers);
    let authority = origin.as_ref().and_then(Uri::authority);
    let own = headers.get(HOST).and_then(|host| host.to_str().ok());
    authority.is_none() || authority.map(|authority| authority.as_str()) != own
}

/// Whether a page of another site embeds the answer: as a script, an image or a frame, or with a request of a script.
///
/// Such a request for an answer that the page can't read has no `Origin`, but today's browsers say where it comes from. A visitor who
/// follows a link embeds nothing.
///
/// ```
/// use cognito_triggers_loopback::origin::is_embedded_elsewhere;
/// use hyper::header::{HeaderMap, HeaderValue};
///
/// let mut headers = HeaderMap::new();
/// headers.insert("sec-fetch-site", HeaderValue::from_static("cross-site"));
/// headers.insert("sec-fetch-mode", HeaderValue::from_static("no-cors"));
/// headers.insert("sec-fetch-dest", HeaderValue::from_static("script"));
/// assert!(is_embedded_elsewhere(&headers));
/// ```
#[must_use]
pub fn is_embedded_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_elsewhere = matches!(text("sec-fetch-site"), Some("cross-site" | "same-site"));
    let is_visit = text("sec-fetch-mode") == Some("navigate") && text("sec-fetch-dest") == Some("document");
    is_elsewhere && !is_visit
}

/// The origin of the page; `None` if there is none, and for `null`.
fn origin(headers: &HeaderMap) -> Option<Uri> {
    headers.get(ORIGIN)?.to_str().ok()?.parse().ok()
}

/// Whether a host, without its port, is an IP address, a name of this machine or one of `hosts`.
fn is_local(host: &str, hosts: &[String]) -> bool {
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    address(&name).is_some()
        || name == "localhost"
        || name.ends_with(".localhost")
        || name == "host.docker.internal"
        || hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(&name))
}

/// Parses a host as an IP address. An IPv6 address has brackets.
fn address(host: &str) -> Option<IpAddr> {
    let version_6 = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    version_6.unwrap_or(host).parse().ok()
}

/// The value of `Host` without the port.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn headers(host: &'static str, origin: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static(host));
        headers.extend(origin.map(|origin| (ORIGIN, HeaderValue::from_static(origin))));
        headers
    }

    #[test]
    fn a_program_sends_no_origin() {
        assert!(is_program(&HeaderMap::new()));
        assert!(is_program(&headers("127.0.0.1:4000", None)));
        assert!(is_program(&headers("localhost", None)));
        for (host, origin) in [
            ("rebound.example:4000", None),
            ("127.0.0.1.example", None),
            ("127.0.0.1:4000", Some("https://page.example")),
            ("127.0.0.1:4000", Some("http://127.0.0.1:4000")),
            ("127.0.0.1:4000", Some("null")),
        ] {
            assert!(!is_program(&headers(host, origin)), "{host} {origin:?}");
        }
    }

    #[test]
    fn public_pages_are_told_from_local_ones() {
        let is_public = |origin| is_public_page(&headers("127.0.0.1:9229", Some(origin)), &[]);
        for public in [
            "https://evil.example",
            "http://93.184.216.34:9229",
            "null",
            "https://localhost.evil.example",
            "http://[2606:2800:220:1::1]:80",
            "not an origin",
        ] {
            assert!(is_public(public), "{public}");
        }
        for local in [
            "http://localhost:3000",
            "http://192.168.1.5:5173",
            "http://[::1]:3000",
            "https://app.localhost",
        ] {
            assert!(!is_public(local), "{local}");
        }
        assert!(!is_public_page(&headers("127.0.0.1", None), &[]));
        let allowed = ["app.test".to_owned()];
        let page = headers("127.0.0.1", Some("https://app.test"));
        assert!(!is_public_page(&page, &allowed));
    }

    #[test]
    fn a_foreign_name_is_not_a_local_host() {
        for local in [
            "127.0.0.1:9229",
            "localhost:9229",
            "LOCALHOST",
            "localhost.",
            "[::1]:9229",
            "a.localhost",
            "10.0.2.2",
        ] {
            assert!(is_local_host(&headers(local, None), &[]), "{local}");
        }
        for foreign in [
            "evil.example:9229",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "",
        ] {
            assert!(!is_local_host(&headers(foreign, None), &[]), "{foreign}");
        }
        assert!(is_local_host(&headers("pool:9229", None), &["pool".to_owned()]));
    }

    #[test]
    fn a_page_of_another_origin_is_cross_origin() {
        let is_cross = |origin| is_cross_origin(&headers("127.0.0.1:9229", origin));
        assert!(!is_cross(None));
        assert!(!is_cross(Some("http://127.0.0.1:9229")));
        assert!(is_cross(Some("http://127.0.0.1:9230")));
        assert!(is_cross(Some("http://localhost:3000")));
        assert!(is_cross(Some("null")));
    }
}
