//! Recognises the source of a file.
//!
//! Invariant: content decides, the name breaks ties. A file that is called like a log but is not one is not read as one.

use std::cmp::Reverse;
use std::sync::Arc;

use crate::rules::ask::program::Program;
use crate::rules::read::frame;

/// Bytes of decoded text that are looked at.
pub const HEAD: usize = 64 << 10;

/// The source that a file is, or `None`. Of several the one whose file name fits is taken, then the one whose
/// mark comes first.
pub fn recognise<'p>(programs: &'p [Arc<Program>], path: &str, head: &str) -> Option<&'p Arc<Program>> {
    let mut best: Option<(_, &Arc<Program>)> = None;
    for program in programs {
        let marks = &program.marks;
        let named = marks.names(path);
        let line = if marks.has_content() {
            marks.first_line(head)
        } else if !marks.has_names() || named {
            frame::knows(program.source.format, head).then_some(0)
        } else {
            None
        };
        let Some(line) = line else { continue };
        let rank = (named, Reverse(line));
        if best.as_ref().is_none_or(|(other, _)| rank > *other) {
            best = Some((rank, program));
        }
    }
    best.map(|(_, program)| program)
}
