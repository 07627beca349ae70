//! `eksnet audit` as OpenMetrics text 1.0, which is at the same time the text format that
//! Prometheus' node exporter reads from files: no timestamps, and comments where the older format
//! has no `UNIT` and `EOF`. A number that is not available has no sample.

use std::{
    borrow::Cow,
    fmt::{Display, Write as _},
    io::{self, Write},
};

use super::escape;
use crate::{
    audit::{AuditReport, SubnetCount, forecast::ForecastThreshold},
    inventory::Place,
};

/// A family of gauges.
struct Family {
    name: &'static str,
    /// The unit, which the name ends with; empty if it counts things that are in the name.
    unit: &'static str,
    help: &'static str,
}

/// A gauge of a subnet.
struct SubnetGauge {
    family: Family,
    value: fn(&SubnetCount) -> Option<u32>,
}

const SUBNET_GAUGES: &[SubnetGauge] = &[
    SubnetGauge {
        family: Family {
            name: "eksnet_subnet_usable_addresses",
            unit: "addresses",
            help: "Addresses of the subnet, except the five reserved by AWS.",
        },
        value: |subnet| subnet.usable,
    },
    SubnetGauge {
        family: Family {
            name: "eksnet_subnet_used_addresses",
            unit: "addresses",
            help: "Addresses held by visible ENIs, 16 for each delegated prefix.",
        },
        value: |subnet| subnet.used,
    },
    SubnetGauge {
        family: Family {
            name: "eksnet_subnet_held_addresses",
            unit: "addresses",
            help: "Addresses in use; in a shared subnet EC2's count is included. The status is \
                   based on this value.",
        },
        value: |subnet| subnet.held,
    },
    SubnetGauge {
        family: Family {
            name: "eksnet_subnet_free_addresses",
            unit: "addresses",
            help: "Usable addresses that no visible ENI holds.",
        },
        value: |subnet| subnet.free,
    },
    SubnetGauge {
        family: Family {
            name: "eksnet_subnet_room_addresses",
            unit: "addresses",
            help: "Addresses that EC2 can assign by itself: free ones outside explicit reservations.",
        },
        value: |subnet| Some(subnet.room()?.addresses),
    },
    SubnetGauge {
        family: Family {
            name: "eksnet_subnet_room_single_addresses",
            unit: "addresses",
            help: "Addresses that EC2 can assign one by one: free ones outside all reservations.",
        },
        value: |subnet| Some(subnet.room()?.singles),
    },
    SubnetGauge {
        family: Family {
            name: "eksnet_subnet_reserved_free_addresses",
            unit: "addresses",
            help: "Free addresses inside subnet CIDR reservations.",
        },
        value: |subnet| subnet.reserved_free,
    },
    SubnetGauge {
        family: Family {
            name: "eksnet_subnet_available_addresses",
            unit: "addresses",
            help: "AvailableIpAddressCount as EC2 reports it.",
        },
        value: |subnet| subnet.available_reported,
    },
    SubnetGauge {
        family: Family {
            name: "eksnet_subnet_assignable_prefixes",
            unit: "prefixes",
            help: "/28 prefixes that can be delegated now.",
        },
        value: |subnet| subnet.assignable_prefixes,
    },
];

const OWNERS: Family = Family {
    name: "eksnet_subnet_owner_addresses",
    unit: "addresses",
    help: "Addresses that ENIs hold, by who holds them.",
};
const DAYS: Family = Family {
    name: "eksnet_subnet_exhaustion_days",
    unit: "days",
    help: "Days until no address is left, from the history; 0 when none is left.",
};
const STATUSES: Family = Family { name: "eksnet_subnets", unit: "", help: "Subnets by status." };
const FINDINGS: Family =
    Family { name: "eksnet_findings", unit: "", help: "Findings by severity." };
const INCOMPLETE: Family = Family {
    name: "eksnet_audit_incomplete",
    unit: "",
    help: "1 when data that the audit needs is not available, else 0.",
};
const CAPTURED: Family = Family {
    name: "eksnet_audit_captured_seconds",
    unit: "seconds",
    help: "When the numbers were captured, in seconds since 1970.",
};

