//! Ending kindly: somebody's Ctrl-C, a service manager's signal, the stop control of a Windows service.
//!
//! Whoever does long work asks [`Stop`] between its steps, so a run that was begun is ended first. Ended unkindly is no harm
//! either: the next run reads back what was being sent.

use super::exit::Exit;
use tokio_util::sync::CancellationToken;

/// Whether somebody asked for the end. Its copies are one.
#[derive(Clone, Default)]
pub struct Stop(CancellationToken);

impl Stop {
    /// Asked for by Ctrl-C, on Unix also by SIGTERM, on Windows also when the window closes or the machine shuts down. Asked a
    /// second time, the process ends where it is.
    pub fn on_signals() -> Stop {
        let stop = Stop::default();
        let asking = stop.clone();
        tokio::spawn(async move {
            let mut signals = match Signals::listen() {
                Ok(signals) => signals,
                Err(error) => return tracing::warn!(%error, "signals cannot be listened to: they end this at once"),
            };
            signals.next().await;
            asking.ask();
            signals.next().await;
            std::process::exit(i32::from(Exit::Unknown.number()));
        });
        stop
    }

    pub fn ask(&self) {
        self.0.cancel();
    }

    /// Waits until somebody asks.
    pub async fn asked(&self) {
        self.0.cancelled().await;
    }

    pub fn is_asked(&self) -> bool {
        self.0.is_cancelled()
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Signals {
    ctrl_c: tokio::signal::windows::CtrlC,
    ctrl_break: tokio::signal::windows::CtrlBreak,
    close: tokio::signal::windows::CtrlClose,
    shutdown: tokio::signal::windows::CtrlShutdown,
}

#[cfg(windows)]
impl Signals {
    fn listen() -> std::io::Result<Signals> {
        use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};
        Ok(Signals { ctrl_c: ctrl_c()?, ctrl_break: ctrl_break()?, close: ctrl_close()?, shutdown: ctrl_shutdown()? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.ctrl_c.recv() => {}
            _ = self.ctrl_break.recv() => {}
            _ = self.close.recv() => {}
            _ = self.shutdown.recv() => {}
        }
    }
}
