//! Whether an answer is one whole XML document of the form that EC2 and STS answer in.
//!
//! The SDK reads XML as far as it goes and passes over what it does not know: a body that ends in the
//! middle of a list is a shorter list to it, and bytes lost in the middle join two rows, without an error
//! (seen with aws-sdk-ec2 1.274). So the document is read once more before. Beyond what XML itself asks
//! for, the services' documents keep rules that such damage breaks: an element holds text, or rows called
//! `item` or `member`, or fields of which each name comes once.

use std::ops::Range;

use quick_xml::{
    Reader,
    events::{BytesRef, Event},
};

use super::not_whole::NotWhole;

/// More fields than an element of any answer has; below it, looking each up among those before is quick.
const MOST_FIELDS: usize = 1_000;
/// Deeper than any answer goes.
const DEEPEST: usize = 64;

/// Checks a document with a root and, in it, an element that no such answer goes without.
pub(super) fn check(xml: &str, root: &str, needed: Option<&str>) -> Result<(), NotWhole> {
    let mut reader = Reader::from_str(xml);
    let mut open = Open::new(root, needed);
    loop {
        match reader.read_event().map_err(|error| NotWhole::again(error.to_string()))? {
            Event::Start(element) => open.start(element.name().as_ref())?,
            Event::Empty(element) => {
                open.start(element.name().as_ref())?;
                open.end();
            }
            Event::End(_) => open.end(),
            Event::Text(text) if text.trim_ascii().is_empty() => {}
            Event::Text(_) | Event::CData(_) => open.text()?,
            Event::GeneralRef(reference) => {
                check_reference(&reference)?;
                open.text()?;
            }
            Event::DocType(_) => return Err(NotWhole::of_another("a document type")),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::Eof => return open.finish(),
        }
    }
}

/// A reference has to be one that XML knows.
fn check_reference(reference: &BytesRef<'_>) -> Result<(), NotWhole> {
    let known = matches!(reference.as_ref(), "amp" | "lt" | "gt" | "apos" | "quot");
    if known || matches!(reference.resolve_char_ref(), Ok(Some(_))) {
        return Ok(());
    }
    Err(NotWhole::again(format!(
        "its XML contains the unknown reference `&{};`",
        reference.as_ref()
    )))
}

/// An element that is not closed yet.
struct Level {
    /// The first of its fields among all that are noted.
    first: usize,
    /// Whether it is a list by its name, and holds nothing but rows.
    is_list: bool,
    holds: Holds,
}

/// What an element holds so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Nothing,
    Text,
    Rows,
    Fields,
}

/// The elements that are not closed yet, with the names of the fields that each has had.
struct Open<'a> {
    root: &'a str,
    needed: Option<&'a str>,
    levels: Vec<Level>,
    fields: Vec<Range<usize>>,
    /// All those names, one behind the other.
    names: String,
    is_over: bool,
}

impl<'a> Open<'a> {
    fn new(root: &'a str, needed: Option<&'a str>) -> Self {
        let (levels, fields) = (Vec::new(), Vec::new());
        Self { root, needed, levels, fields, names: String::new(), is_over: false }
    }

    fn start(&mut self, name: &str) -> Result<(), NotWhole> {
        let depth = self.levels.len();
        let Some(parent) = self.levels.last_mut() else {
            if self.is_over {
                return Err(NotWhole::again("there is more after the end of its XML".to_owned()));
            }
            if name != self.root {
                return Err(NotWhole::of_another(&format!("`{name}`")));
            }
            self.levels.push(Level { first: 0, is_list: false, holds: Holds::Nothing });
            return Ok(());
        };
        if depth >= DEEPEST {
            return Err(NotWhole::again(format!("its XML is more than {DEEPEST} levels deep")));
        }
        let is_row = matches!(name, "item" | "member");
        let holds = if is_row { Holds::Rows } else { Holds::Fields };
        if (parent.holds != Holds::Nothing && parent.holds != holds) || (parent.is_list && !is_row)
        {
            return Err(NotWhole::again(format!(
                "its XML contains `{name}` where it is not allowed"
            )));
        }
        parent.holds = holds;
        if !is_row {
            let before = self.fields.get(parent.first..).unwrap_or_default();
            if before.len() >= MOST_FIELDS {
                let message =
                    format!("its XML contains more than {MOST_FIELDS} fields in one place");
                return Err(NotWhole::again(message));
            }
            if before.iter().any(|field| self.names.get(field.clone()) == Some(name)) {
                return Err(NotWhole::again(format!(
                    "its XML contains `{name}` twice in one place"
                )));
            }
            let start = self.names.len();
            self.names.push_str(name);
            self.fields.push(start..self.names.len());
            if depth == 1 && self.needed == Some(name) {
                self.needed = None;
            }
        }
        let is_list = name.ends_with("Set") || name == "regionInfo";
        self.levels.push(Level { first: self.fields.len(), is_list, holds: Holds::Nothing });
        Ok(())
    }

