//! The line in front of each chart: whoever wants to write in it waits for their turn, calls for help and stops before all
//! others.
//!
//! Two who write in one chart at once would each decide against a chart that the other is changing, and one of them would
//! have to begin again. In a line nobody has to. Only writers of this process stand in it; another process is found out
//! by the store, which compares the head of the chart.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;

use stillwater_care::command::Command;
use stillwater_care::ids::PatientId;
use tokio::sync::oneshot;

/// Who goes before whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Precedence {
    /// A call for help or a stop.
    First,
    /// Everything else.
    InTurn,
}

impl Precedence {
    /// The place of what is asked: with a call for help or a stop among several things, all of them go first.
    pub(super) fn of<'a>(mut commands: impl Iterator<Item = &'a Command>) -> Self {
        if commands.any(|command| matches!(command, Command::AskForHelp(_) | Command::StopSession(_))) {
            Self::First
        } else {
            Self::InTurn
        }
    }
}

/// The lines of all charts that somebody is writing in.
#[derive(Debug, Default)]
pub(super) struct Queues {
    busy: Mutex<HashMap<PatientId, WaitingLine>>,
}

/// Those who wait for one chart, in the order in which they get it.
#[derive(Debug, Default)]
struct WaitingLine {
    joined: u64,
    waiting: BTreeMap<(Precedence, u64), oneshot::Sender<Turn>>,
}

/// The right to write in one chart, given on when it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    queues: Arc<Queues>,
    patient: PatientId,
    held: bool,
}

impl Queues {
    /// Waits for the turn. Whoever stops waiting leaves the line.
    pub(super) async fn turn(self: &Arc<Self>, patient: PatientId, precedence: Precedence) -> Turn {
        loop {
            match self.join(patient, precedence) {
                Ok(turn) => return turn,
                Err(waiting) => {
                    if let Ok(turn) = waiting.await {
                        return turn;
                    }
                }
            }
        }
    }

    /// As [`Queues::turn`], holding up the present thread.
    pub(super) fn turn_blocking(self: &Arc<Self>, patient: PatientId, precedence: Precedence) -> Turn {
        wait_here(self.turn(patient, precedence))
    }

    fn join(self: &Arc<Self>, patient: PatientId, precedence: Precedence) -> Result<Turn, oneshot::Receiver<Turn>> {
        let mut busy = self.lock();
        let Some(line) = busy.get_mut(&patient) else {
            busy.insert(patient, WaitingLine::default());
            return Ok(Turn { queues: Arc::clone(self), patient, held: true });
        };
        let (sender, receiver) = oneshot::channel();
        line.joined += 1;
        line.waiting.insert((precedence, line.joined), sender);
        Err(receiver)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PatientId, WaitingLine>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// Whose chart it is.
    pub(super) fn patient(&self) -> PatientId {
        self.patient
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        while self.held {
            let next = {
                let mut busy = self.queues.lock();
                let next = busy.get_mut(&self.patient).and_then(|line| line.waiting.pop_first());
                if next.is_none() {
                    busy.remove(&self.patient);
                }
                next
            };
            let Some((_, next)) = next else { return };
            let turn = Self { queues: Arc::clone(&self.queues), patient: self.patient, held: true };
            match next.send(turn) {
                Ok(()) => self.held = false,
                // They stopped waiting; the one behind them is asked.
                Err(mut turn) => turn.held = false,
            }
        }
    }
}

/// Waits for something on the present thread, whether or not a runtime drives it.
fn wait_here<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(done) => return done,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use uuid::Uuid;

    const ONE: PatientId = PatientId(Uuid::from_u128(1));
    const OTHER: PatientId = PatientId(Uuid::from_u128(2));

    /// Looks once whether a wait is over, without waiting.
    fn now<F: Future>(future: std::pin::Pin<&mut F>) -> Option<F::Output> {
        match future.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => Some(done),
            Poll::Pending => None,
        }
    }

    #[test]
    fn one_chart_is_written_by_one_and_another_chart_meanwhile_by_another() {
        let queues = Arc::new(Queues::default());
        let held = queues.turn_blocking(ONE, Precedence::InTurn);
        let mut second = pin!(queues.turn(ONE, Precedence::InTurn));
        assert!(now(second.as_mut()).is_none());
        drop(queues.turn_blocking(OTHER, Precedence::InTurn));
        drop(held);
        assert!(now(second.as_mut()).is_some());
    }

    #[test]
    fn a_call_for_help_goes_before_those_who_wait_and_otherwise_first_come_is_first() {
        let queues = Arc::new(Queues::default());
        let held = queues.turn_blocking(ONE, Precedence::InTurn);
        let mut first = pin!(queues.turn(ONE, Precedence::InTurn));
        let mut second = pin!(queues.turn(ONE, Precedence::InTurn));
        let mut help = pin!(queues.turn(ONE, Precedence::First));
        for waiting in [first.as_mut(), second.as_mut()] {
            assert!(now(waiting).is_none());
        }
        assert!(now(help.as_mut()).is_none());
        drop(held);
        assert!(now(first.as_mut()).is_none());
        let turn = now(help.as_mut()).unwrap();
        assert!(now(second.as_mut()).is_none());
        drop(turn);
        assert!(now(second.as_mut()).is_none());
        drop(now(first.as_mut()).unwrap());
        assert!(now(second.as_mut()).is_some());
    }

    #[test]
    fn whoever_stops_waiting_holds_nobody_up_even_after_their_turn_had_come() {
        let queues = Arc::new(Queues::default());
        let held = queues.turn_blocking(ONE, Precedence::InTurn);
        let mut gone = Box::pin(queues.turn(ONE, Precedence::InTurn));
        let mut called = Box::pin(queues.turn(ONE, Precedence::InTurn));
        let mut last = pin!(queues.turn(ONE, Precedence::InTurn));
        assert!(now(gone.as_mut()).is_none() && now(called.as_mut()).is_none() && now(last.as_mut()).is_none());
        drop(gone);
        drop(held);
        drop(called);
        drop(now(last.as_mut()).unwrap());
        assert!(queues.lock().is_empty(), "an empty line is not kept");
    }

    #[test]
    fn a_thread_that_waits_is_woken() {
        let queues = Arc::new(Queues::default());
        let held = queues.turn_blocking(ONE, Precedence::InTurn);
        std::thread::scope(|scope| {
            let waiter = scope.spawn(|| drop(queues.turn_blocking(ONE, Precedence::InTurn)));
            drop(held);
            waiter.join().unwrap();
        });
        assert!(queues.lock().is_empty());
    }
}
