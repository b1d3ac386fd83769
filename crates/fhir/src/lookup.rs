//! The resources of one bundle, by the names under which others refer to them.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use crate::value::{list, text};

/// What other entries are looked up by.
#[derive(Default)]
pub struct Lookup<'b> {
    by_reference: BTreeMap<String, &'b Value>,
    /// Resources that another one names, by where they stand in memory.
    named: HashSet<*const Value>,
}

impl<'b> Lookup<'b> {
    /// Adds a resource under one of its names. Where two resources claim a name, the first keeps it.
    pub fn add(&mut self, name: &str, resource: &'b Value) {
        self.by_reference.entry(name.to_owned()).or_insert(resource);
    }

    /// Notes that a resource names another one.
    pub fn note(&mut self, holder: &'b Value, reference: &str) {
        if let Some(resource) = self.find(holder, reference) {
            self.named.insert(std::ptr::from_ref(resource));
        }
    }

    /// Whether another resource names this one.
    pub fn is_named(&self, resource: &Value) -> bool {
        self.named.contains(&std::ptr::from_ref(resource))
    }

    /// The resource that a reference names, in the bundle or contained in `holder`.
    pub fn find(&self, holder: &'b Value, reference: &str) -> Option<&'b Value> {
        if let Some(id) = reference.strip_prefix('#') {
            return list(holder, "contained").iter().find(|contained| text(contained, "id") == id);
        }
        // `https://…/fhir/Medication/7/_history/2` and `Medication/7` name the same resource.
        let path = reference.split("/_history/").next().unwrap_or(reference);
        let mut parts = path.rsplit('/');
        let relative = parts.next().zip(parts.next()).map(|(id, kind)| format!("{kind}/{id}"));
        self.by_reference.get(reference).or_else(|| self.by_reference.get(&relative?)).copied()
    }
}
