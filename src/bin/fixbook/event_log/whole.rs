//! Compares the records that were read of an event log with what its header promises.
//!
//! The parser passes over what it cannot read, and an incomplete last chunk without a word. The headers of the file and
//! of its chunks count, and most have checksums; so what is lost can be known although it cannot be read.

use std::io::{Read, Seek};

use evtx::{EvtxChunkData, EvtxParser};

/// Bytes of the file's header, and of each chunk behind it.
const HEADER: u64 = 4096;
const CHUNK: u64 = 64 << 10;
/// More records than a chunk has room for: its header lies.
const MOST: u64 = CHUNK / 24;

/// The account of one log.
#[derive(Default)]
pub struct Account {
    /// Bytes that the file has and should have.
    cut: Option<(u64, u64)>,
    header: bool,
    chunks: u64,
    damaged: u64,
    empty: u64,
    records: u64,
    /// Records that were read.
    pub read: u64,
    /// Not all was read, because it became too long.
    pub unfolds: bool,
}

impl Account {
    /// Counts what the log says it holds. `size`: bytes of the file.
    pub fn take<T: Read + Seek>(parser: &mut EvtxParser<T>, size: u64) -> Account {
        let header = parser.header();
        let said = u64::from(header.chunk_count);
        let mut whole = Account {
            header: header.validate_checksum(),
            ..Account::default()
        };
        let behind = size.saturating_sub(HEADER);
        let wanted = (said * CHUNK).max(behind.next_multiple_of(CHUNK));
        if whole.header && behind < said * CHUNK || !behind.is_multiple_of(CHUNK) {
            whole.cut = Some((size, HEADER + wanted));
        }
        let mut within = 0;
        for chunk in parser.chunks() {
            whole.chunks += 1;
            match chunk.ok().and_then(|chunk| Some((records(&chunk)?, chunk.number?))) {
                Some((records, number)) => {
                    whole.records += records;
                    within += u64::from(number < said);
                }
                None => whole.damaged += 1,
            }
        }
        // Chunks without a byte that is not zero stand behind the last one, never before it.
        let there = said.min(behind / CHUNK);
        whole.empty = there.saturating_sub(within + whole.damaged);
        whole
    }

    /// What of the log is missing, for people.
    pub fn missing(&self) -> Option<String> {
        let mut faults = Vec::new();
        if !self.header {
            faults.push("its header is damaged".to_owned());
        }
        if let Some((there, wanted)) = self.cut {
            faults.push(format!("it is cut off after {there} of {wanted} bytes"));
        }
        if self.damaged + self.empty > 0 {
            faults.push(format!(
                "{} of its {} chunks are damaged",
                self.damaged + self.empty,
                self.chunks + self.empty
            ));
        }
        if self.unfolds {
            faults.push(format!("only its first {} records were read", self.read));
        } else if self.read < self.records {
            faults.push(format!(
                "{} of its {} records cannot be read",
                self.records - self.read,
                self.records
            ));
        }
        (!faults.is_empty()).then(|| format!("this event log is damaged: {}", faults.join("; ")))
    }
}

/// The records that a chunk says it has; `None` when the chunk is not as it was written.
fn records(chunk: &EvtxChunkData) -> Option<u64> {
    let header = &chunk.header;
    let (first, last) = (header.first_event_record_number, header.last_event_record_number);
    let records = last.wrapping_sub(first).wrapping_add(1);
    (chunk.validate_checksum() && records <= MOST).then_some(records)
}
