//! Binary event logs: written here record by record, read by the program in its child process.

use std::path::Path;
use std::process::{Command, Output};

/// One event of a classic source: no template, names written where they are first used.
struct Event {
    provider: &'static str,
    id: &'static str,
    data: &'static str,
}

const CHUNK: usize = 64 << 10;
const CHUNK_HEADER: usize = 512;

/// An `.evtx` file of one chunk. The layout is that of Joachim Metz's "Windows XML Event Log (EVTX) format"; the flags say
/// that no checksums are kept.
fn evtx(events: &[Event]) -> Vec<u8> {
    log(&[events], false)
}

/// An `.evtx` file with a chunk for each list of events, with or without checksums.
fn log(chunks: &[&[Event]], checked: bool) -> Vec<u8> {
    let count = chunks.iter().map(|events| events.len() as u64).sum::<u64>();
    let mut file = vec![0u8; 4096];
    file[..8].copy_from_slice(b"ElfFile\0");
    file[16..24].copy_from_slice(&(chunks.len() as u64 - 1).to_le_bytes());
    file[24..32].copy_from_slice(&(count + 1).to_le_bytes());
    file[32..36].copy_from_slice(&128u32.to_le_bytes());
    file[36..40].copy_from_slice(&[1, 0, 3, 0]);
    file[40..42].copy_from_slice(&[0, 0x10]);
    file[42..44].copy_from_slice(&(chunks.len() as u16).to_le_bytes());
    if checked {
        let sum = crc32(&[&file[..120]]);
        file[124..128].copy_from_slice(&sum.to_le_bytes());
    } else {
        file[120] = 4;
    }
    let mut first = 1;
    for events in chunks {
        file.extend(chunk(events, first, checked));
        first += events.len() as u64;
    }
    file
}

fn chunk(events: &[Event], first: u64, checked: bool) -> Vec<u8> {
    let mut chunk = vec![0u8; CHUNK_HEADER];
    let mut last = CHUNK_HEADER;
    for (number, event) in (first..).zip(events) {
        last = chunk.len();
        let mut record = vec![0x2a, 0x2a, 0, 0, 0, 0, 0, 0];
        record.extend(number.to_le_bytes());
        record.extend(133_500_000_000_000_000u64.to_le_bytes());
        chunk.extend(record);
        chunk.extend([0x0f, 1, 1, 0]);
        open(&mut chunk, "Event", None);
        open(&mut chunk, "System", None);
        open(&mut chunk, "Provider", Some(("Name", event.provider)));
        chunk.push(0x03);
        leaf(&mut chunk, "EventID", event.id);
        leaf(&mut chunk, "Level", "2");
        leaf(&mut chunk, "Computer", "EX01.contoso.com");
        chunk.push(0x04);
        open(&mut chunk, "EventData", None);
        leaf(&mut chunk, "Data", event.data);
        chunk.extend([0x04, 0x04, 0x00]);
        let size = (chunk.len() - last + 4) as u32;
        chunk[last + 4..last + 8].copy_from_slice(&size.to_le_bytes());
        chunk.extend(size.to_le_bytes());
    }
    let (free, end) = (chunk.len(), first + events.len() as u64 - 1);
    chunk[..8].copy_from_slice(b"ElfChnk\0");
    for (at, value) in [(8, first), (16, end), (24, first), (32, end)] {
        chunk[at..at + 8].copy_from_slice(&u64::to_le_bytes(value));
    }
    for (at, value) in [(40, 128), (44, last as u32), (48, free as u32)] {
        chunk[at..at + 4].copy_from_slice(&u32::to_le_bytes(value));
    }
    if checked {
        let sum = crc32(&[&chunk[CHUNK_HEADER..free]]);
        chunk[52..56].copy_from_slice(&sum.to_le_bytes());
        let sum = crc32(&[&chunk[..120], &chunk[128..CHUNK_HEADER]]);
        chunk[124..128].copy_from_slice(&sum.to_le_bytes());
    } else {
        chunk[120] = 4;
    }
    chunk.resize(CHUNK, 0);
    chunk
}

fn crc32(parts: &[&[u8]]) -> u32 {
    let bytes = parts.iter().copied().flatten();
    !bytes.fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
        })
    })
}

