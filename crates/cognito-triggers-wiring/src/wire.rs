//! Writes what a binary needs.
