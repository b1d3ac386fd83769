//! The medicines of one bundle, by the names under which others refer to them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::reference::{canonical, names_of};
use crate::value::{list, text};

/// What other entries are looked up by.
pub struct Lookup<'b> {
    by_reference: BTreeMap<String, &'b Value>,
    /// The names by which an order, a statement or another medicine refers to one.
    named: BTreeSet<String>,
}

impl<'b> Lookup<'b> {
    /// Nothing to find yet, and the names by which medicines are referred to.
    pub fn of(named: BTreeSet<String>) -> Self {
        Self { by_reference: BTreeMap::new(), named }
    }

    /// Adds a resource under one of its names. Where two resources claim a name, the first keeps it.
    pub fn add(&mut self, name: &str, resource: &'b Value) {
        self.by_reference.entry(name.to_owned()).or_insert(resource);
    }

    /// Whether another resource names this one.
    pub fn is_named(&self, full_url: &str, resource: &Value) -> bool {
        names_of(full_url, resource).iter().any(|name| self.named.contains(name))
    }

    /// The resource that a reference names, in the bundle or contained in `holder`.
    pub fn find(&self, holder: &'b Value, reference: &str) -> Option<&'b Value> {
        if let Some(id) = reference.strip_prefix('#') {
            return list(holder, "contained")
                .iter()
                .find(|contained| text(contained, "id").trim_start_matches('#') == id);
        }
        self.by_reference.get(&canonical(reference)).copied()
    }
}
