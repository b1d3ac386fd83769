//! Who may use which page: the one table.
//!
//! Each row names a page by the id under which it is registered. A page without a row is closed to everyone, and a
//! test fails. `docs/ACCESS.md` is printed from this table.

use std::fmt::Write;

use stillwater_care::roles::Role;
pub use stillwater_clinic::membership::may_open_chart;

use super::Principal;
use crate::http::route::Entry;

/// Who a row lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everyone, signed in or not.
    Anyone,
    /// Those who hold one of these roles.
    Roles(&'static [Role]),
}

/// One line of the access table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The page's id.
    pub id: &'static str,
    /// Who may use it.
    pub who: Who,
}

/// Everyone who is signed in.
pub const SIGNED_IN: Who = Who::Roles(&Role::ALL);
/// Everyone with an account of the clinic.
pub const STAFF: Who = Who::Roles(&[Role::Guide, Role::Prescriber, Role::Manager, Role::Administrator]);
/// Those who may see charts, if they are also on the care team.
pub const CHART: Who = Who::Roles(&[Role::Guide, Role::Prescriber, Role::Manager]);
/// Those who treat.
pub const CLINICAL: Who = Who::Roles(&[Role::Guide, Role::Prescriber]);
/// Those who decide on eligibility, orders and doses.
pub const PRESCRIBER: Who = Who::Roles(&[Role::Prescriber]);
/// Those who manage people and access.
pub const ADMINISTRATOR: Who = Who::Roles(&[Role::Administrator]);
/// The person treated.
pub const PATIENT: Who = Who::Roles(&[Role::Patient]);
/// The adult beside them.
pub const COMPANION: Who = Who::Roles(&[Role::Companion]);
/// Both phones.
pub const PHONES: Who = Who::Roles(&[Role::Patient, Role::Companion]);

const fn row(id: &'static str, who: Who) -> Row {
    Row { id, who }
}

/// The access table of the plumbing; the rooms add theirs in [`table`].
const PLUMBING: &[Row] = &[
    row("start", Who::Anyone),
    row("health", Who::Anyone),
    row("asset", Who::Anyone),
    row("sign-in", Who::Anyone),
    row("sign-in.send", Who::Anyone),
    row("sign-out", SIGNED_IN),
    row("link", Who::Anyone),
    row("link.use", Who::Anyone),
    row("password", Who::Roles(&[Role::Patient, Role::Guide, Role::Prescriber, Role::Manager, Role::Administrator])),
    row(
        "password.send",
        Who::Roles(&[Role::Patient, Role::Guide, Role::Prescriber, Role::Manager, Role::Administrator]),
    ),
    row("help", Who::Anyone),
    row("pause", PHONES),
    row("leave", PHONES),
    row("draft.save", SIGNED_IN),
    #[cfg(debug_assertions)]
    row("look", Who::Anyone),
];

/// Every row, room by room. A new room adds its own slice here.
pub fn table() -> impl Iterator<Item = &'static Row> {
    let rooms = [
        PLUMBING,
        crate::live::ACCESS,
        crate::staff::ACCESS,
        crate::programme::ACCESS,
        crate::library::ACCESS,
        crate::staff::session::ACCESS,
        crate::patient::session::ACCESS,
        crate::companion::ACCESS,
        crate::patient::ACCESS,
        crate::demo_clock::ACCESS,
    ];
    rooms.into_iter().flatten()
}

/// Whether the table lets this visitor use the page. A page without a row is closed.
#[must_use]
pub fn allows(id: &str, principal: Option<&Principal>) -> bool {
    table().find(|row| row.id == id).is_some_and(|row| match row.who {
        Who::Anyone => true,
        Who::Roles(roles) => principal.is_some_and(|person| roles.iter().any(|role| person.is(*role))),
    })
}

/// What is wrong between the routes and the table: routes without a row, rows without a route, rows given twice.
#[must_use]
pub fn gaps(entries: &[Entry]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in entries {
        if !table().any(|row| row.id == entry.id) {
            found.push(format!("{} {} ({}) has no row in the access table", entry.method, entry.path, entry.id));
        }
    }
    for (index, row) in table().enumerate() {
        if !entries.iter().any(|entry| entry.id == row.id) {
            found.push(format!("the access table names `{}`, which is no registered route", row.id));
        }
        if table().take(index).any(|earlier| earlier.id == row.id) {
            found.push(format!("the access table names `{}` twice", row.id));
        }
    }
    found
}

/// The access table as Markdown, one line for each registered route. Routes that exist in debug builds only are left out.
#[must_use]
pub fn markdown(entries: &[Entry]) -> String {
    let mut text = String::from(
        "# Who may use which page\n\nPrinted from the access table; do not edit. *Chart pages ask one thing more: staff must be on the patient's care team, \
         and patients and companions are held to their own patient.*\n\n| page | route | not signed in |",
    );
    for role in Role::ALL {
        let _ = write!(text, " {} |", role.word());
    }
    text.push_str("\n| --- | --- | :-: |");
    text.push_str(&" :-: |".repeat(Role::ALL.len()));
    text.push('\n');
    let mut sorted: Vec<&Entry> = entries.iter().filter(|entry| entry.id != "look").collect();
    sorted.sort_by_key(|entry| (entry.path, entry.method));
    for entry in sorted {
        let who = table().find(|row| row.id == entry.id).map_or(Who::Roles(&[]), |row| row.who);
        let mark = |yes: bool| if yes { "yes" } else { "–" };
        let _ = write!(text, "| {} | `{} {}` | {} |", entry.id, entry.method, entry.path, mark(who == Who::Anyone));
        for role in Role::ALL {
            let yes = match who {
                Who::Anyone => true,
                Who::Roles(roles) => roles.contains(&role),
            };
            let _ = write!(text, " {} |", mark(yes));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use stillwater_care::ids::StaffId;
    use stillwater_clinic::Subject;
    use uuid::Uuid;

    use super::*;

    const STAFF_ID: StaffId = StaffId(Uuid::from_u128(3));

    fn person(subject: Subject, roles: &[Role]) -> Principal {
        Principal { subject, roles: roles.to_vec(), name: "Example".into(), session: [0; 32] }
    }

    #[test]
    fn a_page_without_a_row_is_closed_to_everyone() {
        let everyone = person(Subject::Staff(STAFF_ID), &Role::ALL);
        assert!(!allows("a page that is not in the table", Some(&everyone)));
        assert!(!allows("sign-out", None));
        assert!(allows("sign-out", Some(&everyone)));
    }

    #[test]
    fn a_route_without_a_row_and_a_row_without_a_route_are_both_found() {
        let stray = Entry { id: "stray", method: "GET", path: "/stray" };
        let found = gaps(&[stray]);
        assert!(found.iter().any(|line| line.contains("/stray")));
        assert!(found.iter().any(|line| line.contains("`sign-in`")));
    }
}