/// Writes the report.
///
/// # Errors
/// When the writer fails.
pub fn write_openmetrics(report: &AuditReport, out: &mut dyn Write) -> io::Result<()> {
    for gauge in SUBNET_GAUGES {
        let samples = report.subnets.iter().filter_map(|subnet| {
            Some((subnet_labels(report, subnet, None), (gauge.value)(subnet)?.to_string()))
        });
        write_family(&gauge.family, samples, out)?;
    }
    let owners = report.subnets.iter().flat_map(|subnet| {
        subnet.owners.iter().flatten().map(|(kind, count)| {
            (subnet_labels(report, subnet, Some(kind.name())), count.addresses.to_string())
        })
    });
    write_family(&OWNERS, owners, out)?;
    let forecasts = report.subnets.iter().zip(report.forecast.iter().flatten());
    let days = forecasts.filter_map(|(subnet, forecast)| {
        let outlook =
            forecast.bars.iter().find(|row| row.bar == ForecastThreshold::Full)?.ahead.outlook?;
        Some((subnet_labels(report, subnet, None), format!("{:.1}", outlook.days)))
    });
    write_family(&DAYS, days, out)?;
    let summary = report.summary();
    let statuses = [
        ("critical", summary.critical),
        ("ok", summary.ok),
        ("unknown", summary.unknown),
        ("warning", summary.warning),
    ];
    write_family(&STATUSES, by("status", &statuses), out)?;
    let [critical, warning, info] = summary.findings;
    let severities = [("critical", critical), ("info", info), ("warning", warning)];
    write_family(&FINDINGS, by("severity", &severities), out)?;
    let incomplete = u8::from(!report.withheld.is_empty()).to_string();
    write_family(&INCOMPLETE, std::iter::once((String::new(), incomplete)), out)?;
    let captured = report.source.captured_at.as_deref();
    let captured = captured.and_then(|text| text.parse::<jiff::Timestamp>().ok());
    let captured = captured.map(|at| (String::new(), at.as_second().to_string()));
    write_family(&CAPTURED, captured.into_iter(), out)?;
    writeln!(out, "# EOF")
}

/// Writes a family; one without samples is left out.
fn write_family(
    family: &Family,
    samples: impl Iterator<Item = (String, impl Display)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut samples = samples.peekable();
    if samples.peek().is_none() {
        return Ok(());
    }
    let Family { name, unit, help } = family;
    writeln!(out, "# TYPE {name} gauge")?;
    if !unit.is_empty() {
        writeln!(out, "# UNIT {name} {unit}")?;
    }
    writeln!(out, "# HELP {name} {help}")?;
    for (labels, value) in samples {
        writeln!(out, "{name}{labels} {value}")?;
    }
    Ok(())
}

fn by<'a>(
    label: &'static str,
    counts: &'a [(&'static str, u32)],
) -> impl Iterator<Item = (String, u32)> + 'a {
    counts.iter().map(move |(value, count)| (labels(&[(label, value)]), *count))
}

fn subnet_labels(report: &AuditReport, subnet: &SubnetCount, owner: Option<&str>) -> String {
    // Where there are several: a region or account that is not known is an empty label, as a name is.
    let place = report.places.as_ref().map(|_| report.place(&subnet.subnet_id).unwrap_or_default());
    let cidr = subnet.cidr.map(|cidr| cidr.to_string()).unwrap_or_default();
    let mut pairs = vec![
        ("subnet_id", subnet.subnet_id.as_str()),
        ("name", subnet.name.as_deref().unwrap_or_default()),
        ("vpc_id", &subnet.vpc_id),
        ("zone", subnet.availability_zone.as_deref().unwrap_or_default()),
        ("cidr", &cidr),
    ];
    if let Some(Place { region, account }) = &place {
        pairs.push(("region", region.as_deref().unwrap_or_default()));
        pairs.push(("account", account.as_deref().unwrap_or_default()));
    }
    pairs.extend(owner.map(|owner| ("owner", owner)));
    labels(&pairs)
}

fn labels(pairs: &[(&str, &str)]) -> String {
    let mut text = String::from("{");
    for (at, (name, value)) in pairs.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        // Writing to a String cannot fail.
        let _written = write!(text, "{comma}{name}=\"{}\"", escaped(value));
    }
    text.push('}');
    text
}

/// For a label's value: `\`, `"` and line breaks as the format has them, and no other control
/// character.
fn escaped(value: &str) -> String {
    let lines: Vec<Cow<'_, str>> = value.split('\n').map(escape::terminal).collect();
    lines.join("\n").replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_stays_a_label() {
        for (value, written) in [
            ("plain name", "plain name"),
            ("a\"} 1\nb", "a\\\"} 1\\nb"),
            ("back\\slash", "back\\\\slash"),
            ("bell\u{7}", "bell\\\\u{7}"),
        ] {
            assert_eq!(escaped(value), written);
        }
    }

    #[test]
    fn units_are_suffixes_of_their_names() {
        let subnets = SUBNET_GAUGES.iter().map(|gauge| &gauge.family);
        for family in subnets.chain([&OWNERS, &DAYS, &STATUSES, &FINDINGS, &INCOMPLETE, &CAPTURED])
        {
            let suffix = format!("_{}", family.unit);
            assert!(family.unit.is_empty() || family.name.ends_with(&suffix), "{}", family.name);
        }
    }
}
