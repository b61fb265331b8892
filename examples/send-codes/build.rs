//! Links the function at a fixed address, so that it starts sooner.
//!
//! The tables of its three SDKs have about twenty thousand addresses. In a position-independent program the loader
//! relocates all of them at every start. `docs/decisions/a-function-at-a-fixed-address.md` weighs what this gives up. You can
//! delete this file together with `tests/linked.rs`, which tests it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |part| std::env::var(format!("CARGO_CFG_TARGET_{part}")).unwrap_or_default();
    // Other systems' linkers don't have this option, and it has another meaning for a static program.
    let is_static = target("FEATURE")
        .split(',')
        .any(|feature| feature == "crt-static");
    if target("OS") == "linux" && target("ENV") == "gnu" && !is_static {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
