//! The local pool through its public API, in one binary: linking one for each topic would take most of the time that it takes
//! to compile them.

mod authenticator;
mod browser;
mod calls;
mod challenge;
mod concurrency;
mod console;
mod data;
mod deadline;
mod dev;
mod device;
mod devices;
mod drills;
mod federation;
mod hostile;
mod leaks;
mod lockout;
mod managed_login;
mod members;
mod mfa;
mod oauth;
mod oidc;
mod passkey_pages;
mod passkeys;
mod recording;
mod reset;
mod resources;
mod security;
mod senders;
mod sessions;
mod sign_in;
mod state_export;
mod template;
#[cfg(feature = "tls")]
mod tls;
mod totp;
mod truth;
