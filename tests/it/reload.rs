//! A project that is edited while it is in use: no run ever sees a mixture of two states or a broken one, and each good
//! state is in force after its last write.
//!
//! Time is an argument of a look, so that nothing here waits: it goes on only while the folder stands still, as a mixture
//! never does for long. Every file of a state carries the state's own number, so that a mixture shows.

mod folder;
mod reuse;

use crate::random::{Random, number};
use folder::{Folder, State, numbers_of};
use ml_connector::project::Generation;
use ml_connector::run::watch::{Current, Opening, Reload, SETTLE};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Arc, Mutex};
use std::time::Instant;

const EDITS: u64 = 1_000;

/// The time that the looks are told, in settling times since the start.
struct Time {
    start: Instant,
    passed: AtomicU32,
}

impl Time {
    fn now(&self) -> Instant {
        self.start + SETTLE * self.passed.load(Ordering::SeqCst)
    }

    fn passes(&self) {
        self.passed.fetch_add(1, Ordering::SeqCst);
    }
}

/// All good states that were ever begun to be written, by number.
type Written = Mutex<BTreeMap<u64, State>>;

/// Asserts that a generation is one of the good states, whole.
fn assert_whole(generation: &Generation, written: &Written) -> u64 {
    let numbers = numbers_of(generation);
    let first = numbers[0];
    assert!(numbers.iter().all(|number| *number == first), "a mixture is in force: {numbers:?}");
    let written = written.lock().unwrap();
    let state = written.get(&first).unwrap_or_else(|| panic!("state {first} was never written"));
    assert_eq!(generation.files.iter().map(|(path, _)| path).collect::<Vec<_>>(), state.paths());
    for (path, bytes) in generation.files.iter() {
        assert_eq!(bytes, state.bytes(path), "{path} of state {first}");
    }
    first
}

#[test]
fn a_thousand_edits_and_no_run_sees_a_mixture_or_a_broken_one() {
    let mut random = Random::of("ML_CONNECTOR_RELOAD_SEED", 20_131_130);
    let edits = number("ML_CONNECTOR_RELOAD_EDITS").unwrap_or(EDITS);
    let time = Time { start: Instant::now(), passed: AtomicU32::new(0) };
    let mut folder = Folder::new();
    let written = Written::default();
    let first = folder.next_state(&mut random);
    written.lock().unwrap().insert(first.number, first.clone());
    folder.write_all(&first);
    let current = opened(&folder, &time);
    assert_eq!(assert_whole(&current.generation(), &written), first.number);

    let seen = Mutex::new(BTreeSet::new());
    std::thread::scope(|threads| {
        let (wake, woken) = mpsc::sync_channel(1);
        let (run, runs) = mpsc::sync_channel(1);
        // A run takes the generation once and keeps it.
        threads.spawn(|| {
            runs.into_iter().for_each(|()| {
                seen.lock().unwrap().insert(assert_whole(&current.generation(), &written));
            })
        });
        threads.spawn(|| woken.into_iter().for_each(|()| drop(current.look(time.now()))));
        let mut in_force = first;
        // Looks and runs fall anywhere into the writing; the threads end with this closure, also when it fails.
        let edited = Edited { current: &current, time: &time, written: &written, wake, run };
        for _ in 0..edits {
            edit(&mut folder, &mut random, &mut in_force, &edited);
        }
    });
    let seen = seen.into_inner().unwrap().len();
    println!("{edits} edits, {} good states, {seen} of them seen by runs", written.lock().unwrap().len());
    assert!(seen > 1, "runs saw reloads");
}

/// What an edit happens to.
struct Edited<'a> {
    current: &'a Current,
    time: &'a Time,
    written: &'a Written,
    wake: SyncSender<()>,
    run: SyncSender<()>,
}

impl Edited<'_> {
    /// Lets the other threads look and run from here on, while the writing goes on.
    fn others(&self) {
        let _ = (self.wake.try_send(()), self.run.try_send(()));
    }

    fn look(&self) -> Reload {
        self.current.look(self.time.now())
    }

    /// Looks until the folder is judged. Another thread may have the verdict.
    fn settles(&self) {
        for _ in 0..10 {
            self.time.passes();
            self.others();
            if !matches!(self.look(), Reload::Unsettled) {
                return;
            }
        }
        panic!("a folder that stands still is never judged");
    }

    fn good(&self, state: &State) {
        self.written.lock().unwrap().insert(state.number, state.clone());
    }
}

