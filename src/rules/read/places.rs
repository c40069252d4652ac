//! Limits how many large files are held in memory at once.
//!
//! Invariant: however many files are read side by side, at most [`MOST`] of them hold more than [`FREE`] bytes of text.
//! Who has a place needs nobody else to go on, so everybody gets one in the end.

use std::sync::{Condvar, Mutex, PoisonError};

/// Bytes of text that a file may hold without a place.
pub const FREE: usize = 1 << 20;
/// Files that may hold more.
const MOST: usize = 2;

/// The places of one scan.
#[derive(Debug)]
pub struct Places {
    free: Mutex<usize>,
    left: Condvar,
}

impl Default for Places {
    fn default() -> Self {
        Places {
            free: Mutex::new(MOST),
            left: Condvar::new(),
        }
    }
}

impl Places {
    /// Waits for a place.
    pub fn wait(&self) -> Permit<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let free = self.left.wait_while(free, |free| *free == 0);
        *free.unwrap_or_else(PoisonError::into_inner) -= 1;
        Permit(self)
    }
}

/// A place, until it is dropped.
#[derive(Debug)]
pub struct Permit<'r>(&'r Places);

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn so_many_have_a_place_at_once_and_everybody_gets_one() {
        let (places, inside) = (Places::default(), AtomicUsize::new(0));
        let visit = || {
            let _place = places.wait();
            assert!(inside.fetch_add(1, Ordering::SeqCst) < MOST);
            std::thread::yield_now();
            inside.fetch_sub(1, Ordering::SeqCst);
        };
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| (0..100).for_each(|_| visit()));
            }
        });
    }
}
