//! Holds the memory into which a host writes its data.
//!
//! Invariant: an address and a length mean bytes only when they lie within one live allocation.

use std::collections::BTreeMap;

use crate::abi::fault::Fault;

/// The live allocations, by their address.
#[derive(Default)]
pub(super) struct Memory {
    live: BTreeMap<usize, Vec<u8>>,
}

impl Memory {
    /// The address of so many bytes.
    pub fn allocate(&mut self, len: usize) -> Result<usize, Fault> {
        let mut bytes = Vec::new();
        // An empty vector has no address of its own.
        let room = len.max(1);
        bytes.try_reserve_exact(room).map_err(|_| Fault::memory(len))?;
        bytes.resize(room, 0);
        let at = bytes.as_mut_ptr().expose_provenance();
        self.live.insert(at, bytes);
        Ok(at)
    }

    /// Writes what a host would write.
    #[cfg(test)]
    pub fn write(&mut self, at: usize, bytes: &[u8]) {
        self.live.get_mut(&at).expect("an allocation")[..bytes.len()].copy_from_slice(bytes);
    }

    pub fn free(&mut self, at: usize, len: usize) -> Result<(), Fault> {
        match self.live.get(&at) {
            Some(bytes) if bytes.len() == len.max(1) => {
                self.live.remove(&at);
                Ok(())
            }
            _ => Err(Fault::buffer(at, len)),
        }
    }

    /// What stands there. Nothing is nowhere.
    pub fn bytes(&self, at: usize, len: usize) -> Result<&[u8], Fault> {
        if len == 0 {
            return Ok(&[]);
        }
        let found = self.live.range(..=at).next_back().and_then(|(from, bytes)| {
            let start = at - from;
            bytes.get(start..start.checked_add(len)?)
        });
        found.ok_or_else(|| Fault::buffer(at, len))
    }

    /// The same as text.
    pub fn text(&self, at: usize, len: usize, what: &str) -> Result<&str, Fault> {
        std::str::from_utf8(self.bytes(at, len)?).map_err(|_| Fault::utf8(what))
    }
}
