//! The flows, and the compiled function with a real database.

mod database;
mod flows;
mod slow_database;
mod support;
