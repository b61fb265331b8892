//! A client of the local pool in Rust. The tests are all there is.
