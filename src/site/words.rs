//! Names the few fixed values on the site.

use crate::kb::Downtime;
use crate::rules::language::issue::{Confidence, Risk, Severity, Status};
use crate::site::link::Named;

/// All severities, the worst first.
pub(crate) const SEVERITIES: [Severity; 5] = [
    Severity::Critical,
    Severity::High,
    Severity::Medium,
    Severity::Low,
    Severity::Info,
];

/// Id and name of a confidence.
pub(crate) fn confidence(confidence: Confidence) -> Named {
    match confidence {
        Confidence::High => Named {
            id: "high",
            text: "High",
        },
        Confidence::Medium => Named {
            id: "medium",
            text: "Medium",
        },
        Confidence::Low => Named { id: "low", text: "Low" },
    }
}

/// Id and name of a severity.
pub(crate) fn severity(severity: Severity) -> Named {
    match severity {
        Severity::Critical => Named {
            id: "critical",
            text: "Critical",
        },
        Severity::High => Named {
            id: "high",
            text: "High",
        },
        Severity::Medium => Named {
            id: "medium",
            text: "Medium",
        },
        Severity::Low => Named { id: "low", text: "Low" },
        Severity::Info => Named {
            id: "info",
            text: "Info",
        },
    }
}

/// What a severity means.
pub(crate) fn severity_meaning(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "The service is down and may lose data.",
        Severity::High => "The installation failed or the service is down.",
        Severity::Medium => "It works in part.",
        Severity::Low => "A nuisance.",
        Severity::Info => "Nothing is broken; good to know.",
    }
}

/// Id and name of the risk of a fix.
pub(crate) fn risk(risk: Risk) -> Named {
    match risk {
        Risk::Low => Named { id: "low", text: "Low" },
        Risk::Medium => Named {
            id: "medium",
            text: "Medium",
        },
        Risk::High => Named {
            id: "high",
            text: "High",
        },
    }
}

/// Id and name of what a fix interrupts.
pub(crate) fn downtime(downtime: Downtime) -> Named {
    match downtime {
        Downtime::None => Named {
            id: "none",
            text: "None",
        },
        Downtime::Services => Named {
            id: "services",
            text: "Services restart",
        },
        Downtime::Setup => Named {
            id: "setup",
            text: "Setup runs again",
        },
        Downtime::Restart => Named {
            id: "restart",
            text: "The server restarts",
        },
    }
}

/// What is said of a page that is not simply stable.
pub(crate) fn state(status: Status) -> Option<&'static str> {
    match status {
        Status::Stable => None,
        Status::Draft => Some("draft"),
        Status::Deprecated => Some("deprecated"),
    }
}