/// Opens an element. One with an attribute is empty; the caller ends it.
fn open(chunk: &mut Vec<u8>, element: &str, attribute: Option<(&str, &str)>) {
    chunk.push(if attribute.is_some() { 0x41 } else { 0x01 });
    chunk.extend([0; 4]);
    name(chunk, element);
    match attribute {
        None => chunk.push(0x02),
        Some((key, value)) => {
            chunk.extend([0; 4]);
            chunk.push(0x06);
            name(chunk, key);
            text(chunk, value);
        }
    }
}

fn leaf(chunk: &mut Vec<u8>, element: &str, value: &str) {
    open(chunk, element, None);
    text(chunk, value);
    chunk.push(0x04);
}

fn name(chunk: &mut Vec<u8>, name: &str) {
    let at = chunk.len() as u32 + 4;
    chunk.extend(at.to_le_bytes());
    chunk.extend([0; 6]);
    chunk.extend((name.len() as u16).to_le_bytes());
    chunk.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
    chunk.extend([0; 2]);
}

fn text(chunk: &mut Vec<u8>, value: &str) {
    chunk.extend([0x05, 0x01]);
    chunk.extend((value.len() as u16).to_le_bytes());
    chunk.extend(value.encode_utf16().flat_map(u16::to_le_bytes));
}

fn events() -> Vec<u8> {
    evtx(&[
        Event {
            provider: "ESENT",
            id: "102",
            data: "The database engine started a new instance",
        },
        Event {
            provider: "Microsoft-Windows-IIS-W3SVC-WP",
            id: "2280",
            data: r"E:\Program Files\Microsoft\Exchange Server\V15\ClientAccess\Owa\auth\exppw.dll",
        },
    ])
}

fn scan(path: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fixbook"))
        .args(["scan", "--format", "json"])
        .arg(path)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program runs")
}

fn report(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("no report: {}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn a_binary_event_log_is_evidence_like_its_export() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("Application.evtx");
    std::fs::write(&path, events()).expect("the log is written");
    let output = scan(&path);
    let report = report(&output);
    assert_eq!(report["files"][0]["source"], "windows-event-log");
    assert_eq!(report["files"][0]["status"], "complete");
    assert_eq!(report["findings"][0]["issue"], "iis-exppw-module-load-failed");
    assert_eq!(output.status.code(), Some(1));
}

/// A log of several chunks with checksums, and the numbers that a test draws from a seed.
fn large() -> Vec<u8> {
    let events = || -> Vec<Event> {
        (0..60)
            .map(|_| Event {
                provider: "ESENT",
                id: "102",
                data: "The database engine started a new instance",
            })
            .collect()
    };
    let chunks = [events(), events(), events()];
    log(&chunks.each_ref().map(Vec::as_slice), true)
}

struct Seed(u64);

impl Seed {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).expect("small")
    }
}

/// The child alone: its exit code.
fn child(log: &Path) -> Option<i32> {
    Command::new(env!("CARGO_BIN_EXE_fixbook"))
        .arg("event-log")
        .stdin(std::fs::File::open(log).expect("the log"))
        .output()
        .expect("the program runs")
        .status
        .code()
}

fn statuses(folder: &Path) -> Vec<(String, String, String)> {
    let output = scan(folder);
    let report = report(&output);
    let files = report["files"].as_array().expect("files");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let statuses: Vec<_> = files
        .iter()
        .map(|file| (text(&file["path"]), text(&file["status"]), text(&file["note"])))
        .collect();
    if statuses
        .iter()
        .any(|(_, status, _)| status == "partial" || status == "failed")
    {
        assert_eq!(output.status.code(), Some(2));
    }
    statuses
}

#[test]
fn a_log_that_is_cut_anywhere_is_not_complete() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = large();
    let mut seed = Seed(0x2545_f491_4f6c_dd1d);
    let cuts = (8..whole.len()).step_by(4096);
    let more: Vec<usize> = (0..20).map(|_| 8 + seed.below(whole.len() - 8)).collect();
    for at in cuts.chain(more).chain([5 << 10, whole.len() - 1]) {
        std::fs::write(folder.path().join(format!("{at}.evtx")), &whole[..at]).expect("the log is written");
    }
    for (path, status, note) in statuses(folder.path()) {
        assert!(status == "partial" || status == "failed", "{path} is {status}: {note}");
    }
}

