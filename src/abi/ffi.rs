//! Defines the exported functions of the ABI. Each one only passes its call on to the module's one host; one is enough,
//! because one thread uses the module.

#![expect(
    unsafe_code,
    reason = "a name that is not mangled is an unsafe attribute; there is no unsafe block"
)]

use std::cell::RefCell;

use crate::abi::fault::Fault;
use crate::abi::host::{Buffer, Host, VERSION};

thread_local! {
    static HOST: RefCell<Host> = RefCell::default();
}

fn call<T: Into<usize>>(does: impl FnOnce(&mut Host) -> Result<T, Fault>) -> usize {
    HOST.with_borrow_mut(|host| host.run_call(does))
}

/// The version of these functions.
#[unsafe(no_mangle)]
pub extern "C" fn fixbook_abi() -> u32 {
    VERSION
}

/// Memory for what the host hands over: its address.
#[unsafe(no_mangle)]
pub extern "C" fn fixbook_alloc(len: usize) -> usize {
    call(|host| host.allocate(len))
}

/// Gives it back.
#[unsafe(no_mangle)]
pub extern "C" fn fixbook_free(at: usize, len: usize) -> usize {
    call(|host| host.free(at, len))
}

/// The address of the answer to the last call.
#[unsafe(no_mangle)]
pub extern "C" fn fixbook_answer() -> usize {
    HOST.with_borrow(|host| host.answer().as_ptr().expose_provenance())
}

/// Its length.
#[unsafe(no_mangle)]
pub extern "C" fn fixbook_answer_len() -> usize {
    HOST.with_borrow(|host| host.answer().len())
}

/// Reads a `bundle.json`: a matcher.
#[unsafe(no_mangle)]
pub extern "C" fn fixbook_load(at: usize, len: usize) -> usize {
    call(|host| host.load(Buffer(at, len)))
}

/// Begins a published folder.
#[unsafe(no_mangle)]
pub extern "C" fn fixbook_folder() -> usize {
    call(Host::folder)
}

/// A file of it.
#[unsafe(no_mangle)]
pub extern "C" fn fixbook_folder_file(folder: u32, name: usize, name_len: usize, at: usize, len: usize) -> usize {
    call(|host| host.folder_file(folder, Buffer(name, name_len), Buffer(at, len)))
}

/// Verifies it and reads its rules: a matcher.
#[unsafe(no_mangle)]
pub extern "C" fn fixbook_folder_open(
    folder: u32,
    key: usize,
    key_len: usize,
    least_serial: usize,
    least_serial_len: usize,
) -> usize {
    call(|host| host.folder_open(folder, Buffer(key, key_len), Buffer(least_serial, least_serial_len)))
}

/// Begins a scan.
#[unsafe(no_mangle)]
pub extern "C" fn fixbook_scan(matcher: u32) -> usize {
    call(|host| host.scan(matcher))
}

/// Begins a file of it.
#[unsafe(no_mangle)]
pub extern "C" fn fixbook_file(scan: u32, path: usize, path_len: usize) -> usize {
    call(|host| host.file(scan, Buffer(path, path_len)))
}

/// The next bytes of that file.
#[unsafe(no_mangle)]
pub extern "C" fn fixbook_push(scan: u32, at: usize, len: usize) -> usize {
    call(|host| host.push(scan, Buffer(at, len)))
}

/// Ends the file.
#[unsafe(no_mangle)]
pub extern "C" fn fixbook_end(scan: u32, fault: usize, fault_len: usize) -> usize {
    call(|host| host.end(scan, Buffer(fault, fault_len)))
}

/// Ends the scan; the answer is the report.
#[unsafe(no_mangle)]
pub extern "C" fn fixbook_report(scan: u32) -> usize {
    call(|host| host.report(scan))
}

/// Frees a matcher, a folder or a scan.
#[unsafe(no_mangle)]
pub extern "C" fn fixbook_drop(handle: u32) -> usize {
    call(|host| host.drop(handle))
}
