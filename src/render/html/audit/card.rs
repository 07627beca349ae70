//! A card of what needs action: a subnet, several alike, or something else, with what was found.

use super::{
    super::{
        bar::{BarPart, bar},
        head::Grade,
        pieces::{Piece, pieces},
    },
    cells::{Cells, cells},
    forecast::{self, SubnetOutlook},
    owners::{Owners, owners},
    source::{PageSource, grade, name},
    text,
};
use crate::{
    audit::{
        Standing, SubnetCount,
        answer::{About, Group},
        whole_percent,
    },
    finding::{Finding, Severity, counted, thousands},
    render::check_page::check_page,
};

/// A card.
#[derive(Debug)]
pub(super) struct GroupCard {
    pub(super) grade: Grade,
    pub(super) word: &'static str,
    pub(super) title: String,
    pub(super) place: String,
    pub(super) figures: Vec<(&'static str, String)>,
    pub(super) usage: Vec<BarPart>,
    pub(super) about_usage: String,
    pub(super) owners: Option<Owners>,
    pub(super) outlook: Option<SubnetOutlook>,
    pub(super) bullets: Vec<Bullet>,
    pub(super) cells: Option<Cells>,
    /// The subnets of which the same is said, if there are several.
    pub(super) alike: Vec<String>,
}

/// A finding.
#[derive(Debug)]
pub(super) struct Bullet {
    pub(super) grade: Grade,
    pub(super) word: &'static str,
    pub(super) id: &'static str,
    pub(super) page: Option<String>,
    pub(super) message: String,
    pub(super) todo: Vec<Piece>,
    pub(super) command: Option<String>,
    /// How it stands to a baseline.
    pub(super) standing: Option<String>,
}

/// The cards in the order of the groups.
pub(super) fn cards(source: &PageSource<'_>, groups: &[Group<'_>]) -> Vec<GroupCard> {
    groups.iter().enumerate().map(|(number, group)| card(source, group, number)).collect()
}

fn card(source: &PageSource<'_>, group: &Group<'_>, number: usize) -> GroupCard {
    let bullets = group.findings.iter().map(|finding| bullet(source, group, finding)).collect();
    let (grade, word) = of(group.severity);
    let mut card = GroupCard {
        grade,
        word,
        title: String::new(),
        place: String::new(),
        figures: Vec::new(),
        usage: Vec::new(),
        about_usage: String::new(),
        owners: None,
        outlook: None,
        bullets,
        cells: None,
        alike: Vec::new(),
    };
    match &group.about {
        About::Subnet(subnet) => {
            card.title = name(subnet);
            card.place = place(source, subnet);
            card.figures = figures(source, subnet);
            (card.usage, card.about_usage) = usage(source, subnet);
            card.owners = owners(subnet);
            card.outlook = forecast::outlook(source, subnet);
            let is_mapped = source.mapped.contains(subnet.subnet_id.as_str());
            card.cells = is_mapped.then(|| cells(subnet, source.map, number)).flatten();
        }
        About::Alike(subnets) => {
            card.title = counted(subnets.len(), "subnet", "subnets");
            card.place = text("of which the same is found; the numbers are the first one's");
            card.alike = subnets.iter().map(|subnet| line(source, subnet)).collect();
        }
        About::Other(resource) => card.title = text(resource),
    }
    card
}

/// The grade and the word of a severity.
fn of(severity: Severity) -> (Grade, &'static str) {
    let grade = match severity {
        Severity::Critical => Grade::Critical,
        Severity::Warning => Grade::Warning,
        Severity::Info => Grade::Info,
    };
    (grade, severity.name())
}

fn bullet(source: &PageSource<'_>, group: &Group<'_>, finding: &Finding) -> Bullet {
    let (grade, word) = of(finding.severity);
    let report = source.report;
    Bullet {
        grade,
        word,
        id: finding.id,
        page: check_page(finding.id),
        message: text(group.message(finding)),
        todo: pieces(&finding.hint),
        command: report.command(finding).map(|line| text(&line)),
        standing: report.standing(finding).map(|standing| match standing {
            Standing::New => "new".to_owned(),
            Standing::Known => "known".to_owned(),
            Standing::Worse(was) => format!("worse, known as {}", was.name()),
        }),
    }
}

/// Network, zone, region and account, and the id where a name stands above.
pub(super) fn place(source: &PageSource<'_>, subnet: &SubnetCount) -> String {
    let seen = source.report.place(&subnet.subnet_id).unwrap_or_default();
    let id = subnet.name.is_some().then(|| subnet.subnet_id.clone());
    let pieces =
        [Some(subnet.network()), subnet.availability_zone.clone(), seen.region, seen.account, id];
    text(&pieces.into_iter().flatten().collect::<Vec<_>>().join(" · "))
}

fn line(source: &PageSource<'_>, subnet: &SubnetCount) -> String {
    let used = subnet.held.or(subnet.used).zip(subnet.usable);
    let used = used.map_or("not available".to_owned(), |(used, usable)| {
        format!("{} used", share(source, used, usable))
    });
    format!("{} · {} · {used}", name(subnet), place(source, subnet))
}

/// A share of a subnet in percent, on the same side of each threshold as the share itself.
pub(super) fn share(source: &PageSource<'_>, used: u32, usable: u32) -> String {
    let bars = &source.report.bars;
    whole_percent(used.into(), usable.into(), &[bars.warn_at, bars.critical_at])
}

/// The numbers that decide.
pub(super) fn figures(
    source: &PageSource<'_>,
    subnet: &SubnetCount,
) -> Vec<(&'static str, String)> {
    let number = |number: Option<u32>| number.map_or("not available".to_owned(), thousands);
    let used = subnet.held.or(subnet.used).zip(subnet.usable).map(|(used, usable)| {
        format!("{} of {} ({})", thousands(used), thousands(usable), share(source, used, usable))
    });
    if subnet.is_ipv6_only() {
        return Vec::new();
    }
    let blocks = subnet.blocks28;
    vec![
        ("used", used.unwrap_or_else(|| "not available".to_owned())),
        ("free", number(subnet.free)),
        ("/28 prefixes left", number(subnet.assignable_prefixes)),
        ("fragmented /28", number(blocks.map(|blocks| blocks.fragmented))),
        (
            "fragmentation",
            subnet.fragmentation_score.map_or("-".to_owned(), |score| format!("{score}%")),
        ),
    ]
}

/// The use of a subnet as a bar, and in words.
pub(super) fn usage(source: &PageSource<'_>, subnet: &SubnetCount) -> (Vec<BarPart>, String) {
    let Some((used, usable)) = subnet.held.or(subnet.used).zip(subnet.usable) else {
        return (Vec::new(), String::new());
    };
    let about = format!("{} of {} addresses used", thousands(used), thousands(usable));
    let class = grade(source.report.status(subnet)).class().to_owned();
    (bar(usable.into(), [(class, about.clone(), u64::from(used))].into_iter()), about)
}
