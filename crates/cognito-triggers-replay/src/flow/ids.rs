//! The ids of a flow's pool and app client. They are those of the sample events, so that a function that checks the ids accepts
//! the events of flows too.

/// The user pool.
pub(super) const POOL: &str = "eu-central-1_Tr1gg3rs0";

/// The app client.
pub(super) const CLIENT: &str = "4kq8v2m7t1x9c5b3n6h0jd2rwp";

/// The app client of a machine.
pub(super) const MACHINE: &str = "1bt6n4x8j2q9m5c3z7l0fkuyhe";
