//! Links the function at a fixed place in memory. Its three SDKs have some twenty thousand addresses in their tables,
//! and a program that can be at any place has them all written at every start, before the first event is asked for.
//! What that gives up is told in `docs/decisions/a-function-at-a-fixed-place.md`. Without this file, and `tests/linked.rs`
//! that asks for it, all works as well.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |part| std::env::var(format!("CARGO_CFG_TARGET_{part}")).unwrap_or_default();
    // Lambda's system. The linkers of others know the option under another name, or not at all; and for a program that is
    // static it means another thing.
    let is_static = target("FEATURE")
        .split(',')
        .any(|feature| feature == "crt-static");
    if target("OS") == "linux" && target("ENV") == "gnu" && !is_static {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
