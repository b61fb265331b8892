//! How `build.rs` links the binary.
#![cfg(all(target_os = "linux", target_env = "gnu"))]

/// The compiled function.
const BINARY: &str = env!("CARGO_BIN_EXE_send-codes");

#[test]
fn the_binary_has_a_fixed_address() {
    let binary = std::fs::read(BINARY).unwrap();
    // An ELF file's type: 2 is a program with a fixed address, 3 is a position-independent one.
    assert_eq!(binary.get(16..18), Some([2, 0].as_slice()));
}
