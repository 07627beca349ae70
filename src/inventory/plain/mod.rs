//! Plain JSON read quickly: white space a word of eight bytes at a time, what nobody needs without
//! decoding it. It takes what nearly every text holds and leaves the rest, such as fractions and every
//! kind of error, to serde_json, which is asked again from the value's beginning: so nothing is read
//! in another way, and errors are in its words.

#[cfg(test)]
mod tests;

use std::fmt;

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor,
    value::StrDeserializer,
};

/// Objects and lists in each other; serde_json reads a few more.
const DEEPEST: u32 = 100;

/// The object at the beginning of a text, with the bytes it takes; `None` if it has to be left to
/// serde_json.
pub(super) fn object<'de, T: Deserialize<'de>>(text: &'de [u8]) -> Option<(T, usize)> {
    let mut plain = Reader { text, at: 0, deeper: DEEPEST };
    if plain.next().ok()? != b'{' {
        return None;
    }
    let object = T::deserialize(&mut plain).ok()?;
    Some((object, plain.at))
}

/// What is left to serde_json, for whatever reason.
#[derive(Debug)]
struct Odd;

impl fmt::Display for Odd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not plain")
    }
}

impl std::error::Error for Odd {}

impl de::Error for Odd {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// A string as it stands.
enum JsonString<'de> {
    Borrowed(&'de str),
    Escaped(String),
}

struct Reader<'de> {
    text: &'de [u8],
    at: usize,
    deeper: u32,
}

