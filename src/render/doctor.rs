//! `eksnet doctor` for people: whether eksnet can call AWS first, then what was looked at.

use super::{
    Block, Cell, Document, Tone,
    json::doctor::{DoctorRow, DoctorStatus},
};
use crate::finding::{counted, listed};

/// The document: the answer, then a line for each row. Permissions that were not tried for one reason are one
/// line.
#[must_use]
pub fn document(rows: &[DoctorRow]) -> Document {
    let mut document = Document::default();
    document.line(answer(rows));
    let longest = rows.iter().map(|row| row.subject.len()).max().unwrap_or_default();
    let mut rest = rows;
    while let Some((row, after)) = rest.split_first() {
        let same = |next: &&DoctorRow| is_untried(next) && next.reason == row.reason;
        let alike = if is_untried(row) { after.iter().take_while(same).count() } else { 0 };
        rest = after.get(alike..).unwrap_or_default();
        let subject = match alike {
            0 => row.subject.clone(),
            more => counted(more + 1, "permission", "permissions"),
        };
        line(row, &subject, longest, &mut document);
    }
    document
}

fn line(row: &DoctorRow, subject: &str, longest: usize, document: &mut Document) {
    let text = [&row.value, &row.reason].into_iter().flatten().cloned().collect::<Vec<_>>();
    let tone = match row.status {
        DoctorStatus::Ok => Tone::Plain,
        DoctorStatus::Failed => Tone::Bad,
        DoctorStatus::NotTried => Tone::Dim,
    };
    let head = format!("{:<9}  {subject:<longest$}  ", row.status.name());
    let below = " ".repeat(head.len());
    document.blocks.push(Block::Hanging(head, Cell::new(text.join(": ")).toned(tone)));
    if let Some(fix) = &row.fix {
        document.blocks.push(Block::Hanging(below, Cell::new(format!("fix: {fix}"))));
    }
}

/// Whether eksnet can call AWS, and what fails if not.
fn answer(rows: &[DoctorRow]) -> Cell {
    let failed = |row: &&DoctorRow| row.status == DoctorStatus::Failed;
    let permissions: Vec<&DoctorRow> = rows.iter().filter(|row| is_permission(row)).collect();
    let subjects = |rows: Vec<&DoctorRow>| {
        listed(&rows.iter().map(|row| row.subject.as_str()).collect::<Vec<_>>())
    };
    // Nothing else needs the account's id.
    let is_account = |row: &&DoctorRow| row.subject == "account";
    let first: Vec<&DoctorRow> =
        rows.iter().filter(failed).filter(|row| !is_permission(row) && !is_account(row)).collect();
    if !first.is_empty() {
        let text = format!("eksnet cannot call AWS: no usable {}", subjects(first));
        return Cell::new(text).marked(Tone::Bad);
    }
    let refused: Vec<&DoctorRow> = permissions.iter().copied().filter(failed).collect();
    let of = counted(permissions.len(), "permission", "permissions");
    match refused.len() {
        0 if !rows.iter().filter(failed).any(|row| is_account(&row))
            && permissions.iter().any(|row| row.status == DoctorStatus::Ok) =>
        {
            let value = |subject: &str| {
                let row = rows.iter().find(|row| row.subject == subject);
                row.and_then(|row| row.value.as_deref())
            };
            let account = value("account").map(|id| format!(" of account {id}"));
            let region = value("region").map(|name| format!(" in {name}"));
            let place = account.into_iter().chain(region).collect::<String>();
            let tried = permissions.iter().filter(|row| row.status == DoctorStatus::Ok).count();
            let some =
                if tried == permissions.len() { String::new() } else { format!("{tried} of ") };
            Cell::new(format!("eksnet can call AWS{place}: {some}{of} allowed")).marked(Tone::Good)
        }
        0 if rows.iter().filter(failed).any(|row| is_account(&row)) => {
            Cell::new("eksnet can call AWS, but STS does not name the account").marked(Tone::Warn)
        }
        0 => Cell::new("no call to AWS was tried"),
        few => {
            let text = format!("{few} of {of} failed: {}", subjects(refused));
            Cell::new(text).marked(Tone::Warn)
        }
    }
}

