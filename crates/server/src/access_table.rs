//! Who may use which page, printed from what each route says where it is registered.

use std::fmt::Write;

use stillwater_care::roles::Role;

use crate::auth::access::Who;
use crate::http::route::Entry;

/// Routes of one name, which would stand as one page in the table.
#[must_use]
pub fn name_clashes(entries: &[Entry]) -> Vec<String> {
    let repeated = |(index, entry): (usize, &Entry)| {
        let earlier = entries.iter().take(index).any(|earlier| earlier.id == entry.id);
        earlier.then(|| format!("two routes are called `{}`; one of them is {} {}", entry.id, entry.method, entry.path))
    };
    entries.iter().enumerate().filter_map(repeated).collect()
}

/// The access table as Markdown, one line for each registered route. Routes that exist in debug builds only are left out.
#[must_use]
pub fn markdown(entries: &[Entry]) -> String {
    let mut text = String::from(
        "# Who may use which page\n\nPrinted from what each route says where it is registered; do not edit. *Chart pages ask one thing more: staff must be on the patient's care team, \
         and patients and companions are held to their own patient.*\n\n| page | route | not signed in |",
    );
    for role in Role::ALL {
        let _ = write!(text, " {} |", role.code());
    }
    text.push_str("\n| --- | --- | :-: |");
    text.push_str(&" :-: |".repeat(Role::ALL.len()));
    text.push('\n');
    let mut sorted: Vec<&Entry> = entries.iter().filter(|entry| entry.id != "look").collect();
    sorted.sort_by_key(|entry| (entry.path, entry.method));
    for entry in sorted {
        let mark = |yes: bool| if yes { "yes" } else { "–" };
        let _ =
            write!(text, "| {} | `{} {}` | {} |", entry.id, entry.method, entry.path, mark(entry.who == Who::Anyone));
        for role in Role::ALL {
            let yes = match entry.who {
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
    use super::*;

    #[test]
    fn two_routes_of_one_name_are_found() {
        let entry = |path| Entry { id: "stray", method: "GET", path, who: Who::Anyone };
        assert_eq!(name_clashes(&[entry("/stray")]), Vec::<String>::new());
        assert!(name_clashes(&[entry("/stray"), entry("/elsewhere")]).iter().any(|line| line.contains("/elsewhere")));
    }
}