const fn each(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// How many bytes of a word lie before the first that a mask marks by its highest bit.
fn before(mask: u64) -> usize {
    usize::try_from(mask.trailing_zeros() / 8).unwrap_or_default()
}

impl<'de> Reader<'de> {
    fn word(&self) -> Option<u64> {
        self.text.get(self.at..)?.first_chunk().map(|word| u64::from_le_bytes(*word))
    }

    fn byte(&self) -> Result<u8, Odd> {
        self.text.get(self.at).copied().ok_or(Odd)
    }

    /// The next byte that is no white space, not taken.
    #[inline]
    fn next(&mut self) -> Result<u8, Odd> {
        match self.byte()? {
            byte if byte > b' ' => Ok(byte),
            _ => self.after_white(),
        }
    }

    fn after_white(&mut self) -> Result<u8, Odd> {
        while let Some(word) = self.word() {
            let others = word ^ each(b' ');
            if others == 0 {
                self.at += 8;
                continue;
            }
            self.at += before(others);
            match self.byte()? {
                b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return Ok(byte),
            }
        }
        while matches!(self.byte()?, b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
        self.byte()
    }

    /// Takes the next byte, which has to be this one.
    fn take(&mut self, byte: u8) -> Result<(), Odd> {
        if self.next()? != byte {
            return Err(Odd);
        }
        self.at += 1;
        Ok(())
    }

    fn literal(&mut self, word: &[u8]) -> Result<(), Odd> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word) {
            return Err(Odd);
        }
        self.at += word.len();
        Ok(())
    }

    /// To the next quote, backslash or control character, which is the byte.
    fn seek_special(&mut self) -> Result<u8, Odd> {
        const ONES: u64 = each(1);
        while let Some(word) = self.word() {
            let (quote, escape) = (word ^ each(b'"'), word ^ each(b'\\'));
            // The lowest mark is right; one above may be a carry.
            let mask = (quote.wrapping_sub(ONES) & !quote)
                | (escape.wrapping_sub(ONES) & !escape)
                | (word.wrapping_sub(each(b' ')) & !word);
            let mask = mask & each(0x80);
            if mask != 0 {
                self.at += before(mask);
                return self.byte();
            }
            self.at += 8;
        }
        loop {
            match self.byte()? {
                special @ (b'"' | b'\\' | 0..b' ') => return Ok(special),
                _ => self.at += 1,
            }
        }
    }

    /// The bytes of a string without an escape, its quotes taken; `None` at an escape.
    fn unescaped(&mut self) -> Result<Option<&'de [u8]>, Odd> {
        self.take(b'"')?;
        let from = self.at;
        match self.seek_special()? {
            b'"' => {
                let bytes = self.text.get(from..self.at);
                self.at += 1;
                Ok(bytes)
            }
            b'\\' => Ok(None),
            _ => Err(Odd),
        }
    }

    fn string(&mut self) -> Result<JsonString<'de>, Odd> {
        self.next()?;
        let from = self.at;
        if let Some(bytes) = self.unescaped()? {
            return str::from_utf8(bytes).map(JsonString::Borrowed).map_err(|_| Odd);
        }
        let rest = self.text.get(from..).unwrap_or_default();
        let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<String>();
        let Some(Ok(text)) = values.next() else { return Err(Odd) };
        self.at = from + values.byte_offset();
        Ok(JsonString::Escaped(text))
    }

    fn visit_string<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Odd> {
        match self.string()? {
            JsonString::Borrowed(text) => visitor.visit_borrowed_str(text),
            JsonString::Escaped(text) => visitor.visit_str(&text),
        }
    }

    fn digits(&mut self) -> Result<(), Odd> {
        let from = self.at;
        while self.byte()?.is_ascii_digit() {
            self.at += 1;
        }
        if self.at == from { Err(Odd) } else { Ok(()) }
    }

    /// Takes a whole number's digits; whether there is a minus is told.
    fn whole(&mut self) -> Result<(bool, &'de [u8]), Odd> {
        let minus = self.byte()? == b'-';
        self.at += usize::from(minus);
        let from = self.at;
        if self.byte()? == b'0' {
            self.at += 1;
        } else {
            self.digits()?;
        }
        Ok((minus, self.text.get(from..self.at).unwrap_or_default()))
    }

    /// A whole number that is surely one.
    fn visit_number<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Odd> {
        self.next()?;
        let (minus, digits) = self.whole()?;
        if digits.len() > 18 || matches!(self.byte()?, b'.' | b'e' | b'E' | b'0'..=b'9') {
            return Err(Odd);
        }
        let number = digits.iter().fold(0_u64, |sum, digit| sum * 10 + u64::from(digit - b'0'));
        if !minus {
            return visitor.visit_u64(number);
        }
        match i64::try_from(number) {
            // A negative zero is a fraction.
            Ok(number) if number != 0 => visitor.visit_i64(-number),
            _ => Err(Odd),
        }
    }

    fn visit_bool<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Odd> {
        if self.next()? == b't' {
            self.literal(b"true")?;
            return visitor.visit_bool(true);
        }
        self.literal(b"false")?;
        visitor.visit_bool(false)
    }

    fn null(&mut self) -> Result<(), Odd> {
        self.next()?;
        self.literal(b"null")
    }

    /// What stands in brackets of these kinds, a level deeper.
    fn within<T>(
        &mut self,
        brackets: [u8; 2],
        read: impl FnOnce(&mut Inside<'_, 'de>) -> Result<T, Odd>,
    ) -> Result<T, Odd> {
        let [open, close] = brackets;
        self.take(open)?;
        self.deeper = self.deeper.checked_sub(1).ok_or(Odd)?;
        let mut inside = Inside { plain: self, close, first: true, ended: false };
        let value = read(&mut inside)?;
        // Who knows how many there are does not ask for more.
        if !inside.ended {
            self.take(close)?;
        }
        self.deeper += 1;
        Ok(value)
    }

    fn visit_list<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Odd> {
        self.within([b'[', b']'], |inside| visitor.visit_seq(inside))
    }

    fn visit_object<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Odd> {
        self.within([b'{', b'}'], |inside| visitor.visit_map(inside))
    }

    /// Passes over a value.
    fn pass(&mut self) -> Result<(), Odd> {
        match self.next()? {
            b'"' => self.pass_string(),
            b'{' => self.within([b'{', b'}'], |inside| {
                while inside.goes_on()? {
                    inside.plain.next()?;
                    inside.plain.pass_string()?;
                    inside.plain.take(b':')?;
                    inside.plain.pass()?;
                }
                Ok(())
            }),
            b'[' => self.within([b'[', b']'], |inside| {
                while inside.goes_on()? {
                    inside.plain.pass()?;
                }
                Ok(())
            }),
            b't' => self.literal(b"true"),
            b'f' => self.literal(b"false"),
            b'n' => self.literal(b"null"),
            _ => self.pass_number(),
        }
    }

    fn pass_string(&mut self) -> Result<(), Odd> {
        self.take(b'"')?;
        loop {
            let special = self.seek_special()?;
            self.at += 1;
            match special {
                b'"' => return Ok(()),
                b'\\' => self.pass_escape()?,
                _ => return Err(Odd),
            }
        }
    }

    fn pass_escape(&mut self) -> Result<(), Odd> {
        let kind = self.byte()?;
        self.at += 1;
        match kind {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(()),
            b'u' => {
                let digits = self.text.get(self.at..self.at + 4).ok_or(Odd)?;
                self.at += 4;
                if digits.iter().all(u8::is_ascii_hexdigit) { Ok(()) } else { Err(Odd) }
            }
            _ => Err(Odd),
        }
    }

    fn pass_number(&mut self) -> Result<(), Odd> {
        self.whole()?;
        if self.byte()? == b'.' {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte()?, b'e' | b'E') {
            self.at += 1;
            self.at += usize::from(matches!(self.byte()?, b'+' | b'-'));
            self.digits()?;
        }
        Ok(())
    }
}

