//! Names what a host did wrong, and what is wrong with the data that it gave.

use crate::rules::bundle::BundleError;
use crate::rules::report::document;

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(super) struct Fault {
    /// Kebab-case, for programs: those of [`BundleError`], and the ones here.
    pub code: &'static str,
    /// For people.
    pub message: String,
}

impl Fault {
    fn new(code: &'static str, message: impl Into<String>) -> Fault {
        let message = message.into();
        Fault { code, message }
    }

    /// Not memory that the host was given and still has.
    pub fn buffer(at: usize, len: usize) -> Fault {
        Fault::new(
            "bad-buffer",
            format!("{len} bytes at {at} are not memory that was allocated"),
        )
    }

    pub fn memory(len: usize) -> Fault {
        Fault::new("no-memory", format!("there is no memory for {len} bytes"))
    }

    pub fn handle(handle: u32, what: &str) -> Fault {
        Fault::new("bad-handle", format!("{handle} is not the handle of a {what}"))
    }

    pub fn utf8(what: &str) -> Fault {
        Fault::new("bad-utf8", format!("the {what} is not UTF-8"))
    }

    pub fn number(what: &str) -> Fault {
        Fault::new("bad-number", format!("the {what} is not a decimal number"))
    }

    /// Called in the wrong order.
    pub fn order(message: &str) -> Fault {
        Fault::new("bad-order", message)
    }
}

impl Fault {
    /// As the host gets it.
    pub fn json(&self) -> String {
        document::json(self).unwrap_or_else(|_| r#"{"code": "internal", "message": ""}"#.to_owned())
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Fault {
        Fault::new("internal", error.to_string())
    }
}

impl From<BundleError> for Fault {
    fn from(error: BundleError) -> Fault {
        Fault::new(error.code(), error.to_string())
    }
}
