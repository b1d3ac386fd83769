//! What a chart holds in growing lists, so that a copy of a chart costs little: the copy shares every entry with the chart
//! that it was made from, and only the list that grows afterwards is its own.

use std::iter::Map;
use std::slice::Iter;
use std::sync::Arc;

use super::Entry;
use crate::ids::EventId;

/// Entries of one kind, in the order in which they were recorded.
#[derive(Debug, PartialEq)]
pub struct Entries<T>(Arc<Vec<Arc<Entry<T>>>>);

type Shared<T> = fn(&Arc<Entry<T>>) -> &Entry<T>;

impl<T> Entries<T> {
    /// All of them, oldest first.
    pub fn iter(&self) -> Map<Iter<'_, Arc<Entry<T>>>, Shared<T>> {
        self.0.iter().map(|entry| &**entry)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first one.
    #[must_use]
    pub fn first(&self) -> Option<&Entry<T>> {
        self.0.first().map(|entry| &**entry)
    }

    /// The newest one.
    #[must_use]
    pub fn last(&self) -> Option<&Entry<T>> {
        self.0.last().map(|entry| &**entry)
    }

    /// Changes the entries that `which` picks.
    pub(crate) fn change(&mut self, which: impl Fn(&Entry<T>) -> bool, change: impl Fn(&mut Entry<T>))
    where
        T: Clone,
    {
        for entry in Arc::make_mut(&mut self.0).iter_mut().filter(|entry| which(entry)) {
            change(Arc::make_mut(entry));
        }
    }

    /// Adds one.
    pub(crate) fn push(&mut self, entry: Entry<T>) {
        Arc::make_mut(&mut self.0).push(Arc::new(entry));
    }
}

impl<T> Clone for Entries<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<'e, T> IntoIterator for &'e Entries<T> {
    type Item = &'e Entry<T>;
    type IntoIter = Map<Iter<'e, Arc<Entry<T>>>, Shared<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The ids of all events of a chart, sorted, so that a command sent twice is known. Ids begin with the time, so a new one
/// nearly always goes to the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventIds(Vec<EventId>);

impl EventIds {
    /// Whether an event is in the chart.
    #[must_use]
    pub fn contains(&self, id: &EventId) -> bool {
        self.0.binary_search(id).is_ok()
    }

    /// All of them, sorted.
    pub fn iter(&self) -> Iter<'_, EventId> {
        self.0.iter()
    }

    pub(crate) fn insert(&mut self, id: EventId) {
        if let Err(place) = self.0.binary_search(&id) {
            self.0.insert(place, id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roles::Actor;
    use jiff::Timestamp;
    use uuid::Uuid;

    fn entry(n: u64) -> Entry<u64> {
        let id = EventId(Uuid::from_u128(n.into()));
        Entry { id, seq: n, occurred_at: Timestamp::UNIX_EPOCH, actor: Actor::Patient, value: n }
    }

    #[test]
    fn a_copy_shares_what_was_there_and_grows_alone() {
        let mut one = Entries::default();
        one.push(entry(1));
        one.push(entry(2));
        let mut other = one.clone();
        other.push(entry(3));
        assert_eq!(one.iter().map(|e| e.value).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(other.iter().rev().map(|e| e.value).collect::<Vec<_>>(), [3, 2, 1]);
        assert!(std::ptr::eq(one.last().unwrap(), other.iter().nth(1).unwrap()));
        assert_eq!(
            (other.len(), other.first().map(|e| e.value), Entries::<u64>::default().is_empty()),
            (3, Some(1), true)
        );
    }

    #[test]
    fn ids_are_known_whatever_the_order_in_which_they_came() {
        let id = |n: u128| EventId(Uuid::from_u128(n));
        let mut ids = EventIds::default();
        for n in [5, 1, 9, 5] {
            ids.insert(id(n));
        }
        assert_eq!(ids.iter().copied().collect::<Vec<_>>(), [id(1), id(5), id(9)]);
        assert!(ids.contains(&id(9)) && !ids.contains(&id(2)));
    }
}
