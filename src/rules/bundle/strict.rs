//! Reads JSON into the types of a bundle in one strict pass, so that every reader reads the same.
//!
//! Invariant: what two readers could take for different things is refused wherever it stands: a key twice, `null` in
//! place of an absent field, a list in place of an object, two ways to name one variant, a whole number that a double
//! does not hold. Nothing nests deeper or counts more than the bounds, whatever the types would take.

mod deserializer;
mod entries;
mod variant;

use std::cell::{Cell, RefCell};

use serde::Deserialize;
use serde::de;
use serde_json::error::Category;

use crate::rules::bundle::{BundleError, FORMAT, MAX_DEPTH, MAX_VALUES};

use self::deserializer::Strict;
pub(super) use self::entries::Key;

/// Keys of one object, beyond those that its type has.
pub(super) const MAX_KEYS: usize = 1000;
/// Above this not every reader tells a whole number from the next.
const MAX_NUMBER: u64 = (1 << 53) - 1;

/// Why a text is refused.
pub(super) enum Refusal {
    /// As JSON, whatever it should be.
    Document(BundleError),
    /// As what it should be: a sentence that begins with the path.
    Content(String),
}

impl Refusal {
    /// As a fault of the document, with the code that wrong content has there.
    pub(super) fn into_error(self, content: impl FnOnce(String) -> BundleError) -> BundleError {
        match self {
            Refusal::Document(fault) => fault,
            Refusal::Content(message) => content(message),
        }
    }
}

/// The bounds of one document, which may be read in parts.
#[derive(Default)]
pub(super) struct StrictRead {
    values: Cell<usize>,
    /// What the parser's own error cannot carry.
    fault: RefCell<Option<StrictFault>>,
    /// Where the error is: the steps to it, the last one first.
    path: RefCell<Vec<PathStep>>,
    /// A field that a type does not have is a fault; else it is overlooked.
    is_exact: Cell<bool>,
}

enum StrictFault {
    Document(BundleError),
    UnknownField,
}

enum PathStep {
    Key(String),
    At(usize),
}

impl StrictRead {
    /// From here on only fields that the types have are read.
    pub(super) fn exactly(&self) {
        self.is_exact.set(true);
    }

    /// Reads a value that stands `depth` objects and lists deep in the document, at a path.
    pub(super) fn read<'de, T: Deserialize<'de>>(&self, text: &'de str, depth: usize, at: &str) -> Result<T, Refusal> {
        let mut parser = serde_json::Deserializer::from_str(text);
        let value = T::deserialize(Strict {
            inner: &mut parser,
            reading: self,
            depth,
        });
        value
            .and_then(|value| parser.end().map(|()| value))
            .map_err(|error| self.refusal(&error, at))
    }

    fn refusal(&self, error: &serde_json::Error, at: &str) -> Refusal {
        let path = self.take_path(at);
        match self.fault.take() {
            Some(StrictFault::Document(fault)) => Refusal::Document(fault),
            Some(StrictFault::UnknownField) => {
                Refusal::Content(format!("{path} is a field that format {FORMAT} does not have"))
            }
            None => match error.classify() {
                Category::Data => Refusal::Content(format!("{path} cannot be read: {}", words(error))),
                _ => Refusal::Document(truncated(error)),
            },
        }
    }

    fn take_path(&self, at: &str) -> String {
        let mut path = at.to_owned();
        for step in self.path.take().into_iter().rev() {
            match step {
                PathStep::At(index) => path.push_str(&format!("[{index}]")),
                PathStep::Key(key) if path.is_empty() => path = key,
                PathStep::Key(key) => path.push_str(&format!(".{key}")),
            }
        }
        path
    }

    fn fail<E: de::Error>(&self, fault: StrictFault) -> E {
        self.fault.replace(Some(fault));
        E::custom("see the fault")
    }

    /// Adds a step to the path of an error on its way out.
    fn within<T, E>(&self, result: Result<T, E>, step: impl FnOnce() -> PathStep) -> Result<T, E> {
        if result.is_err() {
            self.path.borrow_mut().push(step());
        }
        result
    }

    fn count<E: de::Error>(&self) -> Result<(), E> {
        self.values.set(self.values.get() + 1);
        match self.values.get() {
            ..=MAX_VALUES => Ok(()),
            _ => Err(self.fail(StrictFault::Document(BundleError::TooMany))),
        }
    }
}

/// Text that is no JSON, or not all of it.
pub(super) fn truncated(error: &serde_json::Error) -> BundleError {
    BundleError::Truncated {
        message: error.to_string(),
    }
}

/// An error without the line and column, which are those of a part.
fn words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ")
        .map_or(text.clone(), |(words, _)| words.to_owned())
}
