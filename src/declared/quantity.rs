//! Amounts as Kubernetes writes them (apimachinery `resource.Quantity`): `1000`, `500m`, `1.5`, `64Gi`, `1e3`.

/// Why a text is no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a quantity, such as 1000, 500m or 64Gi")]
pub struct QuantityError(pub String);

/// An amount in thousandths, rounded up as Kubernetes rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity {
    thousandths: u128,
}

/// Suffixes with what they multiply by, in thousandths.
const SUFFIXES: &[(&str, u128)] = &[
    ("", 1000),
    ("m", 1),
    ("k", 1_000_000),
    ("M", 1_000_000_000),
    ("G", 1_000_000_000_000),
    ("T", 1_000_000_000_000_000),
    ("P", 1_000_000_000_000_000_000),
    ("E", 1_000_000_000_000_000_000_000),
    ("Ki", 1000 << 10),
    ("Mi", 1000 << 20),
    ("Gi", 1000 << 30),
    ("Ti", 1000 << 40),
    ("Pi", 1000 << 50),
    ("Ei", 1000 << 60),
];

impl Quantity {
    /// Reads an amount.
    ///
    /// # Errors
    /// When it is none, is below 0, or is larger than any amount can be.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let error = || QuantityError(text.to_owned());
        let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, suffix) = text.split_at(digits);
        let unit = scale(suffix).ok_or_else(error)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !is_digits(fraction) || fraction.len() > 18
        {
            return Err(error());
        }
        let all = format!("{whole}{fraction}").parse::<u128>().map_err(|_| error())?;
        let places = u32::try_from(fraction.len()).map_err(|_| error())?;
        let times = all.checked_mul(unit).ok_or_else(error)?;
        Ok(Self { thousandths: times.div_ceil(10_u128.pow(places)) })
    }

    /// In thousandths: of a vCPU, for CPU.
    #[must_use]
    pub fn thousandths(self) -> u64 {
        u64::try_from(self.thousandths).unwrap_or(u64::MAX)
    }

    /// In whole units, rounded up: bytes, for memory.
    #[must_use]
    pub fn units(self) -> u64 {
        u64::try_from(self.thousandths.div_ceil(1000)).unwrap_or(u64::MAX)
    }
}

fn scale(suffix: &str) -> Option<u128> {
    let named = SUFFIXES.iter().find(|(name, _)| *name == suffix);
    if let Some((_, unit)) = named {
        return Some(*unit);
    }
    let exponent = suffix.strip_prefix(['e', 'E'])?.parse::<u32>().ok()?;
    10_u128.checked_pow(exponent)?.checked_mul(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_kubernetes_writes_them() {
        for (text, thousandths) in [
            ("1000", 1_000_000),
            ("500m", 500),
            ("1.5", 1500),
            (".5", 500),
            ("0.0001", 1),
            ("2k", 2_000_000),
            ("1e3", 1_000_000),
            ("1Ki", 1_024_000),
            ("1.5Gi", 1_610_612_736_000),
        ] {
            assert_eq!(Quantity::parse(text).unwrap().thousandths(), thousandths, "{text}");
        }
        assert_eq!(Quantity::parse("1000Gi").unwrap().units(), 1_073_741_824_000);
        for text in ["", "Gi", "-1", "1 Gi", "1GiB", "1..5", ".", "1e99", "five"] {
            assert!(Quantity::parse(text).is_err(), "{text}");
        }
    }
}
