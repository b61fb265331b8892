use std::time::{Duration, Instant};

use super::*;

fn parse(json: &str) -> TextMap {
    serde_json::from_str(json).unwrap()
}

#[test]
fn other_types_become_their_json_and_null_is_left_out() {
    let map = parse(r#"{"a":"1","\u0062":null,"c":true,"d":{"x":[1]},"":"empty"}"#);
    assert_eq!(map.keys().collect::<Vec<_>>(), ["a", "c", "d", ""]);
    assert_eq!(
        (map.get("a"), map.get("b"), map.get("c")),
        (Some("1"), None, Some("true"))
    );
    assert_eq!((map.get("d"), map.get("")), (Some(r#"{"x":[1]}"#), Some("empty")));
    assert!(parse("null").is_empty());
    assert!(serde_json::from_str::<TextMap>("[]").is_err());
}

#[test]
fn the_last_value_of_a_name_wins() {
    let map = parse(r#"{"a":"1","n":null,"a":1e2,"b":"2","b":null}"#);
    assert_eq!(serde_json::to_string(&map).unwrap(), r#"{"a":"1e2"}"#);
    assert_eq!((map.len(), map.contains_key("b")), (1, false));
    assert_eq!(serde_json::to_string(&TextMap::new()).unwrap(), "{}");
}

#[test]
fn changes_keep_the_other_entries() {
    let mut map = TextMap::from([("a", "1"), ("b", "2"), ("c", "3")]);
    map.insert("b", "two");
    assert!(map.remove("a") && !map.remove("a"));
    assert_eq!(serde_json::to_string(&map).unwrap(), r#"{"b":"two","c":"3"}"#);
    assert_eq!(map, TextMap::from([("c", "3"), ("b", "two")]));
    assert_ne!(map, TextMap::from([("b", "two")]));
    assert_eq!(
        map.into_iter().collect::<Vec<_>>(),
        [
            ("b".to_owned(), "two".to_owned()),
            ("c".to_owned(), "3".to_owned())
        ]
    );
}

#[test]
fn large_maps_agree_with_small_ones() {
    let name = |number: usize| format!("name{number}");
    let mut map: TextMap = (0..100).map(|number| (name(number), "x")).collect();
    for number in (0..100).step_by(2) {
        assert!(map.remove(&name(number)));
    }
    map.extend((0..100).map(|number| (name(number), number.to_string())));
    assert_eq!(
        (map.len(), map.iter().len(), map.iter().rev().count()),
        (100, 100, 100)
    );
    for number in 0..100 {
        assert_eq!(map.get(&name(number)), Some(number.to_string().as_str()));
    }
    let copy = parse(&serde_json::to_string(&map).unwrap());
    assert_eq!((&copy, copy.keys().next()), (&map, Some("name1")));
    let mut map = copy;
    let mut left: Vec<_> = map.keys().map(str::to_owned).collect();
    for name in left
        .clone()
        .iter()
        .enumerate()
        .filter(|(place, _)| place % 7 != 3)
        .map(|(_, name)| name)
    {
        assert!(map.remove(name) && !map.remove(name));
        left.retain(|other| other != name);
        assert!(map.keys().eq(&left) && map.keys().rev().eq(left.iter().rev()));
        assert_eq!(map.iter().len(), left.len());
    }
    let repeated = format!("{{{}}}", vec![r#""a":null,"a":"1""#; 200].join(","));
    assert_eq!(parse(&repeated), TextMap::from([("a", "1")]));
}

#[test]
fn a_copy_of_a_large_map_keeps_its_removals_and_order() {
    let names: Vec<_> = (0..100).map(|number| format!("name{number}")).collect();
    let mut map: TextMap = names.iter().map(|name| (name, "x")).collect();
    // A third, so that the entries aren't copied.
    let (taken, mut left): (Vec<&str>, Vec<&str>) = names
        .iter()
        .map(String::as_str)
        .partition(|name| name.ends_with(['0', '4', '7']));
    assert!(taken.iter().all(|name| map.remove(name)));
    assert_eq!(map.removed, taken.len());

    let mut copy = map.clone();
    assert_eq!(copy, map);
    assert!(copy.keys().eq(left.iter().copied()));
    assert!(
        taken
            .iter()
            .all(|name| !copy.contains_key(name) && !copy.remove(name))
    );

    // What is added again comes last.
    for name in taken {
        copy.insert(name, "again");
        left.push(name);
    }
    assert!(copy.keys().eq(left.iter().copied()) && copy.keys().rev().eq(left.iter().rev().copied()));
    let values = left.iter().map(|name| copy.get(name));
    assert!(copy.iter().map(|(_, value)| Some(value)).eq(values));
    assert_eq!((copy.len(), map.len()), (100, 70));
    assert_ne!(copy, map);
}

/// How long this thread has had a processor, or since `start`, where the system doesn't count it: it reads 0 then.
fn processor_time(start: Instant) -> Duration {
    let nanoseconds = std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse().ok())
        .filter(|nanoseconds| *nanoseconds > 0);
    nanoseconds.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// Removes the first name or the last one until none is left, the last one in every third step.
fn empty_from_both_ends(mut map: TextMap) {
    let mut names: std::collections::VecDeque<String> = map.keys().map(str::to_owned).collect();
    while let Some(name) = if names.len().is_multiple_of(3) {
        names.pop_back()
    } else {
        names.pop_front()
    } {
        assert!(map.remove(&name) && !map.contains_key(&name));
        let (first, last) = (map.keys().next(), map.keys().next_back());
        assert_eq!(
            (first, last),
            (
                names.front().map(String::as_str),
                names.back().map(String::as_str)
            )
        );
    }
    assert_eq!((map.len(), map.removed, map.entries.len()), (0, 0, 0));
    map.insert("after", "all");
    assert_eq!(map, TextMap::from([("after", "all")]));
}

#[test]
fn time_grows_with_the_number_of_names() {
    let start = Instant::now();
    let time = |count: usize| {
        let before = processor_time(start);
        let mut map: TextMap = (0..count).map(|n| (format!("name{n}"), "value")).collect();
        let json = serde_json::to_string(&map).unwrap();
        assert_eq!(parse(&json), map);
        let copy: TextMap = map.iter().collect();
        map.extend(copy.iter().map(|(name, _)| (name, "a longer value")));
        assert_ne!(copy, map);
        assert!(copy.keys().all(|name| map.remove(name)) && map.is_empty());
        let nulls: Vec<_> = copy.keys().map(|name| format!("\"{name}\":null")).collect();
        let removed = format!("{},{}}}", json.trim_end_matches('}'), nulls.join(","));
        assert!(parse(&removed).is_empty());
        empty_from_both_ends(copy);
        // A thread that has just begun may have no time counted yet.
        processor_time(start).saturating_sub(before)
    };
    time(1_000);
    // Quadratic work would take sixteen times as long.
    let (short, long) = (time(10_000), time(40_000));
    assert!(
        long < short * 10 + Duration::from_millis(50),
        "{short:?} {long:?}"
    );
}

#[test]
fn a_reference_iterates_over_names_and_values() {
    let map = TextMap::from([("b", "1"), ("a", "2")]);
    let mut pairs = Vec::new();
    for (name, value) in &map {
        pairs.push((name, value));
    }
    assert_eq!(pairs, [("b", "1"), ("a", "2")]);
    let mut entries = map.iter();
    assert_eq!((entries.len(), entries.next_back()), (2, Some(("a", "2"))));
    assert_eq!(format!("{entries:?}"), r#"{"b"}"#);
}
