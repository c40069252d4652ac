//! Shows the progress of long work on a terminal.
//!
//! Invariant: only on standard error, only when that is a terminal, only after a while; gone when the work is done.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Work that ends sooner needs no sign.
const PATIENCE: Duration = Duration::from_secs(1);
const EVERY: Duration = Duration::from_millis(250);

/// Counts bytes and shows them until it is dropped.
pub struct Progress {
    read: Arc<AtomicU64>,
    shown: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Starts to count towards `total` bytes; 0 when nobody knows.
    pub fn start(total: u64) -> Self {
        let read = Arc::new(AtomicU64::new(0));
        let shown = std::io::stderr().is_terminal().then(|| {
            let (done, wait) = channel::<()>();
            let read = Arc::clone(&read);
            let thread = std::thread::spawn(move || {
                let mut pause = PATIENCE;
                while wait.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                    pause = EVERY;
                    line(&format!("read {}", amount(read.load(Ordering::Relaxed), total)));
                }
                if pause == EVERY {
                    line("");
                }
            });
            (done, thread)
        });
        Self { read, shown }
    }

    /// Where the readers count.
    pub fn counter(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.read)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((done, thread)) = self.shown.take() {
            drop(done);
            let _ = thread.join();
        }
    }
}

/// Replaces the line; blanks instead of an erase sequence, which old consoles print.
fn line(text: &str) {
    let _ = write!(std::io::stderr(), "\r{text:<40}\r{text}");
    let _ = std::io::stderr().flush();
}

fn amount(read: u64, total: u64) -> String {
    let mib = |bytes: u64| bytes / (1024 * 1024);
    if total == 0 {
        format!("{} MiB", mib(read))
    } else {
        format!("{} of {} MiB", mib(read), mib(total))
    }
}