fn opened(folder: &Folder, time: &Time) -> Current {
    let mut opening = Opening::new(folder.path(), None);
    loop {
        if let Some(opened) = opening.look(time.now()) {
            return opened.unwrap_or_else(|broken| panic!("{:?}", broken.findings));
        }
        time.passes();
    }
}

/// One edit, and what has to be in force when it has come to rest.
fn edit(folder: &mut Folder, random: &mut Random, in_force: &mut State, edited: &Edited<'_>) {
    let mut next = |folder: &mut Folder, random: &mut Random| {
        let state = folder.next_state(random);
        edited.good(&state);
        *in_force = state.clone();
        state
    };
    let kind = random.below(10);
    match kind {
        // Good: saved file by file, in place or as editors do.
        0..4 => {
            let state = next(folder, random);
            folder.save(&state, random, |itself| match itself {
                true => drop(edited.look()),
                false => edited.others(),
            });
        }
        4 | 5 => folder.breaks(random),
        // A checkout takes longer than a folder has to stand still.
        6 | 7 => {
            let state = next(folder, random);
            folder.checkout(&state, random, || {
                edited.time.passes();
                edited.others();
                let reload = edited.look();
                assert!(!matches!(reload, Reload::Swapped(_) | Reload::Refused(_)), "in the middle of it: {reload:?}");
            });
        }
        8 => folder.emptied(),
        _ => {
            folder.deleted();
            edited.others();
            if random.chance(2) {
                let state = next(folder, random);
                folder.write_all(&state);
            }
        }
    }
    edited.settles();
    let number = assert_whole(&edited.current.generation(), edited.written);
    assert_eq!(number, in_force.number, "after an edit of kind {kind}");
    assert_eq!(edited.current.refused().is_none(), folder.is_good(), "after an edit of kind {kind}");
}

#[test]
fn a_mixture_of_two_good_states_is_not_used_while_it_is_being_written() {
    let mut random = Random::seeded(1);
    let time = Time { start: Instant::now(), passed: AtomicU32::new(0) };
    let mut folder = Folder::new();
    let (old, new) = (folder.next_state(&mut random), folder.next_state(&mut random));
    folder.write_all(&old);
    let current = opened(&folder, &time);
    // Loads, and is neither of the two.
    folder.write_some(&new, 1);
    let mixture = numbers_of(&Generation::load(folder.path(), None).unwrap());
    assert!(mixture.contains(&old.number) && mixture.contains(&new.number), "{mixture:?}");
    for _ in 0..5 {
        assert!(matches!(current.look(time.now()), Reload::Unsettled));
    }
    folder.write_all(&new);
    time.passes();
    assert!(matches!(current.look(time.now()), Reload::Unsettled), "it has only just come to rest");
    time.passes();
    let swapped = match current.look(time.now()) {
        Reload::Swapped(swapped) => swapped,
        other => panic!("the new state is not in force: {other:?}"),
    };
    assert_eq!(numbers_of(&swapped)[0], new.number);
    assert!(matches!(current.look(time.now()), Reload::Unchanged));
}

#[test]
fn what_is_refused_is_told_once_and_again_after_it_was_taken_back() {
    let mut random = Random::seeded(2);
    let time = Time { start: Instant::now(), passed: AtomicU32::new(0) };
    let mut folder = Folder::new();
    let state = folder.next_state(&mut random);
    folder.write_all(&state);
    let current = opened(&folder, &time);
    let verdict = || {
        current.look(time.now());
        time.passes();
        current.look(time.now())
    };
    for _ in 0..2 {
        folder.set("project.yaml", b"format: 1\ncolour: green\n");
        let Reload::Refused(broken) = verdict() else { panic!("it does not load") };
        assert!(broken.findings.iter().any(|finding| finding.code == "unknown-key"));
        folder.set("tests/other.md", b"notes beside the broken file");
        assert!(matches!(verdict(), Reload::Unchanged), "told already");
        assert!(current.refused().is_some());
        folder.write_all(&state);
        assert!(matches!(verdict(), Reload::TakenBack));
        assert!(current.refused().is_none());
    }
    let pipeline = Arc::clone(&current.generation());
    assert_eq!(numbers_of(&pipeline)[0], state.number);
}
