//! Words that the messages of several checks use.

/// Nodes in words.
pub(super) fn counted_nodes(count: usize) -> String {
    if count == 1 { "1 node".to_owned() } else { format!("{count} nodes") }
}