    fn end(&mut self) {
        if let Some(level) = self.levels.pop() {
            if let Some(field) = self.fields.get(level.first) {
                self.names.truncate(field.start);
            }
            self.fields.truncate(level.first);
        }
        self.is_over = self.levels.is_empty();
    }

    fn text(&mut self) -> Result<(), NotWhole> {
        match self.levels.last_mut() {
            Some(level)
                if !level.is_list && matches!(level.holds, Holds::Nothing | Holds::Text) =>
            {
                level.holds = Holds::Text;
                Ok(())
            }
            _ => Err(NotWhole::again("its XML contains text where none is allowed".to_owned())),
        }
    }

    fn finish(&self) -> Result<(), NotWhole> {
        if !self.is_over {
            return Err(NotWhole::again("it was cut off: the XML is incomplete".to_owned()));
        }
        match self.needed {
            Some(name) => Err(NotWhole::again(format!("`{name}` is missing"))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(xml: &str) -> String {
        check(xml, "A", None).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn whole_documents_pass() {
        for whole in [
            "<A><b/></A>",
            "<?xml version=\"1.0\"?>\n<A x=\"y\">\n</A>\n<!-- c -->",
            "<A/>",
            "<A><set><item>1</item><item/></set><other><member><c>&lt;&#65;</c></member></other></A >",
            "<A><set><item><c/><d/></item><item><c/><d/></item></set><d/><c/></A>",
            "<A><c><![CDATA[<x>]]></c></A>",
        ] {
            assert_eq!(says(whole), "", "{whole}");
        }
    }

    #[test]
    fn cut_documents_do_not() {
        for cut in ["", "<A", "<A>", "<A><b></b>", "<A><b/>", "<?xml", "<A></B>", "<A></A"] {
            assert!(!says(cut).is_empty(), "{cut}");
        }
    }

    #[test]
    fn damage_in_the_middle_is_seen() {
        for (broken, says_of_it) in [
            ("<A></A><A/>", "more after the end"),
            ("<A></A>text", "text where none is allowed"),
            ("<A><b>1</b><c/><b>2</b></A>", "`b` twice"),
            ("<A><set>x<item/></set></A>", "`item` where it is not allowed"),
            ("<A><set><item/>x</set></A>", "text where none is allowed"),
            ("<A><vpcSet>x</vpcSet></A>", "text where none is allowed"),
            ("<A><vpcSet><c/></vpcSet></A>", "`c` where it is not allowed"),
            ("<A><set><item/><c/></set></A>", "`c` where it is not allowed"),
            ("<A><c>&am;</c></A>", "unknown reference `&am;`"),
            ("<A><c>& </c></A>", ""),
            ("<A><b>1</c></A>", ""),
            ("<B/>", "not a response of AWS: it contains `B`"),
            ("<!doctype html><A/>", "not a response of AWS"),
        ] {
            let said = says(broken);
            assert!(!said.is_empty() && said.contains(says_of_it), "{broken}: {said}");
        }
    }

    #[test]
    fn what_no_answer_goes_without_is_asked_for() {
        let lacks = check("<A><item/></A>", "A", Some("set")).unwrap_err();
        assert!(lacks.to_string().contains("`set` is missing"), "{lacks}");
        assert!(check("<A><b><set/></b></A>", "A", Some("set")).is_err());
        assert!(check("<A><set/></A>", "A", Some("set")).is_ok());
    }

    /// Reading takes no longer than its length asks for, whatever is in it.
    #[test]
    fn what_no_answer_is_like_ends_soon() {
        let fields: Vec<String> = (0..=MOST_FIELDS).map(|n| format!("<f{n}/>")).collect();
        let fields = fields.concat();
        assert!(says(&format!("<A>{fields}</A>")).contains("more than 1000 fields"));
        let deep = "<A>".repeat(DEEPEST + 1) + &"</A>".repeat(DEEPEST + 1);
        assert!(says(&deep).contains("more than 64 levels"));
    }
}