#[test]
fn a_log_of_which_bytes_are_changed_is_complete_only_when_the_child_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = large();
    std::fs::write(folder.path().join("whole.evtx"), &whole).expect("the log is written");
    let mut seed = Seed(0x9e37_79b9_7f4a_7c15);
    let records: Vec<usize> = (0..3).map(|chunk| 4096 + chunk * CHUNK + CHUNK_HEADER).collect();
    for n in 0..60 {
        let mut bytes = whole.clone();
        let at = records[n % 3] + seed.below(4000);
        match n / 3 % 4 {
            // In what the checksums cover.
            0 => bytes[at] ^= 1 << (n % 8),
            1 => bytes[at..at + 64].fill(0),
            // All of a chunk, in the middle.
            2 => bytes[4096 + CHUNK..4096 + 2 * CHUNK].fill(0),
            _ => drop(bytes.drain(at..at + 1 + n)),
        }
        std::fs::write(folder.path().join(format!("damaged-{n:02}.evtx")), bytes).expect("the log is written");
    }
    for (path, status, note) in statuses(folder.path()) {
        let is_whole = path.ends_with("whole.evtx");
        assert_eq!(child(Path::new(&path)) == Some(0), is_whole, "{path}");
        assert_eq!(status == "complete", is_whole, "{path} is {status}: {note}");
    }
}

#[test]
fn a_log_without_checksums_misses_the_records_that_it_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut bytes = events();
    let at = bytes.len() - CHUNK + CHUNK_HEADER;
    let second = bytes[at + 4..]
        .windows(2)
        .position(|two| two == [0x2a, 0x2a])
        .expect("a record")
        + at
        + 4;
    bytes[second..second + 200].fill(0);
    std::fs::write(folder.path().join("a.evtx"), bytes).expect("the log is written");
    let found = statuses(folder.path());
    assert_eq!(found[0].1, "partial");
    assert!(
        found[0].2.contains("1 of its 2 records cannot be read"),
        "{}",
        found[0].2
    );
}

#[test]
fn how_a_log_is_given_makes_no_difference() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fixbook"));
        let root = env!("CARGO_MANIFEST_DIR");
        command
            .args(["scan", "--format", "json", "--book", root])
            .current_dir(folder.path());
        command
    };
    for (name, bytes, status, issues) in [
        ("-x.evtx", events(), "complete", 1),
        ("cut.evtx", large()[..5 << 10].to_vec(), "partial", 0),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("the log is written");
        let named = program().args(["--", name]).output();
        let file = std::fs::File::open(&path).expect("the log");
        let redirected = program().arg("-").stdin(file).output();
        let mut cat = Command::new("cat")
            .arg(&path)
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("cat");
        let piped = program().arg("-").stdin(cat.stdout.take().expect("a pipe")).output();
        cat.wait().expect("cat ends");
        for output in [named, redirected, piped] {
            let report = report(&output.expect("the program runs"));
            let note = &report["files"][0]["note"];
            assert_eq!(report["files"][0]["status"], status, "{name}: {note}");
            assert_eq!(
                report["findings"].as_array().expect("findings").len(),
                issues,
                "{name}: {note}"
            );
        }
    }
}

#[test]
fn a_damaged_event_log_is_partial_and_the_scan_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = events();
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let mut next = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % bound as u64).expect("small")
    };
    std::fs::write(folder.path().join("whole.evtx"), &whole).expect("the log is written");
    for n in 0..60 {
        let mut bytes = whole.clone();
        if n % 10 == 0 {
            bytes.truncate(8 + next(bytes.len() - 8));
        }
        // What matters stands in the headers and the first two kilobytes of the chunk.
        for _ in 0..1 + n % 4 {
            let at = if n % 3 == 0 { 8 + next(4096) } else { 4096 + next(2048) };
            if let Some(byte) = bytes.get_mut(at) {
                *byte = u8::try_from(next(256)).expect("a byte");
            }
        }
        std::fs::write(folder.path().join(format!("damaged-{n:02}.evtx")), bytes).expect("the log is written");
    }
    let report = report(&scan(folder.path()));
    let files = report["files"].as_array().expect("files");
    assert_eq!(files.len(), 61);
    let partial = files.iter().filter(|file| file["status"] != "complete").count();
    assert!(partial > 0, "none of the damage was noticed");
    let found = report["findings"].as_array().expect("findings").iter();
    assert!(
        found
            .flat_map(|finding| finding["evidence"].as_array())
            .flatten()
            .any(|evidence| {
                evidence["file"]
                    .as_str()
                    .is_some_and(|file| file.ends_with("whole.evtx"))
            })
    );
}
