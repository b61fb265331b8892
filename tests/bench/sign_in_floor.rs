//! What a sign-in with a password can't do without: two RSA-2048 signatures, and one power modulo the 3072-bit prime of SRP.
//!
//! It prints a name and a time in milliseconds on each line. `pool/run.py` reads them.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use crypto_bigint::modular::ConstMontyForm;
use crypto_bigint::{U256, U3072, const_monty_params};

const_monty_params!(
    Prime,
    U3072,
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD\
     EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
     EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F\
     83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B\
     E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510\
     15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
     ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C\
     BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    "The prime of the 3072-bit group in RFC 5054, appendix A."
);

/// The multiplications and squarings of a power of the generator, whose table is a comb of eight rows and four columns.
const MULTIPLICATIONS: usize = 32 + 8;

/// How often each step is timed. The fastest counts, because other work of the machine only slows a step down.
const RUNS: usize = 500;

fn main() -> Result<(), Box<dyn Error>> {
    let (key, random) = (KeyPair::generate(KeySize::Rsa2048)?, SystemRandom::new());
    let (message, mut signature) = ([7; 800], vec![0; 256]);
    print("RSA signature", || {
        let signed = key.sign(&RSA_PKCS1_SHA256, &random, black_box(&message), &mut signature);
        assert!(signed.is_ok(), "a signature fails without a source of randomness");
    });
    let base = ConstMontyForm::<Prime, { U3072::LIMBS }>::new(&U3072::from_u32(2));
    let exponent = U256::MAX / U256::from_u32(3);
    let power = base.pow(&exponent);
    print("power", || {
        black_box(base.pow(black_box(&exponent)));
    });
    print("power from a table", || {
        let product = (0..MULTIPLICATIONS).fold(base, |product, _| product.mul(black_box(&power)));
        black_box(product);
    });
    Ok(())
}

/// Prints the shortest time of a step.
#[expect(clippy::print_stdout, reason = "the output of a program")]
fn print(name: &str, mut step: impl FnMut()) {
    let runs = (0..RUNS).map(|_| {
        let started = Instant::now();
        step();
        started.elapsed()
    });
    let fastest = runs.min().unwrap_or(Duration::ZERO);
    println!("{name} {:.4}", fastest.as_secs_f64() * 1000.0);
}
