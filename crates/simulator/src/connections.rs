//! Pages: keyset on a time and a number, silent cap at 100, exclusivities, cursors (§2.1, §2.2).

use super::ids::{self, BadCursor};
use super::node::{Failure, Node};
use super::variables::Arguments;
use jiff::Timestamp;

pub(super) type Key = (Timestamp, u32);

/// Builds the connection of `keys`, sorted here; `node` shows one of them.
pub(super) fn connection(
    type_name: &'static str,
    edge_name: &'static str,
    mut keys: Vec<Key>,
    arguments: &Arguments,
    node: impl Fn(u32) -> Node,
) -> Result<Node, Failure> {
    let asked = Asked::read(arguments)?;
    let order = |one: &Key, other: &Key| if asked.descending { other.cmp(one) } else { one.cmp(other) };
    keys.sort_unstable_by(order);
    keys.retain(|key| {
        asked.after.is_none_or(|after| order(key, &after).is_gt())
            && asked.before.is_none_or(|before| order(key, &before).is_lt())
    });
    let more = keys.len() > asked.limit;
    if asked.backwards {
        keys.drain(..keys.len().saturating_sub(asked.limit));
    } else {
        keys.truncate(asked.limit);
    }
    let next = if asked.before.is_some() { true } else { !asked.backwards && more };
    let previous = if asked.after.is_some() { true } else { asked.backwards && more };
    let cursor = |key: Option<&Key>| Node::from(key.map(|(at, number)| ids::cursor(*at, *number)));
    let page = Node::fields(
        "PageInfo",
        vec![
            ("hasNextPage", next.into()),
            ("hasPreviousPage", previous.into()),
            ("startCursor", cursor(keys.first())),
            ("endCursor", cursor(keys.last())),
        ],
    );
    let edge =
        |key: &Key| Node::fields(edge_name, vec![("cursor", cursor(Some(key))), ("node", node(key.1))]);
    Ok(Node::fields(
        type_name,
        vec![
            ("pageInfo", page),
            ("nodes", Node::list(keys.iter().map(|key| node(key.1)))),
            ("edges", Node::list(keys.iter().map(edge))),
        ],
    ))
}

struct Asked {
    limit: usize,
    after: Option<Key>,
    before: Option<Key>,
    /// Fetched from the end, then put back in order.
    backwards: bool,
    descending: bool,
}

const PAGE: i64 = 100;

impl Asked {
    fn read(arguments: &Arguments) -> Result<Asked, Failure> {
        let (first, last) = (arguments.integer("first"), arguments.integer("last"));
        let (after, before) = (arguments.text("after"), arguments.text("before"));
        for (one, other, names) in [
            (first.is_some(), last.is_some(), r#""first" and "last""#),
            (before.is_some(), after.is_some(), r#""before" and "after""#),
        ] {
            if one && other {
                return Err(Failure::new("bad_request", format!("Arguments {names} are exclusive")));
            }
        }
        let descending = arguments.text("order") == Some("DESC");
        if descending && last.is_some() {
            let message = r#"Argument "last" is not supported with order "desc""#;
            return Err(Failure::new("bad_request", message));
        }
        Ok(Asked {
            descending,
            limit: usize::try_from(first.or(last).unwrap_or(PAGE).clamp(0, PAGE)).unwrap_or(0),
            backwards: last.is_some() || before.is_some(),
            after: after.map(key).transpose()?,
            before: before.map(key).transpose()?,
        })
    }
}

fn key(cursor: &str) -> Result<Key, Failure> {
    ids::read_cursor(cursor).map_err(|bad| match bad {
        BadCursor::NotBase64 => {
            Failure { message: format!("Invalid input: {cursor:?}"), code: None, status: None }
        }
        BadCursor::Garbage => Failure { status: Some(400), ..Failure::new("bad_request", "invalid date") },
    })
}