fn is_permission(row: &DoctorRow) -> bool {
    row.subject.starts_with("ec2:") || row.subject.starts_with("eks:")
}

fn is_untried(row: &DoctorRow) -> bool {
    is_permission(row) && row.status == DoctorStatus::NotTried
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Screen, write_table};

    fn row(subject: &str, status: DoctorStatus, value: &str) -> DoctorRow {
        let value = Some(value.to_owned()).filter(|text| !text.is_empty());
        DoctorRow { subject: subject.to_owned(), status, value, reason: None, fix: None }
    }

    fn first(rows: &[DoctorRow]) -> String {
        answer(rows).text
    }

    #[test]
    fn the_answer_names_what_fails_first() {
        use DoctorStatus::{Failed, NotTried, Ok};
        let mut rows = vec![
            row("credentials", Ok, "from a profile"),
            row("account", Ok, "111122223333"),
            row("region", Ok, "eu-central-1"),
            row("ec2:DescribeVpcs", Ok, "allowed"),
            row("eks:DescribeCluster", Ok, "allowed"),
        ];
        assert_eq!(
            first(&rows),
            "✔ eksnet can call AWS of account 111122223333 in eu-central-1: 2 permissions allowed"
        );
        rows[4].status = NotTried;
        assert!(first(&rows).ends_with(": 1 of 2 permissions allowed"));
        rows[3].status = Failed;
        assert_eq!(first(&rows), "▲ 1 of 2 permissions failed: ec2:DescribeVpcs");
        rows[0].status = Failed;
        rows[2].status = Failed;
        assert_eq!(first(&rows), "✖ eksnet cannot call AWS: no usable credentials, region");
    }

    #[test]
    fn permissions_that_were_not_tried_are_one_line() {
        let untried = |subject| DoctorRow {
            reason: Some("there is no region".to_owned()),
            ..row(subject, DoctorStatus::NotTried, "")
        };
        let rows =
            [untried("ec2:DescribeVpcs"), untried("eks:DescribeCluster"), untried("account")];
        let document = document(&rows);
        assert_eq!(document.blocks.len(), 3);
    }

    /// A reason that is too long keeps the columns of the lines; where it has little room there, it stands
    /// with its fix under what it is about.
    #[test]
    fn long_reasons_keep_the_columns() {
        let reason =
            "the session expired, and no other credentials were found in the chain".to_owned();
        let rows = [
            DoctorRow {
                reason: Some(reason),
                fix: Some("`aws sso login` renews a session".to_owned()),
                ..row("credentials", DoctorStatus::Failed, "")
            },
            row("ec2:DescribeNetworkInterfaces", DoctorStatus::Ok, "allowed"),
        ];
        let shown = |width| {
            let mut out = Vec::new();
            let screen = Screen { width: Some(width), ..Screen::FILE };
            write_table(&document(&rows), screen, &mut out).unwrap_or_default();
            let text = String::from_utf8(out).unwrap_or_default();
            text.split_once('\n').map(|(_, rest)| rest.to_owned()).unwrap_or_default()
        };
        assert_eq!(
            shown(90),
            "failed     credentials                    the session expired, and no other credentials\n\
             \u{20}                                         were found in the chain\n\
             \u{20}                                         fix: `aws sso login` renews a session\n\
             ok         ec2:DescribeNetworkInterfaces  allowed\n"
        );
        assert_eq!(
            shown(60),
            "failed     credentials\n\
             \u{20}   the session expired, and no other credentials were found\n\
             \u{20}   in the chain\n\
             \u{20}   fix: `aws sso login` renews a session\n\
             ok         ec2:DescribeNetworkInterfaces  allowed\n"
        );
    }
}
