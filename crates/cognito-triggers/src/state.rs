//! What a router asks of its state, in bounds that fail once.
//!
//! Every handler's future holds the state. If the state can't be shared, none of these futures is `Send`, and the compiler
//! would say so in twenty lines for each route. So the bound on a future depends on the bound on the state: where that one
//! fails, the compiler doesn't know what to ask of the futures, and reports only the state. The reasons are in
//! `docs/decisions/one-error-for-a-state.md`.

use std::{
    future::{Future, pending},
    pin::Pin,
};

/// A future that is boxed, and may be moved to another thread.
pub(crate) type SendFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The state of a router: any type that is `Send`, `Sync` and `'static`.
///
/// You don't implement it; it names what [`on`](crate::router::on) needs of the state of its handler. Calls run at the same
/// time on Lambda Managed Instances, and all of them have the one state: `Sync` lets them share it, `Send` lets the last of
/// them drop it, and `'static` lets it live as long as the process. What changes in it is in an atomic or behind a lock:
///
/// ```
/// use std::sync::{Mutex, atomic::AtomicU64};
///
/// struct App { calls: AtomicU64, last: Mutex<String> }
///
/// let router: cognito_triggers::Router<App> = cognito_triggers::router! {
///     pre_sign_up => |_, _| async { Ok(Default::default()) },
/// };
/// ```
pub trait State {
    /// What the futures of this state's handlers have to be.
    #[doc(hidden)]
    type Futures;
}

impl<S: Send + Sync + 'static> State for S {
    type Futures = Sendable;
}

/// [`State`] for [`router!`](crate::router!), which tells the compiler the state before it shows it a handler. In that
/// order an associated type is known although its bound fails, and a parameter isn't.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the state of a router: it isn't `Send + Sync + 'static`",
    label = "the state of this router is `{Self}`",
    note = "calls on several threads share the state: instead of `Cell` or `RefCell` use an atomic or a `Mutex`, instead of \
            `Rc` an `Arc`"
)]
pub trait StateOf<Futures> {}

impl<S: Send + Sync + 'static> StateOf<Sendable> for S {}

// With one implementation, the compiler would take its parameter although the bound fails.
#[diagnostic::do_not_recommend]
impl<S: Nothing> StateOf<Unknown> for S {}

/// No type implements it.
trait Nothing {}

/// A future of a handler. `Futures` says what it has to be; without a state that can be shared, this is unknown.
#[doc(hidden)]
pub trait HandlerFuture<Futures> {
    /// The future of `map` of its output, in one box.
    #[doc(hidden)]
    fn map_boxed<I, O: 'static>(self, map: impl FnOnce(I) -> O + Send + 'static) -> SendFuture<O>
    where
        Self: Future<Output = I>;
}

impl<F: Send + 'static> HandlerFuture<Sendable> for F {
    fn map_boxed<I, O: 'static>(self, map: impl FnOnce(I) -> O + Send + 'static) -> SendFuture<O>
    where
        Self: Future<Output = I>,
    {
        Box::pin(async move { map(self.await) })
    }
}

/// The futures of a state that can be shared: `Send` and `'static`.
#[doc(hidden)]
pub enum Sendable {}

/// Two more possibilities, so that none is left as the only one where the futures aren't `Send`. No state has them.
#[doc(hidden)]
pub enum Unknown {}

#[doc(hidden)]
pub enum Unknown2 {}

#[diagnostic::do_not_recommend]
impl<F> HandlerFuture<Unknown> for F {
    fn map_boxed<I, O: 'static>(self, _: impl FnOnce(I) -> O + Send + 'static) -> SendFuture<O>
    where
        Self: Future<Output = I>,
    {
        Box::pin(pending())
    }
}

#[diagnostic::do_not_recommend]
impl<F> HandlerFuture<Unknown2> for F {
    fn map_boxed<I, O: 'static>(self, _: impl FnOnce(I) -> O + Send + 'static) -> SendFuture<O>
    where
        Self: Future<Output = I>,
    {
        Box::pin(pending())
    }
}
