//! Tables fit the terminal they are drawn for: no line is longer, no cell wraps, no number is cut, and what
//! had no room is named.

use eksnet::render::{
    Cell, Column, Document, Grid, Letters, Role, Screen, Styling, Tone, write_table,
};
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr as _;

fn on(width: usize) -> Screen {
    Screen { width: Some(width), ..Screen::FILE }
}

fn drawn(grid: Grid, screen: Screen) -> String {
    let mut document = Document::default();
    document.grid(grid);
    let mut out = Vec::new();
    write_table(&document, screen, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Columns of a narrow table: an id and its name, two facts.
fn subnets() -> Grid {
    let mut grid = Grid::new(&["SUBNET", "NAME", "ZONE", "#FREE"])
        .named("SUBNET", "NAME")
        .ranked(&[3, 0, 2, 1]);
    for (id, name, free) in [
        ("subnet-0d0246ccae9901243", "harbour-nodes-eu-central-1a", 1234_u32),
        ("subnet-0d0246ffae9901243", "harbour-nodes-eu-central-1b", 56),
        ("subnet-0cd349f1b7df15324", "", 0),
    ] {
        grid.push(vec![
            Cell::new(id),
            Cell::new(name),
            Cell::new("eu-central-1a"),
            Cell::new(free),
        ]);
    }
    grid
}

#[test]
fn a_file_has_room_for_everything() {
    let text = drawn(subnets(), Screen::FILE);
    assert_eq!(
        text,
        "SUBNET                    NAME                         ZONE            FREE\n\
         subnet-0d0246ccae9901243  harbour-nodes-eu-central-1a  eu-central-1a  1,234\n\
         subnet-0d0246ffae9901243  harbour-nodes-eu-central-1b  eu-central-1a     56\n\
         subnet-0cd349f1b7df15324  -                            eu-central-1a      0\n"
    );
}

#[test]
fn ids_are_shortened_to_what_tells_them_apart() {
    assert_eq!(
        drawn(subnets(), on(70)),
        "SUBNET           NAME                         ZONE            FREE\n\
         subnet-0d0246c…  harbour-nodes-eu-central-1a  eu-central-1a  1,234\n\
         subnet-0d0246f…  harbour-nodes-eu-central-1b  eu-central-1a     56\n\
         subnet-0cd349f…  -                            eu-central-1a      0\n"
    );
}

#[test]
fn a_name_stands_for_an_id_and_an_id_for_a_name_that_is_not_there() {
    assert_eq!(
        drawn(subnets(), on(40)),
        "NAME                          FREE\n\
         harbour-nodes-eu-central-1a  1,234\n\
         harbour-nodes-eu-central-1b     56\n\
         subnet-0cd349f…                  0\n\
         hidden: SUBNET, ZONE (-o wide shows all\n  columns)\n"
    );
    // Two subnets of one name: the id says which is which.
    let mut grid = subnets();
    for row in &mut grid.rows {
        row[1] = Cell::new("nodes");
    }
    assert_eq!(
        drawn(grid, on(24)),
        "SUBNET           NAME\n\
         subnet-0d0246c…  nodes\n\
         subnet-0d0246f…  nodes\n\
         subnet-0cd349f…  nodes\n\
         hidden: ZONE, FREE (-o\n  wide shows all\n  columns)\n"
    );
}

#[test]
fn signs_of_colours_stand_beside_them_and_colours_can_be_read_on_white() {
    let mut grid = Grid::new(&["STATUS"]);
    for (word, tone) in [("critical", Tone::Bad), ("warning", Tone::Warn), ("ok", Tone::Good)] {
        grid.push(vec![Cell::new(word).marked(tone)]);
    }
    let screen = Screen { styling: Styling::Colour, ..Screen::FILE };
    assert_eq!(
        drawn(grid.clone(), screen),
        "\u{1b}[1mSTATUS\u{1b}[0m\n\u{1b}[31m✖ critical\u{1b}[0m\n\u{1b}[33m▲ warning\u{1b}[0m\n\
         \u{1b}[32m✔ ok\u{1b}[0m\n"
    );
    let screen = Screen { letters: Letters::Ascii, headers: false, ..Screen::FILE };
    assert_eq!(drawn(grid, screen), "x critical\n! warning\n+ ok\n");
}

#[test]
fn wide_and_combining_letters_take_the_columns_that_a_terminal_gives_them() {
    let mut grid = Grid::new(&["NAME", "#N"]);
    for name in ["数据库子网", "e\u{301}te\u{301}", "🚀 prod", "👩‍👩‍👧", "plain"]
    {
        grid.push(vec![Cell::new(name), Cell::new(1)]);
    }
    let text = drawn(grid, Screen::FILE);
    for line in text.lines() {
        assert_eq!(line.width(), 13, "{line}");
    }
}

#[test]
fn a_line_under_a_row_and_long_lines_are_broken_between_words() {
    let mut document = Document::default();
    let mut grid = Grid::new(&["A", "B"]).untitled();
    grid.push(vec![Cell::new("one"), Cell::new("x")]);
    grid.line_under(Cell::new("    because of something rather long"));
    grid.push(vec![Cell::new("two"), Cell::new("y")]);
    document.grid(grid);
    document.line(Cell::new("a sentence of more than twenty letters"));
    let mut out = Vec::new();
    write_table(&document, on(20), &mut out).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "one  x\n    because of\n      something\n      rather long\ntwo  y\n\
         a sentence of more\n  than twenty\n  letters\n"
    );
}

#[test]
fn ten_thousand_rows_take_the_time_of_ten_thousand_rows() {
    let grid = |rows: u32| {
        let mut grid = Grid::new(&["SUBNET", "NAME", "#FREE"]).named("SUBNET", "NAME");
        for at in 0..rows {
            let id = format!("subnet-{at:017x}");
            grid.push(vec![Cell::new(id), Cell::new(format!("name {at}")), Cell::new(at)]);
        }
        grid
    };
    let time = |rows| {
        let grid = grid(rows);
        let once = || {
            let start = std::time::Instant::now();
            assert!(drawn(grid.clone(), on(30)).lines().count() > grid.rows.len());
            start.elapsed()
        };
        (0..3).map(|_| once()).min().unwrap()
    };
    // A time that grows with the square of the rows would be 100 times as long.
    let (few, many) = (time(1_000), time(10_000));
    assert!(many < few * 50 + std::time::Duration::from_secs(1), "{few:?} then {many:?}");
}

/// Texts as they come from outside: words, wide and combining letters, escape sequences, ids.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{0,12}",
        "[a-z0-9-]{0,60}",
        "[a-z ]{0,40}",
        "(subnet|i|eni)-[0-9a-f]{17}",
        "[日本語한국🚀é\u{301}\u{200d}\u{1b}\n]{0,20}",
        "\\PC{0,20}",
    ]
}

