//! Where a stream ends, and where the whole log does.

/// Where a stream ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The last event's position.
    pub seq: u64,
    /// The last event's hash.
    pub hash: [u8; 32],
    /// Whether the key has been destroyed.
    pub erased: bool,
}

/// Where the whole log ends. Noted elsewhere, it shows later whether an older copy was put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogHead {
    /// How many events have ever been recorded.
    pub gid: u64,
    /// The hash over all of them in order.
    pub hash: [u8; 32],
}
