//! How long a handler may take, and what becomes of an answer that is late.

use std::{
    sync::Mutex,
    time::{Duration, SystemTime},
};

use cognito_triggers::{
    Context, Event, PreSignUp, Router, function::ErrorType, pre_token_generation_v1, router,
};
use lambda_runtime::Context as LambdaContext;

use super::{answer, confirm, event, event_in, refusal};

#[tokio::test(start_paused = true)]
async fn the_time_limit_ends_before_cognito_gives_up() {
    let slow: Router<()> = router! {
        pre_sign_up => |context: Context<()>, _| async move {
            assert!(context.remaining() <= Duration::from_millis(50));
            tokio::time::sleep(Duration::from_secs(3)).await;
            Ok(Default::default())
        },
        custom_email_sender => |_, _| async {
            tokio::time::sleep(Duration::from_secs(3)).await;
            Ok(Default::default())
        },
    };
    let function = slow.with_state(()).timeout(Duration::from_millis(50));

    let start = tokio::time::Instant::now();
    let late = refusal(&function, event("PreSignUp_SignUp")).await;
    assert_eq!(start.elapsed(), Duration::from_millis(50));
    assert_eq!(late.error_type(), ErrorType::TimedOut);
    assert_eq!(late.message(), "internal error (reference 5f1c)");
    assert_eq!(late.detail(), "no answer after 50 ms");

    // Cognito doesn't wait for a custom sender.
    answer(&function, event("CustomEmailSender_SignUp"))
        .await
        .unwrap();
    assert_eq!(start.elapsed(), Duration::from_millis(3050));
}

/// The clock moves on within the first poll, as it does while a handler computes.
#[tokio::test(start_paused = true)]
async fn time_of_a_blocked_thread_counts() {
    let router: Router<()> = router! {
        pre_sign_up => |_, _| async {
            tokio::time::advance(Duration::from_millis(60)).await;
            tokio::time::sleep(Duration::from_millis(60)).await;
            Ok(Default::default())
        },
    };
    let function = router.with_state(()).timeout(Duration::from_millis(90));
    let start = tokio::time::Instant::now();
    let late = refusal(&function, event("PreSignUp_SignUp")).await;
    assert_eq!(late.error_type(), ErrorType::TimedOut);
    assert_eq!(start.elapsed(), Duration::from_millis(90));
}

#[tokio::test]
async fn an_answer_that_is_ready_too_late_is_an_error() {
    let router: Router<()> = router! {
        pre_sign_up => |_, _| async {
            std::thread::sleep(Duration::from_millis(60));
            Ok(Default::default())
        },
        custom_email_sender => |_, _| async {
            std::thread::sleep(Duration::from_millis(60));
            Ok(Default::default())
        },
    };
    let function = router.with_state(()).timeout(Duration::from_millis(20));
    let late = refusal(&function, event("PreSignUp_SignUp")).await;
    assert_eq!(late.detail(), "no answer after 20 ms");
    // Cognito doesn't wait for a sender.
    answer(&function, event("CustomEmailSender_SignUp"))
        .await
        .unwrap();
}

/// Writing the answer counts too, although the handler was in time.
#[tokio::test]
async fn an_answer_that_takes_too_long_to_write_is_an_error() {
    let claims = (0..200_000).map(|number| (format!("claim{number}"), "value"));
    let large = pre_token_generation_v1::Response {
        claims_to_add_or_override: claims.collect(),
        ..Default::default()
    };
    let router: Router<Mutex<Option<pre_token_generation_v1::Response>>> = router! {
        pre_token_generation_v1 => |context: Context<Mutex<Option<_>>>, _| async move {
            Ok(context.state.lock().unwrap().take().unwrap_or_default())
        },
    };
    let function = router
        .with_state(Mutex::new(Some(large)))
        .timeout(Duration::from_millis(1));
    let late = refusal(&function, event_in("TokenGeneration_Authentication", "V1_0")).await;
    assert_eq!(late.detail(), "no answer after 1 ms");
}

/// As after a cold start that took the whole time limit.
#[tokio::test]
async fn without_time_left_an_answer_at_once_counts() {
    let router: Router<()> = router! {
        pre_sign_up => confirm,
        post_confirmation => |_, _| std::future::pending(),
    };
    let function = router.with_state(()).timeout(Duration::ZERO);
    answer(&function, event("PreSignUp_SignUp")).await.unwrap();
    let late = refusal(&function, event("PostConfirmation_ConfirmSignUp")).await;
    assert_eq!(late.error_type(), ErrorType::TimedOut);
}

#[test]
fn without_a_timer_only_a_handler_that_waits_fails() {
    let router: Router<()> = router! {
        pre_sign_up => confirm,
        post_confirmation => |_, _| async {
            tokio::task::yield_now().await;
            Ok(Default::default())
        },
        custom_email_sender => |_, _| async {
            tokio::task::yield_now().await;
            Ok(Default::default())
        },
    };
    let function = router.with_state(());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        answer(&function, event("PreSignUp_SignUp")).await.unwrap();
        answer(&function, event("CustomEmailSender_SignUp"))
            .await
            .unwrap();
        let failed = refusal(&function, event("PostConfirmation_ConfirmSignUp")).await;
        assert_eq!(failed.error_type(), ErrorType::Failed);
        assert!(
            failed.detail().contains("`enable_time` or `enable_all`"),
            "{}",
            failed.detail()
        );
    });
}

#[tokio::test]
async fn the_longest_timeout_does_not_overflow() {
    let function = (router! { pre_sign_up => confirm })
        .with_state(())
        .timeout(Duration::MAX);
    answer(&function, event("PreSignUp_SignUp")).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_default_timeout_is_4500_ms() {
    let router: Router<()> = router! { pre_sign_up => |_, _| std::future::pending() };
    let start = tokio::time::Instant::now();
    let late = refusal(&router.with_state(()), event("PreSignUp_SignUp")).await;
    assert_eq!(late.detail(), "no answer after 4500 ms");
    assert_eq!(start.elapsed(), Duration::from_millis(4500));
}

#[tokio::test(start_paused = true)]
async fn a_shorter_time_limit_of_lambda_is_kept() {
    let router: Router<()> = router! { pre_sign_up => |_, _| std::future::pending() };
    let mut context = LambdaContext::default();
    let in_a_minute = SystemTime::now() + Duration::from_secs(60);
    let in_a_minute = in_a_minute.duration_since(SystemTime::UNIX_EPOCH).unwrap();
    context.deadline = u64::try_from(in_a_minute.as_millis()).unwrap();
    let start = tokio::time::Instant::now();
    let late = router
        .with_state(())
        .timeout(Duration::from_secs(3600))
        .answer(event("PreSignUp_SignUp"), context)
        .await
        .unwrap_err();
    assert_eq!(late.error_type(), ErrorType::TimedOut);
    // It ends before Lambda ends the process. The system's clock goes on until the call begins, however busy the machine is.
    let took = start.elapsed();
    let expected = Duration::from_secs(30)..=Duration::from_millis(59_900);
    assert!(expected.contains(&took), "{took:?}");
}

/// `cargo lambda watch` sends 600000 as the deadline of every event.
#[tokio::test(start_paused = true)]
async fn a_deadline_that_has_passed_is_no_time_limit() {
    let waits = || async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        Ok(Default::default())
    };
    let router: Router<()> = router! { pre_sign_up => move |_, _: Event<PreSignUp>| waits() };
    let mut context = LambdaContext::default();
    context.deadline = 600_000;
    let answer = router
        .with_state(())
        .answer(event("PreSignUp_SignUp"), context)
        .await;
    assert!(answer.is_ok());
}
