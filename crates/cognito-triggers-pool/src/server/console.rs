//! The console at `/`: a page that shows calls, triggers, messages and people while an app runs.
//!
//! It is plain HTML, CSS and JavaScript, embedded here, and loads nothing from elsewhere. Its policy allows no script and no style
//! in the page itself, and no way to turn a text into HTML, so that no value of a pool can run.
//!
//! | file | what it does |
//! |---|---|
//! | `index.html` | the parts of the page that never change |
//! | `app.js` | what is chosen and filtered, the keyboard |
//! | `store.js` | the connection to `/_dev/calls`, and what it told |
//! | `list.js` | the list, which has only the rows that are seen |
//! | `call.js`, `message.js`, `people.js` | the details |
//! | `drills.js` | the dialog that plans drills |
//! | `json.js` | values as lines, and what an answer changed |
//! | `dom.js` | elements, copying, dialogs |
//! | `console.css` | colors of light and dark, the phone's width |
//!
//! `tests/pool/console.py` plays it in Chromium and Firefox.

use cognito_triggers_loopback::origin;
use hyper::body::Incoming;
use hyper::header::ACCEPT;
use hyper::{Request, StatusCode};

use super::body::{Answer, answer, insert, text_answer};

/// What the page loads: only from this listener. Trusted types refuse every text where HTML is expected.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The files below `/_dev/console/`: name, type and content.
const FILES: [(&str, &str, &str); 11] = [
    ("console.css", CSS, include_str!("console/console.css")),
    ("icon.svg", "image/svg+xml", include_str!("console/icon.svg")),
    ("app.js", SCRIPT, include_str!("console/app.js")),
    ("call.js", SCRIPT, include_str!("console/call.js")),
    ("dom.js", SCRIPT, include_str!("console/dom.js")),
    ("drills.js", SCRIPT, include_str!("console/drills.js")),
    ("json.js", SCRIPT, include_str!("console/json.js")),
    ("list.js", SCRIPT, include_str!("console/list.js")),
    ("message.js", SCRIPT, include_str!("console/message.js")),
    ("people.js", SCRIPT, include_str!("console/people.js")),
    ("store.js", SCRIPT, include_str!("console/store.js")),
];

/// `GET /`: the page for a browser, and a sentence for a client of the API that should have sent a `POST`.
pub(super) fn page(request: &Request<Incoming>) -> Answer {
    if origin::is_cross_origin(request.headers()) {
        return text_answer(
            StatusCode::FORBIDDEN,
            "A page of another origin can't read the console.\n",
        );
    }
    let accept = request.headers().get(ACCEPT);
    let accept = accept.and_then(|accept| accept.to_str().ok());
    if !accept.is_some_and(|accept| accept.contains("text/html")) {
        return text_answer(
            StatusCode::NOT_FOUND,
            "The local user pool answers POST requests at /, the OAuth endpoints below /oauth2/, the pages of managed login, and \
             the development endpoints below /_dev/. A browser gets the console here.\n",
        );
    }
    secured(HTML, include_str!("console/index.html"))
}

/// A file that the page loads, by its path. `None` if there is none.
pub(super) fn file(path: &str) -> Option<Answer> {
    let name = path.strip_prefix("/_dev/console/")?;
    let (_, kind, content) = FILES.iter().find(|(known, _, _)| *known == name)?;
    Some(secured(kind, content))
}

/// A file of the console with the headers that keep it apart from other pages: they can't frame, open or read it, and no browser
/// guesses another type for it.
///
/// It isn't cached, because the next version of the pool may listen at the same port.
fn secured(kind: &'static str, content: &str) -> Answer {
    let mut answer = answer(StatusCode::OK, kind, content.to_owned());
    let headers = answer.headers_mut();
    insert(headers, "content-security-policy", POLICY);
    insert(headers, "cache-control", "no-store");
    insert(headers, "cross-origin-opener-policy", "same-origin");
    insert(headers, "cross-origin-resource-policy", "same-origin");
    insert(headers, "referrer-policy", "no-referrer");
    insert(headers, "x-content-type-options", "nosniff");
    insert(headers, "x-frame-options", "DENY");
    answer
}
