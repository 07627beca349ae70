//! Text put around and into a text.

/// What a mutant puts around a part of the text: `before` and `after` it. `own` is where in `before` its own
/// text stands.
#[derive(Debug)]
pub struct Edit {
    pub id: usize,
    pub from: usize,
    pub to: usize,
    pub before: String,
    pub after: String,
    pub own: (usize, usize),
}

/// Where a mutant stands in the text that was rewritten.
#[derive(Debug)]
pub struct Place {
    pub id: usize,
    pub own: (usize, usize),
    pub around: (usize, usize),
}

/// The text with all edits. Parts lie in each other or apart; of edits of one part the first is the
/// outermost.
pub fn applied(text: &str, edits: Vec<Edit>) -> (String, Vec<Place>) {
    // (position, ends first, inner ends first and outer beginnings first, edit)
    let mut points: Vec<(usize, u8, isize, usize)> = Vec::new();
    for (at, edit) in edits.iter().enumerate() {
        let (length, order) = ((edit.to - edit.from) as isize, at as isize);
        points.push((edit.from, 1, -length * 10_000 + order, at));
        points.push((edit.to, u8::from(length == 0) * 2, length * 10_000 - order, at));
    }
    points.sort_unstable();
    let mut out = String::new();
    let mut places: Vec<Place> =
        edits.iter().map(|edit| Place { id: edit.id, own: (0, 0), around: (0, 0) }).collect();
    let mut done = 0;
    for (position, kind, _, at) in points {
        out.push_str(&text[done..position]);
        done = position;
        let (edit, place) = (&edits[at], &mut places[at]);
        if kind == 1 {
            place.around.0 = out.len();
            place.own = (out.len() + edit.own.0, out.len() + edit.own.1);
            out.push_str(&edit.before);
        } else {
            out.push_str(&edit.after);
            place.around.1 = out.len();
        }
    }
    out.push_str(&text[done..]);
    (out, places)
}
