//! Commands that give somebody rights or a way in.

use crate::diagnostic::{Code, Severity::*};
use crate::kb::lint::statement::{Statement, blocks, unquoted};
use crate::kb::lint::{Check, Context, Excuse, Found, Lint};
use crate::kb::meaning::draft::Draft;
use crate::rules::language::issue::Risk;

pub(super) static LINTS: &[Lint] = &[Lint {
    code: Code {
        name: "grants-access",
        severity: Error,
        explanation: "Accounts, memberships of powerful groups, full access to mailboxes, rules that send mail on, \
        scheduled tasks and services are how attackers stay. A fix that needs one has `risk: high`, with all that this \
        asks for; where the risk is smaller, `allow` says why.",
        bad: "risk: low\n\nAdd-ADGroupMember -Identity \"Schema Admins\" -Members admin",
        good: "risk: high\n\nAdd-ADGroupMember -Identity \"Schema Admins\" -Members admin",
    },
    excuse: Excuse::WithReason,
    check: Check::Page(grants_access),
}];

fn grants_access(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    if draft.front.risk.value == Risk::High {
        return Vec::new();
    }
    let mut found = Vec::new();
    for block in blocks(draft, context) {
        for statement in &block.statements {
            if let Some((word, _)) = statement.command().filter(|_| is_grant(statement)) {
                let message = format!("`{}` gives rights, and the risk is not said to be high", word.text);
                found
                    .push(Found::at(block.span(word), message).help("say `risk: high`, or `allow` it with the reason"));
            }
        }
    }
    found
}

fn is_grant(statement: &Statement<'_>) -> bool {
    let says = |text: &str| statement.says(text);
    let any = |needle: &str| {
        let mut words = statement.arguments().iter();
        words.any(|word| unquoted(word.text).to_ascii_lowercase().contains(needle))
    };
    // The group, not the member: many accounts are called admin. What a log names may be any group.
    let group = ["-Identity", "-Group", "-Name", "-SID"]
        .iter()
        .find_map(|name| statement.value(name));
    let group = group.map_or(String::new(), |word| unquoted(word.text).to_ascii_lowercase());
    let is_powerful = || {
        let named = ["admin", "organization management", "exchange trusted subsystem"];
        let numbered = ["-544", "-512", "-518", "-519"];
        group.is_empty()
            || group.starts_with("{{")
            || named.iter().any(|name| group.contains(name))
            || numbered.iter().any(|end| group.ends_with(end))
    };
    match statement.name().as_str() {
        "net" => (says("user") || says("localgroup") || says("group")) && says("/add"),
        "add-localgroupmember" | "add-adgroupmember" | "add-rolegroupmember" => is_powerful(),
        "new-localuser" | "new-aduser" | "new-managementroleassignment" | "register-scheduledtask" | "new-service" => {
            true
        }
        "schtasks" => says("/create") || says("-create"),
        "sc" => says("create"),
        "add-mailboxpermission" => any("fullaccess"),
        "add-adpermission" => any("genericall") || any("ms-exch-smtp-accept-any") || any("anonymous"),
        "new-inboxrule" | "new-transportrule" | "set-inboxrule" | "set-transportrule" => {
            any("redirect") || any("forward")
        }
        "set-itemproperty" | "new-itemproperty" | "reg" => {
            any(r"\currentversion\run") && !says("query") && !says("export") && !says("delete")
        }
        name => name.starts_with("set-") && name.ends_with("virtualdirectory") && any("authentication"),
    }
}
