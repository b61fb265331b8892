//! Handlers that many user pools have, written with the helpers of the library, each run as a function.
//!
//! A module is one kind of handler with the services that it needs as traits, and tests of the whole answer, of what the
//! caller reads, and of the log.

mod account_linking;
mod groups;
mod magic_link;
mod migration;
mod rate_limit;
mod support;
mod tenant_claims;
