//! Figures of subnets and headings of groups, for terminals and Markdown alike.

use crate::{
    audit::{
        AuditReport, SubnetCount, Thresholds,
        answer::{About, Answer, Facts, Group},
        checks::REGISTRY,
        forecast::ForecastThreshold,
        whole_percent,
    },
    finding::{Finding, Severity, counted, listed, thousands},
    inventory::Place,
    render::Tone,
};

/// The sign of a severity, which says the same as its colour.
pub(super) fn sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "✖",
        Severity::Warning => "▲",
        Severity::Info => "·",
    }
}

pub(super) fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Critical => Tone::Bad,
        Severity::Warning => Tone::Warn,
        Severity::Info => Tone::Plain,
    }
}

/// The figures of a subnet: name, network, use, free addresses, prefixes, id; empty where not known.
pub(super) fn figures(subnet: &SubnetCount, bars: &Thresholds) -> [String; 6] {
    let held = subnet.held.or(subnet.used).zip(subnet.usable);
    let used = held.map(|(held, usable)| {
        whole_percent(held.into(), usable.into(), &[bars.warn_at, bars.critical_at])
    });
    let most = subnet.prefixes_at_most().filter(|_| subnet.blocks28.is_some());
    // Of none at most there are none.
    let is_known = subnet.assignable_prefixes == most || most == Some(0);
    let at_most = if is_known { "" } else { "at most " };
    let prefixes = most.map(|most| format!("{at_most}{}", counted(most, "prefix", "prefixes")));
    let (name, id) = match &subnet.name {
        Some(name) => (name.clone(), subnet.subnet_id.clone()),
        None => (subnet.subnet_id.clone(), String::new()),
    };
    [
        name,
        subnet.network(),
        used.unwrap_or_else(|| "use not available".to_owned()),
        subnet.free.map(|free| format!("{} free", thousands(free))).unwrap_or_default(),
        prefixes.unwrap_or_default(),
        id,
    ]
}

/// Where something is, in a run over several places.
pub(super) fn place(report: &AuditReport, id: &str) -> Option<String> {
    let Place { region, account } = report.place(id)?;
    let known: Vec<String> = region.into_iter().chain(account).collect();
    Some(known.join(" ")).filter(|text| !text.is_empty())
}

/// What a group is called that is not one subnet.
pub(super) fn heading(report: &AuditReport, group: &Group<'_>) -> String {
    match &group.about {
        About::Subnet(subnet) => subnet.label(),
        About::Alike(subnets) => {
            let names = subnets.iter().map(|s| s.name.as_ref().unwrap_or(&s.subnet_id));
            format!("{}: {}", counted(subnets.len(), "subnet", "subnets"), listed(names))
        }
        About::Other(resource) => {
            let name = report.scope.vpcs.get(*resource).and_then(Option::as_ref);
            let resource =
                name.map_or_else(|| (*resource).to_owned(), |name| format!("{name} ({resource})"));
            let noun = group.findings.first().and_then(|finding| noun(finding));
            noun.map_or_else(|| resource.clone(), |noun| format!("{noun} {resource}"))
        }
    }
}

/// What a finding's resource is called that is no subnet.
fn noun(finding: &Finding) -> Option<&'static str> {
    let check = REGISTRY.iter().find(|check| check.id == finding.id)?;
    let (one, _) = (check.claim)(finding.severity).noun?;
    Some(one)
}

/// The checks of findings, each once, with how often: `leaked-interfaces, fragmentation`.
pub(super) fn checks(findings: &[&Finding]) -> String {
    let mut ids: Vec<(&str, usize)> = Vec::new();
    for finding in findings {
        match ids.iter_mut().find(|(id, _)| *id == finding.id) {
            Some((_, times)) => *times += 1,
            None => ids.push((finding.id, 1)),
        }
    }
    let text = |(id, times): (&str, usize)| match times {
        1 => id.to_owned(),
        _ => format!("{id} ({times})"),
    };
    ids.into_iter().map(text).collect::<Vec<_>>().join(", ")
}

/// What was looked at, piece by piece, with the version that looked.
pub(super) fn header(report: &AuditReport) -> Vec<String> {
    let facts = Facts::of(report);
    let mut pieces: Vec<String> = facts.pieces().into_iter().map(ToOwned::to_owned).collect();
    pieces.extend(first_full(report));
    pieces.push(format!("eksnet {}", env!("CARGO_PKG_VERSION")));
    pieces
}

/// The first day on which a subnet is full, as the forecast has it.
fn first_full(report: &AuditReport) -> Option<String> {
    let forecasts = report.forecast.as_ref()?;
    let full = forecasts.iter().filter_map(|forecast| {
        let row = forecast.bars.iter().find(|row| row.bar == ForecastThreshold::Full)?;
        Some((forecast, row.ahead.outlook.filter(|_| row.reached != Some(true))?.days))
    });
    let first = full.min_by(|(a, one), (b, other)| {
        one.total_cmp(other).then_with(|| a.subnet_id.cmp(&b.subnet_id))
    });
    Some(match first {
        None => "no subnet on its way to full".to_owned(),
        Some((forecast, days)) => {
            let name = forecast.name.as_ref().unwrap_or(&forecast.subnet_id);
            let date = forecast.date(days).unwrap_or_else(|| "later than year 9999".to_owned());
            format!("first full {date}: {name}")
        }
    })
}

/// How many subnets there is nothing to say of, in words.
pub(super) fn calm(report: &AuditReport, answer: &Answer<'_>) -> Option<String> {
    use crate::audit::Status;

    let (mut ok, mut other, mut ipv6, mut unknown) = (0_usize, 0_usize, 0_usize, 0_usize);
    for subnet in &answer.calm {
        match report.status(subnet) {
            Status::Ok => ok += 1,
            // A policy ignores the finding that says so.
            Status::Warning | Status::Critical => other += 1,
            Status::Unknown if subnet.is_ipv6_only() => ipv6 += 1,
            Status::Unknown => unknown += 1,
        }
    }
    let all = [
        (other, "above a threshold, ignored by the policy"),
        (ok, if ok == 1 { "subnet ok" } else { "subnets ok" }),
        (ipv6, "IPv6 only"),
        (unknown, "unknown"),
    ];
    let texts: Vec<String> = all
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| counted(count, what, what))
        .collect();
    (!texts.is_empty()).then(|| texts.join(" · "))
}
