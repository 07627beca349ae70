//! An IPv4 network that cannot be malformed.

use std::{fmt, net::Ipv4Addr, str::FromStr};

use ipnet::Ipv4Net;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// An IPv4 network without host bits: `10.0.0.0/16`, never `10.0.0.5/16`.
///
/// Ordered by network address, then by prefix length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr(Ipv4Net);

/// Why a text is no CIDR.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CidrError {
    /// Not `a.b.c.d/n` with n from 0 to 32.
    #[error("`{0}` is not an IPv4 CIDR such as 10.0.0.0/16")]
    Malformed(String),
    /// The address lies inside the network and is not its first.
    #[error("`{given}` has host bits set: the network is {network}")]
    HostBits {
        /// The text as given.
        given: String,
        /// The network it lies in.
        network: Ipv4Net,
    },
}

impl Cidr {
    /// A network that the source names. For constants alone, where a slip stops the build.
    pub(super) const fn literal(octets: [u8; 4], prefix_len: u8) -> Self {
        let [a, b, c, d] = octets;
        let network_bits = u32::from_be_bytes([0, 0, 0, prefix_len]);
        let host_bits = u32::from_be_bytes(octets).trailing_zeros();
        assert!(network_bits + host_bits >= u32::BITS, "host bits are set");
        Self(Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix_len))
    }

    /// The network of a length that an address lies in; `None` if the length is above 32.
    #[must_use]
    pub fn containing(address: Ipv4Addr, prefix_len: u8) -> Option<Self> {
        Ipv4Net::new(address, prefix_len).ok().map(|net| Self(net.trunc()))
    }

    /// The first address.
    #[must_use]
    pub fn first(self) -> Ipv4Addr {
        self.0.network()
    }

    /// The last address.
    #[must_use]
    pub fn last(self) -> Ipv4Addr {
        self.0.broadcast()
    }

    /// The prefix length.
    #[must_use]
    pub fn prefix_len(self) -> u8 {
        self.0.prefix_len()
    }

    /// The networks of a longer prefix that it consists of, in order; none if the prefix is not longer, or
    /// above 32.
    pub fn parts(self, prefix_len: u8) -> impl Iterator<Item = Self> {
        let longer = (self.prefix_len() + 1..=32).contains(&prefix_len);
        let subnets = longer.then(|| self.0.subnets(prefix_len).ok()).flatten();
        subnets.into_iter().flatten().map(Self)
    }

    /// How many addresses it has, 1 to 2^32.
    #[must_use]
    pub fn size(self) -> u64 {
        1 << (32 - u32::from(self.prefix_len()))
    }

    /// Whether an address lies in it.
    #[must_use]
    pub fn contains(self, address: Ipv4Addr) -> bool {
        self.0.contains(&address)
    }

    /// Whether another network lies wholly in it.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.0.contains(&other.0)
    }

    /// Whether the two share an address.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.covers(other) || other.covers(self)
    }
}

impl FromStr for Cidr {
    type Err = CidrError;

    fn from_str(text: &str) -> Result<Self, CidrError> {
        let net: Ipv4Net = text.parse().map_err(|_| CidrError::Malformed(text.to_owned()))?;
        if net.addr() != net.network() {
            return Err(CidrError::HostBits { given: text.to_owned(), network: net.trunc() });
        }
        Ok(Self(net))
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Cidr {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cidr {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_bits_are_refused_with_the_network_meant() {
        let error = "10.0.0.5/16".parse::<Cidr>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`10.0.0.5/16` has host bits set: the network is 10.0.0.0/16"
        );
        for text in ["10.0.0.0/99", "10.0.0/16", "10.0.0.0", "", "::/0", "10.0.0.0/-1", "a/b"] {
            assert!(matches!(text.parse::<Cidr>(), Err(CidrError::Malformed(_))), "{text}");
        }
    }

    #[test]
    fn order_is_by_number_and_not_by_text() {
        let mut list: Vec<Cidr> =
            ["10.0.10.0/24", "10.0.9.0/24", "10.0.0.0/16"].map(|t| t.parse().unwrap()).to_vec();
        list.sort();
        assert_eq!(list.map_text(), ["10.0.0.0/16", "10.0.9.0/24", "10.0.10.0/24"]);
    }

    trait MapText {
        fn map_text(&self) -> Vec<String>;
    }
    impl MapText for Vec<Cidr> {
        fn map_text(&self) -> Vec<String> {
            self.iter().map(ToString::to_string).collect()
        }
    }

    #[test]
    fn sizes_and_overlaps() {
        let whole: Cidr = "0.0.0.0/0".parse().unwrap();
        assert_eq!(whole.size(), 1 << 32);
        let (a, b): (Cidr, Cidr) =
            ("10.0.0.0/24".parse().unwrap(), "10.0.0.128/25".parse().unwrap());
        assert!(a.covers(b) && !b.covers(a) && b.overlaps(a));
        assert_eq!(b.last(), Ipv4Addr::new(10, 0, 0, 255));
    }
}
