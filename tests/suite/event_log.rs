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
    let mut file = vec![0u8; 4096];
    file[..8].copy_from_slice(b"ElfFile\0");
    file[24..32].copy_from_slice(&(events.len() as u64 + 1).to_le_bytes());
    file[32..36].copy_from_slice(&128u32.to_le_bytes());
    file[36..40].copy_from_slice(&[1, 0, 3, 0]);
    file[40..44].copy_from_slice(&[0, 0x10, 1, 0]);
    file[120] = 4;
    let mut chunk = vec![0u8; CHUNK_HEADER];
    let mut last = CHUNK_HEADER;
    for (number, event) in (1u64..).zip(events) {
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
    let (free, count) = (chunk.len() as u32, events.len() as u64);
    chunk[..8].copy_from_slice(b"ElfChnk\0");
    for (at, value) in [(8, 1), (16, count), (24, 1), (32, count)] {
        chunk[at..at + 8].copy_from_slice(&u64::to_le_bytes(value));
    }
    for (at, value) in [(40, 128), (44, last as u32), (48, free), (120, 4)] {
        chunk[at..at + 4].copy_from_slice(&u32::to_le_bytes(value));
    }
    chunk.resize(CHUNK, 0);
    file.extend(chunk);
    file
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
