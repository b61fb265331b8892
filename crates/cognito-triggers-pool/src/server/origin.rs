//! Who may call: protection from pages of the web.

use std::net::IpAddr;

use hyper::Uri;
use hyper::header::{HOST, HeaderMap, ORIGIN};

/// Whether the `Host` header names this machine.
///
/// A page of the web can make its own host name resolve to 127.0.0.1, and would then count as the same origin. Its
/// requests carry that name.
pub(super) fn is_local_host(headers: &HeaderMap, more: &[String]) -> bool {
    let Some(host) = headers.get(HOST) else {
        return true;
    };
    let host = host.to_str().unwrap_or_default();
    is_local(without_port(host), more)
}

/// Whether a request to a development endpoint comes from a page of somewhere else.
pub(super) fn is_foreign(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(ORIGIN) else {
        return false;
    };
    let origin = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
    let host = origin
        .as_ref()
        .and_then(|origin| origin.authority())
        .map(|authority| authority.as_str());
    let own = headers.get(HOST).and_then(|host| host.to_str().ok());
    host.is_none() || host != own
}

/// Whether a request comes from a page of the web, and not of this machine or a private network.
///
/// The API checks no signature, so such a page could list and create users.
pub(super) fn is_of_the_web(headers: &HeaderMap, more: &[String]) -> bool {
    let Some(origin) = headers.get(ORIGIN) else {
        return false;
    };
    let origin = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
    let Some(host) = origin.as_ref().and_then(Uri::host) else {
        // `null`: a file, or a page in a sandbox.
        return true;
    };
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    match address {
        Ok(IpAddr::V4(address)) => {
            !(address.is_loopback() || address.is_private() || address.is_link_local())
        }
        Ok(IpAddr::V6(address)) => {
            !(address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local())
        }
        Err(_) => !is_local(host, more),
    }
}

/// Whether a host name, without port, is one that only means this machine or a private network.
fn is_local(host: &str, more: &[String]) -> bool {
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    let is_address = name
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>()
        .is_ok();
    is_address
        || name == "localhost"
        || name.ends_with(".localhost")
        || name == "host.docker.internal"
        || more.iter().any(|allowed| allowed.eq_ignore_ascii_case(&name))
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(host: &'static str, origin: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().expect("a header"));
        if let Some(origin) = origin {
            headers.insert(ORIGIN, origin.parse().expect("a header"));
        }
        headers
    }

    #[test]
    fn pages_of_the_web_are_told_from_those_of_this_machine() {
        let is_of_the_web = |origin| is_of_the_web(&headers("127.0.0.1:9229", Some(origin)), &[]);
        for web in [
            "https://evil.example",
            "http://93.184.216.34:9229",
            "null",
            "https://localhost.evil.example",
        ] {
            assert!(is_of_the_web(web), "{web}");
        }
        for local in [
            "http://localhost:3000",
            "http://192.168.1.5:5173",
            "http://[::1]:3000",
            "https://app.localhost",
        ] {
            assert!(!is_of_the_web(local), "{local}");
        }
        assert!(!super::is_of_the_web(&headers("127.0.0.1", None), &[]));
        let allowed = ["app.test".to_owned()];
        assert!(!super::is_of_the_web(
            &headers("127.0.0.1", Some("https://app.test")),
            &allowed
        ));
    }

    #[test]
    fn a_name_of_the_web_is_no_local_host() {
        for local in [
            "127.0.0.1:9229",
            "localhost:9229",
            "LOCALHOST",
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
        ] {
            assert!(!is_local_host(&headers(foreign, None), &[]), "{foreign}");
        }
        assert!(is_local_host(&headers("pool:9229", None), &["pool".to_owned()]));
    }

    #[test]
    fn a_page_of_another_origin_is_foreign() {
        assert!(!is_foreign(&headers("127.0.0.1:9229", None)));
        assert!(!is_foreign(&headers(
            "127.0.0.1:9229",
            Some("http://127.0.0.1:9229")
        )));
        assert!(is_foreign(&headers(
            "127.0.0.1:9229",
            Some("http://localhost:3000")
        )));
        assert!(is_foreign(&headers("127.0.0.1:9229", Some("null"))));
    }
}
