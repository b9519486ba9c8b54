//! `ping` and `doctor`: whether both systems are there, let us in and give what the pipelines need; and whether what stands
//! around it is well.
//!
//! [`check`] is what comes out: a list of checks, each with its state, what it says and its remedy. [`used`] is what the
//! pipelines need. [`bamboohr`] and [`gp`] ask the least that proves something and judge the answers; [`ping`] puts them
//! together. [`local`] is this machine, [`network`] the way to a system with its [`certificate`], [`windows`] the sign-in of a
//! domain; [`proxy`] chooses the way as the clients do, [`reach`] goes it. [`bundle`] packs
//! all of it for support, without what [`mask`] hides. Asking is thin; judging is pure and takes what was seen.

pub mod bamboohr;
pub mod bundle;
pub mod certificate;
pub mod check;
pub mod clock;
pub mod gp;
pub mod local;
pub mod mask;
pub mod network;
pub mod ping;
pub mod proxy;
pub mod reach;
pub mod used;
pub mod windows;

pub use check::{Check, Kind, State, worst};

use check::{Answer, Trouble};

/// Asks one system one question after the other, until it refuses the sign-in or is not there.
#[derive(Debug, Default)]
struct Asking {
    ended: bool,
}

impl Asking {
    /// The answer; `None` when the asking had ended before.
    async fn ask<T, E: Into<Trouble>>(&mut self, question: impl Future<Output = Result<T, E>>) -> Option<Answer<T>> {
        if self.ended {
            return None;
        }
        let answer = question.await.map_err(Into::into);
        self.ended = answer.as_ref().is_err_and(Trouble::ends_the_asking);
        Some(answer)
    }

    /// The same for a question that nothing depends on: only a refused sign-in ends the asking.
    async fn ask_aside<T, E: Into<Trouble>>(
        &mut self,
        question: impl Future<Output = Result<T, E>>,
    ) -> Option<Answer<T>> {
        let answer = self.ask(question).await?;
        self.ended = answer.as_ref().is_err_and(|trouble| trouble.kind == Kind::SignInRefused);
        Some(answer)
    }
}
