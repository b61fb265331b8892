//! What `Once` gives to a store: keys and answers without a secret, a name or an attribute.

use std::sync::{Arc, Mutex};

use cognito_triggers::{
    Context, Event, Secret,
    model::{Trigger, triggers::*},
    once::{Claim, Claimed, Finish, MemoryStore, Once, OnceError, Release, Seal, Store, StoreError},
    samples,
};

use super::marked::{MARK, marked};

/// A store that others can read, and that notes all that it gets.
#[derive(Default)]
struct Noting {
    store: MemoryStore,
    notes: Mutex<String>,
}

impl Noting {
    fn note(&self, text: String) {
        *self.notes.lock().unwrap() += &(text + "\n");
    }
}

impl Store for Noting {
    async fn claim(&self, claim: &Claim<'_>) -> Result<Claimed, StoreError> {
        self.note(format!("{claim:?}"));
        self.store.claim(claim).await
    }

    async fn finish(&self, finish: &Finish<'_>) -> Result<bool, StoreError> {
        let answer = finish.answer.map(Secret::expose);
        self.note(format!("{finish:?} {answer:?}"));
        self.store.finish(finish).await
    }

    async fn release(&self, release: &Release<'_>) -> Result<bool, StoreError> {
        self.note(format!("{release:?}"));
        self.store.release(release).await
    }
}

/// Stands for encryption: it only has to make the mark unreadable.
struct Shifted;

impl Seal for Shifted {
    fn seal(&self, _: &str, answer: &Secret) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
        Ok(answer
            .expose()
            .bytes()
            .map(|byte| format!("{:02x}", byte ^ 0x55))
            .collect())
    }

    fn open(&self, _: &str, sealed: &str) -> Result<Secret, Box<dyn std::error::Error + Send + Sync>> {
        let byte = |at| u8::from_str_radix(&sealed[at..at + 2], 16).map(|byte| char::from(byte ^ 0x55));
        let text: Result<String, _> = (0..sealed.len()).step_by(2).map(byte).collect();
        Ok(Secret::new(text?))
    }
}

/// Runs an effect and one with an answer for a marked event. Returns whether the answer was refused by name.
async fn use_both<T: Trigger>(once: &Once, json: &str) -> bool {
    let event = Event::<T>::from_json(json).unwrap();
    let context = Context::new(());
    let effect = async || Ok::<_, std::fmt::Error>(format!("{MARK}-answer"));
    // A failing effect gives its key back.
    let fails = async { Err::<(), _>(std::fmt::Error) };
    once.effect("fails")
        .run(&context, &event, fails)
        .await
        .unwrap_err();
    once.effect("run").run(&context, &event, effect()).await.unwrap();
    match once.effect("answer").answer(&context, &event, effect()).await {
        Ok(_) => false,
        Err(error) => {
            assert!(
                matches!(error.find(), Some(OnceError::SecretDecides { .. })),
                "{error}"
            );
            assert!(!error.to_string().contains(MARK), "{error}");
            true
        }
    }
}

#[tokio::test]
async fn a_store_gets_no_secret_no_name_and_no_attribute() {
    let store = Arc::new(Noting::default());
    let key = Secret::new("k".repeat(32));
    let once = Once::new(Arc::clone(&store), &key).unwrap().seal_with(Shifted);
    let mut refused = 0;
    for sample in samples::all() {
        let json = marked(sample.json);
        let prefix = sample.source.split('_').next().unwrap();
        refused += u32::from(match prefix {
            "PreSignUp" => use_both::<PreSignUp>(&once, &json).await,
            "UserMigration" => use_both::<UserMigration>(&once, &json).await,
            "VerifyAuthChallengeResponse" => use_both::<VerifyAuthChallengeResponse>(&once, &json).await,
            "DefineAuthChallenge" => use_both::<DefineAuthChallenge>(&once, &json).await,
            "CreateAuthChallenge" => use_both::<CreateAuthChallenge>(&once, &json).await,
            "InboundFederation" => use_both::<InboundFederation>(&once, &json).await,
            "CustomEmailSender" => use_both::<CustomEmailSender>(&once, &json).await,
            "CustomSMSSender" => use_both::<CustomSmsSender>(&once, &json).await,
            // The key reads the request as it was received, so the type of the others makes no difference.
            _ => use_both::<PostConfirmation>(&once, &json).await,
        });
    }
    assert!(refused > 0, "no sample has a secret that decides its answer");
    let notes = store.notes.lock().unwrap();
    assert!(notes.matches("sealed:").count() > 10, "no answer was stored");
    if let Some(line) = notes.lines().find(|line| line.contains(MARK)) {
        panic!("the store has {line}");
    }
}
