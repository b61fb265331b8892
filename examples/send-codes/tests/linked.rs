//! How the binary is linked, which `build.rs` is about.
#![cfg(all(target_os = "linux", target_env = "gnu"))]

#[test]
fn it_has_its_fixed_place() {
    let binary = std::fs::read(env!("CARGO_BIN_EXE_send-codes")).unwrap();
    // Of the types that an ELF file can have, 2 is a program for one place, 3 one for any.
    assert_eq!(binary.get(16..18), Some([2, 0].as_slice()));
}