/// Inside a list or an object.
struct Inside<'a, 'de> {
    plain: &'a mut Reader<'de>,
    close: u8,
    first: bool,
    ended: bool,
}

impl Inside<'_, '_> {
    /// Whether there is another element or key, the comma before it taken; the end is taken too.
    #[inline]
    fn goes_on(&mut self) -> Result<bool, Odd> {
        let next = self.plain.next()?;
        if next == self.close {
            self.plain.at += 1;
            self.ended = true;
            return Ok(false);
        }
        if !std::mem::take(&mut self.first) {
            self.plain.take(b',')?;
            if self.plain.next()? == self.close {
                return Err(Odd);
            }
        }
        Ok(true)
    }
}

impl<'de> SeqAccess<'de> for &mut Inside<'_, 'de> {
    type Error = Odd;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Odd> {
        if self.goes_on()? { seed.deserialize(&mut *self.plain).map(Some) } else { Ok(None) }
    }
}

impl<'de> MapAccess<'de> for &mut Inside<'_, 'de> {
    type Error = Odd;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Odd> {
        if self.goes_on()? { seed.deserialize(Key(&mut *self.plain)).map(Some) } else { Ok(None) }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Odd> {
        self.plain.take(b':')?;
        seed.deserialize(&mut *self.plain)
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Odd;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Odd> {
        match self.next()? {
            b'"' => self.visit_string(visitor),
            b'{' => self.visit_object(visitor),
            b'[' => self.visit_list(visitor),
            b't' | b'f' => self.visit_bool(visitor),
            b'n' => self.deserialize_unit(visitor),
            _ => self.visit_number(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Odd> {
        if self.next()? != b'n' {
            return visitor.visit_some(self);
        }
        self.null()?;
        visitor.visit_none()
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Odd> {
        self.null()?;
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Odd> {
        self.pass()?;
        visitor.visit_unit()
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Odd> {
        visitor.visit_borrowed_bytes(self.unescaped()?.ok_or(Odd)?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Odd> {
        match self.string()? {
            JsonString::Borrowed(text) => visitor.visit_enum(StrDeserializer::new(text)),
            JsonString::Escaped(_) => Err(Odd),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Odd> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Odd> {
        self.visit_object(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Odd> {
        self.visit_object(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Odd> {
        self.visit_list(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Odd> {
        self.visit_string(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Odd> {
        self.visit_string(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Odd> {
        self.visit_bool(visitor)
    }

    // Of numbers the value tells the kind.
    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char byte_buf unit_struct tuple tuple_struct identifier
    }
}

/// A key of an object.
struct Key<'a, 'de>(&'a mut Reader<'de>);

impl<'de> Deserializer<'de> for Key<'_, 'de> {
    type Error = Odd;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Odd> {
        self.0.visit_string(visitor)
    }

    /// The names of fields are compared as bytes.
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Odd> {
        let from = self.0.at;
        if let Some(bytes) = self.0.unescaped()?.filter(|bytes| bytes.is_ascii()) {
            return visitor.visit_borrowed_bytes(bytes);
        }
        self.0.at = from;
        self.0.visit_string(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum ignored_any
    }
}
