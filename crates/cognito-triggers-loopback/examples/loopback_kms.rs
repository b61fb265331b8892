//! Serves a KMS on loopback until its standard input ends, and prints where, with some sealed codes.
//!
//! `tests/kms/open_sealed.py` at the top of the repository opens these codes with AWS's own Encryption SDK.

use std::io::{Read, Write};

use cognito_triggers_kms::testing::LocalKey;
use cognito_triggers_loopback::kms::LoopbackKms;
use cognito_triggers_loopback::seal::{KEY_ARN, Sealer};
use serde_json::{Value, json};

const OTHER_KEY: &str = "arn:aws:kms:eu-central-1:111122223333:key/20ca20ca-20ca-40ca-80ca-20ca20ca20ca";
const POOL: &str = "eu-central-1_aB3dE6gHi";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = LocalKey::new(KEY_ARN)?;
    let kms = LoopbackKms::start([key.clone(), LocalKey::new(OTHER_KEY)?]).await?;
    let about = json!({ "url": kms.url(), "key_arn": KEY_ARN, "other_key_arn": OTHER_KEY, "pool": POOL, "sealed": sealed(&key)? });
    writeln!(std::io::stdout(), "{about}")?;
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    Ok(())
}

fn sealed(key: &LocalKey) -> Result<Vec<Value>, Box<dyn std::error::Error>> {
    let long = "0123456789".repeat(100);
    let as_cognito_does = Sealer::new(key, POOL);
    let mut sealed = Vec::new();
    for (suite, sealer) in [
        ("0x0378", as_cognito_does.clone()),
        ("0x0578", as_cognito_does.clone().with_commitment()),
    ] {
        let short_frames = sealer.clone().frame_length(128);
        for (name, sealer, plaintext) in [
            ("a code", &sealer, "271828"),
            ("nothing", &sealer, ""),
            (
                "more context",
                &sealer.clone().context("purpose", "tést"),
                "271828",
            ),
            ("many frames", &short_frames, long.as_str()),
            (
                "two full frames",
                &short_frames,
                long.get(..256).unwrap_or_default(),
            ),
        ] {
            let code = sealer.seal(plaintext)?;
            sealed.push(json!({ "name": format!("{name}, {suite}"), "code": code, "opens": plaintext }));
        }
    }
    let code = as_cognito_does.seal_temporary_password("<p>&é")?;
    sealed.push(json!({ "name": "a temporary password", "code": code, "opens": "&lt;p&gt;&amp;é" }));
    Ok(sealed)
}
