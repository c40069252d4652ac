//! Does what the functions of the ABI promise: holds engines and scans by handle, memory by address, and the last answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::abi::fault::Fault;
use crate::abi::memory::Memory;
use crate::abi::scan::Scan;
use crate::rules::Matcher;
use crate::rules::bundle::{self, Bundle, BundleError, MAX_BYTES, PublicKey, Trust};
use crate::rules::report::document::json;
use crate::rules::report::finding::BundleName;

/// The version of the functions.
pub(super) const VERSION: u32 = 1;

type Folder = BTreeMap<String, Vec<u8>>;

enum Thing {
    Matcher(Arc<Matcher>),
    Folder(Folder),
    Scan(Box<Scan>),
}

/// An address and a length, as a host passes them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Buffer(pub usize, pub usize);

/// All that one host has.
#[derive(Default)]
pub(super) struct Host {
    memory: Memory,
    things: BTreeMap<u32, Thing>,
    last_handle: u32,
    /// What the last call left that has an answer or failed.
    answer: String,
}

impl Host {
    pub fn answer(&self) -> &str {
        &self.answer
    }

    /// The result of a call; of one that failed it is 0 and the answer says why.
    pub fn run_call<T: Into<usize>>(&mut self, does: impl FnOnce(&mut Host) -> Result<T, Fault>) -> usize {
        match does(self) {
            Ok(result) => result.into(),
            Err(fault) => {
                self.answer = fault.json();
                0
            }
        }
    }

    pub fn allocate(&mut self, len: usize) -> Result<usize, Fault> {
        self.memory.allocate(len)
    }

    /// Memory with what a host would write there.
    #[cfg(test)]
    pub fn lend(&mut self, bytes: &[u8]) -> usize {
        let at = self.memory.allocate(bytes.len()).expect("memory");
        self.memory.write(at, bytes);
        at
    }

    pub fn free(&mut self, at: usize, len: usize) -> Result<bool, Fault> {
        self.memory.free(at, len).map(|()| true)
    }

    pub fn load(&mut self, bundle: Buffer) -> Result<Handle, Fault> {
        let read = bundle::read(self.memory.bytes(bundle.0, bundle.1)?)?;
        self.matcher(read)
    }

    pub fn folder(&mut self) -> Result<Handle, Fault> {
        Ok(self.add(Thing::Folder(Folder::new())))
    }

    pub fn folder_file(&mut self, folder: u32, name: Buffer, bytes: Buffer) -> Result<bool, Fault> {
        let name = self.memory.text(name.0, name.1, "name")?.to_owned();
        let bytes = self.memory.bytes(bytes.0, bytes.1)?;
        if bytes.len() > MAX_BYTES {
            let bytes = bytes.len();
            return Err(BundleError::TooLarge { bytes, most: MAX_BYTES }.into());
        }
        let Some(Thing::Folder(files)) = self.things.get_mut(&folder) else {
            return Err(Fault::handle(folder, "folder"));
        };
        if files.contains_key(&name) {
            return Err(BundleError::BadPath { path: name }.into());
        }
        files.insert(name, bytes.to_vec());
        Ok(true)
    }

    /// The folder stays, whether it holds or not.
    pub fn folder_open(&mut self, folder: u32, key: Buffer, least_serial: Buffer) -> Result<Handle, Fault> {
        let Some(Thing::Folder(files)) = self.things.get(&folder) else {
            return Err(Fault::handle(folder, "folder"));
        };
        let key = match self.memory.bytes(key.0, key.1)? {
            [] => None,
            key => Some(PublicKey::read(key)?),
        };
        let min_serial = match self.memory.text(least_serial.0, least_serial.1, "serial")? {
            "" | "0" => None,
            text => Some(text.parse().map_err(|_| Fault::number("serial"))?),
        };
        let (_, bundle) = bundle::verify(files, &Trust { key, min_serial })?;
        self.matcher(bundle)
    }

    pub fn scan(&mut self, matcher: u32) -> Result<Handle, Fault> {
        let Some(Thing::Matcher(matcher)) = self.things.get(&matcher) else {
            return Err(Fault::handle(matcher, "matcher"));
        };
        let scan = Scan::new(Arc::clone(matcher));
        Ok(self.add(Thing::Scan(Box::new(scan))))
    }

    pub fn file(&mut self, scan: u32, path: Buffer) -> Result<bool, Fault> {
        let (memory, scan) = self.memory_and_scan(scan)?;
        scan.file(memory.text(path.0, path.1, "path")?).map(|()| true)
    }

    /// 1, or 2 when nothing that follows is wanted.
    pub fn push(&mut self, scan: u32, bytes: Buffer) -> Result<usize, Fault> {
        let (memory, scan) = self.memory_and_scan(scan)?;
        let needs_more = scan.push(memory.bytes(bytes.0, bytes.1)?)?;
        Ok(if needs_more { 1 } else { 2 })
    }

    pub fn end(&mut self, scan: u32, fault: Buffer) -> Result<bool, Fault> {
        let (memory, scan) = self.memory_and_scan(scan)?;
        scan.end(memory.text(fault.0, fault.1, "fault")?).map(|()| true)
    }

    pub fn report(&mut self, handle: u32) -> Result<bool, Fault> {
        if self.memory_and_scan(handle)?.1.is_open() {
            return Err(Fault::order("the last file was not ended"));
        }
        if let Some(Thing::Scan(scan)) = self.things.remove(&handle) {
            self.answer = json(&scan.report())?;
        }
        Ok(true)
    }

    pub fn drop(&mut self, handle: u32) -> Result<bool, Fault> {
        match self.things.remove(&handle) {
            Some(_) => Ok(true),
            None => Err(Fault::handle(handle, "matcher, folder or scan")),
        }
    }

    fn memory_and_scan(&mut self, handle: u32) -> Result<(&Memory, &mut Scan), Fault> {
        match self.things.get_mut(&handle) {
            Some(Thing::Scan(scan)) => Ok((&self.memory, scan)),
            _ => Err(Fault::handle(handle, "scan")),
        }
    }

    /// The answer says which bundle it is.
    fn matcher(&mut self, bundle: Bundle) -> Result<Handle, Fault> {
        self.answer = json(&BundleName {
            name: bundle.name().to_owned(),
            version: bundle.version().to_owned(),
            sha256: bundle.sha256().to_owned(),
            from: None,
        })?;
        Ok(self.add(Thing::Matcher(Arc::new(Matcher::new(bundle)))))
    }

    fn add(&mut self, thing: Thing) -> Handle {
        self.last_handle += 1;
        self.things.insert(self.last_handle, thing);
        Handle(self.last_handle)
    }
}

/// Never 0, and never given twice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Handle(pub u32);

impl From<Handle> for usize {
    fn from(handle: Handle) -> usize {
        handle.0 as usize
    }
}
