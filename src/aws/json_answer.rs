//! Whether an answer is one whole JSON object of the form that EKS answers in.
//!
//! To the SDK an empty body is an empty object, a list that is absent or null is no list, and a null in a
//! list is passed over (seen with aws-sdk-eks 1.160): each would be taken as "there are none".

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fmt,
};

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::not_whole::NotWhole;

/// Checks an object that holds, at the end of a path of fields, a list of texts.
pub(super) fn check(json: &str, path: &[&str]) -> Result<(), NotWhole> {
    if json.trim_ascii().is_empty() {
        return Err(NotWhole::again("it is empty".to_owned()));
    }
    let form: Form = serde_json::from_str(json).map_err(|error| {
        NotWhole::again(if error.is_eof() {
            "it was cut off: the JSON is incomplete".to_owned()
        } else {
            format!("invalid JSON: {error}")
        })
    })?;
    let mut held = &form;
    for name in path {
        held = match held {
            Form::Object(fields) => fields.get(*name),
            Form::Null | Form::Text | Form::Other | Form::Texts | Form::List => None,
        }
        .unwrap_or(&Form::Null);
    }
    if matches!(held, Form::Texts) {
        return Ok(());
    }
    Err(NotWhole::again(format!("the list `{}` is missing", path.join("."))))
}

/// What a value is, as far as it matters here.
enum Form {
    Null,
    Text,
    Other,
    /// A list of texts; one that is empty is too.
    Texts,
    /// Any other list.
    List,
    Object(BTreeMap<String, Form>),
}

impl<'de> Deserialize<'de> for Form {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Forms)
    }
}

struct Forms;

impl<'de> Visitor<'de> for Forms {
    type Value = Form;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Form, E> {
        Ok(Form::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Form, E> {
        Ok(Form::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Form, E> {
        Ok(Form::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Form, E> {
        Ok(Form::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Form, E> {
        Ok(Form::Other)
    }

    fn visit_str<E>(self, _: &str) -> Result<Form, E> {
        Ok(Form::Text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Form, A::Error> {
        let mut texts = true;
        while let Some(form) = list.next_element()? {
            match form {
                Form::Null => return Err(A::Error::custom("a list contains null")),
                Form::Text => {}
                Form::Other | Form::Texts | Form::List | Form::Object(_) => texts = false,
            }
        }
        Ok(if texts { Form::Texts } else { Form::List })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Form, A::Error> {
        let mut fields = BTreeMap::new();
        while let Some((key, form)) = object.next_entry()? {
            match fields.entry(key) {
                Entry::Vacant(place) => place.insert(form),
                Entry::Occupied(place) => {
                    let key = place.key();
                    return Err(A::Error::custom(format_args!(
                        "an object has the key `{key}` twice"
                    )));
                }
            };
        }
        Ok(Form::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_answers_pass_and_others_do_not() {
        let (names, subnets) = (&["nodegroups"][..], &["cluster", "config", "subnetIds"][..]);
        for (json, path, says) in [
            ("{\"nodegroups\": [\"a\"], \"nextToken\": null}", names, ""),
            ("{\"nodegroups\": []}", names, ""),
            (
                "{\"cluster\": {\"x\": [1, 2.5, true, {}], \"config\": {\"subnetIds\": [\"a\"]}}}",
                subnets,
                "",
            ),
            ("", names, "it is empty"),
            (" \n", subnets, "it is empty"),
            ("{}", names, "the list `nodegroups` is missing"),
            ("null", names, "is missing"),
            ("[]", names, "is missing"),
            ("{\"nodegroups\": null}", names, "is missing"),
            ("{\"nodegroups\": \"a\"}", names, "is missing"),
            ("{\"nodegroups\": [1]}", names, "is missing"),
            ("{\"nodegroups\": [null, \"a\"]}", names, "a list contains null"),
            ("{\"nodegroups\": [\"a\"", names, "cut off"),
            ("{\"nodegroups\": [\"a\"]} x", names, "trailing characters"),
            ("{\"cluster\": []}", subnets, "the list `cluster.config.subnetIds` is missing"),
            ("{\"cluster\": {}}", subnets, "is missing"),
            ("{\"cluster\": {\"a\": 1, \"a\": 2}}", subnets, "has the key `a` twice"),
            ("<html>", subnets, "invalid JSON: "),
        ] {
            let said = check(json, path).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(said.contains(says) && said.is_empty() == says.is_empty(), "{json}: {said}");
        }
    }
}