fn column() -> impl Strategy<Value = Column> {
    let titles = prop::sample::select(vec!["SUBNET", "NAME", "#FREE", "#/28", "A LONG TITLE", "X"]);
    let role = prop::sample::select(vec![Role::Fact, Role::Fact, Role::Id, Role::Name]);
    (titles, 0_u8..5, role).prop_map(|(title, rank, role)| Column {
        rank,
        role,
        ..Column::new(title)
    })
}

fn any_grid() -> impl Strategy<Value = Grid> {
    prop::collection::vec(column(), 1..8).prop_flat_map(|columns| {
        let cells: Vec<BoxedStrategy<Cell>> = columns
            .iter()
            .map(|column| {
                if column.numeric {
                    (0_u64..10_000_000).prop_map(Cell::new).boxed()
                } else {
                    text().prop_map(Cell::new).boxed()
                }
            })
            .collect();
        prop::collection::vec(cells, 0..8).prop_map(move |rows| {
            let mut grid = Grid::of(columns.clone());
            grid.rows = rows;
            grid
        })
    })
}

proptest! {
    #[test]
    fn no_line_is_longer_than_the_terminal_is_wide(grid in any_grid(), width in 20_usize..220) {
        let text = drawn(grid.clone(), on(width));
        let wide = drawn(grid.clone(), Screen::FILE);
        let lines: Vec<&str> = text.lines().collect();
        for line in &lines {
            prop_assert!(line.width() <= width, "{} > {width}: {line}", line.width());
        }
        // A line a row, and one of titles; what follows says what is hidden.
        let rows = grid.rows.len() + 1;
        let is_whole = wide.lines().all(|line| line.width() <= width);
        prop_assert!(lines.len() >= rows);
        prop_assert_eq!(lines.len() == rows || lines[rows].starts_with("hidden: "), true);
        // What has room is shown as it is.
        if is_whole {
            prop_assert_eq!(text, wide);
        }
    }

    #[test]
    fn a_number_is_shown_whole_or_not_at_all(grid in any_grid(), width in 20_usize..220) {
        let mut grid = grid;
        grid.columns.push(Column { rank: 0, ..Column::new("#LAST") });
        for (at, row) in grid.rows.iter_mut().enumerate() {
            row.push(Cell::new(1_000_000 + at));
        }
        let text = drawn(grid.clone(), on(width));
        let shown = text.lines().next().unwrap().ends_with("LAST");
        for (at, line) in text.lines().skip(1).take(grid.rows.len()).enumerate() {
            prop_assert_eq!(line.ends_with(&format!("1,000,00{at}")), shown, "{}", line);
        }
    }
}

/// What says the same of every row tells none apart: it goes before numbers, however little they weigh.
#[test]
fn columns_that_say_the_same_of_every_row_go_first() {
    let mut grid = Grid::new(&["SUBNET", "NAME", "OWNER", "#ENIS", "#ADDRESSES"])
        .named("SUBNET", "NAME")
        .ranked(&[3, 1, 0, 2, 0]);
    for (owner, enis) in [("vpc-cni", 12), ("elb", 3)] {
        let ids = ["subnet-0d0246ccae9901243", "harbour-nodes-eu-central-1a"].map(Cell::new);
        grid.push([&ids[..], &[Cell::new(owner), Cell::new(enis), Cell::new(enis)]].concat());
    }
    assert_eq!(
        drawn(grid.clone(), on(40)),
        "OWNER    ENIS  ADDRESSES\n\
         vpc-cni    12         12\n\
         elb         3          3\n\
         hidden: SUBNET, NAME (-o wide shows all\n  columns)\n"
    );
    // One row has nothing to be told apart from.
    grid.rows.pop();
    assert!(drawn(grid, on(60)).contains("harbour-nodes"));
}

/// Names that several ids share tell nothing apart: the id stays.
#[test]
fn an_id_stays_where_names_repeat() {
    let mut grid = Grid::new(&["NODE", "NAME", "#PODS"]).named("NODE", "NAME").ranked(&[8, 6, 1]);
    for (id, name, pods) in [
        ("i-0d0246ccae9901243", "harbour-workers-general", 7),
        ("i-1d0246ccae9901243", "harbour-workers-general", 9),
        ("i-2d0246ccae9901243", "harbour-workers-batch", 9),
    ] {
        grid.push(vec![Cell::new(id), Cell::new(name), Cell::new(pods)]);
    }
    let text = drawn(grid, on(24));
    assert!(text.starts_with("NODE     PODS\ni-0d02…     7\n"), "{text}");
}
